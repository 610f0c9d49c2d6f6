"""Draw the picture of the README: sixteen fans of the plan scenario, and the probabilities of attainment.

Writes ``docs/_static/forecast.png`` and ``docs/_static/attainment.png``::

    python docs/figures/forecast.py
"""

from __future__ import annotations

from pathlib import Path

import ykforecast as yk
from ykforecast.present.figures import attainment_bars, panel

STATIC = Path(__file__).resolve().parents[1] / "_static"
SCENARIO = "plan"


def main(draws: int = 10_000, seed: int = 2020) -> None:
    """Run the main job once and draw it."""
    model = yk.load_model()
    runs = yk.project(yk.calibrate(model), scenarios=["baseline", SCENARIO], draws=draws, seed=seed)
    sheet = panel(yk.indicators(runs), model, SCENARIO)[0, 0].figure
    sheet.savefig(STATIC / "forecast.png", dpi=90)
    bars = attainment_bars(yk.evaluate(runs), SCENARIO).figure
    bars.savefig(STATIC / "attainment.png", dpi=120)


if __name__ == "__main__":
    main()
