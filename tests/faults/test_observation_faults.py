"""A damaged register of observations, or a damaged figure behind it, is refused by name."""

from __future__ import annotations

import pytest

from tests.damage import damage
from ykforecast.data.check_model import check_model
from ykforecast.data.observations import load_observations
from ykforecast.vocabulary.errors import YkforecastError


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("lag_months = 5", "lag_month = 5", ("publications.china_city_yearbook.lag_month", "lag_months")),
        ("[series.dibao_ratio]", "[series.dibao_rate]", ("series.dibao_rate", "Did you mean 'dibao_ratio'")),
        ('quantity = "gdp_growth"', 'quantity = "gdp growth"', ("series.gdp_growth.quantity", "joined by +")),
        ('variable = "gdp_growth"', 'variable = "gdp_grow"', ("gdp_grow", "no such figure")),
        ('table = "population"', 'table = "populations"', ("populations.csv", "table missing")),
        ('unit = "yuan/year"', 'unit = "persons"', ("wage 2010", "does not fit")),
        ("first = 2011, meaning", "first = 2012, meaning", ("2011", "no definition")),
        ("support = [-0.5, 0.5]\nreadings", "support = [-0.1, 0.1]\nreadings", ("gdp_growth 2010", "impossible")),
        ("[publications.liaoning_city_population_2021]", "[publications.liaoning]", ("liaoning", "no such source")),
        (
            'publications = ["liaoning_city_population_2021"]',
            'publications = ["liaoning_city_population"]',
            ("series.population.readings", "Did you mean 'liaoning_city_population_2021'"),
        ),
        ('basis = "cumulative"', 'basis = "level"', ("series.new_urban_jobs", "basis or unit contradicts")),
    ],
)
def test_a_fault_of_the_register_is_named(model_copy, old, new, wanted):
    """`check` has to find it before a run does."""
    damage(model_copy / "observations.toml", old, new)
    _, findings = check_model(model_copy)
    found = [text for text in map(str, findings) if "stale" not in text]
    assert any(all(part in text for part in wanted) for text in found), found


def test_a_missing_register_is_named(model_copy):
    (model_copy / "observations.toml").unlink()
    with pytest.raises(YkforecastError, match=r"observations\.toml"):
        load_observations(model_copy, as_of=None)


def test_a_year_that_is_none_is_named(figures_copy):
    """A month in a yearly table has no place in a yearly series."""
    damage(figures_copy / "liaoning_city_population_2021" / "population.csv", "end,2021", "end,2021-11")
    with pytest.raises(YkforecastError, match="not a year"):
        load_observations("yingkou", as_of=None)
