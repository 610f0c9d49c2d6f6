"""The model beside its naive rivals, indicator by indicator: as a table, as text and as a CSV file (朴素对手表)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from ykforecast.assess.case_scores import MODEL
from ykforecast.assess.intervals import QUANTILES
from ykforecast.data.form_cells import escaped
from ykforecast.present.table_notes import STEP_MARK, has_step
from ykforecast.present.text import (
    check_language,
    even_lines,
    figure,
    forecast_decimals,
    percent,
    printed_target,
    scenario_label,
    unit_label,
)

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

CSV_COLUMNS: Final = (
    "indicator",
    "forecast",
    "scenario",
    "p10",
    "p50",
    "p90",
    "unit",
    "probability",
    "figures",
    "first_year",
    "last_year",
)
#: Where a rival has nothing to read.
_NONE: Final = "—"
_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "目标", "公布数"),
    "en": ("no.", "indicator", "unit", "target", "figures"),
}
_TITLE: Final = {
    "zh": "模型与朴素对手：2025年（目标口径），截至{as_of}的公布数",
    "en": "Model and naive rivals: 2025 (on the basis of the target), figures known by {as_of}",
}
_NOTE: Final = {
    "zh": "注：中位数（完成概率%）；“公布数”为对手所读同一口径年度数的个数，情景各列为模型。"
    "只有一个数时只有末值不变，其概率只含该数的误差而不含逐年变动；没有公布数时没有对手。",
    "en": "Medians (probability of attainment, %); 'figures' counts the yearly figures of one definition that the "
    "rivals read, the scenarios are the model's. With one figure there is only the last value, and its probability "
    "holds the error of that figure but no change from year to year; without a figure there is no rival.",
}


def rivals_table(rivals: xr.Dataset, card: xr.Dataset, lang: str = "zh") -> pd.DataFrame:
    """Rows of the sixteen with the model's scenarios and every rival.

    Parameters
    ----------
    rivals : xr.Dataset
        From :func:`ykforecast.assess.naive_forecasts.naive_forecasts`.
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate`, of the same date.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    pandas.DataFrame
        Text cells, indexed by key: number, name, unit, target, number of figures read, then for each scenario and
        each rival the median in the plan's unit with the probability of attainment (%); ``—`` where there is none.
    """
    import pandas as pd

    check_language(lang)
    columns = [
        *_HEADINGS[lang],
        *(scenario_label(card, name, lang) for name in card["scenario"].values.tolist()),
        *rivals[f"label_{lang}"].values.tolist(),
    ]
    rows = []
    for key in card["indicator"].values.tolist():
        here, naive = card.sel(indicator=key), rivals.sel(indicator=key)
        unit = str(here["printed_unit"].item())
        decimals = forecast_decimals(unit, int(here["decimals"]))
        outcomes = [
            (here["outcome_median"].values, here["probability"].values),
            (naive["outcome"].sel(quantile=0.5).values, naive["probability"].values),
        ]
        stepped = any(has_step(here.sel(scenario=name)) for name in card["scenario"].values)
        rows.append(
            [
                str(here["number"].item()),
                str(here[f"label_{lang}"].item()) + (STEP_MARK if stepped else ""),
                unit_label(unit, lang),
                printed_target(str(here["target_printed"].item()), lang),
                str(naive["figures"].item()),
                *(
                    f"{text} ({percent(float(chance))})" if (text := figure(float(middle), unit, decimals)) else _NONE
                    for middles, chances in outcomes
                    for middle, chance in zip(middles, chances, strict=True)
                ),
            ]
        )
    return pd.DataFrame(rows, columns=columns, index=pd.Index(card["indicator"].values.tolist(), name="key"))


def rivals_note(lang: str = "zh") -> str:
    """How to read the table, and why some rivals are absent."""
    return _NOTE[check_language(lang)]


def plain_rivals(rivals: xr.Dataset, card: xr.Dataset, lang: str = "zh") -> str:
    """The table beside the rivals as text of even columns."""
    table = rivals_table(rivals, card, lang)
    title = _TITLE[lang].format(as_of=rivals.attrs["as_of"])
    return "\n".join([title, *even_lines(table.columns, table.values.tolist(), left={1, 2}), rivals_note(lang)])


def rivals_csv(rivals: xr.Dataset, card: xr.Dataset) -> str:
    """Long table, one row for an indicator and a forecast: the model in each scenario, then every rival.

    Returns
    -------
    str
        CSV text. Values of 2025 on the basis of the target, in the plan's units with two decimals more than the
        tables, the probability a fraction; blank where a rival has nothing to read. ``figures``, ``first_year`` and
        ``last_year`` say what the rivals read.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for key in card["indicator"].values.tolist():
        here, naive = card.sel(indicator=key), rivals.sel(indicator=key)
        unit = str(here["printed_unit"].item())
        decimals = forecast_decimals(unit, int(here["decimals"])) + 2
        found = []
        for scenario in card["scenario"].values.tolist():
            one = here.sel(scenario=scenario)
            low, high = one["outcome_interval"].sel(level=0.8).values
            points = (low, one["outcome_median"].item(), high)
            found.append(([MODEL, escaped(scenario)], points, float(one["probability"]), ["", "", ""]))
        read = [naive[name].item() or "" for name in ("first_year", "last_year")]
        for rival in rivals["rival"].values.tolist():
            one = naive.sel(rival=rival)
            points = tuple(one["outcome"].sel(quantile=list(QUANTILES)).values)
            found.append(([rival, ""], points, float(one["probability"]), [naive["figures"].item(), *read]))
        for names, points, chance, reading in found:
            judged = "" if chance != chance else f"{chance:.4f}"  # NaN
            writer.writerow([key, *names, *(figure(float(x), unit, decimals) for x in points), unit, judged, *reading])
    return buffer.getvalue()
