"""Which figures are definition steps: patterns and their probabilities under the prior prediction.

A smoother is linear, and a heavy-tailed step as one more coordinate of the ensemble does not work with it:
in the experiment of ``docs/method/assimilation.md`` most of a jump by a seventh went into behaviour. Given
the pattern everything is normal, so the patterns are weighed first.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ykforecast.infer.ensemble_sums import cross_covariance
from ykforecast.infer.error_model import ErrorModel

#: Patterns are followed until this probability is left ...
UNFOLLOWED: Final = 0.01
#: ... or until there are so many: each costs the forward calls of a whole smoother.
MOST_FOLLOWED: Final = 8
#: A pattern this much (in logs) below the best does not count, nor do those that add a jump to it.
NEGLIGIBLE: Final = 12.0
#: Patterns that are extended by one more jump in each round of the search.
BREADTH: Final = 24

Pattern = tuple[int, ...]


def plausible_patterns(
    predicted: np.ndarray, observed: np.ndarray, error: ErrorModel
) -> tuple[list[Pattern], np.ndarray]:
    """Patterns of definition steps, most probable first, with probabilities that add up to one.

    Parameters
    ----------
    predicted : ndarray (draw, obs)
        Prior prediction without errors.
    observed : ndarray (obs,)
    error : ErrorModel

    Returns
    -------
    patterns : list of tuple of int
        Positions of the figures that jump; ``()`` is no jump.
    probability : ndarray (pattern,)
        Posterior, with the prior prediction taken as normal.
    """
    surprise = observed - predicted.mean(axis=0)
    spread = cross_covariance(predicted, predicted)
    sites = [i for i, p in enumerate(error.step_probability) if p > 0]
    log_odds = np.log(error.step_probability[sites]) - np.log1p(-error.step_probability[sites])
    prior = dict(zip(sites, log_odds, strict=True))

    def score(jumps: Pattern) -> float:
        total = spread + error.covariance(jumps)
        square = surprise @ np.linalg.solve(total, surprise)
        return float(sum(prior[i] for i in jumps) - 0.5 * (np.linalg.slogdet(total)[1] + square))

    scores: dict[Pattern, float] = {(): score(())}
    frontier: list[Pattern] = [()]
    while frontier:
        longer = {tuple(sorted({*jumps, i})) for jumps in frontier for i in sites if i not in jumps}
        new = {jumps: score(jumps) for jumps in sorted(longer)}
        scores |= new
        best = max(scores.values())
        frontier = [
            jumps
            for jumps in sorted(new, key=lambda one: new[one], reverse=True)[:BREADTH]
            if new[jumps] > best - NEGLIGIBLE
        ]
    ordered = sorted(scores, key=lambda one: scores[one], reverse=True)
    weight = np.exp(np.array([scores[jumps] for jumps in ordered]) - scores[ordered[0]])
    probability = weight / weight.sum()
    followed = min(int(np.searchsorted(np.cumsum(probability), 1.0 - UNFOLLOWED)) + 1, MOST_FOLLOWED)
    return ordered[:followed], probability[:followed] / probability[:followed].sum()
