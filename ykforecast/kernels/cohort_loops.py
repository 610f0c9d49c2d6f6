"""The fused cohort kernel: draw > year > stratum > block of ages > month > age, in flat buffers.

One draw at a time, so that its whole state stays in the first two caches. The month
loops come in two generated kinds (``cohort_months``): lean, and with every flow kept.
The kernel is compiled for either when it is first needed: without a ledger (None) numba
leaves out what is done for one, which saves users who never ask for single ages a third
of their first call. The style (flat arrays, counted loops, plain
arithmetic) is the subset that ``benchmarks`` turns into C for comparison.

Ages do not touch within a year, so eight of them go through its twelve months at once.
Threads are Python threads, not numba's: no threading layer to load, no setting that
other packages share, and blocks of draws go to whichever thread is free. Each
has scratch of its own, and the kernel releases the interpreter's lock. No number ever
passes between draws.
"""

from __future__ import annotations

from typing import Any

from ykforecast.kernels import draw_columns, layout
from ykforecast.kernels.arithmetic import positive, row_sum, strand_sum
from ykforecast.kernels.cohort_months import months, months_with_ledger
from ykforecast.kernels.cohort_start import cycle_multipliers, interruption, spread_policy, start
from ykforecast.kernels.cohort_year_end import (
    bear,
    close_people,
    close_stocks,
    move_to_towns,
    report_cohorts,
    report_stocks,
    year_rates,
)
from ykforecast.kernels.compile_cache import inner, kernel

BLOCK, LABOUR, KINDS = layout.BLOCK, layout.LABOUR, layout.KINDS
MONTHS, YEARS, BANDS, AGES = layout.MONTHS, layout.YEARS, layout.BANDS, layout.AGES
STRATA, REPORTED, GROUPS = layout.STRATA, layout.REPORTED, layout.GROUPS
FLOW_COUNT, LEDGER_ROWS = layout.FLOW_COUNT, layout.LEDGER_ROWS
SUM_COUNT, WIDTH = len(layout.SUMS), draw_columns.WIDTH
S_SUMS, S_LEDGER, S_MONTH = (layout.SCRATCH_AT[name] for name in ("sums", "ledger", "month"))
H_KAPPA, H_COVER = layout.SHARED_AT["kappa"], layout.SHARED_AT["cover"]
S_ROW = layout.SCRATCH_AT["row"]
STOCKS, BLOCKS, AGE_BLOCK, COVERS = layout.STOCKS, layout.BLOCKS, layout.BLOCK, 3
UP_LEVEL, RHO, DELTA, SHED, FOLLOW, ACCOUNT, OMEGA, JOINERS, MOVE_LEVEL = (
    draw_columns.FIRST[name]
    for name in ("up_level", "rho", "delta", "shed", "follow", "account", "omega", "joiners", "move_level")
)
E, F, A = 3, 5, 6
#: Part of those open to join who are left on the mean of a year, whatever policy asks for.
LEAST_POOL = 0.1
SUM_U, SUM_W, SUM_HIRES, SUM_FINDS, SUM_SEPARATIONS, SUM_GAP = (
    S_SUMS + layout.SUMS.index(name) * BLOCK
    for name in ("unemployed", "employed", "hires", "finds", "separations", "gap_taking_up")
)
SUM_BREAKS, SUM_I, SUM_JOINING, SUM_RETIREMENTS, SUM_ENTRIES, SUM_GOVERNMENT = (
    S_SUMS + layout.SUMS.index(name) * BLOCK
    for name in ("interruptions", "interrupted", "joining", "retirements", "entries", "government_entries")
)


def _flow(name: str) -> int:
    return layout.FLOW_NAMES.index(name) * STRATA


O_UNEMPLOYED, O_FORCE, O_EMPLOYED = (_flow(f"{name}_months") for name in ("unemployed", "labour_force", "employed"))
O_HIRES, O_FINDS, O_SEPARATIONS = (_flow(name) for name in ("hires", "finds", "separations"))
O_RETIREMENTS, O_TAKE_UP, O_RETURNS = (_flow(name) for name in ("statutory_retirements", "take_up", "returns"))
O_BREAKS, O_LEAVERS = (_flow(name) for name in ("interruptions", "pension_leavers"))
O_ENTRIES, O_GOVERNMENT = (_flow(name) for name in ("pension_entries", "government_entries"))


@inner
def report_year(s: Any, flows: Any, at: int, up: float, back: float, omega: float) -> None:
    """Yearly flows of one stratum that the month loops summed; ``at`` is its place in ``flows``."""
    without = strand_sum(s, SUM_U)
    working = strand_sum(s, SUM_W)
    interrupted = strand_sum(s, SUM_I)
    flows[at + O_UNEMPLOYED] = without
    flows[at + O_FORCE] = without + working
    flows[at + O_EMPLOYED] = working
    flows[at + O_HIRES] = strand_sum(s, SUM_HIRES)
    flows[at + O_FINDS] = strand_sum(s, SUM_FINDS)
    flows[at + O_SEPARATIONS] = strand_sum(s, SUM_SEPARATIONS)
    flows[at + O_RETIREMENTS] = strand_sum(s, SUM_RETIREMENTS)
    flows[at + O_TAKE_UP] = up * strand_sum(s, SUM_GAP) + strand_sum(s, SUM_JOINING)
    flows[at + O_RETURNS] = back * interrupted
    flows[at + O_BREAKS] = strand_sum(s, SUM_BREAKS)
    flows[at + O_LEAVERS] = omega * interrupted
    flows[at + O_ENTRIES] = strand_sum(s, SUM_ENTRIES)
    flows[at + O_GOVERNMENT] = strand_sum(s, SUM_GOVERNMENT)


@inner
def report_ledger(s: Any, ledger: Any, to: int, g: int) -> None:
    """Yearly flows of one stratum by kind."""
    for row in range(LEDGER_ROWS):
        ledger[to + row * STRATA + g] = strand_sum(s, S_LEDGER + row * BLOCK)


@inner
def report_months(s: Any, monthly: Any, to: int, year: int, g: int) -> None:
    """Totals at the end of each month of a year."""
    for t in range(12 * year, 12 * year + 12):
        for row in range(4):
            monthly[to + (t * STRATA + g) * 4 + row] = strand_sum(s, S_MONTH + (t * 4 + row) * BLOCK)


@inner
def open_to_join(s: Any, state: Any, shared: Any, power: int) -> float:
    """Those who could be insured and are not, times a power of the shape of take-up, at the start of a year."""
    total = 0.0
    for g in range(STRATA):
        kappa = H_KAPPA + g * LABOUR
        for block in range(BLOCKS):
            at = (g * BLOCKS + block) * STOCKS * AGE_BLOCK
            cover = H_COVER + (g * BLOCKS + block) * COVERS * AGE_BLOCK
            for i in range(AGE_BLOCK):
                coverable = (
                    shared[kappa + E] * state[at + E * AGE_BLOCK + i]
                    + shared[kappa + F] * state[at + F * AGE_BLOCK + i]
                    + shared[kappa + A] * state[at + A * AGE_BLOCK + i]
                )
                gap = shared[cover + i] * positive(coverable - state[at + LABOUR * AGE_BLOCK + i])
                s[S_ROW + block * AGE_BLOCK + i] = gap if power == 1 else gap * shared[cover + i]
        total += row_sum(s, S_ROW, BLOCKS, s)
    return total


@inner
def hazard_with_joiners(up: float, joiners: float, missing: float, pool: float, weight: float) -> float:
    """Hazard of take-up that brings ``joiners`` in a year beside all who would have joined without them.

    ``missing`` are joiners of earlier years who would still be open to join, ``weight`` the pull of one joiner on the
    pool; half of those of the year are missing in its mean.
    """
    left = pool - 0.5 * weight * joiners
    least = LEAST_POOL * pool
    return (up * (pool + missing) + joiners / 12.0) / (least if left < least else left)


@kernel
def project(
    s: Any,
    bits: Any,
    state: Any,
    shared: Any,
    extent: Any,
    tilts: int,
    params: Any,
    z: Any,
    pulse: Any,
    policy: Any,
    policy_step: int,
    pension_policy: Any,
    pension_step: int,
    most: float,
    first: int,
    last: int,
    want_monthly: int,
    want_cohorts: int,
    stocks: Any,
    groups: Any,
    flows: Any,
    monthly: Any,
    ledger: Any,
    cohorts: Any,
    deaths: Any,
    migration: Any,
    moves: Any,
) -> None:
    """Project draws ``first`` to ``last - 1``. All arrays are flat; see ``layout`` and ``cohort``."""
    for draw in range(first, last):
        at = draw * WIDTH
        if draw == first or policy_step > 0:
            spread_policy(s, shared, policy, draw * policy_step)
        cycle_multipliers(s, bits, params, at, z, pulse, draw * MONTHS)
        start(s, state, shared, params, at, tilts)
        missing = 0.0
        stock_to = draw * (YEARS + 1) * REPORTED * STRATA
        group_to = draw * (YEARS + 1) * REPORTED * GROUPS
        cohort_to = draw * (YEARS + 1) * REPORTED * STRATA * AGES
        report_stocks(s, state, stocks, stock_to, groups, group_to)
        if ledger is not None:
            if want_cohorts:
                report_cohorts(state, cohorts, cohort_to)
        for year in range(YEARS):
            flow_to = (draw * YEARS + year) * FLOW_COUNT * STRATA
            age_to = (draw * YEARS + year) * STRATA * AGES
            change = draw * pension_step + year * 3
            up = params[at + UP_LEVEL] * pension_policy[change]
            joiners = params[at + JOINERS + year]
            if joiners + missing != 0.0:
                pool = open_to_join(s, state, shared, 1)
                if pool > 0.0:
                    weight = open_to_join(s, state, shared, 2) / pool
                    half = 1.0 - up * weight
                    half = half * half * half * half * half * half
                    asked = hazard_with_joiners(up, joiners, missing * half, pool, weight)
                    missing = (missing * half + weight * joiners) * half
                    up = most if asked > most else asked
            back = params[at + RHO] * pension_policy[change + 1]
            delta = params[at + DELTA] * pension_policy[change + 2]
            omega = params[at + OMEGA]
            shed = params[at + SHED]
            follow = params[at + FOLLOW]
            account = params[at + ACCOUNT]
            interruption(s, year, delta)
            for g in range(STRATA):
                year_rates(s, shared, params, at, year, g)
                kappa = H_KAPPA + g * LABOUR
                for i in range(SUM_COUNT * BLOCK):
                    s[S_SUMS + i] = 0.0
                if ledger is not None:
                    for i in range(LEDGER_ROWS * BLOCK):
                        s[S_LEDGER + i] = 0.0
                    for i in range(12 * 4 * BLOCK):
                        s[S_MONTH + 12 * year * 4 * BLOCK + i] = 0.0
                    months_with_ledger(
                        s, state, shared, year, g, shared[kappa + E], shared[kappa + F], shared[kappa + A],
                        up, back, 1.0 - back - omega, shed, follow, account,
                    )  # fmt: skip
                    report_ledger(s, ledger, (draw * YEARS + year) * LEDGER_ROWS * STRATA, g)
                    if want_monthly:
                        report_months(s, monthly, draw * MONTHS * STRATA * 4, year, g)
                else:
                    months(
                        s, state, shared, extent, year, g, shared[kappa + E], shared[kappa + F], shared[kappa + A],
                        up, back, 1.0 - back - omega, shed, follow, account,
                    )  # fmt: skip
                report_year(s, flows, flow_to + g, up, back, omega)
                close_people(
                    s,
                    state,
                    shared,
                    year,
                    g,
                    flows,
                    flow_to + g,
                    want_cohorts,
                    deaths,
                    migration,
                    age_to + g * AGES,
                )
                close_stocks(s, state, shared, g, flows, flow_to + g)
            bear(state, shared, params, at, year, flows, flow_to, want_cohorts, migration, age_to)
            level = params[at + MOVE_LEVEL + year]
            move_to_towns(s, state, shared, level, flows, flow_to, want_cohorts, moves, age_to)
            stock_to += REPORTED * STRATA
            group_to += REPORTED * GROUPS
            cohort_to += REPORTED * STRATA * AGES
            report_stocks(s, state, stocks, stock_to, groups, group_to)
            if ledger is not None:
                if want_cohorts:
                    report_cohorts(state, cohorts, cohort_to)
