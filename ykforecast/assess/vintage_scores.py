"""Vintages of an archive scored on the figures published since, with the naive last value beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.case_scores import case_scores
from ykforecast.assess.naive_forecasts import (
    LAST_VALUE,
    error_of_last,
    indicator_past,
    known_figures,
    rival_paths,
)
from ykforecast.data.observations import BASE_DAY
from ykforecast.simulate.vintages import KEPT_DRAWS
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.units import base_unit

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.assess.vintages import VintageArchive
    from ykforecast.spec.model import ModelSpec

_SCORED: Final = ("crps", "covered", "error")


def vintage_scores(
    archive: VintageArchive, model: ModelSpec, *, scenario: str = "baseline", draws: int = KEPT_DRAWS, seed: int = 2020
) -> xr.Dataset:
    """Score every vintage, and the last value known at its date, on the figures of the registry.

    Parameters
    ----------
    archive : VintageArchive
    model : ModelSpec
        Its registry of observations holds the figures.
    scenario : str
        The scenario that is judged as the forecast.
    draws, seed : int
        Of the last value; by default as many draws as a vintage keeps.

    Returns
    -------
    xr.Dataset
        As `VintageArchive.score`, and along ``case`` ``observed`` (base units) with ``naive_crps``, ``naive_covered``
        and ``naive_error`` of the last value, in the units of ``crps``, ``covered`` and ``error``; NaN where no figure
        of the indicator was known at the date of the vintage.

    Raises
    ------
    RequestError
        No figure came after any vintage, or a vintage lacks the scenario.
    DataError
        A vintage is damaged.
    """
    import pandas as pd
    import xarray as xr

    published = known_figures(model, None)
    found = {
        (key, year): value
        for key in model.indicators
        for year, value in indicator_past(key, published, HORIZON).items()
        if year > BASE_YEAR
    }
    figures = pd.DataFrame([(*case, value) for case, value in found.items()], columns=["indicator", "year", "value"])
    scored = archive.score(figures, scenario=scenario)
    cases = list(zip(*(scored[name].values.tolist() for name in ("vintage", "series", "year")), strict=True))
    known = {
        name: known_figures(model, archive.open(name).as_of or BASE_DAY)
        for name in dict.fromkeys(scored["vintage"].values.tolist())
    }
    drawn = []
    for vintage, key, year in cases:
        past, sd = indicator_past(key, known[vintage], year - 1), error_of_last(key, known[vintage])
        unit = base_unit(model.indicators[key].unit)
        paths = rival_paths(LAST_VALUE, key, past, [year], unit=unit, sd=sd, draws=draws, seed=seed)
        drawn.append(np.full(draws, np.nan) if paths is None else paths[:, 0])
    observed = xr.DataArray(
        [found[key, year] for _, key, year in cases],
        dims="case",
        coords={name: scored[name] for name in scored.coords if scored[name].dims == ("case",)},
    )
    naive = case_scores(xr.DataArray(np.column_stack(drawn), dims=("draw", "case")), observed)
    known_then = xr.DataArray(np.isfinite(drawn).all(axis=1), dims="case")
    beside = {f"naive_{name}": naive[name].astype(float).where(known_then) for name in _SCORED}
    return scored.assign({"observed": observed.reset_coords(drop=True), **beside})
