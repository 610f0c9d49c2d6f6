"""Notes below the table of sixteen: how to read it, and both readings of a figure that changed its definition."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ykforecast.present.text import CLASSES_EN, figure, forecast_decimals, percent, printed_target, unit_label

if TYPE_CHECKING:
    import xarray as xr

_NOTE: Final = {
    "zh": "注：各年为中位数，2020年为规划公布数；〔〕内为五年累计数，年均为2021-2025年几何平均；"
    "区间与概率均按目标口径。",
    "en": "Years are medians, 2020 as printed in the plan; 〔〕 holds five-year sums, 'mean' the geometric "
    "mean of 2021-2025; interval and probability are on the target's basis.",
}
#: Under so few draws the ends of an interval and the probabilities say little: their error is five points or more.
_FEW: Final = 100
_FEW_NOTE: Final = {
    "zh": "抽样仅{draws}次，只供试运行：概率的抽样误差可达{error}个百分点；正式使用请抽样一千次以上。",
    "en": "Only {draws} draws, for trials: probabilities have a Monte Carlo error of up to {error} points; "
    "take a thousand or more for use.",
}
#: Beside the name of an indicator whose outcome holds a definition step, and before the note on it.
STEP_MARK: Final = "※"
_STEP_NOTE: Final = {
    "zh": "{mark}{number} {name}：含统计口径变动约{step}{unit}；按2020年口径中位数为{middle}{unit}，"
    "完成概率{chance}%。",
    "en": "{mark}{number} {name}: holds a definition step of about {step} {unit}; at the definitions of 2020 the "
    "median is {middle} {unit}, probability {chance} %.",
}
#: Beside the class of an indicator that is behind by the rules with its last published figure at the target.
CHECK_MARK: Final = "◇"
_CHECK_NOTE: Final = {
    "zh": "{mark}{number} {name}：公布数已达目标、口径待核（{year}年公布{published}{unit}，目标{target}）；"
    "类别仍按2025年完成概率与进度的界限。",
    "en": "{mark}{number} {name}: published figure at target; definition to be checked ({year}: {published} {unit}, "
    "target {target}); the class is still that of the probability in 2025 and of progress.",
}
#: On probabilities, which leave out that the counting may change again; a change of so much, in fractions, is named.
_FUTURE_NOTE: Final = {
    "zh": "概率按现行统计口径，不含今后的口径变动；按以往口径变动的频度计入后，变化在{points}个百分点及以上的为："
    "{changed}。",
    "en": "Probabilities leave out definition steps still to come; with steps as frequent as before, those that "
    "change by {points} points or more are: {changed}.",
}
_NAMED_CHANGE: Final = 0.05


def has_step(here: xr.Dataset) -> bool:
    """Whether the scorecard of one indicator and scenario holds a definition step that the table shows."""
    if "definition_step" not in here or math.isnan(float(here["definition_step"])):
        return False
    return float(_printed(here, "definition_step")) != 0.0


def to_check(here: xr.Dataset) -> bool:
    """Whether one indicator and scenario is behind although its last published figure is at the target."""
    return "check_definition" in here and bool(here["check_definition"])


def class_label(here: xr.Dataset, lang: str) -> str:
    """Class of one indicator and scenario as the table prints it, with its mark."""
    name = str(here["class"].item())
    return (name if lang == "zh" else CLASSES_EN[name]) + (CHECK_MARK if to_check(here) else "")


def table_notes(card: xr.Dataset, scenario: str, lang: str) -> list[str]:
    """Notes on the table, on what definition steps to come would do, on each indicator that holds one, on each figure.

    Parameters
    ----------
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate`.
    scenario : str
    lang : str
        ``zh`` or ``en``.
    """
    each = [card.sel(scenario=scenario, indicator=key) for key in card["indicator"].values.tolist()]
    return [
        _NOTE[lang],
        *_few_draws(card, lang),
        *future_steps_note(card, scenario, lang),
        *(_step_note(here, lang) for here in each if has_step(here)),
        *(_check_note(here, lang) for here in each if to_check(here)),
    ]


def _few_draws(card: xr.Dataset, lang: str) -> list[str]:
    draws = int(card.attrs.get("draws", _FEW))
    if draws >= _FEW:
        return []
    return [_FEW_NOTE[lang].format(draws=draws, error=f"{50.0 / math.sqrt(draws):.0f}")]


def future_steps_note(card: xr.Dataset, scenario: str, lang: str) -> list[str]:
    """What the probabilities would be with definition steps still to come: one note where it makes a difference."""
    if "future_steps_probability" not in card:
        return []
    changed = []
    for key in card["indicator"].values.tolist():
        here = card.sel(scenario=scenario, indicator=key)
        before, after = (float(here[name]) for name in ("probability", "future_steps_probability"))
        if abs(after - before) >= _NAMED_CHANGE:
            named = _named(here, lang)
            changed.append(f"{named['number']} {named['name']} {percent(before)}%→{percent(after)}%")
    if not changed:
        return []
    joined = ("、" if lang == "zh" else "; ").join(changed)
    return [_FUTURE_NOTE[lang].format(points=f"{100.0 * _NAMED_CHANGE:.0f}", changed=joined)]


def _step_note(here: xr.Dataset, lang: str) -> str:
    step = _printed(here, "definition_step")
    return _STEP_NOTE[lang].format(
        mark=STEP_MARK,
        **_named(here, lang),
        step=step if step.startswith("-") else f"+{step}",
        middle=_printed(here, "base_outcome_median"),
        chance=percent(float(here["base_probability"])),
    )


def _check_note(here: xr.Dataset, lang: str) -> str:
    return _CHECK_NOTE[lang].format(
        mark=CHECK_MARK,
        **_named(here, lang),
        year=int(here["published_year"]),
        published=_printed(here, "published", more=1),
        target=printed_target(str(here["target_printed"].item()), lang),
    )


def _named(here: xr.Dataset, lang: str) -> dict[str, str]:
    """Number, name and unit of an indicator."""
    return {
        "number": str(here["number"].item()),
        "name": str(here[f"label_{lang}"].item()),
        "unit": unit_label(str(here["printed_unit"].item()), lang),
    }


def _printed(here: xr.Dataset, name: str, more: int = 0) -> str:
    """A value as a forecast is printed, with so many decimals more."""
    unit = str(here["printed_unit"].item())
    return figure(float(here[name]), unit, forecast_decimals(unit, int(here["decimals"])) + more)
