"""Sensitivity in tables: what each indicator hangs on, and which statistics would narrow it (敏感性表)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.present.text import check_language, even_lines, percent

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Things named in a cell: so many at most, and none below this share of the variance.
_NAMED: Final = 3
_LEAST: Final = 0.05
_TITLE: Final = {
    "zh": "{scenario_zh}：2025年各指标的不确定性由什么决定（两组各{draws}次抽样）",
    "en": "{scenario_en}: what the outcomes of 2025 hang on (two samples of {draws} draws)",
}
_HEADINGS: Final = {
    "zh": ("序号", "指标", "概率%", "方差来自（总效应%）", "最敏感的参数（三分位概率%）", "最有用的统计（方差减少%）"),
    "en": (
        "no.",
        "indicator",
        "P %",
        "variance from (total effect %)",
        "parameter (P by thirds)",
        "statistic (fall of variance)",
    ),
}
_THEMES: Final = {
    "zh": ("主题", "一阶效应", "90%区间", "总效应", "90%区间", "达标一阶", "达标总效应"),
    "en": ("theme", "first order", "90 % interval", "total", "90 % interval", "first, target", "total, target"),
}
_PARAMETERS: Final = {
    "zh": ("参数", "方差份额", "90%区间", "达标份额", "KS距离", "概率：低", "中", "高"),
    "en": ("parameter", "variance", "90 % interval", "of the target", "KS", "P low", "middle", "high"),
}
_STATISTICS: Final = {
    "zh": ("统计", "方差减少", "90%区间", "达标方差减少", "90%区间"),
    "en": ("statistic", "fall of variance", "90 % interval", "of the target", "90 % interval"),
}
_RANKING: Final = {
    "zh": ("可补充的统计", "16项合计", "帮助最大的指标（达标方差减少%）"),
    "en": ("statistic", "all together", "helps most (fall of the variance of attainment, %)"),
}
_RANKING_TITLE: Final = {
    "zh": "可补充的统计：使各指标达标与否的不确定性 ΣP(1−P) 减少的比重",
    "en": "Statistics to collect: share of the sum of P (1 - P) that they take away",
}


def plain_sensitivity(found: xr.Dataset, model: ModelSpec, lang: str = "zh") -> str:
    """The tables as text of even columns: one row an indicator, or all of one indicator where there is one only.

    Parameters
    ----------
    found : Dataset
        From :func:`ykforecast.sensitivity`.
    model : ModelSpec
        Names of the indicators.
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    title = _TITLE[lang].format(**found.attrs)
    if found.sizes["indicator"] == 1:
        one = found.isel(indicator=0)
        name = getattr(model.indicators[str(one["indicator"].item())], f"label_{lang}")
        tables = [
            even_lines(_THEMES[lang], _theme_rows(one, lang), left={0}),
            even_lines(_PARAMETERS[lang], _parameter_rows(one, lang), left={0}),
            even_lines(_STATISTICS[lang], _statistic_rows(one, lang), left={0}),
        ]
        return "\n\n".join([f"{title} {name}", *("\n".join(lines) for lines in tables)])
    rows = even_lines(_HEADINGS[lang], _indicator_rows(found, model, lang), left={1, 3, 4, 5})
    ranking = even_lines(_RANKING[lang], _ranking(found, model, lang), left={0, 2})
    return "\n".join([title, *rows, "", _RANKING_TITLE[lang], *ranking])


def sensitivity_rows(found: xr.Dataset) -> dict[str, list[dict[str, Any]]]:
    """Records by ``theme``, ``parameter`` and ``statistic``, one for each of them and each indicator; no NaN."""
    names = {
        "theme": ("first", "total", "first_met", "total_met"),
        "parameter": ("parameter_share", "parameter_share_met", "separation"),
        "statistic": ("statistic_share", "statistic_share_met"),
    }
    found_rows: dict[str, list[dict[str, Any]]] = {}
    for what, variables in names.items():
        found_rows[what] = [
            {what: one, "indicator": key}
            | {name: _number(found[name].sel({what: one, "indicator": key}).item()) for name in variables}
            | {
                f"{name}_interval": [
                    _number(x) for x in found[f"{name}_interval"].sel({what: one, "indicator": key}).values
                ]
                for name in variables
                if f"{name}_interval" in found
            }
            for one in found[what].values.tolist()
            for key in found["indicator"].values.tolist()
        ]
    found_rows["ranking"] = [
        {"statistic": name, "resolution": _number(value)}
        for name, value in zip(found["statistic"].values.tolist(), found["statistic_resolution"].values, strict=True)
    ]
    return found_rows


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _share(value: float) -> str:
    """Share in whole per cent; chance may take an estimate a little below zero."""
    return "—" if np.isnan(value) else f"{100 * max(value, 0.0):.0f}"


def _interval(bounds: np.ndarray) -> str:
    return "—" if np.isnan(bounds).any() else f"{_share(bounds[0])}~{_share(bounds[1])}"


def _largest(values: np.ndarray, least: float = _LEAST, most: int = _NAMED) -> list[int]:
    sizes = np.nan_to_num(values)
    return [at for at in np.argsort(-sizes, kind="stable").tolist() if sizes[at] >= least][:most]


def _label(found: xr.Dataset, what: str, lang: str) -> list[str]:
    """Names of themes, parameters or statistics; parameters have their keys in English."""
    return [str(name) for name in found[f"{what}_{lang}" if f"{what}_{lang}" in found.coords else what].values]


def _named(values: np.ndarray, labels: list[str], lang: str, least: float = _LEAST, most: int = _NAMED) -> str:
    gap, between = ("", "，") if lang == "zh" else (" ", ", ")
    return between.join(f"{labels[at]}{gap}{_share(values[at])}" for at in _largest(values, least, most))


def _indicator_rows(found: xr.Dataset, model: ModelSpec, lang: str) -> Iterator[list[str]]:
    labels = {what: _label(found, what, lang) for what in ("theme", "parameter", "statistic")}
    for key in found["indicator"].values.tolist():
        one, spec = found.sel(indicator=key), model.indicators[key]
        parameter = "—"
        for at in _largest(one["parameter_share_met"].values, most=1):
            thirds = "/".join(percent(float(p)) for p in one["third_probability"].values[:, at])
            parameter = f"{labels['parameter'][at]} ({thirds})"
        yield [
            str(spec.number),
            getattr(spec, f"label_{lang}"),
            percent(float(one["probability"])),
            _named(one["total"].values, labels["theme"], lang),
            parameter,
            _named(one["statistic_share"].values, labels["statistic"], lang, most=2),
        ]


def _theme_rows(one: xr.Dataset, lang: str) -> Iterator[list[str]]:
    for at, label in enumerate(_label(one, "theme", lang)):
        cells = []
        for name in ("first", "total"):
            cells += [_share(one[name].values[at]), _interval(one[f"{name}_interval"].values[:, at])]
        yield [label, *cells, *(_share(one[f"{name}_met"].values[at]) for name in ("first", "total"))]


def _parameter_rows(one: xr.Dataset, lang: str) -> Iterator[list[str]]:
    labels = _label(one, "parameter", lang)
    for at in _largest(np.fmax(one["parameter_share"].values, one["parameter_share_met"].values), 0.01, 8):
        thirds = (percent(float(p)) for p in one["third_probability"].values[:, at])
        yield [
            labels[at],
            _share(one["parameter_share"].values[at]),
            _interval(one["parameter_share_interval"].values[:, at]),
            _share(one["parameter_share_met"].values[at]),
            "—" if np.isnan(one["separation"].values[at]) else f"{one['separation'].values[at]:.2f}",
            *thirds,
        ]


def _statistic_rows(one: xr.Dataset, lang: str) -> Iterator[list[str]]:
    labels = _label(one, "statistic", lang)
    for at in _largest(one["statistic_share"].values, 0.0, 8):
        cells = []
        for name in ("statistic_share", "statistic_share_met"):
            cells += [_share(one[name].values[at]), _interval(one[f"{name}_interval"].values[:, at])]
        yield [labels[at], *cells]


def _ranking(found: xr.Dataset, model: ModelSpec, lang: str) -> Iterator[list[str]]:
    labels, resolution = _label(found, "statistic", lang), found["statistic_resolution"].values
    names = [getattr(model.indicators[key], f"label_{lang}") for key in found["indicator"].values.tolist()]
    for at in np.argsort(-resolution, kind="stable").tolist():
        yield [
            labels[at],
            f"{100 * max(resolution[at], 0.0):.1f}%",
            _named(found["statistic_share_met"].values[at], names, lang, 0.02),
        ]
