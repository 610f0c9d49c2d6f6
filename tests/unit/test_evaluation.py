"""The scorecard: bases, relations, probabilities, progress and the four official classes."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.unit import synthetic
from ykforecast.assess.attainment import attained, joint_attainment, on_basis, probability_of_attainment
from ykforecast.assess.classes import CLASSES, RULES_FILE, ClassRules, class_index, class_range
from ykforecast.assess.evaluation import evaluate
from ykforecast.assess.intervals import LEVELS
from ykforecast.vocabulary.errors import ModelError, RequestError

BINDING = ["mean_years_schooling", "medical_coverage", "unemployment_insured", "work_injury_insured"]


def series(values: list[float], draws: int = 1) -> xr.DataArray:
    return xr.DataArray(
        np.tile(values, (draws, 1)), dims=("draw", "year"), coords={"year": range(2020, 2026)}, name="x"
    )


def straight(indicators: xr.Dataset, key: str, values: list[float]) -> xr.Dataset:
    """The same indicators with one path put in every draw and scenario."""
    changed = indicators.copy()
    changed[key] = indicators[key].copy(data=np.broadcast_to(values, indicators[key].shape))
    return changed


def test_five_year_sum_leaves_2020_out(model):
    # 〔9〕 speaks of 2021-2025; the flow of 2020 stands in the column beside it and is no part of the sum.
    outcome = on_basis(series([1000.0, 1, 2, 3, 4, 5]), model.targets["new_urban_jobs"])
    assert outcome.item() == 15.0


def test_level_is_the_last_year(model):
    # 2025 targets without brackets are stocks or rates of that year alone.
    assert on_basis(series([1, 2, 3, 4, 5, 6]), model.targets["unemployment_insured"]).item() == 6.0


def test_annual_mean_is_the_constant_rate_between_the_first_and_last_level(model):
    # 年均增长 is defined by levels: growing at the mean every year must end at the same place.
    growth = [np.nan, 0.10, 0.00, 0.08, -0.03, 0.06]
    mean = on_basis(series(growth), model.targets["labour_productivity_growth"]).item()
    assert (1 + mean) ** 5 == pytest.approx(np.prod([1 + rate for rate in growth[1:]]))
    assert mean < np.mean(growth[1:])  # an arithmetic mean would flatter a bumpy path


def test_basis_needs_every_year(model):
    # A sum over four years would pass for a sum over five.
    with pytest.raises(RequestError, match="2023"):
        on_basis(series([1, 2, 3, 4, 5, 6]).drop_sel(year=2023), model.targets["new_urban_jobs"])


@pytest.mark.parametrize(
    ("key", "at_threshold", "just_worse"),
    [
        ("new_urban_jobs", False, False),  # > 9: nine itself is not more than nine
        ("unemployment_insured", True, False),  # >= 34
        ("dibao_ratio", True, False),  # smaller is better
        ("pension_employees_total", True, False),  # a bare figure is to be reached
        ("surveyed_unemployment_rate", True, False),  # 左右, with its tolerance
    ],
)
def test_the_printed_relation_decides_at_the_threshold(model, key, at_threshold, just_worse):
    target = model.targets[key]
    worse = 1 - 1e-9 if target.direction == "up" else 1 + 1e-9
    met = attained(xr.DataArray([target.threshold, target.threshold * worse], dims="draw"), target)
    assert met.values.tolist() == [at_threshold, just_worse]


def test_arrays_and_single_figures_are_judged_alike(model):
    # Two implementations of one relation would drift apart.
    for target in model.targets.values():
        values = target.threshold * np.array([0.9, 1.0, 1.1])
        met = attained(xr.DataArray(values, dims="draw"), target).values.tolist()
        assert met == [target.attained_by(value) for value in values]


def test_nan_is_neither_met_nor_missed(model):
    # nan > 9 is False in floating point: a broken run would read as a missed target.
    with pytest.raises(RequestError, match="not a number"):
        attained(xr.DataArray([1.0, np.nan], dims="draw"), model.targets["new_urban_jobs"])


def test_probability_is_the_share_of_draws_and_its_error_that_of_a_share():
    # The usual formula holds in the middle; at the ends it would claim certainty from 50 draws.
    p, error = probability_of_attainment(xr.DataArray(np.arange(4000) < 1200, dims="draw"))
    assert p.item() == 0.3
    assert error.item() == pytest.approx(np.sqrt(0.3 * 0.7 / 4000), rel=0.01)
    p, error = probability_of_attainment(xr.DataArray(np.ones(50, bool), dims="draw"))
    assert p.item() == 1.0
    assert 0.005 < error.item() < 0.05


def test_joint_probability_counts_draws_not_products():
    # Two targets met in the same half of the draws are met together in half, not in a quarter.
    half = xr.DataArray(np.arange(100) < 50, dims="draw")
    together, _ = probability_of_attainment(joint_attainment({"a": half, "b": half}, ["a", "b"]))
    apart, _ = probability_of_attainment(joint_attainment({"a": half, "b": ~half}, ["a", "b"]))
    assert (together.item(), apart.item()) == (0.5, 0.0)
    with pytest.raises(RequestError, match="no target"):
        joint_attainment({"a": half}, [])


def test_joint_probability_of_the_binding_targets_lies_within_its_bounds(card):
    # Frechet: at most the smallest single probability, at least their sum less (number - 1).
    single = card["probability"].sel(indicator=BINDING)
    assert card.attrs["binding"] == BINDING
    assert bool((card["joint_probability"] <= single.min("indicator")).all())
    assert bool((card["joint_probability"] >= single.sum("indicator") - len(BINDING) + 1).all())


def test_every_row_has_scenario_indicator_and_nested_intervals(card, model):
    # The 95 % interval holds the 80 %, that the 50 %, that the median.
    assert card["indicator"].values.tolist() == list(model.indicators)
    low = card["outcome_interval"].sel(bound="lower")
    high = card["outcome_interval"].sel(bound="upper")
    assert card["level"].values.tolist() == list(LEVELS)
    assert bool((low.diff("level") <= 0).all()) and bool((high.diff("level") >= 0).all())
    assert bool(((low.isel(level=0) <= card["outcome_median"]) & (card["outcome_median"] <= high)).all())


def test_before_any_later_figure_nothing_is_realised(card):
    # At the base the class can only be a forecast: a progress of zero would read as failure.
    assert card.attrs["class_basis"] == "forecast"
    assert bool(card["progress"].isnull().all()) and bool(card["pace"].isnull().all())
    assert card["elapsed"].item() == 0.0


def test_progress_of_a_stock_is_interpolated_within_the_year(indicators, model):
    # On a straight path progress equals elapsed time on any date, whatever the month.
    target = model.targets["unemployment_insured"]
    path = np.linspace(target.base, target.value, 6)
    when = "2023-06-30"
    card = evaluate(straight(indicators, "unemployment_insured", path), model, as_of=when)
    assert card["elapsed"].item() == pytest.approx((2 + 181 / 365) / 5)
    progress = card["progress"].sel(indicator="unemployment_insured").values
    assert progress == pytest.approx(card["elapsed"].item())


def test_progress_of_a_sum_counts_part_of_the_running_year(indicators, model):
    # By mid-2023 two years and 181 of 365 days have passed.
    card = evaluate(straight(indicators, "new_urban_jobs", [19_700] + [18_000] * 5), model, "2023-06-30")
    expected = (2 + 181 / 365) * 18_000 / 90_000
    assert card["progress"].sel(indicator="new_urban_jobs").values == pytest.approx(expected)


@pytest.mark.parametrize("as_of", [None, "2022-12-31", "2023-06-30", "2024-10-01"])
def test_the_required_pace_reaches_the_target(indicators, model, as_of):
    # What is reached plus the pace times the time left is the target: that is what the pace is for.
    card = evaluate(indicators, model, as_of).sel(scenario="plan")
    left = 5.0 * (1.0 - card["elapsed"].item())
    for key in ("unemployment_insured", "subsidised_training", "dibao_ratio"):
        row, target = card.sel(indicator=key), model.targets[key]
        start = 0.0 if target.basis == "cumulative" else target.base
        so_far = 0.0 if as_of is None else row["pace"].item() * (5.0 - left)
        assert start + so_far + row["required_pace"].item() * left == pytest.approx(target.value)


def test_required_growth_makes_up_for_the_years_passed(indicators, model):
    # Growth already had and growth still required compound to five years at the target.
    card = evaluate(indicators, model, "2022-12-31").sel(indicator="labour_productivity_growth", scenario="plan")
    whole = (1 + card["pace"]) ** 2 * (1 + card["required_pace"]) ** 3
    assert whole.item() == pytest.approx(1.06**5)


def test_progress_is_not_shown_where_it_means_nothing(indicators, model):
    # 66.38 -> 66.5 and 4966 -> 5000 are within the noise of the figure; 左右 targets are lines to hold.
    card = evaluate(indicators, model, "2023-06-30")
    silent = card["indicator"].where(card["progress"].isnull().all("scenario"), drop=True).values.tolist()
    assert {"surveyed_unemployment_rate", "urban_employment_share", "poverty_alleviated_workers"} < set(silent)
    assert "labour_productivity_growth" in silent
    assert not {"unemployment_insured", "new_urban_jobs", "dibao_ratio", "medical_coverage"} & set(silent)


def test_classes_have_the_four_official_words_in_order():
    # Departments write these words into the report; another wording would be a new class.
    assert CLASSES == ("提前实现", "快于预期", "基本符合预期", "滞后")


@pytest.mark.parametrize(
    ("probability", "lead", "early", "anticipatory", "binding"),
    [
        (0.95, 0.10, True, "提前实现", "提前实现"),
        (0.85, 0.10, True, "快于预期", "基本符合预期"),
        (0.95, 0.10, False, "快于预期", "快于预期"),
        (0.95, 0.04, False, "基本符合预期", "基本符合预期"),
        (0.95, np.nan, False, "基本符合预期", "基本符合预期"),
        (0.60, 0.30, False, "基本符合预期", "滞后"),
        (0.49, 0.30, True, "滞后", "滞后"),
    ],
)
def test_binding_targets_answer_to_stricter_cut_offs(model, probability, lead, early, anticipatory, binding):
    rules = ClassRules.read(model.folder)
    for is_binding, expected in ((False, anticipatory), (True, binding)):
        index = class_index(
            np.array([probability]), np.array([lead]), np.array([early]), binding=is_binding, rules=rules
        )
        assert CLASSES[index[0]] == expected


def test_classes_never_get_worse_as_the_probability_rises(model):
    # A better forecast with the same past cannot be a worse verdict.
    rules = ClassRules.read(model.folder)
    p = np.linspace(0, 1, 101)
    for binding in (False, True):
        for lead in (-0.2, 0.2, np.nan):
            for early in (False, True):
                index = class_index(p, np.full(101, lead), np.full(101, early), binding=binding, rules=rules)
                assert (np.diff(index) <= 0).all()


def test_classes_within_the_monte_carlo_error_are_printed_as_open(model):
    # With 40 draws a probability of one half has an error of 8 points: either side is possible.
    indicators = synthetic.indicators(draws=40)
    even = np.where(np.arange(40) % 2 == 0, 1.01, 0.99) * model.targets["pension_government"].value
    path = indicators["pension_government"].copy()
    path.loc[{"year": 2025}] = even
    card = evaluate(indicators.assign(pension_government=path), model)
    assert "介于" in card["class_range"].sel(indicator="pension_government", scenario="plan").item()
    assert class_range(2, 2) == "基本符合预期"


def test_the_order_of_draws_and_other_scenarios_change_nothing(indicators, model):
    # Draws are exchangeable, and a scenario is judged on its own.
    card = evaluate(indicators, model)
    shuffled = evaluate(indicators.isel(draw=np.random.default_rng(0).permutation(400)), model)
    xr.testing.assert_allclose(card, shuffled.assign_attrs(card.attrs))
    xr.testing.assert_equal(card.sel(scenario=["plan"]), evaluate(indicators.sel(scenario=["plan"]), model))


def test_runs_and_indicators_give_the_same_card(indicators, card, model):
    # A stored run carries its indicators: evaluating either is the same question.
    tree = xr.DataTree.from_dict({"/indicators": indicators})
    xr.testing.assert_identical(card, evaluate(tree, model))
    one = evaluate(indicators.sel(scenario="plan"), model)
    assert one["scenario"].values.tolist() == ["plan"]


def test_names_of_the_users_own_scenarios_come_from_the_run(model):
    # A scenario made in a notebook is in no file: its names have to come with the run.
    data = synthetic.indicators(("mine", "plan", "a+b"), draws=20)
    data.attrs |= {"scenarios": ["mine", "a+b"]}
    data.attrs |= {"scenario_labels_zh": ["我的情景", "甲＋乙"], "scenario_labels_en": ["My scenario", "A + B"]}
    card = evaluate(data)  # the model of the run, or the default
    plan = model.scenarios["plan"]
    assert card["scenario_zh"].values.tolist() == ["我的情景", plan.label_zh, "甲＋乙"]
    assert card["scenario_en"].values.tolist() == ["My scenario", plan.label_en, "A + B"]


def test_the_name_of_a_single_scenario_survives_storage(model):
    # A file gives a list of one text back as the text: its letters are not names.
    data = synthetic.indicators(("mine",), draws=20)
    data.attrs |= {"scenarios": "mine", "scenario_labels_zh": "我的情景", "scenario_labels_en": "My scenario"}
    assert evaluate(data, model)["scenario_zh"].values.tolist() == ["我的情景"]


def test_everything_on_a_card_has_its_name_and_unit(card):
    # A file that is opened in five years has to explain itself, and carry nothing of the run by accident.
    for name in card.variables:
        attrs = card[name].attrs
        assert set(attrs) <= {"long_name", "label_zh", "units"}, name
        assert attrs["long_name"], name
        assert attrs["label_zh"], name
        assert ("units" in attrs) == (
            name in card.data_vars and card[name].dtype.kind == "f" or name in {"level", "quantile"}
        ), name


def test_runs_of_other_files_ask_for_their_model(indicators, model):
    # Judging a city by the targets of another would look right and be wrong.
    data = indicators.assign_attrs(model=model.name, model_digest="sha256:" + "0" * 64)
    with pytest.raises(RequestError, match="argument 'model'"):
        evaluate(data)
    assert evaluate(data, model)["probability"].notnull().all()


def test_a_card_survives_storage(card, tmp_path):
    # Labels and classes are text: they must come back from NetCDF as they were.
    file = tmp_path / "card.nc"
    card.to_netcdf(file, engine="h5netcdf")
    with xr.open_dataset(file, engine="h5netcdf") as read:
        assert read["class"].values.tolist() == card["class"].values.tolist()
        assert read["target_printed"].values.tolist() == card["target_printed"].values.tolist()


@pytest.mark.parametrize("as_of", ["2023-13-01", "mid-2023", "2019-12-31", "2026-01-01"])
def test_impossible_dates_are_refused(indicators, model, as_of):
    # A typing error must not silently judge another date.
    with pytest.raises(RequestError, match="as_of"):
        evaluate(indicators, model, as_of)


def test_missing_indicators_and_dimensions_are_named(indicators, model):
    # The user has to learn which one is missing.
    with pytest.raises(RequestError, match="medical_coverage"):
        evaluate(indicators.drop_vars("medical_coverage"), model)
    with pytest.raises(RequestError, match="draw"):
        evaluate(indicators.median("draw"), model)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("[early]", "[earlier]"), "Did you mean 'early'"),
        (("[early]\nvalue = 0.90", "[early]\nvalue = 1.5"), "a cut-off is a share"),
        (("[early]\nvalue = 0.90\n", "[early]\n"), "missing"),
        (("[lead]", "[[lead]]"), "lead"),
    ],
)
def test_wrong_rules_are_refused_with_their_place(model, tmp_path, change, found):
    # Departments edit this file: a slip must name the file and the rule.
    text = (model.folder / RULES_FILE).read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / RULES_FILE).write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(ModelError, match=found) as caught:
        ClassRules.read(tmp_path)
    assert RULES_FILE in str(caught.value)


def test_a_rule_left_out_is_not_guessed(model, tmp_path):
    # A default hidden in code would be a cut-off without a reason.
    text = (model.folder / RULES_FILE).read_text(encoding="utf-8")
    (tmp_path / RULES_FILE).write_text(text.split("[errors_apart]")[0], encoding="utf-8")
    with pytest.raises(ModelError, match="errors_apart"):
        ClassRules.read(tmp_path)
