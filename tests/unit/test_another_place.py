"""Another place is another folder with the same files: which figure is read where is data, not code."""

from __future__ import annotations

import shutil

import pytest

import ykforecast as yk
from tests.damage import damage
from ykforecast.data.base_figures import BASE, base_figures
from ykforecast.data.check_model import check_model
from ykforecast.data.figure_map import NAME, load_figure_map
from ykforecast.data.learned_file import NAME as LEARNED
from ykforecast.data.locate import calibration_root
from ykforecast.data.model_files import renew_digests
from ykforecast.vocabulary.errors import ModelError

PLAN, OWN_PLAN = "yingkou_plan_2021_2025", "elsewhere_plan"


@pytest.fixture
def elsewhere(model_copy, figures_copy):
    """A place with a plan and a yearbook of its own: fewer insured, more jobs, another name in every table."""
    folder = model_copy.rename(model_copy.with_name("elsewhere"))
    (folder / LEARNED).unlink()
    plan = figures_copy / OWN_PLAN
    shutil.move(figures_copy / PLAN, plan)
    damage(plan / "source.toml", f'id = "{PLAN}"', f'id = "{OWN_PLAN}"')
    damage(plan / "indicators.csv", "2020,1.97,1.97,", "2020,2.5,2.5,")
    for table in figures_copy.glob("c*/*.csv"):
        text = table.read_text(encoding="utf-8")
        table.write_text(text.replace("yingkou,", "elsewhere,"), encoding="utf-8")
    damage(figures_copy / "china_city_yearbook" / "series.csv", "239171", "201000")
    for file in folder.parent.rglob("*.toml"):
        text = file.read_text(encoding="utf-8").replace(PLAN, OWN_PLAN)
        for key in ("name", "model", "place"):
            text = text.replace(f'{key} = "yingkou"', f'{key} = "elsewhere"')
        file.write_text(text, encoding="utf-8")
    renew_digests(folder)
    return folder


def test_another_place_is_loaded_calibrated_and_projected(elsewhere):
    """Its own figures are met, in every draw, by the same code."""
    model = yk.load_model(elsewhere)
    assert model.name == "elsewhere" and "plan" in model.scenarios
    runs = yk.project(yk.calibrate(model), ["baseline", "plan"], draws=8, keep="series")
    series = runs["series"].to_dataset().isel(year_end=0)
    assert (series["new_urban_jobs"] == 25_000).all()
    assert (abs(series["unemployment_insured"] - 201_000) < 1e-6).all()
    assert (abs(series["contributors"] + series["interrupted"] + series["enterprise_retirees"] - 873_000) < 1).all()


def test_every_reader_of_a_map_takes_a_folder_of_figures(model, tmp_path):
    """The yearbook too: else a run on other figures would read some of the shipped ones in silence."""
    figures = tmp_path / "figures"
    shutil.copytree(calibration_root(), figures)
    damage(figures / "china_city_yearbook" / "series.csv", "239171", "201000")
    printed = load_figure_map(model.folder)
    shipped, other = (printed.yearbook("unemployment_insured", root) for root in (None, figures))
    assert [year for year in shipped if other[year] != shipped[year]] == ["2020"]


def test_the_map_of_the_shipped_place_says_everything_that_is_asked(model):
    """All figures of the base year, and only publications that have a source."""
    printed = load_figure_map(model.folder)
    assert set(printed.file.table["base"]) == set(BASE)
    assert set(printed.publications().values()) <= set(model.sources)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('place = "yingkou"', "", "place: missing"),
        ("[base.farm_share]", "[base.farm_shar]", "base.farm_shar: unknown figure"),
        ("[base.farm_share]", "[base2.farm_share]", "base2: unknown key"),
        ('variable = "industry_agriculture"\nyear = 2020', "year = 2020", "base.farm_share.variable: missing"),
        ("years = 5", "years = 0", "base.reemployed_a_year.years"),
        ('over = "industry_total"', 'ovr = "industry_total"', "base.farm_share.ovr: unknown key"),
        ('publication = "census_2020_county"', 'publication = "census_2020"', "no such source"),
        ('variable = "industry_agriculture"', 'variable = "industry_agricultur"', "industry_agriculture"),
    ],
)
def test_a_wrong_map_is_found_by_the_check(model_copy, old, new, problem):
    """With the place in the file, before any figure is taken for another."""
    file = model_copy / NAME
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    (model_copy / LEARNED).unlink()
    renew_digests(model_copy)
    assert any(problem in str(finding) for finding in check_model(model_copy)[1])


def test_a_figure_left_out_is_not_guessed(model_copy):
    file = model_copy / NAME
    text = file.read_text(encoding="utf-8")
    start = text.index("[base.training]")
    file.write_text(text[:start] + text[text.index("\n\n", start) :], encoding="utf-8")
    with pytest.raises(ModelError, match="training"):
        base_figures(load_figure_map(model_copy))
