"""Arrays of the censuses of 2010 and 2020: margins of the city, patterns of province and country."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.tables import read_table
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import AGES, OPEN_AGE, RESIDENCE, SEX
from ykforecast.vocabulary.errors import DataError

#: Age groups of the county volumes, and the first age of each.
COUNTY_AGES: Final = ("0", "1-4", *(f"{a}-{a + 4}" for a in range(5, 85, 5)), "85+")
COUNTY_AGE_STARTS: Final = (0, 1, *range(5, 90, 5))
#: Age groups of the mortality tables, and the first age of each.
MORTALITY_AGES: Final = ("0", "1-4", *(f"{a}-{a + 4}" for a in range(5, 100, 5)), "100+")
MORTALITY_AGE_STARTS: Final = (0, 1, *range(5, 105, 5))
SINGLE_AGES: Final = (*(str(a) for a in AGES[:-1]), f"{OPEN_AGE}+")
AREAS: Final = ("city", "town", "rural")

#: The national volumes hold the country and its provinces: the same for every place.
_NATIONAL: Final = {2010: "census_2010_tabulation", 2020: "census_2020_yearbook"}


def _publication(names: dict[int, str], year: int) -> str:
    try:
        return names[year]
    except KeyError:
        raise DataError("no census of that year", key="year", value=year, remedy="Use 2010 or 2020") from None


@dataclass(frozen=True)
class CensusMargins:
    """Published margins of the city's resident population on 1 November of a census year.

    Attributes
    ----------
    by_age : ndarray (district, sex, county age group), persons
    urban : ndarray (district,), persons
    """

    year: int
    by_age: NDArray[np.float64]
    urban: NDArray[np.float64]


def county_publication(year: int, sources: PopulationSources) -> str:
    """Folder of the county volume of a census.

    Raises
    ------
    DataError
        If there is no such census.
    """
    return _publication({2010: sources.county_2010, 2020: sources.county_2020}, year)


def county_margins(year: int, sources: PopulationSources) -> CensusMargins:
    """Margins of the city: district x sex x age group, and the urban population of each district."""
    publication = county_publication(year, sources)
    by_age = read_table(publication, "population").array(
        {"place": sources.names, "sex": SEX, "age": COUNTY_AGES}, variable="population", year=year
    )
    urban = read_table(publication, "totals").array(
        {"place": sources.names}, variable="population", year=year, residence="urban", sex="", age=""
    )
    return CensusMargins(year, by_age, urban)


@lru_cache(maxsize=32)
def five_year(variable: str, place: str, year: int) -> NDArray[np.float64]:
    """Deaths of twelve months, or population of 1 November, by area and age group.

    Parameters
    ----------
    variable : {"deaths", "population"}
    place : str
        ``china`` or a province.

    Returns
    -------
    ndarray (area city/town/rural, sex, mortality age group), persons
    """
    return read_table(_publication(_NATIONAL, year), "mortality_five_year").array(
        {"residence": AREAS, "sex": SEX, "age": MORTALITY_AGES}, variable=variable, place=place, year=year
    )


@lru_cache(maxsize=16)
def single_age(variable: str, year: int) -> NDArray[np.float64]:
    """Deaths of twelve months, or population at their middle, of China by area and single age.

    Parameters
    ----------
    variable : {"deaths", "average_population"}

    Returns
    -------
    ndarray (area city/town/rural, sex, age), persons
    """
    return read_table(_publication(_NATIONAL, year), "mortality_single_age").array(
        {"residence": AREAS, "sex": SEX, "age": SINGLE_AGES}, variable=variable, place="china", year=year
    )


def birth_rates(year: int) -> NDArray[np.float64]:
    """Births per woman and year by age of mother, China, long form of the census (10 %).

    Returns
    -------
    ndarray (residence, age), births per woman and year; zero outside ages 15-49
    """
    table = read_table(_publication(_NATIONAL, year), "births_by_age_of_mother")
    ages = [str(a) for a in range(15, 50)]
    areas = {"residence": AREAS, "age": ages}
    boys, girls = (table.array(areas, variable=f"{sex}_births", year=year) for sex in SEX)
    women = table.array(areas, variable="women", year=year)
    by_residence = 10.0 * merge_areas(boys + girls) / merge_areas(women)
    rates = np.zeros((len(RESIDENCE), len(AGES)))
    rates[:, 15:50] = by_residence
    return rates


def merge_areas(by_area: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum city and town to urban: (area, ...) to (residence, ...)."""
    return np.stack([by_area[0] + by_area[1], by_area[2]])


def group_sums(single: NDArray[np.float64], starts: tuple[int, ...] = COUNTY_AGE_STARTS) -> NDArray[np.float64]:
    """Sum the last axis, single ages, to age groups that begin at ``starts``."""
    return np.add.reduceat(single, starts, axis=-1)
