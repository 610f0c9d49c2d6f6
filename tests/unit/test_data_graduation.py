"""Graduation keeps the margins it is given and recovers what is known."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ykforecast.data.fixed_order import solve_in_order
from ykforecast.data.graduation import (
    birth_cohorts,
    fit_groups,
    proportional_fit,
    round_table,
    round_to_total,
)
from ykforecast.vocabulary.errors import CalibrationError


def test_proportional_fit_meets_margins_and_keeps_odds_ratios() -> None:
    """Fitting may scale rows and columns, nothing else: association is evidence of the seed."""
    seed = np.array([[4.0, 1.0], [2.0, 3.0]])
    rows, columns = np.array([30.0, 70.0]), np.array([45.0, 55.0])
    fitted = proportional_fit(seed, [((0,), rows), ((1,), columns)])
    np.testing.assert_allclose(fitted.sum(axis=1), rows, rtol=1e-8)
    np.testing.assert_allclose(fitted.sum(axis=0), columns, rtol=1e-8)
    odds = fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0])
    assert odds == pytest.approx(6.0)


def test_proportional_fit_refuses_what_it_cannot_meet() -> None:
    """A near miss passed on as a fit would break every total later: it must say so."""
    with pytest.raises(CalibrationError, match="different totals"):
        proportional_fit(np.ones((2, 2)), [((0,), np.array([1.0, 1.0])), ((1,), np.array([1.0, 2.0]))])
    with pytest.raises(CalibrationError, match="seed is empty"):
        proportional_fit(
            np.array([[1.0, 0.0], [1.0, 0.0]]), [((0,), np.array([1.0, 1.0])), ((1,), np.array([1.0, 1.0]))]
        )
    with pytest.raises(CalibrationError, match="did not meet"):
        blocked = np.array([[1.0, 1.0], [0.0, 1.0]])
        proportional_fit(blocked, [((0,), np.array([1.0, 2.0])), ((1,), np.array([2.0, 1.0]))], sweeps=50)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 16))
def test_controlled_rounding_is_exact_and_within_one(seed: int, rows: int, columns: int) -> None:
    """Both margins to the person, no cell moved by a whole person: districts and ages stay true at once."""
    random = np.random.default_rng(seed)
    row_totals = random.integers(0, 50, rows)
    column_totals = random.multinomial(row_totals.sum(), np.full(columns, 1.0 / columns))
    table = np.outer(row_totals, column_totals) / max(row_totals.sum(), 1)
    whole = round_table(table, row_totals, column_totals)
    assert (whole.sum(axis=1) == row_totals).all()
    assert (whole.sum(axis=0) == column_totals).all()
    assert np.abs(whole - table).max() < 1.0 + 1e-9


def test_rounding_refuses_impossible_totals() -> None:
    """Margins far from the table cannot come from rounding it."""
    with pytest.raises(CalibrationError):
        round_table(np.array([[0.5, 0.5]]), np.array([4]), np.array([2, 2]))
    with pytest.raises(CalibrationError):
        round_to_total(np.array([0.4, 0.4]), 5)
    assert round_to_total(np.array([0.4, 1.3, 0.3]), 2).tolist() == [1, 1, 0]


def test_birth_cohorts_recover_a_famine() -> None:
    """A sharp dip and boom of births, seen only in ages of 1 May, are found in the ages of 1 November."""
    months = 12 * 42
    births = 100.0 + 5.0 * np.sin(np.arange(months) / 40.0)
    births[200:236] *= 0.55  # three hungry years
    births[176:200] *= 1.3  # followed by two years of births made up for
    at_middle = births[6 : 6 + 480].reshape(40, 12).sum(axis=1)
    truth = births[:480].reshape(40, 12).sum(axis=1)
    census, birthday = birth_cohorts(at_middle, truth[0])
    assert np.abs(census[1:39] / truth[1:39] - 1.0).max() < 0.07
    naive = np.abs(at_middle[1:39] / truth[1:39] - 1.0).max()
    assert naive > 0.15  # taking the ages of May for those of November is far off
    true_share = births[:480].reshape(40, 12)[:, 10:].sum(axis=1) / truth
    assert np.abs(birthday[1:39] - true_share[1:39]).max() < 0.03


def test_groups_are_exact_and_free_of_steps() -> None:
    """Scaling group by group leaves a step at each edge; a smooth ratio does not, with the same totals."""
    ages = np.arange(101)
    pattern = np.full(101, 100.0)
    truth = 100.0 * np.exp(-((ages - 30.0) ** 2) / 800.0) + 5.0
    starts = (0, 1, *range(5, 90, 5))
    totals = np.add.reduceat(truth, starts)
    single = fit_groups(pattern, totals, starts)
    np.testing.assert_allclose(np.add.reduceat(single, starts), totals, rtol=1e-9)
    flat = np.repeat(totals / np.diff([*starts, 101]), np.diff([*starts, 101]))
    middle = slice(5, 85)
    assert np.abs(single - truth)[middle].max() < 0.25 * np.abs(flat - truth)[middle].max()


def test_equations_are_solved_in_one_order_and_right():
    """Against LAPACK, pivots needed: a zero on the diagonal must not stop it."""
    rng = np.random.default_rng(4)
    matrix, right = rng.normal(size=(30, 30)), rng.normal(size=(30, 3))
    matrix[0, 0] = 0.0
    np.testing.assert_allclose(solve_in_order(matrix, right), np.linalg.solve(matrix, right), rtol=1e-9)
    np.testing.assert_allclose(solve_in_order(matrix, right[:, 0]), np.linalg.solve(matrix, right[:, 0]), rtol=1e-9)


def test_bits_do_not_depend_on_the_threads_of_the_blas():
    """A forecast has to be the same on one processor and on two; the base population is where it begins."""
    code = (
        "import hashlib; from ykforecast.processes.jump_off import year_end_array; "
        "from ykforecast.data.model_files import load_model; "
        "from ykforecast.processes.population_assumptions import PopulationAssumptions as A; "
        "print(hashlib.sha256(year_end_array(A.of_model(load_model())).tobytes()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OPENBLAS_NUM_THREADS": count},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for count in ("1", "2")
    }
    assert len(digests) == 1
