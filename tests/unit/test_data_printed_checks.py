"""Figures that the publications print beside their tables, recomputed from what is carried."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.data.census import (
    COUNTY_AGE_STARTS,
    COUNTY_AGES,
    birth_rates,
    county_margins,
    five_year,
    single_age,
)
from ykforecast.data.tables import figure, read_table
from ykforecast.vocabulary.dims import SEX

#: The city, its districts and its province, as in the county volumes.
PLACES = ("yingkou", "zhanqian", "xishi", "bayuquan", "laobian", "gaizhou", "dashiqiao", "liaoning")


@pytest.mark.parametrize("year", [2010, 2020])
@pytest.mark.parametrize("place", PLACES)
def test_printed_age_shares_of_every_place(year: int, place: str) -> None:
    """The volume prints 0-14, 15-64 and 65+ in per cent: a misplaced age group would show at once."""
    publication = f"census_{year}_county"
    table = read_table(publication, "population")
    people = table.array({"sex": SEX, "age": COUNTY_AGES}, variable="population", place=place, year=year)
    by_age, starts = people.sum(axis=0), np.array(COUNTY_AGE_STARTS)
    for ages, low, high in (("0-14", 0, 15), ("15-64", 15, 65), ("65+", 65, 200)):
        printed = figure(publication, "share_of_population", year, place=place, age=ages)
        share = by_age[(starts >= low) & (starts < high)].sum() / by_age.sum()
        assert share == pytest.approx(printed, abs=5.1e-5)


def test_bulletin_of_the_city(sources) -> None:
    """The bulletin of the city prints 584,378 residents of 60 and over and 402,789 of 65 and over in 2020."""
    by_age = county_margins(2020, sources).by_age.sum(axis=(0, 1))
    starts = np.array(COUNTY_AGE_STARTS)
    assert by_age[starts >= 60].sum() == 584_378
    assert by_age[starts >= 65].sum() == 402_789


def test_recorded_deaths_of_the_census_year() -> None:
    """7,965,772 deaths of China and 326,235 of Liaoning were recorded in the year to October 2020."""
    assert five_year("deaths", "china", 2020).sum() == 7_965_772
    assert five_year("deaths", "liaoning", 2020).sum() == 326_235
    assert single_age("deaths", 2020).sum() == 7_965_772


def test_raw_total_fertility() -> None:
    """The long form gives 1.53 children for rural women in 2020."""
    assert birth_rates(2020)[1].sum() == pytest.approx(1.53, abs=0.01)


def test_long_form_counts() -> None:
    """100,203 employed of 193,270 aged 15 and over (51.85 %): the denominator of the employment share."""
    employed = figure("census_2020_county", "industry_total", 2020, place="yingkou")
    adults = figure("census_2020_county", "population_15_and_over", 2020, place="yingkou")
    assert (employed, adults) == (100_203, 193_270)
    assert figure("census_2010_county", "industry_total", 2010, place="yingkou") == 132_354
    assert figure("census_2010_county", "population_16_and_over", 2010, place="yingkou") == 198_235


def test_plan_prints_eight_as_nine_and_ten() -> None:
    """The total of the employees' pension is its two parts in 2020 and in the target, as printed."""
    plan = "yingkou_plan_2021_2025"
    for suffix, year in (("", 2020), ("_target", 2025)):
        total, enterprise, government = (
            figure(plan, f"pension_{name}{suffix}", year) for name in ("employees_total", "enterprise", "government")
        )
        assert total == pytest.approx(enterprise + government, abs=1e-6)


def test_signs_of_the_plan_are_carried_as_printed() -> None:
    """〔〕 marks a five-year sum and 左右 a tolerance: without them a target is another target."""
    table = read_table("yingkou_plan_2021_2025", "indicators")
    printed = dict(zip(table.columns["variable"], table.columns["printed"], strict=True))
    assert printed["new_urban_jobs_target"] == ">〔9〕"
    assert printed["subsidised_training_target"] == "〔6.5〕"
    assert printed["surveyed_unemployment_rate_target"] == "5.5左右"
    assert printed["unemployment_insured_target"] == "≥34"
    assert len({row["number"] for row in table.rows()}) == 16


def test_shares_of_output_and_registered_growth_are_consistent() -> None:
    """Sector shares sum to one within rounding; births less deaths give the printed natural growth."""
    book = "china_city_yearbook"
    for year in (2010, 2014, 2016, 2018, 2020):
        sectors = ("primary", "secondary", "tertiary")
        shares = sum(figure(book, f"gdp_share_{sector}", year, place="yingkou") for sector in sectors)
        assert shares == pytest.approx(1.0, abs=2.5e-4)
    for year in (2017, 2018, 2019):
        born, died = (figure(book, f"{event}_hukou", year, place="yingkou") for event in ("births", "deaths"))
        growth = (born - died) / figure(book, "hukou_population_year_end", year, place="yingkou")
        assert growth == pytest.approx(figure(book, "natural_growth_rate_hukou", year, place="yingkou"), abs=2e-4)
