"""The forecast before and after interim figures, side by side: as a table, as text and as a CSV file (预测修订表)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from ykforecast.assess.revision import REST
from ykforecast.data.form_cells import escaped
from ykforecast.present.text import (
    check_language,
    even_lines,
    figure,
    forecast_decimals,
    scenario_label,
    signed,
    unit_label,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr

    from ykforecast.simulate.calibrated import Finding

CSV_COLUMNS: Final = (
    "scenario",
    "indicator",
    "basis",
    "before_p10",
    "before_p50",
    "before_p90",
    "after_p10",
    "after_p50",
    "after_p90",
    "unit",
    "cause",
    "share",
)
#: Causes named in the table: so many at most, and none below this part of the largest.
_NAMED: Final = 3
_PART: Final = 0.2
_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "基期预测", "最新预测", "变动", "主要原因"),
    "en": ("no.", "indicator", "unit", "from 2020", "now", "change", "main causes"),
}
_TITLE: Final = {
    "zh": "{scenario}：截至2020年底与截至{as_of}的预测（2025年，目标口径）",
    "en": "{scenario}: forecast as of 2020 and as of {as_of} (2025, on the basis of the target)",
}
_NOTE: Final = {
    "zh": "注：中位数与80%区间，公布口径；变动为中位数之差，原因按均值分解，各项之和为均值的变动。",
    "en": "Medians and 80 % intervals as published; changes are of medians, causes share out the change of the mean.",
}
_VERDICTS: Final = {
    "zh": {"conflict": "冲突，未采用", "step": "口径变动", "fits": "与模型相符", "unused": "未采用"},
    "en": {"conflict": "conflict, left out", "step": "definition step", "fits": "fits", "unused": "not used"},
}
_NOTHING: Final = {
    "zh": "截至{as_of}没有2020年之后的可用公布数：预测与基期预测逐位相同。",
    "en": "No usable figure after 2020 was known by {as_of}: the forecast is that of 2020 bit for bit.",
}


def revision_table(revised: xr.Dataset, card: xr.Dataset, scenario: str, lang: str = "zh") -> pd.DataFrame:
    """Rows of the sixteen before and after the figures, with what moved each.

    Parameters
    ----------
    revised : xr.Dataset
        From :func:`ykforecast.assess.revision.revision`.
    card : xr.Dataset
        Scorecard of the same scenarios: names and units.
    scenario : str
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    pandas.DataFrame
        Text cells, indexed by key: number, name, unit, forecast of 2020 and of now (median and 80 % interval),
        change of the median, main causes with their shares in the change of the mean.
    """
    import pandas as pd

    check_language(lang)
    labels = revised["cause_zh"].values.tolist() if lang == "zh" else [_words(c) for c in revised["cause"].values]
    rows = []
    for key in card["indicator"].values.tolist():
        here, one = card.sel(indicator=key), revised.sel(scenario=scenario, indicator=key)
        unit = str(here["printed_unit"].item())
        decimals = forecast_decimals(unit, int(here["decimals"]))

        def printed(values: xr.DataArray, unit: str = unit, decimals: int = decimals) -> str:
            low, middle, high = (figure(float(value), unit, decimals) for value in values)
            return f"{middle} ({low}~{high})"

        change = float(one["after"].sel(quantile=0.5) - one["before"].sel(quantile=0.5))
        shares = [signed(float(value), unit, decimals) for value in one["share"]]
        cells = (
            str(here["number"].item()),
            str(here[f"label_{lang}"].item()),
            unit_label(unit, lang),
            printed(one["before"]),
            printed(one["after"]),
            signed(change, unit, decimals),
            "，".join(f"{labels[place]}{shares[place]}" for place in main_causes(one["share"], shares)),
        )
        rows.append(dict(zip(_HEADINGS[lang], cells, strict=True)))
    return pd.DataFrame(rows, index=pd.Index(card["indicator"].values.tolist(), name="key"))


def plain_revision(revised: xr.Dataset, card: xr.Dataset, scenario: str, lang: str = "zh") -> str:
    """The table before and after the figures as text of even columns."""
    table = revision_table(revised, card, scenario, lang)
    title = _TITLE[lang].format(scenario=scenario_label(card, scenario, lang), as_of=revised.attrs["as_of"])
    lines = even_lines(table.columns, table.values.tolist(), left={1, 2, len(table.columns) - 1})
    return "\n".join([title, *lines, _NOTE[lang]])


def plain_findings(findings: Sequence[Finding], as_of: str, lang: str = "zh") -> str:
    """One line for each figure: whether it fits, is a definition step, or is in conflict with the model."""
    if not findings:
        return _NOTHING[lang].format(as_of=as_of)
    verdicts = _VERDICTS[lang]
    if lang == "zh":
        return "\n".join(f"【{verdicts[one.verdict]}】{one.text_zh}" for one in findings)
    return "\n".join(
        f"[{verdicts[one.verdict]}] {_words(one.observation.series)} {one.observation.year}" for one in findings
    )


def revision_csv(revised: xr.Dataset, card: xr.Dataset) -> str:
    """Long table, one row for a scenario, indicator and cause.

    Returns
    -------
    str
        CSV text. Values in the plan's units with two decimals more than the tables; ``share`` is the part of the
        cause in the change of the mean, so that the shares of an indicator add up to that change.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for scenario in revised["scenario"].values.tolist():
        for key in revised["indicator"].values.tolist():
            here, one = card.sel(indicator=key), revised.sel(scenario=scenario, indicator=key)
            unit = str(here["printed_unit"].item())
            decimals = forecast_decimals(unit, int(here["decimals"])) + 2
            points = [figure(float(x), unit, decimals) for name in ("before", "after") for x in one[name]]
            for cause, share in zip(revised["cause"].values.tolist(), one["share"].values, strict=True):
                cells = [here["basis"].item(), *points, unit, cause, figure(float(share), unit, decimals)]
                writer.writerow([escaped(scenario), key, *cells])
    return buffer.getvalue()


def main_causes(share: xr.DataArray, printed: list[str]) -> list[int]:
    """Positions of the causes worth naming, the largest first; the remainder only where nothing else is."""
    causes = share["cause"].values.tolist()
    sizes = abs(share).values
    order = sorted(range(len(causes)), key=lambda place: -sizes[place])
    seen = [place for place in order if float(printed[place]) and sizes[place] >= _PART * sizes.max()]
    named = [place for place in seen if causes[place] != REST]
    return (named or seen)[:_NAMED]


def _words(key: str) -> str:
    return str(key).replace("_", " ")
