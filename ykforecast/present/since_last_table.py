"""The forecast beside the previous one: what changed, and why (与上次预测比较)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ykforecast.present.revision_table import main_causes
from ykforecast.present.text import (
    CLASSES_EN,
    check_language,
    even_lines,
    figure,
    forecast_decimals,
    percent,
    scenario_label,
    signed,
    unit_label,
)

if TYPE_CHECKING:
    import xarray as xr

_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "上次", "本次", "变动", "上次概率%", "本次概率%", "类别", "主要原因"),
    "en": ("no.", "indicator", "unit", "before", "now", "change", "prob. % before", "now", "class", "main causes"),
}
_TITLE: Final = {
    "zh": "{scenario}：与上次预测比较（{before}，公布数截至{before_as_of}；本次截至{now_as_of}）",
    "en": "{scenario}: beside the previous forecast ({before}, figures up to {before_as_of}; now up to {now_as_of})",
}
_NOTE: Final = {
    "zh": "注：中位数，目标口径；两次均按现行目标与分类界限判断；原因按均值分解，各项之和为均值的变动。",
    "en": "Medians on the basis of the target; both judged by the present targets and cut-offs; causes share out the "
    "change of the mean.",
}
_FILES: Final = {"zh": "输入文件有变：{names}", "en": "Input files changed: {names}"}
_SETTINGS: Final = {"zh": "设定或版本有变：{names}", "en": "Settings or versions changed: {names}"}
_SAME: Final = {"zh": "两次预测的输入与设定相同。", "en": "Both forecasts had the same inputs and settings."}
_UNKNOWN: Final = {"zh": "未留存各原因的份额", "en": "shares of the causes were not kept"}
_BASE: Final = {"zh": "2020年底", "en": "the end of 2020"}


def plain_since_last(change: xr.Dataset, scenario: str, lang: str = "zh") -> str:
    """The comparison of one scenario as text of even columns, with what went in otherwise than before.

    Parameters
    ----------
    change : xr.Dataset
        From :func:`ykforecast.assess.since_last.since_last`.
    scenario : str
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    rows = [_cells(change.sel(scenario=scenario, indicator=key), lang) for key in change["indicator"].values.tolist()]
    days = {name: change.attrs[name] or _BASE[lang] for name in ("before_as_of", "now_as_of")}
    title = _TITLE[lang].format(scenario=scenario_label(change, scenario, lang), before=change.attrs["before"], **days)
    lines = even_lines(_HEADINGS[lang], rows, left={1, 2, 8, 9})
    return "\n".join([title, *lines, _NOTE[lang], *_inputs(change, lang)])


def change_records(change: xr.Dataset) -> list[dict[str, Any]]:
    """One record for each scenario and indicator, base units, with its causes."""
    records = []
    for scenario in change["scenario"].values.tolist():
        for key in change["indicator"].values.tolist():
            here = change.sel(scenario=scenario, indicator=key)
            records.append(
                {"scenario": scenario, "indicator": key, "new_figures": here["new_figures"].item()}
                | {
                    f"{side}_{name}": float(here[side].sel(quantile=share))
                    for side in ("before", "now")
                    for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))
                }
                | {
                    name: here[name].item()
                    for name in (
                        "median_change",
                        "mean_change",
                        "before_probability",
                        "now_probability",
                        "probability_change",
                        "probability_change_error",
                        "before_class",
                        "now_class",
                    )
                }
                | {"shares": dict(zip(change["cause"].values.tolist(), here["share"].values.tolist(), strict=True))}
            )
    return records


def _cells(here: xr.Dataset, lang: str) -> tuple[str, ...]:
    unit = str(here["printed_unit"].item())
    decimals = forecast_decimals(unit, int(here["decimals"]))
    labels = (
        here["cause_zh"].values.tolist() if lang == "zh" else [key.replace("_", " ") for key in here["cause"].values]
    )
    verdicts = [str(here[f"{side}_class"].item()) for side in ("before", "now")]
    if lang == "en":
        verdicts = [CLASSES_EN[name] for name in verdicts]
    return (
        str(here["number"].item()),
        str(here[f"label_{lang}"].item()),
        unit_label(unit, lang),
        *(figure(float(here[side].sel(quantile=0.5)), unit, decimals) for side in ("before", "now")),
        signed(float(here["median_change"]), unit, decimals),
        *(percent(float(here[f"{side}_probability"])) for side in ("before", "now")),
        verdicts[0] if verdicts[0] == verdicts[1] else " → ".join(verdicts),
        _UNKNOWN[lang] if bool(here["share"].isnull().any()) else _causes(here, labels, unit, decimals),
    )


def _causes(here: xr.Dataset, labels: list[str], unit: str, decimals: int) -> str:
    shares = [signed(float(value), unit, decimals) for value in here["share"].values]
    return "，".join(f"{labels[place]}{shares[place]}" for place in main_causes(here["share"], shares))


def _inputs(change: xr.Dataset, lang: str) -> list[str]:
    files = change.attrs["changed_files"].split()
    # The digest of a model says no more than those of its files; figures are named as causes.
    others = [
        place
        for place in change.attrs["changed"].split()
        if place.partition(".")[0] not in {"inputs", "assimilation", "as_of"} and place != "model.digest"
    ]
    said = [_FILES[lang].format(names="、".join(files))] if files else []
    said += [_SETTINGS[lang].format(names="、".join(others))] if others else []
    return said if change.attrs["changed"] else [_SAME[lang]]
