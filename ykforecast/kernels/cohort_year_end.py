"""What happens at each year end, in this order: deaths and ageing, births, migration, moves to towns.

Rates and factors are those of the cohort kernel's contract: survival is an odds shift
of the life table, migration a rate on survivors at their new age, moves a share of
every rural stock.
"""

from __future__ import annotations

from typing import Any

from ykforecast.kernels import draw_columns, layout
from ykforecast.kernels.arithmetic import index, row_sum, strand_sum, wide
from ykforecast.kernels.compile_cache import inner

LANES, ADULT, STOCKS, LABOUR = layout.LANES, layout.ADULT, layout.STOCKS, layout.LABOUR
ALL_AGES, AGES, OPEN, STRATA = layout.ALL_AGES, layout.AGES, layout.OPEN, layout.STRATA
REPORTED, GROUPS, BLOCK, BLOCKS = layout.REPORTED, layout.GROUPS, layout.BLOCK, layout.BLOCKS
ALL_BLOCKS = ALL_AGES // BLOCK
S_WORK, S_SURVIVE, S_DIE = (layout.SCRATCH_AT[name] for name in ("work", "survive", "die"))
S_MIGRATE, S_NEXT, S_CARRY = (layout.SCRATCH_AT[name] for name in ("migrate", "next", "carry"))
S_PEOPLE, S_AGED, S_ROW = (layout.SCRATCH_AT[name] for name in ("people", "aged", "row"))
S_OTHER = layout.SCRATCH_AT["other_row"]
S_TOTAL, S_STRAND = layout.SCRATCH_AT["total"], layout.SCRATCH_AT["strand"]
H_ENTRY, H_Q, H_Q_BIRTH = (layout.SHARED_AT[name] for name in ("entry16", "q", "q_birth"))
H_FERT, H_SRB, H_MOVE = (layout.SHARED_AT[name] for name in ("fert", "srb", "mv"))
H_MOVE_STOCKS = layout.SHARED_AT["mv_stocks"]
H_MIG0, H_MIG1 = layout.SHARED_AT["mig0"], layout.SHARED_AT["mig1"]
X_CHILD, X_BIRTH = layout.STATE_AT["child"], layout.STATE_AT["birth"]
MORT = draw_columns.FIRST["mort"]
FERT_LEVEL, MIG_LEVEL = draw_columns.FIRST["fert_level"], draw_columns.FIRST["mig_level"]
#: Numbers of one block in the work area, and rows that deaths are reported for.
WORK = layout.WORK_ROWS * BLOCK
W_PEOPLE, W_COVERED, W_GOVERNMENT, W_PUBLIC = (S_WORK + (STOCKS + row) * BLOCK for row in range(4))
#: First lane of each age group from 16 up: 16, 25, 35, 45, 55, 60, 65.
FIRST_1, FIRST_2, FIRST_3, FIRST_4, FIRST_5, FIRST_6, FIRST_7 = (0, 9, 19, 29, 39, 44, 49)


def _flow(name: str) -> int:
    return layout.FLOW_NAMES.index(name) * STRATA


O_BIRTHS, O_DEATHS, O_MIGRATION, O_MOVES, O_TURNED = (
    _flow(name) for name in ("births", "deaths", "net_migration", "moves", "turned_16")
)
O_PENSION_DEATHS, O_GOVERNMENT_DEATHS = _flow("pension_deaths"), _flow("government_deaths")
O_PUBLIC_DEATHS, O_INFANTS = _flow("public_exits_by_death"), _flow("infant_deaths")
O_PENSION_MIGRATION = _flow("pension_net_migration")
O_GOVERNMENT_MIGRATION = _flow("government_net_migration")


@inner
def year_rates(s: Any, shared: Any, params: Any, at: int, year: int, g: int) -> None:
    """Survival, death and migration of one stratum by age, and their product along a cohort."""
    wide()
    at = index(at)
    year = index(year)
    g = index(g)
    mort = params[at + MORT]
    level = params[at + MIG_LEVEL + year]
    q_at = H_Q + (year * STRATA + g) * ALL_AGES
    for a in range(ALL_AGES):
        q = shared[q_at + a]
        inverse = 1.0 / (1.0 - q + q * mort)
        s[S_SURVIVE + a] = (1.0 - q) * inverse
        s[S_DIE + a] = q * mort * inverse
    for a in range(ALL_AGES):
        rate = shared[H_MIG0 + g * ALL_AGES + a] + level * shared[H_MIG1 + g * ALL_AGES + a]
        s[S_MIGRATE + a] = -0.9 if rate < -0.9 else rate
    for i in range(LANES - 1):
        s[S_NEXT + i] = s[S_MIGRATE + ADULT + 1 + i]
    s[S_NEXT + LANES - 1] = 0.0
    # The open age group stays where it is, so those who survive in it migrate at its own rate.
    s[S_NEXT + OPEN] = s[S_MIGRATE + ADULT + OPEN]
    for i in range(LANES):
        s[S_CARRY + i] = s[S_SURVIVE + ADULT + i] * (1.0 + s[S_NEXT + i])


@inner
def close_people(
    s: Any,
    state: Any,
    shared: Any,
    year: int,
    g: int,
    flows: Any,
    to: int,
    want: int,
    deaths: Any,
    migration: Any,
    cohort: int,
) -> None:
    """Deaths, births by mother, net migration and new children of one stratum."""
    wide()
    year = index(year)
    g = index(g)
    to = index(to)
    cohort = index(cohort)
    for a in range(ADULT):
        s[S_PEOPLE + a] = state[X_CHILD + g * ADULT + a]
    for block in range(BLOCKS):
        for i in range(BLOCK):
            s[S_PEOPLE + ADULT + block * BLOCK + i] = s[W_PEOPLE + block * WORK + i]
    s[S_AGED] = 0.0
    for a in range(ALL_AGES - 1):
        s[S_AGED + 1 + a] = s[S_PEOPLE + a] * s[S_SURVIVE + a]
    s[S_AGED + AGES - 1] += s[S_AGED + AGES]
    s[S_AGED + AGES] = 0.0
    for a in range(ALL_AGES):
        s[S_ROW + a] = s[S_PEOPLE + a] * s[S_DIE + a]
    flows[to + O_DEATHS] = row_sum(s, S_ROW, ALL_BLOCKS, s)
    if want:
        for a in range(AGES):
            deaths[cohort + a] = s[S_ROW + a]
    for a in range(ALL_AGES):
        s[S_ROW + a] = s[S_AGED + a] * s[S_MIGRATE + a]
    flows[to + O_MIGRATION] = row_sum(s, S_ROW, ALL_BLOCKS, s)
    if want:
        for a in range(AGES):
            migration[cohort + a] = s[S_ROW + a]
    flows[to + O_TURNED] = s[S_AGED + ADULT]
    if g % 2 == 1:
        fert = H_FERT + (year * 2 + g // 2) * ALL_AGES
        for a in range(ALL_AGES):
            s[S_ROW + a] = shared[fert + a] * (0.5 * (s[S_PEOPLE + a] + s[S_AGED + a]))
        state[X_BIRTH + g // 2] = row_sum(s, S_ROW, ALL_BLOCKS, s)
    for a in range(ADULT):
        state[X_CHILD + g * ADULT + a] = s[S_AGED + a] * (1.0 + s[S_MIGRATE + a])


@inner
def deaths_in(s: Any, row: int) -> float:
    """Deaths out of one row of the work area."""
    wide()
    row = index(row)
    for block in range(BLOCKS):
        for i in range(BLOCK):
            s[S_ROW + block * BLOCK + i] = s[row + block * WORK + i]
    for i in range(LANES):
        s[S_OTHER + i] = s[S_ROW + i] * s[S_SURVIVE + ADULT + i] * s[S_NEXT + i]
        s[S_ROW + i] = s[S_ROW + i] * s[S_DIE + ADULT + i]
    return row_sum(s, S_ROW, BLOCKS, s)


@inner
def close_stocks(s: Any, state: Any, shared: Any, g: int, flows: Any, to: int) -> None:
    """Deaths and migration out of the pension stocks; every stock survives, ages and migrates."""
    wide()
    g = index(g)
    to = index(to)
    flows[to + O_PENSION_DEATHS] = deaths_in(s, W_COVERED)
    flows[to + O_PENSION_MIGRATION] = row_sum(s, S_OTHER, BLOCKS, s)
    flows[to + O_GOVERNMENT_DEATHS] = deaths_in(s, W_GOVERNMENT)
    flows[to + O_GOVERNMENT_MIGRATION] = row_sum(s, S_OTHER, BLOCKS, s)
    flows[to + O_PUBLIC_DEATHS] = deaths_in(s, W_PUBLIC)
    turned = s[S_AGED + ADULT] * (1.0 + s[S_MIGRATE + ADULT])
    here = g * BLOCKS * STOCKS * BLOCK
    # Everyone is a year older: all rows of a block move on by one lane at once; then the first
    # lane of each row, which that filled from another row, is set to the last of the block before.
    for block in range(BLOCKS):
        source = S_WORK + block * WORK
        target = here + block * STOCKS * BLOCK + 1
        for i in range(STOCKS * BLOCK - 1):
            state[target + i] = s[source + i]
    for block in range(1, BLOCKS):
        source = S_WORK + (block - 1) * WORK + BLOCK - 1
        target = here + block * STOCKS * BLOCK
        for row in range(STOCKS):
            state[target + row * BLOCK] = s[source + row * BLOCK]
    for row in range(STOCKS):
        state[here + row * BLOCK] = turned * shared[H_ENTRY + g * LABOUR + row] if row < LABOUR else 0.0
        oldest = here + ((BLOCKS - 1) * STOCKS + row) * BLOCK
        state[oldest + OPEN % BLOCK] += state[oldest + OPEN % BLOCK + 1]
        state[oldest + OPEN % BLOCK + 1] = 0.0


@inner
def bear(
    state: Any,
    shared: Any,
    params: Any,
    at: int,
    year: int,
    flows: Any,
    to: int,
    want: int,
    migration: Any,
    cohort: int,
) -> None:
    """Births by residence and sex; infants die and migrate like the rest and fill age 0."""
    mort = params[at + MORT]
    ratio = shared[H_SRB + year]
    for g in range(STRATA):
        born = params[at + FERT_LEVEL + year] * state[X_BIRTH + g // 2]
        born = born * (ratio / (1.0 + ratio)) if g % 2 == 0 else born / (1.0 + ratio)
        q = shared[H_Q_BIRTH + year * STRATA + g]
        inverse = 1.0 / (1.0 - q + q * mort)
        dying = born * (q * mort * inverse)
        alive = born * ((1.0 - q) * inverse)
        rate = shared[H_MIG0 + g * ALL_AGES] + params[at + MIG_LEVEL + year] * shared[H_MIG1 + g * ALL_AGES]
        rate = -0.9 if rate < -0.9 else rate
        flows[to + O_BIRTHS + g] = born
        flows[to + O_INFANTS + g] = dying
        flows[to + O_DEATHS + g] += dying
        flows[to + O_MIGRATION + g] += alive * rate
        if want:
            migration[cohort + g * AGES] = alive * rate
        state[X_CHILD + g * ADULT] = alive * (1.0 + rate)


@inner
def add_blocks(s: Any, x: Any, at: int) -> None:
    """Add the eleven blocks of all stocks of a stratum, lane by lane, in a fixed order."""
    wide()
    at = index(at)
    step = STOCKS * BLOCK
    for i in range(step):
        s[S_STRAND + i] = x[at + i] + x[at + step + i]
    for block in range(2, BLOCKS):
        for i in range(step):
            s[S_STRAND + i] += x[at + block * step + i]


@inner
def move_to_towns(
    s: Any, state: Any, shared: Any, level: float, flows: Any, to: int, want: int, moves: Any, cohort: int
) -> None:
    """A share of every rural stock joins the urban stratum of the same sex and keeps its state."""
    wide()
    to = index(to)
    cohort = index(cohort)
    size = BLOCKS * STOCKS * BLOCK
    for sex in range(2):
        children = 0.0
        for a in range(ADULT):
            moving = state[X_CHILD + (sex + 2) * ADULT + a] * (level * shared[H_MOVE + sex * ALL_AGES + a])
            state[X_CHILD + sex * ADULT + a] += moving
            state[X_CHILD + (sex + 2) * ADULT + a] -= moving
            s[S_ROW + a] = moving
            children += moving
        urban = sex * size
        rural = (sex + 2) * size
        for i in range(size):
            moving = state[rural + i] * (level * shared[H_MOVE_STOCKS + urban + i])
            state[urban + i] += moving
            state[rural + i] -= moving
            s[S_TOTAL + i] = moving
        moved = children
        add_blocks(s, s, S_TOTAL)
        for row in range(LABOUR):
            moved += strand_sum(s, S_STRAND + row * BLOCK)
        flows[to + O_MOVES + sex] = moved
        flows[to + O_MOVES + sex + 2] = -moved
        if want:
            for lane in range(LANES):
                total = 0.0
                for row in range(LABOUR):
                    total += s[S_TOTAL + ((lane >> 3) * STOCKS + row) * BLOCK + (lane & 7)]
                s[S_ROW + ADULT + lane] = total
            for a in range(AGES):
                moves[cohort + sex * AGES + a] = s[S_ROW + a]
                moves[cohort + (sex + 2) * AGES + a] = -s[S_ROW + a]


@inner
def report_stocks(s: Any, state: Any, strata: Any, to: int, groups: Any, group_to: int) -> None:
    """Stocks of one year end by stratum and by age group."""
    wide()
    to = index(to)
    group_to = index(group_to)
    children = 0.0
    step = STOCKS * BLOCK
    for g in range(STRATA):
        here = g * BLOCKS * step
        add_blocks(s, state, here)
        for row in range(STOCKS):
            slot = row if row < LABOUR else row + 1
            strata[to + slot * STRATA + g] = strand_sum(s, S_STRAND + row * BLOCK)
        child = 0.0
        for a in range(ADULT):
            child += state[X_CHILD + g * ADULT + a]
        strata[to + LABOUR * STRATA + g] = child
        children += child
    step *= BLOCKS
    for i in range(step):
        s[S_TOTAL + i] = (state[i] + state[step + i]) + (state[2 * step + i] + state[3 * step + i])
    for row in range(STOCKS):
        slot = row if row < LABOUR else row + 1
        out = group_to + slot * GROUPS
        groups[out] = 0.0
        groups[out + 1] = lanes_sum(s, row, FIRST_1, FIRST_2)
        groups[out + 2] = lanes_sum(s, row, FIRST_2, FIRST_3)
        groups[out + 3] = lanes_sum(s, row, FIRST_3, FIRST_4)
        groups[out + 4] = lanes_sum(s, row, FIRST_4, FIRST_5)
        groups[out + 5] = lanes_sum(s, row, FIRST_5, FIRST_6)
        groups[out + 6] = lanes_sum(s, row, FIRST_6, FIRST_7)
        groups[out + 7] = lanes_sum(s, row, FIRST_7, LANES)
    for j in range(GROUPS):
        groups[group_to + LABOUR * GROUPS + j] = 0.0
    groups[group_to + LABOUR * GROUPS] = children


@inner
def lanes_sum(s: Any, row: int, first: int, last: int) -> float:
    """Sum of one row of the totals over lanes ``first`` to ``last - 1``."""
    total = 0.0
    for lane in range(first, last):
        total += s[S_TOTAL + ((lane >> 3) * STOCKS + row) * BLOCK + (lane & 7)]
    return total


@inner
def report_cohorts(state: Any, cohorts: Any, to: int) -> None:
    """Every stock of one year end by stratum and single age."""
    for row in range(STOCKS):
        slot = row if row < LABOUR else row + 1
        for g in range(STRATA):
            here = to + (slot * STRATA + g) * AGES
            for a in range(ADULT):
                cohorts[here + a] = 0.0
            for lane in range(AGES - ADULT):
                source = ((g * BLOCKS + (lane >> 3)) * STOCKS + row) * BLOCK + (lane & 7)
                cohorts[here + ADULT + lane] = state[source]
    for g in range(STRATA):
        here = to + (LABOUR * STRATA + g) * AGES
        for a in range(AGES):
            cohorts[here + a] = 0.0
        for a in range(ADULT):
            cohorts[here + a] = state[X_CHILD + g * ADULT + a]
