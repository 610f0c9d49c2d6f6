"""The forest of paired differences: what the second of two scenarios changes of each probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes
from ykforecast.present.palette import BLUES, GREY, INK, RULE
from ykforecast.present.text import check_language, forecast_decimals, signed, unit_label, wrapped

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_WORDS: Final = {
    "zh": {
        "title": "{second}减{first}：完成概率之差",
        "axis": "百分点（横线为抽样误差的两倍）",
        "column": "目标口径之差（80%区间）",
    },
    "en": {
        "title": "{second} less {first}:\nprobability of attainment",
        "axis": "points (bars: 2 Monte Carlo errors)",
        "column": "on the target's basis (80 %)",
    },
}


def forest(found: xr.Dataset, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Change of the probability of each indicator with its error, and beside it that of the outcome in its own unit.

    Parameters
    ----------
    found : xr.Dataset
        From :func:`ykforecast.difference`.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.
    """
    check_language(lang)
    words = _WORDS[lang]
    ax = ax or new_axes(5.9, 4.9)
    change, error = 100 * found["probability_change"].values, 100 * found["probability_change_error"].values
    places = np.arange(len(change))
    reach = max(float(np.max(np.abs(change) + 2 * error)), 1.0)
    ax.axvline(0.0, color=GREY, linewidth=0.9)
    ax.hlines(places, change - 2 * error, change + 2 * error, color=INK, linewidth=1.1)
    ax.plot(change, places, "s", color=BLUES[3], markersize=5, zorder=4)
    bounds = found["outcome_change_interval"].sel(level=0.80)
    for place, key in enumerate(found["indicator"].values.tolist()):
        here = found.sel(indicator=key)
        unit = str(here["printed_unit"].item())
        decimals = forecast_decimals(unit, int(here["decimals"])) + 1
        middle = signed(float(here["outcome_change"]), unit, decimals)
        low, high = (signed(float(end), unit, decimals) for end in bounds.sel(indicator=key).values)
        text = f"{middle}（{low}~{high}）{unit_label(unit)}" if lang == "zh" else f"{middle} ({low}~{high}) {unit}"
        ax.annotate(
            text,
            (1.02, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
            color=INK,
            annotation_clip=False,
        )
    ax.annotate(
        words["column"],
        (1.02, -1.0),
        xycoords=("axes fraction", "data"),
        va="center",
        fontsize=7.5,
        color=GREY,
        annotation_clip=False,
    )
    ax.set_xlim(-1.1 * reach, 1.1 * reach)
    ticks = [tick for tick in ax.get_xticks() if abs(tick) <= 1.1 * reach]
    ax.set_xticks(ticks, [f"{tick:+g}" if tick else "0" for tick in ticks])
    ax.set_xlabel(words["axis"], fontsize=8.5)
    ax.set_yticks(places, [wrapped(name, 30) for name in found[f"label_{lang}"].values.tolist()])
    ax.set_ylim(len(places) - 0.4, -0.6)
    ax.grid(axis="both", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=8.0 if lang == "zh" else 7.0)
    first, second = found[f"scenario_{lang}"].values.tolist()
    ax.set_title(words["title"].format(first=first, second=second), loc="left", fontsize=TITLE_SIZE - 1, pad=16)
    return finish(ax, frame=False)
