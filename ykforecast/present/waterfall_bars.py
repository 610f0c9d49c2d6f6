"""Bars one after the other, each from where the one before ended, and their sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.present.palette import BLUES, GREY, INK, TARGET

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def waterfall_bars(
    ax: Axes, names: Sequence[str], steps: Sequence[float], whole: str, text: Callable[[float], str]
) -> None:
    """Draw steps from nought to their sum, first on top; ``whole`` names the sum, ``text`` prints a number."""
    ends = np.cumsum(steps)
    starts = ends - steps
    places = np.arange(len(names) + 1)
    colours = [BLUES[2] if step >= 0.0 else TARGET for step in steps]
    ax.barh(places[:-1], steps, left=starts, color=colours, height=0.6)
    ax.barh(places[-1], ends[-1], color=GREY, height=0.6)
    for place, end in zip(places[:-1], ends, strict=True):
        ax.plot([end, end], [place + 0.3, place + 0.7], color=GREY, linewidth=0.7)
    for place, (step, end) in enumerate(zip([*steps, ends[-1]], [*ends, ends[-1]], strict=True)):
        right = max(end, end - step)
        ax.annotate(text(step), (right, place), (3, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    ax.axvline(0.0, color=GREY, linewidth=0.8)
    ax.set_yticks(places, [*names, whole])
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set_xticks([])
    ax.tick_params(length=0, labelsize=8.5)
