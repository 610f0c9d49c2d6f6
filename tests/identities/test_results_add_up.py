"""Shares, sums and bounds of the published indicators, in every draw of every scenario."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk

SHARES = ("urban_employment_share", "surveyed_unemployment_rate", "medical_coverage", "veteran_card_issuance")


@pytest.fixture(scope="module")
def indicators(cohort_runs):
    return yk.indicators(cohort_runs)


def test_the_two_employee_schemes_are_the_total(indicators):
    """Row 8 of the plan's table is row 9 plus row 10."""
    total = indicators["pension_enterprise"] + indicators["pension_government"]
    np.testing.assert_allclose(indicators["pension_employees_total"], total, rtol=1e-14)


@pytest.mark.parametrize("key", ["pension_enterprise", "pension_government", "pension_employees_total"])
@pytest.mark.parametrize("axis", ["sex", "age_group", "district"])
def test_breakdowns_add_up_to_the_city(indicators, key, axis):
    np.testing.assert_allclose(indicators[f"{key}_by_{axis}"].sum(axis), indicators[key], rtol=1e-12)


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
