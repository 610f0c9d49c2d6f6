"""Who is insured by sex, age group and district: at one share, or as far apart as districts were published to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ykforecast.assess.breakdown_stocks import Held, Parts
from ykforecast.data.district_margins import MEDICAL, UNEMPLOYMENT
from ykforecast.vocabulary.dims import YEAR_ENDS

if TYPE_CHECKING:
    import xarray as xr


def _covered(held: Held, pool: xr.DataArray, insured: xr.DataArray) -> xr.DataArray:
    """Insured persons of each part of a pool: at one share, or apart by as much as the published districts were.

    With ``c`` the share of the whole pool, a part has ``c + c (1 - c) k``: the odds of the districts differ to first
    order as in the base year, none passes one, and the parts add up because the mean of ``k`` over the pool is taken
    out of it. Premiums of work injury insurance are collected from the payroll of unemployment insurance: one ``k``.
    """
    share = insured / pool.sum(held.axis, skipna=False)
    found = held.together(UNEMPLOYMENT)
    if found is None:
        return share * pool
    lean = _lean(held, *found)
    lean = lean - (pool * lean).sum(held.axis, skipna=False) / pool.sum(held.axis, skipna=False)
    return pool * (share + share * (1.0 - share) * lean)


def _lean(held: Held, together: xr.DataArray, published: float) -> xr.DataArray:
    """What sets the insured shares of the districts published together, and of the others, apart in the base year."""
    pool = _insurable(held).sel(year=YEAR_ENDS[0], drop=True)
    insured = held.series["unemployment_insured"].sel(year=YEAR_ENDS[0], drop=True)
    whole, part = pool.sum("district"), pool.where(together, 0.0).sum("district")
    share = insured / whole
    spread = share * (1.0 - share)
    here, there = published * insured / part, (1.0 - published) * insured / (whole - part)
    return _either(together, here - share, there - share) / spread


def _either(together: xr.DataArray, here: xr.DataArray, there: xr.DataArray) -> xr.DataArray:
    import xarray as xr

    chosen: xr.DataArray = xr.where(together, here, there)  # type: ignore[no-untyped-call]
    return chosen


def _insurable(held: Held) -> xr.DataArray:
    series = held.series
    enterprise, public = series["enterprise_employees"], series["public_employees"]
    # The pool counts public posts at a weight of the draw, which the run keeps in the pool only.
    weight = (series["unemployment_insurable"] - enterprise) / public
    return held.stock("enterprise") + weight * held.stock("public")


def unemployment_insured(held: Held) -> Parts:
    """Persons insured against unemployment, among employees of units."""
    return Parts(_covered(held, _insurable(held), held.series["unemployment_insured"]))


def work_injury_insured(held: Held) -> Parts:
    """Persons insured against work injury, among employees of units."""
    return Parts(_covered(held, held.stock("enterprise", "public"), held.series["work_injury_insured"]))


def medical_coverage(held: Held) -> Parts:
    """Residents insured by either medical scheme, fractions, with residents as weights."""
    series, people = held.series, held.people()
    members = held.stock("contributor", "retiree", "public", "government_retiree")
    found = held.together(MEDICAL)
    if found is not None:
        together, published = found
        base = members.sel(year=YEAR_ENDS[0], drop=True)
        part = base.where(together, 0.0).sum("district") / base.sum("district")
        # Members of both groups are weighed so that the employees' scheme of the base year has the published share.
        members = members * _either(together, published / part, (1.0 - published) / (1.0 - part))
    employee = members * (series["medical_employee_insured"] / members.sum(held.axis, skipna=False))
    others = series["population"] - series["medical_employee_insured"]
    covered = (series["medical_insured"] - series["medical_employee_insured"]) / others
    return Parts((employee + covered * (people - employee)) / people, people / series["population"])
