"""How far one published figure of an indicator lies from the truth: what a planned change has to exceed."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, sqrt
from typing import TYPE_CHECKING, Final

from ykforecast.vocabulary.units import to_base

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec

#: Parameter with the sampling error that the model's own series of a quantity carries, and that the register of
#: observations therefore leaves out.
SAMPLED: Final[Mapping[str, str]] = {"unemployment_rate_published": "survey_error"}


def measurement_error(model: ModelSpec, key: str, base: float) -> float:
    """Standard deviation of one figure of an indicator about the truth, base units.

    Parameters
    ----------
    model : ModelSpec
        Its register of observations gives the error beside rounding; sampling error and printed decimals come on top.
    key : str
        The indicator.
    base : float
        Size of the figure, base units; NaN gives NaN.

    Returns
    -------
    float
        Rounding is uniform, step**2 / 12. An indicator without a series of observations has that of rounding only.
    """
    if isnan(base):
        return base
    spec = model.indicators[key]
    variance = to_base(10.0**-spec.decimals, spec.unit) ** 2 / 12.0
    if key in model.observations:
        series = model.observations[key]
        variance += series.error.sd(base) ** 2
        if series.quantity in SAMPLED:
            variance += model.parameters[SAMPLED[series.quantity]].median ** 2
    return sqrt(variance)
