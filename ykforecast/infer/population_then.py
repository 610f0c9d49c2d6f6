"""Residents at the end of 2015 and the rates of 2016-2020 as they could be known then: no later figure is read.

The census of 2010 is the last one. Mortality has its age pattern and the trend of life expectancy from 1990 to
2000; fertility stays at the level of the census; migration across the border of the city is unknown and zero
at the centre; moves to town follow the urban share that the province printed for 2015.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import province_population
from ykforecast.data.history_file import PAST_BASE, PAST_YEARS
from ykforecast.data.tables import figure
from ykforecast.infer.history_population import CENSUS, carry, stratified
from ykforecast.processes.fertility import fertility_at_census
from ykforecast.processes.jump_off import to_year_end
from ykforecast.processes.life_table import life_expectancy, yearly_death_probabilities
from ykforecast.processes.mortality import ASKED_MIDDLE, LEFT_MIDDLE, registered_rates
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.processes.population_inputs import PopulationInputs
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import AGES, SEX, STRATA

Array = NDArray[np.float64]

#: Published life expectancies of the province that its trend is drawn through.
_EARLY, _LATE = 1990, 2000
#: Largest shift of log death rates that a life expectancy may ask for.
_LARGEST_SHIFT = 2.0


def expected_life(date: float, province: str) -> Array:
    """Life expectancy at birth of a province at a date, ndarray (sex,), years.

    Men and women of 2000 with the rise of both sexes together from 1990 to 2000.
    """

    def printed(year: int, sex: str = "") -> float:
        return figure("life_expectancy", "life_expectancy", year, place=province, sex=sex)

    rise = (printed(_LATE) - printed(_EARLY)) / (_LATE - _EARLY)
    return np.array([printed(_LATE, sex) for sex in SEX]) + rise * (date - _LATE)


def death_rates_then(date: float, assumed: PopulationAssumptions) -> Array:
    """Registered rates of the census of 2010, all ages raised by one factor to the life expectancy of a date.

    Returns
    -------
    ndarray (residence, sex, age), per person-year
    """
    from scipy.optimize import brentq

    place = assumed.sources.province
    registered, weights = registered_rates(CENSUS, place), province_population(CENSUS, place)
    oldest = slice(assumed.mortality_rising_from, None)
    registered[..., oldest] = np.maximum.accumulate(registered[..., oldest], axis=-1)
    province = (registered * weights).sum(axis=0) / weights.sum(axis=0)
    target = expected_life(date, place)

    def excess(shift: float, s: int) -> float:
        return float(life_expectancy(province * np.exp(shift))[s] - target[s])

    shifts = np.array(
        [brentq(excess, -_LARGEST_SHIFT, _LARGEST_SHIFT, args=(s,)) for s in range(len(SEX))], dtype=float
    )
    return np.asarray(registered * np.exp(shifts)[:, None])


def urban_moves_then(sources: PopulationSources) -> float:
    """Share of rural residents of the province who became urban in a year, 2010-2015, before later revisions."""
    people = province_population(CENSUS, sources.province)
    rural = people[1].sum() / people.sum()

    def printed(variable: str) -> float:
        return figure(sources.province_bulletins, variable, PAST_BASE, place=sources.province)

    left = 1.0 - printed("urban_resident_population") / printed("resident_population_year_end")
    # Census of 1 November to year end.
    years = PAST_BASE - CENSUS + 1 / 6
    return float(1.0 - (left / rural) ** (1.0 / years))


def population_known_then(assumed: PopulationAssumptions, spread: float) -> PopulationInputs:
    """Residents at 31 December 2015 and the rates of 2016-2020 from what was published by then.

    Parameters
    ----------
    assumed : PopulationAssumptions
    spread : float
        One standard deviation of the net migration rate, the same at all ages, per year.

    Returns
    -------
    PopulationInputs
        Shapes as for the base year 2020; years 2016-2020.
    """
    counted = census_known_then(assumed, spread, urban_moves_then(assumed.sources))
    decade = replace(counted, people=counted.people.sum(axis=0))
    before = len(PAST_YEARS)
    return replace(
        decade,
        people=carry(decade)[before],
        deaths=decade.deaths[before:],
        infant_deaths=decade.infant_deaths[before:],
        fertility=decade.fertility[before:],
        sex_ratio=decade.sex_ratio[before:],
    )


def census_known_then(assumed: PopulationAssumptions, spread: float, moves: float) -> PopulationInputs:
    """Residents of each district at the end of 2010 and the rates of 2011-2020 from the census of 2010 and before.

    Parameters
    ----------
    assumed : PopulationAssumptions
    spread : float
        One standard deviation of the net migration rate, the same at all ages, per year.
    moves : float
        Share of rural residents who become urban in a year.

    Returns
    -------
    PopulationInputs
        ``people`` (district, stratum, age); rates as for the base year 2020, years 2011-2020.
    """
    ages, sexes = len(AGES), len(SEX)
    _, q_birth = yearly_death_probabilities(death_rates_then(CENSUS + ASKED_MIDDLE, assumed))
    fertility = fertility_at_census(CENSUS, q_birth, assumed.sources)
    infants_by_sex = province_population(CENSUS, assumed.sources.province)[..., 0].sum(axis=0)
    # No count of births by sex is at hand for the province: its infants in the census stand for them.
    ratio = float(infants_by_sex[0] / infants_by_sex[1])
    by_age = np.full((sexes, ages), moves)
    counted = to_year_end(
        CENSUS,
        death_rates_then(CENSUS + LEFT_MIDDLE, assumed),
        fertility,
        ratio,
        np.zeros((sexes, ages)),
        by_age,
        assumed.sources,
    )
    before = len(PAST_YEARS)
    years = range(PAST_BASE - before + 1, PAST_BASE + before + 1)
    q, infants = yearly_death_probabilities(np.stack([death_rates_then(year + 0.5, assumed) for year in years]))
    return PopulationInputs(
        people=stratified(counted),
        deaths=stratified(q),
        infant_deaths=infants.reshape(len(years), len(STRATA)),
        fertility=np.repeat(fertility[None], len(years), axis=0),
        sex_ratio=np.full(len(years), ratio),
        migration=np.zeros((len(STRATA), ages)),
        migration_spread=np.full((len(STRATA), ages), spread),
        moves=by_age,
    )
