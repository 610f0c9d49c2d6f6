"""The standard normal numbers behind an ensemble, as one matrix and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ykforecast.simulate.sampled import Latent
from ykforecast.simulate.sampling import normal_stream
from ykforecast.vocabulary.dims import MONTHS


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

    def columns(self, streams: Sequence[str]) -> list[int]:
        """Columns of some streams."""
        owner = [stream for stream, count in self.counts for _ in range(count)]
        return [column for column, stream in enumerate(owner) if stream in streams]

    def turned(self, matrix: np.ndarray, *, back: bool = False) -> np.ndarray:
        """Monthly shocks as waves instead (discrete cosine transform), or back; still standard normal.

        What a year's figure says lies in a few slow waves, but is spread thinly over sixty monthly shocks, each
        of which a smoother would take for chance.
        """
        from scipy.fft import dct, idct

        result = matrix.copy()
        for stream, count in self.counts:
            if count == MONTHS:
                columns = self.columns((stream,))
                result[:, columns] = (idct if back else dct)(matrix[:, columns], norm="ortho", axis=1)
        return result

    def latent(self, seed: int, matrix: np.ndarray) -> Latent:
        """The same numbers by stream, for a run."""
        ends = np.cumsum([count for _, count in self.counts])
        parts = np.split(matrix, ends[:-1], axis=1)
        return Latent(seed, {name: part for (name, _), part in zip(self.counts, parts, strict=True)})
