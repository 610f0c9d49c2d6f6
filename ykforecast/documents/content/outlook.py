"""四、形势变化与趋势预测: people, work, insurance, scenarios, and what changed since the last forecast."""

from __future__ import annotations

from collections.abc import Sequence

from ykforecast.documents.blocks import Block, Column, Figure, Section, Span, Table
from ykforecast.documents.content.changes import changes
from ykforecast.documents.content.draft import Draft
from ykforecast.documents.content.fund import fund
from ykforecast.documents.content.people import people
from ykforecast.present.text import unit_label

_WORK = ("new_urban_jobs", "surveyed_unemployment_rate", "urban_employment_share")
_INSURED = (
    "pension_employees_total",
    "medical_coverage",
    "unemployment_insured",
    "work_injury_insured",
)
#: Indicators whose scenarios are drawn side by side.
_DRAWN = ("surveyed_unemployment_rate", "unemployment_insured")


def outlook(draft: Draft) -> Section:
    """The chapter."""
    sections = (
        Section("outlook_people", draft.pick("人口与劳动力供给", "Population and labour supply"), people(draft)),
        Section("outlook_work", draft.pick("就业与失业", "Employment and unemployment"), _paths(draft, _WORK)),
        Section("outlook_insured", draft.pick("参保人群", "Social insurance coverage"), _paths(draft, _INSURED)),
        Section("outlook_fund", draft.pick("养老保险基金", "Pension funds"), fund(draft)),
        Section("outlook_scenarios", draft.pick("情景比较", "Scenarios"), _scenarios(draft)),
        Section("outlook_changes", draft.pick("与上次预测比较", "Change since the last forecast"), changes(draft)),
    )
    return Section("outlook", draft.pick("形势变化与趋势预测", "Outlook"), sections=sections)


def _paths(draft: Draft, keys: Sequence[str]) -> tuple[Block, ...]:
    """One sentence an indicator: the medians of the first and the last year of the forecast."""
    first, last = max(draft.model.base_year + 1, draft.as_of.year), draft.model.horizon
    return tuple(
        draft.say(
            f"{{name}}：预测{first}年为{{start}}{{unit}}，2025年为{{end}}{{unit}}（80%区间为{{low}}～{{high}}{{unit}}）。",
            f"{{name}}: {{start}}{{unit}} forecast for {first} and {{end}}{{unit}} for 2025 "
            "(80 % interval {low} to {high}{unit}).",
            name=draft.titled(key),
            unit=draft.unit(key),
            start=draft.level("paths", "value", key, scenario=draft.main, year=first, quantile=0.5),
            end=draft.level("paths", "value", key, scenario=draft.main, year=last, quantile=0.5),
            low=draft.level("paths", "value", key, scenario=draft.main, year=last, quantile=0.1),
            high=draft.level("paths", "value", key, scenario=draft.main, year=last, quantile=0.9),
        )
        for key in keys
        if key in draft.model.indicators
    )


def _scenarios(draft: Draft) -> tuple[Block, ...]:
    if draft.base is None or "difference" not in draft.results:
        return (draft.say("本次运行只有一个情景。", "This run holds one scenario only."),)
    said = draft.say(
        "“{main}”假定规划各项措施按规划列明的数量如期落实，“{base}”假定延续2020年的政策。两者使用同一组抽样，差值只反映"
        "措施；措施的"
        "效果多数取自假定或外地研究，差值是条件推算，不是已观察到的成效。",
        "The “{main}” scenario assumes that measures are carried out in the quantities that the plan prints, "
        "“{base}” that the policies of 2020 continue. Both use the same random draws, so they differ by the "
        "measures alone. Most effects of measures are assumed or borrowed: the difference is conditional on them "
        "and is not an observed result.",
        main=draft.results.text("scorecard", f"scenario_{draft.lang}", scenario=draft.main),
        base=draft.results.text("scorecard", f"scenario_{draft.lang}", scenario=draft.base),
    )
    return (
        said,
        _comparison(draft, draft.base),
        *(_drawn(draft, key) for key in _DRAWN if key in draft.model.indicators),
    )


def _comparison(draft: Draft, base: str) -> Table:
    rows: list[tuple[Span, ...]] = [
        (
            draft.name(key),
            unit_label(spec.unit, draft.lang),
            draft.outcome(key, base),
            draft.outcome(key),
            draft.level("difference", "outcome_change", key, sign=True),
            draft.probability(key, base),
            draft.probability(key),
        )
        for key, spec in draft.model.indicators.items()
    ]
    names = {
        one: str(draft.results.value("scorecard", f"scenario_{draft.lang}", scenario=one)) for one in (base, draft.main)
    }
    return Table(
        "scenarios",
        draft.pick("各情景2025年结果与差值", "Outcomes for 2025 by scenario"),
        (
            Column(draft.pick("指标", "indicator"), "left", 2.4),
            Column(draft.pick("单位", "unit"), "center", 0.8),
            Column(names[base], "right", 0.95),
            Column(names[draft.main], "right", 0.95),
            Column(draft.pick("差值", "difference"), "right", 0.9),
            Column(draft.pick(f"{names[base]}完成概率%", f"{names[base]}, probability %"), "right", 1.0),
            Column(draft.pick(f"{names[draft.main]}完成概率%", f"{names[draft.main]}, probability %"), "right", 1.0),
        ),
        tuple(rows),
        notes=(
            draft.say(
                "注：按目标口径的中位数；差值为同一抽样下两情景之差的中位数，不一定等于中位数之差。",
                "Medians on the basis of the target; the difference is the median of paired differences, not the "
                "difference of medians.",
                "note",
            ),
        ),
        row_keys=tuple(draft.model.indicators),
    )


def _drawn(draft: Draft, key: str) -> Figure:
    from ykforecast.documents.result_charts import scenario_chart
    from ykforecast.present.figures_paths import scenarios_of_paths

    return Figure(
        f"scenarios_{key}",
        draft.pick(f"{draft.name(key)}情景比较", f"{draft.name(key)} by scenario"),
        lambda: scenarios_of_paths(draft.dossier.paths, key, draft.model, draft.lang),
        scenario_chart(draft.dossier.paths, draft.dossier.card, key, draft.lang),
        text=draft.pick(
            "各情景的中位数与80%区间，虚线为目标。", "Median and 80 % interval of each scenario; dashed line: target."
        ),
    )
