"""Back-tests: what was known, rivals on the same figures, parts that add up, a page that repeats the result."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.backtest_cases import Case, comparable_past
from ykforecast.assess.backtest_rivals import all_rivals, rival_draws
from ykforecast.assess.backtest_scores import STEPPED, scored_cases, summary
from ykforecast.assess.case_scores import MODEL
from ykforecast.assess.rivals import RIVALS
from ykforecast.data.backtest_file import load_backtest_file
from ykforecast.data.observations import history_observations, load_observations
from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.infer.measurement import figure_error
from ykforecast.infer.posterior import Posterior
from ykforecast.infer.published_forecast import published_draws
from ykforecast.vocabulary.errors import ModelError, RequestError

DOCS = Path(__file__).resolve().parents[2] / "docs"
DRAWS = 60


@pytest.fixture(scope="module")
def past(model):
    return yk.backtest(model, 2015, draws=DRAWS, seed=7)


@pytest.fixture(scope="module")
def census(model):
    return yk.backtest(model, 2010, draws=DRAWS, seed=7)


def case(**changed):
    """A case with a history of two figures."""
    fields = {
        "series": "insured",
        "base": 2015,
        "origin": 2015,
        "first_year": 2017,
        "year": 2017,
        "unit": "persons",
        "observed": 110.0,
        "sd": 1.0,
        "past_years": (2014, 2015),
        "past": (90.0, 100.0),
        "draws": np.linspace(90.0, 120.0, 50),
        "stepped": np.linspace(90.0, 120.0, 50),
        "residents": np.full(50, 1000.0),
    }
    return Case(**(fields | changed))


def test_only_later_figures_are_forecast(past):
    """A figure of the origin's year or before would be a forecast of what is known."""
    table = past.table
    assert (table["first_year"] > table["origin"]).all()
    assert set(table["origin"].values) == {2015}
    # A sum over 2016-2020 and one of its years would count the same hires twice.
    assert (table["series"] == "new_urban_jobs").sum() == 1


def test_the_same_seed_gives_the_same_scores(model, past):
    """Scores that change from run to run cannot be compared."""
    again = yk.backtest(model, 2015, draws=DRAWS, seed=7)
    np.testing.assert_array_equal(again.table["crps"].values, past.table["crps"].values)


def test_rivals_read_one_definition_only(model):
    """The yearbook's pension series of 2013 counts contributors: a trend through it and 2015 would be nonsense."""
    figures = history_observations(model.folder)
    pension, units = (
        next(one for one in figures if one.series == name and one.year == 2017)
        for name in ("employee_pension_insured", "units_employed")
    )
    assert list(comparable_past(pension, 2015, figures)) == [2015]
    assert list(comparable_past(pension, 2016, figures)) == [2015, 2016]
    assert list(comparable_past(units, 2015, figures)) == [2011, 2012, 2013, 2014, 2015]


def test_the_total_of_both_schemes_follows_the_plan(model):
    """From 2021 the yearbook counts both schemes: its past is the plan's total, not the enterprise scheme."""
    figures = (*history_observations(model.folder), *load_observations(model.folder, as_of=None))
    later = next(one for one in figures if one.series == "employee_pension_insured" and one.year == 2022)
    assert comparable_past(later, 2021, figures) == {2020: 973_500.0, 2021: 998_632.0}


def test_rivals_say_nothing_where_they_have_nothing_to_read():
    """No history, no rival; one figure leaves the last value alone, with the errors of two figures."""
    assert rival_draws("drift", case(past=(), past_years=()), 10, 1) is None
    single = case(past=(100.0,), past_years=(2015,))
    assert rival_draws("drift", single, 10, 1) is None
    drawn = rival_draws("last_value", single, 4000, 1)
    assert drawn.mean() == pytest.approx(100.0, abs=0.1)
    assert drawn.std() == pytest.approx(np.sqrt(2.0), rel=0.05)
    # A share of the last figure is kept above zero by the logarithm, a rate is not.
    assert set(all_rivals([case()], 10, 1)) == set(RIVALS)
    assert min(rival_draws("drift", case(), 4000, 1)) > 0


def test_a_forecast_is_compared_on_its_own_cases_only():
    """A rival without an answer in the hard cases must not win by them."""
    import xarray as xr

    coords = {
        "series": ("case", ["a", "a", "b"]),
        "horizon": ("case", [1, 2, 1]),
        "relative": ("case", [True] * 3),
        "last": ("case", [1.0, 1.0, np.nan]),
    }
    observed = xr.DataArray([1.0, 1.0, 1.0], dims="case", coords=coords)
    forecasts = {MODEL: [np.array([1.1]), np.array([1.2]), np.array([3.0])], "rival": [np.array([1.3]), None, None]}
    table = scored_cases(forecasts, observed)
    found = summary(table, np.ones(3, dtype=bool), "series")
    assert found[MODEL]["crps"] == pytest.approx((0.1 + 0.2 + 2.0) / 3)
    assert found["rival"]["cases"] == 1
    assert found["rival"]["difference"] == pytest.approx(0.1 - 0.3)
    assert np.isnan(found["rival"]["error"])
    # A point has no interval.
    assert "coverage" not in found["rival"]
    assert np.isnan(table["right_direction"].values[:, 2]).all()


def test_parts_of_the_error_add_up_to_it(past, census):
    """What no cause explains stands in the rest."""
    forecast = census.table.isel(case=(census.table["series"] == "forecast by age and sex").values)
    for table in (past.table, forecast):
        total = table["split"].sum("part").values
        np.testing.assert_allclose(total, table["median"].values - table["observed"].values, rtol=1e-9, atol=1e-9)
    # Deaths, births and migration say most of the error of the ages; what is left is coverage and few draws.
    known = np.abs(forecast["split"].drop_sel(part="rest").sum("part").values).sum()
    assert np.abs(forecast["split"].sel(part="rest").values).sum() < 0.6 * known
    children = np.array([cell.split()[1] in ("0-0", "1-4", "5-9") for cell in forecast["cell"].values])
    assert (forecast["split"].sel(part="births").values[~children] == 0).all()


def test_losses_are_the_positive_differences(past):
    """No loss is hidden, none is invented."""
    lost = {(loss.series, loss.rival) for loss in past.losses}
    expected = {
        (series, name)
        for series, found in past.by_series.items()
        for name, one in found.items()
        if name not in (MODEL, STEPPED) and one["difference"] > 0
    }
    assert lost == expected
    assert [loss.difference for loss in past.losses] == sorted((loss.difference for loss in past.losses), reverse=True)


def test_the_table_is_in_chinese_and_names_every_series(past):
    """A reader of the plan looks for the names of the plan."""
    text = repr(past)
    assert all(name in text for name in past.labels.values() if name in {past.labels[s] for s in past.by_series})
    assert "80%覆盖" in text
    assert "输：" in text or "没有一个序列" in text


def test_the_census_forecast_covers_all_people(census):
    """Every resident of 2020 is in one cell of sex and age, and in one district."""
    table = census.table
    for kind in ("forecast by age and sex", "forecast by district"):
        people = table["observed"].values[table["series"].values == kind].sum()
        assert people == pytest.approx(2_328_582, rel=0.002)


@pytest.mark.parametrize(("base", "draws"), [(2014, 100), ("2015", 100), (2015, 10), (2015, True), (2015, 99.0)])
def test_impossible_requests_are_refused(model, base, draws):
    with pytest.raises(RequestError):
        yk.backtest(model, base, draws=draws)


def test_the_file_of_findings_names_series_of_the_registry(model, tmp_path):
    folder = tmp_path / "findings"
    folder.mkdir()
    (folder / "backtest.toml").write_text('series = ["unemployment_insurd"]\n', encoding="utf-8")
    with pytest.raises(ModelError, match="unemployment_insured"):
        load_backtest_file(tmp_path, model.observations)


def test_a_stand_in_parts_as_a_walk():
    """What has parted in one year is still there in the next: variances add, covariances are the earlier variance."""
    error = ErrorModel([FigureError("units", 2015 + k, 1.0, drift=2.0, drift_years=k) for k in (1, 2, 4)])
    np.testing.assert_allclose(error.noise, 4.0 * np.minimum.outer([1, 2, 4], [1, 2, 4]) + np.eye(3))
    drawn = error.sample_noise(1, 0, 20_000)
    np.testing.assert_allclose(np.cov(drawn.T), error.noise, rtol=0.06)


@pytest.mark.parametrize("off", [0.0, 0.15])
def test_what_a_stand_in_has_parted_by_goes_on(model, off, series="units_employed"):
    """A proxy that read too low last year reads too low next year: the forecast starts from the published figure."""
    figures = [one for one in history_observations(model.folder) if one.series == series and one.year in (2016, 2017)]
    past = replace(model, base_year=2015)
    predicted = np.full((4000, 1), figures[0].value * (1 - off))

    def beside(one):
        error = ErrorModel([figure_error(one, model.observations[series], 2015)])
        return SimpleNamespace(observations=(one,), observed=np.array([one.value]), error=error)

    known = Posterior(predicted, predicted, np.zeros_like(predicted))
    drawn, _ = published_draws(past, beside(figures[1]), predicted, 1, used=beside(figures[0]), known=known)
    spec = model.observations[series].error
    share = spec.drift**2 / (spec.drift**2 + 2 * spec.relative**2)
    # The gap is carried as a share of the figure, as far as it is drift and not an error of the year.
    assert drawn.mean() == pytest.approx(predicted.mean() * (1 + share * off), rel=0.005)
    fresh, steps = published_draws(past, beside(figures[1]), predicted, 1)
    assert drawn.std() < fresh.std()
    # No step is expected of a count of units.
    assert not steps.any()


def test_other_series_do_not_share_a_walk():
    error = ErrorModel([FigureError(name, 2016, 1.0, drift=2.0, drift_years=1) for name in ("units", "medical")])
    np.testing.assert_allclose(error.noise, 5.0 * np.eye(2))


@pytest.fixture(scope="module")
def stored():
    return json.loads((DOCS / "results" / "backtest.json").read_text(encoding="utf-8"))["backtests"]


def test_the_page_repeats_the_stored_result():
    """A page that says another score than the run is worse than no page."""
    script = runpy.run_path(str(DOCS / "print_backtest.py"))
    text = (DOCS / "method" / "backtest.md").read_text(encoding="utf-8")
    assert script["page"](text, script["results"]()) == text, "run: python docs/print_backtest.py"


def test_every_stored_loss_has_its_reason(stored):
    """A loss without a reason is a question that nobody has asked."""
    assert {one["base_year"] for one in stored} == {2010, 2015, "rolling"}
    assert [loss["series"] for one in stored for loss in one["losses"] if not loss["reason"]] == []


def test_intervals_hold_what_they_say(stored):
    """80 % intervals hold between 70 and 90 % of all figures; jumps of definition are no forecast."""
    cases = [case for one in stored for case in one["cases"] if case["pit"] is not None]
    held = [case["p10"] <= case["observed"] <= case["p90"] for case in cases if not case["steps_of_definition"]]
    assert 0.70 <= np.mean(held) <= 0.90
