"""Totals of cohorts are used again only where nothing that goes into them differs."""

from __future__ import annotations

import numpy as np

import ykforecast as yk
from ykforecast.simulate.repeated_run import RepeatedRun
from ykforecast.vocabulary.dims import YEARS


def test_the_kernel_runs_again_for_any_other_input():
    calls = []
    repeated = RepeatedRun(lambda *arguments, **options: calls.append((arguments, options)) or len(calls))
    shared, array = {"a": np.arange(3.0)}, np.ones((2, 2))
    assert repeated(shared, array, pulse=array) == 1
    assert repeated({"a": np.arange(3.0)}, array.copy(), pulse=array.copy()) == 1
    changed = array.copy()
    changed[1, 1] = np.nextafter(1.0, 2.0)
    assert repeated(shared, changed, pulse=array) == 2
    assert repeated(shared, changed, pulse=changed) == 3
    assert repeated(shared | {"a": np.zeros(3)}, changed, pulse=changed) == 4
    assert repeated(shared | {"a": np.zeros(3)}, changed[:1], pulse=changed) == 5


def test_a_scenario_is_the_same_bits_alone_and_after_others(calibration):
    """Beside scenarios that differ from it in shares only, and in flows."""
    wider = yk.Scenario("wider", {"ui_expansion": dict.fromkeys(YEARS, 0.05)})
    posts = yk.Scenario("posts", {"graduates": dict.fromkeys(YEARS, 5000.0)})
    together = yk.project(calibration, ["baseline", wider, posts, "plan"], draws=20, keep="series")
    for scenario in (wider, posts):
        alone = yk.project(calibration, [scenario], draws=20, keep="series")
        for name, values in alone["series"].data_vars.items():
            both = together[f"series/{name}"].sel(scenario=[scenario.name])
            np.testing.assert_array_equal(values, both, err_msg=name)
