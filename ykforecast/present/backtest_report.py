"""Back-tests that answer when they are shown: a table in Chinese of every series and method, and the losses by name."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from functools import wraps
from typing import Any, Final

from ykforecast.assess.backtest import BacktestResult
from ykforecast.assess.backtest import backtest as _backtest
from ykforecast.assess.backtest_scores import STEPPED
from ykforecast.assess.case_scores import MODEL
from ykforecast.assess.rivals import RIVALS
from ykforecast.present.text import pad

METHODS_ZH: Final = {
    MODEL: "模型",
    STEPPED: "模型（含口径变动）",
    **{name: rival.label_zh for name, rival in RIVALS.items()},
    "survival": "只计存活",
    "same_growth": "同一增速",
}
SERIES_ZH: Final = {
    "forecast by age and sex": "人口：性别与年龄组",
    "forecast by district": "人口：县区",
    "withheld ages": "人口：留出年龄组",
    "withheld districts, even": "人口：留出县区（一）",
    "withheld districts, odd": "人口：留出县区（二）",
}
TITLES_ZH: Final = {
    2010: "2010年普查 → 2020年普查",
    2015: "2015年为基期 → 2016—2020年",
    "rolling": "逐年滚动：2016—2021年末 → 其后各年（至2022年）",
}
#: Causes of an error; for the census residents by cause.
PARTS_ZH: Final = {
    "population": "人口",
    "rates": "比率",
    "definition": "口径",
    "rest": "其余",
    "deaths": "死亡",
    "births": "出生",
    "migration": "迁移",
}
HEADINGS: Final = ("序列", "方法", "案例", "CRPS", "平均误差", "平均绝对误差", "80%覆盖", "与模型之差±误差")
_WIDTHS: Final = (42, 20, 6, 8, 10, 14, 9, 0)


class BacktestReport(BacktestResult):
    """Result of :func:`backtest` that prints its table."""

    def __repr__(self) -> str:
        lines = [f"{TITLES_ZH[self.base_year]}（{self.draws}次抽样；误差为公布数之比，比率为差；CRPS 越小越好）", ""]
        lines += [
            "".join(pad(cell, width) if width else cell for cell, width in zip(row, _WIDTHS, strict=True)).rstrip()
            for row in (HEADINGS, *report_rows(self))
        ]
        return "\n".join([*lines, "", *loss_lines(self)])


def label(result: BacktestResult, series: str) -> str:
    """Chinese name of a series of a back-test."""
    return result.labels.get(series) or SERIES_ZH.get(series, series)


def report_rows(result: BacktestResult) -> list[tuple[str, ...]]:
    """Text cells under `HEADINGS`: all cases, then each series; the model first, then each rival."""
    groups = [("全部", result.overall)]
    if result.table["steps_of_definition"].any():
        groups.append(("全部，不计2022年两次口径变动", result.without_steps))
    groups += [(label(result, name), found) for name, found in result.by_series.items()]
    return [
        (title if method == MODEL else "", METHODS_ZH[method], *_cells(one))
        for title, found in groups
        for method, one in found.items()
        # How steps by chance widen the forecast is said once, for all series.
        if method != STEPPED or found not in result.by_series.values()
    ]


def _cells(one: Any) -> tuple[str, ...]:
    coverage = one.get("coverage")
    difference = one.get("difference")
    error = one.get("error", math.nan)
    return (
        str(one["cases"]),
        f"{one['crps']:.4f}",
        f"{one['mean_error']:+.4f}",
        f"{one['mean_absolute_error']:.4f}",
        "—" if coverage is None else f"{coverage['0.80']:.0%}",
        "" if difference is None else f"{difference:+.4f}" + (f" ± {error:.4f}" if math.isfinite(error) else ""),
    )


def loss_lines(result: BacktestResult) -> list[str]:
    """One line for each series that the model loses, with the reason found."""
    if not result.losses:
        return ["没有一个序列输给朴素对手。"]
    found: dict[str, list[str]] = {}
    for loss in result.losses:
        found.setdefault(loss.series, []).append(f"{METHODS_ZH[loss.rival]}（{loss.difference:+.4f}）")
    reasons = {loss.series: loss.reason for loss in result.losses}
    return [
        f"输：{label(result, series)}，输给{'、'.join(rivals)}。{reasons[series] or '原因尚未查明。'}"
        for series, rivals in found.items()
    ]


def as_json(result: BacktestResult) -> dict[str, Any]:
    """Everything that the tables of a back-test are printed from, as JSON holds it: NaN is null."""
    table = result.table
    columns = [name for name in table.coords if table[name].dims == ("case",)]
    values = ["observed", "median", "p10", "p90"]
    cases = [
        {
            **{str(name): table[name].values[i].item() for name in [*columns, *values]},
            "pit": float(table["pit"].sel(forecast=MODEL).values[i]),
            "split": {part: float(table["split"].sel(part=part).values[i]) for part in table["part"].values.tolist()},
        }
        for i in range(table.sizes["case"])
    ]
    found = {
        "base_year": result.base_year,
        "draws": result.draws,
        "seed": result.seed,
        "overall": result.overall,
        "without_steps": result.without_steps,
        "by_series": result.by_series,
        "losses": [{one.name: getattr(loss, one.name) for one in fields(loss)} for loss in result.losses],
        "cases": cases,
    }
    plain: dict[str, Any] = json.loads(json.dumps(_without_nan(found), allow_nan=False))
    return plain


def _without_nan(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _without_nan(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_without_nan(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


@wraps(_backtest)
def backtest(*arguments: Any, **options: Any) -> BacktestReport:  # noqa: D103  # the docstring is the wrapped one's
    found = _backtest(*arguments, **options)
    return BacktestReport(**{one.name: getattr(found, one.name) for one in fields(found)})
