"""Warnings in tables: lamps, rules of other places, hits and false alarms, the warning list, stress (预警表)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import numpy as np
import xarray as xr

from ykforecast.assess.plan_warning import CLEAR
from ykforecast.assess.warning import warn as _warn
from ykforecast.present.one_scenario import one_scenario
from ykforecast.present.text import check_language, even_lines, figure, percent, printed_target, unit_label
from ykforecast.vocabulary.units import forecast_decimals

Table = tuple[tuple[str, ...], list[list[str]]]
LAMPS_EN: Final = {"blue": "blue", "light_blue": "light blue", "green": "green", "yellow": "yellow", "red": "red"}
_ALARMS_EN: Final = {"yellow": "yellow or red", "red": "red"}
STATUS_EN: Final = {"listed": "on the warning list", "watched": "to be watched", "clear": "clear"}
#: Hits of the rule of the plan are shown for warnings at the end of this year, the eve of the mid-term evaluation.
_MIDTERM: Final = 2022
_YEAR_END: Final = "-12"
_HORIZON: Final = 12


def lamp_table(found: xr.DataTree, lang: str = "zh") -> Table:
    """One row a scenario: likely lamp in each December, chances of a breach, its month and length."""
    data = found["unemployment"].to_dataset()
    ends = [month for month in data["month"].values.tolist() if month.endswith(_YEAR_END)]
    names = dict(zip(data["lamp"].values.tolist(), data["lamp_zh"].values.tolist(), strict=True))
    words = names if lang == "zh" else LAMPS_EN
    rows = []
    for scenario in data["scenario"].values.tolist():
        one = data.sel(scenario=scenario)
        lit = [str(one["likely_lamp"].sel(month=month).item()) for month in ends]
        sure = [float(one["lamp_probability"].sel(month=m, lamp=name)) for m, name in zip(ends, lit, strict=True)]
        rows.append(
            [
                str(one[f"scenario_{lang}"].item()),
                *(f"{words[name]}{percent(chance)}%" for name, chance in zip(lit, sure, strict=True)),
                percent(float(one["breach_within"].sel(horizon=_HORIZON).isel(month=0))),
                percent(float(one["ever"])),
                str(one["first_month"].item()),
                f"{float(one['breach_months']):.1f}",
            ]
        )
    years = tuple(month[: -len(_YEAR_END)] for month in ends)
    zh = ("情景", *(f"{year}年末" for year in years), "一年内突破%", "期内突破%", "首次突破", "突破月数")
    en = ("scenario", *(f"end of {year}" for year in years), "within a year %", "ever %", "first month", "months")
    return (zh if lang == "zh" else en), rows


def rule_table(found: xr.DataTree, lang: str = "zh") -> Table:
    """One row a rule of some place: the chance that it is met by the end, by scenario, per cent."""
    data = found["unemployment"].to_dataset()
    rows = []
    for preset in data["preset"].values.tolist():
        one = data.sel(preset=preset)
        used = ("（启用）" if lang == "zh" else " (used)") if preset == data.attrs["use"] else ""
        rows.append([str(one[f"label_{lang}"].item()) + used, *(percent(p) for p in one["triggered"].values.tolist())])
    names = data[f"scenario_{lang}"].values.tolist()
    return (("预警规则：期内达到的概率%" if lang == "zh" else "rule: probability of being met, %"), *names), rows


def alarm_table(found: xr.DataTree, lang: str = "zh") -> Table:
    """Hits and false alarms of the yellow and the red lamp by horizon, per cent with standard errors, and the lead."""
    data = found["skill"].to_dataset()
    rows = []
    for alarm in data["alarm"].values.tolist():
        for horizon in data["horizon"].values.tolist():
            one = data.sel(alarm=alarm, horizon=horizon)
            rates = [
                f"{percent(float(one[name]), 1)}±{100 * float(one[f'{name}_error']):.1f}"
                for name in ("hit_rate", "false_alarm_rate", "false_share")
            ]
            leads = [percent(float(one["lead_share"].sel(least=least))) for least in (1, 3)]
            label = str(one["alarm_zh"].item()) if lang == "zh" else _ALARMS_EN[alarm]
            rows.append([label, str(horizon), *rates, *leads])
    zh = ("报警", "月内突破", "命中率%", "误报率%", "虚警比%", "提前1月以上%", "提前3月以上%")
    en = ("alarm", "within months", "hits %", "false alarms %", "false of alarms %", "lead 1+ %", "lead 3+ %")
    return (zh if lang == "zh" else en), rows


def predictor_table(found: xr.DataTree, lang: str = "zh") -> Table:
    """Areas under the ROC curve of what may announce a breach, with standard errors."""
    data = found["skill"].to_dataset()
    rows = []
    for key in data["predictor"].values.tolist():
        one = data.sel(predictor=key)
        cells = zip(one["area"].values, one["area_error"].values, strict=True)
        rows.append([str(one[f"label_{lang}"].item()), *(f"{area:.2f}±{error:.2f}" for area, error in cells), ""])
    for key in data["yearly"].values.tolist():
        one = data.sel(yearly=key)
        area = f"{float(one['yearly_area']):.2f}±{float(one['yearly_area_error']):.2f}"
        rows.append([str(one[f"yearly_{lang}"].item()), *[""] * data.sizes["horizon"], area])
    horizons = data["horizon"].values.tolist()
    zh = ("先行指标（ROC面积）", *(f"{h}个月内" for h in horizons), "次年内")
    en = ("indicator (ROC area)", *(f"{h} months" for h in horizons), "next year")
    return (zh if lang == "zh" else en), rows


def plan_table(found: xr.DataTree, scenario: str | None = None, lang: str = "zh") -> Table:
    """The warning list of one scenario, the first of the base by default: every indicator that is not clear."""
    data = found["plan"].to_dataset()
    data = one_scenario(data, scenario or data.attrs["base"])
    rows = []
    for key in data["indicator"].values.tolist():
        one = data.sel(indicator=key)
        status = str(one["status"].item())
        if status == CLEAR:
            continue
        unit = str(one["printed_unit"].item())
        decimals = forecast_decimals(unit, int(one["decimals"]))
        score = one.sel(way="model", warning_year=_MIDTERM)
        rows.append(
            [
                str(one["number"].item()),
                str(one[f"label_{lang}"].item()),
                str(one["status_zh"].item()) if lang == "zh" else STATUS_EN[status],
                percent(float(one["probability"])),
                percent(float(one["cut"])),
                printed_target(str(one["target_printed"].item()), lang),
                figure(float(one["outcome_median"]), unit, decimals),
                figure(float(one["required_pace"]), unit, decimals + 1),
                unit_label(unit, lang),
                percent(float(score["hit_rate"])) or "—",
                percent(float(score["false_alarm_rate"])) or "—",
                str(one["department"].item()) or "—",
            ]
        )
    zh = ("序号", "指标", "状态", "概率%", "界限%", "目标", "预测", "年均需增", "单位", "命中%", "误报%", "责任部门")
    en = (
        "no.",
        "indicator",
        "status",
        "P %",
        "cut %",
        "target",
        "median",
        "a year",
        "unit",
        "hits %",
        "false %",
        "department",
    )
    return (zh if lang == "zh" else en), rows


#: Variable of the stress tests, heading in both languages, unit it is shown in, decimals.
_STRESS: Final = (
    ("peak_rate", "最高失业率%", "highest rate %", "%", 1),
    ("peak_effect", "最大升幅", "largest effect", "%", 2),
    ("extra_unemployed", "失业最多增加（人）", "unemployed, most", "persons", 0),
    ("breach_months", "突破月数增加", "months in breach", None, 0),
    ("unemployment_insured", "失业保险（万人）", "unemployment insured, 10,000", "10k persons", 2),
    ("pension_insured", "企业养老（万人）", "enterprise insured, 10,000", "10k persons", 2),
    ("fund_balance", "养老结余（亿元）", "pension balance, 100 million yuan", "100m yuan", 2),
)


def stress_table(found: xr.DataTree, lang: str = "zh") -> Table:
    """Stress tests, one row a shock: medians with the 80 % interval of the draws, against the base."""
    data = found["stress"].to_dataset()
    rows = []
    for scenario in data["scenario"].values.tolist():
        one = data.sel(scenario=scenario)
        cells = [_spread(one[name].values, unit, decimals) for name, _, _, unit, decimals in _STRESS]
        recovery = float(one["recovery"])
        never = "期内未恢复" if lang == "zh" else "not by 2025"
        rows.append(
            [
                str(one[f"label_{lang}"].item()),
                *cells,
                str(one["peak_month"].item()),
                never if np.isinf(recovery) else "" if np.isnan(recovery) else f"{recovery:.0f}",
                percent(float(one["breached"])),
            ]
        )
    heads = [zh if lang == "zh" else en for _, zh, en, _, _ in _STRESS]
    tail = ("影响最大月份", "恢复（月）", "突破%") if lang == "zh" else ("peak month", "recovery, months", "breach %")
    return (("压力情景" if lang == "zh" else "stress"), *heads, *tail), rows


def _spread(values: np.ndarray, unit: str | None, decimals: int) -> str:
    low, middle, high = (f"{v:.{decimals}f}" if unit is None else figure(float(v), unit, decimals) for v in values)
    return f"{middle}（{low}~{high}）"


def plain_warning(found: xr.DataTree, lang: str = "zh") -> str:
    """All tables as text of even columns.

    Parameters
    ----------
    found : DataTree
        From :func:`ykforecast.warn`.
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    parts = [_headline(found, lang), *_block(lamp_table(found, lang), {0})]
    for title, table, left in _SECTIONS[lang]:
        parts += ["", title, *_block(table(found, lang), left)]
    parts += ["", *_past(found, lang)]
    parts += ["", _list_line(found, lang), *_block(plan_table(found, None, lang), {1, 2, 11})]
    if "stress" in found.children:
        parts += ["", _STRESS_TITLE[lang], *_block(stress_table(found, lang), {0})]
    return "\n".join(parts)


def _block(table: Table, left: set[int]) -> list[str]:
    return even_lines(table[0], table[1], left=left)


_SECTIONS: Final[dict[str, tuple[tuple[str, Callable[..., Table], set[int]], ...]]] = {
    "zh": (
        ("外地预警规则（备选）", rule_table, {0}),
        ("灯号的命中与误报（按基准情景各抽样；±为标准误）", alarm_table, {0}),
        ("先行性（0.5为无信息）", predictor_table, {0}),
    ),
    "en": (
        ("Rules of other places", rule_table, {0}),
        ("Hits and false alarms of the lamps (draws of the base scenario; ± standard error)", alarm_table, {0}),
        ("What announces a breach (0.5: nothing)", predictor_table, {0}),
    ),
}
_STRESS_TITLE: Final = {
    "zh": "压力情景（与基准情景逐一抽样比较；中位数与80%区间；参保为2025年末，结余为五年合计）",
    "en": "Stress tests (paired with the base; medians, 80 % intervals; insured in 2025, balance of five years)",
}


def _headline(found: xr.DataTree, lang: str) -> str:
    data = found["unemployment"].to_dataset()
    line, draws = figure(data.attrs["breach_line"], "%", 1), data.attrs["draws"]
    used = str(data[f"label_{lang}"].sel(preset=data.attrs["use"]).item())
    if lang == "zh":
        return f"失业预警：警戒线{line}%，依据：{used}；灯号后为该灯号的概率；{draws}次抽样"
    return f"Early warning of unemployment: line {line} %, {used}; each lamp with its probability; {draws} draws"


def _past(found: xr.DataTree, lang: str) -> list[str]:
    """What the rules would have said of the published past, with the small number of cases."""
    data = found["history"].to_dataset()
    broken = data["month"].values[data["national_breach"].values].tolist()
    lead = float(data["national_lead"])
    lines = []
    if broken and lang == "zh":
        lines.append(
            f"历史检验：全国2018—2020年月度失业率突破的月份为{'、'.join(broken)}，事前黄灯已亮{lead:.0f}个月。"
        )
    elif broken:
        lines.append(
            f"History: the national rate broke the line in {', '.join(broken)}; yellow had stood {lead:.0f} months."
        )
    if "hits" in data:
        hits, events, false, calm = (int(data[name]) for name in ("hits", "events", "false_alarms", "calm"))
        spread = [
            "—".join(f"{100 * end:.0f}%" for end in data[name].values.tolist())
            for name in ("hit_interval", "false_alarm_interval")
        ]
        lines.append(
            f"本市年末登记失业人数：大幅增加{events}次，前一年已升{hits}次（命中率90%区间{spread[0]}）；"
            f"平静{calm}年中误报{false}次（{spread[1]}）。案例过少，不足以评判。"
            if lang == "zh"
            else f"Registered unemployed of the city: {hits} of {events} marked rises had a rise before (90 % interval "
            f"{spread[0]}), {false} of {calm} calm years had one too ({spread[1]}): too few cases to judge."
        )
    return lines


def _list_line(found: xr.DataTree, lang: str) -> str:
    data = found["plan"].to_dataset()
    counts = {
        name: [int((row == name).sum()) for row in data["status"].transpose("scenario", "indicator").values]
        for name in ("listed", "watched")
    }
    names = data[f"scenario_{lang}"].values.tolist()
    base = names[data["scenario"].values.tolist().index(data.attrs["base"])]
    if lang == "zh":
        parts = [f"{name}{a}项（另{b}项重点关注）" for name, a, b in zip(names, *counts.values(), strict=True)]
        rates = f"命中、误报为{_MIDTERM}年末预警对2025年结果"
        return f"规划实施预警，列入预警清单：{'，'.join(parts)}。{base}清单（{rates}）："
    parts = [f"{name} {a} (and {b} to be watched)" for name, a, b in zip(names, *counts.values(), strict=True)]
    return f"Warning list: {', '.join(parts)}. {base} (hits of warnings at the end of {_MIDTERM} for 2025):"


class Warnings(xr.DataTree):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """DataTree of :func:`warn` that prints its tables."""

    __slots__ = ()

    def __repr__(self) -> str:  # type: ignore[override]  # declared loosely in xarray
        whole = {"unemployment", "skill", "history", "plan"} <= set(self.children)
        return plain_warning(self) if whole else super().__repr__()


@wraps(_warn)
def warn(*arguments: Any, **options: Any) -> Warnings:  # noqa: D103  # the docstring is the wrapped one's
    return Warnings.from_dict(_warn(*arguments, **options).to_dict())
