"""Scores of one forecast, case by case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from ykforecast.assess.scores import SCORED_LEVELS, covered, crps, interval_score, own_unit, pit, right_direction

if TYPE_CHECKING:
    import xarray as xr

#: Name of the model's own forecast beside the rivals.
MODEL: Final = "model"
_OWN: Final = "own unit: share of the observed figure, or difference of rates"


def case_scores(
    forecast: xr.DataArray, observed: xr.DataArray, *, estimator: Literal["fair", "energy"] = "fair"
) -> xr.Dataset:
    """Score one forecast on its cases.

    Parameters
    ----------
    forecast : xr.DataArray
        Dims (draw, case), base units.
    observed : xr.DataArray
        Dim (case), base units; coordinates along it: ``relative`` (True for levels and flows, whose errors are a share
        of the observed figure; False for rates, whose errors are differences) and, if the direction is to be judged,
        ``last`` (last figure known when the forecast was made). Others are kept.
    estimator : {"fair", "energy"}
        Of the CRPS, see `scores.crps`.

    Returns
    -------
    xr.Dataset
        Dims (case, level), in the own unit of each series, so that series may be averaged.

        ===============  ===========  ===================================================
        variable         dims         meaning
        ===============  ===========  ===================================================
        crps             case         continuous ranked probability score
        interval_score   level, case  Winkler's score of the central interval
        covered          level, case  whether the observation lies in it
        pit              case         probability integral transform
        error            case         median less observation
        right_direction  case         same direction from ``last``; only if that is given
        ===============  ===========  ===================================================
    """
    import xarray as xr

    draws = forecast.transpose("draw", "case").values
    y = observed.values.astype(float)
    median = np.median(draws, axis=0)
    unit = own_unit(y, observed["relative"].values)
    score = np.stack([interval_score(draws, y, level) for level in SCORED_LEVELS]) / unit
    inside = np.stack([covered(draws, y, level) for level in SCORED_LEVELS])
    table = xr.Dataset(
        {
            "crps": ("case", crps(draws, y, estimator=estimator) / unit, {"units": _OWN}),
            "interval_score": (("level", "case"), score, {"units": _OWN}),
            "covered": (("level", "case"), inside),
            "pit": ("case", pit(draws, y)),
            "error": ("case", (median - y) / unit, {"units": _OWN}),
        },
        coords={**{name: ("case", observed[name].values) for name in observed.coords}, "level": list(SCORED_LEVELS)},
    )
    if "last" in observed.coords:
        table["right_direction"] = "case", right_direction(median, y, observed["last"].values)
    return table
