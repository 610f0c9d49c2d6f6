"""What the scenarios of a run hold, kept beside its results: doses by lever and year, and shocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.simulate.scenarios import ResolvedScenario
from ykforecast.vocabulary.dims import LABELS_ZH, YEARS

if TYPE_CHECKING:
    import xarray as xr


def policy_group(scenarios: Sequence[ResolvedScenario], months: Sequence[str]) -> xr.Dataset:
    """Doses and shocks of scenarios under labels.

    Parameters
    ----------
    scenarios : sequence of ResolvedScenario
    months : sequence of str
        Labels of the months.

    Returns
    -------
    Dataset
        ``dose`` (scenario, lever, year) as written, in the unit of each lever; ``downturns`` (scenario, month), fall of
        the cycle in its own units; ``gdp_growth`` (scenario, year), given growth, NaN where it is free; ``migration``
        (scenario, year), added to the net migration rate. In a run on interim figures the years that have passed hold
        what was done in them.
    """
    import xarray as xr

    dose, downturns = [one.doses for one in scenarios], [one.downturns for one in scenarios]
    growth, migration = [one.gdp_growth for one in scenarios], [one.migration for one in scenarios]
    labels = {
        "scenario": [one.name for one in scenarios],
        "lever": list(scenarios[0].levers),
        "month": list(months),
        "year": list(YEARS),
    }
    found = {}
    for name, values, axes, units, label_zh, long_name in (
        ("dose", dose, ("lever", "year"), "unit of the lever", "措施剂量", "dose of the lever"),
        ("downturns", downturns, ("month",), "1", "外部下行：周期指数的降幅", "fall of the cycle from outside"),
        ("gdp_growth", growth, ("year",), "1", "给定的地区生产总值增速", "given growth of real GDP"),
        ("migration", migration, ("year",), "1", "净迁移率增减", "added to the net migration rate"),
    ):
        dims = ("scenario", *axes)
        found[name] = xr.DataArray(
            np.array(values, dtype=float),  # None, growth left free, becomes NaN
            dims=dims,
            coords={dim: (dim, labels[dim], {"label_zh": LABELS_ZH[dim]}) for dim in dims},
            attrs={"units": units, "label_zh": label_zh, "long_name": long_name},
        )
    return xr.Dataset(found)
