"""Breakdowns and labour supply as tables of even columns (分性别、分年龄、分县区，劳动力供给)."""

from __future__ import annotations

import math
from functools import wraps
from typing import Any, Final

import xarray as xr

from ykforecast.assess.breakdown_summary import breakdowns as _breakdowns
from ykforecast.assess.labour_supply import ALL
from ykforecast.assess.labour_supply import labour_supply as _labour_supply
from ykforecast.present.one_scenario import one_scenario
from ykforecast.present.text import check_language, even_lines, figure, forecast_decimals, unit_label
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON

_HEADINGS: Final = {"zh": ("序号", "指标", "单位"), "en": ("no.", "indicator", "unit")}
_WORDS: Final = {
    "zh": {
        "title": "{title}，{year}年中位数（{scenario}）",
        "interval": "，括号内为80%区间",
        "no": "模型不分：",
        "sep": "；",
        "supply": "劳动力供给（{scenario}，年末中位数；万人、%，参与率为16岁及以上）",
        "group": "年龄组",
        "change": "{first}—{last}年劳动力变动（万人，均值）：{parts}，合计{whole}。",
    },
    "en": {
        "title": "{title}, medians of {year} ({scenario})",
        "interval": ", 80 % interval in brackets",
        "no": "not carried: ",
        "sep": "; ",
        "supply": "Labour supply ({scenario}, medians at the end of the year; 10,000 persons, %, ages 16+)",
        "group": "ages",
        "change": "Change of the labour force {first}-{last} (10,000 persons, means): {parts}; all {whole}.",
    },
}
#: Columns of the table of labour supply: variable, Chinese and English heading, printed unit, decimals.
_COLUMNS: Final = (
    ("labour_force", "劳动力", "labour force", "10k persons", 2),
    ("participation_rate", "参与率", "participation", "%", 1),
    ("employed", "就业", "employed", "10k persons", 2),
    ("unemployed", "失业", "unemployed", "10k persons", 2),
)
#: With more parts than this there is no room for intervals.
_MOST_WITH_INTERVAL: Final = 2


class BreakdownTable(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`breakdowns` that prints its table for every scenario."""

    __slots__ = ()

    def __repr__(self) -> str:
        whole = {"value", "carried", "rule"} <= set(self.data_vars) and {"scenario", "year", "quantile"} <= set(
            self.dims
        )
        if not whole:
            return super().__repr__()
        return "\n\n".join(plain_breakdown(self, name) for name in self["scenario"].values.tolist())


class LabourSupply(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`labour_supply` that prints its table for every scenario."""

    __slots__ = ()

    def __repr__(self) -> str:
        whole = {"labour_force", "labour_force_change_mean"} <= set(self.data_vars)
        if not whole or not {"scenario", "year", "quantile", "cause"} <= set(self.dims):
            return super().__repr__()
        return "\n\n".join(plain_labour_supply(self, name) for name in self["scenario"].values.tolist())


@wraps(_breakdowns)
def breakdowns(*arguments: Any, **options: Any) -> BreakdownTable:  # noqa: D103  # the docstring is the wrapped one's
    found = _breakdowns(*arguments, **options)
    return BreakdownTable(dict(found.data_vars), coords=found.coords, attrs=found.attrs)


@wraps(_labour_supply)
def labour_supply(*arguments: Any, **options: Any) -> LabourSupply:  # noqa: D103  # the docstring is the wrapped one's
    found = _labour_supply(*arguments, **options)
    return LabourSupply(dict(found.data_vars), coords=found.coords, attrs=found.attrs)


def plain_breakdown(found: xr.Dataset, scenario: str | None = None, lang: str = "zh", year: int = HORIZON) -> str:
    """Medians of one year by part, intervals where there is room, and what is not carried and why.

    Parameters
    ----------
    found : xr.Dataset
        From :func:`ykforecast.breakdowns`.
    scenario : str, optional
        Needed when ``found`` holds more than one.
    lang : str
        ``zh`` or ``en``.
    year : int
    """
    check_language(lang)
    one, words = one_scenario(found, scenario).sel(year=year), _WORDS[lang]
    by = found.attrs["breakdown"]
    roomy = one.sizes[by] <= _MOST_WITH_INTERVAL
    rows, reasons = [], []
    for key in one["indicator"].values.tolist():
        here = one.sel(indicator=key)
        name = str(here[f"label_{lang}"].item())
        if not bool(here["carried"]):
            reasons.append(f"{name}（{here['rule_zh'].item()}）" if lang == "zh" else f"{name} ({here['rule'].item()})")
            continue
        unit = str(here["printed_unit"].item())
        decimals = forecast_decimals(unit, int(here["decimals"]))
        cells = [_cell(column, unit, decimals, roomy) for column in here["value"].transpose(by, "quantile").values]
        rows.append([str(here["number"].item()), name, unit_label(unit, lang), *cells])
    head = [*_HEADINGS[lang], *one[f"{by}_{lang}"].values.tolist()]
    title = found.attrs["title_zh" if lang == "zh" else "title"]
    title = words["title"].format(title=title, year=year, scenario=str(one[f"scenario_{lang}"].item()))
    heading = title + (words["interval"] if roomy else "") + ("：" if lang == "zh" else ":")
    lines = [heading, *even_lines(head, rows, left=(1, 2))]
    return "\n".join([*lines, words["no"] + words["sep"].join(reasons)] if reasons else lines)


def plain_labour_supply(found: xr.Dataset, scenario: str | None = None, lang: str = "zh") -> str:
    """Labour force, participation and work in 2020 and 2025 by sex and by age, and what changed the labour force.

    Parameters as for :func:`plain_breakdown`, ``found`` from :func:`ykforecast.labour_supply`.
    """
    check_language(lang)
    one, words = one_scenario(found, scenario), _WORDS[lang]
    years = (BASE_YEAR, HORIZON)
    names = [zh if lang == "zh" else en for _, zh, en, _, _ in _COLUMNS]
    head = [words["group"], *(f"{name} {year}" for name in names for year in years)]
    selections: list[dict[str, str]] = [{"sex": sex} for sex in found["sex"].values.tolist()]
    selections += [{"age_group": one_group} for one_group in found["age_group"].values.tolist()[1:-1]]
    rows = []
    for chosen in selections:
        here = one.sel({"residence": ALL, "sex": ALL, "age_group": ALL} | chosen)
        dim = next(iter(chosen))
        cells = [
            figure(float(here[name].sel(year=year, quantile=0.5)), unit, decimals)
            for name, _, _, unit, decimals in _COLUMNS
            for year in years
        ]
        rows.append([str(here[f"{dim}_{lang}"].item()), *cells])
    last = one["labour_force_change_mean"].sel(year=HORIZON)
    parts = words["sep"].join(
        f"{label} {figure(value, '10k persons', 2)}"
        for label, value in zip(last[f"cause_{lang}"].values.tolist(), last.values.tolist(), strict=True)
    )
    whole = figure(float(one["labour_force_change_total"].sel(year=HORIZON)), "10k persons", 2)
    title = words["supply"].format(scenario=str(one[f"scenario_{lang}"].item()))
    change = words["change"].format(first=BASE_YEAR, last=HORIZON, parts=parts, whole=whole)
    return "\n".join([title, *even_lines(head, rows, left=(0,)), change])


def _cell(quantiles: Any, unit: str, decimals: int, with_interval: bool) -> str:
    """Median of a part, its 80 % interval behind it where there is room; a dash where the part has no figure."""
    low, middle, high = (figure(float(value), unit, decimals) for value in quantiles)
    if math.isnan(float(quantiles[1])):
        return "—"
    return f"{middle} ({low}~{high})" if with_interval else middle
