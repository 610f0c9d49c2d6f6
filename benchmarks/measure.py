"""Interleaved rounds: every rival runs once a round, ratios are taken inside a round, then medians.

A shared machine wanders by tens of per cent within minutes; rivals of one round share its weather.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any


def busy() -> float:
    """Processor seconds used by the whole machine so far, steal included; zero where that is not told."""
    file = Path("/proc/stat")
    if not file.exists():
        return 0.0
    user, nice, system, _, _, interrupt, soft, steal = map(int, file.read_text(encoding="utf-8").split()[1:9])
    return (user + nice + system + interrupt + soft + steal) / os.sysconf("SC_CLK_TCK")


def rounds(rivals: Mapping[str, Callable[[], Any]], units: Mapping[str, float], count: int) -> dict[str, Any]:
    """CPU and wall seconds per unit of each rival, and its ratio to the first rival in the same round.

    Parameters
    ----------
    rivals : mapping
        Name to a call without arguments; each runs once beforehand, unmeasured.
    units : mapping
        Name to the number of units (draws) one call does.
    count : int
        Rounds.

    Returns
    -------
    dict
        By rival: ``cpu_us`` and ``wall_us`` per unit (medians), ``times_first`` (median
        ratio of CPU time per unit to the first rival's) and its range; ``others``, the
        median share of the machine that other jobs took meanwhile: above 0.15 believe no
        figure by the clock.
    """
    cpu: dict[str, list[float]] = {name: [] for name in rivals}
    wall: dict[str, list[float]] = {name: [] for name in rivals}
    others: dict[str, list[float]] = {name: [] for name in rivals}
    processors = os.cpu_count() or 1
    for call in rivals.values():
        call()
    for _ in range(count):
        for name, call in rivals.items():
            before = time.process_time(), time.perf_counter(), busy()
            call()
            mine, elapsed, all_jobs = (
                now - then for now, then in zip((time.process_time(), time.perf_counter(), busy()), before, strict=True)
            )
            cpu[name].append(mine / units[name])
            wall[name].append(elapsed / units[name])
            others[name].append(max(all_jobs - mine, 0.0) / (elapsed * processors))
    first = next(iter(rivals))
    result = {}
    for name in rivals:
        ratios = [mine / base for mine, base in zip(cpu[name], cpu[first], strict=True)]
        result[name] = {
            "cpu_us": 1e6 * statistics.median(cpu[name]),
            "wall_us": 1e6 * statistics.median(wall[name]),
            "times_first": statistics.median(ratios),
            "range": [min(ratios), max(ratios)],
            "others": statistics.median(others[name]),
        }
    return result


def environment() -> dict[str, Any]:
    """Versions and processor, to read a result by."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    packages = {name: metadata.version(name) for name in ("numpy", "numba", "llvmlite")}
    return {"processor": model, "python": platform.python_version(), "system": platform.system(), **packages}
