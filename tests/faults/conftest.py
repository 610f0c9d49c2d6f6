"""Copies of what is shipped that a test may damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ykforecast.data.locate import calibration_root
from ykforecast.data.model_files import models_root


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
    monkeypatch.setenv("YKFORECAST_CALIBRATION_DATA", str(folder))
    return folder
