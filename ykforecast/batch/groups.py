"""Labelled groups of a run as the header and the arrays of a piece, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ykforecast.data.pieces import Piece, pack

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


def pack_groups(says: Mapping[str, Any], groups: Mapping[str, xr.Dataset]) -> bytes:
    """Seal datasets and what is said of them.

    Parameters
    ----------
    says : mapping
        For the header.
    groups : mapping of str to Dataset
        Variables of numbers; coordinates of numbers or texts; attributes that JSON knows.
    """
    described: dict[str, Any] = {}
    arrays: dict[str, np.ndarray] = {}
    for group, dataset in groups.items():
        rows = described[group] = []
        for name, variable in dataset.variables.items():
            row: dict[str, Any] = {"name": name, "dims": list(variable.dims), "attrs": dict(variable.attrs)}
            if variable.dtype.kind in "biuf":
                arrays[f"{group}/{name}"] = variable.values
            else:
                row["texts"] = variable.values.tolist()
            rows.append(row)
    return pack({**says, "groups": described}, arrays)


def groups_of(piece: Piece) -> dict[str, xr.Dataset]:
    """The datasets that `pack_groups` sealed; their numbers cannot be changed."""
    import xarray as xr

    found = {}
    for group, rows in piece.header["groups"].items():
        variables = {
            row["name"]: (row["dims"], row.get("texts", piece.arrays.get(f"{group}/{row['name']}")), row["attrs"])
            for row in rows
        }
        # A variable named after its only dimension is a coordinate.
        coordinates = {name: one for name, one in variables.items() if one[0] == [name]}
        found[group] = xr.Dataset(
            {name: one for name, one in variables.items() if name not in coordinates}, coordinates
        )
    return found
