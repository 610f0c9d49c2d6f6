"""Estimates of the economy: the filter against hand calculation, outliers, missing years, what the model holds."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.model_files import model_folder
from ykforecast.data.tables import figure
from ykforecast.infer.economy_history import PRIORS_FILE, economy_history, read_priors, report
from ykforecast.infer.economy_models import (
    Grid,
    History,
    normal_priors,
    posterior,
    smoothed,
    standardised_errors,
)
from ykforecast.infer.economy_monthly import (
    RATE_YEARS,
    base_turnover,
    national_rate,
    pulse_estimates,
    switching_regimes,
)
from ykforecast.infer.economy_yearly import CORRECTED, HISTORY_YEARS, yearly
from ykforecast.vocabulary.errors import ModelError

#: Keys of priors that an estimate fills: location and spread, or the two shapes of a beta distribution.
SHAPES = ("mean", "sd", "median", "sigma", "alpha", "beta")
NODE = Grid(persistence=(0.8,), state_sd=(0.5,), noise_sd=(0.3,), scale=1.0)


@pytest.fixture(scope="module")
def found(model):
    return economy_history(model)


def history(values, *, outlier: int | None = None) -> History:
    times = len(values)
    design = np.zeros((times, 2))
    design[:, 0] = 1.0
    if outlier is not None:
        design[outlier, 1] = 1.0
    return History(
        np.asarray(values, dtype=float),
        ("mean", "outlier"),
        design,
        np.zeros_like(design),
        mean=np.array([1.0, 0.0]),
        sd=np.array([2.0, 100.0]),
        start_sd=0.4,
    )


def by_hand(values) -> tuple[float, float, float]:
    """Log-likelihood, and mean and variance of the mean, from the joint Gaussian of the figures that are there."""
    times = np.flatnonzero(np.isfinite(values))
    everything = np.arange(len(values))
    start = 0.4**2 * 0.8 ** (2 * (everything + 1))
    state = np.empty((len(values), len(values)))
    for i in everything:
        for j in everything:
            shared = sum(0.8 ** (i - k) * 0.8 ** (j - k) for k in range(min(i, j) + 1))
            state[i, j] = 0.4**2 * 0.8 ** (i + 1) * 0.8 ** (j + 1) + 0.5**2 * shared
    assert start[0] < state[0, 0]
    covariance = (state + 2.0**2 + 0.3**2 * np.eye(len(values)))[np.ix_(times, times)]
    gap = np.asarray(values)[times] - 1.0
    inverse = np.linalg.inv(covariance)
    log_likelihood = -0.5 * (gap @ inverse @ gap + np.linalg.slogdet(2 * np.pi * covariance)[1])
    one = np.full(len(times), 2.0**2)
    return log_likelihood, 1.0 + one @ inverse @ gap, 2.0**2 - one @ inverse @ one


@pytest.mark.parametrize("values", [[1.4, 0.2, 2.1, 1.7], [1.4, np.nan, 2.1, 1.7], [1.4, np.nan, np.nan, 1.7]])
def test_a_missing_year_is_integrated_out(values):
    """Nothing is filled in: likelihood and posterior are those of the figures that were printed."""
    fit = posterior(history(values), NODE)
    log_likelihood, mean, variance = by_hand(values)
    assert fit.log_likelihood[0] == pytest.approx(log_likelihood, rel=1e-9)
    assert fit.coefficient("mean") == pytest.approx((mean, np.sqrt(variance)), rel=1e-9)


def test_an_outlier_says_nothing_about_the_trend():
    """A dummy of its own takes the year out: any size of it gives what the series without the year gives."""
    without = posterior(history([1.4, np.nan, 2.1, 1.7]), NODE)
    for size in (-40.0, 0.2, 30.0):
        fit = posterior(history([1.4, size, 2.1, 1.7], outlier=1), NODE)
        assert fit.coefficient("mean") == pytest.approx(without.coefficient("mean"), rel=1e-3)


def test_a_shock_that_enters_the_state_is_carried_on():
    """Noise-free series that jumps by three and halves: the coefficient is three, the state follows it."""
    values = np.array([0.0, 0.0, 3.0, 1.5, 0.75, 0.375])
    entering = np.zeros((6, 1))
    entering[2] = 1.0
    given = History(values, ("jump",), np.zeros((6, 1)), entering, np.zeros(1), np.full(1, 10.0), start_sd=0.01)
    fit = posterior(given, Grid((0.5,), (0.01,), (0.01,), 1.0))
    assert fit.coefficient("jump")[0] == pytest.approx(3.0, abs=0.01)
    np.testing.assert_allclose(smoothed(fit), values, atol=0.02)


def test_what_is_ahead_has_the_moments_of_simulated_paths():
    fit = posterior(history([1.4, 0.2, 2.1, 1.7]), NODE)
    weights, design = np.array([0.5, -1.0, 2.0]), np.tile([1.0, 0.0], (3, 1))
    numbers = np.random.default_rng(3)
    start = numbers.multivariate_normal(fit.mean[0], fit.covariance[0], 400_000)
    state, total = start[:, 0], np.zeros(len(start))
    for weight in weights:
        state = 0.8 * state + 0.5 * numbers.standard_normal(len(start))
        total += weight * (state + start[:, 1] + 0.3 * numbers.standard_normal(len(start)))
    mean, variance = fit.ahead(weights, design, noise=True)
    assert (mean[0], variance[0]) == pytest.approx((total.mean(), total.var()), rel=0.01, abs=0.01)


def test_the_correction_of_2016_is_no_recession(found):
    """The dummy takes the fall: the state of 2016 stays between its neighbours, and errors stay ordinary."""
    state = dict(zip(HISTORY_YEARS, smoothed(found.growth), strict=True))
    printed = yearly(load_figure_map(model_folder()), "gdp_growth")
    assert printed[HISTORY_YEARS.index(CORRECTED)] == pytest.approx(-0.075)
    assert found.growth.coefficient("growth_correction")[0] < -0.09
    low, high = sorted((state[CORRECTED - 1], state[CORRECTED + 2]))
    assert low - 0.005 < state[CORRECTED] < high + 0.005
    assert np.abs(standardised_errors(found.growth)).max() < 2.5


def test_months_of_the_national_rate_average_to_the_published_years():
    """The months come from several places: twelve of them give the yearly mean that was published elsewhere."""
    means = national_rate().reshape(len(RATE_YEARS), 12).mean(axis=1)
    for year, mean, printed in zip(RATE_YEARS, means, (4, 4, 3), strict=True):
        name = "surveyed_unemployment_rate_annual_mean"
        published = figure("nbs_urban_unemployment", name, year, place="china", residence="urban")
        assert mean == pytest.approx(published, abs=0.51 * 10.0**-printed)


def test_the_model_holds_what_the_figures_say(found, model, calibration):
    """Every replaced prior is the estimate, to the digits that the file gives."""
    for name, estimate in found.parameters(base_turnover(calibration)).items():
        spec = model.parameters[name]
        assert spec.grade == "derived" and spec.source
        if spec.prior is None:
            assert spec.median == pytest.approx(estimate.mean, rel=0.02)
            continue
        first, second = (value for key, value in spec.prior.model_dump().items() if key in SHAPES)
        assert (first, second) == pytest.approx((estimate.mean, estimate.sd), rel=0.03), name


def test_two_regimes_tell_calm_from_the_months_of_2020():
    regimes = switching_regimes()
    assert regimes["downturn_level"].mean - regimes["calm_level"].mean > 0.005
    # One entry in three years: the hazard is hardly known, and its standard error says so.
    assert regimes["hazard"].sd > 0.5 * regimes["hazard"].mean


def test_the_pulse_gives_the_jump_of_2020_back(found, calibration):
    turnover = base_turnover(calibration)
    pulse = pulse_estimates(found.rate, turnover, found.depth)
    jump = turnover.separations * pulse["size"].mean * found.depth
    assert jump == pytest.approx(found.rate.coefficient("rate_jump")[0], rel=1e-9)


def test_the_report_names_every_estimate_and_series(model, found, calibration):
    text = report(model, found, base_turnover(calibration))
    for name in ("gdp_trend", "wage_growth", "recession_hazard", "registered_unemployed_urban", "hazard"):
        assert name in text


def test_a_wrong_prior_is_refused_by_its_key(model_copy):
    file = model_copy / PRIORS_FILE
    file.write_text(file.read_text(encoding="utf-8").replace("sd = 0.03", "sd = -0.03"), encoding="utf-8")
    with pytest.raises(ModelError, match="growth_mean"):
        read_priors(model_copy)


def test_a_coefficient_with_another_prior_than_a_normal_one_is_refused(model_copy):
    """Its posterior would not be Gaussian: the filter could not give it."""
    file = model_copy / PRIORS_FILE
    normal, flat = '"normal", mean = 0.05, sd = 0.03', '"uniform", low = 0.0, high = 0.1'
    file.write_text(file.read_text(encoding="utf-8").replace(normal, flat), encoding="utf-8")
    with pytest.raises(ModelError, match="growth_mean"):
        normal_priors(read_priors(model_copy), ("growth_mean",))


def test_the_estimates_do_not_read_what_came_later(found):
    """A forecast as of the end of 2020: the last figure of every series is of that year or earlier."""
    assert len(found.rate.history.values) == 36
    assert all(len(stock.history.values) == len(HISTORY_YEARS) for stock in found.stocks.values())
    assert max(HISTORY_YEARS) == yk.load_model().base_year
