"""Scores against closed forms, another library and brute force, and the properties that make them scores."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from ykforecast.assess.scores import (
    cbo_measures,
    central_interval,
    covered,
    crps,
    interval_score,
    own_unit,
    paired_difference,
    pit,
    pit_band,
    right_direction,
)
from ykforecast.vocabulary.errors import RequestError

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
ENSEMBLES = arrays(float, st.tuples(st.integers(1, 12), st.just(3)), elements=NUMBERS)
OBSERVED = arrays(float, 3, elements=NUMBERS)


@pytest.fixture
def ensemble():
    rng = np.random.default_rng(1)
    return rng.normal(size=(40, 60)) * 3.0 + 2.0, rng.normal(size=60) * 3.0


def brute_force(draws, observed, estimator):
    m = len(draws)
    pairs = np.abs(draws[:, None] - draws[None]).sum(axis=(0, 1))
    return np.abs(draws - observed).mean(axis=0) - pairs / (2 * m * (m if estimator == "energy" else m - 1))


@pytest.mark.parametrize(("estimator", "theirs"), [("fair", "fair"), ("energy", "nrg")])
def test_crps_agrees_with_another_library_and_with_the_double_sum(ensemble, estimator, theirs):
    draws, observed = ensemble
    ours = crps(draws, observed, estimator=estimator)
    np.testing.assert_allclose(ours, brute_force(draws, observed, estimator), rtol=1e-12)
    np.testing.assert_allclose(
        ours, scoringrules.crps_ensemble(observed, draws, m_axis=0, estimator=theirs), rtol=1e-12
    )


def test_crps_of_a_normal_forecast_is_its_closed_form():
    """Gneiting and Raftery (2007), eq. 21 ff.: at 0 it is (sqrt 2 - 1) / sqrt pi. Quantiles stand for the normal."""
    draws = norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None].repeat(2, axis=1)
    z = np.array([0.0, 1.3])
    closed = z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)
    assert closed[0] == pytest.approx((np.sqrt(2) - 1) / np.sqrt(np.pi))
    np.testing.assert_allclose(crps(draws, z), closed, atol=2e-4)


def test_fair_crps_does_not_depend_on_the_number_of_draws():
    """Otherwise 200 archived draws would score worse than the 10,000 they are taken from."""
    rng = np.random.default_rng(2)
    observed = rng.normal(size=40_000)
    few, many = (crps(rng.normal(size=(m, 40_000)), observed) for m in (3, 30))
    energy = crps(rng.normal(size=(3, 40_000)), observed, estimator="energy")
    assert few.mean() == pytest.approx(many.mean(), abs=0.01)
    assert energy.mean() > many.mean() + 0.1


@given(ENSEMBLES, OBSERVED, st.sampled_from(["fair", "energy"]))
def test_crps_is_never_negative_and_at_most_the_mean_absolute_error(draws, observed, estimator):
    """Spread is credited, never more than the error: the triangle inequality over pairs of draws."""
    score = crps(draws, observed, estimator=estimator)
    assert np.all(score >= 0.0)
    assert np.all(score <= np.abs(draws - observed).mean(axis=0) * (1 + 1e-12))


@given(OBSERVED, OBSERVED, st.integers(1, 5))
def test_crps_of_a_point_forecast_is_its_absolute_error(point, observed, copies):
    """So a rival without spread can stand in the same table."""
    np.testing.assert_allclose(crps(np.tile(point, (copies, 1)), observed), np.abs(point - observed), rtol=1e-12)


@given(ENSEMBLES, OBSERVED, st.floats(-1e3, 1e3), st.floats(0.01, 100.0))
def test_scores_do_not_mind_the_unit(draws, observed, shift, scale):
    """Ten thousand persons or persons, from zero or from the base: the score is the same but for the unit."""
    close = {"rtol": 1e-9, "atol": 1e-6 * scale}
    turned, seen = shift + scale * draws, shift + scale * observed
    np.testing.assert_allclose(crps(turned, seen), scale * crps(draws, observed), **close)
    np.testing.assert_allclose(
        interval_score(turned, seen, 0.8), scale * interval_score(draws, observed, 0.8), rtol=1e-9, atol=1e-5 * scale
    )


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_interval_score_agrees_with_another_library(ensemble, level):
    draws, observed = ensemble
    lower, upper = central_interval(draws, level)
    theirs = scoringrules.interval_score(observed, lower, upper, 1 - level)
    np.testing.assert_allclose(interval_score(draws, observed, level), theirs, rtol=1e-12)


@pytest.mark.parametrize(("draws", "level"), [(19, 0.5), (19, 0.8), (39, 0.95)])
def test_intervals_of_few_draws_cover_what_they_say(draws, level):
    """Linear quantiles of 19 draws hold 72 % where they say 80 %: a small ensemble would look overconfident."""
    rng = np.random.default_rng(3)
    inside = covered(rng.gamma(2.0, size=(draws, 50_000)), rng.gamma(2.0, size=50_000), level)
    assert inside.mean() == pytest.approx(level, abs=0.008)


def test_an_observation_on_the_end_of_an_interval_is_inside():
    assert covered(np.full((9, 1), 4.0), [4.0], 0.8).tolist() == [True]


@pytest.mark.parametrize("truth", ["normal", "counts"])
def test_pit_of_the_truth_is_uniform(truth):
    """Observations drawn like the draws: the curve stays in its band, for counts with many ties too."""
    rng = np.random.default_rng(4)
    sample = rng.normal if truth == "normal" else lambda size: rng.poisson(1.5, size)
    values = pit(sample(size=(50, 400)), sample(size=400))
    assert pit_band(400, simulations=2_000).holds(values)


def test_pit_outside_its_band_tells_a_wrong_spread():
    """The band must be able to fail: draws of half and of double the spread leave it."""
    rng = np.random.default_rng(5)
    band, observed = pit_band(200, simulations=2_000), rng.normal(size=200)
    for spread in (0.5, 2.0):
        assert not band.holds(pit(spread * rng.normal(size=(100, 200)), observed))


def test_pit_midpoints_and_bounds():
    draws = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 2.0]])
    np.testing.assert_allclose(pit(draws, [1.0, 9.0], ties="midpoint"), [1.5 / 4, 3.5 / 4])
    spread = pit(draws, [1.0, 9.0])
    assert 0 <= spread[0] <= 3 / 4 <= spread[1] <= 1


def chance_inside(lower, upper, at, n):
    """Probability that the count of uniform values stays inside at every point, by recursion over the points."""
    from scipy.stats import binom

    mass, previous = np.zeros(n + 1), 0.0
    mass[0] = 1.0
    for low, high, point in zip(lower * n, upper * n, at, strict=True):
        share = (point - previous) / (1.0 - previous)
        step = np.array([binom.pmf(np.arange(n + 1) - start, n - start, share) for start in range(n + 1)])
        mass = mass @ step
        mass[: round(low)] = 0.0
        mass[round(high) + 1 :] = 0.0
        previous = point
    return mass.sum()


@pytest.mark.parametrize(("n", "most"), [(5, 0.98), (20, 0.91), (60, 0.91)])
def test_the_band_holds_the_whole_curve_with_the_probability_asked(n, most):
    """Exact recursion of Säilynoja, Bürkner and Vehtari (2022), algorithm 1; of few cases counts leave wide steps."""
    band = pit_band(n, level=0.9, simulations=20_000)
    assert 0.89 <= chance_inside(band.lower, band.upper, band.at, n) <= most


def test_cbo_measures_of_a_sample_worked_by_hand():
    """Six errors: one is dropped at each end before the spread is taken."""
    found = cbo_measures([-4.0, -1.0, 0.0, 1.0, 2.0, 8.0])
    assert found == {
        "mean_error": 1.0,
        "mean_absolute_error": 16 / 6,
        "root_mean_square_error": pytest.approx(np.sqrt(86 / 6)),
        "two_thirds_spread": 3.0,
    }


def test_two_thirds_spread_holds_two_thirds_of_a_normal():
    errors = norm.ppf((np.arange(6_000) + 0.5) / 6_000)
    assert cbo_measures(errors)["two_thirds_spread"] == pytest.approx(2 * norm.ppf(5 / 6), rel=1e-3)


def test_the_own_unit_is_a_share_for_levels_and_a_difference_for_rates():
    np.testing.assert_array_equal(own_unit([200.0, 0.05], [True, False]), [200.0, 1.0])
    with pytest.raises(RequestError, match="zero has no relative error"):
        own_unit([0.0], [True])


def test_direction_is_judged_from_the_last_figure():
    """No change forecast is right only where there was none: else the last value would always half win."""
    right = right_direction([3.0, 1.0, 2.0, 2.0], [4.0, 4.0, 4.0, 2.0], 2.0)
    assert right.tolist() == [True, False, False, True]


def test_paired_difference_without_shared_series_is_the_paired_t_test():
    from scipy.stats import ttest_rel

    rng = np.random.default_rng(6)
    first, second = rng.gamma(2.0, size=(2, 15))
    found = paired_difference(first, second, np.arange(15))
    assert found.p_value == pytest.approx(ttest_rel(first, second).pvalue)
    assert found.error == pytest.approx((first - second).std(ddof=1) / np.sqrt(15))


def test_cases_of_one_series_count_once():
    """Each case five times over says nothing new: the error stays, where five times the cases would shrink it."""
    rng = np.random.default_rng(7)
    first, second = rng.gamma(2.0, size=(2, 12))
    once = paired_difference(first, second, np.arange(12))
    often = paired_difference(np.repeat(first, 5), np.repeat(second, 5), np.repeat(np.arange(12), 5))
    assert (often.mean, often.error) == (pytest.approx(once.mean), pytest.approx(once.error))
    assert often.cases == 60 and often.clusters == 12


def test_one_series_alone_has_no_error():
    found = paired_difference([1.0, 2.0], [2.0, 2.0], ["a", "a"])
    assert found.mean == -0.5
    assert np.isnan(found.error) and np.isnan(found.p_value)


def test_the_paired_test_keeps_its_level():
    """Twenty series of four cases, a shared error and no true difference: one test in twenty calls one."""
    rng = np.random.default_rng(8)
    series = np.repeat(np.arange(20), 4)
    calls = [
        paired_difference(rng.normal(size=20)[series] + rng.normal(size=80), np.zeros(80), series).p_value < 0.05
        for _ in range(1_000)
    ]
    assert 0.03 <= np.mean(calls) <= 0.07


@pytest.mark.parametrize("score", [crps, pit, lambda x, y: covered(x, y, 0.8), lambda x, y: interval_score(x, y, 0.8)])
@pytest.mark.parametrize(("draws", "observed", "named"), [(1.0, np.nan, "observed"), (np.nan, 1.0, "draws")])
def test_a_missing_figure_is_refused_with_its_place(score, draws, observed, named):
    """A NaN counts as outside every interval: silently taken in, it would pass for a bad forecast."""
    x, y = np.ones((4, 3)), np.ones(3)
    x[0, 1], y[1] = draws, observed
    with pytest.raises(RequestError, match=rf"{named}.*not a number.*\[1\]"):
        score(x, y)


def test_a_forecast_of_other_cases_is_refused():
    with pytest.raises(RequestError, match="draw, case"):
        crps(np.ones((4, 3)), np.ones(2))
    with pytest.raises(RequestError, match="interval"):
        central_interval(np.ones((4, 3)), 80)
