"""Registries behave as mappings and show themselves as tables."""

from __future__ import annotations

import pickle

import pytest
from rich.cells import cell_len

from ykforecast.spec.registry import Registry
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import RequestError

RECORDS = {name: Scenario(name, label_zh=label) for name, label in (("baseline", "基准"), ("plan", "规划[red]"))}


@pytest.fixture
def registry():
    return Registry("scenarios", RECORDS, ("label_zh", "kind"))


def test_it_is_a_mapping_in_the_order_of_the_file(registry):
    assert list(registry) == ["baseline", "plan"]
    assert len(registry) == 2
    assert registry["plan"].label_zh == "规划[red]"
    assert registry.get("nothing") is None
    assert "nothing" not in registry


def test_an_unknown_key_names_the_nearest(registry):
    """A KeyError to code, an answer to people; one line, no quotes around it."""
    with pytest.raises(KeyError) as caught:
        registry["plann"]
    assert isinstance(caught.value, RequestError)
    assert str(caught.value).endswith("Did you mean 'plan'?")


def test_it_shows_every_record(registry):
    """The repr answers the question; brackets in a label are text, not colour."""
    assert "规划[red]" in repr(registry)
    assert "scenarios (2)" in repr(registry)
    assert len({cell_len(line) for line in repr(registry).splitlines()[1:]}) == 1  # columns stand in line


def test_html_is_escaped():
    records = {"plan": Scenario("plan", label_zh="<script>")}
    assert "<script>" not in Registry("scenarios", records, ("label_zh",))._repr_html_()


def test_it_survives_a_process_border(registry):
    copy = pickle.loads(pickle.dumps(registry))  # noqa: S301  # our own bytes
    assert dict(copy) == dict(registry)
