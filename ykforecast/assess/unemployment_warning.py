"""Early warning of mass unemployment (失业预警): lamps by month, chances of a breach, and other places' rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.attainment import share_error
from ykforecast.assess.evaluation import scenario_labels
from ykforecast.assess.indicator_labels import SCENARIO_WORDS
from ykforecast.assess.intervals import QUANTILES, quantiles
from ykforecast.assess.lamps import breach_ahead, first_breach, in_breach, lamp_shares, lamps
from ykforecast.assess.lamps import change as change_of
from ykforecast.assess.named import named
from ykforecast.assess.unemployment_paths import FIRST, HORIZONS, Reader, UnemploymentPaths, known_now
from ykforecast.spec.warning import LAMPS, LAMPS_ZH, SIGNALS, Preset, WarningTable

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.assess.lamps import Floats
    from ykforecast.spec.model import ModelSpec

SIGNALS_ZH: Final = ("失业率水平", "三个月变动", "突破概率")
_WORDS: Final = {
    "rate": ("urban unemployment rate", "城镇失业率（真值）", "1"),
    "lamp_probability": ("probability of the lamp", "各灯号概率", "1"),
    "lamp_probability_error": ("Monte Carlo standard error of the probability", "灯号概率的抽样误差", "1"),
    "likely_lamp": ("lamp of the most draws", "可能性最大的灯号", None),
    "score": ("value of the lamp, mean of the draws", "灯号值（各抽样平均）", "1"),
    "reader_chance": ("chance of a breach as known in the month", "当月所知的突破概率", "1"),
    "diffusion": ("diffusion index of worsening", "失业扩散指数", "1"),
    "breach_probability": ("probability that the line is broken in the month", "当月处于突破状态的概率", "1"),
    "breach_within": ("probability of a breach within the horizon", "此后若干月内突破的概率", "1"),
    "breach_within_error": ("Monte Carlo standard error of it", "该概率的抽样误差", "1"),
    "first_breach": ("probability that the first breach comes in the month", "首次突破落在该月的概率", "1"),
    "ever": ("probability of a breach by the end", "期内突破的概率", "1"),
    "ever_error": ("Monte Carlo standard error of it", "期内突破概率的抽样误差", "1"),
    "first_month": (
        "median month of the first breach, among draws with one",
        "首次突破月份的中位数（仅计突破者）",
        None,
    ),
    "breach_months": ("months in breach, mean of the draws", "突破月数（各抽样平均）", "months"),
    "triggered": ("probability that the rule is met by the end", "期内达到该规则的概率", "1"),
    "triggered_error": ("Monte Carlo standard error of it", "该概率的抽样误差", "1"),
    "cut": ("cut between grades of the signal", "信号分级界限", "1"),
    "cut_share": ("share of the base scenario's months below the cut", "基准情景中低于该界限的月份比例", "1"),
    **SCENARIO_WORDS,
    "month": ("month", "月份", None),
    "lamp": ("lamp", "灯号", None),
    "lamp_zh": ("Chinese name of the lamp", "灯号名称", None),
    "horizon": ("months ahead", "此后月数", "months"),
    "quantile": ("quantile over the draws", "分位", "1"),
    "signal": ("signal", "信号", None),
    "signal_zh": ("Chinese name of the signal", "信号名称", None),
    "step": ("cut, from the lowest", "界限序号", None),
    "preset": ("rule", "预警规则", None),
    "label_zh": ("Chinese name of the rule", "规则名称", None),
    "label_en": ("English name of the rule", "规则英文名称", None),
    "line": ("line of the rule", "警戒线", "1"),
    "measure": ("what the rule watches", "所看指标", None),
    "source": ("source of the rule", "规则来源", None),
    "grade": ("grade of the rule", "规则依据等级", None),
}


def unemployment_warning(
    runs: xr.DataTree, paths: UnemploymentPaths, reader: Reader, base: str, model: ModelSpec
) -> xr.Dataset:
    """Lamps and chances of a breach, by scenario and month.

    Parameters
    ----------
    runs : DataTree
        Its yearly series serve the rules on registered unemployed and on employment.
    paths : UnemploymentPaths
        Of the same runs.
    reader : Reader
        Estimated on the base scenario.
    base : str
        Name of that scenario.
    model : ModelSpec
        Labels.

    Returns
    -------
    Dataset
        Dims (scenario, month, lamp, horizon, quantile, signal, step, preset); fractions. ``breach_within`` is of the
        ensemble at the base date; ``reader_chance`` is what a reader of the month would say, by draw.
    """
    import xarray as xr

    rules, draws = reader.rules, paths.rate.shape[1]
    breach = in_breach(paths.rate, rules.breach.line, rules.breach.periods)
    horizon = rules.horizon.value
    chance = np.stack([reader.chance(rate, known_now(rate), horizon) for rate in paths.rate])
    score = reader.score(paths.rate, chance)
    lit = _from_first(np.stack([lamp_shares(lamps(one, rules)) for one in score]), len(paths.months))
    within = np.full((*breach.shape[::2], len(HORIZONS)), np.nan)
    for place, ahead in enumerate(HORIZONS):
        within[:, :-ahead, place] = breach_ahead(breach, ahead).mean(axis=1)
    first = first_breach(breach)
    by_month = np.stack([np.bincount(one, minlength=len(paths.months) + 1)[:-1] for one in first]) / draws
    ever = breach.any(axis=2).mean(axis=1)
    triggered = triggers(runs, paths, rules)
    names = list(triggered)
    presets = [rules.presets[name] for name in names]
    hit = np.array([triggered[name].mean(axis=1) for name in names]).T.reshape(len(paths.scenarios), len(names))
    found = xr.Dataset(
        {
            "rate": (("scenario", "month", "quantile"), quantiles(paths.rate, 1)),
            "lamp_probability": (("scenario", "month", "lamp"), lit),
            "lamp_probability_error": (("scenario", "month", "lamp"), share_error(lit, draws)),
            "likely_lamp": (("scenario", "month"), _likely(lit)),
            "score": (("scenario", "month"), _from_first(score.mean(axis=1), len(paths.months))),
            "reader_chance": (("scenario", "month", "quantile"), quantiles(chance, 1)),
            "diffusion": (("scenario", "month", "quantile"), quantiles(paths.diffusion(), 1)),
            "breach_probability": (("scenario", "month"), breach.mean(axis=1)),
            "breach_within": (("scenario", "month", "horizon"), within),
            "breach_within_error": (("scenario", "month", "horizon"), share_error(within, draws)),
            "first_breach": (("scenario", "month"), by_month),
            "ever": ("scenario", ever),
            "ever_error": ("scenario", share_error(ever, draws)),
            "first_month": ("scenario", [_median_month(one, paths.months) for one in first]),
            "breach_months": ("scenario", breach.sum(axis=2).mean(axis=1)),
            "triggered": (("scenario", "preset"), hit),
            "triggered_error": (("scenario", "preset"), share_error(hit, draws)),
            "cut": (("signal", "step"), [getattr(rules, name).cuts for name in SIGNALS]),
            "cut_share": (
                ("signal", "step"),
                _cut_shares(paths.rate[paths.place(base)], chance[paths.place(base)], rules),
            ),
        },
        coords={
            "scenario": paths.scenarios,
            **{
                f"scenario_{lang}": (
                    "scenario",
                    scenario_labels(runs["series"].to_dataset().assign_attrs(runs.attrs), model, lang),
                )
                for lang in ("zh", "en")
            },
            "month": paths.months,
            "lamp": list(LAMPS),
            "lamp_zh": ("lamp", list(LAMPS_ZH)),
            "horizon": list(HORIZONS),
            "quantile": list(QUANTILES),
            "signal": list(SIGNALS),
            "signal_zh": ("signal", list(SIGNALS_ZH)),
            "step": [1, 2, 3, 4],
            "preset": names,
            **{key: ("preset", [getattr(one, key) for one in presets]) for key in _OF_PRESET},
            "source": ("preset", [one.source or "" for one in presets]),
        },
        attrs={
            "title": "Early warning of unemployment",
            "title_zh": "失业预警",
            "base": base,
            "draws": draws,
            "use": rules.use,
            "breach_line": rules.breach.line,
            "breach_periods": rules.breach.periods,
            "lamp_horizon": horizon,
            "hold": rules.hold.value,
        },
    )
    return named(found, _WORDS)


_OF_PRESET: Final = ("label_zh", "label_en", "line", "measure", "grade")


def _from_first(values: Floats, months: int) -> Floats:
    """Values (scenario, month - FIRST, ...) with NaN in the months before there is a lamp."""
    whole = np.full((len(values), months, *values.shape[2:]), np.nan)
    whole[:, FIRST:] = values
    return whole


def _likely(lit: Floats) -> np.ndarray:
    """Name of the lamp of the most draws (scenario, month), empty where there is none yet."""
    names = np.array([*LAMPS, ""])
    best = np.where(np.isnan(lit).any(axis=-1), len(LAMPS), np.nan_to_num(lit).argmax(axis=-1))
    return names[best]


def _median_month(first: np.ndarray, months: list[str]) -> str:
    """Month by which half of the first breaches have come, empty without any."""
    come = np.sort(first[first < len(months)])
    return months[come[(len(come) - 1) // 2]] if len(come) else ""


def _cut_shares(rate: Floats, chance: Floats, rules: WarningTable) -> Floats:
    signals = {"level": rate, "change": change_of(rate), "chance": chance}
    return np.array(
        [[(signals[name][:, FIRST:] < cut).mean() for cut in getattr(rules, name).cuts] for name in SIGNALS]
    )


def triggers(runs: xr.DataTree, paths: UnemploymentPaths, rules: WarningTable) -> dict[str, np.ndarray]:
    """Whether each rule is met at some time of the run, by rule (scenario, draw).

    The registered rate is the true rate times the part of the urban unemployed of the base date who were registered.
    """
    series = runs["series"].to_dataset().transpose("scenario", "draw", ...)
    measured = {
        "surveyed_rate": paths.rate,
        "urban_employment_growth": np.diff(np.log(series["employed_urban"].values), axis=2),
    }
    if rules.registered is not None:
        unemployed = series["unemployed_urban"].isel(year_end=0).values[..., None]
        measured["registered_rate"] = paths.rate * np.minimum(rules.registered.value / unemployed, 1.0)

    def met(rule: Preset) -> np.ndarray:
        return np.asarray(in_breach(measured[rule.measure], rule.line, rule.periods, below=rule.below).any(axis=2))

    return {name: met(rule) for name, rule in rules.presets.items() if rule.measure in measured}
