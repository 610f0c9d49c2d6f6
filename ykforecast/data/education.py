"""Published population by educational attainment: the county volumes of two censuses."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.census import county_publication
from ykforecast.data.tables import read_table
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import EDUCATION_LEVELS, SEX
from ykforecast.vocabulary.errors import DataError

#: Printed levels that count as one level of the model.
_MERGED: Final = {"preschool": "none", "bachelor": "university", "postgraduate": "university"}


def education_levels(year: int, place: str, sources: PopulationSources) -> NDArray[np.float64]:
    """Population aged 6 and over by level in a census of the city, a district or the province.

    Parameters
    ----------
    year : {2010, 2020}
    place : str
        The modelled place, one of its districts, or the province.
    sources : PopulationSources
        Names the county volumes.

    Returns
    -------
    ndarray (sex, level)
        Persons; pupils count at the level they attend, pre-school as ``none``.

    Raises
    ------
    DataError
        If there is no such census or place.
    """
    read = read_table(county_publication(year, sources), "education")
    result = np.zeros((len(SEX), len(EDUCATION_LEVELS)))
    for row in np.flatnonzero(read.mask(year=year, place=place)):
        printed, sex = read.columns["variable"][row], read.columns["sex"][row]
        level = _MERGED.get(printed, printed)
        if level in EDUCATION_LEVELS and sex in SEX:
            result[SEX.index(sex), EDUCATION_LEVELS.index(level)] += read.values[row]
    if not result.all():
        raise DataError(
            "levels of education missing", file=read.file, key="place", value=place, remedy="Check place and year"
        )
    return result
