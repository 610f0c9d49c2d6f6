"""Progress against elapsed time: what has been reached by a date, and the pace still required.

Every year of the plan counts the same; within a year stocks move in a straight
line and flows come in evenly, which is all that annual figures allow to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.attainment import attained, on_basis, probability_of_attainment
from ykforecast.assess.classes import ClassRules
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.target import TargetSpec

START: Final = date(BASE_YEAR, 12, 31)
END: Final = date(HORIZON, 12, 31)
PLAN_YEARS: Final = HORIZON - BASE_YEAR
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one indicator stands, per scenario.

    Attributes
    ----------
    progress : ndarray (scenario,)
        Share of the planned change reached, NaN where nothing is realised or the ratio means nothing.
    lead : ndarray (scenario,)
        Progress less elapsed time; before any later figure, both of the forecast of mid-term.
    met_early : ndarray of bool (scenario,)
        Target met before its date.
    pace, required_pace : ndarray (scenario,)
        Change a year so far and still required, base units a year; growth rates for an annual mean.
    """

    progress: Floats
    lead: Floats
    met_early: npt.NDArray[np.bool_]
    pace: Floats
    required_pace: Floats


def plan_date(text: str | None) -> date:
    """Date within the plan; the base date for None.

    Raises
    ------
    RequestError
        Not an ISO date, or outside 2020-12-31 to 2025-12-31.
    """
    if text is None:
        return START
    try:
        when = date.fromisoformat(str(text))
    except ValueError:
        raise RequestError("not a date", key="as_of", value=text, remedy="Write it as 2023-06-30") from None
    if not START <= when <= END:
        raise RequestError("date outside the plan", key="as_of", value=text, remedy=f"Give {START} to {END}")
    return when


def elapsed(when: date) -> float:
    """Share of 2021-2025 that has passed, every year counting the same."""
    return sum(_years_passed(when)) / PLAN_YEARS


def standing(series: xr.DataArray, target: TargetSpec, when: date, rules: ClassRules) -> Standing:
    """Progress, pace and earliness of one indicator at a date.

    Parameters
    ----------
    series : xr.DataArray
        Dims (scenario, draw, year), base units; 2020 is the base, NaN where there is none.
    target : TargetSpec
    when : date
        At the base date nothing is realised and the forecast speaks instead.
    rules : ClassRules
    """
    realised = when > START
    reference = when if realised else START + rules.midterm * (END - START)
    base = _median(series.sel(year=BASE_YEAR, drop=True))
    start = np.zeros_like(base) if target.basis == "cumulative" else base
    reached = _median(_value_at(series, target, reference))
    progress = (reached - start) / _planned_change(base, target, rules)
    nothing = np.full_like(base, np.nan)
    pace, required = _paces(reached if realised else start, start, target, when)
    return Standing(
        progress=progress if realised else nothing,
        lead=progress - elapsed(reference),
        met_early=_met_early(series, target, when, rules),
        pace=pace,
        required_pace=required,
    )


def _years_passed(when: date) -> tuple[int, float]:
    """Whole years since the base date, and the share of the running year."""
    if when == date(when.year, 12, 31):
        return when.year - BASE_YEAR, 0.0
    before = date(when.year - 1, 12, 31)
    return before.year - BASE_YEAR, (when - before).days / (date(when.year, 12, 31) - before).days


def _median(values: xr.DataArray) -> Floats:
    # Not nanmedian: a base that the plan does not print is NaN in every draw and stays NaN.
    return np.asarray(np.median(values.transpose("scenario", "draw").values, axis=1), dtype=float)


def _value_at(series: xr.DataArray, target: TargetSpec, when: date) -> xr.DataArray:
    """Outcome reached at a date, per draw: stocks interpolated within the year, flows counted pro rata."""
    import xarray as xr

    years, part = _years_passed(when)
    whole = BASE_YEAR + years
    if target.basis == "level":
        values: xr.DataArray = series.sel(year=whole, drop=True)
        return values * (1.0 - part) + series.sel(year=whole + 1, drop=True) * part if part else values
    done = on_basis(series, target, whole) if years else xr.zeros_like(series.isel(year=0, drop=True))
    if target.basis == "cumulative" and part:
        done = done + series.sel(year=whole + 1, drop=True) * part
    return done


def _has_a_ramp(target: TargetSpec) -> bool:
    """Whether progress can be spoken of: 左右 is a line to hold each year, an average has no base."""
    return target.basis != "annual_mean" and target.relation != "about"


def _planned_change(base: Floats, target: TargetSpec, rules: ClassRules) -> Floats:
    """Change that the plan asks for, NaN where a ratio to it means nothing."""
    if not _has_a_ramp(target):
        return np.full_like(base, np.nan)
    if target.basis == "cumulative":
        return np.full_like(base, target.value)
    change = target.value - base
    return np.where(np.abs(change) >= rules.smallest_change * np.abs(base), change, np.nan)


def _met_early(series: xr.DataArray, target: TargetSpec, when: date, rules: ClassRules) -> npt.NDArray[np.bool_]:
    """Whether the target is met at ``when``; by forecast, whether it very probably is a year ahead."""
    if not _has_a_ramp(target):
        return np.zeros(series.sizes["scenario"], dtype=bool)
    realised = when > START
    value = _value_at(series, target, when if realised else date(HORIZON - 1, 12, 31))
    share, _ = probability_of_attainment(attained(value, target))
    return np.asarray(share.values >= (0.5 if realised else rules.early))


def _paces(now: Floats, start: Floats, target: TargetSpec, when: date) -> tuple[Floats, Floats]:
    years, part = _years_passed(when)
    passed, left = years + part, PLAN_YEARS - years - part
    nothing = np.full_like(now, np.nan)
    if target.basis == "annual_mean":
        if not years:
            return nothing, np.full_like(now, target.value)
        if years == PLAN_YEARS:
            return now, nothing
        whole = (1.0 + target.value) ** PLAN_YEARS / (1.0 + now) ** years
        return now, whole ** (1.0 / (PLAN_YEARS - years)) - 1.0
    pace = (now - start) / passed if passed else nothing
    return pace, (target.value - now) / left if left else nothing
