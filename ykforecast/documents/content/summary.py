"""摘要: the judgement in three sentences, what is furthest behind, and what is least certain."""

from __future__ import annotations

from ykforecast.documents.blocks import Block, Column, Figure, Paragraph, Section, Span, Table
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import CLASSES_EN

#: Indicators that the summary names.
_NAMED = 3


def summary(draft: Draft) -> Section:
    """One page."""
    blocks: list[Block] = [
        _judgement(draft),
        *_binding(draft),
        *_stepped(draft),
        *_furthest(draft),
        _uncertainty(draft),
        _classes(draft),
        _overview(draft),
    ]
    return Section("summary", draft.pick("摘要", "Summary"), tuple(blocks), numbered=False)


def _judgement(draft: Draft) -> Paragraph:
    classes = zip("abcd", CLASSES_EN, strict=True)
    counts = {letter: draft.count("count", **{"class": name}) for letter, name in classes}
    parts: dict[str, Span] = {"total": draft.count("total"), "plan": draft.plan, "day": draft.day, **counts}
    if draft.realised:
        elapsed = draft.results.share("scorecard", "elapsed")
        return draft.say(
            "截至{day}，规划期时间进度为{elapsed}%。综合已公布数和模型推算，{plan}确定的{total}项主要指标中，提前实现{a}项，"
            "快于预期{b}项，基本符合预期{c}项，滞后{d}项。",
            "By {day}, {elapsed} % of the plan period had passed. From published figures and model estimates, of the "
            "{total} main indicators of {plan}, {a} are met early, {b} are ahead of schedule, {c} on course and {d} "
            "behind.",
            elapsed=elapsed,
            **parts,
        )
    return draft.say(
        "本报告以{day}为评估时点。规划期尚未开始，各项判断均为预测性评估。在规划措施如期落实的条件下，{plan}确定的"
        "{total}项"
        "主要指标中，预计提前实现{a}项，快于预期{b}项，基本符合预期{c}项，滞后{d}项。",
        "This report assesses the plan as of {day}. The plan period has not yet begun, so every judgement is a "
        "forecast. If the plan's measures are carried out, {a} of the {total} main indicators of {plan} would be "
        "met early, {b} would be ahead of schedule, {c} on course and {d} behind.",
        **parts,
    )


def _binding(draft: Draft) -> list[Paragraph]:
    if "joint_probability" not in draft.dossier.card:
        return []
    if draft.count("on_schedule", "binding").value:
        standing = (
            "其中，{total}项约束性指标有{met}项" + ("" if draft.realised else "可") + "达到进度要求，{behind}项滞后；"
        )
    else:
        standing = "其中，{total}项约束性指标均滞后；"
    joint = draft.results.share("scorecard", "joint_probability", scenario=draft.main)
    return [
        draft.say(
            standing + "全部约束性指标同时完成的概率{about}{joint}%。",
            "Binding indicators: {met} of {total} on schedule and {behind} behind; the probability that all of them "
            "are met is {joint} %.",
            total=draft.count("total", "binding"),
            met=draft.count("on_schedule", "binding"),
            behind=draft.count("behind", "binding"),
            joint=joint,
            about=draft.roughly(joint),
        )
    ]


def _stepped(draft: Draft) -> list[Paragraph]:
    """What leaders must not take for progress: indicators that a new definition lifted."""
    keys = draft.steps()
    if not keys:
        return []
    return [
        draft.say(
            "需要注意：{names}的公布数跳升，更像统计口径变动而不是实际扩面；按原口径核实之前，"
            "其进度和概率不宜作为成绩使用。",
            "Note: published figures of {names} jump, rather by a change of definition than by enrolment; until "
            "that is checked, their progress and probability are no achievement to quote.",
            names=draft.pick("、", ", ").join(draft.name(key) for key in keys),
        )
    ]


def _furthest(draft: Draft) -> list[Paragraph]:
    keys, others = draft.behind()[:_NAMED], draft.behind()[_NAMED:]
    if not keys:
        return [draft.say("没有滞后的指标。", "No indicator is behind.")]
    head = draft.say(
        "按约束性指标在前、完成概率由低到高，最需推动的是（预测取中位数）：",
        "Most in need of action, binding indicators first and then by lowest probability:",
    )

    def forecast(key: str) -> dict[str, Span]:
        return {"median": draft.outcome(key), "unit": draft.unit(key)}

    items = [
        Paragraph(
            (
                *draft.phrase(
                    "{name}：规划目标为",
                    "{name}: {median}{unit} forecast for 2025 against a target of ",
                    name=draft.titled(key),
                    **forecast(key),
                ),
                *draft.aim(key),
                *draft.phrase(
                    "，预测为{median}{unit}，尚差{gap}{points}，完成目标的概率",
                    ", {gap}{points} short at the median; probability of attainment ",
                    points=draft.points(key),
                    gap=draft.level("tally", "gap", key, scenario=draft.main),
                    **forecast(key),
                ),
                *draft.chance(key),
                draft.pick("。", "."),
            ),
            "item",
        )
        for key in keys
    ]
    if others:
        named = draft.pick("、", ", ").join(draft.name(key) for key in others)
        items.append(
            draft.say("此外，{named}也滞后，缺口见第二章。", "Behind too: {named}; see chapter 2.", named=named)
        )
    return [head, *items]


def _uncertainty(draft: Draft) -> Paragraph:
    return draft.say(
        "主要不确定性：一是预测所用的{parameters}个参数中，{assumed}个没有公开数据可依，属附有理由的假定；二是城镇调查失业率"
        "等指标的调查误差大于规划要求的变动；三是部分指标统计口径可能调整，须与实际进展分开判断。",
        "The main uncertainties: {assumed} of the {parameters} model parameters rest on no published figure and are "
        "assumptions, each with a stated reason; the survey error of the unemployment rate exceeds the change that "
        "the plan asks for; and definitions of some indicators may change, which must be told apart from real "
        "progress.",
        parameters=draft.results.count("facts", "parameters"),
        assumed=draft.results.count("facts", "grade_count", grade="assumed"),
    )


def _classes(draft: Draft) -> Table:
    natures = {
        "binding": draft.pick("约束性", "binding"),
        "anticipatory": draft.pick("预期性", "anticipatory"),
        "all": draft.pick("合计", "total"),
    }
    names = [draft.pick(zh, en) for zh, en in CLASSES_EN.items()]
    rows: tuple[tuple[Span, ...], ...] = tuple(
        (
            label,
            draft.count("total", nature),
            *(draft.count("count", nature, **{"class": name}) for name in CLASSES_EN),
        )
        for nature, label in natures.items()
    )
    head = (draft.pick("指标属性", "type"), draft.pick("指标数", "indicators"), *names)
    return Table(
        "classes",
        draft.pick("主要指标总体判断", "Indicators by class"),
        tuple(Column(label, "left" if place == 0 else "center") for place, label in enumerate(head)),
        rows,
        unit=draft.pick("单位：项", ""),
        row_keys=tuple(natures),
    )


def _overview(draft: Draft) -> Figure:
    from ykforecast.documents.result_charts import attainment_chart
    from ykforecast.present.figures import attainment_bars

    return Figure(
        "overview",
        draft.pick("主要指标完成概率与判断", "Probability of attainment and class"),
        lambda: attainment_bars(draft.dossier.card, draft.main, draft.lang),
        attainment_chart(draft.dossier.card, draft.main, draft.lang),
        text=draft.pick(
            "每项指标一条横线，长度为完成目标的概率，颜色为判断类别。",
            "One bar for each indicator: its length is the probability of attainment, its colour the class.",
        ),
    )
