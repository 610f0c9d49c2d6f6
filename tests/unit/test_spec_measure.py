"""Measures of the plan: nothing that it asks for is left without a lever or a reason."""

from __future__ import annotations

import pytest

from tests.damage import damage
from ykforecast.data.check_model import check_model
from ykforecast.data.tables import read_table
from ykforecast.spec.measure import Measure, PlanFigure
from ykforecast.vocabulary.errors import ModelError

FIGURE = {"printed": "1万", "counts": "posts", "counts_zh": "岗位"}
#: As `other_targets.csv` counts them, and as the plan prints them.
PRINTED = {
    "graduate_posts": "1万",
    "graduate_fairs_large": "3场",
    "graduate_matching_events": "40场",
    "training_subsidised": "6.5万",
    "hr_agencies": "70家",
    "hr_agency_staff": "4000人",
    "temporary_relief_reserve": "人均2元",
    "eldercare_centre_coverage": "60%",
}


def test_all_sections_of_the_three_chapters_are_there(model):
    """Seven, eight and four sections; boxes two to nineteen: the first box is the table of the indicators."""
    sections = set(model.plan_sections)
    assert sections == {f"2.{n}" for n in range(1, 8)} | {f"3.{n}" for n in range(1, 9)} | {
        f"4.{n}" for n in range(1, 5)
    } | {f"专栏{n}" for n in range(2, 20)}
    assert set(model.measures.sections) == sections


def test_every_printed_number_is_a_dose_or_has_a_reason(model):
    """Those of the table of other targets, among them the two that are doses of the plan."""
    figures = [
        figure
        for section in model.measures.sections.values()
        for measure in section.measures
        for figure in measure.figures
    ]
    rows = read_table("yingkou_plan_2021_2025", "other_targets").columns["variable"]
    assert set(rows) == set(PRINTED)
    assert {figure.printed for figure in figures} >= set(PRINTED.values())
    assert {figure.lever for figure in figures} - {None} == {"graduates", "skills"}


def test_every_reason_is_used(model):
    used = {measure.none for section in model.measures.sections.values() for measure in section.measures}
    assert used - {None} == set(model.measures.reasons)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("model.toml", '"4.3", "4.4"', '"4.3", "4.4", "4.5"', ["sections.4.5", "not covered"]),
        ("model.toml", '"4.3", "4.4"', '"4.4"', ["sections.4.3", "no such section"]),
        ("measures.toml", 'levers = ["growth_first"]', 'levers = ["growth_frist"]', ["growth_frist", "unknown lever"]),
        ("measures.toml", 'none = "eldercare"', 'none = "eldercar"', ["no such reason", "eldercare"]),
        ("measures.toml", "value = 10000", "value = 12000", ["plan scenario", "1万"]),
        ("levers.toml", 'where = "2.4 专栏6"', 'where = "2.4 专栏7"', ["专栏7", "skills", "no measure"]),
    ],
)
def test_the_check_finds_what_is_left_out(model_copy, file, old, new, words):
    damage(model_copy / file, old, new)
    found = "\n".join(str(finding) for finding in check_model(model_copy)[1])
    assert all(word in found for word in words), found


@pytest.mark.parametrize(
    "fields",
    [
        {"lever": "graduates"},
        {},
        {"lever": "graduates", "value": 1.0, "over": "year", "reason": "both"},
    ],
)
def test_a_number_is_a_dose_or_has_a_reason(fields):
    with pytest.raises(ModelError, match="reason"):
        PlanFigure.of(**FIGURE, **fields)


@pytest.mark.parametrize("fields", [{}, {"levers": ["skills"], "none": "services"}])
def test_a_measure_has_levers_or_a_reason(fields):
    with pytest.raises(ModelError, match="levers"):
        Measure.of(title_zh="措施", title_en="measure", **fields)


def test_a_sum_of_the_plan_is_compared_with_the_sum_of_the_doses():
    figure = PlanFigure.of(**FIGURE, lever="skills", value=30.0, over="plan")
    assert figure.is_dosed({2021: 10.0, 2022: 20.0})
    assert not figure.is_dosed({2021: 30.0, 2022: 30.0})
