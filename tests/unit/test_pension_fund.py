"""Pension money: identities, an account by hand, published terms, and the declared directions."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.model_files import model_folder
from ykforecast.data.pension_rules import pension_figures
from ykforecast.processes.pension_award import account_balance, annuity_months, new_award
from ykforecast.processes.pension_fund import (
    SchemeStocks,
    SchemeTerms,
    employee_scheme,
    grown,
    mean_benefit_path,
    resident_scheme,
)
from ykforecast.vocabulary.errors import RequestError

STOCKS = SchemeStocks(
    employees=np.array([100.0, 110.0, 110.0, 110.0, 110.0, 110.0]),
    flexible=np.array([50.0, 50.0, 50.0, 50.0, 50.0, 50.0]),
    retirees=np.array([80.0, 100.0, 100.0, 100.0, 100.0, 100.0]),
    new_retirees=np.array([25.0, 5.0, 5.0, 5.0, 5.0]),
)
TERMS = SchemeTerms(
    wage=5000.0,
    base_share=0.8,
    flexible_base=3000.0,
    employer_rate=0.16,
    employee_rate=0.08,
    flexible_rate=0.20,
    collection=0.9,
    adjustment=0.05,
    award=2000.0,
    mean_benefit=2400.0,
)


def test_first_year_by_hand():
    """105 employees pay 24 % of 4000 and 50 flexible workers 20 % of 3000, nine tenths of it arrive.
    80 pensions of 2400 rise to 2520; at the end 75 of them and 25 new ones of 2000 are paid."""
    accounts = employee_scheme(STOCKS, TERMS)
    contributions = 12 * (105 * 0.24 * 4000 + 50 * 0.20 * 3000) * 0.9
    benefits = 12 * (80 * 2520 + 75 * 2520 + 25 * 2000) / 2
    assert accounts.contributions[0] == pytest.approx(contributions)
    assert accounts.benefits[0] == pytest.approx(benefits)
    assert accounts.balance[0] == pytest.approx(contributions - benefits)
    assert accounts.mean_benefit[1] == pytest.approx((75 * 2520 + 25 * 2000) / 100)
    assert accounts.support_ratio[0] == pytest.approx(150 / 80)


def test_balance_is_contributions_and_subsidy_less_benefits_in_every_draw():
    rng = np.random.default_rng(1)
    retirees = rng.uniform(50, 100, (7, 6))
    stocks = SchemeStocks(
        employees=rng.uniform(50, 200, (7, 6)),
        flexible=rng.uniform(10, 60, (7, 6)),
        retirees=retirees,
        new_retirees=retirees[:, 1:] * rng.uniform(0, 0.1, (7, 5)),
    )
    terms = replace(
        TERMS,
        wage=rng.uniform(4000, 7000, (7, 5)),
        collection=rng.uniform(0.8, 1.0, (7, 1)),
        mean_benefit=rng.uniform(2000, 3000, 7),
        subsidy=np.array([0.0, 1e5, 0.0, 2e5, 0.0]),
    )
    accounts = employee_scheme(stocks, terms)
    assert accounts.balance.shape == (7, 5) and accounts.support_ratio.shape == (7, 6)
    np.testing.assert_array_equal(accounts.balance, accounts.contributions + accounts.subsidy - accounts.benefits)
    assert all(np.isfinite(getattr(accounts, field.name)).all() for field in fields(accounts))
    alone = employee_scheme(
        SchemeStocks(stocks.employees[3], stocks.flexible[3], retirees[3], stocks.new_retirees[3]),
        replace(
            terms,
            wage=terms.wage[3],
            collection=terms.collection[3],
            mean_benefit=float(terms.mean_benefit[3]),
        ),
    )
    np.testing.assert_allclose(alone.balance, accounts.balance[3], rtol=1e-14)


@pytest.mark.parametrize(
    ("change", "direction"),
    [
        ({"adjustment": 0.06}, -1),
        ({"award": 2500.0}, -1),
        ({"mean_benefit": 2500.0}, -1),
        ({"collection": 0.95}, 1),
        ({"wage": 5500.0}, 1),
        ({"subsidy": 1.0}, 1),
        ({"relief": 0.5}, -1),
    ],
)
def test_balance_moves_the_declared_way(change, direction):
    """A higher adjustment, award or relief costs money; better collection, wages and subsidies bring it."""
    base, moved = employee_scheme(STOCKS, TERMS), employee_scheme(STOCKS, replace(TERMS, **change))
    assert (np.sign(moved.balance - base.balance) == direction).all()


def test_relief_touches_the_employer_part_only():
    """In 2020 employees went on paying their 8 % while the employer's 16 % was waived."""
    none = employee_scheme(replace(STOCKS, flexible=np.zeros(6)), replace(TERMS, relief=1.0))
    full = employee_scheme(replace(STOCKS, flexible=np.zeros(6)), TERMS)
    np.testing.assert_allclose(none.contributions / full.contributions, 8 / 24, rtol=1e-14)


def test_mean_benefit_without_new_pensioners_is_adjusted_only():
    path = mean_benefit_path(np.full(6, 90.0), np.zeros(5), 2386.0, 1.0, 0.05)
    np.testing.assert_allclose(path, 2386.0 * 1.05 ** np.arange(6), rtol=1e-14)


def test_residents_by_hand():
    """Base pensions are paid for by governments, so the balance is what is paid in less the account part."""
    accounts = resident_scheme(
        np.full(6, 1000.0),
        np.full(6, 400.0),
        contribution=200.0,
        contribution_subsidy=40.0,
        base_pension=np.full(6, 125.8),
        account_pension=10.0,
    )
    np.testing.assert_allclose(accounts.contributions, 200_000.0)
    np.testing.assert_allclose(accounts.benefits, 12 * 400 * 135.8)
    np.testing.assert_allclose(accounts.subsidy, 40_000 + 12 * 400 * 125.8)
    np.testing.assert_allclose(accounts.balance, 240_000 - 12 * 400 * 10.0)


def test_award_by_hand_with_the_published_base():
    """30 years at the mean wage: 30 % of 6057, 100,000 yuan over 139 months, five deemed years."""
    award = new_award(6057.0, 1.0, 30.0, 100_000.0, 139.0, per_year=0.01, deemed_years=5.0, deemed_rate=0.014)
    assert float(award) == pytest.approx(6057 * 0.30 + 100_000 / 139 + 6057 * 5 * 0.014)
    half = new_award(6057.0, 0.5, 30.0, 0.0, 139.0, per_year=0.01)
    assert float(half) == pytest.approx(6057 * 0.75 * 0.30)


def test_account_is_the_sum_of_its_yearly_contributions():
    """Credited backwards: a contribution k years ago was smaller by wage growth and larger by interest."""
    growth, rate, years = 0.09, 0.055, 20
    by_hand = sum(12 * 0.08 * 4000 * ((1 + rate) / (1 + growth)) ** k for k in range(years))
    assert float(account_balance(4000.0, years, growth, rate, 0.08)) == pytest.approx(by_hand)
    assert float(account_balance(4000.0, years, 0.05, 0.05, 0.08)) == pytest.approx(12 * 0.08 * 4000 * years)


def test_annuity_months_of_the_rule_and_between_its_ages():
    """国发〔2005〕38号 prints 195, 170 and 139 months at 50, 55 and 60; delayed ages fall between."""
    figures = pension_figures(load_figure_map(model_folder()))
    table = figures.annuity_ages, figures.annuity_months
    np.testing.assert_array_equal(annuity_months([600, 660, 720], *table), [195.0, 170.0, 139.0])
    assert float(annuity_months(723, *table)) == pytest.approx(139 - 7 * 3 / 12)
    with pytest.raises(RequestError, match="age_months"):
        annuity_months(100, *table)


def test_published_terms_of_2020():
    """Rates since May 2019, the plan's means, and the city's wage of 72,505 yuan a year."""
    figures = pension_figures(load_figure_map(model_folder()))
    assert (figures.employer_rate, figures.employee_rate, figures.flexible_rate) == (0.16, 0.08, 0.20)
    assert (figures.enterprise_mean, figures.government_mean, figures.resident_base) == (2386, 4176, 125.8)
    assert figures.calculation_base == 6057 and figures.wage * 12 == pytest.approx(72_505)


def test_formula_award_is_near_the_mean_pension_of_the_city():
    """Central assumptions must give a first pension of the order of the published mean (2386 yuan)."""
    figures = pension_figures(load_figure_map(model_folder()))
    base = 0.8 * figures.calculation_base
    balance = account_balance(base, 20.0, 0.09, 0.055, figures.account_share)
    months = annuity_months(660, figures.annuity_ages, figures.annuity_months)
    award = new_award(
        figures.calculation_base,
        0.8,
        26.0,
        balance,
        months,
        per_year=figures.base_pension_per_year,
        deemed_years=5.0,
        deemed_rate=0.013,
    )
    assert 0.75 < float(award) / figures.enterprise_mean < 1.25


def test_growth_path_by_hand():
    np.testing.assert_allclose(grown(100.0, [0.1, 0.0, -0.5, 1.0, 0.0]), [110, 110, 55, 110, 110])


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"retirees": np.zeros(6)}, "retirees"),
        ({"employees": -STOCKS.employees}, "employees"),
        ({"employees": STOCKS.employees[:5]}, "employees"),
        ({"flexible": np.full(6, np.nan)}, "flexible"),
        ({"new_retirees": np.full(5, 500.0)}, "new_retirees"),
    ],
)
def test_impossible_stocks_are_refused(fault, key):
    """No NaN, no negative person and no scheme without pensioners comes out as a balance."""
    with pytest.raises(RequestError, match=key):
        employee_scheme(replace(STOCKS, **fault), TERMS)
