"""The census of 2020 predicted from that of 2010: the model against naive rivals, and where it loses."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from ykforecast.assess.census_check import METHODS, TESTS, census_check
from ykforecast.processes.population_assumptions import PopulationAssumptions

NUMBERS = Path(__file__).resolve().parents[2] / "docs" / "figures" / "census_check.csv"


def test_model_beats_the_naive_rivals_on_withheld_ages(assumed: PopulationAssumptions) -> None:
    """A migration profile bridged over withheld cohorts must be worth more than none at all."""
    error = census_check(assumed).mean_absolute_error()[:, TESTS.index("withheld ages")]
    model, unchanged, survival = (error[METHODS.index(name)] for name in ("model", "unchanged", "survival"))
    assert model < 0.8 * survival
    assert model < 0.2 * unchanged
    assert model < 0.035


def test_model_beats_the_naive_rivals_on_withheld_districts_taken_together(assumed: PopulationAssumptions) -> None:
    """One half is lost to plain survival (districts differ in migration); both halves together are won."""
    check = census_check(assumed)
    gap = np.abs(check.predicted - check.counted)[:, 1:].sum(axis=(1, 2, 3)) / check.counted[1:].sum()
    assert gap[METHODS.index("model")] < gap[METHODS.index("survival")] < gap[METHODS.index("unchanged")]


def test_published_numbers_of_the_check_are_those_of_the_code(assumed: PopulationAssumptions) -> None:
    """The documented table, losses included, is what the code gives (docs/figures/census_check.py)."""
    means = census_check(assumed).mean_absolute_error()
    with open(NUMBERS, encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["age_group"] == "all"]
    assert len(rows) == len(TESTS) * len(METHODS)
    for row in rows:
        expected = means[METHODS.index(row["method"]), TESTS.index(row["test"])]
        assert float(row["relative_error"]) == pytest.approx(expected, abs=2e-4)
