"""What a worker does: one task in, sealed pieces out. A task may be done twice and is the same each time.

Nothing is written here. A worker finds the model by itself, makes sure that its files and its code are those of the
process that asks, and calibrates once; a conditioned ensemble comes to it as a piece.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.batch.plan import PieceSpec
    from ykforecast.simulate.calibrated import Calibration, Evidence

#: Attributes of a run that speak of all its scenarios or draws; whoever puts pieces together sets them anew.
OF_THE_WHOLE: Final = ("scenarios", "scenario_labels_zh", "scenario_labels_en", "draws")
#: Conditioned calibrations that a worker holds: tasks come vintage by vintage.
_MOST_VINTAGES: Final = 2


@dataclass(frozen=True, slots=True)
class Source:
    """Where a worker finds the model, and the digest of what it must find there."""

    place: str
    made_of: str


@dataclass(frozen=True, slots=True)
class VintageTask:
    """Condition the draws on the figures known by a day."""

    source: Source
    key: str
    as_of: date
    seed: int
    draws: int

    def __str__(self) -> str:
        return f"vintage {self.as_of}"


@dataclass(frozen=True, slots=True)
class RunTask:
    """Run some scenarios of one vintage for the same draws; ``vintage`` is the key of its ensemble."""

    source: Source
    vintage: str | None
    seed: int
    keep: str
    pieces: tuple[PieceSpec, ...]

    def __str__(self) -> str:
        names = ", ".join(one.scenario.name for one in self.pieces)
        first, last = self.pieces[0].first, self.pieces[0].first + self.pieces[0].draws - 1
        return f"draws {first}-{last} of {names}"


def condition(task: VintageTask) -> bytes:
    """Sealed piece of what the figures taught."""
    from ykforecast.batch.vintage import pack_evidence
    from ykforecast.infer.assimilation import assimilate

    calibration = _WORKER.calibration(task.source)
    late = assimilate(calibration, task.as_of, draws=task.draws, seed=task.seed, threads=1)
    return pack_evidence(task.key, cast("Evidence", late.evidence))


def run(task: RunTask, vintage: Path | bytes | None) -> list[bytes]:
    """Sealed pieces of a task, in its order.

    Parameters
    ----------
    task : RunTask
    vintage : Path or bytes, optional
        Piece of the conditioned ensemble, or where it lies.
    """
    from ykforecast.assess.indicators import indicators
    from ykforecast.batch.groups import pack_groups
    from ykforecast.simulate.projection import project

    calibration = _WORKER.conditioned(task.source, task.vintage, vintage)
    runs = project(
        calibration,
        [one.scenario for one in task.pieces],
        draws=task.pieces[0].draws,
        seed=task.seed,
        keep="totals" if task.keep == "totals" else "series",
        threads=1,
        first=task.pieces[0].first,
    )
    groups = {"indicators": indicators(runs, calibration.model)}
    if task.keep != "indicators":
        groups |= {name: node.to_dataset() for name, node in runs.children.items()}
    about = {name: value for name, value in runs.attrs.items() if name not in OF_THE_WHOLE}
    return [
        pack_groups(
            {"key": one.key, **one.says(), "labels": _labels(one), "about": about},
            {name: _of_scenario(group, one.scenario.name) for name, group in groups.items()},
        )
        for one in task.pieces
    ]


def _labels(piece: PieceSpec) -> dict[str, str]:
    return {lang: piece.scenario.label(lang) for lang in ("zh", "en")}


def _of_scenario(group: xr.Dataset, name: str) -> xr.Dataset:
    """The part of a group that is of one scenario, or all of what is of none; attributes stand in the header."""
    return (group.sel(scenario=[name]) if "scenario" in group.dims else group).drop_attrs(deep=False)


class _Worker:
    """What a worker keeps between tasks; threads of one process share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plain: dict[Source, Calibration] = {}
        self._late: dict[str, Calibration] = {}

    def calibration(self, source: Source) -> Calibration:
        """The calibrated model, from the files that the task was planned with."""
        with self._lock:
            if source not in self._plain:
                self._plain = {source: _calibrated(source)}
            return self._plain[source]

    def conditioned(self, source: Source, key: str | None, vintage: Path | bytes | None) -> Calibration:
        """The calibration on the figures of a vintage, or as it is."""
        calibration = self.calibration(source)
        if key is None:
            return calibration
        with self._lock:
            if key not in self._late:
                self._late = dict(list(self._late.items())[1 - _MOST_VINTAGES :])
                self._late[key] = replace(calibration, evidence=_evidence(key, vintage))
            return self._late[key]


_WORKER: Final = _Worker()


def _calibrated(source: Source) -> Calibration:
    from ykforecast.batch.plan import key_of, made_of
    from ykforecast.data.model_files import load_model
    from ykforecast.infer.calibration import calibrate

    model = load_model(source.place)
    found = key_of(made_of(model))
    if found != source.made_of:
        raise RequestError(
            "a worker has other code, libraries or model files than the batch was planned with",
            key="digest",
            value=found[:8],
            remedy="Install the same versions there, the shipped models included",
        )
    return calibrate(model)


def _evidence(key: str, vintage: Any) -> Any:
    from ykforecast.batch.vintage import evidence_of
    from ykforecast.data.pieces import read_piece, unpack

    piece = read_piece(vintage, key) if isinstance(vintage, Path) else unpack(vintage, f"vintage {key[:8]}")
    return evidence_of(piece)
