"""What a run predicts for a published figure, and the error of that figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt
from typing import Final

import numpy as np

from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.spec.observation import Observation, ObservationSeries, quantity_parts
from ykforecast.vocabulary.dims import MONTHS_A_YEAR, YEARS
from ykforecast.vocabulary.errors import RequestError, nearest

#: Yearly series of a run by name: (draw, year), or (draw, year_end) with the base year first.
Series = Mapping[str, np.ndarray]
_COUNT: Final = len(YEARS)


def comparable(observation: Observation, spec: ObservationSeries, base_year: int) -> bool:
    """Whether a run from the base year speaks to a figure.

    Of a series of which only changes are comparable the change since the base year is read; so its figure
    must have the definition that the base year's figure had.
    """
    if not base_year < observation.first_year <= observation.year <= base_year + _COUNT:
        return False
    then = spec.definition(base_year)
    return observation.kind == "level" or (then is not None and then.name == observation.definition)


def measured(observation: Observation, spec: ObservationSeries, series: Series, base_year: int) -> np.ndarray:
    """Predicted value of a figure without error or definition step (draw,), in the figure's base unit.

    A flow of several years is summed, a rate over several years is their geometric mean. Stocks within a
    year lie on the line between its ends, flows up to a month are that part of the year's.

    Raises
    ------
    RequestError
        The run holds no such series.
    """
    path = quantity_path(observation.quantity, series)
    rows = np.arange(observation.first_year, observation.year + 1) - base_year - 1
    years = path[:, -_COUNT:][:, rows]
    share = (observation.month or MONTHS_A_YEAR) / MONTHS_A_YEAR
    match observation.basis:
        case "cumulative":
            return np.asarray(years[:, :-1].sum(axis=1) + share * years[:, -1])
        case "annual_mean":
            return np.asarray(np.expm1(np.log1p(years).mean(axis=1)))
    if share == 1.0 or spec.base_unit == "1":
        return np.asarray(years[:, -1])
    if spec.basis == "cumulative":
        return np.asarray(share * years[:, -1])
    before = path[:, -_COUNT - 1 :][:, rows[-1]]
    return np.asarray(before + share * (years[:, -1] - before))


def quantity_path(quantity: str, series: Series) -> np.ndarray:
    """Values (draw, year) or (draw, year end) of a quantity that is written as sums of series and their ratio.

    Raises
    ------
    RequestError
        The run holds no such series.
    """
    added, divided = quantity_parts(quantity)

    def total(names: tuple[str, ...]) -> np.ndarray:
        return np.asarray(sum(_held(name, series) for name in names))

    return total(added) / total(divided) if divided else total(added)


def _held(name: str, series: Series) -> np.ndarray:
    try:
        return series[name]
    except KeyError:
        raise RequestError("no run holds this series", key=name, remedy=nearest(name, series)) from None


def error_model(
    observations: Sequence[Observation], registry: Mapping[str, ObservationSeries], base_year: int
) -> ErrorModel:
    """Errors of figures side by side; a step may have come at any time since the figure before of its series."""
    found = []
    for one in observations:
        ends = [_ends(other) for other in observations if other.series == one.series and _ends(other) < _ends(one)]
        found.append(
            figure_error(one, registry[one.series], base_year, _ends(one) - max(ends, default=base_year + 1.0))
        )
    return ErrorModel(found)


def _ends(observation: Observation) -> float:
    """End of the time that a figure describes, in years."""
    return observation.year + (observation.month or MONTHS_A_YEAR) / MONTHS_A_YEAR


def figure_error(
    observation: Observation, spec: ObservationSeries, base_year: int, elapsed: float = 1.0
) -> FigureError:
    """Error of a figure with the chance of a definition step, in its base unit.

    The base year's figure of a series of changes has an error of its own, as large as this one's. A jump
    with a Student-t log ratio enters as a normal one of the same variance, by the size of the figure. A stand-in
    parts from what is counted year by year since the base year. A step comes with its yearly probability in each
    of the ``elapsed`` years since the figure before.
    """
    sd = observation.error_sd * (sqrt(2.0) if observation.kind == "growth" else 1.0)
    month = observation.month or MONTHS_A_YEAR
    half = observation.rounding / 2
    step = spec.step
    if observation.first_year < observation.year:
        span = f"{observation.series} {observation.first_year}-"
        return FigureError(span, observation.year, sd, half, month=month)
    size = abs(observation.value)
    error = FigureError(
        observation.series,
        observation.year,
        sd,
        half,
        drift=(spec.error.drift or 0.0) * size,
        drift_years=observation.year - base_year,
        month=month,
    )
    if step is None:
        return error
    wide = step.scale * sqrt(step.degrees_of_freedom / (step.degrees_of_freedom - 2.0))
    return replace(error, step_probability=1.0 - (1.0 - step.probability) ** elapsed, step_sd=wide * size)
