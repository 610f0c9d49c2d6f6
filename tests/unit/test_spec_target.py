"""Targets: the printed cell, its sign and direction decide what counts as attained."""

from __future__ import annotations

import pytest

from ykforecast.spec.target import TargetSpec, printed_number
from ykforecast.vocabulary.errors import ModelError

GOOD = {
    "year": 2025,
    "value": 340_000.0,
    "printed": "≥34",
    "relation": ">=",
    "direction": "up",
    "nature": "binding",
    "basis": "level",
    "source": "plan",
}


def target(**changes):
    return TargetSpec.of(**{**GOOD, **changes})


@pytest.mark.parametrize(("cell", "number"), [(">〔9〕", 9.0), ("5.5左右", 5.5), ("≥34", 34.0), ("1.39", 1.39)])
def test_the_number_of_a_printed_cell(cell, number):
    assert printed_number(cell) == number


@pytest.mark.parametrize(
    ("changes", "inside", "outside"),
    [
        ({}, 340_000.0, 339_999.0),
        ({"relation": ">", "printed": ">34"}, 340_001.0, 340_000.0),
        ({"relation": "=", "printed": "34"}, 400_000.0, 339_999.0),
        ({"relation": "=", "direction": "down", "printed": "34"}, 340_000.0, 340_001.0),
        ({"relation": "<=", "direction": "down", "printed": "≤34"}, 340_000.0, 340_001.0),
        (
            {"relation": "about", "tolerance": 500.0, "direction": "down", "printed": "34左右", "note": "x"},
            340_500.0,
            340_501.0,
        ),
        (
            {"relation": "about", "tolerance": 500.0, "direction": "up", "printed": "34左右", "note": "x"},
            339_500.0,
            339_499.0,
        ),
    ],
)
def test_the_edge_of_each_relation(changes, inside, outside):
    """> and >= differ at the edge; a bare figure is reached; about grants its tolerance on one side."""
    spec = target(**changes)
    assert spec.attained_by(inside)
    assert not spec.attained_by(outside)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"relation": "about", "printed": "34左右"}, "tolerance"),
        ({"tolerance": 1.0}, "tolerance"),
        ({"relation": "about", "printed": "34左右", "tolerance": 1.0}, "note"),
        ({"direction": "down"}, "contradicts"),
        ({"relation": "<=", "direction": "up"}, "contradicts"),
        ({"base": 239_000.0}, "come together"),
        ({"basis": "cumulative"}, "five-year sum"),
        ({"printed": "〔34〕"}, "five-year sum"),
        ({"printed": "many"}, "no number"),
        ({"relation": "=="}, "relation"),
        ({"value": float("nan")}, "finite"),
    ],
)
def test_a_faulty_target_is_refused(changes, words):
    with pytest.raises(ModelError, match=words):
        target(**changes)
