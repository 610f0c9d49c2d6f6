"""A document as a Word file in the format of official documents (GB/T 9704-2012).

Every figure stands in a content control that names its cell of the results; tables and figures have captions that Word
counts; wide tables have pages of their own on their side. The same document gives the same bytes.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.data.files import write_bytes
from ykforecast.documents.blocks import Block, Cell, Document, Figure, Gap, Paragraph, Section, Span, Table
from ykforecast.documents.fixed_zip import fixed_zip
from ykforecast.documents.numbering import CAPTION_WORDS, headings
from ykforecast.documents.word_cells import add_list
from ykforecast.documents.word_fields import (
    add_cell,
    add_field,
    add_text,
    element,
    keep_whole,
    repeat_head,
    set_borders,
    set_widths,
    storable,
)
from ykforecast.documents.word_styles import add_styles, looks, set_page, text_width
from ykforecast.documents.word_widths import column_widths
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

#: Dots an inch of pictures.
_DPI: Final = 200
#: Word asks for a time; that of the run would make two files of one run differ.
_TIME: Final = datetime(2020, 12, 31)
_LANGUAGES: Final = {"zh": "zh-CN", "en": "en-GB"}
#: Rows, the heading among them, of a table that does not break over a page.
_ON_ONE_PAGE: Final = 14
_STYLES: Final = {"body": "Normal", "note": "Note", "item": "Normal"}


def write_word(document: Document, path: Path) -> None:
    """Write a document as .docx, whole or not at all.

    Parameters
    ----------
    document : Document
    path : Path

    Raises
    ------
    RequestError
        python-docx is not installed.
    OutputError
        The file cannot be written.
    """
    try:
        import docx
    except ImportError:
        remedy = "Install it: pip install 'ykforecast[report]'"
        raise RequestError("Word files need python-docx", key="format", value="docx", remedy=remedy) from None
    writer = _Writer(docx.Document(), document)
    writer.write()
    packed = io.BytesIO()
    writer.word.save(packed)
    write_bytes(path, fixed_zip(packed.getvalue()))


class _Writer:
    """One file under way: counts figures, captions and the orientation of the page."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        self.word, self.document = word, document
        self.styles = add_styles(word, document.lang)
        self.cells: list[Cell] = []
        self.captions: Counter[type] = Counter()
        self.landscape = False

    def write(self) -> None:
        self._prepare()
        self._front()
        signed = False
        for section, depth, number in headings(self.document):
            if depth == 1 and not section.numbered and self._main_text_is_over(section.key) and not signed:
                self._sign()
                signed = True
            # A heading stands on the page of what comes under it.
            self._turn(landscape=_is_wide(next(_blocks(section), None)))
            self._spans(self._paragraph(f"Heading {min(depth, 3)}"), (f"{number}{section.title}",))
            for block in section.blocks:
                self._block(block)
        if not signed:
            self._sign()
        self._turn(landscape=False)
        add_list(self.word, self.cells)

    def _main_text_is_over(self, key: str) -> bool:
        """Whether an unnumbered section follows the numbered chapters: annexes come after the signature."""
        keys = [section.key for section in self.document.sections]
        numbered = [place for place, section in enumerate(self.document.sections) if section.numbered]
        return bool(numbered) and keys.index(key) > numbered[-1]

    def _prepare(self) -> None:
        body = self.word.element.body
        for child in list(body):
            if not child.tag.endswith("}sectPr"):
                body.remove(child)
        set_page(self.word.sections[0])
        settings = self.word.settings
        settings.odd_and_even_pages_header_footer = True
        settings.element.append(element("updateFields", val="false"))
        section = self.word.sections[0]
        section.different_first_page_header_footer = True
        footers = (section.footer, "right"), (section.first_page_footer, "right"), (section.even_page_footer, "left")
        for footer, align in footers:
            self._page_number(footer, align)
        # Every page after the first, which says it at length, tells of which draft, date and run it is.
        separator = "：" if self.document.lang == "zh" else ": "
        gap = "" if self.document.lang == "zh" else " "
        run_line = gap + "　".join(f"{label}{separator}{span}" for label, span in self.document.front)
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            header.paragraphs[0].style = "Front"
            add_text(header.paragraphs[0], f"{self.document.subtitle}{run_line}")
        properties = self.word.core_properties
        properties.title, properties.language = storable(self.document.title), _LANGUAGES[self.document.lang]
        properties.author = properties.last_modified_by = str(self.document.organ)
        properties.comments = properties.keywords = ""
        properties.created = properties.modified = _TIME
        language = self.word.styles.element.find(f".//{{{self.word.element.nsmap['w']}}}lang")
        if language is not None:
            from docx.oxml.ns import qn

            language.set(qn("w:eastAsia"), "zh-CN")
            language.set(qn("w:val"), "en-US" if self.document.lang == "zh" else _LANGUAGES["en"])

    def _page_number(self, footer: Any, align: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = "Page Number"
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if align == "right" else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.add_run("— ")
        add_field(paragraph, "PAGE", "1")
        paragraph.add_run(" —")

    def _front(self) -> None:
        self._spans(self._paragraph("Title"), (self.document.title,))
        if self.document.subtitle:
            self._spans(self._paragraph("Subtitle"), (self.document.subtitle,))
        for label, span in self.document.front:
            separator = "：" if self.document.lang == "zh" else ": "
            self._spans(self._paragraph("Front"), (f"{label}{separator}", span))

    def _sign(self) -> None:
        self._turn(landscape=False)
        for span in (self.document.organ, self.document.date):
            if span:
                self._spans(self._paragraph("Sign"), (span,))

    def _block(self, block: Block) -> None:
        self._turn(landscape=_is_wide(block))
        if isinstance(block, Paragraph):
            self._spans(self._paragraph(_STYLES[block.kind]), block.spans)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._figure(block)

    def _turn(self, *, landscape: bool) -> None:
        """A new page where the orientation changes."""
        from docx.enum.section import WD_SECTION

        if landscape != self.landscape:
            section = self.word.add_section(WD_SECTION.NEW_PAGE)
            section.different_first_page_header_footer = False
            set_page(section, landscape=landscape)
            self.landscape = landscape

    def _paragraph(self, style: str) -> Any:
        """An empty paragraph at the end; python-docx would look through all styles for each by its name."""
        paragraph = self.word.add_paragraph()
        paragraph._p.style = self.styles[style]
        return paragraph

    def _spans(self, paragraph: Any, spans: tuple[Span, ...]) -> None:
        from docx.enum.text import WD_COLOR_INDEX

        for span in spans:
            if isinstance(span, Cell):
                add_cell(paragraph, span, f"c{len(self.cells)}")
                self.cells.append(span)
            else:
                run = add_text(paragraph, str(span))
                if isinstance(span, Gap):
                    run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def _caption(self, block: Table | Figure) -> None:
        kind, word = type(block), CAPTION_WORDS[self.document.lang][type(block)]
        self.captions[kind] += 1
        paragraph = self._paragraph("Caption")
        paragraph.paragraph_format.keep_with_next = kind is Table
        paragraph.add_run(word)
        add_field(paragraph, f"SEQ {word.strip()} \\* ARABIC", str(self.captions[kind]))
        self._spans(paragraph, (f"{'　' if self.document.lang == 'zh' else '. '}{block.caption}",))

    def _table(self, block: Table) -> None:
        self._caption(block)
        if block.unit:
            self._spans(self._paragraph("Unit"), (block.unit,))
        table = self.word.add_table(rows=1 + len(block.rows), cols=len(block.columns))
        set_borders(table)
        kind = "Wide" if block.landscape else "Table"
        rows = [tuple(column.label for column in block.columns), *block.rows]
        shares = [column.width for column in block.columns]
        points = looks(self.document.lang)[f"{kind} Text"].size
        set_widths(table, column_widths(rows, shares, points, text_width(landscape=block.landscape)))
        together = len(rows) <= _ON_ONE_PAGE
        for number, (row, spans) in enumerate(zip(table.rows, rows, strict=True)):
            keep_whole(row)
            for cell, column, span in zip(row.cells, block.columns, spans, strict=True):
                self._in_cell(cell, span, column.align, f"{kind} {'Text' if number else 'Head'}")
                # Word keeps a table whole whose rows each stay with the next.
                cell.paragraphs[0].paragraph_format.keep_with_next = together and number < len(rows) - 1
        repeat_head(table.rows[0])
        for note in block.notes:
            self._spans(self._paragraph("Note"), note.spans)

    def _in_cell(self, cell: Any, span: Span, align: str, style: str) -> None:
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph._p.style = self.styles[style]
        if style.endswith("Text"):
            paragraph.alignment = {
                "left": WD_ALIGN_PARAGRAPH.LEFT,
                "center": WD_ALIGN_PARAGRAPH.CENTER,
                "right": WD_ALIGN_PARAGRAPH.RIGHT,
            }[align]
        self._spans(paragraph, (span,))

    def _figure(self, block: Figure) -> None:
        from docx.shared import Mm

        picture = io.BytesIO()
        sheet: Any = block.draw().figure
        sheet.savefig(picture, format="png", dpi=_DPI, metadata={"Software": None})
        picture.seek(0)
        paragraph = self._paragraph("Picture")
        width = min(text_width(landscape=False), 25.4 * sheet.get_figwidth())
        shape = paragraph.add_run().add_picture(picture, width=Mm(width))
        shape._inline.docPr.set("descr", block.text or block.caption)
        self._caption(block)


def _blocks(section: Section) -> Iterator[Block]:
    """All that stands under a heading, in reading order."""
    return (block for part in section.walk() for block in part.blocks)


def _is_wide(block: Block | None) -> bool:
    return isinstance(block, Table) and block.landscape
