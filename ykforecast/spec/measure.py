"""Measures: every section and box of the plan, and the levers that carry what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ykforecast.spec.lever import LeverSpec
from ykforecast.spec.record import Complaint, FromList, Key, Record, Text
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import nearest


class PlanFigure(Record):
    """A number that a measure prints: the dose of a lever, or why it is none.

    Attributes
    ----------
    printed : str
        As the plan prints it.
    counts, counts_zh : str
        What it counts.
    lever : str, optional
        Lever whose dose it is.
    value : float, optional
        The number in the unit of the dose.
    over : {"year", "plan"}, optional
        Whether it holds in each year, or is the sum of the years of the plan.
    reason, reason_zh : str, optional
        Why it is no dose.
    """

    printed: Text
    counts: Text
    counts_zh: Text
    lever: Key | None = None
    value: float | None = None
    over: Literal["year", "plan"] | None = None
    reason: Text | None = None
    reason_zh: Text | None = None

    @model_validator(mode="after")
    def _dose_or_reason(self) -> Self:
        given = [part is not None for part in (self.lever, self.value, self.over)]
        if any(given) != all(given) or all(given) == (self.reason is not None):
            raise ValueError("give lever, value and over, or else a reason why the number is no dose")
        return self

    def is_dosed(self, doses: Mapping[int, float]) -> bool:
        """Whether the doses by year are the printed number."""
        found = {sum(doses.values())} if self.over == "plan" else set(doses.values())
        return found == {self.value}


class Measure(Record):
    """One measure: a titled paragraph of a section, or a numbered item of a box.

    Attributes
    ----------
    title_zh, title_en : str
    departments : tuple of str
        Departments that the plan puts in charge, in its order; it names some at the items of boxes only.
    levers : tuple of str
        Levers that carry it.
    none : str, optional
        Key of the reason why it moves none of the indicators, where it has no lever.
    figures : tuple of PlanFigure
        Numbers that it prints.
    """

    title_zh: Text
    title_en: Text
    departments: Annotated[tuple[Text, ...], FromList] = ()
    levers: Annotated[tuple[Key, ...], FromList] = ()
    none: Key | None = None
    figures: Annotated[tuple[PlanFigure, ...], FromList] = ()

    @model_validator(mode="after")
    def _carried(self) -> Self:
        if bool(self.levers) == (self.none is not None):
            raise ValueError("name the levers that carry the measure, or else the reason why it moves no indicator")
        return self


class PlanSection(Record):
    """A section or box of the plan with its measures, in its order."""

    title_zh: Text
    title_en: Text
    measures: Annotated[tuple[Measure, ...], FromList, Field(min_length=1)]


class ReasonForNone(Record):
    """Why a measure moves none of the indicators."""

    text: Text
    text_zh: Text


class MeasureTable(Record):
    """The keys of ``measures.toml``."""

    reasons: dict[Key, ReasonForNone]
    sections: dict[str, PlanSection]


def measure_complaints(
    table: MeasureTable, sections: tuple[str, ...], levers: Mapping[str, LeverSpec], plan: Scenario | None
) -> Iterator[Complaint]:
    """What is left without a lever or a reason.

    Parameters
    ----------
    table : MeasureTable
    sections : tuple of str
        Sections and boxes of the plan that have to be covered.
    levers : mapping of str to LeverSpec
    plan : Scenario, optional
        Its doses have to be the printed numbers.
    """
    for section in sections:
        if section not in table.sections:
            yield Complaint(f"sections.{section}", "the section of the plan is not covered", None, "Add its measures")
    carried: dict[str, set[str]] = {key: set() for key in levers}
    for place, section_spec in table.sections.items():
        if place not in sections:
            yield Complaint(f"sections.{place}", "no such section of the plan", place, nearest(place, sections))
        for number, measure in enumerate(section_spec.measures):
            key = f"sections.{place}.measures.{number}"
            if measure.none is not None and measure.none not in table.reasons:
                remedy = nearest(measure.none, table.reasons)
                yield Complaint(f"{key}.none", "no such reason", measure.none, remedy)
            for lever in measure.levers:
                if lever not in levers:
                    yield Complaint(f"{key}.levers", "unknown lever", lever, nearest(lever, levers))
                else:
                    carried[lever].add(place)
            for figure in measure.figures:
                if figure.lever is not None and not (plan and figure.is_dosed(plan.doses.get(figure.lever, {}))):
                    text = "the plan scenario does not give the printed number"
                    remedy = f"Give the lever {figure.lever!r} this dose, or say why the number is none"
                    yield Complaint(f"{key}.figures", text, figure.printed, remedy)
    for key, lever_spec in levers.items():
        for place in lever_spec.where.split():
            if place not in carried[key]:
                text = f"no measure of section {place} names this lever"
                yield Complaint(f"sections.{place}", text, key, "Add it to the measure that it carries")
