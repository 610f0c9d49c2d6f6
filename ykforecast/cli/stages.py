"""What is being done, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Stages:
    """The stage at work and a bar of the draws done: on a terminal, on standard error; else silence."""

    def __init__(self, bar: Any = None) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=None) if bar is not None else None

    def __call__(self, text: str) -> None:
        """Name the stage that begins."""
        if self._bar is not None:
            self._bar.update(self._task, description=text, total=None, completed=0)

    def advance(self, done: int, total: int) -> None:
        """Show how many draws of all scenarios are done."""
        if self._bar is not None:
            self._bar.update(self._task, total=total, completed=done)


@contextmanager
def stages() -> Iterator[Stages]:
    """Stages of one command, on standard error."""
    if not sys.stderr.isatty():
        yield Stages()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Stages(bar)
