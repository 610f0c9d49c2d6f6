"""Progress against time (进度对比): how much of the planned change is made, beside the time that has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes
from ykforecast.present.palette import CLASS_COLOURS, GREY, INK, RULE
from ykforecast.present.text import check_language, percent
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

#: Progress beyond these ends is drawn at the end, with its figure beside it.
_ENDS: Final = (-0.25, 1.5)


def progress_dumbbells(card: xr.Dataset, scenario: str, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Progress of every indicator that has one, joined to the time elapsed; coloured by class.

    Parameters
    ----------
    card : Dataset
        Scorecard of :func:`ykforecast.evaluate` at a date after the base date.
    scenario : str
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    RequestError
        No indicator has progress: nothing is realised at the date of the card.
    """
    check_language(lang)
    one = card.sel(scenario=scenario)
    shown = one.isel(indicator=one["progress"].notnull().values)
    if not shown.sizes["indicator"]:
        raise RequestError("nothing is realised", key="as_of", value=card.attrs["as_of"], remedy="Give a later date")
    elapsed = float(card["elapsed"])
    ax = ax or new_axes(6.4, 0.6 + 0.3 * shown.sizes["indicator"])
    for place, (made, verdict) in enumerate(zip(shown["progress"].values, shown["class"].values, strict=True)):
        drawn = min(max(float(made), _ENDS[0]), _ENDS[1])
        ax.plot([elapsed, drawn], [place, place], color=RULE, linewidth=2.5, zorder=1)
        ax.plot([drawn], [place], "o", color=CLASS_COLOURS[verdict], markersize=7, zorder=3)
        side = 1.0 if drawn >= elapsed else -1.0
        said = percent(float(made)) if 0.0 <= made < 1.0 else f"{100.0 * made:.0f}"
        align = "left" if side > 0 else "right"
        ax.text(drawn + 0.03 * side, place, f"{said}%", ha=align, va="center", color=INK, fontsize=8)
    ax.axvline(elapsed, color=GREY, linewidth=1.0, linestyle=(0, (4, 3)))
    names = shown[f"label_{lang}"].values.tolist()
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(_ENDS[0] - 0.15, _ENDS[1] + 0.2)
    ax.set_xticks([0.0, 0.5, 1.0], ["0", "50%", "100%"])
    ax.tick_params(length=0, labelsize=8.5)
    words = {"zh": "实现进度（虚线：时间进度{}%）", "en": "progress (dashed: time elapsed, {} %)"}
    text = words[lang].format(percent(elapsed))
    ax.set_title(text, loc="left", fontsize=TITLE_SIZE)
    return finish(ax, frame=False)
