"""Pieces: numbers and a description in one sealed run of bytes, the same bytes for the same content.

A piece is one line that names the kind, one line with the SHA-256 of all that follows, one line of JSON
(the header, keys sorted, with the name, type and shape of each array) and the arrays, little-endian, row by row.
There is no time and no place in it. One changed byte, anywhere, is refused by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from ykforecast.vocabulary.errors import DataError, OutputError

_KIND: Final = b"ykforecast piece 1\n"
_DIGITS: Final = 64
_REMEDY: Final = "Delete this file and run the batch with --resume: it alone is computed again"


class Piece(NamedTuple):
    """What a piece says: its header and its arrays by name."""

    header: dict[str, Any]
    arrays: dict[str, np.ndarray]


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Seal numbers and their description.

    Parameters
    ----------
    header : mapping
        What JSON knows; the key ``arrays`` is taken.
    arrays : mapping of str to ndarray
        Numbers or truth values.

    Raises
    ------
    OutputError
        The header holds what JSON does not know, or an array holds objects.
    """
    plain = {name: _little(name, array) for name, array in arrays.items()}
    stated = {"arrays": [[name, array.dtype.str, list(array.shape)] for name, array in plain.items()], **header}
    try:
        text = json.dumps(stated, sort_keys=True, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise OutputError(f"cannot be stored: {error}", remedy="Store numbers and texts") from error
    body = b"".join([text.encode(), b"\n", *(array.tobytes() for array in plain.values())])
    return b"".join([_KIND, hashlib.sha256(body).hexdigest().encode(), b"\n", body])


def _little(name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "biuf":
        raise OutputError("no numbers", key=name, value=array.dtype.str, remedy="Store texts in the header")
    return np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")


def unpack(content: bytes, file: object) -> Piece:
    """Open what `pack` sealed.

    Parameters
    ----------
    content : bytes
    file : object
        Where the bytes come from, for the message.

    Raises
    ------
    DataError
        A byte is missing, changed or too many.
    """
    start = len(_KIND) + _DIGITS + 1
    seal, body = content[len(_KIND) : start], memoryview(content)[start:]
    if content[: len(_KIND)] != _KIND or seal != hashlib.sha256(body).hexdigest().encode() + b"\n":
        raise DataError("damaged: not the bytes that were written", file=file, remedy=_REMEDY)
    end = content.index(b"\n", start)
    header: dict[str, Any] = json.loads(content[start:end])
    arrays, place = {}, end + 1
    for name, kind, shape in header.pop("arrays"):
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(content, dtype=kind, count=count, offset=place).reshape(shape)
        place += arrays[name].nbytes
    return Piece(header, arrays)


def read_piece(path: Path, key: str) -> Piece:
    """A piece of a folder, of which the name of the file says what was computed.

    Raises
    ------
    DataError
        The file is missing or damaged, or is another piece under this name.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", file=path, remedy=_REMEDY) from None
    piece = unpack(content, path)
    if piece.header.get("key") != key:
        raise DataError("another piece under this name", file=path, value=piece.header.get("key"), remedy=_REMEDY)
    return piece
