"""Recessions of the years that figures describe: which draws have one is weighed before smoothing.

A recession begins in a month where a uniform number lies below a small hazard. No linear update can bring one
about: it would shift sixty numbers a little, and leave the month as rare as it was, so that other parameters
take the blame for a bad year. As with definition steps the patterns are weighed first.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ykforecast.infer.ensemble_sums import cross_covariance
from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.step_patterns import plausible_patterns
from ykforecast.simulate.sampling import uniform
from ykforecast.vocabulary.dims import MONTHS_A_YEAR

#: Streams whose numbers decide whether a recession begins.
STREAMS: Final = ("process:recession", "parameter:recession_hazard")
#: A pattern with fewer draws than this says too little of its prediction to be weighed; the commonest always is.
FEWEST: Final = 30


def recession_years(uniforms: np.ndarray, hazard: np.ndarray, years: int) -> np.ndarray:
    """Whether a recession begins in each of the first years (draw, year)."""
    begins = uniforms[:, : years * MONTHS_A_YEAR] < hazard[:, None]
    return np.asarray(begins.reshape(len(begins), years, MONTHS_A_YEAR).any(axis=2))


def settled(
    latent: np.ndarray,
    columns: list[int],
    patterns: np.ndarray,
    predicted: np.ndarray,
    observed: np.ndarray,
    error: ErrorModel,
    seed: int,
    first_draw: int = 0,
) -> np.ndarray:
    """The ensemble with recessions as probable as the figures make them, each draw otherwise as it was.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
    columns : list of int
        Coordinates that decide on recessions; a draw that changes its pattern takes all of them from another
        draw, which leaves the prior of the rest untouched, for they are independent of them.
    patterns : ndarray (draw, year)
        From :func:`recession_years`.
    predicted : ndarray (draw, obs)
        Prior prediction without errors.
    observed : ndarray (obs,)
    error : ErrorModel
    seed, first_draw : int
        Choices are keyed by seed and draw.

    Returns
    -------
    ndarray (draw, coordinate)

    Notes
    -----
    The probability of a pattern is its share of draws times the normal density of the figures under the mean
    and spread of its predictions, with the definition steps that the whole ensemble finds most plausible.
    """
    jumps = plausible_patterns(predicted, observed, error)[0][0]
    errors = error.covariance(jumps)
    kinds, kind_of, count = np.unique(patterns, axis=0, return_inverse=True, return_counts=True)
    kind_of = kind_of.reshape(-1)
    score = np.full(len(kinds), -np.inf)
    for kind in np.flatnonzero(count >= min(FEWEST, int(count.max()))):
        values = predicted[kind_of == kind]
        surprise = observed - values.mean(axis=0)
        spread = cross_covariance(values, values) + errors
        square = surprise @ np.linalg.solve(spread, surprise)
        score[kind] = np.log(count[kind]) - 0.5 * (np.linalg.slogdet(spread)[1] + square)
    weight = np.exp(score - score.max())
    reached = np.cumsum(weight / weight.sum())
    picks = uniform(seed, first_draw, len(latent), "recession:pattern", 2)
    wanted = np.minimum(np.searchsorted(reached, picks[:, 0]), len(kinds) - 1)
    result = latent.copy()
    for kind in np.unique(wanted):
        donors = np.flatnonzero(kind_of == kind)
        moving = np.flatnonzero((wanted == kind) & (kind_of != kind))
        chosen = donors[np.minimum((picks[moving, 1] * len(donors)).astype(int), len(donors) - 1)]
        place = np.asarray(columns)
        result[np.ix_(moving, place)] = latent[np.ix_(chosen, place)]
    return result
