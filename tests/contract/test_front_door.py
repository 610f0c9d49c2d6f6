"""What ``import ykforecast`` promises: the public names, little time, nothing compiled, nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

import ykforecast as yk

PUBLIC = {
    "Scenario",
    "VintageArchive",
    "YkforecastError",
    "__version__",
    "annual_targets",
    "assimilate",
    "attribute",
    "backtest",
    "breakdowns",
    "calibrate",
    "difference",
    "evaluate",
    "fund_outlook",
    "impact",
    "indicators",
    "labour_supply",
    "load_model",
    "open_batch",
    "open_forecast",
    "project",
    "project_population",
    "run_batch",
    "seek",
    "report",
    "sensitivity",
    "since_last",
    "statutory_retirement",
    "stress",
    "warn",
}
HEAVY = (
    "numba",
    "llvmlite",
    "scipy",
    "pandas",
    "xarray",
    "statsmodels",
    "matplotlib",
    "h5netcdf",
    "pydantic",
    "rich",
)


def fresh(code: str) -> str:
    """Output of code in a new interpreter."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    return done.stdout


def test_the_public_names_are_these():
    """Users rely on the list: adding is a decision, dropping breaks them."""
    assert set(yk.__all__) == PUBLIC
    assert set(dir(yk)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC - {"__version__"}))
def test_every_public_name_is_there_and_explained(name):
    assert (getattr(yk, name).__doc__ or "").strip()


def test_an_unknown_name_is_an_attribute_error():
    """hasattr and tab completion depend on this kind of error."""
    assert not hasattr(yk, "forcast")


def test_import_loads_nothing_heavy():
    """Numba or pandas at import time would cost seconds before the first word of help."""
    code = f"import sys, json, ykforecast; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    assert json.loads(fresh(code)) == []


def test_import_takes_well_under_a_second():
    """The best of three, because a busy machine may delay one; the promise is half a second."""
    code = "import time; t = time.perf_counter(); import ykforecast; print(time.perf_counter() - t)"
    assert min(float(fresh(code)) for _ in range(3)) < 0.5


def test_help_needs_nothing_heavy():
    code = (
        "import sys, json, ykforecast.cli as c\n"
        "try: c.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    assert json.loads(fresh(code).splitlines()[-1]) == []


def test_import_leaves_the_interpreter_as_it_was():
    """Nothing global is changed: warnings, random state, locale, environment."""
    code = (
        "import os, sys, warnings, random, locale, json\n"
        "def state(): return [len(warnings.filters), hash(random.getstate()), "
        "locale.setlocale(locale.LC_ALL), "
        "dict(os.environ), sys.getrecursionlimit(), sys.stdout.encoding]\n"
        "before = state(); import ykforecast; print(json.dumps(before == state()))"
    )
    assert json.loads(fresh(code)) is True


def test_loading_the_model_compiles_nothing():
    """Whoever only looks at targets should not wait for a compiler."""
    started = time.perf_counter()
    code = "import sys, ykforecast; ykforecast.load_model(); print('numba' in sys.modules)"
    assert fresh(code).strip() == "False"
    assert time.perf_counter() - started < 10
