"""The model beside every naive rival, case by case: scores, paired differences, and the series that the model loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from ykforecast.assess.scores import (
    SCORED_LEVELS,
    cbo_measures,
    covered,
    crps,
    interval_score,
    own_unit,
    paired_difference,
    pit,
    right_direction,
)
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

#: Name of the model's own forecast beside the rivals.
MODEL: Final = "model"
_OWN: Final = "own unit: share of the observed figure, or difference of rates"


def score_table(
    model: xr.DataArray,
    rivals: Mapping[str, xr.DataArray],
    observed: xr.DataArray,
    *,
    skip_missing: bool = False,
) -> xr.Dataset:
    """Score a forecast and its rivals on the same cases.

    Parameters
    ----------
    model : xr.DataArray
        Dims (draw, case), base units.
    rivals : mapping of str to xr.DataArray
        Dims (draw, case) with the cases of ``model``; the number of draws may differ.
    observed : xr.DataArray
        Dim (case); coordinates along it: ``series``, ``horizon`` (years), ``relative`` (True for levels and flows,
        whose errors are a share of the observed figure; False for rates, whose errors are differences) and, if the
        direction is to be judged, ``last`` (last figure known when the forecast was made). Others are kept.
    skip_missing : bool
        Leave out cases whose observation is missing; otherwise they are refused by name.

    Returns
    -------
    xr.Dataset
        Dims (forecast, case, level), the model first in ``forecast``; differences have the dims (rival, case).

        ====================  ==================  ==========================================================
        variable              dims                meaning
        ====================  ==================  ==========================================================
        crps                  forecast, case      continuous ranked probability score, own unit
        interval_score        ..., level          Winkler's score of the central interval, own unit
        covered               ..., level          whether the observation lies in it
        pit                   forecast, case      probability integral transform
        error                 forecast, case      median less observation, own unit
        right_direction       forecast, case      same direction from ``last``; only if that is given
        coverage              forecast, level     share covered
        mean_error, ...       forecast            the four measures of the Congressional Budget Office
        share_right           forecast            share of right direction; only with ``last``
        difference            rival, case         crps of the model less that of the rival; below 0 the model wins
        mean_difference       rival               its mean; ``difference_error`` and ``p_value`` by series
        series_difference     rival, scored_series  its mean over the cases of a series
        lost                  rival, series       whether the rival is better there
        ====================  ==================  ==========================================================

    Raises
    ------
    RequestError
        No rival, cases that differ, missing observations or draws, or a rival called ``model``.
    """
    import xarray as xr

    if not rivals or MODEL in rivals:
        raise RequestError("a model is scored beside named rivals", key="rivals", value=list(rivals))
    known = _known(observed, skip_missing)
    cases = observed.isel(case=known)
    forecasts = {MODEL: model, **rivals}
    for name, forecast in forecasts.items():
        if forecast.sizes["case"] != observed.sizes["case"]:
            raise RequestError("scored on other cases", key=name, value=forecast.sizes["case"])
    scored = [case_scores(forecast.isel(case=known), cases) for forecast in forecasts.values()]
    table = xr.concat(scored, xr.Variable("forecast", list(forecasts)), coords="minimal", compat="override")
    for name, dims, values in _summaries(table):
        table[name] = (dims, values)
    return _compared(table)


def case_scores(
    forecast: xr.DataArray, observed: xr.DataArray, *, estimator: Literal["fair", "energy"] = "fair"
) -> xr.Dataset:
    """Scores of one forecast, dims (case, level).

    Parameters and variables are those of `score_table`, the estimator that of `scores.crps`. The score of each case is
    in the own unit of its series, so that series may be averaged.
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


def _known(observed: xr.DataArray, skip_missing: bool) -> npt.NDArray[np.int64]:
    missing = ~np.isfinite(observed.values.astype(float))
    if missing.any() and not skip_missing:
        gone = observed.isel(case=np.flatnonzero(missing))
        names = [f"{series}+{horizon}" for series, horizon in zip(gone.series.values, gone.horizon.values, strict=True)]
        raise RequestError(
            "no observation for these cases",
            key="observed",
            value=names,
            remedy="Leave them out, or say skip_missing=True",
        )
    return np.flatnonzero(~missing)


def _summaries(table: xr.Dataset) -> list[tuple[str, tuple[str, ...], Any]]:
    found: list[tuple[str, tuple[str, ...], Any]] = [
        ("coverage", ("forecast", "level"), table["covered"].mean("case").transpose("forecast", "level").values)
    ]
    measures = [cbo_measures(row) for row in table["error"].transpose("forecast", "case").values]
    found += [(name, ("forecast",), [one[name] for one in measures]) for name in measures[0]]
    if "right_direction" in table:
        found.append(("share_right", ("forecast",), table["right_direction"].mean("case").values))
    return found


def _compared(table: xr.Dataset) -> xr.Dataset:
    score = table["crps"].transpose("forecast", "case").values
    series = table["series"].values
    names = list(dict.fromkeys(series.tolist()))
    pairs = [paired_difference(score[0], row, series) for row in score[1:]]
    difference = score[0] - score[1:]
    by_series = np.stack([difference[:, series == name].mean(axis=1) for name in names], axis=1)
    return table.assign(
        difference=(("rival", "case"), difference, {"units": _OWN}),
        mean_difference=("rival", [pair.mean for pair in pairs], {"units": _OWN}),
        difference_error=("rival", [pair.error for pair in pairs], {"units": _OWN}),
        p_value=("rival", [pair.p_value for pair in pairs]),
        series_difference=(("rival", "scored_series"), by_series, {"units": _OWN}),
        lost=(("rival", "scored_series"), by_series > 0.0),
    ).assign_coords(rival=table["forecast"].values[1:], scored_series=names)
