"""``base_figures.toml``: from which publication, table, variable and year each figure of a place is read."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from ykforecast.data.tables import figure, read_table
from ykforecast.data.toml_files import TomlFile, read_toml
from ykforecast.spec.printed_figure import PrintedFigure, PrintedTable, PrintedYear
from ykforecast.spec.record import Complaint, Record
from ykforecast.vocabulary.errors import nearest

NAME: Final = "base_figures.toml"
#: Sections of single figures, and the tables that are read whole.
SECTIONS: Final = ("base", "pension", "past")
_WHOLE: Final = ("standards", "yearbook")
RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True, slots=True)
class FigureMap:
    """Where the published figures of a place stand.

    Attributes
    ----------
    file : TomlFile
    place : str
        Name of the place in tables with a column ``place``.
    """

    file: TomlFile
    place: str

    def records(self, section: str, known: Sequence[str]) -> dict[str, PrintedFigure]:
        """Records of a section, one for each name known.

        Raises
        ------
        ModelError
            The section lacks a figure, has one that nothing asks for, or a record is wrong.
        """
        for name in self.file.table.get(section, {}):
            if name not in known:
                raise self.file.error(Complaint(f"{section}.{name}", "unknown figure", None, nearest(name, known)))
        return {name: self._record(PrintedFigure, section, name) for name in known}

    def values(
        self,
        section: str,
        known: Sequence[str],
        wanted: Collection[str] | None = None,
        root: str | os.PathLike[str] | None = None,
    ) -> dict[str, float]:
        """Figures of a section in base units, by name; all that are known unless fewer are wanted.

        Raises
        ------
        ModelError
            As :meth:`records`.
        DataError
            A table or a figure is missing or malformed.
        """
        records = self.records(section, known)
        return {name: self._value(record, root) for name, record in records.items() if wanted is None or name in wanted}

    def yearbook(self, variable: str, root: str | os.PathLike[str] | None = None) -> dict[str, float]:
        """One series of the place's yearbook: figures in base units by year as printed."""
        record = self._record(PrintedTable, "yearbook")
        printed = read_table(record.publication, record.table, root)
        return printed.series("year", variable=variable, place=self.place)

    def standards(self, root: str | os.PathLike[str] | None = None) -> dict[str, float]:
        """Every figure of the table and year of ``[standards]``, base units by variable."""
        record = self._record(PrintedYear, "standards")
        printed = read_table(record.publication, record.table, root)
        rows = zip(printed.columns["variable"], printed.columns["year"], strict=True)
        return {
            name: figure(record.publication, name, record.year, table=record.table, place=self.place, root=root)
            for name, year in rows
            if year == str(record.year)
        }

    def publications(self) -> dict[str, str]:
        """Publication by the place in the file where it is named."""
        tables: dict[str, Any] = {key: self.file.table[key] for key in _WHOLE if key in self.file.table}
        for section in SECTIONS:
            tables |= {f"{section}.{name}": table for name, table in self.file.table.get(section, {}).items()}
        named = ((key, table.get("publication")) for key, table in tables.items() if isinstance(table, Mapping))
        return {f"{key}.publication": name for key, name in named if isinstance(name, str)}

    def _value(self, record: PrintedFigure, root: str | os.PathLike[str] | None) -> float:
        def printed(variable: str) -> float:
            place = record.place or self.place
            return figure(record.publication, variable, record.year, table=record.table, place=place, root=root)

        value = printed(record.variable) / record.years
        return value if record.over is None else value / printed(record.over)

    def _record(self, kind: type[RecordT], *path: str) -> RecordT:
        table: Any = self.file.table
        for step in path:
            table = table.get(step) if isinstance(table, Mapping) else None
        key = ".".join(path)
        if not isinstance(table, Mapping):
            raise self.file.error(Complaint(key, "missing", table, f"Write [{key}] and its keys below"))
        record, complaints = kind.read(table, key)
        if record is None:
            raise self.file.error(complaints[0])
        return record


def load_figure_map(folder: Path) -> FigureMap:
    """Map of a model's folder.

    Raises
    ------
    ModelError
        The file is missing or not TOML, or has a key of another name.
    """
    file = read_toml(folder / NAME)
    known = ("place", *SECTIONS, *_WHOLE)
    for key, table in file.table.items():
        if key not in known:
            raise file.error(Complaint(key, "unknown key", None, nearest(key, known)))
        if key != "place" and not isinstance(table, Mapping):
            raise file.error(Complaint(key, "not a table", table, f"Write [{key}] and its keys below"))
    place = file.table.get("place")
    if not isinstance(place, str) or not place:
        raise file.error(Complaint("place", "missing", place, "Name the place as the published tables do"))
    return FigureMap(file, place)
