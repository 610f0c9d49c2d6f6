"""Empty forms for the departments' own figures: one for everything, or one for each department in charge."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ykforecast.data.form_cells import write_csv
from ykforecast.data.form_sheet import RowRule, fill_form_sheet
from ykforecast.data.model_files import load_model
from ykforecast.data.observation_form import COLUMNS, REMARK, SHEET, SPANS, offered
from ykforecast.data.toml_files import read_toml
from ykforecast.data.workbook import openpyxl_for, save_workbook
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.observation import ObservationSeries
from ykforecast.vocabulary.errors import DataError, ModelError, RequestError, nearest
from ykforecast.vocabulary.units import UNITS_ZH, base_unit, from_base

#: Who reports the figures for which the plan names nobody.
UNNAMED: Final = "其他部门"


def write_form(
    path: str | os.PathLike[str], folder: str | os.PathLike[str] | None = None, department: str | None = None
) -> None:
    """Write an empty form, CSV or Excel by the ending, with every series that may be reported.

    Parameters
    ----------
    path : path
        Ending ``.csv`` or ``.xlsx``.
    folder : path, optional
        Model whose series are offered; by default the shipped one.
    department : str, optional
        Only the series that it reports, see :func:`departments`.

    Raises
    ------
    DataError
        Another ending, or the package openpyxl is missing.
    RequestError
        No such department.
    OutputError
        The file cannot be written.
    """
    path, model = Path(path), load_model(folder)
    if department is None:
        names = list(offered(model))
    else:
        known = departments(model)
        if department not in known:
            raise RequestError(
                "no such department", key="department", value=department, remedy=nearest(department, known)
            )
        names = known[department]
    match path.suffix.lower():
        case ".csv":
            write_csv(path, _rows(model, names, ()))
        case ".xlsx":
            book = openpyxl_for(path).Workbook()
            book.active.title = SHEET
            blank_sheet(book.active, model, names)
            save_workbook(book, path)
        case ending:
            raise DataError("not a form", file=path, value=ending, remedy="Name it .csv or .xlsx")


def departments(model: ModelSpec) -> dict[str, list[str]]:
    """Series that each department reports, by their names in the form.

    An indicator belongs to the first of the departments that the plan puts in charge of it, another series to the one
    that ``forms/departments.toml`` of the model's folder names; what both leave open stands under :data:`UNNAMED`.

    Raises
    ------
    ModelError
        That file names a series that the model has not, or is no such table.
    """
    others = _of_other_series(model)
    found: dict[str, list[str]] = {}
    for name, (key, series) in offered(model).items():
        named = next(iter(model.indicators[key].department), None) if series.indicator else others.get(key)
        found.setdefault(named or UNNAMED, []).append(name)
    return {name: found[name] for name in sorted(found, key=lambda name: name == UNNAMED)}


def _of_other_series(model: ModelSpec) -> dict[str, str]:
    """Department of each series that is no indicator, as far as the model's folder says."""
    path = model.folder / "forms" / "departments.toml"
    if not path.is_file():
        return {}
    others = read_toml(path).table.get("departments")
    if not isinstance(others, dict):
        raise ModelError("no such table", file=path, key="departments", value=others, remedy="Begin with [departments]")
    for key, name in others.items():
        if key not in model.observations:
            raise ModelError("no such series", file=path, key=key, value=name, remedy=nearest(key, model.observations))
        if not isinstance(name, str) or not name:
            raise ModelError("not a department", file=path, key=key, value=name, remedy='Write its name: "市统计局"')
    return dict(others)


def blank_sheet(sheet: Any, model: ModelSpec, names: Iterable[str], years: Iterable[int] = ()) -> None:
    """Write an empty form into an empty sheet of openpyxl.

    Parameters
    ----------
    sheet : openpyxl Worksheet
        Its name begins with :data:`ykforecast.data.observation_form.SHEET`, or it is the only one.
    model : ModelSpec
    names : iterable of str
        Series by their names in the form.
    years : iterable of int
        A row for each; without any, one row a series without a year.
    """
    rows = _rows(model, names, years)
    head = rows.index(list(COLUMNS.values()))
    choice = offered(model)
    rules = {number: _rule(choice[row[0]][1]) for number, row in enumerate(rows) if number > head and row[0] in choice}
    fill_form_sheet(sheet, list(COLUMNS), rows, rules, head, (model.base_year - 10, model.horizon))


def _rows(model: ModelSpec, names: Iterable[str], years: Iterable[int]) -> list[list[str]]:
    """Remarks, an example, the head and the prepared rows."""
    units = "、".join(UNITS_ZH.values())
    first = model.base_year + 1
    spans = f"{SPANS['cumulative']}（{first}年起累计）、{SPANS['annual_mean']}（{first}年起）"
    example = {
        "series": f"{REMARK}例",
        "year": str(first),
        "span": SPANS["level"],
        "value": "12.34",
        "unit": "万人",
        "published": f"{first + 1}-05-31",
        "source": "部门统计年报",
    }
    choice, listed = offered(model), [str(year) for year in years] or [""]
    prepared = [
        {
            "series": name,
            "label": choice[name][1].label_zh,
            "year": year,
            "span": SPANS["level"] if year and choice[name][1].basis != "level" else "",
            "unit": UNITS_ZH.get(choice[name][1].unit, choice[name][1].unit),
        }
        for name in names
        for year in listed
    ]
    return [
        [f"{REMARK}每行一个数；不填的行请留空或删去；以“{REMARK}”开头的行不读。只写数值，不写公式。"],
        [f"{REMARK}单位：{units}。口径：{SPANS['level']}（不填即此）、{spans}；累计与年均指标必须填写。"],
        [f"{REMARK}月份：存量为该月末数，流量为1月至该月；不填为全年或年末。公布日期：如 2022-05-31。"],
        _row(example),
        list(COLUMNS.values()),
        *map(_row, prepared),
    ]


def _row(cells: Mapping[str, str]) -> list[str]:
    return [cells.get(column, "") for column in COLUMNS]


def _rule(series: ObservationSeries) -> RowRule:
    low, high = (from_base(end, series.unit) for end in series.support)
    units = [zh for key, zh in UNITS_ZH.items() if base_unit(key) == series.base_unit]
    spans = ["level"] if series.basis == "level" else ["level", series.basis]
    return RowRule(units, (low, high), [SPANS[basis] for basis in spans])
