"""Definitions of the sixteen indicators on a run made by hand, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import ykforecast as yk
from ykforecast.assess.breakdowns import CARRIED
from ykforecast.assess.indicators import INDICATORS
from ykforecast.vocabulary.errors import RequestError


def test_every_row_of_the_plan_has_its_definition_and_no_other(model):
    assert list(INDICATORS) == list(model.indicators)


def test_units_names_and_years_are_those_of_the_registry(cohort_runs, model):
    data = yk.indicators(cohort_runs)
    for key, spec in model.indicators.items():
        assert data[key].dims == ("scenario", "draw", "year")
        assert data[key].attrs["label_zh"] == spec.label_zh
        assert data.year.values.tolist() == [2020, 2021, 2022, 2023, 2024, 2025]


def test_productivity_has_no_figure_of_2020_and_growth_is_output_over_persons(cohort_runs):
    """The plan prints none; later years are real GDP over employed persons, of whose change a draw shows a part."""
    series = cohort_runs["series"].to_dataset()
    found = yk.indicators(cohort_runs)["labour_productivity_growth"]
    assert np.isnan(found.sel(year=2020)).all()
    persons = series["employed"].values
    rise = np.log1p(found.sel(year=slice(2021, None)).values) - np.log1p(series["gdp_growth"].values)
    shown = -rise / np.diff(np.log(persons), axis=-1)
    np.testing.assert_allclose(shown, np.broadcast_to(shown[..., :1], shown.shape), rtol=1e-6)
    assert (shown >= 0).all() and (shown <= 1).all() and shown.std() > 0.1


def test_coverage_is_of_residents(cohort_runs):
    series = cohort_runs["series"].to_dataset()
    found = yk.indicators(cohort_runs)["medical_coverage"].values
    np.testing.assert_allclose(found, (series["medical_insured"] / series["population"]).values, rtol=1e-14)


def test_a_run_of_series_only_has_the_same_indicators_without_breakdowns(calibration):
    few = yk.project(calibration, "baseline", draws=3, keep="series")
    all_of_it = yk.project(calibration, "baseline", draws=3)
    left, right = yk.indicators(few), yk.indicators(all_of_it)
    assert not any("_by_" in name for name in left.data_vars)
    carried = {f"{key}_by_{axis}" for (key, axis), how in CARRIED.items() if how.split is not None}
    assert carried == {name for name in right.data_vars if "_by_" in name and "_weight_by_" not in name}
    xr.testing.assert_identical(left, right[list(left.data_vars)].assign_attrs(left.attrs))


def test_what_is_no_run_or_of_another_model_is_refused(cohort_runs, model):
    """Definitions of one city on the numbers of another would look right and be wrong."""
    with pytest.raises(RequestError, match="not a run"):
        yk.indicators(xr.DataTree())
    with pytest.raises(RequestError, match="another model"):
        yk.indicators(cohort_runs, replace(model, name="elsewhere"))
