"""附表: every indicator by year with its interval, in every scenario."""

from __future__ import annotations

from typing import Any

from ykforecast.documents.blocks import Column, Section, Span, Table
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import unit_label
from ykforecast.vocabulary.dims import YEARS


def annex(draft: Draft) -> Section:
    """The tables."""
    tables = tuple(_series(draft, scenario) for scenario in (draft.main, *([draft.base] if draft.base else [])))
    return Section("annex", draft.pick("附表", "Annexed tables"), tables, numbered=False)


def _series(draft: Draft, scenario: str) -> Table:
    label = str(draft.results.value("scorecard", f"scenario_{draft.lang}", scenario=scenario))
    rows: list[tuple[Span, ...]] = []
    for key, spec in draft.model.indicators.items():
        cells: list[Span] = [draft.name(key), unit_label(spec.unit, draft.lang)]
        for year in YEARS:
            at: dict[str, Any] = {"scenario": scenario, "year": year}
            cells += [draft.level("paths", "value", key, quantile=level, **at) for level in (0.1, 0.5, 0.9)]
        rows.append(tuple(cells))
    columns = [Column(draft.pick("指标", "indicator"), "left", 2.6), Column(draft.pick("单位", "unit"), "center", 0.8)]
    for year in YEARS:
        columns += [
            Column(draft.pick(f"{year}年低", f"{year} low")),
            Column(draft.pick(f"{year}年中", f"{year} median")),
            Column(draft.pick(f"{year}年高", f"{year} high")),
        ]
    return Table(
        f"series_{draft.scenarios.index(scenario)}",
        draft.pick(f"主要指标年度预测（{label}）", f"Indicators by year ({label})"),
        tuple(columns),
        tuple(rows),
        landscape=True,
        notes=(
            draft.say(
                "注：低、高为80%区间的两端，中为中位数；累计型指标所列为当年数。",
                "Low and high: ends of the 80 % interval; sums of five years are given year by year.",
                "note",
            ),
        ),
        row_keys=tuple(draft.model.indicators),
    )
