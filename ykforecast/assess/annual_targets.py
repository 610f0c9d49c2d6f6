"""Yearly targets from five-year ones (年度目标), balanced between years, with identities and districts.

What the years must add up to, or end at, is the plan's; how the way is divided is a choice; how probable each
year's step is, the draws of a scenario say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.attainment import attained, check_chance, joint_attainment, probability_of_attainment
from ykforecast.assess.definition_steps import ENTERPRISE, GOVERNMENT, TOTAL
from ykforecast.assess.district_targets import district_targets
from ykforecast.assess.indicator_labels import indicator_labels
from ykforecast.assess.indicators import indicators
from ykforecast.assess.named import named
from ykforecast.assess.target_paths import (
    WAYS,
    Counts,
    Floats,
    How,
    flow_path,
    held_back_flow,
    held_back_level,
    level_path,
    rate_path,
    reached,
    rounded_flows,
    rounded_levels,
    rounded_rates,
)
from ykforecast.simulate.projection import project
from ykforecast.simulate.request import requested
from ykforecast.simulate.scenarios import resolve_one
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.dims import BASE_YEAR, YEARS
from ykforecast.vocabulary.errors import RequestError, nearest
from ykforecast.vocabulary.units import forecast_decimals, to_base

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.indicator import IndicatorSpec
    from ykforecast.spec.target import TargetSpec

DEFAULT_DRAWS: Final = 2_000
#: What stands in a year: a target, the five-year target as a line to hold once it is passed, a published figure, or
#: the model's median where none is published.
TARGET, HELD, PUBLISHED, ESTIMATED = "target", "held", "published", "estimated"
#: Rows of the plan that add up to another in every year: 8 = 9 + 10.
SUMS: Final = {TOTAL: (ENTERPRISE, GOVERNMENT)}


@dataclass(frozen=True, slots=True)
class _Years:
    """One indicator year by year: values in whole printed steps, what each is, and the draws of the scenario."""

    counts: Counts
    status: tuple[str, ...]
    step: float
    draws: Floats

    @property
    def values(self) -> Floats:
        """Base units of the indicator."""
        return np.asarray(self.counts * self.step, dtype=np.float64)


def annual_targets(
    calibration: Calibration,
    how: How = "even",
    scenario: str | Scenario = "plan",
    draws: int | None = None,
    seed: int | None = None,
    *,
    least: float | None = None,
    districts: bool = False,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Divide the five-year targets over the years that are left, and judge each year's.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate`; or from :func:`ykforecast.assimilate`, then years that have passed show
        the published figure, or the model's median, and the rest is divided over the years left.
    how : {"even", "growth", "capacity"}
        Equal steps (等额); a constant rate (等比); the same chance in every year (按能力).
    scenario : str or Scenario
        What the chances are of.
    draws, seed : int, optional
        2,000 draws of seed 2020, or as many as were conditioned on figures.
    least : float, optional
        Years before the last are asked for no more than the scenario reaches with this chance.
    districts : bool
        Also break the targets of counts down to the six districts.
    threads : int, optional
    progress : callable, optional
        Called with (draws done, draws in all).

    Returns
    -------
    Dataset
        Base units of each indicator, in whole steps of what is printed.

        =======================  ==========================  =================================================
        variable                 dims                        meaning
        =======================  ==========================  =================================================
        annual_target            indicator, year             target, or what a passed year brought
        status                   indicator, year             target, held, published or estimated
        probability, ..._error   indicator, year             of reaching that year's target; NaN if passed
        all_years                indicator                   of reaching the targets of all years left
        joint, joint_error       year                        of reaching all indicators' targets of the year
        joint_binding            year                        of reaching all binding ones
        district_target          indicator, district, year   NaN for rates and for years that have passed
        district_probability     indicator, district, year   where the model splits the indicator itself
        district_grade           indicator                   what the split rests on; empty where there is none
        =======================  ==========================  =================================================

    Raises
    ------
    RequestError
        An unknown way or scenario, several scenarios, an impossible chance, or no year left.

    Notes
    -----
    Sums of flows over 2021-2025 are the plan's to the printed digit, 8 = 9 + 10 holds in every year, districts add
    up to the city, and 左右 is a line that every year holds. Levels never turn back on their way to the target. One
    that has passed it by the last known year is asked for no more than the target from then on (``held``): a line below
    which (of what should fall: above which) it must not come, although the table's figure may be short of the level.
    """
    import xarray as xr

    _check(how, least)
    draws, seed = requested(calibration, draws, seed, DEFAULT_DRAWS, threads=threads)
    model, left = calibration.model, _years_left(calibration)
    resolve_one(model, scenario)
    runs = project(
        calibration,
        scenario,
        draws,
        seed,
        keep="totals" if districts else "series",
        threads=threads,
        progress=progress,
    )
    data = indicators(runs, model, breakdowns=districts)
    found = {
        key: _divided(calibration, model.indicators[key], model.targets[key], key, _draws(data[key]), left, how, least)
        for key in model.indicators
    }
    _balance(found)
    keys = list(found)
    met = {key: _met(found[key], model.targets[key]) for key in keys}
    passed = np.array([year not in left for year in YEARS])
    together = xr.concat([met[key] for key in keys], "indicator")
    chance, error = probability_of_attainment(together)
    joint, joint_error = probability_of_attainment(joint_attainment(met, keys))
    binding = [key for key in keys if model.targets[key].nature == "binding"]
    result = xr.Dataset(
        {
            "annual_target": (("indicator", "year"), np.stack([found[key].values for key in keys])),
            "status": (("indicator", "year"), np.array([found[key].status for key in keys])),
            "probability": (("indicator", "year"), np.where(passed, np.nan, chance.values)),
            "probability_error": (("indicator", "year"), np.where(passed, np.nan, error.values)),
            "all_years": ("indicator", probability_of_attainment(together.sel(year=left).all("year"))[0].values),
            "joint": ("year", np.where(passed, np.nan, joint.values)),
            "joint_error": ("year", np.where(passed, np.nan, joint_error.values)),
        },
        coords={**indicator_labels(model), "year": list(YEARS)},
        attrs={**runs.attrs, "how": how, "least": "none" if least is None else least, "years_left": left},
    )
    if binding:
        together_binding, _ = probability_of_attainment(joint_attainment(met, binding))
        result["joint_binding"] = "year", np.where(passed, np.nan, together_binding.values)
    if districts:
        counts, steps = ({key: getattr(one, name) for key, one in found.items()} for name in ("counts", "step"))
        split = district_targets(runs, data, model, counts, steps, left, SUMS)
        result = result.merge(split, combine_attrs="override")
    return named(result, _DESCRIBED, result.data_vars)


def _check(how: str, least: float | None) -> None:
    if how not in WAYS:
        raise RequestError("unknown way to divide", key="how", value=how, remedy=nearest(how, WAYS))
    if least is not None:
        check_chance("least", least)


def _years_left(calibration: Calibration) -> list[int]:
    """Years of the plan that have not ended on the day up to which figures are known."""
    evidence = calibration.evidence
    if evidence is None:
        return list(YEARS)
    left = [year for year in YEARS if f"{year}-12-31" > evidence.as_of.isoformat()]
    if not left:
        raise RequestError("no year of the plan is left", key="as_of", value=evidence.as_of.isoformat())
    return left


def _draws(values: xr.DataArray) -> xr.DataArray:
    return values.isel(scenario=0, drop=True).transpose("draw", "year")


def _divided(
    calibration: Calibration,
    spec: IndicatorSpec,
    target: TargetSpec,
    key: str,
    data: xr.DataArray,
    left: list[int],
    how: How,
    least: float | None,
) -> _Years:
    """One indicator: what passed years brought, then the way from there to the target."""
    step = to_base(10.0 ** -forecast_decimals(spec.unit, spec.decimals), spec.unit)
    draws = data.sel(year=list(YEARS)).values
    middle = np.median(draws, axis=0)
    published = _published(calibration, key)
    gone = [year for year in YEARS if year not in left]
    past = rounded_levels(np.array([published.get(year, middle[YEARS.index(year)]) for year in gone]), step)
    ahead_is = TARGET
    base = target.base if target.base is not None else float(np.median(data.sel(year=BASE_YEAR)))
    last = float(past[-1]) * step if gone else base
    ahead = draws[:, len(gone) :]
    rising = target.direction == "up"
    if target.basis == "cumulative":
        total = max(round(target.value / step) - int(past.sum()), 0)
        path = flow_path(how, total * step, last, ahead)
        if least is not None:
            path = held_back_flow(path, ahead, least)
        counts = rounded_flows(path, total)
    elif target.basis == "annual_mean":
        grown = float(np.log1p(past * step).sum())
        mean = float(np.expm1((len(YEARS) * np.log1p(target.value) - grown) / len(left)))
        counts = rounded_rates(rate_path(how, mean, ahead), step)
    elif target.relation == "about":
        counts = rounded_levels(np.full(len(left), target.value), step)
    else:
        start = 0.0 if np.isnan(last) else last
        ahead_is = HELD if reached(start, target.value, rising=rising) else TARGET
        path = level_path(how, start, target.value, ahead, rising=rising)
        if least is not None:
            path = held_back_level(path, start, ahead, least, rising=rising)
        counts = rounded_levels(path, step)
    status = [PUBLISHED if year in published else ESTIMATED for year in gone] + [ahead_is] * len(left)
    return _Years(np.concatenate([past, counts]), tuple(status), step, draws)


def _published(calibration: Calibration, key: str) -> dict[int, float]:
    """Published figures of whole years, or year ends, that measure an indicator; base units."""
    evidence, series = calibration.evidence, calibration.model.observations
    if evidence is None or key not in series:
        return {}
    spec = series[key]
    return {
        one.year: one.value
        for one in evidence.observations
        if (one.quantity, one.kind) == (spec.quantity, spec.kind)
        and one.first_year == one.year
        and one.month in {None, 12}
    }


def _balance(found: dict[str, _Years]) -> None:
    """Make parts add up to their whole in every year; a published whole that its parts do not meet stays as it is."""
    for whole, parts in SUMS.items():
        if whole not in found or any(part not in found for part in parts):
            continue
        total, pieces = found[whole], [found[part] for part in parts]
        added = np.sum([piece.counts for piece in pieces], axis=0)
        if any(piece.step != total.step for piece in pieces) or added[-1] != total.counts[-1]:
            continue
        counts = np.where([one == PUBLISHED for one in total.status], total.counts, added)
        # An estimated part gives way to what is published of the whole.
        gap = np.where([one == ESTIMATED for one in pieces[0].status], counts - added, 0)
        found[whole] = _Years(counts, total.status, total.step, total.draws)
        found[parts[0]] = _Years(pieces[0].counts + gap, pieces[0].status, pieces[0].step, pieces[0].draws)


def _met(one: _Years, target: TargetSpec) -> xr.DataArray:
    """Whether each draw reaches the target of each year, dims (draw, year)."""
    import xarray as xr

    columns = []
    for place, year in enumerate(YEARS):
        wanted = target.model_copy(update={"value": float(one.values[place])})
        outcome = xr.DataArray(one.draws[:, place], dims="draw", name=f"year {year}")
        columns.append(attained(outcome, wanted))
    return xr.concat(columns, "year").assign_coords(year=list(YEARS)).transpose("draw", "year")


_BASE: Final = "base units of the indicator"
_DESCRIBED: Final = {
    "annual_target": ("yearly target, or what a passed year brought", "年度目标（已过年份为实绩）", _BASE),
    "status": ("target, target held, published or estimated", "目标、守住的目标线、公布数或推算数", None),
    "probability": ("probability of reaching the target of the year", "年度目标完成概率", "1"),
    "probability_error": ("Monte Carlo standard error of the probability", "完成概率的抽样误差", "1"),
    "all_years": ("probability of reaching the targets of all years left", "余下各年目标全部完成的概率", "1"),
    "joint": ("probability that all targets of the year are reached", "当年全部指标完成的概率", "1"),
    "joint_error": ("Monte Carlo standard error of the joint probability", "全部完成概率的抽样误差", "1"),
    "joint_binding": (
        "probability that all binding targets of the year are reached",
        "当年约束性指标全部完成的概率",
        "1",
    ),
    "district_target": ("target of a district", "县（市）区目标", _BASE),
    "district_probability": ("probability of reaching the target of the district", "县（市）区目标完成概率", "1"),
    "district_grade": ("what the split rests on", "分解依据的等级", None),
}
