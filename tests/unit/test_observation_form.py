"""Forms of a department's own figures: an empty one can be filled in and read, a faulty one not at all."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ykforecast.data.blank_form import UNNAMED, departments, write_form
from ykforecast.data.form_cells import MAX_BYTES, MAX_ROWS, read_cells
from ykforecast.data.model_files import load_model
from ykforecast.data.observation_form import COLUMNS, SHEET, form_observations, offered
from ykforecast.data.observations import contradictions, load_observations
from ykforecast.vocabulary.errors import DataError, FormError, ModelError, OutputError, RequestError

HEAD = "序列,年份,月份,口径,数值,单位,公布日期,来源,备注\n"
GOOD = "unemployment_insured,2022,,,34.2,万人,2023-03-31,人社局年报,\n"


def read_form(path: Path):
    """The figures of a form, for the shipped model."""
    return form_observations(path, load_model())


def form(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "own.csv"
    path.write_text(head + "".join(rows), encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(FormError) as caught:
        read_form(path)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_an_empty_form_offers_every_series_and_holds_no_figure(tmp_path):
    # Officials see what they may report, with names and units in Chinese; an unfilled form says nothing.
    path = tmp_path / "form.csv"
    write_form(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # or a spreadsheet shows the Chinese as rubbish
    text = path.read_text(encoding="utf-8-sig")
    model = load_model()
    for key in model.indicators:
        assert f"indicator:{key}," in text and model.observations[key].label_zh in text
    assert "registered_population" not in text  # no run holds it
    assert "万人" in text and "# 例" in text
    assert read_form(path) == ()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_cell_of_the_form_is_a_formula(tmp_path, suffix):
    if suffix == ".xlsx":
        pytest.importorskip("openpyxl")
    path = tmp_path / f"form{suffix}"
    write_form(path)
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in read_cells(path, SHEET)[0].rows for cell in row)


def test_a_filled_form_gives_observations_in_base_units(tmp_path):
    path = form(tmp_path, GOOD, "indicator:surveyed_unemployment_rate,2022,6,当年,5.9,%,2022-07-20,调查队,月度\n")
    insured, rate = read_form(path)
    assert (insured.series, insured.value, insured.rounding) == ("unemployment_insured", 342_000, 1_000)
    assert (insured.published, insured.source, insured.grade) == (date(2023, 3, 31), "人社局年报", "observed")
    assert rate.value == pytest.approx(0.059)
    assert (rate.month, rate.ends) == (6, date(2022, 6, 30))


def test_the_form_that_was_written_can_be_filled_in(tmp_path):
    # Prepared rows that stay empty are passed over, remarks and the example too.
    path = tmp_path / "form.csv"
    write_form(path)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    names = list(COLUMNS)
    for row in rows:
        if row[0] == "indicator:social_security_cards":
            for name, cell in {"year": "2022", "value": "212", "published": "2023/3/1", "source": "人社局"}.items():
                row[names.index(name)] = cell
    page = io.StringIO()
    csv.writer(page).writerows(rows)
    path.write_text(page.getvalue(), encoding="utf-8")
    [one] = read_form(path)
    assert (one.series, one.value, one.year, one.published) == (
        "social_security_cards",
        2_120_000,
        2022,
        date(2023, 3, 1),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_spreadsheets_save_in_several_encodings(tmp_path, encoding):
    # Chinese Windows saves CSV as GB18030, newer versions with a byte order mark.
    path = tmp_path / "own.csv"
    path.write_bytes((HEAD + GOOD).encode(encoding))
    assert read_form(path)[0].source == "人社局年报"


def test_an_excel_form_is_read_like_a_csv_form(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "form.xlsx"
    write_form(path)
    book = openpyxl.load_workbook(path)
    names = list(COLUMNS)
    for row in book.active.iter_rows():
        if row[0].value == "indicator:unemployment_insured":
            row[names.index("year")].value = 2022
            row[names.index("value")].value = 34.2
            row[names.index("published")].value = date(2023, 3, 31)
            row[names.index("source")].value = "人社局年报"
    book.save(path)
    assert read_form(path) == read_form(form(tmp_path, GOOD))


def test_a_fault_in_an_excel_form_is_named_by_its_cell(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "own.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "填报"
    book.active.append(list(COLUMNS))
    book.active.append(["unemployment_insured", "", 2022, "", "", "=1+1", "万人", "2023-03-31", "人社局", ""])
    book.save(path)
    [first, *_] = problems(path)
    assert "填报!F2 数值" in first and "formula" in first and "'=1+1'" in first


def test_without_openpyxl_the_way_out_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (tmp_path / "own.xlsx").write_bytes(b"")
    with pytest.raises(DataError, match=r"pip install ykforecast\[excel\], or use a CSV"):
        read_form(tmp_path / "own.xlsx")


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("unemployment_insurd,2022,,,34,万人,2023-03-31,x,", "序列", "unemployment_insured"),
        ("registered_population,2022,,,227,万人,2023-03-31,x,", "序列", "no such series"),
        ("unemployment_insured,22,,,34,万人,2023-03-31,x,", "年份", "2010 .. 2025"),
        ("unemployment_insured,2026,,,34,万人,2027-03-31,x,", "年份", "2010 .. 2025"),
        ("unemployment_insured,2022,13,,34,万人,2023-03-31,x,", "月份", "1 .. 12"),
        ("unemployment_insured,2022,,,34万,万人,2023-03-31,x,", "数值", "not a number"),
        ("unemployment_insured,2022,,,nan,万人,2023-03-31,x,", "数值", "not a number"),
        ("unemployment_insured,2022,,,,万人,2023-03-31,x,", "数值", "not a number"),
        ("unemployment_insured,2022,,,34,万,2023-03-31,x,", "单位", "unknown unit"),
        ("unemployment_insured,2022,,,34,亿元,2023-03-31,x,", "单位", "万人、人"),
        ("unemployment_insured,2022,,,34.2,人,2023-03-31,x,", "数值", "part of a person"),
        ("unemployment_insured,2022,,,341563,万人,2023-03-31,x,", "数值", "impossible"),
        ("unemployment_insured,2022,,,-3,万人,2023-03-31,x,", "数值", "impossible"),
        ("medical_coverage,2022,,,95,fraction,2023-03-31,x,", "数值", "impossible"),
        ("unemployment_insured,2022,,,34,万人,2022-02-30,x,", "公布日期", "not a date"),
        ("unemployment_insured,2022,,,34,万人,,x,", "公布日期", "not a date"),
        ("unemployment_insured,2022,,,34,万人,2022-12-30,x,", "公布日期", "before the time"),
        ("unemployment_insured,2022,,,34,万人,2023-03-31,,", "来源", "missing"),
        ("unemployment_insured,2022,,,34,万人,2023-03-31,=HYPERLINK(1),", "来源", "formula"),
        ("unemployment_insured,2022,,,34,万人,2023-03-31,china_city_yearbook,", "来源", "registered publication"),
        ("unemployment_insured,2022,,累计,34,万人,2023-03-31,x,", "口径", "several years"),
        ("new_urban_jobs,2022,,,4,万人,2023-03-31,x,", "口径", "累计"),
        ("new_urban_jobs,2022,,年均,4,万人,2023-03-31,x,", "口径", "累计"),
        ("new_urban_jobs,2020,,累计,4,万人,2023-03-31,x,", "年份", "begin in 2021"),
        ("mean_years_schooling,2019,,,11,年,2023-03-31,x,", "数值", "no definition"),
        (",2022,,,34,万人,2023-03-31,x,", "序列", "no such series"),
        ("#REF!,2022,,,34,万人,2023-03-31,x,", "序列", "no such series"),  # no remark
    ],
)
def test_a_bad_cell_is_named_with_row_column_value_and_remedy(tmp_path, row, column, problem):
    # Whoever filled in the form must find the cell without asking.
    found = problems(form(tmp_path, GOOD, row + "\n"))
    [text] = [text for text in found if f"row 3 {column}" in text and problem in text]
    assert "own.csv" in text and "found '" in text


def test_every_fault_is_told_at_once_and_nothing_is_read(tmp_path):
    # A form that came back three times with one fault each would not come back a fourth time.
    path = form(tmp_path, GOOD, "x,2022,,,a,b,c,d,\n", "unemployment_insured,1999,,,1,人,2023-03-31,x,\n")
    found = problems(path)
    assert [text.split(": ")[1] for text in found] == [
        *("row 3 序列", "row 3 公布日期", "row 3 数值", "row 3 单位"),
        "row 4 年份",
    ]


def test_the_same_figure_twice_is_refused(tmp_path):
    # Which of the two was meant? The key of the indicator names the same series.
    [text] = problems(form(tmp_path, GOOD, "indicator:" + GOOD))
    assert "row 3 序列" in text and "as in row 2" in text


def test_a_sum_and_a_year_of_one_flow_are_two_figures(tmp_path):
    rows = (f"new_urban_jobs,2022,,{span},{value},万人,2023-03-31,x,\n" for span, value in (("当年", 2), ("累计", 4)))
    year, total = read_form(form(tmp_path, *rows))
    assert (year.first_year, year.basis) == (2022, "level")
    assert (total.first_year, total.year, total.basis, total.value) == (2021, 2022, "cumulative", 40_000)


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (HEAD.replace("单位", ""), "column missing"),
        (HEAD.replace("单位", "单元"), "unknown column"),
        (HEAD.replace("备注", "数值"), "given twice"),
    ],
)
def test_a_bad_head_is_named(tmp_path, head, problem):
    assert any(problem in text for text in problems(form(tmp_path, GOOD, head=head)))


def test_full_width_marks_and_thousands_are_read(tmp_path):
    # Chinese input methods type ％ and ２０２２; accountants type 341,563.
    rows = (
        'unemployment_insured,２０２２年,,,"341,563",人,2023年3月31日,x,\n',
        "gdp_growth,2022,,,-2.3,％,2023.3.31,x,\n",
    )
    insured, growth = read_form(form(tmp_path, *rows))
    assert (insured.value, insured.rounding) == (341_563, 1)
    assert growth.value == pytest.approx(-0.023)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("own.csv", b"\xff\xff\xff", "neither UTF-8 nor GB18030"),
        ("own.csv", b"", "empty"),
        ("own.csv", b'a,"b', "not a CSV"),
        ("own.csv", b"PK\x03\x04", "Name it .xlsx"),
        ("own.csv", b"," * (MAX_BYTES + 1), "too large"),
        ("own.csv", b"x\n" * (MAX_ROWS + 1), "too large"),
        ("own.xls", b"", "Save it as .csv or .xlsx"),
    ],
)
def test_a_file_that_is_no_form_is_refused(tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=problem):
        read_form(tmp_path / name)


def test_a_damaged_workbook_is_refused(tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "form.xlsx"
    write_form(path)
    content = path.read_bytes()
    for kept in (0, 10, len(content) // 2):
        path.write_bytes(content[:kept])
        with pytest.raises(DataError, match="not an Excel file"):
            read_form(path)


def test_a_missing_form_and_a_missing_folder_are_named(tmp_path):
    with pytest.raises(DataError, match="missing"):
        read_form(tmp_path / "none.csv")
    with pytest.raises(OutputError, match="none"):
        write_form(tmp_path / "none" / "form.csv")
    with pytest.raises(DataError, match=r"\.csv or \.xlsx"):
        write_form(tmp_path / "form.txt")


def test_own_figures_stand_before_published_ones_and_the_difference_is_told(tmp_path):
    # 34.2万 of the department against 341,563 of the yearbook: beyond rounding, so both are named.
    path = form(tmp_path, GOOD.replace("34.2", "33.0"))
    found = load_observations("yingkou", as_of=date(2023, 6, 30), own=path)
    [one] = [one for one in found if (one.series, one.year) == ("unemployment_insured", 2022)]
    assert (one.value, one.source) == (330_000, "人社局年报")
    text = next(text for text in contradictions(found) if "unemployment_insured 2022" in text)
    assert "341563" in text and "own figure" in text


def test_own_figures_are_known_from_their_day_on(tmp_path):
    path = form(tmp_path, GOOD)
    found = load_observations("yingkou", as_of=date(2023, 3, 30), own=path)
    assert {one.year for one in found} == {2021}
    found = load_observations("yingkou", as_of=date(2023, 3, 31), own=path)
    assert [one.series for one in found if one.year == 2022] == ["unemployment_insured"]


def test_a_department_gets_the_series_that_it_leads(tmp_path):
    # The plan names who is in charge; what it leaves open comes back with everything else, and nothing is lost.
    model = load_model()
    led = departments(model)
    assert led["市医保局"] == ["indicator:medical_coverage", "employee_medical_insured"]
    assert "indicator:new_urban_jobs" in led["市人社局"] and "population" in led["市统计局"]
    assert sorted(name for names in led.values() for name in names) == sorted(offered(model))
    write_form(tmp_path / "form.csv", department="市医保局")
    text = (tmp_path / "form.csv").read_text(encoding="utf-8-sig")
    assert "indicator:medical_coverage" in text and "new_urban_jobs" not in text
    with pytest.raises(RequestError, match="市医保局"):
        write_form(tmp_path / "other.csv", department="市医疗保障局")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[departments]\npopulatoin = "市统计局"', "populatoin.*population"),
        ("[departments]\npopulation = 3", "population.*3"),
        ('departments = "市统计局"', "departments"),
    ],
)
def test_a_faulty_list_of_departments_is_told(tmp_path, text, named):
    model = load_model()
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "departments.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=named):
        departments(replace(model, folder=tmp_path))


def test_a_place_without_such_a_list_has_forms_all_the_same(tmp_path):
    led = departments(replace(load_model(), folder=tmp_path))
    assert "population" in led[UNNAMED]


def test_a_workbook_with_several_forms_refuses_one_figure_given_twice(tmp_path):
    # Two departments that report the same series must agree first; the message names both cells.
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "说明"  # other sheets are not read
    book.active.append(["=1+1"])
    for name in ("填报-甲", "填报-乙"):
        sheet = book.create_sheet(name)
        sheet.append(list(COLUMNS))
        sheet.append(["unemployment_insured", "", 2022, "", "", 34.2, "万人", "2023-03-31", "人社局", ""])
    book.save(tmp_path / "own.xlsx")
    [text] = problems(tmp_path / "own.xlsx")
    assert "填报-乙!A2 序列" in text and "as in 填报-甲!A2" in text
