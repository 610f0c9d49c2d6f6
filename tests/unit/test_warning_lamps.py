"""Lamps, chances and scores on hand-made paths whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.assess.alarm_scores import exact_interval, lead_times, rate_of, roc_area, roc_area_with_error
from ykforecast.assess.chances import fit_chances
from ykforecast.assess.lamps import (
    breach_ahead,
    change,
    first_breach,
    grade,
    in_breach,
    lamp_score,
    lamp_shares,
    lamps,
)
from ykforecast.assess.stress import recovery_months
from ykforecast.data.warning_file import load_warning


@pytest.fixture(scope="module")
def rules(model):
    return load_warning(model)


def test_a_lamp_rises_at_once_and_drops_after_two_lower_months(rules):
    # 3 to 15 is the whole range of the value; 9 is green, 13 red, 11 yellow.
    score = np.array([[9, 13, 9, 13, 11, 9, 9, 9, 3, 9]])
    names = ["green", "red", "red", "red", "red", "yellow", "green", "green", "green", "green"]
    lit = lamps(score, rules)
    assert [["blue", "light_blue", "green", "yellow", "red"][place] for place in lit[0]] == names


def test_a_lamp_never_looks_ahead(rules):
    # What is lit in a month may not change with what comes later.
    score = np.random.default_rng(1).integers(3, 16, (50, 30))
    assert np.array_equal(lamps(score, rules)[:, :20], lamps(score[:, :20], rules))


@pytest.mark.parametrize(
    ("score", "place"), [(3, 0), (6, 0), (7, 1), (8, 2), (10, 2), (11, 3), (12, 3), (13, 4), (15, 4)]
)
def test_limits_of_the_lamps_are_those_of_beijing(rules, score, place):
    # Blue up to 6, light blue to 7.5, green to 10.5, yellow to 12, red above.
    assert lamps(np.array([score]), rules)[0] == place


def test_grades_and_value_of_the_lamp(rules):
    # 6 % is at the line, so its grade is the highest; a calm month has the lowest of all.
    assert grade(np.array([0.04, 0.0599, 0.06]), rules.level.cuts).tolist() == [1, 4, 5]
    grave = lamp_score(np.array([0.07]), np.array([0.01]), np.array([0.9]), rules)
    calm = lamp_score(np.array([0.03]), np.array([-0.01]), np.array([0.0]), rules)
    assert (grave.item(), calm.item()) == (15, 3)


def test_a_breach_needs_its_months_on_end():
    # The national rate of February to May 2020: one month breaks 6 %, two on end never do.
    rate = np.array([0.053, 0.062, 0.059, 0.060, 0.059])
    assert in_breach(rate, 0.06).tolist() == [False, True, False, True, False]
    assert not in_breach(rate, 0.06, 2).any()
    assert in_breach(np.array([0.07, 0.07, 0.07]), 0.06, 2).tolist() == [False, True, True]
    assert in_breach(np.array([0.01, -0.01]), 0.0, below=True).tolist() == [False, True]


def test_breaches_ahead_leave_out_the_month_itself():
    breach = np.array([[True, False, False, True, False, False]])
    assert breach_ahead(breach, 2).tolist() == [[False, True, True, False]]
    assert first_breach(np.array([[False, False], [False, True]])).tolist() == [2, 1]


def test_changes_are_over_three_months():
    moved = change(np.array([1.0, 2.0, 4.0, 8.0]))
    assert np.isnan(moved[:3]).all()
    assert moved[3] == 7.0


def test_shares_of_lamps_add_up():
    assert np.allclose(lamp_shares(np.array([[0, 4], [0, 2]])).sum(axis=-1), 1.0)


def test_chances_are_calibrated_and_do_not_see_the_outcome_judged():
    # A known logistic law is found again; on pure noise the cross-fitted chance has no skill at all.
    random = np.random.default_rng(3)
    known = random.normal(size=(4_000, 2))
    truth = 1.0 / (1.0 + np.exp(-(known[:, 0] - 1.0)))
    everyone = np.ones(4_000, dtype=bool)
    found = fit_chances(known, random.random(4_000) < truth, everyone).of(known)
    assert np.abs(found - truth).mean() < 0.02
    coin = random.random(4_000) < 0.5
    assert abs(roc_area(fit_chances(known, coin, everyone).of(known), coin) - 0.5) < 0.03


def test_chances_stay_finite_where_a_feature_parts_the_draws():
    known = np.linspace(-1.0, 1.0, 200)[:, None]
    found = fit_chances(known, known[:, 0] > 0.0, np.ones(200, dtype=bool))
    assert np.isfinite(found.coefficients).all()
    assert found.of_outside(np.array([[0.9], [-0.9]])).round().tolist() == [1.0, 0.0]


def test_area_counts_pairs_and_ties():
    # Of the four pairs three are in order and one is tied.
    assert roc_area(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, False, True, True])) == 0.875
    assert np.isnan(roc_area(np.array([1.0, 2.0]), np.array([True, True])))


def test_errors_of_rates_are_those_of_whole_draws():
    # Twelve copies of the same month in a draw are one case, not twelve.
    random = np.random.default_rng(5)
    alarm = np.repeat(random.random((400, 1)) < 0.3, 12, axis=1)
    share, error = rate_of(alarm, np.ones_like(alarm))
    assert error == pytest.approx(np.sqrt(share * (1 - share) / 400), rel=1e-6)
    signal = np.repeat(random.normal(size=(400, 1)), 12, axis=1)
    _, wide = roc_area_with_error(signal, alarm, np.ones_like(alarm))
    assert wide > 0.01  # independent months would claim about 0.009
    assert np.isnan(rate_of(alarm, np.zeros_like(alarm))[0])


def test_lead_is_the_alarm_standing_when_the_breach_comes():
    alarm = np.array([[1, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 0]], dtype=bool)
    assert lead_times(alarm, np.array([4, 4, 4])).tolist() == [2, 0, 4]


def test_exact_intervals_are_clopper_and_pearsons():
    # One of two at 90 %: 1 - sqrt(0.95) to sqrt(0.95).
    low, high = exact_interval(1, 2)
    assert (low, high) == (pytest.approx(1 - np.sqrt(0.95)), pytest.approx(np.sqrt(0.95)))
    assert exact_interval(0, 0) == (0.0, 1.0)


def test_recovery_is_counted_from_the_largest_effect():
    over = np.array([[0.0, 0.01, 0.008, 0.0009, 0.0], [0.0, 0.002, 0.004, 0.006, 0.008], [0.0, 0.0, 0.0, 0.0, 0.0]])
    months = recovery_months(over)
    assert months[0] == 2.0
    assert np.isinf(months[1])
    assert np.isnan(months[2])
