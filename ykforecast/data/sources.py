"""Source records of the published figures: one ``source.toml`` per publication."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from ykforecast.data.locate import calibration_root
from ykforecast.spec.source import GRADES, Conflict, Margin, Source
from ykforecast.vocabulary.errors import DataError, nearest

_REQUIRED = (
    "id",
    "publisher",
    "title",
    "table",
    "year",
    "published",
    "address",
    "licence",
    "grade",
    "digitised_from",
    "notes",
)
#: What pages print, in Chinese where the record says it in English.
_IN_CHINESE = ("publisher_zh", "title_zh", "table_zh", "licence_zh")
_DATE = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?")


def check_date(text: str, *, file: Path, key: str) -> str:
    """Return a date ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` unchanged; raise ``DataError`` if impossible."""
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        raise DataError(
            "impossible date",
            file=file,
            key=key,
            value=text,
            remedy="Write a real date as YYYY, YYYY-MM or YYYY-MM-DD",
        ) from None
    return text


def _margin(entry: dict[str, Any]) -> Margin:
    fields = dict(entry)
    for key in ("over", "parts"):
        fields[key] = tuple(fields.get(key, ()))
    return Margin(**fields)


def read_source(folder: Path) -> Source:
    """Read ``source.toml`` of one publication folder.

    Raises
    ------
    DataError
        Missing file or key, unknown key or grade, impossible date, or an ``id`` that is not the folder's
        name.
    """
    file = folder / "source.toml"
    try:
        with open(file, "rb") as handle:
            record = tomllib.load(handle)
    except FileNotFoundError:
        raise DataError(
            "source record missing", file=folder, key="source.toml", remedy="Add the file to the folder"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("not valid TOML", file=file, key="table", value=str(error), remedy="Correct the file") from None
    for key in _REQUIRED:
        if record.get(key) in (None, ""):
            raise DataError("key missing", file=file, key=key, value=record.get(key), remedy="Every source states it")
    if record["id"] != folder.name:
        raise DataError(
            "id differs from the folder's name",
            file=file,
            key="id",
            value=record["id"],
            remedy=f"Write {folder.name!r}",
        )
    if record["grade"] not in GRADES:
        raise DataError(
            "unknown grade",
            file=file,
            key="grade",
            value=record["grade"],
            remedy=nearest(record["grade"], GRADES),
        )
    check_date(str(record["published"]), file=file, key="published")
    try:
        conflicts = tuple(Conflict(**entry) for entry in record.get("conflicts", ()))
        margins = tuple(_margin(entry) for entry in record.get("margins", ()))
    except TypeError as error:
        raise DataError(
            "conflict or margin malformed",
            file=file,
            key="conflicts, margins",
            value=str(error),
            remedy="Use the keys that the other records use",
        ) from None
    return Source(
        **{key: str(record[key]).strip() for key in _REQUIRED},
        **{key: str(record.get(key, "")).strip() for key in _IN_CHINESE},
        after_base=bool(record.get("after_base", False)),
        tables=tuple(sorted(path.stem for path in folder.glob("*.csv"))),
        conflicts=conflicts,
        margins=margins,
    )


def publications(root: str | os.PathLike[str] | None = None) -> list[Path]:
    """Folders of all publications in alphabetical order; hidden, private and empty ones are none."""
    return sorted(
        path
        for path in calibration_root(root).iterdir()
        if path.is_dir() and not path.name.startswith((".", "_")) and any(path.iterdir())
    )


def load_sources(root: str | os.PathLike[str] | None = None) -> dict[str, Source]:
    """Source records of all publications, by id, in alphabetical order.

    Parameters
    ----------
    root : path, optional
        See `ykforecast.data.locate.calibration_root`.
    """
    return {folder.name: read_source(folder) for folder in publications(root)}
