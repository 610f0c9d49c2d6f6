"""Who computes: processes of this machine, or the workers of a Dask cluster that stands already. Both take tasks alike.

Processes are spawned, never forked: a fork of a process whose kernels have run in threads may hang or die.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from ykforecast.vocabulary.errors import RequestError

#: One thread a worker: the tasks share the processors, and the libraries must not share them once more.
_ONE_THREAD: Final = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
#: Seconds to wait for the scheduler of a cluster.
_PATIENCE: Final = 15


class Pool(Protocol):
    """Workers that take tasks."""

    #: Tasks that run at a time.
    width: int
    #: What a task ends with when its worker has died.
    death: type[BaseException]
    #: Whether all tasks that are out end so when one worker dies.
    one_fate: bool

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Give a task to a worker."""

    def share(self, path: Path) -> Any:
        """A file of this machine as an argument of tasks."""

    def renew(self) -> None:
        """Make the pool whole after the death of a worker."""

    def close(self) -> None:
        """Let the workers go; tasks that have not begun are dropped."""


class Processes:
    """Spawned processes of this machine.

    Parameters
    ----------
    width : int
        Processes.
    """

    death: type[BaseException] = BrokenProcessPool
    one_fate = True

    def __init__(self, width: int) -> None:
        self.width = width
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.width, mp_context=context, initializer=_begin)

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Give a task to a process."""
        return self._pool.submit(call, *arguments)

    def share(self, path: Path) -> Path:
        """The file itself: processes of this machine can read it."""
        return path

    def renew(self) -> None:
        """A new pool: the old one takes no tasks after a death."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._new()

    def close(self) -> None:
        """Wait for the tasks at work, drop the others."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """What a process does first."""
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    # Ctrl-C reaches every process of the terminal; the parent ends the batch.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for tasks for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Cluster:
    """Workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://node1:8786``.

    Raises
    ------
    RequestError
        Dask is not installed, nobody answers at the address, or the cluster has no worker.
    """

    one_fate = False

    def __init__(self, address: str) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            remedy = "Install the extra: pip install 'ykforecast[cluster]'"
            raise RequestError("Dask is not installed", key="dask", value=address, remedy=remedy) from None
        try:
            self._client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            remedy = "Give the address of a running scheduler, such as tcp://node1:8786"
            raise RequestError(f"no cluster there: {error}", key="dask", value=address, remedy=remedy) from None
        self.width = sum(self._client.nthreads().values())
        if not self.width:
            self._client.close()
            raise RequestError("the cluster has no worker", key="dask", value=address, remedy="Start workers first")
        self.death: type[BaseException] = distributed.KilledWorker
        # Every call is computed, never taken from another one that looks the same.
        self._pool = self._client.get_executor(pure=False)

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Give a task to the cluster."""
        future: Future[Any] = self._pool.submit(call, *arguments)
        return future

    def share(self, path: Path) -> Any:
        """The bytes of the file, sent once: other machines cannot read it."""
        return self._client.scatter(path.read_bytes(), broadcast=True)

    def renew(self) -> None:
        """Nothing: the scheduler has replaced the worker by the others."""

    def close(self) -> None:
        """Leave the cluster as it was."""
        self._pool.shutdown(wait=False)
        self._client.close()
