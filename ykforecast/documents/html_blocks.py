"""Blocks of a document as HTML: every text is escaped, every figure carries its place in the results."""

from __future__ import annotations

import math
from html import escape
from typing import Final
from urllib.parse import quote

from ykforecast.documents.blocks import Cell, Column, Document, Figure, Gap, Paragraph, Section, Span, Table
from ykforecast.documents.html_figures import figure_body
from ykforecast.documents.numbering import headings
from ykforecast.present.text import CLASSES_EN

WORDS: Final = {
    "zh": {"table": "表", "figure": "图", "filter": "筛选本表", "gap": "待有关部门补充", "after": "　"},
    "en": {"table": "Table ", "figure": "Figure ", "filter": "Filter this table", "gap": "to be added", "after": ". "},
}
#: Tables longer than this have a field that filters their rows.
_LONG: Final = 10
#: A text of the results wider than this many Latin letters may be broken into lines.
_BROKEN: Final = 40
#: Class of a mid-term evaluation, in either language -> role of colour.
_TONES: Final = {
    name: tone
    for names, tone in zip(CLASSES_EN.items(), ("early", "ahead", "course", "behind"), strict=True)
    for name in names
}


def anchor(lang: str, kind: str, key: str) -> str:
    """The id of a section, table or figure: the same in both languages but for its beginning."""
    return f"{lang}-{kind}-{quote(key, safe='')}"


def span_html(span: Span, lang: str) -> str:
    """Text, a figure with its value and path, or a gap."""
    if isinstance(span, Cell):
        return (
            f'<span class="cell" data-path="{escape(span.path)}" data-value="{escape(_value(span))}"'
            f' data-unit="{escape(span.unit)}"{_tone(span)}{_long(span)}>{escape(span.text)}</span>'
        )
    if isinstance(span, Gap):
        return f'<mark class="gap" title="{WORDS[lang]["gap"]}">{escape(str(span))}</mark>'
    # A per cent sign is not parted from its figure.
    return escape(span).replace(" %", "\u00a0%")


class Blocks:
    """Markup of the blocks of one document; tables and figures are counted as they come.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document) -> None:
        self._lang = document.lang
        self._counts = {"table": 0, "figure": 0}

    def section(self, section: Section, depth: int, number: str) -> str:
        """A heading and the blocks under it, without the sections below."""
        level = min(depth + 1, 6)
        title = f"{escape(number)}{escape(section.title)}"
        place = anchor(self._lang, "section", section.key)
        blocks = "\n".join(self._block(block) for block in section.blocks)
        return f'<section id="{place}" class="depth-{depth}">\n<h{level}>{title}</h{level}>\n{blocks}\n</section>'

    def _block(self, block: Paragraph | Table | Figure) -> str:
        if isinstance(block, Paragraph):
            return self._paragraph(block)
        return self._table(block) if isinstance(block, Table) else self._figure(block)

    def _paragraph(self, paragraph: Paragraph) -> str:
        text = "".join(span_html(span, self._lang) for span in paragraph.spans)
        return f'<p class="{escape(paragraph.kind)}">{text}</p>'

    def _table(self, table: Table) -> str:
        heads = "".join(_heading(column) for column in table.columns)
        whole = sum(column.width for column in table.columns)
        widths = "".join(f'<col style="width:{100 * column.width / whole:.1f}%">' for column in table.columns)
        # The first column of words names the row.
        named = next((at for at, column in enumerate(table.columns) if column.align == "left"), -1)
        rows = "\n".join(
            f"<tr{_key(table, at)}>"
            + "".join(
                self._cell(span, column, name=place == named)
                for place, (span, column) in enumerate(zip(row, table.columns, strict=True))
            )
            + "</tr>"
            for at, row in enumerate(table.rows)
        )
        words = WORDS[self._lang]
        sieve = f'<input type="search" class="sieve" placeholder="{words["filter"]}" aria-label="{words["filter"]}">'
        head = f'<p class="unit">{sieve if len(table.rows) > _LONG else ""}<span>{escape(table.unit)}</span></p>'
        notes = "".join(self._paragraph(note) for note in table.notes)
        wide = " landscape" if table.landscape else ""
        return (
            f'<div id="{anchor(self._lang, "table", table.key)}" class="table{wide}">'
            f'<p class="caption">{self._numbered("table", table.caption)}</p>{head}'
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}">'
            f"<table><colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>{notes}</div>"
        )

    def _cell(self, span: Span, column: Column, *, name: bool) -> str:
        tag, scope = ("th", ' scope="row"') if name else ("td", "")
        return f'<{tag}{scope} class="{escape(column.align)}">{span_html(span, self._lang)}</{tag}>'

    def _figure(self, figure: Figure) -> str:
        place = anchor(self._lang, "figure", figure.key)
        said = f'<p class="said">{escape(figure.text)}</p>' if figure.text else ""
        return (
            f'<figure id="{place}">{figure_body(figure, place)}'
            f"<figcaption>{self._numbered('figure', figure.caption)}</figcaption>{said}</figure>"
        )

    def _numbered(self, kind: str, caption: str) -> str:
        self._counts[kind] += 1
        words = WORDS[self._lang]
        return f"<b>{words[kind]}{self._counts[kind]}</b>{words['after']}{escape(caption)}"


def contents_html(document: Document) -> str:
    """List of the headings of the first two depths, each a link."""

    def item(section: Section, depth: int, number: str) -> str:
        place = escape(quote(anchor(document.lang, "section", section.key), safe="-"))
        return f'<li class="depth-{depth}"><a href="#{place}">{escape(number)}{escape(section.title)}</a></li>'

    items = "\n".join(item(*heading) for heading in headings(document) if heading[1] <= 2)
    return f"<ol>\n{items}\n</ol>"


def _heading(column: Column) -> str:
    return f'<th scope="col" class="{escape(column.align)}">{escape(column.label)}</th>'


def _key(table: Table, at: int) -> str:
    return f' data-key="{escape(table.row_keys[at])}"' if table.row_keys else ""


def _value(cell: Cell) -> str:
    if isinstance(cell.value, str):
        return cell.value
    return "" if math.isnan(cell.value) else repr(float(cell.value))


def _long(cell: Cell) -> str:
    # In this encoding a character is as many bytes as it is columns wide.
    return " data-long" if len(cell.text.encode("gb18030")) > _BROKEN else ""


def _tone(cell: Cell) -> str:
    return f' data-tone="{_TONES[cell.value]}"' if isinstance(cell.value, str) and cell.value in _TONES else ""
