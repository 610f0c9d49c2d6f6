"""What every conditioning algorithm takes and returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.infer.error_model import ErrorModel

#: Standard normal coordinates (draw, coordinate) to predicted figures (draw, obs).
Forward = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Stage:
    """One step of an algorithm.

    Parameters
    ----------
    share : float
        Share of the evidence used up to here, 0 to 1.
    mismatch : float
        Mean over draws of the squared normalised residuals per figure **before** the step; about 1 is
        a fit within the errors.
    information : float
        Nats that the figures tell about the coordinates in this step (of a normal approximation).
    spread : ndarray (coordinate,)
        Standard deviation after the step over that of the prior ensemble.
    jumps : tuple of str
        Figures taken as definition steps (ensemble smoother only).
    effective : float
        Effective share of the draws before resampling (sequential Monte Carlo only).
    accepted : float
        Mean share of moves accepted (sequential Monte Carlo only).
    moves : int
        Moves made (sequential Monte Carlo only).
    correlation : float
        Largest correlation of an informed coordinate with itself before the moves.
    """

    share: float
    mismatch: float
    information: float
    spread: np.ndarray
    jumps: tuple[str, ...] = ()
    effective: float = 1.0
    accepted: float = 1.0
    moves: int = 0
    correlation: float = 0.0


@dataclass(frozen=True)
class Posterior:
    """An ensemble conditioned on figures.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
        Without observations the very array that was given.
    predicted : ndarray (draw, obs)
        Forward model at ``latent``: what was measured, before error and steps.
    steps : ndarray (draw, obs)
        Definition step contained in each figure, unit of the figure.
    stages : tuple of Stage
    forward_calls : int
        Draws that went through the forward model.
    log_evidence : float or None
        Log density of the observed figures under prior and errors.
    """

    latent: np.ndarray
    predicted: np.ndarray
    steps: np.ndarray
    stages: tuple[Stage, ...] = ()
    forward_calls: int = 0
    log_evidence: float | None = None


def unconditioned(latent: np.ndarray) -> Posterior:
    """The prior as it is: no figure, no change, no forward call."""
    nothing = np.empty((len(latent), 0))
    return Posterior(latent, nothing, nothing, log_evidence=0.0)


def check_figures(observed: np.ndarray, error: ErrorModel, draws: int) -> None:
    """Refuse figures that do not fit their errors, and ensembles too small for any statistic."""
    if observed.shape != (len(error.names),):
        raise RequestError(
            "as many observed figures as errors are needed", key="observed", value=(observed.shape, len(error.names))
        )
    for name, value in zip(error.names, observed, strict=True):
        if not np.isfinite(value):
            raise RequestError("an observed figure is not finite", key=name, value=float(value))
    if draws < 2:
        raise RequestError("an ensemble needs draws", key="draws", value=draws, remedy="At least some hundreds.")


def predict(forward: Forward, latent: np.ndarray, error: ErrorModel) -> np.ndarray:
    """Forward model with its shape and its values checked (draw, obs)."""
    predicted = np.asarray(forward(latent), dtype=float)
    if predicted.shape != (len(latent), len(error.names)):
        raise RequestError(
            "the forward model returns another shape than (draw, obs)",
            key="forward",
            value=(predicted.shape, (len(latent), len(error.names))),
        )
    for name, column in zip(error.names, predicted.T, strict=True):
        if not np.isfinite(column).all():
            raise RequestError("the forward model returns values that are not finite", key=name)
    return predicted


def mismatch(residual: np.ndarray, covariance: np.ndarray) -> float:
    """Mean over draws of the squared normalised residuals, per figure."""
    square = np.einsum("di,ij,dj->d", residual, np.linalg.inv(covariance), residual)
    return float(square.mean() / residual.shape[1])
