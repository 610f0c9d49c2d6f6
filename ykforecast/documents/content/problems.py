"""六、存在的主要问题及原因: of what the gaps are made in the forecast, and what the figures themselves leave open."""

from __future__ import annotations

from ykforecast.documents.blocks import Block, Column, Section, Span, Table
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import unit_label

_RATE = "surveyed_unemployment_rate"


def problems(draft: Draft) -> Section:
    """The chapter."""
    sections = (
        Section("problems_gaps", draft.pick("指标缺口的构成", "Composition of the gaps"), _gaps(draft)),
        Section("problems_figures", draft.pick("测量与口径问题", "Measurement and definitions"), _figures(draft)),
    )
    return Section("problems", draft.pick("存在的主要问题及原因", "Problems and their causes"), sections=sections)


def _gaps(draft: Draft) -> tuple[Block, ...]:
    keys = draft.behind()
    if not keys or "causes" not in draft.results:
        return (draft.say("没有需要归因的滞后指标。", "There is no gap to explain."),)
    said = draft.say(
        "下表把滞后指标2020—2025年的预测变动分解到各项来源，按平均贡献大小列前三位。这是预测内部的分解，说明预测由什么"
        "构成，不等于已"
        "证实的因果关系；实际原因由责任部门核实。",
        "The table breaks the forecast change of 2020-2025 of each indicator behind into its sources and names the "
        "three largest by average contribution. It shows what the forecast is made of and proves no causation; the "
        "departments verify the actual causes.",
    )
    rows: list[tuple[Span, ...]] = []
    for key in keys:
        parts: list[Span] = []
        for place in (1, 2, 3):
            share = draft.level("causes", "top_share", key, sign=True, place=place)
            name = draft.results.text("causes", f"top_{draft.lang}", indicator=key, place=place)
            # A part that rounds to nought is none worth naming.
            parts += [name, share] if share.text.strip("0.") else [NOTHING, NOTHING]
        unit = unit_label(draft.model.indicators[key].unit, draft.lang)
        rows.append((draft.name(key), unit, draft.level("causes", "change", key, sign=True), *parts))
    numbered = [("一", "first"), ("二", "second"), ("三", "third")]
    columns = [
        Column(draft.pick("指标", "indicator"), "left", 2.0),
        Column(draft.pick("单位", "unit"), "center", 0.7),
        Column(draft.pick("变动", "change"), "right", 0.9),
    ]
    for zh, en in numbered:
        columns.append(Column(draft.pick(f"来源{zh}", f"{en} part"), "left", 1.2))
        columns.append(Column(draft.pick("贡献", "amount"), "right", 0.9))
    table = Table(
        "causes",
        draft.pick("滞后指标2020—2025年预测变动的主要来源", "Main sources of the forecast change of indicators behind"),
        tuple(columns),
        tuple(rows),
        row_keys=tuple(keys),
    )
    return (said, table)


def _figures(draft: Draft) -> tuple[Block, ...]:
    notes = draft.results.group("conflicts")
    head = draft.say(
        "以下口径与出处问题影响判断，建议由责任部门逐项核定：",
        "The following questions of definition and source affect the assessment; the departments are asked to "
        "settle them:",
    )
    items = tuple(
        draft.say(
            "{name}：{text}。",
            "{name}: {text}.",
            "item",
            name=draft.name(str(notes["indicator"].sel(note=number).item())),
            text=draft.results.text("conflicts", f"text_{draft.lang}", note=number),
        )
        for number in notes["note"].values.tolist()
    )
    return (head, *items)
