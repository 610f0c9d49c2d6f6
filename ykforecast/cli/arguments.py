"""Numbers given on the command line, and what machines read from it."""

from __future__ import annotations

import argparse
import json
import math
from typing import Any


def count(text: str) -> int:
    """A whole number of at least one."""
    return _whole(text, least=1)


def natural(text: str) -> int:
    """A whole number from nought on."""
    return _whole(text, least=0)


def _whole(text: str, least: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < least:
        raise argparse.ArgumentTypeError(f"not a whole number from {least} to 999999999: {text!r}")
    return int(text)


def plain(value: Any) -> Any:
    """A value that JSON has: no NaN, no infinity, other objects as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | str | None) else str(value)


def print_json(content: Any) -> None:
    """Print one strict JSON document."""
    print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))
