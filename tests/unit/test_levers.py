"""Every lever: nothing at dose zero, nothing before its dose, and its own indicator moves as declared."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.kernels.flow_table import CLASSES
from ykforecast.simulate.mechanisms import MECHANISMS
from ykforecast.spec.lever import FlowClass, MechanismName
from ykforecast.vocabulary.dims import YEARS

MODEL = yk.load_model()
LEVERS = [key for key, lever in MODEL.levers.items() if lever.implemented]
#: Series behind what levers move beside the indicators.
FUND = {"fund_balance": "enterprise_balance"}
#: A recession in every run: a lever against lay-offs has something to prevent.
SHOCKS = {"downturns": [{"start": "2022-03", "depth": 2.0, "fall": 6, "hold": 6, "recover": 12}]}
DRAWS = 40

#: Direction of the first indicator that a lever moves when its dose rises, and why it can only be that one.
DIRECTIONS = {
    **dict.fromkeys(
        ("growth_first", "smart_manufacturing", "digital_economy", "modern_services", "graduates", "entrepreneurship"),
        (+1, "more hires are more new urban jobs"),
    ),
    "flexible_work": (+1, "going into flexible work is a hire"),
    **dict.fromkeys(
        ("small_firms", "unemployment_prevention"), (-1, "fewer separations leave fewer people unemployed")
    ),
    **dict.fromkeys(("urban_youth", "hardship_support", "hr_market"), (-1, "the unemployed find work sooner")),
    **dict.fromkeys(("county_rural", "rural_transfer"), (+1, "farm workers become urban workers")),
    "veterans": (+1, "cards issued over persons entitled"),
    "poverty_alleviated": (+1, "more persons of the register at work"),
    "skills": (+1, "the count itself, where the programme exceeds what takes place anyway"),
    "vocational_education": (+1, "more leavers go on to a college"),
    "pay_and_rights": (+1, "who comes into the labour force searches first: participation costs unemployment"),
    "ai_transition": (+1, "the displaced search for work: a shock, not a help"),
    **dict.fromkeys(("universal_enrolment", "resident_pension"), (+1, "more take-up, more insured")),
    "pension_adjustment": (-1, "higher benefits lower the balance"),
    "fund_supervision": (+1, "more is collected"),
    "government_pension": (+1, "new posts are insured"),
    "medical_enrolment": (+1, "points of coverage"),
    "ui_expansion": (+1, "points of coverage"),
    "injury_expansion": (+1, "points of coverage"),
    "dibao_standard": (-1, "the rural standard grows faster: the ratio of urban to rural falls"),
    "card_issuance": (+1, "new holders"),
}


def name_of(key: str) -> str:
    return key.replace("_", "-")


def full_dose(key: str) -> dict[int, float]:
    return dict.fromkeys(YEARS, MODEL.levers[key].bounds[1])


def with_shocks(name: str, doses=None) -> yk.Scenario:
    return yk.Scenario(name, doses, shocks=SHOCKS)


@pytest.fixture(scope="module")
def dosed(calibration):
    """Each lever at its upper bound, beside the same recession without any."""
    scenarios = [with_shocks("without"), *(with_shocks(name_of(key), {key: full_dose(key)}) for key in LEVERS)]
    return yk.project(calibration, scenarios, draws=DRAWS, seed=5, keep="series")


def first_moved(runs, key: str):
    """First indicator (or balance) that a lever moves, dims (scenario, draw, year)."""
    moved = MODEL.levers[key].moves[0]
    return runs[f"series/{FUND[moved]}"] if moved in FUND else yk.indicators(runs, MODEL)[moved]


def difference(values, key: str) -> np.ndarray:
    return values.sel(scenario=name_of(key)).values - values.sel(scenario="without").values


def test_every_lever_has_its_mechanism_and_a_direction():
    """A new lever has to say here which way it goes; the retirement rule has a test of its own."""
    assert {MODEL.levers[key].mechanism for key in LEVERS} <= set(MECHANISMS)


def test_a_model_file_knows_the_mechanisms_and_flows_that_the_code_has():
    """A misspelt name is refused where it is written: a flow that matches nothing would divide by nobody."""
    assert set(get_args(MechanismName)) == set(MECHANISMS)
    assert get_args(FlowClass) == CLASSES
    assert set(DIRECTIONS) == set(LEVERS) - {"delayed_retirement"}


def test_dose_zero_leaves_every_bit(calibration):
    """Of each lever alone, written out as zero in every year."""
    zeros = [with_shocks(name_of(key), {key: dict.fromkeys(YEARS, 0.0)}) for key in LEVERS]
    runs = yk.project(calibration, [with_shocks("without"), *zeros], draws=12, seed=5)
    for group in ("series", "stocks", "flows"):
        for name, values in runs[group].to_dataset().data_vars.items():
            bits = values.values.view(np.int64)
            assert (bits == bits[:1]).all(), f"{group}/{name}"


@pytest.mark.parametrize("key", DIRECTIONS)
def test_more_of_a_lever_moves_its_own_indicator_the_declared_way(dosed, key):
    """Common random numbers, so in every single draw and year, and by more than rounding in nearly all."""
    sign, reason = DIRECTIONS[key]
    change = sign * difference(first_moved(dosed, key), key)
    change = change[:, ~np.isnan(change).all(axis=0)]
    level = np.nanmax(np.abs(first_moved(dosed, key).values))
    assert change.min() >= -1e-12 * level, reason
    assert (change.max(axis=1) > 1e-6 * level).mean() >= 0.9, reason


@pytest.mark.parametrize("key", [key for key in LEVERS if MODEL.levers[key].bounds[0] < 0])
def test_a_negative_dose_moves_it_the_other_way(calibration, key):
    doses = dict.fromkeys(YEARS, MODEL.levers[key].bounds[0])
    runs = yk.project(
        calibration, [with_shocks("without"), with_shocks(name_of(key), {key: doses})], draws=12, keep="series"
    )
    change = DIRECTIONS[key][0] * difference(first_moved(runs, key), key)
    assert change.max() <= 0 and (change.min(axis=1) < 0).all()


@pytest.mark.parametrize("key", LEVERS)
def test_a_dose_changes_nothing_before_its_year(calibration, key):
    """A measure of 2024 has no effect in 2023: the future does not act on the past."""
    doses = {year: dose for year, dose in full_dose(key).items() if year >= 2024}
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
