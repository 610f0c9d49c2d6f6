"""Parts of a Word file that python-docx has no call for: fields, content controls, borders, repeated rows."""

from __future__ import annotations

import re
from typing import Any, Final

from ykforecast.documents.blocks import Cell

_CHINESE: Final = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]")

#: Characters that XML does not hold.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def storable(text: str) -> str:
    """A text without the characters that no Word file can hold."""
    return _CONTROLS.sub("", text)


def element(name: str, /, **attributes: str) -> Any:
    """An element of WordprocessingML, attributes of the same namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def add_field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field with the text that stands until Word counts anew."""
    from docx.oxml.ns import qn

    for kind in ("begin", None, "separate", shown, "end"):
        run = paragraph.add_run()
        if kind is None:
            text = element("instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        elif kind == shown:
            run.text = shown
        else:
            run._r.append(element("fldChar", fldCharType=kind))


def add_text(paragraph: Any, text: str) -> Any:
    """A run of text; marks that Chinese and Latin share (“”, —, …) take the Chinese typeface among Chinese."""
    from docx.oxml.ns import qn

    run = paragraph.add_run(storable(text))
    if _CHINESE.search(text):
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    return run


def add_cell(paragraph: Any, cell: Cell, key: str) -> None:
    """A figure as a content control: its tag is the key of the cell in the list that the file carries."""
    run = paragraph.add_run(storable(cell.text))
    control, properties, content = element("sdt"), element("sdtPr"), element("sdtContent")
    for part in (element("tag", val=key), element("id", val=str(int(key[1:]) + 1)), element("text")):
        properties.append(part)
    run._r.addprevious(control)
    content.append(run._r)
    control.append(properties)
    control.append(content)


def set_borders(table: Any) -> None:
    """Thin lines around every cell, heavier above and below."""
    borders = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        size = "8" if side in {"top", "bottom"} else "4"
        borders.append(element(side, val="single", sz=size, space="0", color="000000"))
    table._tbl.tblPr.append(borders)


def set_widths(table: Any, millimetres: list[float]) -> None:
    """Fixed widths of the columns."""
    from docx.shared import Mm

    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, millimetres, strict=True):
            cell.width = Mm(width)
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w="57", type="dxa"))
    table._tbl.tblPr.append(margins)


def repeat_head(row: Any) -> None:
    """The row stands again on every page of its table."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def keep_whole(row: Any) -> None:
    """The row does not break over a page."""
    row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))
