"""What the city's processes hand to the kernel: base figures, population, schooling and districts."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from ykforecast.data.base_figures import base_figures
from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.locate import calibration_root
from ykforecast.data.model_files import model_folder
from ykforecast.data.tables import figure
from ykforecast.kernels.cohort import STOCKS
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.schooling import city_schooling_basis
from ykforecast.simulate.controls import reported_stocks
from ykforecast.vocabulary.dims import AGE_GROUPS, YEAR_ENDS
from ykforecast.vocabulary.errors import DataError

PRINTED = load_figure_map(model_folder())


def test_base_figures_are_in_base_units():
    """87.3万 are persons, 89.7 % a fraction; five-year sums become yearly means."""
    figures = base_figures(PRINTED)
    assert figures.enterprise_insured == pytest.approx(873_000)
    assert figures.enterprise_insured + figures.government_insured == pytest.approx(973_500)
    assert figures.medical_coverage == pytest.approx(0.897)
    assert figures.reemployed_a_year == pytest.approx(48_000)
    assert figures.rural_transfers_a_year == pytest.approx(11_280)
    assert figures.farm_share == pytest.approx(23559 / 100203)


def test_yearbook_counts_refine_the_rounded_figures_of_the_plan():
    """Two sources of one count: the finer one must print as the plan's."""
    assert round(base_figures(PRINTED).unemployment_insured / 1e4, 1) == 23.9
    assert round(base_figures(PRINTED).work_injury_insured / 1e4, 1) == 33.8


def test_a_missing_figure_is_refused_and_not_guessed(tmp_path):
    root = tmp_path / "figures"
    shutil.copytree(calibration_root(), root)
    path = root / "yingkou_plan_2021_2025" / "indicators.csv"
    rows = [line for line in path.read_text(encoding="utf-8").splitlines() if "medical_coverage" not in line]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="medical_coverage"):
        base_figures(PRINTED, root)


def test_population_of_the_base_is_that_of_the_districts(calibration, assumed):
    people = calibration.population.people
    assert people.sum() == pytest.approx(year_end_array(assumed).sum(), rel=1e-13)
    base = calibration.base
    np.testing.assert_allclose(base.labour0.sum(axis=1) + base.child0, people, rtol=0, atol=1e-3)  # raking, in persons


def test_one_unit_of_the_migration_level_is_what_it_says(calibration):
    """Doses of a migration shock are divided by it: its rate times the people over the people."""
    population = calibration.population
    added = (population.people * population.migration_spread).sum()
    assert population.migration_unit == pytest.approx(added / population.people.sum())
    assert population.annual_moves == pytest.approx((population.people[2:] * population.moves).sum())
    assert set(population.kernel_arrays()) <= set(calibration.shared)


def test_shares_of_districts_are_coherent_in_every_cell(calibration, sources):
    """Every stock and age group is split without rest in every year, also where nobody is."""
    share = calibration.district_share
    assert share.shape == (len(YEAR_ENDS), 13, len(sources.districts), len(AGE_GROUPS))
    np.testing.assert_allclose(share.sum(axis=2), 1.0, rtol=1e-12)
    assert share.min() >= 0


def test_work_by_district_is_that_of_the_long_form(calibration, assumed, sources):
    """The census prints who works on farms by district: the split of 2020 has its shares."""
    stocks = reported_stocks(calibration.base)
    farm, starts = STOCKS.index("farm"), [first for _, first, _ in AGE_GROUPS]
    groups = np.add.reduceat(stocks[farm].sum(axis=0), starts)
    found = (calibration.district_share[0, farm] * groups).sum(axis=1)
    counts, sampled = (
        np.array(
            [figure("census_2020_county", name, 2020, place=d, table="employment_long_form") for d in sources.names]
        )
        for name in ("industry_agriculture", "population_15_and_over")
    )
    raised = counts * year_end_array(assumed)[..., 15:].sum(axis=(1, 2, 3)) / sampled
    np.testing.assert_allclose(found / found.sum(), raised / raised.sum(), rtol=1e-4)


def test_children_are_split_as_they_live(calibration, assumed):
    """No fitting moves those who do not work: a district holds its own children of 2020."""
    children = year_end_array(assumed)[..., :16].sum(axis=(1, 2, 3))
    share = calibration.district_share[0, STOCKS.index("child"), :, 0]
    np.testing.assert_allclose(share, children / children.sum(), rtol=1e-9)


def test_reported_stocks_are_in_the_order_of_the_outputs(calibration, cohort_runs):
    """The split multiplies what the kernel reports: the same stock in the same place."""
    stocks = reported_stocks(calibration.base)
    reported = cohort_runs["cohorts/stocks"].isel(scenario=0, year_end=0)
    weights = np.abs(reported.values - stocks.reshape(13, 2, 2, 101)).sum(axis=(2, 3, 4))
    # Tilts of a draw move people between states, far less than another order of stocks would.
    assert (weights < 0.5 * stocks.sum(axis=(1, 2)) + 1).all()


def test_schooling_by_group_at_the_base_is_plausible_and_younger_cohorts_have_more(calibration, model):
    """Nine years are compulsory since 1986: every group past 25 gains when younger cohorts move in."""
    basis = city_schooling_basis(calibration.population.people, model.folder, PRINTED.place, model.population)
    assert basis.base.shape == (len(YEAR_ENDS), 2, 5)
    assert ((basis.base > 8) & (basis.base < 14)).all()
    assert (np.diff(basis.base[:, :, 1:], axis=0) > 0).all()
    np.testing.assert_allclose(basis.sexes.sum(axis=1), 1.0, rtol=1e-14)
