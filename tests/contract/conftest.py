"""A copy of the shipped model that a test may damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ykforecast.data.model_files import models_root


@pytest.fixture
def model_copy(tmp_path: Path) -> Path:
    """Folder of a copy of the shipped model, with its scenarios beside it."""
    shutil.copytree(models_root(), tmp_path / "models")
    return tmp_path / "models" / "yingkou"
