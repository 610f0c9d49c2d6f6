"""Run the registry of cases: ``python -m benchmarks [CASE ...] [--draws N] [--rounds N] [--full]``."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.cases import REGISTRY
from benchmarks.measure import environment

RESULTS = Path(__file__).parent / "results"


def show(name: str, table: dict[str, Any]) -> None:
    """Print one case, one line a figure."""
    print(f"\n{name}: {(REGISTRY[name].__doc__ or '').splitlines()[0]}")
    for key, value in table.items():
        if isinstance(value, dict):
            value = "  ".join(
                f"{k} {v:.3g}" if isinstance(v, float) else f"{k} {v[0]:.3g}..{v[1]:.3g}" for k, v in value.items()
            )
        print(f"  {key:36s} {f'{value:.4g}' if isinstance(value, float) else value}")


def main() -> None:
    """Run the cases asked for, print them and write them to ``benchmarks/results``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(REGISTRY)}; all by default")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--full", action="store_true", help="a million draws in the streaming case")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    unknown = set(given.cases) - set(REGISTRY)
    if unknown:
        parser.error(f"unknown case {sorted(unknown)}; there are {', '.join(REGISTRY)}")
    result: dict[str, Any] = {"environment": environment(), "draws": given.draws, "rounds": given.rounds}
    for name in given.cases or REGISTRY:
        draws = 50_000 if given.full and name == "streaming" else given.draws
        result[name] = REGISTRY[name](draws, given.rounds)
        show(name, result[name])
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    file.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print(f"\nwritten to {file}")


if __name__ == "__main__":
    main()
