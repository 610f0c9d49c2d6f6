"""What the lamps are worth: hits, false alarms and lead time over the ensemble of one scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.alarm_scores import lead_times, rate_of, roc_area_with_error
from ykforecast.assess.intervals import QUANTILES
from ykforecast.assess.lamps import CHANGE_MONTHS, Flags, Floats, change, first_breach, in_breach, lamps
from ykforecast.assess.named import named
from ykforecast.assess.unemployment_paths import (
    FIRST,
    FIRST_SCORED,
    HORIZONS,
    Reader,
    UnemploymentPaths,
    at_risk,
    known_from_survey,
    known_now,
)
from ykforecast.spec.warning import LAMPS
from ykforecast.vocabulary.dims import MONTHS_A_YEAR, YEARS

if TYPE_CHECKING:
    import xarray as xr

#: Lamps that count as an alarm when they, or a graver one, are lit.
ALARMS: Final = ("yellow", "red")
ALARMS_ZH: Final = ("黄灯及以上", "红灯")
#: What a breach may be told by, in the order of the table.
PREDICTORS: Final = {
    "chance": ("突破概率（准确知道失业率）", "chance of a breach, rate known exactly"),
    "score": ("灯号值", "value of the lamp"),
    "level": ("失业率水平", "level of the rate"),
    "change": ("失业率三个月变动", "change over three months"),
    "employed": ("城镇就业三个月减幅", "fall of urban employment over three months"),
    "insured": ("企业养老参保三个月减幅", "fall of enterprise insured over three months"),
    "diffusion": ("失业扩散指数", "diffusion index"),
    "survey": ("突破概率（只看本市抽样调查）", "chance of a breach, the city's survey alone"),
}
#: Yearly counts whose fall (rise of the separations) may announce a breach in the year after.
YEARLY: Final = {
    "hires_urban": ("城镇招用人次减幅", "fall of urban hires"),
    "separations": ("城镇失去岗位人次增幅", "rise of posts lost"),
    "new_urban_jobs": ("城镇新增就业减幅", "fall of new urban jobs"),
    "contributors": ("企业养老缴费人员减幅", "fall of contributors"),
    "unemployment_insured": ("失业保险参保人数减幅", "fall of the insured against unemployment"),
}
_RISING: Final = ("separations",)
SCORES: Final = tuple(range(3, 16))
_LEAST_LEADS: Final = (1, 3, 6)
_BINS: Final = (0.0, 0.01, 0.05, 0.1, 0.2, 0.33, 0.5, 0.66, 0.8, 1.0)
_WORDS: Final = {
    "area": ("area under the ROC curve", "ROC曲线下面积", "1"),
    "area_error": ("standard error of the area over draws", "ROC面积的标准误", "1"),
    "yearly_area": ("area under the ROC curve for a breach in the next year", "次年突破的ROC曲线下面积", "1"),
    "yearly_area_error": ("standard error of that area over draws", "次年ROC面积的标准误", "1"),
    "yearly": ("yearly count", "年度先行指标", None),
    "yearly_zh": ("Chinese name of the yearly count", "年度先行指标名称", None),
    "yearly_en": ("English name of the yearly count", "年度先行指标英文名称", None),
    "hit_rate": ("share of breaches ahead that the alarm stood before", "命中率", "1"),
    "hit_rate_error": ("standard error over draws", "命中率的标准误", "1"),
    "false_alarm_rate": ("share of calm months with the alarm", "误报率（平静月份中亮灯的比例）", "1"),
    "false_alarm_rate_error": ("standard error over draws", "误报率的标准误", "1"),
    "false_share": ("share of alarms without a breach ahead", "虚警比（亮灯后未突破的比例）", "1"),
    "false_share_error": ("standard error over draws", "虚警比的标准误", "1"),
    "alarm_share": ("share of months with the alarm", "亮灯月份比例", "1"),
    "event_share": ("share of months with a breach ahead", "此后突破的月份比例", "1"),
    "lead": ("months that the alarm stood before the first breach", "首次突破前已亮灯的月数", "months"),
    "lead_share": ("share of first breaches with at least such a lead", "提前量不少于该月数的比例", "1"),
    "first_breaches": ("draws with a first breach that could be warned of", "可预警的首次突破（抽样数）", "draws"),
    "roc_hit": ("hit rate of an alarm from such a value on", "灯号值不低于此数即报警的命中率", "1"),
    "roc_false": ("false alarm rate of it", "相应的误报率", "1"),
    "estimated": ("mean estimated chance", "平均估计概率", "1"),
    "occurred": ("share in which the breach came", "实际突破的比例", "1"),
    "bin_share": ("share of months in the class", "落入该组的月份比例", "1"),
    "brier_skill": ("Brier skill against the overall frequency", "布莱尔技巧分（对总频率）", "1"),
    "predictor": ("what a breach is told by", "预警依据", None),
    "label_zh": ("Chinese name of the predictor", "预警依据名称", None),
    "label_en": ("English name of the predictor", "预警依据英文名称", None),
    "alarm": ("alarm", "报警灯号", None),
    "alarm_zh": ("Chinese name of the alarm", "报警灯号名称", None),
    "horizon": ("months ahead", "此后月数", "months"),
    "quantile": ("quantile over the draws", "分位", "1"),
    "least": ("months of lead at least", "至少提前月数", "months"),
    "threshold": ("value of the lamp", "灯号值", None),
    "chance_class": ("class of estimated chance, lower end", "估计概率分组下限", "1"),
}


def warning_skill(
    runs: xr.DataTree, paths: UnemploymentPaths, reader: Reader, base: str, survey_error: float
) -> xr.Dataset:
    """Hits, false alarms, lead time and ROC areas over the draws of the base scenario.

    Parameters
    ----------
    runs : DataTree
        Its yearly flows are scored as leading indicators.
    paths : UnemploymentPaths
        Of the same runs.
    reader : Reader
        Chances are cross-fitted: no draw is judged by coefficients that saw its outcome.
    base : str
    survey_error : float
        Of an annual mean of the city's survey, fraction.

    Returns
    -------
    Dataset
        Dims (predictor, alarm, horizon, quantile, least, threshold, chance_class). A case is a month of a draw that
        is not in breach; the event is a breach within the horizon.
    """
    import xarray as xr

    rules, place = reader.rules, paths.place(base)
    rate, horizon = paths.rate[place], reader.rules.horizon.value
    first_draw = int(runs["series"].to_dataset()["draw"].values[0])
    surveyed = known_from_survey(rate, survey_error, rules.overlap.value, int(runs.attrs["seed"]), first_draw)
    survey_reader = Reader.of(rate, surveyed, rules, HORIZONS)
    score = np.full(rate.shape, np.nan)
    chance = {ahead: reader.chance(rate, known_now(rate), ahead) for ahead in HORIZONS}
    score[:, FIRST:] = reader.score(rate, chance[horizon])
    lamp = np.zeros(rate.shape, dtype=np.int64)
    lamp[:, FIRST:] = lamps(score[:, FIRST:].astype(np.int64), rules)
    signals = {
        "score": score,
        "level": rate,
        "change": change(rate),
        "employed": -_unusual(change(np.log(paths.employed[place]))),
        "insured": -_unusual(change(np.log(paths.insured[place]))),
        "diffusion": paths.diffusion()[place],
    }
    table: dict[str, list[list[float]]] = {name: [] for name in _RATES}
    areas = []
    for ahead in HORIZONS:
        risk, event = at_risk(rate, rules, ahead)
        told = signals | {"chance": chance[ahead], "survey": survey_reader.chance(rate, surveyed, ahead)}
        judged = slice(FIRST_SCORED, -ahead)
        areas.append([roc_area_with_error(told[name][:, judged], event, risk) for name in PREDICTORS])
        alarms = [lamp[:, judged] >= LAMPS.index(name) for name in ALARMS]
        for name, values in _rates(alarms, event, risk).items():
            table[name].append(values)
    risk, event = at_risk(rate, rules, horizon)
    judged = slice(FIRST_SCORED, -horizon)
    lead = _leads(rate, lamp, reader)
    area = np.array(areas)
    found = xr.Dataset(
        {
            "area": (("horizon", "predictor"), area[..., 0]),
            "area_error": (("horizon", "predictor"), area[..., 1]),
            **{name: (("horizon", "alarm"), np.array(values)) for name, values in table.items()},
            "event_share": ("horizon", [_share(*at_risk(rate, rules, ahead)[::-1]) for ahead in HORIZONS]),
            "lead": (
                ("alarm", "quantile"),
                [np.quantile(one, QUANTILES) if len(one) else [np.nan] * 3 for one in lead],
            ),
            "lead_share": (("alarm", "least"), [[_mean(one >= least) for least in _LEAST_LEADS] for one in lead]),
            "first_breaches": ((), len(lead[0])),
            **_yearly(runs, rate, reader, base),
            **_roc(score[:, judged], event, risk),
            **_reliability(chance[horizon][:, judged], event, risk),
        },
        coords={
            "predictor": list(PREDICTORS),
            "label_zh": ("predictor", [zh for zh, _ in PREDICTORS.values()]),
            "label_en": ("predictor", [en for _, en in PREDICTORS.values()]),
            "yearly": list(YEARLY),
            "yearly_zh": ("yearly", [zh for zh, _ in YEARLY.values()]),
            "yearly_en": ("yearly", [en for _, en in YEARLY.values()]),
            "alarm": list(ALARMS),
            "alarm_zh": ("alarm", list(ALARMS_ZH)),
            "horizon": list(HORIZONS),
            "quantile": list(QUANTILES),
            "least": list(_LEAST_LEADS),
            "threshold": list(SCORES),
            "chance_class": list(_BINS[:-1]),
        },
        attrs={
            "title": "Hits and false alarms of the lamps",
            "title_zh": "预警灯号的命中与误报",
            "base": base,
            "lamp_horizon": horizon,
            "survey_months": CHANGE_MONTHS,
        },
    )
    return named(found, _WORDS)


_RATES: Final = tuple(
    f"{name}{end}" for name in ("hit_rate", "false_alarm_rate", "false_share") for end in ("", "_error")
) + ("alarm_share",)


def _rates(alarms: list[Flags], event: Flags, risk: Flags) -> dict[str, list[float]]:
    """Rates and their errors of one horizon, one number an alarm."""
    found: dict[str, list[float]] = {name: [] for name in _RATES}
    for alarm in alarms:
        for name, (part, whole) in {
            "hit_rate": (alarm, risk & event),
            "false_alarm_rate": (alarm, risk & ~event),
            "false_share": (~event, risk & alarm),
        }.items():
            share, error = rate_of(part, whole)
            found[name].append(share)
            found[f"{name}_error"].append(error)
        found["alarm_share"].append(_share(alarm, risk))
    return found


def _yearly(runs: xr.DataTree, rate: Floats, reader: Reader, base: str) -> dict[str, tuple[str, list[float]]]:
    """Areas of yearly counts: the change of a year against a breach in the next, among draws not in breach between."""
    line = reader.rules.breach
    breach = in_breach(rate, line.line, line.periods)
    years = breach.reshape(len(breach), len(YEARS), MONTHS_A_YEAR)
    # A change needs two years of flows, an event one more.
    risk, event = ~years[:, 1:-1, -1], np.asarray(years[:, 2:].any(axis=2))
    series = runs["series"].to_dataset().sel(scenario=base)
    flows = runs["flows"].to_dataset()["flows"].sel(scenario=base, residence="urban").sum("sex")
    areas = []
    for name in YEARLY:
        if name in series:
            values = series[name].transpose("draw", ...).values[:, -len(YEARS) :]
        else:
            values = flows.sel(flow=name).transpose("draw", "year").values
        worse = np.diff(np.log(values), axis=1)[:, :-1] * (1.0 if name in _RISING else -1.0)
        areas.append(roc_area_with_error(worse, event, risk))
    return {
        "yearly_area": ("yearly", [area for area, _ in areas]),
        "yearly_area_error": ("yearly", [error for _, error in areas]),
    }


def _share(part: Flags, whole: Flags) -> float:
    return rate_of(part, whole)[0]


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if flags.size else np.nan


def _unusual(change: Floats) -> Floats:
    """Changes (draw, month) against the mean of the draws: each year's deaths and moves fall into its December."""
    unusual: Floats = change - change.mean(axis=0)
    return unusual


def _leads(rate: Floats, lamp: np.ndarray, reader: Reader) -> list[np.ndarray]:
    """Lead of each alarm before the first breaches that come after the first lamp."""
    line = reader.rules.breach
    first = first_breach(in_breach(rate, line.line, line.periods))
    come = (first > FIRST) & (first < rate.shape[1])
    return [lead_times(lamp[come] >= LAMPS.index(name), first[come]) for name in ALARMS]


def _roc(score: Floats, event: Flags, risk: Flags) -> dict[str, tuple[str, list[float]]]:
    alarms = [score >= least for least in SCORES]
    return {
        "roc_hit": ("threshold", [_share(alarm, risk & event) for alarm in alarms]),
        "roc_false": ("threshold", [_share(alarm, risk & ~event) for alarm in alarms]),
    }


def _reliability(chance: Floats, event: Flags, risk: Flags) -> dict[str, tuple[tuple[str, ...], object]]:
    """Estimated chance beside what came, by class of chance, and the Brier skill."""
    estimated, came = chance[risk], event[risk].astype(float)
    group = np.searchsorted(_BINS[1:-1], estimated, side="right")
    count = np.bincount(group, minlength=len(_BINS) - 1)
    held = np.where(count, count, np.nan)
    overall = np.mean((came - came.mean()) ** 2)
    return {
        "estimated": (("chance_class",), np.bincount(group, estimated, len(_BINS) - 1) / held),
        "occurred": (("chance_class",), np.bincount(group, came, len(_BINS) - 1) / held),
        "bin_share": (("chance_class",), count / count.sum()),
        "brier_skill": ((), 1.0 - np.mean((came - estimated) ** 2) / overall if overall else np.nan),
    }
