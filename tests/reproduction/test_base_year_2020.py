"""Every figure that the plan prints for 2020, reproduced to its printed rounding in every draw and scenario."""

from __future__ import annotations

import csv

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.data.locate import calibration_root
from ykforecast.vocabulary.units import from_base, to_base

PLAN = "yingkou_plan_2021_2025"


def _printed(table: str) -> list[dict[str, str]]:
    path = calibration_root() / PLAN / f"{table}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


BOX = [row for row in _printed("indicators") if row["year"] == "2020" and row["printed"]]
TEXT = [row for row in _printed("text_figures") if row["year"] == "2020"]


@pytest.fixture(scope="module")
def indicators(cohort_runs):
    return yk.indicators(cohort_runs)


def test_the_box_prints_thirteen_figures_of_2020():
    """Rows 5, 7 and 15 print one number only; were they read as 2020, the test below would be empty for them."""
    assert len(BOX) == 13 and len(TEXT) > 10


@pytest.mark.parametrize("row", BOX, ids=lambda row: row["variable"])
def test_the_2020_column_verbatim(indicators, row):
    decimals = len(row["printed"].partition(".")[2])
    values = indicators[row["variable"]].sel(year=2020).values.ravel()
    shown = {f"{from_base(value, row['unit']):.{decimals}f}" for value in values}
    assert shown == {row["printed"]}


@pytest.mark.parametrize("row", TEXT, ids=lambda row: row["variable"])
def test_the_text_figures_of_2020(cohort_runs, row):
    """Chapter 1 prints standards and benefits of 2020: they are carried in every run as published."""
    value = float(cohort_runs["standards/standard"].sel(standard_name=row["variable"]))
    assert value == pytest.approx(to_base(float(row["value"]), row["unit"]), rel=1e-12)


@pytest.mark.parametrize(
    ("series", "figure"),
    [
        ("enterprise_mean_benefit", "enterprise_pension_mean"),
        ("government_mean_benefit", "government_pension_mean"),
        ("resident_base_pension", "resident_basic_pension_min"),
        ("dibao_urban_standard", "dibao_urban"),
        ("dibao_rural_standard", "dibao_rural"),
    ],
)
def test_paths_start_at_the_text_figures(cohort_runs, series, figure):
    values = cohort_runs[f"series/{series}"].sel(year_end=2020).values
    expected = float(cohort_runs["standards/standard"].sel(standard_name=figure))
    np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_the_census_long_form_share_of_agriculture_is_met(cohort_runs):
    """23,559 of 100,203 employed in the long form work in agriculture."""
    series = cohort_runs["series"].to_dataset().sel(year_end=2020)
    np.testing.assert_allclose(series["farm_workers"] / series["employed"], 23559 / 100203, rtol=1e-9)


def test_flows_of_the_base_year_meet_the_outcomes_of_2016_2020(calibration):
    """24万 re-employed and 5.64万 transferred in five years are the yearly counts of the solved odds."""
    from ykforecast.kernels.flow_table import FLOWS

    flows = calibration.base.odds.annual_flows.sum(axis=(0, 2))
    by_class = {name: sum(flows[k] for k, row in enumerate(FLOWS) if row[2] == name) for name in ("find", "transfer")}
    assert by_class["find"] == pytest.approx(240_000 / 5, rel=1e-3)
    assert by_class["transfer"] == pytest.approx(56_400 / 5, rel=1e-3)
