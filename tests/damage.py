"""Faults put into copies of files."""

from __future__ import annotations

from pathlib import Path


def damage(file: Path, old: str, new: str) -> None:
    """Replace one text of a file by another; refuses to pass for damage what changes nothing."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"the fault is not planted: {old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
