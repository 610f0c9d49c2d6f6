"""A finished batch as labelled arrays."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.batch.folder import MANIFEST, BatchFolder
from ykforecast.batch.groups import groups_of
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    import xarray as xr

#: Group of a tree that holds the forecast from the base year alone.
BASE: Final = "base"


def open_batch(
    folder: str | os.PathLike[str],
    *,
    scenarios: Iterable[str] | None = None,
    vintages: Iterable[str] | None = None,
) -> xr.DataTree:
    """A finished batch, or a part of it, in memory; every byte that is read is checked.

    Parameters
    ----------
    folder : path
        From :func:`ykforecast.run_batch` or ``ykforecast batch``.
    scenarios : iterable of str, optional
        Only these, in this order.
    vintages : iterable of str, optional
        Only these: days such as ``"2023-06-30"``, or ``"base"``.

    Returns
    -------
    xarray.DataTree
        One group for each vintage, named by its day, or ``base``. Each holds what :func:`ykforecast.project` gives and
        the batch kept, with the group ``indicators`` as of :func:`ykforecast.indicators`, dims (scenario, draw, year):
        ``yk.evaluate(tree["base"])``. Sixteen indicators of a million draws take 0.8 GB.

    Raises
    ------
    DataError
        The batch is not finished, or a piece is missing or damaged; it is named.
    RequestError
        No such scenario or vintage.
    """
    import xarray as xr

    store = BatchFolder(Path(folder))
    rows: list[dict[str, Any]] = store.read_record(MANIFEST)["pieces"]
    chosen = {
        "scenario": _chosen("scenarios", scenarios, [row["scenario"] for row in rows]),
        "as_of": _chosen("vintages", vintages, [row["as_of"] or BASE for row in rows]),
    }
    tree = {}
    for vintage in chosen["as_of"]:
        wanted = [
            row
            for name in chosen["scenario"]
            for row in rows
            if row["scenario"] == name and (row["as_of"] or BASE) == vintage
        ]
        attributes, groups = assembled(store, wanted)
        tree[f"/{vintage}"] = xr.Dataset(attrs=attributes)
        tree |= {f"/{vintage}/{name}": group for name, group in groups.items()}
    return xr.DataTree.from_dict(tree)


def _chosen(key: str, asked: Iterable[str] | None, there: Iterable[str]) -> list[str]:
    known = list(dict.fromkeys(there))
    if asked is None:
        return known
    wanted = list(asked)
    for one in wanted:
        if one not in known:
            raise RequestError("not in this batch", key=key, value=one, remedy=nearest(one, known))
    return wanted


def assembled(store: BatchFolder, rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, xr.Dataset]]:
    """Attributes and groups of the pieces of one vintage, put together along draws and scenarios.

    Parameters
    ----------
    store : BatchFolder
    rows : sequence of mapping
        ``key`` and ``scenario`` of each piece; of one scenario in the order of the draws.
    """
    pieces = [store.read(row["key"]) for row in rows]
    names = list(dict.fromkeys(row["scenario"] for row in rows))
    parts = {name: [groups_of(one) for one in pieces if one.header["scenario"] == name] for name in names}
    groups = {}
    for group in parts[names[0]][0]:
        whole = [_joined([part[group] for part in parts[name]], "draw") for name in names]
        groups[group] = _joined(whole, "scenario")
    labels = {one.header["scenario"]: one.header["labels"] for one in pieces}
    attributes = dict(pieces[0].header["about"]) | {
        "scenarios": names,
        "scenario_labels_zh": [labels[name]["zh"] for name in names],
        "scenario_labels_en": [labels[name]["en"] for name in names],
        "draws": sum(row["draws"] for row in rows if row["scenario"] == names[0]),
    }
    groups["indicators"] = groups["indicators"].assign_attrs(attributes)
    return attributes, groups


def _joined(parts: list[xr.Dataset], dim: str) -> xr.Dataset:
    """Parts side by side along a dimension; what does not have it is the same in all of them."""
    import xarray as xr

    if len(parts) == 1 or dim not in parts[0].dims:
        return parts[0]
    return xr.concat(
        parts, dim, data_vars="minimal", coords="minimal", compat="override", join="exact", combine_attrs="override"
    )
