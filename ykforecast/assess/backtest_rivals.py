"""Forecasts of the naive rivals for the cases of a back-test, from the figures that the model could know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.backtest_cases import Case
from ykforecast.assess.rivals import RIVALS, Scale, naive_forecast

Floats = npt.NDArray[np.float64]
_FRACTION: Final = "1"
LAST_VALUE: Final = "last_value"


def rival_draws(rival: str, case: Case, draws: int, seed: int) -> Floats | None:
    """Draws (draw,) of the figure of a case; None where the rival has nothing to read.

    A history of one figure leaves only the last value, with the errors of two figures as its spread. A sum of years
    has no comparable past at all.
    """
    if not case.past:
        return None
    if len(case.past) == 1:
        if rival != LAST_VALUE:
            return None
        normal = np.random.default_rng(seed).standard_normal(draws)
        return np.asarray(case.past[0] + np.sqrt(2.0) * case.sd * normal)
    scale: Scale = "level" if case.unit == _FRACTION else "log"
    found = naive_forecast(rival, case.past_years, case.past, [case.year], draws=draws, seed=seed, scale=scale)
    return found.draws[:, 0]


def all_rivals(cases: Sequence[Case], draws: int, seed: int) -> dict[str, list[Floats | None]]:
    """Draws of every rival for every case, in the order of `assess.rivals.RIVALS`."""
    return {rival: [rival_draws(rival, case, draws, seed) for case in cases] for rival in RIVALS}
