"""Renew the printed blocks of the pages on yearly targets and on the employment impact of a project.

Run it when a number of the model moves; it takes less than two minutes::

    python docs/print_targets.py
"""

from __future__ import annotations

import re
from pathlib import Path

import ykforecast as yk
from ykforecast.data.project_file import load_project
from ykforecast.present.impact_report import impact_report
from ykforecast.present.targets_table import plain_targets

HERE = Path(__file__).resolve().parent
METHOD = HERE / "method"
DRAWS = 2_000
AS_OF = "2023-06-30"


def renewed(text: str, name: str, block: str) -> str:
    """Page with the block between its marks replaced."""
    pattern = re.compile(rf"(<!-- printed: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"no block {name!r}")
    return pattern.sub(lambda found: f"{found[1]}```\n{block}\n```\n{found[2]}", text)


def main() -> None:
    """Run the commands that the pages name, and write what they print."""
    calibration = yk.calibrate(yk.load_model())
    late = yk.assimilate(calibration, AS_OF, draws=DRAWS)
    project = load_project(HERE / "examples" / "project.toml")
    even = yk.annual_targets(calibration, "even", draws=DRAWS, districts=True)
    city, districts = plain_targets(even).split("\n\n")
    blocks = {
        "annual_targets": {
            "even": city,
            "capacity": plain_targets(yk.annual_targets(calibration, "capacity", draws=DRAWS)),
            "as_of": plain_targets(yk.annual_targets(late, "even", draws=DRAWS)),
            "districts": districts,
        },
        "impact": {"example": impact_report(yk.impact(calibration, project, draws=DRAWS), project)},
    }
    for page, printed in blocks.items():
        path = METHOD / f"{page}.md"
        text = path.read_text(encoding="utf-8")
        for name, block in printed.items():
            text = renewed(text, name, block)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
