"""Targets of the plan: the figure of 2025 beside that of 2020, as printed and in base units."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ykforecast.spec.indicator import Basis
from ykforecast.spec.record import Name, Record, Text

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def printed_number(text: str) -> float:
    """The number inside a printed cell such as ``>〔9〕`` or ``5.5左右``."""
    found = _NUMBER.search(text)
    if found is None:
        raise ValueError(f"no number in the printed cell {text!r}")
    return float(found.group())


class TargetSpec(Record):
    """What the plan wants an indicator to be.

    Attributes
    ----------
    year : int
        Year of the target; for sums and means the last year.
    value : float
        The target in base units (persons, fractions, years).
    printed : str
        The cell of the plan, symbols included.
    relation : str
        ``>``, ``>=``, ``<=``, ``about`` (左右) or ``=``. A bare figure (``=``) is read as reaching it
        (达到) in the direction of the planned change: going past it is no failure.
    tolerance : float, optional
        Half-width, in base units, that ``about`` grants on the unfavourable side; only with ``about``.
    direction : "up" or "down"
        Direction of the planned change; more is better, or less is.
    nature : "binding" or "anticipatory"
        约束性 or 预期性.
    basis : str
        level, cumulative (printed in 〔 〕) or annual_mean.
    base, base_printed : float, str, optional
        Figure of the base year in base units and as printed; absent where the plan prints none.
    source : str
        Key of the source record.
    note, note_zh : str, optional
        How the printed cell was read.
    """

    year: int
    value: float
    printed: Text
    relation: Literal[">", ">=", "<=", "about", "="]
    tolerance: Annotated[float, Field(gt=0)] | None = None
    direction: Literal["up", "down"]
    nature: Literal["binding", "anticipatory"]
    basis: Basis
    base: float | None = None
    base_printed: Text | None = None
    source: Name
    note: Text | None = None
    note_zh: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.relation == "about" and self.tolerance is None:
            raise ValueError("'about' needs a stated tolerance")
        if self.tolerance is not None and self.relation not in {"about", "="}:
            raise ValueError(f"a tolerance goes with 'about' or '=', not with {self.relation!r}")
        if self.tolerance is not None and self.note is None:
            raise ValueError("a tolerance is our reading: say in note where it comes from")
        if (self.relation in {">", ">="} and self.direction == "down") or (
            self.relation == "<=" and self.direction == "up"
        ):
            raise ValueError(f"relation {self.relation!r} contradicts direction {self.direction!r}")
        if (self.base is None) != (self.base_printed is None):
            raise ValueError("base and base_printed come together")
        if (self.basis == "cumulative") != ("〔" in self.printed):
            raise ValueError("〔 〕 marks a five-year sum and nothing else does")
        printed_number(self.printed)
        if self.base_printed is not None:
            printed_number(self.base_printed)
        return self

    @property
    def sense(self) -> Literal["at_least", "at_most"]:
        """Side of the threshold on which the target is attained."""
        return "at_least" if self.direction == "up" else "at_most"

    @property
    def threshold(self) -> float:
        """Figure, in base units, from which on the target counts as attained."""
        slack = self.tolerance or 0.0
        return self.value - slack if self.direction == "up" else self.value + slack

    @property
    def strict(self) -> bool:
        """Whether the threshold itself is not enough (more than, >)."""
        return self.relation == ">"

    def attained_by(self, value: float) -> bool:
        """Whether a figure in base units attains the target."""
        if self.sense == "at_most":
            return value <= self.threshold
        return value > self.threshold if self.strict else value >= self.threshold
