"""Graduation: proportional fitting, birth cohorts from two age tables, controlled rounding.

Everything here keeps the margins it is given; nothing opens files.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.fixed_order import solve_in_order
from ykforecast.vocabulary.errors import CalibrationError

Array = NDArray[np.float64]


def proportional_fit(
    seed: Array,
    margins: Sequence[tuple[tuple[int, ...], Array]],
    *,
    tolerance: float = 1e-9,
    sweeps: int = 2000,
) -> Array:
    """Iterative proportional fitting of a table to its margins.

    Parameters
    ----------
    seed : ndarray
        Non-negative table; its odds ratios are kept (Deming and Stephan, 1940).
    margins : sequence of (axes, target)
        ``target`` is the table summed over every axis not in ``axes``.
    tolerance : float
        Largest relative gap of any margin at the end.
    sweeps : int
        Most sweeps over all margins.

    Returns
    -------
    ndarray
        Same shape as ``seed``, every margin met within ``tolerance``.

    Raises
    ------
    CalibrationError
        If margins disagree in their totals, or are not met after ``sweeps``: never a silent near miss.
    """
    totals = [float(target.sum()) for _, target in margins]
    if max(totals) - min(totals) > 1e-6 * max(max(totals), 1.0):
        raise CalibrationError("margins have different totals", value=totals, remedy="Correct the margins")
    table = np.array(seed, dtype=float)
    gap = np.inf
    for _ in range(sweeps):
        gap = 0.0
        for axes, target in margins:
            others = tuple(axis for axis in range(table.ndim) if axis not in axes)
            current = table.sum(axis=others)
            empty = (current == 0) & (target > 0)
            if empty.any():
                raise CalibrationError(
                    "a margin is positive where the seed is empty",
                    value=np.argwhere(empty)[0].tolist(),
                    remedy="Give the seed a positive entry there",
                )
            gap = max(gap, float(np.max(np.abs(current - target) / np.maximum(target, 1.0))))
            factor = np.divide(target, current, out=np.zeros_like(current), where=current > 0)
            table *= np.expand_dims(factor, others)
        if gap < tolerance:
            return table
    raise CalibrationError(
        "proportional fitting did not meet the margins",
        value=gap,
        remedy="Check the margins against each other",
    )


#: Blocks of two months: short enough to place a birthday between 1 November and 31 December.
_BLOCKS = 6


@lru_cache(maxsize=4)
def _cohort_solver(ages: int) -> tuple[Array, Array]:
    """Inverse of the equations of `birth_cohorts` for ``ages`` single ages."""
    blocks = _BLOCKS * (ages + 1)
    # Block 0 holds the latest births: September and October before the census date.
    window_middle = np.zeros((ages, blocks))
    window_census = np.zeros((ages, blocks))
    for age in range(ages):
        # Aged `age` at the middle of the twelve months (1 May): born half a year, three blocks, earlier.
        window_middle[age, _BLOCKS * age + 3 : _BLOCKS * age + 3 + _BLOCKS] = 1.0
        window_census[age, _BLOCKS * age : _BLOCKS * age + _BLOCKS] = 1.0
    equations = np.vstack([window_middle, window_census[:1]])
    # Whole numbers: their products add up without rounding, in whatever order a BLAS takes them.
    rough = np.diff(np.eye(blocks), n=2, axis=0)
    size = blocks + len(equations)
    system = np.zeros((size, size))
    system[:blocks, :blocks] = rough.T @ rough + 1e-9 * np.eye(blocks)
    system[:blocks, blocks:] = equations.T
    system[blocks:, :blocks] = equations
    solve = solve_in_order(system, np.eye(size)[:, blocks:])[:blocks]
    return solve, window_census


def birth_cohorts(at_middle: Array, age_zero: Array) -> tuple[Array, Array]:
    """Population at the census date by single age, from the population half a year before.

    The national tables give single ages at the middle of the twelve months before the census.
    Births by two-month block are taken as smooth as possible (least squared second differences) among those
    that reproduce every single age at that date and the infants of the census date; the census ages and the
    calendar-year cohorts are then sums of blocks. Deaths within the half year are left to the
    published five-year groups, to which the result is fitted afterwards.

    Parameters
    ----------
    at_middle : ndarray (..., age), persons
        Population by single age about 1 May.
    age_zero : ndarray (...), persons
        Infants on 1 November.

    Returns
    -------
    census : ndarray (..., age), persons
        By single age on 1 November, before fitting to the five-year groups.
    birthday : ndarray (..., age), share
        Share of each census age that has its birthday between 1 November and 31 December.
    """
    ages = at_middle.shape[-1]
    solve, window = _cohort_solver(ages)
    known = np.concatenate([at_middle, age_zero[..., None]], axis=-1)
    blocks = np.maximum(np.einsum("...k,bk->...b", known, solve), 0.0)
    census = np.einsum("...b,ab->...a", blocks, window)
    # Born in November and December: the oldest of the six blocks of a census age.
    oldest = blocks[..., _BLOCKS - 1 :: _BLOCKS][..., :ages]
    even = np.full(census.shape, 1.0 / _BLOCKS)
    return np.asarray(census, dtype=float), np.asarray(np.divide(oldest, census, out=even, where=census > 0))


def fit_groups(pattern: Array, groups: Array, starts: Sequence[int], *, sweeps: int = 500) -> Array:
    """Single ages with given group totals whose ratio to a pattern is smooth in age.

    Parameters
    ----------
    pattern : ndarray (..., age)
        Positive single-age pattern, e.g. of the country.
    groups : ndarray (..., group)
        Totals of the groups that begin at ``starts``.
    starts : sequence of int
        First age of each group; the last group is open to the end of ``pattern``.

    Returns
    -------
    ndarray (..., age)
        Group totals exact. The log ratio to the pattern is a monotone cubic through one knot for each group,
        moved until the totals hold: no steps at the edges of groups, as plain scaling would make.
    """
    from scipy.interpolate import PchipInterpolator

    ages = pattern.shape[-1]
    edges = np.array([*starts, ages])
    group = np.searchsorted(edges, np.arange(ages), side="right") - 1
    mean_age = np.add.reduceat(pattern * np.arange(ages), edges[:-1], axis=-1).reshape(-1, len(starts))
    weight = np.add.reduceat(pattern, edges[:-1], axis=-1).reshape(-1, len(starts))
    flat, targets = pattern.reshape(-1, ages), groups.reshape(-1, len(starts))
    out = np.empty_like(flat)
    for row in range(len(flat)):
        centres = mean_age[row] / weight[row]
        at = np.clip(np.arange(ages), centres[0], centres[-1])
        knots = np.log(np.maximum(targets[row], 1e-9) / weight[row])
        for _ in range(sweeps):
            fitted = flat[row] * np.exp(PchipInterpolator(centres, knots)(at))
            gap = np.log(np.maximum(targets[row], 1e-9) / np.add.reduceat(fitted, edges[:-1]))
            if np.abs(gap).max() < 1e-6:
                break
            knots = knots + 0.7 * gap
        out[row] = fitted * np.exp(gap)[group]
    return out.reshape(pattern.shape)


def round_to_total(values: Array, total: int | None = None) -> NDArray[np.int64]:
    """Whole numbers nearest to ``values`` with a given total (largest remainders).

    Parameters
    ----------
    values : ndarray, one axis
    total : int, optional
        The rounded sum of ``values`` when left out; at most the floor of each value or one more is used.
    """
    whole = np.floor(values + 1e-9).astype(np.int64)
    missing = (round(float(values.sum())) if total is None else total) - int(whole.sum())
    if not 0 <= missing <= len(values):
        raise CalibrationError("total out of reach of rounding", value=missing, remedy="Fit the values to it first")
    order = np.argsort(-(values - whole), kind="stable")
    whole[order[:missing]] += 1
    return whole


def round_table(table: Array, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Controlled rounding of a two-way table: every cell up or down, both margins exact.

    Parameters
    ----------
    table : ndarray (row, column)
    rows, columns : ndarray of int
        Margins, each the sum of ``table`` rounded up or down, with one total.

    Raises
    ------
    CalibrationError
        If no whole table has these margins.

    Notes
    -----
    Rounding down leaves units to place, at most one in a cell: a matching of rows with columns that always
    exists (Cox, 1987), found by augmenting paths that try the largest fractions first.
    """
    whole = np.floor(table + 1e-9).astype(np.int64)
    left_rows, left_columns = rows - whole.sum(axis=1), columns - whole.sum(axis=0)
    fraction = table - whole
    preferred = [list(map(int, np.argsort(-row, kind="stable"))) for row in fraction]
    extra = np.zeros(table.shape, dtype=bool)

    def place(row: int, tried: set[int]) -> bool:
        for column in preferred[row]:
            if column in tried or extra[row, column]:
                continue
            tried.add(column)
            if left_columns[column] > 0:
                left_columns[column] -= 1
                extra[row, column] = True
                return True
            for other in np.flatnonzero(extra[:, column]):
                if place(int(other), tried):
                    extra[other, column], extra[row, column] = False, True
                    return True
        return False

    refusal = CalibrationError(
        "no whole table has these margins",
        value=[rows.tolist(), columns.tolist()],
        remedy="Correct the margins",
    )
    for row, count in enumerate(left_rows):
        for _ in range(int(count)):
            if not place(row, set()):
                raise refusal
    if left_rows.min() < 0 or left_columns.any():
        raise refusal
    return np.asarray(whole + extra)
