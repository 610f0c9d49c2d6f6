"""Names and units on everything that an analysis returns."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

#: English name, Chinese name and unit (none for texts and labels) by variable.
Words = Mapping[str, tuple[str, str, str | None]]


def named(data: xr.Dataset, words: Words, names: Iterable[Hashable] | None = None) -> xr.Dataset:
    """The dataset with ``long_name``, ``label_zh`` and ``units``, and no other attributes, on what is named.

    Parameters
    ----------
    data : Dataset
        Changed in place.
    words : mapping
        Words of each name.
    names : iterable, optional
        Variables that get them; every variable and coordinate if left out.
    """
    for name in data.variables if names is None else names:
        long_name, label_zh, units = words[str(name)]
        data[name].attrs = {"long_name": long_name, "label_zh": label_zh} | ({"units": units} if units else {})
    return data
