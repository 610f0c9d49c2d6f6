"""PIT of the back-tests with their simultaneous bands, and the forecasts of three series from the end of 2015.

Reads ``docs/results/backtest.json`` and writes ``docs/_static/backtest.png``::

    python docs/figures/backtest.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from ykforecast.assess.scores import pit_band
from ykforecast.data.model_files import load_model
from ykforecast.present.axes import pin_ticks
from ykforecast.present.chinese_type import set_type
from ykforecast.present.palette import GREY, RULE, SCENARIO_COLOURS

DOCS = Path(__file__).resolve().parents[1]
TITLES = {"2015": "2015年为基期", "rolling": "逐年滚动", "2010": "2010年普查至2020年"}
SHOWN = ("employee_pension_insured", "unemployment_insured", "employee_medical_insured")


def main() -> None:
    """Draw three PIT panels above three series."""
    stored = json.loads((DOCS / "results" / "backtest.json").read_text(encoding="utf-8"))["backtests"]
    found = {str(one["base_year"]): one for one in stored}
    picture = Figure(figsize=(12, 7.2), layout="constrained")
    axes = picture.subplots(2, 3)
    colour = SCENARIO_COLOURS[0]
    for axis, (base, title) in zip(axes[0], TITLES.items(), strict=True):
        values = np.sort([case["pit"] for case in found[base]["cases"] if case["pit"] is not None])
        band = pit_band(len(values))
        axis.fill_between(band.at, band.lower - band.at, band.upper - band.at, color=RULE, step="mid", linewidth=0)
        at = np.linspace(0.0, 1.0, 400)
        axis.plot(at, np.searchsorted(values, at, side="right") / len(values) - at, color=colour)
        axis.axhline(0.0, color=GREY, linewidth=0.8)
        axis.set_title(f"{title}：{len(values)}个案例")
        axis.set_xlabel("概率积分变换")
    axes[0, 0].set_ylabel("经验分布减均匀分布")
    for axis, name in zip(axes[1], SHOWN, strict=True):
        cases = [case for case in found["2015"]["cases"] if case["series"] == name]
        years = [case["year"] for case in cases]
        low, middle, high, came = ([case[key] / 1e4 for case in cases] for key in ("p10", "median", "p90", "observed"))
        axis.fill_between(years, low, high, color=colour, alpha=0.2, linewidth=0)
        axis.plot(years, middle, color=colour)
        axis.plot([2015, *years], [cases[0]["last"] / 1e4, *came], "o", color=GREY)
        axis.set_title(load_model().observations[name].label_zh)
        axis.set_xticks([2015, *years])
    axes[1, 0].set_ylabel("万人：中位数、80%区间，圆点为公布数")
    for axis in axes.flat:
        axis.spines[["top", "right"]].set_visible(False)
        for which in ("x", "y"):
            pin_ticks(axis, which)
    set_type(picture)
    picture.savefig(DOCS / "_static" / "backtest.png", dpi=130)


if __name__ == "__main__":
    main()
