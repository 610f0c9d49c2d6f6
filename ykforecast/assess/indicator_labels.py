"""What a table prints beside the numbers of an indicator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from ykforecast.vocabulary.units import base_unit

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec


#: What each of these coordinates is: English name, Chinese name, unit.
INDICATOR_WORDS: Final = {
    "indicator": ("key of the indicator", "指标的键", None),
    "number": ("row in the table of the plan", "序号", None),
    "label_zh": ("Chinese name of the indicator", "指标名称", None),
    "label_en": ("English name of the indicator", "指标英文名称", None),
    "unit": ("base unit of the indicator", "基本单位", None),
    "printed_unit": ("unit of the plan", "规划所用单位", None),
    "decimals": ("decimals that the plan prints", "规划所印小数位数", None),
    "base_printed": ("figure of 2020 as printed", "2020年公布数", None),
    "target_printed": ("target as printed, with its signs", "规划所印目标", None),
    "basis": ("basis of the target", "目标口径", None),
    "nature": ("nature of the target", "指标属性", None),
}
#: The same for the names of scenarios.
SCENARIO_WORDS: Final = {
    "scenario": ("scenario", "情景", None),
    "scenario_zh": ("Chinese name of the scenario", "情景名称", None),
    "scenario_en": ("English name of the scenario", "情景英文名称", None),
}


def indicator_labels(model: ModelSpec) -> dict[str, tuple[str, list[Any]]]:
    """Coordinates along ``indicator``, so that a result can be shown without its model."""
    return {name: ("indicator", values) for name, values in plan_table(model, model.indicators).items()}


def plan_table(model: ModelSpec, keys: Iterable[str]) -> dict[str, list[Any]]:
    """Columns of :data:`INDICATOR_WORDS` for some indicators."""
    keys = list(keys)
    specs, targets = [model.indicators[key] for key in keys], [model.targets[key] for key in keys]
    return {
        "indicator": keys,
        "number": [spec.number for spec in specs],
        "label_zh": [spec.label_zh for spec in specs],
        "label_en": [spec.label_en for spec in specs],
        "unit": [base_unit(spec.unit) for spec in specs],
        "printed_unit": [spec.unit for spec in specs],
        "decimals": [spec.decimals for spec in specs],
        "base_printed": [target.base_printed or "" for target in targets],
        "target_printed": [target.printed for target in targets],
        "basis": [target.basis for target in targets],
        "nature": [target.nature for target in targets],
    }
