"""Front door of the cohort kernel: arrays of parameters in, stocks and flows by draw out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ykforecast.kernels import draw_columns, layout
from ykforecast.kernels.packing import Floats, aligned, check_draws, pack_shared

#: Names of the yearly flows, in the order of their axis.
FLOWS: Final = layout.FLOW_NAMES
#: Names of the stocks, in the order of their axis.
STOCKS: Final = (
    "student",
    "inactive",
    "unemployed",
    "enterprise",
    "public",
    "flexible",
    "farm",
    "retired",
    "child",
    "contributor",
    "interrupted",
    "retiree",
    "government_retiree",
)
#: Names of the monthly totals, in the order of their axis.
MONTHLY: Final = ("unemployed", "labour_force", "employed", "insured")
#: Draws that a thread takes at a time: enough to hide the call, few enough to share evenly.
BLOCK: Final = 64


@dataclass(frozen=True)
class CohortTotals:
    """What the cohort kernel returns, in persons (or person-months where named so).

    Attributes
    ----------
    stocks_by_stratum : (draw, 6 year ends, 13 stocks, 4 strata)
    stocks_by_group : (draw, 6 year ends, 13 stocks, 8 age groups)
        Both sexes and residences together.
    flows_by_stratum : (draw, 5 years, flow in ``FLOWS``, 4 strata)
        Months are summed over the year at month ends. ``deaths`` include
        ``infant_deaths``; ``moves`` are positive in towns.
    monthly : (draw, 60 months, 4 strata, 4 in ``MONTHLY``), optional
        At the end of each month.
    ledger : (draw, 5 years, 30 in ``flow_table.LEDGER``, 4 strata), optional
    cohort_stocks : (draw, 6 year ends, 13 stocks, 4 strata, 101 ages), optional
    cohort_deaths : (draw, 5 years, 4 strata, 101), optional
        By age at the last year end; without infants, who had none.
    cohort_net_migration, cohort_moves : (draw, 5 years, 4 strata, 101), optional
        By age at the end of the year.
    """

    stocks_by_stratum: Floats
    stocks_by_group: Floats
    flows_by_stratum: Floats
    monthly: Floats | None = None
    ledger: Floats | None = None
    cohort_stocks: Floats | None = None
    cohort_deaths: Floats | None = None
    cohort_net_migration: Floats | None = None
    cohort_moves: Floats | None = None


def shapes(draws: int) -> dict[str, tuple[int, ...]]:
    """Shape of each array of ``CohortTotals`` for a number of draws."""
    years, strata, ages = layout.YEARS, layout.STRATA, layout.AGES
    return {
        "stocks_by_stratum": (draws, years + 1, layout.REPORTED, strata),
        "stocks_by_group": (draws, years + 1, layout.REPORTED, layout.GROUPS),
        "flows_by_stratum": (draws, years, layout.FLOW_COUNT, strata),
        "monthly": (draws, layout.MONTHS, strata, len(MONTHLY)),
        "ledger": (draws, years, layout.LEDGER_ROWS, strata),
        "cohort_stocks": (draws, years + 1, layout.REPORTED, strata, ages),
        "cohort_deaths": (draws, years, strata, ages),
        "cohort_net_migration": (draws, years, strata, ages),
        "cohort_moves": (draws, years, strata, ages),
    }


def available_threads() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_cohorts(
    shared: Mapping[str, Any],
    params: Any,
    z: Any,
    policy: Any,
    pension_policy: Any,
    *,
    pulse: Any = None,
    monthly: bool = False,
    cohorts: bool = False,
    threads: int | None = None,
) -> CohortTotals:
    """Project the cohorts of every draw over sixty months.

    Parameters
    ----------
    shared : mapping
        Arrays common to all draws, named and shaped as in ``packing.SHARED_SHAPES``.
    params : (draw, ``draw_columns.WIDTH``)
        Parameters of each draw, columns as in ``draw_columns``.
    z : (draw, 60)
        Cyclical state in each month.
    policy : (draw or 1, 5 years, 25 flows, 4 strata, 5 age bands)
        Factors on the odds of each flow.
    pension_policy : (draw or 1, 5 years, 3)
        Factors on take-up, return and interruption.
    pulse : (draw, 60), optional
        Sudden part of a downturn in each month, to which classes of flows respond beside ``z``; zero if left out.
    monthly, cohorts : bool
        Whether to return monthly totals; stocks, deaths and migration by single age.
        Either also returns the ledger of flows.
    threads : int, optional
        Number of threads; by default all processors this process may use. The result
        is the same to the last bit for any number.

    Returns
    -------
    CohortTotals

    Raises
    ------
    ValueError
        A shape is wrong, a shared number is not finite, or a share outside 0 to 1.
        NaN in ``params``, ``z``, ``pulse`` or a policy is not refused: it comes out as NaN.
    """
    flat, tilts, extent = pack_shared(shared)
    params = _plain("params", params, (draw_columns.WIDTH,))
    draws = len(params)
    z = _plain("z", z, (layout.MONTHS,))
    policy = _plain("policy", policy, (layout.YEARS, layout.KINDS, layout.STRATA, layout.BANDS))
    pension_policy = _plain("pension_policy", pension_policy, (layout.YEARS, 3))
    pulse = np.zeros_like(z) if pulse is None else _plain("pulse", pulse, (layout.MONTHS,))
    for name, array in (("z", z), ("pulse", pulse)):
        if len(array) != draws:
            raise ValueError(f"{name} must have one row for each of {draws} draws, not {len(array)}")
    for name, array in (("policy", policy), ("pension_policy", pension_policy)):
        if len(array) not in (1, draws):
            raise ValueError(f"{name} must have one entry, or one for each of {draws} draws, not {len(array)}")
        if (array < 0.0).any():
            raise ValueError(f"{name} must not be negative")
    check_draws(params, pension_policy, np.asarray(shared["mv"]), np.asarray(shared["take_up_shape"]))

    # Inputs without the parts of life that the lean loops know go through the others.
    full = monthly or cohorts or extent is None
    asked = {"monthly": monthly, "ledger": full}
    asked |= {name: cohorts for name in shapes(0) if name.startswith("cohort_")}
    out = {name: np.empty(shape) for name, shape in shapes(draws).items() if asked.get(name, True)}
    unused = np.empty(0)
    arrays = [out.get(name, unused).reshape(-1) if name != "ledger" or full else None for name in shapes(0)]
    places = np.zeros(0, dtype=np.int64) if extent is None else extent.reshape(-1)
    steps = (
        policy[0].size if len(policy) > 1 else 0,
        pension_policy[0].size if len(pension_policy) > 1 else 0,
    )

    from ykforecast.kernels.cohort_loops import project

    def block(first: int) -> None:
        scratch = aligned(layout.SCRATCH_LENGTH)
        project(
            scratch,
            scratch.view(np.int64),
            aligned(layout.STATE_LENGTH),
            flat,
            places,
            tilts,
            params.reshape(-1),
            z.reshape(-1),
            pulse.reshape(-1),
            policy.reshape(-1),
            steps[0],
            pension_policy.reshape(-1),
            steps[1],
            1.0 / max(float(np.max(shared["take_up_shape"])), 1e-300),
            first,
            min(first + BLOCK, draws),
            int(monthly),
            int(cohorts),
            *arrays,
        )

    starts = range(0, draws, BLOCK)
    count = min(threads or available_threads(), len(starts))
    if count <= 1:
        for first in starts:
            block(first)
    else:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(block, starts))
    if not (monthly or cohorts):
        out.pop("ledger", None)
    return CohortTotals(**out)


def _plain(name: str, value: Any, tail: tuple[int, ...]) -> Floats:
    """C-contiguous float64 with the given shape after the axis of draws."""
    array = np.ascontiguousarray(value, dtype=np.float64)
    if array.ndim != len(tail) + 1 or array.shape[1:] != tail:
        raise ValueError(f"{name} must have shape (draws, {', '.join(map(str, tail))}), not {array.shape}")
    return array
