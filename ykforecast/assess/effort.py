"""What a dose brings: the chance of meeting targets when levers of a base scenario are given other doses.

All doses are run with the same draws, so that the chance is a step function of the dose which rises where the
measure helps in every draw, and its crossing of a wanted chance is found to the last step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.attainment import attained, on_basis
from ykforecast.assess.ceilings import ceilings
from ykforecast.assess.definition_steps import STEP, Counting
from ykforecast.assess.dose_path import Doses, Floats
from ykforecast.assess.indicators import indicators
from ykforecast.simulate.projection import DEFAULT_DRAWS, project

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.scenario import Scenario

#: Points of the first look at a range, its ends included.
FIRST_LOOK: Final = 11
#: So few steps between two doses are all tried at once.
LAST_LOOK: Final = 5
#: Draws of all mixes together that are held at a time: about half a gigabyte.
MOST_DRAWS: Final = 120_000


@dataclass(frozen=True, slots=True, eq=False)
class DoseOutcomes:
    """What one mix of doses brings in 2025.

    Attributes
    ----------
    met : ndarray (draw,)
        Whether all targets are met together.
    each : ndarray (target, draw)
        Whether each is met.
    outcome, ceiling : ndarray (target, draw)
        On the basis of the target, base units; the ceiling is NaN where the indicator has none.
    ceiling_met : ndarray (target, draw)
        Whether the ceiling itself meets the target: 0, 1 or NaN.
    step : ndarray (target, draw)
        Definition step that the outcome holds, base units; NaN where there is none.
    """

    met: npt.NDArray[np.bool_]
    each: npt.NDArray[np.bool_]
    outcome: Floats
    ceiling: Floats
    ceiling_met: Floats
    step: Floats

    @property
    def probability(self) -> float:
        """Share of draws in which all targets are met."""
        return float(self.met.mean())


@dataclass(frozen=True)
class Effort:
    """Targets, and a base scenario whose doses can be replaced.

    Attributes
    ----------
    calibration : Calibration
    base : Scenario
    targets : tuple of str
        Indicators.
    years : tuple of int
        Years that can still be moved: a dose holds in all of them, in place of that of the base scenario.
    draws : int or None
    seed : int or None
        As in :func:`ykforecast.project`.
    counting : {"published", "base"}
        As in :func:`ykforecast.indicators`.
    threads : int or None
    progress : callable, optional
        Called with (draws done, draws in all) of the runs that are under way.
    """

    calibration: Calibration
    base: Scenario
    targets: tuple[str, ...]
    years: tuple[int, ...]
    draws: int | None = None
    seed: int | None = None
    counting: Counting = "published"
    threads: int | None = None
    progress: Callable[[int, int], None] | None = None

    def with_draws(self, draws: int) -> Effort:
        """The same with fewer draws, the first ones; never with more."""
        return replace(self, draws=draws if self.draws is None else min(draws, self.draws))

    def scenario(self, name: str, doses: Doses) -> Scenario:
        """The base scenario with these doses in place of its own."""
        table = {lever: dict(path) for lever, path in self.base.doses.items()}
        for lever, dose in doses.items():
            table[lever] = table.get(lever, {}) | dict.fromkeys(self.years, dose)
        return self.base.model_copy(update={"name": name, "doses": table})

    def of(self, mixes: Sequence[Doses]) -> list[DoseOutcomes]:
        """Outcomes of each mix, all with the same draws."""
        size = max(MOST_DRAWS // (self.draws or DEFAULT_DRAWS), 1)
        parts = (self._of(mixes[first : first + size]) for first in range(0, len(mixes), size))
        return [outcomes for part in parts for outcomes in part]

    def _of(self, mixes: Sequence[Doses]) -> list[DoseOutcomes]:
        model = self.calibration.model
        runs = project(
            self.calibration,
            [self.scenario(f"mix-{place}", mix) for place, mix in enumerate(mixes)],
            self.draws,
            self.seed,
            keep="series",
            threads=self.threads,
            progress=self.progress,
        )
        found = indicators(runs, model, counting=self.counting)
        limits = ceilings(runs, model, counting=self.counting)
        columns = []
        for key in self.targets:
            target = model.targets[key]
            outcome = on_basis(found[key], target).transpose("scenario", "draw")
            limit = on_basis(limits[key], target).transpose("scenario", "draw") if key in limits else None
            step = on_basis(found[f"{key}{STEP}"], target).to_numpy() if f"{key}{STEP}" in found else np.nan
            none = np.full(outcome.shape, np.nan)
            columns.append(
                (
                    attained(outcome, target).to_numpy(),
                    outcome.to_numpy(),
                    none if limit is None else limit.to_numpy(),
                    none if limit is None else attained(limit, target).to_numpy().astype(float),
                    np.broadcast_to(step, outcome.shape),
                )
            )
        every = (np.stack(column, axis=1) for column in zip(*columns, strict=True))
        return [DoseOutcomes(one.all(axis=0), one, *others) for one, *others in zip(*every, strict=True)]

    def margins(self, outcomes: DoseOutcomes) -> Floats:
        """By how much each target is passed, (draw, target), base units; negative where it is missed."""
        targets = [self.calibration.model.targets[key] for key in self.targets]
        signs = np.array([1.0 if target.sense == "at_least" else -1.0 for target in targets])
        thresholds = np.array([target.threshold for target in targets])
        passed: Floats = signs * (outcomes.outcome.T - thresholds)
        return passed


def smallest(
    ask: Callable[[Sequence[int]], list[DoseOutcomes]], last: int, probability: float
) -> tuple[dict[int, DoseOutcomes], int | None]:
    """Smallest position from 0 to ``last`` at which the targets are met with a probability.

    Parameters
    ----------
    ask : callable
        Outcomes of several positions.
    last : int
        Last position.
    probability : float

    Returns
    -------
    (found, position) : tuple of dict and int or None
        Outcomes of every position that was looked at; the smallest that suffices and whose neighbour below does not,
        or None where none of those looked at suffices. On a chance that rises and falls again it is the first
        crossing that eleven evenly spread points show.
    """
    found: dict[int, DoseOutcomes] = {}
    wanted: Iterable[int] = {round(place) for place in np.linspace(0, last, FIRST_LOOK).tolist()}
    while True:
        new = sorted(set(wanted) - set(found))
        found |= dict(zip(new, ask(new), strict=True))
        order = sorted(found)
        first = next((place for place, n in enumerate(order) if found[n].probability >= probability), None)
        if first is None or first == 0:
            return found, None if first is None else order[0]
        low, high = order[first - 1], order[first]
        if high - low == 1:
            return found, high
        wanted = range(low + 1, high)
        if len(wanted) > LAST_LOOK:
            below, above = found[low].probability, found[high].probability
            guess = low + (high - low) * (probability - below) / (above - below)
            reach = max((high - low) // 16, 1)
            near = (math.floor(guess) - reach, math.floor(guess), math.ceil(guess) + reach)
            wanted = {min(max(n, low + 1), high - 1) for n in near}


def crossing_interval(
    found: Mapping[int, DoseOutcomes], probability: float, errors: float = 1.96
) -> tuple[float, float]:
    """Positions between which the crossing lies, given the Monte Carlo error of the probability.

    They are where the curve that was found crosses the probability less and plus so many standard errors,
    sqrt(p (1 - p) / n), between neighbours along a straight line; the upper one is infinite where it nowhere does.
    """
    order = sorted(found)
    curve = np.maximum.accumulate([found[n].probability for n in order])
    error = errors * math.sqrt(probability * (1.0 - probability) / found[order[0]].met.size)

    def crossed(level: float) -> float:
        place = int(np.searchsorted(curve, level))
        if place == 0:
            return float(order[0])
        if place == len(order):
            return math.inf
        low, high = curve[place - 1], curve[place]
        return float(order[place - 1] + (order[place] - order[place - 1]) * (level - low) / (high - low))

    return crossed(probability - error), crossed(probability + error)


def quantile_reached(outcomes: DoseOutcomes, margins: Floats, probability: float) -> tuple[Floats, Floats]:
    """Outcome that each target reaches at least with a probability, and by how much that falls short.

    Returns
    -------
    (quantile, gap) : tuple of ndarray (target,)
        Base units; the gap is zero where the target is met with that probability.
    """
    place = math.ceil(probability * len(margins) - 1e-9) - 1
    order = np.argsort(-margins, axis=0, kind="stable")[place]
    columns = np.arange(margins.shape[1])
    gap: Floats = np.maximum(-margins[order, columns], 0.0)
    return outcomes.outcome[columns, order], gap
