"""Errors that a user can act on: the file, the key, the value and the remedy.

The command line turns any of them into one message and exit code 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class YkforecastError(Exception):
    """Bad input or an impossible request, with the place and the remedy.

    Parameters
    ----------
    problem : str
        What is wrong, in one clause.
    file, key, value : optional
        Where it stands and what was found there.
    remedy : str, optional
        What to do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: object | None = None,
        key: str | None = None,
        value: Any = None,
        remedy: str | None = None,
    ) -> None:
        self.problem, self.file, self.key, self.value, self.remedy = problem, file, key, value, remedy
        place = ": ".join(str(part) for part in (file, key) if part is not None)
        text = f"{place}: {problem}" if place else problem
        if value is not None:
            text += f" (found {value!r})"
        if remedy:
            text += f". {remedy}"
        super().__init__(text)


class DataError(YkforecastError):
    """A table or source record of ``calibration_data`` cannot be used."""


class FormError(DataError):
    """A form of a department's own figures cannot be used; nothing of it was read.

    Parameters
    ----------
    problems : list of DataError
        Everything wrong with it, each with its place and remedy; at least one.
    file : object
        The form.
    """

    def __init__(self, problems: list[DataError], *, file: object) -> None:
        self.problems = problems
        super().__init__(
            "\n".join([f"{len(problems)} problem(s), nothing was read", *map(str, problems)]),
            file=file,
        )


class ModelError(YkforecastError):
    """A file under ``models`` cannot be used."""


class ScenarioError(YkforecastError):
    """A scenario names something the model does not have, or a dose out of bounds."""


class RequestError(YkforecastError):
    """An argument of a public function or of the command line is impossible."""


class OutputError(YkforecastError):
    """A result cannot be written; nothing was left half-written."""


class WorkerError(YkforecastError):
    """A process that computed died; what was finished stands."""


class CalibrationError(YkforecastError):
    """The base year cannot be met with the figures given."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Remedy that names the nearest known key, or lists all of them."""
    options = sorted(known)
    close = get_close_matches(name, options, n=1)
    return f"Did you mean {close[0]!r}?" if close else "Known: " + ", ".join(options)
