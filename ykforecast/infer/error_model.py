"""How a published figure differs from the quantity it measures: error, rounding and steps of definition.

A step (统计口径变动) is a jump that comes in one year of a series and stays. Each year of a series jumps
with a small probability, then by a wide normal amount: a spike at zero and a slab. Given which years jump
(a pattern), all errors are normal, so the steps are summed out exactly instead of being sampled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final, Self

import numpy as np

from ykforecast.simulate.sampling import noise, uniform
from ykforecast.vocabulary.dims import MONTHS_A_YEAR
from ykforecast.vocabulary.errors import RequestError

#: A series whose definition changed more often than this within the horizon is not a series.
MOST_JUMPS: Final = 3


@dataclass(frozen=True)
class FigureError:
    """Error of one published figure, in the unit of the figure.

    Parameters
    ----------
    series : str
        Name of the series; figures of one name share their steps.
    year : int
    sd : float
        Standard deviation of the measurement error.
    half_step : float
        Half the last printed digit: rounding is uniform on either side and adds ``half_step**2 / 3``.
    step_probability : float
        Probability that the definition changed since the figure before (for the first: since the base year).
    step_sd : float
        Standard deviation of such a change.
    drift, drift_years : float, int
        Standard deviation by which a stand-in parts from what is counted in one year, and for how many years it has:
        a random walk, so that of two figures of a series the later holds all that the earlier has.
    month : int
        Month that the figure ends with.

    Raises
    ------
    RequestError
        No error at all, a negative one, or a probability outside [0, 1).
    """

    series: str
    year: int
    sd: float
    half_step: float = 0.0
    step_probability: float = 0.0
    step_sd: float = 0.0
    drift: float = 0.0
    drift_years: int = 0
    month: int = MONTHS_A_YEAR

    def __post_init__(self) -> None:
        sizes = np.array([self.sd, self.half_step, self.step_sd, self.drift])
        if not (np.isfinite(sizes).all() and (sizes >= 0).all() and self.variance > 0):
            raise RequestError(
                "a figure needs a finite error above zero",
                key=self.name,
                value=(self.sd, self.half_step, self.step_sd),
                remedy="Give a measurement error or the rounding of the printed figure.",
            )
        if not 0.0 <= self.step_probability < 1.0 or (self.step_probability > 0) != (self.step_sd > 0):
            raise RequestError(
                "a step needs a probability in (0, 1) and a size above zero, or neither",
                key=self.name,
                value=(self.step_probability, self.step_sd),
            )

    @classmethod
    def relative(
        cls,
        series: str,
        year: int,
        value: float,
        *,
        sd: float,
        half_step: float = 0.0,
        step_probability: float = 0.0,
        step_sd: float = 0.0,
    ) -> Self:
        """The same with ``sd`` and ``step_sd`` as fractions of the figure; ``half_step`` stays in its unit."""
        size = abs(value)
        return cls(series, year, sd * size, half_step, step_probability, step_sd * size)

    @property
    def name(self) -> str:
        """Series and time: what a figure is called in streams of random numbers and in reports."""
        month = "" if self.month == MONTHS_A_YEAR else f"-{self.month:02d}"
        return f"{self.series}:{self.year}{month}"

    @property
    def ends(self) -> tuple[int, int]:
        """Year and month that the figure ends with: its place among those of its series."""
        return self.year, self.month

    @property
    def variance(self) -> float:
        """Variance of measurement, rounding and drift."""
        return self.sd**2 + self.half_step**2 / 3.0 + self.drift**2 * self.drift_years


@dataclass(frozen=True)
class SeriesError:
    """Patterns of steps of one series.

    Parameters
    ----------
    name : str
    columns : ndarray (year,)
        Positions of its figures among all observations, by year.
    log_prior : ndarray (pattern,)
    jump_variance : ndarray (pattern, year)
        Variance of the jump of each year; zero where the pattern has none.
    noise : ndarray (year, year)
        Covariance of measurement, rounding and drift.
    """

    name: str
    columns: np.ndarray
    log_prior: np.ndarray
    jump_variance: np.ndarray
    noise: np.ndarray

    @cached_property
    def covariance(self) -> np.ndarray:
        """Error covariance of each pattern (pattern, year, year)."""
        stays = np.tri(len(self.columns))  # the jump of a year (column) is in the figures from then on (rows)
        steps = np.einsum("ij,pj,kj->pik", stays, self.jump_variance, stays)
        return np.asarray(steps + self.noise)

    @cached_property
    def noise_root(self) -> np.ndarray:
        """Lower triangular root of the noise (year, year)."""
        return np.linalg.cholesky(self.noise)

    @cached_property
    def precision(self) -> np.ndarray:
        """Inverse of the covariances (pattern, year, year)."""
        return np.linalg.inv(self.covariance)

    def log_density(self, residual: np.ndarray) -> np.ndarray:
        """Log of prior times density of each pattern (draw, pattern) at residuals (draw, obs)."""
        own = residual[:, self.columns]
        square = np.einsum("di,pij,dj->dp", own, self.precision, own)
        _, log_determinant = np.linalg.slogdet(2.0 * np.pi * self.covariance)
        return np.asarray(self.log_prior - 0.5 * (log_determinant + square))


def normals_by_name(kind: str, names: Sequence[str], seed: int, first_draw: int, draws: int) -> np.ndarray:
    """Standard normal numbers (draw, name), keyed by what they are for and by the figure's name."""
    return np.column_stack([noise(seed, first_draw, draws, f"{kind}:{name}", 1) for name in names])


class ErrorModel:
    """Errors of all observed figures.

    Parameters
    ----------
    figures : sequence of FigureError
        In the order of the observations.

    Raises
    ------
    RequestError
        A series has two figures for one year.
    """

    def __init__(self, figures: Sequence[FigureError]) -> None:
        self.figures = tuple(figures)
        self.names = tuple(figure.name for figure in figures)
        if len(set(self.names)) != len(self.names):
            twice = sorted({name for name in self.names if self.names.count(name) > 1})
            raise RequestError("two figures for one series and time", key=twice[0], remedy="Keep the better one.")
        #: Standard deviation of measurement, rounding and drift (obs,).
        self.sd = np.sqrt(np.array([figure.variance for figure in figures]))
        #: Variance of the jump of each figure, if it comes (obs,).
        self.step_variance = np.array([figure.step_sd**2 for figure in figures])
        self.step_probability = np.array([figure.step_probability for figure in figures])

    @cached_property
    def series(self) -> tuple[SeriesError, ...]:
        """Each series with its patterns of up to ``MOST_JUMPS`` jumps."""
        found = []
        for name in dict.fromkeys(figure.series for figure in self.figures):
            columns = np.array(
                sorted(
                    (i for i, figure in enumerate(self.figures) if figure.series == name),
                    key=lambda i: self.figures[i].ends,
                )
            )
            p = self.step_probability[columns]
            sites = np.flatnonzero(p > 0)
            jumping = [chosen for jumps in range(MOST_JUMPS + 1) for chosen in combinations(sites, jumps)]
            patterns = np.zeros((len(jumping), len(p)))
            for row, chosen in zip(patterns, jumping, strict=True):
                row[list(chosen)] = 1.0
            prior = np.where(patterns > 0, p, 1.0 - p).prod(axis=1)
            found.append(
                SeriesError(
                    name,
                    columns,
                    np.log(prior / prior.sum()),
                    patterns * self.step_variance[columns],
                    self.noise[np.ix_(columns, columns)],
                )
            )
        return tuple(found)

    @cached_property
    def noise(self) -> np.ndarray:
        """Covariance (obs, obs) of measurement, rounding and drift."""
        series = np.array([figure.series for figure in self.figures])
        drift = np.array([figure.drift for figure in self.figures])
        years = np.array([figure.drift_years for figure in self.figures])
        walk = np.outer(drift, drift) * np.minimum.outer(years, years) * (series[:, None] == series)
        np.fill_diagonal(walk, self.sd**2)
        return np.asarray(walk)

    def log_likelihood(self, residual: np.ndarray) -> np.ndarray:
        """Log density (draw,) of observed less predicted (draw, obs), steps summed out."""
        total = np.zeros(len(residual))
        for one in self.series:
            total += np.logaddexp.reduce(one.log_density(residual), axis=1)
        return total

    def covariance(self, jumps: Sequence[int] = ()) -> np.ndarray:
        """Error covariance (obs, obs) when the figures at the positions ``jumps`` jump and no others."""
        total = self.noise.copy()
        for site in jumps:
            here = self.figures[site]
            later = np.array([f.series == here.series and f.ends >= here.ends for f in self.figures], dtype=float)
            total += self.step_variance[site] * np.outer(later, later)
        return np.asarray(total)

    def sample(self, seed: int, first_draw: int, draws: int) -> np.ndarray:
        """Errors with steps (draw, obs) drawn from the model itself."""
        return np.asarray(self.sample_noise(seed, first_draw, draws) + self.sample_steps(seed, first_draw, draws))

    def sample_noise(self, seed: int, first_draw: int, draws: int) -> np.ndarray:
        """Measurement, rounding and drift (draw, obs)."""
        normals = normals_by_name("sample-error", self.names, seed, first_draw, draws)
        return np.asarray(np.einsum("dm,om->do", normals, np.linalg.cholesky(self.noise)))

    def sample_steps(self, seed: int, first_draw: int, draws: int) -> np.ndarray:
        """Steps contained in each figure (draw, obs): jumps of this and all earlier years of the series."""
        drawn = np.empty((draws, len(self.names)))
        for one in self.series:
            jump = normals_by_name("sample-step", [self.names[i] for i in one.columns], seed, first_draw, draws)
            pick = uniform(seed, first_draw, draws, f"sample-step:{one.name}", 1)
            pattern = (pick > np.cumsum(np.exp(one.log_prior))).sum(axis=1)
            jumps = np.sqrt(one.jump_variance[pattern]) * jump
            drawn[:, one.columns] = np.cumsum(jumps, axis=1)
        return drawn

    def draw_steps(self, residual: np.ndarray, seed: int, first_draw: int = 0) -> np.ndarray:
        """Steps contained in each figure, drawn given what the prediction leaves over.

        Parameters
        ----------
        residual : ndarray (draw, obs)
            Observed less predicted.
        seed, first_draw : int
            Seed and number of the first draw: the random numbers are keyed by draw and figure.

        Returns
        -------
        ndarray (draw, obs)
            Jumps of this and all earlier years of the series, in the unit of the figure.
        """
        draws = len(residual)
        steps = np.zeros_like(residual)
        for one in self.series:
            log_weight = one.log_density(residual)
            weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
            reached = np.cumsum(weight, axis=1)
            pick = uniform(seed, first_draw, draws, f"step:{one.name}", 1) * reached[:, -1:]
            pattern = (pick > reached).sum(axis=1)
            # A draw from the prior, corrected by the regression on what it leaves unexplained.
            names = [self.names[i] for i in one.columns]
            jump_normal, error_normal = (normals_by_name(k, names, seed, first_draw, draws) for k in ("step", "error"))
            variance = one.jump_variance[pattern]
            jumps = np.sqrt(variance) * jump_normal
            error = np.einsum("dm,om->do", error_normal, one.noise_root)
            left = residual[:, one.columns] - np.cumsum(jumps, axis=1) - error
            back = np.einsum("dij,dj->di", one.precision[pattern], left)
            this_and_later = np.cumsum(back[:, ::-1], axis=1)[:, ::-1]
            steps[:, one.columns] = np.cumsum(jumps + variance * this_and_later, axis=1)
        return steps
