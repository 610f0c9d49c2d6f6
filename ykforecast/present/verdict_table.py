"""The scorecard in full (评估表): progress, pace still required, probability in words, class, and the reasons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.rate_judgement import RATE
from ykforecast.present.table_notes import class_label, future_steps_note
from ykforecast.present.text import (
    chance,
    check_language,
    even_lines,
    figure,
    forecast_decimals,
    headline,
    percent,
    printed_target,
    signed,
    unit_label,
)
from ykforecast.vocabulary.dims import BASE_YEAR, YEARS

if TYPE_CHECKING:
    import xarray as xr

_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "完成进度%", "此前年均", "余下年均", "倍数", "完成概率", "概率用语", "评估用语",
           "类别"),
    "en": ("no.", "indicator", "unit", "progress %", "a year so far", "required", "ratio", "probability", "likelihood",
           "phrase", "class"),
}  # fmt: skip
_TIME: Final = {
    "zh": "截至{as_of}，时间进度{elapsed}%；所用公布数截至{known}。",
    "en": "As of {as_of} {elapsed} % of the time has passed; figures known up to {known}.",
}
_LATER: Final = {
    "zh": "评估时点晚于所用公布数：进度为预测进度，不是实绩。",
    "en": "The date lies after the figures used: progress is that of the forecast, not of what was reached.",
}
_OPEN: Final = "—"
_OPENING: Final = {"zh": ("不列完成进度：", "步伐："), "en": ("Progress not shown: ", "Pace: ")}
_NUMBERS: Final = {"zh": "第{numbers}项{words}", "en": "{numbers}: {words}"}
_GAP: Final = {
    "zh": "第{number}项 {name}：未达标时的缺口中位数{middle}{unit}（10%~90%：{low}~{high}）{turn}",
    "en": "{number} {name}: where missed, by {middle} {unit} (10-90 %: {low} to {high}){turn}",
}
_TURN: Final = {
    "zh": "；最迟须在{year}年底前扭转",
    "en": "; the trend has to change by the end of {year}",
}
_RATE: Final = {
    "zh": "第{number}项 {name}在控制目标（{target}）以内的概率%：",
    "en": "{number} {name}, probability % to be at the target ({target}) or below:",
}
_RATE_HEADINGS: Final = {"zh": ("口径", "平均至今", "五年平均"), "en": ("rate", "mean to date", "mean of five years")}
_NOTE: Final = {
    "zh": "注：概率后为抽样误差；倍数为余下年均与此前年均之比；评估用语按概率用语表，类别另看进度与指标属性。",
    "en": "Probabilities with their Monte Carlo error; ratio of the required to the past change a year; phrases follow "
    "the probability alone, classes progress and the nature of the target too.",
}


def plain_verdict(card: xr.Dataset, scenario: str, lang: str = "zh") -> str:
    """The scorecard of one scenario as text of even columns, with the notes that its numbers need.

    Parameters
    ----------
    card : xr.Dataset
        From :func:`ykforecast.evaluate`; attribute ``known`` (ISO date), where the figures end before ``as_of``.
    scenario : str
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    one = card.sel(scenario=scenario)
    each = [one.sel(indicator=key) for key in card["indicator"].values.tolist()]
    table = even_lines(_HEADINGS[lang], [_cells(here, lang) for here in each], left={1, 2, 8, 9, 10})
    as_of, known = card.attrs["as_of"], card.attrs.get("known", card.attrs["as_of"])
    time = _TIME[lang].format(as_of=as_of, known=known, elapsed=f"{100.0 * float(card['elapsed']):.1f}")
    notes = [
        *future_steps_note(card, scenario, lang),
        *_grouped(each, "progress_withheld", _OPENING[lang][0], lang),
        *_grouped([here for here in each if not _known_reason(here)], "pace_note", _OPENING[lang][1], lang),
        *_grouped([here for here in each if str(here["disagreement"].item())], "disagreement", "", lang),
        *(_gap(here, lang) for here in each if _is_behind(here)),
    ]
    later = [_LATER[lang]] if known < as_of else []
    return "\n".join([headline(card, scenario, lang), time, *later, *table, _NOTE[lang], *notes, *_rates(one, lang)])


def _cells(here: xr.Dataset, lang: str) -> tuple[str, ...]:
    unit, decimals = _unit(here)
    ratio = float(here["pace_ratio"])
    return (
        str(here["number"].item()),
        str(here[f"label_{lang}"].item()),
        unit_label(unit, lang),
        _OPEN if here["progress"].isnull() else f"{100.0 * float(here['progress']):.1f}",
        *(_change(float(here[name]), unit, decimals) for name in ("pace", "required_pace")),
        _OPEN if math.isnan(ratio) else f"{ratio:.1f}",
        chance(float(here["probability"]), float(here["probability_error"])),
        str(here[f"likelihood_{lang}"].item()),
        str(here[f"phrase_{lang}"].item()),
        class_label(here, lang),
    )


def _rates(one: xr.Dataset, lang: str) -> list[str]:
    """The unemployment rate by year and by the mean of years, one line a rate."""
    if "rate_probability" not in one:
        return []
    here = one.sel(indicator=RATE)
    by_rate, to_date, whole = _RATE_HEADINGS[lang]
    last = int(one.attrs["as_of"][:4]) - (one.attrs["as_of"][5:] != "12-31")
    passed = last if last > BASE_YEAR else None
    rows = []
    for rate in one["rate"].values.tolist():
        found = one["rate_probability"].sel(rate=rate)
        years = [percent(float(found.sel(span="year", year=year))) for year in YEARS]
        mean = [
            percent(float(found.sel(span="mean", year=year))) for year in ([passed] if passed else []) + [YEARS[-1]]
        ]
        rows.append([str(one[f"rate_{lang}"].sel(rate=rate).item()), *years, *mean])
    head = [by_rate, *map(str, YEARS), *([f"{to_date}({YEARS[0]}-{passed})"] if passed else []), whole]
    title = _RATE[lang].format(
        number=here["number"].item(),
        name=here[f"label_{lang}"].item(),
        target=printed_target(str(here["target_printed"].item()), lang),
    )
    return [title, *even_lines(head, rows, left={0})]


def _grouped(each: list[xr.Dataset], name: str, opening: str, lang: str) -> list[str]:
    """One line a reason, with the numbers of the indicators that it holds for."""
    numbers: dict[str, list[str]] = {}
    for here in each:
        words = str(here[f"{name}_{lang}"].item())
        if words:
            numbers.setdefault(words, []).append(str(here["number"].item()))
    joint = "、" if lang == "zh" else ", "
    between = {"zh": "：", "en": ""}[lang]
    return [
        opening + _NUMBERS[lang].format(numbers=joint.join(found), words=between + words)
        for words, found in numbers.items()
    ]


def _known_reason(here: xr.Dataset) -> bool:
    """Whether the note on pace says no more than that on progress, or what holds of all."""
    note = str(here["pace_note"].item())
    return note in {str(here["progress_withheld"].item()), "over", "not_begun"}


def _is_behind(here: xr.Dataset) -> bool:
    return str(here["class"].item()) == "滞后" and not bool(here["shortfall"].isnull().any())


def _gap(here: xr.Dataset, lang: str) -> str:
    unit, decimals = _unit(here)
    low, middle, high = (figure(float(value), unit, decimals) for value in here["shortfall"])
    words = str(here[f"turn_note_{lang}"].item())
    year = int(here["latest_turn"])
    turn = _TURN[lang].format(year=year) if year and not words else ""
    if words:
        turn = {"zh": "；", "en": "; "}[lang] + words
    return _GAP[lang].format(
        number=here["number"].item(),
        name=here[f"label_{lang}"].item(),
        unit=unit_label(unit, lang),
        low=low,
        middle=middle,
        high=high,
        turn=turn,
    )


def _unit(here: xr.Dataset) -> tuple[str, int]:
    unit = str(here["printed_unit"].item())
    return unit, forecast_decimals(unit, int(here["decimals"]))


def _change(value: float, unit: str, decimals: int) -> str:
    """A change a year, one decimal finer than a figure."""
    return _OPEN if math.isnan(value) else signed(value, unit, decimals + 1)


def verdict_records(card: xr.Dataset) -> list[dict[str, Any]]:
    """One record for each scenario and indicator: every variable that has no other dimension, base units."""
    flat = [
        name
        for name, one in card.data_vars.items()
        if set(one.dims) <= {"scenario", "indicator"} and "indicator" in one.dims
    ]
    rows = card[flat].to_dataframe().reset_index()
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def rate_records(card: xr.Dataset) -> list[dict[str, Any]]:
    """One record for each scenario, rate, span and year of the unemployment rate."""
    if "rate_probability" not in card:
        return []
    names = ["rate_probability", "rate_probability_error"]
    rows = card[names].sel(year=list(YEARS)).to_dataframe().reset_index()
    return [
        {str(name): row[name] for name in ("scenario", "rate", "span", "year", *names)}
        for row in rows.to_dict("records")
    ]
