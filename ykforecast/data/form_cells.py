"""Cells of a form as text, from and to CSV and Excel files; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from ykforecast.data.files import replacing, write_text
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
    line = "".join(sign if sign.isprintable() else " " for sign in cell).strip()
    return "'" + line if line.startswith(FORMULA_SIGNS) else line


def read_cells(path: Path) -> Cells:
    """Cells of a CSV (UTF-8 with or without byte order mark, or GB18030) or Excel file (first sheet).

    Raises
    ------
    DataError
        The file is missing, too large, of another kind, or damaged; or openpyxl is needed and missing.
    """
    readers = {".csv": _read_csv, ".xlsx": _read_excel}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise DataError("not a form", file=path, value=path.suffix, remedy="Save it as .csv or .xlsx")
    try:
        size, content = path.stat().st_size, b""
        if size <= MAX_BYTES:
            content = path.read_bytes()
    except FileNotFoundError:
        raise DataError("the file is missing", file=path, remedy="Name an existing form") from None
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror}", file=path) from None
    cells = reader(path, content) if size <= MAX_BYTES else None
    if cells is None or len(cells.rows) > MAX_ROWS:
        remedy = f"At most {MAX_BYTES // 1_000_000} MB and {MAX_ROWS} rows"
        raise DataError("too large for a form", file=path, remedy=remedy)
    return cells


def write_cells(path: Path, rows: Sequence[Sequence[str]], sheet: str) -> None:
    """Write rows as CSV (UTF-8 with byte order mark, as spreadsheets expect it) or Excel, by the ending.

    Raises
    ------
    DataError
        The ending is another one, or openpyxl is needed and missing.
    OutputError
        The file cannot be written.
    """
    safe = [[escaped(cell) for cell in row] for row in rows]
    match path.suffix.lower():
        case ".csv":
            page = io.StringIO()
            csv.writer(page).writerows(safe)
            write_text(path, "\ufeff" + page.getvalue())
        case ".xlsx":
            book = _openpyxl(path).Workbook()
            book.active.title = sheet
            for row in safe:
                book.active.append(row)
            with replacing(path) as part:
                book.save(part)
        case ending:
            raise DataError("not a form", file=path, value=ending, remedy="Name it .csv or .xlsx")


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


def _read_excel(path: Path, content: bytes) -> Cells:
    from zipfile import BadZipFile

    library = _openpyxl(path)
    try:
        book = library.load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(max_row=MAX_ROWS + 1, values_only=True)]
    except (BadZipFile, KeyError, ValueError, OSError, IndexError, SyntaxError) as error:
        # SyntaxError: what the parser of a damaged sheet's XML raises
        raise DataError("not an Excel file", file=path, remedy="Save it as .xlsx again") from error
    letter, title = library.utils.get_column_letter, sheet.title
    return Cells(rows, lambda row, column: f"{title}!{letter(column + 1)}{row + 1}")


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


def _openpyxl(path: Path) -> Any:
    try:
        import openpyxl
    except ImportError:
        remedy = "Install it with: pip install ykforecast[excel], or use a CSV file"
        raise DataError("Excel forms need the package openpyxl", file=path, remedy=remedy) from None
    return openpyxl
