"""Everything a mid-term evaluation quotes, gathered from one run: the dossier (评估卷宗).

Documents read the dossier and nothing else, so that each figure they print has one place in the results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ykforecast.spec.model import PLAN_SCENARIO

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec


@dataclass(frozen=True)
class Dossier:
    """Results of one run, ready to be quoted.

    Attributes
    ----------
    model : ModelSpec
    card : Dataset
        Scorecard of :func:`ykforecast.evaluate`.
    paths : Dataset
        Yearly quantiles of every indicator: see :func:`indicator_paths`.
    groups : mapping of str to Dataset
        Further analyses by name, as many as were made: those of :data:`ykforecast.assess.gathering.GROUPS`,
        ``since_last`` where there is a previous forecast, ``effort_KEY`` of each indicator behind, and of early warning
        ``warning``, ``warning_skill``, ``warning_history``, ``plan_warning`` and ``stress``. A chapter
        without its group says that it was not computed.
    run : mapping
        What the run was made of: the manifest.
    """

    model: ModelSpec
    card: xr.Dataset
    paths: xr.Dataset
    groups: Mapping[str, xr.Dataset] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)

    def tree(self) -> xr.DataTree:
        """All groups under the names that cells of a document name: ``scorecard``, ``paths`` and the others."""
        import xarray as xr

        plain = {
            name: xr.Dataset(group.data_vars, coords=group.coords, attrs=group.attrs) for name, group in self._all()
        }
        return xr.DataTree.from_dict(plain)

    def _all(self) -> list[tuple[str, xr.Dataset]]:
        return [("scorecard", self.card), ("paths", self.paths), *self.groups.items()]


def main_scenario(scenarios: Sequence[str]) -> str:
    """Scenario that a report speaks of: the plan's where it was run, else the last."""
    return PLAN_SCENARIO if PLAN_SCENARIO in scenarios else scenarios[-1]


def base_scenario(scenarios: Sequence[str]) -> str | None:
    """Scenario that a report compares it with: the first other one."""
    return next((name for name in scenarios if name != main_scenario(scenarios)), None)


def indicator_paths(indicators: xr.Dataset, model: ModelSpec) -> xr.Dataset:
    """Quantiles of every indicator by year.

    Parameters
    ----------
    indicators : Dataset
        Of :func:`ykforecast.indicators`, dims (scenario, draw, year).
    model : ModelSpec

    Returns
    -------
    Dataset
        ``value`` by (scenario, indicator, year, quantile), base units of each indicator; where the target is a sum of
        five years also ``cumulated``, the sums since 2021. Quantiles .025, .1, .25, .5, .75, .9, .975.
    """
    import xarray as xr

    from ykforecast.assess.indicator_labels import indicator_labels
    from ykforecast.vocabulary.dims import YEARS

    levels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]
    keys = list(model.indicators)
    series = indicators[keys].to_dataarray("indicator")
    sums = series.sel(year=list(YEARS)).cumsum("year")
    sums["year"] = list(YEARS)
    found = {"value": series, "cumulated": sums.reindex(year=series["year"])}
    order = ("scenario", "indicator", "year", "quantile")
    paths = xr.Dataset(
        {name: values.quantile(levels, dim="draw", skipna=False).transpose(*order) for name, values in found.items()},
        coords=indicator_labels(model),
    )
    for name, (long_name, label_zh) in {
        "value": ("quantiles of the draws", "抽样分位数"),
        "cumulated": ("quantiles of the sums since 2021", "2021年以来累计的分位数"),
    }.items():
        paths[name].attrs = {"long_name": long_name, "label_zh": label_zh, "units": "base units of the indicator"}
    # Sums of levels and rates mean nothing.
    summed = [model.targets[key].basis == "cumulative" for key in keys]
    paths["cumulated"] = paths["cumulated"].where(xr.DataArray(summed, dims="indicator", coords={"indicator": keys}))
    return paths
