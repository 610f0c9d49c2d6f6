"""Totals of cohorts are used again only where nothing that goes into them differs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import ykforecast as yk
from ykforecast.simulate.block_run import driven
from ykforecast.simulate.repeated_run import RepeatedRun
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import resolve
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


def test_cohorts_are_alike_only_where_all_that_the_kernel_reads_is(calibration):
    """A lever that leaves the cohorts alone shares those of others: nothing that they depend on may be overlooked."""
    [scenario] = resolve(calibration.model, ["plan"])
    sampled = Sampled(calibration.model.parameters, 7, 0, 2, calibration.learned)
    inputs = driven(calibration, scenario, sampled)
    assert inputs.drives_as(driven(calibration, scenario, sampled))
    shared = dict(inputs.shared)
    for name, array in shared.items():
        other = np.array(array, dtype=float)
        other.flat[0] += 1.0
        assert not inputs.drives_as(replace(inputs, shared=shared | {name: other})), name
    for name in ("lasting", "pulse"):
        macro = replace(inputs.macro, **{name: getattr(inputs.macro, name) + 1.0})
        assert not inputs.drives_as(replace(inputs, macro=macro)), name
    assert not inputs.drives_as(replace(inputs, parameters=inputs.parameters + 1.0))
    for name in ("odds", "pension"):
        policy = replace(inputs.policy, **{name: getattr(inputs.policy, name) + 1.0})
        assert not inputs.drives_as(replace(inputs, policy=policy)), name


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
