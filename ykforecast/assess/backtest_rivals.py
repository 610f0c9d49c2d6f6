"""Forecasts of the naive rivals for the cases of a back-test, from the figures that the model could know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ykforecast.assess.backtest_cases import Case
from ykforecast.assess.naive_forecasts import rival_paths
from ykforecast.assess.rivals import RIVALS

Floats = npt.NDArray[np.float64]


def rival_draws(rival: str, case: Case, draws: int, seed: int) -> Floats | None:
    """Draws (draw,) of the figure of a case; None where the rival has nothing to read.

    A sum of years has no comparable past at all.
    """
    past = dict(zip(case.past_years, case.past, strict=True))
    found = rival_paths(rival, case.series, past, [case.year], unit=case.unit, sd=case.sd, draws=draws, seed=seed)
    return None if found is None else found[:, 0]


def all_rivals(cases: Sequence[Case], draws: int, seed: int) -> dict[str, list[Floats | None]]:
    """Draws of every rival for every case, in the order of `assess.rivals.RIVALS`."""
    return {rival: [rival_draws(rival, case, draws, seed) for case in cases] for rival in RIVALS}
