"""How axes look: size, quiet frame, light grid, pinned ticks, the packaged typeface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ykforecast.present.chinese_type import set_type
from ykforecast.present.palette import GREY, RULE
from ykforecast.present.text import unit_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ykforecast.spec.indicator import IndicatorSpec

TITLE_SIZE: Final = 11.0
_CUMULATIVE: Final = {"zh": "{name}累计", "en": "{name} (sum since 2021)"}


def new_axes(width: float = 5.6, height: float = 3.5) -> Axes:
    """Empty axes on a figure that pyplot does not know, in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", dpi=150).subplots()


def year_ticks(ax: Axes, years: Any) -> None:
    """One tick a year; the ticks of the other axis are pinned."""
    ax.set_xticks(list(years), [str(year) for year in years])
    pin_ticks(ax, "y")


def pin_ticks(ax: Axes, which: str) -> None:
    """Pin the ticks: labels made later, while drawing, would come in the default face."""
    axis = ax.yaxis if which == "y" else ax.xaxis
    low, high = ax.get_ylim() if which == "y" else ax.get_xlim()
    ticks = [tick for tick in axis.get_majorticklocs() if low <= tick <= high]
    axis.set_ticks(ticks, axis.get_major_formatter().format_ticks(ticks))


def indicator_title(ax: Axes, spec: IndicatorSpec, lang: str, *, cumulative: bool, size: float = TITLE_SIZE) -> None:
    """Name and unit of an indicator above the axes, and that it is a running sum where it is one."""
    name = spec.label_zh if lang == "zh" else spec.label_en
    if cumulative:
        name = _CUMULATIVE[lang].format(name=name)
    unit = unit_label(spec.unit, lang)
    ax.set_title(f"{name}（{unit}）" if lang == "zh" else f"{name}, {unit}", loc="left", fontsize=size, wrap=True)


def finish(ax: Axes, *, frame: bool = True) -> Axes:
    """Quiet frame, light grid, packaged typeface."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(frame)
        ax.spines[side].set_color(GREY)
    if frame:
        ax.grid(axis="y", color=RULE, linewidth=0.6)
        ax.set_axisbelow(True)
        ax.tick_params(color=GREY, labelsize=8.5)
    set_type(ax)
    return ax
