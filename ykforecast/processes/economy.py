"""The monthly cyclical state and the growth of output that goes with it.

Recessions come fast and recoveries slowly: a downturn begins with a fixed monthly hazard, takes the state
down at once, and the state returns at its own persistence. Zero is the level of 2020, the base year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ykforecast.vocabulary.dims import MONTHS, MONTHS_A_YEAR, YEARS

#: Below this response of growth to the cycle a given growth says nothing about the cycle.
LEAST_RESPONSE = 0.002
#: A given growth moves the cycle by no more than a little over the fall of the first months of 2020.
LARGEST_SHIFT = 3.0


@dataclass(frozen=True, slots=True)
class MacroPath:
    """Cycle and growth of a block of draws.

    Attributes
    ----------
    cycle : ndarray (draw, month)
        Cyclical state against that of 2020; the first months of 2020 lay about 2.5 units below normal.
    growth : ndarray (draw, year)
        Real growth of GDP at the central path of employment, fraction.
    free : ndarray (year,)
        1 where growth is free, 0 where a scenario gives it.
    """

    cycle: np.ndarray
    growth: np.ndarray
    free: np.ndarray


def cycle_paths(
    shocks: np.ndarray,
    entries: np.ndarray,
    *,
    start: np.ndarray,
    reference: np.ndarray,
    persistence: np.ndarray,
    noise: np.ndarray,
    hazard: np.ndarray,
    depth: np.ndarray,
    downturn: np.ndarray,
) -> np.ndarray:
    """Cyclical state by month against that of 2020, (draw, month).

    ``x(t) = persistence * x(t-1) + noise * shock(t) - depth * [recession begins in t]`` around the normal
    level zero, from ``start`` in December 2020; returned is ``x - reference - downturn``.

    Parameters
    ----------
    shocks : ndarray (draw, month)
        Standard normal numbers.
    entries : ndarray (draw, month)
        Uniform numbers: a recession begins where they lie below ``hazard``.
    start, reference : ndarray (draw,)
        State of December 2020, and the mean state of 2020 that the base odds stand for.
    persistence, noise, hazard, depth : ndarray (draw,)
        Monthly persistence, standard deviation of monthly shocks, monthly hazard of a
        recession and its depth.
    downturn : ndarray (month,)
        Fall imposed by a scenario, zero or more.
    """
    state = np.empty_like(shocks)
    now = start
    falls = np.where(entries < hazard[:, None], depth[:, None], 0.0)
    for month in range(MONTHS):
        now = persistence * now + noise * shocks[:, month] - falls[:, month]
        state[:, month] = now
    against_2020: np.ndarray = state - reference[:, None] - downturn
    return against_2020


def macro_path(
    cycle: np.ndarray,
    *,
    trend: np.ndarray,
    response: np.ndarray,
    noise: np.ndarray,
    cyclical_share: float,
    fixed: Sequence[float | None],
) -> MacroPath:
    """Growth of GDP from the trend and the yearly change of the cycle, conditioned where asked.

    ``growth(y) = trend + response * (mean cycle of y - mean cycle of y - 1) + noise(y)``. In a year with a
    given growth (若GDP增速为X) a part of the difference to the free path moves the cycle of that and later
    years by what the response implies, so that employment follows the condition.

    Parameters
    ----------
    cycle : ndarray (draw, month)
        Against 2020, whose own mean is zero.
    trend, response : ndarray (draw,)
        Fraction a year; fraction per unit of the cycle.
    noise : ndarray (draw, year)
        Fraction.
    cyclical_share : float
        Part of the gap between given and free growth that moves the cycle.
    fixed : sequence of float or None, one a year
        Given growth, fraction.
    """
    cycle = cycle.copy()
    growth = np.empty((cycle.shape[0], len(YEARS)))
    before = np.zeros(cycle.shape[0])
    for year in range(len(YEARS)):
        months = slice(year * MONTHS_A_YEAR, (year + 1) * MONTHS_A_YEAR)
        mean = cycle[:, months].mean(axis=1)
        free = trend + response * (mean - before) + noise[:, year]
        given = fixed[year]
        if given is None:
            growth[:, year] = free
        else:
            growth[:, year] = given
            shift = np.divide(
                cyclical_share * (given - free),
                response,
                out=np.zeros_like(free),
                where=response > LEAST_RESPONSE,
            )
            cycle[:, year * MONTHS_A_YEAR :] += np.clip(shift, -LARGEST_SHIFT, LARGEST_SHIFT)[:, None]
            mean = cycle[:, months].mean(axis=1)
        before = mean
    return MacroPath(cycle, growth, np.array([1.0 if given is None else 0.0 for given in fixed]))
