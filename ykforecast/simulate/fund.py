"""Money of the three pension schemes for one block of draws: contributions, benefits, balance, support ratio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.processes.pension_award import account_balance, annuity_months, new_award
from ykforecast.processes.pension_fund import (
    SchemeAccounts,
    SchemeStocks,
    SchemeTerms,
    employee_scheme,
    grown,
    resident_scheme,
)
from ykforecast.simulate.policy import PolicyPaths
from ykforecast.vocabulary.dims import MONTHS_A_YEAR, YEAR_ENDS, YEARS

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration

SCHEMES = ("enterprise", "government", "resident")
#: What is kept of each scheme: variable, axis, unit, Chinese name.
ACCOUNTS = (
    ("contributions", "year", "yuan", "缴费收入"),
    ("benefits", "year", "yuan", "待遇支出"),
    ("balance", "year", "yuan", "当期结余（未计补助以外的转移收入）"),
    ("support_ratio", "year_end", "1", "抚养比（缴费人数与领取人数之比）"),
    ("mean_benefit", "year_end", "yuan/month", "月人均养老金"),
)

Value = Callable[[str], np.ndarray]


def fund_accounts(
    calibration: Calibration, series: Mapping[str, np.ndarray], value: Value, policy: PolicyPaths
) -> dict[str, SchemeAccounts]:
    """Accounts of each scheme.

    Parameters
    ----------
    calibration : Calibration
        Gives the published terms of 2020.
    series : mapping of str to ndarray
        Stocks by year_end and new pensions by year, persons.
    value : function of a name to ndarray (draw,)
    policy : PolicyPaths
        ``benefit_growth``, ``base_pension_growth`` and ``collection`` are added.

    Returns
    -------
    dict of str to SchemeAccounts
        By scheme; leading axis (draw,).

    Notes
    -----
    Balances are of current contributions against benefits: transfers between places and fiscal subsidies,
    which close the gap under provincial pooling (省级统筹), are not published for the city and are left out.
    """
    terms = calibration.pension_terms
    growth = value("wage_growth")[:, None] + policy.amount("wage_growth")
    wage, base = grown(terms.wage, growth), grown(terms.calculation_base, growth)
    adjustment = value("fund_adjustment")[:, None] + policy.amount("benefit_growth")
    employees = calibration.employee_share
    months = annuity_months(value("fund_award_age")[:, None] * MONTHS_A_YEAR, terms.annuity_ages, terms.annuity_months)

    def award(index: np.ndarray) -> np.ndarray:
        balance = account_balance(
            base * index[:, None],
            value("fund_account_years")[:, None],
            value("fund_past_wage_growth")[:, None],
            value("fund_past_account_rate")[:, None],
            terms.account_share,
        )
        return new_award(
            base,
            index[:, None],
            value("fund_contribution_years")[:, None],
            balance,
            months,
            per_year=terms.base_pension_per_year,
            deemed_years=value("fund_deemed_years")[:, None],
            deemed_rate=float(value("fund_deemed_rate")[0]),
        )

    return {
        "enterprise": employee_scheme(
            SchemeStocks(
                employees=series["contributors"] * employees,
                flexible=series["contributors"] * (1.0 - employees),
                retirees=series["enterprise_retirees"],
                new_retirees=series["new_pensions"],
            ),
            SchemeTerms(
                wage=wage,
                base_share=value("fund_base_share")[:, None],
                flexible_base=base * value("fund_flexible_base_share")[:, None],
                employer_rate=terms.employer_rate,
                employee_rate=terms.employee_rate,
                flexible_rate=terms.flexible_rate,
                collection=np.minimum(value("fund_collection")[:, None] + policy.amount("collection"), 1.0),
                adjustment=adjustment,
                award=award(value("fund_wage_index")),
                mean_benefit=terms.enterprise_mean,
            ),
        ),
        "government": employee_scheme(
            SchemeStocks(
                employees=series["government_contributors"],
                flexible=np.zeros_like(series["government_contributors"]),
                retirees=series["government_retirees"],
                new_retirees=series["new_government_pensions"],
            ),
            SchemeTerms(
                wage=wage,
                base_share=value("fund_government_base_share")[:, None],
                flexible_base=0.0,
                employer_rate=terms.employer_rate,
                employee_rate=terms.employee_rate,
                flexible_rate=0.0,
                collection=value("fund_government_collection")[:, None],
                adjustment=adjustment,
                # A post's first pension keeps its place against the scheme's mean: old rules bind during
                # the ten years of transition that began in October 2014.
                award=grown(terms.government_mean, adjustment),
                mean_benefit=terms.government_mean,
            ),
        ),
        "resident": resident_scheme(
            series["resident_contributors"],
            series["resident_recipients"],
            contribution=value("resident_contribution")[:, None],
            contribution_subsidy=value("resident_contribution_subsidy")[:, None],
            base_pension=base_pension(terms.resident_base, value, policy),
            account_pension=value("resident_account_pension")[:, None],
        ),
    }


def base_pension(level: float, value: Value, policy: PolicyPaths) -> np.ndarray:
    """Minimum base pension of residents (基础养老金最低标准), yuan a month (draw, year_end), from that of 2020."""
    growth = value("resident_base_growth")[:, None] + policy.amount("base_pension_growth")
    path = grown(level, np.broadcast_to(growth, (len(growth), len(YEARS))))
    return np.concatenate([np.full((len(path), 1), level), path], axis=1)


def fund_series(found: Mapping[str, SchemeAccounts], draws: int) -> dict[str, np.ndarray]:
    """What is kept of :func:`fund_accounts`: ``<scheme>_<account>`` by (draw, year) or (draw, year_end)."""
    lengths = {"year": len(YEARS), "year_end": len(YEAR_ENDS)}
    return {
        f"{scheme}_{account}": np.broadcast_to(getattr(found[scheme], account), (draws, lengths[axis]))
        for scheme in SCHEMES
        for account, axis, _, _ in ACCOUNTS
    }
