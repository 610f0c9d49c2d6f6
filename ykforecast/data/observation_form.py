"""Forms for a department's own figures (自报数据表): a filled form in, observations or all its faults out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final
from unicodedata import normalize

from ykforecast.data.form_cells import FORMULA_SIGNS, Cells, read_cells
from ykforecast.spec.measurement import end_of_month
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.observation import Observation, ObservationSeries
from ykforecast.vocabulary.dims import MONTHS_A_YEAR
from ykforecast.vocabulary.errors import DataError, FormError, nearest
from ykforecast.vocabulary.units import UNITS_ZH, base_unit, rounding_step, to_base, unit_named

#: Columns by key; either name heads a column. Those beyond ``source`` and ``label`` may be left out.
COLUMNS: Final = {
    "series": "序列",
    "label": "名称",
    "year": "年份",
    "month": "月份",
    "span": "口径",
    "value": "数值",
    "unit": "单位",
    "published": "公布日期",
    "source": "来源",
    "note": "备注",
}
_NEEDED: Final = ("series", "year", "value", "unit", "published", "source")
#: Columns that a row of an empty form may bring with it.
_PREPARED: Final = ("series", "label", "year", "span", "unit")
#: What a figure of several years is, by the basis of its series.
SPANS: Final = {"level": "当年", "cumulative": "累计", "annual_mean": "年均"}
#: Put before the keys of the plan's indicators.
INDICATOR: Final = "indicator:"
#: Sheets of a workbook that are forms begin so.
SHEET: Final = "填报"
#: Rows that begin so are not read. The blank tells them from errors of a spreadsheet, such as #REF!
REMARK: Final = "# "
_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def form_observations(form: Path, model: ModelSpec) -> tuple[Observation, ...]:
    """A department's own figures, all of them or none.

    Parameters
    ----------
    form : Path
        A filled form of :func:`ykforecast.data.blank_form.write_form`, or a workbook with several; columns may
        stand in any order, with Chinese or English heads.
    model : ModelSpec
        Whose series are reported.

    Returns
    -------
    tuple of Observation
        Base units, in the order of the form.

    Raises
    ------
    FormError
        Something is wrong with it; ``problems`` names every bad cell with its value and remedy.
    DataError
        The file as a whole cannot be read.
    """
    problems: list[DataError] = []
    sheets = []
    for cells in read_cells(form, SHEET):
        filled = [
            (number, row)
            for number, row in enumerate(cells.rows)
            if any(cell.strip() for cell in row) and not row[0].strip().startswith(REMARK)
        ]
        if filled:
            sheets.append((cells, filled[1:], _columns(form, cells, filled[0], problems)))
    if not sheets:
        raise DataError("the form is empty", file=form, remedy="Write an empty form anew and fill it in")
    if problems:
        raise FormError(problems, file=form)
    found: list[Observation] = []
    seen: dict[object, str] = {}
    for cells, rows, at in sheets:
        for number, row in rows:
            entry = _Row(form, cells, number, row, at, problems)
            if not any(entry.cells[column] for column in at if column not in _PREPARED):
                continue
            one = entry.observation(model)
            if one is None:
                continue
            place = cells.place(number, at["series"])
            first = seen.setdefault((one.series, one.times, one.basis), place)
            if first != place:
                entry.refuse("series", f"the same figure as in {first}", "Keep one of them")
            found.append(one)
    if problems:
        raise FormError(problems, file=form)
    return tuple(found)


def offered(model: ModelSpec) -> Mapping[str, tuple[str, ObservationSeries]]:
    """Series that a department may report, by their name in the form, with their key."""
    return {
        f"{INDICATOR}{key}" if series.indicator else key: (key, series)
        for key, series in model.observations.items()
        if series.modelled
    }


def _columns(form: Path, cells: Cells, header: tuple[int, list[str]], problems: list[DataError]) -> dict[str, int]:
    """Position of every column that the head names."""
    names = {zh: key for key, zh in COLUMNS.items()} | {key: key for key in COLUMNS}
    at: dict[str, int] = {}
    number, row = header
    for column, cell in enumerate(row):
        head = cell.strip()
        if not head:
            continue
        place = cells.place(number, column)
        if head not in names:
            problems.append(DataError("unknown column", file=form, key=place, value=head, remedy=nearest(head, names)))
        elif names[head] in at:
            problems.append(DataError("column given twice", file=form, key=place, value=head, remedy="Keep one"))
        else:
            at[names[head]] = column
    for key in _NEEDED:
        if key not in at:
            place, remedy = cells.place(number, 0), f"Head a column with {COLUMNS[key]} or {key}"
            problems.append(DataError("column missing", file=form, key=place, value=COLUMNS[key], remedy=remedy))
    return at


class _Row:
    """One filled row: each cell read once, each fault noted with its cell."""

    def __init__(
        self, form: Path, cells: Cells, number: int, row: list[str], at: dict[str, int], problems: list[DataError]
    ) -> None:
        self._form, self._place, self._number, self._at, self._problems = form, cells.place, number, at, problems
        self.cells = {key: row[i].strip() if i < len(row) else "" for key, i in at.items()}
        for i, cell in enumerate(row):
            if cell.strip() and i not in at.values():
                self._note(i, "", "a cell without a heading", cell, "Head the column or empty the cell")

    def refuse(self, column: str, problem: str, remedy: str) -> None:
        """Note a fault of one cell."""
        self._note(self._at[column], COLUMNS[column], problem, self.cells[column], remedy)

    def _note(self, i: int, name: str, problem: str, value: str, remedy: str) -> None:
        place = f"{self._place(self._number, i)} {name}".strip()
        self._problems.append(DataError(problem, file=self._form, key=place, value=value, remedy=remedy))

    def observation(self, model: ModelSpec) -> Observation | None:
        """The figure of this row, or None after noting every fault."""
        faults = len(self._problems)
        for column, cell in self.cells.items():
            if cell.startswith(FORMULA_SIGNS) and not (column == "value" and _NUMBER.fullmatch(cell)):
                self.refuse(column, "a formula", "Write the value itself, without =, +, - or @ before it")
        named = self._series(model)
        year = self._whole("year", model.base_year - 10, model.horizon)
        month = self._whole("month", 1, MONTHS_A_YEAR) if self.cells.get("month") else None
        published = self._day()
        figure = self._figure()
        if not self.cells["source"]:
            self.refuse("source", "missing", "Name the department or the publication")
        elif self.cells["source"] in model.sources:
            # Published figures are read from the registry; under its name an own figure would pass for one.
            self.refuse("source", "a registered publication", "Name the department that reports the figure")
        if len(self._problems) > faults or named is None or year is None or published is None or figure is None:
            return None
        key, series = named
        value, unit, rounding = figure
        for problem in self._misfits(series, value, unit, end_of_month(year, month or MONTHS_A_YEAR), published):
            self.refuse(*problem)
        years = self._years(model, series, year)
        refusal = series.refusal(value, year)
        if refusal is not None:
            remedy = "Correct the number, its unit or its year"
            self.refuse("value", f"{refusal} (read as {value:g} {series.base_unit})", remedy)
        if len(self._problems) > faults or years is None:
            return None
        return series.observed(
            key,
            value,
            years=years,
            month=month,
            rounding=rounding,
            published=published,
            source=self.cells["source"],
            grade="observed",
        )

    def _series(self, model: ModelSpec) -> tuple[str, ObservationSeries] | None:
        choice = offered(model)
        name = self.cells["series"]
        found = choice.get(name) or choice.get(f"{INDICATOR}{name}")
        if found is None:
            self.refuse("series", "no such series", nearest(name, choice))
        return found

    def _whole(self, column: str, low: int, high: int) -> int | None:
        text = normalize("NFKC", self.cells[column]).removesuffix({"year": "年", "month": "月"}[column])
        if text.isascii() and text.isdecimal() and low <= int(text) <= high:
            return int(text)
        self.refuse(column, f"not a {column} of {low} .. {high}", "Write a whole number")
        return None

    def _day(self) -> date | None:
        found = _DAY.fullmatch(normalize("NFKC", self.cells["published"]))
        try:
            if found is None:
                raise ValueError
            return date(*map(int, found.groups()))
        except ValueError:
            self.refuse("published", "not a date", "Write it as 2022-05-31")
            return None

    def _figure(self) -> tuple[float, str, float] | None:
        """Value in base units, unit and unit of the last digit in base units."""
        text = normalize("NFKC", self.cells["value"])
        number = _NUMBER.fullmatch(text)
        if number is None:
            self.refuse("value", "not a number", "Write one number without its unit")
        try:
            unit = unit_named(self.cells["unit"])
        except DataError as error:
            self.refuse("unit", error.problem, error.remedy or "")
            return None
        if number is None:
            return None
        plain = text.replace(",", "")
        return to_base(float(plain), unit), unit, rounding_step(plain, unit)

    def _misfits(
        self, series: ObservationSeries, value: float, unit: str, ends: date, published: date
    ) -> Iterator[tuple[str, str, str]]:
        if base_unit(unit) != series.base_unit:
            fitting = [zh for key, zh in UNITS_ZH.items() if base_unit(key) == series.base_unit]
            yield "unit", "the unit does not fit the series", f"One of: {'、'.join(fitting)}"
        elif unit in {"persons", "person-times"} and not value.is_integer():
            yield "value", "a part of a person", "Correct the number, or its unit (万人?)"
        if published < ends:
            yield "published", f"before the time that it describes ends ({ends})", "Correct the date or the year"

    def _years(self, model: ModelSpec, series: ObservationSeries, year: int) -> tuple[int, int] | None:
        """First and last year of the figure."""
        span = self.cells.get("span", "")
        bases = ("level",) if series.basis == "level" else ("level", series.basis)
        allowed = {SPANS[basis]: basis for basis in bases} | {basis: basis for basis in bases}
        if not span and series.basis == "level":
            return year, year
        if span not in allowed:
            place = "span" if "span" in self.cells else "series"
            remedy = "口径 (span): " + "、".join(SPANS[basis] for basis in bases)
            self.refuse(place, "it is not said what the figure of several years is", remedy)
            return None
        first = year if allowed[span] == "level" else model.base_year + 1
        if first > year:
            self.refuse("year", f"sums and means begin in {first}", "Correct the year or the 口径")
            return None
        return first, year
