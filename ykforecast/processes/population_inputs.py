"""The population side of the kernel's inputs, by stratum: base, deaths, births, migration, moves to town."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ykforecast.processes.fertility import fertility_rates, sex_ratio_at_birth
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.migration import migration_profile, migration_uncertainty, urban_moves
from ykforecast.processes.mortality import death_probabilities
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import AGES, STRATA, YEARS


@dataclass(frozen=True, slots=True)
class PopulationInputs:
    """Base population and yearly rates.

    Attributes
    ----------
    people : ndarray (stratum, age)
        Residents at 31 December 2020, persons.
    deaths, infant_deaths : ndarray (year, stratum, age), (year, stratum)
        Probabilities of dying within the year, and from birth to the end of the year.
    fertility : ndarray (year, residence, age)
        Births per woman.
    sex_ratio : ndarray (year,)
        Boys per girl at birth.
    migration, migration_spread : ndarray (stratum, age)
        Net rate on survivors, and what one unit of the level parameter adds.
    moves : ndarray (sex, age)
        Share of rural survivors who become urban in a year.
    """

    people: np.ndarray
    deaths: np.ndarray
    infant_deaths: np.ndarray
    fertility: np.ndarray
    sex_ratio: np.ndarray
    migration: np.ndarray
    migration_spread: np.ndarray
    moves: np.ndarray

    @property
    def migration_unit(self) -> float:
        """Net migration a year that one unit of the level parameter adds, share of the population."""
        return float((self.people * self.migration_spread).sum() / self.people.sum())

    @property
    def annual_moves(self) -> float:
        """Rural residents who become urban in a year at the rates of 2010-2020, persons."""
        return float((self.people[2:] * self.moves).sum())

    def kernel_arrays(self) -> dict[str, np.ndarray]:
        """Arrays under the names of the cohort kernel."""
        return {
            "q": self.deaths,
            "q_birth": self.infant_deaths,
            "fert": self.fertility,
            "srb": self.sex_ratio,
            "mig0": self.migration,
            "mig1": self.migration_spread,
            "mv": self.moves,
        }


def population_inputs(assumed: PopulationAssumptions) -> PopulationInputs:
    """Base population and rates of the city from the censuses and what they leave open.

    Raises
    ------
    DataError
        A table is missing or malformed.
    """
    deaths, infants = death_probabilities(assumed)
    return PopulationInputs(
        people=year_end_array(assumed).sum(axis=0).reshape(len(STRATA), len(AGES)),
        deaths=deaths,
        infant_deaths=infants,
        fertility=fertility_rates(assumed),
        sex_ratio=np.full(len(YEARS), sex_ratio_at_birth(assumed.sources.province)),
        migration=migration_profile(assumed),
        migration_spread=migration_uncertainty(assumed),
        moves=urban_moves(assumed),
    )
