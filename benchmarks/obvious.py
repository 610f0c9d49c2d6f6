"""The obvious kernel: loops as one would first write them, for what vectorised loops are worth.

Labour flows, retirement and pensions of every month; the year end is left out, which favours it.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from ykforecast.kernels.flow_table import CLASS, DESTINATION, ORIGIN, RETIRING, STATES

_ORIGIN, _DESTINATION, _CLASS = np.array(ORIGIN), np.array(DESTINATION), np.array(CLASS)
_RETIRING = np.array([STATES.index(name) for name in RETIRING])


@numba.njit
def project(labour: Any, pension: Any, odds: Any, multiplier: Any, leave: Any, entry: Any, kappa: Any) -> Any:
    """Twelve months of each year; labour (stratum, 8, age), odds (year, stratum, flow, age)."""
    for t in range(60):
        for g in range(4):
            for a in range(16, 101):
                total = np.ones(8)
                flow = np.empty(len(_ORIGIN))
                for k in range(len(_ORIGIN)):
                    flow[k] = odds[t // 12, g, k, a] * multiplier[_CLASS[k], t]
                    total[_ORIGIN[k]] += flow[k]
                for k in range(len(_ORIGIN)):
                    flow[k] *= labour[g, _ORIGIN[k], a] / total[_ORIGIN[k]]
                for k in range(len(_ORIGIN)):
                    labour[g, _ORIGIN[k], a] -= flow[k]
                    labour[g, _DESTINATION[k], a] += flow[k]
                for j in range(len(_RETIRING)):
                    leaving = labour[g, _RETIRING[j], a] * leave[g, t, j, a]
                    labour[g, _RETIRING[j], a] -= leaving
                    labour[g, 7, a] += leaving
                over = -pension[g, 0, a]
                for o in range(8):
                    over += kappa[g, o] * labour[g, o, a]
                breaking = 0.01 * pension[g, 0, a] + 0.1 * max(-over, 0.0)
                returning = 0.05 * pension[g, 1, a]
                pension[g, 0, a] += 0.05 * max(over, 0.0) + returning - breaking
                pension[g, 1, a] += breaking - 1.02 * returning
                for i in range(2):
                    drawing = pension[g, i, a] * entry[g, t, a]
                    pension[g, i, a] -= drawing
                    pension[g, 2, a] += drawing
    return labour.sum()
