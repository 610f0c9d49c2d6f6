"""Imports run downwards only: a lower layer that knows a higher one cannot be read or tested alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "ykforecast"
TOWER = (
    *("vocabulary", "spec", "data", "processes", "simulate", "infer", "assess"),
    *("present", "documents", "batch", "cli"),
)
RANK = {layer: rank for rank, layer in enumerate(TOWER)}
#: The kernels stand beside the tower: arrays in, arrays out.
KERNEL_IMPORTS = {"numpy", "numba", *sys.stdlib_module_names}
CALLERS_OF_KERNELS = {"processes", "simulate"}


def layer_of(module: str) -> str | None:
    """Layer of a dotted module of the package; None for the package itself and its front door."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def imported(source: str, module: str) -> list[tuple[int, str]]:
    """Line and absolute name of every module that the source of ``module`` imports."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: -node.level]
                base = ".".join([*above, base] if base else above)
            found.append((node.lineno, base))
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names if base == "ykforecast"]
    return found


def wrong_imports(source: str, module: str) -> list[str]:
    """Imports of ``module`` that do not run downwards, one line each."""
    layer = layer_of(module)
    wrong = []
    for line, name in imported(source, module):
        if layer == "kernels":
            if not name.startswith("ykforecast.kernels") and name.split(".")[0] not in KERNEL_IMPORTS:
                wrong.append(f"{module}:{line} kernels may not import {name}")
            continue
        if not name.startswith("ykforecast."):
            continue
        target = layer_of(name)
        if target == "kernels":
            if layer not in CALLERS_OF_KERNELS | {None}:
                wrong.append(f"{module}:{line} only processes and simulate call kernels, not {layer}")
        elif layer in RANK and target in RANK and RANK[target] > RANK[layer]:
            wrong.append(f"{module}:{line} {layer} may not import {target} ({name})")
    return wrong


def modules() -> list[tuple[str, Path]]:
    return [
        (".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"), path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if "_models" not in path.parts
    ]


def test_every_import_runs_downwards():
    wrong = [line for module, path in modules() for line in wrong_imports(path.read_text(encoding="utf-8"), module)]
    assert not wrong, "\n".join(wrong)


def test_every_module_belongs_to_a_layer():
    """A folder outside the tower would escape the rule above."""
    front_door = {None, "__main__"}
    known = {*TOWER, "kernels", *front_door}
    strangers = [module for module, _ in modules() if layer_of(module) not in known]
    assert not strangers


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ykforecast.spec.target", "from ykforecast.data.tables import read_table"),
        ("ykforecast.vocabulary.dims", "import ykforecast.spec.record"),
        ("ykforecast.simulate.sampling", "def f():\n    from ykforecast.assess import indicators"),
        ("ykforecast.data.files", "from ..present import tables"),
        ("ykforecast.kernels.cohort", "from ykforecast.vocabulary.dims import AGES"),
        ("ykforecast.kernels.cohort", "import xarray"),
        ("ykforecast.assess.evaluation", "from ykforecast.kernels.cohort import run"),
        ("ykforecast.data.files", "from ykforecast import cli"),
    ],
)
def test_a_planted_wrong_import_is_found(module, source):
    """The rule is worth nothing if it lets these pass."""
    assert wrong_imports(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("ykforecast.cli", "from ykforecast.present.tables import print_tables"),
        ("ykforecast.processes.population", "from ykforecast.kernels.cohort import run"),
        ("ykforecast.data.files", "from .sources import load_sources"),
        ("ykforecast.kernels.cohort", "import numpy as np\nfrom numba import njit"),
    ],
)
def test_a_downward_import_passes(module, source):
    assert not wrong_imports(source, module)


def test_no_module_has_a_name_that_says_nothing():
    """A file called utils gathers what has no home."""
    empty = {"utils", "util", "core", "base", "common", "helpers", "misc"}
    assert not [module for module, _ in modules() if module.split(".")[-1] in empty]
