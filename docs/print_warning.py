"""Renew what the page on warning shows: the tables of `ykforecast warn` and two pictures; half a minute.

python docs/print_warning.py
"""

from __future__ import annotations

from pathlib import Path

from print_targets import renewed

import ykforecast as yk
from ykforecast.cli.warn import SCENARIOS
from ykforecast.present.figures_warning import lamp_series, stress_fan
from ykforecast.present.warning_table import plain_warning

HERE = Path(__file__).resolve().parent
PAGE = HERE / "method" / "warning.md"
#: As the command has them when nothing is asked for.
DRAWS = 2_000
SHOCK = "mass-unemployment"


def main() -> None:
    """Run the scenarios of the command and print them into the page."""
    runs = yk.project(yk.calibrate(yk.load_model()), SCENARIOS, DRAWS, monthly=True)
    found = yk.warn(runs)
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), "warn", plain_warning(found)), encoding="utf-8")
    lamp_series(found, SHOCK).figure.savefig(HERE / "_static" / "warning.png")
    stress_fan(found).figure.savefig(HERE / "_static" / "stress.png")


if __name__ == "__main__":
    main()
