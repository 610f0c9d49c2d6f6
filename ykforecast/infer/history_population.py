"""Residents at the end of 2015, between the censuses of 2010 and 2020, and the rates of 2016-2020.

The census of 2010 is carried forward at the model's mortality, migration and moves to town; births are those
that the children of 2020 survive from. What each cohort then lacks of its count in 2020, or has too much, is
spread evenly over the ten years.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.history_file import PAST_BASE
from ykforecast.processes.fertility import census_fertility, fertility_at_census, sex_ratio_at_birth
from ykforecast.processes.jump_off import to_year_end, year_end_array
from ykforecast.processes.life_table import yearly_death_probabilities
from ykforecast.processes.migration import (
    COHORT_STARTS,
    INTERVAL,
    coverage,
    log_migration,
    migration_profile,
    migration_uncertainty,
    survive,
    urban_moves,
)
from ykforecast.processes.mortality import ASKED_MIDDLE, LEFT_MIDDLE, death_probabilities, death_rates
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.processes.population_inputs import PopulationInputs
from ykforecast.vocabulary.dims import AGES, OPEN_AGE, RESIDENCE, SEX, STRATA

Array = NDArray[np.float64]

#: The census before the base year.
CENSUS = PAST_BASE - INTERVAL // 2
_DECADE = tuple(range(CENSUS + 1, CENSUS + INTERVAL + 1))
_HALF = INTERVAL // 2
#: Rounds that settle births and the closing error: children move to town, so the residences depend on each other.
_ROUNDS = 4


def carry(inputs: PopulationInputs) -> Array:
    """Residents at each year end at the central rates, in the order of the kernel's year end.

    Parameters
    ----------
    inputs : PopulationInputs
        People and rates may have axes before the stratum, of draws or districts; those of a year come after the year.

    Returns
    -------
    ndarray (year_end, ..., stratum, age), persons; the start included
    """
    path = [inputs.people]
    for year, q in enumerate(inputs.deaths):
        start = path[-1]
        end = survive(start, q)
        women = (start[..., 1::2, :] + end[..., 1::2, :]) / 2.0
        births = (inputs.fertility[year] * women).sum(axis=-1)
        boys_girls = np.array([inputs.sex_ratio[year], 1.0]) / (1.0 + inputs.sex_ratio[year])
        born = (births[..., None] * boys_girls).reshape(*births.shape[:-1], len(STRATA))
        end[..., 0] = born * (1.0 - inputs.infant_deaths[year])
        end *= 1.0 + inputs.migration
        moved = end[..., 2:, :] * inputs.moves
        end[..., 2:, :] -= moved
        end[..., :2, :] += moved
        path.append(end)
    return np.stack(path)


def stratified(by_place: Array) -> Array:
    """(..., residence, sex, age) as (..., stratum, age)."""
    return np.asarray(by_place.reshape(*by_place.shape[:-3], len(STRATA), len(AGES)))


def _start(assumed: PopulationAssumptions) -> Array:
    """Residents at the end of 2010, cohorts raised or lowered to the coverage of the census of 2020."""
    _, q_birth = yearly_death_probabilities(death_rates(CENSUS + ASKED_MIDDLE, assumed))
    counted = to_year_end(
        CENSUS,
        death_rates(CENSUS + LEFT_MIDDLE, assumed),
        fertility_at_census(CENSUS, q_birth, assumed.sources),
        sex_ratio_at_birth(assumed.sources.province),
        log_migration(assumed),
        urban_moves(assumed),
        assumed.sources,
    )
    # Two months after the census, so that the ages of the cohorts hold but for a sixth of each.
    cohort = np.searchsorted(COHORT_STARTS, np.array(AGES), side="right") - 1
    return stratified(counted.sum(axis=0)) * np.exp(coverage(assumed.migration_corrected_below)[cohort])


def fit_births(decade: PopulationInputs, end: Array) -> PopulationInputs:
    """Fertility of each year at the level that leaves the children counted at the end, by residence."""
    years = len(decade.deaths)
    children = np.arange(years)[::-1]  # age at the end of those born in each year
    for _ in range(_ROUNDS):
        there = carry(decade)[-1].reshape(len(RESIDENCE), len(SEX), -1)[..., children].sum(axis=1)
        counted = end.reshape(len(RESIDENCE), len(SEX), -1)[..., children].sum(axis=1)
        decade = replace(decade, fertility=decade.fertility * (counted / there).T[:, :, None])
    return decade


def _reached(cohort_change: Array, years: int) -> Array:
    """Mean over the years of what the cohorts change by that reach an age, (stratum, age).

    A change is given by age at the end of the last year: those who reach age ``x`` some years before are
    that much older by then.
    """
    ages = np.array(AGES)
    return np.asarray(np.mean([cohort_change[:, np.minimum(ages + k, OPEN_AGE)] for k in range(years)], axis=0))


def population_between_censuses(assumed: PopulationAssumptions) -> PopulationInputs:
    """Residents at 31 December 2015 and the rates of 2016-2020 that lead to the count of 2020.

    Returns
    -------
    PopulationInputs
        Shapes as for the base year 2020; years 2016-2020.

    Notes
    -----
    With ``c`` the count of a cohort in 2020 over its projection from 2010, residents of 2015 are the
    projection times ``sqrt(c)``, and the yearly migration of 2016-2020 carries ``log(c) / 10``, averaged over
    the cohorts that reach an age.
    """
    end = stratified(year_end_array(assumed).sum(axis=0))
    deaths, infants = death_probabilities(assumed, _DECADE)
    decade = PopulationInputs(
        people=_start(assumed),
        deaths=deaths,
        infant_deaths=infants,
        fertility=np.repeat(census_fertility(assumed)[None], INTERVAL, axis=0),
        sex_ratio=np.full(INTERVAL, sex_ratio_at_birth(assumed.sources.province)),
        migration=migration_profile(assumed),
        migration_spread=migration_uncertainty(assumed),
        moves=urban_moves(assumed),
    )
    decade = fit_births(decade, end)
    path = carry(decade)
    closing = np.log(end / path[-1])
    in_five_years = np.minimum(np.array(AGES) + _HALF, OPEN_AGE)
    past = replace(
        decade,
        people=path[_HALF] * np.exp(closing[:, in_five_years] / 2.0),
        deaths=deaths[_HALF:],
        infant_deaths=infants[_HALF:],
        fertility=decade.fertility[_HALF:],
        sex_ratio=decade.sex_ratio[_HALF:],
        migration=np.expm1(np.log1p(decade.migration) + _reached(closing / INTERVAL, _HALF)),
    )
    return fit_births(past, end)
