"""Widths of the columns of a table: the wished shares, but no column narrower than its longest word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ykforecast.documents.blocks import Span

#: What a line may not break: Chinese breaks anywhere, Latin text at spaces and after a hyphen between letters.
_BREAKS: Final = re.compile(r"[\s\u2e80-\u9fff\uff00-\uffef]+|(?<=[a-z]-)(?=[a-z])")
#: Widths of letters in parts of the type size: digits and most small letters of Times New Roman take a half or less.
_SMALL: Final = 0.5
_CAPITAL: Final = 0.72
_BROAD: Final = 0.78
_MILLIMETRES_A_POINT: Final = 25.4 / 72
#: Millimetres of the margins of a cell, both sides, and of its line.
_MARGINS: Final = 2.6


def column_widths(rows: Sequence[Sequence[Span]], shares: Sequence[float], points: float, width: float) -> list[float]:
    """Widths that break no word if that can be had.

    Parameters
    ----------
    rows : sequence of sequence of Span
        Cells of every row, the heading among them.
    shares : sequence of float
        Wished widths of the columns, in any unit.
    points : float
        Size of the type.
    width : float
        Of the table, millimetres.

    Returns
    -------
    list of float
        Millimetres; together ``width``.
    """
    needed = [max(_longest(str(row[place]), points) for row in rows) for place in range(len(shares))]
    if sum(needed) >= width:
        return [width * one / sum(needed) for one in needed]
    fixed: dict[int, float] = {}
    while True:
        free, wished = width - sum(fixed.values()), sum(one for place, one in enumerate(shares) if place not in fixed)
        found = [fixed.get(place, free * one / wished if wished else 0.0) for place, one in enumerate(shares)]
        short = {place: needed[place] for place, one in enumerate(found) if one < needed[place] - 1e-9}
        if not short:
            return found
        fixed.update(short)


def _longest(text: str, points: float) -> float:
    """Millimetres that the longest word of a cell takes, with the margins of the cell."""
    ems = max((sum(map(_em, word)) for word in _BREAKS.split(text)), default=0.0)
    return ems * points * _MILLIMETRES_A_POINT + _MARGINS


def _em(letter: str) -> float:
    if letter in "mwMW%":
        return _BROAD
    return _CAPITAL if letter.isupper() else _SMALL
