"""Linear equations solved in one fixed order of sums, so that their bits do not depend on the threads of a BLAS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def solve_in_order(matrix: Array, right: Array) -> Array:
    """Solve ``matrix @ x = right`` by Gaussian elimination with row pivots.

    Parameters
    ----------
    matrix : ndarray (i, i)
        Not singular; some hundred rows at most, for every step is one pass of NumPy.
    right : ndarray (i,) or (i, j)

    Returns
    -------
    ndarray, shape of ``right``
    """
    size = len(matrix)
    work = np.concatenate([matrix, right.reshape(size, -1)], axis=1)
    for i in range(size):
        pivot = i + int(np.abs(work[i:, i]).argmax())
        if pivot != i:
            work[[i, pivot]] = work[[pivot, i]]
        rows = i + 1 + np.flatnonzero(work[i + 1 :, i])
        work[rows, i:] -= (work[rows, i] / work[i, i])[:, None] * work[i, i:]
    solution = work[:, size:]
    for i in range(size - 1, -1, -1):
        solution[i] /= work[i, i]
        rows = np.flatnonzero(work[:i, i])
        solution[rows] -= work[rows, i, None] * solution[i]
    return solution.reshape(right.shape)
