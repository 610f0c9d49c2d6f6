"""Another place is another folder with the same files: which figure is read where is data, not code."""

from __future__ import annotations

import csv
import re
import shutil
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import ykforecast as yk
from tests.damage import damage
from ykforecast.data.base_figures import BASE, base_figures
from ykforecast.data.check_model import check_model
from ykforecast.data.figure_map import NAME, load_figure_map
from ykforecast.data.learned_file import NAME as LEARNED
from ykforecast.data.locate import calibration_root
from ykforecast.data.model_files import renew_digests
from ykforecast.kernels.cohort import STOCKS
from ykforecast.vocabulary.errors import ModelError

PLAN, OWN_PLAN = "yingkou_plan_2021_2025", "elsewhere_plan"
#: Publications and places under other names.
RENAMED = {
    "census_2010_county": "otherland_county_2010",
    "census_2020_county": "otherland_county_2020",
    "liaoning_population": "otherland_bulletins",
    "liaoning": "otherland",
}
#: Three districts, each of two of the shipped ones.
MERGED = {
    "zhanqian": "harbour",
    "xishi": "harbour",
    "bayuquan": "hills",
    "laobian": "hills",
    "gaizhou": "plain",
    "dashiqiao": "plain",
}


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


def _merged(table: Path) -> None:
    """Counts of the districts that are one district here, added up; shares and means of districts left out."""
    with open(table, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    added: dict[tuple[str, ...], int] = defaultdict(int)
    kept = []
    for row in rows:
        if row["place"] not in MERGED:
            kept.append(tuple(row.values()))
        elif row["unit"] == "persons":
            row["place"], count = MERGED[row["place"]], int(row["value"])
            added[tuple("" if key == "value" else cell for key, cell in row.items())] += count
    place = list(rows[0]).index("value")
    sums = [(*key[:place], str(count), *key[place + 1 :]) for key, count in added.items()]
    with open(table, "w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([tuple(rows[0]), *kept, *sums])


@pytest.fixture
def otherland(elsewhere, figures_copy):
    """The same place in another province, with three districts and publications of other names."""
    for old, new in RENAMED.items():
        if (figures_copy / old).is_dir():
            shutil.move(figures_copy / old, figures_copy / new)
    for table in figures_copy.rglob("*.csv"):
        table.write_text(re.sub(r"\bliaoning,", "otherland,", table.read_text(encoding="utf-8")), encoding="utf-8")
    for table in figures_copy.glob("otherland_county_*/*.csv"):
        _merged(table)
    head = elsewhere / "model.toml"
    named = "".join(
        f'{{ name = "{name}", label_zh = "{zh}", label_en = "{name.title()}" }}, '
        for name, zh in (("harbour", "港区"), ("hills", "山区"), ("plain", "平原县"))
    )
    text = head.read_text(encoding="utf-8")
    head.write_text(re.sub(r"(?s)districts = \[.*?\n\]", f"districts = [{named}]", text), encoding="utf-8")
    for file in elsewhere.parents[1].rglob("*.toml"):
        text = file.read_text(encoding="utf-8")
        for old, new in RENAMED.items():
            text = text.replace(f'"{old}"', f'"{new}"')
        file.write_text(text, encoding="utf-8")
    # Nothing is published for some of these districts together.
    (elsewhere / "district_margins.toml").unlink()
    renew_digests(elsewhere)
    return elsewhere


def test_a_place_of_three_districts_in_another_province_is_forecast(otherland, calibration):
    """Districts, province and county volumes are data: the city is the same people, its districts are their sums."""
    model = yk.load_model(otherland)
    here = yk.calibrate(model)
    # Town and country are told apart district by district, so only their sum is the same people.
    ours, shipped = (one.population.people.reshape(2, 2, -1).sum(axis=0) for one in (here, calibration))
    np.testing.assert_allclose(ours, shipped, rtol=2e-3, atol=1.0)
    children = STOCKS.index("child")
    ours, shipped = (one.district_share[0, children, :, 0] for one in (here, calibration))
    np.testing.assert_allclose(ours, shipped.reshape(3, 2).sum(axis=1), rtol=2e-3)
    runs = yk.project(here, ["baseline", "plan"], draws=8, keep="totals")
    assert runs["districts/district_share"]["district"].values.tolist() == ["harbour", "hills", "plain"]
    insured = yk.indicators(runs, model)["pension_enterprise_by_district"]
    assert insured.sizes["district"] == 3
    found = yk.breakdowns(runs, "district", model)
    assert found["district_zh"].values.tolist() == ["港区", "山区", "平原县"]
    assert found["district_en"].values.tolist() == ["Harbour", "Hills", "Plain"]
    targets = yk.annual_targets(here, districts=True, draws=8)
    assert targets["district_zh"].values.tolist() == ["港区", "山区", "平原县"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[population]", "[populations]", "population: missing"),
        ('province = "liaoning"', 'provinc = "liaoning"', "population.provinc: unknown key"),
        ('"census_2010_county"', '"census_2010_count"', "population.county_2010: no such source"),
        ('name = "xishi"', 'name = "zhanqian"', "the district 'zhanqian' stands twice"),
        ('name = "xishi"', 'name = "xisi"', "xisi"),
        ('province = "liaoning"', 'province = "liaonin"', "liaonin"),
    ],
)
def test_a_wrong_population_is_found_by_the_check(model_copy, old, new, problem):
    """A misspelt district would be no district: the check says which, before any array has it on an axis."""
    damage(model_copy / "model.toml", old, new)
    assert any(problem in str(finding) for finding in check_model(model_copy)[1])


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
