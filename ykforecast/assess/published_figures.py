"""Published figures beside the classes: an indicator may be behind although its last figure is at the target.

Such a figure asks for a look at what it counts, not for another class: the class speaks of the end of the plan, of the
probability to be there, and of a figure that is counted as the target was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation


def last_figures(
    model: ModelSpec, observations: Sequence[Observation]
) -> tuple[dict[str, tuple[str, Any]], list[bool]]:
    """Last published level of each indicator, and whether it attains the target.

    Parameters
    ----------
    model : ModelSpec
    observations : sequence of Observation
        Figures after the base year that are known.

    Returns
    -------
    variables : dict
        ``published`` (indicator), base units, NaN without a figure, and ``published_year`` (indicator), 0 without.
        Targets that are sums or means of five years have none: no figure of one year can be compared with them.
    attained : list of bool, by indicator
    """
    values = np.full(len(model.indicators), np.nan)
    years = np.zeros(len(model.indicators), dtype=np.int64)
    met = [False] * len(values)
    for place, (key, target) in enumerate((key, model.targets[key]) for key in model.indicators):
        figures = [one for one in observations if one.series == key and target.basis == one.basis == "level"]
        if figures:
            last = max(figures, key=lambda one: one.ends)
            values[place], years[place], met[place] = last.value, last.year, target.attained_by(last.value)
    return {"published": ("indicator", values), "published_year": ("indicator", years)}, met
