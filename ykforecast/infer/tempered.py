"""Tempered sequential Monte Carlo: the reference where the model bends or the posterior has two humps.

Del Moral, Doucet and Jasra (2006), Sequential Monte Carlo samplers, JRSS B 68; temperatures by effective
sample size after Jasra et al. (2011); preconditioned Crank-Nicolson moves (Cotter, Roberts, Stuart and White
2013) that use the spread of the ensemble in the directions that the figures inform and the prior in all
others (Cui, Law and Marzouk 2016, Dimension-independent likelihood-informed MCMC).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.moves import moved
from ykforecast.infer.posterior import Forward, Posterior, Stage, check_figures, mismatch, predict, unconditioned
from ykforecast.simulate.sampling import uniform

#: The next temperature leaves this share of the draws effective.
EFFECTIVE: Final = 0.5
#: Moves at most at one temperature.
MOST_MOVES: Final = 60
#: Scale of the very first move: that of later temperatures is adapted.
FIRST_SCALE: Final = 0.9


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
        Moves are keyed by (seed, draw, stage, move), resampling by (seed, first draw, stage).

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
    temperature, evidence, scale, calls = 0.0, 0.0, FIRST_SCALE, draws
    stages: list[Stage] = []
    while temperature < 1.0:
        number = len(stages)
        fit = mismatch(observed - predicted, error.covariance())
        reached = next_temperature(likelihood, temperature)
        log_weight = (reached - temperature) * likelihood
        top = log_weight.max()
        evidence += float(top + np.log(np.exp(log_weight - top).mean()))
        kept = systematic(log_weight, float(uniform(seed, first_draw, 1, f"tempered:{number}:resample", 1)[0, 0]))
        information = float((log_weight[kept] - top).mean() - np.log(np.exp(log_weight - top).mean()))
        latent, predicted, likelihood = latent[kept], predicted[kept], likelihood[kept]
        effective, temperature = effective_share(log_weight), reached
        result = moved(
            latent,
            predicted,
            forward,
            observed,
            error,
            stream=f"tempered:{number}",
            seed=seed,
            first_draw=first_draw,
            temperature=temperature,
            scale=scale,
            most=MOST_MOVES,
        )
        latent, predicted, likelihood, scale = result.latent, result.predicted, result.likelihood, result.scale
        calls += result.count * draws
        stages.append(
            Stage(
                share=temperature,
                mismatch=fit,
                information=information,
                spread=latent.std(axis=0, ddof=1) / prior_sd,
                effective=effective,
                accepted=result.accepted,
                moves=result.count,
                correlation=result.correlation,
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
