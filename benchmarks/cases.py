"""The cases. Each is a function of its size and rounds that returns a table of figures, or why it was skipped."""

from __future__ import annotations

import ast
import contextlib
import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import c_rival
from benchmarks.measure import rounds
from tests.reference.cohort_twin import Twin, run_twin
from tests.reference.made_inputs import made_draws, made_shared
from ykforecast.kernels import cohort, layout, packing

Case = Callable[[int, int], dict[str, Any]]
REGISTRY: dict[str, Case] = {}


def operations(extent: Any) -> tuple[int, int]:
    """Operations and divisions of the month loops of one draw, counted in the lean loops' source.

    A multiplication, an addition and a division count one each, in all lanes of every block
    of ages, the last three empty ones among them. Year ends are left out.
    """
    from ykforecast.kernels import cohort_months

    function = next(
        node
        for node in ast.parse(Path(cohort_months.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "months"
    )
    months = [
        node.body[-1]
        for node in ast.walk(function)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and node.target.id == "t"
    ]
    # In the order of the source, which is the order of the parts of life: young, old, retiring, middle.
    months.sort(key=lambda node: node.lineno)
    counts = [(_count(body, (ast.Add, ast.Sub, ast.Mult, ast.Div)), _count(body, (ast.Div,))) for body in months]
    blocks = np.zeros(4, dtype=int)
    for middle, old, first, last in extent:
        blocks += [middle, layout.BLOCKS - old, last - first, old - middle - (last - first)]
    work, divisions = (12 * layout.YEARS * layout.BLOCK * np.array(counts).T @ blocks).tolist()
    return work, divisions


def _count(body: ast.AST, kinds: tuple[type[ast.operator], ...]) -> int:
    """Arithmetic on numbers, not on places in a row."""
    total = 0
    for node in ast.iter_child_nodes(body):
        if not isinstance(node, ast.Subscript):
            total += isinstance(getattr(node, "op", None), kinds) + _count(node, kinds)
    return total


def case(function: Case) -> Case:
    """Enter a case under its name."""
    REGISTRY[function.__name__] = function
    return function


def _with_kernel(project: Any, call: Callable[[], Any]) -> Callable[[], Any]:
    """Run a call of the front door with another kernel behind it."""
    from ykforecast.kernels import cohort_loops

    def run() -> Any:
        before, cohort_loops.project = cohort_loops.project, project
        try:
            return call()
        finally:
            cohort_loops.project = before

    return run


@case
def against_numpy(draws: int, count: int) -> dict[str, Any]:
    """One thread against the twin: all draws at once, in blocks that fit the cache, and the obvious numba loops."""
    from benchmarks import obvious

    shared, given = made_shared(), made_draws(draws)
    few = made_draws(max(draws // 10, 1))
    step = 16

    def blocks() -> None:
        for first in range(0, len(few["params"]), step):
            part = {k: v if k in ("policy", "pension_policy") else v[first : first + step] for k, v in few.items()}
            run_twin(shared, **part, detail=False)

    one = Twin(shared, **made_draws(1))
    odds = np.stack([one.year_odds(year)[0] for year in range(5)])
    names = ("retire_reach", "retire_passed", "retire_share", "public_early")
    leave = packing.retirement_rates(*(shared[name] for name in names))
    pension = np.moveaxis(np.stack([one.contributor[0], one.interrupted[0], one.retiree[0]]), 0, 1).copy()

    def obvious_loops() -> None:
        for _ in range(len(few["params"])):
            obvious.project(
                one.labour[0].copy(), pension.copy(), odds, one.multiplier[0], leave, shared["pension_entry"],
                shared["kappa"],
            )  # fmt: skip

    rivals = {
        "kernel, 1 thread": lambda: cohort.run_cohorts(shared, **given, threads=1),
        "numpy twin, all draws at once": lambda: run_twin(shared, **few, detail=False),
        "numpy twin, blocks of 16 draws": blocks,
        "obvious numba loops (months only)": obvious_loops,
    }
    size = {name: len(few["params"]) for name in rivals} | {"kernel, 1 thread": draws}
    return rounds(rivals, size, count)


@case
def against_c(draws: int, count: int) -> dict[str, Any]:
    """One thread against the same loops in C, gcc -O3 -march=native."""
    rival = c_rival.compiled()
    if rival is None:
        return {"skipped": "no gcc"}
    from ykforecast.kernels.cohort_loops import project

    shared, given = made_shared(), made_draws(draws)

    def run() -> Any:
        return cohort.run_cohorts(shared, **given, threads=1)

    in_c = _with_kernel(rival, run)
    difference = abs(in_c().stocks_by_stratum - run().stocks_by_stratum).max() / run().stocks_by_stratum.max()
    table = rounds({"kernel": _with_kernel(project, run), "c": in_c}, {"kernel": draws, "c": draws}, count)
    return table | {"largest relative difference": float(difference)}


def _difference(shared: Any, given: Any, rival: Callable[..., Any]) -> float:
    """Largest difference of a rival's outputs from the kernel's, relative to the largest number of each output."""
    mine, other = cohort.run_cohorts(shared, **given, threads=1), rival(**given)
    pairs = [(getattr(mine, name), values) for name, values in other.items()]
    return max(float(abs(theirs - ours).max() / abs(ours).max()) for ours, theirs in pairs)


@case
def against_tuned_numpy(draws: int, count: int) -> dict[str, Any]:
    """The whole kernel in NumPy tuned by hand, in one thread: against the kernel's core, and against all threads."""
    from benchmarks import tuned

    shared, given = made_shared(), made_draws(draws)
    few = made_draws(max(draws // 10, tuned.BLOCK))
    rivals = {
        "kernel, 1 thread": lambda: cohort.run_cohorts(shared, **given, threads=1),
        "kernel, all threads": lambda: cohort.run_cohorts(shared, **given),
        "tuned numpy": lambda: tuned.run_tuned(shared, **few),
    }
    table = rounds(rivals, dict.fromkeys(rivals, draws) | {"tuned numpy": len(few["params"])}, count)
    table["whole machine, by the clock"] = table["tuned numpy"]["wall_us"] / table["kernel, all threads"]["wall_us"]
    difference = _difference(shared, few, lambda **part: tuned.run_tuned(shared, **part))
    return table | {"largest relative difference": difference}


@case
def against_jax(draws: int, count: int) -> dict[str, Any]:
    """The whole kernel in JAX on the CPU (vmap and scan), already compiled; skipped where there is no JAX."""
    if importlib.util.find_spec("jax") is None:
        return {"skipped": "jax is not installed: pip install jax"}
    from benchmarks import in_jax

    shared, given = made_shared(), made_draws(draws)
    few = made_draws(max(draws // 10, in_jax.BLOCK) // in_jax.BLOCK * in_jax.BLOCK)
    run = in_jax.compiled(shared)
    rivals = {
        "kernel, 1 thread": lambda: cohort.run_cohorts(shared, **given, threads=1),
        "jax": lambda: run(**few),
    }
    table = rounds(rivals, {"kernel, 1 thread": draws, "jax": len(few["params"])}, count)
    return table | {"largest relative difference": _difference(shared, few, run)}


@case
def threads(draws: int, count: int) -> dict[str, Any]:
    """Two threads against one, by the clock."""
    shared, given = made_shared(), made_draws(draws)
    rivals = {
        f"{n} threads": (lambda n=n: cohort.run_cohorts(shared, **given, threads=n))
        for n in (1, 2)
        if n <= cohort.available_threads()
    }
    table = rounds(rivals, dict.fromkeys(rivals, draws), count)
    if len(rivals) > 1:
        table["speed of two"] = table["1 threads"]["wall_us"] / table["2 threads"]["wall_us"]
    return table


@case
def machine_limits(draws: int, count: int) -> dict[str, Any]:
    """Multiply-adds and divisions of this machine in the same rounds, and the kernel's share of both."""
    gcc = shutil.which("gcc")
    if gcc is None:
        return {"skipped": "no gcc"}
    shared, given = made_shared(), made_draws(draws)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "peaks.so"
        source = Path(__file__).with_name("peaks.c")
        flags = ["-O3", "-march=native", "-ffp-contract=fast", "-Wno-psabi", "-shared", "-fPIC"]
        subprocess.run([gcc, *flags, "-o", str(library), str(source)], check=True)  # noqa: S603
        peaks = ctypes.CDLL(str(library))
    loops = 1000 * draws
    table = rounds(
        {
            "kernel": lambda: cohort.run_cohorts(shared, **given, threads=1),
            "fma": lambda: peaks.fma_flops(ctypes.c_long(loops)),
            "divide": lambda: peaks.divisions(ctypes.c_long(loops)),
        },
        {"kernel": draws, "fma": loops * 12 * 8 * 2, "divide": loops * 8 * 8},
        count,
    )
    table["fma, GFLOP/s"] = 1e-3 / table["fma"]["cpu_us"]
    table["division, G/s"] = 1e-3 / table["divide"]["cpu_us"]
    _, _, extent = packing.pack_shared(shared)
    work, divisions = operations(extent)
    table["operations a draw"], table["divisions a draw"] = work, divisions
    table["kernel, GFLOP/s"] = 1e-3 * work / table["kernel"]["cpu_us"]
    table["share of fma peak"] = work * table["fma"]["cpu_us"] / table["kernel"]["cpu_us"]
    table["share of division bound"] = divisions * table["divide"]["cpu_us"] / table["kernel"]["cpu_us"]
    return table


@case
def streaming(draws: int, count: int) -> dict[str, Any]:
    """Many draws in chunks of which only totals are kept: memory must not grow with draws."""
    shared, chunk = made_shared(), min(draws, 2000)
    made = made_draws(chunk)
    cohort.run_cohorts(shared, **made)
    before, total = _forget_peak(), 0.0
    start = time.perf_counter()
    number = max(draws * 20 // chunk, 1)
    for _ in range(number):
        total += float(cohort.run_cohorts(shared, **made).stocks_by_stratum[:, -1].sum())
    seconds = time.perf_counter() - start
    growth = (_status("VmHWM") - before) / 1024
    return {"draws": number * chunk, "seconds": seconds, "peak growth, MiB": growth, "sum": total}


def _status(name: str) -> float:
    """A figure of this process from ``/proc``, KiB; zero where there is none."""
    file = Path("/proc/self/status")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return float(next((line.split()[1] for line in lines if line.startswith(name)), 0))


def _forget_peak() -> float:
    """Memory held now, KiB; the peak of earlier cases is forgotten."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _status("VmRSS")


@case
def whole_model(draws: int, count: int) -> dict[str, Any]:
    """The shipped model: two scenarios, ten times the draws, all indicators, warm; medians in seconds."""
    import ykforecast

    calibration = ykforecast.calibrate(ykforecast.load_model())
    ykforecast.project(calibration, draws=10)
    table: dict[str, list[float]] = {"project": [], "evaluate": []}
    for _ in range(min(count, 3)):
        start = time.perf_counter()
        runs = ykforecast.project(calibration, draws=10 * draws)
        table["project"].append(time.perf_counter() - start)
        ykforecast.evaluate(runs)
        table["evaluate"].append(time.perf_counter() - start - table["project"][-1])
    return {"draws": 10 * draws, **{name: float(np.median(seconds)) for name, seconds in table.items()}}


@case
def batch(draws: int, count: int) -> dict[str, Any]:
    """``ykforecast batch`` of 200 scenarios, twice the draws, beside its runs in one process and its kernel alone."""
    import ykforecast
    from ykforecast.batch.plan import plan_batch
    from ykforecast.batch.run import read_batch

    draws = 2 * draws
    lines = [f"draws = {draws}", "[[grid]]", 'name = "grid"', 'base = "plan"']
    lines.append(f"levers.skills = {[500 * k for k in range(20)]}")
    lines.append(f"levers.ui_expansion = {[0.01 * k for k in range(10)]}")
    folder = tempfile.TemporaryDirectory()
    file = Path(folder.name) / "batch.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    made = plan_batch(read_batch(file)).scenarios
    scenarios = len(made)
    calibration = ykforecast.calibrate(ykforecast.load_model())
    shared, given = made_shared(), made_draws(draws)

    def kernel() -> None:
        for _ in range(scenarios):
            cohort.run_cohorts(shared, **given)

    def runs() -> None:
        for first in range(0, scenarios, 4):
            ykforecast.project(calibration, made[first : first + 4], draws=draws, keep="series")

    def command() -> None:
        called = [sys.executable, "-m", "ykforecast", "batch", str(file), "--out", str(file.parent / "out")]
        subprocess.run(called, check=True, capture_output=True)  # noqa: S603

    def clocks() -> tuple[float, float]:
        used = os.times()
        return time.perf_counter(), used.user + used.system + used.children_user + used.children_system

    ykforecast.project(calibration, draws=10)
    table: dict[str, Any] = {"draws": scenarios * draws}
    for name, call in (("kernel", kernel), ("runs in one process", runs), ("command", command)):
        before = clocks()
        call()
        wall, cpu = (now - then for now, then in zip(clocks(), before, strict=True))
        table[name] = {"wall, s": wall, "cpu, s": cpu}
    for name in ("kernel", "runs in one process"):
        table[f"command / {name}"] = {clock: table["command"][clock] / table[name][clock] for clock in table[name]}
    folder.cleanup()
    return table


@case
def starting(draws: int, count: int) -> dict[str, Any]:
    """A fresh process: import, first call with an empty cache, first call with a warm one; seconds."""
    code = (
        "import time; t = time.perf_counter(); from ykforecast.kernels.cohort import run_cohorts; "
        "a = time.perf_counter() - t; from tests.reference.made_inputs import made_draws, made_shared; "
        "t = time.perf_counter(); run_cohorts(made_shared(), **made_draws(100)); "
        "print(a, time.perf_counter() - t)"
    )
    with tempfile.TemporaryDirectory() as folder:
        table = {}
        for name in ("cold", "warm"):
            run = subprocess.run(  # noqa: S603
                [sys.executable, "-c", code], capture_output=True, text=True, check=True,
                env=os.environ | {"XDG_CACHE_HOME": folder},
            )  # fmt: skip
            imported, first = map(float, run.stdout.split())
            table[name] = {"import": imported, "first call": first}
    return table


@case
def vectorised(draws: int, count: int) -> dict[str, Any]:
    """Instructions of the month loops by width of register, from the machine code of a fresh compilation."""
    code = (
        "from ykforecast.kernels.cohort import run_cohorts; "
        "from tests.reference.made_inputs import made_draws, made_shared; "
        "run_cohorts(made_shared(), **made_draws(1)); "
        "from ykforecast.kernels.cohort_loops import project; "
        "print(next(iter(project.inspect_asm().values())))"
    )
    env = os.environ | {"XDG_CACHE_HOME": os.devnull}
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    found = re.search(r"^\S*cohort_months6months\S*:\n(.*?)^\.Lfunc_end", run.stdout, re.M | re.S)
    lines = found.group(1).splitlines() if found else []
    table: dict[str, Any] = {width: sum(width in line for line in lines) for width in ("zmm", "ymm", "xmm")}
    table["packed divisions"] = sum("divpd" in line for line in lines)
    table["scalar multiplications"] = sum("mulsd" in line for line in lines)
    return table
