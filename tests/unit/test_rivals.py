"""Naive rivals: exact where the past is exact, spread as their formulas say, honest about short histories."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ykforecast.assess import rivals
from ykforecast.assess.rivals import DAMPING, RIVALS
from ykforecast.assess.scores import covered
from ykforecast.vocabulary.errors import RequestError

GAPPED = np.array([2008, 2009, 2011, 2012, 2013, 2016, 2017, 2018, 2020])
AHEAD = np.array([2021, 2022, 2025])
HISTORY = np.array([3.0, 3.4, 3.1, 3.9, 4.4, 4.2, 4.9, 5.5, 5.2])
#: The forecast of one series, as nearly all tests ask for it.
naive_forecast = partial(rivals.naive_forecast, series="insured")
LINES = ("drift", "ten_year_trend", "weighted_trend")


@pytest.mark.parametrize("rival", LINES)
@settings(deadline=None)  # the first call may compile the random numbers
@given(intercept=st.floats(-1e3, 1e3), slope=st.floats(-50.0, 50.0))
def test_rivals_that_draw_a_line_carry_a_line_on(rival, intercept, slope):
    """Noiseless and with gaps: point and every draw lie on it."""
    found = naive_forecast(rival, GAPPED, intercept + slope * (GAPPED - 2008), AHEAD, draws=5, seed=1)
    line = intercept + slope * (AHEAD - 2008)
    np.testing.assert_allclose(found.point, line, rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(found.draws, np.tile(line, (5, 1)), rtol=1e-9, atol=1e-6)


def test_the_last_value_stays_and_the_damped_drift_levels_off():
    """Sum of the powers of the damping: 0.9 of the mean change in the first year, at most nine times it for ever."""
    assert naive_forecast("last_value", GAPPED, HISTORY, AHEAD, draws=2, seed=1).point.tolist() == [5.2] * 3
    slope = (5.2 - 3.0) / 12
    worth = [sum(DAMPING**j for j in range(1, h + 1)) for h in (1, 2, 5)]
    damped = naive_forecast("damped_drift", GAPPED, HISTORY, AHEAD, draws=2, seed=1).point
    np.testing.assert_allclose(damped, 5.2 + slope * np.array(worth))
    far = naive_forecast("damped_drift", GAPPED, HISTORY, [2500], draws=2, seed=1).point
    np.testing.assert_allclose(far, 5.2 + slope * DAMPING / (1 - DAMPING))


def test_the_ten_year_trend_reads_ten_years():
    """Figures before 2011 must not matter when the last is of 2020."""
    other = HISTORY.copy()
    other[:2] = 100.0
    first, second = (
        naive_forecast("ten_year_trend", GAPPED, values, AHEAD, draws=9, seed=1) for values in (HISTORY, other)
    )
    np.testing.assert_array_equal(first.draws, second.draws)
    slope, intercept = np.polyfit(GAPPED[2:], HISTORY[2:], 1)
    np.testing.assert_allclose(first.point, intercept + slope * AHEAD)


def test_the_weighted_trend_is_weighted_least_squares():
    """numpy.polyfit takes the square roots of the weights."""
    weight = (GAPPED - 2008 + 1) / 13
    slope, intercept = np.polyfit(GAPPED, HISTORY, 1, w=np.sqrt(weight))
    found = naive_forecast("weighted_trend", GAPPED, HISTORY, AHEAD, draws=2, seed=1)
    np.testing.assert_allclose(found.point, intercept + slope * AHEAD)


def test_trend_intervals_are_the_prediction_intervals_of_regression():
    import statsmodels.api as sm

    years, values = GAPPED[2:], HISTORY[2:]
    fit = sm.OLS(values, sm.add_constant(years - 2020)).fit()
    frame = fit.get_prediction(sm.add_constant(AHEAD - 2020)).summary_frame(alpha=0.2)
    found = naive_forecast("ten_year_trend", GAPPED, HISTORY, AHEAD, draws=200_000, seed=1).draws
    lower, upper = np.quantile(found, [0.1, 0.9], axis=0)
    np.testing.assert_allclose(lower, frame["obs_ci_lower"], rtol=0.01)
    np.testing.assert_allclose(upper, frame["obs_ci_upper"], rtol=0.01)


@pytest.mark.parametrize(("rival", "extra"), [("last_value", lambda h: 0 * h), ("drift", lambda h: h**2 / 12)])
def test_random_walk_variance_grows_with_the_horizon(rival, extra):
    """Hyndman and Athanasopoulos (2021), section 5.5: s² h, and s² h (1 + h / T) with a drift; t adds f / (f - 2)."""
    gaps, h = np.diff(GAPPED), AHEAD - 2020
    slope = 0.0 if rival == "last_value" else (5.2 - 3.0) / 12
    freedom = 8 if rival == "last_value" else 7
    variance = np.sum((np.diff(HISTORY) - slope * gaps) ** 2 / gaps) / freedom
    found = naive_forecast(rival, GAPPED, HISTORY, AHEAD, draws=400_000, seed=1).draws
    np.testing.assert_allclose(found.var(axis=0), variance * (h + extra(h)) * freedom / (freedom - 2), rtol=0.03)


def test_paths_of_a_random_walk_hang_together():
    """Correlation sqrt(h / k) of years h < k: without it five-year sums would look too certain."""
    found = naive_forecast("last_value", GAPPED, HISTORY, [2021, 2024], draws=100_000, seed=1).draws
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("rival", ["last_value", "drift"])
def test_intervals_cover_the_walks_they_are_made_for(rival):
    """1,500 random walks of twelve years: 80 % intervals five years ahead hold four in five."""
    rng = np.random.default_rng(1)
    walks = rng.normal(0.0 if rival == "last_value" else 0.7, 1.0, (1_500, 17)).cumsum(axis=1)
    draws = [
        naive_forecast(rival, range(12), walk[:12], [16], draws=400, seed=i).draws[:, 0] for i, walk in enumerate(walks)
    ]
    assert covered(np.array(draws).T, walks[:, 16], 0.8).mean() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("rival", RIVALS)
def test_two_figures_are_enough_and_said_to_be_few(rival):
    """The spread is never nil where something changed, and what was done instead is said."""
    found = naive_forecast(rival, [2015, 2020], [3.0, 4.0], AHEAD, draws=50, seed=1)
    assert "normal draws" in found.note
    assert ("spread of the yearly changes" in found.note) == (rival != "last_value")
    assert np.all(found.draws.std(axis=0) > 0.1)


def test_figures_far_apart_leave_the_trend_the_last_two():
    found = naive_forecast("ten_year_trend", [1990, 2000, 2020], [9.0, 1.0, 3.0], [2030], draws=2, seed=1)
    assert found.point == pytest.approx([4.0])
    assert "last two" in found.note


def test_a_long_history_needs_no_note():
    assert all(naive_forecast(rival, GAPPED, HISTORY, AHEAD, draws=2, seed=1).note == "" for rival in RIVALS)


@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize(("scale", "values"), [("log", [9.0, 2.0, 0.5, 0.1]), ("logit", [0.2, 0.7, 0.9, 0.99])])
def test_scales_keep_forecasts_possible(rival, scale, values):
    """A falling count does not turn negative, a rising rate stays below one."""
    found = naive_forecast(rival, range(2017, 2021), values, range(2021, 2026), draws=200, seed=1, scale=scale)
    every = np.concatenate((found.point[None], found.draws))
    assert np.all(every > 0.0) and (scale == "log" or np.all(every <= 1.0))


def test_a_steady_growth_is_a_line_in_logarithms():
    growth = 5.0 * 1.04 ** (GAPPED - 2008)
    found = naive_forecast("drift", GAPPED, growth, AHEAD, draws=2, seed=1, scale="log")
    np.testing.assert_allclose(found.point, 5.0 * 1.04 ** (AHEAD - 2008))


def ranks(values):
    return np.argsort(values, axis=0)


@pytest.mark.parametrize("rival", RIVALS)
def test_chance_follows_seed_rival_series_and_last_figure_and_nothing_else(rival):
    """One stream for all series made errors of one the errors of all: a good draw was good everywhere."""

    def drawn(seed=1, series="insured", years=GAPPED, ahead=AHEAD, draws=40):
        return rivals.naive_forecast(rival, years, HISTORY, ahead, series=series, draws=draws, seed=seed).draws

    first = drawn()
    np.testing.assert_array_equal(drawn(), first)
    for other in (drawn(seed=2), drawn(series="jobs"), drawn(years=GAPPED - 1)):
        assert (ranks(other) != ranks(first)).any(axis=0).all()
    # A draw of a year does not know how many others were asked for.
    np.testing.assert_allclose(drawn(draws=9), first[:9], rtol=1e-14)
    np.testing.assert_allclose(drawn(ahead=[2025])[:, 0], first[:, -1], rtol=1e-14)


def test_two_rivals_do_not_share_their_chance():
    drift, trend = (naive_forecast(one, GAPPED, HISTORY, AHEAD, draws=40, seed=1).draws for one in LINES[:2])
    assert (ranks(drift) != ranks(trend)).any(axis=0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"years": [2020], "values": [1.0]}, "two figures"),
        ({"years": [2019, 2020], "values": [1.0]}, "two figures"),
        ({"years": [2020, 2019]}, "ascend"),
        ({"years": [2020, 2020]}, "ascend"),
        ({"values": [1.0, np.nan]}, "not usable"),
        ({"values": [0.0, 1.0], "scale": "log"}, "not usable"),
        ({"values": [0.5, 1.0], "scale": "logit"}, "not usable"),
        ({"scale": "sqrt"}, "unknown scale"),
        ({"rival": "random_walk"}, "unknown rival"),
        ({"ahead": [2020]}, "after the history"),
    ],
)
def test_what_cannot_be_forecast_is_refused(change, message):
    asked = {"rival": "drift", "years": [2019, 2020], "values": [1.0, 2.0], "ahead": [2021], "draws": 2, "seed": 1}
    with pytest.raises(RequestError, match=message):
        naive_forecast(**(asked | change))
