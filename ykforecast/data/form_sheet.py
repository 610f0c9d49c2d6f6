"""The Excel sheet of a form: the same cells as the CSV form, with lists, bounds and dates checked while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from ykforecast.data.form_cells import escaped
from ykforecast.data.workbook import put_text

#: Columns of characters that a column of the form takes, by its key.
_WIDTHS: Final = {
    "series": 34,
    "label": 36,
    "year": 8,
    "month": 8,
    "span": 8,
    "value": 14,
    "unit": 10,
    "published": 14,
    "source": 26,
    "note": 26,
}
_HEAD: Final = "FFD9E1F2"
#: Cells that a department fills in.
_OPEN: Final = "FFFFF8DC"
#: Rows added by hand below the prepared ones are checked too.
_SPARE_ROWS: Final = 30


class RowRule:
    """What a prepared row admits.

    Parameters
    ----------
    units : sequence of str
        Units that fit the series.
    bounds : (float, float)
        Least and greatest figure in the unit that the row brings with it.
    spans : sequence of str
        What a figure of several years may be.
    """

    def __init__(self, units: Sequence[str], bounds: tuple[float, float], spans: Sequence[str]) -> None:
        self.units, self.bounds, self.spans = tuple(units), bounds, tuple(spans)


def fill_form_sheet(
    sheet: Any,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    rules: Mapping[int, RowRule],
    head: int,
    years: tuple[int, int],
) -> None:
    """Write a form into an empty sheet of openpyxl.

    Parameters
    ----------
    sheet : openpyxl Worksheet
    columns : sequence of str
        Keys of the columns.
    rows : sequence of rows of str
        Remarks, the head, the prepared rows.
    rules : mapping of int to RowRule
        By position of the row in ``rows``.
    head : int
        Position of the head.
    years : (int, int)
        First and last year that may be reported.
    """
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin", color="FFBFBFBF")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    level, broken = Alignment(vertical="center"), Alignment(vertical="center", wrap_text=True)
    bold, head_fill, open_fill = (
        Font(bold=True),
        PatternFill("solid", fgColor=_HEAD),
        PatternFill("solid", fgColor=_OPEN),
    )
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            cell = sheet.cell(number + 1, place + 1)
            if number > head and columns[place] == "year" and text:
                cell.value = int(text)
            elif text:
                put_text(cell, escaped(text))
            if number >= head:
                cell.border = border
                cell.alignment = broken if number == head else level
            if number == head:
                cell.font, cell.fill = bold, head_fill
            elif number > head and not text:
                cell.fill = open_fill
    for place, key in enumerate(columns):
        sheet.column_dimensions[sheet.cell(1, place + 1).column_letter].width = _WIDTHS[key]
    sheet.freeze_panes = sheet.cell(head + 2, 3)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = f"{head + 1}:{head + 1}"
    _checks(sheet, {key: place + 1 for place, key in enumerate(columns)}, rules, (head + 2, len(rows)), years)


def _checks(
    sheet: Any, at: Mapping[str, int], rules: Mapping[int, RowRule], prepared: tuple[int, int], years: tuple[int, int]
) -> None:
    """Checks that the spreadsheet makes while a figure is typed; reading the form makes all of them again."""
    from openpyxl.worksheet.datavalidation import DataValidation

    first, last = prepared

    def column(key: str) -> str:
        letter = sheet.cell(1, at[key]).column_letter
        return f"{letter}{first}:{letter}{last + _SPARE_ROWS}"

    def check(cells: str, message: str, **kind: Any) -> None:
        found = DataValidation(allow_blank=True, showErrorMessage=True, error=message, errorTitle="填报", **kind)
        found.add(cells)
        sheet.add_data_validation(found)

    low, high = years
    whole = {"type": "whole", "operator": "between"}
    check(column("year"), f"请填{low}—{high}之间的年份", formula1=str(low), formula2=str(high), **whole)
    check(column("month"), "请填1—12，或留空", formula1="1", formula2="12", **whole)
    # Text passes: days are also read as 2022-05-31 or 2022年5月31日.
    day = sheet.cell(first, at["published"]).coordinate
    dates = f"OR(ISTEXT({day}),AND({day}>=DATE({low},1,1),{day}<=DATE({date.max.year},12,31)))"
    check(column("published"), "请填日期，如 2022-05-31", type="custom", formula1=dates)
    for number in range(first, last + 1 + _SPARE_ROWS):
        sheet.cell(number, at["published"]).number_format = "yyyy-mm-dd"
    for number, rule in rules.items():
        least, greatest = rule.bounds
        value = sheet.cell(number + 1, at["value"])
        unit, span = sheet.cell(number + 1, at["unit"]), sheet.cell(number + 1, at["span"])
        check(unit.coordinate, f"单位：{'、'.join(rule.units)}", type="list", formula1=_listed(rule.units))
        check(span.coordinate, f"口径：{'、'.join(rule.spans)}", type="list", formula1=_listed(rule.spans))
        # A warning, not a stop: the bounds are those of the prepared unit, which may be changed.
        check(
            value.coordinate,
            f"请核对数值与单位：按所印单位应在{least:.10g}与{greatest:.10g}之间",
            type="decimal",
            operator="between",
            formula1=f"{least:.10g}",
            formula2=f"{greatest:.10g}",
            errorStyle="warning",
        )


def _listed(texts: Sequence[str]) -> str:
    return '"' + ",".join(texts) + '"'
