"""Variance-based sensitivity of groups of inputs: first-order and total indices by pick-freeze, with intervals.

Outputs are arrays: of one matrix of inputs, of an independent one, and of the first with a group taken from the
second. Groups must be independent of each other; within a group inputs may depend on each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ykforecast.simulate.sampling import uniform

Floats = npt.NDArray[np.float64]
RESAMPLES: Final = 400
LEVEL: Final = 0.90


@dataclass(frozen=True)
class SobolIndices:
    """Shares of the variance of each output.

    Attributes
    ----------
    first, total : ndarray (group, output)
        First-order and total index; NaN where an output does not vary.
    first_interval, total_interval : ndarray (2, group, output)
        90 % bootstrap intervals.
    """

    first: Floats
    total: Floats
    first_interval: Floats
    total_interval: Floats


def sobol_indices(a: Floats, b: Floats, mixed: Floats, *, seed: int = 0) -> SobolIndices:
    r"""Indices of every group and output.

    Parameters
    ----------
    a, b : ndarray (draw, output)
        Outputs at two independent samples of all inputs.
    mixed : ndarray (group, draw, output)
        Outputs at the first sample with one group of inputs from the second.
    seed : int
        Of the bootstrap.

    Notes
    -----
    First order: :math:`\overline{(b-m)(y_g-a)}/V`, Saltelli et al. (2010), Variance based sensitivity analysis of
    model output, Computer Physics Communications 181, with the mean ``m`` taken off, which lowers its noise.
    Total: :math:`\overline{(a-y_g)^2}/(2V)`, Jansen (1999), Analysis of variance designs for model output, Computer
    Physics Communications 117. The bootstrap takes draws of all runs together.
    """
    middle = (a.mean(axis=0) + b.mean(axis=0)) / 2
    # Each estimate is a ratio of means over draws: of these columns, and of the squares.
    parts = np.concatenate([(b - middle) * (mixed - a), (a - mixed) ** 2 / 2])
    squares = ((a - middle) ** 2 + (b - middle) ** 2) / 2
    draws = len(a)
    picked = np.floor(uniform(seed, 0, RESAMPLES, "sobol:bootstrap", draws) * draws).astype(np.intp)
    times = np.stack([np.bincount(row, minlength=draws) for row in picked]) / draws

    def indices(weights: Floats) -> Floats:
        """Of each row of weights (resample, draw): (resample, estimator x group, output)."""
        # Sums in a fixed order, so that the bits do not depend on the threads of a library.
        variance = np.einsum("rd,do->ro", weights, squares)
        means = np.einsum("rd,gdo->rgo", weights, parts)
        none = np.full_like(means, np.nan)
        return np.asarray(np.divide(means, variance[:, None], out=none, where=variance[:, None] > 0))

    estimate = indices(np.full((1, draws), 1.0 / draws))[0]
    tail = (1.0 - LEVEL) / 2.0
    interval = np.quantile(indices(times), [tail, 1.0 - tail], axis=0)
    first, total = np.split(estimate, 2)
    low_high = np.split(interval, 2, axis=1)
    return SobolIndices(first, total, low_high[0], low_high[1])
