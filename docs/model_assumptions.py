"""Printed pages of what the model takes as given: parameters, age curves, cut-offs and the numbers of other files."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final

from model_tables import page, table

from ykforecast.assess.classes import RULES_FILE, RuleRecord
from ykforecast.assess.likelihood import LikelihoodScale
from ykforecast.data.history_file import history_path
from ykforecast.data.toml_files import read_toml
from ykforecast.infer.economy_history import read_priors
from ykforecast.present.model_words import GRADES, NAMED_UNITS, plain, prior_words, reasoned, tally, typical, zh
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.vocabulary.dims import LABELS_ZH

#: Prefix of the parameters that say what a unit of dose does.
EFFECT: Final = "effect_"
#: What the tables of ``education.toml`` are.
EDUCATION: Final = {
    "ceiling": "各出生队列可达到的最高比例",
    "slope": "每晚出生十年，达到该程度的对数优势增量",
    "earlier_census": "2010年普查总数的约束宽度（对数优势的标准差）",
    "later_census": "2020年普查总数的约束宽度（对数优势的标准差）",
    "tilt": "年龄梯度的不确定性（各斜率共同因子对数的标准差）",
    "progression": "各年龄已达到该程度者占最终达到者的比例",
}
LEVELS: Final = ("primary", "junior", "senior", "college", "university")
MODES: Final = {"both": "两种做法通用", "all": "历史校准", "then": "回测"}


def parameter_rows(model: ModelSpec, parameters: Mapping[str, ParameterSpec]) -> list[tuple[str, ...]]:
    """Name, typical value, prior and grounds of each parameter."""
    return [
        (
            spec.label_zh + (f"（{NAMED_UNITS[spec.unit]}）" if spec.unit in NAMED_UNITS else "") + f" `{key}`",
            typical(key, spec),
            prior_words(spec),
            reasoned(spec) + (f"（{zh(model.sources[spec.source], 'title')}）" if spec.source in model.sources else ""),
        )
        for key, spec in parameters.items()
    ]


PARAMETER_HEAD: Final = ("参数", "取值（90%区间）", "先验", "依据")


def parameters_page(model: ModelSpec) -> str:
    """Parameters with value or prior, grade, source and reason; effects of the levers apart."""
    effects = {key: spec for key, spec in model.parameters.items() if key.startswith(EFFECT)}
    others = {key: spec for key, spec in model.parameters.items() if key not in effects}
    text = (
        f"共{len(model.parameters)}个参数：{tally(model.parameters.values())}。有先验的参数先列中位数，"
        "括号内是每十次抽样有九次落入的区间；只有一个数的是固定值。"
    )
    return page(
        "参数",
        text,
        "## 模型参数",
        f"{len(others)}个：{tally(others.values())}。",
        table(PARAMETER_HEAD, parameter_rows(model, others)),
        "## 措施效果",
        f"一单位剂量的效果，{len(effects)}个：{tally(effects.values())}。",
        table(PARAMETER_HEAD, parameter_rows(model, effects)),
    )


def stated(entry: Mapping[str, Any]) -> SimpleNamespace:
    """Grade and reason of a table that has no record of its own."""
    return SimpleNamespace(grade=entry["grade"], reason=entry["reason"], reason_zh=entry.get("reason_zh"))


def curve_tables(content: Mapping[str, Any], prefix: str = "") -> dict[str, Mapping[str, Any]]:
    """Tables with knots by their dotted name."""
    found: dict[str, Mapping[str, Any]] = {}
    for key, entry in content.items():
        if isinstance(entry, Mapping):
            found |= {f"{prefix}{key}": entry} if "ages" in entry else curve_tables(entry, f"{prefix}{key}.")
    return found


def knots(entry: Mapping[str, Any]) -> str:
    """Ages and values of a curve."""
    return "；".join(f"{age}岁 {plain(value)}" for age, value in zip(entry["ages"], entry["values"], strict=True))


def curve_rows(curves: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Name, knots and grounds of each curve."""
    return [(f"{entry['label_zh']} `{key}`", knots(entry), reasoned(stated(entry))) for key, entry in curves.items()]


CURVE_HEAD: Final = ("曲线", "节点", "依据")


def profiles_page(model: ModelSpec) -> str:
    """Age curves and the prior odds of turnover."""
    content = read_toml(model.folder / "profiles.toml").table
    curves = curve_tables(content)
    turnover = content["turnover"]
    rows = [(flow_words(name), plain(value)) for name, value in turnover["level"].items()]
    text = (
        f"本市没有公布分单岁的年龄曲线，共假定或借用{len(curves)}条：{tally(map(stated, curves.values()))}。"
        "节点之间用单调三次曲线连接；多数曲线只取形状，水平按公布总数校准。"
    )
    return page(
        "年龄曲线与月度流动",
        text,
        table(CURVE_HEAD, curve_rows(curves)),
        f"## {turnover['label_zh']}",
        f"{reasoned(stated(turnover))}。只有相互之比起作用，水平由求解得出。",
        table(("流动", "每月比数"), rows),
    )


def flow_words(name: str) -> str:
    """Origin and destination of a flow, ``farm_inactive`` or ``inactive_farm_urban``, in words."""
    return " → ".join(LABELS_ZH[part] for part in name.split("_")[:2]) + "".join(
        f"（{LABELS_ZH[part]}）" for part in name.split("_")[2:]
    )


def education_rows(content: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Assumptions on attainment: the numbers by level, and their grounds."""
    rows = []
    for key, entry in content.items():
        values = entry.get("values", ())
        parts = [f"{LABELS_ZH[level]}{plain(value)}" for level, value in zip(LEVELS, values, strict=False)]
        parts += [plain(entry["value"])] if "value" in entry else []
        parts += [f"标准差{plain(entry['standard_deviation'])}"] if "standard_deviation" in entry else []
        for level in LEVELS:
            if level in entry:
                steps = "、".join(map(plain, entry[level]["values"]))
                parts.append(f"{LABELS_ZH[level]}自{entry[level]['first_age']}岁起{steps}")
        rows.append((f"{EDUCATION[key]} `{key}`", "；".join(parts), reasoned(stated(entry))))
    return rows


def history_rows(model: ModelSpec, content: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Figures and parameters of 2015, each with the use that it is for."""
    rows = []
    for section in ("figures", "parameters"):
        for mode, tables in content[section].items():
            for key, entry in tables.items():
                base = model.parameters[key].model_dump(exclude_none=True) if section == "parameters" else {}
                kept = {name: base[name] for name in ("label_zh", "unit", "support") if name in base}
                role = "uncertainty" if "prior" in entry else "constant"
                spec = ParameterSpec.of(**{**kept, "role": role, **entry})
                name, value, prior, grounds = parameter_rows(model, {key: spec})[0]
                rows.append((name, MODES[mode], value, prior, grounds))
    return rows


def assumptions_page(model: ModelSpec) -> str:
    """Numbers of the files beside the parameters: education, estimates of the economy, the base year 2015."""
    education = read_toml(model.folder / "education.toml").table
    economy = read_priors(model.folder)
    history = read_toml(history_path(model)).table
    curves = {key: entry for mode in history["profiles"].values() for key, entry in curve_tables(mode).items()}
    past = [
        stated(entry)
        for section in ("figures", "parameters")
        for tables in history[section].values()
        for entry in tables.values()
    ]
    return page(
        "其他假定",
        "参数表以外的假定：受教育程度的队列模型、经济估计的弱先验，以及把模型设在2015年末时另取的数。",
        "## 受教育程度",
        f"{tally(map(stated, education.values()))}。",
        table(("假定", "取值", "依据"), education_rows(education)),
        "## 经济估计的弱先验",
        f"十个年度数据单独回答不了的部分，{tally(economy.values())}。",
        table(PARAMETER_HEAD, parameter_rows(model, economy)),
        "## 2015年末的模型",
        f"“历史校准”用两次普查和全部序列；“回测”只用2015年及以前公布的数。共{len(past)}个数：{tally(past)}。",
        table(("参数", "用途", *PARAMETER_HEAD[1:]), history_rows(model, history)),
        "## 2015年末的年龄曲线（回测）",
        table(CURVE_HEAD, curve_rows(curves)),
    )


def classes_page(model: ModelSpec) -> str:
    """Cut-offs of the four classes, and the words for probabilities."""
    rules = {key: RuleRecord.of(**entry) for key, entry in read_toml(model.folder / RULES_FILE).table.items()}
    rows = [(f"`{key}`", plain(rule.value), GRADES[rule.grade], zh(rule, "reason")) for key, rule in rules.items()]
    text = (
        "四个分类用语出自国家中期评估报告，报告没有给出界限；各地可在 `evaluation.toml` 中改写。"
        f"等级：{tally(rules.values())}。"
    )
    scale = LikelihoodScale.of_folder(model.folder)
    words = [(f"≥{plain(one.least)}", f"`{one.term_en}`", one.term_zh, one.phrase_zh) for one in scale.terms]
    grounds = {"用语": scale.scale, "译法": scale.translation, "评估用语": scale.phrases, "取整": scale.rounding}
    return page(
        "分类界限与概率用语",
        text,
        table(("键", "取值", "等级", "理由"), rows),
        "## 概率用语",
        "数与词同时给出；各地可在 `likelihood.toml` 中改写。",
        table(("概率", "IPCC用语", "中文", "评估用语"), words),
        table(("项", "等级", "理由"), [(name, GRADES[one.grade], zh(one, "reason")) for name, one in grounds.items()]),
    )
