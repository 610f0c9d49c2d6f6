"""Within the bounds of the levers no guard of the model keeps back a dose: no scenario needs a warning of that."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.simulate.block_run import driven
from ykforecast.simulate.mechanisms import policy_paths
from ykforecast.simulate.policy import TAKE_UP
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import resolve_one
from ykforecast.vocabulary.dims import YEARS

DRAWS = 300


@pytest.fixture(scope="module")
def full(calibration, model):
    """Draws, and everything that all measures at their upper bounds ask for, before any cap."""
    doses = {key: dict.fromkeys(YEARS, lever.bounds[1]) for key, lever in model.levers.items() if lever.implemented}
    doses["delayed_retirement"] = {YEARS[-1]: 1.0}
    scenario = resolve_one(model, yk.Scenario("full", doses))
    sampled = Sampled(model.parameters, 2020, 0, DRAWS, calibration.learned, calibration.latent)
    setting = driven(calibration, scenario, sampled).setting
    return sampled, policy_paths(scenario, model.levers, sampled.value, setting)


def test_no_odds_are_driven_to_nought(full):
    # At nought further doses would change nothing, and nobody would be told.
    _, paths = full
    assert paths.factors().min() > 0.1


def test_the_cap_on_take_up_costs_less_than_a_twentieth(full, calibration):
    # Take-up is capped where it would pass a share; more than a hair of it would be a dose that is not delivered.
    sampled, paths = full
    asked = sampled.value("take_up_hazard")[:, None] * calibration.shared["take_up_shape"].max()
    hazard = asked * paths.pension[:, :, TAKE_UP]
    assert (hazard > 1.0).any(), "no draw meets the cap: this test says nothing"
    assert np.maximum(1.0 - 1.0 / hazard, 0.0).mean() < 0.05
