"""Attribution in tables: what changed each indicator, and every part of one of them (归因表)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.intervals import QUANTILES
from ykforecast.present.text import check_language, even_lines, forecast_decimals, percent_error, signed, unit_label

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Parts named in the table of many indicators: so many at most, and none below this part of the largest.
_NAMED: Final = 4
_PART: Final = 0.05
_TITLES: Final = {
    ("levers", "zh"): "{scenario_zh}与{base_zh}之差的来源（{year}年，目标口径，{draws}次抽样）",
    (
        "levers",
        "en",
    ): "What makes {scenario_en} differ from {base_en} ({year}, on the basis of the target, {draws} draws)",
    ("causes", "zh"): "{scenario_zh}：{year}年比2020年变动的原因（{draws}次抽样）",
    ("causes", "en"): "{scenario_en}: causes of the change from 2020 to {year} ({draws} draws)",
    ("figures", "zh"): "{scenario_zh}：新数据使预测变动的原因（{year}年，目标口径，{draws}次抽样）",
    ("figures", "en"): "{scenario_en}: what interim figures changed in the forecast ({year}, {draws} draws)",
}
_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "变动", "概率变动", "主要来源"),
    "en": ("no.", "indicator", "unit", "change", "of probability", "main parts"),
}
_DETAIL: Final = {
    "zh": ("组", "项", "中位数", "80%区间", "对概率的贡献"),
    "en": ("group", "part", "median", "80 % interval", "in the probability"),
}
_WHOLE: Final = {"zh": "合计", "en": "all"}
_NOTES: Final = {
    "zh": "注：每次抽样内各项之和等于总变动；所列为各项的中位数（中位数不可加）{chances}。",
    "en": "Parts add up to the change in every draw; shown are medians, which do not add up{chances}.",
}
#: Only where there are probabilities to share out: a change from 2020 has none.
_CHANCES: Final = {"zh": "；概率变动为百分点，±为抽样误差", "en": ", and changes of probability in percentage points"}


def plain_attribution(found: xr.Dataset, model: ModelSpec, lang: str = "zh") -> str:
    """The table as text of even columns: one row an indicator, or every part where there is one indicator only.

    Parameters
    ----------
    found : Dataset
        From :func:`ykforecast.attribute`.
    model : ModelSpec
        Names and units of the indicators.
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    title = _TITLES[found.attrs["over"], lang].format(**found.attrs)
    if found.sizes["indicator"] == 1:
        [key] = found["indicator"].values.tolist()
        spec = model.indicators[key]
        name = spec.label_zh if lang == "zh" else spec.label_en
        title += f" {name}（{unit_label(spec.unit, lang)}）" if lang == "zh" else f": {name}, {spec.unit}"
        headings = [head for head in _DETAIL[lang] if head != _DETAIL[lang][4] or "probability_share" in found]
        lines = even_lines(headings, _parts(found.isel(indicator=0), spec.unit, _decimals(spec), lang), left={0, 1})
    else:
        headings = [head for head in _HEADINGS[lang] if head != _HEADINGS[lang][4] or "probability_share" in found]
        lines = even_lines(headings, _indicators(found, model, lang), left={1, 2, len(headings) - 1})
    note = _NOTES[lang].format(chances=_CHANCES[lang] if "probability_share" in found else "")
    return "\n".join([title, *lines, note])


def attribution_rows(found: xr.Dataset) -> list[dict[str, Any]]:
    """One record for each indicator and part, base units: median, ends of the 80 % interval, mean."""
    rows = []
    for key in found["indicator"].values.tolist():
        one = found.sel(indicator=key)
        for number, part in enumerate(found["part"].values.tolist()):
            share = one["share"].values[number]
            low, middle, high = np.quantile(share, QUANTILES).tolist()
            row = {"indicator": key, "part": part, "group": found["group"].values[number].item()}
            row |= {"median": middle, "p10": low, "p90": high, "mean": float(share.mean())}
            if "probability_share" in found:
                row |= {name: one[name].values[number].item() for name in ("probability_share", "probability_error")}
            rows.append(row)
    return rows


def _decimals(spec: Any) -> int:
    return forecast_decimals(spec.unit, spec.decimals) + 1


def _points(probability: float, error: float) -> str:
    """A change of a probability in percentage points with its Monte Carlo error."""
    return f"{100 * probability:+.1f}±{percent_error(error)}" if abs(probability) > 1e-9 else "0"


def _parts(one: xr.Dataset, unit: str, decimals: int, lang: str) -> Iterator[list[str]]:
    groups, names = (one[f"{what}_{lang}"].values.tolist() for what in ("group", "part"))
    last = ""
    for number, share in enumerate(one["share"].values):
        group = "" if groups[number] == last else groups[number]
        # A part that stands alone is its own group.
        group = "—" if group == names[number] else group
        row = [group, names[number], *_spread(share, unit, decimals)]
        if "probability_share" in one:
            row.append(_points(*(float(one[f"probability_{what}"][number]) for what in ("share", "error"))))
        last = groups[number]
        yield row
    row = [_WHOLE[lang], "", *_spread(one["difference"].values, unit, decimals)]
    if "probability_share" in one:
        row.append(f"{100 * float(one['probability_after'] - one['probability_before']):+.1f}")
    yield row


def _spread(share: np.ndarray, unit: str, decimals: int) -> tuple[str, str]:
    low, middle, high = (signed(value, unit, decimals) for value in np.quantile(share, QUANTILES).tolist())
    return middle, f"{low}~{high}"


def _indicators(found: xr.Dataset, model: ModelSpec, lang: str) -> Iterator[list[str]]:
    names = found[f"part_{lang}"].values.tolist()
    for key in found["indicator"].values.tolist():
        one, spec = found.sel(indicator=key), model.indicators[key]
        decimals = _decimals(spec)
        middles = np.median(one["share"].values, axis=1)
        gap = "" if lang == "zh" else " "
        printed = [signed(middle, spec.unit, decimals) for middle in middles.tolist()]
        parts = [f"{names[at]}{gap}{printed[at]}" for at in _largest(middles) if float(printed[at])]
        change = signed(float(np.median(one["difference"].values)), spec.unit, decimals)
        row = [str(spec.number), spec.label_zh if lang == "zh" else spec.label_en, unit_label(spec.unit, lang), change]
        if "probability_share" in one:
            row.append(f"{100 * float(one['probability_after'] - one['probability_before']):+.1f}")
        yield [*row, ("，" if lang == "zh" else ", ").join(parts)]


def _largest(middles: np.ndarray) -> list[int]:
    """Positions of the parts worth naming, the largest first."""
    sizes = np.abs(middles)
    order = np.argsort(-sizes, kind="stable").tolist()
    return [at for at in order if sizes[at] >= _PART * sizes.max()][:_NAMED]
