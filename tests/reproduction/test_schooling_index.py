"""Published education figures that the cohort model reproduces, and what it says of the plan's target."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from ykforecast.data.base_population import census_base_array, national_population
from ykforecast.data.education import education_levels
from ykforecast.data.tables import figure, read_table
from ykforecast.processes.attainment import (
    AttainmentAssumptions,
    fit_trends,
    level_shares,
    rake_attainment,
    trend_shares,
)
from ykforecast.processes.education import LEVEL_YEARS, mean_years_schooling, schooling_basis
from ykforecast.vocabulary.dims import EDUCATION_LEVELS, SEX

#: The city, its districts and its province, as in the county volumes.
PLACES = ("yingkou", "zhanqian", "xishi", "bayuquan", "laobian", "gaizhou", "dashiqiao", "liaoning")
MODEL = Path(__file__).parents[2] / "models" / "yingkou" / "education.toml"
ASSUMPTIONS = AttainmentAssumptions.from_model(tomllib.loads(MODEL.read_text(encoding="utf-8")))


def mean_years(persons: np.ndarray) -> np.ndarray:
    """Mean years of schooling of persons (..., level) by the years that the model gives each level."""
    return persons @ LEVEL_YEARS / persons.sum(axis=-1)


def printed_index(place: str, sex: str = "") -> float:
    return figure("census_2020_county", "mean_years_of_schooling", 2020, table="education", place=place, sex=sex)


def fitted(population: dict[int, np.ndarray], levels: dict[int, np.ndarray]) -> tuple[np.ndarray, np.ndarray, object]:
    """Attainment of 2020 by sex, age and level, with the trends and the linear basis."""
    trends = fit_trends(population, levels, ASSUMPTIONS)
    seed = level_shares(trend_shares(trends, ASSUMPTIONS, 2020))
    attainment = rake_attainment(seed, population[2020], levels[2020])
    return attainment, trends, schooling_basis(population[2020], levels[2020], trends, ASSUMPTIONS)


def national_levels(year: int) -> np.ndarray:
    """Population of China by sex and level, persons: ages 3 and over in 2020, 6 and over in 2010."""
    printed = read_table("education_attainment", "attainment")
    parts = {"none": ("none", "preschool"), "university": ("bachelor", "postgraduate")}
    rows = [
        printed.mask(sex=sex, year=year, place="china", residence="")
        & np.isin(printed.columns["variable"], parts.get(level, (level,)))
        for sex in SEX
        for level in EDUCATION_LEVELS
    ]
    return np.array([printed.values[row].sum() for row in rows]).reshape(len(SEX), -1)


@pytest.fixture(scope="module")
def city(sources):
    population = {year: census_base_array(year, sources).sum(axis=(0, 1)).astype(float) for year in (2010, 2020)}
    levels = {year: education_levels(year, "yingkou", sources) for year in (2010, 2020)}
    return population, levels, *fitted(population, levels)


@pytest.fixture(scope="module")
def country():
    """China, ages 6 and over: in the 2020 table ages 3 to 5 stand in ``none`` and are taken out."""
    population = {year: national_population(year).sum(axis=0) for year in (2010, 2020)}
    levels = {year: national_levels(year) for year in (2010, 2020)}
    levels[2020][:, 0] -= population[2020][:, 3:6].sum(axis=1)
    return population, levels, *fitted(population, levels)


@pytest.mark.parametrize("place", PLACES)
def test_index_of_the_2020_census_is_reproduced(place, sources):
    """Weights 0/0/6/9/12/16/16 give the printed index to its last digit, both sexes, eight places."""
    levels = education_levels(2020, place, sources)
    for sex, row in zip(SEX, levels, strict=True):
        assert round(float(mean_years(row)), 2) == pytest.approx(printed_index(place, sex), abs=1e-9)
    assert round(float(mean_years(levels.sum(axis=0))), 2) == pytest.approx(printed_index(place), abs=1e-9)


def test_districts_add_up_to_the_city(sources):
    parts = sum(education_levels(2020, place, sources) for place in sources.names)
    np.testing.assert_array_equal(parts, education_levels(2020, "yingkou", sources))


def test_fifteen_for_college_and_nineteen_for_postgraduates_is_not_the_convention(sources):
    """The other convention in use misses the printed index by more than its rounding."""
    levels = education_levels(2020, "yingkou", sources)
    other = np.array([0.0, 6.0, 9.0, 12.0, 15.0, 16.0])
    assert abs(levels[0] @ other / levels[0].sum() - printed_index("yingkou", "male")) > 0.05


def test_census_levels_are_met_to_the_person(city):
    _, levels, attainment, _, _ = city
    np.testing.assert_array_equal(np.rint(attainment.sum(axis=1)), levels[2020])


def test_the_age_model_keeps_the_printed_index(city):
    """Spreading levels over ages must not change the mean of all ages."""
    attainment = city[2]
    assert round(float(mean_years(attainment.sum(axis=(0, 1)))), 2) == pytest.approx(9.48)


def test_method_gives_the_published_national_means(country):
    """On China the method must find what is published by age: 10.8 years at 16-59, 9.91 at 15 and over,
    and at ages 25-64 37 % with upper secondary and 19 % with college (OECD, Education at a Glance 2022)."""
    attainment = country[2]
    assert float(mean_years(attainment[:, 16:60].sum(axis=(0, 1)))) == pytest.approx(10.8, abs=0.1)
    assert float(mean_years(attainment[:, 15:].sum(axis=(0, 1)))) == pytest.approx(9.91, abs=0.1)
    adults = attainment[:, 25:65].sum(axis=(0, 1))
    assert adults[3:].sum() / adults.sum() == pytest.approx(0.37, abs=0.02)
    assert adults[4:].sum() / adults.sum() == pytest.approx(0.19, abs=0.02)


def test_city_is_below_the_country_at_working_ages(city, country):
    """Its index of ages 6+ equals the national one (9.48, 9.50) with far fewer children: adults have less."""
    means = [float(mean_years(case[2][:, 16:60].sum(axis=(0, 1)))) for case in (city, country)]
    assert 10.2 < means[0] < 10.7 and means[0] < means[1] - 0.1


def test_no_age_pattern_reaches_the_previous_plans_target_of_2020(city):
    """Upper bound: every higher level given to ages 16-59, the lowest ones to all others, with the printed
    totals. Even so the census allows less than 11.2 years in 2020, the target of the plan before."""
    population, levels, _, _, _ = city
    total, outside = 0.0, 0.0
    for sex in range(2):
        ages = population[2020][sex, 6:] * levels[2020][sex].sum() / population[2020][sex, 6:].sum()
        pupils = np.array([0.0, ages[:6].sum(), ages[6:10].sum(), 0.0, 0.0, 0.0])
        elders = ages[54:].sum()
        left = levels[2020][sex] - pupils
        given = np.minimum(np.cumsum(left), elders)
        lowest = np.diff(given, prepend=0.0)
        total += (levels[2020][sex] - pupils - lowest) @ LEVEL_YEARS
        outside += (levels[2020][sex] - pupils - lowest).sum()
    assert 10.8 < total / outside < 11.2


def test_the_plans_target_is_out_of_reach_of_cohort_replacement(city):
    """Five years of replacement add less than half a year of schooling; 11.6 would take over one year."""
    population, _, _, _, basis = city
    years = [population[2020]]
    for _ in range(5):
        years.append(np.concatenate([population[2020][:, :1], years[-1][:, :-1]], axis=1))
    steep = mean_years_schooling(np.stack(years), basis, tilt=2.0, college_entry=0.1, senior_entry=0.04)
    assert 0.3 < steep[5] - steep[0] < 0.7
    assert steep[5] < 11.6
