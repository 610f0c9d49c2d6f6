"""Small batches, and a pool that computes at once in the process that asks: what is tested is everything around it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

#: Every kind of scenario, a day without and a day with figures.
FILE = """
draws = 24
seed = 7
scenarios = ["baseline", "plan", "plan+slow-growth"]
vintages = [2020-12-31, "2022-06-30"]

[[own]]
name = "mine"
doses.skills = { 2023 = 15_000 }

[[grid]]
name = "reach"
base = "plan"
levers.skills = [0, 9_000]
levers.ui_expansion = [0.0, 0.02, 0.04]
"""


class Here:
    """A pool of one worker: this process, at once."""

    width, death, one_fate = 1, ChildProcessError, True

    def __init__(self, width: int = 1) -> None:
        self.used = 0

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        self.used += 1
        future: Future[Any] = Future()
        try:
            future.set_result(call(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def share(self, path: Path) -> Path:
        return path

    def renew(self) -> None:
        raise AssertionError("nobody dies here")

    def close(self) -> None:
        pass


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pieces(folder: Path) -> dict[str, bytes]:
    """The finished pieces of a batch by name; what a killed writer left is none."""
    return {path.name: path.read_bytes() for path in folder.glob("pieces/[!.]*.piece")}
