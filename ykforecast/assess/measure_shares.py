"""What each measure of a scenario brings: exact Owen and Shapley values of levers and shocks, draw by draw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.outcomes import Floats, Outcomes
from ykforecast.assess.owen import Coalition, coalition_count, owen_weights
from ykforecast.assess.shares import Groups, Shares
from ykforecast.data.analysis_file import load_analysis
from ykforecast.simulate.blocks import BLOCK
from ykforecast.simulate.coalitions import Game
from ykforecast.simulate.sampled import Sampled
from ykforecast.spec.scenario_table import SHOCKS
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    from ykforecast.spec.analysis import MeasureGroup
    from ykforecast.spec.model import ModelSpec

#: So many players at most are shared out without groups: 2^10 runs.
MOST_PLAYERS: Final = 10
#: Runs of the cohorts that a call may ask for.
MOST_RUNS: Final = 8192
#: The group of what is no measure.
FROM_OUTSIDE: Final = "shocks"


def default_groups(model: ModelSpec, players: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Players by the groups of ``analysis.toml``; each on its own where they are few enough for all orders.

    A lever of a section that no group names is a group of its own; shocks from outside form one.
    """
    if len(players) <= MOST_PLAYERS:
        return {player: (player,) for player in players}
    measures = load_analysis(model).measures
    found: dict[str, list[str]] = {}
    for player in players:
        found.setdefault(_group_of(player, model, measures), []).append(player)
    return {name: tuple(members) for name, members in found.items()}


def _group_of(player: str, model: ModelSpec, measures: Mapping[str, MeasureGroup]) -> str:
    if player in SHOCKS:
        return FROM_OUTSIDE
    section = model.levers[player].where.split()[0]
    return next((key for key, group in measures.items() if section in group.sections), player)


def complete_groups(groups: Mapping[str, Collection[str]], players: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Groups as asked for; players that they do not name follow on their own.

    Raises
    ------
    RequestError
        A name that is no player, or stands in two groups.
    """
    named = list(chain.from_iterable(groups.values()))
    for name in named:
        if name not in players:
            remedy = f"The scenarios do not differ in it. {nearest(name, players)}"
            raise RequestError("nothing to attribute to this", key="groups", value=name, remedy=remedy)
        if named.count(name) > 1:
            raise RequestError("stands in two groups", key="groups", value=name, remedy="Leave it in one")
    rest = {player: (player,) for player in players if player not in named}
    return {name: tuple(members) for name, members in groups.items() if members} | rest


def measure_shares(
    game: Game,
    outcomes: Outcomes,
    groups: Groups,
    draws: int,
    seed: int,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Shares:
    """Owen values of every player in every outcome, and in its attainment where the outcomes go through 2025.

    Parameters
    ----------
    game : Game
    outcomes : Outcomes
    groups : mapping of str to tuple of str
        Every player of the game in one group.
    draws, seed : int
    threads : int, optional
    progress : callable, optional
        Called with (runs done, runs in all).

    Raises
    ------
    RequestError
        Too many runs.

    Notes
    -----
    Coalitions that differ by ledger levers only share their cohorts (:meth:`Game.ledger_players`). A ledger lever
    is null in an indicator that it cannot reach, and values of the others do not change when null players leave
    the game; so each indicator has its own game, and the games are played side by side.
    """
    players, calibration = game.players(), game.calibration
    starts = range(0, draws, BLOCK)

    def sampled(first: int) -> Sampled:
        count = min(BLOCK, draws - first)
        return Sampled(calibration.model.parameters, seed, first, count, calibration.learned, calibration.latent)

    ledgers = game.ledger_players(sampled(0))
    movers = tuple(player for player in players if player not in ledgers)
    needed = coalition_count(_among(movers, groups))
    if needed > MOST_RUNS:
        remedy = f"Give groups= with fewer and smaller groups, or fewer levers=; {MOST_RUNS:,} runs at most"
        raise RequestError(
            f"{needed:,} runs of the cohorts would be needed", key="groups", value=list(groups), remedy=remedy
        )
    reach = apart(_reach(game, outcomes, movers, ledgers, sampled(0)))
    games = [_weights(_among((*movers, *reached), groups), players) for reached in reach]
    cohorts = sorted({coalition - set(ledgers) for weights in games for coalition in weights}, key=sorted)
    # Of the outcomes, and of their attainment.
    shape = (2, draws, len(outcomes.keys))
    share, base, whole = np.zeros((len(players), *shape)), np.zeros(shape), np.zeros(shape)
    done = 0
    for first in starts:
        draw_block = sampled(first)
        rows = slice(first, first + draw_block.draws)
        for moving in cohorts:
            block = game.block(draw_block, moving, ledgers, threads)
            for variant in _variants(reach):
                values = outcomes(block.series(set(chain.from_iterable(variant.values()))), first)
                pair = np.stack([values, outcomes.met(values)])
                for column, chosen in variant.items():
                    coalition = moving | frozenset(chosen)
                    weight = games[column].get(coalition)
                    if weight is not None:
                        share[:, :, rows, column] += weight[:, None, None] * pair[..., column]
                    if not coalition:
                        base[:, rows, column] = pair[..., column]
                    if len(coalition) == len(movers) + len(reach[column]):
                        whole[:, rows, column] = pair[..., column]
            done += draw_block.draws
            if progress is not None:
                progress(done, draws * len(cohorts))
    figure, met = (
        Shares(groups, dict(zip(players, share[:, which], strict=True)), base[which], whole[which]) for which in (0, 1)
    )
    return replace(figure, met=met) if outcomes.judged else figure


def _reach(
    game: Game, outcomes: Outcomes, movers: Collection[str], ledgers: Collection[str], sampled: Sampled
) -> list[tuple[str, ...]]:
    """Ledger levers that can reach each indicator.

    What a lever adds is replaced by what is not a number. An indicator that is still a number in every draw, with
    all other measures on and with none, was not computed from it.
    """
    found: list[list[str]] = [[] for _ in outcomes.keys]
    for chosen, beside in ((frozenset(movers), ledgers), (frozenset(), ())):
        block = game.block(sampled, chosen, ledgers)
        for lever in ledgers:
            lost = np.isnan(outcomes(block.series(beside, unknown=(lever,)))).any(axis=0)
            for column in np.flatnonzero(lost):
                if lever not in found[column]:
                    found[column].append(lever)
    return [tuple(levers) for levers in found]


def apart(reach: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Levers of each indicator, widened so that those of two indicators are the same or have none in common.

    Only then can the choices of one indicator be made beside those of another; that a lever cannot reach one of them
    does no harm, it gets nothing there.
    """
    parts: list[set[str]] = []
    for levers in reach:
        touching = [part for part in parts if not part.isdisjoint(levers)]
        parts = [*(part for part in parts if part not in touching), set(levers).union(*touching)]
    return [
        tuple(sorted(next(part for part in parts if part.issuperset(levers)))) if levers else () for levers in reach
    ]


def _variants(reach: Sequence[Sequence[str]]) -> list[dict[int, tuple[str, ...]]]:
    """Choices of ledger levers by indicator, side by side: the n-th of each that has so many, so none comes twice."""
    choices = [[chosen for size in range(len(levers) + 1) for chosen in combinations(levers, size)] for levers in reach]
    most = max(map(len, choices))
    return [{column: one[n] for column, one in enumerate(choices) if n < len(one)} for n in range(most)]


def _among(players: Collection[str], groups: Groups) -> list[list[str]]:
    """Groups of these players only, without those that are left empty."""
    kept = ([one for one in members if one in players] for members in groups.values())
    return [members for members in kept if members]


def _weights(groups: Sequence[Sequence[str]], players: Sequence[str]) -> dict[Coalition, Floats]:
    """Weights of coalitions as vectors over all players."""
    found = {}
    for coalition, weights in owen_weights(groups).items():
        found[coalition] = np.array([weights.get(player, 0.0) for player in players])
    return found
