"""附表: every indicator by year with its interval, in every scenario."""

from __future__ import annotations

from typing import Any, Final

from ykforecast.documents.blocks import Column, Section, Span, Table
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import unit_label
from ykforecast.vocabulary.dims import YEARS

#: Axis of a breakdown -> what it is called.
PARTS: Final = {"sex": ("性别", "sex"), "age_group": ("年龄", "age group"), "district": ("县区", "district")}


def annex(draft: Draft) -> Section:
    """The tables."""
    tables = tuple(_series(draft, scenario) for scenario in (draft.main, *([draft.base] if draft.base else [])))
    parts = tuple(_parts(draft, by) for by in PARTS if f"by_{by}" in draft.results)
    rates = (_rates(draft),) if "rate_probability" in draft.dossier.card else ()
    blocks = (*tables, *rates, *parts)
    return Section("annex", draft.pick("附表", "Annex tables"), blocks, numbered=False)


def _parts(draft: Draft, by: str) -> Table:
    """Medians of 2025 of every indicator that the model carries so far down."""
    group, year = f"by_{by}", draft.model.horizon
    data = draft.results.group(group)
    places = data[by].values.tolist()
    keys = [key for key in draft.model.indicators if bool(data["carried"].sel(indicator=key))]
    names = data[f"{by}_{draft.lang}"].values.tolist() if f"{by}_{draft.lang}" in data.coords else places
    rows: tuple[tuple[Span, ...], ...] = tuple(
        (
            draft.name(key),
            unit_label(draft.model.indicators[key].unit, draft.lang),
            *(
                draft.level(group, "value", key, scenario=draft.main, quantile=0.5, year=year, **{by: place})
                for place in places
            ),
        )
        for key in keys
    )
    return Table(
        group,
        draft.pick(f"2025年主要指标分{PARTS[by][0]}", f"Indicators of 2025 by {PARTS[by][1]}"),
        (
            Column(draft.pick("指标", "indicator"), "left", 2.6),
            Column(draft.pick("单位", "unit"), "center", 0.8),
            *(Column(str(name)) for name in names),
        ),
        rows,
        notes=(
            draft.say(
                "注：各格为中位数；每次抽样内各部分相加（比率按权重平均）等于全市。只列模型能够细分的指标。",
                "Medians; in every draw the parts add up to the city (rates as weighted averages). Only indicators "
                "that the model can split.",
                "note",
            ),
        ),
        row_keys=tuple(keys),
        landscape=len(places) > 4,
    )


def _rates(draft: Draft) -> Table:
    """Chance that the unemployment rate holds its line, by year and for the mean of years, true and published."""
    spans = (("year", YEARS), ("mean", YEARS[-1:]))
    words = {"published": ("公布值", "published"), "true": ("真值", "true")}
    rows: tuple[tuple[Span, ...], ...] = tuple(
        (
            words[rate][0 if draft.lang == "zh" else 1],
            *(
                draft.results.share(
                    "scorecard", "rate_probability", scenario=draft.main, rate=rate, span=span, year=year
                )
                for span, years in spans
                for year in years
            ),
        )
        for rate in draft.dossier.card["rate"].values.tolist()
    )
    return Table(
        "rate_by_year",
        draft.pick(
            "城镇调查失业率在控制目标以内的概率",
            "Probability that the surveyed urban unemployment rate is within its target",
        ),
        (
            Column(draft.pick("口径", "rate"), "left", 1.4),
            *(Column(f"{year}年" if draft.lang == "zh" else f"{year}") for year in YEARS),
            Column(draft.pick("五年平均", "five-year mean"), "right", 1.2),
        ),
        rows,
        unit=draft.pick("单位：%", "%"),
    )


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
                "Low and high: ends of the 80 % interval; for five-year totals, the figures of single years.",
                "note",
            ),
        ),
        row_keys=tuple(draft.model.indicators),
    )
