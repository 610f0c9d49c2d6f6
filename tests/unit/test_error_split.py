"""The split of a forecast error: it adds up, and each part goes where it belongs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ykforecast.assess.error_split import shapley_parts, split_error
from ykforecast.vocabulary.errors import RequestError

GROUPS = arrays(float, 4, elements=st.floats(0.0, 1e5))
COUNTS = st.floats(0.0, 1e6)


@given(GROUPS, GROUPS, GROUPS, GROUPS, COUNTS, COUNTS, st.floats(-1e5, 1e5))
def test_parts_add_to_the_error(people, counted, rates, seen, forecast, observed, step):
    """Whatever the figures: a table of causes that does not add up explains nothing."""
    found = split_error(
        forecast, observed, {"population": (people, counted), "rates": (rates, seen)}, definition_step=step
    )
    parts = [*found.factors.values(), found.definition, found.rest]
    assert found.error == forecast - observed
    assert sum(parts) == pytest.approx(found.error, rel=1e-9, abs=1e-9 * (1 + sum(map(abs, parts))))


def test_each_cause_alone_takes_the_whole_error():
    people, rates = np.array([100.0, 50.0]), np.array([0.5, 0.2])
    right = {"population": (people, people), "rates": (rates, rates)}
    wrong = split_error(61.0, 60.0, right | {"population": (people + [2.0, 0.0], people)})
    assert wrong.factors == {"population": pytest.approx(1.0), "rates": 0.0}
    assert wrong.rest == pytest.approx(0.0)
    defined = split_error(60.0, 72.0, right, definition_step=12.0)
    assert (defined.definition, defined.rest) == (-12.0, pytest.approx(0.0))
    other = split_error(63.0, 60.0, right)
    assert other.rest == pytest.approx(3.0)


def test_two_factors_share_what_they_do_together():
    """Ten more people and a rate up by a tenth: the joint term 10 x 0.1 is halved."""
    found = split_error(66.0, 50.0, {"population": (110.0, 100.0), "rates": (0.6, 0.5)})
    assert found.factors == {"population": pytest.approx(5.5), "rates": pytest.approx(10.5)}


def test_without_factors_all_but_the_definition_is_rest():
    found = split_error(10.0, 8.0, {}, definition_step=-1.0)
    assert (found.factors, found.definition, found.rest) == ({}, 1.0, 1.0)


def test_a_factor_that_does_nothing_gets_nothing():
    found = shapley_parts(lambda mix: float(mix["a"] ** 2), {"a": 1.0, "b": 0.0}, {"a": 3.0, "b": 9.0})
    assert found == {"a": pytest.approx(8.0), "b": 0.0}


def test_what_cannot_be_split_is_refused():
    with pytest.raises(RequestError, match="must be numbers"):
        split_error(1.0, np.nan, {})
    with pytest.raises(RequestError, match="same groups"):
        split_error(1.0, 1.0, {"population": ([1.0, 2.0], [1.0, 2.0]), "rates": (0.5, 0.5)})
    with pytest.raises(RequestError, match="must be the same"):
        shapley_parts(lambda mix: 0.0, {"a": 1.0}, {"b": 1.0})
