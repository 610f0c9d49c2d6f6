"""Figures: what they draw, that every Chinese character has a shape, and that nothing global changes."""

from __future__ import annotations

import hashlib
import io
import sys
from importlib.resources import files

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

from ykforecast.assess.classes import CLASSES
from ykforecast.present.axes import new_axes
from ykforecast.present.chinese_type import FONT_FILE, drawable, set_type, typeface
from ykforecast.present.figures import attainment_bars, fan, panel, scenario_comparison
from ykforecast.present.figures_by_age import by_age, pyramid
from ykforecast.vocabulary.dims import LABELS_ZH
from ykforecast.vocabulary.errors import RequestError
from ykforecast.vocabulary.units import UNITS_ZH


@pytest.fixture(scope="module")
def population():
    ages, sexes = np.arange(101), ["male", "female"]
    people = 1e4 + 10.0 * np.arange(2 * 2 * 101).reshape(2, 2, 101)
    return xr.DataArray(
        people,
        dims=("year_end", "sex", "age"),
        coords={"year_end": [2020, 2025], "sex": sexes, "age": ages},
    )


def rendered(figure: Figure, file_format: str = "png") -> bytes:
    page = io.BytesIO()
    figure.savefig(page, format=file_format, dpi=50)
    return page.getvalue()


def words_of(model) -> list[str]:
    registries = (model.indicators, model.levers, model.parameters, model.scenarios, model.targets)
    labels = [getattr(record, "label_zh", None) for registry in registries for record in registry.values()]
    printed = [target.printed for target in model.targets.values()]
    fixed = [*LABELS_ZH.values(), *UNITS_ZH.values(), *CLASSES, model.plan_zh]
    return [text for text in (*labels, *printed, *fixed) if text]


def test_every_label_has_a_shape(model):
    # Without a Chinese font a machine prints boxes; a missing glyph is a warning, and that an error here.
    words = words_of(model)
    assert len(words) > 150
    assert [word for word in words if drawable(word) != word] == []
    sheet = Figure(figsize=(8, 8))
    for place, word in enumerate(words):
        sheet.text(0.0, place / len(words), word)
    set_type(sheet, 6)
    assert all(text.get_fontproperties().get_file() for text in sheet.findobj(Text))
    assert len(rendered(sheet)) > 10_000


def test_a_character_without_a_shape_is_seen_and_no_error():
    # A name from outside may hold a rare character: the figure must still come out.
    ax = new_axes()
    ax.set_title("㐂 营口 \U00020bb7")
    set_type(ax)
    assert ax.get_title() == "□ 营口 □"
    assert rendered(ax.figure)


def test_the_typeface_is_licensed_small_and_the_one_on_record():
    # The licence has to travel with the face, and the record has to be of this very file.
    folder = files("ykforecast.present") / "fonts"
    content = (folder / FONT_FILE).read_bytes()
    assert len(content) < 2_200_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8").upper()
    assert hashlib.sha256(content).hexdigest() in (folder / "README.md").read_text(encoding="utf-8")


def test_nothing_global_changes(indicators, model, card, population):
    # A library that sets rcParams on the quiet spoils the figures of whoever uses it.
    def settings():
        # Reading "backend" makes matplotlib choose one, so it is left out.
        return {name: mpl.rcParams[name] for name in mpl.rcParams if name != "backend"}

    before, faces = settings(), list(font_manager.fontManager.ttflist)
    rendered(fan(indicators, "unemployment_insured", model, "plan").figure)
    rendered(attainment_bars(card, "plan").figure)
    rendered(pyramid(population).figure)
    assert settings() == before
    assert font_manager.fontManager.ttflist == faces
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("file_format", ["png", "svg", "pdf"])
def test_every_text_of_a_figure_has_the_packaged_face(indicators, model, card, population, lang, file_format):
    # Tick labels and legends are made late: any of them left in the default face fails on Chinese.
    drawn = [
        fan(indicators, "new_urban_jobs", model, "plan", lang),
        scenario_comparison(indicators, "medical_coverage", model, lang),
        attainment_bars(card, "plan", lang),
        pyramid(population, lang=lang),
        by_age(population.sel(year_end=2025), "人口", "人", lang),
    ]
    for ax in drawn:
        assert len(rendered(ax.figure, file_format)) > 2000
        shown = [text for text in ax.findobj(Text) if text.get_text() and text.get_visible()]
        assert {text.get_fontproperties().get_file() for text in shown} == {typeface().get_file()}


def test_fan_draws_the_median_in_the_units_of_the_plan(indicators, model):
    ax = fan(indicators, "pension_employees_total", model, "plan")
    line = ax.get_lines()[0]
    expected = indicators["pension_employees_total"].sel(scenario="plan").median("draw") / 1e4
    np.testing.assert_allclose(line.get_ydata(), expected)
    assert line.get_xdata().tolist() == list(range(2020, 2026))
    assert any(np.allclose(other.get_ydata(), 102.65) for other in ax.get_lines())
    assert "万人" in ax.get_title(loc="left")


def test_only_a_printed_base_is_marked(indicators, model):
    # A dot in 2020 says "the plan prints this"; for schooling it prints none, the curve is the model's.
    modelled = indicators.copy(deep=True)
    modelled["mean_years_schooling"].loc[{"year": 2020}] = 10.5
    for key, dots in (("mean_years_schooling", 0), ("dibao_ratio", 1)):
        lines = fan(modelled, key, model, "plan").get_lines()
        assert len([line for line in lines if line.get_marker() == "o"]) == dots


def test_fan_of_a_five_year_target_draws_the_running_sum(indicators, model):
    # One year's flow never comes near the sum: the target line would stand far above an unfair curve.
    ax = fan(indicators, "new_urban_jobs", model, "baseline")
    flows = indicators["new_urban_jobs"].sel(scenario="baseline", year=slice(2021, 2025)) / 1e4
    last = flows.sum("year").median("draw").item()
    assert ax.get_lines()[0].get_ydata()[-1] == pytest.approx(last)
    assert "累计" in ax.get_title(loc="left")


def test_wider_intervals_hold_narrower_ones(indicators, model):
    ax = fan(indicators, "medical_coverage", model, "plan")
    spans = [band.get_paths()[0].get_extents() for band in ax.collections]
    assert len(spans) == 3
    assert all(outer.y0 <= inner.y0 and inner.y1 <= outer.y1 for outer, inner in zip(spans, spans[1:], strict=False))


def test_bars_are_the_probabilities(card):
    ax = attainment_bars(card, "plan")
    widths = [bar.get_width() for bar in ax.containers[1]]
    np.testing.assert_allclose(widths, card["probability"].sel(scenario="plan"))
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert sum(label.startswith("•") for label in labels) == 4  # the binding ones


def test_pyramid_shows_everybody_men_on_the_left(population):
    ax = pyramid(population)
    men, women = ([bar.get_width() for bar in side] for side in ax.containers)
    assert max(men) < 0 < min(women)
    assert (sum(women) - sum(men)) * 1e3 == pytest.approx(population.sel(year_end=2025).sum().item())
    assert not any("−" in label.get_text() for label in ax.get_xticklabels())  # nobody counts minus persons


def test_pyramid_counts_insured_persons_once(population):
    # Contributors are employees too: adding their stock to the labour states would count people twice.
    stocks = xr.concat([population, population / 2], "stock").assign_coords(stock=["enterprise", "contributor"])
    women = [bar.get_width() for bar in pyramid(stocks).containers[1]]
    np.testing.assert_allclose(women, population.sel(year_end=2025, sex="female") / 1e3)
    with pytest.raises(RequestError, match="one scenario"):
        pyramid(population.expand_dims(scenario=["baseline", "plan"]))


def test_panel_has_one_fan_for_each_indicator(indicators, model):
    axes = panel(indicators, model, "plan")
    titles = [ax.get_title(loc="left") for ax in axes.flat]
    assert all(spec.label_zh in title for spec, title in zip(model.indicators.values(), titles, strict=True))
    assert len(rendered(axes[0, 0].figure)) > 20_000


def test_given_axes_are_used_and_returned(indicators, model, population):
    # Whoever composes a sheet gives the axes.
    axes = Figure().subplots(1, 2)
    assert fan(indicators, "dibao_ratio", model, "plan", ax=axes[0]) is axes[0]
    assert by_age(population.sel(year_end=2020), ax=axes[1]) is axes[1]
    assert len(axes[1].get_lines()) == 2


def test_impossible_requests_are_refused_in_words(indicators, model, population):
    with pytest.raises(RequestError, match="Did you mean 'dibao_ratio'"):
        fan(indicators, "dibao_ration", model, "plan")
    with pytest.raises(RequestError, match="scenario"):
        fan(indicators, "dibao_ratio", model)
    with pytest.raises(RequestError, match="at most one other"):
        by_age(population)
    with pytest.raises(RequestError, match="lang"):
        fan(indicators, "dibao_ratio", model, "plan", "de")
