"""One calibrated city and one small run for all tests that look at results; copies of files to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ykforecast as yk
from ykforecast.data.locate import ENVIRONMENT_VARIABLE, calibration_root
from ykforecast.data.model_files import models_root
from ykforecast.processes.population_assumptions import PopulationAssumptions

#: Every shipped kind of change: policy, retirement rule, downturn, migration, growth path.
SCENARIOS = ("baseline", "plan", "plan+delayed-retirement", "mass-unemployment", "out-migration", "slow-growth")


@pytest.fixture(scope="session")
def model():
    return yk.load_model()


@pytest.fixture(scope="session")
def assumed(model):
    """Assumptions behind the rates of the population, as shipped."""
    return PopulationAssumptions.of_model(model)


@pytest.fixture(scope="session")
def sources(model):
    """Districts, province and county volumes of the shipped place."""
    return model.population


@pytest.fixture(scope="session")
def calibration(model):
    return yk.calibrate(model)


@pytest.fixture(scope="session")
def cohort_runs(calibration):
    """Thirty draws of six scenarios with single ages, the ledger of flows and months."""
    return yk.project(calibration, SCENARIOS, draws=30, seed=7, keep="cohorts", monthly=True)


@pytest.fixture
def model_copy(tmp_path: Path) -> Path:
    """Folder of a copy of the shipped model, with its scenarios beside it."""
    shutil.copytree(models_root(), tmp_path / "models")
    return tmp_path / "models" / "yingkou"


@pytest.fixture
def figures_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the published figures, which the package reads instead of its own."""
    folder = tmp_path / "calibration_data"
    shutil.copytree(calibration_root(), folder)
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(folder))
    return folder
