"""Labour states of residents at the end of 2020, with every known total met exactly.

The age shape of each state is borrowed or assumed (``profiles.toml``); the totals are the
city's own: employed persons (2020 census long form), the urban share of employment and the
surveyed unemployment rate (the plan), agriculture (census), public posts (government pension).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ykforecast.data.profiles import Profiles
from ykforecast.vocabulary.dims import LABOUR_STATES, STRATA, WORKING_AGE
from ykforecast.vocabulary.errors import CalibrationError

S, N, U, E, G, F, A, R = range(len(LABOUR_STATES))
URBAN, RURAL = slice(0, 2), slice(2, 4)
#: Guard that keeps the log odds of employment finite; the shipped profiles stay below it.
LARGEST_EMPLOYMENT_RATIO = 0.985
#: Seed of enterprise and flexible work where posts and farms would fill an age: fitting cannot raise a zero.
LEAST_OTHER_WORK = 0.01


@dataclass(frozen=True, slots=True)
class LabourTotals:
    """City totals that the base year meets, persons.

    ``public_urban_share`` is the share of public posts held by urban residents, ``college_age`` the age in
    years from which students count as those of higher education.
    """

    employed_urban: float
    employed_rural: float
    unemployed_urban: float
    unemployed_rural: float
    farm_urban: float
    farm_rural: float
    enterprise_urban: float
    enterprise_rural: float
    public: float
    public_urban_share: float
    college_students: float
    college_age: float
    enterprise_retirees: float
    government_retirees: float


def _stratum_curves(profiles: Profiles, name: str) -> np.ndarray:
    """Curves of one profile for the four strata, (4, age)."""
    return np.stack([profiles[f"{name}.{residence}.{sex}"] for residence, sex in STRATA])


def _residence_curves(profiles: Profiles, name: str) -> np.ndarray:
    return np.stack([profiles[f"{name}.{residence}"] for residence, _ in STRATA])


def shift_to_total(share: np.ndarray, people: np.ndarray, total: float, what: str) -> np.ndarray:
    """Counts ``people * share`` with the shares shifted on the logit scale to sum to ``total``.

    Parameters
    ----------
    share, people : ndarray (stratum, age)
        Fraction in [0, 1) and persons.
    total : float
        Persons.

    Raises
    ------
    CalibrationError
        No shift reaches the total.
    """
    if not ((share >= 0) & (share < 1)).all():
        raise CalibrationError(f"{what}: a share outside [0, 1)", value=(float(share.min()), float(share.max())))
    odds = share / (1.0 - share)
    ceiling = people[odds > 0].sum()
    if not 0 < total < ceiling:
        raise CalibrationError(f"{what} cannot be met: between 0 and {ceiling:,.0f} persons are possible", value=total)
    low, high = -20.0, 20.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        scaled = odds * np.exp(middle)
        if (people * scaled / (1.0 + scaled)).sum() < total:
            low = middle
        else:
            high = middle
    scaled = odds * np.exp(0.5 * (low + high))
    counts: np.ndarray = people * scaled / (1.0 + scaled)
    counts *= total / counts.sum()
    return counts


def rake_kinds(seed: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Iterative proportional fitting of kinds of work to employed persons and kind totals.

    Parameters
    ----------
    seed : ndarray (cell, kind)
    rows : ndarray (cell,)
        Employed persons.
    columns : ndarray (kind,)
        Persons by kind of work; must sum to the rows.

    Raises
    ------
    CalibrationError
        The margins disagree or do not fit the seed's zeros.
    """
    if not np.isclose(rows.sum(), columns.sum(), rtol=1e-9):
        raise CalibrationError(f"kinds of work sum to {columns.sum():,.1f}, employed persons to {rows.sum():,.1f}")
    table: np.ndarray = seed.copy()
    empty = (table.sum(axis=0) == 0) | (columns <= 0)
    if empty.any():
        raise CalibrationError("a kind of work has no persons, or nobody who could do it", value=columns.tolist())
    for _ in range(2000):
        table *= (columns / table.sum(axis=0))[None, :]
        sums = table.sum(axis=1)
        error = np.abs(sums - rows).max()
        table *= np.divide(rows, sums, out=np.zeros_like(rows), where=sums > 0)[:, None]
        if error < 1e-9 * rows.sum():
            break
    if not np.abs(table.sum(axis=0) - columns).max() <= 1e-6 * columns.sum():
        raise CalibrationError("kinds of work do not converge", value=table.sum(axis=0).round().tolist())
    table *= (columns / table.sum(axis=0))[None, :]
    return table


def _kinds(profiles: Profiles, employed: np.ndarray, totals: LabourTotals) -> np.ndarray:
    """Employed persons by kind, (4, 4 kinds E G F A, age)."""
    ratio = profiles["flexible_odds"]
    public = np.stack([profiles[f"public_share.{sex}"] for _, sex in STRATA])
    # Women in public posts retire at 55: past it the shape has no posts for them.
    public[1::2, 55:] = 0.0
    farm = _residence_curves(profiles, "farm_share")
    kinds = np.zeros((len(STRATA), 4, employed.shape[-1]))
    for place, enterprise, farm_total, share, workers in (
        (URBAN, totals.enterprise_urban, totals.farm_urban, totals.public_urban_share, totals.employed_urban),
        (
            RURAL,
            totals.enterprise_rural,
            totals.farm_rural,
            1 - totals.public_urban_share,
            totals.employed_rural,
        ),
    ):
        public_total = totals.public * share
        columns = np.array([enterprise, public_total, workers - enterprise - public_total - farm_total, farm_total])
        if columns.min() <= 0:
            raise CalibrationError("a kind of work has no persons left", value=columns.round().tolist())
        # Shapes at the level of the place: what they leave over is other work, which does not jump with age.
        posts = public[place] * (public_total / (public[place] * employed[place]).sum())
        land = farm[place] * (farm_total / (farm[place] * employed[place]).sum())
        rest = np.clip(1.0 - posts - land, LEAST_OTHER_WORK, None)
        seed = np.stack([rest / (1 + ratio), posts, rest * ratio / (1 + ratio), land], axis=1)
        cells = np.moveaxis(seed, 1, 2).reshape(-1, 4)
        rows = employed[place].reshape(-1)
        table = rake_kinds(cells * rows[:, None], rows, columns)
        kinds[place] = np.moveaxis(table.reshape(2, -1, 4), 2, 1)
    return kinds


@dataclass(frozen=True, slots=True)
class LabourBase:
    """Base-year stocks, persons.

    Attributes
    ----------
    labour : ndarray (stratum, state, age)
        Residents aged 16 and over by labour state.
    child : ndarray (stratum, age)
        Residents below 16.
    pensioners : ndarray (stratum, age)
        Persons with an employees' pension, at work or not.
    """

    labour: np.ndarray
    child: np.ndarray
    pensioners: np.ndarray


def labour_base(population: np.ndarray, profiles: Profiles, totals: LabourTotals) -> LabourBase:
    """Split residents into labour states so that all totals hold.

    Parameters
    ----------
    population : ndarray (stratum, age)
        Residents at 31 December 2020, persons.

    Raises
    ------
    CalibrationError
        A total cannot be met, or more people are in a state than live in a cell.
    """
    adults = population.copy()
    adults[:, :WORKING_AGE] = 0.0
    child = population - adults
    ages = np.arange(population.shape[1])

    students = adults * profiles["student_ratio"]
    college = ages >= totals.college_age
    students[:, college] *= totals.college_students / students[:, college].sum()

    outside = adults - students
    ratio = _stratum_curves(profiles, "employment_ratio")
    ratio = np.minimum(ratio, LARGEST_EMPLOYMENT_RATIO)
    employed = np.zeros_like(adults)
    for place, total, what in (
        (URBAN, totals.employed_urban, "urban employment"),
        (RURAL, totals.employed_rural, "rural employment"),
    ):
        employed[place] = shift_to_total(ratio[place], outside[place], total, what)
    kinds = _kinds(profiles, employed, totals)

    rate = profiles["unemployment_rate"]
    unemployed = employed * rate / (1 - rate)
    for place, total in ((URBAN, totals.unemployed_urban), (RURAL, totals.unemployed_rural)):
        unemployed[place] *= total / unemployed[place].sum()

    idle = outside - employed - unemployed
    if idle.min() < 0:
        worst = np.unravel_index(idle.argmin(), idle.shape)
        raise CalibrationError(
            "more people at work or seeking it than live there",
            key=f"stratum {worst[0]}, age {worst[1]}",
            value=float(idle.min()),
        )
    receipt = _stratum_curves(profiles, "pension_receipt")
    pensioners = shift_to_total(
        receipt, adults - students, totals.enterprise_retirees + totals.government_retirees, "retirees"
    )
    at_work = np.divide(employed, adults, out=np.zeros_like(adults), where=adults > 0)
    retired = np.minimum(pensioners * (1 - at_work), idle)

    labour = np.zeros((4, len(LABOUR_STATES), population.shape[1]))
    labour[:, S], labour[:, U], labour[:, R] = students, unemployed, retired
    labour[:, E], labour[:, G], labour[:, F], labour[:, A] = np.moveaxis(kinds, 1, 0)
    labour[:, N] = idle - retired
    return LabourBase(labour=labour, child=child, pensioners=pensioners)
