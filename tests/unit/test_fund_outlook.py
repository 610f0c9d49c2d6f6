"""The pension outlook: identities in every draw, directions, linearity, the base year, tables, figures and refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.fund_changes import CHANGES, EFFECT_ACCOUNTS, all_cases
from ykforecast.assess.fund_outlook import ACCOUNTS, _labelled, _summary, fund_outlook
from ykforecast.cli import main
from ykforecast.present.figures_fund import pension_balance, support_ratios
from ykforecast.present.fund_table import fund_rows, plain_fund
from ykforecast.processes.retirement import later_from, not_yet_at_age
from ykforecast.simulate.fund_runs import run_accounts
from ykforecast.simulate.scenarios import resolve_one

DRAWS = 40


@pytest.fixture(scope="module")
def cases(calibration):
    """Draws of every case under the plan."""
    plan = resolve_one(calibration.model, "plan")
    ((start, found),) = run_accounts(calibration, plan, all_cases(), DRAWS, 3, first_year=2022)
    assert start == 0
    return found


@pytest.fixture(scope="module")
def outlook(calibration):
    return yk.fund_outlook(calibration, "plan", DRAWS, 3)


def told(outlook, **choice):
    """What the plan says as it stands."""
    return outlook.sel(scenario="plan", **({"ages": "original", "adjustment": "yearly"} | choice))


def test_every_draw_of_every_case_balances(cases):
    """An account that does not add up is no account."""
    for accounts in cases.values():
        due = accounts["contributions"] + accounts["subsidy"] - accounts["benefits"]
        np.testing.assert_allclose(accounts["balance"], due, rtol=0, atol=1.0)


def test_the_total_is_the_sum_of_both_schemes_in_every_draw(cases):
    whole = _labelled(cases["as_is"], 0)
    for name in ("contributions", "benefits", "balance", "cumulative_balance", "paying", "pensioners"):
        parts = whole[name].sel(scheme=["enterprise", "government"]).sum("scheme", skipna=False)
        np.testing.assert_allclose(whole[name].sel(scheme="employees"), parts)
    # The mean pension of both is that of their people, so it lies between the two.
    mean = whole["mean_benefit"]
    assert (mean.sel(scheme="enterprise") < mean.sel(scheme="employees")).all()
    assert (mean.sel(scheme="employees") < mean.sel(scheme="government")).all()


def test_the_outlook_is_the_run(calibration, cases):
    """The same seed gives the series of ``project``: one set of books, not two."""
    series = yk.project(calibration, "plan", DRAWS, 3, keep="series")["series"].to_dataset().sel(scenario="plan")
    for row, scheme in enumerate(("enterprise", "government", "resident")):
        for name in ("contributions", "benefits", "balance"):
            np.testing.assert_array_equal(cases["as_is"][name][row][:, 1:], series[f"{scheme}_{name}"].values)


def test_2020_meets_the_published_means(calibration, cases):
    """A full year at the end of 2020: pensioners times the mean that the plan prints."""
    terms = calibration.pension_terms
    for row, mean in enumerate((terms.enterprise_mean, terms.government_mean)):
        people = cases["as_is"]["pensioners"][row][:, 0]
        np.testing.assert_allclose(cases["as_is"]["benefits"][row][:, 0], 12 * mean * people)


def test_the_base_pension_is_a_benefit_and_a_subsidy_alike(cases):
    """Its adjustment costs the budget and leaves the residents' balance as it was."""
    rise = {name: cases["rise"][name][2] - cases["as_is"][name][2] for name in ("benefits", "subsidy", "base_pension")}
    assert (rise["base_pension"][:, 2:] > 0).all()
    for name in ("benefits", "subsidy"):
        np.testing.assert_allclose(rise[name], rise["base_pension"], atol=1.0)
    assert (cases["as_is"]["base_pension"][:2] == 0).all()


def test_what_has_passed_is_not_moved(cases):
    """No change reaches back before its first year, in any scheme."""
    for name, accounts in cases.items():
        np.testing.assert_array_equal(accounts["balance"][..., :2], cases["as_is"]["balance"][..., :2], err_msg=name)


def test_changes_move_the_balance_where_they_should(outlook):
    """Signs that do not depend on any number: collection, coverage and later pensions help, adjustment costs."""
    effect = outlook["effect"].sel(scenario="plan", scheme="employees", year=2025)
    signs = {"collection": 1, "coverage": 1, "later_year": 1, "adjustment": -1, "rule_2025": 1, "no_adjustment": 1}
    assert {change: int(np.sign(effect.sel(change=change, account="balance"))) for change in CHANGES} == signs
    pensioners = outlook["effect_pensioners"].sel(scenario="plan", scheme="employees", year=2025)
    assert float(pensioners.sel(change="later_year")) < float(pensioners.sel(change="rule_2025")) < 0


def test_a_point_of_collection_is_a_point_of_what_is_due(calibration, outlook):
    """By hand: due contributions are what is collected over the share collected."""
    effect = outlook["effect"].sel(scenario="plan", change="collection", scheme="enterprise", account="contributions")
    received = float(told(outlook)["contributions"].sel(scheme="enterprise", year=2025))
    share = calibration.model.parameters["fund_collection"].median
    assert float(effect.sel(year=2025)) == pytest.approx(0.01 * received / share, rel=0.1)


def test_units_are_small_enough_to_be_units(outlook):
    """Half of a change is worth half of it within two in a hundred: so "a point" can be scaled."""
    bent = outlook["linearity"].sel(year=slice(2022, 2025))
    smooth = ["collection", "coverage", "later_year", "adjustment"]
    assert float(abs(bent.sel(change=smooth)).max()) < 0.02
    assert outlook["linearity"].sel(change=["rule_2025", "no_adjustment"]).isnull().all()


def test_a_year_later_is_a_year_for_everyone_from_then_on():
    """Whoever reached the age before keeps it; later cohorts stand where those a year older stood."""
    for category in ("male60", "female55", "female50"):
        before, _ = not_yet_at_age(category, delayed=False)
        after, _ = not_yet_at_age(category, delayed=True, calendar=later_from(2022, 12))
        np.testing.assert_array_equal(after[:12], before[:12])
        np.testing.assert_array_equal(after[24:, 1:], before[12:-12, :-1])
        assert (after >= before).all()


def test_first_deficits_are_a_distribution(outlook):
    chances = outlook["first_deficit"]
    np.testing.assert_allclose(chances.sum("first_year"), 1.0)
    # The employees' schemes pay more than they collect from the start: said, not hidden.
    assert float(told(outlook)["first_deficit"].sel(scheme="enterprise", first_year="2020")) > 0.95
    assert (outlook["first_deficit_error"] > 0).all()


def test_the_first_deficit_is_the_first(cases):
    """A scheme made to fall below nought in 2023, and one that never does."""
    made = {name: values.copy() for name, values in cases["as_is"].items()}
    made["balance"][:] = 1.0
    made["balance"][0][:, 3:] = -1.0
    first = _summary(_labelled(made, 0))["first_deficit"]
    assert float(first.sel(scheme="enterprise", first_year="2023")) == 1.0
    assert float(first.sel(scheme="government", first_year="none")) == 1.0


def test_every_variable_says_what_it_is(outlook):
    for name, values in outlook.data_vars.items():
        assert {"long_name", "label_zh", "units"} <= set(values.attrs), name
    assert "省级统筹" in outlook.attrs["note_zh"] and "pooling" in outlook.attrs["note"]
    for name in ACCOUNTS:
        assert f"{name}_interval" in outlook


def test_the_rule_of_2025_is_set_aside_in_a_scenario_that_has_it(calibration, outlook):
    """Both ages are told of every scenario, whatever it says of them itself."""
    other = fund_outlook(calibration, "plan+delayed-retirement", DRAWS, 3)
    np.testing.assert_array_equal(other["balance"].values, outlook["balance"].values)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_show_every_scheme_and_change(outlook, lang):
    text = plain_fund(outlook, "plan", lang)
    for label in (*outlook[f"scheme_{lang}"].values, *outlook[f"change_{lang}"].values):
        assert label in text
    assert "nan" not in text
    assert repr(outlook) == plain_fund(outlook, "plan") and repr(outlook[["effect"]]).startswith("<xarray")


def test_records_are_complete(outlook):
    rows = fund_rows(outlook)
    assert len(rows["accounts"]) == len(ACCOUNTS) * 4 * 4 * 6
    assert len(rows["effects"]) == len(CHANGES) * len(EFFECT_ACCOUNTS) * 4 * 6
    json.dumps(rows, allow_nan=False)


def test_figures_draw_what_the_outlook_holds(outlook):
    ax = pension_balance(outlook, "plan", "resident")
    line = next(one for one in ax.lines if len(one.get_xdata()) == 6)
    balance = told(outlook)["balance"].sel(scheme="resident").values / 1e8
    np.testing.assert_allclose(line.get_ydata(), balance)
    assert any("财政补助" in text.get_text() for text in ax.get_legend().get_texts())
    ratios = support_ratios(outlook, "plan", "en")
    assert len(ratios.get_legend().get_texts()) == 4


def test_the_command_prints_and_refuses(capsys):
    assert main(["fund", "--draws", "24"]) == 0
    assert "当期结余" in capsys.readouterr().out
    assert main(["fund", "--draws", "24", "--scenario", "baseline", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {row["scenario"] for row in report["accounts"]} == {"baseline"}
    for arguments, said in ((["--scenario", "paln"], "plan"), (["--as-of", "2019-01-01"], "outside the plan")):
        assert main(["fund", *arguments]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and said in captured.err
