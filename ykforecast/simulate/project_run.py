"""The city with a project and without it, draw by draw with the same random numbers.

Posts are persons, odds are not: where a pool of job seekers shrinks, the same odds bring other firms fewer hires,
and most of a project would vanish within two years. So the odds are raised until every flow into work carries what
it carries without the project, plus the project's own recruits, less what the assessor says it displaces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.kernels.flow_table import FLOWS, ORIGIN, STATES
from ykforecast.simulate.assemble import Results, Store
from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.blocks import BLOCK
from ykforecast.simulate.project_hires import (
    STEERED,
    Changes,
    leaving_share,
    moved_by_project,
    project_changes,
    recruit_shares,
)
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import ResolvedScenario, resolve_one
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.project_hires import RecruitShares
    from ykforecast.spec.project import ProjectSpec
    from ykforecast.spec.scenario import Scenario

#: Rounds of raising the odds: of a thousand posts they leave unmet less than fifteen moves of a draw and year.
ROUNDS: Final = 5
#: A flow keeps at least this share of its persons: odds of nothing cannot be steered. A guard; what it leaves unmet
#: is counted, and refused where it matters.
LEAST_FLOW: Final = 0.05
#: Most that may stay unmet, all years together, over the project's posts: docs/method/impact.md promises that stocks
#: follow posts within a tenth.
MOST_UNMET: Final = 0.1


@dataclass(frozen=True, slots=True)
class ProjectRuns:
    """Paired runs and what the project asked of the labour flows.

    Attributes
    ----------
    tree : DataTree
        Two scenarios: without the project, and with it.
    changes : Changes
        All draws.
    shares : RecruitShares
    unmet : ndarray (draw, year)
        Recruits and dismissals that the project asks for and the odds did not bring, persons.
    """

    tree: xr.DataTree
    changes: Changes
    shares: RecruitShares
    unmet: np.ndarray


def run_project(
    calibration: Calibration,
    project: ProjectSpec,
    base: str | Scenario,
    draws: int,
    seed: int,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ProjectRuns:
    """Run a scenario without and with a project.

    Parameters
    ----------
    calibration : Calibration
    project : ProjectSpec
    base : str or Scenario
        Policies of both runs.
    draws, seed : int
    threads : int, optional
    progress : callable, optional
        Called with (draws done, draws in all) after each block.

    Raises
    ------
    RequestError
        Posts beyond what the flows of the city can bring.
    """
    evidence = calibration.evidence
    without = resolve_one(calibration.model, base, None if evidence is None else evidence.past, "base")
    with_project = replace(
        without,
        name=f"{without.name}+{project.name}",
        label_zh=f"{without.label_zh}＋{project.label_zh}",
        label_en=f"{without.label_en} + {project.label_en}",
    )
    store = Store(calibration, [without, with_project], draws, seed, keep="series", monthly=False)
    shares = recruit_shares(calibration)
    found, missed = [], []
    for first in range(0, draws, BLOCK):
        count = min(BLOCK, draws - first)
        sampled = Sampled(calibration.model.parameters, seed, first, count, calibration.learned, calibration.latent)
        before, after, changes, unmet = _pair(calibration, without, sampled, project, shares, threads)
        store.put(0, first, before)
        store.put(1, first, after)
        found.append(changes)
        missed.append(unmet)
        if progress is not None:
            progress(first + count, draws)
    runs = ProjectRuns(store.tree(), Changes.joined(found), shares, np.concatenate(missed))
    _check_met(project, runs.unmet)
    return runs


def _check_met(project: ProjectSpec, unmet: np.ndarray) -> None:
    """Refuse a project whose posts the flows of the city did not follow."""
    most = float(np.abs([phase.path() for phase in project.phases]).sum(axis=0).max())
    missing = float(unmet.mean(axis=0).sum())
    if missing > MOST_UNMET * most:
        raise RequestError(
            f"the flows of the city do not bring {missing:,.0f} of the moves that these posts ask for",
            key="posts",
            value=most,
            remedy="Write fewer posts, or spread them over more years",
        )


def _pair(
    calibration: Calibration,
    scenario: ResolvedScenario,
    sampled: Sampled,
    project: ProjectSpec,
    shares: RecruitShares,
    threads: int | None,
) -> tuple[Results, Results, Changes, np.ndarray]:
    """One block of draws without the project and with it, and the moves (draw, year) that stayed unmet."""
    before = run_block(calibration, scenario, sampled, monthly=True, threads=threads)
    ledger = _ledger(before)
    stocks = _stocks(before)
    changes = project_changes(project, shares, sampled, ledger, stocks)
    flows = ledger[:, :, : len(FLOWS)]
    moved = moved_by_project(changes, ledger)
    asked = flows + moved
    dismissing = changes.dismissals > 0.0
    steered = dismissing.copy()
    steered[:, :, STEERED] = True
    # Bands differ by the project's own recruits; the rest of what a flow gains or loses is of all ages.
    in_bands = shares.flows * (flows / shares.flows.sum(axis=1))[..., None]
    others = (moved - changes.recruits.sum(axis=3)) / flows
    relative = np.divide(changes.recruits, in_bands, out=np.zeros_like(changes.recruits), where=in_bands > 0.0)
    shape = np.maximum(1.0 + relative + others[..., None], LEAST_FLOW)
    level = 1.0 + changes.dismissals / flows
    # A pool that empties at the yearly rate r gives (1 - exp(-r)) / r more for odds a hundredth higher, not all of it.
    emptied = np.stack([leaving_share(STATES[origin], ledger, stocks) for origin in ORIGIN], axis=2)
    boost = emptied / -np.expm1(-emptied)
    for _ in range(ROUNDS):
        after = run_block(
            calibration, scenario, sampled, monthly=True, threads=threads, factors=shape * level[..., None]
        )
        carried = _ledger(after)[:, :, : len(FLOWS)]
        # Those who leave anyway are as many of those who are there, and the dismissed come on top.
        leavers = flows * (_held(after) / _held(before))[:, :, ORIGIN]
        asked = np.where(dismissing, leavers + changes.dismissals, asked)
        wanted = np.maximum(asked, LEAST_FLOW * flows)
        level *= np.where(steered, (wanted / carried) ** boost, 1.0)
    return before, after, changes, (abs(asked - carried) * steered).sum(axis=2)


def _stocks(results: Results) -> np.ndarray:
    """Residents by labour state, ndarray (draw, year_end, state)."""
    stocks: np.ndarray = results.totals.stocks_by_stratum[:, :, : len(STATES)].sum(axis=3)
    return stocks


def _held(results: Results) -> np.ndarray:
    """Residents by labour state, mean of both ends of each year, ndarray (draw, year, state)."""
    stocks = _stocks(results)
    held: np.ndarray = 0.5 * (stocks[:, 1:] + stocks[:, :-1])
    return held


def _ledger(results: Results) -> np.ndarray:
    """Persons moved by each flow, ndarray (draw, year, row of ``flow_table.LEDGER``)."""
    ledger = results.totals.ledger
    if ledger is None:  # unreachable: the run was monthly
        raise AssertionError("no ledger")
    moved: np.ndarray = ledger.sum(axis=3)
    return moved
