"""Potentials that make twelve months of flows carry one age's shares of labour states into the next's.

One cell (a stratum and an age) at a time: a damped Gauss-Newton search over one potential per state,
``odds_k = prior_k * exp(u[destination] - u[origin])``. Finite differences are exact enough here: a year
of flows is a smooth map of a few numbers, and the search ends on the residual, not on the step.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from ykforecast.kernels.compile_cache import inner, kernel
from ykforecast.kernels.flow_table import DESTINATION, ORIGIN, STATES

STATE_COUNT: Final = len(STATES)
FLOW_COUNT: Final = len(ORIGIN)
RETIRED: Final = STATES.index("retired")
MONTHS_A_YEAR: Final = 12
_ORIGIN, _DESTINATION = np.array(ORIGIN), np.array(DESTINATION)
ITERATIONS: Final = 60
STEP: Final = 1e-6
#: Largest move of a potential in one iteration, and the damping at which a cell is given up.
LONGEST_MOVE: Final = 1.0
STUCK: Final = 1e2


@inner
def _gap(start: Any, target: Any, prior: Any, leave: Any, u: Any, odds: Any, state: Any, after: Any, gap: Any) -> float:
    """Shares reached after a year less the target, into ``gap``; returns the sum of squares."""
    for i in range(STATE_COUNT):
        after[i] = 1.0
        state[i] = start[i]
    for k in range(FLOW_COUNT):
        odds[k] = prior[k] * math.exp(u[_DESTINATION[k]] - u[_ORIGIN[k]])
        after[_ORIGIN[k]] += odds[k]
    for k in range(FLOW_COUNT):
        odds[k] /= after[_ORIGIN[k]]
    for month in range(MONTHS_A_YEAR):
        for i in range(STATE_COUNT):
            after[i] = state[i]
        for k in range(FLOW_COUNT):
            flow = state[_ORIGIN[k]] * odds[k]
            after[_ORIGIN[k]] -= flow
            after[_DESTINATION[k]] += flow
        for i in range(STATE_COUNT):
            gone = after[i] * leave[month, i]
            after[i] -= gone
            after[RETIRED] += gone
        for i in range(STATE_COUNT):
            state[i] = after[i]
    square = 0.0
    for i in range(STATE_COUNT):
        gap[i] = state[i] - target[i]
        square += gap[i] * gap[i]
    return square


@inner
def _cholesky_solve(matrix: Any, right: Any) -> bool:
    """Solve in place a positive definite system; False where it is not."""
    n = STATE_COUNT
    for i in range(n):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            if i == j:
                if not total > 0.0:
                    return False
                matrix[i, i] = math.sqrt(total)
            else:
                matrix[i, j] = total / matrix[j, j]
    for i in range(n):
        total = right[i]
        for k in range(i):
            total -= matrix[i, k] * right[k]
        right[i] = total / matrix[i, i]
    for back in range(n):
        i = n - 1 - back
        total = right[i]
        for k in range(i + 1, n):
            total -= matrix[k, i] * right[k]
        right[i] = total / matrix[i, i]
    return True


@kernel
def solve_potentials(
    start: Any, target: Any, prior: Any, leave: Any, u: Any, residual: Any, tolerance: float, bound: float
) -> None:
    """Solve every cell, in place.

    Parameters
    ----------
    start, target : (cell, 8)
        Shares of the states at an age and a year later.
    prior : (cell, 25)
        Prior monthly odds.
    leave : (cell, 12, 8)
        Share of each state that stops work with a pension in each month.
    u : (cell, 8)
        Potentials: start of the search in, solution out.
    residual : (cell, 8)
        Out: shares reached less the target.
    tolerance, bound : float
        Largest gap that counts as met; bound on a potential.
    """
    n = STATE_COUNT
    odds, state, after = np.empty(FLOW_COUNT), np.empty(n), np.empty(n)
    trial, gap = np.empty(n), np.empty(n)
    jacobian, normal, move = np.empty((n, n)), np.empty((n, n)), np.empty(n)
    for cell in range(start.shape[0]):
        damping = 1e-3
        cost = _gap(start[cell], target[cell], prior[cell], leave[cell], u[cell], odds, state, after, residual[cell])
        for _ in range(ITERATIONS):
            worst = 0.0
            for i in range(n):
                worst = max(worst, abs(residual[cell, i]))
            if worst <= tolerance or damping >= STUCK:
                break
            for j in range(n):
                for i in range(n):
                    trial[i] = u[cell, i]
                trial[j] += STEP
                _gap(start[cell], target[cell], prior[cell], leave[cell], trial, odds, state, after, gap)
                for i in range(n):
                    jacobian[i, j] = (gap[i] - residual[cell, i]) / STEP
            trace = 0.0
            for i in range(n):
                move[i] = 0.0
                for k in range(n):
                    move[i] -= jacobian[k, i] * residual[cell, k]
                for j in range(n):
                    normal[i, j] = 0.0
                    for k in range(n):
                        normal[i, j] += jacobian[k, i] * jacobian[k, j]
                trace += normal[i, i]
            for i in range(n):
                normal[i, i] += damping * (trace / n + 1e-18)
            if _cholesky_solve(normal, move):
                for i in range(n):
                    step = min(max(move[i], -LONGEST_MOVE), LONGEST_MOVE)
                    trial[i] = min(max(u[cell, i] + step, -bound), bound)
                square = _gap(start[cell], target[cell], prior[cell], leave[cell], trial, odds, state, after, gap)
            else:
                square = math.inf
            if square < cost:
                cost = square
                for i in range(n):
                    u[cell, i], residual[cell, i] = trial[i], gap[i]
                damping = max(damping * 0.3, 1e-10)
            else:
                damping *= 8.0
