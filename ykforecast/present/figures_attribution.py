"""Pictures of attribution and sensitivity: a waterfall of parts, bars of Sobol indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes
from ykforecast.present.palette import BLUES, INK, RULE
from ykforecast.present.text import check_language, figure, forecast_decimals, unit_label
from ykforecast.present.waterfall_bars import waterfall_bars
from ykforecast.vocabulary.errors import RequestError
from ykforecast.vocabulary.units import to_base

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from ykforecast.spec.model import ModelSpec

#: Parts below this share of the largest are drawn as one.
_SMALL: Final = 0.02
#: Themes below this total index are not drawn.
_LEAST: Final = 0.005
_WORDS: Final = {
    "zh": {"rest": "其余", "all": "合计", "first": "一阶效应", "total": "总效应", "share": "占2025年结果方差的比重"},
    "en": {
        "rest": "others",
        "all": "all",
        "first": "first order",
        "total": "total",
        "share": "share of the variance in 2025",
    },
}


def waterfall(found: xr.Dataset, key: str, model: ModelSpec, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Parts of one indicator one after the other, from nought to the whole change: means over the draws, which add up.

    Parameters
    ----------
    found : Dataset
        From :func:`ykforecast.attribute`.
    key : str
        Indicator; drawn in the plan's unit.
    model : ModelSpec
        Its registry of indicators.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.

    Raises
    ------
    RequestError
        The indicator is not in ``found``.
    """
    check_language(lang)
    spec, words = model.indicators[key], _WORDS[lang]
    names, steps, decimals = _parts_of(found, key, model, lang)
    ax = ax or new_axes(6.6, 0.34 * len(names) + 1.3)
    waterfall_bars(ax, names, steps, words["all"], lambda step: figure(to_base(step, spec.unit), spec.unit, decimals))
    name, unit = getattr(spec, f"label_{lang}"), unit_label(spec.unit, lang)
    ax.set_title(f"{name}（{unit}）" if lang == "zh" else f"{name}, {unit}", loc="left", fontsize=TITLE_SIZE)
    return finish(ax, frame=False)


def _parts_of(found: xr.Dataset, key: str, model: ModelSpec, lang: str) -> tuple[list[str], list[float], int]:
    """Names and means of the parts of one indicator in the plan's unit, the small ones as one, and their decimals."""
    one, spec, words = _indicator(found, key), model.indicators[key], _WORDS[lang]
    means = one["share"].values.mean(axis=1) / to_base(1.0, spec.unit)
    drawn = np.abs(means) >= _SMALL * np.abs(means).max()
    names = np.array(one[f"part_{lang}"].values)[drawn].tolist()
    steps = means[drawn].tolist()
    rest, decimals = float(means[~drawn].sum()), forecast_decimals(spec.unit, spec.decimals) + 1
    if abs(rest) >= 0.5 * 10.0**-decimals:
        names, steps = [*names, words["rest"]], [*steps, rest]
    return names, steps, decimals


def sobol_bars(found: xr.Dataset, key: str, model: ModelSpec, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """First-order and total index for one indicator of every theme that it hangs on, with 90 % intervals.

    Parameters are those of :func:`waterfall`, with ``found`` from :func:`ykforecast.sensitivity`.
    """
    check_language(lang)
    one, spec, words = _indicator(found, key), model.indicators[key], _WORDS[lang]
    one = one.isel(theme=np.flatnonzero(one["total"].values >= _LEAST))
    names = one[f"theme_{lang}"].values.tolist()
    ax = ax or new_axes(6.6, 0.4 * len(names) + 1.3)
    places = np.arange(len(names))
    for name, shift, colour in (("first", -0.18, BLUES[1]), ("total", 0.18, BLUES[3])):
        low, high = one[f"{name}_interval"].values
        ax.barh(places + shift, one[name].values, color=colour, height=0.34, label=words[name])
        ax.hlines(places + shift, low, high, color=INK, linewidth=0.9)
    ax.set_yticks(places, names)
    ax.invert_yaxis()
    ax.set_xlim(0.0, 1.05)
    ax.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "25%", "50%", "75%", "100%"])
    ax.grid(axis="x", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=8.5)
    title = f"{spec.label_zh}：{words['share']}" if lang == "zh" else f"{spec.label_en}: {words['share']}"
    ax.set_title(title, loc="left", fontsize=TITLE_SIZE)
    ax.legend(frameon=False, loc="lower right", fontsize=8.5)
    return finish(ax, frame=False)


def _indicator(found: xr.Dataset, key: str) -> xr.Dataset:
    keys = found["indicator"].values.tolist()
    if key not in keys:
        raise RequestError("not in the result", key="indicator", value=key, remedy=f"One of {keys}.")
    return found.sel(indicator=key)
