"""The data annex: its formulas give the library's numbers, its text is never run, its forms come back."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import pytest

from tests.unit.reports import document, dossier
from ykforecast.assess.progress import elapsed
from ykforecast.data.form_cells import MAX_BYTES
from ykforecast.data.observation_form import COLUMNS, form_observations
from ykforecast.documents import excel_targets
from ykforecast.documents.bound import look_up
from ykforecast.documents.excel import write_annex
from ykforecast.vocabulary.errors import DataError, FormError, OutputError
from ykforecast.vocabulary.units import from_base

openpyxl = pytest.importorskip("openpyxl", reason="the annex needs openpyxl")
MIDTERM = "2023-06-30"


@pytest.fixture(scope="module")
def found(model):
    return dossier(model, MIDTERM)


@pytest.fixture(scope="module")
def annex(found, tmp_path_factory):
    path = tmp_path_factory.mktemp("annex") / "annex.xlsx"
    write_annex(document(found), found, path)
    return path


@pytest.fixture(scope="module")
def book(annex):
    return openpyxl.load_workbook(annex)


def column(name):
    """Position of a column of the sheet of main indicators."""
    return list(excel_targets._COLUMNS).index(name) + 1


def recalculated(folder, *paths):
    """Workbooks as LibreOffice computes them anew."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: formulas are not recalculated here")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return [openpyxl.load_workbook(folder / path.name, data_only=True) for path in paths]


def test_sheets_stand_in_the_order_of_a_statistical_annex(book):
    # Cover, contents and notes first; one table a sheet; what is read back by machines last.
    names = book.sheetnames
    assert names[:4] == ["封面", "目录", "说明", "主要指标"]
    assert names[4].startswith("主要指标-") and names[5:7] == ["附表1", "情景"]
    assert "填报-市人社局" in names and names[-2:] == ["数据字典", "数据索引"]
    linked = [cell.hyperlink.location for (cell,) in book["目录"].iter_rows(min_row=3, min_col=2, max_col=2)]
    assert linked == [f"'{name}'!A1" for name in names if name != "目录"]


def test_a_table_of_the_document_is_a_sheet_with_title_unit_head_and_notes(book, model):
    sheet = book["附表1"]
    assert sheet["A1"].value == "附表1 主要指标完成情况" and sheet["D2"].value == "单位：万人、%"
    assert [cell.value for cell in sheet[3]] == ["指标", "2025年预测", "概率%", "原因"]
    assert sheet.freeze_panes == "A4" and sheet.print_title_rows == "$1:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet["D4"].value == "【待市人社局补充】"
    assert sheet.cell(4 + len(model.indicators), 1).value.startswith("注")


def test_every_figure_says_where_it_stands_in_the_results_and_is_it(book, found):
    # The index is what an auditor follows: cell -> path -> value, without a gap.
    tree = found.tree()
    rows = list(book["数据索引"].iter_rows(min_row=4, values_only=True))
    assert len(rows) > 480
    for sheet, place, _, printed, value, unit, path in rows:
        result = look_up(tree, path)
        if isinstance(result, float):  # a spreadsheet keeps sixteen digits
            assert (value is None and math.isnan(result)) or value == pytest.approx(result, rel=1e-15), path
        else:
            assert value == result, path
        shown = book[sheet][place].value
        if isinstance(shown, int | float) and isinstance(value, float):
            assert shown == pytest.approx(from_base(value, unit) if unit else value, rel=1e-12)
        elif isinstance(shown, str) and not shown.startswith("="):
            assert shown == printed


def test_printed_decimals_are_those_of_the_document(book):
    # 万人 with two decimals, a rate with one, as the cell of the document prints them; <1 stays a text.
    sheet = book["附表1"]
    formats = {sheet.cell(row, 1).value: sheet.cell(row, 2).number_format for row in range(4, 20)}
    assert formats["城镇新增就业人数"] == "0.00" and formats["城镇调查失业率"] == "0.0"
    assert "<1" in [sheet.cell(row, 3).value for row in range(4, 20)]


def test_formulas_of_a_level_are_those_that_officials_would_write(book, model):
    # Hand-checked once, so that it holds where no spreadsheet program is at hand.
    row = excel_targets.FIRST_ROW + list(model.indicators).index("unemployment_insured")
    sheet = book["主要指标"]
    at = {name: sheet.cell(row, column(name)) for name in excel_targets._COLUMNS}
    used, base, target = (at[name].coordinate for name in ("used", "base", "target"))
    assert f"({used}-{base})/({target}-{base})" in at["progress"].value
    assert at["pace"].value.count(f"({used}-{base})/(whole_years+year_part)") == 1
    assert f"({target}-{used})/(5-whole_years-year_part)" in at["required"].value
    assert (
        at["used"].value
        == f"=IF(ISNUMBER({at['actual'].coordinate}),{at['actual'].coordinate},{at['model'].coordinate})"
    )
    names = {name: place.attr_text for name, place in book.defined_names.items()}
    assert names["as_of"] == "'主要指标'!$C$3" and sheet["C3"].value.date() == date(2023, 6, 30)


def test_recalculated_formulas_give_the_numbers_of_the_library(model, tmp_path):
    # Officials check the report with these sheets: a formula that differs from the program would discredit both.
    days = ("2020-12-31", MIDTERM, "2025-12-31")
    made = {day: dossier(model, day) for day in days}
    paths = [tmp_path / f"{day}.xlsx" for day in days]
    for one, path in zip(made.values(), paths, strict=True):
        write_annex(document(one), one, path)
    (tmp_path / "out").mkdir()
    for (day, one), book in zip(made.items(), recalculated(tmp_path / "out", *paths), strict=True):
        assert book["主要指标"]["C7"].value == pytest.approx(elapsed(date.fromisoformat(day)), abs=1e-12)
        sheets = [name for name in book.sheetnames if name.startswith("主要指标")]
        for name, scenario in zip(sheets, one.card["scenario"].values.tolist(), strict=True):
            compared = compare(book[name], one.card.sel(scenario=scenario), model)
            # At the start only what is required of each year can be said, at the end only what was.
            assert compared == {"2020-12-31": 14, "2025-12-31": 23}.get(day, 39), day


def compare(sheet, card, model):
    """Numbers on the sheet that are numbers of the scorecard; texts stand where that has none."""
    compared = 0
    for row, (key, spec) in enumerate(model.indicators.items(), excel_targets.FIRST_ROW):
        here = card.sel(indicator=key)
        wanted = {
            "progress": float(here["progress"]),
            "pace": from_base(float(here["pace"]), spec.unit),
            "required": from_base(float(here["required_pace"]), spec.unit),
        }
        for name, value in wanted.items():
            cell = sheet.cell(row, column(name)).value
            if math.isnan(value):
                assert isinstance(cell, str), (key, name, cell)
            else:
                assert cell == pytest.approx(value, rel=1e-9, abs=1e-9), (key, name)
                compared += 1
    return compared


def test_a_changed_date_and_a_typed_figure_move_what_follows(annex, tmp_path, model, found):
    # By hand: 25.4 at the end of 2022 from 23.9, target 34: progress 1.5/10.1, pace 0.75, required 8.6/3, 3.82 times.
    book = openpyxl.load_workbook(annex)
    sheet, row = book["主要指标"], excel_targets.FIRST_ROW + list(model.indicators).index("unemployment_insured")
    sheet["C3"].value = date(2022, 12, 31)
    sheet.cell(row, column("actual")).value = 25.4
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    (tmp_path / "out").mkdir()
    [book] = recalculated(tmp_path / "out", changed)
    for name in [name for name in book.sheetnames if name.startswith("主要指标")]:  # other scenarios follow the first
        values = {key: book[name].cell(row, column(key)).value for key in excel_targets._COLUMNS}
        assert values["progress"] == pytest.approx(1.5 / 10.1)
        assert values["pace"] == pytest.approx(0.75) and values["required"] == pytest.approx(8.6 / 3)
        assert values["ratio"] == pytest.approx(8.6 / 3 / 0.75)
        assert values["lead"] == pytest.approx(1.5 / 10.1 - 0.4)
    # Without a typed figure the medians of the forecast at that year end stand; of sums and means too.
    at_2022 = excel_targets.FIRST_ROW + list(model.indicators).index("new_urban_jobs")
    median = found.paths["cumulated"].sel(scenario="baseline", indicator="new_urban_jobs", year=2022, quantile=0.5)
    assert book["主要指标"].cell(at_2022, column("used")).value == pytest.approx(float(median) / 1e4)
    rates = found.card["median"].sel(scenario="baseline", indicator="labour_productivity_growth", year=[2021, 2022])
    mean = float((1.0 + rates).prod()) ** 0.5 - 1.0
    growth = excel_targets.FIRST_ROW + list(model.indicators).index("labour_productivity_growth")
    assert book["主要指标"].cell(growth, column("used")).value == pytest.approx(100.0 * mean)


HOSTILE = ('=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "\t=1+1", "a\x00\x1bb\u202ec")


def test_text_is_never_run_as_a_formula(model, tmp_path):
    # Names of scenarios and departments are typed by people; a sheet that runs them is an open door.
    first, second, title, subtitle, organ, day = HOSTILE
    one = dossier(model)
    one = replace(one, card=one.card.assign_coords(scenario_zh=("scenario", [first, second])))
    path = tmp_path / "annex.xlsx"
    write_annex(replace(document(one, title=title), subtitle=subtitle, organ=organ, date=day), one, path)
    book = openpyxl.load_workbook(path)
    cleaned = {"".join(sign if sign.isprintable() else " " for sign in text).strip() for text in HOSTILE}
    seen = set()
    for sheet in book.worksheets:
        live = sheet.title.startswith("主要指标")
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or live, cell
                if cell.value in cleaned:
                    seen.add(cell.value)
                    assert cell.data_type == "s" and cell.quotePrefix, cell
    # The name of the second scenario stands only inside longer texts.
    assert len(seen) >= len(HOSTILE) - 1 and seen <= cleaned
    assert not any(mark in name for name in book.sheetnames for mark in "[]:*?/\\'\t\x00")


def test_the_same_run_gives_the_same_bytes(annex, tmp_path):
    # Its digest stands in the record of the run: no time of saving, no order of hashes from one process to the next.
    code = (
        "import sys, ykforecast as yk; from tests.unit.reports import document, dossier;"
        "from ykforecast.documents.excel import write_annex;"
        "one = dossier(yk.load_model()); write_annex(document(one), one, sys.argv[1])"
    )
    again = tmp_path / "again.xlsx"
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, str(again)], check=True, env=os.environ | environment)
    assert again.read_bytes() == annex.read_bytes()
    with ZipFile(annex) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"<dcterms:" not in archive.read("docProps/core.xml")


def test_an_english_document_has_an_english_annex(model, tmp_path):
    one = dossier(model)
    path = tmp_path / "annex.xlsx"
    write_annex(document(one, "en", title="Mid-term evaluation"), one, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:5] == ["Cover", "Contents", "Notes", "Indicators", "Indicators-Plan (plan)"]
    assert book["Indicators"].cell(excel_targets.FIRST_ROW, 2).value == "New urban employment"
    assert "填报-市人社局" in book.sheetnames  # forms go to the departments as they are


def fill(path, sheet, series, **cells):
    """Fill the first row of a series in one form of the annex."""
    book = openpyxl.load_workbook(path)
    for row in book[sheet].iter_rows():
        if row[0].value == series:
            for name, value in cells.items():
                row[list(COLUMNS).index(name)].value = value
            break
    else:
        raise AssertionError(series)
    book.save(path)


def test_forms_filled_in_the_annex_come_back_equal(annex, model, tmp_path):
    # Two departments type into the one file that they were sent; nothing else of the file is read.
    path = tmp_path / "filled.xlsx"
    path.write_bytes(annex.read_bytes())
    assert path.stat().st_size < MAX_BYTES
    assert form_observations(path, model) == ()
    fill(path, "填报-市人社局", "indicator:new_urban_jobs", value=2.05, published=date(2022, 3, 1), source="人社局年报")
    fill(path, "填报-市医保局", "indicator:medical_coverage", value=90.2, published="2022-05-31", source="医保局年报")
    jobs, coverage = form_observations(path, model)
    assert (jobs.series, jobs.year, jobs.basis, jobs.value) == ("new_urban_jobs", 2021, "level", 20_500)
    assert (coverage.series, coverage.year, coverage.source) == ("medical_coverage", 2021, "医保局年报")
    assert coverage.value == pytest.approx(0.902) and coverage.published == date(2022, 5, 31)


def test_a_wrong_cell_of_a_form_is_named_with_its_sheet(annex, model, tmp_path):
    path = tmp_path / "filled.xlsx"
    path.write_bytes(annex.read_bytes())
    fill(path, "填报-市医保局", "indicator:medical_coverage", value=902, published="2022-05-31", source="医保局年报")
    fill(path, "填报-市人社局", "indicator:new_urban_jobs", value="=1+1", published="2022-05-31", source="x")
    with pytest.raises(FormError) as caught:
        form_observations(path, model)
    coverage, jobs = (
        next(text for text in map(str, caught.value.problems) if f"填报-{name}!F6 数值" in text)
        for name in ("市医保局", "市人社局")
    )
    assert "impossible" in coverage and "902" in coverage
    assert "formula" in jobs and "Write the value itself" in jobs


def test_cells_of_a_form_are_checked_while_they_are_typed(book, model):
    # A list of units, bounds of the figure, a date: faults are caught where they are made.
    checks = {str(one.sqref): one for one in book["填报-市医保局"].data_validations.dataValidation}
    assert checks["G6"].formula1 == '"%,‰,倍"'
    assert (checks["F6"].type, float(checks["F6"].formula1), float(checks["F6"].formula2)) == ("decimal", 0.0, 150.0)
    assert {"whole", "custom", "list", "decimal"} == {one.type for one in checks.values()}
    first = book["主要指标"].data_validations.dataValidation[0]
    assert (str(first.sqref), first.type, first.formula2) == ("C3", "date", "DATE(2025,12,31)")


def test_without_openpyxl_the_way_out_is_named(found, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(DataError, match=r"pip install ykforecast\[excel\]"):
        write_annex(document(found), found, tmp_path / "annex.xlsx")


def test_a_failed_write_leaves_the_earlier_file(found, tmp_path, monkeypatch):
    path = tmp_path / "annex.xlsx"
    path.write_bytes(b"earlier")
    monkeypatch.setattr("ykforecast.data.files.os.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OutputError):
        write_annex(document(found), found, path)
    assert path.read_bytes() == b"earlier" and len(list(tmp_path.iterdir())) == 1
