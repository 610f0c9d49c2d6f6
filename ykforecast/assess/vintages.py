"""The archive of forecasts by date of issue: nothing is overwritten, every vintage is scored when its figures come."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.case_scores import case_scores
from ykforecast.data.files import prepare_folder
from ykforecast.simulate.vintages import Vintage, condensed, read_vintage, vintage_key, write_vintage
from ykforecast.vocabulary.dims import BASE_YEAR
from ykforecast.vocabulary.errors import OutputError, RequestError, nearest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: Base unit of fractions: errors of rates are differences, all others shares of the figure.
_FRACTION: Final = "1"
_COLUMNS: Final = ("indicator", "year", "value")


class VintageArchive:
    """Forecasts in a folder, one subfolder ``<issued>_<as_of>_<digest8>`` for each.

    Parameters
    ----------
    folder : path
        Made with the first vintage.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)

    def add(self, forecast: xr.Dataset, *, issued: date, as_of: date | None = None, manifest: Mapping[str, Any]) -> str:
        """File a forecast under its date of issue; the key.

        Parameters
        ----------
        forecast : xr.Dataset
            Indicators with draws or with quantiles, as `simulate.vintages.condensed` takes them.
        issued : date
        as_of : date, optional
            Last day of which figures were known; none if nothing after the base year was.
        manifest : mapping
            What the forecast was made of: digests of inputs, versions, seed (``simulate.storage.write_manifest``).

        Raises
        ------
        OutputError
            Another forecast stands under these dates, or the folder cannot be written. The same forecast again
            changes nothing.
        RequestError
            A forecast issued before the figures that it knew, or without the dimensions needed.
        DataError
            The same forecast is there, damaged.
        """
        check_dates(issued, as_of)
        table = condensed(forecast)
        key = vintage_key(table, issued, as_of, manifest)
        prepare_folder(self.folder)
        same_dates = [known for known in self.list() if known.rpartition("_")[0] == key.rpartition("_")[0]]
        if key in same_dates:
            return self.open(key).key
        if same_dates:
            raise OutputError(
                "another forecast was issued on that day with the same figures known",
                file=self.folder / same_dates[0],
                remedy="A vintage is never replaced: give the true date of issue, or keep this one in another archive",
            )
        return write_vintage(self.folder, table, issued, as_of, manifest)

    def list(self) -> list[str]:
        """Keys of all vintages, oldest first; unfinished folders of a killed writer are none."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith("."))

    def open(self, key: str) -> Vintage:
        """A vintage, every digest checked.

        Raises
        ------
        RequestError
            No such key.
        DataError
            A file is missing or changed; it is named.
        """
        if key not in self.list():
            raise RequestError("no such vintage", key="key", value=key, remedy=nearest(key, self.list()))
        return read_vintage(self.folder / key)

    def score(self, observations: pd.DataFrame, *, scenario: str = "baseline") -> xr.Dataset:
        """Score every vintage on the figures that came after it.

        Parameters
        ----------
        observations : pd.DataFrame
            Columns ``indicator``, ``year``, ``value`` (base units), each indicator and year once.
        scenario : str
            The scenario that is judged as the forecast.

        Returns
        -------
        xr.Dataset
            Variables of `case_scores.case_scores`, dims (case, level); coordinates along ``case``: ``vintage``,
            ``series`` (the indicator), ``year``, ``horizon`` (years after the last year end known), ``relative``. Only
            years that end after the date ``as_of`` of the vintage are cases. A vintage of quantiles is scored on
            its quantiles as draws.

        Raises
        ------
        RequestError
            No figure came after any vintage, one is missing or stands twice, or a vintage lacks the scenario.
        """
        import xarray as xr

        known = _figures(observations)
        scored = [one for key in self.list() if (one := _scored(self.open(key), known, scenario)) is not None]
        if not scored:
            raise RequestError("no figure came after any vintage", key="observations", value=len(known))
        return xr.concat(scored, "case")


def check_dates(issued: date, as_of: date | None) -> None:
    """Refuse a forecast that was issued before the figures that it knew.

    Raises
    ------
    RequestError
        ``as_of`` lies after ``issued``.
    """
    if as_of is not None and as_of > issued:
        raise RequestError("figures known after the day of issue", key="as_of", value=as_of.isoformat())


def _figures(observations: pd.DataFrame) -> dict[tuple[str, int], float]:
    import numpy as np

    missing = [column for column in _COLUMNS if column not in observations]
    if missing:
        raise RequestError("columns are missing", key="observations", value=missing)
    rows = list(zip(*(observations[column].tolist() for column in _COLUMNS), strict=True))
    found = {(str(indicator), int(year)): float(value) for indicator, year, value in rows}
    if len(found) < len(rows):
        raise RequestError("an indicator has two figures for a year", key="observations", remedy="Keep one of them")
    gone = [key for key, value in found.items() if not np.isfinite(value)]
    if gone:
        raise RequestError("missing figures", key="observations", value=gone, remedy="Leave out these rows")
    return found


def _scored(vintage: Vintage, known: Mapping[tuple[str, int], float], scenario: str) -> xr.Dataset | None:
    import xarray as xr

    table = vintage.table
    if scenario not in table["scenario"].values:
        raise RequestError("the vintage lacks this scenario", file=vintage.key, key="scenario", value=scenario)
    cutoff = vintage.as_of or date(BASE_YEAR, 12, 31)
    last = cutoff.year if cutoff == date(cutoff.year, 12, 31) else cutoff.year - 1
    indicators, years = table["indicator"].values.tolist(), table["year"].values.tolist()
    cases = [(name, year) for name, year in known if year > last and name in indicators and year in years]
    if not cases:
        return None
    names, when = [name for name, _ in cases], [year for _, year in cases]
    unit = dict(zip(indicators, table["unit"].values.tolist(), strict=True))
    picked = {"indicator": xr.DataArray(names, dims="case"), "year": xr.DataArray(when, dims="case")}
    row = table.sel({"scenario": scenario, **picked}).reset_coords(drop=True)
    full = "draws" in table
    draws = row["draws"] if full else row["quantile"].drop_vars("probability").rename(probability="draw")
    observed = xr.DataArray(
        [known[case] for case in cases],
        dims="case",
        coords={
            "vintage": ("case", [vintage.key] * len(cases)),
            "series": ("case", names),
            "year": ("case", when),
            "horizon": ("case", [year - last for year in when]),
            "relative": ("case", [unit[name] != _FRACTION for name in names]),
        },
    )
    return case_scores(draws, observed, estimator="fair" if full else "energy")
