"""Test of the population model on the census it was not shown: 2010 carried to 2020, beside naive rivals.

Two tests. In the first, every second cohort is withheld and its migration bridged from its neighbours. In the
second, every second district gives the migration profile of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import census_base_array
from ykforecast.data.census import COUNTY_AGE_STARTS, group_sums
from ykforecast.processes.migration import (
    COHORT_STARTS,
    INTERVAL,
    cohort_sums,
    fit_profile,
    migrate,
    observed_cohorts,
    yearly_survival,
)
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import AGES, SEX

Array = NDArray[np.float64]

METHODS: Final = ("model", "unchanged", "survival")
TESTS: Final = ("withheld ages", "withheld districts, even", "withheld districts, odd")


@dataclass(frozen=True)
class CensusCheck:
    """Errors of the methods on withheld figures of the census of 2020.

    Attributes
    ----------
    groups : tuple of str
        Age groups in 2020.
    counted : ndarray (test, sex, group), persons
        The census; every figure was withheld from the profile that predicts it.
    predicted : ndarray (method, test, sex, group), persons
    """

    groups: tuple[str, ...]
    counted: Array
    predicted: Array

    def relative_errors(self) -> Array:
        """Predicted over counted minus one, ndarray (method, test, sex, group), share."""
        return np.asarray(self.predicted / self.counted - 1.0)

    def mean_absolute_error(self) -> Array:
        """Mean absolute error of the cells as a share of their mean count, ndarray (method, test)."""
        gap = np.abs(self.predicted - self.counted)
        return np.asarray(gap.sum(axis=(2, 3)) / self.counted.sum(axis=(1, 2)))


def _group_names() -> tuple[str, ...]:
    first = [start + INTERVAL for start in COHORT_STARTS]
    return (*(f"{age}-{age + 4}" for age in first[:-1]), f"{first[-1]}+")


def _survival(by_residence: Array, assumed: PopulationAssumptions) -> Array:
    q = yearly_survival(assumed)
    total = np.maximum(by_residence.sum(axis=0), 1.0)
    return np.asarray((q * (by_residence / total)).sum(axis=1))


def _same_ages(single: Array) -> Array:
    return np.asarray(group_sums(single)[..., COUNTY_AGE_STARTS.index(INTERVAL) :])


def _withheld_ages(assumed: PopulationAssumptions) -> tuple[Array, Array]:
    start, end = (census_base_array(year, assumed.sources).sum(axis=0).astype(float) for year in (2010, 2020))
    q = _survival(start, assumed)
    people, goal = start.sum(axis=0), cohort_sums(end.sum(axis=0))
    number = np.arange(len(COHORT_STARTS))
    predicted = np.empty((len(METHODS), len(SEX), len(COHORT_STARTS)))
    for s in range(len(SEX)):
        still = migrate(people[s], q[:, s], np.zeros(len(AGES)))
        predicted[1, s], predicted[2, s] = _same_ages(people[s]), cohort_sums(still)
        for withheld in (0, 1):
            used = (number % 2 != withheld) & observed_cohorts()
            weight = np.minimum(goal[s] / goal[s].mean(), 1.0)
            profile = fit_profile(people[s], goal[s], q[:, s], weight, used, assumed)
            scored = number % 2 == withheld
            predicted[0, s, scored] = cohort_sums(migrate(people[s], q[:, s], profile))[scored]
    return goal, predicted


def _withheld_districts(shown: NDArray[np.bool_], assumed: PopulationAssumptions) -> tuple[Array, Array]:
    """Profile fitted to the districts shown, scored on the others together."""
    start, end = (census_base_array(year, assumed.sources).astype(float) for year in (2010, 2020))
    donors, receivers = start[shown].sum(axis=0), start[~shown].sum(axis=0)
    donor_goal, goal = (cohort_sums(end[part].sum(axis=(0, 1))) for part in (shown, ~shown))
    donor_q, q = _survival(donors, assumed), _survival(receivers, assumed)
    donor_people, people = donors.sum(axis=0), receivers.sum(axis=0)
    predicted = np.empty((len(METHODS), len(SEX), len(COHORT_STARTS)))
    for s in range(len(SEX)):
        weight = np.minimum(donor_goal[s] / donor_goal[s].mean(), 1.0)
        profile = fit_profile(donor_people[s], donor_goal[s], donor_q[:, s], weight, observed_cohorts(), assumed)
        predicted[0, s] = cohort_sums(migrate(people[s], q[:, s], profile))
        predicted[1, s] = _same_ages(people[s])
        predicted[2, s] = cohort_sums(migrate(people[s], q[:, s], np.zeros(len(AGES))))
    return goal, predicted


def census_check(assumed: PopulationAssumptions) -> CensusCheck:
    """Carry the census of 2010 to 2020 and compare with withheld figures.

    Parameters
    ----------
    assumed : PopulationAssumptions

    Returns
    -------
    CensusCheck
        Tests: ``withheld ages`` (alternate five-year cohorts of the city; the profile is fitted to the
        others); ``withheld districts, even`` (the profile of the first, third ... district for the second,
        fourth ... together); ``withheld districts, odd`` (the other way round). Methods:
        ``model``; ``unchanged``, the count of the same ages in 2010; ``survival``, the cohorts of 2010
        without migration.
    """
    first = np.arange(len(assumed.sources.districts)) % 2 == 0
    tests = (_withheld_ages(assumed), _withheld_districts(first, assumed), _withheld_districts(~first, assumed))
    counted = np.stack([goal for goal, _ in tests])
    predicted = np.stack([guess for _, guess in tests], axis=1)
    return CensusCheck(_group_names(), counted, predicted)
