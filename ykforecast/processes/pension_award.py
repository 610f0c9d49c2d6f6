"""The first pension of an employee (新退休人员养老金计发): base part, account part, deemed years."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ykforecast.vocabulary.dims import MONTHS_A_YEAR
from ykforecast.vocabulary.errors import RequestError

FloatArray = NDArray[np.float64]


def annuity_months(age_months: ArrayLike, ages: ArrayLike, months: ArrayLike) -> FloatArray:
    """Months over which an account is paid out, at an age in months, joined linearly between whole ages.

    Parameters
    ----------
    age_months : float or ndarray
        Age at the first pension, months.
    ages, months : ndarray
        Table of 国发〔2005〕38号: whole ages, and months (60: 139, 55: 170, 50: 195).

    Raises
    ------
    RequestError
        If an age is outside the table.
    """
    age = np.asarray(age_months, dtype=float) / MONTHS_A_YEAR
    known = np.asarray(ages, dtype=float)
    if not ((age >= known[0]) & (age <= known[-1])).all():
        raise RequestError(
            "no annuity months at that age",
            key="age_months",
            value=np.asarray(age_months).tolist(),
            remedy=f"The table runs from {known[0]:g} to {known[-1]:g} years",
        )
    return np.asarray(np.interp(age, known, np.asarray(months, dtype=float)))


def account_balance(
    contribution_base: ArrayLike,
    account_years: ArrayLike,
    wage_growth: ArrayLike,
    account_rate: ArrayLike,
    account_share: float,
) -> FloatArray:
    """Personal account at the first pension, contributions growing with wages and interest credited yearly.

    ``12 * share * base * sum_k q^k``, k = 0 .. years - 1, ``q = (1 + rate) / (1 + growth)``.

    Parameters
    ----------
    contribution_base : yuan a month
        Base of the last year.
    account_years : years
        Years of contributions to the account.
    wage_growth, account_rate : fraction a year
        Growth of the base in the past, and the notional rate.
    account_share : fraction
        Part of the base that goes to the account: 8 %.

    Returns
    -------
    ndarray
        Yuan.
    """
    ratio = (1.0 + np.asarray(account_rate, dtype=float)) / (1.0 + np.asarray(wage_growth, dtype=float))
    years = np.asarray(account_years, dtype=float)
    excess = ratio - 1.0
    level = np.abs(excess) < 1e-12
    series = np.where(level, years, np.expm1(years * np.log(ratio)) / np.where(level, 1.0, excess))
    balance: FloatArray = MONTHS_A_YEAR * account_share * np.asarray(contribution_base, dtype=float) * series
    return balance


def new_award(
    calculation_base: ArrayLike,
    wage_index: ArrayLike,
    contribution_years: ArrayLike,
    balance: ArrayLike,
    months: ArrayLike,
    *,
    per_year: float,
    deemed_years: ArrayLike = 0.0,
    deemed_rate: float = 0.0,
) -> FloatArray:
    """First pension: base part, account part, and the part for deemed years (过渡性养老金).

    ``(base + base * index) / 2 * years * per_year + balance / months + base * index * deemed * rate``
    (国发〔2005〕38号; Liaoning for the deemed years).

    Parameters
    ----------
    calculation_base : yuan a month
        Provincial base of the year, 6057 in 2020.
    wage_index : ratio
        Mean of a person's own contribution bases to the provincial one.
    contribution_years, deemed_years : years
        All years that count, and those before accounts existed among them.
    balance : yuan
        Personal account.
    months : months
        See :func:`annuity_months`.
    per_year, deemed_rate : fraction
        1 % a year; 1.2 or 1.4 % a deemed year.

    Returns
    -------
    ndarray
        Yuan a month.
    """
    base, index = np.asarray(calculation_base, dtype=float), np.asarray(wage_index, dtype=float)
    basic = base * (1.0 + index) / 2.0 * np.asarray(contribution_years) * per_year
    deemed = base * index * np.asarray(deemed_years) * deemed_rate
    award: FloatArray = basic + np.asarray(balance) / np.asarray(months) + deemed
    return award
