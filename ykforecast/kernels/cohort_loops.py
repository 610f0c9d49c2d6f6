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
from ykforecast.kernels.arithmetic import strand_sum
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
H_KAPPA = layout.SHARED_AT["kappa"]
UP_LEVEL, RHO, DELTA, SHED, OMEGA, MOVE_LEVEL = (
    draw_columns.FIRST[name] for name in ("up_level", "rho", "delta", "shed", "omega", "move_level")
)
E, F, A = 3, 5, 6
SUM_U, SUM_W, SUM_HIRES, SUM_FINDS, SUM_SEPARATIONS, SUM_GAP = (
    S_SUMS + layout.SUMS.index(name) * BLOCK
    for name in ("unemployed", "employed", "hires", "finds", "separations", "gap_taking_up")
)
SUM_BREAKS, SUM_I, SUM_RETIREMENTS, SUM_ENTRIES, SUM_GOVERNMENT = (
    S_SUMS + layout.SUMS.index(name) * BLOCK
    for name in ("interruptions", "interrupted", "retirements", "entries", "government_entries")
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
    flows[at + O_TAKE_UP] = up * strand_sum(s, SUM_GAP)
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
            back = params[at + RHO] * pension_policy[change + 1]
            delta = params[at + DELTA] * pension_policy[change + 2]
            omega = params[at + OMEGA]
            shed = params[at + SHED]
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
                        up, back, 1.0 - back - omega, shed,
                    )  # fmt: skip
                    report_ledger(s, ledger, (draw * YEARS + year) * LEDGER_ROWS * STRATA, g)
                    if want_monthly:
                        report_months(s, monthly, draw * MONTHS * STRATA * 4, year, g)
                else:
                    months(
                        s, state, shared, extent, year, g, shared[kappa + E], shared[kappa + F], shared[kappa + A],
                        up, back, 1.0 - back - omega, shed,
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
