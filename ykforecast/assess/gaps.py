"""What the draws that miss a target lack (缺口), and the last year in which the trend can still change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.intervals import QUANTILES
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, YEAR_ENDS, YEARS

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.target import TargetSpec

Floats = npt.NDArray[np.float64]
#: What the latest turn says, in Chinese and in English.
TURN_NOTES: Final = {
    "none_needed": ("按中位数可达标，不需扭转", "the median attains the target"),
    "too_late": ("即使从2020年末起按最快变动也难以达标", "out of reach even at the fastest change from 2020 on"),
    "unclear": (
        "现状或口径的不确定性大于余下各年的变动，不能指明",
        "what is uncertain now outweighs the change to come",
    ),
    "passed": ("按最快变动计，最迟须扭转的时点已过", "the time by which the trend had to change has passed"),
}


def shortfall(outcome: Floats, met: npt.NDArray[np.bool_], target: TargetSpec) -> Floats:
    """Distance to attainment among the draws that miss the target.

    Parameters
    ----------
    outcome : ndarray (scenario, draw)
        On the basis of the target, base units.
    met : ndarray of bool (scenario, draw)
    target : TargetSpec

    Returns
    -------
    ndarray (scenario, quantile)
        10, 50 and 90 % of the distance to the threshold, not negative; NaN where no draw misses.
    """
    distance = np.abs(target.threshold - outcome)
    found = np.full((len(outcome), len(QUANTILES)), np.nan)
    for row, values, missed in zip(found, distance, ~met, strict=True):
        if missed.any():
            row[:] = np.quantile(values[missed], QUANTILES)
    return found


def latest_turn(
    series: xr.DataArray, met: npt.NDArray[np.bool_], target: TargetSpec, passed: int, fast: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.str_]]:
    """Last year end from which the median path can still attain the target, by scenario.

    Parameters
    ----------
    series : xr.DataArray
        Dims (scenario, draw, year), base units.
    met : ndarray of bool (scenario, draw)
        Whether the target is attained.
    target : TargetSpec
    passed : int
        Last year end that has passed.
    fast : float
        Share of draws that bring less than the fastest change thought possible.

    Returns
    -------
    (year, note) : tuple of ndarray (scenario,)
        0 where no year can be named: the note says why, a key of :data:`TURN_NOTES`; empty beside a year to come.

    Notes
    -----
    From the median at the end of year y the target is in reach when the change of the years after y that a share
    ``fast`` of the draws stays below leads to it. Sums add up from nought; of mean rates the logarithms do.
    """
    path, goal = _path(series, target)
    sign = 1.0 if target.direction == "up" else -1.0
    left = sign * (path[..., -1:] - path)
    reach = sign * np.median(path, axis=1) + np.quantile(left, fast, axis=1)
    can = reach > sign * goal if target.strict else reach >= sign * goal
    years = np.where(can, np.asarray(YEAR_ENDS), 0)[:, :-1].max(axis=1)
    attained = np.median(path[..., -1], axis=1)
    done = sign * attained > sign * goal if target.strict else sign * attained >= sign * goal
    # Where the median is out of reach but many draws attain the target all the same, they differ from it by now.
    open_still = met.mean(axis=1) > 1.0 - fast
    note = np.select(
        [done, (years < passed) & open_still, np.isnan(path).any(axis=(1, 2)), years == 0, years < passed],
        ["none_needed", "unclear", "unclear", "too_late", "passed"],
        default="",
    )
    return np.where(note == "", years, 0).astype(np.int64), note


def _path(series: xr.DataArray, target: TargetSpec) -> tuple[Floats, float]:
    """What adds up to the outcome by the end of each year (scenario, draw, year end), and its threshold."""
    values = series.transpose("scenario", "draw", "year").sel(year=list(YEAR_ENDS)).values.astype(float)
    if target.basis == "level":
        return values, target.threshold
    flows = values[..., -len(YEARS) :]
    goal = target.threshold
    if target.basis == "annual_mean":
        flows, goal = np.log1p(flows), (HORIZON - BASE_YEAR) * float(np.log1p(goal))
    return np.concatenate([np.zeros_like(flows[..., :1]), np.cumsum(flows, axis=-1)], axis=-1), goal
