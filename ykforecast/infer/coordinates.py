"""The standard normal numbers behind an ensemble, as one matrix and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ykforecast.simulate.sampled import Latent
from ykforecast.simulate.sampling import normal_stream


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Streams of random numbers side by side.

    Attributes
    ----------
    counts : tuple of (str, int)
        Stream and how many numbers of it, in the order of the columns.
    """

    counts: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, asked: Mapping[str, int]) -> Coordinates:
        """Of the streams that a run asked for."""
        return cls(tuple(sorted(asked.items())))

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each column."""
        return tuple(stream if count == 1 else f"{stream}:{i}" for stream, count in self.counts for i in range(count))

    def prior(self, seed: int, draws: int) -> np.ndarray:
        """Numbers (draw, coordinate) as a run with this seed draws them."""
        return np.concatenate([normal_stream(seed, 0, draws, name, count) for name, count in self.counts], axis=1)

    def latent(self, seed: int, matrix: np.ndarray) -> Latent:
        """The same numbers by stream, for a run."""
        ends = np.cumsum([count for _, count in self.counts])
        parts = np.split(matrix, ends[:-1], axis=1)
        return Latent(seed, {name: part for (name, _), part in zip(self.counts, parts, strict=True)})
