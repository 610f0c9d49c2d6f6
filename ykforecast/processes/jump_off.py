"""The jump-off: the census population of 1 November moved to the end of its year."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import birthday_shares, census_base_array
from ykforecast.processes.fertility import census_fertility, sex_ratio_at_birth
from ykforecast.processes.life_table import yearly_death_probabilities
from ykforecast.processes.migration import log_migration, urban_moves
from ykforecast.processes.mortality import LEFT_MIDDLE, death_rates
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import BASE_YEAR, SEX

Array = NDArray[np.float64]

#: From 1 November 0:00 to the end of 31 December: 61 of 366 days in 2020.
YEAR_SHARE = 61.0 / 366.0


def to_year_end(
    year: int,
    death_rates: Array,
    fertility: Array,
    sex_ratio: float,
    log_migration: Array,
    moves: Array,
    sources: PopulationSources,
) -> Array:
    """Census population of 1 November moved to 31 December by two months of change.

    Parameters
    ----------
    year : {2010, 2020}
    death_rates : ndarray (residence, sex, age), per person-year
    fertility : ndarray (residence, age), births per woman and year
    sex_ratio : float
        Boys per girl at birth.
    log_migration, moves : ndarray (sex, age)
        Log of one plus the yearly net rate, and share of rural residents who become urban in a year.
    sources : PopulationSources
        Where the census is printed.

    Returns
    -------
    ndarray (district, residence, sex, age), persons, not rounded
    """
    population = census_base_array(year, sources).astype(float)
    q, q_birth = yearly_death_probabilities(death_rates)
    survivors = population * (1.0 - q) ** YEAR_SHARE
    # Birthdays of November and December: the national cohorts say how many of each age they are.
    birthdays = birthday_shares(year).copy()
    birthdays[..., -1] = 0.0
    aged = survivors * (1.0 - birthdays)
    aged[..., 1:] += (survivors * birthdays)[..., :-1]
    women = (population[..., SEX.index("female"), :] + aged[..., SEX.index("female"), :]) / 2.0
    births = YEAR_SHARE * (fertility * women).sum(axis=-1)
    boys_girls = np.array([sex_ratio, 1.0]) / (1.0 + sex_ratio)
    aged[..., 0] += births[..., None] * boys_girls * (1.0 - q_birth * YEAR_SHARE)
    aged *= np.exp(YEAR_SHARE * log_migration)
    moved = aged[:, 1] * (1.0 - (1.0 - moves) ** YEAR_SHARE)
    aged[:, 1] -= moved
    aged[:, 0] += moved
    aged.flags.writeable = False
    return aged


@lru_cache(maxsize=1)
def year_end_array(assumed: PopulationAssumptions) -> Array:
    """Resident population at the jump-off, 31 December 2020.

    Returns
    -------
    ndarray (district, residence, sex, age), persons, not rounded
        The census of 1 November with two months (61 of 366 days) of deaths, birthdays, births, net migration
        and moves to urban places at the rates of 2020. The city has one set of rates; districts differ by
        their people only.

    Notes
    -----
    Every city total stays within the rounding of the published year-end figures (2.33 million residents).
    """
    return to_year_end(
        BASE_YEAR,
        death_rates(BASE_YEAR + LEFT_MIDDLE, assumed),
        census_fertility(assumed),
        sex_ratio_at_birth(assumed.sources.province),
        log_migration(assumed),
        urban_moves(assumed),
        assumed.sources,
    )
