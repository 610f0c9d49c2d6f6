"""Tasks through a pool of workers: no more at a time than they can do, and again when a worker dies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ykforecast.vocabulary.errors import WorkerError

if TYPE_CHECKING:
    from ykforecast.batch.pools import Pool

Task = TypeVar("Task")
#: A task over which so many workers have died is not tried again.
MOST_DEATHS: Final = 3
#: Tasks handed out for each worker: one at work and one waiting for it.
_AHEAD: Final = 2


def completed(
    pool: Pool, call: Callable[..., Any], tasks: Iterable[Task], arguments: Callable[[Task], tuple[Any, ...]]
) -> Iterator[tuple[Task, Any]]:
    """Tasks with their results, as they are done.

    Tasks that were out when a worker died are tried one by one, so that it is known over which one the next dies.

    Parameters
    ----------
    pool : Pool
    call : callable
        Takes the task and its further arguments; doing it twice does no harm.
    tasks : iterable
    arguments : callable
        Further arguments of a task.

    Raises
    ------
    WorkerError
        Workers died again and again over the same task, which is named, or all of them left.
    """
    waiting = list(tasks)[::-1]
    running: dict[Future[Any], Task] = {}
    deaths: dict[int, int] = {}

    def room() -> int:
        suspect = any(id(task) in deaths for task in (*running.values(), *waiting[-1:]))
        return 1 if suspect else _AHEAD * pool.width

    while waiting or running:
        while waiting and len(running) < room():
            task = waiting.pop()
            running[pool.submit(call, task, *arguments(task))] = task
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        if any(future.cancelled() for future in done):
            raise WorkerError("the workers are gone", remedy="What is finished stands: start them again, and --resume")
        dead = [future for future in done if isinstance(future.exception(), pool.death)]
        for future in done.difference(dead):
            yield running.pop(future), future.result()
        if dead:
            lost = list(running) if pool.one_fate else dead
            again = [running.pop(future) for future in lost]
            for task in again:
                deaths[id(task)] = deaths.get(id(task), 0) + 1
                if deaths[id(task)] == MOST_DEATHS:
                    raise _given_up(task)
            waiting += again[::-1]
            pool.renew()


def _given_up(task: object) -> WorkerError:
    return WorkerError(
        f"{MOST_DEATHS} workers died over it",
        key=str(task),
        remedy="What is finished stands. Perhaps the system ended them for want of memory: run with fewer workers and "
        '--resume. A script that runs batches does so under if __name__ == "__main__"',
    )
