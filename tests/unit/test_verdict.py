"""The verdict beside the numbers: withheld progress, pace, gaps, words, and the unemployment rate by year."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.unit import synthetic
from ykforecast.assess.card_words import REASONS
from ykforecast.assess.classes import ClassRules
from ykforecast.assess.evaluation import evaluate
from ykforecast.assess.gaps import latest_turn, shortfall
from ykforecast.assess.likelihood import LIKELIHOOD_FILE, LikelihoodScale
from ykforecast.assess.measurement_error import measurement_error
from ykforecast.assess.rate_judgement import rate_judgement
from ykforecast.present.verdict_table import plain_verdict, verdict_records
from ykforecast.vocabulary.errors import ModelError

MIDTERM = "2023-06-30"


@pytest.fixture(scope="module")
def scale(model):
    return LikelihoodScale.of_folder(model.folder)


@pytest.fixture(scope="module")
def midterm(indicators, model):
    return evaluate(indicators, model, MIDTERM, observations=())


def path(indicators, key, values):
    """The indicators with one path of an indicator in every draw and scenario."""
    return indicators.assign({key: indicators[key].copy(data=np.broadcast_to(values, indicators[key].shape))})


def row(indicators, model, key, values, as_of="2022-12-31"):
    card = evaluate(path(indicators, key, values), model, as_of, observations=())
    return card.sel(indicator=key, scenario="plan")


@pytest.mark.parametrize(
    ("key", "reached"),
    [
        ("unemployment_insured", (279_400.0, 289_500.0, 299_600.0)),
        ("pension_employees_total", (994_700.0, 1_000_000.0, 1_005_300.0)),
        ("medical_coverage", (0.9182, 0.9235, 0.9288)),
        ("dibao_ratio", (1.354, 1.345, 1.336)),
        ("social_security_cards", (2_128_000.0, 2_140_000.0, 2_152_000.0)),
    ],
)
def test_the_straight_line_of_the_plan_is_on_time_everywhere(indicators, model, key, reached):
    # The lines that departments draw by hand: on them progress is elapsed time, and the pace is the one needed.
    target = model.targets[key]
    line = np.linspace(target.base, target.value, 6)
    for day, figure in zip(("2022-12-31", MIDTERM, "2023-12-31"), reached, strict=True):
        here = row(indicators, model, key, line, day)
        whole, part = divmod(here["elapsed"].item() * 5.0, 1.0)
        stood = line[int(whole)] + part * (line[int(whole) + 1] - line[int(whole)])
        assert stood == pytest.approx(figure, rel=1e-3)
        assert here["progress"].item() == pytest.approx(here["elapsed"].item())
        assert here["pace_ratio"].item() == pytest.approx(1.0)
        assert here["pace_note"].item() == here["progress_withheld"].item() == ""


def test_the_error_of_a_figure_has_its_register_its_survey_and_its_last_digit(model):
    # The register leaves the sampling error of the survey to the model's own series: here it belongs to the figure.
    rate = measurement_error(model, "surveyed_unemployment_rate", 0.058)
    assert rate == pytest.approx(np.sqrt(0.0005**2 + model.parameters["survey_error"].median ** 2 + 0.001**2 / 12))
    assert measurement_error(model, "poverty_alleviated_workers", 5000.0) == pytest.approx(50.0, rel=1e-3)
    assert np.isnan(measurement_error(model, "mean_years_schooling", np.nan))


def test_progress_is_withheld_within_the_error_and_says_why(midterm, model):
    # 5.8 -> 5.5, 66.38 -> 66.5, 4966 -> 5000, 10.05 -> 10.25: less than twice what one figure errs.
    withheld = midterm["progress_withheld"].sel(scenario="plan").to_series()
    assert set(withheld[withheld == "within_error"].index) == {
        "surveyed_unemployment_rate",
        "urban_employment_share",
        "poverty_alleviated_workers",
        "pension_government",
    }
    assert withheld["labour_productivity_growth"] == "annual_mean"
    assert withheld["mean_years_schooling"] == "no_base"
    assert bool((midterm["progress"].isnull() == (midterm["progress_withheld"] != "")).all())
    planned = abs(midterm["target"] - midterm["median"].sel(year=2020))
    least = ClassRules.read(model.folder).errors_of_change * midterm["figure_error"]
    told = midterm["progress"].notnull() & (midterm["basis"] == "level")
    assert bool((planned >= least).where(told, True).all())


def test_before_any_figure_nothing_is_realised_and_the_card_says_so(card):
    # A reader has to tell "not begun" from "cannot be told".
    assert card["progress_withheld"].sel(indicator="unemployment_insured").values.tolist() == ["not_begun"] * 2
    assert card["pace_ratio"].isnull().all()


@pytest.mark.parametrize(
    ("key", "path_so_far", "note"),
    [
        ("unemployment_insured", (239_000, 230_000, 220_000), "turn_up"),
        ("unemployment_insured", (239_000, 239_000, 239_000), "start_up"),
        ("unemployment_insured", (239_000, 300_000, 341_000), "reached"),
        ("dibao_ratio", (1.39, 1.42, 1.45), "turn_down"),
        ("dibao_ratio", (1.39, 1.39, 1.39), "start_down"),
        ("dibao_ratio", (1.39, 1.35, 1.29), "reached"),
    ],
)
def test_a_pace_that_has_to_turn_is_words_and_no_ratio(indicators, model, key, path_so_far, note):
    # A quotient of a needed rise and a past fall is negative, of nothing infinite: neither says what has to happen.
    here = row(indicators, model, key, [*path_so_far, *[path_so_far[-1]] * 3])
    assert here["pace_note"].item() == note
    assert np.isnan(here["pace_ratio"].item())
    assert here["pace_note_zh"].item() and here["pace_note_en"].item()
    if note == "turn_up":
        assert here["pace_note_zh"].item() == "需由降转升"


def test_the_ratio_is_the_needed_over_the_past_pace(indicators, model):
    # 1万 a year so far, (34 - 25.9) / 3 = 2.7万 a year still: 2.7 times.
    here = row(indicators, model, "unemployment_insured", [239_000, 249_000, 259_000, 0, 0, 0])
    assert here["pace_ratio"].item() == pytest.approx(2.7)
    # Growth of 4 % in two years asks for more than 6 % in the other three.
    growth = row(indicators, model, "labour_productivity_growth", [np.nan, 0.04, 0.04, 0.06, 0.06, 0.06])
    assert growth["pace_ratio"].item() == pytest.approx(((1.06**5 / 1.04**2) ** (1 / 3) - 1) / 0.04)


def test_at_the_end_no_pace_is_required(indicators, model):
    # Nothing can be done in no time: a ratio to it would be nought over something.
    here = evaluate(indicators, model, "2025-12-31", observations=()).sel(indicator="unemployment_insured")
    assert here["pace_note"].values.tolist() == ["over"] * 2
    assert here["pace_ratio"].isnull().all()


def test_shortfall_is_that_of_the_draws_that_miss(model):
    # The draws that attain the target lack nothing and may not thin out the gap of the others.
    target = model.targets["unemployment_insured"]
    outcome = target.value + np.array([[-30.0, -20.0, -10.0, 40.0, 50.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
    found = shortfall(outcome, outcome >= target.threshold, target)
    assert found[0].tolist() == pytest.approx([12.0, 20.0, 28.0])
    assert np.isnan(found[1]).all()
    # Where less is better the gap lies above the threshold.
    ratio = model.targets["dibao_ratio"]
    assert shortfall(np.array([[1.4]]), np.array([[False]]), ratio)[0] == pytest.approx([0.1] * 3)


def _turn(model, key, paths, passed=2020):
    values = np.asarray(paths, dtype=float)[None]
    series = xr.DataArray(values, dims=("scenario", "draw", "year"), coords={"year": range(2020, 2026)})
    met = values[..., -1] >= model.targets[key].threshold
    year, note = latest_turn(series, met, model.targets[key], passed, 0.9)
    return int(year[0]), str(note[0])


def test_the_latest_turn_is_where_the_fastest_change_still_leads_to_the_target(model):
    # Most draws stand still at 30万; one in five gains 1万 a year, so four years are needed and 2021 is the last end.
    slow, quick = [300_000.0] * 6, [300_000.0, 310_000, 320_000, 330_000, 340_000, 350_000]
    many = [slow] * 16 + [quick] * 4
    assert _turn(model, "unemployment_insured", many) == (2021, "")
    # What has passed cannot be changed; two draws in ten still get there because they stand higher by now.
    assert _turn(model, "unemployment_insured", many, passed=2022) == (0, "unclear")
    assert _turn(model, "unemployment_insured", [slow] * 20) == (0, "too_late")
    assert _turn(model, "unemployment_insured", [quick] * 20) == (0, "none_needed")


def test_every_probability_has_one_term_and_better_odds_no_worse_word(scale):
    # Words are read without their numbers: at a bound the better one holds, and the order never turns.
    bounds = {0.99: "几乎确定", 0.90: "很可能", 0.66: "可能", 0.33: "可能性各半", 0.10: "不大可能", 0.01: "很不可能"}
    for bound, word in bounds.items():
        assert scale.term(bound).term_zh == word
        assert scale.term(bound - 1e-9).term_zh != word
    assert scale.term(0.0).term_en == "exceptionally unlikely"
    assert scale.term(1.0).phrase_zh == "可确保完成"
    ranks = [scale.terms.index(scale.term(p)) for p in np.linspace(0, 1, 501)]
    assert (np.diff(ranks) <= 0).all()


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "不足1%"),
        (0.031, "约3%"),
        (0.062, "约5%"),
        (0.83, "约85%"),
        (0.967, "约97%"),
        (0.995, "超过99%"),
        (1.0, "超过99%"),
    ],
)
def test_a_probability_in_a_sentence_is_rounded_and_never_certain(scale, probability, text):
    # Five points are what assumed parameters bear; near the ends five points are everything.
    assert scale.about(probability) == text


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("least = 0.90", "least = 0.995"), "from the most to the least"),
        (("least = 0.0\n", "least = 0.005\n"), "from nought on"),
        (("step = 0.05\nfine", "stepp = 0.05\nfine"), "stepp"),
        (('term_zh = "可能"\n', ""), "term_zh"),
    ],
)
def test_a_wrong_scale_is_refused_with_its_place(model, tmp_path, change, found):
    # Departments put in their own words: a slip must name the file and the key.
    text = (model.folder / LIKELIHOOD_FILE).read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / LIKELIHOOD_FILE).write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(ModelError, match=found) as caught:
        LikelihoodScale.of_folder(tmp_path)
    assert LIKELIHOOD_FILE in str(caught.value)


@pytest.mark.parametrize(
    ("years", "code"),
    [
        # Behind at mid-2023, then as fast as it takes; ahead at mid-2023, then a fall.
        ((23.9, 24.2, 24.6, 26.0, 31.0, 34.5), "behind_speeding_up"),
        ((23.9, 28.5, 33.0, 33.5, 33.0, 32.0), "ahead_slowing_down"),
        ((23.9, 25.92, 27.94, 29.96, 31.98, 34.0), ""),
        ((23.9, 24.0, 24.1, 24.2, 24.3, 24.4), ""),
    ],
)
def test_progress_and_probability_that_disagree_say_why(indicators, model, years, code):
    # Either number alone would mislead; a reader who sees both asks for the reason.
    here = row(indicators, model, "unemployment_insured", 1e4 * np.array(years), MIDTERM)
    assert here["disagreement"].item() == code
    assert bool(here["disagreement_zh"].item()) == bool(code)


def test_every_code_has_words_in_both_languages(midterm, card):
    # A document is put together from the words: a code without any would print as an empty cell.
    for one in (midterm, card):
        for name, words in REASONS.items():
            codes = set(one[name].values.ravel().tolist()) - {""}
            assert codes <= set(words)
            for lang in ("zh", "en"):
                assert bool(((one[f"{name}_{lang}"] != "") == (one[name] != "")).all())


def test_the_rate_is_judged_by_year_and_by_the_mean_of_years(model):
    # 5.55 holds, a hair above does not; one bad year may be made up for in the mean.
    years = [0.058, 0.060, 0.050, 0.0555, 0.0556, 0.050]
    rate = xr.DataArray(
        np.array([[years]]), dims=("scenario", "draw", "year"), coords={"scenario": ["x"], "year": range(2020, 2026)}
    )
    judged = rate_judgement(rate, rate - 0.01, model).sel(scenario="x")
    published = judged.sel(rate="published")["rate_probability"]
    assert published.sel(span="year").values.tolist() == [0.0, 1.0, 1.0, 0.0, 1.0]
    assert published.sel(span="mean").values.tolist() == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert judged["rate_value"].sel(span="mean", year=2025, quantile=0.5, rate="published").item() == pytest.approx(
        np.mean(years[1:])
    )
    assert bool((judged["rate_probability"].sel(rate="true") == 1.0).all())


def test_the_true_rate_stands_beside_the_published_one_of_a_run(cohort_runs, indicators, model):
    # The survey errs: its yearly means scatter wider than the truth, so the two answers differ. Indicators alone hold
    # no truth, and no number may stand in for it.
    card = evaluate(cohort_runs, model)
    assert card["rate"].values.tolist() == ["published", "true"]
    true = cohort_runs["series"]["unemployment_rate"].sel(year_end=2023)
    threshold = model.targets["surveyed_unemployment_rate"].threshold
    share = card["rate_probability"].sel(rate="true", span="year", year=2023)
    assert share.values.tolist() == (true <= threshold).mean("draw").values.tolist()
    assert evaluate(indicators, model)["rate"].values.tolist() == ["published"]


def test_a_card_stays_small(model):
    # It is stored with every forecast and printed by every document: draws have no place in it.
    card = evaluate(synthetic.indicators(draws=2000), model, MIDTERM)
    assert 2000 not in card.sizes.values()
    assert card.nbytes < 120_000


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_printed_verdict_holds_numbers_words_and_reasons(midterm, lang):
    # What a table leaves blank it has to explain below.
    text = plain_verdict(midterm, "plan", lang)
    said = {
        "zh": ("快于预期", "几乎确定", "测量误差", "缺口中位数"),
        "en": ("ahead", "likely", "measurement error", "missed"),
    }
    for words in said[lang]:
        assert words in text
    assert "nan" not in text


def test_records_carry_every_number_of_an_indicator(midterm):
    # A program that reads the records needs no second source.
    records = verdict_records(midterm)
    assert len(records) == midterm.sizes["scenario"] * midterm.sizes["indicator"]
    assert {"progress", "pace_ratio", "pace_note", "probability", "likelihood_zh", "class"} <= set(records[0])
