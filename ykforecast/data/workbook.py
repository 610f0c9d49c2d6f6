"""Excel workbooks as files: text that stays text, and the same bytes for the same content.

A spreadsheet runs text that begins with a formula sign, keeps the time at which it was saved, and refuses control
characters; a result that is compared by its digest, and quotes names of users, can have none of the three.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ykforecast.data.files import write_bytes
from ykforecast.vocabulary.errors import DataError

#: The earliest time that a zip file can say: none.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MODIFIED: Final = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
#: Excel takes no longer name of a sheet, and none of these signs in it.
_SHEET_LENGTH: Final = 31
_SHEET_SIGNS: Final = re.compile(r"[\[\]:*?/\\']")


def openpyxl_for(path: Path) -> Any:
    """The package openpyxl, which only Excel files need.

    Raises
    ------
    DataError
        It is missing.
    """
    try:
        import openpyxl
    except ImportError:
        remedy = "Install it with: pip install ykforecast[excel], or use a CSV file where there is one"
        raise DataError("Excel files need the package openpyxl", file=path, remedy=remedy) from None
    return openpyxl


def one_line(text: str) -> str:
    """Text without control and direction marks, on one line."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def put_text(cell: Any, text: str) -> None:
    """Text in a cell of openpyxl, never run as a formula, whatever it begins with."""
    cell.value = one_line(text)
    cell.data_type = "s"
    cell.quotePrefix = True


def sheet_title(wanted: str, taken: list[str]) -> str:
    """Name of a sheet that Excel accepts and no other sheet has, as near to ``wanted`` as may be."""
    plain = _SHEET_SIGNS.sub("_", one_line(wanted))[:_SHEET_LENGTH] or "_"
    number, title, lower = 1, plain, {one.lower() for one in taken}
    while title.lower() in lower:
        number += 1
        title = f"{plain[: _SHEET_LENGTH - len(str(number)) - 1]}_{number}"
    return title


def save_workbook(book: Any, path: Path) -> None:
    """Write a workbook of openpyxl, whole or not at all; the same content gives the same bytes.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    saved, fixed = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with ZipFile(saved) as archive, ZipFile(fixed, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(b"", content)
            entry = ZipInfo(name, _NO_TIME)
            entry.compress_type = ZIP_DEFLATED
            copy.writestr(entry, content)
    write_bytes(path, fixed.getvalue())
