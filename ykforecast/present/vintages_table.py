"""Vintages of an archive and their scores, as text and as rows for machines (预测版本)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.present.text import even_lines, figure, forecast_decimals, unit_label

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.vintages import Vintage
    from ykforecast.spec.model import ModelSpec

#: Central interval whose coverage is printed, that of every table.
_LEVEL: Final = 0.8
_VINTAGES: Final = ("版本", "发布日", "公布数截至", "情景")
_SCORES: Final = (
    "版本",
    "指标",
    "年份",
    "公布数",
    "单位",
    "误差",
    "CRPS",
    "80%覆盖",
    "末值误差",
    "末值CRPS",
    "末值80%覆盖",
)
#: Scores of the forecast and of the last value, and how they are printed.
_PRINTED: Final = {
    "error": "+.4f",
    "crps": ".4f",
    "covered": ".0%",
    "naive_error": "+.4f",
    "naive_crps": ".4f",
    "naive_covered": ".0%",
}
_NOTE: Final = "注：误差为中位数减公布数，与CRPS同为公布数之比（比率为差）；末值为发布时已知的最后一个公布数。"


def vintage_rows(vintages: Sequence[Vintage]) -> list[dict[str, Any]]:
    """One record a vintage: key, dates in ISO form (``as_of`` None before any figure), scenarios."""
    return [
        {
            "key": one.key,
            "issued": one.issued.isoformat(),
            "as_of": None if one.as_of is None else one.as_of.isoformat(),
            "scenarios": one.table["scenario"].values.tolist(),
        }
        for one in vintages
    ]


def score_rows(scored: xr.Dataset) -> list[dict[str, Any]]:
    """One record a case of `assess.vintage_scores.vintage_scores`.

    ``crps`` and ``error`` are in the own unit of the series, ``covered`` is 1 where the central 80 % interval holds the
    figure; those of the last value begin with ``naive_`` and are None where nothing was known.
    """
    values = _values(scored)
    return [
        {name: scored[name].values[i].item() for name in ("vintage", "series", "year", "horizon", "observed")}
        | {name: _number(column[i]) for name, column in values.items()}
        for i in range(scored.sizes["case"])
    ]


def score_means(scored: xr.Dataset) -> dict[str, Any]:
    """Number of cases where a last value was known, and the means of `score_rows` over them; None without any."""
    values = _values(scored)
    # A rival without an answer in the hard cases must not win by them: both are averaged over the same cases.
    both = np.isfinite(values["naive_crps"])
    means = {name: _number(column[both].mean()) if both.any() else None for name, column in values.items()}
    return {"cases": int(both.sum())} | means


def plain_vintages(vintages: Sequence[Vintage]) -> str:
    """The list of vintages as text of even columns."""
    rows = [
        (row["key"], row["issued"], row["as_of"] or "基期", "、".join(row["scenarios"]))
        for row in vintage_rows(vintages)
    ]
    return "\n".join(even_lines(_VINTAGES, rows, left={0, 3}))


def plain_scores(scored: xr.Dataset, model: ModelSpec) -> str:
    """The scores as text of even columns, with the means in the last row."""
    lines = []
    for row in score_rows(scored):
        spec = model.indicators[row["series"]]
        observed = figure(row["observed"], spec.unit, forecast_decimals(spec.unit, spec.decimals))
        named = [row["vintage"], spec.label_zh, str(row["year"]), observed, unit_label(spec.unit)]
        lines.append([*named, *_cells(row)])
    means = score_means(scored)
    lines.append(["平均", f"共{means['cases']}例", "", "", "", *_cells(means)])
    return "\n".join([*even_lines(_SCORES, lines, left={0, 1, 4}), _NOTE])


def _values(scored: xr.Dataset) -> dict[str, Any]:
    one_level = scored.sel(level=_LEVEL)
    return {name: one_level[name].values.astype(float) for name in _PRINTED}


def _cells(row: dict[str, Any]) -> list[str]:
    return ["—" if row[name] is None else f"{row[name]:{style}}" for name, style in _PRINTED.items()]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
