"""The one loop: blocks of draws through the cohort kernel, into labelled results.

A block is a function of (calibration, scenario, seed, numbers of its draws) only, so any cutting into
blocks, any number of threads and any set of other scenarios give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal

from ykforecast.kernels.cohort import run_cohorts
from ykforecast.simulate.assemble import Results, Store
from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.blocks import BLOCK, in_order, side_by_side
from ykforecast.simulate.repeated_run import RepeatedRun
from ykforecast.simulate.request import requested
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import ResolvedScenario, resolve
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration

Keep = Literal["series", "totals", "cohorts"]
KEEP: Final = ("series", "totals", "cohorts")
DEFAULT_DRAWS: Final = 10_000
#: Without a number asked for, single ages are kept of fewer draws: each takes about 0.3 MB a scenario.
DEFAULT_COHORT_DRAWS: Final = 1_000
COHORT_BYTES: Final = 310_000
MOST_COHORT_BYTES: Final = 12 * 2**30


def project(
    calibration: Calibration,
    scenarios: Iterable[str | Scenario] | str | Scenario = ("baseline", "plan"),
    draws: int | None = None,
    seed: int | None = None,
    *,
    keep: Keep = "totals",
    monthly: bool = False,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    block: int = BLOCK,
    first: int = 0,
) -> xr.DataTree:
    """Project the city over 2021-2025 under scenarios, with parameter and process uncertainty.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate`.
    scenarios : str, Scenario or iterable of these
        Names may be joined, scaled and shifted, as in ``plan*0.5+slow-growth`` (`spec.scenario_expression`). All share
        the same draws: a difference between two is policy.
    draws : int, optional
        Number of draws: 10,000 if left out, 1,000 with ``keep="cohorts"``; no more than were conditioned on
        figures, where some were, see :func:`ykforecast.assimilate`.
    seed : int, optional
        Seed of every stream of random numbers: 2020 if left out, or that of the conditioned draws.
    keep : {"totals", "series", "cohorts"}
        ``series``: yearly series only, for very many draws; ``totals``: also stocks by sex, residence and
        age group; ``cohorts``: also single ages with their deaths and migration, and the ledger of flows.
    monthly : bool
        Keep monthly unemployed, labour force, employed and insured persons.
    threads : int, optional
        Threads of the kernel; the result is the same to the last bit.
    progress : callable, optional
        Called with (draws done, draws in all) after each block.
    block : int
        Draws of one block; the result is the same to the last bit.
    first : int
        Number of the first draw: runs of draws 0-999 and 1000-1999 side by side are a run of draws 0-1999.

    Returns
    -------
    xarray.DataTree
        Groups ``series`` (scenario, draw, year or year_end), ``policy`` (doses and shocks of the scenarios) and, as
        asked, ``stocks``, ``flows``, ``monthly``, ``cohorts``. Persons and fractions; every variable has units and a
        Chinese name.

    Raises
    ------
    RequestError
        Draws, seed, block, threads or ``keep`` are impossible, or a scenario is unknown.
    ScenarioError
        A scenario does not fit the model.
    """
    evidence = calibration.evidence
    default = DEFAULT_COHORT_DRAWS if keep == "cohorts" else DEFAULT_DRAWS
    if keep not in KEEP:
        raise RequestError("unknown choice", key="keep", value=keep, remedy=f"Choose one of {', '.join(KEEP)}.")
    draws, seed = requested(calibration, draws, seed, default, threads=threads, block=block, first=first)
    resolved = resolve(calibration.model, scenarios, None if evidence is None else evidence.past)
    needed = draws * len(resolved) * COHORT_BYTES
    if keep == "cohorts" and needed > MOST_COHORT_BYTES:
        raise RequestError(
            f"single ages of so many draws would take {needed / 2**30:,.0f} GiB",
            key="draws",
            value=draws,
            remedy=f"At most {MOST_COHORT_BYTES // (COHORT_BYTES * len(resolved)):,} draws with keep='cohorts' here; "
            "totals of any number with keep='totals'.",
        )
    store = Store(calibration, resolved, draws, seed, keep=keep, monthly=monthly, first=first)
    done = 0
    for start, found in run_blocks(
        calibration,
        resolved,
        draws,
        seed,
        first=first,
        block=block,
        monthly=monthly,
        cohorts=keep == "cohorts",
        threads=threads,
    ):
        for number, results in enumerate(found):
            store.put(number, start, results)
            done += min(block, first + draws - start)
            if progress is not None:
                progress(done, draws * len(resolved))
    return store.tree()


def run_blocks(
    calibration: Calibration,
    scenarios: Sequence[ResolvedScenario],
    draws: int,
    seed: int,
    *,
    first: int = 0,
    block: int = BLOCK,
    monthly: bool = False,
    cohorts: bool = False,
    threads: int | None = None,
) -> Iterator[tuple[int, list[Results]]]:
    """First draw and results by scenario of each block, in their order."""
    starts = range(first, first + draws, block)
    workers = side_by_side(starts, threads)

    def work(start: int) -> list[Results]:
        sampled = Sampled(
            calibration.model.parameters,
            seed,
            start,
            min(block, first + draws - start),
            calibration.learned,
            calibration.latent,
        )
        kernel = RepeatedRun(run_cohorts)
        return [
            run_block(
                calibration,
                scenario,
                sampled,
                monthly=monthly,
                cohorts=cohorts,
                # Whole blocks run side by side; a single block shares its draws out among the threads.
                threads=1 if workers > 1 else threads,
                kernel=kernel,
            )
            for scenario in scenarios
        ]

    return in_order(work, starts, workers)
