"""Hires as a register of new jobs (城镇新增就业) counts them: without the churn that lay-offs and measures add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ykforecast.kernels.cohort import FLOWS
from ykforecast.kernels.flow_table import DESTINATION, FINDS, ORIGIN, SEPARATIONS, STATES
from ykforecast.processes.labour_base import URBAN, U
from ykforecast.processes.policy_bands import AGE_BAND, BANDS
from ykforecast.vocabulary.dims import MONTHS_A_YEAR, YEARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ykforecast.kernels.cohort import CohortTotals
    from ykforecast.processes.economy import MacroPath
    from ykforecast.simulate.calibrated import BaseYear
    from ykforecast.simulate.policy import PolicyPaths

_GIVING_UP = [k for k, origin in enumerate(ORIGIN) if origin == U and STATES[DESTINATION[k]] == "inactive"]


def _factor(base: BaseYear, odds: np.ndarray, flows: Sequence[int]) -> np.ndarray:
    """Mean factor of a policy on urban flows, (draw or 1, year), weighted by those of the base year."""
    moved = base.odds.annual_flows[URBAN][:, list(flows)].swapaxes(0, 1)
    weights = np.stack([moved[:, :, AGE_BAND == band].sum(axis=2) for band in range(BANDS)], axis=2)
    apart = odds[:, :, list(flows)][:, :, :, URBAN] - 1.0
    mean: np.ndarray = 1.0 + (apart * weights).sum(axis=(2, 3, 4)) / weights.sum()
    return mean


def rehired(base: BaseYear, totals: CohortTotals, policy: PolicyPaths, macro: MacroPath) -> np.ndarray:
    """Urban hires that only put displaced people back to work, (draw, year), persons.

    Lay-offs of a downturn (the pulse) and of displacing measures leave more job seekers than there would be; measures
    that hire, or prevent lay-offs, leave fewer. With ``X`` that difference, ``f`` the monthly hazard of finding
    work, ``f0`` the same without measures and ``x`` that of giving up,
    ``X(t+1) = (1 - f - x) X(t) + excess separations - (f - f0) (U(t) - X(t))``. The sum of ``f X`` over the year
    is returned; it is negative where measures have emptied the pool that later hires come from.
    """

    def flow(name: str) -> np.ndarray:
        return np.asarray(totals.flows_by_stratum[:, :, FLOWS.index(name), URBAN].sum(axis=-1))

    seekers = flow("unemployed_months") / MONTHS_A_YEAR
    find = flow("finds") / flow("unemployed_months")
    giving_up = base.odds.annual_flows[URBAN][:, _GIVING_UP].sum() / base.unemployed_urban / MONTHS_A_YEAR
    odds = policy.factors()
    helped = find * (1.0 - 1.0 / _factor(base, odds, FINDS))
    by_month = np.exp(macro.pulse).reshape(len(find), len(YEARS), MONTHS_A_YEAR)
    by_month = by_month * _factor(base, odds, SEPARATIONS)[:, :, None]
    excess = flow("separations")[:, :, None] * (by_month - 1.0) / by_month.sum(axis=2, keepdims=True)
    beyond, found = np.zeros(len(find)), np.zeros(find.shape)
    for year in range(len(YEARS)):
        for month in range(MONTHS_A_YEAR):
            again = find[:, year] * beyond
            found[:, year] += again
            fewer = helped[:, year] * (seekers[:, year] - beyond)
            beyond = beyond - again - giving_up * beyond + excess[:, year, month] - fewer
    return found
