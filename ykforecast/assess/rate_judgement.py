"""The surveyed unemployment rate judged by year and by the mean of years, published and true rate apart.

A control line is held or not in every year, and the final account of a plan reads the mean of its years. The survey of
a city errs by more than the plan wants to move, so that what is published and what is true may be judged differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.attainment import attained, probability_of_attainment
from ykforecast.assess.intervals import QUANTILES
from ykforecast.vocabulary.dims import YEARS

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: The indicator, and the series of a run that holds its true value.
RATE: Final = "surveyed_unemployment_rate"
TRUE_SERIES: Final = "unemployment_rate"
SPANS: Final = ("year", "mean")
_NAMES: Final = {"published": ("公布值", "published estimate"), "true": ("真值", "true rate")}


def true_rate(source: Any) -> xr.DataArray | None:
    """True rate of a run (scenario, draw, year), yearly mean of months, fractions; None where it was not kept."""
    children = getattr(source, "children", {})
    if "series" not in children or TRUE_SERIES not in children["series"]:
        return None
    rate: xr.DataArray = source["series"][TRUE_SERIES].rename(year_end="year")
    return rate


def rate_judgement(published: xr.DataArray, true: xr.DataArray | None, model: ModelSpec) -> xr.Dataset:
    """Probability that the rate is at its target or below.

    Parameters
    ----------
    published, true : xr.DataArray
        Dims (scenario, draw, year), yearly means of months, fractions; without ``true`` it is left out.
    model : ModelSpec
        Its target of the rate.

    Returns
    -------
    xr.Dataset
        Dims (scenario, rate, span, year, quantile), years 2021..2025. ``span`` is ``year``, the rate of the year
        itself, or ``mean``, the plain mean of the years 2021 up to it: that of 2025 is the mean of the plan, that of a
        year that has passed the mean to date. Variables ``rate_probability``, its Monte Carlo standard error
        ``rate_probability_error``, and ``rate_value`` at 10, 50 and 90 % of the draws.
    """
    import xarray as xr

    rates = {"published": published} | ({} if true is None else {"true": true})
    values = np.stack(
        [rate.sel(year=list(YEARS)).transpose("scenario", "draw", "year").values for rate in rates.values()]
    )
    means = np.cumsum(values, axis=-1) / np.arange(1, len(YEARS) + 1)
    judged = xr.DataArray(
        np.stack([values, means]),
        dims=("span", "rate", "scenario", "draw", "year"),
        coords={
            "span": list(SPANS),
            "rate": list(rates),
            "rate_zh": ("rate", [_NAMES[name][0] for name in rates]),
            "rate_en": ("rate", [_NAMES[name][1] for name in rates]),
            "scenario": published["scenario"].values,
            "year": list(YEARS),
        },
        name=RATE,
    )
    probability, error = probability_of_attainment(attained(judged, model.targets[RATE]))
    return xr.Dataset(
        {
            "rate_probability": probability,
            "rate_probability_error": error,
            "rate_value": judged.quantile(list(QUANTILES), dim="draw"),
        }
    )
