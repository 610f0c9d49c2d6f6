"""A stored forecast, opened again: the same tables and figures without computing anything anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from ykforecast.present.reprs import SCORECARD, Runs
from ykforecast.simulate.storage import read_groups
from ykforecast.vocabulary.errors import DataError

FORECAST: Final = "forecast.nc"


def open_forecast(folder: str | os.PathLike[str]) -> Runs:
    """Open what ``ykforecast forecast`` wrote.

    Parameters
    ----------
    folder : path
        Its ``--out``, or the file ``forecast.nc`` itself.

    Returns
    -------
    DataTree
        Groups ``indicators``, as of :func:`ykforecast.indicators`, and ``scorecard``, as of
        :func:`ykforecast.evaluate`; it prints the table of sixteen and answers on ``.yk``.

    Raises
    ------
    DataError
        The file is missing, damaged, or not a forecast.
    """
    path = Path(folder)
    path = path / FORECAST if path.is_dir() else path
    tree = read_groups(path)
    for group in ("indicators", SCORECARD):
        if group not in tree.children:
            raise DataError("not a stored forecast", file=path, key=group, remedy="Run `ykforecast forecast --out DIR`")
    return Runs.of(tree)
