"""Chances of an event given what is known at the time, estimated across the draws of an ensemble.

A logistic regression over the draws, cross-fitted: each draw is judged by coefficients that its own outcome had
no part in, so that what the estimate is worth can be read off the same ensemble.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FOLDS: Final = 5
#: Weight of the ridge on standardised features: keeps coefficients finite where the features part the draws.
_RIDGE: Final = 1.0
_STEPS: Final = 30
_SMALLEST_STEP: Final = 1e-6
_FARTHEST: Final = 30.0


@dataclass(frozen=True, eq=False)
class Chances:
    """Fitted coefficients of each fold.

    Attributes
    ----------
    centre, scale : ndarray (feature,)
        Mean and standard deviation of the features when fitted.
    coefficients : ndarray (fold, 1 + term)
    """

    centre: Floats
    scale: Floats
    coefficients: Floats

    def of(self, features: Floats) -> Floats:
        """Chance for each draw, by the coefficients of the fold that left it out.

        Parameters
        ----------
        features : ndarray (draw, ..., feature)

        Returns
        -------
        ndarray (draw, ...)
        """
        terms = _terms((features - self.centre) / self.scale)
        fold = np.arange(len(features)) % len(self.coefficients)
        score = np.einsum("d...k,dk->d...", terms, self.coefficients[fold])
        return _logistic(score)

    def of_outside(self, features: Floats) -> Floats:
        """Chance for cases that are no draws, (..., feature) to (...): the mean over the folds."""
        terms = _terms((features - self.centre) / self.scale)
        return np.asarray(_logistic(terms @ self.coefficients.T).mean(axis=-1))


def fit_chances(features: Floats, happened: Flags, cases: Flags) -> Chances:
    """Logistic regression of an event on the features, their squares and products.

    Parameters
    ----------
    features : ndarray (draw, ..., feature)
        What is known at the time.
    happened, cases : ndarray of bool (draw, ...)
        Whether the event came, and which entries count.

    Returns
    -------
    Chances
        ``P = 1 / (1 + exp(-(a + b'f(x))))`` with ``f`` the standardised features to the second degree, by Newton's
        method with a weak ridge; draws are dealt to the folds by their number.
    """
    rows = features[cases]
    centre, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    terms = _terms((features - centre) / scale)
    fold = np.arange(len(features)) % FOLDS
    dealt = np.broadcast_to(fold.reshape(-1, *[1] * (cases.ndim - 1)), cases.shape)
    found = []
    for left in range(FOLDS):
        used = cases & (dealt != left)
        found.append(_newton(terms[used], happened[used].astype(float)))
    return Chances(centre, scale, np.stack(found))


def _terms(features: Floats) -> Floats:
    """One, the features, their squares and products."""
    count = features.shape[-1]
    columns = [np.ones(features.shape[:-1]), *(features[..., i] for i in range(count))]
    columns += [features[..., i] * features[..., j] for i in range(count) for j in range(i, count)]
    return np.stack(columns, axis=-1)


def _logistic(score: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(score, -_FARTHEST, _FARTHEST)))


def _newton(terms: Floats, happened: Floats) -> Floats:
    ridge = np.diag([_SMALLEST_STEP, *([_RIDGE] * (terms.shape[1] - 1))])
    found = np.zeros(terms.shape[1])
    for _ in range(_STEPS):
        chance = _logistic(terms @ found)
        slope = terms.T @ (happened - chance) - ridge @ found
        bend = (terms * (chance * (1.0 - chance))[:, None]).T @ terms + ridge
        step = np.linalg.solve(bend, slope)
        # A long step of Newton's method on rare events overshoots.
        step *= min(1.0, 5.0 / max(float(np.abs(step).max()), _SMALLEST_STEP))
        found = found + step
        if np.abs(step).max() < _SMALLEST_STEP:
            break
    return found
