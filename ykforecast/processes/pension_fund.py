"""Pension money (养老保险基金): contributions, benefits, support ratio and yearly balance of three schemes.

Enterprise employees, government and public institutions, and residents. Every assumption is an argument;
stocks of contributors and pensioners come from the cohort model. Relief of the employer part in 2020
(waived for eleven months for small and medium firms, halved for five months for large ones) was a one-off:
contributions are built from wages and rates, never from the money collected in 2020.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ykforecast.vocabulary.dims import MONTHS_A_YEAR, YEAR_ENDS, YEARS
from ykforecast.vocabulary.errors import RequestError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class SchemeStocks:
    """People of an employees' scheme, persons; leading axes broadcast.

    Attributes
    ----------
    employees, flexible : ndarray (..., year_end)
        Paying employees, and paying flexible workers; those interrupted are in neither.
    retirees : ndarray (..., year_end)
        Pensioners, positive.
    new_retirees : ndarray (..., year)
        Of them, those who drew their first pension in the year and are alive at its end.
    """

    employees: FloatArray
    flexible: FloatArray
    retirees: FloatArray
    new_retirees: FloatArray


@dataclass(frozen=True)
class SchemeTerms:
    """Money terms of an employees' scheme; each a number or an array that broadcasts to (..., year).

    Attributes
    ----------
    wage : yuan a month
        Mean wage of on-post staff.
    base_share : fraction
        Contribution base of an employee as a share of that wage.
    flexible_base : yuan a month
        Contribution base of a flexible worker.
    employer_rate, employee_rate, flexible_rate : fraction of the base
        16 % and 8 % since May 2019; 20 % for flexible workers.
    collection : fraction
        Contributions received as a share of those due.
    relief : fraction
        Employer part waived in the year; zero unless a scenario says otherwise.
    adjustment : fraction
        Rise of pensions in payment on 1 January.
    award : yuan a month
        Mean first pension of the year, see `pension_award.new_award`.
    mean_benefit : float, yuan a month
        Mean pension at the end of 2020.
    subsidy : yuan a year
        Money given from outside the scheme.
    """

    wage: ArrayLike
    base_share: ArrayLike
    flexible_base: ArrayLike
    employer_rate: ArrayLike
    employee_rate: ArrayLike
    flexible_rate: ArrayLike
    collection: ArrayLike
    adjustment: ArrayLike
    award: ArrayLike
    mean_benefit: ArrayLike
    relief: ArrayLike = 0.0
    subsidy: ArrayLike = 0.0


@dataclass(frozen=True, slots=True)
class SchemeAccounts:
    """Accounts of one scheme, 2021-2025; leading axes as in the stocks and terms.

    Attributes
    ----------
    contributions, subsidy, benefits, balance : ndarray (..., year)
        Yuan a year; balance is contributions + subsidy - benefits.
    base_pension : ndarray (..., year)
        Of the subsidy, what pays the base pension of residents, yuan a year; nought in other schemes.
    support_ratio : ndarray (..., year_end)
        Contributors per pensioner.
    mean_benefit : ndarray (..., year_end)
        Yuan a month.
    """

    contributions: FloatArray
    subsidy: FloatArray
    base_pension: FloatArray
    benefits: FloatArray
    balance: FloatArray
    support_ratio: FloatArray
    mean_benefit: FloatArray


def _floats(value: ArrayLike) -> FloatArray:
    return np.asarray(value, dtype=float)


def grown(level: ArrayLike, growth: ArrayLike) -> FloatArray:
    """Path 2021-2025 of an amount of 2020 from its yearly growth.

    Parameters
    ----------
    level : float or ndarray (...)
        Amount of 2020, any unit.
    growth : ndarray (..., year)
        Fraction a year.

    Returns
    -------
    ndarray (..., year)
    """
    path: FloatArray = _floats(level)[..., None] * np.cumprod(1.0 + _floats(growth), axis=-1)
    return path


def _middle(stock: FloatArray) -> FloatArray:
    """Mean of the year's start and end: (..., year_end) to (..., year)."""
    return (stock[..., 1:] + stock[..., :-1]) / 2.0


def _checked(name: str, stock: ArrayLike, length: int, positive: bool = False) -> FloatArray:
    values = np.asarray(stock, dtype=float)
    if values.ndim == 0 or values.shape[-1] != length:
        raise RequestError(
            "stock on the wrong axis",
            key=name,
            value=values.shape,
            remedy=f"The last axis has {length} entries",
        )
    if not (values > 0.0).all() if positive else not (values >= 0.0).all():
        raise RequestError(
            "stock out of range",
            key=name,
            value=float(values.min()),
            remedy="Pensioners are positive" if positive else "Stocks and amounts are not negative",
        )
    return values


def mean_benefit_path(
    retirees: FloatArray,
    new_retirees: FloatArray,
    first: ArrayLike,
    award: ArrayLike,
    adjustment: ArrayLike,
) -> FloatArray:
    """Mean pension at each year end: pensions in payment are adjusted, new ones come in at their award.

    Those who die are taken to have had the mean pension.

    Parameters
    ----------
    retirees : ndarray (..., year_end), persons
    new_retirees : ndarray (..., year), persons
    first : yuan a month, mean at the end of 2020
    award : (..., year), yuan a month
    adjustment : (..., year), fraction

    Returns
    -------
    ndarray (..., year_end)
        Yuan a month.
    """
    share_new = new_retirees / retirees[..., 1:]
    if (share_new > 1.0).any():
        raise RequestError("more new pensioners than pensioners", key="new_retirees", value=float(share_new.max()))
    start = _floats(first)[..., None]
    shape = np.broadcast_shapes(share_new.shape, np.shape(award) or (1,), np.shape(adjustment) or (1,), start.shape)
    awards, rises = np.broadcast_to(award, shape), np.broadcast_to(adjustment, shape)
    share_new = np.broadcast_to(share_new, shape)
    path = np.empty((*shape[:-1], len(YEAR_ENDS)))
    path[..., 0] = start[..., 0]
    for year in range(len(YEARS)):
        kept = path[..., year] * (1.0 + rises[..., year])
        path[..., year + 1] = (1.0 - share_new[..., year]) * kept + share_new[..., year] * awards[..., year]
    return path


def employee_scheme(stocks: SchemeStocks, terms: SchemeTerms) -> SchemeAccounts:
    """Accounts of an employees' scheme, enterprise or government, 2021-2025.

    Contributions: mean stock of the year x base x rates x collection. Benefits: twelve times the mean of
    what is paid at the start of the year, after its adjustment, and at its end.

    Raises
    ------
    RequestError
        If a stock is negative, has another length, or there are no pensioners.
    """
    employees = _checked("employees", stocks.employees, len(YEAR_ENDS))
    flexible = _checked("flexible", stocks.flexible, len(YEAR_ENDS))
    retirees = _checked("retirees", stocks.retirees, len(YEAR_ENDS), positive=True)
    new = _checked("new_retirees", stocks.new_retirees, len(YEARS))
    employer = _floats(terms.employer_rate) * (1.0 - _floats(terms.relief))
    per_employee = _floats(terms.wage) * _floats(terms.base_share) * (employer + _floats(terms.employee_rate))
    per_flexible = _floats(terms.flexible_base) * _floats(terms.flexible_rate)
    due = _middle(employees) * per_employee + _middle(flexible) * per_flexible
    benefit = mean_benefit_path(retirees, new, terms.mean_benefit, terms.award, terms.adjustment)
    opening = (retirees * benefit)[..., :-1] * (1.0 + _floats(terms.adjustment))
    closing = (retirees * benefit)[..., 1:]
    return _accounts(
        contributions=MONTHS_A_YEAR * due * _floats(terms.collection),
        benefits=MONTHS_A_YEAR * (opening + closing) / 2.0,
        subsidy=terms.subsidy,
        support_ratio=(employees + flexible) / retirees,
        mean_benefit=benefit,
    )


def resident_scheme(
    contributors: ArrayLike,
    recipients: ArrayLike,
    *,
    contribution: ArrayLike,
    contribution_subsidy: ArrayLike,
    base_pension: ArrayLike,
    account_pension: ArrayLike,
) -> SchemeAccounts:
    """Accounts of the residents' scheme (城乡居民基本养老保险), 2021-2025.

    The base pension is paid for by governments: it is a benefit and a subsidy alike. Subsidies to
    contributions are credited to accounts.

    Parameters
    ----------
    contributors, recipients : ndarray (..., year_end)
        Persons.
    contribution, contribution_subsidy : (..., year)
        Yuan a year for each contributor: own payment, and what governments add.
    base_pension, account_pension : (..., year_end)
        Yuan a month for each recipient; the city's minimum base pension of 2020 is 125.8.

    Raises
    ------
    RequestError
        If a stock is negative, has another length, or there are no recipients.
    """
    paying = _checked("contributors", contributors, len(YEAR_ENDS))
    drawing = _checked("recipients", recipients, len(YEAR_ENDS), positive=True)
    base = _checked("base_pension", base_pension, len(YEAR_ENDS))
    benefit = base + _floats(account_pension)
    base_paid = MONTHS_A_YEAR * _middle(drawing * base)
    return _accounts(
        contributions=_middle(paying) * _floats(contribution),
        benefits=MONTHS_A_YEAR * _middle(drawing * benefit),
        subsidy=_middle(paying) * _floats(contribution_subsidy) + base_paid,
        base_pension=base_paid,
        support_ratio=paying / drawing,
        mean_benefit=benefit,
    )


def _accounts(
    *,
    contributions: FloatArray,
    benefits: FloatArray,
    subsidy: ArrayLike,
    support_ratio: FloatArray,
    mean_benefit: FloatArray,
    base_pension: ArrayLike = 0.0,
) -> SchemeAccounts:
    """Accounts with the balance that their flows leave."""
    given = _floats(subsidy) + np.zeros(np.broadcast_shapes(contributions.shape, benefits.shape))
    return SchemeAccounts(
        contributions=contributions,
        subsidy=given,
        base_pension=np.broadcast_to(_floats(base_pension), given.shape),
        benefits=benefits,
        balance=contributions + given - benefits,
        support_ratio=support_ratio,
        mean_benefit=mean_benefit,
    )
