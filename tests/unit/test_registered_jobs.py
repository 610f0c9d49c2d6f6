"""城镇新增就业 can be read across scenarios: losing work is no new job, and a post filled is one."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import resolve
from ykforecast.vocabulary.dims import YEARS

MODEL = yk.load_model()
SHIPPED = sorted(MODEL.scenarios)
DRAWS, SEED = 200, 3
#: Doses from 2022 on, as in the scenarios.
LATER = YEARS[1:]
#: Levers that only take work from people, or keep it for them.
SEPARATING = {"ai_transition": 0.05, "unemployment_prevention": 0.5}
POSTS = {
    "smart_manufacturing": 1500,
    "digital_economy": 1500,
    "modern_services": 1500,
    "graduates": 10_000,
    "hardship_support": 1500,
    "entrepreneurship": 800,
}


def scenario(lever: str, dose: float) -> yk.Scenario:
    return yk.Scenario(lever.replace("_", "-"), {lever: dict.fromkeys(LATER, dose)})


@pytest.fixture(scope="module")
def runs(calibration):
    own = [scenario(*item) for item in (SEPARATING | POSTS).items()]
    return yk.project(calibration, [*SHIPPED, *own], draws=DRAWS, seed=SEED, keep="series")


@pytest.fixture(scope="module")
def jobs(runs):
    """New urban jobs of a scenario, (draw, year_end), persons."""
    return lambda name: runs["series/new_urban_jobs"].sel(scenario=name.replace("_", "-")).values


@pytest.fixture(scope="module")
def five_years(jobs):
    return lambda name: jobs(name)[:, 1:].sum(axis=1)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_base_year_is_as_published(jobs, name):
    assert (jobs(name)[:, 0] == 19_700).all()


def test_who_is_displaced_and_finds_work_again_is_no_new_job(runs, jobs, five_years):
    """Gross hires rise as smart technology displaces workers; the count must not, in any draw and year."""
    hires = runs["series/hires_urban"].sum("year")
    assert (hires.sel(scenario="ai-displacement") > hires.sel(scenario="baseline")).mean() > 0.9
    change = jobs("ai-displacement") - jobs("baseline")
    assert change.max() < 0.002 * jobs("baseline").mean()
    assert five_years("ai-displacement").mean() <= five_years("baseline").mean()


@pytest.mark.parametrize("lever", SEPARATING)
def test_losing_less_or_more_work_moves_hires_and_not_the_count(runs, five_years, lever):
    """Lay-offs prevented take as many rehires away as lay-offs caused add: neither is a job."""
    hires = runs["series/hires_urban"].sum("year")
    gross = float((hires.sel(scenario=lever.replace("_", "-")) / hires.sel(scenario="baseline") - 1).mean())
    net = five_years(lever).mean() / five_years("baseline").mean() - 1
    assert abs(net) < 0.1 * abs(gross) + 1e-4


@pytest.mark.parametrize("lever", POSTS)
def test_posts_of_a_programme_are_counted_net_of_those_they_displace(calibration, five_years, lever):
    """Dose x effect x (1 - deadweight) x (1 - displacement): no more, and little less."""
    sampled = Sampled(MODEL.parameters, SEED, 0, DRAWS, calibration.learned)
    force = resolve(MODEL, scenario(lever, POSTS[lever]))[0].force(lever).sum()
    kind = MODEL.levers[lever].programme
    net = (1 - sampled.value(f"deadweight_{kind}")) * (1 - sampled.value(f"displacement_{kind}"))
    expected = sampled.value(f"effect_{lever}") * net * force
    rise = five_years(lever) - five_years("baseline")
    assert 0.8 * expected.mean() < rise.mean() < 1.1 * expected.mean()
    assert (rise > 0).all()


def test_job_growth_goes_on_as_long_as_posts_are_added(jobs):
    """It must not stall once those who looked for work have found it."""
    rise = (jobs("job-growth") - jobs("baseline")).mean(axis=0)[2:]
    assert (rise[1:] > rise[0]).all() and rise[-1] > 0.8 * rise.max()


def test_the_year_of_a_downturn_loses_jobs_and_later_years_do_not_gain_them(jobs):
    """Those laid off who find work again fill no new posts."""
    change = (jobs("mass-unemployment") - jobs("baseline")).mean(axis=0) / jobs("baseline").mean(axis=0)
    assert change[3] < -0.05
    assert (change[4:] < 0.015).all()
    assert change[3:].sum() < -0.05


@pytest.mark.parametrize("name", ["delayed-retirement", "full-enrolment"])
def test_scenarios_without_jobs_leave_them_alone(five_years, name):
    assert np.abs(five_years(name) / five_years("baseline") - 1).max() < 0.005
