"""Sensitivity: estimators against closed forms, and the city's themes against what cannot reach an indicator."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

import ykforecast as yk
from ykforecast.assess.information import narrowing
from ykforecast.assess.pick_freeze import Design
from ykforecast.assess.regional import separation, terciles
from ykforecast.assess.sobol import sobol_indices
from ykforecast.data.analysis_file import load_analysis
from ykforecast.simulate.sampled import PROCESS
from ykforecast.simulate.scenarios import resolve, resolve_one
from ykforecast.spec.analysis import PROCESSES
from ykforecast.vocabulary.errors import RequestError

#: Ishigami and Homma (1990) with a = 7, b = 0.1: first order and total of x1, x2, x3.
FIRST, TOTAL = (0.31391, 0.44241, 0.0), (0.55759, 0.44241, 0.24368)
DRAWS = 128


def ishigami(x):
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.fixture(scope="module")
def known():
    """Indices of x1, x2, x3 and of x1 and x3 together, beside an output that never varies."""
    rng = np.random.default_rng(3)
    a, b = (rng.uniform(-np.pi, np.pi, (2**14, 3)) for _ in range(2))
    mixed = []
    for group in ([0], [1], [2], [0, 2]):
        x = a.copy()
        x[:, group] = b[:, group]
        mixed.append(ishigami(x))
    columns = [np.stack([one, np.ones_like(one)], axis=-1) for one in (ishigami(a), ishigami(b), np.stack(mixed))]
    return sobol_indices(*columns)


def test_indices_of_ishigami_are_those_of_the_closed_form(known):
    np.testing.assert_allclose(known.first[:3, 0], FIRST, atol=0.02)
    np.testing.assert_allclose(known.total[:3, 0], TOTAL, atol=0.02)


def test_a_group_holds_what_its_inputs_do_together(known):
    """x1 and x3 act together only: as a group nothing is left outside it but x2."""
    assert known.first[3, 0] == pytest.approx(1.0 - FIRST[1], abs=0.02)
    assert known.total[3, 0] == pytest.approx(1.0 - FIRST[1], abs=0.02)


def test_intervals_hold_the_truth_and_are_of_its_size(known):
    for (low, high), truth in ((known.first_interval[:, :3, 0], FIRST), (known.total_interval[:, :3, 0], TOTAL)):
        assert ((low - 0.01 <= truth) & (truth <= high + 0.01)).all()
        assert (high - low < 0.06).all()


def test_what_never_varies_has_no_indices(known):
    assert np.isnan(known.first[:, 1]).all()
    assert np.isnan(known.total_interval[:, :, 1]).all()


def test_a_normal_figure_narrows_by_its_share_of_the_variance():
    """Linear and normal: knowing x + e of equal variance takes away half of what x brings, four fifths of y."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((8192, 3))
    y = np.stack([2.0 * x[:, 0] + x[:, 1], 2.0 * x[:, 0] + x[:, 1] > 0.0], axis=1)
    exact = narrowing(y, x[:, :1])
    noisy = narrowing(y, x[:, :1] + rng.standard_normal((8192, 1)))
    both = narrowing(y, x[:, :2])
    assert exact.share[0] == pytest.approx(0.8, abs=4 * exact.error[0])
    assert noisy.share[0] == pytest.approx(0.4, abs=4 * noisy.error[0])
    assert both.share[0] == pytest.approx(1.0, abs=0.001)
    # P(y > 0 | x1) is normal: the variance of its mean is 2 / pi * asin(0.8) / 4 of a variance of a quarter.
    assert exact.share[1] == pytest.approx(2.0 / np.pi * np.arcsin(0.8), abs=4 * exact.error[1])


def test_knowing_what_does_not_matter_narrows_nothing():
    """Splines find patterns in chance; draws held back must not let them."""
    rng = np.random.default_rng(6)
    y, told = rng.standard_normal((2000, 1)), rng.standard_normal((2000, 3))
    found = narrowing(y, told)
    assert -0.03 < found.share[0] < 3 * found.error[0]
    assert np.isnan(narrowing(np.ones((50, 1)), told[:50]).share[0])
    assert narrowing(y, np.ones((2000, 1))).share[0] == pytest.approx(0.0, abs=1e-12)


def test_regional_measures_are_those_of_scipy_and_of_counting():
    rng = np.random.default_rng(8)
    numbers = rng.standard_normal((999, 2))
    met = np.stack([numbers[:, 0] + rng.standard_normal(999) > 0.3, np.ones(999, dtype=bool)], axis=1)
    found = separation(numbers, met)
    for column in range(2):
        expected = ks_2samp(numbers[met[:, 0], column], numbers[~met[:, 0], column]).statistic
        assert found[column, 0] == pytest.approx(expected)
    assert np.isnan(found[:, 1]).all()
    thirds = terciles(numbers, met)
    assert thirds.shape == (3, 2, 2)
    assert thirds[0, 0, 0] < thirds[1, 0, 0] < thirds[2, 0, 0]
    assert thirds[:, 0, 0].mean() == pytest.approx(met[:, 0].mean())


@pytest.fixture(scope="module")
def design(calibration):
    return Design(calibration, resolve(calibration.model, "baseline")[0], 16, 7)


def test_every_random_number_belongs_to_one_theme(calibration, design):
    """A stream that no theme exchanges would be frozen in silence, and its variance nobody's."""
    themes = design.themes(load_analysis(calibration.model).themes)
    assert sorted(stream for streams in themes.values() for stream in streams) == list(design.streams())


def test_exchanging_all_themes_is_the_second_sample(calibration, design):
    streams = list(design.streams())
    read = lambda series, first: series["population"]  # noqa: E731
    np.testing.assert_array_equal(design.mixed(streams, read), design.second(read))
    np.testing.assert_array_equal(design.mixed([], read), design.first(read))
    assert (design.first(read)[:, -1] != design.second(read)[:, -1]).all()


@pytest.fixture(scope="module")
def of_the_city(calibration):
    return yk.sensitivity(calibration, "baseline", draws=DRAWS, seed=7)


def test_a_theme_that_cannot_reach_an_indicator_has_no_share(of_the_city):
    total = of_the_city["total"]
    for theme, key in (
        ("cycle", "dibao_ratio"),
        ("money", "pension_enterprise"),
        ("population", "subsidised_training"),
    ):
        assert float(total.sel(theme=theme, indicator=key)) == 0.0
    assert float(total.sel(theme="ledgers", indicator="dibao_ratio")) > 0.5
    assert float(total.sel(theme="enrolment", indicator="pension_enterprise")) > 0.3


def test_the_parameter_behind_an_indicator_is_found(of_the_city):
    """The low-income ratio follows one parameter; knowing it settles the target too."""
    one = of_the_city.sel(indicator="dibao_ratio")
    assert one["parameter_share"].idxmax().item() == one["separation"].idxmax().item() == "dibao_gap_growth"
    thirds = one["third_probability"].sel(parameter="dibao_gap_growth")
    assert float(thirds.sel(third="lower")) < 0.2 < 0.8 < float(thirds.sel(third="upper"))


def test_a_statistic_of_the_indicator_itself_helps_most(of_the_city):
    one = of_the_city.sel(indicator="mean_years_schooling")
    assert one["statistic_share"].idxmax().item() == "schooling_2022"
    low, high = one["statistic_share_interval"].sel(statistic="schooling_2022").values
    assert 0.8 < low < float(one["statistic_share"].sel(statistic="schooling_2022")) < high


def test_chances_are_those_of_a_projection(calibration, of_the_city):
    """The two samples are the draws 0 to 2N - 1 of a run."""
    card = yk.evaluate(yk.project(calibration, "baseline", 2 * DRAWS, 7))
    np.testing.assert_allclose(of_the_city["probability"], card["probability"].isel(scenario=0), atol=1e-12)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"draws": 10}, "draws"),
        ({"indicators": "gdp"}, "gdp"),
        ({"scenario": "nowhere"}, "nowhere"),
        ({"scenario": ["plan", "baseline"]}, "not one scenario"),
    ],
)
def test_what_cannot_be_told_is_refused(calibration, options, named):
    with pytest.raises(RequestError, match=named):
        yk.sensitivity(calibration, **({"draws": 100} | options))


def test_the_processes_that_themes_may_name_are_those_that_a_run_draws_from(calibration):
    """Else a theme could name what nothing answers to, or a new process could not be named."""
    scenario = resolve_one(calibration.model, "plan")
    streams = Design(calibration, scenario, 1, 7).streams()
    assert {one.removeprefix(PROCESS) for one in streams if one.startswith(PROCESS)} == set(PROCESSES)


def test_interim_figures_make_themes_depend_on_each_other(calibration):
    late = yk.assimilate(calibration, "2022-06-30", draws=40, seed=7)
    with pytest.raises(RequestError, match="depend on each other"):
        yk.sensitivity(late, draws=100)
