"""The one loop: blocks of draws through the cohort kernel, into labelled results.

A block is a function of (calibration, scenario, seed, numbers of its draws) only, so any cutting into
blocks, any number of threads and any set of other scenarios give the same bits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Literal, TypeVar

import numpy as np

from ykforecast.kernels import draw_columns
from ykforecast.kernels.cohort import CohortTotals, available_threads, run_cohorts
from ykforecast.kernels.flow_table import CLASSES, STATES
from ykforecast.processes.economy import (
    absorbed_by_pulse,
    cycle_paths,
    growth_model,
    macro_path,
    recession_falls,
    separation_pulse,
    sudden_falls,
)
from ykforecast.simulate.assemble import Results, Store
from ykforecast.simulate.driven import Driven
from ykforecast.simulate.mechanisms import policy_paths
from ykforecast.simulate.policy import TAKE_UP, PolicyPaths, Setting
from ykforecast.simulate.repeated_run import RepeatedRun
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import ResolvedScenario, resolve
from ykforecast.simulate.series import yearly_series
from ykforecast.simulate.tilts import TILTED, tilt_range
from ykforecast.spec.lever import PROGRAMME_SHARES
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.dims import MONTHS, YEARS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.processes.economy import MacroPath
    from ykforecast.simulate.calibrated import Calibration, JumpOff
    from ykforecast.simulate.sampling import Draws

T = TypeVar("T")
Keep = Literal["series", "totals", "cohorts"]
KEEP: Final = ("series", "totals", "cohorts")
#: Draws of one block: about 12 MB of kernel output, so that memory does not grow with the draws.
BLOCK: Final = 1024
DEFAULT_DRAWS: Final = 10_000
#: Without a number asked for, single ages are kept of fewer draws: each takes about 0.3 MB a scenario.
DEFAULT_COHORT_DRAWS: Final = 1_000
COHORT_BYTES: Final = 310_000
MOST_COHORT_BYTES: Final = 12 * 2**30
DEFAULT_SEED: Final = 2020


def kernel_parameters(calibration: JumpOff, sampled: Draws) -> np.ndarray:
    """The kernel's matrix of parameters (draw, column), columns as in ``kernels.draw_columns``.

    Recruitment is left to :meth:`ykforecast.simulate.recruitment.Recruitment.fill`: it answers to the others.
    """
    value = sampled.value
    matrix = np.zeros((sampled.draws, draw_columns.WIDTH))
    columns = draw_columns.COLUMNS
    parameters = calibration.model.parameters
    for j, name in enumerate(TILTED):
        low, high = tilt_range(parameters, name)
        matrix[:, columns["w"].start + j] = (value(name) - 0.5 * (low + high)) / (0.5 * (high - low))
    for name in CLASSES:
        # Recruitment into public posts has no level of its own: the establishment sets it.
        if name != "public":
            matrix[:, columns["theta"].start + CLASSES.index(name)] = value(f"theta_{name}")
    for name in ("find", "separate", "enter", "exit"):
        matrix[:, columns["beta"].start + CLASSES.index(name)] = value(f"beta_{name}") * (
            -1.0 if name == "separate" else 1.0
        )
    matrix[:, columns["pulse"].start + CLASSES.index("separate")] = 1.0
    single = {
        "beta_delta": value("beta_interrupt"),
        "up_level": value("take_up_hazard"),
        "rho": np.full(sampled.draws, calibration.return_hazard),
        "delta": np.full(sampled.draws, calibration.interruption_odds),
        "shed": value("shedding"),
        "omega": value("interrupted_leaving"),
        "mort": value("mortality_odds"),
    }
    for name, column in single.items():
        matrix[:, columns[name].start] = column
    matrix[:, columns["move_level"]] = value("move_level")[:, None]
    steps = np.cumsum(value("fertility_step")[:, None] * sampled.noise("fertility", len(YEARS)), axis=1)
    matrix[:, columns["fert_level"]] = value("fertility_level")[:, None] * np.exp(steps)
    matrix[:, columns["mig_level"]] = value("migration_level")[:, None] + value("migration_step")[
        :, None
    ] * sampled.noise("migration", len(YEARS))
    return matrix


def keep_take_up_a_share(policy: PolicyPaths, level: np.ndarray, shape: np.ndarray) -> None:
    """Lower the factor on take-up in the years where hazard, shape by age and policy together pass what a share can be.

    Year by year: what is done in one year must not reach back to those before it.

    Parameters
    ----------
    policy : PolicyPaths
    level : ndarray (draw,)
        Monthly hazard of take-up at a shape and a policy of one.
    shape : ndarray (..., age)
    """
    hazard = level[:, None] * shape.max() * policy.pension[:, :, TAKE_UP]
    if (hazard >= 1.0).any():
        # A hair below one: the product of three rounded numbers may pass it.
        policy.scale_pension(TAKE_UP, np.minimum((1.0 - 1e-12) / hazard, 1.0) - 1.0)


def economy(sampled: Draws, entries: np.ndarray, *, downturn: np.ndarray, fixed: Sequence[float | None]) -> MacroPath:
    """Cycle and growth of one block of draws.

    Parameters
    ----------
    sampled : Draws
    entries : ndarray (draw, month)
        Uniform numbers: a recession begins where they lie below its monthly hazard.
    downturn : ndarray (month,)
        Fall imposed by a scenario, units of the cycle.
    fixed : sequence of float or None, one a year
        Given growth of output, fraction.
    """
    value = sampled.value
    recessions = recession_falls(entries, value("recession_hazard"), value("recession_depth"))
    falls = sudden_falls(recessions, downturn)
    cycle = cycle_paths(
        sampled.noise("cycle", MONTHS),
        recessions,
        start=value("cycle_jump_off"),
        reference=value("cycle_2020"),
        persistence=value("cycle_persistence"),
        noise=value("cycle_noise"),
        downturn=downturn,
    )
    pulse = separation_pulse(
        falls,
        size=value("separation_pulse"),
        recall=value("separation_recall"),
        fading=value("cycle_persistence"),
    )
    return macro_path(
        cycle,
        growth_model(value, sampled.noise("gdp", len(YEARS))),
        absorbed_by_pulse(recessions, downturn, value("cycle_persistence")),
        pulse,
        # The months of 2020 lay below its last one: growth of 2021 starts from their mean.
        before=value("cycle_jump_off") - value("cycle_recovery_2020") - value("cycle_2020"),
        fixed=fixed,
    )


def driven(
    calibration: Calibration, scenario: ResolvedScenario, sampled: Draws, factors: np.ndarray | None = None
) -> Driven:
    """Economy, measures and parameters of one scenario for one block of draws.

    ``factors`` (draw, year, flow, band) multiply the odds of the labour flows beside those of the levers.
    """
    model, value = calibration.model, sampled.value
    macro = economy(
        sampled,
        sampled.uniform("recession", MONTHS),
        downturn=scenario.downturn,
        fixed=scenario.gdp_growth,
    )
    setting = Setting(
        annual_flows=calibration.base.odds.annual_flows,
        annual_take_up=calibration.central.annual_take_up * calibration.take_up_pool,
        programmes={name: value(name) for name in model.parameters if name.startswith(PROGRAMME_SHARES)},
        seekers=value("training_seekers"),
        enterprise_staff=calibration.enterprise_staff,
        flexible_workers=float(calibration.shared["labour0"][:, STATES.index("flexible")].sum()),
        employed=float(calibration.central.employment[0]),
        separation_rise=np.maximum(macro.pulse, 0.0)
        - value("beta_separate")[:, None] * np.minimum(macro.lasting + value("cycle_2020")[:, None], 0.0),
    )
    policy = policy_paths(scenario, model.levers, value, setting)
    if factors is not None:
        policy.odds = policy.odds * factors[:, :, :, None]
    parameters = kernel_parameters(calibration, sampled)
    columns = draw_columns.COLUMNS
    # Movers a year beyond the drawn level, over those of a level of one.
    parameters[:, columns["move_level"]] += policy.amount("moves") / calibration.population.annual_moves
    if scenario.migration.any():
        parameters[:, columns["mig_level"]] += scenario.migration / calibration.population.migration_unit
    keep_take_up_a_share(policy, value("take_up_hazard"), calibration.shared["take_up_shape"])
    shared, recruitment = dict(calibration.shared), calibration.recruitment
    if policy.delayed_retirement:
        shared |= calibration.delayed
        recruitment = calibration.delayed_recruitment
    recruitment.fill(parameters, value("public_posts_growth"), policy.amount("public_posts"))
    return Driven(macro, setting, policy, parameters, shared)


def moved_cohorts(
    inputs: Driven,
    *,
    monthly: bool = False,
    cohorts: bool = False,
    threads: int | None = None,
    kernel: Callable[..., CohortTotals] = run_cohorts,
) -> CohortTotals:
    """Sixty months of the cohorts of one block of draws."""
    return kernel(
        inputs.shared,
        inputs.parameters,
        inputs.macro.lasting,
        inputs.policy.factors(),
        inputs.policy.pension,
        pulse=inputs.macro.pulse,
        monthly=monthly,
        cohorts=cohorts,
        threads=threads,
    )


def run_block(
    calibration: Calibration,
    scenario: ResolvedScenario,
    sampled: Draws,
    *,
    monthly: bool = False,
    cohorts: bool = False,
    threads: int | None = None,
    factors: np.ndarray | None = None,
    kernel: Callable[..., CohortTotals] = run_cohorts,
) -> Results:
    """One scenario for one block of draws; ``factors`` as in :func:`driven`."""
    inputs = driven(calibration, scenario, sampled, factors)
    totals = moved_cohorts(inputs, monthly=monthly, cohorts=cohorts, threads=threads, kernel=kernel)
    series = yearly_series(calibration, totals, sampled.value, inputs.policy, inputs.macro, sampled.noise)
    return Results(series=series, totals=totals)


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
    evidence, latent = calibration.evidence, calibration.latent
    if draws is None:
        draws = DEFAULT_COHORT_DRAWS if keep == "cohorts" else DEFAULT_DRAWS
        draws = draws if latent is None else min(draws, latent.draws)
    if seed is None:
        seed = DEFAULT_SEED if latent is None else latent.seed
    check_request(draws, seed, keep, block, threads, first)
    if latent is not None:
        latent.check(seed, first + draws)
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


def side_by_side(starts: Sequence[int], threads: int | None) -> int:
    """Blocks to work on at a time: as many as there are threads, or processors."""
    return min(threads or available_threads(), len(starts))


def in_order(work: Callable[[int], T], starts: Sequence[int], workers: int) -> Iterator[tuple[int, T]]:
    """Results of blocks in their order, computed by threads no further ahead than their number."""
    if workers <= 1:
        for first in starts:
            yield first, work(first)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[int, Future[T]]] = deque()
        for first in starts:
            waiting.append((first, pool.submit(work, first)))
            if len(waiting) > workers:
                start, future = waiting.popleft()
                yield start, future.result()
        while waiting:
            start, future = waiting.popleft()
            yield start, future.result()


def check_request(
    draws: int, seed: int, keep: str = "series", block: int = BLOCK, threads: int | None = None, first: int = 0
) -> None:
    """Refuse numbers that no run can have, before anything is computed.

    Raises
    ------
    RequestError
    """
    least_of = {
        "draws": (draws, 1),
        "seed": (seed, 0),
        "block": (block, 1),
        "threads": (1 if threads is None else threads, 1),
        "first": (first, 0),
    }
    for key, (number, least) in least_of.items():
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < least:
            raise RequestError(
                "not a possible number",
                key=key,
                value=number,
                remedy=f"Give a whole number of at least {least}.",
            )
    if seed >= 2**63:
        raise RequestError("too large", key="seed", value=seed, remedy="Give a number below 2**63.")
    if keep not in KEEP:
        raise RequestError("unknown choice", key="keep", value=keep, remedy=f"Choose one of {', '.join(KEEP)}.")
