"""Warnings of a small run: identities, what a reader may know, sense of the results, tables and figures."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.unemployment_paths import HORIZONS, Reader, UnemploymentPaths, known_now
from ykforecast.data.warning_file import load_warning
from ykforecast.present.figures_warning import lamp_series, stress_fan
from ykforecast.present.warning_table import plain_warning, plan_table
from ykforecast.vocabulary.errors import RequestError, YkforecastError

SCENARIOS = ("baseline", "plan", "mass-unemployment", "slow-growth")


@pytest.fixture(scope="module")
def runs(calibration):
    return yk.project(calibration, SCENARIOS, draws=200, seed=11, monthly=True)


@pytest.fixture(scope="module")
def found(runs):
    return yk.warn(runs)


def test_every_variable_says_what_it_is(found):
    # Documents are put together from the datasets alone.
    for group in found.children.values():
        for name, one in group.to_dataset().variables.items():
            assert {"long_name", "label_zh"} <= set(one.attrs), name
            assert (
                one.dtype.kind not in "fi"
                or name in {"month", "year", "warning_year"}
                or "units" in one.attrs
                or (name in {"number", "decimals", "step", "threshold"})
            ), name


def test_probabilities_add_up(found):
    # A month has one lamp; a draw has one first breach or none; longer horizons hold shorter ones.
    data = found["unemployment"].to_dataset()
    assert np.allclose(data["lamp_probability"].sum("lamp")[:, 3:], 1.0)
    assert np.allclose(data["first_breach"].sum("month"), data["ever"])
    within = data["breach_within"].isel(month=slice(0, 48))
    assert bool((within.diff("horizon") >= 0.0).all())


def test_the_baseline_is_not_alarming_and_the_shock_is(found):
    # A lamp that is red in calm times, or calm in a shock of the size of 2020, warns of nothing.
    red = found["unemployment"].to_dataset()["lamp_probability"].sel(lamp="red")
    assert float(red.sel(scenario="baseline").max()) < 0.3
    shock = red.sel(scenario="mass-unemployment")
    assert float(shock.sel(month="2023-03")) > 2.0 * float(red.sel(scenario="baseline", month="2023-03"))
    assert float(red.sel(scenario="slow-growth", month="2025-12")) > float(
        red.sel(scenario="baseline", month="2025-12")
    )


def test_nobody_foresees_the_shock_of_a_scenario(found):
    # Until the shock sets in both futures look alike, and so must their lamps.
    data = found["unemployment"].to_dataset().sel(month=slice("2021-04", "2023-01"))
    for name in ("lamp_probability", "reader_chance", "score"):
        np.testing.assert_array_equal(
            data[name].sel(scenario="mass-unemployment"), data[name].sel(scenario="baseline"), err_msg=name
        )


def test_what_is_known_in_a_month_does_not_change_later(runs, model):
    # With the months after cut off, a reader says the same.
    rules, rate = load_warning(model), UnemploymentPaths.of(runs).rate[0]
    reader = Reader.of(rate, known_now(rate), rules, HORIZONS)
    early = rate[:, :24]
    whole, part = (reader.chance(one, known_now(one), 6)[:, 3:24] for one in (rate, early))
    np.testing.assert_array_equal(whole, part)


def test_the_lamps_beat_chance_and_the_survey_alone_is_worse(found):
    skill = found["skill"].to_dataset().sel(horizon=6)
    area = skill["area"]
    assert float(area.sel(predictor="chance")) > 0.65
    assert float(area.sel(predictor="survey")) < float(area.sel(predictor="chance"))
    assert float(skill["hit_rate"].sel(alarm="yellow")) > float(skill["false_alarm_rate"].sel(alarm="yellow"))


def test_history_has_the_national_breach_of_2020_without_warning(found):
    # The published rate jumped within one month: nothing that looks back could have warned of it.
    past = found["history"].to_dataset()
    assert past.sizes["month"] == 36
    assert past["month"].values[past["national_breach"].values].tolist() == ["2020-02", "2020-04"]
    assert past["national_lamp"].sel(month=["2020-01", "2020-02"]).values.tolist() == ["green", "red"]
    assert float(past["national_lead"]) == 0.0
    assert int(past["events"]) + int(past["calm"]) == past.sizes["year"]


def test_the_list_follows_the_classes_and_later_warnings_are_better(found):
    plan = found["plan"].to_dataset()
    listed = plan["status"] == "listed"
    assert bool((listed == ((plan["nature"] == "binding") & (plan["class"] == "滞后"))).all())
    assert bool((plan["probability"].where(listed) < plan["cut"].where(listed)).sum() == listed.sum())
    area = plan["area"].sel(way="model").mean("indicator")
    assert float(area.sel(warning_year=2024)) > float(area.sel(warning_year=2021))


def test_stress_is_paired(found, runs):
    # The base beside itself has no effect; a shock of two months is over within the plan, slow growth is not.
    found = found["stress"].to_dataset()
    assert found["scenario"].values.tolist() == ["mass-unemployment", "slow-growth"]
    assert found["peak_month"].sel(scenario="mass-unemployment").item() in {"2023-02", "2023-03", "2023-04"}
    assert 0.005 < float(found["peak_effect"].sel(scenario="mass-unemployment", quantile=0.5)) < 0.012
    assert np.isfinite(float(found["recovery"].sel(scenario="mass-unemployment")))
    assert not np.isfinite(float(found["recovery"].sel(scenario="slow-growth")))
    before = found["effect"].sel(scenario="mass-unemployment", month=slice("2021-01", "2023-01"))
    assert float(abs(before).max()) == 0.0
    for name in ("employed_urban", "fund_balance", "unemployment_insured"):
        assert float(found[name].sel(scenario="slow-growth", quantile=0.5)) < 0.0, name
    none = yk.stress(runs, "baseline", ["baseline"])
    assert float(none["extra_months"].sel(quantile=0.9).item()) == 0.0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_and_figures_in_both_languages(found, lang):
    text = plain_warning(found, lang)
    assert ("列入预警清单" if lang == "zh" else "on the warning list") in text
    for drawn in (lamp_series(found, lang=lang), stress_fan(found, lang)):
        drawn.figure.canvas.draw()
        assert drawn.get_title(loc="left")
    head, rows = plan_table(found, "plan", lang)
    assert all(len(row) == len(head) for row in rows)


def test_a_warning_shows_its_tables(found):
    assert repr(found) == plain_warning(found)


def test_what_cannot_be_warned_of_is_refused(calibration, runs, found):
    yearly = yk.project(calibration, "baseline", draws=2, seed=1)
    for wrong in (
        lambda: yk.warn(yearly),
        lambda: yk.warn(runs, base="growth"),
        lambda: yk.stress(runs, "baseline", []),
        lambda: lamp_series(found, "growth"),
    ):
        with pytest.raises(RequestError):
            wrong()


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('use = "national_2020"', 'use = "national_2021"', "national_2020"),
        ('use = "national_2020"', 'use = "hangzhou_2015"', "surveyed rate"),
        ("cuts = [0.045, 0.050", "cuts = [0.055, 0.050", "rise"),
        ('source = "guangzhou_unemployment_line_2005"', 'source = "guangzhou"', "guangzhou_unemployment_line_2005"),
        ("[hold]\nvalue = 2", "[hold]\nvalue = 0", "hold.value"),
        ("[overlap]", "[overlaps]", "overlap"),
    ],
)
def test_faults_of_the_file_are_named(model_copy, old, new, word):
    file = model_copy / "warning.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(YkforecastError, match=word) as refused:
        load_warning(yk.load_model(model_copy))
    assert "warning.toml" in str(refused.value)
