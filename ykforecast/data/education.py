"""Published population by educational attainment: the county volumes, and the country and the province."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.tables import read_table
from ykforecast.vocabulary.dims import EDUCATION_LEVELS, SEX
from ykforecast.vocabulary.errors import DataError

#: Printed levels that count as one level of the model.
_MERGED: Final = {"preschool": "none", "bachelor": "university", "postgraduate": "university"}
_COUNTY: Final = {2010: "census_2010_county", 2020: "census_2020_county"}


def _levels(publication: str, table: str, **keys: str | int) -> NDArray[np.float64]:
    read = read_table(publication, table)
    result = np.zeros((len(SEX), len(EDUCATION_LEVELS)))
    found = read.mask(**keys)
    for row in np.flatnonzero(found):
        printed, sex = read.columns["variable"][row], read.columns["sex"][row]
        level = _MERGED.get(printed, printed)
        if level in EDUCATION_LEVELS and sex in SEX:
            result[SEX.index(sex), EDUCATION_LEVELS.index(level)] += read.values[row]
    if not result.all():
        raise DataError("levels of education missing", file=read.file, key=str(keys), remedy="Check place and year")
    return result


def education_levels(year: int, place: str = "yingkou") -> NDArray[np.float64]:
    """Population aged 6 and over by level in a census of the city, a district or the province.

    Parameters
    ----------
    year : {2010, 2020}
    place : str
        ``yingkou``, a district of `vocabulary.dims.DISTRICTS`, or ``liaoning``.

    Returns
    -------
    ndarray (sex, level)
        Persons; pupils count at the level they attend, pre-school as ``none``.

    Raises
    ------
    DataError
        If there is no such census or place.
    """
    if year not in _COUNTY:
        raise DataError("no census of that year", key="year", value=year, remedy="Use 2010 or 2020")
    return _levels(_COUNTY[year], "education", year=year, place=place)


def national_education_levels(year: int, place: str = "china", residence: str = "") -> NDArray[np.float64]:
    """Population by level of the country or the province: ages 3 and over in 2020, 6 and over in 2010.

    Parameters
    ----------
    year : {2010, 2020}
    place : {"china", "liaoning"}
    residence : {"", "city", "town", "rural"}
        Area type; all areas if empty.

    Returns
    -------
    ndarray (sex, level)
        Persons, pre-school counted as ``none``.
    """
    return _levels("education_attainment", "attainment", year=year, place=place, residence=residence)
