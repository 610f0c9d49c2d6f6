"""Print the pages that only repeat the model files: indicators, levers, parameters, observations, scenarios, sources.

The pages are committed, so that a change of a number is seen in review; a test holds them to the model::

    python docs/print_model.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from ykforecast.assess.classes import RULES_FILE, RuleRecord
from ykforecast.data.model_files import load_model
from ykforecast.data.observations import published_figures
from ykforecast.data.toml_files import read_toml
from ykforecast.present.text import unit_label
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.observation import ObservationSeries

HERE = Path(__file__).resolve().parent
NOTICE = "<!-- Printed by docs/print_model.py from models/ and calibration_data/: edit those, not this page. -->"
METHODS = {"cohort": "队列模型", "series": "短期结构序列", "ledger": "台账"}
NATURES = {"binding": "约束性", "anticipatory": "预期性"}
BASES = {"level": "2025年值", "cumulative": "五年累计", "annual_mean": "年均"}
GRADES = {
    "observed": "observed 观测",
    "derived": "derived 推算",
    "borrowed": "borrowed 借用",
    "assumed": "assumed 假定",
}
COMPARED = {"level": "水平", "growth": "同一口径内的变化"}
KINDS = {"reference": "参照", "policy": "政策", "stress": "压力"}


def cell(value: object) -> str:
    """One cell of a table: a bar would end it, a line break would end the row."""
    text = "" if value is None else str(value)
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").split())


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in lines) + "\n"


def bounds(low: float, high: float) -> str:
    """Ends of an interval."""
    return f"{low:g} – {high:g}"


def indicators_page(model: ModelSpec) -> str:
    """Sixteen indicators with their targets, definitions and conflicts."""
    rows = []
    details = []
    for key, spec in model.indicators.items():
        target = model.targets[key]
        rows.append(
            (
                spec.number,
                f"`{key}`",
                spec.label_zh,
                unit_label(spec.unit),
                target.base_printed or "—",
                target.printed,
                BASES[target.basis],
                NATURES[target.nature],
                METHODS[spec.method],
            )
        )
        parts = [f"### {spec.number} {spec.label_zh}", f"`{key}` · {spec.label_en}", spec.definition + "."]
        if spec.department:
            parts.append(f"责任部门：{'、'.join(spec.department)}（{spec.department_where}）")
        if target.note:
            parts.append(f"目标的读法：{target.note}.")
        parts += ["\n".join(f"- {conflict}" for conflict in spec.conflicts)] if spec.conflicts else []
        details.append("\n\n".join(part.replace("<", "&lt;") for part in parts))
    head = ("序号", "键", "指标", "单位", "2020", "2025目标", "口径", "属性", "方法")
    text = "规划专栏1的十六项指标。2020与目标两列照规划原样；〔〕为五年累计数。"
    return page("指标与目标", text, table(head, rows), "## 逐项说明", *details)


def levers_page(model: ModelSpec) -> str:
    """Levers with dose, bounds and mechanism."""
    rows = [
        (
            f"`{key}` {lever.label_zh}（{lever.where}）",
            f"{lever.dose_of}；{lever.dose_unit}，{bounds(*lever.bounds)}",
            f"`{lever.mechanism}`：" + ", ".join(f"`{moved}`" for moved in lever.moves),
            "是" if lever.implemented else "否",
        )
        for key, lever in model.levers.items()
    ]
    head = ("措施（规划位置）", "剂量与上下限", "机制与作用对象", "已实现")
    text = (
        "从规划第二至四章读出的措施。剂量是在2020年政策之上的追加；剂量为零时，结果的每一位都不变。"
        "上下限的等级与理由、每项效果的先验见 [参数](parameters.md) 和 `models/yingkou/levers.toml`。"
    )
    return page("政策杠杆", text, table(head, rows))


def parameters_page(model: ModelSpec) -> str:
    """Parameters with value or prior, grade, source and reason."""
    counts = Counter(spec.grade for spec in model.parameters.values())
    rows = [
        (
            f"`{key}` {spec.label_zh}",
            spec.prior_text if spec.unit == "1" else f"{spec.prior_text} {spec.unit}",
            f"{GRADES[spec.grade]}：{spec.reason}" + (f"（`{spec.source}`）" if spec.source else ""),
        )
        for key, spec in model.parameters.items()
    ]
    head = ("参数", "取值或先验", "等级与理由")
    tally = "，".join(f"{GRADES[grade]} {counts[grade]} 个" for grade in GRADES if counts[grade])
    text = f"共 {len(rows)} 个参数：{tally}。`effect_` 开头的是一单位剂量的效果。"
    return page("参数", text, table(head, rows))


def observations_page(model: ModelSpec) -> str:
    """Series of observations with definitions, errors, steps and what is left out."""
    dates = [
        (f"`{name}`", rule.known or f"年末后{rule.lag_months}个月", f"{GRADES[rule.grade]}：{rule.reason}")
        for name, rule in model.publications.items()
    ]
    parts = ["## 何时可知", table(("出版物", "视为可知之日", "等级与理由"), dates), "## 逐列说明"]
    for key, series in model.observations.items():
        printed = published_figures(model, key)
        years = [f"{one.first_year}–{one.year}" if one.basis != "level" else f"{one.year}" for one in printed]
        facts = [
            ("对应的模型量", f"`{series.quantity}`" + ("" if series.modelled else "（模型不产生，只用于历史）")),
            ("比较", COMPARED[series.kind]),
            ("公布年份", "、".join(dict.fromkeys(years)) or "无：只有部门掌握"),
            *observation_facts(series),
        ]
        parts += [f"### {series.label_zh}", f"`{key}`", table(("项", "内容"), facts)]
    text = (
        "每个公布序列量的是什么、误差多大、何时可知。各数的出处见 [数据与来源](sources.md)；"
        "部门自报数用 `ykforecast.data.observation_form` 的表格填报，键与此页相同，十六项指标前加 `indicator:`。"
    )
    return page("观测序列", text, *parts)


def observation_facts(series: ObservationSeries) -> list[tuple[str, str]]:
    """Definitions, error, rounding, step and left-out years of one series."""
    facts = []
    for one in series.definitions:
        remarks = [f"比较{COMPARED[one.kind]}"] if one.kind else []
        remarks += [f"对应 `{one.quantity}`"] if one.quantity else []
        years = f"{one.first}" if one.last == one.first else f"{one.first}–{one.last or ''}"
        facts.append((f"口径 {years}", one.meaning + (f"（{'；'.join(remarks)}）" if remarks else "")))
    error, rounding, step = series.error, series.rounding, series.step
    size = f"{error.relative:.1%}" if error.relative is not None else f"{error.absolute:g}"
    facts.append(("误差标准差", f"{size}；{GRADES[error.grade]}：{error.reason}"))
    if rounding is not None:
        facts.append(("取整", f"{rounding.step:g}；{GRADES[rounding.grade]}：{rounding.reason}"))
    if step is not None:
        prior = (
            f"每年概率 {step.probability:g}，对数比为 t 分布（尺度 {step.scale:g}，自由度 {step.degrees_of_freedom:g}）"
        )
        facts.append(("口径突变的先验", f"{prior}；{GRADES[step.grade]}：{step.reason}"))
    facts += [(f"不用 {one.year}", one.reason) for one in series.excluded]
    return facts + ([("注", series.note)] if series.note else [])


def scenarios_page(model: ModelSpec) -> str:
    """Scenarios with doses and shocks."""
    parts = []
    for name, scenario in model.scenarios.items():
        kind = f"`{name}` · {KINDS[scenario.kind]}情景"
        parts += [f"## {scenario.label_zh or name}", kind, scenario.note or ""]
        rows = [
            (
                f"`{key}`",
                model.levers[key].label_zh,
                "，".join(f"{year}: {dose:g}" for year, dose in path.items()),
            )
            for key, path in scenario.doses.items()
        ]
        if rows:
            parts.append(table(("杠杆", "措施", "剂量"), rows))
        for downturn in scenario.shocks.downturns:
            parts.append(
                f"冲击：{downturn.start} 起，深度 {downturn.depth:g}（2020年初约为2.5）；"
                f"下行 {downturn.fall} 个月，持续 {downturn.hold} 个月，恢复 {downturn.recover} 个月。"
            )
        for label, path in (
            ("GDP增速", scenario.shocks.gdp_growth),
            ("净迁移率增减", scenario.shocks.migration),
        ):
            if path:
                parts.append(f"{label}：" + "，".join(f"{year}: {value:g}" for year, value in path.items()) + "。")
    text = "情景是一组有名称的剂量，建立在同一个模型之上；同一随机数下，两个情景之差只来自政策。"
    return page("情景", text, *parts)


def classes_page(model: ModelSpec) -> str:
    """Cut-offs of the four classes."""
    rows = []
    for key, entry in read_toml(model.folder / RULES_FILE).table.items():
        rule = RuleRecord.of(**entry)
        rows.append((f"`{key}`", f"{rule.value:g}", GRADES[rule.grade], rule.reason))
    text = "四个分类用语出自国家中期评估报告，界限是假定的，各地可在 `evaluation.toml` 中改写。"
    return page("分类界限", text, table(("键", "取值", "等级", "理由"), rows))


def sources_page(model: ModelSpec) -> str:
    """Publications behind the figures."""
    parts = []
    for key, source in model.sources.items():
        facts = [
            ("出版者", source.publisher),
            ("表", source.table),
            ("年份", source.year),
            ("公布", source.published),
            ("等级", GRADES[source.grade]),
            ("许可", source.licence),
        ]
        if source.after_base:
            facts.append(("用途", "描述2020年之后：基准预测从不读取"))
        conflicts = "\n".join(
            f"- `{one.variable}` 与 `{one.other}`：{cell(one.difference)}。取法：{cell(one.reading)}。"
            for one in source.conflicts
        )
        parts += [f"## {source.title}", f"`{key}`", table(("项", "内容"), facts)]
        parts += [f"与其他来源不一致之处：\n\n{conflicts}"] if conflicts else []
    text = (
        "`calibration_data/` 每个文件夹是一种出版物：`source.toml` 记来源，CSV 按原单位存数。"
        "等级：observed 为本市公布数，derived 为由公布数推算，borrowed 为借用省或全国的数，assumed 为假定。"
    )
    return page("数据与来源", text, *parts)


def page(title: str, *parts: str) -> str:
    """A page with its notice and title."""
    return "\n\n".join([NOTICE, f"# {title}", *(part.rstrip("\n") for part in parts)]) + "\n"


def pages(model: ModelSpec) -> dict[str, str]:
    """Every printed page by its path below ``docs``."""
    return {
        "model/indicators.md": indicators_page(model),
        "model/levers.md": levers_page(model),
        "model/parameters.md": parameters_page(model),
        "model/observations.md": observations_page(model),
        "model/scenarios.md": scenarios_page(model),
        "model/classes.md": classes_page(model),
        "model/sources.md": sources_page(model),
    }


def main() -> None:
    """Write every page."""
    for name, text in pages(load_model()).items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
