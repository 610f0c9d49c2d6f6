"""What 2011-2020 taught of the parameters: a run from the end of 2015 conditioned on the figures since.

``python -m ykforecast.infer.history_posterior [MODEL_DIR]`` conditions, writes ``learned.toml`` into the
model's folder and prints prior against posterior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.data.observations import history_observations
from ykforecast.infer.conflicts import FigureCheck, check_against_prior
from ykforecast.infer.ensemble_sums import cross_covariance
from ykforecast.infer.esmda import esmda
from ykforecast.infer.forward import ForwardModel
from ykforecast.infer.history_base import history_calibration
from ykforecast.infer.lessons import by_series, shares_of_change
from ykforecast.simulate.history_run import predict_history
from ykforecast.simulate.sampled import PARAMETER, Learned
from ykforecast.simulate.sampling import quantile

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

DRAWS: Final = 6_000
SEED: Final = 2015
#: How far a parameter of the next five years is that of the last: see ``parameters.toml``.
TRANSFER: Final = "history_transfer"


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Posterior of the parameters given the past.

    Attributes
    ----------
    learned : Learned
        For the years to come: what the past taught, as far as it carries over.
    observations : tuple of Observation
    checks : tuple of FigureCheck
        Each figure against the prediction before it was known.
    expected, fitted : ndarray (draw, obs)
        Predictions before and after, without errors.
    past : mapping of str to ndarray (draw,)
        Values of each learned parameter over 2016-2020.
    prior : mapping of str to ndarray (draw,)
        Values before.
    taught : mapping of str to mapping of str to float
        Change of each parameter's mean by series, in standard deviations of its prior.
    """

    learned: Learned
    observations: tuple[Observation, ...]
    checks: tuple[FigureCheck, ...]
    expected: np.ndarray
    fitted: np.ndarray
    past: Mapping[str, np.ndarray]
    prior: Mapping[str, np.ndarray]
    taught: Mapping[str, Mapping[str, float]]


def learn_from_history(model: ModelSpec, draws: int = DRAWS, seed: int = SEED) -> History:
    """Condition the parameters on the figures of 2016-2020.

    Parameters
    ----------
    model : ModelSpec
        With ``history.toml`` and observations.
    draws, seed : int
        Ensemble.

    Notes
    -----
    Parameters that ``history.toml`` states anew are those of another time: nothing of them carries over. In
    the space of standard normal numbers the parameters of the past have mean ``m`` and covariance ``C``;
    those of the next five years correlate with them by ``r`` (parameter ``history_transfer``), so theirs are
    ``r m`` and ``I + r^2 (C - I)``.
    """
    history = history_calibration(model, "all")
    ensemble = ForwardModel(
        history.model,
        lambda sampled: predict_history(history, sampled, "all", threads=1),
        history_observations(model.folder),
        seed,
    )
    latent = ensemble.prior(draws)
    ensemble, conflicts, expected = ensemble.without_conflicts(latent)
    posterior = esmda(latent, ensemble, ensemble.observed, ensemble.error, seed=seed)
    names, columns = _carried(model, history.model, ensemble.coordinates.names, latent, posterior.latent)
    before, after = latent[:, columns], posterior.latent[:, columns]
    transfer = model.parameters[TRANSFER].median
    covariance = np.eye(len(names)) + transfer**2 * (cross_covariance(after, after) - np.eye(len(names)))
    shares = shares_of_change(before, expected, ensemble.observed, ensemble.error)
    values = {
        which: {name: quantile(name, model.parameters[name], numbers[:, k]) for k, name in enumerate(names)}
        for which, numbers in (("prior", before), ("past", after))
    }
    return History(
        learned=Learned(names, transfer * after.mean(axis=0), _root(covariance)),
        observations=ensemble.observations,
        checks=(*conflicts, *check_against_prior(expected, ensemble.observed, ensemble.error, posterior)),
        expected=expected,
        fitted=posterior.predicted,
        past=values["past"],
        prior=values["prior"],
        taught=by_series(names, [one.series for one in ensemble.observations], shares),
    )


def _carried(
    model: ModelSpec, past: ModelSpec, coordinates: tuple[str, ...], before: np.ndarray, after: np.ndarray
) -> tuple[tuple[str, ...], list[int]]:
    """Parameters that the figures moved and that have the same prior in both base years, with their columns."""
    found = [
        (stream.removeprefix(PARAMETER), column)
        for column, stream in enumerate(coordinates)
        if stream.startswith(PARAMETER) and not np.array_equal(before[:, column], after[:, column])
    ]
    kept = [(name, column) for name, column in found if model.parameters[name] == past.parameters[name]]
    return tuple(name for name, _ in kept), [column for _, column in kept]


def _root(covariance: np.ndarray) -> np.ndarray:
    """Symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)
