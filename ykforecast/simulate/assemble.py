"""Results of blocks put together under labels: the only place where packed arrays become xarray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ykforecast.kernels.cohort import FLOWS, MONTHLY, STOCKS
from ykforecast.kernels.flow_table import LEDGER
from ykforecast.simulate.policy_group import policy_group
from ykforecast.simulate.series_table import LONG_NAMES, SERIES, cell_methods
from ykforecast.spec.parameter import grade_counts
from ykforecast.vocabulary.dims import (
    AGE_GROUPS,
    AGES,
    BASE_YEAR,
    LABELS_ZH,
    MONTHS,
    MONTHS_A_YEAR,
    RESIDENCE,
    SEX,
    YEAR_ENDS,
    YEARS,
)

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.kernels.cohort import CohortTotals
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.scenarios import ResolvedScenario

PLACES = (len(RESIDENCE), len(SEX))


@dataclass(frozen=True, slots=True)
class Results:
    """One scenario of one block of draws."""

    series: dict[str, np.ndarray]
    totals: CohortTotals


def month_labels() -> list[str]:
    """Months of the forecast, ``2021-01`` to ``2025-12``."""
    return [f"{BASE_YEAR + 1 + t // MONTHS_A_YEAR}-{t % MONTHS_A_YEAR + 1:02d}" for t in range(MONTHS)]


def _places(array: np.ndarray, axis: int) -> np.ndarray:
    """Split the axis of strata into residence and sex."""
    return array.reshape(*array.shape[:axis], *PLACES, *array.shape[axis + 1 :])


#: Group, variable, dims after (scenario, draw), unit, Chinese name, and where it stands in the totals.
_TOTALS: tuple[tuple[str, str, tuple[str, ...], str, str, str, int | None], ...] = (
    (
        "stocks",
        "residents",
        ("year_end", "stock", "residence", "sex"),
        "persons",
        "常住人口与参保存量",
        "stocks_by_stratum",
        3,
    ),
    (
        "stocks",
        "residents_by_age_group",
        ("year_end", "stock", "age_group"),
        "persons",
        "分年龄组存量",
        "stocks_by_group",
        None,
    ),
    (
        "flows",
        "flows",
        ("year", "flow", "residence", "sex"),
        "persons",
        "年度流量（失业与劳动力两项为人月）",
        "flows_by_stratum",
        3,
    ),
)
_MONTHLY = (
    (
        "monthly",
        "monthly",
        ("month", "residence", "sex", "monthly_stock"),
        "persons",
        "月末存量",
        "monthly",
        2,
    ),
)
_COHORTS = (
    (
        "cohorts",
        "stocks",
        ("year_end", "stock", "residence", "sex", "age"),
        "persons",
        "单岁存量",
        "cohort_stocks",
        3,
    ),
    (
        "cohorts",
        "deaths",
        ("year", "residence", "sex", "age"),
        "persons",
        "死亡人数",
        "cohort_deaths",
        2,
    ),
    (
        "cohorts",
        "net_migration",
        ("year", "residence", "sex", "age"),
        "persons",
        "净迁入",
        "cohort_net_migration",
        2,
    ),
    (
        "cohorts",
        "moves",
        ("year", "residence", "sex", "age"),
        "persons",
        "城乡间转移",
        "cohort_moves",
        2,
    ),
    (
        "cohorts",
        "ledger",
        ("year", "transition", "residence", "sex"),
        "persons",
        "劳动状态流量",
        "ledger",
        3,
    ),
)


class Store:
    """Arrays for all draws, filled block by block; labelled once at the end."""

    def __init__(
        self,
        calibration: Calibration,
        scenarios: Sequence[ResolvedScenario],
        draws: int,
        seed: int,
        *,
        keep: str,
        monthly: bool,
        first: int = 0,
    ) -> None:
        self._calibration, self._scenarios, self._draws, self._seed = calibration, scenarios, draws, seed
        self._keep, self._first = keep, first
        self._rows = list(_TOTALS if keep != "series" else ())
        self._rows += _COHORTS if keep == "cohorts" else ()
        self._rows += _MONTHLY if monthly else ()
        self._series: dict[str, np.ndarray] = {
            name: np.empty((len(scenarios), draws, len(YEAR_ENDS) if axis == "year_end" else len(YEARS)))
            for name, axis, _, _ in SERIES
        }
        self._arrays: dict[tuple[str, str], np.ndarray] = {}

    def put(self, scenario: int, first: int, results: Results) -> None:
        """Take in one block of one scenario."""
        count = len(next(iter(results.series.values())))
        rows = slice(first - self._first, first - self._first + count)
        for name, array in self._series.items():
            array[scenario, rows] = results.series[name]
        for group, name, _, _, _, field, axis in self._rows:
            values = getattr(results.totals, field)
            values = values if axis is None else _places(values, axis)
            if (group, name) not in self._arrays:
                self._arrays[group, name] = np.empty((len(self._scenarios), self._draws, *values.shape[1:]))
            self._arrays[group, name][scenario, rows] = values

    def _coordinates(self) -> dict[str, Any]:
        return {
            "scenario": [one.name for one in self._scenarios],
            "draw": np.arange(self._first, self._first + self._draws),
            "year": list(YEARS),
            "year_end": list(YEAR_ENDS),
            "stock": list(STOCKS),
            "flow": list(FLOWS),
            "residence": list(RESIDENCE),
            "sex": list(SEX),
            "age": list(AGES),
            "age_group": [name for name, _, _ in AGE_GROUPS],
            "month": month_labels(),
            "monthly_stock": list(MONTHLY),
            "transition": list(LEDGER),
            "district": list(self._calibration.model.population.names),
        }

    def tree(self) -> xr.DataTree:
        """All results under labels."""
        import xarray as xr

        coordinates = self._coordinates()

        def variable(dims: tuple[str, ...], values: np.ndarray, units: str, label: str) -> xr.DataArray:
            dims = ("scenario", "draw", *dims)
            return xr.DataArray(
                values,
                dims=dims,
                coords={dim: (dim, coordinates[dim], {"label_zh": LABELS_ZH[dim]}) for dim in dims},
                attrs={"units": units, "label_zh": label},
            )

        groups: dict[str, dict[str, xr.DataArray]] = {
            "series": {name: variable((axis,), self._series[name], units, label) for name, axis, units, label in SERIES}
        }
        for group, name, dims, units, label, _, _ in self._rows:
            groups.setdefault(group, {})[name] = variable(dims, self._arrays[group, name], units, label)
        standards = self._calibration.figures.standards
        groups["standards"] = {
            "standard": xr.DataArray(
                list(standards.values()),
                dims=("standard_name",),
                coords={"standard_name": ("standard_name", list(standards), {"label_zh": LABELS_ZH["standard_name"]})},
                attrs={"units": "as published, in base units", "label_zh": "规划正文所列2020年标准"},
            )
        }
        evidence = self._calibration.evidence
        if evidence is not None and evidence.steps:
            groups["definition_steps"] = {
                "definition_step": xr.DataArray(
                    np.stack([path[self._first :][: self._draws] for path in evidence.steps.values()]),
                    dims=("quantity", "draw", "year_end"),
                    coords={
                        "quantity": ("quantity", list(evidence.steps), {"label_zh": LABELS_ZH["quantity"]}),
                        "draw": coordinates["draw"],
                        "year_end": coordinates["year_end"],
                    },
                    attrs={"units": "base unit of the quantity", "label_zh": "公布数中的统计口径变动"},
                )
            }
        if self._keep != "series":
            dims = ("year_end", "stock", "district", "age_group")
            groups["districts"] = {
                "district_share": xr.DataArray(
                    self._calibration.district_share,
                    dims=dims,
                    coords={dim: (dim, coordinates[dim], {"label_zh": LABELS_ZH[dim]}) for dim in dims},
                    attrs={"units": "1", "label_zh": "占全市存量比重"},
                )
            } | self._published_shares(coordinates["district"])
        for entries in groups.values():
            for name, array in entries.items():
                array.attrs["long_name"] = LONG_NAMES.get(name, name.replace("_", " "))
                method = cell_methods(name, array.dims, array.attrs["units"])
                if method:
                    array.attrs["cell_methods"] = method
        found = {f"/{group}": xr.Dataset(entries) for group, entries in groups.items()}
        found["/policy"] = policy_group(self._scenarios, coordinates["month"])
        return xr.DataTree.from_dict({"/": xr.Dataset(attrs=self._attributes()), **found})

    def _published_shares(self, names: list[str]) -> dict[str, xr.DataArray]:
        """Which districts publications count together, and their share of each count, fractions."""
        import xarray as xr

        margins = self._calibration.district_margins
        if margins is None:
            return {}
        together = xr.DataArray(
            np.isin(names, margins.together.districts).astype(np.int8),
            dims=("district",),
            coords={"district": ("district", names, {"label_zh": LABELS_ZH["district"]})},
            attrs={"units": "1", "label_zh": f"属{margins.together.label_zh}（1为是）"},
        )
        shares = {
            f"{count}_together": xr.DataArray(
                share, attrs={"units": "1", "label_zh": f"{margins.together.label_zh}合计占全市比重（{count}）"}
            )
            for count, share in margins.shares.items()
        }
        return {"together": together, **shares}

    def _known(self) -> dict[str, Any]:
        """What was known when: nothing to say of a forecast from the base year alone."""
        evidence = self._calibration.evidence
        if evidence is None:
            return {}
        return {"as_of": evidence.as_of.isoformat(), "figures": [one.text_zh for one in evidence.findings]}

    def _attributes(self) -> dict[str, Any]:
        from ykforecast import __version__

        model = self._calibration.model
        return {
            "Conventions": "CF-1.11",
            "title": f"{model.plan_zh}指标预测",
            "institution": "ykforecast",
            "model": model.name,
            "model_digest": model.digest,
            **self._known(),
            # So many parameters of each grade stand behind every figure of the run.
            "parameter_grades": [f"{grade} {count}" for grade, count in grade_counts(model.parameters).items()],
            "scenarios": [one.name for one in self._scenarios],
            "scenario_labels_zh": [one.label_zh for one in self._scenarios],
            "scenario_labels_en": [one.label_en for one in self._scenarios],
            "draws": self._draws,
            "seed": self._seed,
            "keep": self._keep,
            "version": __version__,
            "base_year": BASE_YEAR,
        }
