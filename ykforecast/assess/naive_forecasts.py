"""What the naive rivals say of the plan's own indicators in 2025: the yardstick beside the table of sixteen.

A rival reads the published figures of one indicator within one definition, known by a day, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.attainment import attained, on_basis, probability_of_attainment
from ykforecast.assess.backtest_cases import comparable_past
from ykforecast.assess.intervals import QUANTILES
from ykforecast.assess.progress import plan_date
from ykforecast.assess.rivals import RIVALS, Scale, naive_forecast, stream_name
from ykforecast.data.observations import load_observations
from ykforecast.simulate.sampling import noise
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, YEARS
from ykforecast.vocabulary.units import base_unit

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

Floats = npt.NDArray[np.float64]

#: The one rival that a single figure is enough for.
LAST_VALUE: Final = "last_value"
#: Of the outcome: the central 80 % interval of every table, and the median.
_FRACTION: Final = "1"
_YEAR_END: Final = 12


def naive_forecasts(
    model: ModelSpec, *, as_of: str | None = None, own: Path | None = None, draws: int = 10_000, seed: int = 2020
) -> xr.Dataset:
    """Forecast every indicator of the plan by every naive rival.

    Parameters
    ----------
    model : ModelSpec
    as_of : str, optional
        ISO date up to which figures were known; the base date by default.
    own : Path, optional
        A department's own figures (``data.observation_form``), if the model beside may read them.
    draws, seed : int
        Each rival and indicator has random numbers of its own.

    Returns
    -------
    xr.Dataset
        Dims (indicator, rival, quantile); NaN where a rival has nothing to read.

        ===================  ===========================  ===================================================
        variable             dims                         meaning
        ===================  ===========================  ===================================================
        outcome              indicator, rival, quantile   10, 50, 90 % of 2025 on the target's basis, base units
        probability          indicator, rival             of meeting the target in 2025
        figures              indicator                    number of yearly figures read
        first_year           indicator                    of these figures; 0 without any
        last_year            indicator                    of these figures; 0 without any
        ===================  ===========================  ===================================================

        An indicator with one figure has only ``last_value``, with the errors of that figure as its spread; one
        without a figure has none.

    Raises
    ------
    RequestError
        A date outside the plan.
    DataError, ModelError
        A table, the registry or the form cannot be used.
    """
    import xarray as xr

    when = plan_date(as_of)
    known = known_figures(model, when, own)
    keys, rivals = list(model.indicators), list(RIVALS)
    outcome = np.full((len(keys), len(rivals), len(QUANTILES)), np.nan)
    chance = np.full((len(keys), len(rivals)), np.nan)
    # A figure of the last year of the plan leaves nothing to forecast.
    pasts = [indicator_past(key, known, HORIZON - 1) for key in keys]
    for row, (key, past) in enumerate(zip(keys, pasts, strict=True)):
        for column, rival in enumerate(rivals):
            paths = _plan_years(rival, model, key, past, error_of_last(key, known), draws, seed)
            if paths is None:
                continue
            end = on_basis(xr.DataArray(paths, dims=("draw", "year"), coords={"year": list(YEARS)}), model.targets[key])
            outcome[row, column] = np.quantile(end.values, QUANTILES)
            chance[row, column] = float(probability_of_attainment(attained(end, model.targets[key]))[0])
    return xr.Dataset(
        {
            "outcome": (("indicator", "rival", "quantile"), outcome, {"units": "base units of the indicator"}),
            "probability": (("indicator", "rival"), chance, {"units": "1"}),
            "figures": ("indicator", [len(past) for past in pasts]),
            "first_year": ("indicator", [min(past, default=0) for past in pasts]),
            "last_year": ("indicator", [max(past, default=0) for past in pasts]),
        },
        coords={
            "indicator": keys,
            "rival": rivals,
            "quantile": list(QUANTILES),
            "label_zh": ("rival", [RIVALS[rival].label_zh for rival in rivals]),
            "label_en": ("rival", [RIVALS[rival].label_en for rival in rivals]),
        },
        attrs={"as_of": when.isoformat(), "draws": draws, "seed": seed},
    )


def known_figures(model: ModelSpec, known_by: date | None, own: Path | None = None) -> tuple[Observation, ...]:
    """Figures of whole years, or year ends, of any time that were known by a day; without a day all."""
    figures = load_observations(model.folder, as_of=known_by, after=date.min, own=own)
    return tuple(one for one in figures if one.month in {None, _YEAR_END})


def indicator_past(key: str, figures: Sequence[Observation], through: int) -> dict[int, float]:
    """Comparable figures of an indicator by year, base units, up to a year: all of one definition; empty without any.

    Figures of the same quantity from other series count, see `backtest_cases.comparable_past`.
    """
    last = _last_figure(key, figures)
    return comparable_past(last, through, figures) if last is not None else {}


def error_of_last(key: str, figures: Sequence[Observation]) -> float:
    """Standard deviation of the error of an indicator's last own figure, base units; zero without a figure."""
    last = _last_figure(key, figures)
    return last.sd if last is not None else 0.0


def rival_paths(
    rival: str,
    series: str,
    past: dict[int, float],
    ahead: Sequence[int],
    *,
    unit: str,
    sd: float,
    draws: int,
    seed: int,
) -> Floats | None:
    """Draws (draw, year) of a rival for the years ahead; None where it has nothing to read.

    Parameters
    ----------
    rival : str
        Key in `RIVALS`.
    series : str
        What is forecast: each series has random numbers of its own.
    past : dict of int to float
        Figures by year, ascending.
    ahead : sequence of int
        Years to forecast, after the last of ``past``.
    unit : str
        Base unit: fractions are forecast as they are, all others on the logarithm.
    sd : float
        Standard deviation of the error of one figure, base units. A history of one figure leaves only the last
        value, with the errors of two figures (its own and that of the year forecast) as its spread, the same in all
        years of a draw.
    draws, seed : int
    """
    if len(past) > 1:
        scale: Scale = "level" if unit == _FRACTION else "log"
        history = [*past], [*past.values()]
        return naive_forecast(rival, *history, ahead, series=series, draws=draws, seed=seed, scale=scale).draws
    if not past or rival != LAST_VALUE:
        return None
    [(last, only)] = past.items()
    error = np.sqrt(2.0) * sd * noise(seed, 0, draws, f"{stream_name(rival, series, last)}:figure", 1)
    return np.repeat(only + error, len(ahead), axis=1)


def _last_figure(key: str, figures: Sequence[Observation]) -> Observation | None:
    own = [one for one in figures if one.series == key and one.first_year == one.year]
    return max(own, key=lambda one: one.year, default=None)


def _plan_years(
    rival: str, model: ModelSpec, key: str, past: dict[int, float], sd: float, draws: int, seed: int
) -> Floats | None:
    """Paths (draw, year) over 2021-2025: figures where they are known, the line between two of them, then the rival."""
    last = max(past, default=BASE_YEAR)
    ahead = [year for year in YEARS if year > last]
    unit = base_unit(model.indicators[key].unit)
    paths = rival_paths(rival, key, past, ahead, unit=unit, sd=sd, draws=draws, seed=seed)
    if paths is None:
        return None
    so_far = np.interp([year for year in YEARS if year <= last], [*past], [*past.values()])
    return np.hstack((np.broadcast_to(so_far, (draws, so_far.size)), paths))
