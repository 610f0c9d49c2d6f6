"""The list of figures that a Word file carries: which content control shows which cell of the results.

A tag of a content control holds 64 characters, fewer than many paths have, so controls are tagged ``c0``, ``c1``, ...
and a custom XML part names path, value and unit of each. Word keeps both when the file is edited and saved.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from ykforecast.documents.blocks import Cell
from ykforecast.documents.word_fields import storable
from ykforecast.vocabulary.errors import DataError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_NAMESPACE: Final = "urn:ykforecast:cells"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def add_list(word: WordDocument, cells: list[Cell]) -> None:
    """Put the list of the figures, in the order of their keys, into the file."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    root = ElementTree.Element(f"{{{_NAMESPACE}}}cells")
    for number, cell in enumerate(cells):
        value = storable(str(cell.value))
        attributes = {"key": f"c{number}", "path": cell.path, "value": value, "unit": cell.unit}
        ElementTree.SubElement(root, f"{{{_NAMESPACE}}}cell", attributes)
    content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    package = word.part.package
    name = PackURI("/customXml/cells.xml")
    word.part.relate_to(Part(name, "application/xml", content, package), RELATIONSHIP_TYPE.CUSTOM_XML)


def read_cells(path: Path) -> list[tuple[str, str]]:
    """Every figure of a Word file as (path in the results, text that stands there), in reading order.

    Raises
    ------
    DataError
        Not a Word file of this library.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
            lists = [parts.read(name) for name in parts.namelist() if name.startswith("customXml/")]
            body = _parsed(parts.read("word/document.xml"))
    except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise DataError(f"not a readable Word file: {error}", file=path, remedy="Make the report again") from None
    roots = [root for root in map(_parsed, lists) if root.tag == f"{{{_NAMESPACE}}}cells"]
    if not roots:
        raise DataError("no list of figures in this Word file", file=path, remedy="Make the report again")
    known = {one.attrib["key"]: one.attrib["path"] for one in roots[0]}
    found = []
    for control in body.iter(f"{_W}sdt"):
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        key = "" if tag is None else tag.attrib[f"{_W}val"]
        if key in known:
            found.append((known[key], "".join(text.text or "" for text in control.iter(f"{_W}t"))))
    return found


def _parsed(content: bytes) -> Any:
    # Word parts have no document types; the standard parser fetches nothing from outside.
    return ElementTree.fromstring(content)  # noqa: S314
