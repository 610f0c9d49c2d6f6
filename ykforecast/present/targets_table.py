"""Yearly targets and their chances as tables (年度目标表、分县区目标表), as a CSV file and for machines."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from functools import wraps
from typing import Any, Final

import xarray as xr

from ykforecast.assess.annual_targets import ESTIMATED, HELD, PUBLISHED, TARGET
from ykforecast.assess.annual_targets import annual_targets as _annual_targets
from ykforecast.data.form_cells import escaped
from ykforecast.present.text import (
    check_language,
    even_lines,
    figure,
    forecast_decimals,
    percent,
    printed_target,
    unit_label,
)

CSV_COLUMNS: Final = ("indicator", "district", "year", "value", "unit", "status", "probability", "grade")
MARKS: Final = {TARGET: "", HELD: "#", PUBLISHED: "*", ESTIMATED: "^"}
_WAYS: Final = {
    "zh": {"even": "等额", "growth": "等比", "capacity": "按能力（各年完成概率相同）"},
    "en": {"even": "equal steps", "growth": "a constant rate", "capacity": "the same chance in every year"},
}
_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "2020", "目标"),
    "en": ("no.", "indicator", "unit", "2020", "target"),
}
_WORDS: Final = {
    "zh": {
        "title": "年度目标（{how}；概率按{scenario}）",
        "all": "各年全成%",
        "joint": "当年全部指标完成的概率",
        "binding": "当年约束性指标全部完成的概率",
        "note": "注：关系符同五年目标；括号内为当年完成概率（%）。"
        "〔〕类各年相加等于五年目标，第8项=第9项+第10项，左右为每年都要守住的线。",
        "held": "#已达到或越过五年目标，以后各年守住目标线即可，不是要求退回到这个数。",
        "passed": "*为公布数，^为模型推算数（没有公布数），均为已过年份。",
        "least": "末年以前各年的目标不高于完成概率{least:.0%}所能达到的数。",
        "district": "分县（市）区目标（各县区相加等于全市，按所印位数）",
        "district_note": "注：比率、倍数和年限不分解，各县（市）区执行全市目标。按假定划分：{assumed}；"
        "按模型自身划分：{derived}。"
        "括号内为该县区完成概率（%），按假定划分的以该划分成立为前提。",
        "all_area": "全市",
    },
    "en": {
        "title": "Yearly targets ({how}; chances under {scenario})",
        "all": "all years %",
        "joint": "chance of all targets of the year",
        "binding": "chance of all binding targets of the year",
        "note": "Relations are those of the five-year target; chances in brackets (%). Years of 〔〕 add up to "
        "the five-year target, 8 = 9 + 10, 'about' is a line that every year holds.",
        "held": "# the five-year target is reached or passed: a line to hold, not a level to come back to.",
        "passed": "* published, ^ estimated by the model where nothing is published: years that have passed.",
        "least": "Years before the last are asked for no more than is reached with a chance of {least:.0%}.",
        "district": "Targets by district (adding up to the city as printed)",
        "district_note": "Rates, ratios and years are not broken down. By assumption: {assumed}; by the model itself: "
        "{derived}. In brackets the chance of the district (%), for an assumed split on condition that it holds.",
        "all_area": "city",
    },
}


class TargetsTable(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`annual_targets` that prints its tables."""

    __slots__ = ()

    def __repr__(self) -> str:
        whole = {"annual_target", "probability", "status", "all_years", "joint"} <= set(self.data_vars)
        return plain_targets(self) if whole and "indicator" in self.dims else super().__repr__()


@wraps(_annual_targets)
def annual_targets(*arguments: Any, **options: Any) -> TargetsTable:  # noqa: D103  # the docstring is the wrapped one's
    found = _annual_targets(*arguments, **options)
    return TargetsTable(dict(found.data_vars), coords=found.coords, attrs=found.attrs)


def plain_targets(found: xr.Dataset, lang: str = "zh") -> str:
    """Tables of the city, and of the districts where they are asked for, as text of even columns.

    Parameters
    ----------
    found : xr.Dataset
        From :func:`ykforecast.assess.annual_targets.annual_targets`.
    lang : str
        ``zh`` or ``en``.
    """
    words = _WORDS[check_language(lang)]
    years = [str(year) for year in found["year"].values]
    scenario = found.attrs[f"scenario_labels_{lang}"][0]
    rows = []
    for key in found["indicator"].values:
        here = found.sel(indicator=key)
        rows.append(
            [
                str(here["number"].item()),
                str(here[f"label_{lang}"].item()),
                unit_label(str(here["printed_unit"].item()), lang),
                str(here["base_printed"].item()),
                printed_target(str(here["target_printed"].item()), lang),
                *(_cell(here.isel(year=place)) for place in range(len(years))),
                percent(float(here["all_years"])),
            ]
        )
    lines = [
        words["title"].format(how=_WAYS[lang][found.attrs["how"]], scenario=scenario),
        *even_lines([*_HEADINGS[lang], *years, words["all"]], rows, left={1, 2}),
    ]
    for name, label in (("joint", words["joint"]), ("joint_binding", words["binding"])):
        if name in found:
            chances = [
                f"{year} {percent(float(x))}%" for year, x in zip(years, found[name], strict=True) if not math.isnan(x)
            ]
            lines.append(f"{label}: {', '.join(chances)}")
    lines.append(words["note"])
    shown = set(found["status"].values.ravel().tolist())
    if HELD in shown:
        lines.append(words["held"])
    if shown & {PUBLISHED, ESTIMATED}:
        lines.append(words["passed"])
    if found.attrs["least"] != "none":
        lines.append(words["least"].format(least=found.attrs["least"]))
    if "district_target" in found:
        lines += ["", words["district"], *_district_lines(found, words, lang)]
    return "\n".join(lines)


def _cell(here: xr.Dataset) -> str:
    chance = float(here["probability"])
    tail = "" if math.isnan(chance) else f" ({percent(chance)})"
    return f"{_printed(here, float(here['annual_target']))}{MARKS[str(here['status'].item())]}{tail}"


def _printed(here: xr.Dataset, value: float) -> str:
    unit = str(here["printed_unit"].item())
    return figure(value, unit, forecast_decimals(unit, int(here["decimals"])))


def _district_lines(found: xr.Dataset, words: dict[str, str], lang: str) -> list[str]:
    names = [str(name) for name in found[f"district_{lang}"].values]
    rows: list[list[str]] = []
    by_grade: dict[str, list[str]] = {"assumed": [], "derived": []}
    for key in found["indicator"].values:
        here = found.sel(indicator=key)
        grade = str(here["district_grade"].item())
        if not grade:
            continue
        label = str(here[f"label_{lang}"].item())
        by_grade[grade].append(str(here["number"].item()))
        for year in found.attrs["years_left"]:
            one = here.sel(year=year)
            cells = []
            for place in range(len(names)):
                chance = float(one["district_probability"].isel(district=place))
                tail = "" if math.isnan(chance) else f" ({percent(chance)})"
                cells.append(_printed(here, float(one["district_target"].isel(district=place))) + tail)
            total = _printed(here, float(one["annual_target"]))
            first = year == found.attrs["years_left"][0]
            unit = unit_label(str(here["printed_unit"].item()), lang)
            rows.append(
                [*((str(here["number"].item()), label, unit) if first else ("", "", "")), str(year), total, *cells]
            )
    lines = even_lines([*_HEADINGS[lang][:3], "", words["all_area"], *names], rows, left={1, 2})
    numbers = {grade: "、".join(found) if lang == "zh" else ", ".join(found) for grade, found in by_grade.items()}
    return [*lines, words["district_note"].format(**numbers)]


def target_rows(found: xr.Dataset) -> Iterator[dict[str, Any]]:
    """One row for an indicator, district (empty for the city) and year; values in the plan's units."""
    for key in found["indicator"].values.tolist():
        here = found.sel(indicator=key)
        unit = str(here["printed_unit"].item())
        for year in found["year"].values.tolist():
            one = here.sel(year=year)
            value, chance = float(_printed(here, float(one["annual_target"]))), float(one["probability"])
            status = str(one["status"].item())
            yield dict(zip(CSV_COLUMNS, (key, None, year, value, unit, status, _known(chance), None), strict=True))
        if not str(here["district_grade"].item() if "district_grade" in here else ""):
            continue
        grade = str(here["district_grade"].item())
        for district in found["district"].values.tolist():
            for year in found.attrs["years_left"]:
                one = here.sel(year=year, district=district)
                value = float(_printed(here, float(one["district_target"])))
                known = _known(float(one["district_probability"]))
                yield dict(zip(CSV_COLUMNS, (key, district, year, value, unit, TARGET, known, grade), strict=True))


def _known(chance: float) -> float | None:
    return None if math.isnan(chance) else chance


def targets_csv(found: xr.Dataset) -> str:
    """Long table of :func:`target_rows` as CSV; what is not known is blank."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for row in target_rows(found):
        writer.writerow(
            ["" if cell is None else escaped(cell) if isinstance(cell, str) else cell for cell in row.values()]
        )
    return buffer.getvalue()
