"""Mortality, fertility, migration and district shares: shapes, levels and what evidence says of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ykforecast.data.base_population import census_base_array, national_population, province_population
from ykforecast.data.census import MORTALITY_AGE_STARTS, birth_rates, five_year, group_sums, merge_areas
from ykforecast.data.tables import figure
from ykforecast.processes.districts import district_projection
from ykforecast.processes.fertility import (
    census_fertility,
    fertility_rates,
    fertility_trend,
    sex_ratio_at_birth,
)
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.life_table import life_expectancy, yearly_death_probabilities
from ykforecast.processes.migration import (
    cohort_sums,
    migration_profile,
    migration_uncertainty,
    survive,
    urban_moves,
    yearly_survival,
)
from ykforecast.processes.mortality import (
    census_death_rates,
    death_probabilities,
    death_rates,
    published_life_expectancy,
    registered_rates,
)
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import AGE_GROUPS, SEX

PROVINCE = "liaoning"


def test_life_table_of_a_constant_rate() -> None:
    """With one rate at all ages life expectancy is its inverse: the closed form of the exponential."""
    rates = np.full((2, 101), 0.02)
    assert life_expectancy(rates) == pytest.approx([50.0, 50.0], rel=5e-3)
    q, _ = yearly_death_probabilities(rates)
    np.testing.assert_allclose(q[:, 1:], -np.expm1(-0.02), rtol=2e-3)


def test_life_table_closes(assumed: PopulationAssumptions) -> None:
    """Births survived through every year and the open age live all the person-years of the table."""
    rates = death_rates(2021.5, assumed)[0]
    q, q_birth = yearly_death_probabilities(rates)
    population = np.zeros((2, 101))
    population[:, 0] = 1.0 - q_birth
    lived = population.sum(axis=1)
    for _ in range(140):
        population = survive(population, q)
        lived = lived + population.sum(axis=1)
    np.testing.assert_allclose(lived, life_expectancy(rates), rtol=2e-3)


@pytest.mark.parametrize("year", [2010, 2020])
def test_province_has_its_published_life_expectancy(year: int, assumed: PopulationAssumptions) -> None:
    """The level of mortality is the published one; recorded deaths alone give two years more."""
    weights, rates = province_population(year, PROVINCE), census_death_rates(year, assumed)
    whole = (rates * weights).sum(axis=0) / weights.sum(axis=0)
    np.testing.assert_allclose(life_expectancy(whole), published_life_expectancy(year, PROVINCE), atol=1e-6)
    recorded = (registered_rates(year, PROVINCE) * weights).sum(axis=0) / weights.sum(axis=0)
    assert (life_expectancy(recorded) - life_expectancy(whole) > 1.5).all()


def test_registered_rates_return_the_recorded_deaths() -> None:
    """Smoothing between age groups must not create or lose recorded deaths of the province."""
    recorded = merge_areas(five_year("deaths", PROVINCE, 2020)).sum(axis=2)
    modelled = (registered_rates(2020, PROVINCE) * province_population(2020, PROVINCE)).sum(axis=2)
    np.testing.assert_allclose(modelled, recorded, rtol=0.02)


def test_survivors_of_the_province_meet_its_next_census(assumed: PopulationAssumptions) -> None:
    """The cohorts of 2010 survive to the count of 2020: not fitted at 45-74, only in age shape above."""
    people = province_population(2010, PROVINCE)
    for q in yearly_survival(assumed):
        people = survive(people, q)
    ratio = cohort_sums(province_population(2020, PROVINCE).sum(axis=0)) / cohort_sums(people.sum(axis=0))
    assert np.abs(ratio[:, 9:15] - 1.0).max() < 0.02
    assert np.abs(ratio[:, 15] - 1.0).max() < 0.03


def test_death_probabilities_are_ordered_as_they_should_be(assumed: PopulationAssumptions) -> None:
    """Men die before women, rural before urban residents of working age; risks rise with age."""
    q, q_birth = death_probabilities(assumed)
    assert q.shape == (5, 4, 101)
    assert q_birth.shape == (5, 4)
    assert ((q > 0) & (q < 1)).all()
    working = slice(20, 70)
    assert (q[:, 0, working] > q[:, 1, working]).all()
    assert (q[:, 2, working] > q[:, 0, working]).all()
    assert (np.diff(q[:, :, 40:99], axis=2) > -1e-4).all()
    assert (np.diff(q, axis=0) < 0).all()
    assert ((q_birth > 0.002) & (q_birth < 0.01)).all()


def test_crude_death_rate_is_near_that_of_the_province(assumed: PopulationAssumptions) -> None:
    """The bulletin (7.25 per mille) is a floor; ten per mille would contradict every publication."""
    population = census_base_array(2020, assumed.sources).sum(axis=0)
    rate = float((census_death_rates(2020, assumed) * population).sum() / population.sum())
    assert figure("liaoning_population", "death_rate", 2019, place="liaoning") < rate < 0.0100


def test_fertility_returns_the_infants_of_the_census(assumed: PopulationAssumptions) -> None:
    """Births of the last twelve months, survived, are the infants counted: this is the level."""
    population = census_base_array(2020, assumed.sources).sum(axis=0)
    women = population[:, SEX.index("female")].astype(float)
    exposed = women.copy()
    exposed[:, :-1] = (women[:, :-1] + women[:, 1:]) / 2.0
    births = (census_fertility(assumed) * exposed).sum(axis=1)
    _, q_birth = yearly_death_probabilities(death_rates(2020.33, assumed))
    np.testing.assert_allclose(births * (1 - q_birth.mean(axis=1)), population[..., 0].sum(axis=1), rtol=2e-3)
    assert 0.0040 < births.sum() / population.sum() < 0.00645  # below the bulletin's rate of 2019


def test_fertility_is_below_replacement_falling_and_rural_higher(assumed: PopulationAssumptions) -> None:
    """Total fertility of the North-East is about 0.9; the national pattern (1.26) must not be its level."""
    rates = fertility_rates(assumed)
    total = rates.sum(axis=2)
    assert rates.shape == (5, 2, 101)
    assert (rates[:, :, :15] == 0).all()
    assert (rates[:, :, 50:] == 0).all()
    assert 0.6 < total[0, 0] < total[0, 1] < 1.2
    assert birth_rates(2020).sum(axis=1).min() > total.max()
    assert fertility_trend(assumed) < 0
    assert (np.diff(total, axis=0) < 0).all()
    np.testing.assert_allclose(fertility_rates(replace(assumed, fertility_damping=0.0))[4], census_fertility(assumed))
    assert sex_ratio_at_birth(PROVINCE) == pytest.approx(1.0715)


def test_migration_profile_is_what_the_city_lives(assumed: PopulationAssumptions) -> None:
    """The young leave, the old stay; the city loses a few per mille a year, its countryside more."""
    profile, moves = migration_profile(assumed), urban_moves(assumed)
    assert profile.shape == (4, 101)
    assert moves.shape == (2, 101)
    assert profile[:, 15:22].max() < -0.005
    assert np.abs(profile[:, 60:]).max() < 0.005
    assert (moves >= 0).all()
    assert moves[:, 20:35].min() > 0.02
    people = census_base_array(2020, assumed.sources).sum(axis=0).reshape(4, 101)
    assert -0.006 < float((profile * people).sum() / people.sum()) < -0.001


def test_migration_declines_smoothly_past_thirty(assumed: PopulationAssumptions) -> None:
    """No schedule of migration waves with age: after the family ages net rates only fade (Rogers and Castro).

    One weight on bends at all ages turns seven times there, following the errors of single cohorts.
    """

    def turns(assumptions: PopulationAssumptions) -> int:
        past_thirty = migration_profile(assumptions)[:2, 30:80]
        falling = np.diff(past_thirty, axis=1) < 0
        return int((falling[:, 1:] != falling[:, :-1]).sum(axis=1).max())

    assert turns(assumed) <= 1
    assert turns(replace(assumed, migration_stiff_years=1e6)) >= 5


def test_numbers_of_the_files_reach_the_rates(model, assumed: PopulationAssumptions) -> None:
    """An assumed number is read from the model's files: another value there is another rate here."""
    parameters = dict(model.parameters)
    for name in set(PopulationAssumptions.__dataclass_fields__) - {"sources"}:
        assert getattr(assumed, name) == parameters[name].median, name
    flat = replace(assumed, migration_flat_share=1.0)
    np.testing.assert_allclose(np.ptp(migration_uncertainty(flat)), 0.0, atol=1e-15)
    later = replace(assumed, mortality_fade_from=90.0)
    assert (census_death_rates(2020, later)[..., 80] > census_death_rates(2020, assumed)[..., 80]).all()
    young = replace(assumed, migration_corrected_below=0)
    assert np.abs(migration_profile(young) - migration_profile(assumed))[:, 10:25].max() > 1e-3


def test_rates_of_the_decade_rebuild_the_rural_population(assumed: PopulationAssumptions) -> None:
    """Survival, migration and moves carry the countryside of 2010 to its adults of 2020 (coverage aside)."""
    people = census_base_array(2010, assumed.sources)[:, 1].sum(axis=0).astype(float)
    factor = (1.0 + migration_profile(assumed)[2:]) * (1.0 - urban_moves(assumed))
    for q in yearly_survival(assumed)[:, 1]:
        people = survive(people, q) * factor
    counted = census_base_array(2020, assumed.sources)[:, 1].sum(axis=0)
    assert people[:, 50:].sum() == pytest.approx(counted[:, 50:].sum(), rel=0.02)
    assert people[:, 25:].sum() == pytest.approx(counted[:, 25:].sum(), rel=0.04)


def test_uncertainty_of_migration_is_the_error_that_was_made(assumed: PopulationAssumptions) -> None:
    """The census of 2020 corrected the province by 2.2 % after ten years: 0.2 % a year is one deviation."""
    people = census_base_array(2020, assumed.sources).sum(axis=0).reshape(4, 101)
    spread = migration_uncertainty(assumed)
    assert spread.min() > 0
    assert float((spread * people).sum() / people.sum()) == pytest.approx(0.00215, rel=0.02)


def test_districts_start_exactly_and_keep_people_in_every_group(assumed: PopulationAssumptions) -> None:
    """A district is followed from its own people of the jump-off; an empty group could not be shared out."""
    path = district_projection(assumed)
    np.testing.assert_array_equal(path[0], year_end_array(assumed).sum(axis=1))
    assert (np.add.reduceat(path, [first for _, first, _ in AGE_GROUPS], axis=-1) > 0).all()


@pytest.mark.parametrize("year", [2010, 2020])
def test_country_and_province_keep_their_printed_groups(year: int) -> None:
    """Single ages of country and province are only a finer reading of the printed five-year groups."""
    for place, people in (("china", national_population(year)), (PROVINCE, province_population(year, PROVINCE))):
        printed = merge_areas(five_year("population", place, year))
        np.testing.assert_allclose(group_sums(people, MORTALITY_AGE_STARTS), printed, rtol=1e-9)
