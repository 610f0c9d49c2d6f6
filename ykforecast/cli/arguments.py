"""What several commands share: their arguments, numbers that are read from them, and what machines read."""

from __future__ import annotations

import argparse
import json
import math
from typing import Any, Final

#: Seed of every command but `backtest`, as in ``simulate.request``, which help does not load.
SEED: Final = 2020


def add_as_of(parser: Any, text: str = "use the figures known by then, such as 2023-06-30") -> None:
    """``--as-of``: the date whose figures condition the run."""
    parser.add_argument("--as-of", metavar="DATE", help=text)


def add_draws(parser: Any, draws: int, seed: int = SEED) -> None:
    """``--draws`` and ``--seed`` with their defaults."""
    parser.add_argument("--draws", type=count, default=draws, metavar="N", help="default %(default)s")
    add_seed(parser, seed)


def add_seed(parser: Any, seed: int = SEED) -> None:
    """``--seed`` alone, where the draws have no single default."""
    parser.add_argument("--seed", type=natural, default=seed, metavar="K", help="default %(default)s")


def add_model(parser: Any) -> None:
    """``--model``: what is modelled."""
    parser.add_argument("--model", metavar="DIR", help="a shipped place or a folder; default yingkou")


def add_model_of_run(parser: Any) -> None:
    """``--model`` of a command that reads a finished run, which names its model."""
    parser.add_argument("--model", metavar="DIR", help="folder of the model, if it is not a shipped one")


def add_language(parser: Any, of: str) -> None:
    """``--lang`` of what is printed."""
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help=f"language of {of}")


def add_json(parser: Any, text: str) -> None:
    """``--json``: for machines instead of people."""
    parser.add_argument("--json", action="store_true", help=text)


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
    """A value that JSON has: null for NaN and infinities, other objects as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, int | float | str | None) else str(value)


def plain_values(values: Any) -> Any:
    """Nested lists of such values, as ``tolist`` of an array gives them, or one value."""
    return [plain_values(value) for value in values] if isinstance(values, list) else plain(values)


def print_json(content: Any) -> None:
    """Print one strict JSON document."""
    print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))
