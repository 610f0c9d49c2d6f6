"""Notes below the table of sixteen: how to read it, and both readings of a figure that changed its definition."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ykforecast.present.text import figure, forecast_decimals, percent, unit_label

if TYPE_CHECKING:
    import xarray as xr

_NOTE: Final = {
    "zh": "注：各年为中位数，2020年为规划公布数；〔〕内为五年累计数，年均为2021-2025年几何平均；"
    "区间与概率均按目标口径。",
    "en": "Years are medians, 2020 as printed in the plan; 〔〕 holds five-year sums, 'mean' the geometric "
    "mean of 2021-2025; interval and probability are on the target's basis.",
}
#: Beside the name of an indicator whose outcome holds a definition step, and before the note on it.
STEP_MARK: Final = "※"
_STEP_NOTE: Final = {
    "zh": "{mark}{number} {name}：含统计口径变动约{step}{unit}；按2020年口径中位数为{middle}{unit}，"
    "完成概率{chance}%。",
    "en": "{mark}{number} {name}: holds a definition step of about {step} {unit}; at the definitions of 2020 the "
    "median is {middle} {unit}, probability {chance} %.",
}


def has_step(here: xr.Dataset) -> bool:
    """Whether the scorecard of one indicator and scenario holds a definition step that the table shows."""
    if "definition_step" not in here or math.isnan(float(here["definition_step"])):
        return False
    return float(_printed(here, "definition_step")) != 0.0


def table_notes(card: xr.Dataset, scenario: str, lang: str) -> list[str]:
    """One note on the table, and one on each indicator that holds a definition step.

    Parameters
    ----------
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate`.
    scenario : str
    lang : str
        ``zh`` or ``en``.
    """
    one = card.sel(scenario=scenario)
    notes = [_NOTE[lang]]
    for key in card["indicator"].values.tolist():
        here = one.sel(indicator=key)
        if not has_step(here):
            continue
        step = _printed(here, "definition_step")
        notes.append(
            _STEP_NOTE[lang].format(
                mark=STEP_MARK,
                number=str(here["number"].item()),
                name=str(here[f"label_{lang}"].item()),
                step=step if step.startswith("-") else f"+{step}",
                unit=unit_label(str(here["printed_unit"].item()), lang),
                middle=_printed(here, "base_outcome_median"),
                chance=percent(float(here["base_probability"])),
            )
        )
    return notes


def _printed(here: xr.Dataset, name: str) -> str:
    unit = str(here["printed_unit"].item())
    return figure(float(here[name]), unit, forecast_decimals(unit, int(here["decimals"])))
