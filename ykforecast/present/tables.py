"""The table of sixteen: as a pandas table, as even text, on a terminal, in HTML and as a CSV file.

All print the same rows (:func:`indicator_table`); only their dress differs.
"""

from __future__ import annotations

import csv
import io
from html import escape as html_escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.data.files import write_text
from ykforecast.data.form_cells import escaped
from ykforecast.present.one_scenario import chosen_scenario, one_scenario
from ykforecast.present.table_notes import STEP_MARK, class_label, has_step, table_notes
from ykforecast.present.text import (
    CLASSES_EN,
    check_language,
    even_lines,
    figure,
    forecast_decimals,
    headline,
    html_rows,
    percent,
    printed_target,
    unit_label,
    width,
)
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, YEAR_ENDS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from rich.console import Console

CSV_COLUMNS: Final = (
    "scenario",
    "indicator",
    "year",
    "median",
    "p10",
    "p90",
    "unit",
    "target",
    "probability",
    "class",
)
#: Columns that a name needs on a terminal to be read in three lines at most.
_NAME_WIDTH: Final = 24

_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "80%区间", "目标", "概率%", "类别"),
    "en": ("no.", "indicator", "unit", "80 % interval", "target", "prob. %", "class"),
}
_MEAN: Final = {"zh": "年均", "en": "mean "}


def indicator_table(card: xr.Dataset, scenario: str | None = None, lang: str = "zh") -> pd.DataFrame:
    """Rows of the plan's table for one scenario, printed as the plan prints them.

    Parameters
    ----------
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate`.
    scenario : str, optional
        Needed when ``card`` holds more than one.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    pandas.DataFrame
        One row an indicator, indexed by its key; text cells: number, name, unit, 2020 (as printed), medians
        of 2021..2025, 80 % interval on the target's basis, target as printed, probability (%), class.

    Raises
    ------
    RequestError
        Another language, or no such scenario.
    """
    import pandas as pd

    check_language(lang)
    one = one_scenario(card, scenario)
    number, name, unit, interval, target, chance, verdict = _HEADINGS[lang]
    rows = []
    for key in card["indicator"].values.tolist():
        here = one.sel(indicator=key)
        printed_unit = str(here["printed_unit"].item())
        decimals = forecast_decimals(printed_unit, int(here["decimals"]))
        row = {
            number: str(here["number"].item()),
            name: str(here[f"label_{lang}"].item()) + (STEP_MARK if has_step(here) else ""),
            unit: unit_label(printed_unit, lang),
            str(BASE_YEAR): str(here["base_printed"].item()),
        }
        for year in YEAR_ENDS[1:]:
            row[str(year)] = figure(float(here["median"].sel(year=year)), printed_unit, decimals)
        row[interval] = _interval(here, printed_unit, decimals, lang)
        row[target] = printed_target(str(here["target_printed"].item()), lang)
        row[chance] = percent(float(here["probability"]))
        row[verdict] = class_label(here, lang)
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index(card["indicator"].values.tolist(), name="key"))


def plain_table(card: xr.Dataset, scenario: str | None = None, lang: str = "zh") -> str:
    """The table of sixteen as text of even columns, for pipes and files; a Chinese character takes two."""
    table = indicator_table(card, scenario, lang)
    lines = even_lines(table.columns, table.values.tolist(), left={1, 2, len(table.columns) - 1})
    columns = [max(map(width, [name, *table[name]])) for name in table.columns]
    lines.insert(1, "  ".join("-" * column for column in columns))
    asked = chosen_scenario(card, scenario)
    return "\n".join([headline(card, asked, lang), *lines, *table_notes(card, asked, lang)])


def html_table(card: xr.Dataset, scenario: str | None = None, lang: str = "zh") -> str:
    """The table of sixteen as an HTML fragment; every text is escaped."""
    table = indicator_table(card, scenario, lang)
    asked = chosen_scenario(card, scenario)
    notes = "<br>".join(map(html_escape, table_notes(card, asked, lang)))
    rows = html_rows(table.columns, table.values.tolist(), headline(card, asked, lang))
    return f"{rows}<p><small>{notes}</small></p>"


def print_tables(card: xr.Dataset, console: Console | None = None, lang: str = "zh") -> None:
    """Print the table of every scenario: in colour on a terminal, plain text in a pipe.

    Parameters
    ----------
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate`.
    console : rich.console.Console, optional
        Where to print; standard output by default.
    lang : str
        ``zh`` or ``en``.
    """
    from rich.console import Console

    console = console or Console(highlight=False)
    for scenario in card["scenario"].values.tolist():
        if console.is_terminal:
            for part in _rich_tables(card, scenario, lang, console.width):
                console.print(part)
        else:
            # Straight to the file: rich would fold the lines at 80 columns.
            console.file.write(plain_table(card, scenario, lang) + "\n\n")


def _rich_tables(card: xr.Dataset, scenario: str, lang: str, columns: int) -> list[Any]:
    """One table, or on a narrow window two: the years, then the judgement."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = indicator_table(card, scenario, lang)
    colours = dict(zip(CLASSES_EN, ("green", "cyan", "default", "red"), strict=True))
    verdicts = card["class"].sel(scenario=scenario).values.tolist()
    names = list(table.columns)
    needed = sum(max(map(width, [name, *table[name]])) + 2 for name in names if name != names[1])
    years = 3 + len(YEAR_ENDS)
    whole = columns >= needed + _NAME_WIDTH
    parts = [names] if whole else [names[:years], [*names[:2], *names[years:]]]
    drawn = []
    for part in parts:
        first, last = part is parts[0], part is parts[-1]
        sheet = Table(
            title=escape(headline(card, scenario, lang)) if first else None,
            caption=escape("\n".join(table_notes(card, scenario, lang))) if last else None,
            box=box.SIMPLE_HEAD,
            title_justify="left",
            caption_justify="left",
            padding=(0, 1, 0, 0),
        )
        for name in part:
            left = name in {names[1], names[2], names[-1]}
            justify: Any = "left" if left else "right"
            sheet.add_column(name, justify=justify, no_wrap=name != names[1], overflow="fold")
        for row, verdict in zip(table[part].values.tolist(), verdicts, strict=True):
            cells = [escape(cell) for cell in row]
            if last:
                cells[-1] = f"[{colours[verdict]}]{cells[-1]}[/]"
            sheet.add_row(*cells)
        drawn.append(sheet)
    return drawn


def indicators_csv(indicators: xr.Dataset, card: xr.Dataset, path: str | Path | None = None) -> str:
    """Long table of the sixteen indicators, one row a scenario, indicator and year.

    Parameters
    ----------
    indicators : xr.Dataset
        The 16 keys, dims (scenario, draw, year), base units.
    card : xr.Dataset
        Scorecard made of the same draws.
    path : path, optional
        File to write (UTF-8).

    Returns
    -------
    str
        The text of the file. ``median``, ``p10`` and ``p90`` are in the plan's units, with two decimals
        more than the table shows; the row of 2020 is the plan's printed figure, blank where it prints none.
        For the indicators whose target is a five-year sum each row is that year's flow. ``target`` (as
        printed), ``probability`` (a fraction, on the target's basis) and ``class`` stand on the rows of 2025
        only. Text that a spreadsheet would run as a formula is preceded by an apostrophe.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for scenario in card["scenario"].values.tolist():
        for key in card["indicator"].values.tolist():
            series = indicators[key].sel(scenario=scenario) if "scenario" in indicators.dims else indicators[key]
            points = series.quantile([0.5, 0.1, 0.9], dim="draw", skipna=False)
            here = card.sel(scenario=scenario, indicator=key)
            unit = str(here["printed_unit"].item())
            decimals = forecast_decimals(unit, int(here["decimals"])) + 2
            # Printed figures are met in every draw, so those of 2020 have no spread.
            base = [str(here["base_printed"].item())] * 3
            verdict = [
                escaped(str(here["target_printed"].item())),
                f"{float(here['probability']):.4f}",
                escaped(str(here["class"].item())),
            ]
            for year in YEAR_ENDS:
                forecast = [figure(float(value), unit, decimals) for value in points.sel(year=year)]
                figures = base if year == BASE_YEAR else forecast
                judged = verdict if year == HORIZON else ["", "", ""]
                writer.writerow([escaped(scenario), key, year, *figures, unit, *judged])
    text = buffer.getvalue()
    if path is not None:
        write_text(Path(path), text)
    return text


def _interval(here: xr.Dataset, unit: str, decimals: int, lang: str) -> str:
    low, high = (figure(float(value), unit, decimals) for value in here["outcome_interval"].sel(level=0.8))
    middle = figure(float(here["outcome_median"]), unit, decimals)
    basis = str(here["basis"].item())
    if basis == "cumulative":
        return f"〔{middle}: {low}~{high}〕"
    return f"{_MEAN[lang]}{middle}: {low}~{high}" if basis == "annual_mean" else f"{low}~{high}"
