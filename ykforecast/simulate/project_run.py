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
from ykforecast.simulate.recruitment import LEAST_RECRUITMENT
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import ResolvedScenario, resolve

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.project_hires import RecruitShares
    from ykforecast.spec.project import ProjectSpec
    from ykforecast.spec.scenario import Scenario

#: Rounds of raising the odds: of a thousand posts they leave less than ten recruits of any flow, year and draw unmet.
ROUNDS: Final = 5


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
    """

    tree: xr.DataTree
    changes: Changes
    shares: RecruitShares


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
    """
    evidence = calibration.evidence
    [without] = resolve(calibration.model, base, None if evidence is None else evidence.past)
    with_project = replace(
        without,
        name=f"{without.name}+{project.name}",
        label_zh=f"{without.label_zh}＋{project.label_zh}",
        label_en=f"{without.label_en} + {project.label_en}",
    )
    store = Store(calibration, [without, with_project], draws, seed, keep="series", monthly=False)
    shares = recruit_shares(calibration)
    found = []
    for first in range(0, draws, BLOCK):
        count = min(BLOCK, draws - first)
        sampled = Sampled(calibration.model.parameters, seed, first, count, calibration.learned, calibration.latent)
        before, after, changes = _pair(calibration, without, sampled, project, shares, threads)
        store.put(0, first, before)
        store.put(1, first, after)
        found.append(changes)
        if progress is not None:
            progress(first + count, draws)
    return ProjectRuns(store.tree(), Changes.joined(found), shares)


def _pair(
    calibration: Calibration,
    scenario: ResolvedScenario,
    sampled: Sampled,
    project: ProjectSpec,
    shares: RecruitShares,
    threads: int | None,
) -> tuple[Results, Results, Changes]:
    """One block of draws without the project and with it."""
    before = run_block(calibration, scenario, sampled, monthly=True, threads=threads)
    ledger = _ledger(before)
    stocks = before.totals.stocks_by_stratum[:, :, : len(STATES)].sum(axis=3)
    changes = project_changes(project, shares, sampled, ledger, stocks)
    flows = ledger[:, :, : len(FLOWS)]
    moved = moved_by_project(changes, ledger)
    wanted = np.maximum(flows + moved, LEAST_RECRUITMENT * flows)
    # Bands differ by the project's own recruits; the rest of what a flow gains or loses is of all ages.
    in_bands = shares.flows * (flows / shares.flows.sum(axis=1))[..., None]
    others = (moved - changes.recruits.sum(axis=3)) / flows
    relative = np.divide(changes.recruits, in_bands, out=np.zeros_like(changes.recruits), where=in_bands > 0.0)
    shape = np.maximum(1.0 + relative + others[..., None], LEAST_RECRUITMENT)
    dismissed = 1.0 + changes.dismissals / flows
    level = dismissed
    # A pool that empties at the yearly rate r gives (1 - exp(-r)) / r more for odds a hundredth higher, not all of it.
    emptied = np.stack([leaving_share(STATES[origin], ledger, stocks) for origin in ORIGIN], axis=2)
    boost = emptied / -np.expm1(-emptied)
    for _ in range(ROUNDS):
        after = run_block(
            calibration, scenario, sampled, monthly=True, threads=threads, factors=shape * level[..., None]
        )
        carried = _ledger(after)[:, :, : len(FLOWS)]
        level[:, :, STEERED] *= ((wanted / carried) ** boost)[:, :, STEERED]
    return before, after, changes


def _ledger(results: Results) -> np.ndarray:
    """Persons moved by each flow, ndarray (draw, year, row of ``flow_table.LEDGER``)."""
    ledger = results.totals.ledger
    if ledger is None:  # unreachable: the run was monthly
        raise AssertionError("no ledger")
    moved: np.ndarray = ledger.sum(axis=3)
    return moved
