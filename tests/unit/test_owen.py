"""Owen and Shapley values: known games, and the axioms that fix them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ykforecast.assess.owen import coalition_count, owen_weights, shared_out

PLAYERS = ("a", "b", "c", "d")
GROUPINGS = ([["a"], ["b"], ["c"], ["d"]], [["a", "b", "c", "d"]], [["a", "b"], ["c", "d"]], [["a", "b", "c"], ["d"]])


def made_game(worths):
    """A game over four players from sixteen numbers."""
    order = [frozenset(p for k, p in enumerate(PLAYERS) if n >> k & 1) for n in range(16)]
    table = dict(zip(order, worths, strict=True))
    return lambda coalition: np.asarray(table[coalition])


def test_a_majority_of_two_leaves_the_third_with_nothing():
    """Owen (1977): in the majority game of three, two who have joined share all; alone each has a third."""
    majority = lambda coalition: np.asarray(float(len(coalition) >= 2))  # noqa: E731
    apart = shared_out([["a"], ["b"], ["c"]], majority)
    joined = shared_out([["a", "b"], ["c"]], majority)
    assert [float(apart[one]) for one in "abc"] == pytest.approx([1 / 3] * 3)
    assert [float(joined[one]) for one in "abc"] == pytest.approx([0.5, 0.5, 0.0])


def test_the_runway_is_paid_by_those_who_need_each_part():
    """Littlechild and Owen (1973): costs 1, 2 and 4 of the longest plane that lands give 1/3, 5/6 and 17/6."""
    cost = {"a": 1.0, "b": 2.0, "c": 4.0}
    found = shared_out([["a"], ["b"], ["c"]], lambda those: np.asarray(max([cost[one] for one in those], default=0.0)))
    assert [float(found[one]) for one in "abc"] == pytest.approx([1 / 3, 5 / 6, 17 / 6])


@pytest.mark.parametrize("groups", GROUPINGS)
@given(worths=st.lists(st.floats(-1e3, 1e3), min_size=16, max_size=16))
def test_values_add_up_whatever_the_game_and_the_groups(groups, worths):
    """Efficiency: a table of parts that does not add up explains nothing."""
    game = made_game(worths)
    found = shared_out(groups, game)
    assert sum(map(float, found.values())) == pytest.approx(worths[15] - worths[0], abs=1e-9)


@given(worths=st.lists(st.floats(-1e3, 1e3), min_size=16, max_size=16))
def test_one_group_is_the_same_as_none(worths):
    """With all in one group the order within it is free, with each alone that of the groups: both are Shapley's."""
    game = made_game(worths)
    alone, together = shared_out(GROUPINGS[0], game), shared_out(GROUPINGS[1], game)
    assert [float(alone[p]) for p in PLAYERS] == pytest.approx([float(together[p]) for p in PLAYERS], abs=1e-9)


@given(worths=st.lists(st.floats(-1e3, 1e3), min_size=8, max_size=8))
def test_values_of_the_others_do_not_change_when_a_null_player_leaves(worths):
    """The attribution plays a smaller game for indicators that a measure cannot reach: that must be the same game."""
    order = [frozenset(p for k, p in enumerate("abc") if n >> k & 1) for n in range(8)]
    table = dict(zip(order, worths, strict=True))
    small = shared_out([["a", "b"], ["c"]], lambda chosen: np.asarray(table[chosen]))
    large = shared_out([["a", "d", "b"], ["c"]], lambda chosen: np.asarray(table[chosen - {"d"}]))
    assert float(large["d"]) == pytest.approx(0.0, abs=1e-9)
    assert [float(large[p]) for p in "abc"] == pytest.approx([float(small[p]) for p in "abc"], abs=1e-9)


@pytest.mark.parametrize("groups", GROUPINGS)
def test_the_runs_announced_are_the_runs_needed(groups):
    assert coalition_count(groups) == len(owen_weights(groups))
