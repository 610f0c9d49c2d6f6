"""Regional sensitivity: where in the range of an input targets are met (Spear and Hornberger 1980)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def terciles(numbers: Floats, met: npt.NDArray[np.bool_]) -> Floats:
    """Share of draws that meet each target in the lower, middle and upper third of each input.

    Parameters
    ----------
    numbers : ndarray (draw, input)
    met : ndarray (draw, target)

    Returns
    -------
    ndarray (third, input, target)
    """
    order = np.argsort(numbers, axis=0, kind="stable")
    thirds = np.array_split(order, 3)
    return np.stack([met[rows].mean(axis=0) for rows in thirds])


def separation(numbers: Floats, met: npt.NDArray[np.bool_]) -> Floats:
    """Distance of Kolmogorov and Smirnov between an input where a target is met and where it is missed.

    Parameters are those of :func:`terciles`; inputs are continuous. Spear and Hornberger (1980), Eutrophication in
    Peel Inlet II, Water Research 14.

    Returns
    -------
    ndarray (input, target)
        0 to 1; NaN where a target is met in all draws or in none.
    """
    order = np.argsort(numbers, axis=0, kind="stable")
    hits = met.sum(axis=0)
    found = np.full((numbers.shape[1], met.shape[1]), np.nan)
    varies = (hits > 0) & (hits < len(met))
    for row, ranked in enumerate(order.T):
        sorted_met = met[ranked][:, varies]
        reached = np.cumsum(sorted_met, axis=0) / hits[varies]
        missed = np.cumsum(~sorted_met, axis=0) / (len(met) - hits[varies])
        found[row, varies] = np.abs(reached - missed).max(axis=0)
    return found
