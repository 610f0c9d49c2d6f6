"""The cyclical state and growth: no shock, no cycle; a given growth is met; a downturn says how far."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.processes.economy import LARGEST_SHIFT, cycle_paths, macro_path
from ykforecast.vocabulary.dims import MONTHS, YEARS

#: Part of a gap of growth that moves the cycle in these tests.
CYCLICAL_SHARE = 0.25
FREE = (None,) * len(YEARS)


def draws(value: float, count: int = 3) -> np.ndarray:
    return np.full(count, value)


def cycle(*, shocks=0.0, start=0.0, reference=0.0, downturn=None) -> np.ndarray:
    return cycle_paths(
        np.full((3, MONTHS), shocks),
        np.full((3, MONTHS), 0.5),  # above the hazard: no recession
        start=draws(start),
        reference=draws(reference),
        persistence=draws(0.9),
        noise=draws(0.2),
        hazard=draws(0.01),
        depth=draws(2.5),
        downturn=np.zeros(MONTHS) if downturn is None else downturn,
    )


def growth(path, fixed=FREE, *, response=0.02, noise=0.0):
    return macro_path(
        path,
        cyclical_share=CYCLICAL_SHARE,
        trend=draws(0.045),
        response=draws(response),
        noise=np.full((3, len(YEARS)), noise),
        fixed=fixed,
    )


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
        entries,
        start=draws(0.0),
        reference=draws(0.0),
        persistence=draws(0.9),
        noise=draws(0.2),
        hazard=draws(0.01),
        depth=draws(2.5),
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


def test_a_given_growth_is_met_exactly_and_moves_the_cycle_by_its_part():
    """3 % instead of the free 4.5 %: a quarter of 1.5 points over the response of 0.02 is 0.1875 down."""
    found = growth(cycle(), (None, 0.03, None, None, None))
    assert (found.growth[:, 1] == 0.03).all()
    shift = CYCLICAL_SHARE * (0.03 - 0.045) / 0.02
    np.testing.assert_allclose(found.cycle[:, :12], 0.0)
    np.testing.assert_allclose(found.cycle[:, 12:], shift)
    # The level of the cycle stays where it was put: later growth is the trend again.
    np.testing.assert_allclose(found.growth[:, 2:], 0.045)


def test_a_condition_leaves_the_path_that_was_given_as_it_was():
    """The path of the block is shared by all scenarios."""
    path = cycle(shocks=0.3)
    before = path.copy()
    growth(path, (0.0,) * 5)
    np.testing.assert_array_equal(path, before)


def test_the_cycle_follows_a_condition_no_further_than_its_limit():
    found = growth(cycle(), (-0.15, None, None, None, None), response=0.003)
    np.testing.assert_allclose(found.cycle[:, 0], -LARGEST_SHIFT)


def test_a_growth_that_does_not_respond_says_nothing_about_the_cycle():
    found = growth(cycle(), (0.0, None, None, None, None), response=0.0)
    assert (found.cycle == 0).all()
    assert (found.growth[:, 0] == 0.0).all()


@pytest.mark.parametrize("given", [0.0, 0.03, 0.08])
def test_shipped_runs_meet_their_growth_in_every_draw(calibration, given):
    """若GDP增速为X: with noise, trend and cycle drawn, the year still prints X."""
    import ykforecast as yk

    scenario = yk.Scenario("given", shocks={"gdp_growth": {2022: given, 2024: given}})
    run = yk.project(calibration, [scenario], draws=6, keep="series")
    assert (run["series/gdp_growth"].sel(year=[2022, 2024]) == given).all()
