"""The report in Word: every figure is a cell of the results, and the file keeps the format of official documents."""

from __future__ import annotations

import json
import re
import zipfile
from xml.etree import ElementTree

import pytest

import ykforecast as yk
from ykforecast.assess.gathering import gather
from ykforecast.cli import main
from ykforecast.cli import report as command
from ykforecast.documents.blocks import FIXED_NUMBERS, Cell, Column, Document, Figure, Paragraph, Section, Table
from ykforecast.documents.bound import NOTHING, look_up
from ykforecast.documents.content import CHAPTERS, compose
from ykforecast.documents.report import report
from ykforecast.documents.word import write_word
from ykforecast.documents.word_cells import read_cells
from ykforecast.documents.word_check import check_docx
from ykforecast.documents.word_widths import column_widths
from ykforecast.present.palette import LAMP_COLOURS
from ykforecast.present.text import figure, percent, signed
from ykforecast.present.warning_table import LAMPS_EN
from ykforecast.simulate.storage import read_groups
from ykforecast.vocabulary.errors import DataError, RequestError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def runs(calibration):
    return yk.project(calibration, ["baseline", "plan"], draws=40, seed=7, monthly=True)


@pytest.fixture(scope="module")
def dossier(calibration, runs):
    """All groups of a small run as of the base date."""
    return gather(calibration, runs, draws=20)


@pytest.fixture(scope="module")
def late(dossier, calibration, runs, model):
    """The same run judged in mid-2023, so that the sentences on what is realised are written too."""
    card = yk.evaluate(runs, model, as_of="2023-06-30")
    return type(dossier)(model, card, dossier.paths, dossier.groups)


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, dossier, tmp_path_factory):
    path = tmp_path_factory.mktemp("word") / f"{request.param}.docx"
    document = compose(dossier, request.param)
    write_word(document, path)
    return document, path


def printed_again(cell: Cell, value: object) -> set[str]:
    """Everything that a value may rightly be printed as with the decimals and signs of the cell."""
    if isinstance(value, str) or not cell.unit:
        return {str(value) or NOTHING}
    number = float(value)
    if number != number:
        return {NOTHING}
    if cell.unit == "1" and cell.text.lstrip("-").isdigit() and number == int(number):
        return {f"{int(number)}"}
    decimals = len(cell.text.partition(".")[2])
    return {figure(number, cell.unit, decimals), signed(number, cell.unit, decimals)} | (
        {percent(number, decimals)} if cell.unit == "%" else set()
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("which", ["dossier", "late"])
def test_every_figure_prints_the_cell_that_it_names(which, lang, request):
    """A number that drifted from the results, by a typing error or a wrong path, would mislead whoever signs."""
    source = request.getfixturevalue(which)
    tree = source.tree()
    cells = list(compose(source, lang).cells())
    assert len(cells) > 1000
    wrong = [(cell.path, cell.text) for cell in cells if cell.text not in printed_again(cell, look_up(tree, cell.path))]
    assert not wrong


def test_the_word_file_gives_back_every_figure_with_its_path(written):
    """Officials edit the file; a check of the numbers afterwards needs the path beside each."""
    document, path = written
    assert read_cells(path) == [(cell.path, cell.text) for cell in document.cells()]


def test_no_figure_stands_in_the_word_file_outside_a_cell(written):
    """Text between the cells may hold names such as years and nothing that was computed."""
    _, path = written
    loose = []
    for paragraph in body(path).iter(f"{W}p"):
        text = outside(paragraph)
        if any(sign.isdigit() for sign in FIXED_NUMBERS.sub("", text)) and not style(paragraph).startswith("Heading"):
            loose.append(text)
    assert not loose


def test_the_word_file_keeps_the_format(written):
    assert check_docx(written[1]) == []


def test_the_same_document_gives_the_same_bytes(dossier, tmp_path):
    """A file that differs with the time of day cannot be checked by its digest."""
    for name in ("one.docx", "two.docx"):
        write_word(compose(dossier), tmp_path / name)
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


def test_a_definition_step_is_no_achievement(late):
    """Leaders read the first page only: a count that a new definition lifted must be named there."""
    card = late.card.assign(definition_step=late.card["probability"] * 0.0)
    card["definition_step"].loc[{"indicator": "unemployment_insured"}] = 98_000.0
    said = [str(block) for block in compose(type(late)(late.model, card, late.paths, late.groups)).sections[0].blocks]
    plain = [str(block) for block in compose(late).sections[0].blocks]
    named = [text for text in said if "失业保险参保人数的公布数跳升" in text]
    assert len(named) == 1
    assert not [text for text in plain if "跳升" in text]


def test_both_languages_say_the_same(dossier):
    """A table or a figure left out of one language would be an answer withheld from its readers."""
    chinese, english = (compose(dossier, lang) for lang in ("zh", "en"))
    keys = [
        [(section.key, [getattr(b, "key", "") for b in section.blocks]) for section in one.walk()]
        for one in (chinese, english)
    ]
    assert keys[0] == keys[1]
    assert len(CHAPTERS) == len(chinese.sections)


def test_a_target_that_effort_moves_has_its_curve(dossier):
    """The table says how much is needed; the curve says what less of it would still bring."""
    found = dossier.groups["effort"]
    moved = (found["reached"] > 0) | (found["probability"] - found["base_probability"] > 2 * found["probability_error"])
    drawn = {block.key: block for block in compose(dossier).blocks() if block.__class__ is Figure}
    curves = [key.removeprefix("effort_") for key in drawn if key.startswith("effort_")]
    assert curves == found["indicator"].values[moved.values].tolist() != []
    for key in curves:
        [line] = drawn[f"effort_{key}"].chart["series"]
        chances = 100.0 * dossier.groups[f"effort_{key}"]["curve_probability"].values
        assert line["values"] == pytest.approx(chances.tolist(), abs=1e-3)
        assert drawn[f"effort_{key}"].chart["x"] == sorted(drawn[f"effort_{key}"].chart["x"])


def test_each_month_shows_its_likely_lamp(dossier):
    """A lamp in the wrong month would send inspectors at the wrong time."""
    [grid] = [block for block in compose(dossier).blocks() if getattr(block, "key", "") == "lamp_grid"]
    data = dossier.groups["warning"].sel(scenario="plan")
    for row in grid.chart["rows"]:
        for month, (state, note) in enumerate(zip(row["states"], row["notes"], strict=True), 1):
            here = data.sel(month=f"{row['name']}-{month:02d}")
            lit = bool(here["lamp_probability"].notnull().all())
            assert state == (here["likely_lamp"].item() if lit else "")
            assert note == (f"{percent(float(here['lamp_probability'].max()))}%" if lit else "")
    assert grid.draw().get_title(loc="left")


def test_keys_are_unique(dossier):
    """Sheets, anchors and cross-references are named by them."""
    document = compose(dossier)
    keys = [section.key for section in document.walk()] + [
        b.key for b in document.blocks() if not isinstance(b, Paragraph)
    ]
    assert len(keys) == len(set(keys))


def test_a_report_without_further_analyses_is_still_a_report(dossier, tmp_path):
    """Analyses may fail or be left out: chapters then say so in a sentence."""
    needed = {name: dossier.groups[name] for name in ("tally", "facts", "measures", "conflicts")}
    write_word(compose(type(dossier)(dossier.model, dossier.card, dossier.paths, needed)), tmp_path / "bare.docx")
    assert check_docx(tmp_path / "bare.docx") == []


def test_a_broken_file_has_findings(written, tmp_path):
    """A check that finds nothing in a file with every fault says nothing of a file without."""
    import docx
    from docx.shared import Mm, Pt

    word = docx.Document(str(written[1]))
    word.sections[0].left_margin = Mm(20)
    word.styles["Normal"].font.size = Pt(13)
    word.styles["Normal"].paragraph_format.line_spacing = Pt(21)
    word.add_paragraph("空", style="Heading 1")
    caption = next(p for p in word.paragraphs if p.style.name == "Caption")
    caption._p.getparent().remove(caption._p)
    word.tables[0].columns[0].width = Mm(300)
    word.save(tmp_path / "broken.docx")
    found = " ".join(check_docx(tmp_path / "broken.docx"))
    for fault in (
        "left_margin",
        "size is not",
        "line pitch",
        "nothing stands under it",
        "is due",
        "between the margins",
    ):
        assert fault in found


@pytest.mark.parametrize("damaged", [False, True])
def test_the_command_checks_what_it_wrote(written, tmp_path, monkeypatch, capsys, damaged):
    # Whoever files the report does not open a ruler first: a departure from the format is told where it is written.
    import docx
    from docx.shared import Mm

    word = docx.Document(str(written[1]))
    word.sections[0].left_margin = Mm(20) if damaged else word.sections[0].left_margin
    word.save(tmp_path / "report.docx")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(command, "is_forecast", lambda record: True)
    monkeypatch.setattr(command, "_written", lambda *given: [tmp_path / "report.docx"])
    assert main(["report", str(tmp_path), "--to", str(tmp_path / "to")]) == damaged
    assert ("left_margin" in capsys.readouterr().out) == damaged


def test_a_table_too_wide_for_a_page_lies_on_its_side(written):
    import docx

    document, path = written
    wide = sum(isinstance(block, Table) and block.landscape for block in document.blocks())
    assert wide
    assert {section.orientation for section in docx.Document(str(path)).sections} == {0, 1}


def test_a_file_that_is_no_report_is_refused(tmp_path):
    (tmp_path / "no.docx").write_bytes(b"no")
    for reader in (read_cells, check_docx):
        with pytest.raises(DataError, match="not a readable Word file"):
            reader(tmp_path / "no.docx")


def test_text_of_others_stays_text(tmp_path):
    """Names of scenarios come from users: marks of XML and control characters must not break the file."""
    hostile = "<w:p>&\u201c'\x07"
    row = ((hostile, Cell(hostile, hostile, "scorecard/x")),)
    table = Table("t", hostile, (Column("a"), Column("b")), row)
    section = Section("s", hostile, (Paragraph((hostile,)), table))
    write_word(Document(hostile, (section,)), tmp_path / "x.docx")
    assert read_cells(tmp_path / "x.docx") == [("scorecard/x", hostile.removesuffix("\x07"))]


def test_report_writes_the_file_and_the_results_that_it_quotes(calibration, runs, tmp_path):
    files = report(runs, to=tmp_path / "out", formats=["docx"], calibration=calibration, draws=20)
    tree = read_groups(tmp_path / "out" / "results.nc")
    assert tmp_path / "out" / "report.docx" in files
    for path, _ in read_cells(tmp_path / "out" / "report.docx"):
        look_up(tree, path)


def test_an_unknown_format_is_refused_before_anything_is_computed(runs, tmp_path):
    with pytest.raises(RequestError, match="no such format"):
        report(runs, to=tmp_path / "out", formats=["doc"])
    assert not (tmp_path / "out").exists()


def body(path):
    with zipfile.ZipFile(path) as parts:
        return ElementTree.fromstring(parts.read("word/document.xml"))  # noqa: S314  # made here


def style(paragraph) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.attrib[f"{W}val"]


def outside(paragraph) -> str:
    """Text of a paragraph outside content controls and fields."""
    text, in_field = "", False
    for run in paragraph.findall(f"{W}r"):
        mark = run.find(f"{W}fldChar")
        if mark is not None:
            in_field = mark.attrib[f"{W}fldCharType"] != "end"
        if not in_field:
            text += "".join(part.text or "" for part in run.iter(f"{W}t"))
    return text


#: What a Chinese name, department or unit left in an English report is found by; 〔〕 are brackets of the plan.
_CHINESE = re.compile("[\u4e00-\u9fff【】、；。]")


@pytest.mark.parametrize("which", ["dossier", "late"])
def test_the_english_report_is_english(which, request):
    """Whoever is given it reads no Chinese; only notes on the wording of the plan quote that wording."""
    document = compose(request.getfixturevalue(which), "en")
    texts = [str(one) for one in document.spans() if not (isinstance(one, Cell) and one.path.startswith("conflicts/"))]
    texts += [document.title, document.subtitle, *(section.title for section in document.walk())]
    for block in document.blocks():
        if isinstance(block, Table):
            texts += [block.caption, block.unit, *(column.label for column in block.columns)]
        elif isinstance(block, Figure):
            texts += [block.caption, block.text, json.dumps(block.chart, ensure_ascii=False)]
    assert [text for text in texts if _CHINESE.search(text)] == []


def test_units_of_ten_thousand_stand_with_the_name_in_english(dossier):
    """Nobody reads "23.9 10,000 persons", and "23.9" without its unit means something else."""
    said = [str(block) for block in compose(dossier, "en").blocks() if isinstance(block, Paragraph)]
    assert [text for text in said if re.search(r"\d 10,000", text)] == []
    assert any(text.startswith("Unemployment insurance: insured persons (10,000 persons), binding.") for text in said)


def test_lamps_have_the_colours_that_name_them(dossier):
    """A blue bar that stands for red misleads at the first glance."""
    figures = {block.key: block for block in compose(dossier, "en").blocks() if isinstance(block, Figure)}
    drawn = {one["name"]: one["colour"] for one in figures["lamps_by_month"].chart["series"]}
    assert drawn == {LAMPS_EN[lamp]: colour for lamp, colour in LAMP_COLOURS.items()}


def test_no_column_is_narrower_than_its_longest_word():
    """Wished shares alone broke “10,000 persons” into four lines of three letters in a narrow column of units."""
    rows = [("indicator", "unit"), ("mean years of schooling of the working-age population", "10,000 persons")]
    long, short = column_widths(rows, (9.0, 1.0), 9.0, 100.0)
    assert long + short == pytest.approx(100.0)
    letters = len("persons") * 9.0 * 25.4 / 72
    assert short > 0.45 * letters
    assert column_widths(rows, (1.0, 1.0), 9.0, 100.0) == [50.0, 50.0]
    # No width holds all words: what there is goes by what each needs, and no column disappears.
    squeezed = column_widths(rows, (1.0, 0.0), 9.0, 5.0)
    assert sum(squeezed) == pytest.approx(5.0)
    assert min(squeezed) > 1.0


def test_chinese_breaks_anywhere_and_takes_the_wished_shares():
    assert column_widths([("城镇职工基本养老保险参保人数", "万人")], (3.0, 1.0), 9.0, 80.0) == [60.0, 20.0]
