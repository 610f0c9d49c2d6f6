"""Scenarios made of others: laws of the algebra, and the texts that ask for them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import ykforecast as yk
from ykforecast.simulate.scenarios import resolve
from ykforecast.spec.scenario import Scenario
from ykforecast.spec.scenario_expression import read_scenario
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import RequestError, ScenarioError

LEVERS = ("skills", "graduates", "hr_market")
#: Eighths are exact in binary: sums of migration are then the same in any order.
migration = st.integers(-8, 8).map(lambda number: number / 2048)
paths = st.dictionaries(st.sampled_from(YEARS), st.integers(-4, 4).map(float), min_size=1, max_size=5)
downturns = st.builds(
    lambda year, depth: {"start": f"{year}-03", "depth": depth, "fall": 2, "recover": 9},
    st.sampled_from(YEARS),
    st.floats(0.5, 3.0),
)


@st.composite
def scenarios(draw, growth=False):
    shocks = {
        "downturns": draw(st.lists(downturns, max_size=1)),
        "migration": draw(st.dictionaries(st.sampled_from(YEARS), migration, max_size=3)),
    }
    if growth:
        shocks["gdp_growth"] = draw(st.dictionaries(st.sampled_from(YEARS), st.floats(0.0, 0.1), max_size=3))
    name = draw(st.sampled_from(["one", "two", "three-x"]))
    doses = draw(st.dictionaries(st.sampled_from(LEVERS), paths, max_size=3))
    sources = draw(st.dictionaries(st.sampled_from([*doses]), st.sampled_from("abc"))) if doses else {}
    reasons = {lever: {"grade": "observed", "source": source, "reason": source} for lever, source in sources.items()}
    return Scenario(name, doses, shocks=shocks, reasons=reasons)


def content(scenario):
    """All that a run reads of a scenario."""
    return scenario.doses, scenario.shocks


@given(scenarios(), scenarios(), scenarios())
def test_joining_is_associative(a, b, c):
    """Which pair is joined first must not matter: a name a+b+c says nothing of it."""
    assert (a + b) + c == a + (b + c)


def test_joint_doses_keep_only_a_reason_that_is_theirs(model):
    """What the plan prints of 10,000 posts a year is no source of 20,000, nor of one part of a path."""
    plan = model.scenarios["plan"]
    for twice in (plan + plan.scaled(2), plan.scaled(2) + plan):
        assert twice.doses["graduates"] == plan.scaled(2).doses["graduates"]
        assert twice.reasons["graduates"] == plan.scaled(2).reasons["graduates"]
    assert (plan + plan.scaled(0.5)).reasons == plan.reasons
    mixed = plan + Scenario("late", {"graduates": {2025: 30_000.0}})
    assert mixed.reasons["graduates"].grade == "assumed"
    assert mixed.reasons["skills"] == plan.reasons["skills"]


@given(scenarios(growth=True))
def test_an_empty_scenario_adds_nothing(a):
    nothing = Scenario("nothing")
    for joined in (a + nothing, nothing + a):
        assert content(joined) == content(a)


@given(scenarios(growth=True))
def test_once_and_no_year_later_is_the_same_scenario(a):
    assert a.shifted(0) is a
    if a.doses or not a.shocks:
        assert a.scaled(1) is a


@given(scenarios(), st.sampled_from([0.0, 0.25, 0.5, 2.0]), st.sampled_from([0.5, 4.0]))
def test_factors_multiply_and_distribute(a, first, second):
    """Half of a programme joined with half of another is half of both: the stronger dose stays the stronger."""
    if not a.doses:
        return
    assert content(a.scaled(first).scaled(second)) == content(a.scaled(first * second))
    other = Scenario("other", {"skills": {2022: 3.0, 2023: -1.0}})
    assert content((a + other).scaled(second)) == content(a.scaled(second) + other.scaled(second))


@given(scenarios(growth=True), st.integers(0, 3), st.integers(0, 3))
def test_years_add_up_and_nothing_comes_back(a, first, second):
    assert content(a.shifted(first).shifted(second)) == content(a.shifted(first + second))
    back = a.shifted(first).shifted(-first)
    kept = {year for year in YEARS if year + first in YEARS}
    assert back.doses == {
        lever: left
        for lever, path in a.doses.items()
        if (left := {year: dose for year, dose in path.items() if year in kept})
    }
    assert set(back.shocks.gdp_growth) == set(a.shocks.gdp_growth) & kept


@given(scenarios(growth=True), st.data())
def test_a_part_and_the_rest_are_the_whole(a, data):
    if not a.parts():
        return
    part = data.draw(st.sampled_from(a.parts()))
    assert content(a.only(part) + a.without(part)) == content(a)
    assert a.only(part).parts() == [part]
    assert part not in a.without(part).parts()


def test_own_doses_take_the_place_of_the_same_lever_and_year(model):
    plan = model.scenarios["plan"]
    mine = plan.with_doses({"skills": {2023: 20_000}, "delayed_retirement": {2025: 1}})
    assert mine.doses["skills"] == plan.doses["skills"] | {2023: 20_000}
    assert mine.doses["delayed_retirement"] == {2025: 1}
    assert mine.without("skills", "delayed_retirement").doses == plan.without("skills").doses
    assert "skills" not in mine.reasons  # what the plan prints is no reason for another dose
    assert plan.with_doses({}) is plan
    [resolved] = resolve(model, mine.named("mine", label_zh="我的情景"))
    assert (resolved.name, resolved.label_zh, resolved.dose("skills")[2]) == ("mine", "我的情景", 20_000)


def test_what_is_left_out_by_a_shift_is_said_wherever_the_scenario_is_shown(model):
    late = model.scenarios["plan"].shifted()
    assert late.doses["skills"] == dict.fromkeys(range(2022, 2026), 13_000)
    assert "推迟1年，2021-2025年以外的舍去" in late.label("zh")
    assert "1 year later, what falls outside 2021-2025 left out" in late.label("en")
    shock = model.scenarios["mass-unemployment"]
    assert shock.shifted(-1).shocks.downturns[0].start == "2022-02"
    assert not shock.shifted(3).shocks


@pytest.mark.parametrize(
    "text",
    [
        "plan",
        "plan*0.5",
        "plan>>1",
        "plan<<2",
        "plan[skills,hr_market]",
        "plan[-skills,-hr_market]*0.25>>1",
        "plan*0.5+slow-growth",
        "(plan+job-growth)*0.5+out-migration[migration]",
        "((plan+skills)>>1+slow-growth)[-gdp_growth]",
        "plan*0.125+skills*0.00001",
    ],
)
def test_a_name_makes_the_scenario_anew(model, text):
    """Names stand in files and tables: whoever reads one can run it."""
    made = read_scenario(text, model.scenarios)
    assert made.name == text
    assert read_scenario(made.name, model.scenarios) == made
    assert read_scenario(f" {text.replace('+', ' + ').replace('*', ' * ')} ", model.scenarios) == made
    assert set(made.reasons) <= set(made.doses)


def test_the_operators_of_python_and_of_texts_are_the_same(model):
    plan, slow, skills = (model.scenarios[name] for name in ("plan", "slow-growth", "skills"))
    for text, made in {
        "plan*0.5+slow-growth": plan.scaled(0.5) + slow,
        "plan>>1": plan.shifted(1),
        "(plan+skills)*0.5<<1": (plan + skills).scaled(0.5).shifted(-1),
        "plan[-skills]": plan.without("skills"),
    }.items():
        assert read_scenario(text, model.scenarios) == made


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plann*0.5", "Did you mean 'plan'"),
        ("plan-skills", r"left out by plan\[-skills\]"),
        ("plan[skils]", "Did you mean 'skills'"),
        ("baseline[skills]", "neither doses nor shocks"),
        ("plan*", "ends too soon"),
        ("plan*-1", "cannot be read at '-'"),
        ("plan*1e3", "cannot be read at '1e3'"),
        ("plan*٣", "cannot be read"),
        ("plan>>0.5", "cannot be read at '0.5'"),
        ("plan[skills,-hr_market]", "cannot be read at '-'"),
        ("plan[-skills,hr_market]", "cannot be read at 'hr_market'"),
        ("(plan", "ends too soon"),
        ("plan)", "cannot be read at"),
        ("plan skills", "cannot be read at 'skills'"),
        ("", "ends too soon"),
        ("plan; import os", "cannot be read at '; import os'"),
        ("(" * 2000 + "plan", "cannot be read"),
        ("slow-growth*0.5", "shocks are not scaled"),
        ("plan+slow-growth+slow-growth", "growth of the same year"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_remedy(model, text, words):
    with pytest.raises((RequestError, ScenarioError), match=words) as caught:
        resolve(model, text)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda plan: plan.scaled(-1), "not a factor"),
        (lambda plan: plan.scaled(float("nan")), "not a factor"),
        (lambda plan: plan.shifted(0.5), "not a number of years"),
        (lambda plan: plan.only(), "no part is named"),
        (lambda plan: plan.with_doses({"skills": {2026: 1.0}}), "2026"),
    ],
)
def test_impossible_operands_are_refused(model, make, words):
    with pytest.raises(ScenarioError, match=words):
        make(model.scenarios["plan"])


def test_bounds_and_switches_are_checked_when_a_scenario_is_run(model):
    """Ten times the plan is no programme, and there is no half of a retirement rule."""
    with pytest.raises(ScenarioError, match="out of bounds"):
        resolve(model, "plan*10")
    with pytest.raises(ScenarioError, match=r"switch.*plan\[-delayed_retirement\]"):
        resolve(model, "delayed-retirement*0.5")
    off, on = resolve(model, ["delayed-retirement*0", "delayed-retirement*1+baseline"])
    assert off.is_off("delayed_retirement")
    assert not on.is_off("delayed_retirement")


def test_nothing_of_the_plan_is_the_baseline_bit_for_bit(calibration):
    """A dose of nought and an empty partner leave every bit of a run as it was."""
    names = ["baseline", "plan*0", "plan", "plan+baseline"]
    series = yk.project(calibration, names, draws=8, seed=3, keep="series")["series"].to_dataset()
    none, nothing, plan, joined = (series.sel(scenario=name, drop=True) for name in names)
    xr.testing.assert_identical(nothing, none)
    xr.testing.assert_identical(joined, plan)
    assert np.abs(plan["new_urban_jobs"] - none["new_urban_jobs"]).max() > 0
