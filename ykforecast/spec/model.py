"""The model specification: every record of a place, cross-checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from ykforecast.spec.indicator import IndicatorSpec
from ykforecast.spec.lever import COUNTING, FUND_BALANCE, PROGRAMME_SHARES, LeverSpec
from ykforecast.spec.measure import MeasureTable
from ykforecast.spec.measurement import PublicationRule
from ykforecast.spec.observation import ObservationSeries
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.population_sources import PUBLICATIONS, PopulationSources
from ykforecast.spec.record import Complaint, FromList, Key, Name, Record, Text
from ykforecast.spec.registry import Registry
from ykforecast.spec.scenario import Scenario
from ykforecast.spec.target import TargetSpec, printed_number
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.errors import nearest
from ykforecast.vocabulary.units import from_base

#: The scenario that carries out the plan.
PLAN_SCENARIO: Final = "plan"


class Identity(Record):
    """An indicator that is the sum of others, in the base year, in the target and in every draw."""

    total: Key
    parts: Annotated[tuple[Key, ...], FromList, Field(min_length=2)]


class ModelTable(Record):
    """The keys of ``model.toml``."""

    name: Name
    label_zh: Text
    label_en: Text
    plan_zh: Text
    plan_source: Name
    base_year: int
    horizon: int
    population: PopulationSources
    plan_sections: Annotated[tuple[str, ...], FromList] = ()
    identities: Annotated[tuple[Identity, ...], FromList] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ModelSpec:
    """All that people argue about for one place.

    Attributes
    ----------
    name, label_zh, label_en : str
        Name of the place's model.
    plan_zh, plan_source : str
        Name of the plan and key of its source record.
    base_year, horizon : int
        Year of the jump-off stocks and last year of the forecast.
    population : PopulationSources
        Districts, province and the publications of their population.
    plan_sections : tuple of str
        Sections and boxes of the plan that hold measures.
    identities : tuple of Identity
        Sums that hold in the base year, in the targets and in every draw.
    measures : MeasureTable
        What each of those sections asks for, and the levers that carry it.
    indicators, targets, levers, parameters, observations, scenarios, sources : Registry
        Records by key. ``parameters`` holds the effects of the levers too, as ``effect_<lever>``.
    publications : mapping of str to PublicationRule
        When the figures of the publications count as known that the observations are read from.
    digest : str
        ``sha256:`` and the digest of every TOML file of the model's folder.
    folder : Path
        Where the files stand.
    """

    name: str
    label_zh: str
    label_en: str
    plan_zh: str
    plan_source: str
    base_year: int
    horizon: int
    population: PopulationSources
    plan_sections: tuple[str, ...]
    identities: tuple[Identity, ...]
    measures: MeasureTable
    indicators: Registry[IndicatorSpec]
    targets: Registry[TargetSpec]
    levers: Registry[LeverSpec]
    parameters: Registry[ParameterSpec]
    observations: Registry[ObservationSeries]
    publications: Mapping[str, PublicationRule]
    scenarios: Registry[Scenario]
    sources: Mapping[str, Any]
    digest: str
    folder: Path

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(registry)} {name}"
            for name in ("indicators", "targets", "levers", "parameters", "observations", "scenarios", "sources")
            for registry in [getattr(self, name)]
        )
        return (
            f"<ModelSpec {self.name} ({self.label_zh}) {self.base_year}-{self.horizon}: {counts}; {self.digest[:19]}>"
        )


def cross_check(model: ModelSpec) -> Iterator[tuple[str, Complaint]]:
    """Faults between records that are each well-formed, with the file (without ending) they belong to."""
    if (model.base_year, model.horizon) != (BASE_YEAR, HORIZON):
        text = f"the axes of this version run from {BASE_YEAR} to {HORIZON}"
        yield "model", Complaint("base_year", text, f"{model.base_year}-{model.horizon}", "Give these years")
    yield from _population(model)
    yield from _targets(model)
    yield from _identities(model)
    yield from _levers(model)
    yield from _observations(model)
    for name, scenario in model.scenarios.items():
        for complaint in scenario_complaints(scenario, model.levers):
            yield f"scenarios/{name}", complaint


def _population(model: ModelSpec) -> Iterator[tuple[str, Complaint]]:
    for field in PUBLICATIONS:
        publication = getattr(model.population, field)
        if publication not in model.sources:
            remedy = nearest(publication, model.sources)
            yield "model", Complaint(f"population.{field}", "no such source", publication, remedy)


def _targets(model: ModelSpec) -> Iterator[tuple[str, Complaint]]:
    for key in model.targets:
        if key not in model.indicators:
            yield "targets", Complaint(key, "no such indicator", key, nearest(key, model.indicators))
    for key, indicator in model.indicators.items():
        if key not in model.targets:
            yield "targets", Complaint(key, "the target of an indicator is missing", None, "Add its table")
            continue
        target = model.targets[key]
        if target.basis != indicator.basis:
            text = f"the basis contradicts that of the indicator ({indicator.basis})"
            yield "targets", Complaint(f"{key}.basis", text, target.basis, "Give both the basis that the plan prints")
        if target.year != model.horizon:
            yield "targets", Complaint(f"{key}.year", "another year", target.year, f"Targets are for {model.horizon}")
        for field, value, printed in (
            ("value", target.value, target.printed),
            ("base", target.base, target.base_printed),
        ):
            if value is None or printed is None:
                continue
            shown = from_base(value, indicator.unit)
            if abs(shown - printed_number(printed)) > 1e-9 * max(1.0, abs(shown)):
                text = f"in the unit {indicator.unit!r} this is {shown:g}, but {printed!r} is printed"
                remedy = "Give base units: persons, fractions, years"
                yield "targets", Complaint(f"{key}.{field}", text, value, remedy)


def _identities(model: ModelSpec) -> Iterator[tuple[str, Complaint]]:
    for number, identity in enumerate(model.identities):
        place = f"identities.{number}"
        unknown = [key for key in (identity.total, *identity.parts) if key not in model.targets]
        if unknown:
            remedy = nearest(unknown[0], model.targets)
            yield "model", Complaint(place, "no such target", unknown[0], remedy)
            continue
        for field in ("base", "value"):
            total = getattr(model.targets[identity.total], field)
            parts = [getattr(model.targets[key], field) for key in identity.parts]
            if total is None or None in parts:
                continue
            if abs(total - sum(parts)) > 1e-6 * abs(total):
                sum_text = " + ".join(f"{part:g}" for part in parts)
                text = f"its parts add up to {sum_text} = {sum(parts):g}"
                remedy = "Compare the figures with the plan"
                yield "targets", Complaint(f"{identity.total}.{field}", text, total, remedy)


def _levers(model: ModelSpec) -> Iterator[tuple[str, Complaint]]:
    for key, lever in model.levers.items():
        for moved in lever.moves:
            if moved != FUND_BALANCE and moved not in model.indicators:
                remedy = nearest(moved, [*model.indicators, FUND_BALANCE])
                yield "levers", Complaint(f"{key}.moves", "no such indicator", moved, remedy)
        for _, way in lever.ways(key):
            wanted = PROGRAMME_SHARES if way.mechanism in COUNTING else PROGRAMME_SHARES[1:]
            for name in (f"{share}_{way.programme}" for share in wanted if way.programme):
                if name not in model.parameters:
                    text = "the parameter of this kind of programme is missing"
                    yield "levers", Complaint(f"{key}.programme", text, name, "Add it to parameters.toml")


def _observations(model: ModelSpec) -> Iterator[tuple[str, Complaint]]:
    for key, series in model.observations.items():
        place = f"series.{key}"
        if series.indicator:
            if key not in model.indicators:
                remedy = nearest(key, model.indicators)
                yield "observations", Complaint(place, "no such indicator", key, remedy)
            elif (series.basis, series.base_unit) != (model.indicators[key].basis, model.indicators[key].base_unit):
                text = "basis or unit contradicts that of the indicator"
                remedy = "Give both the basis and unit that the plan prints"
                yield "observations", Complaint(place, text, f"{series.basis}, {series.unit}", remedy)
        for publication in (name for reading in series.readings for name in reading.publications):
            if publication not in model.publications:
                text = "no rule says when the figures of this publication are known"
                remedy = nearest(publication, model.publications)
                yield "observations", Complaint(f"{place}.readings", text, publication, remedy)


def scenario_complaints(scenario: Scenario, levers: Mapping[str, LeverSpec]) -> Iterator[Complaint]:
    """What in a scenario the levers of a model do not allow."""
    for key, year, dose in scenario.dose_rows():
        if key not in levers:
            yield Complaint(f"doses.{key}", "unknown lever", key, nearest(key, levers))
            continue
        refusal = levers[key].refusal(dose)
        if refusal is not None:
            whole = f"Choose a dose within the bounds, or leave a switch out of what is scaled: plan[-{key}]*0.5"
            remedy = whole if levers[key].dose_unit == "switch" else "Choose a dose within the bounds"
            yield Complaint(f"doses.{key}.{year}", refusal, dose, remedy)
        elif dose and not levers[key].implemented:
            text = "no mechanism carries out this lever yet"
            yield Complaint(f"doses.{key}.{year}", text, dose, "Leave the lever out")
    for key in scenario.reasons:
        if key not in scenario.doses:
            yield Complaint(f"reasons.{key}", "a reason without a dose", key, "Give doses or drop the reason")
