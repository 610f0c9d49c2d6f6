"""Warnings at a glance: the likely lamp of every month, and what the plan's own warning is worth year by year."""

from __future__ import annotations

from typing import Any

from ykforecast.documents.blocks import Column, Figure, Table
from ykforecast.documents.content.draft import Draft


def lamp_grid(draft: Draft) -> Figure:
    """The likely lamp of unemployment, a row a year and a column a month."""
    from ykforecast.documents.charts import lamps
    from ykforecast.present.figures_warning import lamp_grid as drawn
    from ykforecast.present.figures_warning import lamp_names, likely_lamps
    from ykforecast.present.palette import LAMP_COLOURS
    from ykforecast.present.text import percent

    data = draft.results.group("warning").sel(scenario=draft.main)
    months = [f"{number:02d}" for number in range(1, 13)]
    years = sorted({month[:4] for month in data["month"].values.tolist()})
    states = {year: [""] * len(months) for year in years}
    notes = {year: [""] * len(months) for year in years}
    for month, lamp, chance in likely_lamps(data):
        place = months.index(month[5:])
        states[month[:4]][place], notes[month[:4]][place] = lamp, f"{percent(chance)}%"
    names = dict(zip(LAMP_COLOURS, lamp_names(data, draft.lang), strict=True))
    return Figure(
        "lamp_grid",
        draft.pick("各月可能性最大的灯号", "The likely lamp of each month"),
        lambda: drawn(draft.warning(), draft.main, draft.lang),
        lamps(months, states, {lamp: (names[lamp], colour) for lamp, colour in LAMP_COLOURS.items()}, notes),
        text=draft.pick(
            "每行一年、每列一月，颜色为可能性最大的灯号，数字为其概率。",
            "A row a year, a column a month: colour of the likely lamp, number its probability.",
        ),
    )


def plan_by_year(draft: Draft) -> tuple[Table, ...]:
    """Hits and false alarms of the warning list of the plan at the end of each year; nothing where none can be told."""
    data = draft.results.group("plan_warning").sel(way="model")
    years = data["warning_year"].values.tolist()
    told = data["hit_rate"].notnull().any("warning_year")
    keys = [key for key in draft.model.indicators if bool(told.sel(indicator=key))]
    if not keys:
        return ()

    def rates(variable: str, key: str) -> tuple[Any, ...]:
        at: dict[str, Any] = {"way": "model", "indicator": key}
        return tuple(draft.results.share("plan_warning", variable, **at, warning_year=year) for year in years)

    return (
        Table(
            "plan_warning_by_year",
            draft.pick(
                "规划实施预警的命中率与误报率（按预警年末）", "Hits and false alarms of the warning list by year"
            ),
            (
                Column(draft.pick("指标", "indicator"), "left", 3.0),
                *(Column(draft.pick(f"{year}命中", f"hits {year}"), "right", 0.9) for year in years),
                *(Column(draft.pick(f"{year}误报", f"false {year}"), "right", 0.9) for year in years),
            ),
            tuple((draft.name(key), *rates("hit_rate", key), *rates("false_alarm_rate", key)) for key in keys),
            unit=draft.pick("单位：%", "per cent"),
            notes=(
                draft.say(
                    "注：用模拟结果检验：各年末只按当时已知数估计完成概率，低于界限即预警；命中率为最终未完成者中已预警的比例，"
                    "误报率为最终完成者中被预警的比例。抽样中全部完成或全部未完成的指标无从检验，不列。",
                    "Tested on the draws: at the end of each year the probability is estimated from what is known "
                    "then, and a warning is given below the cut. Hits: share of targets missed in the end that were "
                    "warned of; false: share of those met that were. Indicators that all draws meet, or all miss, "
                    "cannot be tested.",
                    "note",
                ),
            ),
            row_keys=tuple(keys),
        ),
    )
