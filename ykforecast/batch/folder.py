"""The folder of a batch: who may write, what stands in it already, and that it is whole.

::

    batch.json     the plan: inputs, draws, scenarios; written first
    pieces/        one sealed file a piece, named by its key
    summary.csv    written when every piece stands
    index.html, index_en.html
    manifest.json  digests of everything; written last
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.data.files import prepare_folder, sweep, write_bytes, write_text
from ykforecast.data.manifests import differences, read_manifest
from ykforecast.data.pieces import Piece, read_piece
from ykforecast.data.writer_lock import LOCK, only_writer
from ykforecast.vocabulary.errors import OutputError

if TYPE_CHECKING:
    from ykforecast.batch.plan import Plan

PLAN: Final = "batch.json"
PIECES: Final = "pieces"
MANIFEST: Final = "manifest.json"
_SUFFIX: Final = ".piece"


class BatchFolder:
    """Pieces and records of one batch.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def piece(self, key: str) -> Path:
        """Where the piece of a key lies."""
        return self.path / PIECES / f"{key}{_SUFFIX}"

    def read(self, key: str) -> Piece:
        """A piece, every byte checked.

        Raises
        ------
        DataError
            It is missing or damaged.
        """
        return read_piece(self.piece(key), key)

    def publish(self, key: str, content: bytes) -> None:
        """Write a piece, whole or not at all.

        Raises
        ------
        OutputError
            The disk is full, or the folder is gone.
        """
        write_bytes(self.piece(key), content)

    def finished(self) -> set[str]:
        """Keys of the pieces that stand; each is read and checked.

        Raises
        ------
        DataError
            A piece is damaged.
        """
        found = {path.stem for path in (self.path / PIECES).glob(f"*{_SUFFIX}")}
        for key in sorted(found):
            self.read(key)
        return found

    def write_record(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a record as JSON, whole or not at all."""
        text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        write_text(self.path / name, text + "\n")

    def read_record(self, name: str) -> dict[str, Any]:
        """A record.

        Raises
        ------
        DataError
            It is missing or is not JSON.
        """
        return read_manifest(self.path / name)


@contextmanager
def writing(path: Path, plan: Plan, *, resume: bool) -> Iterator[BatchFolder]:
    """The folder of a batch, for its only writer.

    Raises
    ------
    OutputError
        Somebody else writes there, it holds something else or cannot be written, or it is not empty and was not asked
        to be resumed.
    """
    prepare_folder(path)
    with only_writer(path):
        sweep(path)
        folder, record = BatchFolder(path), plan.record()
        held = sorted(one.name for one in path.iterdir() if one.name != LOCK)
        if held and not resume:
            remedy = "Add --resume to go on with the batch in it, or choose another folder with --out"
            raise OutputError("the folder is not empty", file=path, value=held[0], remedy=remedy)
        if held and PLAN not in held:
            raise OutputError("not the folder of a batch", file=path, value=held[0], remedy="Choose another with --out")
        if held:
            differs = differences(folder.read_record(PLAN), record)
            if differs:
                remedy = "Run it into another folder: what was computed from other inputs is not mixed with this"
                raise OutputError(
                    "the batch in this folder is another one", file=path, value=differs[:5], remedy=remedy
                )
        else:
            folder.write_record(PLAN, record)
        prepare_folder(path / PIECES)
        sweep(path / PIECES)
        yield folder
