"""Education by birth cohort: margins kept, cohorts carried, parameters linear."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from ykforecast.processes.attainment import (
    REACHED,
    AttainmentAssumptions,
    at_or_above,
    fit_trends,
    level_shares,
    rake_attainment,
    trend_shares,
)
from ykforecast.processes.education import attainment_path, mean_years_schooling, schooling_basis
from ykforecast.vocabulary.dims import AGE_GROUPS
from ykforecast.vocabulary.errors import CalibrationError, ModelError, RequestError

MODEL = Path(__file__).parents[2] / "models" / "yingkou" / "education.toml"
TABLE = tomllib.loads(MODEL.read_text(encoding="utf-8"))
TRUE_TREND = np.array([[5.0, 0.8], [1.5, 0.6], [-1.0, 0.9], [-2.2, 1.2], [-3.0, 1.3]])


@pytest.fixture(scope="module")
def assumptions() -> AttainmentAssumptions:
    return AttainmentAssumptions.from_model(TABLE)


@pytest.fixture(scope="module")
def population() -> np.ndarray:
    """A population that thins out with age, persons by sex and age."""
    by_age = 1e4 * np.exp(-np.arange(101) / 60.0)
    return np.stack([by_age, 0.97 * by_age])


def totals(population: np.ndarray, assumptions: AttainmentAssumptions, census: int) -> np.ndarray:
    """Level totals that the true trend implies for a population."""
    shares = level_shares(trend_shares(TRUE_TREND, assumptions, census))[6:]
    return (population[:, 6:, None] * shares).sum(axis=1)


@pytest.fixture(scope="module")
def levels(population, assumptions) -> np.ndarray:
    return totals(population, assumptions, 2020)


@pytest.fixture(scope="module")
def basis(population, levels, assumptions):
    return schooling_basis(population, levels, np.stack([TRUE_TREND] * 2), assumptions)


@pytest.fixture(scope="module")
def aged(population) -> np.ndarray:
    """Population by year end without deaths, births or migration."""
    years = [population]
    for _ in range(5):
        years.append(np.concatenate([population[:, :1], years[-1][:, :-1]], axis=1))
    return np.stack(years)


def test_levels_and_at_or_above_are_inverse():
    persons = np.array([[3.0, 5.0, 11.0, 7.0, 2.0, 1.0]])
    shares = at_or_above(persons) / persons.sum()
    np.testing.assert_allclose(level_shares(shares), persons / persons.sum(), rtol=0, atol=1e-15)


def test_two_censuses_identify_the_trend(population, assumptions):
    """Totals made from a known trend give it back when the slope is left free."""
    free = AttainmentAssumptions.from_model({**TABLE, "slope": {**TABLE["slope"], "standard_deviation": 1e4}})
    levels = {census: totals(population, free, census) for census in (2010, 2020)}
    trends = fit_trends({2010: population, 2020: population}, levels, free)
    np.testing.assert_allclose(trends, np.stack([TRUE_TREND] * 2), rtol=0, atol=1e-3)


def test_raking_meets_both_margins(population, levels, assumptions):
    """Totals by level to the person, ages in proportion to the population, whatever the seed."""
    printed = np.rint(levels * np.linspace(0.8, 1.2, 6))
    seed = level_shares(trend_shares(np.stack([TRUE_TREND] * 2), assumptions, 2020))
    table = rake_attainment(seed, population, printed)
    np.testing.assert_allclose(table.sum(axis=1), printed, rtol=0, atol=1e-4)
    expected = population[:, 6:] / population[:, 6:].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(table[:, 6:].sum(axis=2) / printed.sum(axis=1)[:, None], expected, rtol=1e-8, atol=0)
    assert (table >= 0).all() and (table[:, :6] == 0).all()


def test_an_empty_level_stays_empty(population, levels, assumptions):
    """A unit without anyone at a level is a table with zeros, not a division by zero."""
    printed = levels.copy()
    printed[:, 5] = 0.0
    seed = level_shares(trend_shares(np.stack([TRUE_TREND] * 2), assumptions, 2020))
    table = rake_attainment(seed, population, printed)
    assert (table[..., 5] == 0.0).all()
    np.testing.assert_allclose(table.sum(axis=1), printed, rtol=1e-9)


def test_margins_that_cannot_be_met_are_an_error(population, levels, assumptions):
    """A population with a hole in it must not come out as a table of NaN."""
    broken = population.copy()
    broken[0, 30] = np.nan
    seed = level_shares(trend_shares(np.stack([TRUE_TREND] * 2), assumptions, 2020))
    with pytest.raises(CalibrationError, match="levels"):
        rake_attainment(seed, broken, levels)


def test_adults_keep_their_schooling(population, levels, assumptions):
    """Cohort replacement: who was 30 in 2020 is 35 in 2025 with the same shares."""
    seed = level_shares(trend_shares(np.stack([TRUE_TREND] * 2), assumptions, 2020))
    path = attainment_path(rake_attainment(seed, population, levels), assumptions.progression)
    np.testing.assert_allclose(path[5, :, 35:], path[0, :, 30:96], rtol=0, atol=1e-12)
    assert (path >= 0).all() and (path <= 1).all() and (np.diff(path, axis=-1) <= 1e-12).all()


def test_pupils_move_on_and_never_back(population, levels, assumptions):
    seed = level_shares(trend_shares(np.stack([TRUE_TREND] * 2), assumptions, 2020))
    path = attainment_path(rake_attainment(seed, population, levels), assumptions.progression)
    for year in range(1, 6):
        assert (path[year, :, 1:] >= path[year - 1, :, :-1] - 1e-12).all()


def test_mean_rises_as_cohorts_replace_one_another(aged, basis):
    """Each cohort that enters is better schooled than the one that leaves."""
    assert (np.diff(mean_years_schooling(aged, basis)) > 0).all()


def test_published_totals_hold_at_any_tilt(population, levels, basis, aged):
    """Tilt moves schooling between ages only: more for 16-59 means less for the rest, the total is fixed."""
    flat, steep = (mean_years_schooling(aged, basis, tilt=t)[0] for t in (-1.0, 1.0))
    assert steep > flat + 0.02


def test_linear_form_equals_the_full_model_at_its_vertices(population, levels, assumptions, aged, basis):
    """The cheap form is exact where it was built: a tilt of one is a slope factor of exp(tilt_step)."""
    trends = np.stack([TRUE_TREND] * 2)
    trends[..., 1] *= np.exp(assumptions.tilt_step)
    np.testing.assert_allclose(
        mean_years_schooling(aged, basis, tilt=1.0),
        mean_years_schooling(aged, schooling_basis(population, levels, trends, assumptions)),
        rtol=0,
        atol=1e-9,
    )


def test_draws_are_independent_of_one_another(aged, basis):
    """A draw's result depends on its own parameters alone, with a common or its own population."""
    tilt, college = np.array([-0.5, 0.0, 0.7]), np.array([0.0, 0.02, -0.01])
    together = mean_years_schooling(aged, basis, tilt=tilt, college_entry=college)
    own = mean_years_schooling(np.stack([aged] * 3), basis, tilt=tilt, college_entry=college)
    np.testing.assert_allclose(own, together, rtol=1e-14)
    for draw in range(3):
        alone = mean_years_schooling(aged, basis, tilt=tilt[draw], college_entry=college[draw])
        np.testing.assert_allclose(together[draw], alone, rtol=1e-14)


def test_entry_by_hand(aged, basis, assumptions):
    """One in a hundred more of the entrants of 2025 at college: four years each, ages of intake only."""
    doses = np.zeros((1, 5))
    doses[0, 4] = 0.01
    moved = mean_years_schooling(aged, basis, college_entry=doses)[0] - mean_years_schooling(aged, basis)
    progression = assumptions.progression[REACHED.index("college")]
    intake = np.diff(progression, prepend=0.0)
    working = aged[5, :, 16:60]
    expected = 0.01 * 4.0 * (working * intake[16:60]).sum() / working.sum()
    assert moved[5] == pytest.approx(expected, rel=1e-9)
    np.testing.assert_array_equal(moved[:5], 0.0)


def test_more_vocational_entry_never_lowers_the_mean(aged, basis):
    base = mean_years_schooling(aged, basis)
    for key in ("senior_entry", "college_entry"):
        more = mean_years_schooling(aged, basis, **{key: 0.05})
        assert (more[1:] > base[1:]).all() and more[0] == base[0]


def test_entry_stays_within_the_room_of_nested_shares(aged, basis):
    """Nobody enters college without senior school: a dose beyond the room is cut to it."""
    np.testing.assert_array_equal(
        mean_years_schooling(aged, basis, college_entry=0.9),
        mean_years_schooling(aged, basis, college_entry=basis.room_college[1]),
    )


def test_sexes_average_to_the_total(aged, basis):
    by_sex = mean_years_schooling(aged, basis, tilt=np.array([0.3]), by_sex=True)
    weights = aged[:, :, 16:60].sum(axis=2)
    total = (by_sex[0] * weights).sum(axis=1) / weights.sum(axis=1)
    np.testing.assert_allclose(total, mean_years_schooling(aged, basis, tilt=0.3), rtol=1e-14)


def test_age_groups_give_the_same_result_for_the_reference_population(aged, basis):
    """Runs that keep age groups only lose nothing where the ages within a group are as in the reference."""
    groups = np.stack([aged[..., first : last + 1].sum(axis=(1, 2)) for _, first, last in AGE_GROUPS], axis=-1)
    grouped = mean_years_schooling(groups[:, None, :], basis.by_age_group(aged), tilt=0.4, senior_entry=0.01)
    np.testing.assert_allclose(grouped, mean_years_schooling(aged, basis, tilt=0.4, senior_entry=0.01), rtol=1e-13)


def test_wrong_age_axis_is_refused(aged, basis):
    with pytest.raises(RequestError, match="single ages or reporting groups"):
        mean_years_schooling(aged[..., :50], basis)


def test_faulty_assumptions_name_the_key():
    with pytest.raises(ModelError, match="tilt"):
        AttainmentAssumptions.from_model({k: v for k, v in TABLE.items() if k != "tilt"})
    with pytest.raises(ModelError, match="ceiling"):
        AttainmentAssumptions.from_model({**TABLE, "ceiling": {"values": [1.0, 1.0, 0.9, 0.6, -0.1]}})
    with pytest.raises(ModelError, match="ceiling"):
        AttainmentAssumptions.from_model({**TABLE, "ceiling": {"values": [1.0, 1.0, 0.9, 1.6, 0.4]}})
