"""Progress against elapsed time: what has been reached by a date, and the pace still required.

Every year of the plan counts the same; within a year stocks move in a straight
line and flows come in evenly, which is all that annual figures allow to say.
"""

from __future__ import annotations

from collections.abc import Callable
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
Texts = npt.NDArray[np.str_]
#: Reason why progress is not shown, in Chinese and in English.
WITHHELD: Final = {
    "not_begun": ("尚无2021年以后的公布数", "no figure after 2020 is known: nothing is realised yet"),
    "no_base": ("没有2020年基数", "there is no figure of 2020 to start from"),
    "annual_mean": ("年均增速没有起点，看余下各年所需增速", "a mean rate has no start: see the rate still required"),
    "within_error": (
        "规划变动在该数字的测量误差以内",
        "the planned change lies within the measurement error of the figure",
    ),
    "line_to_hold": ("“左右”是每年要守住的线", "'about' is a line to hold every year, not a way to go"),
}
#: Reason why the ratio of paces is not shown, in Chinese and in English.
PACE_NOTES: Final = {
    "not_begun": ("规划期刚开始，尚无已实现的变动", "the plan has just begun"),
    "over": ("规划期已满", "the plan is over"),
    **{code: WITHHELD[code] for code in ("no_base", "within_error", "line_to_hold")},
    "reached": ("已到目标水平，需保持", "at the target already: to be kept"),
    "turn_up": ("需由降转升", "has to turn from falling to rising"),
    "turn_down": ("需由升转降", "has to turn from rising to falling"),
    "start_up": ("至今未变，需转为上升", "has not moved and has to rise"),
    "start_down": ("至今未变，需转为下降", "has not moved and has to fall"),
}


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
    pace_ratio : ndarray (scenario,)
        The latter over the former, NaN where the ratio means nothing.
    progress_withheld, pace_note : ndarray of str (scenario,)
        Why progress or the ratio is not shown, see :data:`WITHHELD` and :data:`PACE_NOTES`; empty where it is.
    figure_error : float
        Standard deviation of one figure of the size of the base, base units.
    """

    progress: Floats
    lead: Floats
    met_early: npt.NDArray[np.bool_]
    pace: Floats
    required_pace: Floats
    pace_ratio: Floats
    progress_withheld: Texts
    pace_note: Texts
    figure_error: float


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
    return sum(years_passed(when)) / PLAN_YEARS


def standing(
    series: xr.DataArray, target: TargetSpec, when: date, rules: ClassRules, error: Callable[[float], float]
) -> Standing:
    """Progress, pace and earliness of one indicator at a date.

    Parameters
    ----------
    series : xr.DataArray
        Dims (scenario, draw, year), base units; 2020 is the base, NaN where there is none.
    target : TargetSpec
    when : date
        At the base date nothing is realised and the forecast speaks instead.
    rules : ClassRules
    error : function of float to float
        Standard deviation of a figure of the indicator, by its size; base units.
    """
    realised = when > START
    reference = when if realised else START + rules.midterm * (END - START)
    base = _median(series.sel(year=BASE_YEAR, drop=True))
    sd = error(float(base[0]))
    start = np.zeros_like(base) if target.basis == "cumulative" else base
    withheld = _withheld(base, target, rules.errors_of_change * sd)
    reached = _median(_value_at(series, target, reference))
    planned = np.where(withheld == "", target.value - start, np.nan)
    progress = (reached - start) / planned
    pace, required = _paces(reached if realised else start, start, target, when)
    note = _pace_note(pace, required, withheld, target)
    return Standing(
        progress=progress if realised else np.full_like(base, np.nan),
        lead=progress - elapsed(reference),
        met_early=_met_early(series, target, when, rules),
        pace=pace,
        required_pace=required,
        pace_ratio=np.divide(required, pace, out=np.full_like(base, np.nan), where=note == ""),
        progress_withheld=withheld if realised else np.where(withheld == "", "not_begun", withheld),
        pace_note=note,
        figure_error=sd,
    )


def years_passed(when: date) -> tuple[int, float]:
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

    years, part = years_passed(when)
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


def _withheld(base: Floats, target: TargetSpec, least: float) -> Texts:
    """Why a ratio to the planned change means nothing, by scenario; ``least`` is the smallest change that is told."""
    if target.basis == "annual_mean":
        return np.full(base.shape, "annual_mean")
    if target.basis == "cumulative":
        return np.full(base.shape, "")
    told = "line_to_hold" if target.relation == "about" else ""
    small = np.abs(target.value - base) < least
    return np.where(np.isnan(base), "no_base", np.where(small, "within_error", told))


def _pace_note(pace: Floats, required: Floats, withheld: Texts, target: TargetSpec) -> Texts:
    """Why the required pace is not set against that of the past, by scenario."""
    rises = target.direction == "up"
    up, way = (1.0, "up") if rises else (-1.0, "down")
    # A mean rate has no planned change to be within an error of: two rates can be compared.
    silent = np.where(withheld == "annual_mean", "", withheld)
    return np.select(
        [
            silent != "",
            np.isnan(required),
            np.isnan(pace),
            up * required <= 0.0,
            pace == 0.0,
            up * pace < 0.0,
        ],
        [silent, "over", "not_begun", "reached", f"start_{way}", f"turn_{way}"],
        default="",
    )


def _met_early(series: xr.DataArray, target: TargetSpec, when: date, rules: ClassRules) -> npt.NDArray[np.bool_]:
    """Whether the target is met at ``when``; by forecast, whether it very probably is a year ahead."""
    if not _has_a_ramp(target):
        return np.zeros(series.sizes["scenario"], dtype=bool)
    realised = when > START
    value = _value_at(series, target, when if realised else date(HORIZON - 1, 12, 31))
    share, _ = probability_of_attainment(attained(value, target))
    return np.asarray(share.values >= (0.5 if realised else rules.early))


def _paces(now: Floats, start: Floats, target: TargetSpec, when: date) -> tuple[Floats, Floats]:
    years, part = years_passed(when)
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
