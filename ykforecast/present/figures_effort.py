"""Effort and chance: the probability of meeting the targets as a function of the dose (力度与达标概率)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes, pin_ticks
from ykforecast.present.doses import UNITS, shown_dose
from ykforecast.present.palette import BLUES, GREY, INK, TARGET
from ykforecast.present.text import check_language, percent, printed_target, unit_label

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def effort_curve(answer: xr.Dataset, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Curve from effort to probability, with the probability asked for and the dose that reaches it.

    Parameters
    ----------
    answer : xr.Dataset
        From :func:`ykforecast.seek`. The axis is the dose of a single lever, or the position along a mix of several.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        The band is twice the Monte Carlo standard error; the bar is the 95 % interval of the dose.
    """
    check_language(lang)
    ax = ax or new_axes(6.0, 3.6)
    single = answer.sizes["lever"] == 1
    unit = str(answer["dose_unit"][0].item())

    chance, error = answer["curve_probability"].values, answer["curve_error"].values
    doses = curve_doses(answer)
    ax.fill_between(doses, 100 * (chance - 2 * error), 100 * (chance + 2 * error), color=BLUES[0], linewidth=0)
    ax.plot(doses, 100 * chance, "-", color=BLUES[-1], linewidth=1.8, marker="o", markersize=2.5)
    asked = answer.attrs["asked_probability"]
    ax.axhline(100 * asked, color=TARGET, linewidth=0.9, linestyle=(0, (4, 3)))
    base = answer["base_probability"].item()
    ax.axhline(100 * base, color=GREY, linewidth=0.9, linestyle=(0, (1, 2)))
    here, found = _shown_doses(answer, answer["dose"], answer["share"])[0], answer["probability"].item()
    ax.plot([here], [100 * found], "D", color=TARGET if answer["reached"] else INK, markersize=5.5, zorder=6)
    if single and bool(answer["reached"]):
        ends = [min(shown_dose(float(end), unit), doses[-1]) for end in answer["dose_interval"].isel(lever=0).values]
        ax.plot(ends, [100 * asked] * 2, color=TARGET, linewidth=3.0, alpha=0.35, solid_capstyle="butt")
    ax.set_ylim(0.0, 103.0)
    words = {
        "zh": (f"所求概率 {percent(asked)}%", f"基础情景 {percent(base)}%"),
        "en": (f"asked for {percent(asked)} %", f"base scenario {percent(base)} %"),
    }[lang]
    for value, text, colour in zip((asked, base), words, (TARGET, GREY), strict=True):
        ax.text(doses[-1], 100 * value + 1.5, text, ha="right", va="bottom", fontsize=8, color=colour)
    ax.set_xlabel(dose_axis(answer, lang), fontsize=9)
    ax.set_ylabel("达标概率（%）" if lang == "zh" else "probability, %", fontsize=9)
    ax.set_title(_title(answer, lang), loc="left", fontsize=TITLE_SIZE, wrap=True)
    pin_ticks(ax, "x")
    ax.set_yticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    return finish(ax)


def _shown_doses(answer: xr.Dataset, doses: xr.DataArray, shares: xr.DataArray) -> list[float]:
    """Positions on the axis: doses of a single lever as they are shown, or shares of a mix in per cent."""
    if answer.sizes["lever"] > 1:
        return [100.0 * float(share) for share in shares.values.ravel()]
    unit = str(answer["dose_unit"][0].item())
    return [shown_dose(float(dose), unit) for dose in doses.isel(lever=0).values.ravel()]


def curve_doses(answer: xr.Dataset) -> list[float]:
    """Positions of the doses that were tried on the axis that :func:`dose_axis` names."""
    return _shown_doses(answer, answer["curve_dose"], answer["curve_share"])


def dose_axis(answer: xr.Dataset, lang: str) -> str:
    """What the axis of doses counts: a single lever in its unit, or all doses of a mix together."""
    if answer.sizes["lever"] > 1:
        return "各项力度同步增加（%）" if lang == "zh" else "all doses rising together, %"
    name = str(answer[f"lever_{lang}"][0].item())
    behind = UNITS[lang][str(answer["dose_unit"][0].item())]
    return f"{name}（{behind}）" if lang == "zh" else f"{name}, {behind}"


def _title(answer: xr.Dataset, lang: str) -> str:
    if answer.sizes["target"] > 1:
        count = answer.sizes["target"]
        return f"{count}项指标全部达标的概率" if lang == "zh" else f"Probability that all {count} targets are met"
    one = answer.isel(target=0)
    target = printed_target(str(one["target_printed"].item()), lang)
    unit = unit_label(str(one["printed_unit"].item()), lang)
    name = str(one[f"label_{lang}"].item())
    return (
        f"{name}达到{target}{unit}的概率"
        if lang == "zh"
        else f"{name}: probability of reaching {target} {unit}".rstrip()
    )
