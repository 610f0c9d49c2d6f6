"""The report in a real browser: charts are drawn, switches switch, tables sort, and nothing leaves the page."""

from __future__ import annotations

import shutil

import pytest

from tests.chromium import BROWSER, Page
from tests.unit.documents_made import HOSTILE

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine: apt-get install chromium")
_KINDS = {"lines", "bars", "dumbbells", "lamps", "pyramid", "waterfall", "stacked"}
#: Marks of a chart, whatever its kind.
_MARKS = "path,rect,polygon,circle"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    folder = tmp_path_factory.mktemp("profile")
    try:
        page = Page(folder)
    except AssertionError as error:
        pytest.skip(f"Chromium does not start on this machine: {error}")
    yield page
    page.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def page(browser, html_report):
    """The report just opened; afterwards nothing was complained of and nothing but the file was asked for."""
    browser.events.clear()
    browser.open(html_report)
    yield browser
    assert browser.complaints() == []
    assert {address.partition("#")[0] for address in browser.requests()} <= {html_report.as_uri(), "about:blank"}


def test_every_chart_is_drawn_and_takes_the_place_of_its_picture(page):
    drawn = page.run(
        """[...document.querySelectorAll("#zh .chart")].map(box => [
        box.querySelector("svg").getAttribute("class").slice(5),
        box.querySelectorAll("svg[role=img] :is(path, rect, polygon, circle)").length,
        box.parentElement.querySelectorAll(".picture").length])"""
    )
    assert {kind for kind, _, _ in drawn} == _KINDS
    assert all(marks >= 2 and pictures == 0 for _, marks, pictures in drawn)
    # NaN in a coordinate draws nothing and says nothing.
    charts = page.run("[...document.querySelectorAll('.chart svg')].map(one => one.outerHTML).join()")
    assert not [word for word in ("NaN", "undefined", "Infinity") if word in charts]
    # A figure without a specification keeps its picture.
    assert page.run("document.querySelectorAll('#zh-figure-still .picture svg').length") == 1


def test_a_hostile_name_is_shown_and_not_obeyed(page):
    assert page.run("document.querySelector('#zh-figure-scenarios .legend').textContent").startswith(HOSTILE)
    assert page.run("document.scripts.length") == page.run("document.querySelectorAll('script[type]').length") + 1
    # Not even a script that a fault would let in: the policy refuses it.
    page.run("const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s)")
    assert page.run("window.broken === undefined")
    refused = [said for said in page.complaints() if "Content Security Policy" in said]
    assert len(refused) == len(page.complaints()) == 1
    page.events.clear()


def test_the_language_is_in_the_address(page, html_report):
    shown = "[...document.querySelectorAll('.edition')].filter(one => one.offsetHeight).map(one => one.id)"
    assert (page.run(shown), page.run("document.documentElement.lang")) == (["zh"], "zh-CN")
    page.run("document.getElementById('zh-section-insurance').scrollIntoView()")
    page.wait("document.querySelector('#zh a.language').hash === '#en-section-insurance'")
    page.run("document.querySelector('#zh a.language').click()")
    page.wait("location.hash === '#en-section-insurance' && document.documentElement.lang === 'en'")
    assert page.run(shown) == ["en"]
    assert page.run("document.title").startswith("Mid-term evaluation")
    # Charts of the other language are drawn when there is room for them.
    page.wait(f"document.querySelectorAll('#en-figure-fan .chart svg[role=img] :is({_MARKS})').length > 4")
    # The address alone leads there, as when it is sent to somebody.
    page.open(html_report, "#en-section-trends")
    assert page.run(shown) == ["en"]
    assert abs(page.run("document.getElementById('en-section-trends').getBoundingClientRect().top")) < 60


def test_tables_sort_by_value_and_return(page):
    column = "[...document.querySelectorAll('#zh-table-indicators tbody tr')].map(row => row.cells[{}].textContent)"
    head = "document.querySelectorAll('#zh-table-indicators thead th')[{}]"
    printed = page.run(column.format(0))
    rows = "[...document.querySelectorAll('#zh-table-indicators tbody tr')]"
    values = f"{rows}.map(row => Number(row.cells[4].firstChild.dataset.value))"
    # By keyboard: the heading is a button.
    page.run(f"{head.format(4)}.querySelector('button').focus()")
    page.press("Enter")
    assert page.run(f"{head.format(4)}.getAttribute('aria-sort')") == "ascending"
    assert page.run(values) == sorted(page.run(values))
    page.press("Enter")
    assert page.run(f"{head.format(4)}.getAttribute('aria-sort')") == "descending"
    assert page.run(values) == sorted(page.run(values), reverse=True)
    page.press("Enter")
    assert page.run(column.format(0)) == printed
    # What is missing comes last whichever way.
    for _ in range(2):
        page.run(f"{head.format(3)}.querySelector('button').click()")
        assert page.run(column.format(3))[-1].startswith("【待")
    # Words are in the order of the language.
    page.run(f"{head.format(5)}.querySelector('button').click()")
    words = page.run(column.format(5))
    assert words == page.run(f"{column.format(5)}.sort((a, b) => a.localeCompare(b, 'zh-CN'))")


def test_a_table_is_filtered(page):
    page.run(
        "const field = document.querySelector('#zh-table-indicators .sieve'); field.value = '养老保险';"
        "field.dispatchEvent(new Event('input'))"
    )
    assert (
        page.run(
            "[...document.querySelectorAll('#zh-table-indicators tbody tr')].filter(row => row.offsetHeight).length"
        )
        == 3
    )


def test_the_theme_changes_and_paper_stays_white(page):
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.run(paper)
    page.run("document.querySelector('#zh [data-do=theme]').click()")
    assert page.run(paper) != before
    assert page.run("document.querySelector('#zh [data-do=theme]').getAttribute('aria-pressed')") == "true"
    page.ask("Emulation.setEmulatedMedia", media="print")
    assert page.run(paper) == "rgb(255, 255, 255)"
    page.ask("Emulation.setEmulatedMedia", media="")


def test_a_figure_tells_where_it_was_read(page):
    cell = "document.querySelector('#zh-section-summary .cell')"
    x, y = page.run(f"(() => {{ const box = {cell}.getBoundingClientRect(); return [box.x + 4, box.y + 4]; }})()")
    page.point(x, y)
    told = page.run("document.getElementById('source').textContent")
    assert told.startswith("数值来源：scorecard/outcome_median[scenario=plan,indicator=unemployment_insured]")
    # By keyboard once sources are marked; a report of a thousand figures is not a thousand stops before that.
    assert page.run(f"{cell}.tabIndex") == -1
    page.run("document.querySelector('#zh [data-do=sources]').click()")
    page.run(f"{cell}.focus()")
    assert page.run("document.getElementById('source').hidden") is False


def test_a_chart_reads_out_by_pointer_and_by_key(page):
    chart = "document.querySelector('#zh-figure-fan .chart svg[role=img]')"
    page.run(f"{chart}.scrollIntoView({{block: 'center'}}); {chart}.focus()")
    page.press("ArrowRight")
    page.press("ArrowRight")
    read = page.run("document.getElementById('readout').textContent")
    assert read.startswith("2021")
    assert "公布数24.1 万人" in read
    page.press("Escape")
    assert page.run("document.getElementById('readout').hidden")
    page.point(
        *page.run(f"(() => {{ const box = {chart}.getBoundingClientRect(); return [box.right - 25, box.y + 90]; }})()")
    )
    assert page.run("document.getElementById('readout').textContent").startswith("2025")
    # The table of data holds the same.
    page.run("document.querySelector('#zh-figure-fan details').open = true")
    page.wait("document.querySelectorAll('#zh-figure-fan .data tbody tr').length === 6")


def test_a_series_is_put_aside_but_never_the_last(page):
    lines = "document.querySelectorAll('#zh-figure-scenarios path.line').length"
    buttons = "document.querySelectorAll('#zh-figure-scenarios .legend button')"
    assert page.run(lines) == 2
    page.run(f"{buttons}[0].click()")
    assert (page.run(lines), page.run(f"{buttons}[0].getAttribute('aria-pressed')")) == (1, "false")
    page.run(f"{buttons}[1].click()")
    assert page.run(lines) == 1
    page.run(f"{buttons}[0].click()")
    assert page.run(lines) == 2


@pytest.mark.parametrize("fragment", ["", "#en"])
def test_nothing_is_wider_than_a_telephone(page, html_report, fragment):
    page.open(html_report, fragment, width=390, height=800)
    assert page.run("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_text_of_the_results_is_broken_into_lines(page, html_report, lang):
    # One sentence on a definition, held on one line, once made the page twice as wide as its window.
    page.open(html_report, f"#{lang}", width=390, height=800)
    box = f"document.querySelector('#{lang} p .cell[data-long]')"
    assert page.run(f"{box}.getClientRects().length") > 1
    assert page.run(f"{box}.getBoundingClientRect().right") <= 390


def test_a_table_that_scrolls_has_a_name(page):
    # A reader who cannot see the table hears which one the key has reached.
    named = "[...document.querySelectorAll('.scroll[tabindex]')].map(one => [one.getAttribute('role'), one.ariaLabel])"
    assert all(role == "region" and name for role, name in page.run(named))


def test_it_prints_on_a4(page):
    # Charts are there although nobody has scrolled to them; the wide table lies on its side.
    content = page.pdf()
    assert content.startswith(b"%PDF")
    assert len(content) > 50_000
    assert b"/Type /Page" in content


def test_without_scripts_both_languages_and_all_pictures_are_there(page, html_report):
    page.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.ask("Page.navigate", url="about:blank")
        page.ask("Page.navigate", url=html_report.as_uri())
        # Scripts of the protocol still run.
        page.wait("document.querySelectorAll('.picture svg').length > 10 && document.readyState === 'complete'")
        assert page.run("[...document.querySelectorAll('.edition')].every(one => one.offsetHeight > 0)")
        assert page.run("[...document.querySelectorAll('.picture')].every(one => one.offsetHeight > 50)")
    finally:
        page.ask("Emulation.setScriptExecutionDisabled", value=False)
