"""Reading of published tables: one figure per row, units as printed, converted to base units once, here."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.locate import calibration_root
from ykforecast.vocabulary.errors import DataError, nearest
from ykforecast.vocabulary.units import UNITS, base_unit, to_base

REQUIRED_COLUMNS = ("variable", "value", "unit")
#: Columns that describe a figure but do not tell it from another one.
REMARKS = frozenset({"note", "printed", "name_zh", "nature", "edition"})
#: Variables that may be negative; every other figure counts or measures something.
_SIGNED = ("growth", "balance", "change")


@dataclass(frozen=True)
class Table:
    """A published table with its figures in base units.

    Attributes
    ----------
    file : Path
    columns : dict of str to tuple of str
        Every column as printed, the value included.
    values : ndarray of float64
        Figures in base units (persons, yuan, yuan a month, fractions, years).
    units : tuple of str
        Base unit of each figure.
    """

    file: Path
    columns: dict[str, tuple[str, ...]]
    values: NDArray[np.float64]
    units: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.values)

    def rows(self) -> Iterator[dict[str, str]]:
        """Rows as printed."""
        for cells in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, cells, strict=True))

    def mask(self, **keys: str | int) -> NDArray[np.bool_]:
        """Rows whose columns equal the keys; an absent column counts as empty."""
        found = np.ones(len(self), dtype=bool)
        for name, wanted in keys.items():
            column = self.columns.get(name)
            cells = np.array(column) if column is not None else np.full(len(self), "")
            found &= cells == str(wanted)
        return found

    def one(self, **keys: str | int) -> float:
        """The one figure with these keys, in base units.

        Raises
        ------
        DataError
            If no row or more than one has them.
        """
        found = np.flatnonzero(self.mask(**keys))
        if len(found) != 1:
            raise DataError(
                f"{len(found)} figures instead of one",
                file=self.file,
                key=", ".join(f"{name}={value}" for name, value in keys.items()),
                remedy=self._remedy(keys),
            )
        return float(self.values[found[0]])

    def series(self, column: str, **keys: str | int) -> dict[str, float]:
        """Figures with these keys in base units, by the entries of ``column``."""
        entries = self.columns[column]
        return {entries[row]: float(self.values[row]) for row in np.flatnonzero(self.mask(**keys))}

    def array(self, axes: Mapping[str, Iterable[str]], **keys: str | int) -> NDArray[np.float64]:
        """Figures in base units on the given axes (column name to labels), all cells present.

        Raises
        ------
        DataError
            If a cell is missing or printed twice.
        """
        labels = [tuple(entries) for entries in axes.values()]
        place: list[dict[str, int]] = [{name: i for i, name in enumerate(entries)} for entries in labels]
        out = np.full([len(entries) for entries in labels], np.nan)
        cells = [self.columns.get(name, ("",) * len(self)) for name in axes]
        for row in np.flatnonzero(self.mask(**keys)):
            index = tuple(place[k].get(cells[k][row], -1) for k in range(len(cells)))
            if -1 in index:
                continue
            if not np.isnan(out[index]):
                raise DataError("figure printed twice", file=self.file, key=str([c[row] for c in cells]))
            out[index] = self.values[row]
        if np.isnan(out).any():
            gap = np.argwhere(np.isnan(out))[0]
            where = {name: labels[k][gap[k]] for k, name in enumerate(axes)}
            raise DataError("figure missing", file=self.file, key=str({**where, **keys}))
        out.flags.writeable = False
        return out

    def _remedy(self, keys: dict[str, str | int]) -> str:
        for name, wanted in keys.items():
            known = set(self.columns.get(name, ("",)))
            if str(wanted) not in known:
                return f"{name}: {nearest(str(wanted), known)}"
        return "Give more keys or fewer"


def _number(text: str, *, file: Path, key: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise DataError("not a number", file=file, key=key, value=text, remedy="Write one number") from None
    if not math.isfinite(number):
        raise DataError("not a finite number", file=file, key=key, value=text, remedy="Leave the row out")
    return number


def parse_table(file: Path) -> Table:
    """Read and check one table.

    Raises
    ------
    DataError
        Missing file or column, not a number, NaN, unknown unit, negative count, duplicate row,
        or a row with too many or too few cells; each names the file, the row and the remedy.
    """
    try:
        with open(file, encoding="utf-8", newline="") as handle:
            lines = list(csv.reader(handle))
    except FileNotFoundError:
        known = [path.stem for path in file.parent.glob("*.csv")]
        remedy = nearest(file.stem, known) if known else "The folder holds no table"
        raise DataError("table missing", file=file.parent, key=file.name, remedy=remedy) from None
    except UnicodeDecodeError as error:
        remedy = "Save the table as UTF-8"
        raise DataError("not UTF-8", file=file, key="text", value=error.object[error.start], remedy=remedy) from None
    if not lines:
        raise DataError("table empty", file=file, key="header", value=[], remedy="Write a header row")
    header = [name.strip().lstrip("\ufeff") for name in lines[0]]
    for name in REQUIRED_COLUMNS:
        if name not in header:
            raise DataError("column missing", file=file, key=name, value=header, remedy="Add it to the header")
    keys = [i for i, name in enumerate(header) if name not in REMARKS and name != "value"]
    value_at, unit_at, variable_at = (header.index(name) for name in ("value", "unit", "variable"))
    seen: dict[tuple[str, ...], int] = {}
    values = np.empty(len(lines) - 1)
    for number, cells in enumerate(lines[1:], start=2):
        where = f"row {number}"
        if len(cells) != len(header):
            raise DataError(
                f"{len(cells)} cells under {len(header)} headings",
                file=file,
                key=where,
                value=",".join(cells),
                remedy="Correct the row",
            )
        unit, variable = cells[unit_at], cells[variable_at]
        if unit not in UNITS:
            raise DataError("unknown unit", file=file, key=where, value=unit, remedy=nearest(unit, UNITS))
        value = _number(cells[value_at], file=file, key=f"{where}, {variable}")
        if value < 0 and not any(word in variable for word in _SIGNED):
            raise DataError(
                "negative figure",
                file=file,
                key=f"{where}, {variable}",
                value=value,
                remedy="Counts, rates and amounts are not negative",
            )
        identity = tuple(cells[i] for i in keys if i != unit_at)
        if identity in seen:
            raise DataError(
                f"duplicate of row {seen[identity]}",
                file=file,
                key=f"{where}, {variable}",
                value=value,
                remedy="Keep one of them",
            )
        seen[identity] = number
        values[number - 2] = to_base(value, unit)
    values.flags.writeable = False
    columns = {name: tuple(row[i] for row in lines[1:]) for i, name in enumerate(header)}
    return Table(file, columns, values, tuple(base_unit(unit) for unit in columns["unit"]))


@lru_cache(maxsize=64)
def _cached(file: Path, changed: int) -> Table:
    return parse_table(file)


def read_table(publication: str, table: str, root: str | os.PathLike[str] | None = None) -> Table:
    """Read one table of one publication, checked and in base units.

    Parameters
    ----------
    publication : str
        Folder name, e.g. ``census_2020_county``.
    table : str
        File name without ``.csv``.
    root : path, optional
        See `ykforecast.data.locate.calibration_root`.

    Raises
    ------
    DataError
        If the publication or the table is missing or the table is malformed.
    """
    folder = calibration_root(root) / publication
    if not folder.is_dir():
        known = [path.name for path in folder.parent.iterdir() if path.is_dir()]
        raise DataError("publication missing", file=folder, remedy=nearest(publication, known))
    file = folder / f"{table}.csv"
    return _cached(file, file.stat().st_mtime_ns if file.exists() else 0)


def _figure_keys(
    read: Table, variable: str, year: int | str, place: str | None, keys: dict[str, str | int]
) -> dict[str, str | int]:
    wanted: dict[str, str | int] = {"variable": variable, "sex": "", "age": "", "residence": ""}
    if "year" in read.columns:
        wanted["year"] = year
    if "place" in read.columns and place is not None:
        wanted["place"] = place
    return {**wanted, **keys}


def figure(
    publication: str,
    variable: str,
    year: int | str,
    *,
    table: str | None = None,
    place: str | None = None,
    root: str | os.PathLike[str] | None = None,
    **keys: str | int,
) -> float:
    """One published figure in base units (persons, yuan, yuan a month, fractions, years).

    Parameters
    ----------
    publication, variable, year
        Folder, key and year of the figure.
    table : str, optional
        File name without ``.csv``; without it every table of the publication is searched.
    place : str, optional
        Left out only for tables without a column ``place``.
    **keys
        Further columns, e.g. ``sex="male"``, ``age="1-4"``, ``residence="urban"``; columns not
        given are empty (both sexes, all ages).

    Raises
    ------
    DataError
        If the figure is not there, or more than once.
    """
    folder = calibration_root(root) / publication
    names = [table] if table else sorted(path.stem for path in folder.glob("*.csv"))
    if not names:
        read_table(publication, "", root)
    holding = [
        read for read in (read_table(publication, name, root) for name in names) if variable in read.columns["variable"]
    ]
    wanted = [_figure_keys(read, variable, year, place, keys) for read in holding]
    for read, row in zip(holding, wanted, strict=True):
        if read.mask(**row).any():
            return read.one(**row)
    if holding:
        return holding[-1].one(**wanted[-1])
    raise DataError(
        "no such figure",
        file=folder,
        key=variable,
        remedy=nearest(
            variable, {v for name in names for v in read_table(publication, name, root).columns["variable"]}
        ),
    )
