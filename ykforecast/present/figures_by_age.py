"""Figures over age: the population pyramid and lines by age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ykforecast.present.axes import TITLE_SIZE, finish, new_axes, pin_ticks
from ykforecast.present.palette import INK, SCENARIO_COLOURS
from ykforecast.present.text import check_language
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, LABELS_ZH, LABOUR_STATES
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def pyramid(
    population: xr.DataArray,
    years: Sequence[int] = (BASE_YEAR, HORIZON),
    lang: str = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Population pyramid: the first year as outline, the last one filled.

    Parameters
    ----------
    population : xr.DataArray
        Persons, dims including ``sex``, ``age`` and ``year_end`` (or ``year``), such as ``stocks`` of a run
        kept with ``keep="cohorts"``, one scenario selected. Labour states and residences are summed, stocks
        of insured persons are left out (they are the same people), draws are reduced to their median.
    years : sequence of int
        The two year-ends compared.
    lang, ax
        As for :func:`fan`.
    """
    check_language(lang)
    whole = people_by_age(population)
    axis = "year_end" if "year_end" in whole.dims else "year"
    ax = ax or new_axes(5.6, 4.8)
    before, after = years[0], years[-1]
    ages = whole["age"].values
    sides = {"male": -1.0, "female": 1.0}
    thousands = whole.transpose("sex", axis, "age") / 1e3
    for sex, side in sides.items():
        colour = SCENARIO_COLOURS[0] if sex == "male" else SCENARIO_COLOURS[1]
        now = side * thousands.sel({"sex": sex, axis: after}).values
        then = side * thousands.sel({"sex": sex, axis: before}).values
        ax.barh(ages, now, height=1.0, color=colour, alpha=0.55, linewidth=0)
        edges = [*(ages - 0.5), ages[-1] + 0.5]
        ax.stairs(then, edges, orientation="horizontal", baseline=None, color=INK, linewidth=0.9)
    reach = float(abs(thousands).max()) * 1.08
    ax.set_xlim(-reach, reach)
    ax.set_ylim(ages[0] - 0.5, ages[-1] + 0.5)
    ticks = [tick for tick in ax.get_xticks() if abs(tick) <= reach]
    ax.set_xticks(ticks, [f"{abs(tick):g}" for tick in ticks])
    pin_ticks(ax, "y")
    ax.axvline(0.0, color="white", linewidth=0.8)
    for sex, place in (("male", 0.02), ("female", 0.98)):
        word = LABELS_ZH[sex] if lang == "zh" else sex
        ax.text(place, 0.97, word, transform=ax.transAxes, ha="left" if place < 0.5 else "right", va="top")
    ax.set_xlabel("千人" if lang == "zh" else "thousand persons")
    ax.set_ylabel("年龄" if lang == "zh" else "age")
    words = (
        "年末人口金字塔（线：{0}年末，色块：{1}年末）",
        "Population at the end of {1} (filled) and {0} (line)",
    )
    ax.set_title(words[lang == "en"].format(before, after), loc="left", fontsize=TITLE_SIZE)
    return finish(ax)


def people_by_age(population: xr.DataArray) -> xr.DataArray:
    """Persons by sex, age and year-end of one scenario; parameter and result as :func:`pyramid` says.

    Raises
    ------
    RequestError
        More than one scenario.
    """
    axis = "year_end" if "year_end" in population.dims else "year"
    if population.sizes.get("scenario", 1) > 1:
        raise RequestError(
            "a pyramid shows one scenario",
            key="population",
            value=population["scenario"].values.tolist(),
            remedy="Select one: population.sel(scenario=...)",
        )
    people = population.squeeze("scenario") if "scenario" in population.dims else population
    if "stock" in people.dims:
        people = people.sel(stock=[name for name in (*LABOUR_STATES, "child") if name in people["stock"]])
    keep = {"sex", "age", axis, "draw"}
    whole = people.sum([dim for dim in people.dims if dim not in keep])
    return whole.median("draw") if "draw" in whole.dims else whole


def by_age(
    series: xr.DataArray | Mapping[str, xr.DataArray],
    title: str = "",
    ylabel: str = "",
    lang: str = "zh",
    ax: Axes | None = None,
) -> Axes:
    """Lines over age, one for each entry of a mapping or of the remaining dimension.

    Parameters
    ----------
    series : DataArray or mapping of str to DataArray
        Dim ``age`` and at most one other, draws apart, which are reduced to their median; in a mapping
        ``age`` only.
    title, ylabel : str
        Printed as they are.
    lang, ax
        As for :func:`ykforecast.present.figures.fan`.

    Raises
    ------
    RequestError
        More than one dimension beside ``age``.
    """
    import xarray as xr

    check_language(lang)
    if isinstance(series, xr.DataArray):
        middle = series.median("draw") if "draw" in series.dims else series
        others = [dim for dim in middle.dims if dim != "age"]
        if "age" not in middle.dims or len(others) > 1:
            raise RequestError(
                "a line by age needs the age and at most one other dimension",
                key="series",
                value=tuple(str(dim) for dim in series.dims),
                remedy="Select or sum the others first.",
            )
        lines = {"": middle}
        if others:
            lines = {str(name): middle.sel({others[0]: name}) for name in middle[others[0]].values}
    else:
        lines = dict(series)
    ax = ax or new_axes()
    for number, (name, values) in enumerate(lines.items()):
        label = LABELS_ZH.get(name, name) if lang == "zh" else name
        colour = SCENARIO_COLOURS[number % len(SCENARIO_COLOURS)]
        ax.plot(values["age"].values, values.values, color=colour, linewidth=1.6, label=label)
    ax.margins(x=0.01)
    pin_ticks(ax, "x")
    ax.set_xlabel("年龄" if lang == "zh" else "age")
    ax.set_ylabel(ylabel)
    ax.set_title(title, loc="left", fontsize=TITLE_SIZE)
    if any(lines):
        ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6)
    return finish(ax)
