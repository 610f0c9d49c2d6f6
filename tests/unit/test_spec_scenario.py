"""Scenarios as users write them, in a notebook or in a file."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import ScenarioError


def test_the_example_of_the_manual():
    assert yk.Scenario("mine", {"skills": {2023: 15_000}}).doses == {"skills": {2023: 15_000.0}}


def test_numpy_numbers_are_numbers():
    """Doses often come out of an array; a refusal of np.int64 would puzzle everyone."""
    years = np.arange(2022, 2024)
    scenario = Scenario("mine", {"skills": {year: np.int64(5) * 1000 for year in years}})
    assert scenario.doses["skills"] == {2022: 5000.0, 2023: 5000.0}


def test_a_scenario_survives_a_process_border():
    """Batches send scenarios to workers."""
    scenario = Scenario("mine", {"skills": {2023: 15_000}}, shocks={"gdp_growth": {2022: 0.02}})
    assert pickle.loads(pickle.dumps(scenario)) == scenario  # noqa: S301  # our own bytes


@pytest.mark.parametrize(
    ("name", "doses", "fields", "words"),
    [
        ("Mine", {}, {}, "name"),
        ("../mine", {}, {}, "name"),
        ("mine", {"skills": {2020: 1.0}}, {}, "2020"),
        ("mine", {"skills": {2026: 1.0}}, {}, "2026"),
        ("mine", {"skills": {2023: float("nan")}}, {}, "finite"),
        ("mine", {"skills": {2023: float("inf")}}, {}, "finite"),
        ("mine", {"skills": {2023: "15000"}}, {}, "number"),
        ("mine", {"skills": {2023: True}}, {}, "number"),
        ("mine", {"skills": {True: 1.0}}, {}, "skills"),
        ("mine", {"skills": 15_000}, {}, "dictionary"),
        ("mine", {}, {"labl_zh": "x"}, "label_zh"),
        ("mine", {}, {"shocks": {"gdp": {2022: 0.1}}}, "gdp_growth"),
        ("mine", {}, {"shocks": {"gdp_growth": {2022: 2.0}}}, "less than or equal"),
        ("mine", {}, {"shocks": {"migration": {2022: -0.5}}}, "greater than or equal"),
        (
            "mine",
            {},
            {"shocks": {"downturns": [{"start": "2023-13", "depth": 1.0, "fall": 1, "recover": 1}]}},
            "start",
        ),
        (
            "mine",
            {},
            {"shocks": {"downturns": [{"start": "2023-01", "depth": -1.0, "fall": 1, "recover": 1}]}},
            "depth",
        ),
        ("mine", {}, {"base": {"model": "yingkou", "digest": "abc"}}, "digest"),
    ],
)
def test_a_faulty_scenario_is_refused_with_the_place(name, doses, fields, words):
    """The message names the scenario and the key, so that the cell can be corrected at once."""
    with pytest.raises(ScenarioError, match=words) as caught:
        Scenario(name, doses, **fields)
    assert name in str(caught.value)
    assert caught.value.key
