"""A table of a document as a sheet of the annex, and the list of where each figure of the results stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ykforecast.data.workbook import put_text, sheet_title
from ykforecast.documents.blocks import Cell, Gap, Span, Table
from ykforecast.documents.excel_style import across, column_width, dress, fit_rows, printed_number, set_page, set_widths
from ykforecast.present.text import width
from ykforecast.vocabulary.units import from_base

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTENTS: Final = {"zh": "目录", "en": "Contents"}
_BACK: Final = {"zh": "返回目录", "en": "Back to contents"}
#: Row of the head of a table; title and unit stand above it.
HEAD_ROW: Final = 3


@dataclass
class Annex:
    """A workbook in the making.

    Attributes
    ----------
    book : openpyxl Workbook
    lang : {"zh", "en"}
    entries : list of (sheet, cell, column label, Cell)
        Where each figure of the results stands, in the order of writing.
    contents : list of (sheet, title, unit, key)
        One row of the contents for each sheet.
    """

    book: Any
    lang: str
    entries: list[tuple[str, str, str, Cell]] = field(default_factory=list)
    contents: list[tuple[str, str, str, str]] = field(default_factory=list)

    def new_sheet(self, name: str, title: str, unit: str = "", key: str = "") -> Any:
        """An empty sheet with a row in the contents."""
        sheet = self.book.create_sheet(sheet_title(name, self.book.sheetnames))
        self.contents.append((sheet.title, title, unit, key))
        return sheet

    def put(self, sheet: Any, row: int, column: int, span: Span, *, label: str = "", align: str = "left") -> Any:
        """A span in a cell: a figure as a number in its printed unit, everything else as text.

        The number is the value of the results, shown with the decimals that the document prints.
        """
        cell = sheet.cell(row, column)
        shown = None
        if isinstance(span, Cell):
            self.entries.append((sheet.title, cell.coordinate, label, span))
            shown = printed_number(span.text)
        if isinstance(span, Cell) and shown is not None and not isinstance(span.value, str):
            cell.value, cell.number_format = from_base(span.value, span.unit), shown
        else:
            put_text(cell, str(span))
        role = "gap" if isinstance(span, Gap) else "body"
        dress(cell, self.lang, role, align)
        return cell


def write_table(annex: Annex, table: Table, number: int) -> None:
    """One table on one sheet: title, unit, head, rows, notes."""
    lang = annex.lang
    name = {"zh": f"附表{number}", "en": f"Annex {number}"}[lang]
    sheet = annex.new_sheet(name, table.caption, table.unit, table.key)
    columns = len(table.columns)
    total = set_widths(
        sheet,
        [
            column_width(column.label, (str(row[place]) for row in table.rows))
            for place, column in enumerate(table.columns)
        ],
    )
    write_title(annex, sheet, f"{name} {table.caption}", table.unit, columns, total)
    for place, column in enumerate(table.columns):
        head = sheet.cell(HEAD_ROW, place + 1)
        put_text(head, column.label)
        dress(head, lang, "head", "center")
    for row, spans in enumerate(table.rows, HEAD_ROW + 1):
        for place, (span, column) in enumerate(zip(spans, table.columns, strict=True)):
            annex.put(sheet, row, place + 1, span, label=column.label, align=column.align)
    fit_rows(sheet, HEAD_ROW, HEAD_ROW + len(table.rows))
    write_notes(annex, sheet, HEAD_ROW + 1 + len(table.rows), [str(note) for note in table.notes], columns, total)
    # The name of a row stays in sight where the table is wider than a screen.
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, _named_columns(table) + 1 if columns > 6 else 1)
    set_page(sheet, lang, head=(1, HEAD_ROW))


def write_title(annex: Annex, sheet: Any, title: str, unit: str, columns: int, total: float) -> None:
    """Title, way back to the contents, and unit above a table."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    lang = annex.lang
    put_text(sheet.cell(1, 1), title)
    dress(sheet.cell(1, 1), lang, "title", "center")
    across(sheet, 1, columns, title, total)
    sheet.row_dimensions[1].height = 30 if 1.6 * width(title) <= total else 54
    back = sheet.cell(2, 1)
    put_text(back, _BACK[lang])
    back.hyperlink = Hyperlink(ref=back.coordinate, location=f"'{CONTENTS[lang]}'!A1")
    dress(back, lang, "link")
    if unit and columns > 1:
        put_text(sheet.cell(2, columns), unit)
        dress(sheet.cell(2, columns), lang, "plain", "right", wrap=False)


def write_notes(annex: Annex, sheet: Any, row: int, notes: Sequence[str], columns: int, total: float) -> int:
    """Notes below a table, each across its columns; the row after the last."""
    for note in notes:
        put_text(sheet.cell(row, 1), note)
        dress(sheet.cell(row, 1), annex.lang, "note")
        across(sheet, row, columns, note, total)
        row += 1
    return row


def write_grid(annex: Annex, sheet: Any, row: int, head: Sequence[str], rows: Sequence[Sequence[str | float]]) -> int:
    """Plain rows under a head, numbers flush right; the row after the last."""
    for place, label in enumerate(head):
        put_text(sheet.cell(row, place + 1), label)
        dress(sheet.cell(row, place + 1), annex.lang, "head", "center")
    for number, values in enumerate(rows, row + 1):
        for place, value in enumerate(values):
            cell = sheet.cell(number, place + 1)
            if isinstance(value, str):
                put_text(cell, value)
                dress(cell, annex.lang)
            else:
                cell.value = value
                dress(cell, annex.lang, align="right")
    fit_rows(sheet, row, row + len(rows))
    return row + 1 + len(rows)


def _named_columns(table: Table) -> int:
    """Columns at the left that say what a row is: up to the first that is flush left, a number of the row included."""
    return next((place + 1 for place, column in enumerate(table.columns[:2]) if column.align == "left"), 1)
