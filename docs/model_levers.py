"""Printed pages of the levers: one with all of them, and one for each with its prior, its effect and its scenarios."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from model_assumptions import PARAMETER_HEAD, parameter_rows
from model_tables import page, plain_text, table

from ykforecast.present.model_words import GRADES, change_words, dose, dose_interval, path, plain, reasoned, tally, zh
from ykforecast.present.text import unit_label
from ykforecast.spec.lever import COUNTING, FUND_BALANCE, GAIN_MONTHS, PROGRAMME_SHARES, Audience, LeverSpec, Way
from ykforecast.spec.model import ModelSpec
from ykforecast.vocabulary.dims import LABELS_ZH, OPEN_AGE

EFFECTS: Final = Path(__file__).resolve().parent / "results" / "lever_effects.json"
BASES: Final = {"level": "2025年", "cumulative": "五年累计", "annual_mean": "年均"}
DIRECTIONS: Final = {"up": "上升", "down": "下降", "either": "方向不定"}
MECHANISMS: Final = {
    "flow_odds": "劳动流动的月度比数",
    "hires": "新增招用，扣除无谓损失和挤出",
    "transfers": "农业转移就业",
    "moves": "迁入城镇",
    "training": "培训人次；受训的无业者求职成功",
    "displacement": "企业岗位被替代，离职增加",
    "downturn_relief": "减少经济下行时增加的离职",
    "take_up": "企业养老保险参保",
    "enrolment_gap": "新岗位人员参保较少",
    "resident_transfers": "转入职工养老保险",
    "public_posts": "机关事业单位招录",
    "statutory_age": "法定退休年龄",
    "coverage": "医疗保险参保率",
    "insured_share": "参保人数占应参保人群的份额",
    "standard_growth": "农村低保标准增速",
    "programme_workers": "台账内务工人数",
    "card_issuance": "发卡人数",
    "attainment": "离校者升学比例",
    "benefit_growth": "养老金增速",
    "wage_growth": "工资增速",
    "collection": "征缴与追回",
    "output": "产出增速",
}
FLOWS: Final = {
    "school": "离校",
    "enter": "进入劳动力市场",
    "farm_entry": "转为务农",
    "find": "求职成功",
    "separate": "离职失业",
    "switch": "企业与灵活就业间转换",
    "exit": "退出劳动力市场",
    "public": "进入机关事业单位",
    "public_leave": "离开机关事业单位",
    "transfer": "农业转移就业",
    "reemploy": "退休再就业",
    "withdraw": "退出工作领取养老金",
    "early_retire": "提前退休",
}


def audience_words(audience: Audience) -> str:
    """Whom a lever reaches, in words."""
    first, last = audience.first_age, audience.last_age
    ages = f"{first}—{last}岁" if last < OPEN_AGE else f"{first}岁及以上" if first else "全体居民"
    parts = [audience.residence, audience.sex]
    people = "".join(LABELS_ZH[part] for part in parts if part) + ("性" if audience.sex else "")
    states = "、".join(LABELS_ZH[state] for state in audience.states)
    return "，".join(part for part in (people, ages, states) if part)


def moved_words(model: ModelSpec, moved: str) -> str:
    """Name of what a lever moves."""
    return "基金收支" if moved == FUND_BALANCE else model.indicators[moved].label_zh


def timing(lever: LeverSpec) -> list[str]:
    """When a dose acts, in phrases."""
    facts = [f"{lever.delay}个月后起效"] if lever.delay else []
    facts += [f"分{lever.phase_in}个月到位"] if lever.phase_in > 1 else []
    if lever.gain is not None:
        shares = "、".join(
            f"{plain(months / 12)}年后{plain(100 * gain)}%"
            for months, gain in zip(GAIN_MONTHS, lever.gain, strict=True)
        )
        facts.append(f"受益者显示的效果：{shares}，其间为直线")
    return facts


def lever_effect(model: ModelSpec, lever: LeverSpec) -> str:
    """Mechanism, audience, timing and the indicators that a lever is meant to move."""
    moved = "、".join(f"{moved_words(model, key)}（{DIRECTIONS[way]}）" for key, way in lever.direction.items())
    ways = "、".join(dict.fromkeys(MECHANISMS[way.mechanism] for way in (lever, *lever.also)))
    return "；".join([f"经由{ways}", f"对象：{audience_words(lever.audience)}", f"作用于{moved}", *timing(lever)])


def levers_page(model: ModelSpec) -> str:
    """Levers with dose, bounds and mechanism."""
    rows = [
        (
            f"[{lever.label_zh}](levers/{key}.md) `{key}`（规划{lever.where}）"
            + ("" if lever.implemented else "（尚未实现）"),
            f"{zh(lever, 'dose_of')}：{dose_interval(lever.bounds, lever.dose_unit)}",
            f"{GRADES[lever.bounds_grade]}：{zh(lever, 'bounds_reason')}",
            lever_effect(model, lever),
        )
        for key, lever in model.levers.items()
    ]
    head = ("措施（规划位置）", "剂量与上下限", "上下限的依据", "怎样起作用")
    text = (
        f"从规划第二至四章读出的措施，共{len(rows)}项。剂量是在2020年政策之上的追加；剂量为零时，结果的每一位都不变。"
        f"剂量上下限的等级：{tally(model.levers.values(), 'bounds_grade')}。"
        "一单位剂量的效果、起效时间和单独作用的结果见各项措施的页面；规划每一节、每一专栏由哪些措施承担，"
        "见[规划措施对照](measures.md)。"
    )
    return page("政策杠杆", text, table(head, rows), pages_below("levers", model.levers))


def pages_below(folder: str, keys: Mapping[str, object]) -> str:
    """A table of contents of the pages in a folder."""
    return "\n".join(["```{toctree}", ":maxdepth: 1", ":hidden:", "", *(f"{folder}/{key}" for key in keys), "```"])


def way_row(way: Way) -> tuple[str, ...]:
    """One way in which a lever acts: mechanism, flows, where they lead, for whom."""
    return (
        MECHANISMS[way.mechanism],
        "、".join(FLOWS[flow] for flow in way.flows),
        "、".join(LABELS_ZH[state] for state in way.into),
        audience_words(way.audience),
    )


def parameters_of(model: ModelSpec, key: str) -> dict[str, Any]:
    """Effects of a lever, and the shares of its kinds of programme."""
    names: dict[str, None] = {}
    for name, way in model.levers[key].ways(key):
        names |= {name: None} if way.effect is not None else {}
        shares = PROGRAMME_SHARES if way.mechanism in COUNTING else PROGRAMME_SHARES[1:]
        names |= {f"{share}_{way.programme}": None for share in shares if way.programme}
        names |= {"training_seekers": None} if way.mechanism == "training" else {}
    return {name: model.parameters[name] for name in names}


def effect_rows(model: ModelSpec, effect: Mapping[str, Any], lever: LeverSpec) -> list[tuple[str, ...]]:
    """Paired effect on each indicator, with its interval."""
    rows = []
    for moved, found in effect["moves"].items():
        unit = "100m yuan" if moved == FUND_BALANCE else model.indicators[moved].unit
        low, median, high = (change_words(found[name], unit) for name in ("low", "median", "high"))
        rows.append(
            (
                moved_words(model, moved),
                DIRECTIONS[lever.direction[moved]],
                BASES[found["basis"]],
                "个百分点" if unit == "%" else unit_label(unit),
                median,
                f"{low}～{high}",
            )
        )
    return rows


def lever_page(model: ModelSpec, key: str, result: Mapping[str, Any]) -> str:
    """One lever: where it stands, how it acts, how much, when, and who uses it."""
    lever, effect = model.levers[key], result["levers"][key]
    show = partial(dose, unit=lever.dose_unit)
    named = [
        (place, measure.title_zh)
        for place, section in model.measures.sections.items()
        for measure in section.measures
        if key in measure.levers
    ]
    used = [
        (
            f"[{scenario.label('zh')}](../scenarios/{name}.md)",
            path(scenario.doses[key], show),
            reasoned(scenario.reasons[key]) if key in scenario.reasons else "",
        )
        for name, scenario in model.scenarios.items()
        if key in scenario.doses
    ]
    shown = {int(year): value for year, value in effect["doses"].items()}
    taken = (
        f"取[{model.scenarios[effect['scenario']].label('zh')}](../scenarios/{effect['scenario']}.md)的剂量"
        if effect["scenario"]
        else "各情景均未使用，取上限的一半"
    )
    parameters = parameters_of(model, key)
    bounds = (
        f"{dose_interval(lever.bounds, lever.dose_unit)}。{GRADES[lever.bounds_grade]}：{zh(lever, 'bounds_reason')}"
    )
    return page(
        lever.label_zh,
        f"键：`{key}`；规划{lever.where}。出处：{zh(model.sources[lever.source], 'title')}。",
        "## 规划中的位置",
        table(("节或专栏", "措施"), named),
        "## 剂量",
        f"{plain_text(zh(lever, 'dose_of'))}，{bounds}。",
        "## 怎样起作用",
        table(("机制", "移动的流", "去向", "对象"), [way_row(way) for _, way in lever.ways(key)]),
        f"起效：{'；'.join(timing(lever)) or '当月'}。",
        "## 一单位剂量的效果" if parameters else "",
        table(PARAMETER_HEAD, parameter_rows(model, parameters)) if parameters else "",
        "## 单独作用的结果",
        f"{taken}（{path(shown, show)}），其余与基准情景相同；同一随机数下两次运行之差，"
        f"{result['draws']}次抽样。命令：`python -m ykforecast.assess.lever_effects`。",
        table(("指标", "剂量加大时", "口径", "单位", "中位数", "80%区间"), effect_rows(model, effect, lever)),
        "## 使用它的情景",
        table(("情景", "剂量", "依据"), used) if used else "无。",
    )


def lever_pages(model: ModelSpec) -> dict[str, str]:
    """A page for each lever, by its path below ``docs``."""
    result = json.loads(EFFECTS.read_text(encoding="utf-8"))
    return {f"model/levers/{key}.md": lever_page(model, key, result) for key in model.levers}
