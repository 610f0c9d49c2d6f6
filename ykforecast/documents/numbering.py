"""Numbers of headings: 一、（一）1. in Chinese, 1, 1.1, 1.1.1 in English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ykforecast.documents.blocks import Document, Figure, Section, Table

_DIGITS: Final = "〇一二三四五六七八九"

#: Word before the number of a table or figure.
CAPTION_WORDS: Final = {
    "zh": {Table: "表", Figure: "图"},
    "en": {Table: "Table ", Figure: "Figure "},
}


def headings(document: Document) -> Iterator[tuple[Section, int, str]]:
    """Every section with its depth (1 at the top) and its printed number, empty where it has none."""
    yield from _below(document.sections, (), document.lang)


def _below(sections: tuple[Section, ...], above: tuple[int, ...], lang: str) -> Iterator[tuple[Section, int, str]]:
    count = 0
    for section in sections:
        count += section.numbered
        place = (*above, count if section.numbered else 0)
        yield section, len(place), _printed(place, lang) if section.numbered else ""
        yield from _below(section.sections, place, lang)


def _printed(place: tuple[int, ...], lang: str) -> str:
    if lang == "en":
        return ".".join(str(number) for number in place if number) + " "
    last = place[-1]
    return {1: f"{_chinese(last)}、", 2: f"（{_chinese(last)}）", 3: f"{last}．"}.get(len(place), f"（{last}）")


def _chinese(number: int) -> str:
    """Whole number below one hundred: 十一, 二十."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _DIGITS[tens]) + "十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")
