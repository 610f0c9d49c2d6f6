"""Uncertain splits of printed totals of 2020, and its last month, as weights of the tilts of the base year."""

from __future__ import annotations

from collections.abc import Mapping

from ykforecast.spec.parameter import ParameterSpec, Uniform
from ykforecast.vocabulary.errors import ModelError

#: Splits of printed totals.
SPLITS = (
    "enterprise_retiree_share",
    "interrupted_share",
    "government_retiree_share",
    "private_enterprise_share",
)
#: Unemployment at the end of the base year over its mean of the year.
YEAR_END_UNEMPLOYMENT = "year_end_unemployment"
#: Parameters that tilt the base year, in the order of the kernel's weights.
TILTED = (*SPLITS, YEAR_END_UNEMPLOYMENT)


def tilt_range(parameters: Mapping[str, ParameterSpec], name: str) -> tuple[float, float]:
    """Ends of the uniform prior of a tilt: weights -1 and 1."""
    prior = parameters[name].prior
    if not isinstance(prior, Uniform):
        raise ModelError(
            "a split of the base year needs a uniform prior",
            key=name,
            value=parameters[name].prior_text,
            remedy="Its ends are the weights -1 and 1 of a tilt.",
        )
    return prior.low, prior.high
