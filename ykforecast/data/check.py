"""Verification of the published figures: schema, sources, sums and declared conflicts."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ykforecast.data.locate import calibration_root
from ykforecast.data.sources import read_source
from ykforecast.data.tables import REMARKS, REQUIRED_COLUMNS, Table, parse_table
from ykforecast.spec.source import Margin, Source
from ykforecast.vocabulary.errors import DataError

#: Printed parts and totals that are whole persons add up exactly; rates are never summed.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the published figures: where, what, and what to do."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


def check_data(root: str | os.PathLike[str] | None = None) -> list[Finding]:
    """Check every publication: its record, its tables, its sums and its conflicts.

    Parameters
    ----------
    root : path, optional
        See `ykforecast.data.locate.calibration_root`.

    Returns
    -------
    list of Finding
        Empty when nothing is wrong. One finding for each malformed table, missing source or grade, sum that
        does not hold, margin or conflict that names something unknown, and two publications that print
        different values of one figure without declaring it.
    """
    folder = calibration_root(root)
    findings: list[Finding] = []
    sources: dict[str, Source] = {}
    tables: dict[tuple[str, str], Table] = {}
    for file in sorted(folder.glob("*.csv")):
        findings.append(Finding(file.name, "table without a source. Move it into the folder of its publication"))
    for publication in sorted(path for path in folder.iterdir() if path.is_dir()):
        if publication.name.startswith((".", "_")) or not any(publication.iterdir()):
            continue
        try:
            sources[publication.name] = read_source(publication)
        except DataError as error:
            findings.append(Finding(f"{publication.name}/source.toml", str(error)))
        for file in sorted(publication.glob("*.csv")):
            name = f"{publication.name}/{file.name}"
            if not _is_long(file):
                continue
            try:
                tables[publication.name, file.stem] = parse_table(file)
            except DataError as error:
                findings.append(Finding(name, str(error)))
    for name, source in sources.items():
        findings += [finding for margin in source.margins for finding in _check_margin(name, margin, tables)]
        findings += _check_conflicts(source, sources, tables)
    findings += _undeclared_conflicts(sources, tables)
    return findings


def _is_long(file: Path) -> bool:
    """Whether a table has one figure per row; tables of dates or text have a layout of their own."""
    with open(file, encoding="utf-8", errors="replace", newline="") as handle:
        header = next(csv.reader(handle), [])
    return len(set(REQUIRED_COLUMNS) & set(header)) >= 2 or not header


def _check_margin(name: str, margin: Margin, tables: dict[tuple[str, str], Table]) -> list[Finding]:
    total_name = margin.total_table or margin.table
    where = f"{name}/{margin.table}.csv"
    parts, totals = tables.get((name, margin.table)), tables.get((name, total_name))
    if parts is None or totals is None:
        missing = margin.table if parts is None else total_name
        return [Finding(f"{name}/source.toml", f"a margin names table {missing!r}, which is not there")]
    sums: dict[tuple[tuple[str, str], ...], float] = {}
    total_variable = margin.total_variable or margin.variable
    for row, value in zip(parts.rows(), parts.values, strict=True):
        if not _is_part(row, margin, total_variable):
            continue
        key = _key(row, margin.over)
        sums[key] = sums.get(key, 0.0) + float(value)
    if not sums:
        return [Finding(f"{name}/source.toml", f"a margin over {margin.over} of {margin.table!r} finds no rows")]
    findings = []
    compared = 0
    for row, value in zip(totals.rows(), totals.values, strict=True):
        if row["variable"] != total_variable or not _is_total(row, margin):
            continue
        key = _key(row, margin.over)
        if key not in sums:
            continue
        compared += 1
        if abs(sums[key] - value) > _TOLERANCE * max(abs(value), 1.0):
            label = ", ".join(f"{column}={entry}" for column, entry in key if entry)
            problem = f"parts sum to {sums[key]:.10g}, the printed total is {value:.10g}"
            findings.append(Finding(where, f"{total_variable} ({label}): {problem}"))
    if not compared:
        findings.append(Finding(f"{name}/source.toml", f"a margin over {margin.over} of {margin.table!r} has no total"))
    return findings


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


def _check_conflicts(source: Source, sources: dict[str, Source], tables: dict[tuple[str, str], Table]) -> list[Finding]:
    file = f"{source.id}/source.toml"
    own = {
        variable
        for (publication, _), table in tables.items()
        if publication == source.id
        for variable in table.columns["variable"]
    }
    findings = []
    for conflict in source.conflicts:
        if conflict.variable not in own:
            findings.append(Finding(file, f"a conflict names variable {conflict.variable!r}, which is not carried"))
        if not (conflict.difference and conflict.reading):
            findings.append(Finding(file, f"the conflict on {conflict.variable!r} does not say what was chosen"))
    return findings


def _undeclared_conflicts(sources: dict[str, Source], tables: dict[tuple[str, str], Table]) -> list[Finding]:
    """Figures that two publications print under one key with different values, and neither declares."""
    printed: dict[tuple[tuple[str, str], ...], tuple[str, float]] = {}
    findings = []
    for (publication, _), table in tables.items():
        if "year" not in table.columns or "place" not in table.columns:
            continue
        for row, value in zip(table.rows(), table.values, strict=True):
            key = _key({**row, "figure": row["variable"]}, ())
            other, first = printed.setdefault(key, (publication, float(value)))
            if other == publication or np.isclose(first, value, rtol=1e-9, atol=0.0):
                continue
            variable = row["variable"]
            declared = any(
                conflict.variable == variable
                for name in (publication, other)
                if name in sources
                for conflict in sources[name].conflicts
            )
            if not declared:
                findings.append(
                    Finding(
                        f"{publication}/source.toml",
                        f"{variable} {row['year']} differs from {other} ({value:.10g} against {first:.10g})"
                        " and no conflict is declared",
                    )
                )
    return findings
