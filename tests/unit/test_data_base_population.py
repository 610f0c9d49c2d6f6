"""The base population meets every published margin to the person."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.data.base_population import birthday_shares, census_base_array
from ykforecast.data.census import county_margins, group_sums
from ykforecast.data.tables import figure
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.migration import log_migration
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import RESIDENCE, SEX
from ykforecast.vocabulary.errors import DataError


@pytest.mark.parametrize("year", [2010, 2020])
def test_published_margins_are_met_to_the_person(year: int, sources) -> None:
    """District x sex x age group and the urban residents of each district are printed: none may move."""
    population, margins = census_base_array(year, sources), county_margins(year, sources)
    assert population.dtype.kind == "i"
    assert population.min() >= 0
    np.testing.assert_array_equal(group_sums(population.sum(axis=1)), margins.by_age)
    np.testing.assert_array_equal(population.sum(axis=(2, 3))[:, RESIDENCE.index("urban")], margins.urban)


def test_city_totals_of_2020(sources) -> None:
    """2,328,582 residents, 1,564,242 of them urban, 1,173,434 men: the figures of the bulletin."""
    population = census_base_array(2020, sources)
    assert population.sum() == 2_328_582
    assert population[:, RESIDENCE.index("urban")].sum() == 1_564_242
    assert population[:, :, SEX.index("male")].sum() == 1_173_434
    assert population[..., 65:].sum() == 402_789  # numerator of the printed dependency ratio


def test_famine_and_boom_cohorts_are_visible(sources) -> None:
    """Births of 1960-61 were half those of 1963: five-year groups alone would spread that evenly."""
    city = census_base_array(2020, sources).sum(axis=(0, 1, 2))
    assert city[59] < 0.6 * city[57]
    earlier = census_base_array(2010, sources).sum(axis=(0, 1, 2))
    assert earlier[49] < 0.6 * earlier[47]


def test_census_of_another_year_is_refused(sources) -> None:
    """Only two censuses are carried."""
    with pytest.raises(DataError, match="2015"):
        census_base_array(2015, sources)


def test_birthdays_of_two_months_are_about_a_sixth() -> None:
    """A sixth of each age turns older before the year's end, more or less where births rose or fell."""
    share = birthday_shares(2020)[:, :, :90]
    assert abs(float(share.mean()) - 1 / 6) < 0.01
    assert share.min() > 0.08
    assert share.max() < 0.25


def test_year_end_is_close_to_the_census_and_to_the_published_year_end(assumed: PopulationAssumptions) -> None:
    """Two months change the city by some thousands; the yearbook prints 2.33 and 1.56 million."""
    year_end = year_end_array(assumed)
    total = float(year_end.sum())
    assert abs(total - 2_328_582) < 5_000
    assert abs(total - figure("china_city_yearbook", "resident_population_year_end", 2020, place="yingkou")) < 5_000
    urban = float(year_end[:, RESIDENCE.index("urban")].sum())
    assert abs(urban - figure("china_city_yearbook", "urban_resident_population", 2020, place="yingkou")) < 5_000
    assert float(year_end.min()) >= 0.0


def test_shared_arrays_are_read_only(assumed: PopulationAssumptions) -> None:
    """Caches hand out one array to all: whoever writes into it would change the base year for everyone."""
    with pytest.raises(ValueError, match="read-only"):
        census_base_array(2020, assumed.sources)[0, 0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        year_end_array(assumed)[0, 0, 0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        log_migration(assumed)[0, 0] = 1.0
    assert census_base_array(2020, assumed.sources).shape == (
        len(assumed.sources.districts),
        len(RESIDENCE),
        len(SEX),
        101,
    )
