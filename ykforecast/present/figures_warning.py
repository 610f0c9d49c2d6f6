"""Figures of warnings: lamps over time (预警灯号时序), the grid of lamps, and stress (压力情景失业率)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes, pin_ticks
from ykforecast.present.one_scenario import one_scenario
from ykforecast.present.palette import BLUES, INK, LAMP_COLOURS, SCENARIO_COLOURS, TARGET
from ykforecast.present.text import check_language, percent
from ykforecast.present.warning_table import LAMPS_EN
from ykforecast.vocabulary.dims import MONTHS_A_YEAR
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_PER_CENT: Final = 100.0
#: Lamps on which a number is read in white.
_DARK: Final = frozenset({"blue", "red"})


def lamp_series(found: xr.DataTree, scenario: str | None = None, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Probability of each lamp by month, stacked from blue to red.

    Parameters
    ----------
    found : DataTree
        From :func:`ykforecast.warn`.
    scenario : str, optional
        The base by default.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    RequestError
        No such scenario or language.
    """
    check_language(lang)
    data = found["unemployment"].to_dataset()
    data = one_scenario(data, scenario or data.attrs["base"])
    lit = data["lamp_probability"].transpose("lamp", "month").dropna("month")
    ax = ax or new_axes(7.2, 3.5)
    place = range(data.sizes["month"] - lit.sizes["month"], data.sizes["month"])
    labels = lamp_names(data, lang)
    ax.stackplot(place, lit.values * _PER_CENT, colors=list(LAMP_COLOURS.values()), labels=labels, linewidth=0)
    ax.set_ylim(0.0, _PER_CENT)
    ax.set_ylabel("灯号概率（%）" if lang == "zh" else "probability of the lamp, %")
    _month_ticks(ax, data)
    ax.set_title(_title(data, lang, "预警灯号时序", "lamps by month"), loc="left", fontsize=TITLE_SIZE)
    handles, names = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], names[::-1], frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.0)
    pin_ticks(ax, "y")
    return finish(ax)


def lamp_grid(found: xr.DataTree, scenario: str | None = None, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """The likely lamp of every month, a row a year, with its probability in per cent; arguments as `lamp_series`."""
    check_language(lang)
    data = found["unemployment"].to_dataset()
    data = one_scenario(data, scenario or data.attrs["base"])
    years = sorted({month[:4] for month in data["month"].values.tolist()})
    ax = ax or new_axes(6.4, 0.42 * len(years) + 1.2)
    for month, lamp, chance in likely_lamps(data):
        place = int(month[5:]) - 1, years.index(month[:4])
        ax.plot(*place, "o", color=LAMP_COLOURS[lamp], markersize=17, clip_on=False)
        colour = "white" if lamp in _DARK else INK
        ax.text(*place, percent(chance), ha="center", va="center", fontsize=7.0, color=colour)
    ax.set_xlim(-0.6, MONTHS_A_YEAR - 0.4)
    ax.set_ylim(len(years) - 0.4, -0.6)
    ax.set_xticks(range(MONTHS_A_YEAR), [f"{n}月" if lang == "zh" else f"{n}" for n in range(1, MONTHS_A_YEAR + 1)])
    ax.set_yticks(range(len(years)), years)
    ax.tick_params(length=0, labelsize=8.5)
    names = dict(zip(LAMP_COLOURS, lamp_names(data, lang), strict=True))
    for lamp, colour in LAMP_COLOURS.items():
        ax.plot([], [], "o", color=colour, markersize=7, label=names[lamp])
    ax.legend(frameon=False, ncols=len(LAMP_COLOURS), loc="upper center", bbox_to_anchor=(0.5, -0.12), fontsize=8.5)
    title = _title(data, lang, "可能性最大的灯号及其概率（%）", "likely lamp and its probability, %")
    ax.set_title(title, loc="left", fontsize=TITLE_SIZE)
    return finish(ax, frame=False)


def likely_lamps(data: xr.Dataset) -> list[tuple[str, str, float]]:
    """Month, likely lamp and its probability of one scenario, from the first month that has a lamp."""
    lit = data["lamp_probability"].dropna("month")
    lamps = data["likely_lamp"].sel(month=lit["month"]).values.tolist()
    return [
        (month, lamp, float(lit.sel(month=month, lamp=lamp)))
        for month, lamp in zip(lit["month"].values.tolist(), lamps, strict=True)
    ]


def stress_fan(found: xr.DataTree, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Unemployment rate under each shock beside the base: medians and, dotted, nine in ten draws below.

    The band is the 80 % interval of the base, the dashed line that of the breach; arguments as `lamp_series`.
    """
    check_language(lang)
    if "stress" not in found.children:
        raise RequestError(
            "no scenario of stress was run", key="found", value=sorted(found.children), remedy="Add mass-unemployment"
        )
    data = found["stress"].to_dataset()
    ax = ax or new_axes(7.2, 3.6)
    place = range(data.sizes["month"])
    base = data["base_rate"].transpose("quantile", "month").values * _PER_CENT
    ax.fill_between(place, base[0], base[2], color=BLUES[0], linewidth=0)
    ax.plot(place, base[1], color=INK, linewidth=1.6, label="基准" if lang == "zh" else "base")
    for number, scenario in enumerate(data["scenario"].values.tolist()):
        one = data.sel(scenario=scenario)
        _, middle, high = one["rate"].transpose("quantile", "month").values * _PER_CENT
        colour = SCENARIO_COLOURS[number % len(SCENARIO_COLOURS)]
        ax.plot(place, high, color=colour, linewidth=0.9, linestyle=(0, (1, 2)))
        ax.plot(place, middle, color=colour, linewidth=1.6, label=str(one[f"label_{lang}"].item()))
    line = float(found["unemployment"].attrs["breach_line"]) * _PER_CENT
    name = f"警戒线 {line:.1f}%" if lang == "zh" else f"line {line:.1f} %"
    ax.axhline(line, color=TARGET, linewidth=0.9, linestyle=(0, (4, 3)), label=name)
    _month_ticks(ax, data)
    pin_ticks(ax, "y")
    title = (
        "压力情景城镇失业率（%；实线中位数，点线90%分位，底色基准80%区间）",
        "Urban unemployment under stress, % (median; dotted: 90 %)",
    )
    ax.set_title(title[lang == "en"], loc="left", fontsize=TITLE_SIZE)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6)
    return finish(ax)


def lamp_names(data: xr.Dataset, lang: str) -> list[str]:
    """Names of the lamps in the order of :data:`ykforecast.present.palette.LAMP_COLOURS`."""
    return data["lamp_zh"].values.tolist() if lang == "zh" else [LAMPS_EN[name] for name in LAMP_COLOURS]


def _title(data: xr.Dataset, lang: str, zh: str, en: str) -> str:
    name = str(data[f"scenario_{lang}"].item())
    return f"{zh}（{name}）" if lang == "zh" else f"{name}: {en}"


def _month_ticks(ax: Axes, data: xr.Dataset) -> None:
    """One tick a year, at its January."""
    months = data["month"].values.tolist()
    ax.set_xticks(range(0, len(months), MONTHS_A_YEAR), [month[:4] for month in months[::MONTHS_A_YEAR]])
