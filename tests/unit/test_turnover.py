"""Base odds and statutory retirement against brute force: what the solver promises, counted again."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.kernels.flow_table import DESTINATION, FLOWS, ORIGIN
from ykforecast.kernels.potentials import solve_potentials
from ykforecast.processes.labour_base import URBAN, E, F, G, N, R, U
from ykforecast.processes.retirement import retirement_reach
from ykforecast.processes.turnover import (
    LARGEST_POTENTIAL,
    RETIRING_STATES,
    TOLERANCE,
    cohort_target,
    leave_rates,
    prior_odds,
    retirement_shares,
    twelve_months,
)
from ykforecast.vocabulary.dims import LABOUR_STATES
from ykforecast.vocabulary.errors import CalibrationError

STATES = 8


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.85, 1.0])
@pytest.mark.parametrize(("stratum", "state", "age", "birth_months"), [(0, E, 59, 12), (1, G, 54, 12), (3, F, 49, 12)])
def test_leave_rates_are_exact_for_twelve_birth_months(rho, stratum, state, age, birth_months):
    """Follow the birth months of a cohort one by one: in its month a share rho leaves, later nobody does.

    The rate on the pooled stock must take as many in every month; a plain rho * reach / left would hit
    those who stayed a second time.
    """
    reach, passed = retirement_reach(0.0, 1.0, delayed=False)
    shares = np.zeros((4, STATES))
    shares[stratum, state] = rho
    rates = leave_rates(reach, passed, shares)[stratum, :, state, age]
    months = np.full(birth_months, 100.0)
    stock = months.sum()
    for month in range(12):
        gone = rho * months[month]
        assert rates[month] * stock == pytest.approx(gone, abs=1e-9)
        months[month] -= gone
        stock -= rates[month] * stock
    assert stock == pytest.approx((1 - rho) * 1200, abs=1e-9)


def test_mixed_posts_of_women_leave_at_both_ages():
    """Of 100 women, 70 reach 50 and 30 reach 55; half of those who reach an age leave."""
    reach, passed = retirement_reach(0.3, 0.8, delayed=False)
    rates = leave_rates(reach, passed, np.full((4, STATES), 0.5))[1, :, E]
    stock = 100.0
    for age, gone in ((49, 35.0), (54, 15.0)):
        before = stock
        for month in range(12):
            stock *= 1 - rates[month, age]
        assert before - stock == pytest.approx(gone, abs=1e-9)


def test_students_farmers_and_the_retired_do_not_reach_a_statutory_age():
    reach, passed = retirement_reach(0.3, 0.8, delayed=False)
    rates = leave_rates(reach, passed, np.ones((4, STATES)))
    others = [state for state in range(STATES) if state not in RETIRING_STATES]
    assert (rates[:, :, others] == 0).all()
    assert (rates >= 0).all() and (rates <= 1 + 1e-12).all()


def test_twelve_months_keep_every_person_and_count_every_flow():
    """Shares still add up, and each state changes by its flows in less its flows out."""
    rng = np.random.default_rng(5)
    start = rng.dirichlet(np.ones(STATES), 30)
    odds = rng.uniform(0.0, 0.05, (30, len(FLOWS)))
    end, flows = twelve_months(start, odds, np.zeros((30, 12, STATES)))
    np.testing.assert_allclose(end.sum(axis=1), 1.0, rtol=1e-13)
    net = np.zeros_like(start)
    for k in range(len(FLOWS)):
        net[:, ORIGIN[k]] -= flows[:, k]
        net[:, DESTINATION[k]] += flows[:, k]
    np.testing.assert_allclose(end - start, net, atol=1e-13)


def test_the_solver_finds_potentials_that_are_known_to_exist():
    """Targets made with known potentials: NumPy's twelve months of the found odds must reach them."""
    rng = np.random.default_rng(11)
    cells = 40
    start = rng.dirichlet(np.full(STATES, 4.0), cells)
    prior = rng.uniform(0.002, 0.04, (cells, len(FLOWS)))
    leave = np.zeros((cells, 12, STATES))
    leave[:20, :, E] = rng.uniform(0.0, 0.05, (20, 12))
    known = rng.uniform(-1.0, 1.0, (cells, STATES))
    odds = prior * np.exp(known[:, DESTINATION] - known[:, ORIGIN])
    target, _ = twelve_months(start, odds, leave)
    found, residual = np.zeros((cells, STATES)), np.empty((cells, STATES))
    solve_potentials(start, target, prior, leave, found, residual, TOLERANCE, LARGEST_POTENTIAL)
    reached, _ = twelve_months(start, prior * np.exp(found[:, DESTINATION] - found[:, ORIGIN]), leave)
    np.testing.assert_allclose(reached, target, atol=2 * TOLERANCE)
    np.testing.assert_allclose(residual, reached - target, atol=1e-13)


def test_the_solver_leaves_a_cell_that_is_met_already():
    """The smallest change is none: with the target reached at zero potentials the prior stays."""
    rng = np.random.default_rng(2)
    start = rng.dirichlet(np.ones(STATES), 5)
    prior = rng.uniform(0.002, 0.04, (5, len(FLOWS)))
    leave = np.zeros((5, 12, STATES))
    target, _ = twelve_months(start, prior, leave)
    found, residual = np.zeros((5, STATES)), np.empty((5, STATES))
    solve_potentials(start, target, prior, leave, found, residual, TOLERANCE, LARGEST_POTENTIAL)
    assert (found == 0).all()


def test_potentials_stay_within_their_bound_where_the_target_is_out_of_reach():
    """A farm that must fill up in one year from nobody: the gap stays and is reported, no overflow."""
    start, target = np.zeros((1, STATES)), np.zeros((1, STATES))
    start[0, R], target[0, U] = 1.0, 1.0
    prior = np.full((1, len(FLOWS)), 0.01)
    found, residual = np.zeros((1, STATES)), np.empty((1, STATES))
    solve_potentials(start, target, prior, np.zeros((1, 12, STATES)), found, residual, TOLERANCE, LARGEST_POTENTIAL)
    assert np.abs(found).max() <= LARGEST_POTENTIAL
    assert np.abs(residual).max() > 0.1


def test_the_city_reproduces_its_own_age_profile(calibration):
    """Base odds carry the shares of each age into those of the next, by NumPy and not by the solver."""
    base = calibration.base
    # The odds answer to the year's mean of unemployment, of which the stock of the last day is a fraction.
    labour = base.labour0.copy()
    seeking = labour[:, U] * base.unemployed_urban / labour[URBAN, U].sum()
    labour[:, N] -= seeking - labour[:, U]
    labour[:, U] = seeking
    people = labour.sum(axis=1, keepdims=True)
    shares = np.divide(labour, people, out=np.zeros_like(labour), where=people > 0)
    shared = calibration.shared
    leave = leave_rates(shared["retire_reach"], shared["retire_passed"], base.retire_share, base.public_early)
    target = cohort_target(shares)
    for stratum in range(4):
        for age in (20, 30, 45, 49, 54, 59, 63):
            end, _ = twelve_months(
                shares[stratum, :, age][None], base.odds.odds[stratum, :, age][None], leave[stratum, :, :, age][None]
            )
            np.testing.assert_allclose(end[0], target[stratum, :, age], atol=2 * base.odds.residual)
    assert base.odds.residual < 2e-3


def test_nobody_loses_a_pension_by_ageing():
    """Where older cohorts have fewer retired, the share of the younger age is kept and the inactive give."""
    shares = np.zeros((4, STATES, 3))
    shares[:, R], shares[:, N], shares[:, E] = [0.5, 0.3, 0.6], [0.1, 0.4, 0.2], [0.4, 0.3, 0.2]
    target = cohort_target(shares)
    assert target[0, R].tolist() == [0.5, 0.6]
    np.testing.assert_allclose(target[0, N], [0.2, 0.2])
    np.testing.assert_allclose(target.sum(axis=1), 1.0)


def test_retirement_shares_are_shares_and_public_posts_end_for_all(calibration):
    share = retirement_shares(calibration.base.labour0, calibration.shared["retire_reach"])
    assert ((share >= 0) & (share <= 1)).all()
    assert (share[:, G] == 1).all()


def test_a_missing_turnover_level_names_its_key(calibration):
    """A city without a level for a flow would silently have nobody in it."""
    from dataclasses import replace

    profiles = calibration.profiles
    levels = {key: value for key, value in profiles.turnover.items() if key != "farm_enterprise"}
    with pytest.raises(CalibrationError, match=r"turnover\.level\.farm_enterprise"):
        prior_odds(replace(profiles, turnover=levels), first_pension_age=44, last_working_age=80)


def test_public_posts_recruit_over_the_ages_that_examinations_admit(calibration):
    """Civil-service examinations admit ages 18 to 35: most recruits come from 22 to 35, no few years take half."""
    hires = [k for k in range(len(FLOWS)) if DESTINATION[k] == G]
    by_age = calibration.base.odds.annual_flows[:, hires].sum(axis=(0, 1))
    assert by_age[22:36].sum() > 0.8 * by_age.sum()
    assert by_age[:18].sum() == 0
    assert np.convolve(by_age, np.ones(5)).max() < 0.5 * by_age.sum()


def test_recruits_do_not_pile_up_after_college(cohort_runs):
    """Five years of recruitment leave posts per resident rising with age to the mid-thirties, as in 2020."""
    stocks = cohort_runs["cohorts/stocks"].sel(scenario="baseline").mean("draw").sum(["residence", "sex"])
    people = stocks.sel(stock=list(LABOUR_STATES)).sum("stock")
    share = (stocks.sel(stock="public") / people).sel(age=slice(20, 34))
    assert (np.diff(share.transpose("year_end", "age"), axis=1) > 0).all()
