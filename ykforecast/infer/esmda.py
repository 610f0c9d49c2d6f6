"""Ensemble smoother with multiple data assimilation (ES-MDA).

Emerick and Reynolds (2013), Ensemble smoother with multiple data assimilation, Computers & Geosciences 55.
The same figures are used several times with their error inflated by ``alpha``, the sum of ``1 / alpha``
being one: exact in a linear model with normal errors, small corrections of the linearisation in others. Some
moves under the exact posterior (:mod:`ykforecast.infer.moves`) take away what is left of the linearisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ykforecast.infer.ensemble_sums import cross_covariance
from ykforecast.infer.error_model import ErrorModel, normals_by_name
from ykforecast.infer.moves import moved
from ykforecast.infer.posterior import Forward, Posterior, Stage, check_figures, mismatch, predict, unconditioned
from ykforecast.infer.step_patterns import plausible_patterns
from ykforecast.simulate.sampling import uniform
from ykforecast.vocabulary.errors import RequestError

#: Correlations of fewer standard errors than this are taken as chance and move nothing.
CHANCE: Final = 3.0
#: Moves at most after the last step. Nine on the average make the ranks of the test cases uniform, thirty serve the
#: figures of 2021-2022; a small ensemble after a figure that surprises takes up to eighty.
MOST_MOVES: Final = 80
#: Scale of the first move, adapted from there.
FIRST_SCALE: Final = 0.7


def inflation(steps: int | Sequence[float]) -> np.ndarray:
    """Inflation factors ``alpha``: equal ones from their number, or given ones with sum of 1 / alpha = 1."""
    alpha = np.full(steps, float(steps)) if isinstance(steps, int) else np.asarray(steps, dtype=float)
    if alpha.size == 0 or not (alpha > 0).all() or abs((1.0 / alpha).sum() - 1.0) > 1e-9:
        raise RequestError("the inverse inflation factors must be positive and add up to one", key="steps", value=steps)
    return alpha


def update(
    latent: np.ndarray,
    predicted: np.ndarray,
    perturbed: np.ndarray,
    covariance: np.ndarray,
    alpha: float,
    chance: float = CHANCE,
) -> tuple[np.ndarray, float]:
    """One step of the smoother.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
    predicted : ndarray (draw, obs)
    perturbed : ndarray (draw, obs)
        Observed figures with drawn errors of covariance ``alpha * covariance``.
    covariance : ndarray (obs, obs)
        Of the errors.
    alpha : float
        Inflation.
    chance : float
        Standard errors below which a correlation is taken as chance; zero for no localisation.

    Returns
    -------
    latent : ndarray (draw, coordinate)
    information : float
        Nats, ``0.5 * sum(log(1 + w / alpha))`` over the signal-to-noise ratios ``w``.

    Notes
    -----
    Figures are whitened by their errors and turned into the uncorrelated components of the ensemble.
    There each regression coefficient stands alone, so dropping one does not upset the others; in the
    figures themselves two nearly equal ones (a stock in two years) carry large coefficients of opposite
    sign, and dropping one of the pair would be wrong by both.
    """
    turn, signal, gain = regression(latent, predicted, covariance, alpha, chance)
    innovation = np.einsum("do,oj->dj", perturbed - predicted, turn)
    information = 0.5 * float(np.log1p(signal / alpha).sum())
    return latent + np.einsum("dj,kj->dk", innovation, gain), information


def regression(
    quantities: np.ndarray, predicted: np.ndarray, covariance: np.ndarray, alpha: float = 1.0, chance: float = CHANCE
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Regression of anything on the figures, by uncorrelated components of the ensemble: see :func:`update`.

    Parameters
    ----------
    quantities : ndarray (draw, quantity)
    predicted, covariance, alpha, chance
        As in :func:`update`.

    Returns
    -------
    turn : ndarray (obs, component)
        From figures to components.
    signal : ndarray (component,)
        Signal-to-noise ratios.
    gain : ndarray (quantity, component)
        Change of each quantity by a surprise of one in each component.
    """
    whiten = np.linalg.inv(np.linalg.cholesky(covariance))
    whitened = np.einsum("do,mo->dm", predicted, whiten)
    signal, turn = np.linalg.eigh(cross_covariance(whitened, whitened))
    signal = np.maximum(signal, 0.0)
    coefficient = cross_covariance(quantities, np.einsum("dm,mj->dj", whitened, turn))
    size = quantities.std(axis=0, ddof=1)[:, None] * np.sqrt(signal)
    heard = np.abs(coefficient) > chance / np.sqrt(len(quantities)) * size
    return whiten.T @ turn, signal, np.where(heard, coefficient, 0.0) / (signal + alpha)


def esmda(
    latent: np.ndarray,
    forward: Forward,
    observed: np.ndarray,
    error: ErrorModel,
    *,
    steps: int | Sequence[float] = 4,
    seed: int,
    first_draw: int = 0,
    chance: float = CHANCE,
    moves: int = MOST_MOVES,
) -> Posterior:
    """Condition an ensemble of standard normal coordinates on published figures.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
        Standard normal a priori.
    forward : callable
        (draw, coordinate) to (draw, obs); each draw must depend on its own row only.
    observed : ndarray (obs,)
    error : ErrorModel
    steps : int or sequence of float
        Number of steps, or their inflation factors with sum of inverses one.
    seed, first_draw : int
        Perturbations are keyed by (seed, draw, step, figure): neither chunks of the forward model nor
        another figure change them.
    chance : float
        Localisation: see :func:`update`; zero for none.
    moves : int
        Moves at most under the exact posterior; zero for the smoother alone.

    Returns
    -------
    Posterior
        The stages of each plausible pattern of definition steps follow each other, most probable first.

    Raises
    ------
    RequestError
        Shapes or values that do not fit, an impossible schedule.

    Notes
    -----
    Which figures are definition steps is decided first, with probabilities (:mod:`ykforecast.infer.step_patterns`);
    under each plausible pattern errors are normal and the whole ensemble is smoothed; each draw then takes
    one pattern by its probability.
    """
    alpha = inflation(steps)
    observed = np.asarray(observed, dtype=float)
    check_figures(observed, error, len(latent))
    if not observed.size:
        return unconditioned(latent)
    draws = len(latent)
    prior_sd = latent.std(axis=0, ddof=1)
    prior_predicted = predict(forward, latent, error)
    patterns, probability = plausible_patterns(prior_predicted, observed, error)
    reached = np.cumsum(probability)
    pick = uniform(seed, first_draw, draws, "esmda:pattern", 1)[:, 0]
    chosen = np.minimum(np.searchsorted(reached, pick), len(patterns) - 1)
    result = np.empty_like(latent)
    stages = []
    for number, jumps in enumerate(patterns):
        covariance = error.covariance(jumps)
        root = np.linalg.cholesky(covariance)
        current, predicted = latent, prior_predicted
        for i, factor in enumerate(alpha):
            if i:
                predicted = predict(forward, current, error)
            normal = normals_by_name(f"esmda:{i}", error.names, seed, first_draw, draws)
            perturbed = observed + np.sqrt(factor) * np.einsum("dm,om->do", normal, root)
            fit = mismatch(observed - predicted, covariance)
            current, information = update(current, predicted, perturbed, covariance, factor, chance)
            stages.append(
                Stage(
                    share=float((1.0 / alpha[: i + 1]).sum()),
                    mismatch=fit,
                    information=information,
                    spread=current.std(axis=0, ddof=1) / prior_sd,
                    jumps=tuple(error.names[j] for j in jumps),
                )
            )
        result[chosen == number] = current[chosen == number]
    predicted = predict(forward, result, error)
    smooth = Posterior(
        latent=result,
        predicted=predicted,
        steps=error.draw_steps(observed - predicted, seed, first_draw),
        stages=tuple(stages),
        forward_calls=draws * (2 + len(patterns) * (len(alpha) - 1)),
    )
    return corrected(smooth, forward, observed, error, seed=seed, first_draw=first_draw, moves=moves)


def corrected(
    posterior: Posterior,
    forward: Forward,
    observed: np.ndarray,
    error: ErrorModel,
    *,
    seed: int,
    first_draw: int = 0,
    moves: int = MOST_MOVES,
) -> Posterior:
    """The smoother's ensemble after moves under the exact posterior; arguments as in :func:`esmda`."""
    if not moves or not observed.size:
        return posterior
    result = moved(
        posterior.latent,
        posterior.predicted,
        forward,
        observed,
        error,
        stream="esmda:move",
        seed=seed,
        first_draw=first_draw,
        scale=FIRST_SCALE,
        most=moves,
    )
    return replace(
        posterior,
        latent=result.latent,
        predicted=result.predicted,
        steps=error.draw_steps(observed - result.predicted, seed, first_draw),
        forward_calls=posterior.forward_calls + result.count * len(result.latent),
    )
