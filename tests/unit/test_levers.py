"""Every lever: nothing at dose zero, nothing before its dose, and its own indicator moves as declared."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.lever_effects import outcome, paired
from ykforecast.kernels.flow_table import CLASSES, FLOWS
from ykforecast.processes.policy_bands import BAND_STARTS
from ykforecast.simulate.mechanisms import MECHANISMS, policy_paths
from ykforecast.simulate.policy import Setting
from ykforecast.simulate.scenarios import resolve
from ykforecast.spec.lever import PROGRAMME_SHARES, FlowClass, MechanismName
from ykforecast.vocabulary.dims import MONTHS, STRATA, YEARS

MODEL = yk.load_model()
LEVERS = [key for key, lever in MODEL.levers.items() if lever.implemented]
#: A recession in every run: a lever against lay-offs has something to prevent.
SHOCKS = {"downturns": [{"start": "2022-03", "depth": 2.0, "fall": 6, "hold": 6, "recover": 12}]}
DRAWS = 40

#: Every indicator that a lever is declared to move, and which way.
DECLARED = [(key, moved, way) for key in LEVERS for moved, way in MODEL.levers[key].direction.items()]
#: Parts of the upper bound at which a lever is tried.
PARTS = (0.25, 0.5, 1.0)


def name_of(key: str) -> str:
    return key.replace("_", "-")


def doses_of(key: str, part: float = 1.0) -> dict[int, float]:
    """The same dose every year; the retirement rule is on in its only year."""
    lever = MODEL.levers[key]
    return {YEARS[-1]: 1.0} if lever.dose_unit == "switch" else dict.fromkeys(YEARS, part * lever.bounds[1])


def with_shocks(name: str, doses=None) -> yk.Scenario:
    return yk.Scenario(name, doses, shocks=SHOCKS)


@pytest.fixture(scope="module")
def dosed(calibration):
    """Each lever at three doses, beside the same recession without any."""
    scenarios = [with_shocks("without")]
    scenarios += [with_shocks(f"{name_of(key)}.{part}", {key: doses_of(key, part)}) for key in LEVERS for part in PARTS]
    return yk.project(calibration, scenarios, draws=DRAWS, seed=5, keep="series")


@pytest.fixture(scope="module")
def outcomes(dosed):
    """Values (scenario, draw) of everything that levers move, on the basis of its target."""
    return {moved: outcome(dosed, MODEL, moved) for moved in dict.fromkeys(moved for _, moved, _ in DECLARED)}


def test_a_model_file_knows_the_mechanisms_and_flows_that_the_code_has():
    """A misspelt name is refused where it is written: a flow that matches nothing would divide by nobody."""
    assert set(get_args(MechanismName)) == set(MECHANISMS)
    assert get_args(FlowClass) == CLASSES
    used = {way.mechanism for key in LEVERS for _, way in MODEL.levers[key].ways(key)}
    assert used == set(MECHANISMS)


def test_dose_zero_leaves_every_bit(calibration):
    """Of each lever, written out as zero in every year, alone and beside everything else that the plan does."""
    plan = MODEL.scenarios["plan"].doses
    scenarios = [with_shocks("without")]
    for key in LEVERS:
        others = {other: doses for other, doses in plan.items() if other != key}
        zero = {key: dict.fromkeys(YEARS, 0.0)}
        scenarios.append(with_shocks(f"{name_of(key)}.zero", zero))
        scenarios.append(with_shocks(f"{name_of(key)}.others", others))
        scenarios.append(with_shocks(f"{name_of(key)}.others-and-zero", others | zero))
    runs = yk.project(calibration, scenarios, draws=6, seed=5)
    for group in ("series", "stocks", "flows"):
        for name, values in runs[group].to_dataset().data_vars.items():
            bits = values.values.view(np.int64)
            assert (bits[1::3] == bits[:1]).all(), f"{group}/{name}"
            assert (bits[2::3] == bits[3::3]).all(), f"{group}/{name}"


@pytest.mark.parametrize(("key", "moved", "way"), DECLARED)
def test_more_of_a_lever_moves_its_indicators_the_declared_way(outcomes, key, moved, way):
    """In the mean of the same draws, and the more the greater the dose; a rate that has reached one stays there."""
    values = outcomes[moved]
    change = [float(paired(values, f"{name_of(key)}.{part}", "without").mean()) for part in PARTS]
    if way == "either":
        assert all(change)
        return
    along = np.array(change) * (1.0 if way == "up" else -1.0)
    assert along[0] > 0.0
    assert (np.diff(along) >= 0.0).all()


@pytest.mark.parametrize("key", [key for key in LEVERS if MODEL.levers[key].bounds[0] < 0])
def test_a_negative_dose_moves_it_the_other_way(calibration, key):
    doses = dict.fromkeys(YEARS, MODEL.levers[key].bounds[0])
    scenarios = [with_shocks("without"), with_shocks("less", {key: doses})]
    runs = yk.project(calibration, scenarios, draws=12, keep="series")
    moved, way = next(iter(MODEL.levers[key].direction.items()))
    change = paired(outcome(runs, MODEL, moved), "less", "without")
    assert ((change if way == "up" else -change) < 0).all()


def allowed(way) -> np.ndarray:
    """Odds (flow, stratum, band) of the people whom a way of a lever reaches, from the words of its audience."""
    audience, cells = way.audience, np.zeros((len(FLOWS), len(STRATA), len(BAND_STARTS)), dtype=bool)
    for g, (residence, sex) in enumerate(STRATA):
        for k, (origin, destination, kind) in enumerate(FLOWS):
            for band, (first, last) in enumerate(zip(BAND_STARTS, (*BAND_STARTS[1:], 101), strict=True)):
                cells[k, g, band] = (
                    audience.sex in (None, sex)
                    and audience.residence in (None, residence)
                    and (not audience.states or origin in audience.states)
                    and (not way.into or destination in way.into)
                    and kind in way.flows
                    and audience.first_age < last
                    and audience.last_age >= first
                )
    return cells


@pytest.mark.parametrize("key", [key for key in LEVERS if MODEL.levers[key].flows])
def test_a_lever_moves_the_odds_of_its_audience_and_of_nobody_else(calibration, key):
    """Nobody else at first order, that is, where no additional hire takes the place of another."""
    lever = MODEL.levers[key]
    shares = {f"{share}_{way.programme}": np.zeros(1) for _, way in lever.ways(key) for share in PROGRAMME_SHARES}
    at = Setting(
        annual_flows=calibration.base.odds.annual_flows,
        annual_take_up=calibration.central.annual_take_up * calibration.take_up_pool,
        programmes=shares,
        seekers=np.ones(1),
        enterprise_staff=calibration.enterprise_staff,
        flexible_workers=1e5,
        employed=1e6,
        separation_rise=np.ones((1, MONTHS)),
    )
    scenario = resolve(MODEL, yk.Scenario("one", {key: doses_of(key)}))[0]
    odds = policy_paths(scenario, MODEL.levers, lambda name: np.ones(1), at).odds
    moved = (odds != 1.0).any(axis=(0, 1))
    reached = np.any([allowed(way) for _, way in lever.ways(key)], axis=0)
    assert moved.any()
    assert not (moved & ~reached).any()


def test_a_measure_for_women_moves_women(calibration):
    """End to end: coming into the labour force, by sex, in the first year; men answer only to what women changed."""
    doses = yk.Scenario("rights", {"pay_and_rights": doses_of("pay_and_rights")})
    runs = yk.project(calibration, ["baseline", doses], draws=5, keep="cohorts")
    entered = runs["cohorts/ledger"].sel(transition="inactive>unemployed enter", year=2021).sum("residence")
    change = (entered.sel(scenario="rights") - entered.sel(scenario="baseline")).mean("draw")
    assert abs(float(change.sel(sex="male"))) < 0.02 * float(change.sel(sex="female"))


@pytest.mark.parametrize("key", LEVERS)
def test_a_dose_changes_nothing_before_its_year(calibration, key):
    """A measure of 2024 has no effect in 2023: the future does not act on the past."""
    doses = {year: dose for year, dose in doses_of(key).items() if year >= 2024}
    runs = yk.project(
        calibration, [with_shocks("without"), with_shocks(name_of(key), {key: doses})], draws=8, keep="series"
    )
    for name, values in runs["series"].to_dataset().data_vars.items():
        axis = "year" if "year" in values.dims else "year_end"
        early = values.sel({axis: slice(None, 2023)}).values
        np.testing.assert_array_equal(early[0], early[1], name)


def test_delayed_retirement_keeps_people_at_work_and_changes_nothing_before_2025(calibration):
    """Three to four of twelve birth months stay at work in 2025: more contributors, fewer retirees."""
    runs = yk.project(calibration, ["baseline", "delayed-retirement"], draws=DRAWS, keep="totals", monthly=True)
    for group in ("series", "stocks", "flows", "monthly"):
        for name, values in runs[group].to_dataset().data_vars.items():
            axis = next(dim for dim in ("year", "year_end", "month") if dim in values.dims)
            last = "2024-12" if axis == "month" else 2024
            early = values.sel({axis: slice(None, last)}).values
            np.testing.assert_array_equal(early[0], early[1], f"{group}/{name}")
    late = runs["series"].to_dataset().sel(year=2025, year_end=2025)
    change = late.sel(scenario="delayed-retirement") - late.sel(scenario="baseline")
    for name, sign in (
        ("contributors", +1),
        ("enterprise_retirees", -1),
        ("government_retirees", -1),
        ("interrupted", +1),
        ("new_pensions", -1),
        ("statutory_retirements", -1),
        ("employed", +1),
        ("enterprise_balance", +1),
        ("enterprise_support_ratio", +1),
    ):
        assert (sign * change[name].values > 0).all(), name
    # Who does not retire yet is still insured: the scheme as a whole hardly changes.
    insured = change["contributors"] + change["interrupted"] + change["enterprise_retirees"]
    assert (np.abs(insured) < 0.2 * change["contributors"]).all()
