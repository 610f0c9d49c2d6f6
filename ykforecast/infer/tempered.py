"""Tempered sequential Monte Carlo: the reference where the model bends or the posterior has two humps.

Del Moral, Doucet and Jasra (2006), Sequential Monte Carlo samplers, JRSS B 68; temperatures by effective
sample size after Jasra et al. (2011); preconditioned Crank-Nicolson moves (Cotter, Roberts, Stuart and White
2013) that use the spread of the ensemble in the directions that the figures inform and the prior in all
others (Cui, Law and Marzouk 2016, Dimension-independent likelihood-informed MCMC).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ykforecast.infer.ensemble_sums import cross_covariance, solve_positive
from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.posterior import Forward, Posterior, Stage, check_figures, mismatch, predict, unconditioned
from ykforecast.simulate.sampling import noise, uniform

#: The next temperature leaves this share of the draws effective.
EFFECTIVE: Final = 0.5
#: Moves go on until no informed coordinate is correlated with its start by more than this beyond chance ...
DECAY: Final = 0.1
#: ... or until this many were made.
MOST_MOVES: Final = 60
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
    signal, turn = np.linalg.eigh(slopes.T @ slopes)
    heard = signal > max(ROUND_OFF * signal[-1], np.finfo(float).tiny)
    directions = slopes @ turn[:, heard] / np.sqrt(signal[heard])
    along = np.einsum("dk,kj->dj", latent, directions)
    covariance = cross_covariance(along, along)
    covariance[np.diag_indices_from(covariance)] += ROUND_OFF
    return Reference(directions, along.mean(axis=0), np.linalg.cholesky(covariance))


def effective_share(log_weight: np.ndarray) -> float:
    """Effective sample size over the number of draws, ``sum(w)**2 / (n * sum(w**2))``."""
    weight = np.exp(log_weight - log_weight.max())
    return float(weight.sum() ** 2 / (weight**2).sum() / len(weight))


def next_temperature(log_likelihood: np.ndarray, temperature: float) -> float:
    """Largest temperature up to one that leaves ``EFFECTIVE`` of the draws, by bisection."""
    low, high = temperature, 1.0
    if effective_share((high - temperature) * log_likelihood) >= EFFECTIVE:
        return high
    for _ in range(60):
        middle = 0.5 * (low + high)
        if effective_share((middle - temperature) * log_likelihood) >= EFFECTIVE:
            low = middle
        else:
            high = middle
    return high


def systematic(log_weight: np.ndarray, offset: float) -> np.ndarray:
    """Systematic resampling: positions (draw,) kept, with one uniform number in (0, 1)."""
    weight = np.exp(log_weight - log_weight.max())
    reached = np.cumsum(weight)
    places = (np.arange(len(weight)) + offset) / len(weight) * reached[-1]
    return np.asarray(np.minimum(np.searchsorted(reached, places), len(weight) - 1))


def largest_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Largest correlation between columns of the same number."""
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return float(((a * b).sum(axis=0) / np.maximum(size, np.finfo(float).tiny)).max(initial=0.0))


def tempered(
    latent: np.ndarray,
    forward: Forward,
    observed: np.ndarray,
    error: ErrorModel,
    *,
    seed: int,
    first_draw: int = 0,
) -> Posterior:
    """Condition an ensemble of standard normal coordinates by tempered sequential Monte Carlo.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
        Standard normal a priori; more draws than coordinates.
    forward : callable
        (draw, coordinate) to (draw, obs); each draw must depend on its own row only.
    observed : ndarray (obs,)
    error : ErrorModel
        Its definition steps are summed out exactly in the likelihood.
    seed, first_draw : int
        Moves are keyed by (seed, draw, stage, move).

    Returns
    -------
    Posterior
        With the log evidence. A draw's number says nothing about where it came from: ensembles before
        and after are not paired.

    Raises
    ------
    RequestError
        Shapes or values that do not fit.
    """
    observed = np.asarray(observed, dtype=float)
    check_figures(observed, error, len(latent))
    if not observed.size:
        return unconditioned(latent)
    draws, coordinates = latent.shape
    prior_sd = latent.std(axis=0, ddof=1)
    predicted = predict(forward, latent, error)
    likelihood = error.log_likelihood(observed - predicted)
    temperature, evidence, scale, calls = 0.0, 0.0, 0.9, draws
    stages: list[Stage] = []
    while temperature < 1.0:
        number = len(stages)
        fit = mismatch(observed - predicted, error.covariance())
        reached = next_temperature(likelihood, temperature)
        log_weight = (reached - temperature) * likelihood
        top = log_weight.max()
        evidence += float(top + np.log(np.exp(log_weight - top).mean()))
        kept = systematic(log_weight, float(uniform(seed, 0, 1, f"tempered:{number}:resample", 1)[0, 0]))
        information = float((log_weight[kept] - top).mean() - np.log(np.exp(log_weight - top).mean()))
        latent, predicted, likelihood = latent[kept], predicted[kept], likelihood[kept]
        effective, temperature = effective_share(log_weight), reached
        around = reference(latent, predicted, error.sd)
        start = around.informed(latent)
        correlation, moves, accepted = 1.0, 0, []
        while moves < MOST_MOVES and correlation > DECAY + 3.0 / np.sqrt(draws):
            name = f"tempered:{number}:{moves}"
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
            scale = float(np.clip(scale * np.exp(accepted[-1] - ACCEPTANCE), 0.02, 0.99))
            moves += 1
            correlation = largest_correlation(start, around.informed(latent))
        calls += moves * draws
        stages.append(
            Stage(
                share=temperature,
                mismatch=fit,
                information=information,
                spread=latent.std(axis=0, ddof=1) / prior_sd,
                effective=effective,
                accepted=float(np.mean(accepted)),
                moves=moves,
                correlation=correlation,
            )
        )
    return Posterior(
        latent=latent,
        predicted=predicted,
        steps=error.draw_steps(observed - predicted, seed, first_draw),
        stages=tuple(stages),
        forward_calls=calls,
        log_evidence=evidence,
    )
