"""What made an indicator change since 2020: causes that runs can switch off, and what the rest is composed of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.composition import FACTORS, POPULATION, STRUCTURE, Composition, at_year_end
from ykforecast.assess.definition_steps import steps_of_indicators
from ykforecast.assess.outcomes import check_year, paths
from ykforecast.assess.owen import Coalition, shared_out
from ykforecast.assess.shares import Shares
from ykforecast.simulate.altered import Altered, without_cycle
from ykforecast.simulate.assemble import Results
from ykforecast.simulate.block_run import driven, moved_cohorts
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.series import yearly_series
from ykforecast.spec.scenario_table import SHOCKS
from ykforecast.vocabulary.dims import YEAR_ENDS

if TYPE_CHECKING:
    from ykforecast.simulate.coalitions import Game

Floats = npt.NDArray[np.float64]
#: Draws, results and what measures add to the entrants of college, of the run with some causes switched on.
Run = Callable[[Collection[str]], tuple[Altered, Results, Floats]]
#: Draws of one block: single ages of so many take some forty megabytes.
BLOCK: Final = 128
#: Causes that a run can switch off; the first two only where the scenario has any.
MEASURES, OUTSIDE, CYCLE, CHANCE = "measures", "shocks", "cycle", "chance"
#: Figures counted otherwise than in 2020.
DEFINITION: Final = "definition"
#: Noise of single years that is neither the cycle nor the residents'.
_CHANCES: Final = ("gdp", "urban_share", "survey", "new_jobs", "ui", "injury", "medical", "training", "poverty")
CAUSES: Final = (*STRUCTURE, CYCLE, MEASURES, OUTSIDE, CHANCE, DEFINITION)


def cause_shares(
    game: Game,
    keys: Sequence[str],
    year: int,
    draws: int,
    seed: int,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Shares:
    """Parts of the change of each indicator between 2020 and a year.

    Parameters
    ----------
    game : Game
        Its scenario is what is explained; its base what measures and shocks are compared with.
    keys : sequence of str
    year, draws, seed : int
    threads : int, optional
    progress : callable, optional
        Called with (draws done, draws in all).

    Returns
    -------
    Shares
        Base units, of the figures of 2020 and of the year, by the causes of :data:`CAUSES`. A rate of growth has no
        figure in 2020: there all of it is explained.

    Notes
    -----
    Two steps, each exact. First the causes that a run can be made without: measures and shocks of the scenario
    (as in the base), the cycle (the state of 2020 stays), chance (no noise of single years). Every run without
    some of them is made, and each takes its Shapley value. What is left is the change of the run without any: it
    is written in factors of both years (:class:`Composition`), and each cause takes its Shapley value again.
    """
    check_year(year)
    players = game.players()
    policy = {
        name: tuple(player for player in players if (player in SHOCKS) is (name == OUTSIDE))
        for name in (MEASURES, OUTSIDE)
    }
    switches = [*(name for name, members in policy.items() if members), CYCLE, CHANCE]
    calibration, at = game.calibration, YEAR_ENDS.index(year)
    shares: dict[str, list[Floats]] = {}
    ends: list[tuple[Floats, Floats]] = []
    for first in range(0, draws, BLOCK):
        count = min(BLOCK, draws - first)
        real = Sampled(calibration.model.parameters, seed, first, count, calibration.learned, calibration.latent)

        def run(chosen: Collection[str], real: Sampled = real) -> tuple[Altered, Results, Floats]:
            frozen = {} if CYCLE in chosen else without_cycle(real.value("cycle_2020"))
            sampled = Altered(real, frozen, () if CHANCE in chosen else _CHANCES)
            scenario = game.coalition([player for name, some in policy.items() if name in chosen for player in some])
            inputs = driven(calibration, scenario, sampled)
            totals = moved_cohorts(inputs, cohorts=not chosen, threads=threads)
            series = yearly_series(calibration, totals, sampled.value, inputs.policy, inputs.macro, sampled.noise)
            return sampled, Results(series, totals), inputs.policy.amount("college_entry")

        sampled, rest, college = run(())

        def figures(chosen: Coalition, run: Run = run, rest: Results = rest) -> Floats:
            return _figures(run(chosen)[1] if chosen else rest, keys, at)

        composition = Composition(calibration, sampled, college, rest, keys, year)
        found = shared_out([[name] for name in STRUCTURE], composition.worth)
        found |= shared_out([[name] for name in switches], figures)
        after = figures(frozenset(switches))
        step = _steps(game, keys, at, slice(first, first + count))
        found[DEFINITION] = step
        ends.append((_figures(rest, keys, 0), after + step))
        for name, part in found.items():
            shares.setdefault(name, []).append(part)
        if progress is not None:
            progress(first + count, draws)
    before, after = (np.concatenate(some) for some in zip(*ends, strict=True))
    parts = {name: np.concatenate(shares[name]) for name in CAUSES if name in shares}
    if not parts[DEFINITION].any():
        del parts[DEFINITION]
    groups = {"population": POPULATION, "behaviour": tuple(FACTORS), "events": tuple(parts)[len(STRUCTURE) :]}
    return Shares(groups, parts, before, after)


def _figures(run: Results, keys: Sequence[str], at: int) -> Floats:
    return np.stack([at_year_end(path, at) for path in paths(run.series, keys)], axis=1)


def _steps(game: Game, keys: Sequence[str], at: int, rows: slice) -> Floats:
    """Definition steps (draw, indicator) in the figures of the year."""
    evidence, model = game.calibration.evidence, game.calibration.model
    steps = {} if evidence is None else steps_of_indicators(evidence.steps, model)
    none = np.zeros(rows.stop - rows.start)
    return np.stack([steps[key][rows, at] if key in steps else none for key in keys], axis=1)
