"""The page of a batch: each scenario and vintage with its sixteen outcomes. Plain HTML that needs no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from ykforecast.present.text import check_language, percent, printed_target, unit_label
from ykforecast.vocabulary.dims import HORIZON

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.scenario import Scenario

_SAID: Final = {
    "zh": {
        "title": "批量推演结果",
        "base": "由基期推演",
        "vintage": "按{day}已公布的数据",
        "scenario": "情景",
        "target": "目标",
        "note": "每格上行为2025年的中位数，下行为完成目标的概率（%，括号内为抽样误差的百分点）；目标为五年累计或年均的"
        "指标，上行仍是2025年当年。全部年份与区间见 {link}。",
        "other": "English",
        "brackets": "（{}）",
    },
    "en": {
        "title": "Results of the batch",
        "base": "From the base year",
        "vintage": "On the figures known by {day}",
        "scenario": "scenario",
        "target": "target",
        "note": "Each cell: median of 2025, and below it the probability that the target is met (per cent, Monte Carlo "
        "error in brackets); where the target is a sum or mean of five years the first line is still that of 2025. All "
        "years and intervals: {link}.",
        "other": "中文",
        "brackets": " ({})",
    },
}
_STYLE: Final = (
    "body{font-family:sans-serif;margin:1em}table{border-collapse:collapse;font-size:small}"
    "th,td{border:1px solid #bbb;padding:2px 6px;text-align:right;vertical-align:top}"
    "th{background:#eee}td:first-child,th:first-child{text-align:left;white-space:nowrap}"
)


def batch_page(rows: Iterable[Any], model: ModelSpec, scenarios: Sequence[Scenario], lang: str = "zh") -> str:
    """The page.

    Parameters
    ----------
    rows : iterable of SummaryRow
        Of ``batch.summary``.
    model : ModelSpec
        Names, units and targets of the indicators.
    scenarios : sequence of Scenario
        Their labels.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
        A whole page; every text in it is escaped.

    Raises
    ------
    RequestError
        Another language.
    """
    said = _SAID[check_language(lang)]
    labels = {one.name: one.label(lang) for one in scenarios}
    cells: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if row.year == HORIZON:
            chance = percent(float(row.probability))
            error = said["brackets"].format(f"{100 * float(row.probability_error):.1f}")
            cell = f"{escape(row.median)}<br>{escape(chance + error)}"
            cells.setdefault(row.vintage, {}).setdefault(row.scenario, []).append(cell)
    head = _head(model, said, lang)
    tables = []
    for vintage, by_scenario in cells.items():
        title = said["base"] if vintage == "base" else said["vintage"].format(day=vintage)
        body = "\n".join(
            f"<tr><td>{escape(labels[name])}<br><small>{escape(name)}</small></td>"
            + "".join(f"<td>{cell}</td>" for cell in of_scenario)
            + "</tr>"
            for name, of_scenario in by_scenario.items()
        )
        tables.append(f"<h2>{escape(title)}</h2>\n<table><thead>{head}</thead><tbody>\n{body}\n</tbody></table>")
    link = '<a href="summary.csv">summary.csv</a>'
    other = "index_en.html" if lang == "zh" else "index.html"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{escape(said["title"])}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{escape(said['title'])}</h1>\n"
        f'<p><a href="{other}">{escape(said["other"])}</a></p>\n'
        f"<p>{escape(said['note']).format(link=link)}</p>\n" + "\n".join(tables) + "\n</body></html>\n"
    )


def _head(model: ModelSpec, said: dict[str, str], lang: str) -> str:
    cells = [said["scenario"]]
    for key, spec in model.indicators.items():
        name = spec.label_zh if lang == "zh" else spec.label_en
        target = printed_target(model.targets[key].printed, lang)
        cells.append(f"{name}{said['brackets'].format(unit_label(spec.unit, lang))}\n{said['target']} {target}")
    return "<tr>" + "".join(f"<th>{escape(cell).replace(chr(10), '<br>')}</th>" for cell in cells) + "</tr>"
