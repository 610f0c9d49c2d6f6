"""Fertility: age pattern of the country, level of the city's infants in the census, recent trend."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import census_base_array, province_population
from ykforecast.data.census import birth_rates
from ykforecast.data.tables import figure
from ykforecast.processes.life_table import yearly_death_probabilities
from ykforecast.processes.mortality import ASKED_MIDDLE, death_rates
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import BASE_YEAR, SEX, YEARS

Array = NDArray[np.float64]


def _expected_births(rates: Array, women: Array, years_ago: int) -> Array:
    """Births by residence in the twelve months that began ``years_ago + 1`` years before the census."""
    at_end, at_start = (np.zeros_like(women) for _ in range(2))
    ages = women.shape[-1]
    at_end[:, : ages - years_ago] = women[:, years_ago:]
    at_start[:, : ages - years_ago - 1] = women[:, years_ago + 1 :]
    return np.asarray((rates * (at_start + at_end) / 2.0).sum(axis=-1))


def fertility_at_census(year: int, q_birth: Array, sources: PopulationSources) -> Array:
    """Births per woman in the twelve months before a census, at the level of the city's infants in it.

    Parameters
    ----------
    year : {2010, 2020}
    q_birth : ndarray (residence, sex)
        Probability of dying between birth and the census, for births spread over the twelve months.
    sources : PopulationSources

    Returns
    -------
    ndarray (residence, age), births per woman and year
    """
    population = census_base_array(year, sources).sum(axis=0)
    infants = population[..., 0]
    births = (infants / (1.0 - q_birth)).sum(axis=1)
    pattern = birth_rates(year)
    level = births / _expected_births(pattern, population[:, SEX.index("female")].astype(float), 0)
    return np.array(pattern * level[:, None])


@lru_cache(maxsize=1)
def census_fertility(assumed: PopulationAssumptions) -> Array:
    """Births per woman by residence and age in the twelve months to 31 October 2020.

    Returns
    -------
    ndarray (residence, age), births per woman and year
        National pattern of the residence; level such that the births of the year, survived to the census,
        are the city's infants of that residence.
    """
    _, q_birth = yearly_death_probabilities(death_rates(BASE_YEAR + ASKED_MIDDLE, assumed))
    found = fertility_at_census(BASE_YEAR, q_birth, assumed.sources)
    found.flags.writeable = False
    return found


def fertility_trend(assumed: PopulationAssumptions) -> float:
    """Yearly change of the log level of fertility in the province in the years up to 2020.

    Slope of the log ratio of births to those expected at fixed rates, over the latest birth cohorts of the
    census of 2020 (``fertility_trend_cohorts``, both residences together). Births: the young, survived back;
    women are those of the census moved back by whole years.
    """
    population = province_population(2020, assumed.sources.province)
    women = population[:, SEX.index("female")]
    survivors, years = _survival_to_census(assumed)
    pattern = birth_rates(2020)
    logs = [
        np.log(
            (population[..., k] / (survivors if k == 0 else years[..., k])).sum()
            / _expected_births(pattern, women, k).sum()
        )
        for k in range(assumed.fertility_trend_cohorts)
    ]
    return -float(np.polyfit(np.arange(assumed.fertility_trend_cohorts), logs, 1)[0])


def _survival_to_census(assumed: PopulationAssumptions) -> tuple[Array, Array]:
    from ykforecast.processes.life_table import person_years

    years = person_years(death_rates(2018.5, assumed))[1]
    return years[..., 0], years


def sex_ratio_at_birth(province: str) -> float:
    """Boys per girl at birth: the province in the long form of the census of 2020, held for every year."""
    return figure("census_2020_yearbook", "sex_ratio_at_birth", 2020, place=province)


def fertility_rates(assumed: PopulationAssumptions, years: tuple[int, ...] = YEARS) -> Array:
    """Births per woman by calendar year, residence and completed age.

    Parameters
    ----------
    assumed : PopulationAssumptions
        Gives the damping, the share of the trend that goes on each year (Gardner and McKenzie, 1985).
    years : tuple of int

    Returns
    -------
    ndarray (year, residence, age), births per woman and year
        ``census_fertility() * exp(trend * (damping + damping**2 + ...))``. Births of a year are these rates
        times the mean of the women at its start and at its end before migration.
    """
    base, trend, damping = census_fertility(assumed), fertility_trend(assumed), assumed.fertility_damping
    steps = np.array([sum(damping**k for k in range(1, year - 2020 + 1)) for year in years])
    return base[None] * np.exp(trend * steps)[:, None, None]
