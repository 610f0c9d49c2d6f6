"""Warning of the plan itself (规划实施预警): indicators likely to be missed, and what such warnings are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.alarm_scores import rate_of, roc_area_with_error
from ykforecast.assess.attainment import attained, on_basis
from ykforecast.assess.card_variables import DESCRIBED
from ykforecast.assess.chances import fit_chances
from ykforecast.assess.classes import CLASSES, ClassRules
from ykforecast.assess.evaluation import evaluate
from ykforecast.assess.indicator_labels import INDICATOR_WORDS, SCENARIO_WORDS, indicator_labels
from ykforecast.assess.indicators import indicators
from ykforecast.assess.measurement_error import measurement_error
from ykforecast.assess.named import named
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, YEARS

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.assess.lamps import Flags, Floats
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.target import TargetSpec

#: On the warning list, to be watched, neither.
LISTED, WATCHED, CLEAR = "listed", "watched", "clear"
STATUS_ZH: Final = {LISTED: "列入预警清单", WATCHED: "重点关注", CLEAR: "正常"}
#: The rule of the list by the state of each draw, and the straight line that evaluations use.
WAYS: Final = {"model": ("按完成概率", "by probability"), "straight_line": ("按时间进度", "by the straight line")}
_PLACES: Final = ("scenario", "indicator")
_BASE: Final = "base units of the indicator"
#: Taken over from the scorecard.
_JUDGED: Final = ("probability", "probability_error", "class", "outcome_median", "target", "pace", "required_pace")
_WORDS: Final = {
    **{name: DESCRIBED[name] for name in _JUDGED},
    "status": ("place on the warning list", "预警状态", None),
    "status_zh": ("place on the warning list, in Chinese", "预警状态（中文）", None),
    "cut": ("probability below which an indicator is behind", "列为滞后的概率界限", "1"),
    "gap": (
        "threshold of attainment less the median, in the direction of the target",
        "与达标界限的差距（中位数）",
        _BASE,
    ),
    "pace_ratio": ("required pace over that so far", "所需年均变动为此前的倍数", "1"),
    "hit_rate": ("share of the missed targets that were warned of", "命中率", "1"),
    "hit_rate_error": ("standard error over draws", "命中率的标准误", "1"),
    "false_alarm_rate": ("share of the met targets that were warned of", "误报率", "1"),
    "false_alarm_rate_error": ("standard error over draws", "误报率的标准误", "1"),
    "area": ("area under the ROC curve of the estimated chance", "估计概率的ROC曲线下面积", "1"),
    "area_error": ("standard error of the area", "ROC面积的标准误", "1"),
    "missed": ("share of draws that miss the target", "未达标的比例", "1"),
    **SCENARIO_WORDS,
    **INDICATOR_WORDS,
    "department": ("departments in charge", "责任部门", None),
    "way": ("rule of the warning", "预警方法", None),
    "way_zh": ("Chinese name of the rule", "预警方法名称", None),
    "way_en": ("English name of the rule", "预警方法英文名称", None),
    "warning_year": ("year at whose end the warning is given", "预警年份（年末）", None),
}


def plan_warning(runs: xr.DataTree, model: ModelSpec, as_of: str | None, base: str) -> xr.Dataset:
    """The warning list of each scenario, and the hits and false alarms of its rule.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project`.
    model : ModelSpec
    as_of : str, optional
        Day up to which figures were known when the run was made.
    base : str
        Scenario on whose draws the rule is scored.

    Returns
    -------
    Dataset
        Dims (scenario, indicator, way, warning_year).

        A binding indicator that is 滞后 stands on the list; an anticipatory one is to be watched. The rule is scored
        as it would work: at the end of a year each draw knows its own figures so far, the chance of attainment is
        estimated from them across the other draws (:mod:`ykforecast.assess.chances`), and a warning is given below
        the cut of the class. Beside it stands the straight line: a warning where the planned change falls behind
        elapsed time. NaN where all draws meet, or all miss, or where a straight line means nothing.
    """
    rules = ClassRules.read(model.folder)
    data = indicators(runs, model)
    card = evaluate(data.assign_attrs(runs.attrs), model, as_of)
    binding = card["nature"].values == "binding"
    behind = card["class"].transpose(*_PLACES).values == CLASSES[-1]
    status = np.where(behind, np.where(binding, LISTED, WATCHED), CLEAR)
    sense = np.array([1.0 if model.targets[key].sense == "at_least" else -1.0 for key in model.indicators])
    found = card[[*_JUDGED, "pace_ratio"]].assign(
        status=(_PLACES, status),
        status_zh=(_PLACES, np.vectorize(STATUS_ZH.get)(status)),
        cut=("indicator", np.where(binding, rules.on_course_binding, rules.on_course_anticipatory)),
        gap=(_PLACES, sense * (card["threshold"] - card["outcome_median"]).transpose(*_PLACES).values),
        **_scored(data.sel(scenario=base), model, rules),
    )
    coordinates: dict[str, Any] = {
        **{key: value for key, value in indicator_labels(model).items() if key != "indicator"},
        **{f"scenario_{lang}": card[f"scenario_{lang}"] for lang in ("zh", "en")},
        "department": ("indicator", ["、".join(model.indicators[key].department) for key in model.indicators]),
        "way": list(WAYS),
        "way_zh": ("way", [zh for zh, _ in WAYS.values()]),
        "way_en": ("way", [en for _, en in WAYS.values()]),
        "warning_year": list(YEARS[:-1]),
    }
    found = found.assign_coords(coordinates)
    found.attrs = {
        "title": "Warning of the plan",
        "title_zh": "规划实施预警",
        "as_of": card.attrs["as_of"],
        "base": base,
        "draws": card.attrs["draws"],
    }
    return named(found, _WORDS)


def _scored(data: xr.Dataset, model: ModelSpec, rules: ClassRules) -> dict[str, Any]:
    """Hits and false alarms of both rules, (way, indicator, warning_year)."""
    keys, years = list(model.indicators), YEARS[:-1]
    scores = {name: np.full((len(WAYS), len(keys), len(years)), np.nan) for name in _SCORES}
    missed = np.empty(len(keys))
    for row, (key, target) in enumerate(model.targets.items()):
        series = data[key].transpose("draw", "year")
        start = float(series.sel(year=BASE_YEAR).median())
        least = rules.errors_of_change * measurement_error(model, key, start)
        met = attained(on_basis(series, target), target).values
        missed[row] = 1.0 - met.mean()
        cut = rules.on_course_binding if target.nature == "binding" else rules.on_course_anticipatory
        for column, year in enumerate(years):
            chance = _chance(series, target, year, met)
            behind = _behind(series, target, year, least)
            for way, (signal, warned) in enumerate(((1.0 - chance, chance < cut), (behind, behind > 0.0))):
                if 0 < met.sum() < met.size and not np.isnan(signal).any():
                    for name, value in _score(signal, warned, met).items():
                        scores[name][way, row, column] = value
    return {name: (("way", "indicator", "warning_year"), values) for name, values in scores.items()} | {
        "missed": ("indicator", missed)
    }


_SCORES: Final = ("hit_rate", "hit_rate_error", "false_alarm_rate", "false_alarm_rate_error", "area", "area_error")


def _score(signal: Floats, warned: Flags, met: Flags) -> dict[str, float]:
    """Hits, false alarms and area of one rule; arrays (draw,)."""
    missed, everything = ~met[:, None], np.ones((len(met), 1), dtype=bool)
    pairs = (
        rate_of(warned[:, None], missed),
        rate_of(warned[:, None], ~missed),
        roc_area_with_error(signal[:, None], missed, everything),
    )
    return dict(zip(_SCORES, (number for pair in pairs for number in pair), strict=True))


def _chance(series: xr.DataArray, target: TargetSpec, year: int, met: Flags) -> Floats:
    """Chance of attainment (draw,) from the outcome through the year and its change in that year."""
    reached = on_basis(series, target, year).values
    moved = (series.sel(year=year, drop=True) - series.sel(year=year - 1, drop=True)).values
    # The plan prints no base for some indicators: then the first year has a level and no change.
    known = np.stack([reached, np.nan_to_num(moved)], axis=-1)
    return fit_chances(known, met, np.ones(met.shape, dtype=bool)).of(known)


def _behind(series: xr.DataArray, target: TargetSpec, year: int, least: float) -> Floats:
    """Elapsed time less progress (draw,), NaN where a line means nothing: changes below ``least`` are noise."""
    base = series.sel(year=BASE_YEAR, drop=True).values
    elapsed = (year - BASE_YEAR) / (HORIZON - BASE_YEAR)
    if target.basis == "annual_mean" or target.relation == "about":
        return np.full(base.shape, np.nan)
    reached = on_basis(series, target, year).values
    if target.basis == "cumulative":
        return np.asarray(elapsed - reached / target.value)
    planned = target.value - base
    planned = np.where(np.abs(planned) >= least, planned, np.nan)
    return np.asarray(elapsed - (reached - base) / planned)
