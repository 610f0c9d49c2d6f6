"""Labour supply: sums over groups, and parts of the change that add up and answer to what they are named after."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.labour_supply import LABOUR_FORCE
from ykforecast.present.breakdown_table import plain_labour_supply


@pytest.fixture(scope="module")
def supply(cohort_runs):
    return yk.labour_supply(cohort_runs)


@pytest.fixture(scope="module")
def force(cohort_runs):
    """Mean labour force of the city, (scenario, year_end)."""
    stocks = cohort_runs["stocks/residents"].sel(stock=list(LABOUR_FORCE))
    return stocks.sum(("stock", "residence", "sex")).mean("draw")


def test_causes_add_up_to_the_change_of_the_labour_force(supply, force):
    """A waterfall that ends elsewhere than the series it explains is worse than none."""
    change = (force - force.sel(year_end=2020)).values
    np.testing.assert_allclose(supply["labour_force_change_mean"].sum("cause").values, change, atol=1e-5)
    np.testing.assert_allclose(supply["labour_force_change_total"].values, change, atol=1e-5)


def test_flows_add_up_to_the_yearly_change(supply, force, cohort_runs):
    yearly = force.diff("year_end").values
    np.testing.assert_allclose(supply["labour_force_flow_mean"].sum("flow").values, yearly, atol=1e-5)
    # Work is inside the labour force: nothing flows between them.
    assert (supply["labour_force_flow_mean"].sel(flow="work") == 0.0).all()
    out = cohort_runs["stocks/residents"].sel(stock="unemployed").sum(("residence", "sex")).mean("draw")
    found = supply["unemployment_flow_mean"].sum("flow").values
    np.testing.assert_allclose(found, out.diff("year_end").values, atol=1e-5)


def test_a_scenario_shows_in_the_cause_that_it_changes(supply):
    """Out-migration takes people, delayed retirement keeps people over 50 at work; deaths answer to neither."""
    change = supply["labour_force_change_mean"].sel(year=2025)
    assert (
        change.sel(scenario="out-migration", cause="migration")
        < change.sel(scenario="baseline", cause="migration") - 1e3
    )
    late, plan = (change.sel(scenario=name) for name in ("plan+delayed-retirement", "plan"))
    gained = (late - plan).to_series()
    assert gained.idxmax() == "retirement" and gained["retirement"] > 100.0
    assert abs(gained["deaths"]) < 0.05 * gained["retirement"]


def test_groups_add_up_and_rates_are_of_ages_16_and_over(supply, cohort_runs):
    """Tested in 2020, where all draws agree: quantiles of other years do not add up."""
    middle = supply.sel(quantile=0.5, scenario="baseline", year=2020)
    for dim, rest in (("sex", ("residence", "age_group")), ("residence", ("sex", "age_group"))):
        one = middle["population"].sel(dict.fromkeys(rest, "all"))
        parts = one.drop_sel({dim: "all"}).sum()
        assert float(parts) == pytest.approx(float(one.sel({dim: "all"})), rel=1e-6)
    city = middle.sel(residence="all", sex="all", age_group="all")
    assert float(city["participation_rate"]) == pytest.approx(
        float(city["labour_force"] / city["population"]), rel=1e-3
    )
    series = cohort_runs["series"].to_dataset().sel(scenario="baseline", year_end=2020).median("draw")
    children = float(middle["population"].sel(residence="all", sex="all", age_group="0-15"))
    assert float(city["population"]) == pytest.approx(float(series["population"]) - children, rel=1e-6)


def test_every_variable_and_label_is_named_in_both_languages(supply):
    for name, values in supply.data_vars.items():
        assert values.attrs["label_zh"] and values.attrs["long_name"] and values.attrs["units"], name
    for dim in ("scenario", "residence", "sex", "age_group", "cause", "flow"):
        for lang in ("zh", "en"):
            assert all(supply[f"{dim}_{lang}"].values.tolist())


def test_the_table_shows_the_city_last_among_the_sexes_and_the_causes(supply):
    text = plain_labour_supply(supply, "plan")
    assert "年长劳动者随年龄退出" in text and "16-24岁" in text
    assert text.index("男 ") < text.index("女 ") < text.index("合计 ")
    assert "growing older" in plain_labour_supply(supply, "plan", "en")
