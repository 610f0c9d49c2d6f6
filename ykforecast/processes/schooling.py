"""Schooling of the city from its two censuses: the linear basis that projections use."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ykforecast.data.base_population import census_base_array
from ykforecast.data.education import education_levels
from ykforecast.data.toml_files import read_toml
from ykforecast.processes.attainment import (
    AttainmentAssumptions,
    fit_trends,
    level_shares,
    rake_attainment,
    trend_shares,
)
from ykforecast.processes.education import SchoolingBasis, schooling_basis
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import AGES, RESIDENCE, SEX, YEAR_ENDS


def city_schooling_basis(people: np.ndarray, folder: Path, place: str, sources: PopulationSources) -> SchoolingBasis:
    """Mean years of schooling by reporting age group, linear in its uncertain parameters.

    Parameters
    ----------
    people : ndarray (stratum, age)
        Residents at the end of 2020, persons.
    folder : Path
        Folder of the model, with ``education.toml``.
    place : str
        Name of the place in the censuses.
    sources : PopulationSources
        Where the censuses are printed.

    Raises
    ------
    ModelError, DataError, CalibrationError
        A key or a figure is missing, or the published totals cannot be met.
    """
    by_sex, levels, trends, assumptions = _fitted(people, folder, place, sources)
    basis = schooling_basis(by_sex, levels, trends, assumptions)
    # Within an age group the mix of ages hardly moves in five years: cohorts shifted along, no flows.
    path = np.stack([_shift(by_sex, year) for year in range(len(YEAR_ENDS))])
    return basis.by_age_group(path)


def level_shares_by_age(people: np.ndarray, folder: Path, place: str, sources: PopulationSources) -> np.ndarray:
    """Share of each level of education at the end of 2020, ndarray (sex, age, level), fractions; zero below 6.

    Parameters and errors as of :func:`city_schooling_basis`.
    """
    by_sex, levels, trends, assumptions = _fitted(people, folder, place, sources)
    persons = rake_attainment(level_shares(trend_shares(trends, assumptions, 2020)), by_sex, levels)
    total = persons.sum(axis=2, keepdims=True)
    shares: np.ndarray = np.divide(persons, total, out=np.zeros_like(persons), where=total > 0.0)
    return shares


def _fitted(
    people: np.ndarray, folder: Path, place: str, sources: PopulationSources
) -> tuple[np.ndarray, np.ndarray, np.ndarray, AttainmentAssumptions]:
    """Residents (sex, age), printed levels of 2020 (sex, level), trends by year of birth, and what they assume."""
    file = read_toml(folder / "education.toml")
    assumptions = AttainmentAssumptions.from_model(file.table, file.path)
    by_sex = people.reshape(len(RESIDENCE), len(SEX), len(AGES)).sum(axis=0)
    earlier = census_base_array(2010, sources).sum(axis=(0, 1)).astype(float)
    levels = {year: education_levels(year, place, sources) for year in (2010, 2020)}
    return by_sex, levels[2020], fit_trends({2010: earlier, 2020: by_sex}, levels, assumptions), assumptions


def _shift(by_sex: np.ndarray, years: int) -> np.ndarray:
    """Cohorts moved up by whole years; the youngest age stands in for those not yet born."""
    moved = np.roll(by_sex, years, axis=1)
    moved[:, :years] = by_sex[:, :1]
    return moved
