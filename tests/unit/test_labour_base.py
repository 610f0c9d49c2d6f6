"""Raking and shifting to totals: margins are met, and what cannot be met is refused."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.processes.labour_base import URBAN, A, E, F, G, R, S, U, rake_kinds, shift_to_total
from ykforecast.simulate.tilts import TILTED, YEAR_END_UNEMPLOYMENT, tilt_range
from ykforecast.vocabulary.dims import WORKING_AGE
from ykforecast.vocabulary.errors import CalibrationError


def margins(cells: int = 12, kinds: int = 4, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    table = rng.uniform(1.0, 50.0, (cells, kinds))
    return rng.uniform(0.1, 1.0, (cells, kinds)), table.sum(axis=1), table.sum(axis=0)


def test_raking_meets_both_margins():
    seed, rows, columns = margins()
    table = rake_kinds(seed, rows, columns)
    np.testing.assert_allclose(table.sum(axis=0), columns, rtol=1e-12)
    np.testing.assert_allclose(table.sum(axis=1), rows, rtol=1e-6)


def test_raking_keeps_the_odds_ratios_of_the_seed():
    """Proportional fitting changes margins and nothing else: that is why it is used and not least squares."""
    seed, rows, columns = margins()
    table = rake_kinds(seed, rows, columns)
    before = seed[1:, 1:] * seed[:1, :1] / (seed[1:, :1] * seed[:1, 1:])
    after = table[1:, 1:] * table[:1, :1] / (table[1:, :1] * table[:1, 1:])
    np.testing.assert_allclose(after, before, rtol=1e-9)


def test_raking_keeps_the_zeros_of_the_seed():
    """Women past 55 hold no public post, whatever the total of posts."""
    seed, rows, columns = margins()
    seed[3, 1] = 0.0
    assert rake_kinds(seed, rows, columns)[3, 1] == 0.0


def _more_of_a_kind(seed, rows, columns):
    columns[0] *= 1.01


def _nobody_can(seed, rows, columns):
    seed[:, 2] = 0.0


def _none_wanted(seed, rows, columns):
    columns[1] += columns[0]
    columns[0] = 0.0


def _one_cell_cannot_hold_them(seed, rows, columns):
    seed[1:, 0] = 0.0
    columns[1] += columns[0] - 2 * rows[0]
    columns[0] = 2 * rows[0]


@pytest.mark.parametrize("break_it", [_more_of_a_kind, _nobody_can, _none_wanted, _one_cell_cannot_hold_them])
def test_raking_refuses_what_cannot_be_met(break_it):
    """NaN or a table that misses its margins would otherwise be carried into every later year."""
    seed, rows, columns = margins()
    break_it(seed, rows, columns)
    with pytest.raises(CalibrationError):
        rake_kinds(seed, rows, columns)


def test_a_shift_meets_the_total_and_moves_every_share_by_the_same_log_odds():
    share = np.array([[0.2, 0.5, 0.9, 0.0]])
    people = np.array([[100.0, 50.0, 80.0, 30.0]])
    counts = shift_to_total(share, people, 140.0, "x")
    assert counts.sum() == pytest.approx(140.0, rel=1e-13)
    assert counts[0, 3] == 0.0
    found = counts[0, :3] / people[0, :3]
    shift = np.log(found / (1 - found)) - np.log(share[0, :3] / (1 - share[0, :3]))
    np.testing.assert_allclose(shift, shift[0], rtol=1e-9)


@pytest.mark.parametrize("total", [0.0, -1.0, 230.0, 1e9, float("nan")])
def test_a_total_out_of_reach_is_refused(total):
    """Only the 230 with a share above zero can be drawn on."""
    with pytest.raises(CalibrationError, match="cannot be met"):
        shift_to_total(np.array([0.2, 0.5, 0.9, 0.0]), np.array([100.0, 50.0, 80.0, 30.0]), total, "retirees")


@pytest.mark.parametrize("share", [1.0, 1.2, -0.1])
def test_a_share_without_odds_is_refused(share):
    """A share of one has infinite odds: no shift moves it, and its count would be NaN."""
    with pytest.raises(CalibrationError, match="outside"):
        shift_to_total(np.array([0.2, share]), np.array([10.0, 10.0]), 5.0, "retirees")


def test_the_city_has_its_students_and_posts_where_they_can_be(calibration):
    """29,613 in higher education; no woman past 55 in a public post; nobody at work below 16."""
    labour = calibration.base.labour0
    college_age = int(calibration.model.parameters["college_age"].median)
    assert labour[:, S, college_age:].sum() == pytest.approx(calibration.figures.college_students, rel=1e-12)
    assert (labour[1::2, G, 55:] == 0).all()
    assert (labour[:, :, :WORKING_AGE] == 0).all()
    assert (labour[:, [E, G, F, A, U, R]] >= 0).all()


def test_no_weights_of_the_tilts_make_a_stock_negative(calibration):
    """Weights lie in [-1, 1] each: the worst corner subtracts every tilt at once."""
    base = calibration.base
    for stock, tilt in (
        (base.labour0, base.labour_tilt),
        (base.pension0, base.pension_tilt),
        (base.odds.odds, base.odds_tilt),
    ):
        assert (stock - np.abs(tilt).sum(axis=0)).min() >= -1e-9


def test_tilts_move_no_person_between_cells(calibration):
    """A tilt is another split of the same residents: every cell keeps its people."""
    moved = calibration.base.labour_tilt.sum(axis=2)
    assert np.abs(moved).max() < 1e-4  # persons


def test_the_last_day_of_2020_stands_apart_from_the_mean_of_its_year(calibration):
    """5.8 % is a mean of twelve months: the odds answer to it, the stock to the December of the country."""
    base, rate = calibration.base, calibration.figures.unemployment_rate
    at_work = base.labour0[URBAN][:, [E, G, F, A]].sum()
    assert base.unemployed_urban / (base.unemployed_urban + at_work) == pytest.approx(rate, rel=1e-9)
    low, high = tilt_range(calibration.model.parameters, YEAR_END_UNEMPLOYMENT)
    tilt = base.labour_tilt[TILTED.index(YEAR_END_UNEMPLOYMENT)][URBAN, U].sum()
    for weight, ratio in ((-1.0, low), (0.0, 0.5 * (low + high)), (1.0, high)):
        unemployed = base.labour0[URBAN, U].sum() + weight * tilt
        assert unemployed == pytest.approx(ratio * base.unemployed_urban, rel=1e-9)
