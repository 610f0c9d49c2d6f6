"""Mortality: the census gives the age pattern by residence, the published life expectancy its level.

Census deaths are under-registered: the recorded deaths of China in 2020 imply 79.2 and 84.2 years (men,
women) against the published 75.37 and 80.88.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import province_population
from ykforecast.data.census import MORTALITY_AGE_STARTS, MORTALITY_AGES, five_year, merge_areas, single_age
from ykforecast.data.tables import figure, read_table
from ykforecast.processes.life_table import life_expectancy, yearly_death_probabilities
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import AGES, RESIDENCE, SEX, YEARS
from ykforecast.vocabulary.errors import CalibrationError

Array = NDArray[np.float64]

#: Within its year: the day of a census, 1 November; the middle of the twelve months that it asks of; the middle of
#: what is left of the year after it.
CENSUS_DAY, ASKED_MIDDLE, LEFT_MIDDLE = 0.83, 0.33, 0.92
#: Groups over which the province is compared with the country: few deaths below 40, so wide groups there.
_COMPARED = ((0, 1), (1, 15), (15, 30), (30, 40), *((a, a + 5) for a in range(40, 95, 5)), (95, 101))
#: Middle of each period of World Population Prospects, as a calendar date.
_WPP_MIDDLES = {"2010-2015": 2013.0, "2015-2020": 2018.0, "2020-2025": 2023.0, "2025-2030": 2028.0}


def _centres(starts: tuple[int, ...]) -> Array:
    ends = np.array((*starts[1:], len(AGES)))
    return np.asarray((np.array(starts) + ends - 1) / 2.0)


def _to_single(values: Array, centres: Array) -> Array:
    """Monotone interpolation of (..., group) over single ages, constant beyond the first and last centre."""
    from scipy.interpolate import PchipInterpolator

    ages = np.clip(np.array(AGES, dtype=float), centres[0], centres[-1])
    return np.asarray(PchipInterpolator(centres, values, axis=-1)(ages))


def _wpp_log_rates() -> tuple[Array, Array]:
    """Middles of the periods, and log mx of China (period, sex, mortality age group), WPP 2022."""
    table = read_table("wpp_2022", "mortality_rates")
    rates = [table.array({"sex": SEX, "age": MORTALITY_AGES}, year=period) for period in _WPP_MIDDLES]
    return np.array(list(_WPP_MIDDLES.values())), np.log(np.array(rates))


def _wpp_rates(date: float) -> Array:
    """China, mx (sex, mortality age group) at a date, log-linear between the middles of periods."""
    middles, logs = _wpp_log_rates()
    after = int(np.clip(np.searchsorted(middles, date), 1, len(middles) - 1))
    share = (date - middles[after - 1]) / (middles[after] - middles[after - 1])
    return np.asarray(np.exp((1 - share) * logs[after - 1] + share * logs[after]))


@lru_cache(maxsize=1)
def improvement() -> Array:
    """Yearly relative decline of death rates by sex and single age.

    Returns
    -------
    ndarray (sex, age), per year
        Log decline of World Population Prospects 2022 for China from 2015-2020 to 2025-2030, over ten years.
    """
    middles, logs = _wpp_log_rates()
    decline = (logs[1] - logs[3]) / (middles[3] - middles[1])
    decline[:, -1] = decline[:, -2]  # 100 and over: few deaths, an erratic rate
    return _to_single(decline, _centres(MORTALITY_AGE_STARTS))


def published_life_expectancy(year: int, province: str) -> Array:
    """Life expectancy at birth of a province in a census year, ndarray (sex,), years.

    2010 lies on the line between the published figures of 2000 and 2019. 2020 takes the sexes of 2019,
    moved by the change of the figure for both sexes from 2019 to 2020.
    """

    def printed(at: int, sex: str = "") -> float:
        return figure("life_expectancy", "life_expectancy", at, place=province, sex=sex)

    late = np.array([printed(2019, sex) for sex in SEX])
    if year == 2020:
        return np.asarray(late + (printed(2020) - printed(2019)))
    if year == 2010:
        early = np.array([printed(2000, sex) for sex in SEX])
        return np.asarray(early + (late - early) * (2010 - 2000) / (2019 - 2000))
    raise CalibrationError("no life expectancy of that year", value=year, remedy="Use 2010 or 2020")


def registered_rates(year: int, province: str) -> Array:
    """Death rates of a province as registered in the census, by residence, sex and single age.

    Returns
    -------
    ndarray (residence, sex, age), per person-year
        Single-age pattern of the country by type of area, times the ratio of the province to the country in
        wide age groups, interpolated in logs.
    """
    population = single_age("average_population", year)
    country = merge_areas(single_age("deaths", year)) / merge_areas(population)
    deaths = merge_areas(five_year("deaths", province, year))
    at_risk = province_population(year, province)
    starts = np.array(MORTALITY_AGE_STARTS)
    log_ratio = np.empty((len(RESIDENCE), len(SEX), len(_COMPARED)))
    for k, (start, end) in enumerate(_COMPARED):
        recorded = deaths[..., (starts >= start) & (starts < end)].sum(axis=-1)
        expected = (country * at_risk)[..., start:end].sum(axis=-1)
        log_ratio[..., k] = np.log(recorded / expected)
    centres = np.array([(start + end - 1) / 2.0 for start, end in _COMPARED])
    return np.asarray(country * np.exp(_to_single(log_ratio, centres)))


@lru_cache(maxsize=4)
def census_death_rates(year: int, assumed: PopulationAssumptions) -> Array:
    """Death rates of the province at the level of its published life expectancy.

    Parameters
    ----------
    year : {2010, 2020}
    assumed : PopulationAssumptions

    Returns
    -------
    ndarray (residence, sex, age), per person-year

    Notes
    -----
    ``m = registered * exp(share * log(k))``, with ``k`` the ratio of World Population Prospects 2022 to the
    registered rates of the country by age and sex: infants lose most in registration, the rest about two
    fifths. ``share``, one number for each sex, is solved so that men and women of the whole province have
    their published life expectancy: Liaoning registers more completely than the country. The infant rate
    takes the whole correction (share 1); at high ages (``mortality_fade_from`` on) the correction fades, as
    the registers of the oldest agree with the survivors between the two censuses.
    """
    from scipy.optimize import brentq

    province = assumed.sources.province
    registered = registered_rates(year, province)
    country = five_year("deaths", "china", year).sum(axis=0) / five_year("population", "china", year).sum(axis=0)
    gap = np.log(_wpp_rates(year + ASKED_MIDDLE) / country)
    correction = _to_single(gap[:, 1:], _centres(MORTALITY_AGE_STARTS)[1:])
    # Infants: no mixing with the next group.
    correction[:, 0] = 0.0
    fading = (assumed.mortality_fade_from, assumed.mortality_fade_to)
    correction *= np.interp(np.array(AGES), fading, (1.0, 0.0))
    infant = np.exp(gap[:, 0])
    oldest = slice(assumed.mortality_rising_from, None)
    weights = province_population(year, province)
    targets = published_life_expectancy(year, province)

    def rates(share: float, s: int) -> Array:
        out = np.array(registered[:, s] * np.exp(share * correction[s]))
        out[:, 0] = registered[:, s, 0] * infant[s]
        # Overstated ages make the registered rates of the oldest fall; a death rate does not.
        out[:, oldest] = np.maximum.accumulate(out[:, oldest], axis=-1)
        return out

    def excess(share: float, s: int) -> float:
        whole = np.tile((rates(share, s) * weights[:, s]).sum(axis=0) / weights[:, s].sum(axis=0), (len(SEX), 1))
        return float(life_expectancy(whole)[s] - targets[s])

    shares = [float(brentq(excess, -0.5, 2.5, args=(s,))) for s in range(len(SEX))]
    found = np.stack([rates(share, s) for s, share in enumerate(shares)], axis=1)
    found.flags.writeable = False
    return found


def death_rates(date: float, assumed: PopulationAssumptions) -> Array:
    """Death rates at a date, ndarray (residence, sex, age), per person-year.

    Between the censuses log-linear in time; after 2020 with the decline of `improvement`.
    """
    late = census_death_rates(2020, assumed)
    if date >= 2020.5:
        return np.asarray(late * np.exp(-improvement() * (date - 2020.5)))
    share = (date - 2010.5) / 10.0
    return np.asarray(np.exp((1 - share) * np.log(census_death_rates(2010, assumed)) + share * np.log(late)))


def death_probabilities(assumed: PopulationAssumptions, years: tuple[int, ...] = YEARS) -> tuple[Array, Array]:
    """Probabilities of dying within each calendar year.

    Parameters
    ----------
    assumed : PopulationAssumptions
    years : tuple of int
        Calendar years; those of the forecast by default.

    Returns
    -------
    q : ndarray (year, stratum, age)
        For completed age at the start of the year; the open age stays in itself.
    q_birth : ndarray (year, stratum)
        From birth to the end of the year. Strata: urban male, urban female, rural male, rural female.
    """
    rates = np.stack([death_rates(year + 0.5, assumed) for year in years])
    q, q_birth = yearly_death_probabilities(rates)
    strata = len(RESIDENCE) * len(SEX)
    return q.reshape(len(years), strata, len(AGES)), q_birth.reshape(len(years), strata)


def national_death_rates(date: float) -> Array:
    """Death rates of China at a date, ndarray (residence, sex, age), the same for both residences.

    World Population Prospects 2022 by age group, spread to single ages in proportion to the census of 2020.
    """
    starts = np.array(MORTALITY_AGE_STARTS)
    group = np.searchsorted(starts, np.array(AGES), side="right") - 1
    deaths, population = (single_age(name, 2020).sum(axis=0) for name in ("deaths", "average_population"))
    recorded = deaths / population
    grouped = np.add.reduceat(deaths, starts, axis=-1) / np.add.reduceat(population, starts, axis=-1)
    rates = recorded * (_wpp_rates(date) / grouped)[:, group]
    return np.stack([rates] * len(RESIDENCE))
