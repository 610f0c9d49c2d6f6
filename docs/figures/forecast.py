"""Renew what the README shows of the main job: two pictures and the table of the plan scenario.

Writes ``docs/_static/forecast.png``, ``docs/_static/attainment.png`` and the block of the README
between the marks ``<!-- table -->`` and ``<!-- end of table -->``; to be run when a published number moves::

    python docs/figures/forecast.py
"""

from __future__ import annotations

import re
from pathlib import Path

import ykforecast as yk
from ykforecast.present.figures import attainment_bars, panel
from ykforecast.present.tables import plain_table

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "docs" / "_static"
SCENARIO = "plan"


def renew_table(readme: Path, table: str) -> None:
    """Put a table between the two marks."""
    text = readme.read_text(encoding="utf-8")
    block = f"<!-- table -->\n```\n{table}\n```\n<!-- end of table -->"
    text, count = re.subn(r"<!-- table -->.*?<!-- end of table -->", lambda _: block, text, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{readme}: expected one pair of marks, found {count}")
    readme.write_text(text, encoding="utf-8", newline="\n")


def main(draws: int = 10_000, seed: int = 2020) -> None:
    """Run the main job once and show it."""
    model = yk.load_model()
    runs = yk.project(yk.calibrate(model), scenarios=["baseline", SCENARIO], draws=draws, seed=seed)
    card = yk.evaluate(runs)
    panel(yk.indicators(runs), model, SCENARIO)[0, 0].figure.savefig(STATIC / "forecast.png", dpi=90)
    attainment_bars(card, SCENARIO).figure.savefig(STATIC / "attainment.png", dpi=120)
    renew_table(ROOT / "README.md", plain_table(card, SCENARIO))


if __name__ == "__main__":
    main()
