"""Moves that leave a posterior as it is: they bring an ensemble near it onto it, and shuffle one that is on it.

Preconditioned Crank-Nicolson moves (Cotter, Roberts, Stuart and White 2013, MCMC methods for functions) that use
the spread of the ensemble in the directions that the figures inform and the prior in all others (Cui, Law and
Marzouk 2016, Dimension-independent likelihood-informed MCMC), each taken or left by Metropolis and Hastings' rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ykforecast.infer.ensemble_sums import cross_covariance, solve_positive
from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.posterior import Forward, predict
from ykforecast.simulate.sampling import noise, uniform

#: Moves go on until no informed coordinate is correlated with its start by more than this beyond chance.
DECAY: Final = 0.1
#: Or until the mean log density of the figures has not risen beyond chance over this many moves: an ensemble far
#: from its posterior, as after a surprising figure, climbs for long and must not be left half way.
LOOK: Final = 10
#: Acceptance that the scale of the moves aims at: lower wastes forward calls, higher moves too little.
ACCEPTANCE: Final = 0.35
#: Directions with a smaller share of the largest signal are left to the prior: round-off.
ROUND_OFF: Final = 1e-10


@dataclass(frozen=True)
class Reference:
    """Normal reference of the moves: the ensemble's own in informed directions, standard normal in the others.

    Parameters
    ----------
    directions : ndarray (coordinate, direction)
        Orthonormal.
    mean : ndarray (direction,)
    root : ndarray (direction, direction)
        Cholesky root of the covariance.
    """

    directions: np.ndarray
    mean: np.ndarray
    root: np.ndarray

    def informed(self, latent: np.ndarray) -> np.ndarray:
        """Coordinates along the informed directions (draw, direction)."""
        return np.asarray(np.einsum("dk,kj->dj", latent, self.directions))

    def propose(self, latent: np.ndarray, normal: np.ndarray, scale: float) -> np.ndarray:
        """Crank-Nicolson move of the given scale: reversible under the reference."""
        keep = np.sqrt(1.0 - scale**2)
        start, fresh = self.informed(latent), self.informed(normal)
        target = self.mean + keep * (start - self.mean) + scale * np.einsum("di,ji->dj", fresh, self.root)
        change = target - keep * start - scale * fresh
        return np.asarray(keep * latent + scale * normal + np.einsum("dj,kj->dk", change, self.directions))

    def log_prior_ratio(self, latent: np.ndarray) -> np.ndarray:
        """Log of prior over reference (draw,), up to a constant: only informed directions differ."""
        along = self.informed(latent)
        standard = np.einsum("di,ji->dj", along - self.mean, np.linalg.inv(self.root))
        return np.asarray(0.5 * (standard**2).sum(axis=1) - 0.5 * (along**2).sum(axis=1))


def reference(latent: np.ndarray, predicted: np.ndarray, sd: np.ndarray) -> Reference:
    """Reference from an ensemble: informed directions are the slopes of the figures on the coordinates.

    Slopes are a least-squares regression over the ensemble, exact in a linear model whatever the
    temperature; a small ridge serves ensembles with fewer draws than coordinates.
    """
    spread = cross_covariance(latent, latent)
    spread[np.diag_indices_from(spread)] += 1e-6 * np.trace(spread) / len(spread)
    slopes = solve_positive(spread, cross_covariance(latent, predicted / sd))
    signal, turn = np.linalg.eigh(np.einsum("ki,kj->ij", slopes, slopes))
    heard = signal > max(ROUND_OFF * signal[-1], np.finfo(float).tiny)
    directions = np.einsum("ki,ij->kj", slopes, turn[:, heard]) / np.sqrt(signal[heard])
    along = np.einsum("dk,kj->dj", latent, directions)
    covariance = cross_covariance(along, along)
    covariance[np.diag_indices_from(covariance)] += ROUND_OFF
    return Reference(directions, along.mean(axis=0), np.linalg.cholesky(covariance))


def largest_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Largest correlation between columns of the same number."""
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return float(((a * b).sum(axis=0) / np.maximum(size, np.finfo(float).tiny)).max(initial=0.0))


def settled(fits: Sequence[float], likelihood: np.ndarray) -> bool:
    """Whether the mean log density has ceased to rise: by less than a standard error over the last moves.

    Parameters
    ----------
    fits : sequence of float
        Mean log density at the start and after each move.
    likelihood : ndarray (draw,)
        The log densities of now.
    """
    if len(fits) <= 2 * LOOK:  # the first moves find their scale
        return False
    return bool(fits[-1] - fits[-1 - LOOK] < likelihood.std() / np.sqrt(len(likelihood)))


@dataclass(frozen=True)
class Moved:
    """An ensemble after its moves.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
    predicted : ndarray (draw, obs)
    likelihood : ndarray (draw,)
        Log density of the figures.
    scale : float
        Of the next move.
    count : int
        Moves made.
    accepted : float
        Mean share of moves taken.
    correlation : float
        Largest correlation of an informed coordinate with itself before the moves.
    """

    latent: np.ndarray
    predicted: np.ndarray
    likelihood: np.ndarray
    scale: float
    count: int
    accepted: float
    correlation: float


def moved(
    latent: np.ndarray,
    predicted: np.ndarray,
    forward: Forward,
    observed: np.ndarray,
    error: ErrorModel,
    *,
    stream: str,
    seed: int,
    first_draw: int = 0,
    temperature: float = 1.0,
    scale: float,
    most: int,
) -> Moved:
    """Move an ensemble under prior and likelihood.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
        Standard normal a priori.
    predicted : ndarray (draw, obs)
        Forward model there.
    forward : callable
        (draw, coordinate) to (draw, obs); each draw must depend on its own row only.
    observed : ndarray (obs,)
    error : ErrorModel
        Its definition steps are summed out exactly in the likelihood.
    stream : str
        Moves are keyed by (seed, draw, stream, move).
    seed, first_draw : int
    temperature : float
        Power of the likelihood.
    scale : float
        Of the first move, 0 to 1.
    most : int
        Moves at most; fewer where the ensemble has left its start before, or has ceased to climb.
    """
    draws, coordinates = latent.shape
    likelihood = error.log_likelihood(observed - predicted)
    around = reference(latent, predicted, error.sd)
    start = around.informed(latent)
    accepted: list[float] = []
    fits = [float(likelihood.mean())]
    correlation = 1.0
    while len(accepted) < most and correlation > DECAY + 3.0 / np.sqrt(draws) and not settled(fits, likelihood):
        name = f"{stream}:{len(accepted)}"
        proposal = around.propose(latent, noise(seed, first_draw, draws, name, coordinates), scale)
        there = predict(forward, proposal, error)
        likelihood_there = error.log_likelihood(observed - there)
        log_ratio = temperature * (likelihood_there - likelihood)
        log_ratio += around.log_prior_ratio(proposal) - around.log_prior_ratio(latent)
        taken = np.log(uniform(seed, first_draw, draws, f"{name}:accept", 1)[:, 0]) < log_ratio
        latent = np.where(taken[:, None], proposal, latent)
        predicted = np.where(taken[:, None], there, predicted)
        likelihood = np.where(taken, likelihood_there, likelihood)
        accepted.append(float(taken.mean()))
        fits.append(float(likelihood.mean()))
        scale = float(np.clip(scale * np.exp(accepted[-1] - ACCEPTANCE), 0.02, 0.99))
        correlation = largest_correlation(start, around.informed(latent))
    return Moved(latent, predicted, likelihood, scale, len(accepted), float(np.mean(accepted)), correlation)
