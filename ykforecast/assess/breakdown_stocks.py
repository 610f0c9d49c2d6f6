"""What a run holds of every stock along one axis of a breakdown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ykforecast.vocabulary.dims import LABOUR_STATES, YEAR_ENDS

if TYPE_CHECKING:
    import xarray as xr


class Parts(NamedTuple):
    """Values of the parts, and for a rate the weights at which they make up the whole, fractions."""

    values: xr.DataArray
    weights: xr.DataArray | None = None


class Held:
    """What a run holds along one axis, dims (scenario, draw, year, axis).

    Parameters
    ----------
    runs : DataTree
        With stocks.
    axis : str
        One of :data:`AXES`.
    """

    def __init__(self, runs: xr.DataTree, axis: str) -> None:
        self.axis = axis
        self.series: xr.Dataset = runs["series"].to_dataset().drop_dims("year").rename(year_end="year")
        self._places = runs["stocks/residents"].rename(year_end="year")
        self._groups = runs["stocks/residents_by_age_group"].rename(year_end="year")
        self._flows = runs["flows/flows"]
        self._districts = runs["districts"].to_dataset()
        self._shares = self._districts["district_share"].rename(year_end="year")
        self._stock = cache(self._read)

    def stock(self, *names: str) -> xr.DataArray:
        """Persons in the stocks together."""
        return total(self._stock(name) for name in names)

    def people(self) -> xr.DataArray:
        """Residents."""
        return self.stock(*LABOUR_STATES, "child")

    def urban_stock(self, *names: str) -> xr.DataArray:
        """Persons in towns in the stocks together; by sex only."""
        return self._places.sel(stock=list(names), residence="urban", drop=True).sum("stock", skipna=False)

    def urban_flow(self, name: str) -> xr.DataArray:
        """Yearly flow in towns, NaN in 2020, of which a run keeps none; by sex only."""
        return self._flows.sel(flow=name, residence="urban", drop=True).reindex(year=list(YEAR_ENDS))

    def together(self, count: str) -> tuple[xr.DataArray, float] | None:
        """Districts (district,) that are published together, as a mask, and their share of a count of the base year.

        None along other axes, and where nothing is published.
        """
        name = f"{count}_together"
        if self.axis != "district" or name not in self._districts:
            return None
        return self._districts["together"] == 1, float(self._districts[name])

    def _read(self, name: str) -> xr.DataArray:
        import xarray as xr

        if self.axis == "sex":
            return self._places.sel(stock=name, drop=True).sum("residence", skipna=False)
        held = self._groups.sel(stock=name, drop=True)
        if self.axis == "age_group":
            return held
        by_district: xr.DataArray = xr.dot(held, self._shares.sel(stock=name, drop=True), dim="age_group")
        return by_district


def total(parts: Iterable[xr.DataArray]) -> xr.DataArray:
    """Sum of the parts."""
    first, *others = parts
    # Added in place: a sum of new arrays would touch fresh memory for each of them.
    added = first.copy()
    for other in others:
        added += other
    return added
