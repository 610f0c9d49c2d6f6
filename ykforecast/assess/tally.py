"""The judgement in numbers (总体判断计数): indicators per class and nature, and how far each is from its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.classes import CLASSES, CLASSES_EN
from ykforecast.assess.named import named
from ykforecast.vocabulary.units import printed_target

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Natures of a target, and both together.
NATURES: Final = ("binding", "anticipatory", "all")
_BASE: Final = "base units of the indicator"
_DESCRIBED: Final = {
    "count": ("indicators of the class", "各类指标数", "1"),
    "total": ("indicators of the nature", "指标数", "1"),
    "on_schedule": ("indicators that are not behind", "达到进度要求的指标数", "1"),
    "behind": ("indicators that are behind", "滞后的指标数", "1"),
    "gap": ("distance from the median of 2025 to the target", "2025年预测中位数与目标的差距", _BASE),
    "relative_gap": ("the same as a share of the target", "差距占目标的比例", "1"),
    "rank": ("place by probability, 1 the least probable", "按完成概率由低到高的位次", "1"),
    "verdict_zh": ("class, or the two that are not told apart", "判断", None),
    "verdict_en": ("class in English, or the two that are not told apart", "判断（英文）", None),
    "target_en": ("target as the plan prints it, in English", "目标（英文）", None),
    "check_count": ("behind with the published figure at the target", "滞后而公布数已达目标的指标数", "1"),
    "step_count": ("counted with a definition step", "含统计口径变动的指标数", "1"),
}


def tally(card: xr.Dataset, model: ModelSpec) -> xr.Dataset:
    """Count the classes of a scorecard, and measure what is missing in 2025.

    Parameters
    ----------
    card : Dataset
        Of :func:`ykforecast.evaluate`.
    model : ModelSpec
        Says on which side of its target an indicator attains it.

    Returns
    -------
    Dataset
        ``count`` (scenario, nature, class), ``total`` (nature), ``on_schedule`` and ``behind`` (scenario, nature), with
        nature binding, anticipatory or all; ``gap`` (scenario, indicator), base units, from the median to the target in
        the direction of the plan and nought where the median attains it; ``relative_gap``; ``rank`` by probability;
        ``verdict_zh``, ``verdict_en``; ``target_en`` (indicator); ``check_count`` and ``step_count`` (scenario).
    """
    import xarray as xr

    natures = xr.DataArray(list(NATURES), dims="nature", coords={"nature": list(NATURES)})
    of_nature = (card["nature"].drop_vars("nature") == natures) | (natures == NATURES[-1])
    classes = xr.DataArray(list(CLASSES), dims="class", coords={"class": list(CLASSES)})
    chosen = card["class"].reset_coords(drop=True)
    found = xr.Dataset(
        {
            "count": ((chosen == classes) & of_nature).sum("indicator").transpose("scenario", "nature", "class"),
            "total": of_nature.sum("indicator"),
        }
    )
    found["behind"] = found["count"].sel({"class": CLASSES[-1]}, drop=True)
    found["on_schedule"] = found["total"] - found["behind"]
    # A smaller figure is better where the target is an upper line.
    signs = [-1.0 if model.targets[key].sense == "at_most" else 1.0 for key in card["indicator"].values.tolist()]
    way = xr.DataArray(signs, dims="indicator", coords={"indicator": card["indicator"].values})
    gap = (way * (card["threshold"] - card["outcome_median"])).clip(min=0.0)
    found["gap"] = gap.reset_coords(drop=True).transpose("scenario", "indicator")
    found["relative_gap"] = found["gap"] / abs(card["target"].reset_coords(drop=True))
    order = np.argsort(np.argsort(card["probability"].transpose("scenario", "indicator").values, axis=1, kind="stable"))
    found["rank"] = (("scenario", "indicator"), order + 1)
    found["verdict_zh"] = card["class_range"].reset_coords(drop=True)
    english = np.vectorize(_english, otypes=[str])(found["verdict_zh"].values)
    found["verdict_en"] = found["verdict_zh"].copy(data=english)
    targets = [printed_target(text, "en") for text in card["target_printed"].values.tolist()]
    found["target_en"] = ("indicator", np.array(targets, dtype=str))
    nothing = xr.zeros_like(found["behind"].isel(nature=0, drop=True))
    for name, marked in (("check_count", "check_definition"), ("step_count", "definition_step")):
        found[name] = nothing
        if marked in card:
            found[name] = (card[marked].reset_coords(drop=True).fillna(0.0) != 0.0).sum("indicator") + nothing
    return named(found, _DESCRIBED, _DESCRIBED)


def _english(range_zh: str) -> str:
    """A class, or two of them, in English."""
    return " or ".join(english for name, english in CLASSES_EN.items() if name in range_zh)
