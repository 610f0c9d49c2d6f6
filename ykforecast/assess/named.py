"""Names and units on everything that an analysis returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

#: English name, Chinese name and unit (none for texts and labels) by variable.
Words = Mapping[str, tuple[str, str, str | None]]
#: 80 % of the draws lie between the outer two.
QUANTILES = (0.1, 0.5, 0.9)


def named(data: xr.Dataset, words: Words) -> xr.Dataset:
    """The dataset with ``long_name``, ``label_zh`` and ``units`` on every variable and coordinate, and no others."""
    for name in data.variables:
        long_name, label_zh, units = words[str(name)]
        data[name].attrs = {"long_name": long_name, "label_zh": label_zh} | ({"units": units} if units else {})
    return data


def quantiles(values: np.ndarray, axis: int) -> np.ndarray:
    """10, 50 and 90 % quantiles over the draws, as the last axis."""
    return np.moveaxis(np.quantile(values, QUANTILES, axis=axis), 0, -1)


def share_error(share: np.ndarray, draws: int) -> np.ndarray:
    """Monte Carlo standard error of a share of draws, as in ``assess.attainment.probability_of_attainment``."""
    a, b = share * draws + 0.5, (1.0 - share) * draws + 0.5
    return np.asarray(np.sqrt(a * b / (draws + 1.0) ** 2 / (draws + 2.0)))
