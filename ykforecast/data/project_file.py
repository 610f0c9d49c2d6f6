"""Project files: one TOML table a project, read whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.project import ProjectSpec
from ykforecast.vocabulary.errors import ModelError


def load_project(path: str | os.PathLike[str]) -> ProjectSpec:
    """Project of a TOML file.

    Raises
    ------
    ModelError
        The file is missing or not TOML, a key is unknown or missing, or a number is impossible; with the line.
    """
    if not Path(path).is_file():
        remedy = "Name an existing file; see docs/method/impact.md"
        raise ModelError("the project file is missing", file=path, remedy=remedy)
    file = read_toml(Path(path))
    project, complaints = ProjectSpec.read(file.table)
    if project is None:
        raise file.error(complaints[0])
    return project
