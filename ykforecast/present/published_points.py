"""Published figures of an indicator as points on its fan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ykforecast.present.palette import INK
from ykforecast.vocabulary.dims import BASE_YEAR, MONTHS_A_YEAR
from ykforecast.vocabulary.units import to_base

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

_WORDS: Final = {
    "zh": {True: "公布数", False: "公布数（口径有变）"},
    "en": {True: "published", False: "published, other definition"},
}


def published_points(
    ax: Axes, key: str, model: ModelSpec, observations: Sequence[Observation], lang: str = "zh"
) -> None:
    """Mark published figures in the plan's unit: filled as of the base year's definition, hollow as of another.

    Where the target is a sum of five years, running sums are marked as far as every year is known. A figure of part of
    a year is marked at its month where it is a stock, and left out where it is a flow.
    """
    spec, target = model.indicators[key], model.targets[key]
    if key not in model.observations:
        return
    # A yearbook's count of the same quantity is a figure of the indicator too.
    measured = model.observations[key].quantity
    figures = [one for one in observations if one.quantity == measured and one.kind == "level"]
    points: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for one in figures:
        base = model.observations[one.series].definition(BASE_YEAR)
        same = base is not None and one.definition == base.name
        if target.basis == "cumulative":
            found = _running_sum(one, figures)
        elif one.basis == "level" and (target.basis == "level" or one.month in {None, MONTHS_A_YEAR}):
            found = (one.year - 1 + (one.month or MONTHS_A_YEAR) / MONTHS_A_YEAR, one.value)
        else:
            continue
        if found is not None:
            points[same].append((found[0], found[1] / to_base(1.0, spec.unit)))
    for same, marked in points.items():
        if marked:
            face = INK if same else "white"
            years, values = zip(*sorted(marked), strict=True)
            label = _WORDS[lang][same]
            ax.plot(years, values, "o", color=INK, markerfacecolor=face, markersize=4.5, zorder=5, label=label)


def _running_sum(one: Observation, figures: Sequence[Observation]) -> tuple[float, float] | None:
    """Sum since the base year up to the year of a figure; None where a year is missing or not over."""
    if one.month not in {None, MONTHS_A_YEAR}:
        return None
    if one.first_year == BASE_YEAR + 1:
        return one.year, one.value
    yearly = {other.year: other.value for other in figures if other.basis == "level" and other.month in {None, 12}}
    wanted = range(BASE_YEAR + 1, one.year + 1)
    return (one.year, sum(yearly[year] for year in wanted)) if all(year in yearly for year in wanted) else None
