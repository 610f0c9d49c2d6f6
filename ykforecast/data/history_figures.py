"""Figures that the base year 2015 is solved from, in base units: printed, carried between censuses, or declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from ykforecast.data.base_figures import CITY, PLAN, YEARBOOK, JumpOffFigures
from ykforecast.data.base_population import census_base_array
from ykforecast.data.history_file import PAST_BASE, Known
from ykforecast.data.tables import figure
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.vocabulary.errors import ModelError

_FIRST_CENSUS, _SECOND_CENSUS = 2010, 2020
#: Ages that the long forms count the employed against: 16 and over in 2010, 15 and over in 2020.
_ADULT_2010, _ADULT = 16, 15
#: End of 2015 between the censuses of 1 November.
_ELAPSED = (5.0 + 1.0 / 6.0) / 10.0


def _long_form(year: int) -> tuple[float, float]:
    """Employed per resident aged 15 and over, and agriculture's share of the employed."""

    def count(variable: str) -> float:
        return figure(f"census_{year}_county", variable, year, place=CITY, table="employment_long_form")

    employed, farm = count("industry_total"), count("industry_agriculture")
    if year == _SECOND_CENSUS:
        return employed / count("population_15_and_over"), farm / employed
    people = census_base_array(year).sum(axis=(0, 1, 2))
    per_adult = employed / count("population_16_and_over")
    return per_adult * float(people[_ADULT_2010:].sum() / people[_ADULT:].sum()), farm / employed


def history_figures(known: Known, people: np.ndarray, declared: Mapping[str, ParameterSpec]) -> JumpOffFigures:
    """Figures of the end of 2015.

    Parameters
    ----------
    known : {"all", "then"}
        With ``all`` the shares of employed and of farm work lie between the long forms of 2010 and 2020,
        log-linear in time, and yearly counts are means of 2016-2020; with ``then`` those of 2010 are moved by
        declared changes.
    people : ndarray (stratum, age)
        Residents at 31 December 2015, persons.
    declared : mapping of str to ParameterSpec
        Figures that nobody printed; ``urban_employment_ratio`` is the employed share of adults in towns over
        that in the country.

    Raises
    ------
    DataError
        A printed figure is missing.
    ModelError
        A figure is neither printed nor declared, or both.
    """

    def yearbook(variable: str) -> float:
        return figure(YEARBOOK, variable, PAST_BASE, place=CITY)

    values = {name: record.median for name, record in declared.items()}
    employed_share, farm_share = _long_form(_FIRST_CENSUS)
    if known == "all":
        later = _long_form(_SECOND_CENSUS)
        employed_share *= (later[0] / employed_share) ** _ELAPSED
        farm_share *= (later[1] / farm_share) ** _ELAPSED
    else:
        employed_share *= values.pop("employed_share_change")
        farm_share *= values.pop("farm_share_change")
    adults = people[:, _ADULT:].sum(axis=1)
    urban = values.pop("urban_employment_ratio") * float(adults[:2].sum())
    printed = {
        "employed_share": employed_share,
        "farm_share": farm_share,
        "urban_employment_share": urban / (urban + float(adults[2:].sum())),
        "units_employed": yearbook("employed_urban_units_year_end"),
        "college_students": yearbook("higher_education_enrolled"),
        "enterprise_insured": yearbook("urban_employee_pension_insured"),
        "unemployment_insured": yearbook("unemployment_insured"),
        "employee_medical_insured": yearbook("employee_medical_insured"),
    }
    if known == "all":
        printed |= _yearly_counts()
    wanted = {field.name for field in fields(JumpOffFigures)}
    for problem, names in (
        ("figures neither printed nor declared", wanted - set(printed) - set(values)),
        ("declared figures that are printed or unknown", set(values) - (wanted - set(printed))),
    ):
        if names:
            raise ModelError(problem, file="history.toml", key=f"figures.{known}", value=sorted(names))
    return JumpOffFigures(**printed, **values)


def _yearly_counts() -> dict[str, float]:
    """Means of 2016-2020 that the plan prints as sums; new jobs are those of 2016-2019."""

    def five_years(variable: str) -> float:
        return figure(PLAN, variable, "2016-2020", table="text_figures")

    last = figure(PLAN, "new_urban_jobs", _SECOND_CENSUS, table="indicators")
    return {
        "new_urban_jobs": (five_years("new_urban_jobs") - last) / 4,
        "reemployed_a_year": five_years("unemployed_reemployed") / 5,
        "rural_transfers_a_year": five_years("rural_transfer") / 5,
    }
