"""Paths from where an indicator stands to its five-year target, and rounding that keeps sums (年度目标的算法).

Arithmetic on plain arrays: years left in, a target for each of them out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
#: 等额, 等比, and 按能力: the same chance in every year.
How = Literal["even", "growth", "capacity"]
WAYS: Final[tuple[How, ...]] = ("even", "growth", "capacity")
#: Quantiles beyond these rest on the last few draws of a thousand: the path between them is stretched instead.
EQUAL_CHANCE: Final = (0.05, 0.95)
_HALVINGS: Final = 60


def largest_remainder(weights: npt.ArrayLike, total: int) -> Counts:
    """Whole numbers in proportion to weights that add up to a total exactly (最大余数法).

    Parameters
    ----------
    weights : array (part,)
        Not negative, not all zero.
    total : int
        Not negative.

    Returns
    -------
    ndarray of int (part,)
        Each within one of its share; ties go to the earlier part.
    """
    shares = np.asarray(weights, dtype=float)
    exact = shares / shares.sum() * total
    whole: Counts = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def reached(start: float, target: float, *, rising: bool) -> bool:
    """Whether a level stands at its target or beyond, so that no way is left and the target is a line to hold."""
    return target <= start if rising else target >= start


def level_path(how: How, start: float, target: float, draws: Floats, *, rising: bool) -> Floats:
    """Levels of the years left, the last of them the target.

    Parameters
    ----------
    how : str
        ``even``: equal steps. ``growth``: a constant rate. ``capacity``: the value that is reached with the same
        chance in every year, that of the last.
    start : float
        Level before the first year left.
    target : float
    draws : ndarray (draw, year)
        What the scenario brings.
    rising : bool
        Whether more is better.

    Returns
    -------
    ndarray (year,)
        Never turning back on the way to the target; where the start has reached it, all at the target: the line
        below which no year may fall, not a level to come back to.
    """
    years = draws.shape[1]
    if reached(start, target, rising=rising):
        return np.full(years, target)
    parts = np.arange(1, years + 1) / years
    if how == "growth" and start > 0.0 and target > 0.0:
        steady: Floats = np.append(start * (target / start) ** parts[:-1], target)
        return steady
    if how == "capacity":
        parts = _capacity_parts(start, target, draws)
    path: Floats = start + (target - start) * parts
    path[-1] = target
    return path


def _capacity_parts(start: float, target: float, draws: Floats) -> Floats:
    """Share of the way gone by the end of each year on the quantile that ends at the target."""
    years = draws.shape[1]
    chance = np.clip((draws[:, -1] < target).mean(), *EQUAL_CHANCE)
    quantile = np.quantile(draws, chance, axis=0)
    way = quantile[-1] - start
    if way * (target - start) <= 0.0:  # the scenario leads away from the target
        return np.linspace(1.0 / years, 1.0, years)
    parts: Floats = np.maximum.accumulate(np.clip((quantile - start) / way, 0.0, 1.0))
    return parts


def flow_path(how: How, total: float, last: float, draws: Floats) -> Floats:
    """Flows of the years left that add up to a total.

    Parameters
    ----------
    how : str
        ``even``: the same each year. ``growth``: a constant rate from the last year. ``capacity``: reached with the
        same chance in every year.
    total : float
        Not negative.
    last : float
        Flow of the year before; without one (0 or NaN) a constant rate is an even split.
    draws : ndarray (draw, year)
        What the scenario brings.

    Returns
    -------
    ndarray (year,)
    """
    years = draws.shape[1]
    path = np.ones(years)
    if how == "growth" and last > 0.0 and total > 0.0:
        path = _root(lambda rate: last * rate ** np.arange(1, years + 1), total, (1e-6, 1e6))
    elif how == "capacity":
        path = np.maximum(_root(lambda chance: np.quantile(draws, chance, axis=0), total, EQUAL_CHANCE), 0.0)
        path = path if path.any() else np.ones(years)
    divided: Floats = path / path.sum() * total
    return divided


def rate_path(how: How, mean: float, draws: Floats) -> Floats:
    """Growth rates of the years left with a geometric mean: the same each year, or with the same chance.

    Parameters
    ----------
    how : str
    mean : float
    draws : ndarray (draw, year)
    """
    even = np.full(draws.shape[1], mean)
    if how != "capacity":
        return even
    wanted = float(np.log1p(mean)) * draws.shape[1]
    path = _root(lambda chance: np.log1p(np.quantile(draws, chance, axis=0)), wanted, EQUAL_CHANCE)
    shifted: Floats = np.expm1(path + (wanted - path.sum()) / len(path))
    return shifted


def _root(path: Callable[[float], Floats], total: float, bounds: tuple[float, float]) -> Floats:
    """The path of a rising family whose sum is the total, or the nearer end of the family."""
    low, high = bounds
    for _ in range(_HALVINGS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if path(middle).sum() < total else (low, middle)
    found: Floats = path(high)
    return found


def held_back_level(path: Floats, start: float, draws: Floats, least: float, *, rising: bool) -> Floats:
    """Levels no more ambitious than what the scenario reaches with a chance; the last year keeps the target.

    Parameters
    ----------
    path : ndarray (year,)
    start : float
    draws : ndarray (draw, year)
    least : float
        Chance that every year but the last should have at least.
    rising : bool
        Whether more is better.
    """
    sign = 1.0 if rising else -1.0
    likely = np.quantile(sign * draws, 1.0 - least, axis=0)
    eased = np.maximum(np.minimum(sign * path, likely), np.minimum(sign * start, sign * path))
    eased[-1] = sign * path[-1]
    kept: Floats = sign * np.minimum(np.maximum.accumulate(eased), eased[-1])
    return kept


def held_back_flow(path: Floats, draws: Floats, least: float) -> Floats:
    """Flows no larger than what the scenario reaches with a chance; what is cut goes where there is room.

    Where the years together have no room, all are raised in proportion: the sum stands.

    Parameters
    ----------
    path : ndarray (year,)
    draws : ndarray (draw, year)
    least : float
    """
    most = np.maximum(np.quantile(draws, 1.0 - least, axis=0), 0.0)
    total, room = path.sum(), most.sum()
    if room <= 0.0:
        return path
    if room <= total:
        scaled: Floats = most * (total / room)
        return scaled
    kept = np.minimum(path, most)
    free = most - kept
    filled: Floats = kept + free * ((total - kept.sum()) / free.sum()) if free.any() else kept
    return filled


def rounded_levels(path: Floats, step: float) -> Counts:
    """Levels in whole steps of the printed unit."""
    counts: Counts = np.rint(path / step).astype(np.int64)
    return counts


def rounded_flows(path: Floats, total: int) -> Counts:
    """Flows in whole steps of the printed unit whose sum is ``total`` steps."""
    if total <= 0:
        return np.zeros(len(path), dtype=np.int64)
    return largest_remainder(path, total)


def rounded_rates(path: Floats, step: float) -> Counts:
    """Rates in whole steps of the printed unit, rounded up so that their mean is reached."""
    counts: Counts = np.ceil(path / step - 1e-6).astype(np.int64)
    return counts
