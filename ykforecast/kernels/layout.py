"""Where everything stands in the flat buffers of the cohort kernel.

The kernel knows three flat float64 buffers: ``shared`` (inputs common to all draws),
``state`` (stocks of the four strata of one draw) and ``s`` (scratch of one thread).
Offsets are module constants, so that numba compiles them into the code and LLVM can
prove that rows do not overlap; that is what lets it vectorise the age loops.

Ages from 16 fill rows of 88 lanes (ages 16 to 103, the last three always zero), a
multiple of every vector length in use, so no loop has a scalar tail.
"""

from __future__ import annotations

from math import prod
from typing import Final

from ykforecast.kernels.draw_columns import TILTS
from ykforecast.kernels.flow_table import CLASSES, FLOWS, LEDGER, RETIRING

STRATA: Final = 4
LABOUR: Final = 8
PENSION: Final = 4
KINDS: Final = len(FLOWS)
YEARS: Final = 5
MONTHS: Final = 60
BANDS: Final = 5
GROUPS: Final = 8
AGES: Final = 101

#: First age of the labour states; below it all are children.
ADULT: Final = 16
#: Lanes of a row over ages 16 and up, and slot of the open age 100.
LANES: Final = 88
OPEN: Final = AGES - 1 - ADULT
#: Ages of a row are worked on in blocks of eight, one vector of AVX-512, two of AVX2.
BLOCK: Final = 8
BLOCKS: Final = LANES // BLOCK
#: First block and last but one (ages 40 to 71) with statutory retirement and entry to a pension.
WINDOW: Final = (3, 7)
#: Lanes of a row over all ages.
ALL_AGES: Final = ADULT + LANES
#: Stocks of one stratum: eight labour states, then contributor, interrupted, retiree, government_retiree.
STOCKS: Final = LABOUR + PENSION
#: Stocks in the outputs: as above with ``child`` between the two kinds.
REPORTED: Final = STOCKS + 1
CLASS_COUNT: Final = len(CLASSES)
#: Lanes of a row over classes, with one more for the interruption of insurance.
CLASS_LANES: Final = 16
#: Lanes of a row over months.
MONTH_LANES: Final = 64
#: Flows that may differ from zero in each part of life that the lean month loops know; stocks
#: of students are zero in the last two. Only the young have no way into or out of retirement.
YOUNG_FLOWS: Final = tuple(
    k for k, (_, _, name) in enumerate(FLOWS) if name not in ("reemploy", "withdraw", "early_retire")
)
MIDDLE_FLOWS: Final = tuple(k for k, (origin, _, _) in enumerate(FLOWS) if origin != "student")
OLD_FLOWS: Final = tuple(k for k in MIDDLE_FLOWS if FLOWS[k][2] in ("exit", "withdraw", "early_retire"))
#: Blocks of ages by stratum: first of the middle part, first of the old, first and last but one to retire.
EXTENT: Final = ("middle", "old", "retire_from", "retire_to")
RETIRING_COUNT: Final = len(RETIRING)
LEDGER_ROWS: Final = len(LEDGER)

#: Yearly flows by stratum, in the order of the output axis.
FLOW_NAMES: Final = (
    "births",
    "deaths",
    "net_migration",
    "moves",
    "turned_16",
    "unemployed_months",
    "labour_force_months",
    "employed_months",
    "hires",
    "finds",
    "separations",
    "statutory_retirements",
    "take_up",
    "returns",
    "interruptions",
    "pension_leavers",
    "pension_entries",
    "government_entries",
    "pension_deaths",
    "government_deaths",
    "public_exits_by_death",
    "infant_deaths",
    "pension_net_migration",
    "government_net_migration",
)
FLOW_COUNT: Final = len(FLOW_NAMES)


def _stack(blocks: tuple[tuple[str, tuple[int, ...]], ...]) -> tuple[dict[str, int], int]:
    """Offset of each named block, each on a multiple of eight, and the total length."""
    offsets, at = {}, 0
    for name, shape in blocks:
        offsets[name] = at
        at += -(-prod(shape) // 8) * 8
    return offsets, at


#: Blocks of ``shared``: name and shape as packed. Tilts come last, always ``TILTS`` of them.
SHARED: Final = (
    ("stocks0", (STRATA, BLOCKS, STOCKS, BLOCK)),
    ("child0", (STRATA, ADULT)),
    ("base_odds", (STRATA, BLOCKS, KINDS, BLOCK)),
    ("entry16", (STRATA, LABOUR)),
    ("q", (YEARS, STRATA, ALL_AGES)),
    ("q_birth", (YEARS, STRATA)),
    ("fert", (YEARS, 2, ALL_AGES)),
    ("srb", (YEARS,)),
    ("mig0", (STRATA, ALL_AGES)),
    ("mig1", (STRATA, ALL_AGES)),
    ("mv", (2, ALL_AGES)),
    ("mv_stocks", (2, BLOCKS, STOCKS, BLOCK)),
    ("leaving", (STRATA, WINDOW[1] - WINDOW[0], MONTHS, RETIRING_COUNT + 1, BLOCK)),
    ("kappa", (STRATA, LABOUR)),
    ("cover", (STRATA, BLOCKS, 3, BLOCK)),
    ("per_resident", (STRATA, LANES)),
    ("band_mask", (BANDS, LANES)),
    ("stocks_tilt", (TILTS, STRATA, BLOCKS, STOCKS, BLOCK)),
    ("odds_tilt", (TILTS, STRATA, BLOCKS, KINDS, BLOCK)),
)
SHARED_AT, SHARED_LENGTH = _stack(SHARED)

#: Sums of base odds over the flows of one origin and class, for those with more than one.
GROUPED: Final = tuple(
    (origin, name)
    for origin, name in dict.fromkeys((origin, name) for origin, _, name in FLOWS)
    if sum((o, n) == (origin, name) for o, _, n in FLOWS) > 1
)
#: Accumulators of one year and stratum, one for each lane of a block.
SUMS: Final = (
    "unemployed",
    "employed",
    "hires",
    "finds",
    "separations",
    "gap_taking_up",
    "joining",
    "interruptions",
    "interrupted",
    "retirements",
    "entries",
    "government_entries",
)
#: What a block of ages leaves for the year end: its stocks after survival and migration,
#: then before them residents, people covered by the enterprise scheme, government
#: retirees and workers in public posts.
WORK_ROWS: Final = STOCKS + 4
#: Blocks of the scratch ``s``: name and shape. The five after ``mark`` are what the month loops
#: work on; together they take little more than 4 KiB, so no store stands in the way of a load
#: from the same place in another page.
SCRATCH: Final = (
    ("mark", (MONTHS,)),
    ("leaving", (RETIRING_COUNT + 1, BLOCK)),
    ("cover", (3, BLOCK)),
    ("normal", (1, BLOCK)),
    ("stock", (STOCKS, BLOCK)),
    ("odds", (KINDS + len(GROUPED), BLOCK)),
    ("staying", (LABOUR, BLOCK)),
    ("sums", (len(SUMS), BLOCK)),
    ("carried", (1, BLOCK)),
    ("closing", (WORK_ROWS, BLOCK)),
    ("ledger", (LEDGER_ROWS, BLOCK)),
    ("month", (MONTHS, 4, BLOCK)),
    ("multiplier", (MONTHS + 1, CLASS_LANES)),
    ("exponent", (CLASS_COUNT + 1, MONTH_LANES)),
    ("power", (MONTH_LANES,)),
    ("cycle", (MONTH_LANES,)),
    ("pulse", (MONTH_LANES,)),
    ("interrupt", (MONTHS,)),
    ("work", (BLOCKS, WORK_ROWS, BLOCK)),
    ("survive", (ALL_AGES,)),
    ("die", (ALL_AGES,)),
    ("migrate", (ALL_AGES,)),
    ("next", (LANES,)),
    ("carry", (LANES,)),
    ("people", (ALL_AGES,)),
    ("aged", (ALL_AGES,)),
    ("row", (ALL_AGES,)),
    ("other_row", (ALL_AGES,)),
    ("strand", (STOCKS, BLOCK)),
    ("total", (BLOCKS, STOCKS, BLOCK)),
    ("band_mask", (BANDS, LANES)),
    ("policy", (YEARS, STRATA, BLOCKS, KINDS, BLOCK)),
    ("base", (STRATA, BLOCKS, KINDS, BLOCK)),
    ("normal_rise", (STRATA, LANES)),
)
SCRATCH_AT, SCRATCH_LENGTH = _stack(SCRATCH)

#: Blocks of ``state``.
STATE: Final = (("stocks", (STRATA, BLOCKS, STOCKS, BLOCK)), ("child", (STRATA, ADULT)), ("birth", (STRATA,)))
STATE_AT, STATE_LENGTH = _stack(STATE)
