"""Levers: zero is always allowed, nothing beyond the bounds is."""

from __future__ import annotations

import pytest

from ykforecast.spec.lever import LeverSpec
from ykforecast.vocabulary.errors import ModelError

EFFECT = {
    "label_zh": "效果",
    "unit": "1",
    "prior": {"dist": "beta", "alpha": 3.0, "beta": 4.0},
    "role": "uncertainty",
    "grade": "assumed",
    "reason": "a test",
}
GOOD = {
    "label_zh": "措施",
    "label_en": "measure",
    "where": "2.4",
    "dose_unit": "persons/year",
    "dose_of": "persons",
    "bounds": [0.0, 100.0],
    "bounds_grade": "assumed",
    "bounds_reason": "a test",
    "mechanism": "hires",
    "programme": "posts",
    "moves": ["new_urban_jobs"],
    "direction": {"new_urban_jobs": "up"},
    "effect": EFFECT,
    "implemented": True,
    "source": "plan",
}
SWITCH = {"dose_unit": "switch", "bounds": [0.0, 1.0], "effect": None}


def lever(**changes):
    return LeverSpec.of(**{**GOOD, **changes})


@pytest.mark.parametrize("dose", [0.0, 50.0, 100.0])
def test_a_dose_within_the_bounds_is_possible(dose):
    assert lever().refusal(dose) is None


@pytest.mark.parametrize("dose", [-1.0, 100.1, float("nan"), float("inf")])
def test_a_dose_out_of_bounds_is_refused(dose):
    """NaN compares false with everything and must not slip through."""
    assert "out of bounds" in (lever().refusal(dose) or "")


def test_a_switch_is_on_or_off():
    """Half a retirement rule does not exist."""
    assert lever(**SWITCH).refusal(1.0) is None
    assert "switch" in (lever(**SWITCH).refusal(0.5) or "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bounds": [1.0, 5.0]}, "zero"),
        ({"bounds": [0.0, 0.0]}, "room"),
        ({"effect": None}, "effect"),
        ({**SWITCH, "effect": EFFECT}, "effect"),
        ({**SWITCH, "bounds": [0.0, 2.0]}, "switch"),
        ({"moves": [], "direction": {}}, "at least one"),
        ({"direction": {}}, "direction"),
        ({"direction": {"new_urban_jobs": "more"}}, "'up', 'down' or 'either'"),
        ({"programme": None}, "programme"),
        ({"into": ["flexibel"]}, "flexible"),
        ({"gain": [0.3, 1.2, 1.0]}, "gain"),
        ({"also": [{"mechanism": "output"}]}, "effect"),
        ({"also": [{"mechanism": "output", "effect": EFFECT}] * 2}, "of their own"),
        ({"audience": {"first_age": 60, "last_age": 50}}, "first_age"),
        ({"audience": {"states": ["unemployd"]}}, "unemployed"),
        ({"phase_in": -1}, "phase_in"),
        ({"dose_unit": "jobs"}, "jobs/year"),
    ],
)
def test_a_faulty_lever_is_refused(changes, words):
    with pytest.raises(ModelError, match=words):
        lever(**changes)
