"""How the sheets of the annex look: type, lines, number formats, widths, the printed page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from ykforecast.present.text import width

BODY: Final = {"zh": "宋体", "en": "Calibri"}
HEADING: Final = {"zh": "黑体", "en": "Calibri"}
#: Head of a table; cells that people fill in; cells that wait for a department.
HEAD_FILL: Final = "FFD9E1F2"
OPEN_FILL: Final = "FFFFF8DC"
GAP_FILL: Final = "FFFFE699"
_LINE: Final = "FFBFBFBF"
_LEAST, _MOST = 7.0, 44.0
#: Points of one line of type.
_LINE_HEIGHT: Final = 15.0
#: Parts of a look, and their numbers in each workbook: openpyxl would compare each with all others for every cell.
_PARTS: Final = ("fontId", "alignmentId", "fillId", "borderId")
_NUMBERS: Final[WeakKeyDictionary[Any, dict[tuple[str, str, str, bool], tuple[tuple[str, int], ...]]]] = (
    WeakKeyDictionary()
)
_NUMBER: Final = re.compile(r"([+−-]?)\d+(?:\.(\d+))?")


def printed_number(text: str) -> str | None:
    """Number format that shows what a printed number shows; None where the text is no plain number."""
    found = _NUMBER.fullmatch(text)
    return None if found is None else number_format(len(found[2] or ""), signed=found[1] == "+")


def number_format(decimals: int, *, signed: bool = False) -> str:
    """Number format with so many decimals."""
    plain = "0" + ("." + "0" * decimals if decimals else "")
    return f"+{plain};-{plain};{plain}" if signed else plain


def dress(cell: Any, lang: str, role: str = "body", align: str = "left", *, wrap: bool = True) -> None:
    """Type, lines and fill of one cell.

    Parameters
    ----------
    cell : openpyxl Cell
    lang : {"zh", "en"}
    role : {"body", "head", "title", "subtitle", "note", "plain", "open", "gap", "link"}
        ``body`` and ``head`` have lines around them; ``plain`` is body type without lines.
    align : {"left", "right", "center"}
    wrap : bool
        Whether a long text breaks into lines; else it runs over empty cells beside it.
    """
    from openpyxl.styles.cell_style import StyleArray

    known = _NUMBERS.setdefault(cell.parent.parent, {})
    look = lang, role, align, wrap
    if look not in known:
        font, alignment, fill, border = _style(*look)
        cell.font, cell.alignment = font, alignment
        if fill is not None:
            cell.fill = fill
        if border is not None:
            cell.border = border
        known[look] = tuple((part, getattr(cell._style, part)) for part in _PARTS)
    # A cell without a look yet has no numbers at all.
    cell._style = cell._style or StyleArray()
    for part, number in known[look]:
        setattr(cell._style, part, number)


@lru_cache
def _style(lang: str, role: str, align: str, wrap: bool) -> tuple[Any, Any, Any, Any]:
    """Font, alignment, fill and border of a role; fill and border may be None."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    heading = role in {"head", "title", "subtitle"}
    font = Font(
        name=(HEADING if heading else BODY)[lang],
        size={"title": 16, "note": 9}.get(role, 10.5),
        bold=heading,
        color="FF0563C1" if role == "link" else "FF000000",
        underline="single" if role == "link" else None,
    )
    fill = {"head": HEAD_FILL, "open": OPEN_FILL, "gap": GAP_FILL}.get(role)
    side = Side(style="thin", color=_LINE)
    return (
        font,
        Alignment(horizontal=align, vertical="center", wrap_text=wrap),
        None if fill is None else PatternFill("solid", fgColor=fill),
        Border(left=side, right=side, top=side, bottom=side) if role in {"body", "head", "open", "gap"} else None,
    )


def column_width(head: str, texts: Iterable[str]) -> float:
    """Width of a column that holds the texts; a head may break into two lines."""
    widest = max([math.ceil(width(head) / 2), *map(width, texts)])
    # A tenth more: East Asian type is a little wider than two digits.
    return min(max(1.1 * widest + 2.0, _LEAST), _MOST)


def set_widths(sheet: Any, widths: Iterable[float]) -> float:
    """Set the widths of the first columns; their sum."""
    total = 0.0
    for place, size in enumerate(widths):
        sheet.column_dimensions[sheet.cell(1, place + 1).column_letter].width = size
        total += size
    return total


def across(sheet: Any, row: int, columns: int, text: str, total: float) -> None:
    """Let a text run across columns of a total width, in as many lines as it needs."""
    if columns > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    sheet.row_dimensions[row].height = _LINE_HEIGHT * max(1, math.ceil(1.05 * width(text) / total))


def fit_rows(sheet: Any, first: int, last: int) -> None:
    """Heights of rows so that broken lines show: spreadsheets other than Excel do not see to it by themselves."""
    for cells in sheet.iter_rows(min_row=first, max_row=last):
        lines = [
            math.ceil(1.1 * width(cell.value) / sheet.column_dimensions[cell.column_letter].width)
            for cell in cells
            if isinstance(cell.value, str) and cell.data_type == "s" and cell.alignment.wrap_text
        ]
        sheet.row_dimensions[cells[0].row].height = _LINE_HEIGHT * max([1, *lines])


def set_page(
    sheet: Any, lang: str, *, head: tuple[int, int] | None = None, landscape: bool = True, pages: int = 1
) -> None:
    """A4, so many pages wide, the head repeated on each page, page numbers."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = {"zh": "第&P页 共&N页", "en": "&P / &N"}[lang]
    sheet.sheet_view.showGridLines = False
    if head is not None:
        sheet.print_title_rows = f"{head[0]}:{head[1]}"
