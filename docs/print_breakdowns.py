"""Renew the printed blocks of the page on breakdowns and labour supply.

Run it when a number of the model moves; it takes less than a minute::

    python docs/print_breakdowns.py
"""

from __future__ import annotations

from pathlib import Path

from model_tables import table
from print_targets import METHOD, renewed

import ykforecast as yk
from ykforecast.assess.breakdowns import AXES, CARRIED
from ykforecast.present.breakdown_table import plain_breakdown, plain_labour_supply
from ykforecast.spec.model import ModelSpec
from ykforecast.vocabulary.dims import LABELS_ZH

PAGE = METHOD / "breakdowns.md"
SCENARIO, DRAWS, COHORT_DRAWS = "plan", 2_000, 500
MARK = "<!-- printed: {} -->\n"


def rules(model: ModelSpec) -> str:
    """Indicator by axis: how it is split, or why not; neighbouring axes that say the same share a row."""
    rows = []
    for key, spec in model.indicators.items():
        said: dict[tuple[bool, str], list[str]] = {}
        for axis in AXES:
            how = CARRIED[key, axis]
            said.setdefault((how.split is not None, how.text_zh), []).append(LABELS_ZH[axis])
        for (carried, text), axes in said.items():
            rows.append([spec.number, spec.label_zh, "、".join(axes), "可分" if carried else "不分", text])
    return table(("序号", "指标", "维", "", "规则或原因"), rows)


def main() -> None:
    """Run what the page names, and write what is printed."""
    model = yk.load_model()
    calibration = yk.calibrate(model)
    runs = yk.project(calibration, SCENARIO, draws=DRAWS)
    supply = yk.labour_supply(yk.project(calibration, SCENARIO, draws=COHORT_DRAWS, keep="cohorts"))
    text = PAGE.read_text(encoding="utf-8")
    for axis in AXES:
        text = renewed(text, axis, plain_breakdown(yk.breakdowns(runs, axis)))
    text = renewed(text, "labour_supply", plain_labour_supply(supply))
    mark = MARK.format("rules")
    head, rest = text.split(mark)
    text = head + mark + rules(model).strip() + "\n" + rest[rest.index("<!-- end -->") :]
    Path(PAGE).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
