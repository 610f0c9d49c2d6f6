"""How a published figure measures the model: its quantity, definition, error, rounding, steps and first known day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ykforecast.spec.parameter import Positive
from ykforecast.spec.record import FromList, Key, Name, Reasoned, Record, Text

#: level: the figure itself is comparable with the model. growth: only changes within one definition are.
Kind = Literal["level", "growth"]
_QUANTITY = re.compile(r"[a-z]\w*(\+[a-z]\w*)*(/[a-z]\w*(\+[a-z]\w*)*)?", re.ASCII)


def _written_quantity(text: str) -> str:
    if not _QUANTITY.fullmatch(text):
        raise ValueError("write names of model series joined by +, with at most one /, as in 'a+b/c'")
    return text


#: Names of model series that are added up, after ``/`` those that the sum is divided by: ``a+b/c`` is (a + b) / c.
Quantity = Annotated[str, AfterValidator(_written_quantity)]


class PublicationRule(Reasoned):
    """When the figures of a publication count as known.

    Attributes
    ----------
    lag_months : int, optional
        The figures of a year are known on the last day of the month so many months after its end.
    known : date, optional
        All figures are known on this day; exactly one of the two.
    """

    lag_months: Annotated[int, Field(ge=0, le=36)] | None = None
    known: date | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if (self.lag_months is None) == (self.known is None):
            raise ValueError("give exactly one of lag_months and known")
        return self

    def known_on(self, year: int) -> date:
        """Day from which the figures of a year are known."""
        if self.known is not None:
            return self.known
        later, month = divmod(11 + (self.lag_months or 0), 12)
        return end_of_month(year + later, month + 1)


def end_of_month(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, monthrange(year, month)[1])


class FigureReading(Record):
    """Where published figures of a series stand: one variable of one table, in one or more publications."""

    publications: Annotated[tuple[Name, ...], FromList, Field(min_length=1)]
    table: Name
    variable: Key
    place: Name | None = None


class Definition(Record):
    """What a series counts from one year to another.

    Attributes
    ----------
    name : str
        Key; changes are comparable within one definition only.
    first, last : int
        Years, both included; without ``last`` the definition still holds.
    quantity, kind : optional
        Where they differ from those of the series.
    meaning, meaning_zh : str
        What is counted.
    """

    name: Key
    first: int
    last: int | None = None
    quantity: Quantity | None = None
    kind: Kind | None = None
    meaning: Text
    meaning_zh: Text | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError("the last year lies before the first")
        return self

    def holds(self, year: int) -> bool:
        """Whether the figure of a year has this definition."""
        return self.first <= year and (self.last is None or year <= self.last)


class Exclusion(Record):
    """A year whose figure is never used."""

    year: int
    reason: Text
    reason_zh: Text | None = None


class ErrorSize(Reasoned):
    """Standard deviation of a printed figure about the truth: a fraction of it, or in base units.

    Attributes
    ----------
    relative, absolute : float, optional
        Exactly one of the two.
    drift : float, optional
        Where the model's quantity is a stand-in for what is counted: fraction of the figure by which the two part
        in a year (one standard deviation). Partings add up from the base year on, as in a random walk.
    """

    relative: Positive | None = None
    absolute: Positive | None = None
    drift: Positive | None = None

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.relative is None) == (self.absolute is None):
            raise ValueError("give exactly one of relative and absolute")
        return self

    def sd(self, value: float) -> float:
        """Standard deviation of a figure, in its base unit."""
        return self.absolute if self.absolute is not None else (self.relative or 0.0) * abs(value)


class StepPrior(Reasoned):
    """Prior of a step in what is counted that nobody announced.

    Attributes
    ----------
    probability : float
        That a year brings one.
    scale, degrees_of_freedom : float
        Of the Student-t distribution of its size, as a log ratio.
    """

    probability: Annotated[float, Field(gt=0, lt=1)]
    scale: Positive
    degrees_of_freedom: Positive


class RoundingStep(Reasoned):
    """Unit of the last printed digit in base units, where the printed text does not show it."""

    step: Positive
