"""Base enrolment and its controls: totals are met, nobody is insured twice, growth comes out as asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.processes.enrolment import (
    CONTRIBUTOR,
    GOVERNMENT_RETIREE,
    INTERRUPTED,
    RETIREE,
    Coverage,
    contract_cover,
    early_draw,
    pension_base,
)
from ykforecast.processes.labour_base import A, E, F, G, LabourBase
from ykforecast.processes.policy_bands import AGE_BAND, BAND_STARTS
from ykforecast.simulate.controls import enrolment_shapes, level_return
from ykforecast.simulate.sampled import Sampled
from ykforecast.vocabulary.dims import LABOUR_STATES, MONTHS
from ykforecast.vocabulary.errors import CalibrationError

COVERAGE = Coverage(rural=0.5, flexible=0.6, coverable_enterprise=0.95, coverable_flexible=0.7, largest=0.98)
TOTALS = {"contributors": 400e3, "interrupted": 100e3, "enterprise_retirees": 370e3, "government_retirees": 45e3}


@pytest.fixture(scope="module")
def labour(calibration):
    base = calibration.base
    pensioners = base.pension0[:, RETIREE] + base.pension0[:, GOVERNMENT_RETIREE]
    return LabourBase(labour=base.labour0, child=base.child0, pensioners=pensioners)


def test_the_four_totals_are_met(calibration, labour):
    stocks = pension_base(labour, calibration.profiles, COVERAGE, **TOTALS)
    np.testing.assert_allclose(stocks.sum(axis=(0, 2)), list(TOTALS.values()), rtol=1e-12)
    assert stocks.min() >= 0


def test_rural_workers_are_covered_by_their_weight(calibration, labour):
    """Per worker of an age and kind, a rural contributor is half as likely as an urban one."""
    stocks = pension_base(labour, calibration.profiles, COVERAGE, **TOTALS)
    workers = labour.labour[:, E] + COVERAGE.flexible * labour.labour[:, F]
    rate = stocks[:, CONTRIBUTOR, 40] / workers[:, 40]
    np.testing.assert_allclose(rate[2:], COVERAGE.rural * rate[:2], rtol=1e-12)


@pytest.mark.parametrize(
    ("total", "words"),
    [
        ({"contributors": 900e3}, "more contributors than workers"),
        ({"interrupted": 1.5e6}, "more insured persons than residents"),
        ({"government_retirees": 400e3}, "more government retirees than retirees"),
    ],
)
def test_totals_that_do_not_fit_the_residents_are_refused(calibration, labour, total, words):
    with pytest.raises(CalibrationError, match=words):
        pension_base(labour, calibration.profiles, COVERAGE, **(TOTALS | total))


def test_only_workers_of_enterprises_and_the_flexible_can_be_covered():
    kappa = COVERAGE.kappa()
    np.testing.assert_allclose(kappa[:, E], [0.95, 0.95, 0.475, 0.475])
    np.testing.assert_allclose(kappa[:, F], [0.7, 0.7, 0.35, 0.35])
    assert not np.delete(kappa, [E, F], axis=1).any()
    assert not kappa[:, A].any()  # farmers belong to the residents' scheme


def test_return_balances_lapses_by_hand(calibration):
    """400 contributors lapse at odds 0.01, 100 interrupted leave at 0.001 a month and none is old enough."""
    pension = np.zeros_like(calibration.base.pension0)
    pension[0, CONTRIBUTOR, 30], pension[0, INTERRUPTED, 30] = 400.0, 100.0
    base = replace(calibration.base, pension0=pension)
    parameters = {
        "interruption_odds": type("Spec", (), {"median": 0.01}),
        "interrupted_leaving": type("Spec", (), {"median": 0.001}),
    }
    found = level_return(base, calibration.shared["pension_entry"], parameters)
    assert found == pytest.approx((400 * 0.01 / 1.01) / 100 - 0.001)


def test_enrolment_by_age_carries_itself_on(calibration):
    """One year at the shapes alone: each cohort has the contributors and interrupted that the next age had."""
    base, shared = calibration.base, calibration.shared
    shapes = enrolment_shapes(base, shared, calibration.return_hazard, calibration.model.parameters)
    people = base.labour0.sum(axis=1)
    paying, lapsed = base.pension0[:, CONTRIBUTOR], base.pension0[:, INTERRUPTED]
    peak = calibration.interruption_odds
    interrupt = shapes.interruption * peak / (1 + peak)
    after, resting = paying.copy(), lapsed.copy()
    leave = calibration.model.parameters["interrupted_leaving"].median
    for _ in range(12):
        gap = np.maximum(shapes.gap + paying - after, 0.0)
        new, out, back = shapes.steady * gap, interrupt * after, calibration.return_hazard * resting
        after, resting = after + new - out + back, resting + out - back - leave * resting
    ages = np.arange(25, 48)
    for now, before in ((after, paying), (resting, lapsed)):
        found = now[:2, ages] / people[:2, ages]
        np.testing.assert_allclose(found, before[:2, ages + 1] / people[:2, ages + 1], atol=0.02)


def test_early_draws_bring_what_the_statutory_rule_leaves_by_hand():
    """Of 100 residents 10 draw at 50 and 19 at 51; 90 wait at 50, so a tenth of them draws within the year."""
    people = np.full((1, 101), 100.0)
    waiting, retirees = np.zeros((2, 1, 101))
    waiting[0, 50:54], retirees[0, 50:54] = 90.0, (10.0, 19.0, 19.0, 70.0)
    reach = np.zeros((1, 101))
    reach[0, 52] = 1.0
    found = early_draw(people, waiting, retirees, np.zeros((1, MONTHS, 101)), reach)
    assert 1 - (1 - found[0, 50]) ** 12 == pytest.approx(0.1)
    # Level receipt needs none, and from the age that the statute names the statute brings the rest.
    assert not np.delete(found[0], [49, 50]).any()
    statutory = np.zeros((1, MONTHS, 101))
    statutory[0, :12, 50] = 1 - 0.95 ** (1 / 12)
    # 4.5 of the 9 draw by the rule; the other 4.5 come from the 85.5 who then still wait.
    less = early_draw(people, waiting, retirees, statutory, reach)[0, 50]
    assert 1 - (1 - less) ** 12 == pytest.approx(4.5 / 85.5)


def test_receipt_by_age_carries_itself_on(cohort_runs):
    """Without early draws the men of 55-59 and women of 45-49 on a pension would die out within five years."""
    stocks = cohort_runs["cohorts/stocks"].sel(scenario="baseline").mean("draw")
    for residence, sex, first, last, within in (
        ("urban", "male", 45, 59, 0.005),
        ("urban", "male", 60, 64, 0.03),
        # Older cohorts of men have more accounts than those who follow them.
        ("urban", "male", 65, 69, 0.03),
        ("urban", "female", 45, 49, 0.005),
        ("urban", "female", 50, 54, 0.03),
        ("urban", "female", 55, 59, 0.02),
        ("rural", "male", 45, 59, 0.005),
        ("rural", "male", 60, 64, 0.02),
        ("rural", "female", 45, 49, 0.005),
        ("rural", "female", 50, 54, 0.02),
    ):
        cell = stocks.sel(residence=residence, sex=sex, age=slice(first, last)).sum("age")
        drawing = cell.sel(stock=["retiree", "government_retiree"]).sum("stock")
        share = drawing / cell.sel(stock=list(LABOUR_STATES)).sum("stock")
        assert share.sel(year_end=2025).item() == pytest.approx(share.sel(year_end=2020).item(), abs=within)


def test_contract_cover_by_hand():
    """30 pay among 40 employees and 40 flexible workers at half the coverage: half a payer a post, never above one."""
    labour, pension = np.zeros((1, 8, 101)), np.zeros((1, 4, 101))
    labour[0, E, 30:33], labour[0, F, 30:33] = 40.0, 40.0
    pension[0, CONTRIBUTOR, 30:33] = 30.0, 90.0, 30.0
    joining = np.arange(101)[None] < 32
    cover = contract_cover(labour, pension, joining, flexible=0.5)
    assert cover[0, 30:33].tolist() == [0.5, 1.0, 0.0]
    assert not np.delete(cover[0], [30, 31]).any()


def test_contributors_follow_lost_posts_and_nobody_follows_none(calibration):
    """Of 100 lost enterprise posts some fifty contributors stop; without a measure none does, and persons stay."""
    lost = yk.Scenario("lost", {"ai_transition": dict.fromkeys((2021, 2022, 2023, 2024, 2025), 0.05)})
    series = yk.project(calibration, ["baseline", lost], draws=40, keep="series")["series"].to_dataset()
    change = (series.isel(scenario=1) - series.isel(scenario=0)).sel(year_end=2025).mean("draw")
    share = float(change["contributors"] / change["enterprise_employees"])
    assert 0.3 < share < 0.7
    assert float(change["interrupted"]) > 0.25 * -float(change["contributors"])


def test_persons_who_join_by_a_measure_are_net(calibration):
    """They come beside those who would have joined anyway, in the year and later: nine in ten are there in 2025."""
    lever = yk.Scenario("joiners", {"resident_pension": dict.fromkeys((2021, 2022, 2023, 2024, 2025), 1000.0)})
    runs = yk.project(calibration, ["baseline", lever], draws=100)
    insured = runs["stocks"]["residents"].sel(stock=["contributor", "interrupted", "retiree"])
    more = insured.sum(["stock", "residence", "sex"]).diff("scenario").isel(scenario=0).sel(year_end=2025)
    effect = Sampled(calibration.model.parameters, 2020, 0, 100, calibration.learned).value("effect_resident_pension")
    assert float(more.mean()) == pytest.approx(1000.0 * 4.54 * effect.mean(), rel=0.12)  # phased in over 2021


def test_public_posts_are_left_early_as_the_base_year_has_it(calibration):
    """Pensioners of the government scheme below the statutory age do not die out, nor does anyone leave twice."""
    early = calibration.base.public_early
    assert early[0, 50:59].min() > 0.0 and not early[0, 59:].any()
    leaving = (1.0 - (1.0 - early) ** 12) * calibration.base.labour0[:, G]
    assert 100.0 < leaving.sum() < 500.0


def test_nobody_gains_or_loses_an_account_at_the_statutory_age(calibration):
    """Few join there and all keep their account, so accounts per resident may not jump between two ages."""
    base = calibration.base
    accounts = base.pension0[:, [CONTRIBUTOR, INTERRUPTED, RETIREE]].sum(axis=1) / base.labour0.sum(axis=1).clip(1)
    for strata, age in (((0, 2), 60), ((1, 3), 50), ((1, 3), 55)):
        for g in strata:
            assert accounts[g, age] == pytest.approx(accounts[g, age - 1], abs=0.035)


def test_early_draws_keep_their_ages_under_the_rule_of_2025(calibration):
    """Hazardous work and illness let people retire before 60, 55 or 50 under either rule."""
    both = [arrays["pension_entry"][0, :, 45:59] for arrays in (calibration.shared, calibration.delayed)]
    assert both[0].min() > 0
    np.testing.assert_array_equal(*both)


def test_more_take_up_than_needed_comes_from_all_who_can_join(calibration):
    """Beyond the steady need the hazard rises alike at all ages that join, and nowhere else."""
    base, shared = calibration.base, calibration.shared
    shapes = enrolment_shapes(base, shared, calibration.return_hazard, calibration.model.parameters)
    level = ((shapes.steady * shapes.gap).sum() + 0.001 * shapes.gap[shapes.joining].sum()) / shapes.gap.sum()
    hazard = level * shapes.take_up(level)
    np.testing.assert_allclose((hazard - shapes.steady)[shapes.joining], 0.001, rtol=1e-9)
    assert not hazard[~shapes.joining].any()


def test_bands_of_policy_cover_every_age_once():
    """16-24, 25-29, 30-49, 50-59, 60+: each first age opens its band."""
    assert AGE_BAND[list(BAND_STARTS)].tolist() == [0, 1, 2, 3, 4]
    assert AGE_BAND[[24, 29, 49, 59, 100]].tolist() == [0, 1, 2, 3, 4]
    assert (np.diff(AGE_BAND) >= 0).all()
