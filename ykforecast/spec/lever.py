"""Levers: measures of the plan that can be given a dose by year."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.record import FromList, Grade, Key, Name, Record, Text
from ykforecast.vocabulary import dims
from ykforecast.vocabulary.errors import nearest

#: Units of a dose. ``1`` and ``1/year`` are fractions of what ``dose_of`` names, held in the year or
#: added each year; ``switch`` is 0 or 1; the rest are counts a year.
DoseUnit = Literal[
    "jobs/year",
    "posts/year",
    "persons/year",
    "person-times/year",
    "entrepreneurs/year",
    "1",
    "1/year",
    "switch",
]
#: How a dose acts: the names of the functions in ``simulate.mechanisms``; a test holds the two together.
MechanismName = Literal[
    "flow_odds",
    "flexible_odds",
    "hires",
    "transfers",
    "training",
    "displacement",
    "downturn_relief",
    "take_up",
    "resident_transfers",
    "public_posts",
    "statutory_age",
    "coverage",
    "insured_share",
    "standard_growth",
    "programme_workers",
    "card_issuance",
    "attainment",
    "benefit_growth",
    "collection",
]
#: Classes of labour flows, as in ``kernels.flow_table``; a test holds the two together.
FlowClass = Literal[
    "school",
    "enter",
    "farm_entry",
    "find",
    "separate",
    "switch",
    "exit",
    "public",
    "public_leave",
    "transfer",
    "reemploy",
    "withdraw",
    "early_retire",
]
#: What the mechanisms may move beside the indicators of the plan.
FUND_BALANCE = "fund_balance"


class Audience(Record):
    """Whom a lever reaches. Everything left out means everybody of working age."""

    sex: Literal["male", "female"] | None = None
    residence: Literal["urban", "rural"] | None = None
    first_age: Annotated[int, Field(ge=0, le=dims.OPEN_AGE)] = dims.WORKING_AGE
    last_age: Annotated[int, Field(ge=0, le=dims.OPEN_AGE)] = dims.OPEN_AGE
    states: Annotated[tuple[str, ...], FromList] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.first_age > self.last_age:
            raise ValueError("first_age lies above last_age")
        for state in self.states:
            if state not in dims.LABOUR_STATES:
                raise ValueError(f"unknown labour state {state!r}. {nearest(state, dims.LABOUR_STATES)}")
        return self

    def __str__(self) -> str:
        parts = [self.sex, self.residence, f"{self.first_age}-{self.last_age}", *self.states]
        return " ".join(part for part in parts if part)


class LeverSpec(Record):
    """One measure of the plan as a lever.

    A dose is an addition to what the policies of the base year already do: at dose zero a lever
    changes nothing.

    Attributes
    ----------
    label_zh, label_en : str
        The measure, as the plan calls it, and in English.
    where : str
        Section and box of the plan.
    dose_unit, dose_of, dose_of_zh : str
        Unit of a dose, and what is counted or what the fraction is of.
    bounds : (float, float)
        Least and greatest dose of any year.
    mechanism : str
        Name of the mechanism that turns doses into odds, hazards, counts or standards.
    flows : tuple of str
        Classes of labour flows that the mechanism moves, if it moves any.
    moves : tuple of str
        Indicators (or ``fund_balance``) that the measure is meant to move.
    audience : Audience
        Whom it reaches.
    effect : ParameterSpec, optional
        What one unit of dose does, with its prior: the parameter ``effect_<lever>`` of the model.
        A switch has none.
    phase_in : int
        Months over which a dose comes into force in equal steps; 0 or 1 is at once.
    delay : int
        Months before a dose begins to act.
    implemented : bool
        Whether a mechanism exists; doses of the others are refused, not ignored.
    bounds_grade, bounds_reason, bounds_reason_zh : str
        Where the bounds come from.
    source : str
        Key of the source record.
    """

    label_zh: Text
    label_en: Text
    where: Text
    dose_unit: DoseUnit
    dose_of: Text
    dose_of_zh: Text | None = None
    bounds: Annotated[tuple[float, float], FromList]
    bounds_grade: Grade
    bounds_reason: Text
    bounds_reason_zh: Text | None = None
    mechanism: MechanismName
    flows: Annotated[tuple[FlowClass, ...], FromList] = ()
    moves: Annotated[tuple[Key, ...], FromList]
    audience: Audience = Audience()
    effect: ParameterSpec | None = None
    phase_in: Annotated[int, Field(ge=0, le=60)] = 0
    delay: Annotated[int, Field(ge=0, le=60)] = 0
    implemented: bool
    source: Name

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.bounds
        if not low <= 0.0 <= high or low == high:
            raise ValueError("bounds must hold zero (no measure) and leave room for a dose")
        if self.dose_unit == "switch" and (low, high) != (0.0, 1.0):
            raise ValueError("a switch has bounds [0, 1]")
        if (self.effect is None) != (self.dose_unit == "switch"):
            raise ValueError("every lever but a switch has an effect with a value or prior")
        if not self.moves:
            raise ValueError("name at least one indicator that the measure is meant to move")
        return self

    def refusal(self, dose: float) -> str | None:
        """Why ``dose`` is impossible for one year, or None if it is possible."""
        low, high = self.bounds
        if not low <= dose <= high:
            return f"dose out of bounds [{low:g}, {high:g}] {self.dose_unit}"
        if self.dose_unit == "switch" and dose not in {0.0, 1.0}:
            return "a switch is 0 (off) or 1 (on)"
        return None
