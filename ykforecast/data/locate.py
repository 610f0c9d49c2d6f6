"""Where the published figures lie: inside an installed wheel, or at the root of a source checkout."""

from __future__ import annotations

import os
from pathlib import Path

from ykforecast.vocabulary.errors import DataError

#: Environment variable that names another folder of published figures.
ENVIRONMENT_VARIABLE = "YKFORECAST_CALIBRATION_DATA"
_PACKAGE = Path(__file__).resolve().parents[1]


def calibration_root(root: str | os.PathLike[str] | None = None) -> Path:
    """Folder of the published figures.

    Parameters
    ----------
    root : path, optional
        A folder given by the caller; else the environment variable
        ``YKFORECAST_CALIBRATION_DATA``, else the copy inside the installed package, else
        ``calibration_data`` at the root of the source checkout.

    Raises
    ------
    DataError
        If the folder does not exist.
    """
    given = root if root is not None else os.environ.get(ENVIRONMENT_VARIABLE)
    if given is not None:
        folder = Path(given)
        if not folder.is_dir():
            raise DataError(
                "folder of published figures not found",
                file=folder,
                remedy=f"Give an existing folder or unset {ENVIRONMENT_VARIABLE}",
            )
        return folder
    for folder in (_PACKAGE / "_calibration_data", _PACKAGE.parent / "calibration_data"):
        if folder.is_dir():
            return folder
    raise DataError(
        "folder of published figures not found",
        file=_PACKAGE / "_calibration_data",
        remedy=f"Reinstall the package or set {ENVIRONMENT_VARIABLE}",
    )
