"""Runs of the city whose random numbers are those of one sample, but for a theme that comes from another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.blocks import BLOCK, in_order, side_by_side
from ykforecast.simulate.sampled import PARAMETER, PROCESS, Latent, Sampled
from ykforecast.simulate.sampling import normal_stream
from ykforecast.vocabulary.errors import ModelError

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.scenarios import ResolvedScenario
    from ykforecast.spec.analysis import Theme

Floats = npt.NDArray[np.float64]
Reading = Callable[[Mapping[str, Floats], int], Floats]


@dataclass(frozen=True)
class Design:
    """Two samples of the numbers behind a scenario, and mixtures of them by theme.

    The second sample are the draws that follow those of the first, so the streams of both are independent. What is
    exchanged are the standard normal numbers behind the parameters, which are independent of each other even
    where history made the parameters themselves dependent.

    Attributes
    ----------
    calibration : Calibration
        Without interim figures: these make the numbers of different themes depend on each other.
    scenario : ResolvedScenario
    draws : int
        Of each sample.
    seed : int
    threads : int, optional
    """

    calibration: Calibration
    scenario: ResolvedScenario
    draws: int
    seed: int
    threads: int | None = None

    def streams(self) -> dict[str, int]:
        """Streams of random numbers that the scenario asks for, with the count of each."""
        probe = self._sampled(0, 1)
        run_block(self.calibration, self.scenario, probe)
        return dict(sorted(probe.asked.items()))

    def themes(self, themes: Mapping[str, Theme]) -> dict[str, list[str]]:
        """Streams of each theme that has any.

        Raises
        ------
        ModelError
            A stream that belongs to no theme, or to two.
        """
        found: dict[str, list[str]] = {key: [] for key in themes}
        for stream in self.streams():
            kind = "parameter" if stream.startswith(PARAMETER) else "process"
            name = stream.removeprefix(PARAMETER).removeprefix(PROCESS)
            held = [key for key, theme in themes.items() if theme.holds(kind, name)]
            if len(held) != 1:
                remedy = "Name it in exactly one theme of analysis.toml"
                raise ModelError("not in one theme", key="themes", value=f"{kind} {name}", remedy=remedy)
            found[held[0]].append(stream)
        return {key: streams for key, streams in found.items() if streams}

    def first(self, read: Reading) -> Floats:
        """What a reading of the series gives of the first sample, (draw, ...)."""
        return self._run(0, None, read)

    def second(self, read: Reading) -> Floats:
        """The same of the second."""
        return self._run(self.draws, None, read)

    def mixed(self, streams: Sequence[str], read: Reading) -> Floats:
        """The same of the first with these streams of the second."""
        counts = self.streams()
        taken = {one: normal_stream(self.seed, self.draws, self.draws, one, counts[one]) for one in streams}
        return self._run(0, Latent(self.seed, taken), read)

    def parameters(self, names: Sequence[str], draws: int) -> Floats:
        """Values of parameters, (draw, name), of so many draws from the first on."""
        sampled = self._sampled(0, draws)
        return np.stack([sampled.value(name) for name in names], axis=1)

    def _sampled(self, first: int, draws: int, latent: Latent | None = None) -> Sampled:
        return Sampled(self.calibration.model.parameters, self.seed, first, draws, self.calibration.learned, latent)

    def _run(self, offset: int, latent: Latent | None, read: Reading) -> Floats:
        starts = range(0, self.draws, BLOCK)
        workers = side_by_side(starts, self.threads)

        def work(first: int) -> Floats:
            sampled = self._sampled(offset + first, min(BLOCK, self.draws - first), latent)
            threads = 1 if workers > 1 else self.threads
            return read(run_block(self.calibration, self.scenario, sampled, threads=threads).series, first)

        return np.concatenate([found for _, found in in_order(work, starts, workers)])
