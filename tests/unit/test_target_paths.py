"""Dividing five-year targets: sums are exact, ways never turn back, chances are equal where they should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ykforecast.assess.district_targets import split_by_district
from ykforecast.assess.target_paths import (
    WAYS,
    flow_path,
    held_back_flow,
    held_back_level,
    largest_remainder,
    level_path,
    rate_path,
    rounded_flows,
    rounded_levels,
    rounded_rates,
)

#: One part at least has a weight.
WEIGHTS = st.lists(st.floats(0.0, 1e6), max_size=7).map(lambda parts: [*parts, 1.0])

START = st.one_of(st.just(0.0), st.floats(0.1, 20.0))


def draws_of(seed: int, years: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 10.0 + rng.normal(0.3, 1.0, years).cumsum() + rng.normal(0.0, 1.0, (300, years))


@given(WEIGHTS, st.integers(0, 10**7))
def test_largest_remainder_keeps_the_sum_and_stays_within_one(weights, total):
    parts = largest_remainder(weights, total)
    exact = np.array(weights) / np.sum(weights) * total
    assert parts.sum() == total
    assert np.abs(parts - exact).max() < 1.0 + 1e-6
    assert parts.min() >= 0


@settings(deadline=None)
@given(st.sampled_from(WAYS), st.integers(1, 5), st.integers(1, 10**5), st.floats(0.0, 50.0), st.integers(0, 99))
def test_flows_of_the_years_left_add_up_to_the_printed_total(how, years, total, last, seed):
    """Re-splitting after any date keeps the five-year sum: the total here is what is left of it."""
    path = flow_path(how, total * 0.01, last, draws_of(seed, years))
    assert path.sum() == pytest.approx(total * 0.01)
    eased = held_back_flow(path, draws_of(seed, years), 0.7)
    for one in (path, eased):
        counts = rounded_flows(one, total)
        assert counts.sum() == total
        assert counts.min() >= 0


@settings(deadline=None)
@given(
    st.sampled_from(WAYS),
    st.integers(1, 5),
    START,
    st.floats(0.5, 20.0),
    st.booleans(),
    st.integers(0, 99),
)
def test_levels_end_at_the_target_and_never_turn_back(how, years, start, target, rising, seed):
    draws = draws_of(seed, years)
    path = level_path(how, start, target, draws, rising=rising)
    for one in (path, held_back_level(path, start, draws, 0.6, rising=rising)):
        assert one[-1] == pytest.approx(target)
        counts = rounded_levels(one, 0.01)
        assert (np.diff(counts) * (1 if rising else -1)).min(initial=0) >= 0


@pytest.mark.parametrize("rising", [True, False])
def test_a_target_that_is_passed_is_held(rising):
    """Who has reached the target is not asked to come back to it by steps."""
    start = 30.0 if rising else 1.0
    assert level_path("even", start, 5.0, draws_of(0, 3), rising=rising).tolist() == [5.0] * 3


def test_the_capacity_way_has_one_chance():
    draws = np.sort(np.random.default_rng(1).normal([10.0, 11.0, 12.5, 13.0], [0.5, 0.7, 0.9, 1.1], (4000, 4)), axis=0)
    levels = level_path("capacity", 8.0, 13.5, draws, rising=True)
    chances = (draws >= levels).mean(axis=0)
    assert chances == pytest.approx(chances[-1], abs=0.01)
    flows = flow_path("capacity", 45.0, 9.0, draws)
    chances = (draws >= flows).mean(axis=0)
    assert chances == pytest.approx(chances[-1], abs=0.01)
    assert flows[2] > flows[0]


def test_a_held_back_way_has_the_chance_asked_for_where_it_was_cut():
    draws = draws_of(3, 5)
    draws = np.maximum.accumulate(draws, axis=1)
    path = np.linspace(15.0, 40.0, 5)
    eased = held_back_level(path, 5.0, draws, 0.5, rising=True)
    assert (draws[:, :-1] >= eased[:-1]).mean(axis=0) == pytest.approx([0.5] * 4, abs=0.01)
    assert eased[-1] == 40.0


def test_a_constant_rate_is_one():
    path = flow_path("growth", 9.0, 1.97, draws_of(0, 5))
    rates = path[1:] / path[:-1]
    assert rates == pytest.approx(rates[0])
    assert path[0] / 1.97 == pytest.approx(rates[0])


@pytest.mark.parametrize("how", WAYS)
def test_rates_reach_their_mean(how):
    """Rounded up: the mean of printed rates must not fall below what is asked for."""
    draws = np.random.default_rng(2).normal(0.06, 0.03, (500, 4))
    counts = rounded_rates(rate_path(how, 0.0612, draws), 0.001)
    assert np.log1p(counts * 0.001).mean() >= np.log1p(0.0612) - 1e-9


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.integers(0, 99))
def test_districts_add_up_to_the_city(city, seed):
    shares = np.random.default_rng(seed).dirichlet(np.ones(6), len(city))
    counts = split_by_district(np.array(city), shares)
    assert counts.sum(axis=0).tolist() == city
    assert counts.min() >= 0
