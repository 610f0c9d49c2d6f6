"""Figures of the dossier: fans and comparisons of scenarios from the quantiles that it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ykforecast.present.axes import finish, indicator_title, new_axes, year_ticks
from ykforecast.present.figures import FAN_LEVELS, target_label
from ykforecast.present.palette import BLUES, INK, SCENARIO_COLOURS, TARGET
from ykforecast.present.text import check_language
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.units import to_base

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from ykforecast.spec.model import ModelSpec

#: Inches: two of them with the text between stand on a page of a report.
SIZE: Final = (6.2, 2.65)


def fan_of_paths(
    paths: xr.Dataset, key: str, model: ModelSpec, scenario: str, lang: str = "zh", ax: Axes | None = None
) -> Axes:
    """Fan of one indicator as `present.figures.fan` draws it, from quantiles instead of draws.

    Parameters
    ----------
    paths : Dataset
        Of `assess.dossier.indicator_paths`.
    key : str
    model : ModelSpec
    scenario : str
        In ``paths``.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    check_language(lang)
    spec, target = model.indicators[key], model.targets[key]
    series = _series(paths, key, model).sel(scenario=scenario)
    ax = ax or new_axes(*SIZE)
    years = series["year"].values
    for level, colour in zip(FAN_LEVELS, BLUES, strict=False):
        low, high = (series.sel(quantile=0.5 + side * level / 2.0, method="nearest") for side in (-1.0, 1.0))
        ax.fill_between(years, low, high, color=colour, linewidth=0, label=f"{100 * level:.0f}%")
    middle = "中位数" if lang == "zh" else "median"
    ax.plot(years, series.sel(quantile=0.5), color=BLUES[-1], linewidth=1.8, label=middle)
    if years[0] == BASE_YEAR and target.base is not None:
        ax.plot([BASE_YEAR], [target.base / to_base(1.0, spec.unit)], "o", color=INK, markersize=4.5, zorder=5)
    _with_target(ax, key, model, lang)
    ax.margins(x=0.04)
    return _finished(ax, years, key, model, lang)


def scenarios_of_paths(paths: xr.Dataset, key: str, model: ModelSpec, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Medians of every scenario with their 80 % intervals, one indicator; parameters as for :func:`fan_of_paths`."""
    check_language(lang)
    series = _series(paths, key, model)
    ax = ax or new_axes(*SIZE)
    for number, name in enumerate(series["scenario"].values.tolist()):
        one, colour = series.sel(scenario=name), SCENARIO_COLOURS[number % len(SCENARIO_COLOURS)]
        low, middle, high = (one.sel(quantile=level) for level in (0.1, 0.5, 0.9))
        ax.fill_between(one["year"], low, high, color=colour, alpha=0.15, linewidth=0)
        label = model.scenarios[name].label(lang) if name in model.scenarios else name
        ax.plot(one["year"], middle, color=colour, linewidth=1.8, label=label)
    _with_target(ax, key, model, lang)
    return _finished(ax, series["year"].values, key, model, lang)


def _series(paths: xr.Dataset, key: str, model: ModelSpec) -> xr.DataArray:
    """Quantiles in the plan's units, the sums since 2021 where the target is a sum."""
    kind = "cumulated" if model.targets[key].basis == "cumulative" else "value"
    values: xr.DataArray = paths[kind].sel(indicator=key) / to_base(1.0, model.indicators[key].unit)
    return values.sel(year=slice(BASE_YEAR + 1, HORIZON)) if kind == "cumulated" else values


def _with_target(ax: Axes, key: str, model: ModelSpec, lang: str) -> None:
    target = model.targets[key]
    value = target.value / to_base(1.0, model.indicators[key].unit)
    ax.axhline(value, color=TARGET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    label = target_label(target, lang)
    ax.plot([HORIZON], [value], "D", color=TARGET, markersize=5, zorder=6, clip_on=False, label=label)


def _finished(ax: Axes, years: object, key: str, model: ModelSpec, lang: str) -> Axes:
    year_ticks(ax, years)
    indicator_title(ax, model.indicators[key], lang, cumulative=model.targets[key].basis == "cumulative")
    ax.legend(frameon=False, ncols=1, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6)
    return finish(ax)
