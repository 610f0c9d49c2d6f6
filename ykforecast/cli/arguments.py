"""Numbers given on the command line, and what machines read from it."""

from __future__ import annotations

import argparse
import json
import math
from typing import Any


def count(text: str) -> int:
    """A whole number of at least one."""
    number = natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError(f"at least 1 is needed: {text!r}")
    return number


def natural(text: str) -> int:
    """A whole number from nought on."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"not a whole number from 0 to 999999999: {text!r}")
    return int(text)


def plain(value: Any) -> Any:
    """A value that JSON has: no NaN, no infinity, other objects as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | str | None) else str(value)


def print_json(content: Any) -> None:
    """Print one strict JSON document."""
    print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))
