"""Naive rivals of the sixteen: what they may read, on which basis they speak, and how they are shown."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import xarray as xr

import ykforecast as yk
from ykforecast.assess.naive_forecasts import (
    LAST_VALUE,
    indicator_past,
    known_figures,
    naive_forecasts,
    rival_paths,
)
from ykforecast.assess.progress import plan_date
from ykforecast.assess.rivals import RIVALS
from ykforecast.data.observation_form import COLUMNS
from ykforecast.present.rivals_table import plain_rivals, rivals_csv, rivals_note, rivals_table

MIDTERM = "2023-06-30"
DRAWS = 400
HEAD = ",".join(COLUMNS.values()) + "\n"


@pytest.fixture(scope="module")
def early(model):
    return naive_forecasts(model, draws=DRAWS)


@pytest.fixture(scope="module")
def late(model):
    return naive_forecasts(model, as_of=MIDTERM, draws=DRAWS)


@pytest.fixture(scope="module")
def card(model, calibration):
    runs = yk.project(calibration, ("baseline", "plan"), draws=20, keep="series")
    return yk.evaluate(yk.indicators(runs, model), model)


def test_only_figures_known_by_the_day_are_read(model):
    """A rival that saw the jump of 2022 before it was published would be no rival."""
    key = "unemployment_insured"
    for day, last, value in (
        (None, 2020, 239_000.0),  # the plan's figure: the yearbook's 239,171 came in 2021
        ("2022-05-30", 2020, 239_171.0),
        ("2022-05-31", 2021, 239_413.0),
        (MIDTERM, 2022, 341_563.0),
    ):
        past = indicator_past(key, known_figures(model, plan_date(day)), 2024)
        assert (min(past), max(past), past[last]) == (2011, last, value)


def test_only_figures_of_one_definition_are_read(model, early, late):
    """The enterprise scheme has a past of 2015-2020 in the yearbook; from 2021 that series counts both schemes."""
    for one in (early, late):
        enterprise = one.sel(indicator="pension_enterprise")
        assert (enterprise["first_year"], enterprise["last_year"], enterprise["figures"]) == (2015, 2020, 6)
    both = indicator_past("pension_employees_total", known_figures(model, plan_date(MIDTERM)), 2024)
    assert both == {2020: 973_500.0, 2021: 998_632.0, 2022: 1_137_485.0}


def test_few_figures_leave_few_rivals(late):
    """One figure shows no change, so nothing but the last value can be said; without a figure nothing at all."""
    told = np.isfinite(late["probability"]).sum("rival")
    expected = xr.where(late["figures"] > 1, len(RIVALS), late["figures"])
    np.testing.assert_array_equal(told, expected)
    assert set(late["figures"].values) >= {0, 1, 3}
    alone = late.sel(indicator="dibao_ratio")
    assert np.isfinite(alone["outcome"].sel(rival=LAST_VALUE)).all()
    assert alone["outcome"].sel(rival=LAST_VALUE, quantile=0.5) == pytest.approx(1.39, abs=0.005)


def test_outcomes_are_on_the_basis_of_the_target(model, early, tmp_path):
    """Five years of the last hires make the sum; growth of 6 % in every year is 6 % on average."""
    jobs = early["outcome"].sel(indicator="new_urban_jobs", rival=LAST_VALUE, quantile=0.5)
    assert jobs == pytest.approx(5 * 19_700.0, rel=0.005)
    form = tmp_path / "own.csv"
    growth = "labour_productivity_growth,,{},,当年,{},%,{}-03-31,人社局,\n"
    jobs_then = "new_urban_jobs,,{},,当年,{},万人,{}-03-31,人社局,\n"
    rows = [growth.format(2021, 6, 2022), growth.format(2022, 6, 2023)]
    rows += [jobs_then.format(2021, 2.5, 2022), jobs_then.format(2022, 2.1, 2023)]
    form.write_text(HEAD + "".join(rows), encoding="utf-8")
    found = naive_forecasts(model, as_of=MIDTERM, own=form, draws=DRAWS)["outcome"].sel(quantile=0.5)
    assert found.sel(indicator="labour_productivity_growth", rival=LAST_VALUE) == pytest.approx(0.06, abs=1e-6)
    # Two years are known and three repeat the last of them.
    assert found.sel(indicator="new_urban_jobs", rival=LAST_VALUE) == pytest.approx(25_000 + 4 * 21_000, rel=0.05)


def test_probability_is_that_of_the_outcome(model, early):
    """The quantiles and the probability come from the same draws."""
    for key, target in model.targets.items():
        for rival in RIVALS:
            one = early.sel(indicator=key, rival=rival)
            low, _, high = one["outcome"].values
            if np.isfinite(low) and target.attained_by(low) == target.attained_by(high):
                assert (one["probability"] >= 0.85) if target.attained_by(low) else (one["probability"] <= 0.15)


def test_the_same_seed_gives_the_same_rivals(model, early):
    xr.testing.assert_identical(naive_forecasts(model, draws=DRAWS), early)
    assert not naive_forecasts(model, draws=DRAWS, seed=3)["outcome"].equals(early["outcome"])


def test_the_error_of_a_single_figure_is_the_same_in_all_years():
    """Errors that came anew each year would cancel in a sum of five years and feign precision."""
    paths, other = (
        rival_paths(LAST_VALUE, series, {2020: 100.0}, [2021, 2022], unit="persons", sd=1.0, draws=50, seed=1)
        for series in ("insured", "jobs")
    )
    np.testing.assert_array_equal(paths[:, 0], paths[:, 1])
    assert paths.std() == pytest.approx(np.sqrt(2.0), rel=0.3)
    assert (np.argsort(paths[:, 0]) != np.argsort(other[:, 0])).any()


def test_the_table_holds_both(card, early):
    table = rivals_table(early, card)
    assert list(table.index) == card["indicator"].values.tolist()
    assert [*table.columns[-5:]] == [rival.label_zh for rival in RIVALS.values()]
    unknown = table.loc["veteran_card_issuance"]
    assert unknown["公布数"] == "0"
    assert (unknown[-5:] == "—").all()
    middle = card["outcome_median"].sel(indicator="dibao_ratio", scenario="plan").item()
    assert table.loc["dibao_ratio", "规划情景 (plan)"].startswith(f"{middle:.2f} (")
    text = plain_rivals(early, card, "en")
    assert "last value" in text
    assert text.endswith(rivals_note("en"))


def test_the_file_has_a_row_for_every_forecast(card, early):
    """Blank cells say that a rival has nothing to read; a missing row might be a fault."""
    rows = list(csv.DictReader(rivals_csv(early, card).splitlines()))
    assert len(rows) == 16 * (2 + len(RIVALS))
    jobs = {row["forecast"] or row["scenario"]: row for row in rows if row["indicator"] == "new_urban_jobs"}
    assert float(jobs["last_value"]["p50"]) == pytest.approx(9.85, abs=0.05)
    assert (jobs["drift"]["p50"], jobs["drift"]["probability"]) == ("", "")
    assert {row["scenario"] for row in rows if row["forecast"] == "model"} == {"baseline", "plan"}
