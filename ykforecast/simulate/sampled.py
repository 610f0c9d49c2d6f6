"""Draws of one block: parameters and process noise as transforms of standard normal numbers.

Every uncertain number of a run starts as a standard normal one, a function of (seed, draw, name of its
stream). Learning from figures moves these numbers and nothing else, in two steps that are both optional:

* what history taught is a normal distribution of the parameters' numbers, applied to every draw
  (:class:`Learned`);
* what interim figures taught is an ensemble of moved numbers, one row a draw (:class:`Latent`).

Without either a draw is the prior, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ykforecast.simulate.sampling import normal_stream, quantile
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.vocabulary.errors import RequestError

PARAMETER, PROCESS = "parameter:", "process:"


@dataclass(frozen=True, eq=False)
class Learned:
    """Normal distribution of the standard normal numbers of some parameters: ``mean + root @ normal``.

    Attributes
    ----------
    names : tuple of str
        Parameters.
    mean : ndarray (name,)
    root : ndarray (name, name)
        Symmetric square root of the covariance. Of all maps from the prior it moves the draws least, so
        that a parameter of which nothing was learned keeps its draws.
    """

    names: tuple[str, ...]
    mean: np.ndarray
    root: np.ndarray

    def move(self, normals: np.ndarray) -> np.ndarray:
        """Numbers (draw, name) after learning; each draw on its own, in a fixed order of sums."""
        moved = np.tile(self.mean, (len(normals), 1))
        for k in range(len(self.names)):
            moved += normals[:, k, None] * self.root[:, k]
        return moved


@dataclass(frozen=True, eq=False)
class Latent:
    """Numbers of an ensemble that interim figures have moved.

    Attributes
    ----------
    seed : int
        Seed of the ensemble; a run on it has the same.
    streams : mapping of str to ndarray (draw, count)
        By name of the stream of random numbers.
    """

    seed: int
    streams: Mapping[str, np.ndarray]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(next(iter(self.streams.values())))

    def check(self, seed: int, draws: int) -> None:
        """Refuse a run that asks for other draws than those that were conditioned.

        Raises
        ------
        RequestError
        """
        if seed != self.seed:
            raise RequestError(
                "the figures conditioned draws of another seed",
                key="seed",
                value=seed,
                remedy=f"Leave it out, or assimilate with this seed; that of the ensemble is {self.seed}.",
            )
        if draws > self.draws:
            raise RequestError(
                "more draws than were conditioned on the figures",
                key="draws",
                value=draws,
                remedy=f"At most {self.draws}, or assimilate with draws={draws}.",
            )


class Sampled:
    """Draws of one block: a parameter is drawn when it is first asked for, and kept.

    What is asked for, and in which order, does not matter: every number has its own counter.

    Parameters
    ----------
    parameters : mapping of str to ParameterSpec
    seed, first, draws : int
        Numbers of the draws ``first`` to ``first + draws - 1``.
    learned : Learned, optional
    latent : Latent, optional
    """

    def __init__(
        self,
        parameters: Mapping[str, ParameterSpec],
        seed: int,
        first: int,
        draws: int,
        learned: Learned | None = None,
        latent: Latent | None = None,
    ) -> None:
        self._parameters, self._learned, self._latent = parameters, learned, latent
        self._values: dict[str, np.ndarray] = {}
        self._moved: dict[str, np.ndarray] | None = None
        #: Count of every stream that was asked for, by name.
        self.asked: dict[str, int] = {}
        self.seed, self.first, self.draws = seed, first, draws

    def value(self, name: str) -> np.ndarray:
        """Values (draw,) of a parameter; a constant is repeated."""
        if name not in self._values:
            spec = self._parameters[name]
            self._values[name] = (
                quantile(name, spec, self._parameter_normal(name))
                if spec.role == "uncertainty"
                else np.full(self.draws, spec.median)
            )
        return self._values[name]

    def noise(self, name: str, count: int) -> np.ndarray:
        """Standard normal numbers (draw, count) of a named process."""
        return self._normals(PROCESS + name, count)

    def uniform(self, name: str, count: int) -> np.ndarray:
        """Uniform numbers (draw, count) of a named process."""
        from scipy.special import ndtr

        return np.asarray(ndtr(self._normals(PROCESS + name, count)))

    def _normals(self, stream: str, count: int) -> np.ndarray:
        self.asked[stream] = count
        if self._latent is not None and stream in self._latent.streams:
            return self._latent.streams[stream][self.first : self.first + self.draws, :count]
        return normal_stream(self.seed, self.first, self.draws, stream, count)

    def _parameter_normal(self, name: str) -> np.ndarray:
        if self._learned is None or name not in self._learned.names:
            return self._normals(PARAMETER + name, 1)[:, 0]
        if self._moved is None:
            plain = [self._normals(PARAMETER + one, 1)[:, 0] for one in self._learned.names]
            moved = self._learned.move(np.stack(plain, axis=1))
            self._moved = dict(zip(self._learned.names, moved.T, strict=True))
        return self._moved[name]
