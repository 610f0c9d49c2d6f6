"""Office files with the same bytes for the same content: parts in order, no time of day."""

from __future__ import annotations

import io
import zipfile
from typing import Final

#: The first time that a zip file can name.
_TIME: Final = (1980, 1, 1, 0, 0, 0)


def fixed_zip(content: bytes) -> bytes:
    """A zip file packed again with fixed times and attributes, its parts in their order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            entry = zipfile.ZipInfo(part.filename, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            made.writestr(entry, given.read(part))
    return packed.getvalue()
