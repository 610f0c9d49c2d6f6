"""What a table prints beside the numbers of an indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ykforecast.vocabulary.units import base_unit

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec


def indicator_labels(model: ModelSpec) -> dict[str, tuple[str, list[Any]]]:
    """Coordinates along ``indicator``, so that a result can be shown without its model."""
    specs = list(model.indicators.values())
    targets = [model.targets[key] for key in model.indicators]
    columns: dict[str, list[Any]] = {
        "indicator": list(model.indicators),
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
    return {name: ("indicator", values) for name, values in columns.items()}
