"""The README: its Python runs, its commands and pictures exist, its table is the plan's."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import ykforecast as yk

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


@pytest.fixture(scope="module")
def text():
    return README.read_text(encoding="utf-8")


def test_python_of_the_readme_runs():
    # The first lines that anybody copies have to work.
    found = doctest.testfile(str(README), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted >= 8
    assert found.failed == 0


def test_commands_of_the_readme_exist(text):
    # `make forecast` and the subcommands are what a new user types first.
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"^\s*make (\w+)", text, flags=re.MULTILINE))
    assert {"forecast", "test"} <= named <= targets
    from ykforecast.cli import _parser

    commands = next(action.choices for action in _parser()._actions if action.choices)
    assert set(re.findall(r"^\s*ykforecast (\w+)", text, flags=re.MULTILINE)) <= set(commands)


def test_pictures_and_links_of_the_readme_exist(text):
    # A broken picture is the first thing that a visitor sees.
    paths = [path for path in re.findall(r"\]\(([^)#]+)\)", text) if not path.startswith("http")]
    assert len(paths) > 3
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_table_of_the_readme_has_the_figures_of_the_plan(text):
    # Copied output grows old: the printed base and target at least must be those of the model.
    rows = [line.split() for line in text.splitlines() if re.match(r"\s*\d+  \S", line)]
    assert len(rows) == 16
    for cells, (key, spec) in zip(rows, yk.load_model().indicators.items(), strict=True):
        target = yk.load_model().targets[key]
        assert cells[1] == spec.label_zh
        assert target.printed in cells
        assert target.base_printed is None or target.base_printed in cells
