"""Tables and frame of the printed pages in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

NOTICE: Final = "<!-- Printed by docs/print_model.py from models/ and calibration_data/: edit those, not this page. -->"


def plain_text(text: str) -> str:
    """Text that Markdown does not take for marks of its own."""
    return " ".join(text.replace("<", "&lt;").replace("*", "\\*").split())


def cell(value: object) -> str:
    """One cell of a table: a bar would end it, a line break would end the row."""
    return "" if value is None else plain_text(str(value).replace("|", "\\|"))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in lines) + "\n"


def page(title: str, *parts: str) -> str:
    """A page with its notice and title; empty parts are left out."""
    return "\n\n".join([NOTICE, f"# {title}", *(part.rstrip("\n") for part in parts if part)]) + "\n"
