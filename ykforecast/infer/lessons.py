"""What each series of figures taught: its share in the change of a mean, and in the fall of a variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.esmda import regression
from ykforecast.infer.step_patterns import plausible_patterns


def shares_of_change(
    quantities: np.ndarray, predicted: np.ndarray, observed: np.ndarray, error: ErrorModel
) -> np.ndarray:
    """Change of the mean of each quantity by each figure, (quantity, obs), in the unit of the quantity.

    The regression of the quantities on all figures together, of the prior ensemble: the surprise of a figure
    times its coefficient. Shares add up to the change of a linear model with normal errors, whose definition
    steps are averaged over their plausible patterns. Chance correlations are left out, as in the smoother.

    Parameters
    ----------
    quantities : ndarray (draw, quantity)
        Prior ensemble.
    predicted : ndarray (draw, obs)
        Prior prediction without errors.
    observed : ndarray (obs,)
    error : ErrorModel
    """
    surprise = observed - predicted.mean(axis=0)
    shares = np.zeros((quantities.shape[1], len(observed)))
    patterns, probability = plausible_patterns(predicted, observed, error)
    for jumps, weight in zip(patterns, probability, strict=True):
        turn, _, gain = regression(quantities, predicted, error.covariance(jumps))
        shares += weight * np.einsum("qj,oj->qo", gain, turn) * surprise
    return shares


def by_series(names: Sequence[str], series: Sequence[str], shares: np.ndarray) -> dict[str, dict[str, float]]:
    """Shares (name, obs) summed over the figures of one series: by name, then by series."""
    found: dict[str, dict[str, float]] = {}
    for name, row in zip(names, shares, strict=True):
        total: dict[str, float] = {}
        for one, value in zip(series, row, strict=True):
            total[one] = total.get(one, 0.0) + float(value)
        found[name] = total
    return found


def largest(shares: Mapping[str, float]) -> str:
    """Series with the largest share in size."""
    return max(shares, key=lambda name: abs(shares[name]))
