"""A small report in both languages, bound to a real run, with every kind of block and of chart."""

from __future__ import annotations

from dataclasses import replace

import xarray as xr

from ykforecast.assess.dossier import Dossier, indicator_paths
from ykforecast.assess.evaluation import evaluate
from ykforecast.assess.indicators import indicators
from ykforecast.documents import charts
from ykforecast.documents.blocks import Block, Cell, Column, Document, Figure, Gap, Paragraph, Section, Table
from ykforecast.documents.bound import Results
from ykforecast.documents.result_charts import (
    attainment_chart,
    fan_chart,
    progress_chart,
    pyramid_chart,
    scenario_chart,
)
from ykforecast.present.axes import finish, new_axes
from ykforecast.present.figures import attainment_bars, fan, scenario_comparison
from ykforecast.present.figures_by_age import pyramid
from ykforecast.present.text import CLASSES_EN, forecast_decimals, unit_label

#: What a user may call a scenario: markup and quotes must come out as letters.
HOSTILE = "</script><script>alert('你好')</script>\" onclick=\"x&amp;<!--"
KEY = "unemployment_insured"
_MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]


def made_dossier(runs, model, scenarios=("baseline", "plan")) -> Dossier:
    """Scorecard and paths of a run whose first scenario bears a hostile name."""
    drawn = indicators(runs).sel(scenario=list(scenarios))
    card = evaluate(drawn, model, as_of="2023-06-30")
    for lang in ("zh", "en"):
        names = card[f"scenario_{lang}"].values.tolist()
        card = card.assign_coords({f"scenario_{lang}": ("scenario", [HOSTILE, *names[1:]])})
    return Dossier(model, card, indicator_paths(drawn, model), run={"indicators": drawn})


def made_documents(dossier: Dossier, population: xr.DataArray) -> dict[str, Document]:
    """The report in Chinese and in English."""
    return {lang: _document(dossier, population, lang) for lang in ("zh", "en")}


def _document(dossier: Dossier, population: xr.DataArray, lang: str) -> Document:
    results, zh = Results(dossier.tree()), lang == "zh"

    def say(chinese: str, english: str) -> str:
        return chinese if zh else english

    at = {"scenario": "plan", "indicator": KEY}
    summary = Paragraph(
        (
            say("规划情景下，失业保险参保人数2025年中位数为", "Under the plan the unemployment insured reach "),
            results.number("scorecard", "outcome_median", unit="10k persons", decimals=1, **at),
            say("万人，完成目标的概率为", " ten thousand persons by 2025; the target is met with probability "),
            results.share("scorecard", "probability", **at),
            say("%，类别为", " %; class: "),
            results.text("scorecard", "class", **at),
            say("。", ". "),
            Gap(say("市人社局", "the labour bureau"), say("未达标的原因", "reasons"), lang),
        )
    )
    note = Paragraph(
        (
            say("情景：", "Scenario: "),
            results.text("scorecard", f"scenario_{lang}", scenario="baseline"),
            say("；", "; "),
            results.text("scorecard", f"progress_withheld_{lang}", **{**at, "indicator": "surveyed_unemployment_rate"}),
        ),
        "note",
    )
    # The hostile name appears as text, as a caption and inside charts.
    sections = (
        Section("summary", say("摘要", "Summary"), (summary, note), numbered=False),
        Section(
            "progress",
            say("主要指标进展情况", "Progress of the indicators"),
            (Paragraph((say("各项指标见下表。", "The table shows all of them."),)), _table(results, dossier, lang)),
            (
                Section("overall", say("总体判断", "Overall"), _overall(dossier, lang)),
                Section("insurance", say("社会保障", "Social security"), _insurance(dossier, lang)),
            ),
        ),
        Section("trends", say("形势变化与趋势预测", "Trends"), _made_up(population, lang)),
        Section(
            "annex",
            say("附件", "Annex"),
            (Paragraph((say("抽样", "drawn"),), "item"), Paragraph((say("复现", "replayed"),), "item")),
            numbered=False,
        ),
    )
    return Document(
        say(
            "营口市“十四五”就业和社会保障发展规划实施情况中期评估报告",
            "Mid-term evaluation of the employment plan of Yingkou",
        ),
        sections,
        subtitle=say("（征求意见稿）", "(draft for comment)"),
        front=(
            (say("时间进度", "elapsed"), results.share("scorecard", "elapsed")),
            (say("评估时点", "as of"), "2023-06-30"),
        ),
        lang=lang,
        date=say("2023年7月10日", "2023-07-10"),
        organ=Gap(say("市人社局", "the labour bureau"), lang=lang),
    )


def _table(results: Results, dossier: Dossier, lang: str) -> Table:
    zh, card = lang == "zh", dossier.card
    heads = (
        ("序号", "指标", "单位", "2025年", "概率", "类别") if zh else ("no.", "indicator", "unit", "2025", "%", "class")
    )
    aligns, widths = ("center", "left", "center", "right", "right", "center"), (0.6, 3.2, 0.8, 1, 0.8, 1.4)
    rows: list[tuple[str | Cell | Gap, ...]] = []
    for key in card["indicator"].values.tolist():
        at = {"scenario": "plan", "indicator": key}
        one = card.sel(indicator=key)
        unit = str(one["printed_unit"].item())
        number = results.number(
            "scorecard", "outcome_median", unit=unit, decimals=forecast_decimals(unit, int(one["decimals"])), **at
        )
        verdict = results.text("scorecard", "class", **at)
        rows.append(
            (
                results.count("scorecard", "number", indicator=key),
                results.text("scorecard", f"label_{lang}", indicator=key),
                unit_label(unit, lang) if not any(map(str.isdigit, unit_label(unit, lang))) else "",
                number if int(one["number"]) != 15 else Gap("退役军人局" if zh else "the veterans' bureau", lang=lang),
                results.share("scorecard", "probability", **at),
                replace(verdict, text=verdict.text if zh else CLASSES_EN[verdict.text]),
            )
        )
    return Table(
        "indicators",
        "主要指标完成情况" if zh else "The indicators",
        tuple(Column(*column) for column in zip(heads, aligns, widths, strict=True)),
        tuple(rows),
        unit="单位：见各行" if zh else "units as stated",
        notes=(Paragraph(("注：概率按目标口径。" if zh else "Probabilities on the basis of the target.",), "note"),),
        landscape=True,
        row_keys=tuple(card["indicator"].values.tolist()),
    )


def _overall(dossier: Dossier, lang: str) -> tuple[Block, ...]:
    card, zh = dossier.card, lang == "zh"
    return (
        Figure(
            "attainment",
            "完成目标的概率" if zh else "Probability of attainment",
            lambda: attainment_bars(card, "plan", lang),
            attainment_chart(card, "plan", lang),
            "各项指标完成目标的概率" if zh else "Probability of attainment of each indicator",
        ),
        Figure(
            "dumbbells",
            "完成进度与时间进度" if zh else "Progress and time",
            lambda: attainment_bars(card, "plan", lang),
            progress_chart(card, "plan", lang),
        ),
    )


def _insurance(dossier: Dossier, lang: str) -> tuple[Block, ...]:
    card, paths, model, zh = dossier.card, dossier.paths, dossier.model, lang == "zh"
    drawn = dossier.run["indicators"]
    observed = {2021: 241_000.0, 2022: 243_500.0}
    return (
        Figure(
            "fan",
            "失业保险参保人数" if zh else "Unemployment insured",
            lambda: fan(drawn, KEY, model, "plan", lang),
            fan_chart(paths, card, KEY, "plan", lang, observed),
        ),
        Figure(
            "scenarios",
            f"各情景比较 {HOSTILE}",
            lambda: scenario_comparison(drawn, KEY, model, lang),
            scenario_chart(paths, card, KEY, lang),
        ),
        Figure(
            "still", "城镇新增就业" if zh else "New jobs", lambda: fan(drawn, "new_urban_jobs", model, "plan", lang)
        ),
    )


def _made_up(population: xr.DataArray, lang: str) -> tuple[Block, ...]:
    """Kinds whose datasets other analyses make, with invented figures."""
    zh = lang == "zh"

    def still():
        return finish(new_axes())

    yuan = "亿元" if zh else "100m yuan"
    states = {
        "green": ("绿灯" if zh else "green", "#2e8b57"),
        "yellow": ("黄灯" if zh else "yellow", "#b8860b"),
        "red": ("红灯" if zh else "red", "#b3261e"),
    }
    row = [("green", "yellow", "red", "green")[at % 4] for at in range(len(_MONTHS))]
    return (
        Figure(
            "people",
            "人口金字塔" if zh else "Pyramid",
            lambda: pyramid(population, lang=lang),
            pyramid_chart(population, lang=lang),
        ),
        Figure(
            "lamps",
            "预警灯号" if zh else "Lamps",
            still,
            charts.lamps(
                _MONTHS,
                {
                    "调查失业率" if zh else "rate": row,
                    "领金人数" if zh else "benefits": ["", *row[1:]],
                    HOSTILE: row[::-1],
                },
                states,
            ),
        ),
        Figure(
            "fund",
            "基金收支" if zh else "Fund",
            still,
            charts.stacked(
                [2021, 2022, 2023, 2024, 2025],
                {
                    "征缴" if zh else "contributions": [50.1, 52.0, 53.4, 55.0, 56.2],
                    "补助" if zh else "subsidies": [20.0, 21.0, 22.0, 23.0, 24.0],
                    "支出" if zh else "pensions": [-68.0, -74.1, -79.9, -85.0, -90.4],
                },
                unit=yuan,
                decimals=1,
                over={"当期结余" if zh else "balance": [2.1, -1.1, -4.5, -7.0, float("nan")]},
            ),
        ),
        Figure(
            "revision",
            "预测修订" if zh else "Revision",
            still,
            charts.waterfall(
                ["人口" if zh else "people", "参与率" if zh else "participation", "政策" if zh else "policy"],
                [-0.42, 0.31, 0.66],
                total="本次" if zh else "now",
                unit="万人" if zh else "10k persons",
                decimals=2,
                start=("上次" if zh else "before", 25.9),
            ),
        ),
        Figure(
            "stress",
            "压力情景失业率" if zh else "Unemployment under stress",
            still,
            charts.lines(
                _MONTHS,
                [
                    charts.line("基准" if zh else "base", [5.5 + 0.01 * at for at in range(24)], 1),
                    charts.line(
                        "压力" if zh else "stress",
                        [5.5 + 0.1 * min(at, 12) for at in range(24)],
                        1,
                        tone=1,
                        dashed=True,
                    ),
                ],
                unit="%",
                decimals=1,
                levels=[charts.level("警戒线" if zh else "warning line", 6.0, 1)],
                low=5.0,
            ),
        ),
    )
