"""The data annex (数据附表): every table of a document on a sheet, indicators that recalculate, and forms."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ykforecast.data.blank_form import blank_sheet, departments
from ykforecast.data.observation_form import SHEET
from ykforecast.data.workbook import one_line, openpyxl_for, save_workbook
from ykforecast.documents.blocks import Table
from ykforecast.documents.bound import Results
from ykforecast.documents.excel_dictionary import write_dictionary, write_index
from ykforecast.documents.excel_front import write_contents, write_cover, write_reading_notes
from ykforecast.documents.excel_scenarios import write_scenarios
from ykforecast.documents.excel_sheet import Annex, write_table
from ykforecast.documents.excel_targets import write_targets

if TYPE_CHECKING:
    from ykforecast.assess.dossier import Dossier
    from ykforecast.documents.blocks import Document


def write_annex(document: Document, dossier: Dossier, path: str | os.PathLike[str]) -> None:
    """Write the annex of a report as an Excel file.

    The sheets: cover, contents, notes, main indicators with live formulas (one sheet a scenario), one sheet for each
    table of the document, scenarios, data dictionary, index of figures, and a form for each department, which
    ``ykforecast forecast --own`` reads back from the same file. The same run gives the same bytes.

    Parameters
    ----------
    document : Document
        Its tables become sheets in their order; its language is that of the annex.
    dossier : Dossier
        Results that the tables quote.
    path : path
        File to write, ending ``.xlsx``.

    Raises
    ------
    DataError
        The package openpyxl is missing.
    OutputError
        The file cannot be written.
    """
    target = Path(path)
    book = openpyxl_for(target).Workbook()
    book.remove(book.active)
    book.properties.creator = "ykforecast"
    book.properties.title = one_line(document.title)
    book.properties.language = {"zh": "zh-CN", "en": "en"}[document.lang]
    # Formulas are stored without values: whoever opens the file computes them.
    book.calculation.fullCalcOnLoad = True
    annex = Annex(book, document.lang)
    write_cover(annex, document)
    write_reading_notes(annex, dossier)
    write_targets(annex, dossier, Results(dossier.tree()))
    tables = [block for block in document.blocks() if isinstance(block, Table)]
    for number, table in enumerate(tables, 1):
        write_table(annex, table, number)
    write_scenarios(annex, dossier)
    _write_forms(annex, dossier)
    write_dictionary(annex, dossier)
    write_index(annex)
    write_contents(annex)
    save_workbook(book, target)


def _write_forms(annex: Annex, dossier: Dossier) -> None:
    """A form for each department, with a row for every series and every year that has begun by the date."""
    model, when = dossier.model, date.fromisoformat(str(dossier.card.attrs["as_of"]))
    years = range(model.base_year + 1, max(when.year, model.base_year + 1) + 1)
    for name, series in departments(model).items():
        sheet = annex.new_sheet(f"{SHEET}-{name}", f"{name}自报数据表")
        blank_sheet(sheet, model, series, years)
