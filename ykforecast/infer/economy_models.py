"""A short series as a regression around a state that wanders, with what ten points cannot fix integrated out.

``y(t) = x(t) b + s(t) + e(t)``, ``s(t) = phi s(t-1) + w(t) b + v(t)``. The coefficients lie in the state vector
with Gaussian priors, so that the Kalman filter gives their posterior exactly and skips missing years; the
persistence and the two standard deviations take a grid of values, weighted by likelihood and prior. Nothing
is plugged in: intervals carry the uncertainty of every parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.spec.parameter import Normal
from ykforecast.vocabulary.errors import ModelError

if TYPE_CHECKING:
    from statsmodels.tsa.statespace.mlemodel import MLEModel

    from ykforecast.spec.parameter import ParameterSpec
    from ykforecast.spec.registry import Registry


@dataclass(frozen=True)
class Estimate:
    """Mean and standard deviation of an estimate."""

    mean: float
    sd: float


@dataclass(frozen=True)
class History:
    """A series with its regressors and priors.

    Attributes
    ----------
    values : ndarray (time,)
        NaN where nothing was published.
    names : tuple of str
        Coefficients.
    design : ndarray (time, coefficient)
        How a coefficient enters the figure of a time.
    entering : ndarray (time, coefficient)
        How it enters the state of a time, which then carries it on.
    mean, sd : ndarray (coefficient,)
        Gaussian prior of the coefficients.
    start_sd : float
        Standard deviation of the state before the first time, around zero.
    """

    values: np.ndarray
    names: tuple[str, ...]
    design: np.ndarray
    entering: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    start_sd: float


@dataclass(frozen=True)
class Grid:
    """Values of what is not linear, every combination of which is tried.

    Attributes
    ----------
    persistence, state_sd, noise_sd : tuple of float
        Persistence of the state; standard deviations of its shocks and of the noise of a figure.
    scale : float
        Scale of the half-normal priors of both standard deviations; that of the persistence is flat.
    """

    persistence: tuple[float, ...]
    state_sd: tuple[float, ...]
    noise_sd: tuple[float, ...]
    scale: float

    def nodes(self) -> np.ndarray:
        """Every combination, (node, 3)."""
        axes = np.meshgrid(self.persistence, self.state_sd, self.noise_sd, indexing="ij")
        return np.stack([axis.ravel() for axis in axes], axis=1)


@dataclass(frozen=True)
class Posterior:
    """What a series says: a mixture of Gaussians, one a node of the grid.

    Attributes
    ----------
    history : History
    nodes : ndarray (node, 3)
        Persistence, standard deviation of the state's shocks and of the noise.
    log_likelihood : ndarray (node,)
        Coefficients integrated out.
    weights : ndarray (node,)
        Posterior probability of each node.
    mean, covariance : ndarray (node, 1 + coefficient), (node, 1 + coefficient, 1 + coefficient)
        State at the last time and coefficients.
    """

    history: History
    nodes: np.ndarray
    log_likelihood: np.ndarray
    weights: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray

    def mixed(self, means: np.ndarray, variances: np.ndarray) -> tuple[float, float]:
        """Mean and standard deviation over the nodes of what has a mean and a variance in each."""
        mean = float(self.weights @ means)
        return mean, float(np.sqrt(self.weights @ (variances + (means - mean) ** 2)))

    def coefficient(self, name: str) -> tuple[float, float]:
        """Posterior mean and standard deviation of a coefficient."""
        at = 1 + self.history.names.index(name)
        return self.mixed(self.mean[:, at], self.covariance[:, at, at])

    def correlation(self, first: str, second: str) -> float:
        """Posterior correlation of two coefficients."""
        i, j = (1 + self.history.names.index(name) for name in (first, second))
        (mean_i, sd_i), (mean_j, sd_j) = self.coefficient(first), self.coefficient(second)
        joint = self.covariance[:, i, j] + (self.mean[:, i] - mean_i) * (self.mean[:, j] - mean_j)
        return float(self.weights @ joint) / (sd_i * sd_j)

    def node(self, column: int) -> tuple[float, float]:
        """Posterior mean and standard deviation of the persistence (0) or a standard deviation (1, 2)."""
        return self.mixed(self.nodes[:, column], np.zeros(len(self.nodes)))

    def profile(self, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Values of one axis of the grid and the largest log-likelihood at each, the best being zero."""
        values = np.unique(self.nodes[:, column])
        best = np.array([self.log_likelihood[self.nodes[:, column] == value].max() for value in values])
        return values, best - best.max()

    def ahead(self, weights: np.ndarray, design: np.ndarray, *, noise: bool) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance (node,) of a weighted sum of the next times.

        Parameters
        ----------
        weights : ndarray (step,)
        design : ndarray (step, coefficient)
            Regressors of the next times.
        noise : bool
            Count the noise of each figure, or the state and the regression only.
        """
        persistence, state_sd, noise_sd = self.nodes.T
        steps = np.arange(1, len(weights) + 1)
        loading = np.column_stack(
            [(persistence[:, None] ** steps) @ weights, np.tile(weights @ design, (len(self.nodes), 1))]
        )
        mean = np.einsum("ni,ni->n", loading, self.mean)
        variance = np.einsum("ni,nij,nj->n", loading, self.covariance, loading)
        for shock in range(len(weights)):
            carried = persistence[:, None] ** np.arange(len(weights) - shock) @ weights[shock:]
            variance = variance + (state_sd * carried) ** 2
        return mean, variance + (noise_sd**2 * (weights**2).sum() if noise else 0.0)


def state_space(history: History) -> MLEModel:
    """The model of statsmodels; its parameters are those of a node of :class:`Grid`."""
    from statsmodels.tsa.statespace.mlemodel import MLEModel

    times, width = history.design.shape

    class RegressionAroundState(MLEModel):  # type: ignore[misc]  # statsmodels carries no types
        def update(self, params: np.ndarray, **settings: object) -> np.ndarray:
            found: np.ndarray = super().update(params, **settings)
            persistence, state_sd, noise_sd = found
            self["transition", 0, 0] = persistence
            self["state_cov", 0, 0] = state_sd**2
            self["obs_cov", 0, 0] = noise_sd**2
            # The filter starts at the state of the first time, one step after the one that the prior is of.
            start = np.diag([(persistence * history.start_sd) ** 2 + state_sd**2, *history.sd**2])
            start[0, 0] += history.entering[0] ** 2 @ history.sd**2
            start[0, 1:] = start[1:, 0] = history.entering[0] * history.sd**2
            self.ssm.initialize_known(np.array([history.entering[0] @ history.mean, *history.mean]), start)
            return found

    model = RegressionAroundState(history.values, k_states=1 + width, k_posdef=1)
    model["design"] = np.concatenate([np.ones((1, 1, times)), history.design.T[None]], axis=1)
    transition = np.tile(np.eye(1 + width)[:, :, None], times)
    transition[0, 1:, :-1] = history.entering[1:].T
    model["transition"] = transition
    model["selection", 0, 0] = 1.0
    return model


def posterior(history: History, grid: Grid) -> Posterior:
    """Filter the series at every node of the grid."""
    model, nodes = state_space(history), grid.nodes()
    log_likelihood = np.empty(len(nodes))
    width = 1 + len(history.names)
    mean, covariance = np.empty((len(nodes), width)), np.empty((len(nodes), width, width))
    for at, node in enumerate(nodes):
        model.update(node)
        filtered = model.ssm.filter()
        log_likelihood[at] = filtered.llf
        mean[at] = filtered.filtered_state[:, -1]
        covariance[at] = filtered.filtered_state_cov[:, :, -1]
    log_weight = log_likelihood - 0.5 * (nodes[:, 1:] ** 2).sum(axis=1) / grid.scale**2
    weights = np.exp(log_weight - log_weight.max())
    return Posterior(history, nodes, log_likelihood, weights / weights.sum(), mean, covariance)


def smoothed(found: Posterior) -> np.ndarray:
    """State of every time given the whole series, averaged over the nodes that matter, (time,)."""
    model = state_space(found.history)
    order = np.argsort(-found.weights)[:40]
    state = np.zeros(len(found.history.values))
    for at in order:
        model.update(found.nodes[at])
        state += found.weights[at] * model.ssm.smooth().smoothed_state[0]
    return np.asarray(state / found.weights[order].sum())


def standardised_errors(found: Posterior) -> np.ndarray:
    """One-step forecast errors over their standard deviations at the likeliest node, missing times left out."""
    model = state_space(found.history)
    model.update(found.nodes[int(np.argmax(found.weights))])
    filtered = model.ssm.filter()
    errors = filtered.standardized_forecasts_error[0]
    return np.asarray(errors[np.isfinite(errors) & np.isfinite(found.history.values)])


def log_moments(found: Posterior, values: np.ndarray) -> Estimate:
    """Median and standard deviation of the log of a positive quantity given in every node."""
    mean, sd = found.mixed(np.log(values), np.zeros(len(values)))
    return Estimate(float(np.exp(mean)), sd)


def normal_priors(priors: Registry[ParameterSpec], names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Means and standard deviations (name,) of normal priors.

    Raises
    ------
    ModelError
        A prior is not normal.
    """
    moments = np.empty((2, len(names)))
    for at, name in enumerate(names):
        prior = priors[name].prior
        if not isinstance(prior, Normal):
            raise ModelError(
                "a coefficient needs a normal prior",
                key=name,
                value=priors[name].prior_text,
                remedy='Write prior = { dist = "normal", mean = ..., sd = ... }',
            )
        moments[:, at] = prior.mean, prior.sd
    return moments[0], moments[1]
