"""Doses by hand: how many odds, for whom, by how much."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.kernels.flow_table import CLASS, CLASSES, DESTINATION, FLOWS, HIRES, STATES
from ykforecast.processes.policy_bands import AGE_BAND
from ykforecast.simulate.mechanisms import MECHANISMS
from ykforecast.simulate.policy import TAKE_UP, PolicyPaths, Setting, Use, band_weights
from ykforecast.spec.lever import PROGRAMME_SHARES, Audience, Programme, Way
from ykforecast.vocabulary.dims import AGES, MONTHS, STRATA, YEARS

MODEL = yk.load_model()
FULL = np.ones(len(YEARS))


def programmes(**shares) -> dict[str, np.ndarray]:
    """No deadweight and no displacement, but for the shares given."""
    none = {f"{share}_{kind}": 0.0 for share in PROGRAMME_SHARES for kind in get_args(Programme)}
    return {name: np.array([share]) for name, share in (none | shares).items()}


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
        "programmes": programmes(),
        "seekers": np.ones(1),
        "enterprise_staff": 1000.0,
        "flexible_workers": 4000.0,
        "employed": 10_000.0,
        "separation_rise": np.zeros((1, MONTHS)),
    }
    return Setting(**(given | changes))


def run(key: str, dose=FULL, effect=1.0, at: Setting | None = None, mechanism: str | None = None) -> PolicyPaths:
    """What a lever changes in its first way, or in another, when its doses are in force at once."""
    lever, paths, written = MODEL.levers[key], PolicyPaths(), np.asarray(dose, dtype=float)
    way = next(way for _, way in reversed(list(lever.ways(key))) if way.mechanism == (mechanism or lever.mechanism))
    way = way if mechanism else lever
    MECHANISMS[way.mechanism](Use(key, lever, way, written, written, np.array([effect])), at or setting(), paths)
    return paths


def test_no_hazard_of_the_pension_falls_below_nought():
    """Contributors cannot leave through the door by which others join."""
    paths = PolicyPaths()
    paths.scale_pension(TAKE_UP, np.full((1, len(YEARS)), -1.5))
    paths.scale_pension(TAKE_UP, np.full((1, len(YEARS)), -1.5))
    assert (paths.pension[:, :, TAKE_UP] == 0.0).all()


def added_hires(paths: PolicyPaths, at: Setting, kinds) -> float:
    """Persons a year more than in the base year, at base flows."""
    factors = paths.factors()[0, 0][..., AGE_BAND] - 1
    return float((factors * at.annual_flows.swapaxes(0, 1))[list(kinds)].sum())


def moved(paths: PolicyPaths) -> set[int]:
    return set(np.flatnonzero((paths.odds != 1).any(axis=(0, 1, 3, 4))).tolist())


def of_class(*names: str) -> set[int]:
    return {k for k in range(len(FLOWS)) if CLASSES[CLASS[k]] in names}


def test_weights_are_the_part_of_a_flow_in_a_band_that_is_reached():
    """Urban women of 25-29 and of 30-34: all of one band, five ages of twenty in the next; nobody else."""
    audience = Audience(sex="female", residence="urban", first_age=25, last_age=34)
    weights, persons = band_weights(setting(), Way(mechanism="flow_odds", audience=audience, flows=("enter",)))
    into_work_or_search = sorted(of_class("enter"))
    women = STRATA.index(("urban", "female"))
    np.testing.assert_allclose(weights[into_work_or_search, women], [[0, 1, 5 / 20, 0, 0]] * len(into_work_or_search))
    assert not np.delete(weights, into_work_or_search, axis=0).any()
    assert not np.delete(weights, women, axis=1).any()
    assert persons == 10 * len(into_work_or_search)


def test_states_limit_a_lever_to_flows_out_of_them():
    audience = Audience(states=("enterprise",))
    weights, _ = band_weights(setting(), Way(mechanism="flow_odds", audience=audience, flows=("separate",)))
    assert [FLOWS[k] for k in np.flatnonzero(weights.any(axis=(1, 2)))] == [("enterprise", "unemployed", "separate")]


def test_a_relative_rise_of_odds_is_the_dose_times_its_effect():
    """All urban unemployed of 16-29: a dose of 0.2, half carried out, is +10 % for them and nothing for the rural."""
    paths = run("urban_youth", 0.2 * FULL, effect=0.5)
    assert moved(paths) == of_class("find")
    for g, (residence, _) in enumerate(STRATA):
        expected = [1.1, 1.1, 1, 1, 1] if residence == "urban" else [1] * 5
        np.testing.assert_allclose(paths.odds[0, :, 7, g], [expected] * len(YEARS))


def test_a_lever_against_losses_of_work_lowers_odds():
    paths = run("small_firms", 0.2 * FULL, effect=0.5)
    assert moved(paths) == of_class("separate")
    np.testing.assert_allclose(paths.odds[0, 0, 10], [[0.9, 0.9, 0.9, 0.9, 1.0]] * len(STRATA))


def test_flexible_work_reaches_flows_into_flexible_work_only():
    flows = moved(run("flexible_work", 0.1 * FULL))
    assert flows and all(STATES[DESTINATION[k]] == "flexible" for k in flows)


def test_net_hires_are_shared_by_the_base_flow_of_those_reached():
    """Posts over persons: the added hires at base flows are the dose times its effect."""
    lever, at = MODEL.levers["modern_services"], setting()
    paths = run("modern_services", 300.0 * FULL, effect=0.5, at=at)
    assert added_hires(paths, at, moved(paths)) == pytest.approx(150.0)
    assert moved(paths) <= set(HIRES) & of_class(*lever.flows)


def test_relief_is_nothing_in_good_months_and_part_of_the_rise_in_bad_ones():
    """Log odds higher by 0.2; half prevented leaves 0.1: a factor exp(-0.1)."""
    good = run("unemployment_prevention", 0.5 * FULL)
    assert (good.odds == 1).all()
    bad = run("unemployment_prevention", 0.5 * FULL, at=setting(separation_rise=np.full((1, MONTHS), 0.2)))
    np.testing.assert_allclose(bad.odds[0, :, 10, :, :4], np.exp(-0.1))


def test_displacement_is_a_share_of_posts_in_persons():
    """Two in a hundred of 1000 posts over the persons who leave enterprises for search or own account."""
    at = setting()
    leaving = sum(at.annual_flows[:, k].sum() for k in (10, 11))
    paths = run("ai_transition", 0.02 * FULL, effect=0.5, at=at)
    np.testing.assert_allclose(paths.odds[0, 0, 10, :, 1], 1 + 0.5 * 0.02 * 1000 / leaving)


def test_take_up_by_share_and_by_persons():
    """+50 % of the hazard; persons are left to the kernel, which knows who can still join."""
    np.testing.assert_allclose(run("universal_enrolment", 0.5 * FULL).pension[0, :, TAKE_UP], 1.5)
    joining = run("resident_pension", 500 * FULL)
    np.testing.assert_allclose(joining.amount("joiners")[0], 500.0)
    assert (joining.pension == 1.0).all()


def test_take_up_rises_by_the_part_of_it_that_a_lever_reaches():
    """Urban residents are half of those who join: their take-up doubled is half more in all."""
    lever = MODEL.levers["universal_enrolment"]
    urban = lever.model_copy(update={"audience": Audience(residence="urban")})
    paths = PolicyPaths()
    MECHANISMS["take_up"](Use("one", urban, urban, FULL, FULL, np.ones(1)), setting(), paths)
    np.testing.assert_allclose(paths.pension[0, :, TAKE_UP], 1.5)


def test_deadweight_and_displacement_each_count_once():
    """Of 40 counted half would have worked anyway; of the other 20 a quarter is lost by others: 15 are left.

    Those not reached are hired less often by what is displaced, and not by what is deadweight.
    """
    at = setting(programmes=programmes(deadweight_graduate_posts=0.5, displacement_graduate_posts=0.25))
    paths = run("graduates", 40.0 * FULL, at=at)
    assert added_hires(paths, at, HIRES) == pytest.approx(15.0, rel=1e-2)
    old = paths.factors()[0, 0, list(HIRES)][..., 3]
    np.testing.assert_allclose(old, 1 - 5.0 / at.annual_flows[:, list(HIRES)].sum())
    deadweight = run("graduates", 40.0 * FULL, at=setting(programmes=programmes(deadweight_graduate_posts=0.5)))
    assert (deadweight.factors()[0, 0, list(HIRES)][..., 3] == 1).all()


def test_help_with_searching_takes_part_from_others():
    """It opens no posts: a half is lost in all of the market, by the old too, who are not reached."""
    at = setting(programmes=programmes(displacement_search=0.5))
    with_loss, without = run("urban_youth", 0.2 * FULL, at=at), run("urban_youth", 0.2 * FULL)
    gain = added_hires(without, at, HIRES)
    assert added_hires(with_loss, at, HIRES) == pytest.approx(0.5 * gain, rel=2e-2)
    assert (with_loss.factors()[0, 0, list(HIRES)][..., 3] < 1).all()


def test_only_the_trained_without_work_find_work_by_it():
    """A quarter of 400 person-times without work, a tenth of them through it: ten."""
    at = setting(seekers=np.array([0.25]))
    paths = run("skills", 400.0 * FULL, effect=0.1, at=at)
    assert added_hires(paths, at, of_class("find")) == pytest.approx(10.0)


def test_those_who_move_to_town_are_those_who_would_not_have_gone():
    at = setting(programmes=programmes(deadweight_transfer=0.4))
    np.testing.assert_allclose(
        run("rural_transfer", 100.0 * FULL, effect=0.5, at=at, mechanism="moves").amount("moves"), 30
    )


def test_output_of_counted_people_is_a_share_of_all_workers_and_of_a_share_itself():
    """100 posts worth half a worker's output each over 10,000 workers; a share of posts is relative already."""
    posts = run("smart_manufacturing", 100.0 * FULL, effect=0.5, mechanism="output")
    np.testing.assert_allclose(posts.amount("output"), 0.005)
    np.testing.assert_allclose(run("ai_transition", 0.02 * FULL, effect=0.5, mechanism="output").amount("output"), 0.01)


def test_take_up_falls_with_the_part_of_flexible_workers_that_joins_less():
    """400 platform jobs a year of 4,000 flexible workers, who are half of those who join; a gap of one half."""
    paths = run("digital_economy", 400.0 * FULL, effect=0.5, mechanism="enrolment_gap")
    np.testing.assert_allclose(paths.pension[0, :, TAKE_UP], 1 - 0.5 * 0.5 * 0.1 * np.arange(1, 6))


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
    MECHANISMS[lever.mechanism](Use("skills", lever, lever, written, in_force, np.array([0.1])), setting(), paths)
    assert (paths.amount("training") == 1000).all()
    rise = paths.odds[0, :, 7, 0, 1] - 1
    assert rise[0] == 0
    np.testing.assert_allclose(rise[2:], 2 * rise[1])


def test_factors_of_two_levers_multiply_and_amounts_add():
    paths = PolicyPaths()
    weights = np.zeros((len(FLOWS), len(STRATA), 5))
    weights[7] = 1.0
    for _ in range(2):
        paths.scale_odds(np.full((1, len(YEARS)), 0.1), weights)
        paths.add("x", np.ones((1, len(YEARS))))
    np.testing.assert_allclose(paths.odds[0, :, 7], 1.21)
    assert (paths.amount("x") == 2).all() and (paths.amount("y") == 0).all()


def test_odds_never_become_negative():
    """A relative fall of more than all stops at none."""
    paths = PolicyPaths()
    paths.scale_odds(np.full((1, len(YEARS)), -3.0), np.ones((len(FLOWS), len(STRATA), 5)))
    assert (paths.odds == 0).all()
