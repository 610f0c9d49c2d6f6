"""Figures of the evaluation and ``.yk`` on results: found on every kind of result, computed or stored."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

import ykforecast as yk
from ykforecast.cli import main
from ykforecast.data.observations import load_observations
from ykforecast.present.chinese_type import typeface
from ykforecast.present.figures import fan
from ykforecast.present.figures_evaluation import lamps, progress_dumbbell
from ykforecast.vocabulary.errors import DataError, RequestError


@pytest.fixture(scope="module")
def later(indicators, model):
    return yk.evaluate(indicators, model, as_of="2023-06-30")


def checked(ax: Axes) -> Axes:
    """Drawn without a warning, every text in the packaged face."""
    page = io.BytesIO()
    ax.figure.savefig(page, format="png", dpi=50)
    shown = [text for text in ax.findobj(Text) if text.get_text() and text.get_visible()]
    assert {text.get_fontproperties().get_file() for text in shown} == {typeface().get_file()}
    return ax


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_a_run_is_drawn_in_both_languages(cohort_runs, later, lang):
    plot = cohort_runs.yk.plot
    for ax in (
        plot.fan("unemployment_insured", "plan", lang=lang),
        plot.scenarios("medical_coverage", lang=lang),
        plot.attainment("plan", lang=lang),
        plot.lamps("plan", lang=lang),
        plot.pyramid("plan", lang=lang),
        plot.labour("plan", lang=lang),
        plot.flows("unemployment", "plan", lang=lang),
        plot.forest("baseline", "plan", lang=lang),
        progress_dumbbell(later, "plan", lang),
    ):
        checked(ax)


def test_dots_of_the_dumbbell_stand_at_progress(later):
    """The line from elapsed time to the dot is the message: it must start and end where the numbers are."""
    ax = progress_dumbbell(later, "baseline")
    progress = later["progress"].sel(scenario="baseline").values
    drawn = [line for line in ax.get_lines() if len(line.get_xdata()) == 2 and np.ptp(line.get_ydata()) == 0.0]
    ends = np.array([line.get_xdata() for line in drawn])
    np.testing.assert_allclose(ends[:, 0], float(later["elapsed"]))
    np.testing.assert_allclose(ends[:, 1], np.clip(progress[~np.isnan(progress)], -0.5, 1.5))


def test_no_progress_before_time_has_passed(card):
    with pytest.raises(RequestError, match="no time has passed"):
        progress_dumbbell(card, "plan")


def test_lamps_differ_by_shape_as_well_as_colour(card):
    """Reports are printed in grey."""
    ax = lamps(card, "plan")
    marks = {(line.get_marker(), line.get_color()) for line in ax.get_lines()}
    assert (
        len(marks) == len({mark for mark, _ in marks}) == len(set(card["class"].sel(scenario="plan").values.tolist()))
    )
    assert len(ax.get_lines()) == 16


def test_published_figures_stand_on_the_fan_where_they_were_published(indicators, model):
    figures = load_observations(model.folder, as_of=None)
    known = [one for one in figures if one.series == "unemployment_insured" and one.month in {None, 12}]
    assert known
    ax = fan(indicators, "unemployment_insured", model, "plan", observations=figures)
    dots = [line for line in ax.get_lines() if line.get_marker() == "o" and line.get_label() != "_nolegend_"]
    drawn = {(float(x), round(float(y), 6)) for line in dots for x, y in line.get_xydata()}
    assert {(float(one.year), round(one.value / 1e4, 6)) for one in known} <= drawn
    base = fan(indicators, "unemployment_insured", model, "plan")
    assert len(ax.get_lines()) > len(base.get_lines())


def test_answers_are_found_on_runs_indicators_and_scorecards(cohort_runs, model):
    """Whatever a notebook holds can be asked; what it cannot answer it says."""
    data, card = yk.indicators(cohort_runs), yk.evaluate(cohort_runs)
    wanted = card["probability"].sel(scenario="plan").values
    for result in (cohort_runs, data, card):
        np.testing.assert_array_equal(result.yk.prob("plan"), wanted)
        assert result.yk.table("plan").shape[0] == len(model.indicators)
    with pytest.raises(RequestError, match="no draws of the indicators"):
        card.yk.plot.fan("dibao_ratio", "plan")
    with pytest.raises(RequestError, match="no labour supply"):
        data.yk.plot.labour("plan")
    with pytest.raises(RequestError, match="no scenarios with their measures"):
        data.yk.plot.forest("baseline", "plan")


def test_a_stored_forecast_answers_as_the_run_did(tmp_path, capsys):
    assert main(["forecast", "--draws", "20", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    stored = yk.open_forecast(tmp_path)
    assert repr(stored).splitlines()[0] in printed
    checked(stored.yk.plot.fan("medical_coverage", "plan"))
    checked(stored.yk.plot.lamps("plan"))
    assert yk.breakdowns(stored, "district")["carried"].sum() == 6
    with pytest.raises(DataError, match="missing"):
        yk.open_forecast(tmp_path / "nothing")


def test_the_accessor_costs_nothing_before_a_result_is_made():
    code = "import sys, ykforecast; sys.exit('xarray' in sys.modules or 'matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
