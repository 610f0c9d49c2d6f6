"""Attribution of the city: against brute force over runs, exact sums, levers that cannot reach an indicator."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.attainment import attained, on_basis
from ykforecast.assess.measure_shares import apart, default_groups
from ykforecast.assess.revision import revision
from ykforecast.present.attribution_table import plain_attribution
from ykforecast.simulate.coalitions import Game
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import resolve
from ykforecast.vocabulary.errors import RequestError

LEVERS = ("growth_first", "universal_enrolment", "skills", "ui_expansion")
DRAWS = 6


def game_of(calibration, base="baseline", scenario="plan"):
    return Game(calibration, *(resolve(calibration.model, one)[0] for one in (base, scenario)))


@pytest.fixture(scope="module")
def of_four(calibration):
    return yk.attribute(calibration, "plan", levers=LEVERS, draws=DRAWS, seed=7)


def test_values_are_those_of_all_runs_in_all_orders(calibration, of_four):
    """Sixteen plain projections and the textbook formula: nothing that saves runs may change a value."""
    model = calibration.model
    doses = model.scenarios["plan"].doses
    subsets = [frozenset(some) for size in range(5) for some in combinations(LEVERS, size)]
    names = {chosen: f"of-{number}" for number, chosen in enumerate(subsets)}
    runs = yk.project(
        calibration,
        [yk.Scenario(name, {lever: doses[lever] for lever in chosen}) for chosen, name in names.items()],
        draws=DRAWS,
        seed=7,
        keep="series",
    )
    data = yk.indicators(runs, model)
    for key, target in model.targets.items():
        outcome = on_basis(data[key], target)
        met = attained(outcome, target)
        for lever in LEVERS:
            share, of_met = 0.0, 0.0
            for chosen in subsets:
                if lever not in chosen:
                    weight = factorial(len(chosen)) * factorial(3 - len(chosen)) / factorial(4)
                    pair = [names[chosen | {lever}], names[chosen]]
                    share = share + weight * outcome.sel(scenario=pair).diff("scenario").values[0] * -1.0
                    of_met = of_met + weight * (met.sel(scenario=pair[0]).mean() - met.sel(scenario=pair[1]).mean())
            found = of_four.sel(part=lever, indicator=key)
            scale = float(np.abs(outcome).max())
            np.testing.assert_allclose(found["share"].values, share, atol=1e-12 * scale)
            assert float(found["probability_share"]) == pytest.approx(float(of_met), abs=1e-12)


def test_parts_add_up_in_every_draw(of_four):
    gap = np.abs(of_four["share"].sum("part") - of_four["difference"])
    assert float((gap / np.abs(of_four["after"]).max("draw")).max()) < 1e-12
    change = of_four["probability_after"] - of_four["probability_before"]
    np.testing.assert_allclose(of_four["probability_share"].sum("part"), change, atol=1e-12)


def test_years_before_the_last_have_no_target_to_reach(calibration, of_four):
    """Targets are of 2025: the jobs of two years are not those of five, so no chance is shared out, nor printed."""
    found = yk.attribute(calibration, "plan", levers=LEVERS, draws=4, seed=7, year=2022)
    assert not [name for name in found.data_vars if str(name).startswith("probability")]
    jobs = (one["after"].sel(indicator="new_urban_jobs").mean() for one in (found, of_four))
    assert float(next(jobs)) < 0.6 * float(next(jobs))
    table = plain_attribution(found, calibration.model)
    assert "2022年" in table and "概率变动" not in table.splitlines()[1]


def test_groups_keep_the_sum_of_each_group_and_of_all(calibration, of_four):
    """Owen's quotient: what a group gets does not depend on how it is shared out within."""
    options = {"levers": LEVERS, "draws": DRAWS, "seed": 7, "indicators": "pension_enterprise"}
    one = yk.attribute(calibration, "plan", groups={"work": ("growth_first", "skills")}, **options)
    other = yk.attribute(
        calibration, "plan", groups={"work": ("growth_first", "skills"), "rest": LEVERS[1::2]}, **options
    )
    assert one["group"].values.tolist() == ["work", "work", "universal_enrolment", "ui_expansion"]
    np.testing.assert_allclose(one["share"].sum("part"), other["share"].sum("part"), rtol=1e-10)
    work = [result["share"].where(result["group"] == "work", drop=True).sum("part") for result in (one, other)]
    np.testing.assert_allclose(work[0], work[1], rtol=1e-8)


def test_ledger_levers_are_those_that_leave_every_person_where_he_is(calibration):
    """One set of cohorts serves many coalitions only because of this."""
    game = game_of(calibration)
    sampled = Sampled(calibration.model.parameters, 7, 0, 3, calibration.learned)
    ledgers = game.ledger_players(sampled)
    assert {"ui_expansion", "medical_enrolment", "card_issuance"} <= set(ledgers)
    assert not {"skills", "universal_enrolment", "government_pension", "rural_transfer"} & set(ledgers)
    block = game.block(sampled, (), ledgers)
    whole = yk.project(
        calibration, yk.Scenario("ledgers", {one: game.scenario.spec.doses[one] for one in ledgers}), 3, 7
    )
    for name, values in block.series(ledgers).items():
        np.testing.assert_array_equal(values, whole["series"][name].values[0], err_msg=name)


def test_a_lever_gets_nothing_where_it_cannot_reach(of_four):
    share = np.abs(of_four["share"]).max("draw")
    for lever, key in (
        ("ui_expansion", "pension_enterprise"),
        ("skills", "dibao_ratio"),
        ("growth_first", "dibao_ratio"),
    ):
        assert float(share.sel(part=lever, indicator=key)) < 1e-9
    assert float(share.sel(part="ui_expansion", indicator="unemployment_insured")) > 1000.0


def test_indicators_that_share_a_lever_are_played_together():
    """Side by side only what has nothing in common can be switched: else one indicator would see the other's choice."""
    assert apart([("b",), ("a", "b"), (), ("c",)]) == [("a", "b"), ("a", "b"), (), ("c",)]
    assert apart([("a",), ("b",), ("a", "b")]) == [("a", "b")] * 3


def test_shocks_are_players_too(calibration):
    # A shock has one name: the one by which a scenario is taken apart.
    assert calibration.model.scenarios["mass-unemployment"].parts() == ["downturns"]
    found = yk.attribute(calibration, "plan+mass-unemployment", levers=("skills", "downturns"), draws=4)
    assert found["part"].values.tolist() == ["skills", "downturns"]
    jobs = found["share"].sel(indicator="new_urban_jobs").mean("draw")
    assert float(jobs.sel(part="downturns")) < 0.0 < float(jobs.sel(part="skills"))
    growth = yk.attribute(calibration, "slow-growth", draws=4, indicators="labour_productivity_growth")
    assert "gdp_growth" in growth["part"].values.tolist()
    np.testing.assert_allclose(growth["share"].sum("part"), growth["difference"], atol=1e-15)


def test_the_plan_is_grouped_by_its_sections_and_few_levers_are_not(calibration):
    model = calibration.model
    groups = default_groups(model, game_of(calibration, scenario="plan+mass-unemployment").players())
    assert groups["groups"][0] == "graduates"
    assert groups["shocks"] == ("downturns",)
    assert sum(map(len, groups.values())) == 29
    assert default_groups(model, LEVERS) == {one: (one,) for one in LEVERS}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"over": "weather"}, "over"),
        ({"levers": ("skill",)}, "skill"),
        ({"levers": ("delayed_retirement",)}, "delayed_retirement"),
        ({"groups": {"one": ("skills",), "two": ("skills",)}}, "two groups"),
        ({"groups": {}}, "runs of the cohorts"),
        ({"scenario": "baseline"}, "do not differ"),
        ({"scenario": ["plan", "slow-growth"]}, "not one scenario"),
        ({"base": ["baseline"]}, "base"),
        ({"indicators": "gdp"}, "gdp"),
        ({"year": 2026}, "2026"),
        ({"draws": 0}, "draws"),
        ({"over": "figures"}, "no figures to explain"),
        ({"over": "causes", "levers": ("skills",)}, "no measures to choose"),
    ],
)
def test_what_cannot_be_attributed_is_refused(calibration, options, named):
    with pytest.raises(RequestError, match=named):
        yk.attribute(calibration, **({"draws": 2} | options))


@pytest.fixture(scope="module")
def causes(calibration):
    return yk.attribute(calibration, "plan", over="causes", draws=5, seed=7)


def test_causes_add_up_to_the_change_that_is_projected(calibration, causes):
    """Both ends are those of a plain projection: the formulas of the composition leave nothing over."""
    data = yk.indicators(yk.project(calibration, "plan", 5, 7, keep="series"), calibration.model).isel(scenario=0)
    for key in calibration.model.indicators:
        change = (data[key].sel(year=2025) - data[key].sel(year=2020).fillna(0.0)).values
        one = causes.sel(indicator=key)
        scale = np.abs(one["after"].values).max()
        np.testing.assert_allclose(one["share"].sum("part"), change, atol=1e-12 * scale, err_msg=key)
        np.testing.assert_allclose(one["difference"], change, atol=1e-12 * scale, err_msg=key)


def test_blocks_of_draws_change_nothing(calibration, causes, monkeypatch):
    monkeypatch.setattr("ykforecast.assess.cause_shares.BLOCK", 2)
    monkeypatch.setattr("ykforecast.assess.measure_shares.BLOCK", 4)
    again = yk.attribute(calibration, "plan", over="causes", draws=5, seed=7)
    np.testing.assert_array_equal(again["share"], causes["share"])
    few = {"levers": LEVERS[1:3], "seed": 7, "indicators": "pension_enterprise"}
    cut, first = (yk.attribute(calibration, "plan", draws=draws, **few)["share"] for draws in (DRAWS, 4))
    np.testing.assert_array_equal(cut.isel(draw=slice(4)), first)


def test_definition_steps_are_a_cause_of_their_own(calibration):
    """Interim figures of 2022 hold steps: the change of the published count has them in it."""
    late = yk.assimilate(calibration, "2023-06-30", draws=40, seed=7)
    found = yk.attribute(late, "baseline", over="causes", draws=40, indicators="unemployment_insured")
    data = yk.indicators(yk.project(late, "baseline", 40, keep="series"), calibration.model).isel(scenario=0)
    step = data["unemployment_insured_definition_step"].sel(year=2025)
    np.testing.assert_allclose(found["share"].sel(part="definition").isel(indicator=0), step, rtol=1e-12)
    np.testing.assert_allclose(found["share"].sum("part").isel(indicator=0), found["difference"].isel(indicator=0))
    np.testing.assert_allclose(found["after"].isel(indicator=0), data["unemployment_insured"].sel(year=2025))


def test_each_cause_has_the_sign_that_its_name_promises(causes):
    def mean(part, key):
        return float(causes["share"].sel(part=part, indicator=key).mean())

    assert mean("deaths", "pension_enterprise") < 0.0 < mean("ageing", "pension_enterprise")
    assert mean("ageing", "work_injury_insured") < 0.0  # fewer people of working age
    assert mean("births", "social_security_cards") > 0.0 > mean("deaths", "social_security_cards")
    assert mean("moves", "urban_employment_share") > 0.0
    assert mean("education", "mean_years_schooling") > 0.0
    for part, key in (("births", "pension_enterprise"), ("education", "pension_enterprise"), ("cycle", "dibao_ratio")):
        assert mean(part, key) == pytest.approx(0.0, abs=1e-6)


def test_without_measures_and_cycle_nothing_is_theirs(calibration):
    """The baseline has no measures, so it has no part of that name; the population's parts stay what they were."""
    plan, base = (yk.attribute(calibration, one, over="causes", draws=3, seed=7) for one in ("plan", "baseline"))
    assert "measures" not in base["part"].values.tolist()
    kept = [part for part in base["part"].values.tolist() if part not in ("cycle", "chance")]
    np.testing.assert_array_equal(base["share"].sel(part=kept), plan["share"].sel(part=kept))


def test_what_figures_changed_is_the_change_that_the_revision_names(calibration):
    """Two ways to share out one change: by series of figures, and by theme of what they moved."""
    late = yk.assimilate(calibration, "2022-06-30", draws=40, seed=7)
    keys = ["pension_enterprise", "surveyed_unemployment_rate"]
    found = yk.attribute(late, "baseline", over="figures", indicators=keys, draws=40)
    np.testing.assert_allclose(found["share"].sum("part"), found["difference"], rtol=1e-9, atol=1e-9)
    whole = revision(late, "baseline")["mean_change"].isel(scenario=0)
    for key in keys:
        assert float(found["difference"].sel(indicator=key).mean()) == pytest.approx(float(whole.sel(indicator=key)))
