"""The difference of two scenarios: paired draws, its errors, and what explains it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import xarray as xr

import ykforecast as yk
from ykforecast.assess.attainment import change_of_attainment
from ykforecast.present.difference_table import difference_table, lever_table, plain_difference
from ykforecast.simulate.calibrated import Evidence
from ykforecast.simulate.scenarios import Past
from ykforecast.vocabulary.errors import RequestError

NAMES = ("baseline", "skills", "plan", "slow-growth", "plan*0.5+slow-growth")


@pytest.fixture(scope="module")
def runs(calibration):
    return yk.project(calibration, NAMES, draws=60, seed=5, keep="series")


@pytest.fixture(scope="module")
def found(runs):
    return yk.difference(runs, "baseline", "plan")


def test_differences_are_taken_draw_by_draw(runs, found):
    """The median of differences, not the difference of medians; the spread is that of the effect alone."""
    values = yk.indicators(runs)["unemployment_insured"]
    paired = (values.sel(scenario="plan") - values.sel(scenario="baseline")).sel(year=2025).values
    here = found.sel(indicator="unemployment_insured", year=2025)
    assert here["change"] == pytest.approx(np.median(paired))
    np.testing.assert_allclose(here["change_interval"].sel(level=0.8), np.quantile(paired, [0.1, 0.9]))
    assert here["share_positive"] == (paired > 0).mean()
    whole = np.quantile(values.sel(scenario="plan", year=2025), [0.1, 0.9])
    assert np.ptp(here["change_interval"].sel(level=0.8).values) < 0.8 * np.ptp(whole)


def test_sums_of_five_years_are_judged_on_their_sum(runs, found):
    values = yk.indicators(runs)["new_urban_jobs"].sel(year=slice(2021, 2025)).sum("year")
    paired = values.sel(scenario="plan") - values.sel(scenario="baseline")
    assert found["outcome_change"].sel(indicator="new_urban_jobs") == pytest.approx(float(paired.median()))


def test_probabilities_are_those_of_the_scorecard(runs, found, model):
    card = yk.evaluate(runs, model).sel(scenario=["baseline", "plan"])
    np.testing.assert_array_equal(found["probability"], card["probability"])
    np.testing.assert_allclose(found["probability_change"], card["probability"].diff("scenario").squeeze("scenario"))
    np.testing.assert_array_equal(found["joint_probability"], card["joint_probability"])


def test_turned_round_every_change_has_the_other_sign(runs, found):
    back = yk.difference(runs, "plan", "baseline")
    for name in ("change", "outcome_change", "probability_change", "joint_probability_change"):
        np.testing.assert_allclose(back[name], -found[name], rtol=1e-12)
    np.testing.assert_array_equal(back["explanation"], found["explanation"])


def test_the_error_of_a_change_is_that_of_matched_pairs():
    """Over many samples the changes scatter as their errors say; the errors of both shares apart would be too wide."""
    rng = np.random.default_rng(2)
    common = rng.random((2_000, 400))
    first, second = (
        xr.DataArray(common + 0.05 * rng.random(common.shape) > cut, dims=("sample", "draw")) for cut in (0.6, 0.55)
    )
    change, error = change_of_attainment(first, second)
    assert float(error.mean()) == pytest.approx(float(change.std()), rel=0.05)
    apart = np.sqrt(2 * 0.4 * 0.6 / 400)
    assert float(error.mean()) < 0.5 * apart


def test_no_draw_that_changes_sides_is_no_certainty():
    same = xr.DataArray(np.arange(100) < 30, dims="draw")
    change, error = change_of_attainment(same, same)
    assert change == 0.0
    assert 0.0 < error < 0.02


def test_every_changed_indicator_is_explained(runs, model):
    """Declared by a lever that differs, or said to be a side effect; what no lever reaches keeps every bit."""
    found = yk.difference(runs, "baseline", "skills")
    why = found["explanation"].to_series()
    assert list(found["lever"]) == ["skills", "vocational_education", "hr_market"]
    assert list(found["dose"].sel(scenario="skills", lever="hr_market")) == [0.0, 0.05, 0.05, 0.05, 0.05]
    assert why["subsidised_training"] == why["mean_years_schooling"] == "lever"
    assert why["new_urban_jobs"] == "side_effect"
    assert why["dibao_ratio"] == "unchanged"
    assert not found["change"].sel(indicator="dibao_ratio").any()
    declared = {key for one in found["lever"].values for key in model.levers[one].moves}
    assert set(why.index[why == "lever"]) == declared & set(model.indicators)


def test_shocks_are_named_beside_the_measures(runs):
    shock = yk.difference(runs, "baseline", "slow-growth")
    assert shock.attrs["shocks"] == ["gdp_growth"]
    assert set(shock["explanation"].values) == {"shock", "unchanged"}
    assert "外部冲击不同：给定的增速" in repr(shock)
    assert "两情景的措施相同" in repr(shock)
    both = yk.difference(runs, "baseline", "plan * 0.5 + slow-growth")["explanation"]
    assert both.sel(indicator="surveyed_unemployment_rate") == "lever_and_shock"
    assert both.sel(indicator="labour_productivity_growth") == "lever_and_shock"
    half = yk.difference(runs, "slow-growth", "plan*0.5+slow-growth")
    assert half.attrs["shocks"] == []


def test_years_that_have_passed_do_not_differ(calibration):
    """What was done is a fact: a comparison made in 2023 speaks of the measures that are left."""
    evidence = Evidence(date(2023, 6, 30), (), past=Past("plan", 2022))
    late = yk.project(replace(calibration, evidence=evidence), ["baseline", "plan"], draws=4, keep="series")
    found = yk.difference(late, "baseline", "plan")
    doses = found["dose"].sel(lever="skills")
    assert doses.sel(scenario="baseline").values.tolist() == [13_000, 13_000, 0, 0, 0]
    assert doses.sel(scenario="plan").values.tolist() == [13_000] * 5
    assert not found["change"].sel(year=[2021, 2022]).any()


def test_the_tables_show_both(found):
    table, levers = difference_table(found), lever_table(found)
    assert list(table.index) == found["indicator"].values.tolist()
    assert table.loc["unemployment_insured", "2025"].startswith("+")
    assert table.loc["dibao_ratio", "2025"].startswith("-0.0")
    assert levers.loc["skills", "申报影响的指标"] == "2、5、6"
    assert levers.loc["ui_expansion", "2025"] == "+7.1"
    assert levers.loc["ui_expansion", "2021"] == ""
    assert levers.loc["fund_supervision", "申报影响的指标"] == "基金收支"
    assert levers.loc["ui_expansion", "剂量之差"] == "个百分点/年"  # as in every other table of doses
    text = repr(found)
    assert text.startswith("规划情景 (plan) 减 基准情景 (baseline)：16项指标中")
    assert "16项有不同的措施申报" in text


def test_what_no_measure_declares_is_said(runs):
    """Training moves who is employed, and through it the insured: a side effect through the cohorts."""
    text = repr(yk.difference(runs, "baseline", "skills"))
    assert "没有不同的措施申报、经队列模型传导而变：1 城镇新增就业人数" in text


def test_the_english_tables_have_no_chinese(found):
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in plain_difference(found, "en"))


def test_names_are_shown_as_text_in_html(calibration):
    mine = yk.Scenario("mine", {"skills": {2023: 1.0}}, label_zh="<b>我的</b>")
    runs = yk.project(calibration, ["baseline", mine], draws=4, keep="series")
    page = yk.difference(runs, "baseline", "mine")._repr_html_()
    assert "&lt;b&gt;我的" in page
    assert "<b>我的" not in page


def test_numbers_come_as_a_frame_too(found):
    frame = found.to_frame()
    assert frame.index.names == ["indicator", "year"]
    assert len(frame) == 16 * 5
    one = frame.loc[("unemployment_insured", 2025)]
    assert one["p2.5"] <= one["p10"] <= one["median"] <= one["p90"] <= one["p97.5"]
    assert (one["unit"], one["explanation"]) == ("persons", "lever")


def test_a_part_of_a_difference_shows_itself_as_a_dataset(found):
    assert "xarray.Difference" in repr(found[["change"]])


def test_everything_has_its_name(found):
    for name in found.data_vars:
        assert found[name].attrs["label_zh"] and found[name].attrs["long_name"], name


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("baseline", "baseline"), "does not differ from itself"),
        (("baseline", "plann"), "Did you mean 'plan'"),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, pair, words):
    with pytest.raises(RequestError, match=words):
        yk.difference(runs, *pair)
