"""The loop over draws: the same bits however it is cut, and requests that cannot be met are refused."""

from __future__ import annotations

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.vocabulary.errors import RequestError, ScenarioError

DRAWS = 200
PAIR = ("plan+delayed-retirement", "mass-unemployment")


@pytest.fixture(scope="module")
def whole(calibration):
    return yk.project(calibration, PAIR, draws=DRAWS, seed=11)


def assert_same_bits(found, expected, *, groups=None, **selection):
    """Every variable of every group, bit for bit."""
    compared = 0
    for group in groups or expected.children:
        if group in ("standards", "districts", "policy"):
            continue
        for name, values in expected[group].to_dataset().data_vars.items():
            left, right = found[f"{group}/{name}"], values.sel(selection)
            np.testing.assert_array_equal(left.values.view(np.int64), right.values.copy().view(np.int64), name)
            compared += 1
    assert compared > 30  # series, stocks and flows: an empty comparison cannot pass


@pytest.mark.parametrize("block", [7, 64, 1024])
def test_blocks_do_not_matter(calibration, whole, block):
    """A draw is a function of its number: memory may be saved without another result."""
    assert_same_bits(yk.project(calibration, PAIR, draws=DRAWS, seed=11, block=block, threads=1), whole)


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_do_not_matter(calibration, whole, threads):
    assert_same_bits(yk.project(calibration, PAIR, draws=DRAWS, seed=11, threads=threads), whole)


@pytest.mark.parametrize("name", PAIR)
def test_another_scenario_beside_it_does_not_matter(calibration, whole, name):
    """Draws are kept between scenarios of a block: none may write into them."""
    alone = yk.project(calibration, [name], draws=DRAWS, seed=11)
    assert_same_bits(alone, whole, scenario=[name])


def test_more_draws_begin_with_the_fewer(calibration, whole):
    fewer = yk.project(calibration, PAIR, draws=50, seed=11)
    assert_same_bits(fewer, whole, draw=np.arange(50))


def test_keeping_less_does_not_change_what_is_computed(calibration, whole):
    found = yk.project(calibration, PAIR, draws=40, seed=11, keep="series")
    assert_same_bits(found, whole, groups=["series"], draw=np.arange(40))
    assert set(found.children) == {"series", "standards", "policy"}


@pytest.mark.parametrize("kept", [{"keep": "cohorts"}, {"monthly": True}])
def test_keeping_more_does_not_change_what_is_computed(calibration, whole, kept):
    """The kernel that also writes ages or months is compiled on its own: equal but for rounding."""
    found = yk.project(calibration, PAIR, draws=40, seed=11, **kept)
    for name, values in whole["series"].to_dataset().isel(draw=slice(40)).data_vars.items():
        scale = float(np.abs(values).max())
        np.testing.assert_allclose(found[f"series/{name}"].values, values.values, rtol=0, atol=1e-12 * scale)
    assert ("cohorts" in found.children) == ("keep" in kept)
    assert ("monthly" in found.children) == ("monthly" in kept)


def test_another_seed_is_another_run(calibration, whole):
    other = yk.project(calibration, PAIR, draws=50, seed=12, keep="series")
    same = np.isclose(
        other["series/population"].values[..., 1:], whole["series/population"].values[:, :50, 1:], rtol=1e-9
    )
    assert not same.any()


def test_scenarios_share_their_noise(calibration):
    """The difference between two scenarios is policy: a downturn of work moves nobody's birth or death."""
    runs = yk.project(calibration, ["baseline", "mass-unemployment"], draws=20, keep="series")
    for name in ("training", "poverty_workers", "dibao_ratio", "veteran_card_share"):
        values = runs[f"series/{name}"]
        np.testing.assert_array_equal(values.isel(scenario=0).values, values.isel(scenario=1).values)
    for name in ("births", "deaths", "population", "net_migration"):  # sums over labour states: but for rounding
        values = runs[f"series/{name}"]
        np.testing.assert_allclose(values.isel(scenario=0).values, values.isel(scenario=1).values, rtol=1e-11)


def test_every_variable_says_its_unit_and_how_it_stands_for_time(calibration):
    """Flows and stocks are both persons: what tells them apart is the cell method, in every group alike."""
    runs = yk.project(calibration, "baseline", draws=2, keep="cohorts", monthly=True)
    for group in runs.children.values():
        for name, values in group.data_vars.items():
            attrs = values.attrs
            assert attrs["units"] and attrs["label_zh"] and attrs["long_name"], name
            assert not attrs["units"].endswith("/year"), name
            axis, _, method = attrs.get("cell_methods", "").partition(": ")
            assert axis in ("", *values.dims), name
            # A dose is what was decided for a year, in the unit of its lever.
            if "year" in values.dims and attrs["units"] not in ("1", "unit of the lever"):
                assert (axis, method) == ("year", "sum"), name
    series = runs["series"].to_dataset()
    methods = {name: series[name].attrs.get("cell_methods") for name in ("births", "population", "cycle", "training")}
    assert methods == {
        "births": "year: sum",
        "population": "year_end: point",
        "cycle": "year: mean",
        "training": "year_end: sum",
    }
    assert runs["flows/flows"].attrs["units"] == series["births"].attrs["units"] == "persons"


def test_the_cycle_is_an_index_with_a_scale(calibration):
    """A number without a unit needs its zero and its size in words."""
    cycle = yk.project(calibration, "baseline", draws=2, keep="series")["series/cycle"]
    assert cycle.attrs["units"] == "1"
    for text in (cycle.attrs["long_name"], cycle.attrs["label_zh"]):
        assert "2020" in text and "2.5" in text


def test_own_and_joined_scenarios_have_names_in_both_languages(calibration):
    """Who reads one language gets words of it, also for a scenario that is in no file."""
    own = [yk.Scenario("mine"), yk.Scenario("ours", label_zh="我们的", label_en="Ours"), "plan+slow-growth"]
    runs = yk.project(calibration, own, draws=2, keep="series")
    assert runs.attrs["scenario_labels_zh"] == ["自设情景mine", "我们的", "规划情景＋低增长情景"]
    assert runs.attrs["scenario_labels_en"] == ["own scenario mine", "Ours", "Plan + Slow growth"]


def test_progress_tells_how_far_it_is(calibration):
    told = []
    yk.project(calibration, PAIR, draws=5, block=2, keep="series", progress=lambda *done: told.append(done))
    assert told == [(2, 10), (4, 10), (6, 10), (8, 10), (9, 10), (10, 10)]


@pytest.mark.parametrize(
    ("request_", "key"),
    [
        ({"draws": 0}, "draws"),
        ({"draws": -3}, "draws"),
        ({"draws": 10.0}, "draws"),
        ({"draws": True}, "draws"),
        ({"draws": "100"}, "draws"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"block": 0}, "block"),
        ({"threads": 0}, "threads"),
        ({"threads": -2}, "threads"),
        ({"keep": "everything"}, "keep"),
        ({"keep": "cohorts", "draws": 1_000_000}, "draws"),
    ],
)
def test_impossible_requests_are_refused_before_anything_runs(calibration, request_, key):
    with pytest.raises(RequestError) as error:
        yk.project(calibration, "baseline", **({"draws": 2} | request_))
    assert error.value.key == key and error.value.remedy


@pytest.mark.parametrize(
    ("scenario", "kind", "words"),
    [
        ("delayed-retirment", RequestError, "Did you mean 'delayed-retirement'"),
        (yk.Scenario("m", {"universal_enrollment": {2022: 1.0}}), ScenarioError, "Did you mean 'universal_enrolment'"),
        (yk.Scenario("m", {"universal_enrolment": {2022: 2.01}}), ScenarioError, r"\[0, 2\]"),
    ],
)
def test_a_wrong_scenario_is_refused_with_the_nearest_name_or_the_bounds(calibration, scenario, kind, words):
    with pytest.raises(kind, match=words):
        yk.project(calibration, scenario, draws=2)


def test_a_numpy_integer_is_a_whole_number(calibration):
    """Counts often come from an array."""
    assert yk.project(calibration, "baseline", draws=np.int64(2), seed=np.int32(3), keep="series").attrs["draws"] == 2
