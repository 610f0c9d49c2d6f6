"""The official retirement schedule and published worked examples, exactly."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ykforecast.processes.retirement import SCHEDULES, statutory_retirement

FOLDER = Path(__file__).parents[2] / "calibration_data" / "state_council_retirement_2024"


def rows(name: str) -> list[dict[str, str]]:
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("worked_examples.csv"), ids=lambda r: f"{r['category']}-{r['birth_month']}")
def test_published_examples_are_exact(row):
    person = statutory_retirement(row["birth_month"], row["category"])
    assert (person.delay_months, person.retirement_month) == (int(row["value"]), row["retirement_month"])


def test_formula_equals_the_annexed_tables_row_by_row():
    """The law is a table; the code is a formula. They must agree on every month of birth."""
    table = rows("schedule.csv")
    wrong = [
        row
        for row in table
        if statutory_retirement(row["birth_month"], row["category"]).delay_months != int(row["value"])
    ]
    assert not wrong and len(table) > 400


@pytest.mark.parametrize("category", ["male60", "female55", "female50"])
def test_first_and_last_rows_of_the_annexed_tables(category):
    """Nobody born before the first row is delayed; the delay never exceeds the largest printed one."""
    birth = [row["birth_month"] for row in rows("schedule.csv") if row["category"] == category]
    year, month = (int(part) for part in min(birth).split("-"))
    before = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"
    assert statutory_retirement(before, category).delay_months == 0
    assert statutory_retirement("2005-06", category).delay_months == SCHEDULES[category].cap


def test_law_in_code_equals_the_published_rules():
    published = {(r["category"], r["variable"]): int(r["value"]) for r in rows("rules.csv")}
    for category, schedule in SCHEDULES.items():
        assert schedule.original_age_months == published[category, "original_age"]
        assert schedule.cap == published[category, "largest_delay"]
        assert schedule.step == published[category, "birth_months_per_month_of_delay"]
