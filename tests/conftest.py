"""One calibrated city and one small run for all tests that look at results."""

from __future__ import annotations

import pytest

import ykforecast as yk

#: Every shipped kind of change: policy, retirement rule, downturn, migration, growth path.
SCENARIOS = ("baseline", "plan", "plan+delayed-retirement", "mass-unemployment", "out-migration", "slow-growth")


@pytest.fixture(scope="session")
def model():
    return yk.load_model()


@pytest.fixture(scope="session")
def calibration(model):
    return yk.calibrate(model)


@pytest.fixture(scope="session")
def cohort_runs(calibration):
    """Thirty draws of six scenarios with single ages, the ledger of flows and months."""
    return yk.project(calibration, SCENARIOS, draws=30, seed=7, keep="cohorts", monthly=True)
