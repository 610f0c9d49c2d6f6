"""Observations of the city: every trap of the published series, and what was known on a day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr

from ykforecast.assess.indicators import INDICATORS
from ykforecast.data.model_files import load_model
from ykforecast.data.observations import contradictions, history_observations, load_observations, published_figures
from ykforecast.simulate.series_table import SERIES
from ykforecast.spec.measurement import Definition, ErrorSize, PublicationRule, StepPrior
from ykforecast.spec.observation import ObservationSeries, quantity_parts
from ykforecast.vocabulary.dims import YEAR_ENDS, YEARS
from ykforecast.vocabulary.errors import ModelError
from ykforecast.vocabulary.units import from_base

MIDTERM = date(2023, 6, 30)
WHY = {"grade": "assumed", "reason": "made for a test"}


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture(scope="module")
def history():
    return {(one.series, one.first_year, one.year): one for one in history_observations("yingkou")}


@pytest.fixture(scope="module")
def interim():
    return {(one.series, one.year): one for one in load_observations("yingkou", as_of=MIDTERM)}


def test_every_quantity_is_a_series_of_the_model_or_speaks_to_history_only(model):
    # A misspelt quantity would be compared with nothing.
    names = {name for name, *_ in SERIES}
    for key, series in model.observations.items():
        quantities = {series.quantity, *(one.quantity for one in series.definitions if one.quantity)}
        parts = {name for quantity in quantities for group in quantity_parts(quantity) for name in group}
        assert (parts <= names) == series.modelled, key


def test_each_indicator_is_compared_with_its_own_definition(model):
    # The quantity of the register and the function that computes the indicator must say the same thing.
    rng = np.random.default_rng(1)
    axes = {"year_end": list(YEAR_ENDS), "year": list(YEARS)}
    data = xr.Dataset({name: (axis, rng.uniform(1, 2, len(axes[axis]))) for name, axis, *_ in SERIES}, coords=axes)
    for key in model.indicators:
        added, divided = quantity_parts(model.observations[key].quantity)
        wanted = sum(data[name] for name in added) / (sum(data[name] for name in divided) if divided else 1.0)
        shown = INDICATORS[key](data)
        np.testing.assert_allclose(shown.values[-len(YEARS) :], wanted.values[-len(YEARS) :], err_msg=key)


def test_a_series_keeps_its_level_where_its_unit_changes(history):
    # GDP: 万元 to 2018, 亿元 from 2019. Units: 万人 to 2013, 人 from 2014.
    assert history["gdp", 2018, 2018].value == pytest.approx(134.67208e9)
    assert history["gdp", 2019, 2019].value == pytest.approx(132.8e9)
    assert history["units_employed", 2013, 2013].value == pytest.approx(291_000)
    assert history["units_employed", 2014, 2014].value == 272_361


def test_rounding_is_that_of_the_printed_digit(history, interim):
    # 29.1万 stands for anything within 500 persons, 272361 for one person; 228万 for 5,000.
    assert history["units_employed", 2013, 2013].rounding == pytest.approx(1_000)
    assert history["units_employed", 2014, 2014].rounding == 1
    assert interim["population", 2021].rounding == pytest.approx(1_000)
    assert interim["registered_population", 2022].rounding == pytest.approx(10_000)


def test_a_lost_nought_is_not_a_coarser_rounding(interim):
    # "2" % of 2021 was printed 2.0: half a point of rounding would drown the figure.
    assert interim["gdp_growth", 2021].rounding == 0.001


def test_the_pension_series_changes_what_it_counts(history, interim):
    # 668887, 486683, 535127: three definitions in three years; levels are comparable from 2015 on.
    definitions = {year: history["employee_pension_insured", year, year] for year in range(2011, 2021)}
    assert [one.definition for one in definitions.values()] == [
        *("basic_2011", "urban_2012", "active", "active"),
        *["enterprise"] * 6,
    ]
    assert {one.kind for year, one in definitions.items() if year < 2015} == {"growth"}
    assert {one.kind for year, one in definitions.items() if year >= 2015} == {"level"}
    assert definitions[2013].quantity == "contributors"
    assert definitions[2014].value == 542_960


def test_2021_is_compared_with_both_schemes(model, history, interim):
    # 872,700 in 2020 is the enterprise scheme, 998,632 in 2021 the total: the step is not growth of the scheme.
    before, after = history["employee_pension_insured", 2020, 2020], interim["employee_pension_insured", 2021]
    assert before.quantity == model.observations["pension_enterprise"].quantity
    assert after.quantity == model.observations["pension_employees_total"].quantity
    assert before.value == pytest.approx(history["pension_enterprise", 2020, 2020].value, abs=500)
    assert after.value - before.value > 100_000
    assert after.value / history["pension_employees_total", 2020, 2020].value == pytest.approx(1.026, abs=0.001)


def test_the_correction_of_2016_is_no_collapse(history):
    # -7.5 % and 115.6 against 151.4 billion: a correction of data; and no chain across it.
    assert ("gdp_growth", 2016, 2016) not in history
    assert ("gdp", 2016, 2016) not in history
    assert history["gdp", 2015, 2015].definition != history["gdp", 2018, 2018].definition
    assert ("gdp_growth", 2015, 2015) in history


def test_the_misprint_of_2022_is_not_read(interim):
    # 17203 college students repeats the figure of vocational schools.
    assert ("college_students", 2022) not in interim
    assert interim["college_students", 2021].value == 32_382


def test_residents_are_not_registered_inhabitants(interim):
    # 231.2万 residents in 2021; the yearbook's 228万 and 227万 are hukou figures.
    assert interim["population", 2021].value == pytest.approx(2_312_000)
    assert ("population", 2022) not in interim
    assert interim["registered_population", 2021].quantity not in {name for name, *_ in SERIES}


def test_medical_figures_with_residents_are_not_read(history):
    # 1121645 (2012) and 1175622 (2014) hold urban residents, 689247 (2013) the same heading without them.
    years = {year for series, _, year in history if series == "employee_medical_insured"}
    assert years == {2011, *range(2015, 2021)}
    assert history["employee_medical_insured", 2011, 2011].definition == "basic_2011"


def test_only_the_whole_city_is_read(history):
    # 市辖区 unemployment insurance jumps from 147530 to 89129 without explanation.
    assert history["unemployment_insured", 2011, 2011].value == 223_323
    assert history["unemployment_insured", 2012, 2012].value == 226_012


def test_outcomes_of_the_plan_before_are_sums(history):
    # 9.7万 new jobs in five years beside 1.97万 in 2020: one is a sum, the other a year.
    outcomes = {
        "new_urban_jobs": 97_000,
        "reemployed": 240_000,
        "rural_transfers": 56_400,
        "vocational_training": 82_000,
    }
    for series, value in outcomes.items():
        one = history[series, 2016, 2020]
        assert (one.value, one.basis) == (pytest.approx(value), "cumulative")
        assert one.published == date(2020, 12, 31)  # the declared exception
    year = history["new_urban_jobs", 2020, 2020]
    assert (year.value, year.basis) == (pytest.approx(19_700), "level")


def test_a_figure_is_known_from_its_day_on():
    # As of 30 May 2023 nobody has the figures of 2022; on the 31st everybody does.
    def years(day):
        return {one.year for one in load_observations("yingkou", as_of=day)}

    assert years(date(2022, 5, 30)) == set()
    assert years(date(2022, 5, 31)) == {2021}
    assert years(date(2023, 5, 30)) == {2021}
    assert years(date(2023, 5, 31)) == {2021, 2022}
    assert load_observations("yingkou", as_of=None) == load_observations("yingkou", as_of=date(2025, 1, 1))


def test_a_vintage_of_the_past_knows_its_past_only():
    # On 31 December 2019 the year 2018 is in; 2020 and what the plan says of it are not.
    known = load_observations("yingkou", as_of=date(2019, 12, 31), after=date(2009, 12, 31))
    assert max(one.year for one in known) == 2018
    assert {one.source for one in known} == {"china_city_yearbook"}


def test_observations_after_the_base_and_history_share_nothing(model, history):
    # What was known only after the base year must not reach the base forecast through its history.
    assert max(year for *_, year in history) == 2020
    assert not any(model.sources[one.source].after_base for one in history.values())
    assert all(one.ends > date(2020, 12, 31) for one in load_observations("yingkou", as_of=None))


def test_a_source_that_contradicts_is_named():
    # 228 and 228.65: the second would be rounded to 229; both are told, and which is used.
    [text] = contradictions(load_observations("yingkou", as_of=MIDTERM))
    for part in ("registered_population 2021", "2286500", "2280000", "china_city_yearbook_after_base is used"):
        assert part in text


def test_two_roundings_of_one_figure_do_not_contradict(history):
    # 239171 (yearbook) and 23.9万 (plan) are one figure.
    one = history["unemployment_insured", 2020, 2020]
    assert (one.value, one.source, one.contradictions) == (239_171, "china_city_yearbook", ())


def test_every_published_figure_lies_in_its_support_and_has_an_error(model):
    for key, series in model.observations.items():
        assert series.error.reason, key
        for one in published_figures(model, key):
            assert one.sd >= one.error_sd > 0
            assert one.published >= one.ends or one.source == "yingkou_plan_2021_2025"


def test_all_sixteen_can_be_observed(model):
    assert [key for key in model.indicators if not model.observations[key].indicator] == []


def test_error_and_rounding_add_up(history):
    # A digit is uniform: its variance is a twelfth of its step squared.
    one = history["poverty_alleviated_workers", 2020, 2020]
    assert one.sd == pytest.approx((49.66**2 + 1 / 12) ** 0.5)
    assert from_base(history["dibao_ratio", 2020, 2020].error_sd, "ratio") == 0.01


@pytest.mark.parametrize(
    ("lag", "day"),
    [(0, date(2021, 12, 31)), (2, date(2022, 2, 28)), (5, date(2022, 5, 31)), (12, date(2022, 12, 31))],
)
def test_a_lag_ends_with_its_month(lag, day):
    assert PublicationRule(lag_months=lag, **WHY).known_on(2021) == day


@pytest.mark.parametrize("quantity", ["", "a+", "a/b/c", "a b", "A", "+a", "a*b", "a/+b"])
def test_a_quantity_is_a_sum_over_a_sum(quantity):
    with pytest.raises(ModelError, match="joined by"):
        Definition.of(name="x", first=2020, meaning="y", quantity=quantity)


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        (PublicationRule, {}, "exactly one"),
        (PublicationRule, {"lag_months": 3, "known": date(2020, 1, 1)}, "exactly one"),
        (ErrorSize, {"relative": 0.1, "absolute": 0.1}, "exactly one"),
        (ErrorSize, {"relative": -0.1}, "greater than 0"),
        (StepPrior, {"probability": 1.0, "scale": 0.1, "degrees_of_freedom": 3.0}, "less than 1"),
    ],
)
def test_numbers_of_the_register_are_checked(kind, fields, problem):
    with pytest.raises(ModelError, match=problem):
        kind.of(**fields, **WHY)


def test_definitions_do_not_overlap():
    # A year with two meanings has none.
    one, two = ({"name": name, "first": first, "meaning": "x"} for name, first in (("a", 2010), ("b", 2015)))
    fields = {"label_zh": "x", "quantity": "a", "unit": "persons", "support": [0.0, 1.0]}
    with pytest.raises(ModelError, match="overlap"):
        ObservationSeries.of(**fields, definitions=[one, two], error={"relative": 0.1, **WHY})
    held = ObservationSeries.of(**fields, definitions=[one | {"last": 2014}, two], error={"relative": 0.1, **WHY})
    assert [held.definition(year).name for year in (2010, 2014, 2015, 2030)] == ["a", "a", "b", "b"]
    assert held.definition(2009) is None
