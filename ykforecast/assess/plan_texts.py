"""What the plan and the model say in words, as data that a document can quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ykforecast.spec.parameter import grade_counts
from ykforecast.vocabulary.departments import departments_en
from ykforecast.vocabulary.units import UNITS_EN, from_base

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Evidence, Finding
    from ykforecast.spec.model import ModelSpec

#: Verdict on a published figure -> what it says.
_VERDICTS_EN: Final = {
    "fits": "which agrees with the model",
    "step": "rather a change of definition than of behaviour",
    "conflict": "in conflict with the model and left out; figure and definition have to be verified",
    "unused": "not used",
}
#: Digits of a digest that a report prints: enough to tell two models apart.
_SHORT: Final = 12


def measure_texts(model: ModelSpec) -> xr.Dataset:
    """Every measure of the plan with its section, the departments in charge and the numbers it prints.

    Parameters
    ----------
    model : ModelSpec

    Returns
    -------
    Dataset
        Dim ``measure`` (0, 1, ... in the order of the plan), texts: ``section`` (2.1, 专栏2), ``section_zh``,
        ``section_en``, ``place_en`` (2.1, Box 2), ``title_zh``, ``title_en``, ``departments`` (joined with 、, empty
        where the plan names none), ``departments_en``, ``figures_zh``, ``figures_en`` (numbers of the plan with
        what they count).
    """
    rows = [
        (
            place,
            section.title_zh,
            section.title_en,
            _box(place),
            one.title_zh,
            one.title_en,
            "、".join(one.departments),
            departments_en(one.departments, model.label_zh, model.label_en),
            "；".join(f"{figure.counts_zh}{figure.printed}" for figure in one.figures),
            "; ".join(f"{figure.counts}: {_quantity(figure.printed)}" for figure in one.figures),
        )
        for place in model.plan_sections
        for section in [model.measures.sections[place]]
        for one in section.measures
    ]
    return _texts(
        "measure",
        rows,
        section=("section or box of the plan", "章节或专栏"),
        section_zh=("title of the section", "章节名称"),
        section_en=("title of the section in English", "章节名称（英文）"),
        place_en=("section or box of the plan, in English", "章节或专栏（英文）"),
        title_zh=("measure", "任务与工程"),
        title_en=("measure in English", "任务与工程（英文）"),
        departments=("departments in charge", "责任部门"),
        departments_en=("departments in charge, in English", "责任部门（英文）"),
        figures_zh=("numbers of the plan", "规划列明的数量"),
        figures_en=("numbers of the plan in English", "规划列明的数量（英文）"),
    )


def conflict_texts(model: ModelSpec) -> xr.Dataset:
    """Where sources of an indicator disagree or its definition is open, and how it was read.

    Returns
    -------
    Dataset
        Dim ``note`` (0, 1, ...): ``indicator`` (key), ``text_zh``, ``text_en``.
    """
    rows = [
        (key, zh, _box(en))
        for key, spec in model.indicators.items()
        for zh, en in zip(spec.conflicts_zh or spec.conflicts, spec.conflicts, strict=True)
    ]
    return _texts(
        "note",
        rows,
        indicator=("key of the indicator", "指标的键"),
        text_zh=("what is open", "口径与出处问题"),
        text_en=("what is open, in English", "口径与出处问题（英文）"),
    )


def evidence_texts(evidence: Evidence, model: ModelSpec) -> xr.Dataset:
    """Published figures that the forecast was compared with, each with its verdict.

    Returns
    -------
    Dataset
        Dim ``finding`` (0, 1, ...): ``series`` (key), ``verdict``, ``text_zh``, ``text_en``; ``published``, base units,
        and its ``year``.
    """
    units = {name: series.unit for name, series in model.observations.items()}
    rows = [
        (one.observation.series, one.verdict, one.text_zh, _finding_en(one, units[one.observation.series]))
        for one in evidence.findings
    ]
    texts = _texts(
        "finding",
        rows,
        series=("key of the series", "序列的键"),
        verdict=("verdict", "结论"),
        text_zh=("what was found", "比对结果"),
        text_en=("what was found, in English", "比对结果（英文）"),
    )
    figures = {
        "published": ([one.observation.value for one in evidence.findings], "published figure, base units", "公布数"),
        "year": ([one.observation.year for one in evidence.findings], "year of the figure", "年份"),
    }
    return texts.assign(
        {
            name: ("finding", values, {"long_name": long_name, "label_zh": label_zh})
            for name, (values, long_name, label_zh) in figures.items()
        }
    )


def series_en(series: str) -> str:
    """English name of a series of observations, which has a Chinese label only: its key in words."""
    words = series.replace("_", " ").replace("gdp", "GDP")
    return words[0].upper() + words[1:]


def model_facts(model: ModelSpec, draws: int) -> xr.Dataset:
    """How many records the model holds, and how many of its parameters rest on what.

    Parameters
    ----------
    model : ModelSpec
    draws : int
        Of the run.

    Returns
    -------
    Dataset
        Counts: ``draws``, ``indicators``, ``binding``, ``levers``, ``sources``, ``measures``, ``parameters``, and
        ``grade_count`` (grade).
    """
    import xarray as xr

    grades = grade_counts(model.parameters)
    counts: dict[str, tuple[str, str, int]] = {
        "indicators": ("indicators", "指标数", len(model.indicators)),
        "binding": (
            "binding indicators",
            "约束性指标数",
            sum(model.targets[key].nature == "binding" for key in model.indicators),
        ),
        "levers": ("levers", "政策措施数", len(model.levers)),
        "sources": ("sources", "来源数", len(model.sources)),
        "parameters": ("parameters", "参数数", len(model.parameters)),
        "draws": ("draws", "抽样数", draws),
        "measures": (
            "measures",
            "任务与工程数",
            sum(len(model.measures.sections[place].measures) for place in model.plan_sections),
        ),
    }
    facts = xr.Dataset({name: ((), count) for name, (_, _, count) in counts.items()})
    for name, (long_name, label_zh, _) in counts.items():
        facts[name].attrs = {"long_name": long_name, "label_zh": label_zh, "units": "1"}
    facts["grade_count"] = xr.DataArray(
        list(grades.values()),
        dims="grade",
        coords={"grade": list(grades)},
        attrs={"long_name": "parameters of the grade", "label_zh": "各依据等级的参数数", "units": "1"},
    )
    digest = model.digest.partition(":")[2][:_SHORT]
    facts["digest"] = xr.DataArray(digest, attrs={"long_name": "digest of the model", "label_zh": "模型摘要码"})
    return facts


def _finding_en(finding: Finding, unit: str) -> str:
    one = finding.observation
    printed = f"{from_base(one.value, unit):.7g} ({UNITS_EN.get(unit, unit)})"
    return f"{series_en(one.series)}, {one.year}: published {printed}, {_VERDICTS_EN[finding.verdict]}."


def _box(text: str) -> str:
    """English text in which the boxes of the plan and its 左右 have their English names."""
    return re.sub(r"([\d.]+)左右", r"“about \1”", text.replace("专栏", "Box "))


def _quantity(printed: str) -> str:
    """A number of the plan in English: ten thousands written out, measure words left to what is counted."""
    text = re.sub(r"([\d.]+)万", lambda found: f"{float(found[1]) * 1e4:,.0f}", printed)
    text = re.sub(r"人均([\d.]+)元", r"\1 yuan a head", text).replace("分钟", " minutes")
    return re.sub(r"(?<=\d)[人家场大]", "", text)


def _texts(dim: str, rows: Sequence[tuple[str, ...]], **columns: tuple[str, str]) -> xr.Dataset:
    import numpy as np
    import xarray as xr

    cells = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in columns]
    variables: dict[str, Any] = {
        name: (dim, np.array(values, dtype=str), {"long_name": long_name, "label_zh": label_zh})
        for (name, (long_name, label_zh)), values in zip(columns.items(), cells, strict=True)
    }
    return xr.Dataset(variables, coords={dim: np.arange(len(rows))})
