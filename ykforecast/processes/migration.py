"""Net migration as the residual between the censuses of 2010 and 2020, and moves from rural to urban.

Each cohort of 2010 is survived for ten years; what separates it from the count of 2020 is migration. Errors
of coverage that both censuses share with the rest of the country are taken out of the young with the same
residual of China, whose population is closed. Above 40 the survivors of Liaoning agree with its counts to
about one per cent over ten years, so no correction is made there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import census_base_array, national_population
from ykforecast.data.census import COUNTY_AGE_STARTS, group_sums
from ykforecast.data.fixed_order import solve_in_order
from ykforecast.data.tables import figure
from ykforecast.processes.life_table import yearly_death_probabilities
from ykforecast.processes.mortality import CENSUS_DAY, death_rates, national_death_rates
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import AGES, RESIDENCE, SEX

Array = NDArray[np.float64]

INTERVAL = 10
#: First ages in 2010 of the cohorts compared: 0-4 ... 70-74, 75 and over.
COHORT_STARTS = tuple(range(0, 80, 5))
#: Ridge on the squared rates: what pulls the calm ages to zero, and what makes the others solvable.
_PULL, _RIDGE = 1e3, 1e-3


def survive(population: Array, q: Array) -> Array:
    """One year of ageing and deaths, nobody born, (..., age); the open age keeps its survivors."""
    alive = population * (1.0 - q)
    out = np.zeros_like(alive)
    out[..., 1:] = alive[..., :-1]
    out[..., -1] += alive[..., -1]
    return out


def _ten_years(rates: Callable[[float], Array]) -> Array:
    return np.stack([yearly_death_probabilities(rates(2010 + CENSUS_DAY + k + 0.5))[0] for k in range(INTERVAL)])


def yearly_survival(assumed: PopulationAssumptions) -> Array:
    """Death probabilities of the ten census years 2010-2020, ndarray (year, residence, sex, age)."""
    return _ten_years(lambda date: death_rates(date, assumed))


def migrate(population: Array, q: Array, log_rates: Array) -> Array:
    """Ten years of survival; at each year's end people are multiplied by exp(log rate at the age reached)."""
    for year in q:
        population = survive(population, year) * np.exp(log_rates)
    return population


def cohort_sums(single: Array) -> Array:
    """Persons of 2020 (..., age) in the cohorts of `COHORT_STARTS`: ages 10-14 ... 80-84, 85 and over."""
    return np.asarray(group_sums(single)[..., COUNTY_AGE_STARTS.index(10) :])


def _penalty(assumed: PopulationAssumptions) -> Array:
    """Penalty matrix (age, age) on bends of the profile, stiffer with age, and on the rates of calm ages."""
    ages = np.array(AGES)
    rough = np.diff(np.eye(len(ages)), n=2, axis=0)
    stiff_from, calm = assumed.migration_stiff_from, assumed.migration_calm_age
    stiffening = np.exp((np.clip(ages[1:-1], stiff_from, calm) - stiff_from) / assumed.migration_stiff_years)
    bends = np.einsum("ki,kj->ij", rough, assumed.migration_smoothness * stiffening[:, None] * rough)
    return np.asarray(bends + np.diag(np.where(ages >= calm, _PULL, _RIDGE)))


def fit_profile(
    start: Array,
    end_groups: Array,
    q: Array,
    weight: Array,
    used: NDArray[np.bool_],
    assumed: PopulationAssumptions,
) -> Array:
    """Smooth yearly log migration rates by age that carry one population to its cohorts ten years later.

    Parameters
    ----------
    start : ndarray (age,), persons at the first census
    end_groups : ndarray (cohort,), persons of the second census
    q : ndarray (year, age)
    weight : ndarray (cohort,)
        Weight of each cohort's squared log residual.
    used : ndarray of bool (cohort,)
        Cohorts that are known; the others are bridged by the smoothness.
    assumed : PopulationAssumptions

    Returns
    -------
    ndarray (age,), log of one plus the net rate of a year, by age at its end

    Notes
    -----
    Penalised least squares, linear in the logs up to the spread of ages within a cohort; three Gauss-Newton
    steps. Schedules of migration turn at the ages of study, work and family and decline smoothly after them
    (Rogers and Castro, Model migration schedules, 1981), so a bend costs more the older the age.
    """
    ages = len(AGES)
    rates = np.zeros(ages)
    penalty = _penalty(assumed)
    for _ in range(3):
        predicted = migrate(start, q, rates)
        residual = np.log(end_groups / cohort_sums(predicted))
        design = np.zeros((len(COHORT_STARTS), ages))
        exposure = predicted / np.maximum(np.repeat(cohort_sums(predicted), _cohort_sizes()), 1.0)[_cohort_places()]
        for age in range(INTERVAL, ages):
            row = _cohort_of(age)
            for back in range(INTERVAL):
                design[row, age - back] += exposure[age]
        rows = np.flatnonzero(used)
        scaled = design[rows].T * weight[rows]
        gradient = np.einsum("ar,r->a", scaled, residual[rows]) - np.einsum("ab,b->a", penalty, rates)
        rates = rates + solve_in_order(np.einsum("ar,rb->ab", scaled, design[rows]) + penalty, gradient)
    return rates


def _cohort_of(age: int) -> int:
    return min((age - INTERVAL) // 5, len(COHORT_STARTS) - 1)


def _cohort_sizes() -> NDArray[np.int64]:
    return np.bincount([_cohort_of(age) for age in range(INTERVAL, len(AGES))])


def _cohort_places() -> NDArray[np.int64]:
    return np.concatenate([np.zeros(INTERVAL, dtype=np.int64), np.arange(len(AGES) - INTERVAL)])


@lru_cache(maxsize=1)
def coverage(corrected_below: int) -> Array:
    """Log ratio of the count of 2020 to the survivors of 2010 in China, ndarray (cohort,).

    China gains and loses next to nobody by migration: what is left of the young is the difference of
    coverage between the two censuses (children were missed in 2010, young adults counted twice). Both sexes
    together: the difference between the sexes comes from girls missed elsewhere, the sex ratio of
    Liaoning's children is near the natural one. Zero for cohorts from the age ``corrected_below`` in 2010.
    """
    expected = national_population(2010)
    for q in _ten_years(national_death_rates):
        expected = survive(expected, q)
    counted = cohort_sums(national_population(2020).sum(axis=(0, 1)))
    found = np.log(counted / cohort_sums(expected.sum(axis=(0, 1))))
    found[np.array(COHORT_STARTS) >= corrected_below] = 0.0
    found.flags.writeable = False
    return np.asarray(found)


@lru_cache(maxsize=1)
def log_migration(assumed: PopulationAssumptions) -> Array:
    """Yearly log net migration rates of the city, ndarray (sex, age at the end of the year)."""
    start, end = (census_base_array(year, assumed.sources).sum(axis=(0, 1)).astype(float) for year in (2010, 2020))
    q = _mean_survival(census_base_array(2010, assumed.sources).sum(axis=0).astype(float), assumed)
    found = _profiles(start, end, q, assumed)
    found.flags.writeable = False
    return found


def _profiles(start: Array, end: Array, q: Array, assumed: PopulationAssumptions) -> Array:
    out = np.empty((len(SEX), len(AGES)))
    used = observed_cohorts()
    for s in range(len(SEX)):
        groups = cohort_sums(end[s]) / np.exp(coverage(assumed.migration_corrected_below))
        out[s] = fit_profile(start[s], groups, q[:, s], _weights(groups), used, assumed)
    return out


def observed_cohorts() -> NDArray[np.bool_]:
    """Cohorts whose residual is read as migration: all but the last, open one."""
    return np.arange(len(COHORT_STARTS)) < len(COHORT_STARTS) - 1


def _weights(groups: Array) -> Array:
    # Sampling-like noise falls with size; a floor keeps large cohorts from ruling alone.
    return np.asarray(np.minimum(groups / groups.mean(), 1.0))


def _mean_survival(by_residence: Array, assumed: PopulationAssumptions) -> Array:
    """Death probabilities (year, sex, age) of a population (residence, sex, age), by its own mixture."""
    q = yearly_survival(assumed)
    share = by_residence / np.maximum(by_residence.sum(axis=0), 1.0)
    share = np.where(by_residence.sum(axis=0) > 0, share, 1.0 / len(RESIDENCE))
    return np.asarray((q * share).sum(axis=1))


def migration_profile(assumed: PopulationAssumptions) -> Array:
    """Mean yearly net migration rates of 2010-2020 across the border of the city.

    Returns
    -------
    ndarray (stratum, age), share of the survivors at the end of the year, by age at that time
        Urban and rural residents of one sex and age have one rate: the censuses do not tell the two apart,
        and what differs between them is in `urban_moves`.
    """
    rates = np.expm1(log_migration(assumed))
    return np.concatenate([rates] * len(RESIDENCE))


@lru_cache(maxsize=1)
def urban_moves(assumed: PopulationAssumptions) -> Array:
    """Share of rural residents who become urban in a year, by move or by reclassification of their place.

    Returns
    -------
    ndarray (sex, age), share of rural survivors at the end of the year
        Rural residual 2010-2020 beyond the migration of the city; not below zero.
    """
    start, end = (census_base_array(year, assumed.sources)[:, 1].sum(axis=0).astype(float) for year in (2010, 2020))
    external = log_migration(assumed)
    q = yearly_survival(assumed)[:, 1]
    out = np.empty((len(SEX), len(AGES)))
    used = observed_cohorts()
    for s in range(len(SEX)):
        moved = migrate(start[s], q[:, s], external[s])
        stayed = (
            cohort_sums(end[s])
            / np.exp(coverage(assumed.migration_corrected_below))
            / cohort_sums(moved)
            * cohort_sums(migrate(start[s], q[:, s], np.zeros(len(AGES))))
        )
        out[s] = -np.expm1(fit_profile(start[s], stayed, q[:, s], _weights(stayed), used, assumed))
    found = np.asarray(np.maximum(out, 0.0))
    found.flags.writeable = False
    return found


def migration_uncertainty(assumed: PopulationAssumptions) -> Array:
    """One standard deviation of the yearly net migration rate, by stratum and age.

    Returns
    -------
    ndarray (stratum, age), share of survivors
        Level: the census of 2020 moved the resident population of the province by what ten years of annual
        estimates had missed (Liaoning: 43.517 million at the end of 2019 against 42.591 million), as a share
        per year. Age shape: the size of the net rate, in part flat, so that the mobile ages carry more of it.
    """
    sources = assumed.sources
    estimated = figure(sources.province_bulletins, "resident_population_year_end", 2019, place=sources.province)
    counted = figure(sources.county_2020, "population", 2020, place=sources.province)
    level = abs(np.log(counted / estimated)) / INTERVAL
    size = np.abs(migration_profile(assumed))
    weight = census_base_array(2020, assumed.sources).sum(axis=0).reshape(-1, len(AGES)).astype(float)
    flat = assumed.migration_flat_share
    shape = flat + (1.0 - flat) * size / float((size * weight).sum() / weight.sum())
    return np.asarray(level * shape)


def district_log_migration(assumed: PopulationAssumptions) -> Array:
    """Yearly log net rates of each district, moves between districts included, (district, sex, age)."""
    start, end = (census_base_array(year, assumed.sources).astype(float) for year in (2010, 2020))
    return np.stack(
        [
            _profiles(start[d].sum(axis=0), end[d].sum(axis=0), _mean_survival(start[d], assumed), assumed)
            for d in range(len(start))
        ]
    )
