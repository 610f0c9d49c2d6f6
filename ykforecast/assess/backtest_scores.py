"""Scores of a back-test: every forecast on the cases that it has an answer for, the model beside each rival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.case_scores import MODEL, case_scores
from ykforecast.assess.scores import SCORED_LEVELS, cbo_measures, paired_difference
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]
#: The model with steps of definition by chance, as the registry of observations has them.
STEPPED: Final = "model_with_steps"
_BY_CASE: Final = ("crps", "error", "pit", "right_direction")


def scored_cases(forecasts: Mapping[str, Sequence[Floats | None]], observed: xr.DataArray) -> xr.Dataset:
    """Score each forecast on its own cases.

    Parameters
    ----------
    forecasts : mapping of str to sequence of ndarray (draw,) or None
        The model first, one entry a case; None where a forecast has no answer. A single draw is a point forecast,
        which has no interval and no PIT.
    observed : xr.DataArray
        Dim (case), with the coordinates that `case_scores.case_scores` asks for.

    Returns
    -------
    xr.Dataset
        ``crps``, ``error``, ``pit``, ``right_direction`` (forecast, case) and ``covered`` (forecast, case, level), NaN
        where there is no answer. Own units: shares of the figure, or differences of rates.
    """
    import xarray as xr

    count = observed.sizes["case"]
    table = xr.Dataset(coords={"forecast": list(forecasts), "level": list(SCORED_LEVELS), **observed.coords})
    values = {name: np.full((len(forecasts), count), np.nan) for name in _BY_CASE}
    inside = np.full((len(forecasts), count, len(SCORED_LEVELS)), np.nan)
    for row, drawn in enumerate(forecasts.values()):
        # Cases with as many draws are scored together: a forecast may be a point in some and draws in others.
        for size in {len(one) for one in drawn if one is not None}:
            here = [(i, one) for i, one in enumerate(drawn) if one is not None and len(one) == size]
            place = [i for i, _ in here]
            draws = xr.DataArray(np.stack([one for _, one in here], axis=1), dims=("draw", "case"))
            scores = case_scores(draws, observed.isel(case=place))
            for name in _BY_CASE:
                if name in scores and not (size == 1 and name == "pit"):
                    values[name][row, place] = scores[name].values
            if size > 1:
                inside[row, place] = scores["covered"].transpose("case", "level").values
    if "last" in observed.coords:
        values["right_direction"][:, ~np.isfinite(observed["last"].values.astype(float))] = np.nan
    else:
        del values["right_direction"]
    for name, found in values.items():
        table[name] = (("forecast", "case"), found)
    table["covered"] = (("forecast", "case", "level"), inside)
    return table


def summary(table: xr.Dataset, where: npt.NDArray[np.bool_], clusters: str) -> dict[str, dict[str, Any]]:
    """Measures of each forecast over the cases ``where``, beside the model on the same cases.

    Parameters
    ----------
    table : xr.Dataset
        From :func:`scored_cases`.
    where : ndarray of bool (case,)
    clusters : str
        Coordinate whose equal values count as one source of chance: ``series``, or ``origin`` within a series.

    Returns
    -------
    dict
        By forecast: ``cases``, ``crps``, the four measures of the Congressional Budget Office, ``coverage`` by level,
        ``right_direction``, and against the model ``difference``, its ``error``, ``p_value`` (below zero the model is
        better); forecasts without a case are left out.
    """
    found: dict[str, dict[str, Any]] = {}
    model = table["crps"].sel(forecast=MODEL).values
    for name in table["forecast"].values.tolist():
        row = table.sel(forecast=name)
        here = where & np.isfinite(row["crps"].values)
        if not here.any():
            continue
        inside = row["covered"].values[here]
        one: dict[str, Any] = {
            "cases": int(here.sum()),
            "crps": float(row["crps"].values[here].mean()),
            **cbo_measures(row["error"].values[here]),
        }
        if np.isfinite(inside).any():
            shares = np.nanmean(inside, axis=0)
            one["coverage"] = {f"{level:.2f}": float(share) for level, share in zip(SCORED_LEVELS, shares, strict=True)}
        right = row["right_direction"].values[here] if "right_direction" in row else np.array([])
        if np.isfinite(right).any():
            one["right_direction"] = float(np.nanmean(right))
        if name != MODEL:
            pair = paired_difference(model[here], row["crps"].values[here], table[clusters].values[here])
            one |= {"difference": pair.mean, "error": pair.error, "p_value": pair.p_value}
        found[name] = one
    if not found:
        raise RequestError("no case to sum up", key="where", value=int(where.sum()))
    return found
