"""Verification of the published figures: schema, sources, sums and declared conflicts."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ykforecast.data.locate import calibration_root
from ykforecast.data.sources import publications, read_source
from ykforecast.data.tables import REMARKS, REQUIRED_COLUMNS, Table, parse_table
from ykforecast.spec.source import Margin, Source
from ykforecast.vocabulary.errors import DataError, nearest

#: Printed parts and totals that are whole persons add up exactly; rates are never summed.
_TOLERANCE = 1e-9


def check_data(root: str | os.PathLike[str] | None = None) -> list[DataError]:
    """Check every publication: its record, its tables, its sums and its conflicts.

    Parameters
    ----------
    root : path, optional
        See `ykforecast.data.locate.calibration_root`.

    Returns
    -------
    list of DataError
        Empty when nothing is wrong. One for each malformed table, missing source or grade, sum that does not
        hold, margin or conflict that names something unknown, and two publications that print different values
        of one figure without declaring it; each with file, key, value (unless nothing stands there) and remedy.
    """
    folder = calibration_root(root)
    findings: list[DataError] = []
    sources: dict[str, Source] = {}
    tables: dict[tuple[str, str], Table] = {}
    for file in sorted(folder.glob("*.csv")):
        findings.append(
            DataError(
                "table without a source",
                file=file,
                key="table",
                value=file.stem,
                remedy="Move it into the folder of its publication",
            )
        )
    for publication in publications(folder):
        try:
            sources[publication.name] = read_source(publication)
        except DataError as error:
            findings.append(error)
        for file in sorted(publication.glob("*.csv")):
            if not _is_long(file):
                continue
            try:
                tables[publication.name, file.stem] = parse_table(file)
            except DataError as error:
                findings.append(error)
    for source in sources.values():
        record = folder / source.id / "source.toml"
        for number, margin in enumerate(source.margins):
            findings += _check_margin(record, f"margins.{number}", margin, tables)
        findings += _check_conflicts(record, source, tables)
    findings += _undeclared_conflicts(folder, sources, tables)
    return findings


def _is_long(file: Path) -> bool:
    """Whether a table has one figure per row; tables of dates or text have a layout of their own."""
    with open(file, encoding="utf-8", errors="replace", newline="") as handle:
        header = next(csv.reader(handle), [])
    return len(set(REQUIRED_COLUMNS) & set(header)) >= 2 or not header


def _check_margin(record: Path, key: str, margin: Margin, tables: dict[tuple[str, str], Table]) -> Iterator[DataError]:
    """What is wrong with one declared sum: with its declaration in ``record``, or with the figures."""
    publication, total_name = record.parent.name, margin.total_table or margin.table
    for field, name in (("table", margin.table), ("total_table", total_name)):
        if (publication, name) not in tables:
            carried = [table for place, table in tables if place == publication]
            remedy = nearest(name, carried) if carried else "The folder holds no table that can be read"
            yield DataError("the table is not there", file=record, key=f"{key}.{field}", value=name, remedy=remedy)
            return
    parts, totals = tables[publication, margin.table], tables[publication, total_name]
    sums: dict[tuple[tuple[str, str], ...], float] = {}
    total_variable = margin.total_variable or margin.variable
    for row, value in zip(parts.rows(), parts.values, strict=True):
        if not _is_part(row, margin, total_variable):
            continue
        cell = _key(row, margin.over)
        sums[cell] = sums.get(cell, 0.0) + float(value)
    compared = 0
    for row, value in zip(totals.rows(), totals.values, strict=True):
        cell = _key(row, margin.over)
        if row["variable"] != total_variable or not _is_total(row, margin) or cell not in sums:
            continue
        compared += 1
        if abs(sums[cell] - value) > _TOLERANCE * max(abs(value), 1.0):
            yield DataError(
                f"parts sum to {sums[cell]:.10g}, not to the printed total",
                file=totals.file,
                key=", ".join([total_variable, *(f"{column}={entry}" for column, entry in cell)]),
                value=float(value),
                remedy=f"Compare the figures with the publication: {', '.join(margin.over)} of {margin.table!r}",
            )
    if not compared:
        problem = "the sum has no total" if sums else "the sum finds no rows"
        remedy = f"Correct the names, or drop the sum: {margin.table!r} has to hold such rows"
        yield DataError(problem, file=record, key=key, value=", ".join(margin.over), remedy=remedy)


def _is_part(row: dict[str, str], margin: Margin, total_variable: str) -> bool:
    if margin.variables:
        if not row["variable"].startswith(margin.variables) or row["variable"] == total_variable:
            return False
    elif row["variable"] != margin.variable:
        return False
    if margin.parts:
        return row.get("place", "") in margin.parts
    return all(row.get(column) for column in margin.over)


def _is_total(row: dict[str, str], margin: Margin) -> bool:
    if margin.parts:
        return row.get("place", "") == margin.whole
    return all(not row.get(column, "") for column in margin.over if column != "variable")


def _key(row: dict[str, str], over: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What tells the sums of one margin apart: the columns not summed, empty ones left out."""
    left = {
        column: entry
        for column, entry in row.items()
        if column not in REMARKS and column not in ("value", "unit", "variable", *over) and entry
    }
    return tuple(sorted(left.items()))


def _check_conflicts(record: Path, source: Source, tables: dict[tuple[str, str], Table]) -> Iterator[DataError]:
    carried = {
        variable
        for (publication, _), table in tables.items()
        if publication == source.id
        for variable in table.columns["variable"]
    }
    for number, conflict in enumerate(source.conflicts):
        key = f"conflicts.{number}"
        if conflict.variable not in carried:
            yield DataError(
                "the variable is not carried",
                file=record,
                key=f"{key}.variable",
                value=conflict.variable,
                remedy=nearest(conflict.variable, carried),
            )
        for field in ("difference", "reading"):
            if not getattr(conflict, field):
                yield DataError(
                    "the conflict does not say what was chosen",
                    file=record,
                    key=f"{key}.{field}",
                    value="",
                    remedy="State how the figures differ, and which of them is used and why",
                )


def _undeclared_conflicts(
    folder: Path, sources: dict[str, Source], tables: dict[tuple[str, str], Table]
) -> Iterator[DataError]:
    """Figures that two publications print under one key with different values, and neither declares."""
    printed: dict[tuple[tuple[str, str], ...], tuple[str, float]] = {}
    for (publication, _), table in tables.items():
        if "year" not in table.columns or "place" not in table.columns:
            continue
        for row, value in zip(table.rows(), table.values, strict=True):
            cell = _key({**row, "figure": row["variable"]}, ())
            other, first = printed.setdefault(cell, (publication, float(value)))
            if other == publication or np.isclose(first, value, rtol=1e-9, atol=0.0):
                continue
            declared = any(
                conflict.variable == row["variable"]
                for name in (publication, other)
                if name in sources
                for conflict in sources[name].conflicts
            )
            if not declared:
                yield DataError(
                    f"{other} prints {first:.10g} and no conflict is declared",
                    file=table.file,
                    key=f"{row['variable']} {row['year']}",
                    value=float(value),
                    remedy=f"Declare it under [[conflicts]] in {folder / publication / 'source.toml'}",
                )
