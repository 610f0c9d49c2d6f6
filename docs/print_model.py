"""Print the pages that only repeat the model files: what is assumed, observed, planned and where it comes from.

The pages are committed, so that a change of a number is seen in review; a test holds them to the model::

    python docs/print_model.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from model_assumptions import assumptions_page, classes_page, parameters_page, profiles_page
from model_levers import lever_pages, levers_page
from model_scenarios import measures_page, scenario_pages, scenarios_page
from model_tables import page, plain_text, table

from ykforecast.data.model_files import load_model
from ykforecast.data.observations import published_figures
from ykforecast.present.model_words import GRADES, error_size, plain, quantity_words, reasoned, tally, zh
from ykforecast.present.text import unit_label
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.observation import ObservationSeries

HERE = Path(__file__).resolve().parent
METHODS: Final = {"cohort": "队列模型", "series": "短期结构序列", "ledger": "台账"}
NATURES: Final = {"binding": "约束性", "anticipatory": "预期性"}
BASES: Final = {"level": "2025年值", "cumulative": "五年累计", "annual_mean": "年均"}
COMPARED: Final = {"level": "比较水平", "growth": "只比较同一口径内的变化"}


def indicators_page(model: ModelSpec) -> str:
    """Sixteen indicators with their targets, definitions and conflicts."""
    rows = []
    details = []
    for key, spec in model.indicators.items():
        target = model.targets[key]
        rows.append(
            (
                spec.number,
                spec.label_zh,
                unit_label(spec.unit),
                target.base_printed or "—",
                target.printed,
                BASES[target.basis],
                NATURES[target.nature],
                METHODS[spec.method],
            )
        )
        facts = [f"键：`{key}`", f"定义：{plain_text(zh(spec, 'definition'))}"]
        if spec.department:
            facts.append(f"责任部门：{'、'.join(spec.department)}（规划{spec.department_where}）")
        if target.note:
            facts.append(f"目标的读法：{plain_text(zh(target, 'note'))}")
        facts += [f"须注意：{plain_text(conflict)}" for conflict in zh(spec, "conflicts")]
        details.append(f"### {spec.number} {spec.label_zh}\n\n" + "\n".join(f"- {fact}。" for fact in facts))
    head = ("序号", "指标", "单位", "2020", "2025目标", "口径", "属性", "方法")
    text = "规划专栏1的十六项指标。2020与目标两列照规划原样；〔〕为五年累计数。"
    return page("指标与目标", text, table(head, rows), "## 逐项说明", *details)


def observations_page(model: ModelSpec) -> str:
    """Series of observations with definitions, errors, steps and what is left out."""
    dates = [
        (
            zh(model.sources[name], "title"),
            str(rule.known) if rule.known else f"次年{rule.lag_months}月末",
            reasoned(rule),
        )
        for name, rule in model.publications.items()
    ]
    parts = ["## 何时可知", table(("出版物", "视为可知之日", "依据"), dates), "## 逐列说明"]
    for key, series in model.observations.items():
        printed = published_figures(model, key)
        years = [f"{one.first_year}—{one.year}" if one.basis != "level" else f"{one.year}" for one in printed]
        facts = [
            ("对应的模型量", quantity_words(series.quantity) if series.modelled else "模型不产生此量，只用于历史"),
            ("比较方法", COMPARED[series.kind]),
            ("公布年份", "、".join(dict.fromkeys(years)) or "无：只有部门掌握"),
            *observation_facts(series),
        ]
        parts += [f"### {series.label_zh}", f"键：`{key}`", table(("项", "内容"), facts)]
    judged = [
        one for series in model.observations.values() for one in (series.error, series.rounding, series.step) if one
    ]
    text = (
        f"每个公布序列量的是什么、误差多大、何时可知，共{len(model.observations)}列。"
        f"误差、取整和口径突变的等级：{tally(judged)}。各数的出处见[数据与来源](sources.md)。"
        "部门自报数用 `ykforecast.data.observation_form` 的表格填报，键与此页相同，十六项指标前加 `indicator:`。"
    )
    return page("观测序列", text, *parts)


def observation_facts(series: ObservationSeries) -> list[tuple[str, str]]:
    """Definitions, error, rounding, step and left-out years of one series."""
    facts = []
    for one in series.definitions:
        remarks = [COMPARED[one.kind]] if one.kind and one.kind != series.kind else []
        remarks += [f"对应{quantity_words(one.quantity)}"] if one.quantity else []
        years = {one.first: f"{one.first}年", None: f"{one.first}年起"}.get(one.last, f"{one.first}—{one.last}年")
        facts.append((f"口径，{years}", zh(one, "meaning") + (f"（{'；'.join(remarks)}）" if remarks else "")))
    error, rounding, step = series.error, series.rounding, series.step
    if error.relative is not None:
        size = f"该数的{plain(100 * error.relative)}%"
    else:
        size = error_size(error.absolute, series.unit)
    if error.drift is not None:
        size += f"，另每年漂移{plain(100 * error.drift)}%"
    facts.append(("误差标准差", f"{size}。{reasoned(error)}"))
    if rounding is not None:
        facts.append(("取整", f"{error_size(rounding.step, series.unit)}。{reasoned(rounding)}"))
    if step is not None:
        prior = f"每年概率{plain(100 * step.probability)}%；幅度的对数比服从自由度{plain(step.degrees_of_freedom)}"
        facts.append(("口径突变的先验", f"{prior}、尺度{plain(step.scale)}的t分布。{reasoned(step)}"))
    facts += [(f"{one.year}年不用", zh(one, "reason")) for one in series.excluded]
    return facts + ([("注", zh(series, "note"))] if series.note else [])


def sources_page(model: ModelSpec) -> str:
    """Publications behind the figures."""
    parts = []
    for key, source in model.sources.items():
        facts = [
            ("出版者", zh(source, "publisher")),
            ("表", zh(source, "table")),
            ("最末年份", source.year),
            ("公布", source.published),
            ("等级", GRADES[source.grade]),
            ("许可", zh(source, "licence")),
        ]
        if source.after_base:
            facts.append(("用途", "描述2020年之后：基准预测从不读取"))
        names = {other: zh(record, "title") for other, record in model.sources.items()}
        conflicts = "\n".join(
            f"- `{one.variable}`（另见{names.get(one.other, one.other) if one.other != key else '同一来源'}）："
            f"{plain_text(zh(one, 'difference'))}。取法：{plain_text(zh(one, 'reading'))}。"
            for one in source.conflicts
        )
        parts += [f"## {zh(source, 'title')}", f"键：`{key}`", table(("项", "内容"), facts)]
        parts += [f"与其他数不一致之处：\n\n{conflicts}"] if conflicts else []
    text = (
        "`calibration_data/` 每个文件夹是一种出版物：`source.toml` 记来源，CSV 按原单位存数。"
        f"共{len(model.sources)}种，等级：{tally(model.sources.values())}。"
        "观测为本市公布数，推算为由公布数算出，借用为省或全国的数，假定为自定的数。"
    )
    return page("数据与来源", text, *parts)


def pages(model: ModelSpec) -> dict[str, str]:
    """Every printed page by its path below ``docs``."""
    return {
        "model/indicators.md": indicators_page(model),
        "model/levers.md": levers_page(model),
        **lever_pages(model),
        "model/measures.md": measures_page(model),
        "model/parameters.md": parameters_page(model),
        "model/profiles.md": profiles_page(model),
        "model/assumptions.md": assumptions_page(model),
        "model/observations.md": observations_page(model),
        "model/scenarios.md": scenarios_page(model),
        **scenario_pages(model),
        "model/classes.md": classes_page(model),
        "model/sources.md": sources_page(model),
    }


def main() -> None:
    """Write every page."""
    for name, text in pages(load_model()).items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
