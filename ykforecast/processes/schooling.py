"""Schooling of the city from its two censuses: the linear basis that projections use."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ykforecast.data.base_population import census_base_array
from ykforecast.data.education import education_levels
from ykforecast.data.toml_files import read_toml
from ykforecast.processes.attainment import AttainmentAssumptions, fit_trends
from ykforecast.processes.education import SchoolingBasis, schooling_basis
from ykforecast.vocabulary.dims import AGES, RESIDENCE, SEX, YEAR_ENDS


def city_schooling_basis(people: np.ndarray, folder: Path) -> SchoolingBasis:
    """Mean years of schooling by reporting age group, linear in its uncertain parameters.

    Parameters
    ----------
    people : ndarray (stratum, age)
        Residents at the end of 2020, persons.
    folder : Path
        Folder of the model, with ``education.toml``.

    Raises
    ------
    ModelError, DataError, CalibrationError
        A key or a figure is missing, or the published totals cannot be met.
    """
    file = read_toml(folder / "education.toml")
    assumptions = AttainmentAssumptions.from_model(file.table, file.path)
    by_sex = people.reshape(len(RESIDENCE), len(SEX), len(AGES)).sum(axis=0)
    earlier = census_base_array(2010).sum(axis=(0, 1)).astype(float)
    levels = {year: education_levels(year) for year in (2010, 2020)}
    trends = fit_trends({2010: earlier, 2020: by_sex}, levels, assumptions)
    basis = schooling_basis(by_sex, levels[2020], trends, assumptions)
    # Within an age group the mix of ages hardly moves in five years: cohorts shifted along, no flows.
    path = np.stack([_shift(by_sex, year) for year in range(len(YEAR_ENDS))])
    return basis.by_age_group(path)


def _shift(by_sex: np.ndarray, years: int) -> np.ndarray:
    """Cohorts moved up by whole years; the youngest age stands in for those not yet born."""
    moved = np.roll(by_sex, years, axis=1)
    moved[:, :years] = by_sex[:, :1]
    return moved
