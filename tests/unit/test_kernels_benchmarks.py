"""Benchmarks must run: a rival that no longer compiles or agrees is no rival. No timing is judged here."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks.cases import REGISTRY

#: These start fresh processes that compile everything; the command runs them.
SLOW = {"starting", "vectorised"}


@pytest.mark.parametrize("name", sorted(set(REGISTRY) - SLOW))
def test_each_case_runs_at_a_tiny_size(name):
    """One round of a few draws: figures come out, all of them finite."""
    table = REGISTRY[name](4, 1)
    assert table
    for value in table.values():
        for number in value.values() if isinstance(value, dict) else [value]:
            assert isinstance(number, str) or np.isfinite(number).all()


@pytest.mark.parametrize("name", ["against_c", "against_tuned_numpy", "against_jax"])
def test_rival_computes_the_same(name):
    """A rival of the whole kernel must give the same numbers, or its speed says nothing."""
    table = REGISTRY[name](4, 1)
    if "skipped" in table:
        pytest.skip(table["skipped"])
    assert table["largest relative difference"] < 1e-12


def test_command_writes_a_result(tmp_path, monkeypatch, capsys):
    """`make bench` promises a table and a JSON file."""
    monkeypatch.setattr(sys, "argv", ["benchmarks", "threads", "--draws", "4", "--rounds", "1", "--out", str(tmp_path)])
    command.main()
    assert "threads" in capsys.readouterr().out
    assert len(list(tmp_path.glob("*.json"))) == 1
