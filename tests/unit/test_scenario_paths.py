"""Scenarios as arrays: doses, delay and phase-in, downturns, combinations."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from ykforecast.simulate.scenarios import downturn_path, in_force, resolve
from ykforecast.spec.scenario import Downturn, Scenario
from ykforecast.vocabulary.dims import MONTHS, YEARS
from ykforecast.vocabulary.errors import RequestError, ScenarioError


def lever(phase_in, delay, gain=None):
    return SimpleNamespace(phase_in=phase_in, delay=delay, gain=gain)


def test_without_delay_and_phase_in_a_dose_holds_its_year():
    doses = np.array([0.0, 12.0, 0.0, 0.0, 6.0])
    assert np.array_equal(in_force(lever(0, 0), doses), np.repeat(doses, 12))
    assert np.array_equal(in_force(lever(1, 0), doses), np.repeat(doses, 12))


def test_a_dose_comes_into_force_in_equal_steps_after_its_delay():
    """Twelve steps of a twelfth, the first in the month after the delay."""
    path = in_force(lever(12, 6), np.array([12.0, 12.0, 12.0, 12.0, 12.0]))
    assert np.allclose(path[:6], 0.0)
    assert np.allclose(path[6:18], np.arange(1, 13))
    assert np.allclose(path[18:], 12.0)


@pytest.mark.parametrize(("phase_in", "delay"), [(0, 0), (7, 0), (0, 9), (24, 13), (60, 60)])
def test_no_dose_is_exactly_nothing(phase_in, delay):
    """A lever at dose zero leaves every bit of a result as it was."""
    assert not in_force(lever(phase_in, delay), np.zeros(len(YEARS))).any()


@pytest.mark.parametrize(("phase_in", "delay"), [(3, 0), (12, 6), (24, 0)])
def test_a_dose_is_spread_and_not_multiplied(phase_in, delay):
    """What was written for the first year comes into force in full, if later, within the horizon."""
    path = in_force(lever(phase_in, delay), np.array([10.0, 0, 0, 0, 0]))
    assert path.sum() == pytest.approx(120.0)
    assert path.min() >= 0.0
    assert path.max() <= 10.0 + 1e-12


def test_a_gain_comes_over_the_years_after_treatment():
    """People treated in the first January show 30, 99 and 100 % of the effect half, one and a half and two and a half
    years later; those placed for a while lose half of it again."""
    once = np.array([12.0, 0, 0, 0, 0])
    for gain in ([0.3, 0.99, 1.0], [1.0, 0.5, 0.3]):
        shown = np.cumsum(in_force(lever(0, 0, gain), once)) / (12.0 * 12)
        # Twelve months of treatment: the mean of those treated between 6 and 17 months ago, and so on.
        assert shown[[17, 29, 41]] == pytest.approx(
            [np.interp(np.arange(a, a + 12), (0, 6, 18, 30), (0, *gain)).mean() for a in (6, 18, 30)]
        )
        assert shown[-1] == pytest.approx(gain[-1])
    assert not in_force(lever(0, 0, (0.3, 0.99, 1.0)), np.zeros(len(YEARS))).any()


def test_a_downturn_falls_holds_and_recovers():
    path = downturn_path(Downturn(start="2023-02", depth=2.0, fall=2, hold=1, recover=4))
    assert np.allclose(path[24:34], [0, 1, 2, 2, 1.5, 1, 0.5, 0, 0, 0])
    assert path.shape == (MONTHS,)
    assert not path[:25].any()


def test_doses_stand_at_their_lever_and_year(model):
    mine = resolve(model, [Scenario("mine", {"skills": {2023: 15_000}})])[0]
    assert mine.doses.sum() == 15_000
    assert mine.dose("skills").tolist() == [0, 0, 15_000, 0, 0]
    assert mine.is_off("graduates")
    assert not mine.is_off("skills")


def test_the_baseline_adds_nothing(model):
    baseline = resolve(model, "baseline")[0]
    assert not baseline.doses.any()
    assert not baseline.downturns.any()
    assert not baseline.migration.any()
    assert set(baseline.gdp_growth) == {None}


def test_the_retirement_rule_is_off_in_the_baseline_and_in_the_plan(model):
    """It was decided on 13 September 2024, long after the forecast's date."""
    baseline, plan, delayed = resolve(model, ["baseline", "plan", "delayed-retirement"])
    assert baseline.is_off("delayed_retirement")
    assert plan.is_off("delayed_retirement")
    assert delayed.dose("delayed_retirement").tolist() == [0, 0, 0, 0, 1]
    assert not np.delete(delayed.doses, delayed.levers.index("delayed_retirement"), axis=0).any()


def test_every_shipped_scenario_and_pair_resolves(model):
    """Their combinations are part of what is shipped."""
    names = list(model.scenarios)
    pairs = [f"{a}+{b}" for a in names for b in names if a < b]
    resolved = resolve(model, [*names, *pairs])
    assert [one.name for one in resolved] == [*names, *pairs]
    assert all(np.isfinite(one.doses).all() for one in resolved)


def test_a_combination_takes_the_stronger_dose_and_both_shocks():
    a = Scenario("a", {"skills": {2022: 1.0, 2023: 5.0}}, shocks={"migration": {2022: -0.001}})
    b = Scenario("b", {"skills": {2023: 3.0}}, shocks={"migration": {2022: -0.002}, "gdp_growth": {2022: 0.02}})
    both = a + b
    assert both.doses == {"skills": {2022: 1.0, 2023: 5.0}}
    assert both.shocks.migration[2022] == pytest.approx(-0.003)
    assert both.shocks.gdp_growth == {2022: 0.02}
    assert (a + a).doses == a.doses


def test_two_growth_paths_cannot_both_hold():
    a = Scenario("a", shocks={"gdp_growth": {2022: 0.02}})
    with pytest.raises(ScenarioError, match="growth of the same year"):
        a + Scenario("b", shocks={"gdp_growth": {2022: 0.03}})


@pytest.mark.parametrize(
    ("scenarios", "kind", "words"),
    [
        (["plann"], RequestError, "Did you mean 'plan'"),
        (["plan+slow_growth"], RequestError, "slow-growth"),
        ([], RequestError, "no scenario"),
        (["plan", "plan"], RequestError, "twice"),
        ([3], RequestError, "neither"),
        ([Scenario("m", {"skils": {2023: 1.0}})], ScenarioError, "Did you mean 'skills'"),
        ([Scenario("m", {"skills": {2023: -1.0}})], ScenarioError, "out of bounds"),
        ([Scenario("m", {"skills": {2023: 1e9}})], ScenarioError, "out of bounds"),
        ([Scenario("m", {"delayed_retirement": {2025: 0.5}})], ScenarioError, "switch"),
    ],
)
def test_an_impossible_request_is_refused(model, scenarios, kind, words):
    with pytest.raises(kind, match=words):
        resolve(model, scenarios)
