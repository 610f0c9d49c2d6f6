"""Fertility: age pattern of the country, level of the city's infants in the census, recent trend."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import census_base_array, province_population
from ykforecast.data.census import birth_rates
from ykforecast.data.tables import figure
from ykforecast.processes.life_table import yearly_death_probabilities
from ykforecast.processes.mortality import death_rates
from ykforecast.vocabulary.dims import SEX, YEARS

Array = NDArray[np.float64]

#: Cohorts of births that show the trend: those below five in the census of 2020.
_TREND_COHORTS = 5
#: Yearly share of the trend that goes on. Gardner and McKenzie (1985) damp trends; 0.8 is the lowest value
#: in use (Hyndman and Athanasopoulos, Forecasting: principles and practice, 2021, section 8.2), taken
#: because the fall of 2016-2020 contains the end of the two-child catch-up.
TREND_DAMPING = 0.8


def _expected_births(rates: Array, women: Array, years_ago: int) -> Array:
    """Births by residence in the twelve months that began ``years_ago + 1`` years before the census."""
    at_end, at_start = (np.zeros_like(women) for _ in range(2))
    ages = women.shape[-1]
    at_end[:, : ages - years_ago] = women[:, years_ago:]
    at_start[:, : ages - years_ago - 1] = women[:, years_ago + 1 :]
    return np.asarray((rates * (at_start + at_end) / 2.0).sum(axis=-1))


@lru_cache(maxsize=1)
def census_fertility() -> Array:
    """Births per woman by residence and age in the twelve months to 31 October 2020.

    Returns
    -------
    ndarray (residence, age), births per woman and year
        National pattern of the residence; level such that the births of the year, survived to the census,
        are the city's infants of that residence.
    """
    population = census_base_array(2020).sum(axis=0)
    infants = population[..., 0]
    _, q_birth = yearly_death_probabilities(death_rates(2020.33))
    births = (infants / (1.0 - q_birth)).sum(axis=1)
    pattern = birth_rates(2020)
    level = births / _expected_births(pattern, population[:, SEX.index("female")].astype(float), 0)
    found = np.array(pattern * level[:, None])
    found.flags.writeable = False
    return found


def fertility_trend() -> float:
    """Yearly change of the log level of fertility in Liaoning, 2016-2020.

    Slope of the log ratio of births to those expected at fixed rates, over the five latest birth cohorts
    of the census of 2020 (both residences together). Births: persons below five, survived back; women are
    those of the census moved back by whole years.
    """
    population = province_population(2020)
    women = population[:, SEX.index("female")]
    survivors, years = _survival_to_census()
    pattern = birth_rates(2020)
    logs = [
        np.log(
            (population[..., k] / (survivors if k == 0 else years[..., k])).sum()
            / _expected_births(pattern, women, k).sum()
        )
        for k in range(_TREND_COHORTS)
    ]
    return -float(np.polyfit(np.arange(_TREND_COHORTS), logs, 1)[0])


def _survival_to_census() -> tuple[Array, Array]:
    from ykforecast.processes.life_table import person_years

    years = person_years(death_rates(2018.5))[1]
    return years[..., 0], years


def sex_ratio_at_birth() -> float:
    """Boys per girl at birth: Liaoning in the long form of the census of 2020, held for every year."""
    return figure("census_2020_yearbook", "sex_ratio_at_birth", 2020, place="liaoning")


def fertility_rates(years: tuple[int, ...] = YEARS, damping: float = TREND_DAMPING) -> Array:
    """Births per woman by calendar year, residence and completed age.

    Parameters
    ----------
    years : tuple of int
    damping : float
        Share of the trend that goes on each year; 0 keeps the level of 2020.

    Returns
    -------
    ndarray (year, residence, age), births per woman and year
        ``census_fertility() * exp(trend * (damping + damping**2 + ...))``. Births of a year are these rates
        times the mean of the women at its start and at its end before migration.
    """
    base, trend = census_fertility(), fertility_trend()
    steps = np.array([sum(damping**k for k in range(1, year - 2020 + 1)) for year in years])
    return base[None] * np.exp(trend * steps)[:, None, None]
