"""One writer a folder: a lock that the system takes back when its holder ends, however it ends."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ykforecast.vocabulary.errors import OutputError

#: Locked while somebody writes, and says who; empty when nobody does. It stays: removing it would be a race.
LOCK: Final = ".lock"

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        # A byte beyond the end: those that say who holds it stay readable.
        os.lseek(handle, 1 << 20, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the only one who writes into a folder, for the time of the block.

    The lock of a process that was killed is free at once: the system holds it, not the file.

    Raises
    ------
    OutputError
        Another process writes there (it is named), or the folder takes no files.
    """
    path = folder / LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(f"cannot be locked: {error.strerror or error}", file=folder) from error
    try:
        try:
            _take(handle)
        except OSError:
            remedy = "Wait until it has finished, or choose another folder"
            raise OutputError("another process writes here", file=folder, value=_holder(path), remedy=remedy) from None
        with suppress(OSError):  # on a full disk the lock holds all the same
            os.ftruncate(handle, 0)
            os.write(handle, f"process {os.getpid()} on {platform.node()}".encode())
        try:
            yield
        finally:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _holder(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")
    return "unknown"
