"""Yearly targets of the shipped plan: printed sums, identities, districts, what passed years leave."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.annual_targets import ESTIMATED, HELD, PUBLISHED, SUMS
from ykforecast.present.targets_table import plain_targets, target_rows, targets_csv
from ykforecast.vocabulary.errors import RequestError


@pytest.fixture(scope="module")
def late(calibration):
    return yk.assimilate(calibration, "2023-06-30", draws=100)


@pytest.fixture(scope="module", params=["even", "growth", "capacity"])
def targets(request, calibration):
    return yk.annual_targets(calibration, request.param, draws=100, districts=True)


def test_years_add_up_or_end_at_the_plan(targets, model):
    for key, target in model.targets.items():
        path = targets["annual_target"].sel(indicator=key).values
        if target.basis == "cumulative":
            assert path.sum() == pytest.approx(target.value, abs=1e-6)
        elif target.basis == "annual_mean":
            assert np.prod(1 + path) ** 0.2 - 1 >= target.value - 1e-9
        else:
            assert path[-1] == pytest.approx(target.value)


def test_eight_is_nine_and_ten_everywhere(targets):
    for name in ("annual_target", "district_target"):
        whole, first, second = (
            targets[name].sel(indicator=f"pension_{part}").values
            for part in ("employees_total", "enterprise", "government")
        )
        assert np.rint(whole / 100).tolist() == np.rint((first + second) / 100).tolist()


def test_every_district_with_a_target_has_its_chance(targets):
    """A target without a chance tells an official nothing; an assumed split is named as the condition."""
    split = targets.sel(indicator=targets["district_grade"] != "", year=list(targets.attrs["years_left"]))
    chance = split["district_probability"]
    assert np.isfinite(chance).all() and ((chance >= 0) & (chance <= 1)).all()
    # Shares of the draws lie about the medians that targets are split at: districts stand about where the city does.
    assert float(abs(chance.mean("district") - split["probability"]).max()) < 0.25


def test_districts_add_up_as_printed(targets):
    split = targets["district_grade"] != ""
    assert split.sum() == 9
    city, sums = (targets[name].sel(indicator=split) for name in ("annual_target", "district_target"))
    assert sums.sum("district").values == pytest.approx(city.values, abs=1e-6)


def test_the_chance_of_the_last_year_is_that_of_the_plan(targets, calibration):
    """Levels end at the plan's target: two ways to the same number must not disagree."""
    card = yk.evaluate(yk.project(calibration, "plan", draws=100, keep="series"))
    for key in ("pension_enterprise", "unemployment_insured", "dibao_ratio", "mean_years_schooling"):
        chance = float(targets["probability"].sel(indicator=key, year=2025))
        assert chance == pytest.approx(float(card["probability"].sel(indicator=key).item()), abs=0.03)


def test_a_line_to_hold_is_the_same_every_year(targets):
    assert targets["annual_target"].sel(indicator="surveyed_unemployment_rate").values == pytest.approx([0.055] * 5)


def test_passed_years_show_figures_and_the_rest_keeps_the_sum(late, model):
    found = yk.annual_targets(late, "growth", draws=100)
    assert found.attrs["years_left"] == [2023, 2024, 2025]
    insured = found.sel(indicator="unemployment_insured")
    assert insured["status"].values.tolist() == [PUBLISHED, PUBLISHED, HELD, HELD, HELD]
    assert insured["annual_target"].values[0] == pytest.approx(239_000, abs=1_000)
    jobs = found.sel(indicator="new_urban_jobs")
    assert set(jobs["status"].values[:2]) == {ESTIMATED}
    assert float(jobs["annual_target"].sum()) == pytest.approx(90_000)
    assert np.isnan(found["probability"].values[:, :2]).all()
    whole, first, second = (
        found["annual_target"].sel(indicator=f"pension_{part}").values
        for part in ("employees_total", "enterprise", "government")
    )
    assert whole == pytest.approx(first + second)
    for key, target in model.targets.items():
        path, status = (found[name].sel(indicator=key).values for name in ("annual_target", "status"))
        if target.basis != "level" or target.relation == "about":
            continue
        sign = 1 if target.direction == "up" else -1
        if HELD in status:  # only where it has been passed may the table's figures turn back, and it says so
            assert sign * path[1] >= sign * target.value - 1e-9
            assert path[-1] == pytest.approx(target.value)
            if key not in SUMS:  # 8 stays the sum of 9, which is held, and of 10, which may still be on its way
                assert path[2:] == pytest.approx([target.value] * 3)
        else:
            assert (sign * np.diff(path[1:]) >= -1e-9).all()
    assert set(found.sel(indicator="pension_employees_total")["status"].values[2:]) == {HELD}
    text = plain_targets(found)
    assert "102.65#" in text
    assert "守住目标线" in text
    assert "a line to hold" in plain_targets(found, "en")


def test_a_chance_asked_for_eases_the_years_before_the_last(calibration):
    eased = yk.annual_targets(calibration, draws=100, least=0.5)
    for key in ("medical_coverage", "social_security_cards", "pension_government"):
        assert float(eased["probability"].sel(indicator=key, year=[2022, 2023, 2024]).min()) >= 0.4
    assert float(eased["annual_target"].sel(indicator="medical_coverage", year=2025)) == pytest.approx(0.95)


def test_tables_say_all(targets):
    text = plain_targets(targets)
    assert "城镇新增就业人数" in text
    assert "鲅鱼圈区" in text
    assert repr(targets) == text
    assert "Bayuquan" not in plain_targets(targets, "en").split("\n")[0]
    rows = list(target_rows(targets))
    assert len(rows) == 16 * 5 + 9 * 6 * 5
    assert targets_csv(targets).count("\n") == len(rows) + 1


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"how": "evne"}, "how"),
        ({"least": 1.0}, "least"),
        ({"least": "0.5"}, "least"),
        ({"scenario": ["plan", "baseline"]}, "scenario"),
    ],
)
def test_impossible_requests_are_refused(calibration, options, key):
    with pytest.raises(RequestError) as error:
        yk.annual_targets(calibration, **options)
    assert error.value.key == key
