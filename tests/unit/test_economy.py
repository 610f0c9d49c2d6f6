"""The cyclical state and growth: no shock, no cycle; a given growth is met; a downturn says how far."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.processes.economy import (
    GrowthModel,
    absorbed_by_pulse,
    condition_on_growth,
    cycle_paths,
    left_of,
    macro_path,
    recession_falls,
    separation_pulse,
)
from ykforecast.vocabulary.dims import MONTHS, MONTHS_A_YEAR, YEARS

FREE = (None,) * len(YEARS)


def draws(value: float, count: int = 3) -> np.ndarray:
    return np.full(count, value)


def cycle(*, shocks=0.0, start=0.0, reference=0.0, downturn=None) -> np.ndarray:
    return cycle_paths(
        np.full((3, MONTHS), shocks),
        np.zeros((3, MONTHS)),
        start=draws(start),
        reference=draws(reference),
        persistence=draws(0.9),
        noise=draws(0.2),
        downturn=np.zeros(MONTHS) if downturn is None else downturn,
    )


def growth_of(*, response=0.02, noise=0.0, noise_sd=0.017, count=3) -> GrowthModel:
    return GrowthModel(
        trend=draws(0.045, count),
        response=draws(response, count),
        noise=np.full((count, len(YEARS)), noise),
        noise_sd=draws(noise_sd, count),
        persistence=draws(0.9, count),
        shock_sd=draws(0.3, count),
    )


def growth(path, fixed=FREE, *, before=0.0, **settings):
    none = np.zeros_like(path)
    return macro_path(path, growth_of(**settings), none, none, before=draws(before), fixed=fixed)


def test_without_shocks_there_is_no_cycle_and_growth_is_the_trend():
    path = cycle()
    assert (path == 0).all()
    np.testing.assert_allclose(growth(path).growth, 0.045)


def test_a_bad_base_year_recovers_at_its_persistence():
    """From -0.5 in December to normal: against the year's mean of -1 it rises from a half to one."""
    path = cycle(start=-0.5, reference=-1.0)
    np.testing.assert_allclose(path[0], 1 - 0.5 * 0.9 ** np.arange(1, MONTHS + 1), rtol=1e-12)


def test_a_recession_begins_where_the_uniform_number_lies_below_the_hazard_and_fades():
    entries = np.full((3, MONTHS), 0.5)
    entries[1, 10] = 0.001
    path = cycle_paths(
        np.zeros((3, MONTHS)),
        recession_falls(entries, draws(0.01), draws(2.5)),
        start=draws(0.0),
        reference=draws(0.0),
        persistence=draws(0.9),
        noise=draws(0.2),
        downturn=np.zeros(MONTHS),
    )
    assert (path[[0, 2]] == 0).all() and (path[1, :10] == 0).all()
    np.testing.assert_allclose(path[1, 10:], -2.5 * 0.9 ** np.arange(MONTHS - 10))


def test_a_downturn_lowers_the_cycle_by_what_it_says():
    """Common random numbers: the difference to the path without is the downturn, in every draw."""
    downturn = np.zeros(MONTHS)
    downturn[24:36] = np.linspace(0.2, 3.0, 12)
    plain, hit = cycle(shocks=0.7, start=-0.5), cycle(shocks=0.7, start=-0.5, downturn=downturn)
    np.testing.assert_allclose(plain - hit, np.tile(downturn, (3, 1)), atol=1e-14)
    lost = growth(plain).growth - growth(hit).growth
    np.testing.assert_allclose(lost[:, 2], 0.02 * downturn[24:36].mean(), rtol=1e-12)
    np.testing.assert_allclose(lost[:, 3], -lost[:, 2], rtol=1e-12)


def test_growth_of_the_first_year_starts_from_the_mean_of_2020():
    """A year that was bad on average and good at its end lifts the growth of the next one, once."""
    found = growth(cycle(), before=-1.5)
    np.testing.assert_allclose(found.growth[0], [0.045 + 0.02 * 1.5, 0.045, 0.045, 0.045, 0.045])


def test_a_condition_has_the_moments_of_the_closed_gaussian_form():
    """Two hundred thousand free paths, conditioned, against Cov Var^-1 worked out from the whole covariance matrix."""
    count, year, given = 200_000, 1, 0.0
    model = growth_of(count=count)
    numbers = np.random.default_rng(5)
    paths = np.zeros((count, MONTHS))
    now = np.zeros(count)
    for month in range(2 * MONTHS_A_YEAR):
        # The year before is history: known, here zero.
        now = 0.9 * now + (0.3 * numbers.standard_normal(count) if month >= MONTHS_A_YEAR else 0.0)
        paths[:, month] = now
    for month in range(2 * MONTHS_A_YEAR, MONTHS):
        paths[:, month] = 0.9 * paths[:, month - 1]
    rates = 0.045 + 0.02 * paths[:, 12:24].mean(axis=1) + 0.017 * numbers.standard_normal(count)
    moved = condition_on_growth(paths, model, given - rates, year)[:, 12:24]

    lag = np.subtract.outer(np.arange(12), np.arange(12))
    effect = np.where(lag >= 0, 0.9 ** np.maximum(lag, 0), 0.0)
    covariance = 0.3**2 * effect @ effect.T
    weights = np.full(12, 0.02 / 12)
    gain = covariance @ weights / (weights @ covariance @ weights + 0.017**2)
    np.testing.assert_allclose(moved.mean(axis=0), gain * (given - 0.045), atol=0.005)
    np.testing.assert_allclose(np.cov(moved.T), covariance - np.outer(gain, weights @ covariance), atol=0.006)


def test_a_given_growth_is_met_exactly_and_is_not_foreseen():
    """3 % instead of the free 4.5 %: the cycle falls in the year and fades; the year before does not move."""
    found = growth(cycle(), (None, 0.03, None, None, None))
    assert (found.growth[:, 1] == 0.03).all()
    assert (found.cycle[:, :12] == 0.0).all()
    assert (found.cycle[:, 12:24] < 0.0).all()
    np.testing.assert_allclose(found.cycle[:, 24:], found.cycle[:, 23:24] * 0.9 ** np.arange(1, MONTHS - 23))


def test_a_surprise_is_all_cycle_without_noise_and_no_cycle_without_response():
    """The two ends of the share: the cycle explains the growth by itself, or cannot explain it at all."""
    fixed = (None, 0.03, None, None, None)
    alone = growth(cycle(), fixed, noise_sd=0.0)
    np.testing.assert_allclose(0.02 * alone.cycle[:, 12:24].mean(axis=1), 0.03 - 0.045, rtol=1e-12)
    assert (growth(cycle(), fixed, response=0.0).cycle == 0.0).all()


def test_a_condition_leaves_the_path_that_was_given_as_it_was():
    """The path of the block is shared by all scenarios."""
    path = cycle(shocks=0.3)
    before = path.copy()
    growth(path, (0.0,) * 5)
    np.testing.assert_array_equal(path, before)


def test_separations_crowd_into_the_month_of_a_fall_and_part_is_called_back():
    falls = np.zeros((2, MONTHS))
    falls[1, 10] = 2.0
    pulse = separation_pulse(falls, size=draws(0.5, 2), recall=draws(0.05, 2), fading=draws(0.8, 2))
    assert (pulse[0] == 0).all() and (pulse[1, :10] == 0).all()
    assert pulse[1, 10] == np.log(1 + 0.5 * 2.0)
    np.testing.assert_allclose(np.expm1(pulse[1, 11:]), -0.05 * 2.0 * 0.8 ** np.arange(MONTHS - 11))


def test_two_months_of_falling_lay_off_as_many_as_one():
    once, twice = np.zeros((1, MONTHS)), np.zeros((1, MONTHS))
    once[0, 4], twice[0, 3:5] = 2.0, 1.0
    laid_off = [
        np.expm1(separation_pulse(falls, size=draws(1.0, 1), recall=draws(0.0, 1), fading=draws(0.9, 1))).sum()
        for falls in (once, twice)
    ]
    assert laid_off[0] == pytest.approx(laid_off[1]) == pytest.approx(2.0)


def test_odds_respond_to_what_is_held_down_and_not_to_what_the_pulse_has_done():
    """A recession that fades by itself moves no odds; a downturn held at its trough does, once it should have faded."""
    recessions = np.zeros((1, MONTHS))
    recessions[0, 5] = 2.5
    nothing = np.zeros(MONTHS)
    state = -left_of(recessions, draws(0.9, 1))
    np.testing.assert_allclose(state + absorbed_by_pulse(recessions, nothing, draws(0.9, 1)), 0.0, atol=1e-15)
    held = np.where(np.arange(MONTHS) >= 5, 2.5, 0.0)
    lasting = -held + absorbed_by_pulse(np.zeros((1, MONTHS)), held, draws(0.9, 1))
    assert lasting[0, 5] == 0
    np.testing.assert_allclose(lasting[0, 5:], -2.5 * (1 - 0.9 ** np.arange(MONTHS - 5)))


def test_with_a_pulse_unemployment_is_highest_in_the_month_of_the_shock():
    """The reason for the pulse: odds that shift for good take most of a year to raise a stock."""
    entries = np.full((1, MONTHS), 0.5)
    entries[0, 5] = 0.0
    falls = recession_falls(entries, draws(0.01, 1), draws(2.5, 1))
    pulse = separation_pulse(falls, size=draws(1.0, 1), recall=draws(0.024, 1), fading=draws(0.884, 1))[0]
    shift = 0.11 * 2.5 * 0.884 ** np.maximum(np.arange(MONTHS) - 5, 0) * (np.arange(MONTHS) >= 5)

    def highest(logs):
        stock = [0.0]
        for month in range(MONTHS):
            stock.append((1 - 0.092) * stock[-1] + 0.0034 * np.expm1(logs[month]))
        return int(np.argmax(stock[1:]))

    assert highest(pulse) == 5
    assert highest(shift) >= 11


@pytest.mark.parametrize("given", [0.0, 0.03, 0.08])
def test_shipped_runs_meet_their_growth_in_every_draw(calibration, given):
    """若GDP增速为X: with noise, trend and cycle drawn, the year still prints X."""
    import ykforecast as yk

    scenario = yk.Scenario("given", shocks={"gdp_growth": {2022: given, 2024: given}})
    run = yk.project(calibration, [scenario], draws=6, keep="series")
    assert (run["series/gdp_growth"].sel(year=[2022, 2024]) == given).all()
