"""Breakdowns: what is said of every indicator, the rules on simple cases, and the table of quantiles."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.breakdowns import AXES, CARRIED
from ykforecast.present.breakdown_table import plain_breakdown
from ykforecast.vocabulary.errors import RequestError


@pytest.fixture(scope="module")
def indicators(cohort_runs):
    return yk.indicators(cohort_runs)


def test_every_indicator_says_of_every_axis_how_or_why_not(model):
    """A blank in an annex is read as nought or as forgotten: each cell has a rule or a reason in both languages."""
    assert set(CARRIED) == {(key, axis) for key in model.indicators for axis in AXES}
    assert all(how.text_zh and how.text_en for how in CARRIED.values())


def test_insured_follow_employees_at_one_share(cohort_runs, indicators):
    """No share by group is published: parts may differ by who works in units, and by nothing else."""
    stocks = cohort_runs["stocks/residents"].sum("residence").sel(stock=["enterprise", "public"]).sum("stock")
    share = indicators["work_injury_insured_by_sex"].values / stocks.transpose(..., "year_end", "sex").values
    np.testing.assert_allclose(share[..., 0], share[..., 1], rtol=1e-12)


def test_districts_printed_together_hold_their_share_in_every_draw(cohort_runs, indicators, calibration):
    """The yearbook prints the insured of the four city districts; between those nothing is published."""
    base = indicators.sel(year=2020)
    group = list(calibration.district_margins.together.districts)

    def share(parts):
        return (parts.sel(district=group).sum("district") / parts.sum("district")).values

    unemployment = base["unemployment_insured_by_district"]
    np.testing.assert_allclose(share(unemployment), 172_931 / 239_171, rtol=1e-9)
    # Tilts of the draw move the stocks of the pension a little; at the central split the share is met.
    np.testing.assert_allclose(share(base["pension_enterprise_by_district"]), 550_237 / 872_700, rtol=5e-3)
    stocks = cohort_runs["stocks/residents_by_age_group"].sel(year_end=2020)
    of_district = (stocks * cohort_runs["districts/district_share"].sel(year_end=2020)).sum("age_group")
    series = cohort_runs["series"].to_dataset().sel(year_end=2020)
    weight = (series["unemployment_insurable"] - series["enterprise_employees"]) / series["public_employees"]
    pool = of_district.sel(stock="enterprise") + weight * of_district.sel(stock="public")
    covered = (unemployment / pool).sel(district=group)
    np.testing.assert_allclose(covered / covered.isel(district=0), 1.0, rtol=1e-9)


def test_no_district_insures_more_than_can_be_insured(calibration):
    """With everyone insured who can be, the lead of the city districts closes."""
    runs = yk.project(
        calibration,
        yk.Scenario("more", {"ui_expansion": dict.fromkeys(range(2022, 2026), 0.12)}),
        draws=16,
        keep="totals",
    )
    series = runs["series"].to_dataset()
    parts = yk.indicators(runs)["unemployment_insured_by_district"].sel(year=2025)
    stocks = runs["stocks/residents_by_age_group"] * runs["districts/district_share"]
    pool = stocks.sum("age_group").sel(year_end=2025, stock=["enterprise", "public"]).sum("stock")
    assert (parts <= pool).all() and (parts > 0).all()
    np.testing.assert_allclose(parts.sum("district"), series["unemployment_insured"].sel(year_end=2025), rtol=1e-12)


def test_children_are_covered_as_others_outside_the_employees_scheme(cohort_runs, indicators):
    series = cohort_runs["series"].to_dataset()
    others = series["population"] - series["medical_employee_insured"]
    covered = (series["medical_insured"] - series["medical_employee_insured"]) / others
    children = indicators["medical_coverage_by_age_group"].sel(age_group="0-15")
    np.testing.assert_allclose(children, covered, rtol=1e-12)


def test_the_survey_error_moves_both_sexes_in_proportion(cohort_runs, indicators):
    flows = cohort_runs["flows/flows"].sel(residence="urban")
    true = (flows.sel(flow="unemployed_months") / flows.sel(flow="labour_force_months")).values
    ratio = indicators["surveyed_unemployment_rate_by_sex"].sel(year=slice(2021, None)).values / true
    np.testing.assert_allclose(ratio[..., 0], ratio[..., 1], rtol=1e-12)


def test_the_table_holds_medians_reasons_and_weights(cohort_runs, indicators, model):
    found = yk.breakdowns(cohort_runs, "sex")
    key, place = "pension_enterprise", {"scenario": "plan", "year": 2025, "sex": "female"}
    middle = indicators[f"{key}_by_sex"].sel(place).median("draw").item()
    assert found["value"].sel(place | {"indicator": key, "quantile": 0.5}).item() == pytest.approx(middle)
    assert np.isnan(found["weight"].sel(indicator=key)).all()
    assert found["weight"].sel(indicator="medical_coverage", scenario="plan", year=2025).sum() == pytest.approx(1, 0.01)
    for number, one in enumerate(model.indicators):
        assert bool(found["carried"][number]) == (CARRIED[one, "sex"].split is not None)
    text = plain_breakdown(found, "plan")
    assert f"{middle / 1e4:.2f}" in text and "台账数" in text
    assert "a ledger without persons" in plain_breakdown(found, "plan", "en")


def test_what_has_no_parts_is_refused_in_words(calibration, cohort_runs):
    with pytest.raises(RequestError, match="no such axis"):
        yk.breakdowns(cohort_runs, "county")
    few = yk.project(calibration, "baseline", draws=2, keep="series")
    with pytest.raises(RequestError, match="keeps no stocks"):
        yk.breakdowns(few, "sex")
    with pytest.raises(RequestError, match="single ages"):
        yk.labour_supply(few)
