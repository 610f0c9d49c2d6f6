"""What a document is made of, whatever file it becomes: sections of paragraphs, tables, figures and gaps.

A number never stands in running text by itself: it is a :class:`Cell`, which knows where in the results it was read,
so that a test can walk through every document and look each of them up again. What only a department can know is a
:class:`Gap` that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Digits that plain text may hold because they are names and no results: years and dates, the plan's own numbering
#: (专栏1, 第4项, "first" to "sixteenth"), levels of intervals, standards, units.
FIXED_NUMBERS: Final = re.compile(
    "|".join(
        (
            r"\b(?:19|20)\d\d-\d\d-\d\d\b",
            r"\b20\d\d-\d\d\b",
            r"(?:19|20)\d\d(?!\d)",
            r"(?<!\d)\d\d?月(?:\d\d?日)?",
            r"专栏\d+|第\d+[项章节条]|附表\d+",
            r"(?:Box|No\.|Annex|chapter|indicator|section) \d+",
            r"(?:50|80|95)\s?%\s?(?:的?区间|的?中心区间|interval|central)",
            r"GB/T \d+",
            # Age groups.
            r"(?<![\d.])\d\d?-\d\d(?![\d.])岁?|(?<![\d.])\d\d(?:岁及以上|\+)",
            r"\b10,000\b|\b100 million\b",
        )
    )
)
_DIGITS: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the results as it is printed.

    Attributes
    ----------
    text : str
        As printed, without its unit: ``23.1``, ``约85``.
    value : float or str
        What the results hold, in base units (persons, yuan, fractions), or the text itself.
    path : str
        Where: ``group/variable[dim=label,...]`` in the tree of :meth:`ykforecast.assess.dossier.Dossier.tree`.
    unit : str
        Printed unit (`vocabulary.units`), which turns ``value`` into what ``text`` rounds; empty for texts.
    """

    text: str
    value: float | str
    path: str
    unit: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that a department must add: 【待××局补充：……】.

    Attributes
    ----------
    department : str
        Who knows it.
    what : str
        What is asked for.
    lang : {"zh", "en"}
        Of the document.
    """

    department: str
    what: str = ""
    lang: str = "zh"

    def __str__(self) -> str:
        if self.lang == "en":
            return f"[{self.department} to add{': ' if self.what else ''}{self.what}]"
        return f"【待{self.department}补充{'：' if self.what else ''}{self.what}】"


Span = str | Cell | Gap


@dataclass(frozen=True)
class Paragraph:
    """Running text.

    Attributes
    ----------
    spans : tuple of str, Cell or Gap
        In reading order. Plain text holds no figure but names such as years (:data:`FIXED_NUMBERS`).
    kind : {"body", "note", "item"}
        Text, a note in small type, an item of a list.

    Raises
    ------
    ValueError
        A figure stands in plain text: bind it to a cell of the results.
    """

    spans: tuple[Span, ...]
    kind: str = "body"

    def __post_init__(self) -> None:
        for span in self.spans:
            if isinstance(span, str):
                _without_figures(span)

    def __str__(self) -> str:
        return "".join(map(str, self.spans))


@dataclass(frozen=True, slots=True)
class Column:
    """Heading of a column.

    Attributes
    ----------
    label : str
        As printed.
    align : {"left", "right", "center"}
    width : float
        Relative to the other columns.
    """

    label: str
    align: str = "right"
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A numbered table: its title above, its unit at the right, notes below.

    Attributes
    ----------
    key : str
        Stable name, unique in the document; cross-references and sheets of the annex use it.
    caption : str
        Without the number, which each file counts by itself.
    columns : tuple of Column
    rows : tuple of rows
        Each of one span per column.
    unit : str
        ``单位：万人、%``, or empty.
    notes : tuple of Paragraph
    landscape : bool
        Too wide for an upright page.
    row_keys : tuple of str
        Optional stable names of the rows (indicator keys).
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Span, ...], ...]
    unit: str = ""
    notes: tuple[Paragraph, ...] = ()
    landscape: bool = False
    row_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.key}: a row of {len(row)} under {len(self.columns)} columns: {row}")
            for span in row:
                if isinstance(span, str):
                    _without_figures(span)


@dataclass(frozen=True)
class Figure:
    """A numbered figure: its title below.

    Attributes
    ----------
    key : str
        Stable name, unique in the document.
    caption : str
        Without the number.
    draw : callable
        Makes it with matplotlib in the language of the document and returns its Axes.
    chart : mapping, optional
        The same for a screen: ``{"kind": ..., ...}`` of plain lists and numbers, see `documents.charts`.
    text : str
        What it shows in one sentence, for readers who cannot see it.
    """

    key: str
    caption: str
    draw: Callable[[], Axes]
    chart: dict[str, Any] | None = None
    text: str = ""


Block = Paragraph | Table | Figure


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; ``一、`` ``（一）`` ``1.`` are counted by each file from the depth.

    Attributes
    ----------
    key : str
        Stable name, unique in the document, the same in both languages.
    title : str
        Without the number.
    blocks : tuple of Paragraph, Table or Figure
    sections : tuple of Section
        One level down.
    numbered : bool
        False for 摘要, 附表, 附件.
    """

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    numbered: bool = True

    def walk(self) -> Iterator[Section]:
        """The section and all below it, in reading order."""
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True)
class Document:
    """A report in one language.

    Attributes
    ----------
    title : str
    subtitle : str
        ``（征求意见稿）``.
    front : tuple of (label, span)
        时点, 数据截止日, model version, run: small, on the front and in the footer.
    sections : tuple of Section
    lang : {"zh", "en"}
    date : str
        成文日期, as printed.
    """

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    front: tuple[tuple[str, Span], ...] = ()
    lang: str = "zh"
    date: str = ""
    organ: Span = field(default="")

    def walk(self) -> Iterator[Section]:
        """All sections in reading order."""
        for section in self.sections:
            yield from section.walk()

    def blocks(self) -> Iterator[Block]:
        """All blocks in reading order."""
        for section in self.walk():
            yield from section.blocks

    def spans(self) -> Iterator[Span]:
        """Every span of text and tables in reading order."""
        yield from (span for _, span in self.front)
        for block in self.blocks():
            if isinstance(block, Paragraph):
                yield from block.spans
            elif isinstance(block, Table):
                for row in block.rows:
                    yield from row
                for note in block.notes:
                    yield from note.spans

    def cells(self) -> Iterator[Cell]:
        """Every figure of the document."""
        yield from (span for span in self.spans() if isinstance(span, Cell))


def _without_figures(text: str) -> None:
    rest = FIXED_NUMBERS.sub("", text)
    if _DIGITS.search(rest):
        raise ValueError(f"a figure in plain text, bind it to a cell of the results: {text!r}")
