"""Effort that reaches a target: the answer is the smallest, holds under other draws, and says what is out of reach."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.dose_path import DosePath, dose_step
from ykforecast.assess.effort import DoseOutcomes, Effort, crossing_interval, smallest
from ykforecast.assess.seek_question import question
from ykforecast.cli import main
from ykforecast.present.doses import UNITS, dose_text
from ykforecast.present.figures_effort import effort_curve
from ykforecast.present.seek_table import plain_seek
from ykforecast.present.text import chance, percent
from ykforecast.spec.registry import Registry
from ykforecast.vocabulary.errors import RequestError

MODEL = yk.load_model()
DRAWS = 400
YEARS = (2022, 2023, 2024, 2025)


def outcomes(met) -> DoseOutcomes:
    met = np.asarray(met)
    nothing = np.full((1, met.size), np.nan)
    return DoseOutcomes(met, met[None], nothing, nothing, nothing, nothing)


def made_curve(needed: np.ndarray):
    """Draws that need these positions at least."""
    return lambda places: [outcomes(needed <= n) for n in places]


@pytest.fixture(scope="module")
def injury(calibration):
    """Work injury insurance with 70 %: within reach."""
    return yk.seek(calibration, "work_injury_insured", "injury_expansion", 0.7, draws=DRAWS)


@pytest.fixture(scope="module")
def unemployment(calibration):
    """Unemployment insurance with 95 %: out of reach."""
    return yk.seek(calibration, "unemployment_insured", "ui_expansion", 0.95, draws=DRAWS)


@pytest.mark.parametrize("seed", range(5))
def test_the_crossing_is_found_to_the_last_step(seed):
    """On any rising curve of chance: enough there, not enough one step below."""
    rng = np.random.default_rng(seed)
    needed = np.sort(rng.gamma(2.0, rng.uniform(20.0, 150.0), size=999))
    found, position = smallest(made_curve(needed), 1000, 0.8)
    assert position == math.ceil(needed[math.ceil(0.8 * 999) - 1])
    assert len(found) <= 40


def test_a_sudden_rise_is_found_as_well():
    """A chance that jumps from nought to one gives straight lines nothing to go by."""
    _, position = smallest(made_curve(np.full(100, 437.5)), 1000, 0.8)
    assert position == 438


def test_nothing_to_do_and_out_of_reach_are_told_apart():
    assert smallest(made_curve(np.zeros(10)), 1000, 0.8)[1] == 0
    assert smallest(made_curve(np.full(10, 2000.0)), 1000, 0.8)[1] is None


def test_the_interval_of_a_dose_holds_the_true_one_as_often_as_it_says():
    """Doses needed are uniform on 0 to 1000, so that 800 is true: about 95 of 100 samples of 400 hold it."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        found, _ = smallest(made_curve(np.sort(rng.uniform(0.0, 1000.0, 400))), 1000, 0.8)
        low, high = crossing_interval(found, 0.8)
        held += low <= 800.0 <= high
    assert 0.90 <= held / 200 <= 0.99


def test_steps_of_a_dose_can_be_said():
    """Fractions in one digit, whole persons, about a thousandth of the range; a switch is off or on."""
    assert dose_step(MODEL.levers["ui_expansion"]) == pytest.approx(1e-4)
    assert dose_step(MODEL.levers["card_issuance"]) == 50.0
    assert dose_step(MODEL.levers["poverty_alleviated"]) == 1.0
    assert DosePath.of_one("x", MODEL.levers["delayed_retirement"]).last == 1


@pytest.mark.parametrize("key", MODEL.levers)
def test_every_dose_on_the_way_is_within_bounds(key):
    """The ends are the bounds themselves, to the last bit: a hair beyond would be refused."""
    lever = MODEL.levers[key]
    path = DosePath.of_one(key, lever)
    doses = [path(n)[key] for n in range(path.last + 1)]
    assert (doses[0], doses[-1]) == lever.bounds
    assert np.all(np.diff(doses) > 0)
    assert dose_text(doses[-1], lever.dose_unit)
    assert lever.dose_unit in UNITS["en"]


def test_the_answer_is_the_smallest_dose(injury, calibration):
    """The probability is reached there and not one step below, where a scenario says the same."""
    dose = float(injury["dose"][0])
    step = dose_step(MODEL.levers["injury_expansion"])
    doses = MODEL.scenarios["plan"].doses
    tried = [
        yk.Scenario(name, {**doses, "injury_expansion": dict.fromkeys(YEARS, value)})
        for name, value in (("there", dose), ("below", dose - step))
    ]
    card = yk.evaluate(yk.project(calibration, tried, draws=DRAWS, keep="series"), MODEL)
    chance = card["probability"].sel(indicator="work_injury_insured").values
    assert chance[0] == injury["probability"] >= 0.7 > chance[1]
    assert bool(injury["reached"])
    low, high = injury["dose_interval"].values[0]
    assert low <= dose <= high


def test_the_probability_holds_under_other_draws(calibration, injury):
    """Asked for and reached differ by Monte Carlo error only, when the dose is run anew with another seed."""
    dose = {"injury_expansion": float(injury["dose"][0])}
    base = MODEL.scenarios["plan"]
    [again] = Effort(calibration, base, ("work_injury_insured",), YEARS, 4 * DRAWS, 4711).of([dose])
    error = math.sqrt(0.7 * 0.3 * (1 / DRAWS + 1 / (4 * DRAWS)))
    assert abs(again.probability - 0.7) < 3.5 * error


def test_more_effort_never_lowers_the_chance(injury):
    """A measure that helps in every draw: the curve rises, from less than the base brings to more."""
    curve = injury["curve_probability"].values
    assert (np.diff(curve) >= 0).all() and curve[0] < curve[-1]
    assert (np.diff(injury["curve_dose"].values[0]) > 0).all()


def test_out_of_reach_says_how_far_and_what_is_missing(unemployment):
    """The greatest dose, the outcome reached with the asked probability, and the gap to the target."""
    assert not unemployment["reached"]
    assert unemployment["dose"].item() == MODEL.levers["ui_expansion"].bounds[1]
    assert unemployment["probability"] == unemployment["curve_probability"].max() < 0.95
    threshold, quantile = unemployment["threshold"].item(), unemployment["quantile"].item()
    assert unemployment["gap"].item() == pytest.approx(threshold - quantile)
    assert 0 < unemployment["gap"].item() < threshold
    assert unemployment["ceiling"].item() > threshold
    assert np.isnan(unemployment["dose_interval"]).all()


def test_several_targets_are_met_together(calibration):
    """The joint chance is below each single one, and the same share of every bound is given."""
    keys = ["work_injury_insured", "medical_coverage"]
    answer = yk.seek(calibration, keys, probability=0.4, draws=100)
    assert answer["lever"].values.tolist() == ["medical_enrolment", "injury_expansion"]
    assert bool(answer["reached"]) and answer["probability"] <= answer["target_probability"].min()
    shares = (answer["dose"] / answer["bounds"].sel(bound="upper")).values
    np.testing.assert_allclose(shares, answer["share"], atol=0.002)
    binding = yk.seek(calibration, "binding", probability=0.9, draws=50)
    assert binding["target"].values.tolist() == [
        key for key in MODEL.indicators if MODEL.targets[key].nature == "binding"
    ]


def test_the_cheapest_mix_is_cheaper_than_equal_shares_and_follows_the_prices(calibration):
    """Where coverage of the one scheme costs a hundred times more, more of the other is bought."""
    keys = ["work_injury_insured", "medical_coverage"]
    dear = [
        yk.seek(
            calibration, keys, probability=0.4, draws=60, costs={"medical_enrolment": one, "injury_expansion": other}
        )
        for one, other in ((100.0, 1.0), (1.0, 100.0))
    ]
    for answer in dear:
        assert bool(answer["reached"]) and answer["probability"] >= 0.4
        assert answer["total_cost"] <= answer["balanced_cost"]
    assert dear[0]["dose"].sel(lever="medical_enrolment") < dear[1]["dose"].sel(lever="medical_enrolment")
    assert dear[0]["dose"].sel(lever="injury_expansion") > dear[1]["dose"].sel(lever="injury_expansion")
    unit, dose = dear[0]["unit_cost"].values, dear[0]["dose"].values
    assert dear[0]["total_cost"].item() == pytest.approx(len(YEARS) * unit @ dose)


def test_what_does_not_help_is_left_as_it_is(calibration):
    """A measure against the target is no effort: of the levers named, the one that displaces posts drops out."""
    levers = ["hardship_support", "ai_transition", "growth_first"]
    answer = yk.seek(calibration, "surveyed_unemployment_rate", levers, 0.5, draws=100)
    assert set(answer["lever"].values) == {"hardship_support", "growth_first"}


@pytest.fixture(scope="module")
def late(calibration):
    return yk.assimilate(calibration, "2023-06-30", draws=100)


def test_a_definition_step_is_no_effort(late):
    """As published the target is met without any dose; at the definitions of 2020 no dose within bounds is enough."""
    published, base = (yk.seek(late, "unemployment_insured", counting=how) for how in ("published", "base"))
    assert bool(published["reached"]) and published["dose"].item() == 0.0
    assert not base["reached"] and np.isnan(base["definition_step"].item())
    assert published["definition_step"].item() > 50_000
    assert "不加力度" in plain_seek(published) and "统计口径变动约" in plain_seek(published)
    assert plain_seek(base).splitlines()[1] == "按2020年口径，不计统计口径变动。"


def test_only_years_to_come_are_moved(late):
    """With figures up to a day, effort begins in the year after it; what has passed cannot be asked for."""
    answer = yk.seek(late, "work_injury_insured", "injury_expansion", 0.6)
    assert (answer.attrs["start_year"], answer.attrs["as_of"], answer.attrs["draws"]) == (2024, "2023-06-30", 100)
    with pytest.raises(yk.YkforecastError, match="start_year"):
        yk.seek(late, "work_injury_insured", "injury_expansion", start_year=2022)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"target": "unemployment_insure"}, "unemployment_insured"),
        ({"target": []}, "target"),
        ({"lever": []}, "no lever is named"),
        ({"probability": "0.8"}, "probability"),
        ({"base": ["plan", "baseline"]}, "base"),
        ({"start_year": "2023"}, "start_year"),
        ({"start_year": 2023.5}, "start_year"),
        ({"costs": {"ui_expansion": "dear"}}, "costs.ui_expansion"),
        ({"lever": "ui_expansio"}, "ui_expansion"),
        ({"lever": ["ui_expansion", "delayed_retirement"]}, "delayed_retirement"),
        ({"probability": 1.0}, "probability"),
        ({"base": "plam"}, "plan"),
        ({"costs": {"ui_expansion": -1.0}}, "costs.ui_expansion"),
        ({"costs": {"skills": 1.0}}, "skills"),
        ({"costs": {}}, "costs.ui_expansion"),
        ({"start_year": 2026}, "start_year"),
    ],
)
def test_impossible_questions_are_refused(calibration, wrong, named):
    asked = {"target": "unemployment_insured", "draws": 10} | wrong
    with pytest.raises(yk.YkforecastError, match=named):
        yk.seek(calibration, asked.pop("target"), **asked)


def test_the_answer_reads_in_both_languages(injury, unemployment):
    """One sentence first; out of reach names what is missing; a repr is the answer."""
    said = plain_seek(injury)
    assert said.startswith("工伤保险参保人数达到≥35万人的概率要达到70%，2022—2025年各年需")
    assert repr(injury) == said
    english = plain_seek(unemployment, "en")
    assert english.startswith("Out of reach within bounds: 95 % that ")
    assert "short" in english and "界限之内达不到95%" in plain_seek(unemployment)


def test_a_cut_that_still_suffices_is_called_a_cut(calibration):
    """A lower bound below nought is less than no effort: it must not be sold as nothing to do."""
    answer = yk.seek(calibration, "pension_government", "government_pension", 0.05, draws=60)
    assert bool(answer["reached"]) and answer["dose"].item() < 0.0
    assert answer["probability"] < answer["base_probability"]
    said, english = plain_seek(answer), plain_seek(answer, "en")
    assert "不加力度" not in said and "-1000个/年（负数为削减）时，概率仍为" in said
    assert "without any dose" not in english and "after a cut" in english


def test_chances_are_never_printed_as_certain(unemployment):
    """Four hundred draws that all miss are no proof: neither end, nor an error of nought, is printed."""
    never = unemployment.copy()
    for name in ("probability", "base_probability", "curve_probability", "curve_error"):
        never[name] = never[name] * 0.0
    never["probability_error"] = never["probability_error"] * 0.0
    said = plain_seek(never)
    assert "<0.1%±<0.1" in said
    assert not [word for word in said.split() if word in {"0.0", "0.0%±0.0", "100.0"}]
    assert chance(1.0, 0.0004) == ">99.9%±<0.1"
    assert (chance(0.8604, 0.017), percent(0.995), percent(0.005)) == ("86.0%±1.7", ">99", "<1")


def test_no_lever_named_and_none_that_moves_a_target_are_told_apart():
    """The remedy lists what can be done: levers with a mechanism, and of the target where it has any."""
    others = {key: spec for key, spec in MODEL.levers.items() if "unemployment_insured" not in spec.moves}
    others["skills"] = others["skills"].model_copy(update={"implemented": False})
    poor = replace(MODEL, levers=Registry("levers", others, ()))
    with pytest.raises(yk.YkforecastError, match="no lever says that it moves") as error:
        question(poor, "unemployment_insured")
    assert error.value.key == "target"
    assert "card_issuance" in error.value.remedy and "skills" not in error.value.remedy
    with pytest.raises(yk.YkforecastError, match="no lever is named") as error:
        question(MODEL, "unemployment_insured", [])
    assert "ui_expansion" in error.value.remedy and "card_issuance" not in error.value.remedy


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_figure_marks_the_answer(injury, lang):
    """The diamond stands at the dose in shown units and at its probability."""
    ax = effort_curve(injury, lang)
    [diamond] = [line for line in ax.lines if line.get_marker() == "D"]
    assert diamond.get_xdata()[0] == pytest.approx(100 * injury["dose"].item())
    assert diamond.get_ydata()[0] == pytest.approx(100 * injury["probability"].item())


def test_the_command_answers_machines_and_refuses_in_one_line(capsys):
    arguments = ["seek", "work_injury_insured", "--lever", "injury_expansion", "--draws", "60", "--json"]
    assert main([*arguments, "--cost", "injury_expansion=2"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["targets"][0]["target"] == "work_injury_insured"
    # Two a percentage point and year is two hundred for the whole.
    assert answer["levers"][0]["unit_cost"] == 200.0
    assert main(["seek", "binding", "--probability", "80"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_lever_that_moves_something_else_is_refused(calibration):
    """Training does not insure: its flat curve once came back as an answer, with the bound named as what holds it."""
    with pytest.raises(RequestError, match="injury_expansion") as caught:
        yk.seek(calibration, "work_injury_insured", lever="skills", draws=50)
    assert caught.value.key == "lever"
