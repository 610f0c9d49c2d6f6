"""一、评估工作概况: on what basis, of what, as of when, how, and with which data."""

from __future__ import annotations

from typing import Final

from ykforecast.assess.plan_texts import series_en
from ykforecast.documents.blocks import Block, Column, Section, Span, Table
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import unit_label
from ykforecast.vocabulary.units import forecast_decimals

#: Verdict of a comparison -> how a report calls it.
_VERDICTS: Final = {
    "fits": ("与预测相符", "fits"),
    "step": ("更像统计口径变动", "rather a change of definition"),
    "conflict": ("与预测冲突，未采用", "in conflict, left out"),
    "unused": ("未采用", "not used"),
}
#: Units of registers -> those that a report prints.
_SHOWN: Final = {"persons": "10k persons"}


def basis(draft: Draft) -> Section:
    """The chapter."""
    sections = (
        Section(
            "basis_scope", draft.pick("评估依据、范围与时点", "Basis, scope and evaluation date"), (_scope(draft),)
        ),
        Section("basis_method", draft.pick("评估方法", "Method"), (_method(draft), _classes(draft))),
        Section("basis_data", draft.pick("数据来源与质量", "Data sources"), _data(draft)),
    )
    return Section("basis", draft.pick("评估工作概况", "About this evaluation"), sections=sections)


def _scope(draft: Draft) -> Block:
    asked = "根据{plan}关于开展中期评估的要求" if draft.realised else "为给{plan}的实施监测和中期评估提供比较基准"
    return draft.say(
        asked
        + "，对规划确定的{indicators}项主要指标（其中约束性指标{binding}项）和{measures}项任务与工程"
        + ("开展评估。" if draft.realised else "开展预评估。")
        + "评估时点为{day}，预测期至2025年末。本稿由测算结果形成，供有关部门核改；部门掌握而本稿未能取得的"
        "情况，以"
        "【待补充】标出。",
        "As {plan} requires a mid-term evaluation, its {indicators} main indicators ({binding} of them binding) and "
        "{measures} measures are evaluated as of {day}, with forecasts to the end of 2025. This draft is generated "
        "from model results for the departments to correct; what only they can supply is marked [… to add].",
        plan=draft.plan,
        day=draft.day,
        indicators=draft.results.count("facts", "indicators"),
        binding=draft.results.count("facts", "binding"),
        measures=draft.results.count("facts", "measures"),
    )


def _method(draft: Draft) -> Block:
    return draft.say(
        "对每项指标同时回答两个问题：评估时点达到什么程度，到2025年有多大可能完成。前者比较实现进度与时间进度，后者由预"
        "测给出完成"
        "目标的概率；预测以2020年公布数为起点，按月推算人口、就业和参保的变化，并以评估时点前公布的数据校正。预测方法见"
        "附件。",
        "Two questions are answered for each indicator: how far it has come by the evaluation date, and how likely "
        "it is to meet its target for 2025. The first compares progress with the time elapsed. The second is a "
        "probability from a forecast that starts from the figures of 2020, projects population, employment and "
        "insurance month by month, and is conditioned on the figures published by the evaluation date. The annex "
        "describes the method.",
    )


def _classes(draft: Draft) -> Block:
    return draft.say(
        "各项指标分为提前实现、快于预期、基本符合预期和滞后四类，约束性指标的概率要求高于预期性指标；抽样误差不足以区分"
        "两类时，"
        "写作“介于……之间”。",
        "Indicators are classed as met early, ahead of schedule, on course or behind; binding indicators need a "
        "higher probability. Where the Monte Carlo error cannot tell two classes apart, both are named.",
    )


def _data(draft: Draft) -> tuple[Block, ...]:
    blocks: list[Block] = [_sources(draft)]
    if "evidence" in draft.results:
        head = draft.say(
            "评估时点前公布、可与预测比对的数据见下表，逐项比对见附件。",
            "The table lists the figures published by the evaluation date that the forecast was compared with; "
            "details are in the annex.",
        )
        blocks += [head, _compared(draft)]
    elif not draft.realised:
        blocks.append(
            draft.say("评估时点之后的数据均未使用。", "No figure published after the evaluation date is used.")
        )
    return tuple(blocks)


def _compared(draft: Draft) -> Table:
    found = draft.results.group("evidence")
    rows: list[tuple[Span, ...]] = []
    for number in found["finding"].values.tolist():
        series = str(draft.results.value("evidence", "series", finding=number))
        unit = _SHOWN.get(spec := draft.model.observations[series].unit, spec)
        rows.append(
            (
                draft.pick(draft.model.observations[series].label_zh, series_en(series)),
                draft.results.count("evidence", "year", finding=number),
                unit_label(unit, draft.lang),
                draft.results.number(
                    "evidence", "published", unit=unit, decimals=forecast_decimals(unit, 1), finding=number
                ),
                draft.pick(*_VERDICTS[str(draft.results.value("evidence", "verdict", finding=number))]),
            )
        )
    return Table(
        "evidence",
        draft.pick("评估时点前的公布数与模型比对", "Figures published by the evaluation date, and the model"),
        (
            Column(draft.pick("数据", "series"), "left", 3.4),
            Column(draft.pick("年份", "year"), "center", 0.7),
            Column(draft.pick("单位", "unit"), "center", 0.7),
            Column(draft.pick("公布数", "published")),
            Column(draft.pick("比对结果", "finding"), "left", 2.2),
        ),
        tuple(rows),
    )


def _sources(draft: Draft) -> Table:
    card = draft.dossier.card
    # Before anything is published two columns of dashes would say nothing.
    later = "published" in card and bool(card["published"].notnull().any())
    rows: list[tuple[Span, ...]] = []
    for key in draft.model.indicators:
        known = later and not bool(card["published"].sel(indicator=key).isnull())
        last: tuple[Span, ...] = (
            draft.results.count("scorecard", "published_year", indicator=key) if known else NOTHING,
            draft.level("scorecard", "published", key) if known else NOTHING,
        )
        rows.append(
            (
                draft.results.count("scorecard", "number", indicator=key),
                draft.name(key),
                draft.owner(key),
                draft.printed(key, "base"),
                *(last if later else ()),
            )
        )
    return Table(
        "sources",
        draft.pick("主要指标的责任部门与已公布数据", "Responsible departments and published figures"),
        (
            Column(draft.pick("序号", "No."), "center", 0.5),
            Column(draft.pick("指标", "indicator"), "left", 2.2 if later else 2.6),
            Column(draft.pick("责任部门", "department"), "left", 2.0 if later else 2.4),
            Column(draft.pick("2020年数", "2020"), "right", 0.8),
            *(
                (
                    Column(draft.pick("最近公布年份", "latest year"), "center", 0.8),
                    Column(draft.pick("最近公布数", "latest figure"), "right", 0.8),
                )
                if later
                else ()
            ),
        ),
        tuple(rows),
        notes=(
            draft.say(
                "注：责任部门以规划专栏列明的为准；单位同主要指标完成情况表；“—”为未列或未公布。",
                "Departments as named in the boxes of the plan; units as in the table of main indicators; —: none, "
                "or not published.",
                "note",
            ),
        ),
        row_keys=tuple(draft.model.indicators),
    )
