"""Indicators of the plan: what is measured, in which unit, by which method."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ykforecast.spec.record import FromList, Name, Record, Text
from ykforecast.vocabulary.errors import nearest
from ykforecast.vocabulary.units import UNITS, base_unit

#: level: the figure of the target year. cumulative: the sum of the years after the base year.
#: annual_mean: the mean of the years after the base year.
Basis = Literal["level", "cumulative", "annual_mean"]


def _printed_unit(unit: str) -> str:
    if unit not in UNITS:
        raise ValueError(f"unknown unit. {nearest(unit, UNITS)}")
    return unit


PrintedUnit = Annotated[str, AfterValidator(_printed_unit)]


class IndicatorSpec(Record):
    """One indicator (指标) of the plan.

    Attributes
    ----------
    number : int
        Row number in the plan's table of main indicators.
    label_zh, label_en : str
        Name as printed in the plan, and in English.
    domain : str
        employment, social_security or public_services.
    unit : str
        Printed unit, a key of :data:`ykforecast.vocabulary.units.UNITS`.
    decimals : int
        Decimals that the plan prints.
    basis : str
        What the target speaks of: level, cumulative or annual_mean.
    method : str
        cohort: from states and flows of the cohorts. series: a short structural time series.
        ledger: a count kept by a department, with no cohort story.
    department : tuple of str
        Departments that the plan puts in charge of the matching measure; empty where it names none.
    department_where : str, optional
        Box (专栏) of the plan that names them.
    definition, definition_zh : str
        The published definition as it is computed here.
    source : str
        Key of the source record.
    conflicts, conflicts_zh : tuple of str
        Where sources disagree, and what was done about it; one Chinese sentence for each or none at all.
    """

    number: Annotated[int, Field(ge=1)]
    label_zh: Text
    label_en: Text
    domain: Literal["employment", "social_security", "public_services"]
    unit: PrintedUnit
    decimals: Annotated[int, Field(ge=0, le=6)]
    basis: Basis
    method: Literal["cohort", "ledger", "series"]
    department: Annotated[tuple[Text, ...], FromList] = ()
    department_where: Text | None = None
    definition: Text
    definition_zh: Text | None = None
    source: Name
    conflicts: Annotated[tuple[Text, ...], FromList] = ()
    conflicts_zh: Annotated[tuple[Text, ...], FromList] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if bool(self.department) != (self.department_where is not None):
            raise ValueError("name departments and the place that names them together")
        if self.conflicts_zh and len(self.conflicts_zh) != len(self.conflicts):
            raise ValueError("conflicts_zh needs one sentence for each of conflicts")
        return self

    @property
    def base_unit(self) -> str:
        """Unit of the values inside the model."""
        return base_unit(self.unit)
