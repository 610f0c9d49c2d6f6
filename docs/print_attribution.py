"""Compute attribution and sensitivity, and print them into their pages; five minutes::

python docs/print_attribution.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ykforecast as yk
from ykforecast.data.analysis_file import load_analysis
from ykforecast.present.attribution_table import attribution_rows, plain_attribution
from ykforecast.present.figures_attribution import sobol_bars, waterfall
from ykforecast.present.sensitivity_table import plain_sensitivity, sensitivity_rows
from ykforecast.spec.model import ModelSpec

HERE = Path(__file__).resolve().parent
LEVER_DRAWS, DRAWS, FIGURE_DRAWS, SAMPLES = 300, 500, 200, 4096
AS_OF = "2023-06-30"
COMMANDS = {
    "attribution": (
        f"ykforecast attribute plan --draws {LEVER_DRAWS}",
        f"ykforecast attribute plan --over causes --draws {DRAWS}",
        f"ykforecast attribute plan --over figures --as-of {AS_OF} --draws {FIGURE_DRAWS}",
    ),
    "sensitivity": (f"ykforecast sensitivity --draws {SAMPLES}",),
}
#: Parameters with a smaller share of a variance are not stored.
WORTH_STORING = 0.01
#: One indicator in every part beside each table of all.
IN_FULL = {
    "levers": "surveyed_unemployment_rate",
    "causes": "unemployment_insured",
    "figures": "unemployment_insured",
}
DRAWN = {"attribution": "pension_enterprise", "sensitivity": "surveyed_unemployment_rate"}
#: What stands between these marks is printed.
_PRINTED = re.compile(r"(<!-- print (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def renew(name: str, parts: Mapping[str, str], records: Any) -> None:
    """Write a page with its printed parts made anew, and the records beside it."""
    command = "\n".join([*COMMANDS[name], "python docs/print_attribution.py"])
    found = {**parts, "command": f"```\n{command}\n```\n"}
    page = HERE / "method" / f"{name}.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(_PRINTED.sub(lambda mark: f"{mark[1]}{found[mark[2]]}{mark[3]}", text), encoding="utf-8")
    stored = json.dumps(records, ensure_ascii=False, indent=1, allow_nan=False)
    (HERE / "results" / f"{name}.json").write_text(f"{rounded(stored)}\n", encoding="utf-8")


def rounded(text: str) -> str:
    """Numbers with six digits, which is more than draws know."""
    return re.sub(r"-?\d+\.\d+(?:e-?\d+)?", lambda number: f"{float(number[0]):.6g}", text)


def block(*texts: str) -> str:
    """Texts in a block of even letters."""
    return "```\n" + "\n\n".join(texts) + "\n```\n"


def statistics(model: ModelSpec) -> str:
    """Table of the statistics that could be collected, with their errors."""
    lines = ["| 统计 | 误差（标准差） | 依据 |", "|---|---|---|"]
    for one in load_analysis(model).statistics.values():
        size = f"{one.error.relative:.1%}" if one.error.relative is not None else f"{one.error.absolute:g}"
        lines.append(f"| {one.label_zh} | {size} | {one.error.reason_zh} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Compute, draw and print."""
    model = yk.load_model()
    calibration = yk.calibrate(model)
    tables = {
        "levers": yk.attribute(calibration, "plan", draws=LEVER_DRAWS),
        "causes": yk.attribute(calibration, "plan", over="causes", draws=DRAWS),
    }
    late = yk.assimilate(calibration, AS_OF, draws=FIGURE_DRAWS)
    tables["figures"] = yk.attribute(late, "plan", over="figures", draws=FIGURE_DRAWS)
    parts = {
        name: block(plain_attribution(found, model), plain_attribution(found.sel(indicator=[IN_FULL[name]]), model))
        for name, found in tables.items()
    }
    stored = {name: {"attributes": dict(one.attrs), "parts": attribution_rows(one)} for name, one in tables.items()}
    renew("attribution", parts, stored)
    waterfall(tables["causes"], DRAWN["attribution"], model).figure.savefig(
        HERE / "_static" / "attribution.png", dpi=110
    )

    found = yk.sensitivity(calibration, draws=SAMPLES)
    parts = {"table": block(plain_sensitivity(found, model)), "statistics": statistics(model)}
    records = sensitivity_rows(found)
    records["parameter"] = [one for one in records["parameter"] if (one["parameter_share"] or 0.0) >= WORTH_STORING]
    renew("sensitivity", parts, {"attributes": dict(found.attrs), **records})
    sobol_bars(found, DRAWN["sensitivity"], model).figure.savefig(HERE / "_static" / "sensitivity.png", dpi=110)


if __name__ == "__main__":
    main()
