"""Attribution (归因): how much of a change each measure or cause brings, exactly and in every draw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from ykforecast.assess.cause_shares import cause_shares
from ykforecast.assess.figure_shares import figure_shares
from ykforecast.assess.measure_shares import complete_groups, default_groups, measure_shares
from ykforecast.assess.outcomes import Outcomes, known_indicators
from ykforecast.assess.part_labels import part_labels
from ykforecast.simulate.coalitions import Game, players
from ykforecast.simulate.request import requested
from ykforecast.simulate.scenarios import resolve_one
from ykforecast.vocabulary.dims import HORIZON
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.assess.part_labels import Labels
    from ykforecast.assess.shares import Shares
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.scenarios import ResolvedScenario
    from ykforecast.spec.scenario import Scenario

Over = Literal["levers", "causes", "figures"]
WAYS: Final = ("levers", "causes", "figures")
DEFAULT_DRAWS: Final = 500


def attribute(
    calibration: Calibration,
    scenario: str | Scenario = "plan",
    base: str | Scenario = "baseline",
    over: Over = "levers",
    *,
    indicators: Iterable[str] | str | None = None,
    levers: Iterable[str] | None = None,
    groups: Mapping[str, Collection[str]] | None = None,
    year: int = HORIZON,
    draws: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Share out a change among the measures or the causes that make it: exact Shapley values, draw by draw.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate` or :func:`ykforecast.assimilate`.
    scenario, base : str or Scenario
        Names may be joined with ``+``. ``base`` is what the scenario is compared with.
    over : {"levers", "causes", "figures"}
        ``levers``: the difference of the two scenarios among levers and shocks. ``causes``: the change of the year
        against 2020 among population, participation, work, enrolment, the cycle and the measures of ``scenario``.
        ``figures``: the change that interim figures brought to the forecast, among themes of uncertain numbers.
    indicators : str or iterable of str, optional
        All of them if left out.
    levers : iterable of str, optional
        With ``levers``: only these levers and shocks of the scenario take part; the others stay as in ``base``.
    groups : mapping of str to collection of str, optional
        With ``levers``: players that are taken together (Owen values). If left out, sections of the plan as
        ``analysis.toml`` groups them; ten players or fewer are not grouped.
    year : int
        2021 to 2025.
    draws, seed : int, optional
        500 draws and the seed 2020 if left out, or those that were conditioned on figures.
    threads : int, optional
    progress : callable, optional
        Called with (work done, work in all).

    Returns
    -------
    Dataset
        ``share`` (part, indicator, draw): part of each measure or cause, base units of the outcome on the basis of
        its target (with ``causes`` of the figure of the year); the parts of a draw add up to ``difference``
        (indicator, draw). With ``levers`` in 2025, of which the targets are, also ``probability_share`` and its Monte
        Carlo error (part, indicator), which add up to the change from ``probability_before`` to
        ``probability_after``.

    Raises
    ------
    RequestError
        An unknown scenario, lever, indicator or year; two scenarios that do not differ; too many runs.

    See Also
    --------
    ykforecast.assess.owen.owen_weights : the values and their formula.
    """
    if over not in WAYS:
        raise RequestError("unknown choice", key="over", value=over, remedy=f"Choose one of {', '.join(WAYS)}.")
    for key, given in (("levers", levers), ("groups", groups)):
        if given is not None and over != "levers":
            raise RequestError(f"{over} have no measures to choose", key=key, value=list(given), remedy="Leave it out.")
    model, evidence = calibration.model, calibration.evidence
    draws, seed = requested(calibration, draws, seed, DEFAULT_DRAWS, threads=threads)
    keys = known_indicators(model, indicators)
    past = None if evidence is None else evidence.past
    both = (resolve_one(model, one, past, key) for key, one in (("base", base), ("scenario", scenario)))
    game = Game(calibration, *both)
    if over == "levers":
        game, parts = _restricted(game, levers)
        chosen = default_groups(model, parts) if groups is None else complete_groups(groups, parts)
        outcomes = Outcomes(calibration, keys, year)
        found = measure_shares(game, outcomes, chosen, draws, seed, threads=threads, progress=progress)
    elif over == "causes":
        found = cause_shares(game, keys, year, draws, seed, threads=threads, progress=progress)
    else:
        before = resolve_one(model, scenario)
        found = figure_shares(calibration, before, game.scenario, keys, year, draws, threads=threads, progress=progress)
    names: dict[str, str | int] = {"over": over, "year": year}
    for what, one in (("scenario", game.scenario), ("base", game.base)):
        names |= {what: one.name, f"{what}_zh": one.label_zh, f"{what}_en": one.label_en}
    return _labelled(found, keys, part_labels(over, model)).assign_attrs(names | {"draws": draws, "seed": seed})


def _restricted(game: Game, levers: Iterable[str] | None) -> tuple[Game, tuple[str, ...]]:
    """The game of some of the players, and these."""
    names = check_levers(game.base, game.scenario, levers)
    if levers is not None:
        whole = game.scenario
        some = replace(game.coalition(names), name=whole.name, label_zh=whole.label_zh, label_en=whole.label_en)
        game = replace(game, scenario=some)
    return game, game.players()


def check_levers(
    base: ResolvedScenario, scenario: ResolvedScenario, levers: Iterable[str] | None = None
) -> tuple[str, ...]:
    """Levers and shocks to attribute to: those asked for, or all in which the scenarios differ.

    Raises
    ------
    RequestError
        The scenarios do not differ, or not in one that is asked for.
    """
    known = players(base, scenario)
    if not known:
        raise RequestError(
            "the scenarios do not differ",
            key="scenario",
            value=scenario.name,
            remedy="Give two scenarios with other doses or shocks",
        )
    chosen = known if levers is None else tuple(levers)
    for name in chosen:
        if name not in known:
            remedy = f"The scenarios do not differ in it. {nearest(name, known)}"
            raise RequestError("nothing to attribute to this", key="levers", value=name, remedy=remedy)
    return chosen


def _labelled(found: Shares, keys: Sequence[str], labels: Labels) -> xr.Dataset:
    import xarray as xr

    players = [player for members in found.groups.values() for player in members]
    groups = [name for name, members in found.groups.items() for _ in members]
    cells, by_draw = ("part", "indicator"), ("indicator", "draw")
    variables: dict[str, Any] = {
        "share": ((*cells, "draw"), np.stack([found.share[player].T for player in players])),
        "difference": (by_draw, (found.after - found.before).T),
        "before": (by_draw, found.before.T),
        "after": (by_draw, found.after.T),
    }
    if found.met is not None:
        share = np.stack([found.met.share[player] for player in players])
        variables |= {
            "probability_share": (cells, share.mean(axis=1)),
            "probability_error": (cells, share.std(axis=1) / share.shape[1] ** 0.5),
            "probability_before": ("indicator", found.met.before.mean(axis=0)),
            "probability_after": ("indicator", found.met.after.mean(axis=0)),
        }
    return xr.Dataset(
        variables,
        coords={
            "part": players,
            "indicator": list(keys),
            "draw": np.arange(len(found.before)),
            **_names("part", players, labels),
            "group": ("part", groups),
            **_names("group", groups, labels),
        },
    )


def _names(what: str, keys: Sequence[str], labels: Labels) -> dict[str, tuple[str, list[str]]]:
    """Names of parts or of their groups, as coordinates of the parts; a group of the caller's own has its key."""
    return {
        f"{what}_{lang}": ("part", [labels.get(key, (key, key))[column] for key in keys])
        for column, lang in enumerate(("zh", "en"))
    }
