"""五、失业风险监测预警: what the lamps say, or that they were not computed."""

from __future__ import annotations

from ykforecast.documents.blocks import Section
from ykforecast.documents.content.draft import Draft

_RATE = "surveyed_unemployment_rate"


def risks(draft: Draft) -> Section:
    """The chapter."""
    said = draft.say(
        "规划要求建立规模性失业风险预警机制。城镇调查失业率预测2025年为{median}{unit}（80%区间为{low}～{high}{unit}）。"
        "预警灯号、突破"
        "警戒线概率和压力情景未列入本次运行，{gap}。",
        "The plan asks for warning of mass unemployment. The surveyed rate is forecast at {median}{unit} for 2025 (80 "
        "% interval "
        "{low} to {high}{unit}). Lamps, chances of crossing warning lines and stress were not computed in this run "
        "{gap}.",
        median=draft.outcome(_RATE),
        unit=draft.unit(_RATE),
        low=draft.bound(_RATE, "lower"),
        high=draft.bound(_RATE, "upper"),
        gap=draft.gap(_RATE, "警戒线取值", "warning lines"),
    )
    return Section("risks", draft.pick("失业风险监测预警", "Risks of unemployment"), (said,))
