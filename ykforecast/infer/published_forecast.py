"""Forecasts of published figures: what a run predicts of them, with the errors that such figures have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.infer.forward import ForwardModel
from ykforecast.infer.measurement import figure_error
from ykforecast.infer.posterior import Posterior
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.observation import Observation


def published_draws(
    model: ModelSpec,
    to_come: ForwardModel,
    predicted: np.ndarray,
    seed: int,
    *,
    used: ForwardModel | None = None,
    known: Posterior | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Figures of later years as they will be printed, before anyone knows them.

    Parameters
    ----------
    model : ModelSpec
        Of the runs; its registry says what errors the figures have.
    to_come : ForwardModel
        Runs beside the figures of later years; nothing of their values is used.
    predicted : ndarray (draw, obs)
        What runs say of the figures, without errors; those of the draws of ``known``, if given.
    seed : int
        Of the errors.
    used, known : ForwardModel and Posterior, optional
        Earlier figures and what they taught: definition steps that they show stay, and a stand-in that has parted from
        what is counted goes on from where it is.

    Returns
    -------
    figures : ndarray (draw, obs)
        On the definition of the last figure known; base units.
    steps : ndarray (draw, obs)
        Definition steps that may come beside, as often and as large as the registry says.
    """
    draws = len(predicted)
    expected = np.median(predicted, axis=0)
    figures = [_error_of(model, one, size) for one, size in zip(to_come.observations, expected, strict=True)]
    later = ErrorModel(figures)
    steps = later.sample_steps(seed, 0, draws)
    if used is None or known is None:
        return predicted + later.sample_noise(seed, 0, draws), steps
    joint = ErrorModel([*used.error.figures, *figures])
    error = joint.sample_noise(seed, 0, draws)
    past = len(used.error.figures)
    # A draw of all errors together, corrected by the regression on what the earlier figures leave over.
    left = used.observed - known.predicted - known.steps - error[:, :past]
    gain = np.linalg.solve(joint.noise[:past, :past], joint.noise[:past, past:])
    noise = error[:, past:] + np.einsum("dp,pl->dl", left, gain)
    return predicted + noise + _stayed(used, known, to_come.observations), steps


def _error_of(model: ModelSpec, one: Observation, size: float) -> FigureError:
    """Error of a figure as large as expected: how large it came out is not known yet."""
    spec = model.observations[one.series]
    expected = replace(one, value=float(size), error_sd=spec.error.sd(float(size)))
    return figure_error(expected, spec, model.base_year)


def _stayed(used: ForwardModel, known: Posterior, later: tuple[Observation, ...]) -> np.ndarray:
    """Definition steps (draw, obs) in the last known figure of each series."""
    found = np.zeros((len(known.steps), len(later)))
    for column, one in enumerate(later):
        places = [(past.year, i) for i, past in enumerate(used.observations) if past.series == one.series]
        if places:
            found[:, column] = known.steps[:, max(places)[1]]
    return found
