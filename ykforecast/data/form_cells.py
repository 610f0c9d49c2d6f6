"""Cells of a form as text, from and to CSV and Excel files; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from ykforecast.data.files import write_text
from ykforecast.data.workbook import one_line, openpyxl_for
from ykforecast.vocabulary.errors import DataError

#: A spreadsheet runs cells that begin with one of these as a formula.
FORMULA_SIGNS: Final = ("=", "+", "-", "@")
#: A form is filled in by people; anything larger is not one.
MAX_BYTES: Final = 2_000_000
MAX_ROWS: Final = 5_000
_SIGNATURE = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of a form as text, and the name of a cell in messages: ``row 3`` or ``填报!C3``."""

    rows: list[list[str]]
    place: Callable[[int, int], str]


def escaped(cell: str) -> str:
    """Text cell of one line that no spreadsheet runs as a formula."""
    line = one_line(cell)
    return "'" + line if line.startswith(FORMULA_SIGNS) else line


def read_cells(path: Path, sheet: str) -> list[Cells]:
    """Cells of a CSV file (UTF-8 with or without byte order mark, or GB18030) or of the sheets of an Excel file.

    Of an Excel file the sheets whose names begin with ``sheet`` are read, or the first where there is none.

    Raises
    ------
    DataError
        The file is missing, too large, of another kind, or damaged; or openpyxl is needed and missing.
    """
    ending = path.suffix.lower()
    if ending not in {".csv", ".xlsx"}:
        raise DataError("not a form", file=path, value=path.suffix, remedy="Save it as .csv or .xlsx")
    try:
        size, content = path.stat().st_size, b""
        if size <= MAX_BYTES:
            content = path.read_bytes()
    except FileNotFoundError:
        raise DataError("the file is missing", file=path, remedy="Name an existing form") from None
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror}", file=path) from None
    found: list[Cells] = []
    if size <= MAX_BYTES:
        found = [_read_csv(path, content)] if ending == ".csv" else _read_excel(path, content, sheet)
    if size > MAX_BYTES or sum(len(cells.rows) for cells in found) > MAX_ROWS:
        remedy = f"At most {MAX_BYTES // 1_000_000} MB and {MAX_ROWS} rows"
        raise DataError("too large for a form", file=path, remedy=remedy)
    return found


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows as CSV (UTF-8 with byte order mark, as spreadsheets expect it).

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    page = io.StringIO()
    csv.writer(page).writerows([[escaped(cell) for cell in row] for row in rows])
    write_text(path, "\ufeff" + page.getvalue())


def _read_csv(path: Path, content: bytes) -> Cells:
    if content.startswith(_SIGNATURE):
        raise DataError("an Excel file with the ending of a CSV file", file=path, remedy="Name it .xlsx")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise DataError("neither UTF-8 nor GB18030", file=path, remedy="Save it as CSV UTF-8") from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise DataError(f"not a CSV file: {error}", file=path, remedy="Close every quotation mark") from None
    return Cells(rows, lambda row, column: f"row {row + 1}")


def _read_excel(path: Path, content: bytes, named: str) -> list[Cells]:
    from zipfile import BadZipFile

    library = openpyxl_for(path)
    try:
        book = library.load_workbook(io.BytesIO(content), read_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.title.startswith(named)] or book.worksheets[:1]
        return [
            Cells(
                [[_text(cell) for cell in row] for row in sheet.iter_rows(max_row=MAX_ROWS + 1, values_only=True)],
                partial(_place, sheet.title, library.utils.get_column_letter),
            )
            for sheet in sheets
        ]
    except (BadZipFile, KeyError, ValueError, OSError, IndexError, SyntaxError) as error:
        # SyntaxError: what the parser of a damaged sheet's XML raises
        raise DataError("not an Excel file", file=path, remedy="Save it as .xlsx again") from error


def _place(title: str, letter: Callable[[int], str], row: int, column: int) -> str:
    return f"{title}!{letter(column + 1)}{row + 1}"


def _text(cell: Any) -> str:
    """Cell of a spreadsheet as it would be typed: whole numbers without decimals, days as YYYY-MM-DD."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)
