"""Observations: what a published series measures, and one figure of it with what is known of its error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from ykforecast.spec.indicator import Basis, PrintedUnit
from ykforecast.spec.measurement import (
    Definition,
    ErrorSize,
    Exclusion,
    FigureReading,
    Kind,
    PublicationRule,
    Quantity,
    RoundingStep,
    StepPrior,
    end_of_month,
)
from ykforecast.spec.parameter import Interval
from ykforecast.spec.record import FromList, Grade, Key, Name, Record, Text
from ykforecast.vocabulary.units import base_unit


def quantity_parts(quantity: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the model series that a quantity adds up, and of those that the sum is divided by (may be none)."""
    added, _, divided = quantity.partition("/")
    return tuple(added.split("+")), tuple(divided.split("+")) if divided else ()


class ObservationSeries(Record):
    """What a published series measures.

    Attributes
    ----------
    label_zh : str
        Chinese name.
    quantity : str
        Model series that it is compared with, see :data:`ykforecast.spec.measurement.Quantity`.
    modelled : bool
        False where no run of the model holds the quantity: such a series speaks to history only.
    indicator : bool
        Whether this is the indicator of the same key.
    basis : str
        As of an indicator: level, or a flow or rate that is also printed as a sum or mean of years.
    kind : str
        level or growth, see :data:`ykforecast.spec.measurement.Kind`.
    unit : str
        Printed unit of forms and pages; published tables carry their own, which may change between years.
    support : (float, float)
        Base units. A figure outside is impossible, not just unlikely.
    readings : tuple of FigureReading
        Published figures, the preferred source first; empty where only departments know them.
    definitions : tuple of Definition
        In the order of years, without overlap.
    error : ErrorSize
        Error of measurement beside the rounding.
    step : StepPrior, optional
        Absent where a step in what is counted is out of the question.
    rounding : RoundingStep, optional
        Without it the printed decimals say how far a figure is rounded.
    excluded : tuple of Exclusion
        Years left out.
    note, note_zh : str, optional
        A remark for readers.
    """

    label_zh: Text
    quantity: Quantity
    modelled: bool = True
    indicator: bool = False
    basis: Basis = "level"
    kind: Kind = "level"
    unit: PrintedUnit
    support: Interval
    readings: Annotated[tuple[FigureReading, ...], FromList] = ()
    definitions: Annotated[tuple[Definition, ...], FromList, Field(min_length=1)]
    error: ErrorSize
    step: StepPrior | None = None
    rounding: RoundingStep | None = None
    excluded: Annotated[tuple[Exclusion, ...], FromList] = ()
    note: Text | None = None
    note_zh: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for one, following in zip(self.definitions, self.definitions[1:], strict=False):
            if one.last is None or one.last >= following.first:
                raise ValueError(f"definitions {one.name!r} and {following.name!r} overlap or are out of order")
        low, high = self.support
        if not low < high:
            raise ValueError("the support is empty")
        return self

    @property
    def base_unit(self) -> str:
        """Unit of values inside the model."""
        return base_unit(self.unit)

    def definition(self, year: int) -> Definition | None:
        """Definition that the figure of a year has; None where none is stated."""
        return next((one for one in self.definitions if one.holds(year)), None)

    def refusal(self, value: float, year: int) -> str | None:
        """Why a figure in base units cannot be one of this series; None if it can."""
        low, high = self.support
        if not low <= value <= high:
            return f"impossible: outside {low:g} .. {high:g} {self.base_unit}"
        if self.definition(year) is None:
            return "no definition is stated for this year"
        return None

    def observed(
        self,
        key: str,
        value: float,
        *,
        years: tuple[int, int],
        month: int | None = None,
        rounding: float,
        published: date,
        source: str,
        grade: Grade,
    ) -> Observation:
        """The figure of a year, or the sum or mean of several, with the error that this series has.

        ``value`` and ``rounding`` in base units; :meth:`refusal` has been asked before.
        """
        first, last = years
        definition = self.definition(last)
        if definition is None:  # unreachable after asking
            raise AssertionError(key)
        return Observation(
            series=key,
            quantity=definition.quantity or self.quantity,
            kind=definition.kind or self.kind,
            definition=definition.name,
            first_year=first,
            year=last,
            month=month,
            basis=self.basis if first < last else "level",
            value=value,
            error_sd=self.error.sd(value),
            rounding=self.rounding.step if self.rounding is not None else rounding,
            published=published,
            source=source,
            grade=grade,
        )

    def exclusion(self, year: int) -> Exclusion | None:
        """Why the figure of a year is left out; None where it is used."""
        return next((one for one in self.excluded if one.year == year), None)


class ObservationTable(Record):
    """The tables of ``observations.toml``."""

    publications: dict[Name, PublicationRule] = {}
    series: dict[Key, ObservationSeries] = {}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Another source's figure for the same series and time, further off than rounding explains.

    ``value`` is in base units; ``reading`` says which of the two is used and why.
    """

    source: str
    value: float
    reading: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure with what is known of its error.

    Attributes
    ----------
    series : str
        Key of its :class:`ObservationSeries`.
    quantity, kind, definition : str
        What the figure of this year measures, see there.
    first_year, year : int
        Time that it describes, both years included; equal but for sums and means of several years.
    month : int, optional
        Stocks stand at the end of this month, flows run from January to it; without it the whole year.
    basis : str
        level: of ``year`` itself. cumulative, annual_mean: sum or mean of ``first_year`` .. ``year``.
    value, error_sd, rounding : float
        Base units: figure, standard deviation of its error, unit of its last printed digit.
    published : date
        From when on it is known.
    source, grade : str
        Publication, or what the form of a department names; grade of the figure.
    contradictions : tuple of Contradiction
        Other sources' figures that differ.
    """

    series: str
    quantity: str
    kind: Kind
    definition: str
    first_year: int
    year: int
    month: int | None
    basis: Basis
    value: float
    error_sd: float
    rounding: float
    published: date
    source: str
    grade: Grade
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def ends(self) -> date:
        """Last day that the figure describes."""
        return end_of_month(self.year, self.month or 12)

    @property
    def sd(self) -> float:
        """Standard deviation of error and rounding together, base units; a digit is uniform, step**2 / 12."""
        return float((self.error_sd**2 + self.rounding**2 / 12) ** 0.5)

    @property
    def times(self) -> tuple[int, int, int]:
        """First year, year and month: with the series, what the figure is a figure of."""
        return self.first_year, self.year, self.month or 12
