"""Sums over an ensemble whose bits do not depend on the number of threads.

A matrix product through BLAS cuts the sum over draws among its threads: its last bits change with their number.
``numpy.einsum`` without its optimiser adds in the one order of its loops. Only small matrices
(figure by figure) go to LAPACK.
"""

from __future__ import annotations

import numpy as np


def cross_covariance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Covariance (i, j) of the columns of two ensembles (draw, i) and (draw, j)."""
    return np.asarray(np.einsum("di,dj->ij", a - a.mean(axis=0), b - b.mean(axis=0)) / (len(a) - 1))


def solve_positive(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve ``matrix @ x = right`` for a positive definite matrix (i, i), right (i, j).

    Gauss-Jordan elimination row by row: a positive definite matrix needs no pivots, and matrices of
    many coordinates would make LAPACK use threads.
    """
    work = np.concatenate([matrix, right], axis=1)
    for i in range(len(matrix)):
        work[i] /= work[i, i]
        factor = work[:, i].copy()
        factor[i] = 0.0
        work -= factor[:, None] * work[i]
    return work[:, len(matrix) :]
