"""Scenarios between two scenarios: some levers and shocks as in the one, all else as in the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ykforecast.simulate.block_run import driven, moved_cohorts
from ykforecast.simulate.mechanisms import policy_paths
from ykforecast.simulate.policy import PolicyPaths
from ykforecast.simulate.series import yearly_series
from ykforecast.spec.scenario_table import SHOCKS
from ykforecast.vocabulary.dims import YEARS

if TYPE_CHECKING:
    from ykforecast.kernels.cohort import CohortTotals
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.driven import Driven
    from ykforecast.simulate.sampling import Draws
    from ykforecast.simulate.scenarios import ResolvedScenario


def players(base: ResolvedScenario, scenario: ResolvedScenario) -> tuple[str, ...]:
    """Levers whose doses differ, in the order of the model, then the shocks that differ."""
    moved = (base.doses != scenario.doses).any(axis=1)
    levers = (lever for lever, differs in zip(base.levers, moved, strict=True) if differs)
    return (*levers, *(name for name in SHOCKS if _numbers(base, name) != _numbers(scenario, name)))


@dataclass(frozen=True)
class Game:
    """What a scenario does beyond a base scenario, one lever or shock at a time.

    Attributes
    ----------
    calibration : Calibration
    base, scenario : ResolvedScenario
    """

    calibration: Calibration
    base: ResolvedScenario
    scenario: ResolvedScenario

    def players(self) -> tuple[str, ...]:
        """What differs: see :func:`players`."""
        return players(self.base, self.scenario)

    def coalition(self, chosen: Collection[str], off: Collection[str] = ()) -> ResolvedScenario:
        """The base scenario with the chosen levers and shocks as in the other, and some levers off."""
        rows, none = (np.array([lever in some for lever in self.base.levers]) for some in (chosen, off))

        def mixed(name: str) -> np.ndarray:
            here, there = getattr(self.base, name), getattr(self.scenario, name)
            return np.where(none[:, None], 0.0, np.where(rows[:, None], there, here))

        shocks: dict[str, Any] = {name: getattr(self.scenario, name) for name in SHOCKS if name in chosen}
        return replace(
            self.base,
            doses=mixed("doses"),
            in_force=mixed("in_force"),
            in_force_monthly=mixed("in_force_monthly"),
            **shocks,
        )

    def ledger_players(self, sampled: Draws) -> tuple[str, ...]:
        """Levers that leave the cohorts alone: they add to ledgers only.

        What the kernel reads is a product of factors and a sum of amounts, one of each lever. A lever with which,
        on or off, every number stays the same to the last bit contributes ones and zeros, whatever others do beside
        it: one set of cohorts serves all coalitions that differ by such levers only.
        """

        def with_lever(chosen: Collection[str], off: Collection[str] = ()) -> Driven:
            return driven(self.calibration, self.coalition(chosen, off), sampled)

        base = with_lever(())
        return tuple(
            player
            for player in self.players()
            if player not in SHOCKS
            and all(other.drives_as(base) for other in (with_lever((player,)), with_lever((), off=(player,))))
        )

    def block(
        self, sampled: Draws, chosen: Collection[str], ledgers: Collection[str], threads: int | None = None
    ) -> Block:
        """Cohorts of a coalition without levers that leave them alone, for as many ledgers as are read from them."""
        inputs = driven(self.calibration, self.coalition(chosen, off=ledgers), sampled)
        totals = moved_cohorts(inputs, threads=threads)
        return Block(self, sampled, frozenset(chosen), frozenset(ledgers), inputs, totals)


@dataclass(frozen=True)
class Block:
    """Cohorts of one block of draws, and the series that ledgers make of them."""

    game: Game
    sampled: Draws
    chosen: frozenset[str]
    ledgers: frozenset[str]
    inputs: Driven
    totals: CohortTotals

    def series(self, chosen: Collection[str] = (), unknown: Collection[str] = ()) -> dict[str, np.ndarray]:
        """Yearly series (draw, year or year end) with the chosen ones of the ledgers as in the scenario.

        What a lever in ``unknown`` adds is not a number: nor is then any figure that could depend on it.
        """
        policy = self._policy(self.ledgers - frozenset(unknown), chosen)
        for name in self._policy(frozenset(unknown), unknown).added:
            policy.add(name, np.full((1, len(YEARS)), np.nan))
        policy = replace(self.inputs.policy, added=_sum(self.inputs.policy.added, policy.added))
        value, noise = self.sampled.value, self.sampled.noise
        return yearly_series(self.game.calibration, self.totals, value, policy, self.inputs.macro, noise)

    def _policy(self, ledgers: Collection[str], chosen: Collection[str]) -> PolicyPaths:
        levers = self.game.calibration.model.levers
        wanted = {key: lever for key, lever in levers.items() if key in ledgers}
        scenario = self.game.coalition(self.chosen | frozenset(chosen))
        return policy_paths(scenario, wanted, self.sampled.value, self.inputs.setting)


def _sum(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    paths = PolicyPaths(added=dict(first))
    for name, amount in second.items():
        paths.add(name, amount)
    return paths.added


def _numbers(scenario: ResolvedScenario, name: str) -> list[Any]:
    return list(getattr(scenario, name))
