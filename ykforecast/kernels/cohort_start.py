"""What happens once a draw before its first month: policy by age, multipliers, base stocks and odds."""

from __future__ import annotations

from typing import Any

from ykforecast.kernels import draw_columns, layout
from ykforecast.kernels.arithmetic import exp_row, index, wide
from ykforecast.kernels.compile_cache import inner
from ykforecast.kernels.flow_table import CLASSES, STATES

LANES, ADULT, STOCKS, KINDS = layout.LANES, layout.ADULT, layout.STOCKS, layout.KINDS
CLASS_COUNT, CLASS_LANES, STRATA = layout.CLASS_COUNT, layout.CLASS_LANES, layout.STRATA
MONTHS, MONTH_LANES, YEARS, BANDS = layout.MONTHS, layout.MONTH_LANES, layout.YEARS, layout.BANDS
BLOCK, BLOCKS = layout.BLOCK, layout.BLOCKS
S_MULTIPLIER, S_POWER = layout.SCRATCH_AT["multiplier"], layout.SCRATCH_AT["power"]
S_CYCLE, S_PULSE = layout.SCRATCH_AT["cycle"], layout.SCRATCH_AT["pulse"]
S_EXPONENT, S_INTERRUPT, S_ROW = (layout.SCRATCH_AT[name] for name in ("exponent", "interrupt", "row"))
S_POLICY, S_BASE = layout.SCRATCH_AT["policy"], layout.SCRATCH_AT["base"]
H_STOCKS, H_STOCKS_TILT = layout.SHARED_AT["stocks0"], layout.SHARED_AT["stocks_tilt"]
H_ODDS, H_ODDS_TILT = layout.SHARED_AT["base_odds"], layout.SHARED_AT["odds_tilt"]
H_PER_RESIDENT, S_RISE = layout.SHARED_AT["per_resident"], layout.SCRATCH_AT["normal_rise"]
H_CHILD, H_BAND = layout.SHARED_AT["child0"], layout.SHARED_AT["band_mask"]
X_CHILD = layout.STATE_AT["child"]
W, THETA = draw_columns.FIRST["w"], draw_columns.FIRST["theta"]
BETA, PULSE = draw_columns.FIRST["beta"], draw_columns.FIRST["pulse"]
BETA_DELTA, RECRUIT = draw_columns.FIRST["beta_delta"], draw_columns.FIRST["recruit"]
PUBLIC = CLASSES.index("public")
ENTERPRISE = STATES.index("enterprise")


@inner
def spread_policy(s: Any, shared: Any, policy: Any, at: int) -> None:
    """Policy factors by stratum, flow and age from those by stratum, flow and age band."""
    wide()
    at = index(at)
    for place in range(YEARS * STRATA):
        year = place // STRATA
        for k in range(KINDS):
            row = at + ((year * KINDS + k) * STRATA + place - year * STRATA) * BANDS
            p0 = policy[row]
            p1 = policy[row + 1]
            p2 = policy[row + 2]
            p3 = policy[row + 3]
            p4 = policy[row + 4]
            for i in range(LANES):
                s[S_ROW + i] = (
                    p0 * shared[H_BAND + i]
                    + p1 * shared[H_BAND + LANES + i]
                    + p2 * shared[H_BAND + 2 * LANES + i]
                    + p3 * shared[H_BAND + 3 * LANES + i]
                    + p4 * shared[H_BAND + 4 * LANES + i]
                )
            for block in range(BLOCKS):
                to = S_POLICY + ((place * BLOCKS + block) * KINDS + k) * BLOCK
                for i in range(BLOCK):
                    s[to + i] = s[S_ROW + block * BLOCK + i]


@inner
def cycle_multipliers(s: Any, bits: Any, params: Any, at: int, z: Any, pulse: Any, z_at: int) -> None:
    """``exp(theta + beta * z + response * pulse)`` of each month and class, then ``exp(beta_delta * z)``.

    Recruitment into public posts is scaled by the factor of its year as well.
    """
    wide()
    at = index(at)
    z_at = index(z_at)
    for t in range(MONTHS):
        s[S_CYCLE + t] = z[z_at + t]
        s[S_PULSE + t] = pulse[z_at + t]
    for t in range(MONTHS, MONTH_LANES):
        s[S_CYCLE + t] = 0.0
        s[S_PULSE + t] = 0.0
    for c in range(CLASS_COUNT + 1):
        theta = params[at + THETA + c] if c < CLASS_COUNT else 0.0
        beta = params[at + BETA + c] if c < CLASS_COUNT else params[at + BETA_DELTA]
        response = params[at + PULSE + c] if c < CLASS_COUNT else 0.0
        row = S_EXPONENT + c * MONTH_LANES
        for t in range(MONTH_LANES):
            s[row + t] = theta + beta * s[S_CYCLE + t] + response * s[S_PULSE + t]
        exp_row(s, bits, row, S_POWER, MONTH_LANES)
        for t in range(MONTHS):
            s[S_MULTIPLIER + t * CLASS_LANES + c] = s[row + t]
    for year in range(YEARS):
        recruit = params[at + RECRUIT + year]
        for t in range(12 * year, 12 * year + 12):
            s[S_MULTIPLIER + t * CLASS_LANES + PUBLIC] *= recruit


@inner
def interruption(s: Any, year: int, delta: float) -> None:
    """Share of contributors who interrupt in each month of a year."""
    for t in range(12 * year, 12 * year + 12):
        odds = delta * s[S_MULTIPLIER + t * CLASS_LANES + CLASS_COUNT]
        s[S_INTERRUPT + t] = odds / (1.0 + odds)


@inner
def tilted(
    target: Any,
    to: int,
    shared: Any,
    base: int,
    tilt: int,
    size: int,
    step: int,
    w0: float,
    w1: float,
    w2: float,
    w3: float,
    w4: float,
) -> None:
    """Base pattern plus weighted tilts, ``size`` numbers; tilts lie ``step`` apart."""
    wide()
    to = index(to)
    base = index(base)
    tilt = index(tilt)
    size = index(size)
    step = index(step)
    for i in range(size):
        target[to + i] = (
            shared[base + i]
            + w0 * shared[tilt + i]
            + w1 * shared[tilt + step + i]
            + w2 * shared[tilt + 2 * step + i]
            + w3 * shared[tilt + 3 * step + i]
            + w4 * shared[tilt + 4 * step + i]
        )


@inner
def start(s: Any, state: Any, shared: Any, params: Any, at: int, tilts: int) -> None:
    """Stocks at the end of the base year and base odds of one draw."""
    # Weights without a tilt are not read, so that nothing in them can do harm.
    w0 = params[at + W] if tilts > 0 else 0.0
    w1 = params[at + W + 1] if tilts > 1 else 0.0
    w2 = params[at + W + 2] if tilts > 2 else 0.0
    w3 = params[at + W + 3] if tilts > 3 else 0.0
    w4 = params[at + W + 4] if tilts > 4 else 0.0
    size = STRATA * STOCKS * LANES
    tilted(state, 0, shared, H_STOCKS, H_STOCKS_TILT, size, size, w0, w1, w2, w3, w4)
    size = STRATA * KINDS * LANES
    tilted(s, S_BASE, shared, H_ODDS, H_ODDS_TILT, size, size, w0, w1, w2, w3, w4)
    for i in range(STRATA * ADULT):
        state[X_CHILD + i] = shared[H_CHILD + i]
    for g in range(STRATA):
        normal_rise(s, state, shared, g)


@inner
def normal_rise(s: Any, state: Any, shared: Any, g: int) -> None:
    """Contract posts per resident that a month adds to each age where the base year carries itself on."""
    for i in range(LANES):
        place = ((g * BLOCKS + (i >> 3)) * STOCKS + ENTERPRISE) * BLOCK + (i & 7)
        s[S_ROW + i] = state[place] * shared[H_PER_RESIDENT + g * LANES + i]
    for i in range(LANES - 1):
        s[S_RISE + g * LANES + i] = (s[S_ROW + i + 1] - s[S_ROW + i]) / 12.0
    s[S_RISE + g * LANES + LANES - 1] = 0.0
