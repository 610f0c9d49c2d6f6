"""The sixteen indicators of the plan (专栏1): from series of a run to the published definition of each.

One function per indicator, in a registry by key. Traps of the printed table are handled here and nowhere
else: cumulative targets stay yearly flows (their sum is taken when they are judged), the enterprise and
government schemes add up to the total, and the unemployment rate is the published estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ykforecast.assess.breakdowns import BY, WEIGHT_BY, breakdown_parts, described
from ykforecast.assess.definition_steps import COUNTINGS, Counting, definition_steps, with_steps
from ykforecast.vocabulary.dims import LABELS_ZH, YEAR_ENDS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.indicator import IndicatorSpec
    from ykforecast.spec.model import ModelSpec

Definition = Callable[["xr.Dataset"], "xr.DataArray"]
INDICATORS: dict[str, Definition] = {}


def indicator(key: str) -> Callable[[Definition], Definition]:
    """Register the definition of an indicator under its key."""

    def register(function: Definition) -> Definition:
        INDICATORS[key] = function
        return function

    return register


def _on_year_ends(values: xr.DataArray) -> xr.DataArray:
    """A flow of 2021-2025 on the axis of all years, where 2020 is NaN, for the plan prints none; a stock as it is."""
    return values if "year_end" in values.dims else values.rename(year="year_end").reindex(year_end=list(YEAR_ENDS))


@indicator("new_urban_jobs")
def new_urban_jobs(series: xr.Dataset) -> xr.DataArray:
    """城镇新增就业: the administrative flow of the year, persons. The target is the sum of five years."""
    return series["new_urban_jobs"]


@indicator("surveyed_unemployment_rate")
def surveyed_unemployment_rate(series: xr.Dataset) -> xr.DataArray:
    """城镇调查失业率: the published estimate, yearly mean of months, sampling error included."""
    return series["unemployment_rate_published"]


@indicator("urban_employment_share")
def urban_employment_share(series: xr.Dataset) -> xr.DataArray:
    """城镇就业占比: the plan's series, which shows an uncertain part of the change by residence of workers."""
    return series["urban_employment_share_plan"]


@indicator("poverty_alleviated_workers")
def poverty_alleviated_workers(series: xr.Dataset) -> xr.DataArray:
    """脱贫人口务工规模: a ledger."""
    return series["poverty_workers"]


@indicator("labour_productivity_growth")
def labour_productivity_growth(series: xr.Dataset) -> xr.DataArray:
    """全员劳动生产率增长: growth of real GDP over growth of employed persons. No figure of 2020 is printed."""
    return series["productivity_growth"]


@indicator("subsidised_training")
def subsidised_training(series: xr.Dataset) -> xr.DataArray:
    """补贴性职业技能培训人次: the count of the year. The target is the sum of five years."""
    return series["training"]


@indicator("mean_years_schooling")
def mean_years_schooling(series: xr.Dataset) -> xr.DataArray:
    """劳动年龄人口平均受教育年限: ages 16-59, as the plan counts them.

    The plan names no weights and prints no 2020 figure: the census convention plus an uncertain difference
    of definition, which is the same in every year of a draw.
    """
    return series["mean_years_schooling_plan"]


@indicator("pension_employees_total")
def pension_employees_total(series: xr.Dataset) -> xr.DataArray:
    """城镇职工基本养老保险参保人数: enterprise and government schemes together."""
    return pension_enterprise(series) + pension_government(series)


@indicator("pension_enterprise")
def pension_enterprise(series: xr.Dataset) -> xr.DataArray:
    """企业职工基本养老保险参保人数: contributors, interrupted and retirees."""
    return series["contributors"] + series["interrupted"] + series["enterprise_retirees"]


@indicator("pension_government")
def pension_government(series: xr.Dataset) -> xr.DataArray:
    """机关事业单位养老保险参保人数: employees of public posts and their retirees."""
    return series["government_contributors"] + series["government_retirees"]


@indicator("medical_coverage")
def medical_coverage(series: xr.Dataset) -> xr.DataArray:
    """基本医疗保险参保率: insured over resident population (declared choice: the plan names no denominator)."""
    return series["medical_insured"] / series["population"]


@indicator("unemployment_insured")
def unemployment_insured(series: xr.Dataset) -> xr.DataArray:
    """失业保险参保人数."""
    return series["unemployment_insured"]


@indicator("work_injury_insured")
def work_injury_insured(series: xr.Dataset) -> xr.DataArray:
    """工伤保险参保人数."""
    return series["work_injury_insured"]


@indicator("dibao_ratio")
def dibao_ratio(series: xr.Dataset) -> xr.DataArray:
    """城乡低保标准比例: urban over rural standard, from the printed 1.39."""
    return series["dibao_ratio"]


@indicator("veteran_card_issuance")
def veteran_card_issuance(series: xr.Dataset) -> xr.DataArray:
    """优待证发放率: cards issued over persons entitled. No figure of 2020 is printed: issuing had not begun."""
    return series["veteran_card_share"]


@indicator("social_security_cards")
def social_security_cards(series: xr.Dataset) -> xr.DataArray:
    """社会保障卡持卡人数."""
    return series["card_holders"]


def indicators(
    runs: xr.DataTree,
    model: ModelSpec | None = None,
    *,
    counting: Counting = "published",
    breakdowns: bool = True,
) -> xr.Dataset:
    """The sixteen indicators of a run, and their breakdowns where the run kept what they need.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project`; where it holds a group ``indicators`` already, that is given back.
    model : ModelSpec, optional
        Names and definitions; by default the shipped model that the run was made with.
    counting : {"published", "base"}
        Of a run on interim figures: as the departments count by now, or at the definitions of the base year.
        The two differ where a figure jumped by a change of definition, see
        :mod:`ykforecast.assess.definition_steps`.
    breakdowns : bool
        Whether to add them: of many draws they take most of the time.

    Returns
    -------
    Dataset
        One variable per key, dims (scenario, draw, year), years 2020-2025, persons and fractions.
        Breakdowns ``<key>_by_sex``, ``<key>_by_age_group``, ``<key>_by_district`` add up to it; those of rates are
        weighed by ``<key>_weight_by_<axis>``. What is carried: :data:`ykforecast.assess.breakdowns.CARRIED`.

    Raises
    ------
    RequestError
        The tree is not a run, or was made with another model; an unknown ``counting``.
    """
    import xarray as xr

    if counting not in COUNTINGS:
        remedy = f"Choose one of {', '.join(COUNTINGS)}."
        raise RequestError("unknown choice", key="counting", value=counting, remedy=remedy)

    if "indicators" in runs.children and counting == "published":
        return runs["indicators"].to_dataset()
    if "series" not in runs.children:
        raise RequestError("not a run: there is no group 'series'", remedy="Give what yk.project returned.")
    if model is None:
        from ykforecast.data.model_files import model_of_run

        model = model_of_run(runs.attrs)
    elif model.name != runs.attrs["model"]:
        raise RequestError(
            "run of another model",
            key="model",
            value=model.name,
            remedy=f"Give the model {runs.attrs['model']!r}.",
        )
    series = runs["series"].to_dataset()
    variables = {}
    for key, spec in model.indicators.items():
        values = _on_year_ends(INDICATORS[key](series)).rename(year_end="year").transpose("scenario", "draw", "year")
        values.attrs = _attributes(spec)
        variables[key] = values
    if breakdowns and "stocks" in runs.children:
        for name, values in breakdown_parts(runs).items():
            key = name.split(WEIGHT_BY)[0].split(BY)[0]
            variables[name] = values.assign_attrs(described(name, _attributes(model.indicators[key])))
    if counting == "published":
        variables = with_steps(variables, definition_steps(runs, model))
    found = xr.Dataset(variables, attrs=dict(runs.attrs))
    for dim in map(str, found.dims):
        found[dim].attrs["label_zh"] = LABELS_ZH[dim]  # stocks brought that of their year end, joined axes none
    return found


def _attributes(spec: IndicatorSpec) -> dict[str, str]:
    from ykforecast.vocabulary.units import base_unit

    # The plan's sums of five years are kept as the flow of each.
    flow = {"cell_methods": "year: sum"} if spec.basis == "cumulative" else {}
    return flow | {
        "long_name": spec.label_en,
        "label_zh": spec.label_zh,
        "units": base_unit(spec.unit),
        "basis": spec.basis,
        "method": spec.method,
        "definition": spec.definition,
    }
