"""Six pictures that a labour economist asks for first, of the baseline against the censuses.

Writes ``docs/_static/plausibility.png``; to be run when a published number moves::

    python docs/figures/plausibility.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import ykforecast as yk
from ykforecast.data.tables import figure
from ykforecast.present.axes import pin_ticks
from ykforecast.present.chinese_type import set_type
from ykforecast.present.palette import GREY, RULE, SCENARIO_COLOURS
from ykforecast.vocabulary.dims import EMPLOYED_STATES, LABOUR_STATES

STATIC = Path(__file__).resolve().parents[1] / "_static"
PLACES = (
    ("urban", "male", "城镇男"),
    ("urban", "female", "城镇女"),
    ("rural", "male", "乡村男"),
    ("rural", "female", "乡村女"),
)
CENSUS = "census_2020_urban_employment"
CENSUS_BANDS = ("45-49", "50-54", "55-59", "60-64", "65-69")


def main(draws: int = 300, seed: int = 2020) -> None:
    """Run the baseline with single ages and draw the six pictures."""
    calibration = yk.calibrate(yk.load_model())
    runs = yk.project(calibration, ["baseline"], draws=draws, seed=seed, keep="cohorts")
    stocks = runs["cohorts/stocks"].isel(scenario=0).mean("draw")
    people = stocks.sel(stock=list(LABOUR_STATES)).sum("stock")
    labour_force = stocks.sel(stock=["unemployed", *EMPLOYED_STATES]).sum("stock")
    ages = slice(16, 80)
    sheet = Figure(figsize=(13, 7.6), layout="constrained", dpi=110)
    axes = sheet.subplots(2, 3)

    def by_age(ax, values, title, places=PLACES):
        for colour, (residence, sex, label) in zip(SCENARIO_COLOURS, places, strict=False):
            for year, style in ((2020, "-"), (2025, "--")):
                line = values.sel(residence=residence, sex=sex, year_end=year, age=ages)
                ax.plot(line["age"], line, style, color=colour, lw=1.4, label=label if year == 2020 else None)
        ax.set_title(title)
        ax.legend(frameon=False, fontsize=8)

    employed = stocks.sel(stock=list(EMPLOYED_STATES)).sum("stock") / people
    by_age(axes[0, 0], employed, "就业率（实线2020年，虚线2025年；圆点：全国城镇普查）")
    for colour, sex in zip(SCENARIO_COLOURS, ("male", "female"), strict=False):
        ratios = [
            figure(CENSUS, "employment_population_ratio", 2020, place="china", residence="urban", sex=sex, age=band)
            for band in CENSUS_BANDS
        ]
        axes[0, 0].plot([47, 52, 57, 62, 67], ratios, "o", color=colour, ms=4)
    by_age(axes[0, 1], stocks.sel(stock="unemployed") / labour_force.where(labour_force > 50), "失业率")
    by_age(
        axes[0, 2],
        stocks.sel(stock=["retiree", "government_retiree"]).sum("stock") / people,
        "领取职工养老金的比例",
    )
    by_age(axes[1, 0], stocks.sel(stock="contributor") / people, "企业养老保险缴费人员占人口的比例", PLACES[:2])
    net = calibration.population.migration[:2] * 1000
    for colour, label, line in zip(SCENARIO_COLOURS, ("男", "女"), net, strict=False):
        axes[1, 1].plot(range(81), line[:81], color=colour, lw=1.4, label=label)
    axes[1, 1].axhline(0, color=GREY, lw=0.8)
    axes[1, 1].set_title("净迁移率（‰，2010—2020年普查间余差）")
    axes[1, 1].legend(frameon=False, fontsize=8)

    # Residents who reach the statutory age in each month, under both rules, of the projected cohorts.
    start = people.sel(year_end=slice(2020, 2024)).sum("residence").transpose("year_end", "sex", "age").values
    for label, arrays, style in (("原退休年龄", calibration.shared, "-"), ("2025年办法", calibration.delayed, "--")):
        reach = arrays["retire_reach"]
        months = np.arange(60)
        for colour, category, sex in zip(SCENARIO_COLOURS, (0, 1), ("男", "女"), strict=False):
            count = (start[months // 12, category] * reach[category]).sum(axis=1)
            axes[1, 2].plot(2021 + months / 12, count / 1e3, style, color=colour, lw=1.2, label=f"{sex}，{label}")
    axes[1, 2].set_title("各月达到法定退休年龄的常住人口（千人）")
    axes[1, 2].legend(frameon=False, fontsize=8)
    for ax in axes.ravel():
        ax.grid(color=RULE)
        ax.spines[["top", "right"]].set_visible(False)
        for axis in ("x", "y"):
            pin_ticks(ax, axis)
    set_type(sheet)
    sheet.savefig(STATIC / "plausibility.png")
    print_shares(stocks, people)


def print_shares(stocks, people) -> None:
    """The shares that the page names, at the ends of 2020 and 2025."""
    for label, held, residence, sex, ages in (
        ("receipt", ["retiree", "government_retiree"], "urban", "male", [57, 60, 62, 64]),
        ("receipt", ["retiree", "government_retiree"], "urban", "female", [47, 50, 52, 54, 57]),
        ("receipt", ["retiree", "government_retiree"], "rural", "female", [50, 52, 54, 57]),
        ("contributors", ["contributor"], "urban", "male", [35, 55, 59]),
        ("contributors", ["contributor"], "urban", "female", [35, 50, 52, 54]),
        ("interrupted", ["interrupted"], "urban", "female", [47, 49, 50, 52, 54]),
    ):
        place = {"residence": residence, "sex": sex, "age": ages, "year_end": [2020, 2025]}
        share = (stocks.sel(stock=held).sum("stock") / people).sel(place).transpose("year_end", "age").values
        print(label, residence, sex, ages, *(np.round(row, 2).tolist() for row in share))


if __name__ == "__main__":
    main()
