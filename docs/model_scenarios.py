"""Printed pages of the scenarios, and of the plan's measures against the levers."""

from __future__ import annotations

from functools import partial
from typing import Final

from model_levers import pages_below
from model_tables import page, plain_text, table

from ykforecast.present.model_words import dose, path, reasoned, shocks, tally, zh
from ykforecast.spec.measure import Measure, PlanFigure
from ykforecast.spec.model import ModelSpec

KINDS: Final = {"reference": "参照", "policy": "政策", "stress": "压力"}


def scenario_parts(model: ModelSpec, name: str, levers: str) -> list[str]:
    """Kind, note, doses and shocks of one scenario; ``levers`` is the way to the pages of the levers."""
    scenario = model.scenarios[name]
    parts = [f"{KINDS[scenario.kind]}情景，键：`{name}`"]
    parts += [f"{plain_text(zh(scenario, 'note'))}。"] if scenario.note else []
    rows = [
        (
            f"[{model.levers[key].label_zh}]({levers}/{key}.md) `{key}`",
            path(doses, partial(dose, unit=model.levers[key].dose_unit)),
            reasoned(scenario.reasons[key]) if key in scenario.reasons else "",
        )
        for key, doses in scenario.doses.items()
    ]
    return parts + ([table(("措施", "剂量", "依据"), rows)] if rows else []) + shocks(scenario)


def scenarios_page(model: ModelSpec) -> str:
    """What scenarios there are, each with a page of its own."""
    given = [reason for scenario in model.scenarios.values() for reason in scenario.reasons.values()]
    rows = [
        (
            f"[{scenario.label('zh')}](scenarios/{name}.md) `{name}`",
            KINDS[scenario.kind],
            zh(scenario, "note") if scenario.note else "",
            len(scenario.doses),
        )
        for name, scenario in model.scenarios.items()
    ]
    text = (
        "情景是一组有名称的剂量，建立在同一个模型之上；同一随机数下，两个情景之差只来自政策。"
        f"剂量的等级：{tally(given)}。剂量量的是什么，见[政策杠杆](levers.md)。"
        "情景可以用加号合在一起运行，如 `plan+slow-growth`：同一措施取较强的剂量，冲击相加。"
    )
    return page(
        "情景", text, table(("情景", "类别", "说明", "措施数"), rows), pages_below("scenarios", model.scenarios)
    )


def scenario_pages(model: ModelSpec) -> dict[str, str]:
    """A page for each scenario, by its path below ``docs``."""
    return {
        f"model/scenarios/{name}.md": page(scenario.label("zh"), *scenario_parts(model, name, "../levers"))
        for name, scenario in model.scenarios.items()
    }


def figure_words(model: ModelSpec, figure: PlanFigure) -> str:
    """A printed number, and the dose that it is or the reason why it is none."""
    said = f"{figure.printed}（{zh(figure, 'counts')}）"
    if figure.lever is None:
        return f"{said}：不作剂量，{zh(figure, 'reason')}"
    each = "每年的剂量" if figure.over == "year" else "五年剂量之和"
    return f"{said}：{model.levers[figure.lever].label_zh}{each}"


def measure_row(model: ModelSpec, measure: Measure) -> tuple[str, ...]:
    """One measure with its levers or its reason, and the numbers that it prints."""
    carried = "、".join(f"[{model.levers[key].label_zh}](levers/{key}.md)" for key in measure.levers)
    if measure.none is not None:
        carried = f"不移动十六项指标：{zh(model.measures.reasons[measure.none], 'text')}"
    return measure.title_zh, carried, "；".join(figure_words(model, figure) for figure in measure.figures)


def measures_page(model: ModelSpec) -> str:
    """Every section and box with its measures, levers and printed numbers."""
    sections = model.measures.sections
    measures = [measure for section in sections.values() for measure in section.measures]
    parts = []
    for place, section in sections.items():
        rows = [measure_row(model, measure) for measure in section.measures]
        parts += [f"## {place} {section.title_zh}", table(("措施", "由什么承担", "所印数字"), rows)]
    text = (
        f"规划第二至四章的{len(sections)}个节和专栏、{len(measures)}项措施，由哪些政策杠杆承担；"
        f"其中{sum(measure.none is not None for measure in measures)}项不移动十六项指标，并说明理由。"
        "`ykforecast check` 检查各节、各专栏是否都已覆盖，所印数字是否就是规划情景的剂量。"
    )
    return page("规划措施对照", text, *parts)
