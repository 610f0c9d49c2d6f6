"""Blocks of draws side by side: how many, and their results in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from ykforecast.kernels.cohort import available_threads

T = TypeVar("T")
#: Draws of one block: about 12 MB of kernel output, so that memory does not grow with the draws.
BLOCK: Final = 1024


def side_by_side(starts: Sequence[int], threads: int | None) -> int:
    """Blocks to work on at a time: as many as there are threads, or processors."""
    return min(threads or available_threads(), len(starts))


def in_order(work: Callable[[int], T], starts: Sequence[int], workers: int) -> Iterator[tuple[int, T]]:
    """Results of blocks in their order, computed by threads no further ahead than their number."""
    if workers <= 1:
        for first in starts:
            yield first, work(first)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[int, Future[T]]] = deque()
        for first in starts:
            waiting.append((first, pool.submit(work, first)))
            if len(waiting) > workers:
                start, future = waiting.popleft()
                yield start, future.result()
        while waiting:
            start, future = waiting.popleft()
            yield start, future.result()
