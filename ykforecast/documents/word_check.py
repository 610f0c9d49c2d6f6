"""Whether a Word file keeps the format of official documents: page, typefaces, headings, captions, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.documents.word_styles import PAGE, looks, margins_of_page
from ykforecast.vocabulary.errors import DataError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

#: Millimetres that a length may be off: Word rounds to twentieths of a point.
_SLACK: Final = 0.5
_CAPTION: Final = re.compile(r"(?P<word>表|图|Table|Figure) ?(?P<number>\d+)\b.*\S")
#: Number of a heading of the second level: under an annex English ones have one part only.
_SECOND: Final = re.compile(r"（[一二三四五六七八九十]+）.*|\d+(\.\d+)? .*")


def check_docx(path: Path) -> list[str]:
    """What a Word file has against GB/T 9704-2012 and the rules of captions; empty if nothing.

    Parameters
    ----------
    path : Path
        Of `documents.word.write_word`, or edited since.

    Raises
    ------
    DataError
        Not a readable Word file.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        word = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise DataError(f"not a readable Word file: {error}", file=path, remedy="Make the report again") from None
    return [*_pages(word), *_styles(word), *_headings(word), *_captions(word), *_tables(word)]


def _pages(word: WordDocument) -> Iterator[str]:
    from docx.enum.section import WD_ORIENT

    for number, section in enumerate(word.sections, 1):
        wide = section.orientation == WD_ORIENT.LANDSCAPE
        for name, found, wanted in zip(
            ("width", "height"), (section.page_width, section.page_height), PAGE[::-1] if wide else PAGE, strict=True
        ):
            if found is None or abs(found.mm - wanted) > _SLACK:
                yield f"section {number}: page {name} is not {wanted} mm"
        for name, wanted in margins_of_page(landscape=wide).items():
            found = getattr(section, name)
            if found is None or abs(found.mm - wanted) > _SLACK:
                yield f"section {number}: {name} is not {wanted} mm"
    if not word.settings.odd_and_even_pages_header_footer:
        yield "page numbers are not apart on odd and even pages"


def _styles(word: WordDocument) -> Iterator[str]:
    from docx.oxml.ns import qn

    known = {style.name: style for style in word.styles}
    for name, look in looks((word.core_properties.language or "zh").partition("-")[0]).items():
        if name not in known:
            yield f"style {name}: missing"
            continue
        style: Any = known[name]
        properties = style.element.rPr
        fonts = None if properties is None else properties.rFonts
        east = None if fonts is None else fonts.get(qn("w:eastAsia"))
        if east != look.east:
            yield f"style {name}: Chinese typeface is {east}, not {look.east}"
        if style.font.size is None or style.font.size.pt != look.size:
            yield f"style {name}: size is not {look.size} pt"
        pitch = style.paragraph_format.line_spacing
        found = getattr(pitch, "pt", None)
        if found != look.pitch:
            yield f"style {name}: line pitch is {found}, not {look.pitch} pt"


def _headings(word: WordDocument) -> Iterator[str]:
    depth, empty = 0, ""
    for kind, text in _outline(word):
        if not kind.startswith("Heading"):
            empty = ""
            continue
        level = int(kind.split()[-1])
        if level > depth + 1:
            yield f"heading {text!r}: level {level} under level {depth}"
        if not text.strip():
            yield "a heading without text"
        if empty and level <= depth:
            yield f"heading {empty!r}: nothing stands under it"
        if level == 2 and not _SECOND.fullmatch(text):
            yield f"heading {text!r}: not numbered as level {level}"
        depth, empty = level, text
    if empty:
        yield f"heading {empty!r}: nothing stands under it"


def _captions(word: WordDocument) -> Iterator[str]:
    counted: dict[str, int] = {}
    outline = list(_outline(word))
    for place, (kind, text) in enumerate(outline):
        if kind != "Caption":
            continue
        found = _CAPTION.fullmatch(text)
        if found is None:
            yield f"caption {text!r}: no number or no title"
            continue
        named = found["word"]
        counted[named] = counted.get(named, 0) + 1
        if int(found["number"]) != counted[named]:
            yield f"caption {text!r}: number {counted[named]} is due"
        is_table = named in {"表", "Table"}
        after = [one for one, _ in outline[place + 1 : place + 3] if one != "Unit"]
        if is_table and (not after or after[0] != "table"):
            yield f"caption {text!r}: no table under it"
        if not is_table and outline[place - 1][0] != "Picture":
            yield f"caption {text!r}: no picture above it"


def _tables(word: WordDocument) -> Iterator[str]:
    from docx.oxml.ns import qn

    widths = _widths(word)
    for number, (table, room) in enumerate(zip(word.tables, widths, strict=True), 1):
        used = sum(column.width.mm for column in table.columns if column.width is not None)
        if used > room + _SLACK:
            yield f"table {number}: {used:.0f} mm wide, {room:.0f} mm between the margins"
        if table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            yield f"table {number}: the head is not repeated"


def _widths(word: WordDocument) -> list[float]:
    """Millimetres between the margins for each table, by the section that it stands in."""
    from docx.oxml.ns import qn

    rooms = []
    for section in word.sections:
        sizes: Any = (section.page_width, section.left_margin, section.right_margin)
        rooms.append(sizes[0].mm - sizes[1].mm - sizes[2].mm)
    found, place = [], 0
    for child in word.element.body:
        if child.tag == qn("w:tbl"):
            found.append(rooms[place])
        place += child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
    return found


def _outline(word: WordDocument) -> Iterator[tuple[str, str]]:
    """Style and text of what stands in the body, ``table`` for a table; ends of sections are left out."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    for child in word.element.body:
        if child.tag == qn("w:tbl"):
            yield "table", ""
        elif child.tag == qn("w:p"):
            style = Paragraph(child, word._body).style
            text = "".join(part.text or "" for part in child.iter(qn("w:t")))
            ends_section = child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
            if not (ends_section and not text):
                yield (style.name or "" if style is not None else ""), text
