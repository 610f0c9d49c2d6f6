"""The model as a function from standard normal numbers to what published figures measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy

import numpy as np

from ykforecast.infer.conflicts import FigureCheck, check_against_prior
from ykforecast.infer.coordinates import Coordinates
from ykforecast.infer.measurement import Series, comparable, error_model, measured
from ykforecast.simulate.blocks import BLOCK, in_order, side_by_side
from ykforecast.simulate.sampled import Learned, Sampled
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.observation import Observation, quantity_parts

#: Yearly series (draw, year) of one block of draws; each draw must depend on its own numbers only.
Run = Callable[[Sampled], Series]


class ForwardModel:
    """Runs of a base year beside the figures that they speak to.

    Parameters
    ----------
    model : ModelSpec
        Its parameters are drawn; its registry says what the figures measure; its base year is that of the run.
    run : callable
        The yearly series of a block of draws.
    observations : sequence of Observation
        Those that the run does not speak to are left out: another time, another definition, no such series.
    seed : int
    learned : Learned, optional
        What history taught of the parameters.
    threads : int, optional
        Blocks that run side by side.

    Attributes
    ----------
    observations : tuple of Observation
    observed : ndarray (obs,)
    error : ErrorModel
    coordinates : Coordinates
        Every random number that a run uses.
    """

    def __init__(
        self,
        model: ModelSpec,
        run: Run,
        observations: Sequence[Observation],
        seed: int,
        *,
        learned: Learned | None = None,
        threads: int | None = None,
    ) -> None:
        self._model, self._run, self._seed, self._learned = model, run, seed, learned
        self._threads = threads
        probe = Sampled(model.parameters, seed, 0, 1, learned)
        series = run(probe)
        self.coordinates = Coordinates.of(probe.asked)
        self._keep([one for one in observations if self._speaks_to(one, series)])

    def _keep(self, observations: Sequence[Observation]) -> None:
        self.observations = tuple(observations)
        self.observed = np.array([one.value for one in observations])
        self.error = error_model(observations, self._model.observations, self._model.base_year)

    def without_conflicts(self, latent: np.ndarray) -> tuple[ForwardModel, tuple[FigureCheck, ...], np.ndarray]:
        """The same without the figures that even a definition step does not explain.

        Returns
        -------
        ForwardModel
        tuple of FigureCheck
            The figures left out, against the prediction of the prior.
        ndarray (draw, obs)
            What the prior says of the figures that stay.
        """
        expected = self(latent)
        checks = check_against_prior(expected, self.observed, self.error)
        kept = [i for i, check in enumerate(checks) if check.verdict != "conflict"]
        rest = copy(self)
        rest._keep([self.observations[i] for i in kept])
        return rest, tuple(check for check in checks if check.verdict == "conflict"), expected[:, kept]

    def _speaks_to(self, one: Observation, series: Series) -> bool:
        added, divided = quantity_parts(one.quantity)
        held = all(name in series for name in (*added, *divided))
        return held and comparable(one, self._model.observations[one.series], self._model.base_year)

    def prior(self, draws: int) -> np.ndarray:
        """Standard normal numbers (draw, coordinate) of the runs as they are without figures."""
        return self.coordinates.prior(self._seed, draws)

    def sampled(self, latent: np.ndarray) -> Sampled:
        """The draws that the numbers (draw, coordinate) stand for."""
        moved = self.coordinates.latent(self._seed, latent)
        return Sampled(self._model.parameters, self._seed, 0, len(latent), self._learned, moved)

    def series(self, latent: np.ndarray) -> dict[str, np.ndarray]:
        """Every yearly series (draw, year or year_end)."""
        moved, parameters = self.coordinates.latent(self._seed, latent), self._model.parameters
        draws = len(latent)

        def work(first: int) -> Mapping[str, np.ndarray]:
            count = min(BLOCK, draws - first)
            return self._run(Sampled(parameters, self._seed, first, count, self._learned, moved))

        starts = range(0, draws, BLOCK)
        found = [series for _, series in in_order(work, starts, side_by_side(starts, self._threads))]
        return {name: np.concatenate([one[name] for one in found]) for name in found[0]}

    def predicted(self, series: Series) -> np.ndarray:
        """What the figures measure (draw, obs), before error and steps."""
        registry, year = self._model.observations, self._model.base_year
        return np.stack([measured(one, registry[one.series], series, year) for one in self.observations], axis=1)

    def __call__(self, latent: np.ndarray) -> np.ndarray:
        """Standard normal numbers (draw, coordinate) to predicted figures (draw, obs)."""
        return self.predicted(self.series(latent))
