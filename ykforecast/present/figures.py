"""Figures of the forecast: each function draws on axes it is given, or on its own, and returns them.

Nothing global is touched: no pyplot, no rcParams, no registered font. ``ax.figure.savefig(...)`` writes
the picture, and a notebook shows ``ax.figure``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.evaluation import scenario_labels
from ykforecast.present.axes import TITLE_SIZE, finish, indicator_title, new_axes, year_ticks
from ykforecast.present.one_scenario import one_scenario
from ykforecast.present.palette import BLUES, CLASS_COLOURS, INK, RULE, SCENARIO_COLOURS, TARGET
from ykforecast.present.published_points import published_points
from ykforecast.present.text import CLASSES_EN, check_language, percent, printed_target
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.errors import RequestError, nearest
from ykforecast.vocabulary.units import to_base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from matplotlib.axes import Axes

    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation
    from ykforecast.spec.target import TargetSpec

#: Central intervals of a fan, widest first, so that the darker ones lie on top.
FAN_LEVELS: Final = (0.95, 0.80, 0.50)


def fan(
    indicators: xr.Dataset,
    key: str,
    model: ModelSpec,
    scenario: str | None = None,
    lang: str = "zh",
    ax: Axes | None = None,
    *,
    observations: Sequence[Observation] = (),
    compact: bool = False,
) -> Axes:
    """Fan of one indicator: median, 50, 80 and 95 % intervals, the printed base, published figures and the target.

    Parameters
    ----------
    indicators : xr.Dataset
        The 16 keys, dims (scenario, draw, year), base units; drawn in the plan's units.
    key : str
        Indicator. Where the target is a five-year sum, the sums since 2021 are drawn.
    model : ModelSpec
        Its registries of indicators and targets.
    scenario : str, optional
        Needed when ``indicators`` holds more than one.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.
    observations : sequence of Observation
        Published figures; those of this indicator are drawn as points, hollow where the definition is not that
        of the base year.
    compact : bool
        Without legend, for small multiples.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    RequestError
        No such indicator, scenario or language.
    """
    check_language(lang)
    spec, target = _spec(model, key), model.targets[key]
    series = _series(indicators, key, model, scenario)
    ax = ax or new_axes()
    years = series["year"].values
    tails = [(0.5 - level / 2.0, 0.5 + level / 2.0) for level in FAN_LEVELS]
    for (low, high), level, colour in zip(tails, FAN_LEVELS, BLUES, strict=False):
        band = series.quantile([low, high], dim="draw", skipna=False).values
        ax.fill_between(years, band[0], band[1], color=colour, linewidth=0, label=f"{100 * level:.0f}%")
    middle = series.median("draw", skipna=False).values
    ax.plot(years, middle, color=BLUES[-1], linewidth=1.8, label="中位数" if lang == "zh" else "median")
    if years[0] == BASE_YEAR and target.base is not None:
        ax.plot([BASE_YEAR], [target.base / to_base(1.0, spec.unit)], "o", color=INK, markersize=4.5, zorder=5)
    published_points(ax, key, model, observations, lang)
    value = target.value / to_base(1.0, spec.unit)
    ax.plot([HORIZON], [value], "D", color=TARGET, markersize=5, zorder=6, clip_on=False)
    ax.axhline(value, color=TARGET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    ax.plot([], [], "D--", color=TARGET, markersize=4, linewidth=0.9, label=target_label(target, lang))
    ax.margins(x=0.04)
    year_ticks(ax, years)
    indicator_title(ax, spec, lang, cumulative=target.basis == "cumulative", size=8.0 if compact else TITLE_SIZE)
    if not compact:
        ax.legend(frameon=False, ncols=1, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6)
    return finish(ax)


def scenario_comparison(
    indicators: xr.Dataset, key: str, model: ModelSpec, lang: str = "zh", ax: Axes | None = None
) -> Axes:
    """Medians of every scenario with their 80 % intervals, one indicator.

    Parameters are those of :func:`fan`; every scenario of ``indicators`` is drawn.
    """
    check_language(lang)
    spec, target = _spec(model, key), model.targets[key]
    ax = ax or new_axes(6.2, 3.5)
    names = indicators["scenario"].values.tolist()
    labels = scenario_labels(indicators, model, lang)
    years: Any = None
    for number, (name, label) in enumerate(zip(names, labels, strict=True)):
        colour = SCENARIO_COLOURS[number % len(SCENARIO_COLOURS)]
        series = _series(indicators, key, model, name)
        years = series["year"].values
        low, middle, high = series.quantile([0.1, 0.5, 0.9], dim="draw", skipna=False).values
        ax.fill_between(years, low, high, color=colour, alpha=0.15, linewidth=0)
        ax.plot(years, middle, color=colour, linewidth=1.8, label=label)
    value = target.value / to_base(1.0, spec.unit)
    ax.axhline(value, color=TARGET, linewidth=0.9, linestyle=(0, (4, 3)), label=target_label(target, lang))
    year_ticks(ax, years)
    indicator_title(ax, spec, lang, cumulative=target.basis == "cumulative")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6)
    return finish(ax)


def attainment_bars(card: xr.Dataset, scenario: str | None = None, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Probability of attainment of every indicator, coloured by its class; • marks the binding ones.

    Parameters
    ----------
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate`.
    scenario, lang, ax
        As for :func:`fan`.
    """
    from matplotlib.patches import Patch

    check_language(lang)
    one = one_scenario(card, scenario)
    ax = ax or new_axes(7.4, 4.0)
    chances, verdicts = one["probability"].values.tolist(), one["class"].values.tolist()
    places = list(range(len(chances)))
    ax.barh(places, [1.0] * len(places), color=RULE, height=0.62)
    ax.barh(places, chances, color=[CLASS_COLOURS[verdict] for verdict in verdicts], height=0.62)
    for place, chance in zip(places, chances, strict=True):
        inside = chance > 0.12
        ax.text(
            chance + (-0.012 if inside else 0.012),
            place,
            f"{percent(chance)}%",
            ha="right" if inside else "left",
            va="center",
            color="white" if inside else INK,
            fontsize=8,
        )
    named = zip(one["nature"].values.tolist(), one[f"label_{lang}"].values.tolist(), strict=True)
    marks = [("• " if nature == "binding" else "") + name for nature, name in named]
    ax.set_yticks(places, marks)
    ax.invert_yaxis()
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "25%", "50%", "75%", "100%"])
    ax.tick_params(length=0, labelsize=8.5)
    title = ("2025年完成目标的概率（• 约束性指标）", "Probability of attainment in 2025 (• binding)")[lang == "en"]
    ax.set_title(title, loc="left", fontsize=TITLE_SIZE)
    shown = [name for name in CLASSES_EN if name in verdicts]
    words = {name: name if lang == "zh" else CLASSES_EN[name] for name in shown}
    ax.legend(
        handles=[Patch(color=CLASS_COLOURS[name], label=word) for name, word in words.items()],
        frameon=False,
        ncols=len(shown),
        loc="upper left",
        bbox_to_anchor=(0.0, -0.05),
        handlelength=1.0,
    )
    return finish(ax, frame=False)


def panel(
    indicators: xr.Dataset,
    model: ModelSpec,
    scenario: str | None = None,
    lang: str = "zh",
    observations: Sequence[Observation] = (),
) -> np.ndarray[Any, Any]:
    """Sixteen fans on one sheet, in the order of the plan; published figures as points where they are given.

    Returns
    -------
    ndarray of Axes
        Four rows of four; ``axes[0, 0].figure`` is the sheet.
    """
    import numpy as np
    from matplotlib.figure import Figure

    keys = list(model.indicators)
    rows = -(-len(keys) // 4)
    sheet = Figure(figsize=(13.2, 2.45 * rows), layout="constrained", dpi=130)
    axes = np.atleast_2d(sheet.subplots(rows, 4))
    for ax, key in zip(axes.flat, keys, strict=False):
        fan(indicators, key, model, scenario, lang, ax, observations=observations, compact=True)
    for ax in axes.flat[len(keys) :]:
        ax.set_axis_off()
    return np.asarray(axes)


def target_label(target: TargetSpec, lang: str) -> str:
    """Target as a legend names it."""
    return f"{'目标' if lang == 'zh' else 'target'} {printed_target(target.printed, lang)}"


def _spec(model: ModelSpec, key: str) -> Any:
    if key not in model.indicators:
        raise RequestError("no such indicator", key="key", value=key, remedy=nearest(key, model.indicators))
    return model.indicators[key]


def _series(indicators: xr.Dataset, key: str, model: ModelSpec, scenario: str | None) -> xr.DataArray:
    """Draws by year in the plan's units; sums since 2021 where the target is a sum."""
    spec = _spec(model, key)
    series = one_scenario(indicators[key], scenario) / to_base(1.0, spec.unit)
    if model.targets[key].basis == "cumulative":
        series = series.sel(year=slice(BASE_YEAR + 1, HORIZON)).cumsum("year")
    paths: xr.DataArray = series.transpose("draw", "year")
    return paths
