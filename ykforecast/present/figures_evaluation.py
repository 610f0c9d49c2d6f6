"""Figures of the mid-term evaluation: progress against time, and the sixteen classes as lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes
from ykforecast.present.one_scenario import one_scenario
from ykforecast.present.palette import CLASS_COLOURS, GREY, INK, RULE
from ykforecast.present.text import CLASSES_EN, check_language, percent, wrapped
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

#: Shapes of the classes, so that they are told apart in grey print.
CLASS_MARKS: Final = {"提前实现": "*", "快于预期": "^", "基本符合预期": "o", "滞后": "v"}
_SIZES: Final = {"*": 1.35, "^": 1.0, "o": 1.0, "v": 1.0}
#: Progress beyond these ends is drawn at them, with its number.
_ENDS: Final = (-0.5, 1.5)
_WORDS: Final = {
    "zh": {
        "progress": "实现进度与时间进度（截至{as_of}，时间进度{elapsed}%）",
        "none": "不宜计算进度",
        "share": "实现进度（%）",
        "lamps": "十六项指标评估类别（{counts}）",
        "chance": "完成概率{chance}%",
    },
    "en": {
        "progress": "Progress against time, {as_of} (time: {elapsed} %)",
        "none": "no ramp",
        "share": "progress, %",
        "lamps": "Classes of the sixteen indicators ({counts})",
        "chance": "probability {chance} %",
    },
}


def progress_dumbbell(card: xr.Dataset, scenario: str | None = None, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Progress of every indicator against elapsed time: a line from the one to the other, marked by its class.

    Parameters
    ----------
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate` with ``as_of``.
    scenario : str, optional
        Needed when ``card`` holds more than one.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.

    Raises
    ------
    RequestError
        No time has passed yet: a scorecard without ``as_of``.
    """
    check_language(lang)
    one, words = one_scenario(card, scenario), _WORDS[lang]
    passed = float(card["elapsed"])
    if not passed:
        remedy = 'Give a day: yk.evaluate(runs, as_of="2023-06-30")'
        raise RequestError("no time has passed that progress could be held against", key="as_of", remedy=remedy)
    ax = ax or new_axes(5.9, 4.9)
    names, verdicts = marked_names(one, lang), one["class"].values.tolist()
    for place, (progress, verdict) in enumerate(zip(one["progress"].values.tolist(), verdicts, strict=True)):
        if np.isnan(progress):
            ax.text(passed + 0.03, place, words["none"], va="center", fontsize=7.5, color=GREY)
            continue
        shown = float(np.clip(progress, *_ENDS))
        mark = CLASS_MARKS[verdict]
        ax.plot([passed, shown], [place, place], color=GREY, linewidth=1.6, zorder=2)
        ax.plot(
            [shown], [place], mark, color=CLASS_COLOURS[verdict], markersize=8 * _SIZES[mark], zorder=4, clip_on=False
        )
        ahead = shown >= passed
        ax.annotate(
            f"{100 * progress:.0f}",
            (shown, place),
            (8 if ahead else -8, 0),
            textcoords="offset points",
            ha="left" if ahead else "right",
            va="center",
            fontsize=8,
        )
    ax.axvline(passed, color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    drawn = np.clip(one["progress"].values, *_ENDS)
    low, high = min(np.nanmin(drawn, initial=0.0), 0.0), max(np.nanmax(drawn, initial=1.0), 1.0)
    ax.set_xlim(low - 0.12, high + 0.14)
    ticks = [tick for tick in (-0.5, 0.0, 0.5, 1.0, 1.5) if low <= tick <= high]
    ax.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    ax.set_xlabel(words["share"], fontsize=8.5)
    ax.set_yticks(range(len(names)), [wrapped(name, 34) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(axis="both", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=8.0 if lang == "zh" else 7.0)
    title = words["progress"].format(as_of=card.attrs["as_of"], elapsed=percent(passed))
    ax.set_title(title, loc="left", fontsize=TITLE_SIZE - 1)
    ax.legend(
        handles=_class_handles(verdicts, lang),
        frameon=False,
        ncols=4,
        loc="upper right",
        bbox_to_anchor=(1.0, -0.1),
        handlelength=1.0,
        columnspacing=1.2,
        fontsize=8.5,
    )
    return finish(ax, frame=False)


def lamps(card: xr.Dataset, scenario: str | None = None, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Sixteen indicators as lamps in the order of the plan: class by colour and shape, with the probability.

    Parameters as for :func:`progress_dumbbell`; ``as_of`` is not needed.
    """
    check_language(lang)
    one, words = one_scenario(card, scenario), _WORDS[lang]
    ax = ax or new_axes(5.9, 4.6)
    columns = 2
    rows = -(-one.sizes["indicator"] // columns)
    verdicts, chances = one["class"].values.tolist(), one["probability"].values.tolist()
    for place, (name, verdict, chance) in enumerate(zip(marked_names(one, lang), verdicts, chances, strict=True)):
        column, row = divmod(place, rows)
        mark = CLASS_MARKS[verdict]
        ax.plot([column], [row], mark, color=CLASS_COLOURS[verdict], markersize=13 * _SIZES[mark], clip_on=False)
        ax.text(column + 0.07, row + 0.05, wrapped(name, 42), va="bottom", fontsize=8.5 if lang == "zh" else 7.0)
        word = verdict if lang == "zh" else CLASSES_EN[verdict]
        said = f"{word} · {words['chance'].format(chance=percent(chance))}"
        ax.text(column + 0.07, row + 0.12, said, va="top", fontsize=7.5, color=GREY)
    ax.set_xlim(-0.06, columns - 0.06)
    ax.set_ylim(rows - 0.45, -0.55)
    ax.set_xticks([])
    ax.set_yticks([])
    words_of = {name: name if lang == "zh" else CLASSES_EN[name] for name in CLASS_MARKS}
    counts = ("、" if lang == "zh" else ", ").join(f"{words_of[name]} {verdicts.count(name)}" for name in CLASS_MARKS)
    ax.set_title(words["lamps"].format(counts=counts), loc="left", fontsize=TITLE_SIZE - 1)
    return finish(ax, frame=False)


def marked_names(one: xr.Dataset, lang: str) -> list[str]:
    """Names of the indicators, • before the binding ones."""
    named = zip(one["nature"].values.tolist(), one[f"label_{lang}"].values.tolist(), strict=True)
    return [("• " if nature == "binding" else "") + name for nature, name in named]


def _class_handles(verdicts: list[str], lang: str) -> list[Line2D]:
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [],
            [],
            marker=mark,
            linestyle="",
            color=CLASS_COLOURS[name],
            markersize=7 * _SIZES[mark],
            label=name if lang == "zh" else CLASSES_EN[name],
        )
        for name, mark in CLASS_MARKS.items()
        if name in verdicts
    ]
