"""One TOML file at a time: read safely, and find the line that a complaint speaks of."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ykforecast.spec.record import Complaint
from ykforecast.vocabulary.errors import ModelError, YkforecastError

#: A model file is written by people; anything larger is not one.
MAX_BYTES = 1_000_000
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_BARE_CHINESE = re.compile(r"^\s*\[?[^\"'#=\]]*[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed file with its text, so that complaints can name a line."""

    path: Path
    text: str
    table: dict[str, Any]

    def error(self, complaint: Complaint, kind: type[YkforecastError] = ModelError) -> YkforecastError:
        """The complaint as an exception that names file, line and key."""
        line = line_of(self.text, complaint.key)
        return complaint.error(kind, f"{self.path}:{line}" if line else self.path)


def read_toml(path: Path) -> TomlFile:
    """Parsed TOML file.

    A byte order mark, as some editors write it, is dropped.

    Raises
    ------
    ModelError
        If the file is missing, too large, not UTF-8 or not TOML; with the line where it is known.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(
                "the file is too large for a model file",
                file=path,
                key="size",
                value=path.stat().st_size,
                remedy=f"At most {MAX_BYTES:,} bytes",
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise ModelError("the file is missing", file=path, remedy="Add it, or name another") from None
    except OSError as error:
        raise ModelError(
            "the file cannot be read", file=path, key="file", value=error.strerror, remedy="Put a readable file there"
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ModelError(
            "not UTF-8", file=f"{path}:{line}", key="text", value=error.object[error.start], remedy="Save it as UTF-8"
        ) from None
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, text, str(error)) from None
    except RecursionError:
        raise ModelError(
            "not valid TOML", file=path, key="table", value="nested too deeply", remedy="Write fewer levels"
        ) from None
    except ValueError as error:  # an integer of thousands of digits
        raise ModelError(
            "not valid TOML", file=path, key="table", value=str(error), remedy="Correct the number"
        ) from None


def _not_toml(path: Path, text: str, message: str) -> ModelError:
    found = _PLACE.search(message)
    # at the end of a document the parser gives no place: it is the last line
    line = int(found.group(1)) if found else text.count("\n") + 1
    wrong = text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
    remedy = "Correct the line"
    if _BARE_CHINESE.match(wrong):
        remedy = 'A Chinese key or text stands in quotes, as in "营口" = 1 (中文键名和文字须加引号)'
    problem = message.split(" (at ")[0]
    problem = problem[:1].lower() + problem[1:]
    value = wrong.strip()[:80]
    key = value.partition("=")[0].strip() or "table"
    return ModelError(f"not valid TOML: {problem}", file=f"{path}:{line}", key=key, value=value, remedy=remedy)


def line_of(text: str, key: str) -> int | None:
    """Line (from 1) where a dotted key stands, or that of the nearest table around it.

    A tolerant scan, not a parser: it follows headers and bare or quoted keys, and gives up on the rest.
    """
    path = key.split(".")
    best: tuple[int, int] | None = None
    table: list[str] = []
    counters: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = [part.strip().strip("\"'") for part in header.group(1).split(".")]
            if line.lstrip().startswith("[["):
                index = counters.get(header.group(1), 0)
                counters[header.group(1)] = index + 1
                table.append(str(index))
            here = table
        elif "=" in line and not line.lstrip().startswith("#"):
            names = [part.strip().strip("\"'") for part in line.split("=", 1)[0].split(".")]
            here = [*table, *names]
        else:
            continue
        if path[: len(here)] == here and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None
