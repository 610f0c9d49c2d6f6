"""The published figures that the base year of the city is built from, in base units."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from ykforecast.data.tables import figure, read_table

PLAN, YEARBOOK, CENSUS = "yingkou_plan_2021_2025", "china_city_yearbook", "census_2020_county"
CITY = "yingkou"


@dataclass(frozen=True, slots=True)
class JumpOffFigures:
    """Figures that the stocks, odds and enrolment of a base year are solved from, persons and fractions.

    Attributes
    ----------
    employed_share : float
        Employed persons per resident aged 15 and over: census long form.
    farm_share : float
        Share of employed persons in agriculture: census long form.
    urban_employment_share, unemployment_rate : float
        Indicators 3 and 2 of the plan.
    units_employed : float
        Urban non-private units, year-end.
    college_students : float
        Regular higher education in the city.
    enterprise_insured, government_insured, unemployment_insured, employee_medical_insured : float
        Persons; the yearbook's count where it refines the plan's rounded figure.
    new_urban_jobs : float
        Indicator 1 of the plan.
    reemployed_a_year, rural_transfers_a_year : float
        Means of 2016-2020, persons a year.
    """

    employed_share: float
    farm_share: float
    urban_employment_share: float
    unemployment_rate: float
    units_employed: float
    college_students: float
    enterprise_insured: float
    government_insured: float
    unemployment_insured: float
    employee_medical_insured: float
    new_urban_jobs: float
    reemployed_a_year: float
    rural_transfers_a_year: float


@dataclass(frozen=True, slots=True)
class BaseFigures(JumpOffFigures):
    """Observed figures of 2020 (or of the years named), with those that only the ledgers start from.

    Attributes
    ----------
    work_injury_insured : float
        Indicator 13 of the plan, persons.
    medical_coverage, dibao_ratio, card_holders, poverty_workers, training : float
        Indicators 11, 14, 16, 4 and 6 of the plan.
    standards : mapping of str to float
        Benefits, standards and counts of 2020 that chapter 1 of the plan prints, base units.
    """

    work_injury_insured: float
    medical_coverage: float
    dibao_ratio: float
    card_holders: float
    poverty_workers: float
    training: float
    standards: Mapping[str, float]


def base_figures(root: str | os.PathLike[str] | None = None) -> BaseFigures:
    """Read every base figure of the city.

    Raises
    ------
    DataError
        A table or a figure is missing or malformed.
    """

    def plan(variable: str) -> float:
        return figure(PLAN, variable, 2020, table="indicators", root=root)

    def plan_sum(variable: str) -> float:
        return figure(PLAN, variable, "2016-2020", table="text_figures", root=root)

    def yearbook(variable: str, year: int = 2020) -> float:
        return figure(YEARBOOK, variable, year, place=CITY, root=root)

    def long_form(variable: str) -> float:
        return figure(CENSUS, variable, 2020, place=CITY, table="employment_long_form", root=root)

    employed = long_form("industry_total")
    return BaseFigures(
        employed_share=employed / long_form("population_15_and_over"),
        farm_share=long_form("industry_agriculture") / employed,
        urban_employment_share=plan("urban_employment_share"),
        unemployment_rate=plan("surveyed_unemployment_rate"),
        units_employed=yearbook("employed_urban_units_year_end"),
        college_students=yearbook("higher_education_enrolled"),
        # The plan's 87.3 + 10.05 = 97.35 holds as printed; the yearbook's 872,700 would make it 97.32.
        enterprise_insured=plan("pension_enterprise"),
        government_insured=plan("pension_government"),
        # The yearbook's 239,171 rounds to the plan's 23.9 (10k persons).
        unemployment_insured=yearbook("unemployment_insured"),
        work_injury_insured=plan("work_injury_insured"),
        employee_medical_insured=yearbook("employee_medical_insured"),
        medical_coverage=plan("medical_coverage"),
        dibao_ratio=plan("dibao_ratio"),
        card_holders=plan("social_security_cards"),
        poverty_workers=plan("poverty_alleviated_workers"),
        new_urban_jobs=plan("new_urban_jobs"),
        training=plan("subsidised_training"),
        reemployed_a_year=plan_sum("unemployed_reemployed") / 5,
        rural_transfers_a_year=plan_sum("rural_transfer") / 5,
        standards=_standards(root),
    )


def _standards(root: str | os.PathLike[str] | None) -> dict[str, float]:
    table = read_table(PLAN, "text_figures", root)
    names = [
        name for name, year in zip(table.columns["variable"], table.columns["year"], strict=True) if str(year) == "2020"
    ]
    return {name: figure(PLAN, name, 2020, table="text_figures", root=root) for name in names}
