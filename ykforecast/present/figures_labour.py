"""Figures of labour supply: why the labour force changes, and the flows into it and into unemployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes, pin_ticks
from ykforecast.present.one_scenario import one_scenario
from ykforecast.present.palette import INK, SCENARIO_COLOURS
from ykforecast.present.text import check_language
from ykforecast.present.waterfall_bars import waterfall_bars
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

FLOW_KINDS: Final = ("labour_force", "unemployment")
_PER_UNIT: Final = {"zh": 1e4, "en": 1e3}
_HATCHES: Final = ("", "///", "...", "\\\\\\", "xxx")
_WORDS: Final = {
    "zh": {
        "change": "{first}—{last}年末劳动力变动的构成（万人）",
        "all": "合计",
        "labour_force": "劳动力年度净流入（万人）",
        "unemployment": "失业年度净流入（万人）",
        "net": "净变动",
    },
    "en": {
        "change": "Labour force {first}-{last} by cause\n(thousand persons)",
        "all": "all",
        "labour_force": "Net flows into the labour force, thousand persons",
        "unemployment": "Net flows into unemployment, thousand persons",
        "net": "net change",
    },
}


def labour_waterfall(
    supply: xr.Dataset, scenario: str | None = None, year: int = HORIZON, lang: str = "zh", ax: Axes | None = None
) -> Axes:
    """Causes of the change of the labour force since 2020 one after the other: means over the draws, which add up.

    Parameters
    ----------
    supply : xr.Dataset
        From :func:`ykforecast.labour_supply`.
    scenario : str, optional
        Needed when ``supply`` holds more than one.
    year : int
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.
    """
    check_language(lang)
    one, words = one_scenario(supply, scenario).sel(year=year), _WORDS[lang]
    steps = (one["labour_force_change_mean"] / _PER_UNIT[lang]).values
    ax = ax or new_axes(5.9, 3.2)
    decimals = 2 if lang == "zh" else 1
    waterfall_bars(
        ax, one[f"cause_{lang}"].values.tolist(), steps.tolist(), words["all"], lambda step: f"{step:+.{decimals}f}"
    )
    title = words["change"].format(first=BASE_YEAR, last=year)
    ax.set_title(title, loc="left", fontsize=TITLE_SIZE)
    return finish(ax, frame=False)


def net_flows(
    supply: xr.Dataset,
    kind: str = "labour_force",
    scenario: str | None = None,
    lang: str = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Net flows of each year by kind, in above and out below nought, and the net change as a line.

    Parameters
    ----------
    kind : {"labour_force", "unemployment"}
    supply, scenario, lang, ax
        As for :func:`labour_waterfall`.

    Raises
    ------
    RequestError
        Another kind.
    """
    check_language(lang)
    if kind not in FLOW_KINDS:
        raise RequestError("no such flows", key="kind", value=kind, remedy=f"One of {', '.join(FLOW_KINDS)}")
    one, words = one_scenario(supply, scenario), _WORDS[lang]
    flows = (one[f"{kind}_flow_mean"] / _PER_UNIT[lang]).transpose("flow", "flow_year")
    ax = ax or new_axes(5.9, 3.2)
    years = flows["flow_year"].values
    above, below = np.zeros(len(years)), np.zeros(len(years))
    shown = [place for place, row in enumerate(flows.values) if np.any(row != 0.0)]
    for number, place in enumerate(shown):
        values = flows.values[place]
        foot = np.where(values >= 0.0, above, below)
        ax.bar(
            years,
            values,
            bottom=foot,
            width=0.62,
            color=SCENARIO_COLOURS[number],
            hatch=_HATCHES[number],
            edgecolor="white",
            linewidth=0.4,
            label=str(flows[f"flow_{lang}"].values[place]),
        )
        above, below = above + np.maximum(values, 0.0), below + np.minimum(values, 0.0)
    ax.plot(years, flows.sum("flow").values, "D-", color=INK, markersize=4, linewidth=1.2, label=words["net"])
    ax.axhline(0.0, color=INK, linewidth=0.8)
    ax.set_xticks(list(years), [str(year) for year in years])
    pin_ticks(ax, "y")
    ax.set_title(words[kind], loc="left", fontsize=TITLE_SIZE)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8, handlelength=1.4)
    return finish(ax)
