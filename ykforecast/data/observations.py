"""Observations: published figures read through the registry of a model, and what departments add to them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from ykforecast.data.model_files import load_model
from ykforecast.data.observation_form import form_observations
from ykforecast.data.tables import read_table
from ykforecast.spec.measurement import FigureReading
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.observation import Contradiction, Observation, ObservationSeries
from ykforecast.spec.record import Grade
from ykforecast.vocabulary.dims import BASE_YEAR
from ykforecast.vocabulary.errors import DataError, nearest
from ykforecast.vocabulary.units import base_unit, rounding_step

#: Last day that the base forecast knows of.
BASE_DAY = date(BASE_YEAR, 12, 31)
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def load_observations(
    folder: str | os.PathLike[str],
    *,
    as_of: date | None,
    after: date = BASE_DAY,
    own: Path | None = None,
) -> tuple[Observation, ...]:
    """Figures about a time after one day that were known by another.

    Parameters
    ----------
    folder : path
        Folder of a model, or the name of a shipped place.
    as_of : date, optional
        Only figures published up to this day, the day included; without it all.
    after : date
        Only figures of years, or months, that end after this day.
    own : path, optional
        A department's own figures, a form of :mod:`ykforecast.data.observation_form`. They stand before
        published ones.

    Returns
    -------
    tuple of Observation
        Base units, by series and time. Where sources disagree on a figure by more than rounding, the one
        chosen names the others, see :attr:`Observation.contradictions`.

    Raises
    ------
    DataError, ModelError
        A table, the registry or the form cannot be used.
    """
    model = load_model(folder)
    found = [*form_observations(own, model)] if own is not None else []
    found += _published(model)
    return _settled(model, (one for one in found if one.ends > after and (as_of is None or one.published <= as_of)))


def independent(model: ModelSpec, observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Figures that each say something of their own: nothing is learned twice from one count.

    Of two series of one quantity at one time (a department's pension total beside the yearbook's) one stands:
    a department's own first, else the first in the registry; the other becomes one of its contradictions. A sum
    or mean of years stands aside where each of its years has a figure.

    Parameters
    ----------
    model : ModelSpec
    observations : iterable of Observation
        In any order, such as :func:`load_observations` gives.

    Returns
    -------
    tuple of Observation
        By series and time.
    """
    rank = {key: place for place, key in enumerate(model.observations)}
    first_come = sorted(observations, key=lambda one: (one.source in model.sources, rank[one.series]))
    chosen: dict[object, Observation] = {}
    for one in first_come:
        _stand(model, chosen, (one.quantity, one.kind, one.basis, one.times), one)
    yearly = {(one.quantity, one.year) for one in chosen.values() if one.basis == "level" and one.month in {None, 12}}
    return tuple(
        sorted(
            (
                one
                for one in chosen.values()
                if one.basis == "level"
                or one.month is not None
                or any((one.quantity, year) not in yearly for year in range(one.first_year, one.year + 1))
            ),
            key=lambda one: (one.series, one.times),
        )
    )


def history_observations(folder: str | os.PathLike[str]) -> tuple[Observation, ...]:
    """Figures up to the base year, whenever they were published, but none of a publication after the base.

    See :func:`load_observations` for the rest.
    """
    model = load_model(folder)
    before = (one for one in _published(model) if one.ends <= BASE_DAY)
    return _settled(model, (one for one in before if not model.sources[one.source].after_base))


def contradictions(observations: Iterable[Observation]) -> list[str]:
    """One sentence for each disagreement of sources: series, year, both figures, the reading chosen."""
    return [
        f"{one.series} {one.year}: {other.source} has {other.value:.10g}, {one.source} has {one.value:.10g}; "
        f"{other.reading}"
        for one in observations
        for other in one.contradictions
    ]


def published_figures(model: ModelSpec, key: str) -> list[Observation]:
    """Published figures of one series, the preferred source first, excluded years left out.

    Raises
    ------
    DataError
        A figure is not there, has another unit, lies outside the support or has no definition.
    """
    series = model.observations[key]
    return [
        one
        for reading in series.readings
        for publication in reading.publications
        for one in _read(model, key, series, reading, publication)
    ]


def _published(model: ModelSpec) -> Iterator[Observation]:
    for key in model.observations:
        yield from published_figures(model, key)


def _read(
    model: ModelSpec, key: str, series: ObservationSeries, reading: FigureReading, publication: str
) -> Iterator[Observation]:
    table = read_table(publication, reading.table)
    keys = {"variable": reading.variable} | ({"place": reading.place} if reading.place else {})
    rows = [(row, value) for row, value, hit in zip(table.rows(), table.values, table.mask(**keys), strict=True) if hit]
    if not rows:
        remedy = nearest(reading.variable, set(table.columns["variable"]))
        raise DataError("no such figure", file=table.file, key=key, value=reading.variable, remedy=remedy)
    for row, value in rows:
        span = _YEARS.fullmatch(row["year"])
        if span is None:
            raise DataError("not a year", file=table.file, key=key, value=row["year"], remedy="Write 2020 or 2016-2020")
        first, last = int(span[1]), int(span[2] or span[1])
        if series.exclusion(last) is not None:
            continue
        unit, place = row["unit"], f"{key} {row['year']}"
        if base_unit(unit) != series.base_unit:
            text = f"the unit does not fit the series, which is in {series.base_unit}"
            raise DataError(text, file=table.file, key=place, value=unit, remedy="Correct the unit of either")
        if first < last and series.basis == "level":
            raise DataError("a level has no sum over years", file=table.file, key=place, remedy="Correct its basis")
        refusal = series.refusal(float(value), last)
        if refusal is not None:
            raise DataError(
                refusal, file=table.file, key=place, value=row["value"], remedy="Exclude or define the year"
            )
        yield series.observed(
            key,
            float(value),
            years=(first, last),
            rounding=rounding_step(row["value"], unit),
            published=model.publications[publication].known_on(last),
            source=publication,
            grade=cast("Grade", model.sources[publication].grade),
        )


def _settled(model: ModelSpec, found: Iterable[Observation]) -> tuple[Observation, ...]:
    """One observation for each series and time: the first given stands, those that differ are named in it."""
    chosen: dict[object, Observation] = {}
    for one in found:
        _stand(model, chosen, (one.series, one.times), one)
    return tuple(sorted(chosen.values(), key=lambda one: (one.series, one.times)))


def _stand(model: ModelSpec, chosen: dict[object, Observation], place: object, one: Observation) -> None:
    """Put a figure in its place, or name it in the one that stands there where it differs by more than rounding."""
    first = chosen.setdefault(place, one)
    if abs(first.value - one.value) > (first.rounding + one.rounding) / 2:
        why = "it stands first among the readings of the quantity"
        if first.source not in model.sources:
            why = "a department's own figure stands before published ones"
        other = Contradiction(one.source, one.value, f"{first.source} is used: {why}")
        chosen[place] = replace(first, contradictions=(*first.contradictions, other, *one.contradictions))
