"""Levers: measures of the plan that can be given a dose by year."""

from __future__ import annotations

from collections.abc import Iterator
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
    "hires",
    "transfers",
    "moves",
    "training",
    "displacement",
    "downturn_relief",
    "take_up",
    "enrolment_gap",
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
    "wage_growth",
    "collection",
    "output",
]
#: Kinds of programme. Each has the parameters ``deadweight_<kind>``, the share of those counted who would have
#: found work anyway, and ``displacement_<kind>``, the share of the rest that other job seekers lose.
Programme = Literal[
    "search",
    "training",
    "posts",
    "graduate_posts",
    "public_employment",
    "start_up",
    "transfer",
]
PROGRAMME_SHARES = ("deadweight", "displacement")
#: Mechanisms that turn a count of people or posts into additional hires or moves.
COUNTING = ("hires", "training", "transfers", "moves")
#: Months after treatment at which a ``gain`` is given: the middle of the first and of the second year, and of
#: the third, which stand for the horizons under one year, one to two, and over two of the meta-analysis of Card,
#: Kluve and Weber (2018).
GAIN_MONTHS = (6, 18, 30)
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


Share = Annotated[float, Field(ge=0, le=1)]


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


class Way(Record):
    """One way in which a lever acts.

    Attributes
    ----------
    mechanism : str
        Name of the mechanism that turns doses into odds, hazards, counts or standards.
    flows : tuple of str
        Classes of labour flows that the mechanism moves, if it moves any.
    into : tuple of str
        Labour states that the flows lead to; empty: any.
    audience : Audience
        Whom it reaches.
    programme : str, optional
        Kind of programme, where part of the hires would have taken place anyway or is lost by others.
    effect : ParameterSpec, optional
        What one unit of dose does, with its prior; a switch has none.
    """

    mechanism: MechanismName
    flows: Annotated[tuple[FlowClass, ...], FromList] = ()
    into: Annotated[tuple[str, ...], FromList] = ()
    audience: Audience = Audience()
    programme: Programme | None = None
    effect: ParameterSpec | None = None

    @model_validator(mode="after")
    def _acts(self) -> Self:
        if self.mechanism in COUNTING and self.programme is None:
            raise ValueError("say which kind of programme: part of those counted would have found work anyway")
        for state in self.into:
            if state not in dims.LABOUR_STATES:
                raise ValueError(f"unknown labour state {state!r}. {nearest(state, dims.LABOUR_STATES)}")
        return self


class LeverSpec(Way):
    """One measure of the plan as a lever.

    A dose is an addition to what the policies of the base year already do: at dose zero a lever
    changes nothing. It acts in the way that its own keys describe, and in those of ``also``.

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
    moves : tuple of str
        Indicators (or ``fund_balance``) that the measure is meant to move.
    direction : mapping of str to str
        Which way a greater dose moves each of them: ``up``, ``down``, or ``either`` where gains and losses all
        but cancel.
    also : tuple of Way
        Further ways in which the same dose acts.
    phase_in : int
        Months over which a dose comes into force in equal steps; 0 or 1 is at once.
    delay : int
        Months before a dose begins to act.
    gain : (float, float, float), optional
        Share of the effect that those treated show 6, 18 and 30 months later (`GAIN_MONTHS`), straight lines
        between; without it the effect is there at once.
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
    moves: Annotated[tuple[Key, ...], FromList]
    direction: dict[Key, Literal["up", "down", "either"]]
    also: Annotated[tuple[Way, ...], FromList] = ()
    phase_in: Annotated[int, Field(ge=0, le=60)] = 0
    delay: Annotated[int, Field(ge=0, le=60)] = 0
    gain: Annotated[tuple[Share, Share, Share], FromList] | None = None
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
        if set(self.direction) != set(self.moves):
            raise ValueError("give a direction, up, down or either, for each indicator of moves and no other")
        mechanisms = [way.mechanism for way in self.also]
        if len(set(mechanisms)) < len(mechanisms) or any(way.effect is None for way in self.also):
            raise ValueError("further ways have a mechanism of their own each, and an effect")
        return self

    def ways(self, key: str) -> Iterator[tuple[str, Way]]:
        """Ways in which the lever ``key`` acts, each with the name of the parameter of its effect."""
        yield f"effect_{key}", self
        for way in self.also:
            yield f"effect_{key}_{way.mechanism}", way

    def refusal(self, dose: float) -> str | None:
        """Why ``dose`` is impossible for one year, or None if it is possible."""
        low, high = self.bounds
        if not low <= dose <= high:
            return f"dose out of bounds [{low:g}, {high:g}] {self.dose_unit}"
        if self.dose_unit == "switch" and dose not in {0.0, 1.0}:
            return "a switch is 0 (off) or 1 (on)"
        return None
