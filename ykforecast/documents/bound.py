"""Figures read from the results, each with the place it was read from.

``Results`` is the only way from a dataset to a document: what it hands out prints as text and remembers its cell, and
:func:`look_up` finds the same value again from the path alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.documents.blocks import Cell
from ykforecast.present.text import figure, percent, signed
from ykforecast.vocabulary.errors import DataError

if TYPE_CHECKING:
    import xarray as xr

#: Printed for a value that is not there.
NOTHING: Final = "—"
_PATH: Final = re.compile(r"(?P<group>[\w/]+)/(?P<variable>\w+)(?:\[(?P<at>.*)\])?")


class Results:
    """Groups of results that documents quote.

    Parameters
    ----------
    tree : xr.DataTree
        Of :meth:`ykforecast.assess.dossier.Dossier.tree`.
    """

    def __init__(self, tree: xr.DataTree) -> None:
        self._groups = {node.path.strip("/"): node.to_dataset() for node in tree.subtree if node.path != "/"}
        self._places: dict[tuple[str, str], dict[Any, int]] = {}

    def __contains__(self, group: str) -> bool:
        return group in self._groups

    def group(self, name: str) -> xr.Dataset:
        """A group as a dataset.

        Raises
        ------
        DataError
            There is none of that name.
        """
        try:
            return self._groups[name]
        except KeyError:
            raise DataError(
                "no such group of results", key="group", value=name, remedy=str(list(self._groups))
            ) from None

    def value(self, group: str, variable: str, /, **at: Any) -> Any:
        """Value of one cell: a float, a bool or a text."""
        # Thousands of cells are read: selecting by labels takes xarray a hundred times as long.
        data = self.group(group).variables[variable]
        if surplus := set(at) - set(data.dims):
            raise KeyError(f"{group}/{variable} has no {', '.join(sorted(surplus))}")
        place = tuple(self._place(group, dim)[at[dim]] if dim in at else slice(None) for dim in map(str, data.dims))
        return np.asarray(data.values[place]).item()

    def _place(self, group: str, dim: str) -> dict[Any, int]:
        """Place of each label along a dimension."""
        known = self._places.get((group, dim))
        if known is None:
            labels = self.group(group).indexes[dim]
            known = self._places[group, dim] = {label: place for place, label in enumerate(labels)}
        return known

    def number(
        self,
        group: str,
        variable: str,
        /,
        *,
        unit: str,
        decimals: int,
        sign: bool = False,
        **at: Any,
    ) -> Cell:
        """A figure in ``unit``, rounded as printed; :data:`NOTHING` for NaN."""
        value = float(self.value(group, variable, **at))
        text = (signed if sign and value == value else figure)(value, unit, decimals) or NOTHING
        return Cell(text, value, _path(group, variable, at), unit)

    def share(self, group: str, variable: str, /, *, decimals: int = 0, **at: Any) -> Cell:
        """A probability or share in per cent, without the sign %; never printed as certain."""
        value = float(self.value(group, variable, **at))
        return Cell(percent(value, decimals) or NOTHING, value, _path(group, variable, at), "%")

    def count(self, group: str, variable: str, /, **at: Any) -> Cell:
        """A whole number."""
        value = self.value(group, variable, **at)
        return Cell(f"{int(value)}", float(value), _path(group, variable, at), "1")

    def text(self, group: str, variable: str, /, **at: Any) -> Cell:
        """A text of the results: a class, a name, a target as printed."""
        value = str(self.value(group, variable, **at))
        return Cell(value or NOTHING, value, _path(group, variable, at))


def look_up(tree: xr.DataTree, path: str) -> Any:
    """Value that a path of :class:`Results` names.

    Raises
    ------
    DataError
        Not such a path.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise DataError("not a path of the results", key="path", value=path, remedy="group/variable[dim=label,...]")
    data = tree[found["group"]].to_dataset()[found["variable"]]
    at = dict(part.split("=", 1) for part in (found["at"] or "").split(",") if part)
    return data.sel({dim: _label(data[dim], label) for dim, label in at.items()}).item()


def _path(group: str, variable: str, at: Mapping[str, Any]) -> str:
    where = ",".join(f"{dim}={label}" for dim, label in at.items())
    return f"{group}/{variable}[{where}]" if where else f"{group}/{variable}"


def _label(coordinate: xr.DataArray, label: str) -> Any:
    kind = coordinate.dtype.kind
    return int(label) if kind in "iu" else float(label) if kind == "f" else label
