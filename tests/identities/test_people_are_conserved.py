"""Accounting that must hold in every draw, year and scenario of the real city."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from ykforecast.kernels.flow_table import FLOWS, RETIRING
from ykforecast.vocabulary.dims import EMPLOYED_STATES, LABOUR_STATES

RELATIVE = 1e-11
PEOPLE = [*LABOUR_STATES, "child"]


@pytest.fixture(scope="module")
def cohorts(cohort_runs):
    return cohort_runs["cohorts"].to_dataset()


def _close(left, right, what, scale=1.0):
    gap = float(np.abs(np.asarray(left) - np.asarray(right)).max())
    assert gap <= RELATIVE * max(scale, 1.0), f"{what}: {gap}"


def test_each_cohort_ages_by_deaths_and_migration_only(cohorts):
    people = cohorts["stocks"].sel(stock=PEOPLE).sum("stock")
    moves, migration = cohorts["moves"].values, cohorts["net_migration"].values
    start, end = people.values[:, :, :-1], people.values[:, :, 1:]
    left = start - cohorts["deaths"].values
    carried = np.zeros_like(end)
    carried[..., 1:] = left[..., :-1]
    carried[..., -1] += left[..., -1]
    change = end - carried - migration - moves
    # At age 0 what is left are the births that lived to the end of the year.
    _close(change[..., 1:], 0.0, "age 1 and over", scale=start.max())
    assert (change[..., 0] > 0).all()


def test_population_changes_by_births_deaths_and_migration(cohort_runs):
    series = cohort_runs["series"].to_dataset()
    population = series["population"].values
    flows = series[["births", "deaths", "net_migration"]]
    change = flows["births"].values - flows["deaths"].values + flows["net_migration"].values
    _close(np.diff(population, axis=-1), change, "city", scale=population.max())


def test_moves_to_town_leave_the_city_as_it_was(cohort_runs):
    moves = cohort_runs["flows/flows"].sel(flow="moves").sum(("residence", "sex"))
    _close(moves.values, 0.0, "moves", scale=1e6)


def test_labour_states_make_up_the_residents(cohorts, cohort_runs):
    by_place = cohort_runs["stocks/residents"].sel(stock=PEOPLE).sum("stock")
    by_age = cohorts["stocks"].sel(stock=PEOPLE).sum(("stock", "age"))
    _close(by_place.values, by_age.values, "by place and by age", scale=1e6)
    by_group = cohort_runs["stocks/residents_by_age_group"].sel(stock=PEOPLE).sum(("stock", "age_group"))
    _close(by_group.values, by_place.sum(("residence", "sex")).values, "by age group", scale=1e7)
    _close(by_group.values, cohort_runs["series/population"].values, "series", scale=1e7)


def test_states_change_by_the_flows_of_the_ledger_and_the_year_end(cohorts, cohort_runs):
    """Within a year, before ageing: inflows less outflows of each state, from monthly flows summed."""
    ledger = cohorts["ledger"].sum(("residence", "sex"))
    stocks = cohort_runs["stocks/residents"].sum(("residence", "sex"))
    for state in LABOUR_STATES:
        net = xr.zeros_like(ledger.isel(transition=0, drop=True))
        for k, (origin, destination, _) in enumerate(FLOWS):
            flow = ledger.isel(transition=k, drop=True)
            net = net + (flow if destination == state else 0.0) - (flow if origin == state else 0.0)
        for j, origin in enumerate(RETIRING):
            flow = ledger.isel(transition=len(FLOWS) + j, drop=True)
            net = net + (flow if state == "retired" else 0.0) - (flow if origin == state else 0.0)
        start = stocks.sel(stock=state).values[..., :-1]
        end = stocks.sel(stock=state).values[..., 1:]
        # What remains are deaths, migration and those who turn 16; students gain most entrants.
        rest = end - start - net.values
        bound = 0.06 * start + (25_000 if state in ("student", "inactive", "enterprise", "flexible", "farm") else 800)
        assert (np.abs(rest) <= bound).all(), state


def test_enterprise_scheme_changes_by_its_flows(cohort_runs):
    flows = cohort_runs["flows/flows"].sum(("residence", "sex"))
    stocks = cohort_runs["stocks/residents"].sum(("residence", "sex"))
    insured = stocks.sel(stock=["contributor", "interrupted", "retiree"]).sum("stock").values
    change = (
        flows.sel(flow="take_up")
        - flows.sel(flow="pension_leavers")
        - flows.sel(flow="pension_deaths")
        + flows.sel(flow="pension_net_migration")
    ).values
    _close(np.diff(insured, axis=-1), change, "enterprise scheme", scale=insured.max())


def test_government_retirees_change_by_entries_deaths_and_migration(cohort_runs):
    flows = cohort_runs["flows/flows"].sum(("residence", "sex"))
    retirees = cohort_runs["stocks/residents"].sum(("residence", "sex")).sel(stock="government_retiree").values
    change = (
        flows.sel(flow="government_entries")
        - flows.sel(flow="government_deaths")
        + flows.sel(flow="government_net_migration")
    ).values
    _close(np.diff(retirees, axis=-1), change, "government retirees", scale=retirees.max())


def test_nobody_is_negative_and_nothing_is_missing(cohort_runs):
    for group in ("series", "stocks", "cohorts", "monthly"):
        for name, values in cohort_runs[group].to_dataset().data_vars.items():
            assert np.isfinite(values.values).all(), name
    for path in ("cohorts/stocks", "cohorts/deaths", "stocks/residents", "monthly/monthly"):
        assert float(cohort_runs[path].min()) >= 0.0, path


def test_the_insured_of_an_age_live_there(cohorts):
    """Contributors, interrupted and retirees of both schemes cannot outnumber the residents of a cell."""
    stocks = cohorts["stocks"]
    people = stocks.sel(stock=list(LABOUR_STATES)).sum("stock")
    insured = stocks.sel(stock=["contributor", "interrupted", "retiree", "government_retiree", "public"]).sum("stock")
    # Interruption lags behind people who leave the labour force: a small overlap at single ages is allowed.
    assert float((insured - 1.02 * people).max()) <= 5.0


def test_months_end_where_the_year_ends_but_for_the_year_end_step(cohort_runs):
    """December's labour force differs from the year-end stock only by deaths, migration and ageing."""
    december = cohort_runs["monthly/monthly"].sel(monthly_stock="labour_force").isel(month=slice(11, None, 12))
    december = december.sum(("residence", "sex")).values
    stocks = cohort_runs["stocks/residents"].sel(stock=["unemployed", *EMPLOYED_STATES])
    year_end = stocks.sum(("stock", "residence", "sex")).values[..., 1:]
    assert (np.abs(year_end / december - 1) < 0.03).all()
