"""五、失业风险监测预警: lamps, the chance of crossing the line, rules of other places, the plan's own list, stress."""

from __future__ import annotations

from typing import Any, Final

from ykforecast.documents.blocks import Block, Column, Figure, Section, Span, Table
from ykforecast.documents.content.draft import Draft
from ykforecast.documents.content.warning_grids import lamp_grid, plan_by_year
from ykforecast.present.model_words import GRADES
from ykforecast.present.palette import LAMP_COLOURS
from ykforecast.present.text import unit_label
from ykforecast.present.warning_table import LAMPS_EN

#: Months at which lamps are told: the ends of the years.
_MONTHS: Final = ("2022-12", "2023-12", "2024-12", "2025-12")
_HORIZON: Final = 6


def risks(draft: Draft) -> Section:
    """The chapter."""
    title = draft.pick("失业风险监测预警", "Risks of unemployment")
    if "warning" not in draft.results:
        said = draft.say("本次运行未作失业预警测算。", "Early warning was not computed in this run.")
        return Section("risks", title, (said,))
    sections = (
        Section(
            "risks_lamps", draft.pick("预警灯号与警戒线", "Warning lamps and probability of a breach"), _lamps(draft)
        ),
        Section("risks_rules", draft.pick("警戒线与各地规则", "Warning lines and rules"), _rules(draft)),
        Section("risks_stress", draft.pick("压力情景", "Stress scenarios"), _stress(draft)),
        Section("risks_plan", draft.pick("规划实施预警", "Warning list of the plan"), _plan(draft)),
    )
    return Section("risks", title, sections=sections)


def _share(draft: Draft, variable: str, /, group: str = "warning", **at: Any) -> Span:
    return draft.results.share(group, variable, **at)


def _lamps(draft: Draft) -> tuple[Block, ...]:
    from ykforecast.present.figures_warning import lamp_series

    rate: dict[str, Any] = {"unit": "%", "decimals": 1, "scenario": draft.main}
    said = draft.say(
        "按警戒线{line}%测算，{scenario}下2025年底前城镇失业率（真值）至少有一个月达到警戒线的概率为{ever}%，"
        "平均有{months}个月在警戒线及以上；2025年12月失业率的中位数为{middle}%（80%区间为{low}%～{high}%）。灯号由失业率水平、三个月变动和"
        "此后突破警戒线的概率合成，连续两个月回落才降一级。",
        "With a warning line of {line} %, the probability that the true urban unemployment rate reaches it in at "
        "least one month by the end of 2025 is about {ever} % under the {scenario} scenario, for {months} months on "
        "average; the median for December 2025 is {middle} % (80 % interval {low} % to {high} %). A lamp combines "
        "the level of the rate, its change over three months and the probability of a breach, and steps down only "
        "after two months of improvement.",
        line=draft.results.number("warning", "line", unit="%", decimals=1, preset=_used(draft)),
        scenario=draft.results.text("scorecard", f"scenario_{draft.lang}", scenario=draft.main),
        ever=_share(draft, "ever", scenario=draft.main),
        months=draft.results.number("warning", "breach_months", unit="months", decimals=1, scenario=draft.main),
        middle=draft.results.number("warning", "rate", month=_MONTHS[-1], quantile=0.5, **rate),
        low=draft.results.number("warning", "rate", month=_MONTHS[-1], quantile=0.1, **rate),
        high=draft.results.number("warning", "rate", month=_MONTHS[-1], quantile=0.9, **rate),
    )
    skill: dict[str, Any] = {"group": "warning_skill", "horizon": _HORIZON, "alarm": "yellow"}
    checked = draft.say(
        "用模拟结果检验：此后半年内失业率突破警戒线的，黄灯及以上事先亮起的占{hits}%；未突破的月份误报的占{false}%。"
        "灯号多与突破同时亮起，提前一个月以上的占{lead}%，不能代替对企业裁员的直接监测。",
        "Tested on the model's own draws: yellow or red precedes {hits} % of breaches within half a year and lights "
        "in {false} % of quiet months; {lead} % of first breaches come with a month's notice or more, so the lamps "
        "do not replace direct monitoring of layoffs.",
        hits=_share(draft, "hit_rate", **skill),
        false=_share(draft, "false_alarm_rate", **skill),
        lead=_share(draft, "lead_share", group="warning_skill", alarm="yellow", least=1),
    )
    lamps = draft.results.group("warning")["lamp"].values.tolist()
    rows = tuple(
        (
            f"{month[:4]}年{int(month[5:])}月" if draft.lang == "zh" else month,
            *(_share(draft, "lamp_probability", scenario=draft.main, month=month, lamp=lamp) for lamp in lamps),
            _share(draft, "breach_probability", scenario=draft.main, month=month),
        )
        for month in _MONTHS
    )
    names = draft.results.group("warning")["lamp_zh"].values.tolist() if draft.lang == "zh" else list(LAMPS_EN.values())
    table = Table(
        "lamps",
        draft.pick("各灯号概率与达到警戒线的概率", "Probability of each lamp and of a breach"),
        (
            Column(draft.pick("月份", "month"), "left", 1.4),
            *(Column(str(name), "right") for name in names),
            Column(draft.pick("达到警戒线", "line reached"), "right", 1.2),
        ),
        rows,
        unit=draft.pick("单位：%", "%"),
    )
    figure = Figure(
        "lamps_by_month",
        draft.pick("预警灯号时序", "Warning lamps by month"),
        lambda: lamp_series(draft.warning(), draft.main, draft.lang),
        _lamp_chart(draft, lamps, [str(name) for name in names]),
        text=draft.pick("各月各灯号的概率，自蓝灯至红灯堆叠。", "Probability of each lamp by month, from blue to red."),
    )
    return (said, lamp_grid(draft), table, figure, checked)


def _lamp_chart(draft: Draft, lamps: list[str], names: list[str]) -> dict[str, Any]:
    from ykforecast.documents.charts import stacked

    data = draft.results.group("warning")["lamp_probability"].sel(scenario=draft.main)
    lit = data.transpose("lamp", "month").dropna("month")
    series = {name: (100.0 * lit.sel(lamp=lamp)).values.tolist() for lamp, name in zip(lamps, names, strict=True)}
    colours = [LAMP_COLOURS[lamp] for lamp in lamps]
    return stacked(lit["month"].values.tolist(), series, unit="%", decimals=0, colours=colours)


def _used(draft: Draft) -> str:
    """Rule that the lamps use: the first one, as the model orders them."""
    return str(draft.results.group("warning")["preset"].values[0])


def _rules(draft: Draft) -> tuple[Block, ...]:
    data = draft.results.group("warning")
    rows = []
    for rule in data["preset"].values.tolist():
        line = float(data["line"].sel(preset=rule))
        rows.append(
            (
                draft.results.text("warning", f"label_{draft.lang}", preset=rule),
                draft.results.number("warning", "line", unit="%", decimals=1, preset=rule) if line == line else "—",
                GRADES[str(data["grade"].sel(preset=rule).item())]
                if draft.lang == "zh"
                else draft.results.text("warning", "grade", preset=rule),
                _share(draft, "triggered", scenario=draft.main, preset=rule),
            )
        )
    table = Table(
        "warning_rules",
        draft.pick("预警规则与期内达到的概率", "Warning rules and the probability that each is triggered by 2025"),
        (
            Column(draft.pick("规则", "rule"), "left", 4.0),
            Column(draft.pick("警戒线%", "line, %"), "right"),
            Column(draft.pick("依据", "grade"), "center"),
            Column(draft.pick("达到的概率%", "probability, %"), "right", 1.2),
        ),
        tuple(rows),
        notes=(
            draft.say(
                "注：灯号采用第一条规则；其余为外地或外省公布的规则，供比较。本市警戒线{gap}。",
                "Lamps use the first rule; the others are rules published elsewhere, for comparison. {gap}.",
                "note",
                gap=draft.gap("surveyed_unemployment_rate", "警戒线取值", "the city's own warning line"),
            ),
        ),
    )
    return (table,)


def _stress(draft: Draft) -> tuple[Block, ...]:
    from ykforecast.documents.charts import line, lines
    from ykforecast.present.figures_warning import stress_fan

    data = draft.results.group("stress")
    scenarios = data["scenario"].values.tolist()
    middle: dict[str, Any] = {"quantile": 0.5}
    rows = tuple(
        (
            draft.results.text("stress", f"label_{draft.lang}", scenario=name),
            draft.results.number("stress", "peak_rate", unit="%", decimals=1, scenario=name, **middle),
            draft.results.number("stress", "peak_effect", unit="%", decimals=2, sign=True, scenario=name, **middle),
            draft.results.number(
                "stress", "extra_unemployed", unit="10k persons", decimals=2, sign=True, scenario=name, **middle
            ),
            draft.results.share("stress", "breached", scenario=name),
            draft.results.number(
                "stress", "unemployment_insured", unit="10k persons", decimals=2, sign=True, scenario=name, **middle
            ),
            draft.results.number(
                "stress", "fund_balance", unit="100m yuan", decimals=2, sign=True, scenario=name, **middle
            ),
        )
        for name in scenarios
    )
    table = Table(
        "stress",
        draft.pick("压力情景下的失业与参保", "Unemployment and insurance under stress"),
        (
            Column(draft.pick("情景", "scenario"), "left", 1.8),
            Column(draft.pick("失业率最高%", "peak rate, %")),
            Column(draft.pick("最大升幅（百分点）", "largest rise, percentage points")),
            Column(draft.pick("失业人数最大增加（万人）", "additional unemployed (10,000 persons)")),
            Column(draft.pick("达到警戒线的概率%", "probability of reaching the line, %")),
            Column(draft.pick("失业保险参保变动（万人）", "change in unemployment insured (10,000 persons)")),
            Column(draft.pick("养老当期结余变动（亿元）", "change in pension balance (100 million yuan)")),
        ),
        rows,
        notes=(
            draft.say(
                "注：与无冲击的同一抽样逐一相减后的中位数；参保变动为2025年末，结余变动为企业养老保险五年合计。",
                "Medians of paired differences from the same draws without the shock; insured persons at the end of "
                "2025, balance of the enterprise pension scheme summed over five years.",
                "note",
            ),
        ),
    )
    months = data["month"].values.tolist()
    paths = [
        line(
            str(data[f"label_{draft.lang}"].sel(scenario=name).item()),
            (100.0 * data["rate"].sel(scenario=name, quantile=0.5)).values.tolist(),
            2,
            tone=place,
        )
        for place, name in enumerate(scenarios)
    ]
    without = (100.0 * data["base_rate"].sel(quantile=0.5)).values.tolist()
    paths.append(line(draft.pick("无冲击", "without shock"), without, 2, tone="ink", dashed=True))
    figure = Figure(
        "stress_rates",
        draft.pick("压力情景下的城镇失业率", "Urban unemployment rate under stress"),
        lambda: stress_fan(draft.warning(), draft.lang),
        lines(months, paths, unit="%", decimals=2),
        text=draft.pick("各压力情景的中位数与无冲击时的比较。", "Median under each shock, and without it."),
    )
    return (table, figure)


def _plan(draft: Draft) -> tuple[Block, ...]:
    data = draft.results.group("plan_warning").sel(scenario=draft.main)
    listed = [
        key
        for key in draft.model.indicators
        if draft.model.targets[key].nature == "binding" and str(data["status"].sel(indicator=key).item()) != "clear"
    ]
    by_year = plan_by_year(draft)
    if not listed:
        return (draft.say("约束性指标均未列入预警清单。", "No binding indicator is on the warning list."), *by_year)
    rows = tuple(
        (
            draft.name(key),
            draft.results.text("plan_warning", "status_zh", scenario=draft.main, indicator=key)
            if draft.lang == "zh"
            else draft.results.text("plan_warning", "status", scenario=draft.main, indicator=key),
            draft.probability(key),
            draft.level("tally", "gap", key, scenario=draft.main),
            unit_label(draft.model.indicators[key].unit, draft.lang),
            draft.owner(key),
        )
        for key in listed
    )
    table = Table(
        "warning_list",
        draft.pick("约束性指标预警清单", "Warning list of binding indicators"),
        (
            Column(draft.pick("指标", "indicator"), "left", 2.4),
            Column(draft.pick("预警状态", "status"), "center", 1.5),
            Column(draft.pick("完成概率%", "probability, %")),
            Column(draft.pick("尚差", "gap"), "right", 0.8),
            Column(draft.pick("单位", "unit"), "center", 0.7),
            Column(draft.pick("责任部门", "department"), "left", 2.0),
        ),
        rows,
        row_keys=tuple(listed),
    )
    return (table, *by_year)
