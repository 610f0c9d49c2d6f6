"""The check of a model folder: every fault and every loose end, as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ykforecast.data.analysis_file import NAME as ANALYSIS
from ykforecast.data.analysis_file import load_analysis
from ykforecast.data.base_figures import base_figures
from ykforecast.data.base_population import census_base_array
from ykforecast.data.check import check_data
from ykforecast.data.district_margins import district_margins
from ykforecast.data.district_rules import district_rules
from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.history_figures import PAST
from ykforecast.data.history_file import MODES, history_path, load_history_file
from ykforecast.data.learned_file import read_learned
from ykforecast.data.model_files import Reading, read_model
from ykforecast.data.observations import published_figures
from ykforecast.data.pension_rules import pension_figures
from ykforecast.data.profiles import load_profiles
from ykforecast.data.score_file import read_scores
from ykforecast.data.toml_files import TomlFile
from ykforecast.data.warning_file import NAME as WARNING
from ykforecast.data.warning_file import load_warning
from ykforecast.spec.measure import measure_complaints
from ykforecast.spec.model import PLAN_SCENARIO, ModelSpec
from ykforecast.spec.population_sources import PUBLICATIONS
from ykforecast.spec.record import Complaint
from ykforecast.vocabulary.errors import ModelError, YkforecastError, nearest


def check_model(folder: Path) -> tuple[ModelSpec | None, list[YkforecastError]]:
    """The model of a folder, if it could be put together, and everything wrong with it.

    Checked are the schema of every file, references between records, the sums that the plan prints,
    the printed figures against base units, the source of every number, the measures of every section of the plan
    against the levers, the digests that scenarios
    carry, the rules of the districts, the published figures with their sums, and those behind every series of
    observations.
    """
    reading = read_model(folder)
    findings = list(reading.errors)
    if reading.model is not None:
        findings += _sources(reading, reading.model)
        findings += _measures(reading, reading.model)
        findings += _digests(reading, reading.model)
        findings += _population(reading.model)
        findings += _base_figures(reading.model)
        findings += _profiles(folder, reading.model)
        findings += _history(reading.model)
        findings += _further(reading.model)
        findings += _observations(reading.model)
    findings += _figures()
    return reading.model, findings


def _sources(reading: Reading, model: ModelSpec) -> Iterator[YkforecastError]:
    """Sources that are named but have no record."""
    named = [("model", "plan_source", model.plan_source)]
    named += [("indicators", f"{key}.source", record.source) for key, record in model.indicators.items()]
    named += [("targets", f"{key}.source", record.source) for key, record in model.targets.items()]
    named += [("levers", f"{key}.source", record.source) for key, record in model.levers.items()]
    effects = {name: lever for lever, spec in model.levers.items() for name, _ in spec.ways(lever)}
    for key, parameter in model.parameters.items():
        file, place = ("levers", f"{effects[key]}.effect") if key in effects else ("parameters", key)
        if parameter.source is not None:
            named.append((file, f"{place}.source", parameter.source))
    named += [("observations", f"publications.{key}", key) for key in model.publications]
    for name, scenario in model.scenarios.items():
        for lever, reason in scenario.reasons.items():
            if reason.source is not None:
                named.append((f"scenarios/{name}", f"reasons.{lever}.source", reason.source))
        for lever in scenario.doses:
            if lever not in scenario.reasons:
                complaint = Complaint(
                    f"doses.{lever}", "doses without a reason", scenario.doses[lever], "Add it under [reasons]"
                )
                yield _file(reading, f"scenarios/{name}").error(complaint)
    for file, key, source in named:
        if source not in model.sources:
            remedy = nearest(source, model.sources)
            yield _file(reading, file).error(Complaint(key, "no such source", source, remedy))


def _population(model: ModelSpec) -> Iterator[YkforecastError]:
    """Districts or a province that the named publications do not print."""
    if any(getattr(model.population, field) not in model.sources for field in PUBLICATIONS):
        return
    try:
        for year in (2010, 2020):
            census_base_array(year, model.population)
    except YkforecastError as error:
        yield error


def _base_figures(model: ModelSpec) -> Iterator[YkforecastError]:
    """Figures of the base year that cannot be read, or that are named after no publication."""
    try:
        printed = load_figure_map(model.folder)
        for key, source in printed.publications().items():
            if source not in model.sources:
                yield printed.file.error(Complaint(key, "no such source", source, nearest(source, model.sources)))
        base_figures(printed)
        pension_figures(printed)
        if history_path(model).is_file():
            printed.values("past", PAST)
    except YkforecastError as error:
        yield error


def _measures(reading: Reading, model: ModelSpec) -> Iterator[YkforecastError]:
    """Sections and printed numbers of the plan that no lever carries and no reason explains."""
    plan = model.scenarios.get(PLAN_SCENARIO)
    for complaint in measure_complaints(model.measures, model.plan_sections, model.levers, plan):
        yield _file(reading, "measures").error(complaint)


def _profiles(folder: Path, model: ModelSpec) -> Iterator[YkforecastError]:
    """Age profiles that cannot be read, or name a source without a record."""
    try:
        profiles = load_profiles(folder)
    except YkforecastError as error:
        yield error
        return
    for name, profile in profiles.curves.items():
        if profile.source not in model.sources:
            yield ModelError(
                "no such source",
                file=profiles.file,
                key=f"{name}.source",
                value=profile.source,
                remedy=nearest(profile.source, model.sources),
            )


def _history(model: ModelSpec) -> Iterator[YkforecastError]:
    """Records of the base year 2015 that cannot be read, or name a source without a record; a model may have none."""
    file = history_path(model)
    if not file.is_file():
        return
    named: dict[tuple[str, str], None] = {}
    for known in MODES:
        try:
            records = load_history_file(model, known)
        except YkforecastError as error:
            yield error
            return
        for section in (records.figures, records.parameters, records.curves):
            named |= {(name, record.source): None for name, record in section.items() if record.source is not None}
    for name, source in named:
        if source not in model.sources:
            remedy = nearest(source, model.sources)
            yield ModelError("no such source", file=file, key=f"{name}.source", value=source, remedy=remedy)


def _further(model: ModelSpec) -> Iterator[YkforecastError]:
    """Files of single analyses that their readers refuse; most of them a model may do without."""
    yield from _refused(lambda: read_learned(model.folder))
    if (model.folder / ANALYSIS).is_file():
        yield from _refused(lambda: load_analysis(model))
    if (model.folder / WARNING).is_file():
        yield from _refused(lambda: load_warning(model))
    yield from _refused(lambda: district_rules(model.folder))
    yield from _refused(
        lambda: district_margins(model.folder, load_figure_map(model.folder).place, model.population.names)
    )
    yield from _refused(lambda: read_scores(model.folder))


def _refused(read: Callable[[], object]) -> Iterator[YkforecastError]:
    """The error of a file that its reader refuses."""
    try:
        read()
    except YkforecastError as error:
        yield error


def _observations(model: ModelSpec) -> Iterator[YkforecastError]:
    """Series of observations whose published figures cannot be read, are impossible or are not defined."""
    known = model.sources.keys() & model.publications.keys()
    for key, series in model.observations.items():
        if all(known.issuperset(reading.publications) for reading in series.readings):
            try:
                published_figures(model, key)
            except YkforecastError as error:
                yield error


def _digests(reading: Reading, model: ModelSpec) -> Iterator[YkforecastError]:
    """Scenarios that were written for other files than the model's present ones."""
    for name, scenario in model.scenarios.items():
        if scenario.base is not None and scenario.base.digest != model.digest:
            complaint = Complaint(
                "base.digest",
                "stale: the model's files have changed since",
                scenario.base.digest[:19],
                "Check that the doses still make sense, then run `python -m ykforecast.data.model_files`",
            )
            yield _file(reading, f"scenarios/{name}").error(complaint)


def _figures() -> Iterator[YkforecastError]:
    """Published figures that cannot be read, do not add up or contradict each other unsaid."""
    try:
        yield from check_data()
    except YkforecastError as error:
        yield error


def _file(reading: Reading, stem: str) -> TomlFile:
    return reading.files[stem]
