"""Statutory retirement (法定退休): the age of a person, and its monthly course in a cohort.

The original ages are 60 for men, 55 for women in cadre and technical posts and 50 for women
workers. From 1 January 2025 they rise by one month per four birth months (per two for women at 50):
State Council, Measures on the gradual raising of the statutory retirement age
(国务院关于渐进式延迟法定退休年龄的办法), 13 September 2024, articles 1 to 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ykforecast.vocabulary.dims import AGES, BASE_YEAR, MONTHS, MONTHS_A_YEAR
from ykforecast.vocabulary.errors import RequestError, nearest

Rule = Literal["2025", "original"]
FloatArray = NDArray[np.float64]
#: Fraction of a cohort in each category, one number or by month and age index.
CategoryShares = Mapping[str, "FloatArray | float"]


@dataclass(frozen=True)
class DelaySchedule:
    """How the statutory age of one category rises: Measures of 2024, article 1.

    Attributes
    ----------
    original_age_months : int
        Age before the reform, months.
    first_birth_month : int
        First month of birth that is delayed, months since January of year 0.
    step : int
        Months of birth that share one further month of delay.
    cap : int
        Largest delay, months.
    least : int
        Delay of the first who are delayed, months.
    """

    original_age_months: int
    first_birth_month: int
    step: int
    cap: int
    least: int = 1

    def delay(self, birth: int) -> int:
        """Delay in months for a month of birth counted from January of year 0."""
        since = birth - self.first_birth_month
        return 0 if since < 0 else min(self.cap, since // self.step + self.least)

    def delays(self, births: NDArray[np.int64]) -> NDArray[np.int64]:
        """Delays in months of an array of months of birth, any shape."""
        since = births - self.first_birth_month
        delays: NDArray[np.int64] = np.where(since < 0, 0, np.minimum(since // self.step + self.least, self.cap))
        return delays


#: How the statutory ages of all categories rise.
Calendar = Mapping[str, DelaySchedule]


def _month_number(year: int, month: int) -> int:
    return year * MONTHS_A_YEAR + month - 1


def _month_name(number: int) -> str:
    return f"{number // MONTHS_A_YEAR:04d}-{number % MONTHS_A_YEAR + 1:02d}"


SCHEDULES: Final[Calendar] = {
    "male60": DelaySchedule(60 * MONTHS_A_YEAR, _month_number(1965, 1), step=4, cap=36),
    "female55": DelaySchedule(55 * MONTHS_A_YEAR, _month_number(1970, 1), step=4, cap=36),
    "female50": DelaySchedule(50 * MONTHS_A_YEAR, _month_number(1975, 1), step=2, cap=60),
}


def later_from(year: int, months: int) -> Calendar:
    """Calendar of a question, not of a rule: all who reach the age from January of a year on do so ``months`` later."""
    return {
        name: DelaySchedule(
            schedule.original_age_months,
            _month_number(year, 1) - schedule.original_age_months,
            step=1,
            cap=months,
            least=months,
        )
        for name, schedule in SCHEDULES.items()
    }


#: Flexible retirement: at most three years before or after the statutory age (article 3).
FLEXIBLE_MONTHS: Final = 36
#: Minimum contribution period: 15 years to 2029, half a year more each year to 20 years in 2039 (article 2).
MINIMUM_BEFORE_2030: Final = 180
MINIMUM_FROM_2039: Final = 240
MINIMUM_STEP: Final = 6

_NOBODY_LEFT: Final = 1e-12
_BIRTH_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_FIRST_BIRTH_YEAR, _LAST_BIRTH_YEAR = 1900, 2100


@dataclass(frozen=True)
class StatutoryRetirement:
    """Statutory retirement of a person.

    Attributes
    ----------
    birth_month : str
        Month of birth, ``YYYY-MM``.
    category : str
        ``male60``, ``female55`` or ``female50``.
    age_months : int
        Statutory age, months.
    retirement_month : str
        Month in which that age is reached, ``YYYY-MM``.
    delay_months : int
        Months added to the original age.
    flexible_earliest, flexible_latest : str
        Window of flexible retirement (弹性退休), ``YYYY-MM``: up to three years early but not before the
        original age, up to three years late by agreement with the employer. Under the original rule both
        equal ``retirement_month``. The window is in force from January 2025.
    minimum_contribution_months : int
        Contribution period that a pension from that month on requires, months.
    """

    birth_month: str
    category: str
    age_months: int
    retirement_month: str
    delay_months: int
    flexible_earliest: str
    flexible_latest: str
    minimum_contribution_months: int

    @property
    def age(self) -> tuple[int, int]:
        """Statutory age as years and months."""
        return divmod(self.age_months, MONTHS_A_YEAR)


def _birth(birth_month: str) -> int:
    match = _BIRTH_MONTH.fullmatch(birth_month) if isinstance(birth_month, str) else None
    if match is None:
        raise RequestError(
            "not a month of birth",
            key="birth_month",
            value=birth_month,
            remedy="Write YYYY-MM, as in '1965-09'",
        )
    year, month = int(match[1]), int(match[2])
    if not 1 <= month <= MONTHS_A_YEAR or not _FIRST_BIRTH_YEAR <= year <= _LAST_BIRTH_YEAR:
        raise RequestError(
            "there is no such month of birth",
            key="birth_month",
            value=birth_month,
            remedy=f"Months run from 01 to 12, years from {_FIRST_BIRTH_YEAR} to {_LAST_BIRTH_YEAR}",
        )
    return _month_number(year, month)


def _category(category: str) -> str:
    name = str(category).replace("_", "").replace("-", "").lower()
    if name == "male":
        return "male60"
    if name == "female":
        raise RequestError(
            "women retire at 55 or at 50, by post",
            key="category",
            value=category,
            remedy="Say 'female55' (cadre and technical posts) or 'female50' (workers)",
        )
    if name not in SCHEDULES:
        raise RequestError(
            "unknown category", key="category", value=category, remedy=nearest(name, ("male", *SCHEDULES))
        )
    return name


def _delayed(rule: str) -> bool:
    if rule not in ("2025", "original"):
        raise RequestError("unknown rule", key="rule", value=rule, remedy="Rules are '2025' and 'original'")
    return rule == "2025"


def minimum_contribution_months(year: int) -> int:
    """Contribution period in months that a pension starting in ``year`` requires (article 2)."""
    return min(MINIMUM_FROM_2039, MINIMUM_BEFORE_2030 + MINIMUM_STEP * max(0, year - 2029))


def statutory_retirement(birth_month: str, category: str, rule: Rule = "2025") -> StatutoryRetirement:
    """Statutory age, month and flexible window of a person.

    Parameters
    ----------
    birth_month : str
        Month of birth, ``YYYY-MM``.
    category : str
        ``"male"`` (or ``"male60"``), ``"female55"``, ``"female50"``; underscores are ignored.
    rule : {"2025", "original"}
        The rule in force from 1 January 2025, or the ages before it.

    Returns
    -------
    StatutoryRetirement

    Raises
    ------
    RequestError
        For an impossible month, an unknown or ambiguous category, or an unknown rule.

    Notes
    -----
    ``delay = min(cap, floor(k / step) + 1)``, ``k`` = months of birth since the first delayed one;
    none before (Measures of 13 September 2024, article 1).

    Examples
    --------
    >>> statutory_retirement("1965-09", "male").retirement_month
    '2025-12'
    """
    birth, name, delayed = _birth(birth_month), _category(category), _delayed(rule)
    schedule = SCHEDULES[name]
    delay = schedule.delay(birth) if delayed else 0
    original = birth + schedule.original_age_months
    month = original + delay
    window = FLEXIBLE_MONTHS if delayed else 0
    return StatutoryRetirement(
        birth_month=birth_month,
        category=name,
        age_months=schedule.original_age_months + delay,
        retirement_month=_month_name(month),
        delay_months=delay,
        flexible_earliest=_month_name(max(original, month - window)),
        flexible_latest=_month_name(month + window),
        minimum_contribution_months=(
            minimum_contribution_months(month // MONTHS_A_YEAR) if delayed else MINIMUM_BEFORE_2030
        ),
    )


def not_yet_at_age(category: str, delayed: bool, calendar: Calendar = SCHEDULES) -> tuple[FloatArray, FloatArray]:
    """Share of each cohort below the statutory age, births uniform over its twelve months.

    Parameters
    ----------
    category : str
        As in :func:`statutory_retirement`.
    delayed : bool
        Whether the ages rise. The rule of 2025 moves nobody who reaches the original age before 2025.
    calendar : mapping of DelaySchedule
        How they rise; the rule of 2025 by default.

    Returns
    -------
    start, end : ndarray (month, age)
        Fraction at the start and at the end of each month from January 2021. ``age`` is the completed
        age at the last 31 December: the cohort of a month in ``year`` was born in ``year - 1 - age``.
    """
    schedule = calendar[_category(category)]
    month = np.arange(MONTHS)
    year = BASE_YEAR + 1 + month // MONTHS_A_YEAR
    birth_year = year[:, None] - 1 - np.arange(len(AGES))
    births = birth_year[:, :, None] * MONTHS_A_YEAR + np.arange(MONTHS_A_YEAR)
    reached = births + schedule.original_age_months + (schedule.delays(births) if delayed else 0)
    now = ((BASE_YEAR + 1) * MONTHS_A_YEAR + month)[:, None, None]
    return (reached >= now).mean(axis=2), (reached > now).mean(axis=2)


def _by_birth_year(share: ArrayLike) -> FloatArray:
    """Share by month and age index of a figure given by completed age at the jump-off, or for all."""
    value = np.asarray(share, dtype=float)
    if value.shape not in ((), (len(AGES),)) or not ((value >= 0.0) & (value <= 1.0)).all():
        raise RequestError(
            "a share of women who retire at 55 is one fraction, or one for each age at the jump-off",
            key="share_female_55",
            value=value.tolist() if value.ndim == 0 else f"shape {value.shape}",
            remedy=f"Give a number in [0, 1] or {len(AGES)} of them",
        )
    by_age = np.broadcast_to(value, (len(AGES),))
    elapsed = np.arange(MONTHS) // MONTHS_A_YEAR
    by_month: FloatArray = by_age[np.maximum(np.arange(len(AGES)) - elapsed[:, None], 0)]
    return by_month


def _pooled(shares: CategoryShares, delayed: bool, calendar: Calendar) -> tuple[FloatArray, FloatArray]:
    """Share that reaches the statutory age in each month, and share that reached it before."""
    start = np.zeros((MONTHS, len(AGES)))
    end = np.zeros_like(start)
    for category, share in shares.items():
        category_start, category_end = not_yet_at_age(category, delayed, calendar)
        start += share * category_start
        end += share * category_end
    return start - end, 1.0 - start


_MEN: Final[CategoryShares] = {"male60": 1.0}


def _women(share_55: ArrayLike) -> CategoryShares:
    by_month = _by_birth_year(share_55)
    return {"female55": by_month, "female50": 1.0 - by_month}


def retirement_reach(
    female_55_enterprise: ArrayLike, female_55_public: ArrayLike, *, delayed: bool, calendar: Calendar = SCHEDULES
) -> tuple[FloatArray, FloatArray]:
    """Shares of each cohort that reach, and have passed, the statutory age, month by month.

    With ``S`` the share not yet at the age, ``reach = S(t - 1) - S(t)`` and ``passed = 1 - S(t - 1)``. When a
    share ``rho`` of those who reach the age retires, ``rho * reach / (1 - rho * passed)`` of the stock goes.

    Parameters
    ----------
    female_55_enterprise, female_55_public : float or ndarray (age,)
        Fraction of women whose age is 55 (the others: 50), for all or by completed age at the jump-off.
    delayed : bool
        ``False``: the original ages in every month. ``True``: the rule of 2025, which delays those who reach
        the original age in January 2025 or later.
    calendar : mapping of DelaySchedule
        Rise of the ages in place of that rule.

    Returns
    -------
    reach, passed : ndarray (3, 60, 101)
        Fraction of the cohort by category (men, women in enterprises, women in public posts), month from
        January 2021 and completed age at the last 31 December.

    Raises
    ------
    RequestError
        If a share is outside [0, 1] or has another length than the ages.
    """
    mixes = (_MEN, _women(female_55_enterprise), _women(female_55_public))
    pairs = [_pooled(mix, delayed, calendar) for mix in mixes]
    return np.stack([reach for reach, _ in pairs]), np.stack([passed for _, passed in pairs])


def pension_entry(
    female_55: ArrayLike, entitlement: ArrayLike, late: ArrayLike, *, delayed: bool, calendar: Calendar = SCHEDULES
) -> FloatArray:
    """Monthly share of the insured not yet on a pension who draw an enterprise pension, men and women.

    Of those who reach the statutory age the entitled share draws in that month; the others draw later, at
    ``late``: ``(ent * reach + late * (1 - ent) * passed) / (1 - ent * passed)``, the denominator being the
    share of the cohort that is still in the stock.

    Parameters
    ----------
    female_55 : float or ndarray (age,)
        Fraction of insured women whose age is 55, as in :func:`retirement_reach`.
    entitlement : float or (2,)
        Fraction with the minimum contribution period at the statutory age; men and women.
    late : float or (2,)
        Fraction a month of those past the age without it who draw; men and women.
    delayed, calendar
        As in :func:`retirement_reach`.

    Returns
    -------
    ndarray (2, 60, 101)
        Fraction a month by sex, month and completed age at the last 31 December.

    Raises
    ------
    RequestError
        If a share or hazard is outside [0, 1].
    """
    entitled = _fractions("entitlement", entitlement)
    later = _fractions("late", late)
    result = np.empty((2, MONTHS, len(AGES)))
    for sex, mix in enumerate((_MEN, _women(female_55))):
        reach, passed = _pooled(mix, delayed, calendar)
        # Where all have passed and all were entitled nobody is left: the share is zero, not undefined.
        left = np.maximum(1.0 - entitled[sex] * passed, _NOBODY_LEFT)
        drawing = entitled[sex] * reach + later[sex] * (1.0 - entitled[sex]) * passed
        result[sex] = np.clip(drawing / left, 0.0, 1.0)
    return result


def _fractions(key: str, value: ArrayLike) -> FloatArray:
    given = np.asarray(value, dtype=float)
    if given.shape not in ((), (2,)) or not ((given >= 0.0) & (given <= 1.0)).all():
        raise RequestError(
            "one fraction, or one for men and one for women, is needed",
            key=key,
            value=given.tolist(),
            remedy="Give numbers in [0, 1]",
        )
    return np.broadcast_to(given, (2,))
