"""Central intervals of draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr

#: Central intervals that are reported.
LEVELS: Final = (0.50, 0.80, 0.95)
#: Ends and middle of the one interval that tables print.
QUANTILES: Final = (0.1, 0.5, 0.9)


def central_intervals(values: xr.DataArray) -> xr.DataArray:
    """Central intervals of draws, dims (level, bound, ...) with the other dims of ``values``.

    Parameters
    ----------
    values : xr.DataArray
        Dims (..., draw), any unit; a NaN in any draw leaves NaN.
    """
    import xarray as xr

    tails = [(0.5 - level / 2.0, 0.5 + level / 2.0) for level in LEVELS]
    points = values.quantile([tail for pair in tails for tail in pair], dim="draw", skipna=False)
    shaped = points.values.reshape(len(LEVELS), 2, *points.shape[1:])
    dims = ("level", "bound", *points.dims[1:])
    coords = {name: points.coords[name] for name in points.dims[1:]}
    return xr.DataArray(shaped, dims=dims, coords={**coords, "level": list(LEVELS), "bound": ["lower", "upper"]})


def quantiles(values: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    """:data:`QUANTILES` over the draws, which lie along ``axis``, as the last axis; in the unit of ``values``."""
    return np.moveaxis(np.quantile(values, QUANTILES, axis=axis), 0, -1)
