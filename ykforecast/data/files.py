"""Files as a whole: digests, and writing that leaves the old file or the new one, never half of one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ykforecast.vocabulary.errors import OutputError

_CHUNK = 1 << 20


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, as ``sha256:`` and 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return "sha256:" + digest.hexdigest()


def digest_of_texts(folder: Path, names: Iterable[str]) -> str:
    """Digest over several text files of a folder, by name and content.

    Line ends and a byte order mark do not count: a checkout on Windows has the same digest.
    """
    digest = hashlib.sha256()
    for name in sorted(names):
        content = (folder / name).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return "sha256:" + digest.hexdigest()


def prepare_folder(folder: Path) -> Path:
    """Make sure that ``folder`` exists and takes new files, before anything is computed.

    Raises
    ------
    OutputError
        If the folder cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe.part-"):
            pass
    except OSError as error:
        raise OutputError(
            f"cannot write into this folder: {error.strerror or error}",
            file=folder,
            remedy="Choose another folder with --out, or free the place",
        ) from error
    return folder


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` that takes its place when the block ends well.

    The content is on disk (fsync) before the name changes, so a reader finds the old file or the
    new one. When the block or the system fails, the old file stands and the temporary one is removed.

    Raises
    ------
    OutputError
        If the file cannot be written, synchronised or renamed.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.part-", suffix=path.suffix)
        os.close(handle)
    except OSError as error:
        raise _not_written(path, error) from error
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        # mkstemp keeps the file to its owner; a result is as readable as any new file
        part.chmod(0o666 & ~_umask())
        os.replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file as UTF-8 with line feeds, whole or not at all."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    with replacing(path) as part:
        part.write_bytes(content)


def sweep(folder: Path) -> int:
    """Remove what a killed writer left in ``folder``; the number of files removed."""
    orphans = [path for path in folder.glob(".*.part-*") if path.is_file()]
    for orphan in orphans:
        orphan.unlink(missing_ok=True)
    return len(orphans)


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk, where the system knows how: a rename survives a power cut only then."""
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_written(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"not written: {error.strerror or error}",
        file=path,
        remedy="The earlier file, if there was one, is untouched",
    )
