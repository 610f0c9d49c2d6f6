"""Public posts follow the establishment (编制), in every year, draw and scenario; recruitment gives way."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.kernels import draw_columns
from ykforecast.simulate.recruitment import LEAST_RECRUITMENT
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import resolve
from ykforecast.vocabulary.dims import YEAR_ENDS, YEARS

DRAWS, SEED = 200, 5
SHIPPED = sorted(yk.load_model().scenarios)


def posts(calibration, scenario) -> np.ndarray:
    """Public posts, (draw, year_end)."""
    runs = yk.project(calibration, scenario, draws=DRAWS, seed=SEED, keep="series")
    return runs["series/public_employees"].isel(scenario=0).values


@pytest.fixture(scope="module")
def sampled(calibration):
    return Sampled(calibration.model.parameters, SEED, 0, DRAWS, calibration.learned)


@pytest.fixture(scope="module")
def baseline(calibration):
    return posts(calibration, "baseline")


def doses(amount: float) -> yk.Scenario:
    return yk.Scenario("posts", {"government_pension": dict.fromkeys(YEARS, amount)})


@pytest.mark.parametrize("name", SHIPPED)
def test_posts_grow_as_drawn_in_every_year(calibration, sampled, name):
    """Not on average over five years only: who rises before falling has too many contributors in between.

    Posts are solved by lines in the drawn parameters, not by a search in each draw: a draw may miss by one
    per cent after five years, all of them together by a tenth of that.
    """
    found = posts(calibration, name)
    added = np.zeros(len(YEAR_ENDS))
    scenario = resolve(calibration.model, name)[0]
    if not scenario.is_off("government_pension"):
        added[1:] = np.cumsum(scenario.force("government_pension"))
    path = np.exp(sampled.value("public_posts_growth")[:, None] * np.arange(len(YEAR_ENDS)))
    asked = found[:, :1] * path + sampled.value("effect_government_pension")[:, None] * added
    apart = found / asked - 1
    assert np.abs(apart).max() < 0.011
    assert np.abs(apart.mean(axis=0)).max() < 0.0015


@pytest.mark.parametrize("amount", [100, -1000])
def test_one_net_post_is_one_post(calibration, sampled, baseline, amount):
    """Posts a year, filled or cut as far as the effect says, are that many more or fewer at each year end.

    To two per cent, also for the largest cut that the lever allows.
    """
    scenario = doses(amount)
    change = posts(calibration, scenario) - baseline
    force = np.cumsum(resolve(calibration.model, scenario)[0].force("government_pension"))
    expected = sampled.value("effect_government_pension").mean() * force
    assert not change[:, 0].any()
    np.testing.assert_allclose(change[:, 1:].mean(axis=0), expected, rtol=0.02)
    assert (change[:, 1:] * amount > 0).all()


def test_no_dose_is_not_one_bit(calibration, baseline):
    np.testing.assert_array_equal(posts(calibration, doses(0.0)), baseline)


def test_recruitment_does_not_become_negative(calibration):
    """Posts that fall faster than people leave cannot be brought about by recruitment."""
    recruitment = calibration.recruitment
    parameters = recruitment.row[None].copy()
    recruitment.fill(parameters, np.array([-1.0]), np.zeros((1, len(YEARS))))
    assert (parameters[:, draw_columns.COLUMNS["recruit"]] >= LEAST_RECRUITMENT).all()
