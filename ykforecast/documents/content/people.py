"""四（一）人口与劳动力供给: participation by sex and age, the pyramid, and why the labour force changes."""

from __future__ import annotations

from typing import Any, Final

from ykforecast.documents.blocks import Block, Column, Figure, Span, Table
from ykforecast.documents.content.draft import Draft

_ALL: Final[dict[str, Any]] = {"residence": "all", "sex": "all", "age_group": "all"}


def people(draft: Draft) -> tuple[Block, ...]:
    """Blocks of the section."""
    if "supply" not in draft.results:
        return (draft.say("本次运行未测算劳动力供给。", "Labour supply was not computed in this run."),)
    first, last = draft.model.base_year, draft.model.horizon
    shown: dict[str, Any] = {"unit": "10k persons", "decimals": 2, "scenario": draft.main, "quantile": 0.5, **_ALL}
    said = draft.say(
        "{scenario}下，全市十六岁及以上常住人口由2020年的{people0}万人变为2025年的{people1}万人，劳动力由{force0}万人变为{force1}万人"
        "（均为中位数）。劳动力变动以{most}影响最大（平均{part}万人）。",
        "Under the {scenario} scenario, residents aged sixteen and over go from {people0} (10,000 persons) in 2020 "
        "to {people1} in 2025, and the labour force from {force0} to {force1} (medians). The largest contribution "
        "is {most} ({part} on average).",
        scenario=draft.results.text("scorecard", f"scenario_{draft.lang}", scenario=draft.main),
        people0=draft.results.number("supply", "population", year=first, **shown),
        people1=draft.results.number("supply", "population", year=last, **shown),
        force0=draft.results.number("supply", "labour_force", year=first, **shown),
        force1=draft.results.number("supply", "labour_force", year=last, **shown),
        most=draft.results.text("supply", f"cause_{draft.lang}", cause=_largest(draft)),
        part=draft.results.number(
            "supply",
            "labour_force_change_mean",
            unit="10k persons",
            decimals=2,
            sign=True,
            scenario=draft.main,
            year=last,
            cause=_largest(draft),
        ),
    )
    return (said, _table(draft), _pyramid(draft), _causes(draft))


def _largest(draft: Draft) -> str:
    parts = draft.results.group("supply")["labour_force_change_mean"].sel(scenario=draft.main, year=draft.model.horizon)
    return str(parts["cause"].values[abs(parts.values).argmax()])


def _table(draft: Draft) -> Table:
    data = draft.results.group("supply")
    years = (draft.model.base_year, draft.model.horizon)
    rows: list[tuple[Span, ...]] = []
    for group in data["age_group"].values.tolist():
        if group == "0-15":  # not of working age
            continue
        cells: list[Span] = [draft.results.text("supply", f"age_group_{draft.lang}", age_group=group)]
        for sex in ("male", "female"):
            at: dict[str, Any] = {"scenario": draft.main, "quantile": 0.5, "residence": "all", "sex": sex}
            at["age_group"] = group
            for variable, unit, decimals in (("labour_force", "10k persons", 2), ("participation_rate", "%", 1)):
                for year in years:
                    cell = draft.results.number("supply", variable, unit=unit, decimals=decimals, year=year, **at)
                    cells.append(cell)
        rows.append(tuple(cells))
    columns = [Column(draft.pick("年龄", "age"), "left", 1.6)]
    for sex in (draft.pick("男", "men"), draft.pick("女", "women")):
        for word in (draft.pick("劳动力", "labour force"), draft.pick("参与率%", "participation, %")):
            columns += [Column(f"{sex}{draft.pick('', ', ')}{word}{draft.pick('', ', ')}{year}") for year in years]
    return Table(
        "labour_by_age",
        draft.pick("分性别、年龄劳动力与参与率", "Labour force and participation by sex and age"),
        tuple(columns),
        tuple(rows),
        unit=draft.pick("单位：万人、%", "10,000 persons, %"),
        notes=(
            draft.say(
                "注：年末常住人口口径，各格为抽样中位数，各组中位数之和不一定等于合计的中位数。",
                "Residents at year end; medians of the draws, so groups need not add up to the total.",
                "note",
            ),
        ),
    )


def _pyramid(draft: Draft) -> Figure:
    from ykforecast.documents.result_charts import pyramid_chart
    from ykforecast.present.figures_by_age import pyramid

    population = draft.results.group("supply")["population_by_age"].sel(scenario=draft.main, sex=["male", "female"])
    return Figure(
        "pyramid",
        draft.pick("2020年与2025年人口金字塔", "Population pyramid, 2020 and 2025"),
        lambda: pyramid(population, lang=draft.lang),
        pyramid_chart(population, lang=draft.lang),
        text=draft.pick("轮廓为2020年，填充为2025年。", "Outline: 2020; filled: 2025."),
    )


def _causes(draft: Draft) -> Figure:
    from ykforecast.documents.charts import waterfall
    from ykforecast.present.figures_labour import labour_waterfall

    supply = draft.results.group("supply")
    parts = supply["labour_force_change_mean"].sel(scenario=draft.main, year=draft.model.horizon)
    return Figure(
        "labour_causes",
        draft.pick("2020—2025年劳动力变动的分解", "Change in the labour force by cause, 2020 to 2025"),
        lambda: labour_waterfall(supply, draft.main, lang=draft.lang),
        waterfall(
            supply[f"cause_{draft.lang}"].values.tolist(),
            (parts / 1e4).values.tolist(),
            total=draft.pick("合计", "total"),
            unit=draft.pick("万人", "10,000 persons"),
            decimals=2,
        ),
        text=draft.pick(
            "各原因的平均影响，逐项相加等于合计。", "Mean contribution of each cause; they add up to the total."
        ),
    )
