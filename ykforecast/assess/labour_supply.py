"""Labour supply: residents, labour force and work by sex, age and residence, and why the labour force changes.

The change of the labour force from 2020 is written as residents of each cell (sex, residence, single age) times their
participation, and shared out between both at the mean of the two years, which is exact: Das Gupta (1993),
Standardization and Decomposition of Rates, U.S. Bureau of the Census, Current Population Reports P23-186.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.breakdown_summary import part_label
from ykforecast.assess.composition import Floats, older, population_changes
from ykforecast.assess.intervals import QUANTILES
from ykforecast.vocabulary.dims import (
    AGE_GROUPS,
    BASE_YEAR,
    EMPLOYED_STATES,
    HORIZON,
    LABELS_ZH,
    LABOUR_STATES,
    RESIDENCE,
    SEX,
    WORKING_AGE,
    YEAR_ENDS,
)
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

#: Both sexes, both residences, all ages from 16: a label of its own on each axis.
ALL: Final = "all"
LABOUR_FORCE: Final = ("unemployed", *EMPLOYED_STATES)
#: Below this age at the start participation rises as a cohort grows older, above it falls: it peaks at 35-44.
RISING_BELOW: Final = 40
#: From this age on statutory retirement decides on participation: the earliest age is 50.
RETIRING_FROM: Final = 50

#: Counts: name -> (stocks, English name, Chinese name).
_COUNTS: Final = {
    "population": ((*LABOUR_STATES, "child"), "residents", "常住人口"),
    "labour_force": (LABOUR_FORCE, "labour force", "劳动力"),
    "employed": (EMPLOYED_STATES, "employed persons", "就业人员"),
    "unemployed": (("unemployed",), "unemployed persons", "失业人员"),
}
#: Rates: name -> (above, below, English name, Chinese name).
_RATES: Final = {
    "participation_rate": (
        "labour_force",
        "population",
        "labour force participation rate, ages 16+",
        "劳动参与率（16岁及以上）",
    ),
    "employment_rate": ("employed", "population", "employment rate, ages 16+", "就业率（16岁及以上）"),
    "unemployment_rate": ("unemployed", "labour_force", "unemployment rate at the end of the year", "年末失业率"),
}
#: Parts of the change of the labour force: name -> (Chinese, English).
CAUSES: Final = {
    "entering": ("青年成长进入劳动年龄", "young cohorts growing older"),
    "leaving": ("年长劳动者随年龄退出", "older cohorts growing older"),
    "deaths": ("死亡", "deaths"),
    "migration": ("净迁入", "net migration"),
    "moves": ("农村人口进城", "moves to town"),
    "participation": ("50岁以下参与率变动", "participation below 50"),
    "retirement": ("50岁及以上参与率变动（退休）", "participation from 50 on (retirement)"),
}
#: Flows into and out of the labour force or unemployment, by the kind of the other state.
_FLOWS: Final = {
    "school": ("毕业离校", "from school"),
    "inactive": ("非劳动力进出", "from and to inactivity"),
    "work": ("就业与失业之间", "between work and unemployment"),
    "retirement": ("退休与再就业", "retirement and return from it"),
    "population": ("满16岁、死亡与迁移", "turning 16, deaths and migration"),
}
_OTHER_STATE: Final = {"student": "school", "inactive": "inactive", "retired": "retirement"}


def labour_supply(runs: xr.DataTree) -> xr.Dataset:
    """Residents, labour force, employed and unemployed by sex, age and residence, and the change of the labour force.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project` with ``keep="cohorts"``; a few hundred draws are plenty.

    Returns
    -------
    Dataset
        Base units, quantiles 0.1, 0.5 and 0.9 of the draws; ``residence``, ``sex`` and ``age_group`` have the entry
        ``all`` beside their parts (of the ages: 16 and over), with names in ``<dim>_zh`` and ``<dim>_en``.

        =====================================  ==============================================================
        variable                               dims
        =====================================  ==============================================================
        population, labour_force, employed,    scenario, quantile, year, residence, sex, age_group; persons at
        unemployed                             the end of the year
        participation_rate, employment_rate,   the same; fractions
        unemployment_rate
        population_by_age                      scenario, year, sex, age; median of residents by single age
        labour_force_change                    scenario, quantile, year, cause; persons since the end of 2020
        labour_force_change_mean               scenario, year, cause; means over the draws, which add up
        labour_force_change_total              scenario, year; mean of the whole change
        labour_force_flow_mean                 scenario, flow_year, flow; net flows into the labour force
        unemployment_flow_mean                 the same into unemployment; they add up to the yearly change
        unemployment_inflow_mean, ..._outflow  scenario, flow_year; gross flows of months, without deaths and migration
        =====================================  ==============================================================

    Raises
    ------
    RequestError
        The run keeps no single ages.
    """
    import xarray as xr

    if "cohorts" not in runs.children:
        remedy = 'Run yk.project(..., draws=500, keep="cohorts")'
        raise RequestError("labour supply needs single ages", key="runs", value=list(runs.children), remedy=remedy)
    cohorts = runs["cohorts"].to_dataset()
    cells = cohorts["stocks"]
    counts = {name: cells.sel(stock=list(stocks)).sum("stock") for name, (stocks, _, _) in _COUNTS.items()}
    grouped = {name: _with_totals(_by_age_group(one)) for name, one in counts.items()}
    variables = {name: _quantiles(one) for name, one in grouped.items()}
    for name, (above, below, _, _) in _RATES.items():
        variables[name] = _quantiles(grouped[above] / grouped[below].where(grouped[below] > 0.0))
    by_age = counts["population"].sum("residence")
    both = by_age.sum("sex").assign_coords(sex=ALL).expand_dims("sex")
    variables["population_by_age"] = xr.concat([by_age, both], "sex").median("draw")
    change = _change(cohorts, counts)
    variables["labour_force_change"] = _quantiles(change)
    variables["labour_force_change_mean"] = change.mean("draw")
    variables["labour_force_change_total"] = change.sum("cause").mean("draw")
    variables |= _flows(cohorts, counts)
    found = xr.Dataset(
        {
            name: values.rename(year_end="year") if "year_end" in values.dims else values
            for name, values in variables.items()
        }
    )
    groups = [name for name, _, _ in AGE_GROUPS]
    # Joining sorts labels.
    found = found.sel(residence=[*RESIDENCE, ALL], sex=[*SEX, ALL], age_group=[*groups, ALL], flow=list(_FLOWS))
    found = found.drop_vars("stock", errors="ignore").transpose("scenario", "quantile", "year", ...)
    return _described(found, runs)


def _by_age_group(cells: xr.DataArray) -> xr.DataArray:
    """Cells (..., age) summed by reporting group."""
    import xarray as xr

    values = np.add.reduceat(cells.transpose(..., "age").values, [first for _, first, _ in AGE_GROUPS], axis=-1)
    dims = (*(dim for dim in cells.dims if dim != "age"), "age_group")
    coords = {dim: cells[dim].values for dim in dims[:-1]} | {"age_group": [name for name, _, _ in AGE_GROUPS]}
    return xr.DataArray(values, coords, dims)


def _with_totals(values: xr.DataArray) -> xr.DataArray:
    """The same with the entry ``all`` on residence, sex and age group; of the ages it counts 16 and over."""
    import xarray as xr

    adults = values.sel(age_group=[name for name, first, _ in AGE_GROUPS if first >= WORKING_AGE])
    for dim, counted in (("age_group", adults), ("sex", None), ("residence", None)):
        whole = (values if counted is None else counted).sum(dim).assign_coords({dim: ALL}).expand_dims(dim)
        values = xr.concat([values, whole], dim)
    return values


def _quantiles(values: xr.DataArray) -> xr.DataArray:
    return values.quantile(list(QUANTILES), dim="draw", skipna=False)


def _change(cohorts: xr.Dataset, counts: dict[str, xr.DataArray]) -> xr.DataArray:
    """Change of the labour force since the base year by cause, (scenario, draw, year_end, cause)."""
    import xarray as xr

    order = ("scenario", "draw", "year_end", "residence", "sex", "age")
    people, force = (_packed(counts[name].transpose(*order).values) for name in ("population", "labour_force"))
    yearly = ("scenario", "draw", "year", "residence", "sex", "age")
    moved = [_packed(cohorts[name].transpose(*yearly).values) for name in ("deaths", "net_migration", "moves")]
    rate = np.divide(force, people, out=np.zeros_like(force), where=people > 0.0)
    scenarios, draws = cohorts.sizes["scenario"], cohorts.sizes["draw"]
    parts = np.zeros((len(CAUSES), scenarios, draws, len(YEAR_ENDS)))
    for then in range(1, len(YEAR_ENDS)):
        made = _shared_out(people, rate, moved, then)
        for row, name in enumerate(CAUSES):
            parts[row, :, :, then] = made[name].reshape(scenarios, draws)
    coords = {name: cohorts[name].values for name in ("scenario", "draw", "year_end")} | {"cause": list(CAUSES)}
    return xr.DataArray(np.moveaxis(parts, 0, -1), coords, ("scenario", "draw", "year_end", "cause"))


def _packed(values: Floats) -> Floats:
    """(scenario, draw, time, residence, sex, age) as (draw of all scenarios, time, stratum, age)."""
    scenarios, draws, times, places, sexes, ages = values.shape
    return values.reshape(scenarios * draws, times, places * sexes, ages)


def _shared_out(people: Floats, rate: Floats, moved: Sequence[Floats], then: int) -> dict[str, Floats]:
    """Parts of the change of the labour force (draw,) between the base year and a later year end."""
    deaths, migration, moves = moved
    start, changes = population_changes(people, deaths, migration, moves, then)
    mean_rate, mean_people = 0.5 * (rate[:, 0] + rate[:, then]), 0.5 * (people[:, 0] + people[:, then])
    young = np.arange(start.shape[-1]) < RISING_BELOW
    rising, falling = start * young, start * ~young
    gained = {}
    for name, cohort in (("entering", rising), ("leaving", falling)):
        aged = cohort
        for _ in range(then):
            aged = older(aged)
        gained[name] = (mean_rate * (aged - cohort)).sum(axis=(1, 2))
    by_rate = mean_people * (rate[:, then] - rate[:, 0])
    return gained | {
        # Whoever is born or moves in counts at the age of the end; births do not work yet.
        **{name: (mean_rate * changes[name]).sum(axis=(1, 2)) for name in ("deaths", "migration", "moves")},
        "participation": by_rate[..., :RETIRING_FROM].sum(axis=(1, 2)),
        "retirement": by_rate[..., RETIRING_FROM:].sum(axis=(1, 2)),
    }


def _flows(cohorts: xr.Dataset, counts: dict[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Net flows into the labour force and unemployment by kind, means over the draws, (scenario, flow_year, flow)."""
    import xarray as xr

    ledger = cohorts["ledger"].sum(("residence", "sex")).mean("draw").rename(year="flow_year")
    found: dict[str, Any] = {}
    for prefix, count, inside in (
        ("labour_force", "labour_force", LABOUR_FORCE),
        ("unemployment", "unemployed", ("unemployed",)),
    ):
        whole = counts[count].sum(("residence", "sex", "age")).mean("draw").diff("year_end")
        whole = whole.rename(year_end="flow_year")
        net = {name: xr.zeros_like(whole) for name in _FLOWS}
        into, out = xr.zeros_like(whole), xr.zeros_like(whole)
        for label in ledger["transition"].values.tolist():
            origin, destination = label.split(" ")[0].split(">")
            if (origin in inside) == (destination in inside):
                continue
            flow = ledger.sel(transition=label, drop=True)
            enters = destination in inside
            other = origin if enters else destination
            net[_OTHER_STATE.get(other, "work")] += flow if enters else -flow
            if enters:
                into = into + flow
            else:
                out = out + flow
        net["population"] = whole - (into - out)
        axis = xr.DataArray(list(net), dims="flow", name="flow")
        found[f"{prefix}_flow_mean"] = xr.concat(list(net.values()), axis)
        if prefix == "unemployment":
            found |= {"unemployment_inflow_mean": into, "unemployment_outflow_mean": out}
    return found


def _described(found: xr.Dataset, runs: xr.DataTree) -> xr.Dataset:
    """Names and units on every variable, labels in both languages along every axis."""
    names: dict[str, tuple[str, str, str]] = {
        **{name: (en, zh, "persons") for name, (_, en, zh) in _COUNTS.items()},
        **{name: (en, zh, "1") for name, (_, _, en, zh) in _RATES.items()},
        "population_by_age": ("residents by single age, median", "分年龄常住人口（中位数）", "persons"),
        "labour_force_change": (
            "change of the labour force since 2020 by cause",
            "劳动力较2020年的变动（分原因）",
            "persons",
        ),
        "labour_force_change_mean": ("the same, means that add up", "劳动力变动（分原因，均值）", "persons"),
        "labour_force_change_total": (
            "change of the labour force since 2020, mean",
            "劳动力较2020年的变动（均值）",
            "persons",
        ),
        "labour_force_flow_mean": ("net flows into the labour force, mean", "劳动力年度净流入（均值）", "persons"),
        "unemployment_flow_mean": ("net flows into unemployment, mean", "失业年度净流入（均值）", "persons"),
        "unemployment_inflow_mean": ("flow into unemployment, mean", "失业流入（均值）", "persons"),
        "unemployment_outflow_mean": ("flow out of unemployment, mean", "失业流出（均值）", "persons"),
    }
    for name in found.data_vars:
        en, zh, units = names[str(name)]
        found[name].attrs = {"long_name": en, "label_zh": zh, "label_en": en, "units": units}
    labels = {
        "residence": {**{one: (LABELS_ZH[one], one) for one in RESIDENCE}, ALL: ("全市", "city")},
        "sex": {**{one: (LABELS_ZH[one], one) for one in SEX}, ALL: ("合计", "both")},
        "age_group": {**{one: (part_label(one), one) for one, _, _ in AGE_GROUPS}, ALL: ("16岁及以上", "16+")},
        "cause": CAUSES,
        "flow": _FLOWS,
    }
    for dim, words in labels.items():
        for place, lang in enumerate(("zh", "en")):
            found.coords[f"{dim}_{lang}"] = (dim, [words[one][place] for one in found[dim].values.tolist()])
    keys = np.atleast_1d(runs.attrs["scenarios"])
    for lang in ("zh", "en"):
        made = dict(zip(map(str, keys), map(str, np.atleast_1d(runs.attrs[f"scenario_labels_{lang}"])), strict=True))
        found.coords[f"scenario_{lang}"] = ("scenario", [made[name] for name in found["scenario"].values.tolist()])
    found.attrs = {
        "title": f"Labour supply {BASE_YEAR}-{HORIZON}",
        "title_zh": f"{BASE_YEAR}—{HORIZON}年劳动力供给",
        "source": "cohort model; decomposition of Das Gupta (1993)",
        "draws": int(runs.attrs["draws"]),
        **{name: runs.attrs[name] for name in ("model", "model_digest", "seed", "as_of") if name in runs.attrs},
    }
    return found
