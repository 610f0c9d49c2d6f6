"""The published figures that the base year of a place is built from, in base units."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from ykforecast.data.figure_map import FigureMap


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


#: Single figures of ``[base]``.
BASE: Final = tuple(field.name for field in fields(BaseFigures) if field.name != "standards")


def base_figures(printed: FigureMap, root: str | os.PathLike[str] | None = None) -> BaseFigures:
    """Read every base figure of a place.

    Parameters
    ----------
    printed : FigureMap
        From :func:`ykforecast.data.figure_map.load_figure_map`.
    root : path, optional
        See :func:`ykforecast.data.locate.calibration_root`.

    Raises
    ------
    ModelError
        ``base_figures.toml`` is wrong or leaves a figure out.
    DataError
        A table or a figure is missing or malformed.
    """
    return BaseFigures(**printed.values("base", BASE, root=root), standards=printed.standards(root))
