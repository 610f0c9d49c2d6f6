"""Records of what a result was made of: read, and told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ykforecast.vocabulary.errors import DataError


def read_manifest(path: Path) -> dict[str, Any]:
    """A record that this library wrote as JSON.

    Raises
    ------
    DataError
        It is missing, or damaged.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", file=path, remedy="Is it finished?") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"not JSON: {error}", file=path, remedy="Restore it from a copy") from None
    if not isinstance(record, dict):
        raise DataError("not a record", file=path, remedy="Restore it from a copy")
    return record


def differences(before: Any, now: Any, place: str = "") -> list[str]:
    """Places at which two records differ, dotted; tables are looked into, lists are not."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        return [
            found
            for key in sorted({*before, *now})
            for found in differences(before.get(key), now.get(key), f"{place}.{key}" if place else key)
        ]
    return [] if before == now else [place]
