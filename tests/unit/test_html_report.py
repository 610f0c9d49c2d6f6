"""The report as one HTML file: its structure, what it keeps of every figure, and that no name can break out of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.unit.documents_made import HOSTILE
from ykforecast.documents import charts
from ykforecast.documents.blocks import Cell, Gap, Section, Table
from ykforecast.documents.bound import look_up
from ykforecast.documents.html import html_page, write_html
from ykforecast.documents.html_blocks import span_html
from ykforecast.documents.html_figures import json_for_html
from ykforecast.documents.numbering import headings
from ykforecast.present.text import CLASSES_EN
from ykforecast.vocabulary.errors import RequestError

_VOID = {"meta", "col", "input", "br", "link", "image", "use", "path", "rect", "line", "circle", "polygon"}
_ADDRESSES = {"src", "href", "action", "data", "poster", "srcset", "formaction", "xlink:href"}


class Reading(HTMLParser):
    """Elements, open ones, ids, addresses, cells and scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.cells: list[tuple[dict[str, str | None], list[str]]] = []
        self.scripts: list[tuple[dict[str, str | None], list[str]]] = []
        self._within: list[list[str] | None] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.addresses += [value or "" for name, value in attrs if name in _ADDRESSES]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        text: list[str] | None = None
        if "cell" in (found.get("class") or "").split():
            text = []
            self.cells.append((found, text))
        if tag == "script":
            text = []
            self.scripts.append((found, text))
        if tag not in _VOID:
            self.open.append(tag)
            self._within.append(text)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in _VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> within {self.open[-3:]}")
            return
        self.open.pop()
        self._within.pop()

    def handle_data(self, data):
        if self._within and self._within[-1] is not None:
            self._within[-1].append(data)


@pytest.fixture(scope="module")
def page(html_report):
    return html_report.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reading(page):
    return Reading(page)


def test_elements_close_in_order_and_ids_are_one_each(reading):
    # A heading that two elements answer to leads half of the links astray.
    assert reading.wrong == []
    assert reading.open == []
    assert len(reading.ids) == len(set(reading.ids))


def test_the_page_asks_for_nothing(page, reading):
    # Officials open it behind closed networks; an address in it would also tell others that it was opened.
    assert reading.addresses
    assert [address for address in reading.addresses if not address.startswith("#")] == []
    inside_styles = re.findall(r"url\(([^)]*)\)", page)
    assert [address for address in inside_styles if not address.startswith("#")] == []
    assert "@import" not in page
    # The one address left is the name of the SVG language.
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) == {"http://www.w3.org/2000/svg"}


def test_only_the_scripts_of_the_page_may_run(page, reading):
    # A digest in the policy admits exactly one script; the others are data that nothing executes.
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src &#x27;none&#x27;" in policy[1]
    assert re.search(r"script-src &#x27;sha256-[\w+/]{43}=&#x27;;", policy[1])
    running = [attributes for attributes, _ in reading.scripts if attributes.get("type") != "application/json"]
    assert len(running) == 1
    assert reading.handlers == []


def test_a_hostile_name_stays_text(page, reading, documents):
    # Names of scenarios are typed by users; "</script>" within JSON would end the element whatever quotes it stands in.
    assert HOSTILE not in page
    assert "<script>alert" not in page
    specifications = [json.loads("".join(text)) for attributes, text in reading.scripts if "type" in attributes]
    names = [series["name"] for one in specifications for series in one.get("series", [])]
    assert names.count(HOSTILE) == len(documents)
    assert any("".join(text) == HOSTILE for _, text in reading.cells)


def test_every_figure_keeps_its_text_and_its_place(reading, documents, made_results):
    # A reader who doubts a figure finds the cell it was read from, and there the same value.
    expected = [cell for document in documents.values() for cell in document.cells()]
    found = [(told["data-path"], "".join(text)) for told, text in reading.cells]
    assert sorted(found) == sorted((cell.path, cell.text) for cell in expected)
    tree = made_results.tree()
    for told, _ in reading.cells:
        value = look_up(tree, told["data-path"])
        assert told["data-value"] == (str(value) if isinstance(value, str) else repr(float(value)))


def test_both_languages_have_the_same_places(reading):
    # The switch leads from a section to the same one.
    places = {
        lang: {one[3:] for one in reading.ids if re.match(rf"{lang}-(section|table|figure)-[\w-]+$", one)}
        for lang in ("zh", "en")
    }
    assert places["zh"] == places["en"]
    assert len(places["zh"]) > 10


def test_a_gap_is_marked_in_the_language_of_the_reader(page):
    assert '<mark class="gap" title="待有关部门补充">【待市人社局补充：未达标的原因】</mark>' in page
    assert "[the labour bureau to add: reasons]</mark>" in page
    assert str(Gap("市医保局")) == "【待市医保局补充】"


def test_tables_and_figures_are_counted_and_named(page, documents):
    for lang, words in (("zh", ("<b>表1</b>　", "<b>图{}</b>　")), ("en", ("<b>Table 1</b>. ", "<b>Figure {}</b>. "))):
        figures = sum(not isinstance(block, Table) and hasattr(block, "draw") for block in documents[lang].blocks())
        assert words[0] in page
        assert all(words[1].format(number) in page for number in range(1, figures + 1))


def test_headings_are_numbered_as_official_documents_are(documents):
    numbers = {lang: [number for _, _, number in headings(documents[lang])] for lang in ("zh", "en")}
    assert numbers["zh"] == ["", "一、", "（一）", "（二）", "二、", ""]
    assert numbers["en"] == ["", "1 ", "1.1 ", "1.2 ", "2 ", ""]


def test_numbers_beyond_ten_and_below_the_third_level(documents):
    deep = Section(
        "a", "甲", sections=(Section("b", "乙", sections=(Section("c", "丙", sections=(Section("d", "丁"),)),)),)
    )
    many = tuple(Section(f"s{at}", "节") for at in range(20))
    numbers = [number for _, _, number in headings(replace(documents["zh"], sections=(deep, *many)))]
    assert numbers[:4] == ["一、", "（一）", "1．", "（1）"]
    assert (numbers[4 + 8], numbers[4 + 9], numbers[4 + 18], numbers[-1]) == ("十、", "十一、", "二十、", "二十一、")


def test_a_document_under_another_language_is_refused(documents):
    with pytest.raises(RequestError, match="another language"):
        html_page({"en": documents["zh"]}, first="en")
    with pytest.raises(RequestError, match="no document in this language"):
        html_page({"zh": documents["zh"]}, first="en")


def test_one_language_needs_no_switch(documents, tmp_path):
    short = replace(documents["en"], sections=documents["en"].sections[:1])
    path = write_html({"en": short}, tmp_path / "report.html", first="en")
    page = path.read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert 'class="language"' not in page


def test_the_same_documents_make_the_same_page(documents):
    # Digests of deliverables are compared when a run is replayed; matplotlib by itself draws its names by lot.
    still = replace(documents["zh"], sections=documents["zh"].sections[1].sections[1:])
    assert html_page({"zh": still}) == html_page({"zh": still})


def test_json_ends_no_script_and_holds_no_nan():
    text = json_for_html({"name": "</script><!--\u2028"})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == {"name": "</script><!--\u2028"}
    with pytest.raises(ValueError, match="JSON"):
        json_for_html({"value": float("nan")})


def test_charts_round_and_leave_gaps():
    # Two digits more than are printed; what is not there is no nought.
    one = charts.line("a", [1.23456, float("nan"), float("inf")], 1)
    assert one["values"] == [1.235, None, None]


def test_charts_of_uneven_length_are_refused():
    # A script would draw the years of one series under another.
    with pytest.raises(ValueError, match="2 entries where 3"):
        charts.lines([2021, 2022, 2023], [charts.line("a", [1.0, 2.0], 0)], unit="人", decimals=0)
    with pytest.raises(ValueError, match="2 entries where 1"):
        charts.lines(
            [2021], [charts.line("a", [1.0], 0, bands=[charts.band("80%", [0, 1], [2, 3], 0)])], unit="", decimals=0
        )
    with pytest.raises(ValueError, match="unknown states"):
        charts.lamps(["2023-01"], {"a": ["purple"]}, {"red": ("红", "#f00")})
    with pytest.raises(ValueError, match="1 entries where 2"):
        charts.stacked([1, 2], {"a": [1.0]}, unit="", decimals=0)


@pytest.mark.parametrize(("zh", "en"), CLASSES_EN.items())
def test_a_class_has_its_colour_in_both_languages(zh, en):
    tone = re.search('data-tone="[a-z]+"', span_html(Cell(zh, zh, "tally/verdict_zh"), "zh"))[0]
    assert tone in span_html(Cell(en, en, "tally/verdict_en"), "en")


def test_a_per_cent_sign_stays_with_its_figure():
    assert span_html(" % (80 % interval ", "en") == "\u00a0% (80\u00a0% interval "
