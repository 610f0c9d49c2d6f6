"""A batch from its file to its folder: nothing finished is repeated, and the bytes are the same however it went."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ykforecast.batch.folder import BatchFolder, writing
from ykforecast.batch.plan import Plan, plan_batch
from ykforecast.batch.pools import Cluster, Pool, Processes
from ykforecast.batch.tasks import completed
from ykforecast.batch.work import RunTask, Source, VintageTask, condition, run
from ykforecast.data.toml_files import read_toml
from ykforecast.spec.batch import BatchSpec
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from datetime import date

    from ykforecast.batch.plan import PieceSpec

#: Scenarios of one task: they share what is drawn, and about two seconds pass between one piece and the next.
_SCENARIOS: Final = 4


class BatchDone(NamedTuple):
    """What a batch did.

    Attributes
    ----------
    folder : Path
    pieces : int
        Pieces of the batch.
    computed : int
        Those that this call computed; the others stood already.
    """

    folder: Path
    pieces: int
    computed: int


def read_batch(path: Path) -> BatchSpec:
    """A batch file.

    Raises
    ------
    ModelError
        It is missing or not TOML.
    RequestError
        A key or a value that a batch does not have, by file and line.
    """
    file = read_toml(path)
    spec, complaints = BatchSpec.read(file.table)
    if spec is None:
        first, *others = (file.error(complaint, RequestError) for complaint in complaints)
        for other in others:
            first.add_note(str(other))
        raise first
    return spec


def _spec(given: BatchSpec | Mapping[str, Any] | str | os.PathLike[str]) -> BatchSpec:
    if isinstance(given, BatchSpec):
        return given
    return BatchSpec.of(kind=RequestError, **given) if isinstance(given, Mapping) else read_batch(Path(given))


def run_batch(
    spec: BatchSpec | Mapping[str, Any] | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    dask: str | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> BatchDone:
    """Run many scenarios on the figures of many days, piece by piece (批量推演).

    A script that calls this does so under ``if __name__ == "__main__"``: its processes import it.

    Parameters
    ----------
    spec : path, mapping or BatchSpec
        A batch file, or its keys.
    out : path
        Folder of the results, new or empty.
    workers : int, optional
        Processes of this machine, one for each processor if left out.
    dask : str, optional
        Address of the scheduler of a Dask cluster, whose workers compute instead.
    resume : bool
        Go on with the batch in the folder: finished pieces are checked and stay.
    progress : callable, optional
        Called with (draws done, draws in all) as pieces are finished.

    Returns
    -------
    BatchDone
        The results are opened with :func:`ykforecast.open_batch`.

    Raises
    ------
    RequestError, ScenarioError, ModelError
        A key, scenario, lever, dose, day or address that cannot be used; nothing was computed.
    OutputError
        The folder is not empty, is that of another batch, is written by another process, or the disk is full.
    DataError
        A finished piece is damaged; it is named.
    WorkerError
        Workers died again and again over the same task.
    """
    if workers is not None and dask is not None:
        raise RequestError("two answers to one question", key="workers", value=workers, remedy="Leave it out with dask")
    if workers is not None and workers < 1:
        raise RequestError("not a possible number", key="workers", value=workers, remedy="Give at least 1")
    return run_plan(plan_batch(_spec(spec)), Path(out), workers=workers, dask=dask, resume=resume, progress=progress)


def run_plan(
    plan: Plan,
    out: Path,
    *,
    workers: int | None = None,
    dask: str | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> BatchDone:
    """Compute what a plan lacks in its folder, and put it together; as `run_batch`."""
    from ykforecast.batch.report import write_report

    with writing(out, plan, resume=resume) as folder:
        finished = folder.finished()
        lacking = [one for one in plan.pieces if one.key not in finished]
        if lacking:
            if dask is None:
                compile_once(plan)
            pool: Pool = Processes(workers or _processors()) if dask is None else Cluster(dask)
            with closing(pool):
                _compute(plan, folder, pool, finished, lacking, progress)
        write_report(plan, folder)
    return BatchDone(out, len(plan.pieces), len(lacking))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def compile_once(plan: Plan) -> None:
    """Compile here what every worker needs, unless an earlier process did."""
    from ykforecast.infer.calibration import calibrate
    from ykforecast.simulate.compiled import kernels_are_compiled
    from ykforecast.simulate.projection import project

    if not kernels_are_compiled():
        project(calibrate(plan.model), plan.scenarios[0], draws=1, seed=plan.spec.seed, keep="series")


def _compute(
    plan: Plan,
    folder: BatchFolder,
    pool: Pool,
    finished: set[str],
    lacking: list[PieceSpec],
    progress: Callable[[int, int], None] | None,
) -> None:
    """Compute the pieces that are lacking, and before them the ensembles that they need."""
    source, spec = Source(plan.place, plan.made_of_digest), plan.spec
    wanted = {one.as_of for one in lacking}
    vintages = [
        VintageTask(source, key, day, spec.seed, spec.draws)
        for day, key in plan.vintages.items()
        if day in wanted and key not in finished
    ]
    for task, content in completed(pool, condition, vintages, lambda _: ()):
        folder.publish(task.key, content)
    shared: dict[date | None, Any] = {
        day: pool.share(folder.piece(key)) for day, key in plan.vintages.items() if day in wanted
    }
    total = sum(one.draws for one in plan.pieces)
    done = total - sum(one.draws for one in lacking)
    runs = [
        RunTask(source, None if day is None else plan.vintages[day], spec.seed, spec.keep, pieces)
        for day, pieces in _together(lacking)
    ]
    for run_task, contents in completed(pool, run, runs, lambda task: (shared.get(task.pieces[0].as_of),)):
        for piece, content in zip(run_task.pieces, contents, strict=True):
            folder.publish(piece.key, content)
            done += piece.draws
            if progress is not None:
                progress(done, total)


def _together(pieces: Iterable[PieceSpec]) -> list[tuple[date | None, tuple[PieceSpec, ...]]]:
    """Pieces of the same day and draws, some scenarios at a time."""
    found: list[tuple[date | None, tuple[PieceSpec, ...]]] = []
    for (day, _, _), group in groupby(pieces, key=lambda one: (one.as_of, one.first, one.draws)):
        same = list(group)
        found += [(day, tuple(same[at : at + _SCENARIOS])) for at in range(0, len(same), _SCENARIOS)]
    return found
