"""二、主要指标进展情况: every indicator from where it stands to where it is heading, and the table of all."""

from __future__ import annotations

from ykforecast.documents.blocks import Block, Column, Figure, Paragraph, Section, Span, Table
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import unit_label

_DOMAINS = {
    "employment": ("就业", "Employment"),
    "social_security": ("社会保障", "Social security"),
    "public_services": ("公共服务", "Public services"),
}


def progress(draft: Draft) -> Section:
    """The chapter."""
    sections = [_all(draft)]
    for domain, (zh, en) in _DOMAINS.items():
        keys = [key for key, spec in draft.model.indicators.items() if spec.domain == domain]
        if keys:
            blocks = [block for key in keys for block in _indicator(draft, key)]
            sections.append(Section(f"progress_{domain}", draft.pick(zh, en), tuple(blocks)))
    sections.append(_behind(draft))
    title = draft.pick("主要指标进展情况", "Progress of the main indicators")
    return Section("progress", title, sections=tuple(sections))


def _all(draft: Draft) -> Section:
    counted = (
        "{total}项指标中，{met}项达到进度要求，{behind}项滞后。各项的现状、进度、预测和判断见下表；进度与概率须结合来看，"
        "规划要求的变动小于数据误差的指标不列实现进度。实际数未公布的年份，进度由模型推算。"
        if draft.realised
        else "{total}项指标中，预计{met}项可达到进度要求，{behind}项滞后。各项的基数、预测和判断见下表。"
    )
    said = draft.say(
        counted,
        "Of {total} indicators, {met} are on schedule and {behind} behind. The table gives the position, progress, "
        "forecast and class of each. Progress and probability should be read together; progress is not shown where "
        "the change that the plan asks for is smaller than the error of the figures.",
        total=draft.count("total"),
        met=draft.count("on_schedule"),
        behind=draft.count("behind"),
    )
    return Section("progress_all", draft.pick("总体情况", "Overview"), (said, _dumbbells(draft), _table(draft)))


def _dumbbells(draft: Draft) -> Figure | Paragraph:
    if not draft.realised:
        return draft.say(
            "注：评估时点规划期尚未开始，不列实现进度。",
            "At the evaluation date the plan period has not yet begun, so there is no progress to compare.",
            "note",
        )
    from ykforecast.documents.result_charts import progress_chart
    from ykforecast.present.figures_evaluation import progress_dumbbell

    return Figure(
        "progress_time",
        draft.pick("实现进度与时间进度对比", "Progress against time elapsed"),
        lambda: progress_dumbbell(draft.dossier.card, draft.main, draft.lang),
        progress_chart(draft.dossier.card, draft.main, draft.lang),
        text=draft.pick(
            "竖线为时间进度，圆点为各指标的实现进度。",
            "Vertical lines: time elapsed; dots: progress of each indicator.",
        ),
    )


def _indicator(draft: Draft, key: str) -> list[Block]:
    target = draft.model.targets[key]
    nature = draft.pick(
        "约束性" if target.nature == "binding" else "预期性",
        "binding" if target.nature == "binding" else "anticipatory",
    )
    spans: tuple[Span, ...] = (
        *_standing(draft, key, nature),
        *_reached(draft, key),
        *_forecast(draft, key),
        *draft.chance(key),
        *draft.phrase(
            "。综合判断为“{verdict}”。" if draft.realised else "，预计“{verdict}”。",
            ". Assessment: {verdict}.",
            verdict=draft.verdict(key),
        ),
        *_reasons(draft, key),
    )
    blocks: list[Block] = [Paragraph(spans)]
    if target.nature == "binding":
        blocks.append(_fan(draft, key))
    return blocks


def _standing(draft: Draft, key: str, nature: str) -> tuple[Span, ...]:
    parts: dict[str, Span] = {
        "name": draft.titled(key),
        "nature": nature,
        "unit": draft.unit(key),
    }
    end = (*draft.aim(key), draft.pick("。", ". "))
    if draft.model.targets[key].base_printed is None:
        start = draft.phrase(
            "{name}（{nature}）。规划未列2020年数，目标为",
            "{name}, {nature}. The plan prints no figure for 2020; the target for 2025 is ",
            **parts,
        )
        return start + end
    start = draft.phrase(
        "{name}（{nature}）。2020年为{base}{unit}，规划目标为",
        "{name}, {nature}. The figure for 2020 was {base}{unit}; the target for 2025 is ",
        base=draft.printed(key, "base"),
        **parts,
    )
    return start + end


def _reached(draft: Draft, key: str) -> tuple[Span, ...]:
    """Published figure and progress; nothing where nothing is realised."""
    if not draft.realised:
        return ()
    card = draft.dossier.card
    spans: tuple[Span, ...] = ()
    known = "published" in card and not bool(card["published"].sel(indicator=key).isnull())
    if known:
        spans += draft.phrase(
            "最近公布数为{year}年的{published}{unit}。",
            "The latest published figure is {published}{unit} for {year}. ",
            year=draft.results.count("scorecard", "published_year", indicator=key),
            published=draft.level("scorecard", "published", key),
            unit=draft.unit(key),
        )
    else:
        spans += draft.phrase(
            "评估时点前未见规划口径的公布数，{gap}。",
            "No figure in the plan's definition had been published by the evaluation date; {gap}. ",
            gap=draft.gap(key, "规划期内各年实际数", "figures of the years so far"),
        )
    if bool(card["progress"].sel(indicator=key, scenario=draft.main).isnull()):
        return spans
    return spans + draft.phrase(
        "截至评估时点，实现进度" + ("" if known else "按模型推算") + "为{progress}%，时间进度为{elapsed}%。",
        "So far {progress} % of the planned change has been made"
        + ("" if known else " by the model's estimate")
        + ", in {elapsed} % of the plan period. ",
        progress=draft.made(key),
        elapsed=draft.results.share("scorecard", "elapsed"),
    )


def _forecast(draft: Draft, key: str) -> tuple[Span, ...]:
    basis = {
        "cumulative": draft.pick("预测2021—2025年累计为", "The total of 2021-2025 is forecast at "),
        "annual_mean": draft.pick("预测2021—2025年年均为", "The average of 2021-2025 is forecast at "),
        "level": draft.pick("预测2025年为", "For 2025 the forecast is "),
    }[draft.model.targets[key].basis]
    return draft.phrase(
        "{basis}{median}{unit}（80%区间为{low}～{high}{unit}），完成目标的概率",
        "{basis}{median}{unit} (80 % interval {low} to {high}{unit}), and the probability of attainment is ",
        basis=basis,
        median=draft.outcome(key),
        unit=draft.unit(key),
        low=draft.bound(key, "lower"),
        high=draft.bound(key, "upper"),
    )


def _reasons(draft: Draft, key: str) -> tuple[Span, ...]:
    """Why progress and probability disagree, a figure whose definition is to be checked, the main causes."""
    at, card = {"scenario": draft.main, "indicator": key}, draft.dossier.card
    spans: tuple[Span, ...] = ()
    for name in (f"progress_withheld_{draft.lang}", f"disagreement_{draft.lang}"):
        if draft.realised and name in card and str(card[name].sel(at).item() if "scenario" in card[name].dims else ""):
            end = "，不列实现进度。" if name.startswith("progress_withheld") else "。"
            spans += draft.phrase("{text}" + end, " Note: {text}.", text=draft.results.text("scorecard", name, **at))
    if "check_definition" in card and bool(card["check_definition"].sel(at)):
        spans += draft.phrase(
            "公布数已达到目标而预测未达到，须先核实统计口径，{gap}。",
            " The published figure already reaches the target and the forecast does not, so its definition has to be "
            "verified first {gap}.",
            gap=draft.gap(key, "公布数的统计口径", "definition of the published figure"),
        )
    if "causes" in draft.results:
        spans += draft.phrase(
            "预测的2020—2025年变动主要来自{first}和{second}。",
            " Largest contributions to the forecast change from 2020 to 2025: {first}; {second}.",
            first=draft.results.text("causes", f"top_{draft.lang}", indicator=key, place=1),
            second=draft.results.text("causes", f"top_{draft.lang}", indicator=key, place=2),
        )
    return spans


def _fan(draft: Draft, key: str) -> Figure:
    from ykforecast.documents.result_charts import fan_chart
    from ykforecast.present.figures_paths import fan_of_paths

    return Figure(
        f"fan_{key}",
        draft.pick(f"{draft.name(key)}预测", f"{draft.name(key)}: forecast"),
        lambda: fan_of_paths(draft.dossier.paths, key, draft.model, draft.main, draft.lang),
        fan_chart(draft.dossier.paths, draft.dossier.card, key, draft.main, draft.lang),
        text=draft.pick(
            "中位数与50%区间、80%区间、95%区间，虚线为目标。",
            "Median with 50 %, 80 % and 95 % intervals; dashed line: target.",
        ),
    )


def _needed(draft: Draft, key: str) -> Span:
    return draft.level("scorecard", "required_pace", key, sign=True, scenario=draft.main)


def _attained(draft: Draft, key: str) -> bool:
    """Whether nothing is left to do: the change still required runs against the direction of the plan."""
    target = draft.model.targets[key]
    pace = float(draft.results.value("scorecard", "required_pace", indicator=key, scenario=draft.main))
    return target.basis == "level" and (pace <= 0.0 if target.direction == "up" else pace >= 0.0)


def _table(draft: Draft) -> Table:
    years = range(draft.model.base_year + 1, draft.model.horizon)
    head = [
        (draft.pick("序号", "No."), "center", 0.55),
        (draft.pick("指标", "indicator"), "left", 3.1),
        (draft.pick("单位", "unit"), "center", 0.95),
        (draft.pick("属性", "type"), "center", 0.96),
        ("2020", "right", 0.82),
        *((f"{year}", "right", 0.88) for year in years),
        (draft.pick("2025预测", "2025"), "right", 0.9),
        (draft.pick("80%区间下限", "interval, low"), "right", 0.9),
        (draft.pick("80%区间上限", "interval, high"), "right", 0.9),
        (draft.pick("2025目标", "target"), "right", 1.05),
        *([(draft.pick("实现进度%", "progress %"), "right", 0.8)] if draft.realised else []),
        (draft.pick("年均尚需", "needed per year"), "right", 0.9),
        (draft.pick("完成概率%", "prob. %"), "right", 0.75),
        (draft.pick("判断", "class"), "center", 1.95),
    ]
    rows: list[tuple[Span, ...]] = []
    for key, spec in draft.model.indicators.items():
        target = draft.model.targets[key]
        medians = [draft.level("scorecard", "median", key, scenario=draft.main, year=year) for year in years]
        needed = NOTHING if _attained(draft, key) else _needed(draft, key)
        rows.append(
            (
                draft.results.count("scorecard", "number", indicator=key),
                draft.name(key),
                unit_label(spec.unit, draft.lang),
                draft.pick(
                    "约束性" if target.nature == "binding" else "预期性",
                    "binding" if target.nature == "binding" else "anticip.",
                ),
                draft.printed(key, "base"),
                *medians,
                draft.outcome(key),
                draft.bound(key, "lower"),
                draft.bound(key, "upper"),
                draft.printed(key, "target"),
                *([draft.made(key)] if draft.realised else []),
                needed,
                draft.probability(key),
                draft.verdict(key),
            )
        )
    return Table(
        "indicators",
        draft.pick("主要指标完成情况", "The main indicators"),
        tuple(Column(*one) for one in head),
        tuple(rows),
        landscape=True,
        notes=(
            draft.say(
                "注：〔〕内为五年累计数；2020年为规划公布数，其后为预测中位数；年均尚需为余下各年所需变动，已达目标的列“—”。",
                "〔〕: five-year total. 2020 as printed in the plan, later years medians; forecast, 80 % interval and "
                "probability on the basis of the target; needed per year: average change needed in the remaining "
                "years, — where the target is met.",
                "note",
            ),
        ),
        row_keys=tuple(draft.model.indicators),
    )


def _behind(draft: Draft) -> Section:
    keys = draft.behind()
    title = draft.pick("滞后与存疑指标", "Indicators behind")
    if not keys:
        return Section("progress_behind", title, (draft.say("没有滞后的指标。", "No indicator is behind."),))
    rows = tuple(
        (
            draft.name(key),
            unit_label(draft.model.indicators[key].unit, draft.lang),
            draft.printed(key, "target"),
            draft.outcome(key),
            draft.level("tally", "gap", key, scenario=draft.main),
            draft.probability(key),
            draft.owner(key),
        )
        for key in keys
    )
    table = Table(
        "behind",
        draft.pick("滞后指标的缺口", "Shortfall of the indicators that are behind"),
        (
            Column(draft.pick("指标", "indicator"), "left", 2.4),
            Column(draft.pick("单位", "unit"), "center", 0.8),
            Column(draft.pick("2025目标", "target"), "right", 0.9),
            Column(draft.pick("2025预测", "forecast"), "right", 0.9),
            Column(draft.pick("尚差", "shortfall"), "right", 0.8),
            Column(draft.pick("完成概率%", "probability %"), "right", 0.8),
            Column(draft.pick("责任部门", "department"), "left", 1.4),
        ),
        rows,
        row_keys=tuple(keys),
    )
    said = draft.say(
        "滞后指标{count}项，其中约束性{binding}项。尚差为预测中位数与达标界限之差（“左右”和全覆盖指标的界限含容差），"
        "不代表最终结果。",
        "Indicators behind: {count}, of them binding: {binding}. The shortfall is measured from the forecast median "
        "to the line of attainment (with its tolerance for targets of about a value and of full coverage) and is not "
        "a final result.",
        count=draft.count("behind"),
        binding=draft.count("behind", "binding"),
    )
    doubtful = draft.steps()
    if not doubtful:
        return Section("progress_behind", title, (said, table))
    doubt = draft.say(
        "存疑指标：{names}。公布数跳升被识别为统计口径变动并已计入预测水平，达标与否取决于按何种口径考核，{gap}。",
        "In doubt: {names}. The jump of the published figures is taken for a change of definition and counted in the "
        "level of the forecast: attainment depends on the definition that is judged {gap}.",
        names=draft.pick("、", ", ").join(draft.name(key) for key in doubtful),
        gap=draft.gap(doubtful[0], "考核所用统计口径", "definition that is judged"),
    )
    return Section("progress_behind", title, (said, table, doubt))
