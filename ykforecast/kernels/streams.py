"""Numbers of named random streams. Apart from ``philox``, so that a name needs no compiler."""

from __future__ import annotations

import hashlib


def stream_id(name: str) -> int:
    """Number of a named stream: the first 63 bits of the BLAKE2s digest of its name."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=8).digest(), "little") >> 1
