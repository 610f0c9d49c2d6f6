"""Shapley parts against the worked examples of a published decomposition of rates.

Das Gupta (1993), Standardization and Decomposition of Rates: A User's Manual, U.S. Bureau of the Census, Current
Population Reports P23-186: examples 2.1 to 2.4 (products), 3.1 (a difference) and 4.3 (a sum of products over ages).
"""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from ykforecast.assess.error_split import shapley_parts, split_error

#: Example, factor: (population 1, population 2, effect printed).
PRODUCTS = {
    "2.1": {"average earnings": (10930, 16591, 4369.913), "share of earners": (0.717892, 0.825974, 1487.262)},
    "2.2": {
        "births per married woman 15-49": (51.78746, 84.90502, 10.4340333),
        "share married": (0.45919, 0.75756, 10.5608476),
        "share aged 15-49": (0.52638, 0.51065, -0.6670084),
    },
    "2.3": {
        "births per pregnancy": (25.3, 32.7, 0.6889411),
        "pregnancies per active woman": (0.214, 0.290, 0.8125381),
        "share active": (0.279, 0.473, 1.3829055),
        "share of women": (0.949, 0.986, 0.1047547),
    },
    "2.4": {
        "marriage": (0.58, 0.72, 1.0909785),
        "no contraception": (0.76, 0.97, 1.2298438),
        "abortion": (0.84, 0.97, 0.7278399),
        "lactation": (0.66, 0.56, -0.8398707),
        "fecundity": (16.573, 16.158, -0.1290187),
    },
}
#: Example 4.3, seven age groups: births per 1000 married women, share married, share of the population.
AGES = {
    "births": ([393, 407, 369, 274, 184, 90, 16], [488, 452, 338, 156, 63, 22, 3], -7.285632),
    "married": (
        [0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800],
        [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
        -2.720633,
    ),
    "age structure": (
        [0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018],
        [0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019],
        -1.565181,
    ),
}


@pytest.mark.parametrize("example", PRODUCTS)
def test_products_of_factors(example):
    factors = PRODUCTS[example]
    before, after = ({name: row[side] for name, row in factors.items()} for side in (0, 1))
    found = shapley_parts(lambda mix: float(prod(mix.values())), before, after)
    for name, (_, _, printed) in factors.items():
        assert found[name] == pytest.approx(printed, rel=1e-6)
    assert sum(found.values()) == pytest.approx(prod(after.values()) - prod(before.values()), rel=1e-12)


def test_a_difference_of_rates():
    """Example 3.1: births less deaths; each factor brings its own change."""
    before, after = {"births": 19.4, "deaths": 10.8}, {"births": 23.7, "deaths": 9.5}
    found = shapley_parts(lambda mix: float(mix["births"] - mix["deaths"]), before, after)
    assert found == {"births": pytest.approx(4.3), "deaths": pytest.approx(1.3)}


def test_a_sum_of_products_over_ages():
    """Example 4.3, read as an error: the crude birth rate of 1970 for that of 1960."""
    whole = [sum(np.prod([row[side] for row in AGES.values()], axis=0)) for side in (0, 1)]
    assert whole == [pytest.approx(38.77463, abs=1e-5), pytest.approx(27.20318, abs=1e-5)]
    split = split_error(whole[1], whole[0], {name: (row[1], row[0]) for name, row in AGES.items()})
    for name, (_, _, printed) in AGES.items():
        assert split.factors[name] == pytest.approx(printed, rel=1e-6)
    assert split.rest == pytest.approx(0.0, abs=1e-10)
