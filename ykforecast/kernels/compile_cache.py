"""Compiles kernels on first use and keeps the machine code between processes.

numba notices a change of the file a function stands in, not of the files that function
calls or takes constants from, so its cache can serve stale code. Here the cache folder
itself is named by a digest of every source file of this package: any change starts an
empty one. The folder is ``$XDG_CACHE_HOME/ykforecast`` or ``~/.cache/ykforecast``;
where it cannot be written, kernels are compiled anew in each process.

numba reads its global ``config.CACHE_DIR`` while a function is being decorated and not
later; it is set for that moment, under a lock, and put back. Nothing else of numba's
configuration is touched.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

#: Division by zero gives an infinity instead of an exception, whose check would stop
#: vectorisation. Multiply and add may fuse; nothing else of fast-math is allowed: sums
#: keep their order, so the answer is the same for any thread count and chunk, and NaN
#: and infinities stay what they are.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "nogil": True}
#: For functions that only kernels call: C code never calls them, so they need no wrapper for that;
#: they make no arrays, so nothing has to count references to them. The wrapper for Python stays:
#: without it a test that calls one would crash the interpreter.
INNER: dict[str, Any] = {"no_cfunc_wrapper": True, "_nrt": False}
_lock = threading.Lock()


@cache
def source_digest() -> str:
    """Digest of all source files of the kernels, 16 hexadecimal digits."""
    digest = hashlib.blake2s(digest_size=8)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def cache_folder() -> Path | None:
    """Folder for compiled code, made if need be; None if it cannot be written."""
    root = os.environ.get("XDG_CACHE_HOME")
    try:
        folder = (Path(root) if root else Path.home() / ".cache") / "ykforecast" / f"numba-{source_digest()}"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK) else None


def inner(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a function that only kernels call; it is kept within their compiled code."""
    import numba

    return numba.njit(**OPTIONS, **INNER)(function)


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a function called from Python: compiled at its first call, kept on disk."""
    import numba

    folder = cache_folder()
    if folder is None:
        return numba.njit(**OPTIONS)(function)
    with _lock:
        config: Any = numba.config
        before = config.CACHE_DIR
        config.CACHE_DIR = str(folder)
        try:
            return numba.njit(cache=True, **OPTIONS)(function)
        finally:
            config.CACHE_DIR = before
