"""Draw the pictures of the page ``docs/figures.md``: one of each figure of a result, from a small run.

Writes ``docs/_static/gallery/*.png``; it takes less than a minute::

    python docs/figures/gallery.py
"""

from __future__ import annotations

from pathlib import Path

import ykforecast as yk

STATIC = Path(__file__).resolve().parents[1] / "_static" / "gallery"
SCENARIO, AS_OF, DRAWS, SEED = "plan", "2023-06-30", 500, 2020


def main() -> None:
    """Condition on the figures of mid-2023, run few draws with single ages, and ask the result for its figures."""
    late = yk.assimilate(yk.calibrate(yk.load_model()), AS_OF, draws=DRAWS, seed=SEED)
    runs = yk.project(late, ["baseline", SCENARIO], draws=DRAWS, seed=SEED, keep="cohorts")
    plot = runs.yk.plot
    drawn = {
        "lamps": plot.lamps(SCENARIO),
        "progress": plot.progress(SCENARIO),
        "fan": plot.fan("unemployment_insured", SCENARIO),
        "scenarios": plot.scenarios("unemployment_insured"),
        "forest": plot.forest("baseline", SCENARIO),
        "pyramid": plot.pyramid(SCENARIO),
        "labour": plot.labour(SCENARIO),
        "labour_flows": plot.flows("labour_force", SCENARIO),
        "unemployment_flows": plot.flows("unemployment", SCENARIO),
    }
    STATIC.mkdir(exist_ok=True)
    for name, ax in drawn.items():
        ax.figure.savefig(STATIC / f"{name}.png", dpi=110)


if __name__ == "__main__":
    main()
