"""The scorecard of a mid-term evaluation: where each indicator stands, and how probable its target is.

Two numbers are always given together, realised progress against elapsed time and
the probability of meeting the target, because either alone misleads: the straight line
says nothing where the target lies within the noise of the base, and a probability alone
hides where the city stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.attainment import attained, joint_attainment, on_basis, probability_of_attainment
from ykforecast.assess.classes import CLASSES, ClassRules, class_index, class_range
from ykforecast.assess.definition_steps import at_base_definitions
from ykforecast.assess.indicator_labels import indicator_labels
from ykforecast.assess.intervals import central_intervals
from ykforecast.assess.progress import START, elapsed, plan_date, standing
from ykforecast.assess.published_figures import last_figures
from ykforecast.data.observations import load_observations
from ykforecast.vocabulary.dims import YEAR_ENDS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from datetime import date

    import xarray as xr

    from ykforecast.assess.progress import Standing
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

_LEADING: Final = ("scenario", "indicator", "year", "level", "bound")
#: Values of indicators of different units side by side: the coordinate ``unit`` says which.
_BASE: Final = "base units of the indicator"
#: English name, Chinese name and unit (none for texts and labels) of all that a scorecard holds.
_DESCRIBED: Final = {
    "median": ("median of the draws", "中位数", _BASE),
    "interval": ("central intervals of the draws", "中心区间", _BASE),
    "outcome_median": ("median on the basis of the target", "目标口径的中位数", _BASE),
    "outcome_interval": ("central intervals on the basis of the target", "目标口径的中心区间", _BASE),
    "target": ("target as printed", "目标值", _BASE),
    "threshold": ("threshold of attainment, tolerance included", "达标界限（含容差）", _BASE),
    "probability": ("probability of attainment", "完成概率", "1"),
    "probability_error": ("Monte Carlo standard error of the probability", "完成概率的抽样误差", "1"),
    "joint_probability": ("probability that all binding targets are met together", "约束性指标全部完成的概率", "1"),
    "joint_probability_error": ("Monte Carlo standard error of the joint probability", "全部完成概率的抽样误差", "1"),
    "definition_step": ("definition step in the outcome, median", "目标口径中的统计口径变动（中位数）", _BASE),
    "base_outcome_median": ("median at the definitions of 2020", "按2020年口径的中位数", _BASE),
    "base_probability": ("probability of attainment at the definitions of 2020", "按2020年口径的完成概率", "1"),
    "elapsed": ("share of 2021-2025 that has passed", "时间进度", "1"),
    "progress": ("share of the planned change reached", "完成进度", "1"),
    "pace": ("change a year so far", "年均变动", f"{_BASE} a year"),
    "required_pace": ("change a year still required", "余下各年所需年均变动", f"{_BASE} a year"),
    "class": ("class of a mid-term evaluation", "评估类别", None),
    "class_range": ("class, or the two that are not told apart", "评估类别（含误差范围）", None),
    "published": ("last published figure", "最新公布数", _BASE),
    "published_year": ("year of the last published figure", "最新公布数年份", None),
    "check_definition": ("behind, with the published figure at the target", "滞后而公布数已达目标、口径待核", None),
    "scenario": ("scenario", "情景", None),
    "scenario_zh": ("Chinese name of the scenario", "情景名称", None),
    "scenario_en": ("English name of the scenario", "情景英文名称", None),
    "indicator": ("key of the indicator", "指标的键", None),
    "year": ("year", "年份", None),
    "level": ("probability inside the central interval", "区间概率", "1"),
    "bound": ("end of the interval", "区间端点", None),
    "number": ("row in the table of the plan", "序号", None),
    "label_zh": ("Chinese name of the indicator", "指标名称", None),
    "label_en": ("English name of the indicator", "指标英文名称", None),
    "unit": ("base unit of the indicator", "基本单位", None),
    "printed_unit": ("unit of the plan", "规划所用单位", None),
    "decimals": ("decimals that the plan prints", "规划所印小数位数", None),
    "base_printed": ("figure of 2020 as printed", "2020年公布数", None),
    "target_printed": ("target as printed, with its signs", "规划所印目标", None),
    "basis": ("basis of the target", "目标口径", None),
    "nature": ("nature of the target", "指标属性", None),
}


def evaluate(
    source: xr.Dataset | xr.DataTree,
    model: ModelSpec | None = None,
    as_of: str | None = None,
    rules: ClassRules | None = None,
    *,
    observations: Sequence[Observation] | None = None,
) -> xr.Dataset:
    """Judge every indicator of a model against its target, per scenario.

    Parameters
    ----------
    source : xr.Dataset or xr.DataTree
        Indicators, dims (scenario, draw, year) in base units with years 2020..2025, or runs from which
        they are computed.
    model : ModelSpec, optional
        Its ``indicators`` and ``targets``; by default the shipped model that the runs were made with.
        Needed for a model of one's own.
    as_of : str, optional
        ISO date up to which figures were known when ``source`` was made. Without it, or at the base
        date, nothing is realised yet: progress is NaN and the class is by forecast, with the forecast
        of mid-term and of the end of 2024 in the place of what has been reached.
    rules : ClassRules, optional
        Cut-offs of the classes; the model's own (``evaluation.toml``) by default.
    observations : sequence of Observation, optional
        Figures known by ``as_of``; by default the published ones of the model's registry.

    Returns
    -------
    xr.Dataset
        Dims (scenario, indicator, year, level, bound). Values of indicators are in base units.

        =================  =================================  ========================================
        variable           dims                               meaning
        =================  =================================  ========================================
        median             scenario, indicator, year          median of the draws, yearly series
        interval           ..., year, level, bound            central 50, 80, 95 % intervals of the same
        outcome_median     scenario, indicator                on the target's basis
        outcome_interval   scenario, indicator, level, bound  on the target's basis
        target, threshold  indicator                          as printed; as judged, with the tolerance
        probability        scenario, indicator                of meeting the target in 2025
        probability_error  scenario, indicator                its Monte Carlo standard error
        progress           scenario, indicator                share of the planned change reached
        elapsed            (none)                             share of 2021-2025 that has passed
        pace               scenario, indicator                change a year so far
        required_pace      scenario, indicator                change a year still required
        class              scenario, indicator                one of the four official classes
        class_range        scenario, indicator                the same, or two that are not told apart
        joint_probability  scenario                           all binding targets met together
        definition_step    scenario, indicator                median step in the outcome, where there is one
        base_outcome_...   scenario, indicator                median without it, at the definitions of 2020
        base_probability   scenario, indicator                of meeting the target so counted
        published, ..year  indicator                          last published level, its year; only with ``as_of``
        check_definition   scenario, indicator                滞后 although that figure attains the target
        =================  =================================  ========================================

    Raises
    ------
    RequestError
        Indicators missing from ``source``, years missing, a date outside the plan, or no model given
        for runs of a model that is not shipped.
    """
    import xarray as xr

    if model is None:
        from ykforecast.data.model_files import model_of_run

        model = model_of_run(source.attrs)
    rules = rules or ClassRules.read(model.folder)
    when = plan_date(as_of)
    data = _indicators(source, model)
    keys = list(model.indicators)
    targets = [model.targets[key] for key in keys]
    outcomes = {key: on_basis(data[key], target) for key, target in zip(keys, targets, strict=True)}
    met = {key: attained(outcomes[key], target) for key, target in zip(keys, targets, strict=True)}
    stood = [standing(data[key], target, when, rules) for key, target in zip(keys, targets, strict=True)]

    series = data[keys].sel(year=list(YEAR_ENDS)).to_dataarray("indicator")
    outcome = _stacked(outcomes)
    probability, error = probability_of_attainment(_stacked(met))
    card = xr.Dataset(
        {
            "median": series.median("draw", skipna=False),
            "interval": central_intervals(series),
            "outcome_median": outcome.median("draw", skipna=False),
            "outcome_interval": central_intervals(outcome),
            "target": ("indicator", [target.value for target in targets]),
            "threshold": ("indicator", [target.threshold for target in targets]),
            "probability": probability,
            "probability_error": error,
            "elapsed": ((), elapsed(when)),
            **_standings(stood),
            **at_base_definitions(data, model),
        },
        coords=indicator_labels(model)
        | {f"scenario_{lang}": ("scenario", scenario_labels(data, model, lang)) for lang in ("zh", "en")},
        attrs={
            "title": "Scorecard of the plan's indicators",
            "title_zh": "规划指标评估表",
            "as_of": when.isoformat(),
            # Progress is the median of the forecast, whether figures of the years since have moved it or not.
            "class_basis": "forecast of progress, and probability" if when > START else "forecast",
            "draws": int(data.sizes["draw"]),
            "classes": " ".join(CLASSES),
        },
    )
    binding = [key for key in keys if model.targets[key].nature == "binding"]
    if binding:
        joint, joint_error = probability_of_attainment(joint_attainment(met, binding))
        card["joint_probability"], card["joint_probability_error"] = joint, joint_error
        card.attrs["binding"] = binding
    card = card.transpose(*_LEADING, missing_dims="ignore")
    return _described(_beside_figures(_classed(card, stood, rules), model, when, observations))


def _beside_figures(
    card: xr.Dataset, model: ModelSpec, when: date, observations: Sequence[Observation] | None
) -> xr.Dataset:
    """The card with the last published figures, and a mark where one attains the target of a class behind."""
    if when == START:
        return card
    if observations is None:
        observations = load_observations(model.folder, as_of=when)
    figures, attained_already = last_figures(model, observations)
    card = card.assign(figures)
    met = card["published"].copy(data=attained_already)
    card["check_definition"] = (card["class"] == CLASSES[-1]) & met
    return card


def _described(card: xr.Dataset) -> xr.Dataset:
    """The card with names and units on every variable, and nothing that it took over from the run."""
    for name in card.variables:
        long_name, label_zh, units = _DESCRIBED[str(name)]
        described = {"long_name": long_name, "label_zh": label_zh}
        card[name].attrs = described if units is None else described | {"units": units}
    return card


def _stacked(arrays: dict[str, xr.DataArray]) -> xr.DataArray:
    """Arrays of common dims (scenario, draw) side by side along ``indicator``; attributes dropped."""
    import xarray as xr

    first = next(iter(arrays.values()))
    values = np.stack([array.transpose(*first.dims).values for array in arrays.values()])
    coords = {"indicator": list(arrays), "scenario": first["scenario"].values}
    return xr.DataArray(values, dims=("indicator", *first.dims), coords=coords)


def _standings(stood: list[Standing]) -> dict[str, tuple[tuple[str, str], Any]]:
    names = ("progress", "pace", "required_pace")
    return {name: (("indicator", "scenario"), np.stack([getattr(one, name) for one in stood])) for name in names}


def _classed(card: xr.Dataset, stood: list[Standing], rules: ClassRules) -> xr.Dataset:
    """The card with the official classes, and what the Monte Carlo error leaves open."""
    chance = card["probability"].transpose("indicator", "scenario").values
    slack = rules.errors_apart * card["probability_error"].transpose("indicator", "scenario").values
    classes, ranges = [], []
    for row, nature in enumerate(card["nature"].values.tolist()):

        def index(probability: Any, one: Standing = stood[row], binding: bool = nature == "binding") -> Any:
            return class_index(probability, one.lead, one.met_early, binding=binding, rules=rules)

        classes.append([CLASSES[place] for place in index(chance[row])])
        ends = zip(index(chance[row] + slack[row]), index(chance[row] - slack[row]), strict=True)
        ranges.append([class_range(int(best), int(worst)) for best, worst in ends])
    card["class"] = ("indicator", "scenario"), np.array(classes)
    card["class_range"] = ("indicator", "scenario"), np.array(ranges)
    return card.transpose(*_LEADING, missing_dims="ignore")


def scenario_labels(data: xr.Dataset, model: ModelSpec, lang: str) -> list[str]:
    """Names of the scenarios of a run in Chinese (``zh``) or English (``en``), in their order.

    The run carries the names, as scenarios of the user's own and joined ones are not in the model; data
    without them take the model's name, or else the key.
    """
    # A file gives back a list of one text as the text.
    keys, made = (np.atleast_1d(data.attrs.get(name, [])) for name in ("scenarios", f"scenario_labels_{lang}"))
    known = {key: scenario.label(lang) for key, scenario in model.scenarios.items()}
    names = known | dict(zip(map(str, keys), map(str, made), strict=False))
    return [names.get(key, key) for key in map(str, data["scenario"].values)]


def _indicators(source: xr.Dataset | xr.DataTree, model: ModelSpec) -> xr.Dataset:
    import xarray as xr

    if not isinstance(source, xr.DataTree):
        data = source
    elif "indicators" in source.children:
        data = source.children["indicators"].to_dataset()
    else:
        from ykforecast.assess.indicators import indicators

        data = indicators(source, model)
    missing = [key for key in model.indicators if key not in data]
    if missing:
        raise RequestError(
            "indicators are missing",
            key="indicators",
            value=missing,
            remedy="Pass what yk.project or yk.indicators returned, unreduced.",
        )
    for dim in ("draw", "year"):
        if dim not in data.dims:
            raise RequestError(
                f"no dimension {dim!r}",
                key="indicators",
                value=list(data.dims),
                remedy="Keep draws and years.",
            )
    if "scenario" not in data.dims:
        name = str(data["scenario"].item()) if "scenario" in data.coords else "run"
        data = data.drop_vars("scenario", errors="ignore").expand_dims(scenario=[name])
    return data
