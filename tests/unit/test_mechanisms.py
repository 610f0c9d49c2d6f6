"""Doses by hand: how many odds, for whom, by how much."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.kernels.flow_table import CLASS, CLASSES, DESTINATION, FLOWS, HIRES, STATES
from ykforecast.processes.policy_bands import AGE_BAND
from ykforecast.simulate.mechanisms import MECHANISMS, TAKE_UP, PolicyPaths, Setting, Use, band_weights
from ykforecast.spec.lever import Audience
from ykforecast.vocabulary.dims import AGES, MONTHS, YEARS

MODEL = yk.load_model()
FULL = np.ones(len(YEARS))


def setting(**changes) -> Setting:
    """One person a year in every flow, stratum and age from 16 on; nobody is displaced.

    Of 2,000 who join the pension in a year half are urban men of 30 in flexible work, half rural men of 50.
    """
    flows = np.zeros((4, len(FLOWS), len(AGES)))
    flows[:, :, 16:] = 1.0
    joining = np.zeros((4, len(STATES), len(AGES)))
    joining[0, STATES.index("flexible"), 30] = joining[2, STATES.index("enterprise"), 50] = 1000.0
    given = {
        "annual_flows": flows,
        "annual_take_up": joining,
        "displacement": np.zeros(1),
        "enterprise_staff": 1000.0,
        "separation_rise": np.zeros((1, MONTHS)),
    }
    return Setting(**(given | changes))


def run(key: str, dose=FULL, effect=1.0, at: Setting | None = None) -> PolicyPaths:
    """What a lever changes when its doses are in force at once."""
    lever, paths, written = MODEL.levers[key], PolicyPaths(), np.asarray(dose, dtype=float)
    MECHANISMS[lever.mechanism](Use(key, lever, written, written, np.array([effect])), at or setting(), paths)
    return paths


def moved(paths: PolicyPaths) -> set[int]:
    return set(np.flatnonzero((paths.odds != 1).any(axis=(0, 1, 3))).tolist())


def of_class(*names: str) -> set[int]:
    return {k for k in range(len(FLOWS)) if CLASSES[CLASS[k]] in names}


def test_weights_are_the_part_of_a_flow_in_a_band_that_is_reached():
    """Urban women of 25-29 and of 30-34: all of one band, five ages of twenty in the next; a quarter of strata."""
    audience = Audience(sex="female", residence="urban", first_age=25, last_age=34)
    weights, persons = band_weights(setting(), SimpleNamespace(audience=audience, flows=("enter",)))
    into_work_or_search = sorted(of_class("enter"))
    np.testing.assert_allclose(
        weights[into_work_or_search], [[0, 0.25, 0.25 * 5 / 20, 0, 0]] * len(into_work_or_search)
    )
    assert not np.delete(weights, into_work_or_search, axis=0).any()
    assert persons == 10 * len(into_work_or_search)


def test_states_limit_a_lever_to_flows_out_of_them():
    audience = Audience(states=("enterprise",))
    weights, _ = band_weights(setting(), SimpleNamespace(audience=audience, flows=("separate",)))
    assert [FLOWS[k] for k in np.flatnonzero(weights.any(axis=1))] == [("enterprise", "unemployed", "separate")]


def test_a_relative_rise_of_odds_is_the_dose_times_its_effect():
    """All urban unemployed of 16-29 are two strata of four: a dose of 0.2, half carried out, is +5 %."""
    paths = run("urban_youth", 0.2 * FULL, effect=0.5)
    assert moved(paths) == of_class("find")
    np.testing.assert_allclose(paths.odds[0, :, 7], [[1.05, 1.05, 1, 1, 1]] * len(YEARS))


def test_a_lever_against_losses_of_work_lowers_odds():
    paths = run("small_firms", 0.2 * FULL, effect=0.5)
    assert moved(paths) == of_class("separate")
    np.testing.assert_allclose(paths.odds[0, 0, 10], [0.9, 0.9, 0.9, 0.9, 1.0])


def test_flexible_work_reaches_flows_into_flexible_work_only():
    flows = moved(run("flexible_work", 0.1 * FULL))
    assert flows and all(STATES[DESTINATION[k]] == "flexible" for k in flows)


def test_net_hires_are_shared_by_the_base_flow_of_those_reached():
    """Posts over persons: the added hires at base flows are the dose times its effect."""
    lever, at = MODEL.levers["modern_services"], setting()
    paths = run("modern_services", 300.0 * FULL, effect=0.5, at=at)
    added = 0.0
    for k in moved(paths):
        added += ((paths.odds[0, 0, k][AGE_BAND] - 1) * at.annual_flows[:, k]).sum()
    assert added == pytest.approx(150.0)
    assert moved(paths) <= set(HIRES) & of_class(*lever.flows)


def test_relief_is_nothing_in_good_months_and_part_of_the_rise_in_bad_ones():
    """Log odds higher by 0.2; half prevented leaves 0.1: a factor exp(-0.1)."""
    good = run("unemployment_prevention", 0.5 * FULL)
    assert (good.odds == 1).all()
    bad = run("unemployment_prevention", 0.5 * FULL, at=setting(separation_rise=np.full((1, MONTHS), 0.2)))
    np.testing.assert_allclose(bad.odds[0, :, 10, :4], np.exp(-0.1))


def test_displacement_is_a_share_of_posts_in_persons():
    """Two in a hundred of 1000 posts over the persons who leave enterprises for search or own account."""
    at = setting()
    leaving = sum(at.annual_flows[:, k].sum() for k in (10, 11))
    paths = run("ai_transition", 0.02 * FULL, effect=0.5, at=at)
    np.testing.assert_allclose(paths.odds[0, 0, 10, 1], 1 + 0.5 * 0.02 * 1000 / leaving)


def test_take_up_by_share_and_by_persons():
    """+50 % of the hazard; 500 persons over 2000 a year are +25 %."""
    np.testing.assert_allclose(run("universal_enrolment", 0.5 * FULL).pension[0, :, TAKE_UP], 1.5)
    np.testing.assert_allclose(run("resident_pension", 500 * FULL).pension[0, :, TAKE_UP], 1.25)


def test_take_up_rises_by_the_part_of_it_that_a_lever_reaches():
    """Urban residents are half of those who join: their take-up doubled is half more in all."""
    lever = MODEL.levers["universal_enrolment"]
    urban = lever.model_copy(update={"audience": Audience(residence="urban")})
    paths = PolicyPaths()
    MECHANISMS["take_up"](Use("one", urban, FULL, FULL, np.ones(1)), setting(), paths)
    np.testing.assert_allclose(paths.pension[0, :, TAKE_UP], 1.5)


def test_hires_of_a_programme_are_in_part_lost_by_other_job_seekers():
    """A third displaced leaves two thirds of the added hires, and those not reached are hired less often."""
    at = setting(displacement=np.array([1 / 3]))
    paths = run("graduates", 30.0 * FULL, at=at)
    added = sum(((paths.odds[0, 0, k][AGE_BAND] - 1) * at.annual_flows[:, k]).sum() for k in HIRES)
    assert added == pytest.approx(20.0, rel=1e-2)
    assert (paths.odds[0, 0, list(HIRES), 2] < 1).all()


def test_points_of_coverage_stay_and_yearly_counts_do_not():
    dose = np.array([0.01, 0.0, 0.02, 0.0, 0.0])
    np.testing.assert_allclose(
        run("medical_enrolment", dose).amount("medical_coverage"), [[0.01, 0.01, 0.03, 0.03, 0.03]]
    )
    np.testing.assert_allclose(run("card_issuance", dose).amount("social_security_cards"), [dose])


def test_training_is_counted_when_given_and_acts_when_it_comes_into_force():
    """The count of the year is the dose as written; finding work follows after its delay."""
    lever, paths = MODEL.levers["skills"], PolicyPaths()
    written, in_force = 1000 * FULL, np.array([0.0, 500, 1000, 1000, 1000])
    MECHANISMS[lever.mechanism](Use("skills", lever, written, in_force, np.array([0.1])), setting(), paths)
    assert (paths.amount("training") == 1000).all()
    rise = paths.odds[0, :, 7, 1] - 1
    assert rise[0] == 0
    np.testing.assert_allclose(rise[2:], 2 * rise[1])


def test_factors_of_two_levers_multiply_and_amounts_add():
    paths = PolicyPaths()
    weights = np.zeros((len(FLOWS), 5))
    weights[7] = 1.0
    for _ in range(2):
        paths.scale_odds(np.full((1, len(YEARS)), 0.1), weights)
        paths.add("x", np.ones((1, len(YEARS))))
    np.testing.assert_allclose(paths.odds[0, :, 7], 1.21)
    assert (paths.amount("x") == 2).all() and (paths.amount("y") == 0).all()


def test_odds_never_become_negative():
    """A relative fall of more than all stops at none."""
    paths = PolicyPaths()
    paths.scale_odds(np.full((1, len(YEARS)), -3.0), np.ones((len(FLOWS), 5)))
    assert (paths.odds == 0).all()
