"""Resident population of the city on a census date, by district, residence, sex and single age.

The census prints five-year groups by district and sex, and the urban population of each district. Single ages
follow the birth cohorts of the country by type of area; urban and rural age patterns follow the province. Every
printed margin is kept to the person.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.census import (
    COUNTY_AGE_STARTS,
    MORTALITY_AGE_STARTS,
    county_margins,
    five_year,
    group_sums,
    merge_areas,
    single_age,
)
from ykforecast.data.graduation import (
    birth_cohorts,
    fit_groups,
    proportional_fit,
    round_table,
    round_to_total,
)
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import AGES, RESIDENCE, SEX


@lru_cache(maxsize=8)
def _cohorts(year: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Single ages (area, sex, age) of China on the census date, and their birthday shares."""
    at_middle = single_age("average_population", year)
    at_census = five_year("population", "china", year)
    single, birthday = birth_cohorts(at_middle, at_census[..., 0])
    return fit_groups(single, at_census, MORTALITY_AGE_STARTS), birthday


def national_population(year: int) -> NDArray[np.float64]:
    """China on 1 November by residence, sex and single age, persons, five-year groups as printed."""
    return merge_areas(_cohorts(year)[0])


@lru_cache(maxsize=8)
def province_population(year: int, province: str) -> NDArray[np.float64]:
    """A province on 1 November by residence, sex and single age, persons.

    Single ages of the country by type of area, fitted to the province's printed groups of that type.
    """
    single, _ = _cohorts(year)
    merged = merge_areas(fit_groups(single, five_year("population", province, year), MORTALITY_AGE_STARTS))
    merged.flags.writeable = False
    return merged


def birthday_shares(year: int) -> NDArray[np.float64]:
    """Share of each census age whose birthday lies between 1 November and 31 December.

    Returns
    -------
    ndarray (residence, sex, age), share; about 1/6, less or more where births rose or fell within a year
    """
    single, birthday = _cohorts(year)
    return merge_areas(single * birthday) / merge_areas(single)


def _urban_rural_groups(year: int, sources: PopulationSources) -> NDArray[np.int64]:
    """Persons (district, residence, sex, age group): groups and urban totals of each district as printed."""
    margins = county_margins(year, sources)
    pattern = group_sums(province_population(year, sources.province), COUNTY_AGE_STARTS)
    out = np.zeros((len(sources.districts), len(RESIDENCE), *margins.by_age.shape[1:]), dtype=np.int64)
    for d in range(len(sources.districts)):
        persons, urban = margins.by_age[d], margins.urban[d]
        if urban in (0.0, persons.sum()):
            out[d, 0 if urban else 1] = persons
            continue
        split = np.array([urban, persons.sum() - urban])
        fitted = proportional_fit(pattern, [((1, 2), persons), ((0,), split)])
        out[d, 0] = round_to_total(fitted[0].ravel(), int(urban)).reshape(persons.shape)
        out[d, 1] = persons - out[d, 0]
    return out


@lru_cache(maxsize=8)
def census_base_array(year: int, sources: PopulationSources) -> NDArray[np.int64]:
    """Resident population of the city on 1 November of a census year.

    Parameters
    ----------
    year : {2010, 2020}
    sources : PopulationSources
        The county volumes, the districts and the province.

    Returns
    -------
    ndarray (district, residence, sex, age), persons, whole numbers
        District x sex x printed age group, the urban population of each district and hence every total of the
        city are met to the person.

    Raises
    ------
    DataError
        If the year is not a census year.

    Notes
    -----
    Urban and rural within a district: proportional fit of the province's pattern by residence, sex and age to
    the district's age groups and its urban total, rounded by largest remainders. Single ages: births by
    two-month block of the country by type of area (`birth_cohorts`), controlled rounding over districts.
    """
    groups = _urban_rural_groups(year, sources)
    pattern = fit_groups(
        province_population(year, sources.province), groups.sum(axis=0).astype(float), COUNTY_AGE_STARTS
    )
    ends = (*COUNTY_AGE_STARTS[1:], len(AGES))
    out = np.zeros((len(sources.districts), len(RESIDENCE), len(SEX), len(AGES)), dtype=np.int64)
    for r in range(len(RESIDENCE)):
        for s in range(len(SEX)):
            for g, (start, end) in enumerate(zip(COUNTY_AGE_STARTS, ends, strict=True)):
                rows = groups[:, r, s, g]
                if end - start == 1:
                    out[:, r, s, start] = rows
                    continue
                share = pattern[r, s, start:end] / pattern[r, s, start:end].sum()
                city = round_to_total(share * rows.sum(), int(rows.sum()))
                if rows.sum():
                    table = np.outer(rows, city) / rows.sum()
                    out[:, r, s, start:end] = round_table(table, rows, city)
    out.flags.writeable = False
    return out
