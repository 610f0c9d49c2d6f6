"""The sheet of main indicators, whose progress, pace and required pace are formulas that officials can follow.

The date of evaluation may be changed and actual figures typed in; everything else follows by the arithmetic of
`assess.progress`. At the date of the run the formulas give its very numbers; at another date they draw straight lines
between the yearly medians of the forecast, as the sheet says.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.classes import ClassRules
from ykforecast.assess.progress import END, PLAN_YEARS, START, elapsed
from ykforecast.data.workbook import put_text
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.excel_formulas import ELAPSED_SHARE, WHOLE_YEARS, YEAR_PART, RowFormulas
from ykforecast.documents.excel_sheet import write_notes, write_title
from ykforecast.documents.excel_style import dress, fit_rows, number_format, set_page, set_widths
from ykforecast.present.text import CLASSES_EN, forecast_decimals, printed_target, scenario_label, unit_label
from ykforecast.vocabulary.dims import BASE_YEAR, YEARS
from ykforecast.vocabulary.units import from_base

if TYPE_CHECKING:
    from ykforecast.assess.dossier import Dossier
    from ykforecast.documents.blocks import Cell
    from ykforecast.documents.bound import Results
    from ykforecast.documents.excel_sheet import Annex
    from ykforecast.spec.target import TargetSpec

#: First row of the dates, of the head and of the indicators.
_DATES_ROW: Final = 3
_HEAD_ROW: Final = 10
FIRST_ROW: Final = _HEAD_ROW + 1
#: Columns on the first of two printed pages; title and notes stand above and below them.
_FIRST_PAGE: Final = 14
#: Names of the workbook that formulas read, in the order of their rows: formula (or None for a value) and words.
_DATES: Final = {
    "as_of": (None, "评估时点（可改）", "Date of evaluation (may be changed)"),
    "run_as_of": (None, "本次运行的时点", "Date of this run"),
    "whole_years": (WHOLE_YEARS, "已过整年数", "Whole years passed"),
    "year_part": (YEAR_PART, "当年已过的比例", "Share of the running year"),
    "elapsed_share": (ELAPSED_SHARE, "时间进度", "Elapsed time"),
    "errors_of_change": (
        None,
        "计进度的最小规划变动（数据误差的倍数）",
        "Least planned change with progress (in errors)",
    ),
}
#: Key of a column -> heading in Chinese and English, width.
_COLUMNS: Final[dict[str, tuple[str, str, float]]] = {
    "number": ("序号", "No.", 5),
    "name": ("指标", "Indicator", 38),
    "unit": ("单位", "Unit", 8),
    "nature": ("属性", "Nature", 9),
    "basis": ("目标口径", "Basis", 10),
    "printed": ("规划目标", "Target as printed", 10),
    "target": ("目标值", "Target", 9),
    "base": ("起点（2020年）", "Start (2020)", 9),
    **{f"y{year}": (f"{year}年预测", f"{year} forecast", 9) for year in YEARS},
    "model": ("评估时点预测数", "Forecast at the date", 10),
    "actual": ("评估时点实际数（填）", "Actual at the date (type in)", 11),
    "used": ("采用数", "Figure used", 10),
    "progress": ("实现进度", "Progress", 9),
    "lead": ("超前(+)落后(−)时间进度", "Ahead (+) or behind (−)", 10),
    "pace": ("前期年均变动", "Change a year so far", 10),
    "required": ("后期年均需变动", "Change a year required", 10),
    "ratio": ("后期需要为前期的倍数", "Required over past", 11),
    "outcome": ("2025年预测（目标口径）", "2025 forecast, on basis", 10),
    "low": ("80%区间下限", "80 % from", 9),
    "high": ("80%区间上限", "80 % to", 9),
    "chance": ("完成概率%", "Probability %", 8),
    "class": ("判断", "Class", 13),
    "error": ("数据误差（标准误）", "Error of a figure (s.e.)", 10),
    "run": ("本次运行的时点数", "Run's figure at its date", 10),
    "remark": ("备注", "Remark", 30),
}
_NATURES: Final = {"binding": ("约束性", "binding"), "anticipatory": ("预期性", "anticipatory")}
_BASES: Final = {
    "level": ("当年数", "level"),
    "cumulative": ("五年累计", "sum of five years"),
    "annual_mean": ("年均", "annual mean"),
}
_SHEET: Final = ("主要指标", "Indicators")
_TITLE: Final = ("主要指标实现进度（可重算）：{scenario}", "Progress of the indicators, live formulas: {scenario}")
_UNIT: Final = ("数值单位见各行", "units by row")
_REMARKS: Final = {
    "about": ("控制线，逐年判断，不计进度", "a line to hold each year: no progress"),
    "annual_mean": ("年均指标，按已满年份计，不计进度", "a mean of whole years: no progress"),
    "withheld": ("规划变动小于数据误差，不计进度", "planned change within the error of the figure: no progress"),
    "no_base": ("规划未列2020年数，不计进度", "no figure of 2020 in the plan: no progress"),
}
_NOTES: Final = (
    (
        "黄色单元格可改：评估时点、实际数。填了实际数的，进度和年均变动按实际数计算；未填的按预测中位数。",
        "评估时点等于本次运行的时点时，公式与程序的计算结果相同；改为其他日期时，按各年预测中位数作直线内插"
        "（累计指标用累计数的中位数，年均指标用已满年份的几何平均），与逐次抽样的中位数略有出入。",
        "实现进度＝（采用数－起点）÷（目标－起点）；时间进度按年计，一年之内按天数；累计指标的起点为零。",
        "前期年均变动＝（采用数－起点）÷已过年数；后期年均需变动＝（目标－采用数）÷剩余年数；年均指标为增速。",
        "概率、区间和判断是本次运行的结果，不随改动的单元格变化；改后如需重新判断，请重新运行。",
    ),
    (
        "Yellow cells may be changed: the date and actual figures. Progress and pace follow the actual figure where "
        "one is typed in, the median of the forecast elsewhere.",
        "At the date of this run the formulas give the numbers of the program. At another date they draw straight "
        "lines between the yearly medians (of sums where the target is a sum; the geometric mean of whole years where "
        "it is a mean), which differs a little from the median over draws.",
        "Progress = (figure used - start) / (target - start). Elapsed time counts every year the same, days within a "
        "year. Sums start at nought.",
        "Change a year so far = (figure used - start) / years passed; required = (target - figure used) / years left; "
        "growth rates for an annual mean.",
        "Probability, interval and class are those of this run and do not follow changed cells: run again to judge.",
    ),
)


def write_targets(annex: Annex, dossier: Dossier, results: Results) -> None:
    """One sheet of main indicators for each scenario; all follow the date and the actual figures of the first."""
    lead: str | None = None
    for scenario in dossier.card["scenario"].values.tolist():
        lead = _write_scenario(annex, dossier, results, scenario, lead)


def _write_scenario(annex: Annex, dossier: Dossier, results: Results, scenario: str, lead: str | None) -> str:
    lang, tongue = annex.lang, 0 if annex.lang == "zh" else 1
    label = scenario_label(dossier.card, scenario, lang)
    title = _TITLE[tongue].format(scenario=label)
    sheet = annex.new_sheet(_SHEET[tongue] if lead is None else f"{_SHEET[tongue]}-{label}", title, _UNIT[tongue])
    letters = {key: sheet.cell(1, place + 1).column_letter for place, key in enumerate(_COLUMNS)}
    sizes = [size for *_, size in _COLUMNS.values()]
    set_widths(sheet, sizes)
    write_title(annex, sheet, title, _UNIT[tongue], _FIRST_PAGE, sum(sizes[:_FIRST_PAGE]))
    _write_dates(annex, sheet, dossier, lead)
    for key, (*words, _) in _COLUMNS.items():
        head = sheet[f"{letters[key]}{_HEAD_ROW}"]
        put_text(head, words[tongue])
        dress(head, lang, "head", "center")
    for row, key in enumerate(dossier.model.indicators, FIRST_ROW):
        _write_indicator(annex, sheet, row, letters, dossier, results, (scenario, key), lead)
    last = FIRST_ROW + len(dossier.model.indicators) - 1
    fit_rows(sheet, _HEAD_ROW, last)
    write_notes(annex, sheet, last + 1, _NOTES[tongue], _FIRST_PAGE, sum(sizes[:_FIRST_PAGE]))
    sheet.freeze_panes = sheet[f"{letters['unit']}{FIRST_ROW}"]
    set_page(sheet, lang, head=(_HEAD_ROW, _HEAD_ROW), pages=2)
    sheet.print_title_cols = f"{letters['number']}:{letters['unit']}"
    return str(sheet.title) if lead is None else lead


def _write_dates(annex: Annex, sheet: Any, dossier: Dossier, lead: str | None) -> None:
    """The date, what follows from it, and the names by which formulas read them; other sheets repeat the first."""
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation

    run = date.fromisoformat(str(dossier.card.attrs["as_of"]))
    values: dict[str, Any] = {
        "as_of": run,
        "run_as_of": run,
        "errors_of_change": ClassRules.read(dossier.model.folder).errors_of_change,
    }
    for row, (name, (formula, *words)) in enumerate(_DATES.items(), _DATES_ROW):
        put_text(sheet.cell(row, 2), words[0 if annex.lang == "zh" else 1])
        dress(sheet.cell(row, 2), annex.lang)
        cell = sheet.cell(row, 3)
        sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)
        if lead is not None:
            cell.value = f"={name}"
        else:
            cell.value = values[name] if formula is None else f"={formula}"
            place = f"'{sheet.title}'!${cell.column_letter}${row}"
            annex.book.defined_names[name] = DefinedName(name, attr_text=place)
        cell.number_format = {
            "as_of": "yyyy-mm-dd",
            "run_as_of": "yyyy-mm-dd",
            "whole_years": "0",
            "errors_of_change": "0.0",
        }.get(name, "0.0%")
        dress(cell, annex.lang, "open" if name == "as_of" and lead is None else "body", "right")
    if lead is None:
        first, last = (f"DATE({day.year},{day.month},{day.day})" for day in (START, END))
        check = DataValidation(type="date", operator="between", formula1=first, formula2=last, showErrorMessage=True)
        check.error = {"zh": f"请填{START}至{END}之间的日期", "en": f"A date from {START} to {END}"}[annex.lang]
        check.add(sheet.cell(_DATES_ROW, 3).coordinate)
        sheet.add_data_validation(check)


def _write_indicator(
    annex: Annex,
    sheet: Any,
    row: int,
    letters: dict[str, str],
    dossier: Dossier,
    results: Results,
    where: tuple[str, str],
    lead: str | None,
) -> None:
    scenario, key = where
    lang, tongue = annex.lang, 0 if annex.lang == "zh" else 1
    target, spec = dossier.model.targets[key], dossier.model.indicators[key]
    here = dossier.card.sel(scenario=scenario, indicator=key)
    decimals = forecast_decimals(spec.unit, spec.decimals)
    shown: dict[str, Any] = {"unit": spec.unit, "decimals": decimals}
    one: dict[str, Any] = {"scenario": scenario, "indicator": key}
    run_figure = _run_figure(dossier, here, target)
    realised = date.fromisoformat(str(dossier.card.attrs["as_of"])) > START
    reason = _reason(target, float(here["progress"]), float(here["median"].sel(year=BASE_YEAR)), realised)
    record = RowFormulas({name: f"{letter}{row}" for name, letter in letters.items()}, target, tongue)

    def put(name: str, span: Cell | str, align: str = "right") -> None:
        annex.put(sheet, row, list(letters).index(name) + 1, span, label=_COLUMNS[name][:2][tongue], align=align)

    put("number", results.count("scorecard", "number", indicator=key), "center")
    put("name", results.text("scorecard", f"label_{lang}", indicator=key), "left")
    put("unit", unit_label(spec.unit, lang), "center")
    put("nature", _NATURES[target.nature][tongue], "center")
    put("basis", _BASES[target.basis][tongue], "center")
    put("printed", printed_target(target.printed, lang))
    put("target", results.number("scorecard", "target", indicator=key, **shown))
    if target.basis == "level":
        put("base", results.number("scorecard", "median", **one, year=BASE_YEAR, **shown))
    put("error", results.number("scorecard", "figure_error", indicator=key, unit=spec.unit, decimals=decimals + 1))
    for year in YEARS:
        if target.basis == "cumulative":
            put(f"y{year}", results.number("paths", "cumulated", **one, year=year, quantile=0.5, **shown))
        else:
            put(f"y{year}", results.number("scorecard", "median", **one, year=year, **shown))
    put("outcome", results.number("scorecard", "outcome_median", **one, **shown))
    for name, bound in (("low", 0), ("high", 1)):
        end = dossier.card["bound"].values.tolist()[bound]
        put(name, results.number("scorecard", "outcome_interval", **one, level=0.8, bound=end, **shown))
    put("chance", results.share("scorecard", "probability", **one))
    verdict = results.text("scorecard", "class", **one)
    put("class", verdict if lang == "zh" else replace(verdict, text=CLASSES_EN[verdict.text]), "center")
    put("remark", _REMARKS[reason][tongue] if reason else "", "left")

    def plain(name: str, value: Any, form: str, role: str = "body") -> None:
        cell = sheet[record.at[name]]
        if isinstance(value, str) and not value.startswith("="):
            put_text(cell, value)
        else:
            cell.value, cell.number_format = value, form
        dress(cell, lang, role, "right")

    figures = number_format(decimals)
    if target.basis != "level":
        plain("base", 0 if target.basis == "cumulative" else NOTHING, figures)
    plain("run", NOTHING if math.isnan(run_figure) else from_base(run_figure, spec.unit), figures)
    first = f"'{lead}'!{record.at['actual']}"
    if lead is None:
        plain("actual", None, figures, "open")
    else:
        plain("actual", f'=IF(ISNUMBER({first}),{first},"")', figures)
    forms = {"progress": "0.0%", "lead": "+0.0%;-0.0%;0.0%", "ratio": "0.00"}
    forms |= dict.fromkeys(("pace", "required"), number_format(decimals + 1))
    formulas = record.formulas(not math.isnan(run_figure), withheld=reason == "withheld")
    for name, formula in formulas.items():
        plain(name, formula, forms.get(name, figures))


def _run_figure(dossier: Dossier, here: Any, target: TargetSpec) -> float:
    """What the run says of its own date, base units: from the pace that the scorecard asks for to the end."""
    left = PLAN_YEARS * (1.0 - elapsed(date.fromisoformat(str(dossier.card.attrs["as_of"]))))
    pace = float(here["pace"])
    if target.basis == "annual_mean":
        return pace
    if left:
        return target.value - float(here["required_pace"]) * left
    start = 0.0 if target.basis == "cumulative" else float(here["median"].sel(year=BASE_YEAR))
    return start + pace * PLAN_YEARS


def _reason(target: TargetSpec, progress: float, base: float, realised: bool) -> str:
    """Why no progress is shown, a key of the remarks; empty where it is."""
    if target.basis == "annual_mean":
        return "annual_mean"
    if target.relation == "about":
        return "about"
    if target.basis == "level" and math.isnan(base):
        return "no_base"
    return "withheld" if realised and math.isnan(progress) else ""
