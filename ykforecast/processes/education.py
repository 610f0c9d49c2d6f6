"""Mean years of schooling of ages 16 to 59 (劳动年龄人口平均受教育年限), by cohort replacement.

Who leaves the working ages had less schooling than who enters them. Survivors and migrants are taken to
have the schooling of their cohort. The result is linear in a few parameters, so that any number of draws
costs one weighted sum over ages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ykforecast.processes.attainment import (
    REACHED,
    AttainmentAssumptions,
    at_or_above,
    level_shares,
    rake_attainment,
    trend_shares,
)
from ykforecast.vocabulary.dims import AGE_GROUPS, AGES, BASE_YEAR, SEX, WORKING_AGE, YEAR_ENDS, YEARS
from ykforecast.vocabulary.errors import RequestError

FloatArray = NDArray[np.float64]

#: Years that the census counts for each level, with pre-school in ``none``: reproduces the index printed
#: in the county volume of the 2020 census to 0.01 (Yingkou, its six units and Liaoning, by sex).
LEVEL_YEARS: Final = np.array([0.0, 6.0, 9.0, 12.0, 16.0, 16.0])
#: Working ages of the indicator: 16 to 59.
SCHOOLING_AGES: Final = slice(WORKING_AGE, 60)
#: Reporting groups that make up the working ages, as positions in `vocabulary.dims.AGE_GROUPS`.
SCHOOLING_GROUPS: Final = tuple(
    i for i, (_, first, last) in enumerate(AGE_GROUPS) if first >= WORKING_AGE and last < SCHOOLING_AGES.stop
)
_SENIOR, _COLLEGE = REACHED.index("senior"), REACHED.index("college")
#: Cohorts whose entry into every level is behind them and recent: entrants are taken to be like them.
_LATEST_COMPLETE: Final = slice(20, 25)


@dataclass(frozen=True)
class SchoolingBasis:
    """Mean years of schooling of each working age, linear in a few parameters.

    Attributes
    ----------
    base : ndarray (year_end, sex, age 16-59)
        Years at the central parameters.
    tilt_up, tilt_down : ndarray (year_end, sex, age 16-59)
        Years per unit of a positive, and of a negative, tilt.
    senior_entry, college_entry : ndarray (year, year_end, sex, age 16-59)
        Years per unit of the share of the entrants of ``year`` who enter the level.
    room_senior, room_college : tuple of float
        Smallest and largest change of those shares that leaves every share within [0, 1], levels nested.
    sexes : ndarray (year_end, sex, group), optional
        Of a basis by reporting groups: share of each sex in a group.
    """

    base: FloatArray
    tilt_up: FloatArray
    tilt_down: FloatArray
    senior_entry: FloatArray
    college_entry: FloatArray
    room_senior: tuple[float, float]
    room_college: tuple[float, float]
    sexes: FloatArray | None = None

    def by_age_group(self, population: FloatArray) -> SchoolingBasis:
        """Basis by sex and the five reporting groups of ages 16 to 59.

        For runs that keep age groups only. Cells become ``(sex, group)``; within a group the sexes and
        ages weigh as in ``population``.

        Parameters
        ----------
        population : ndarray (year_end, sex, age)
            Reference population, persons.
        """
        working = _working(population)

        def summed(values: FloatArray) -> FloatArray:
            bounds = (AGE_GROUPS[position][1:] for position in SCHOOLING_GROUPS)
            columns = [values[..., first - WORKING_AGE : last + 1 - WORKING_AGE].sum(axis=-1) for first, last in bounds]
            return np.stack(columns, axis=-1)

        people = summed(working)

        def grouped(values: FloatArray) -> FloatArray:
            means: FloatArray = summed(values * working) / people
            return means

        return SchoolingBasis(
            base=grouped(self.base),
            tilt_up=grouped(self.tilt_up),
            tilt_down=grouped(self.tilt_down),
            senior_entry=grouped(self.senior_entry),
            college_entry=grouped(self.college_entry),
            room_senior=self.room_senior,
            room_college=self.room_college,
            sexes=people / people.sum(axis=-2, keepdims=True),
        )


def attainment_path(attainment: FloatArray, progression: FloatArray) -> FloatArray:
    """Shares at or above each level to 2025: cohorts age, those still at school move on.

    Entrants reach a level in the share of the latest complete cohorts (ages 20 to 24 in 2020).

    Parameters
    ----------
    attainment : ndarray (sex, age, level)
        Persons at the end of 2020.
    progression : ndarray (reached level, age)
        Fraction of eventual attainers at the level by completed age.

    Returns
    -------
    ndarray (year_end, sex, age, reached level)
        Fraction.
    """
    persons = attainment.sum(axis=2, keepdims=True)
    above = np.divide(at_or_above(attainment), persons, out=np.zeros_like(at_or_above(attainment)), where=persons > 0.0)
    final = entrant_shares(attainment, progression)
    path = np.zeros((len(YEAR_ENDS), *above.shape))
    path[0] = above
    step = progression.T[1:] - progression.T[:-1]
    for year in range(1, len(YEAR_ENDS)):
        moved = path[year - 1, :, :-1] + step * final[:, None, :]
        path[year, :, 1:] = np.minimum.accumulate(np.clip(moved, 0.0, 1.0), axis=-1)
    return path


def entrant_shares(attainment: FloatArray, progression: FloatArray) -> FloatArray:
    """Share of the latest complete cohorts that ever reaches each level, (sex, reached level)."""
    reached = at_or_above(attainment)[:, _LATEST_COMPLETE]
    thinned = (attainment.sum(axis=2)[:, _LATEST_COMPLETE, None] * progression.T[_LATEST_COMPLETE]).sum(axis=1)
    shares: FloatArray = np.minimum(reached.sum(axis=1) / thinned, 1.0)
    return shares


def _entry_response(progression: FloatArray, years_gained: float) -> FloatArray:
    """Years of schooling by cell per unit of entry of each year: (year, year_end, sex, age)."""
    intake = np.diff(progression, prepend=0.0)
    response = np.zeros((len(YEARS), len(YEAR_ENDS), len(SEX), len(AGES)))
    for entry, year in enumerate(YEARS):
        for at, year_end in enumerate(YEAR_ENDS):
            passed = year_end - year
            if passed >= 0:
                response[entry, at, :, passed:] = years_gained * intake[: len(AGES) - passed]
    return response


def schooling_basis(
    population: FloatArray, levels: FloatArray, trends: FloatArray, assumptions: AttainmentAssumptions
) -> SchoolingBasis:
    """Linear basis of the mean years of schooling at each year end from 2020 to 2025.

    Parameters
    ----------
    population : ndarray (sex, age)
        Persons at the end of 2020.
    levels : ndarray (sex, level)
        Published persons aged 6 and over in 2020, met exactly at every tilt.
    trends : ndarray (sex, reached level, 2)
        From `attainment.fit_trends`.
    assumptions : AttainmentAssumptions

    Returns
    -------
    SchoolingBasis

    Raises
    ------
    CalibrationError
        If the published totals cannot be met.
    """
    progression = assumptions.progression

    def vertex(tilt: float) -> tuple[FloatArray, FloatArray]:
        factor = float(np.exp(tilt * assumptions.tilt_step))
        seed = level_shares(trend_shares(trends, assumptions, BASE_YEAR, factor))
        attainment = rake_attainment(seed, population, levels)
        shares = level_shares(attainment_path(attainment, progression))
        return shares @ LEVEL_YEARS, entrant_shares(attainment, progression)

    base, final = vertex(0.0)
    up, down = vertex(1.0)[0], vertex(-1.0)[0]
    senior, college = final[:, _SENIOR], final[:, _COLLEGE]
    gain = np.diff(LEVEL_YEARS)
    return SchoolingBasis(
        base=_working(base),
        tilt_up=_working(up - base),
        tilt_down=_working(base - down),
        senior_entry=_working(_entry_response(progression[_SENIOR], gain[_SENIOR])),
        college_entry=_working(_entry_response(progression[_COLLEGE], gain[_COLLEGE])),
        room_senior=(float((college - senior).max()), float((1.0 - senior).min())),
        room_college=(float(-college.min()), float((senior - college).min())),
    )


def _working(values: FloatArray) -> FloatArray:
    return np.ascontiguousarray(values[..., SCHOOLING_AGES])


def mean_years_schooling(
    population: FloatArray,
    basis: SchoolingBasis,
    *,
    tilt: ArrayLike = 0.0,
    senior_entry: ArrayLike = 0.0,
    college_entry: ArrayLike = 0.0,
    by_sex: bool = False,
) -> FloatArray:
    """Mean years of schooling of the population aged 16 to 59.

    Parameters
    ----------
    population : ndarray (..., year_end, sex, age) or (..., year_end, 1, group)
        Persons; leading axes broadcast against the draws. The second form goes with
        `SchoolingBasis.by_age_group`, which splits it by sex, and holds all reporting groups.
    basis : SchoolingBasis
    tilt : float or (draw,)
        How concentrated schooling is in young cohorts, in standard deviations.
    senior_entry, college_entry : float, (draw,) or (draw, year)
        Change of the share of the entrants of a year who enter upper secondary school, or college; the
        lever ``vocational_education`` adds to them. Cut to ``room_senior`` and ``room_college``.
    by_sex : bool
        Keep the axis ``sex``.

    Returns
    -------
    ndarray (..., year_end) or (..., year_end, sex)
        Years. With draws the leading axis is ``draw``.

    Raises
    ------
    RequestError
        If the population has neither single ages nor reporting groups.
    """
    if population.shape[-1] == len(AGES):
        working = _working(population)
    elif population.shape[-1] == len(AGE_GROUPS):
        working = population[..., SCHOOLING_GROUPS]
        if basis.sexes is not None:
            working = working * basis.sexes
    else:
        raise RequestError(
            "population needs single ages or reporting groups",
            key="population",
            value=population.shape,
            remedy=f"The last axis has {len(AGES)} ages or {len(AGE_GROUPS)} groups",
        )
    cells: tuple[int, ...] = (-1,) if by_sex else (-2, -1)
    persons = working.sum(axis=cells)

    def weighted(values: FloatArray) -> FloatArray:
        total: FloatArray = (working * values).sum(axis=cells) / persons
        return total

    shift = np.asarray(tilt, dtype=float)[(..., None, None) if by_sex else (..., None)]
    result: FloatArray = weighted(basis.base) + np.maximum(shift, 0.0) * weighted(basis.tilt_up)
    result = result + np.minimum(shift, 0.0) * weighted(basis.tilt_down)
    entries = (
        (senior_entry, basis.senior_entry, basis.room_senior),
        (college_entry, basis.college_entry, basis.room_college),
    )
    for change, response, room in entries:
        given = np.asarray(change, dtype=float)
        by_year = np.clip(given[..., None] if given.ndim < 2 else given, *room)
        for year in range(len(YEARS)):
            dose = by_year[..., year if by_year.shape[-1] > 1 else 0]
            result = result + dose[(..., None, None) if by_sex else (..., None)] * weighted(response[year])
    return result


def mean_years_by_group(
    basis: SchoolingBasis, *, tilt: ArrayLike, senior_entry: ArrayLike, college_entry: ArrayLike
) -> FloatArray:
    """Mean years of schooling of each reporting group of ages 16 to 59, (draw, year_end, group).

    Parameters are those of :func:`mean_years_schooling`, with ``basis`` from `SchoolingBasis.by_age_group`: each
    group is a population of its own.
    """
    alone = np.eye(len(AGE_GROUPS))[list(SCHOOLING_GROUPS)]
    # Within a group nothing but the entries and the tilt differs between draws.
    shape = (1, len(YEAR_ENDS), 1, len(AGE_GROUPS))
    return np.stack(
        [
            mean_years_schooling(
                np.broadcast_to(one, shape), basis, tilt=tilt, senior_entry=senior_entry, college_entry=college_entry
            )
            for one in alone
        ],
        axis=2,
    )
