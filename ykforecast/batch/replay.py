"""A batch computed again from its manifest, to see whether the same comes out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ykforecast.batch.folder import MANIFEST
from ykforecast.batch.plan import Plan, plan_batch
from ykforecast.batch.run import run_plan
from ykforecast.data.manifests import differences, read_manifest
from ykforecast.spec.batch import BatchSpec
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable


def replay_batch(
    record: Mapping[str, Any],
    *,
    model: str | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Compute a batch again in a folder of its own; the places at which its manifest differs.

    Parameters
    ----------
    record : mapping
        Manifest of a batch.
    model : str, optional
        Where its model lies, if it is not a shipped one.
    workers, progress
        As in :func:`ykforecast.run_batch`.

    Returns
    -------
    list of str
        Inputs, code and versions that differ (``batch...``), results that differ (``results...``), and where the
        former are the same also pieces (``pieces...``); empty if the same came out.

    Raises
    ------
    DataError
        The manifest is not that of a batch.
    """
    plan = _planned(record["batch"], model)
    with tempfile.TemporaryDirectory(prefix="ykforecast-replay-") as folder:
        run_plan(plan, Path(folder), workers=workers, progress=progress)
        before, now = _comparable(record), _comparable(read_manifest(Path(folder) / MANIFEST))
    found = differences({"batch": before["batch"]}, {"batch": now["batch"]})
    # Keys follow from the inputs: where those differ, all pieces have other names.
    compared = ("results",) if found else ("results", "vintages", "pieces")
    return found + differences({name: before[name] for name in compared}, {name: now[name] for name in compared})


def _planned(record: Mapping[str, Any], model: str | None) -> Plan:
    try:
        asked = {name: record[name] for name in ("draws", "seed", "keep")}
        names = tuple(one["name"] for one in record["scenarios"])
        place = model or record["model"]["name"]
        spec = BatchSpec.of(kind=DataError, **asked, model=place, scenarios=names, vintages=tuple(record["vintages"]))
    except (KeyError, TypeError) as error:
        raise DataError(f"not the manifest of a batch: {error}", key="batch") from None
    return plan_batch(spec, [_scenario(one) for one in record["scenarios"]])


def _scenario(record: Mapping[str, Any]) -> Scenario:
    """A scenario as it was recorded; that of an expression has a name that no file could give it."""
    return Scenario(**{**record, "name": "recorded"}).model_copy(update={"name": record["name"]})


def _comparable(record: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with its pieces by what they are of."""
    pieces = {f"{one['as_of'] or 'base'} {one['scenario']} {one['first']}": one for one in record["pieces"]}
    return {**record, "pieces": pieces}
