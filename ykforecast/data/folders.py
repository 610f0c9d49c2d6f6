"""Folders as a whole: one that appears complete, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ykforecast.data.files import sync_folder
from ykforecast.vocabulary.errors import OutputError

_PART = ".part-"


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """An empty folder beside ``folder`` that takes its name when the block ends well.

    Files written into it with `data.files` are on disk before the name changes, and the new name is on disk when the
    block is left, so a reader finds the whole folder or none. When the block or the system fails nothing is left, after
    a kill only a folder whose name begins with a dot: no reader takes it for a result, and no other writer removes it,
    for it may be one that is still being written.

    Raises
    ------
    OutputError
        If the folder cannot be made, or ``folder`` exists by then: what stands is never replaced.
    """
    try:
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}{_PART}"))
    except OSError as error:
        raise _not_made(folder, error) from error
    try:
        yield part
        part.chmod(folder.parent.stat().st_mode & 0o777)
        # A rename onto a folder that is not empty fails, on any system: no earlier result is lost to a race.
        os.rename(part, folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise _not_made(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _not_made(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"not written: {error.strerror or error}", file=folder, remedy="What stood there before is untouched"
    )
