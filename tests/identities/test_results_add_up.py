"""Shares, sums and bounds of the published indicators, in every draw of every scenario."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.breakdowns import CARRIED

SHARES = ("urban_employment_share", "surveyed_unemployment_rate", "medical_coverage", "veteran_card_issuance")


@pytest.fixture(scope="module")
def indicators(cohort_runs):
    return yk.indicators(cohort_runs)


def test_the_two_employee_schemes_are_the_total(indicators):
    """Row 8 of the plan's table is row 9 plus row 10."""
    total = indicators["pension_enterprise"] + indicators["pension_government"]
    np.testing.assert_allclose(indicators["pension_employees_total"], total, rtol=1e-14)


@pytest.mark.parametrize(
    ("key", "axis"), [pair for pair, how in CARRIED.items() if how.split is not None], ids="_by_".join
)
def test_breakdowns_add_up_to_the_city(indicators, key, axis):
    """Counts as they are, rates at their weights: whoever adds up a table of parts must find the city in every draw."""
    parts, weights = indicators[f"{key}_by_{axis}"], indicators.get(f"{key}_weight_by_{axis}")
    # Hires are a flow, of which a run keeps none of 2020: only that year has no parts.
    years = slice(2021, None) if key == "new_urban_jobs" else slice(None)
    if weights is None:
        whole = parts.sum(axis, skipna=False)
    else:
        np.testing.assert_allclose(weights.sum(axis), 1.0, rtol=1e-12)
        # A part without weight (schooling outside the working ages) has no figure.
        assert (parts.isnull() == (weights == 0.0)).all()
        whole = (parts * weights).sum(axis)
    np.testing.assert_allclose(whole.sel(year=years), indicators[key].sel(year=years), rtol=1e-12)


def test_breakdowns_of_rates_are_rates(indicators):
    for name in ("medical_coverage", "surveyed_unemployment_rate", "urban_employment_share"):
        for axis in ("sex", "age_group", "district"):
            if f"{name}_by_{axis}" in indicators:
                parts = indicators[f"{name}_by_{axis}"]
                assert ((parts >= 0.0) & (parts <= 1.0)).all(), f"{name} {axis}"


@pytest.mark.parametrize("key", SHARES)
def test_shares_stay_between_zero_and_one(indicators, key):
    values = indicators[key].values
    assert ((values >= 0) & (values <= 1)).all()


def test_no_more_insured_than_people_who_can_be(cohort_runs):
    series = cohort_runs["series"].to_dataset()
    assert (series["medical_insured"] <= series["population"]).all()
    assert (series["medical_employee_insured"] <= series["medical_insured"]).all()
    staff = series["enterprise_employees"] + series["public_employees"]
    assert (series["work_injury_insured"] <= staff).all()
    assert (series["unemployment_insured"] <= staff).all()


def test_accounts_of_a_scheme_balance(cohort_runs):
    series = cohort_runs["series"].to_dataset()
    for scheme in ("enterprise", "government"):
        balance = series[f"{scheme}_contributions"] - series[f"{scheme}_benefits"]
        np.testing.assert_allclose(series[f"{scheme}_balance"], balance, rtol=1e-9)
    support = series["government_contributors"] / series["government_retirees"]
    np.testing.assert_allclose(series["government_support_ratio"], support, rtol=1e-12)
