"""The table of sixteen: the CSV contract, widths of Chinese text, terminals and pipes, words."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
import xarray as xr
from rich.console import Console

from tests.unit import synthetic
from ykforecast.assess.evaluation import evaluate
from ykforecast.present.figures import scenario_comparison
from ykforecast.present.reprs import Runs, Scorecard
from ykforecast.present.tables import (
    CSV_COLUMNS,
    escaped,
    html_table,
    indicator_table,
    indicators_csv,
    plain_table,
    print_tables,
)
from ykforecast.present.text import headline, pad, percent, width
from ykforecast.vocabulary.errors import OutputError, RequestError
from ykforecast.vocabulary.units import to_base


@pytest.fixture(scope="module")
def rows(indicators, card):
    return list(csv.DictReader(io.StringIO(indicators_csv(indicators, card))))


def test_csv_has_exactly_the_agreed_columns_and_rows(rows, model):
    # Other programs read this file by these names.
    assert tuple(rows[0]) == CSV_COLUMNS
    expected = [(s, k, str(y)) for s in ("baseline", "plan") for k in model.indicators for y in range(2020, 2026)]
    assert [(row["scenario"], row["indicator"], row["year"]) for row in rows] == expected
    assert all(row["unit"] == model.indicators[row["indicator"]].unit for row in rows)


def test_csv_prints_2020_as_the_plan_prints_it(rows, model):
    # 87.3 is not 87.30: the printed figure is quoted, not computed; where none is printed none is made up.
    for row in rows:
        if row["year"] == "2020":
            assert row["median"] == (model.targets[row["indicator"]].base_printed or "")
            assert row["p10"] == row["p90"] == row["median"]


def test_csv_figures_are_the_quantiles_in_the_units_of_the_plan(rows, indicators, model):
    for row in rows:
        if row["year"] == "2020":
            continue
        key, spec = row["indicator"], model.indicators[row["indicator"]]
        draws = indicators[key].sel(scenario=row["scenario"], year=int(row["year"])) / to_base(1.0, spec.unit)
        for column, level in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
            rounding = 0.5 * 10.0 ** -len(row[column].partition(".")[2])
            assert float(row[column]) == pytest.approx(draws.quantile(level).item(), abs=rounding * 1.000001)


def test_csv_judges_on_the_rows_of_2025_only(rows, model):
    # A probability beside 2022 would read as one about 2022.
    for row in rows:
        judged = (row["target"], row["probability"], row["class"])
        if row["year"] == "2025":
            assert row["target"] == model.targets[row["indicator"]].printed
            assert 0.0 <= float(row["probability"]) <= 1.0 and row["class"]
        else:
            assert judged == ("", "", "")


def test_csv_reads_back_as_numbers(indicators, card):
    # No cell of a number column may be text, or pandas turns the whole column into text.
    frame = pd.read_csv(io.StringIO(indicators_csv(indicators, card)))
    assert all(frame[column].dtype.kind == "f" for column in ("median", "p10", "p90", "probability"))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r="])
def test_csv_text_is_never_a_formula(model, sign):
    # A scenario name comes from a user; a spreadsheet would run =HYPERLINK(...), after a tab as well.
    name = sign + "1+1"
    data = synthetic.indicators((name,), draws=20)
    text = indicators_csv(data, evaluate(data, model))
    assert next(csv.DictReader(io.StringIO(text)))["scenario"] == "'" + name.strip()
    assert escaped(">〔9〕") == ">〔9〕"


def test_csv_keeps_negative_growth_a_number(indicators, model):
    # The guard against formulas is for text: -2.1 has to stay a number.
    shrinking = indicators.assign(labour_productivity_growth=-abs(indicators["labour_productivity_growth"]))
    text = indicators_csv(shrinking, evaluate(shrinking, model))
    row = next(r for r in csv.DictReader(io.StringIO(text)) if r["median"].startswith("-"))
    assert float(row["median"]) < 0


def test_csv_file_is_the_text_and_a_full_path_is_refused_in_words(indicators, card, tmp_path):
    file = tmp_path / "indicators.csv"
    assert indicators_csv(indicators, card, file) == file.read_text(encoding="utf-8")
    assert b"\r" not in file.read_bytes()
    with pytest.raises(OutputError, match="not written"):
        indicators_csv(indicators, card, tmp_path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_of_the_plain_table_stand_below_their_headings(card, lang):
    # On a terminal a Chinese character takes two columns: counting characters would shear the table.
    lines = plain_table(card, "plan", lang).splitlines()
    rule = next(line for line in lines if line.startswith("--"))
    gaps = [match.start() for match in re.finditer("  ", rule)]
    for line in [lines[1], *lines[3 : 3 + card.sizes["indicator"]]]:
        spread = "".join(sign + "\0" * (width(sign) - 1) for sign in line)
        assert all(spread[gap : gap + 2].strip(" ") == "" for gap in gaps if gap < len(spread)), line


def test_sums_and_means_are_marked_as_the_plan_marks_them(card):
    # One year's flow beside a five-year target is the classic misreading of this table.
    table = indicator_table(card, "plan")
    interval = table["80%区间"]
    assert interval["new_urban_jobs"].startswith("〔") and interval["subsidised_training"].endswith("〕")
    assert interval["labour_productivity_growth"].startswith("年均")
    assert "〔" not in interval["pension_government"]
    assert float(table.loc["new_urban_jobs", "2025"]) < 3  # the flow of 2025, not the sum


def test_table_prints_2020_and_the_target_as_the_plan_does(card, model):
    table = indicator_table(card, "baseline")
    assert list(table["2020"]) == [target.base_printed or "" for target in model.targets.values()]
    assert list(table["目标"]) == [target.printed for target in model.targets.values()]


def test_english_table_has_no_chinese(card):
    # A reader of English gets words, not characters; 〔〕 is the plan's own mark.
    text = plain_table(card, "plan", "en").replace("〔", "").replace("〕", "")
    assert not re.search("[\u4e00-\u9fff]", text)


def test_a_pipe_gets_whole_lines_and_no_colour(card):
    # Somebody greps this output.
    page = io.StringIO()
    print_tables(card, Console(file=page, width=80))
    assert "\x1b" not in page.getvalue()
    assert len([line for line in page.getvalue().splitlines() if "社会保障卡持卡人数" in line]) == 2


@pytest.mark.parametrize("columns", [80, 100, 160])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_terminal_shows_every_figure_at_any_width(card, columns, lang):
    # A cell cut off at the edge (基本符合预…) is a lost verdict.
    page = io.StringIO()
    print_tables(card.sel(scenario=["plan"]), Console(file=page, width=columns, force_terminal=True), lang)
    text = re.sub(r"\x1b\[[0-9;]*m", "", page.getvalue())
    assert all(width(line) <= columns for line in text.splitlines())
    table = indicator_table(card, "plan", lang)
    for column in table.columns.drop(table.columns[1]):
        assert all(cell in text for cell in table[column]), column
    assert "…" not in text


def test_probabilities_are_never_printed_as_certainty():
    # 10,000 of 10,000 draws is not a promise.
    assert (percent(1.0), percent(0.0), percent(0.5), percent(0.996)) == (">99", "<1", "50", ">99")


def test_half_a_point_goes_up_in_every_file():
    # 1,530 of 2,000 draws: Word said 76 and the annex, rounded by the spreadsheet, 77.
    assert (percent(0.765), percent(0.905), percent(0.415), percent(0.005)) == ("77", "91", "42", "<1")


def test_headline_counts_every_indicator_once(card):
    for scenario in ("baseline", "plan"):
        counts = [int(number) for number in re.findall(r"(\d+)项[，；。]", headline(card, scenario))]
        assert len(counts) == 4 and sum(counts) == 16


def test_tables_and_figures_name_own_scenarios_in_the_language_asked_for(model):
    # The key alone is no name; a name that ends with the key needs it no second time.
    data = synthetic.indicators(("mine", "a+b"), draws=20)
    data.attrs |= {"scenarios": ["mine", "a+b"]}
    data.attrs |= {
        "scenario_labels_zh": ["自设情景mine", "甲＋乙"],
        "scenario_labels_en": ["own scenario mine", "A + B"],
    }
    card = evaluate(data, model)
    assert headline(card, "mine").startswith("自设情景mine：")
    assert headline(card, "mine", "en").startswith("own scenario mine:")
    assert headline(card, "a+b").startswith("甲＋乙 (a+b)：")
    legend = scenario_comparison(data, "dibao_ratio", model, "en").get_legend()
    assert [text.get_text() for text in legend.get_texts()][:2] == ["own scenario mine", "A + B"]


def test_width_and_padding_count_columns_of_a_terminal():
    assert width("营口2020") == 8 and width("a\u0301") == 1
    assert pad("营", 4) == "营  " and pad("营", 4, right=True) == "  营" and pad("营口", 2) == "营口"


def test_html_shows_names_as_text(model):
    # A scenario name is not markup.
    data = synthetic.indicators(("<script>",), draws=20)
    page = html_table(evaluate(data, model))
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_unknown_languages_and_scenarios_are_refused(card):
    with pytest.raises(RequestError, match="lang"):
        indicator_table(card, "plan", "fr")
    with pytest.raises(RequestError, match="baseline"):
        indicator_table(card, "no-such")
    with pytest.raises(RequestError, match="scenario"):
        indicator_table(card)  # two scenarios, none chosen


def test_a_scorecard_shows_its_sixteen_rows_and_stays_a_dataset(card, model):
    # In a notebook the answer comes first; everything that xarray can do must go on working.
    shown = Scorecard.of(card)
    xr.testing.assert_identical(xr.Dataset(shown.data_vars, shown.coords, shown.attrs), card)
    assert all(repr(shown).count(spec.label_zh) >= 2 for spec in model.indicators.values())
    assert shown._repr_html_().count("<tr>") == 2 * 17
    assert "Dimensions" in repr(shown[["probability"]])
    assert shown["probability"].mean().item() == card["probability"].mean().item()


def test_runs_show_the_rows_of_their_scorecard(card, indicators):
    # Stored with the run or made when it is shown: the rows are the same.
    stored = Runs.from_dict({"/indicators": indicators, "/scorecard": card})
    runs = Runs.of(xr.DataTree.from_dict({"/indicators": indicators}))
    assert repr(stored) == repr(runs)
    assert "失业保险参保人数" in repr(runs) and "groups: indicators" in repr(runs)
    assert "<table>" in runs._repr_html_()
    assert runs["indicators"].to_dataset().identical(indicators)
    assert "失业保险参保人数" not in repr(Runs.from_dict({"/stocks": xr.Dataset({"x": ("y", [1.0])})}))


def test_the_shown_results_come_from_the_functions_they_stand_for(indicators, card):
    # The public evaluate only dresses the result: the same arguments, the same numbers.
    from inspect import signature

    from ykforecast.assess.evaluation import evaluate as plain
    from ykforecast.present import reprs

    assert signature(reprs.evaluate) == signature(plain)
    shown = reprs.evaluate(indicators)
    assert isinstance(shown, Scorecard)
    xr.testing.assert_identical(shown["probability"], card["probability"])


@pytest.fixture(scope="module")
def interim(indicators, model):
    return evaluate(indicators, model, as_of="2023-06-30")


def test_behind_with_the_published_figure_at_the_target_is_marked_and_explained(interim):
    """341,563 insured were published for 2022, more than the target of 2025: without a word officials take 滞后 for an
    error of the program, or the figure for an achievement."""
    key = "unemployment_insured"
    table, text = indicator_table(interim, "baseline"), plain_table(interim, "baseline")
    assert table.loc[key, "类别"] == "滞后◇"
    assert "◇12 失业保险参保人数：公布数已达目标、口径待核（2022年公布34.16万人，目标≥34）" in text
    assert "published figure at target; definition to be checked (2022: 34.16 10,000 persons" in plain_table(
        interim, "baseline", "en"
    )
    assert "滞后项中有1项公布数已达目标" in headline(interim, "baseline")
    assert "◇" in html_table(interim, "baseline")


def test_only_what_is_behind_is_marked_and_the_class_stays_by_rule(interim, indicators, model):
    """Medical coverage is behind without a figure at its target, other classes need no mark."""
    marked = interim["check_definition"]
    assert marked.any("scenario").sum() == 1
    assert (interim["class"].where(marked, drop=True) == "滞后").all()
    unknown = evaluate(indicators, model, as_of="2023-06-30", observations=())
    assert not unknown["check_definition"].any()
    xr.testing.assert_equal(unknown["class"], interim["class"])
    rows = list(csv.DictReader(io.StringIO(indicators_csv(indicators, interim))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert not any("◇" in cell for row in rows for cell in row.values())


def test_no_figure_is_looked_at_before_it_is_known(card, indicators, model):
    """In May 2023 the figure of 2022 was not out; at the base date there is none at all."""
    assert "check_definition" not in card
    early = evaluate(indicators, model, as_of="2023-05-01")
    assert early["published_year"].sel(indicator="unemployment_insured") == 2021
    assert not early["check_definition"].any()
