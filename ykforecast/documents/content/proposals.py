"""七、推进后期实施的建议: the effort that targets still need, the list of warnings, and whether to adjust the plan."""

from __future__ import annotations

from typing import Any

from ykforecast.documents.blocks import Block, Column, Figure, Paragraph, Section, Span, Table
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.content.draft import Draft
from ykforecast.present.doses import FACTORS
from ykforecast.present.doses import UNITS as DOSE_UNITS


def proposals(draft: Draft) -> Section:
    """The chapter."""
    sections = (
        Section("proposals_effort", draft.pick("达标所需力度", "Effort needed to meet targets"), _effort(draft)),
        Section("proposals_binding", draft.pick("约束性指标预警清单", "Binding indicators behind"), _binding(draft)),
        Section("proposals_adjust", draft.pick("关于是否调整规划目标", "Whether to adjust targets"), (_adjust(draft),)),
    )
    return Section("proposals", draft.pick("推进规划实施的建议", "Proposals"), sections=sections)


def _effort(draft: Draft) -> tuple[Block, ...]:
    if "effort" not in draft.results:
        return (draft.say("没有需要加大力度的滞后指标。", "No indicator behind asks for more effort."),)
    found = draft.results.group("effort")
    said = draft.say(
        "下表对每项滞后指标分别测算：在其他措施不变的条件下，对应措施加大到多大力度，完成目标的概率可达到{asked}%；力度"
        "上限内不能达到的，"
        "列出可达到的最高概率。各项测算相互独立，不能相加。",
        "For each indicator behind, with all other measures unchanged, the table gives the dose of its measure that "
        "raises the probability of attainment to {asked} %; where no dose within the upper bound does so, the "
        "highest probability that can be reached. Rows are separate calculations and do not add up.",
        asked=draft.results.share("effort", "asked"),
    )
    rows: list[tuple[Span, ...]] = []
    for key in found["indicator"].values.tolist():
        used = found["lever"].values[found["dose"].sel(indicator=key).notnull().values].tolist()
        for place, lever in enumerate(used):
            reached = bool(found["reached"].sel(indicator=key))
            rows.append(
                (
                    draft.name(key) if place == 0 else "",
                    draft.results.text("effort", f"lever_{draft.lang}", lever=lever),
                    DOSE_UNITS[draft.lang][str(found["dose_unit"].sel(lever=lever).item())],
                    _dose(draft, "plan_dose", key, lever),
                    _dose(draft, "dose", key, lever) if reached else NOTHING,
                    _dose(draft, "upper_bound", key, lever),
                    draft.results.share("effort", "base_probability", indicator=key),
                    draft.results.share("effort", "probability", indicator=key),
                    draft.pick("能" if reached else "不能", "yes" if reached else "no"),
                )
            )
    table = Table(
        "effort",
        draft.pick("滞后指标达标所需力度与可行性", "Effort needed by indicators behind"),
        (
            Column(draft.pick("指标", "indicator"), "left", 1.9),
            Column(draft.pick("措施", "measure"), "left", 1.9),
            Column(draft.pick("单位", "unit"), "center", 1.0),
            Column(draft.pick("规划力度", "plan dose"), "right", 0.8),
            Column(draft.pick("所需力度", "dose needed"), "right", 0.8),
            Column(draft.pick("力度上限", "upper bound"), "right", 0.8),
            Column(draft.pick("现概率%", "probability now %"), "right", 0.8),
            Column(draft.pick("可达概率%", "attainable %"), "right", 0.8),
            Column(draft.pick("能否达到", "feasible"), "center", 0.7),
        ),
        tuple(rows),
        notes=(
            draft.say(
                "注：规划力度取各年最大值，“—”为力度上限内达不到；力度与效果的关系多为假定，须由责任部门核实可行性。"
                "本表以较少抽样另行测算，现概率与主要指标完成情况表略有出入。",
                "The plan dose is the largest of its years; —: not attainable within the bound. Effects are mostly "
                "assumed: the departments check what is feasible. Computed with fewer draws than the table of main "
                "indicators, so probabilities differ slightly from it.",
                "note",
            ),
        ),
    )
    return (said, table, *_curves(draft))


def _curves(draft: Draft) -> tuple[Figure, ...]:
    """Effort against probability where effort moves it by more than its sampling error."""
    found = draft.results.group("effort")
    gained = found["probability"] - found["base_probability"]
    moved = (found["reached"] > 0) | (gained > 2.0 * found["probability_error"])
    return tuple(_curve(draft, key) for key in found["indicator"].values[moved.values].tolist())


def _curve(draft: Draft, key: str) -> Figure:
    from ykforecast.documents.result_charts import effort_chart
    from ykforecast.present.figures_effort import effort_curve

    answer = draft.results.group(f"effort_{key}")
    return Figure(
        f"effort_{key}",
        draft.pick(f"{draft.name(key)}：力度与达标概率", f"{draft.name(key)}: effort and probability"),
        lambda: effort_curve(answer, draft.lang),
        effort_chart(answer, draft.lang),
        text=draft.pick(
            "达标概率随措施力度的变化，虚线为所求概率，点线为现有力度的概率。",
            "Probability of attainment by dose; dashed line: probability asked for; dotted line: at the present dose.",
        ),
    )


def _dose(draft: Draft, variable: str, key: str, lever: str) -> Span:
    """A dose of persons as a whole number, of shares in per cent."""
    at: dict[str, Any] = {"indicator": key, "lever": lever}
    if draft.results.group("effort")["dose_unit"].sel(lever=lever).item() in FACTORS:
        return draft.results.number("effort", variable, unit="%", decimals=1, **at)
    return draft.results.number("effort", variable, unit="1", decimals=0, **at)


def _binding(draft: Draft) -> tuple[Block, ...]:
    keys = [key for key in draft.behind() if draft.model.targets[key].nature == "binding"]
    if not keys:
        return (draft.say("没有滞后的约束性指标。", "No binding indicator is behind."),)
    head = draft.say(
        "以下{count}项约束性指标列入预警清单，建议由责任部门提出保障措施和时间表：",
        "Binding indicators on the warning list: {count}. The responsible departments are asked for "
        "measures and a timetable:",
        count=draft.count("behind", "binding"),
    )
    items = tuple(
        Paragraph(
            (
                *draft.phrase("{name}：完成目标的概率", "{name}: probability of attainment ", name=draft.name(key)),
                *draft.chance(key),
                *draft.phrase(
                    "，{gap}。", ", {gap}.", gap=draft.gap(key, "保障措施和完成时限", "measures and timetable")
                ),
            ),
            "item",
        )
        for key in keys
    )
    return (head, *items)


def _adjust(draft: Draft) -> Paragraph:
    return draft.say(
        "本报告只提供判断依据，不替代决策。对加大力度后完成概率仍低的目标，可在核实统计口径和数据后，由编制部门提出继续"
        "坚持、加大保障或"
        "按程序报原批准机关调整的意见；未经法定程序，规划目标不作变动。",
        "This report informs decisions and does not replace them. Where the probability stays low even with greater "
        "effort, the drafting department may, once data and definitions have been verified, propose to keep the "
        "target, to step up measures, or to ask the approving body for an adjustment; without that statutory "
        "procedure the targets stand.",
    )
