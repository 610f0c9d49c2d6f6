"""与上次预测比较: what changed since the previous report and why, and how far figures moved the forecast of 2020."""

from __future__ import annotations

from datetime import date

from ykforecast.assess.plan_texts import series_en
from ykforecast.documents.blocks import Block, Cell, Column, Paragraph, Span, Table
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import CLASSES_EN, unit_label

_GROUP = "since_last"


def changes(draft: Draft) -> tuple[Block, ...]:
    """Blocks of the section: the previous forecast where one was given, else the one from the figures of 2020."""
    revised = "revision" in draft.results
    if _GROUP not in draft.results:
        first = draft.say(
            "本次为首次预测，没有上次预测可供比较。",
            "This is the first forecast: there is no earlier one to compare with.",
        )
        return (first, *(_revision(draft) if revised else ()))
    change = draft.results.group(_GROUP)
    if draft.main not in change["scenario"].values:
        return (
            draft.say(
                "上次预测没有本报告所用的情景，不作比较。",
                "The previous forecast does not hold the scenario of this report: they are not compared.",
            ),
        )
    # A previous forecast from the figures of 2020 is what the revision compares with.
    again = revised and bool(change.attrs["before_as_of"])
    return (_said(draft), *_classes(draft), _table(draft), *(_revision(draft) if again else ()))


def _said(draft: Draft) -> Paragraph:
    change = draft.results.group(_GROUP)
    then = draft.written(date.fromisoformat(change.attrs["before_as_of"] or f"{draft.model.base_year}-12-31"))
    return draft.say(
        f"上次预测所用数据截至{then}，本次截至{draft.day}。两次均按现行目标与分类界限判断，变动按均值"
        "分解到各项原因：规划期内公布的数据、统计口径变动，以及模型、数据文件或设定的变化。",
        f"The previous forecast knew figures up to {then}, this one up to {draft.day}. Both are "
        "judged by the present targets and cut-offs. The change of the mean is shared out among its causes: figures "
        "published since, changes of definition, and changes of the model, its data files or settings.",
    )


def _classes(draft: Draft) -> tuple[Paragraph, ...]:
    """A sentence on the indicators that are judged otherwise than before."""
    one = draft.results.group(_GROUP).sel(scenario=draft.main)
    keys = [
        key
        for key in draft.model.indicators
        if one["before_class"].sel(indicator=key).item() != one["now_class"].sel(indicator=key).item()
    ]
    if not keys:
        return (draft.say("各项指标的类别均未变动。", "No indicator changed its class."),)
    spans: list[Span] = [draft.pick("类别有变动的指标：", "Indicators that changed their class: ")]
    for key in keys:
        spans += draft.phrase(
            "{name}由“{before}”转为“{now}”",
            "{name} from {before} to {now}",
            name=draft.name(key),
            before=_class(draft, "before_class", key),
            now=_class(draft, "now_class", key),
        )
        spans.append(draft.pick("。", ". ") if key == keys[-1] else draft.pick("；", "; "))
    if stepped := [draft.name(key) for key in draft.steps() if key in keys]:
        spans += draft.phrase(
            "其中{names}的预测水平计入了统计口径变动，类别的变动不代表工作成效。",
            "A change of definition is counted in the level of {names}: the change of class is no achievement.",
            names=draft.pick("、", "; ").join(stepped),
        )
    return (Paragraph(tuple(spans)),)


def _class(draft: Draft, variable: str, key: str) -> Span:
    found = draft.results.text(_GROUP, variable, scenario=draft.main, indicator=key)
    return found if draft.lang == "zh" else CLASSES_EN[found.text]


def _table(draft: Draft) -> Table:
    rows: list[tuple[Span, ...]] = [
        (
            draft.name(key),
            unit_label(spec.unit, draft.lang),
            *(draft.level(_GROUP, side, key, scenario=draft.main, quantile=0.5) for side in ("before", "now")),
            draft.level(_GROUP, "median_change", key, sign=True, scenario=draft.main),
            *(
                draft.results.share(_GROUP, f"{side}_probability", scenario=draft.main, indicator=key)
                for side in ("before", "now")
            ),
            *_cause(draft, key),
        )
        for key, spec in draft.model.indicators.items()
    ]
    return Table(
        "since_last",
        draft.pick("与上次预测比较", "Beside the previous forecast"),
        (
            Column(draft.pick("指标", "indicator"), "left", 2.2),
            Column(draft.pick("单位", "unit"), "center", 0.8),
            Column(draft.pick("上次预测", "before"), "right", 0.9),
            Column(draft.pick("本次预测", "now"), "right", 0.9),
            Column(draft.pick("变动", "change"), "right", 0.9),
            Column(draft.pick("上次概率%", "probability before, %"), "right", 0.8),
            Column(draft.pick("本次概率%", "probability now, %"), "right", 0.8),
            Column(draft.pick("主要原因", "main cause"), "left", 2.0),
            Column(draft.pick("其份额", "its part"), "right", 0.9),
        ),
        tuple(rows),
        notes=(
            draft.say(
                "注：2025年，目标口径，中位数；变动为中位数之差，主要原因及其份额按均值的变动分解，“—”为没有变动或未留存。",
                "2025 on the basis of the target, medians; change: of the medians. The main cause and its part are of "
                "the change of the mean; —: none, or not kept.",
                "note",
            ),
        ),
        row_keys=tuple(draft.model.indicators),
    )


def _cause(draft: Draft, key: str) -> tuple[Span, Span]:
    """The largest cause by name, and its part of the change of the mean; nothing where that prints as nought."""
    share = draft.results.group(_GROUP)["share"].sel(scenario=draft.main, indicator=key)
    if bool(share.isnull().any()):
        return NOTHING, NOTHING
    cause = str(share["cause"][int(abs(share.values).argmax())].item())
    part = draft.level(_GROUP, "share", key, sign=True, scenario=draft.main, cause=cause)
    return (NOTHING, NOTHING) if _is_nought(part) else (_named(draft, cause), part)


def _is_nought(part: Cell) -> bool:
    return not any(sign in "123456789" for sign in part.text)


def _named(draft: Draft, cause: str) -> Span:
    return draft.results.text(_GROUP, "cause_zh", cause=cause) if draft.lang == "zh" else series_en(cause)


def _revision(draft: Draft) -> tuple[Block, ...]:
    said = draft.say(
        "下表比较只用2020年数据作出的预测与评估时点的预测；变化来自规划期内公布的数据和统计口径变动。",
        "The table compares the forecast made from the figures of 2020 with that of this date; it moved with figures "
        "published "
        "since and with definitions.",
    )
    rows: list[tuple[Span, ...]] = [
        (
            draft.name(key),
            unit_label(spec.unit, draft.lang),
            draft.level("revision", "before", key, scenario=draft.main, quantile=0.5),
            draft.level("revision", "after", key, scenario=draft.main, quantile=0.5),
            draft.level("revision", "mean_change", key, sign=True, scenario=draft.main),
        )
        for key, spec in draft.model.indicators.items()
    ]
    table = Table(
        "revision",
        draft.pick("2025年预测的修订", "Revision of the forecast of 2025"),
        (
            Column(draft.pick("指标", "indicator"), "left", 2.6),
            Column(draft.pick("单位", "unit"), "center", 0.8),
            Column(draft.pick("2020年作出的预测", "forecast of 2020"), "right", 1.1),
            Column(draft.pick("本次预测", "this forecast"), "right", 1.0),
            Column(draft.pick("平均修订", "mean revision"), "right", 1.0),
        ),
        tuple(rows),
        row_keys=tuple(draft.model.indicators),
    )
    return (said, table)
