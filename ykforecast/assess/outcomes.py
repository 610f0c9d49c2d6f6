"""Outcomes of draws as plain arrays, for loops over many runs: the indicators on the basis of their targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import numpy.typing as npt

from ykforecast.assess.definition_steps import steps_of_indicators
from ykforecast.assess.indicators import INDICATORS
from ykforecast.vocabulary.dims import HORIZON, YEARS
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec

Floats = npt.NDArray[np.float64]

#: As ``assess.attainment.BASES`` reads labelled series, from the years 2021 up to the one asked for, (draw, year).
_BASES: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "level": lambda path: path[:, -1],
    "cumulative": lambda path: path.sum(axis=1),
    "annual_mean": lambda path: np.prod(path + 1.0, axis=1) ** (1.0 / path.shape[1]) - 1.0,
}


def known_indicators(model: ModelSpec, asked: Iterable[str] | str | None) -> tuple[str, ...]:
    """Keys of the indicators asked for, all of them if none is named.

    Raises
    ------
    RequestError
        No such indicator.
    """
    keys = (asked,) if isinstance(asked, str) else tuple(asked) if asked is not None else tuple(model.indicators)
    for key in keys:
        if key not in model.indicators:
            raise RequestError("no such indicator", key="indicators", value=key, remedy=nearest(key, model.indicators))
    return keys


def check_year(year: int) -> int:
    """The year itself where the plan holds it.

    Raises
    ------
    RequestError
        Another year.
    """
    if year not in YEARS:
        raise RequestError("year outside the plan", key="year", value=year, remedy=f"Give {YEARS[0]}..{YEARS[-1]}.")
    return year


def paths(series: Mapping[str, Any], keys: Iterable[str]) -> list[Floats]:
    """Indicators of one block, (draw, year end) or (draw, year), base units."""
    return [np.asarray(INDICATORS[key](cast(Any, series))) for key in keys]


class Outcomes:
    """Outcomes of the runs of one calibration.

    Parameters
    ----------
    calibration : Calibration
    keys : sequence of str
        Indicators, in the order of the columns.
    through : int
        Last year counted. Targets are of 2025, so attainment can only be judged through that year.
    steps : bool
        Whether definition steps are in the outcomes, as they are in published figures.
    """

    def __init__(
        self, calibration: Calibration, keys: Iterable[str], through: int = HORIZON, *, steps: bool = True
    ) -> None:
        model, evidence = calibration.model, calibration.evidence
        self.keys, self._count = tuple(keys), YEARS.index(check_year(through)) + 1
        self.judged = through == HORIZON
        self._targets = [model.targets[key] for key in self.keys]
        held = {} if evidence is None or not steps else steps_of_indicators(evidence.steps, model)
        self._steps = {column: held[key] for column, key in enumerate(self.keys) if key in held}

    def __call__(self, series: Mapping[str, Floats], first: int = 0) -> Floats:
        """Outcomes (draw, indicator) of a block that begins with draw ``first``, base units."""
        columns = []
        for number, (path, target) in enumerate(zip(paths(series, self.keys), self._targets, strict=True)):
            if number in self._steps:
                path = path + self._steps[number][first : first + len(path), -path.shape[1] :]
            columns.append(_BASES[target.basis](path[:, -len(YEARS) :][:, : self._count]))
        return np.stack(columns, axis=1)

    def met(self, outcomes: Floats) -> npt.NDArray[np.bool_]:
        """Whether each target of 2025 is attained, (draw, indicator): of outcomes that are ``judged``."""
        columns = zip(outcomes.T, self._targets, strict=True)
        return np.stack([np.asarray(target.attained_by(cast(Any, column))) for column, target in columns], axis=1)
