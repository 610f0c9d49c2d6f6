"""Four pictures of the estimates of the economy: what the figures say, and how little some of them can say.

Writes ``docs/_static/economy.png``; to be run when an estimate moves::

    python docs/figures/economy.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import ykforecast as yk
from ykforecast.infer.economy_history import economy_history
from ykforecast.infer.economy_models import smoothed
from ykforecast.infer.economy_monthly import RATE_YEARS, SHOCK, base_turnover, odds_response, pulse_estimates
from ykforecast.infer.economy_yearly import HISTORY_YEARS, five_year_trend
from ykforecast.present.axes import pin_ticks
from ykforecast.present.chinese_type import set_type
from ykforecast.present.palette import GREY, RULE, SCENARIO_COLOURS
from ykforecast.processes.economy import separation_pulse
from ykforecast.vocabulary.dims import MONTHS

STATIC = Path(__file__).resolve().parents[1] / "_static"
BLUE, ORANGE, *_ = SCENARIO_COLOURS


def main() -> None:
    """Estimate and draw."""
    model = yk.load_model()
    found = economy_history(model)
    turnover = base_turnover(yk.calibrate(model))
    sheet = Figure(figsize=(12, 7.2), layout="constrained", dpi=110)
    (growth, rate), (profile, shock) = sheet.subplots(2, 2)

    printed = 100 * found.growth.history.values
    mean = found.growth.coefficient("growth_mean")[0]
    growth.plot(HISTORY_YEARS, printed, "o", color=BLUE, label="公布增速（2017年缺）")
    growth.plot(HISTORY_YEARS, 100 * (mean + smoothed(found.growth)), color=ORANGE, lw=1.4, label="平滑趋势")
    trend = five_year_trend(found.growth)
    growth.errorbar(2023, 100 * trend.mean, 100 * 1.2816 * trend.sd, fmt="s", color=ORANGE, capsize=3, ms=4)
    growth.text(2023.2, 100 * trend.mean, "2021—2025年\n均值，80%区间", fontsize=8, va="center")
    growth.annotate("数据订正", (2016, -7.5), (2017, -6.5), fontsize=8)
    growth.set_xlim(2009.5, 2026)
    growth.set_title("营口市GDP增速（%）")

    months = RATE_YEARS[0] + np.arange(len(found.rate.history.values)) / 12
    rate.plot(months, 100 * found.rate.history.values, ".", color=BLUE, label="公布值")
    level = found.rate.coefficient("rate_normal")[0]
    rate.plot(months, 100 * (level + smoothed(found.rate)), color=ORANGE, lw=1.4, label="正常水平加景气（去季节）")
    rate.axhline(100 * level, color=GREY, lw=0.8)
    rate.set_title("全国城镇调查失业率（%）")

    for colour, name, posterior in ((BLUE, "GDP增速", found.growth), (ORANGE, "全国失业率（月）", found.rate)):
        values, loss = posterior.profile(0)
        profile.plot(values, loss, ".-", color=colour, label=name)
    profile.axhline(-1.92, color=GREY, lw=0.8, ls="--")
    profile.set_ylim(-6, 0.3)
    profile.set_title("持续性的对数似然剖面（虚线：95%界）")

    excess = 100 * smoothed(found.rate)[SHOCK:]
    shock.plot(np.arange(len(excess)), excess, ".", color=GREY, label="全国2020年2月起")
    falls = np.zeros((1, MONTHS))
    falls[0, 0] = found.depth
    pulse = pulse_estimates(found.rate, turnover, found.depth)
    one = {name: np.array([estimate.mean]) for name, estimate in pulse.items()}
    lay_offs = turnover.separations * np.expm1(separation_pulse(falls, **one)[0])
    response = odds_response(found.rate, turnover, found.depth).mean
    persistence = found.rate.node(0)[0]
    shift = (turnover.separations + turnover.finds) * response * found.depth * persistence ** np.arange(MONTHS)
    for colour, label, inflow in ((BLUE, "失业比数持久偏移（旧）", shift), (ORANGE, "离职脉冲", lay_offs)):
        stock, path = 0.0, []
        for month in range(24):
            stock = (1 - turnover.outflow) * stock + inflow[month]
            path.append(100 * stock)
        shock.plot(path, color=colour, lw=1.4, label=label)
    shock.set_ylim(0)
    shock.set_xlabel("急降后的月数")
    profile.set_xlabel("持续性")
    shock.set_title("一次急降后失业率高出正常的百分点（按月）")

    for ax in (growth, rate, profile, shock):
        ax.legend(frameon=False, fontsize=8)
        ax.grid(color=RULE)
        ax.spines[["top", "right"]].set_visible(False)
        for axis in ("x", "y"):
            pin_ticks(ax, axis)
    set_type(sheet)
    sheet.savefig(STATIC / "economy.png")


if __name__ == "__main__":
    main()
