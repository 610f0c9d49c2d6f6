"""Results in files, each with the command that made it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ykforecast.data.files import write_text


def write_result(path: Path, command: str, result: Mapping[str, Any]) -> None:
    """Write a result as JSON with the command that made it."""
    text = json.dumps({"command": command} | dict(result), ensure_ascii=False, indent=1, allow_nan=False)
    write_text(path, text + "\n")
