"""Indicators by sex, by age group and by district, as far as the model carries them; they add up in every draw.

A count adds up to its indicator. A rate is the mean of the rates of the parts at the weights that stand beside it.
Which indicator is carried along which axis, by what rule, and why others are not, is the table :data:`CARRIED`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from ykforecast.assess.breakdown_insured import medical_coverage, unemployment_insured, work_injury_insured
from ykforecast.assess.breakdown_stocks import Held, Parts
from ykforecast.vocabulary.dims import (
    AGE_GROUPS,
    EMPLOYED_STATES,
    LABELS_ZH,
)

if TYPE_CHECKING:
    import xarray as xr

AXES: Final = ("sex", "age_group", "district")
#: Between the key of an indicator and the axis of its parts, and of the weights of its parts.
BY, WEIGHT_BY = "_by_", "_weight_by_"


def breakdown_parts(runs: xr.DataTree) -> dict[str, xr.DataArray]:
    """Every breakdown that a run with stocks carries, by name, dims (scenario, draw, year, axis).

    ``<key>_by_<axis>`` in the unit of the indicator; for rates also ``<key>_weight_by_<axis>``, fractions.
    """
    found = {}
    for axis in AXES:
        held = Held(runs, axis)
        for (key, along), how in CARRIED.items():
            if along != axis or how.split is None:
                continue
            parts = how.split(held)
            found[f"{key}{BY}{axis}"] = parts.values
            if parts.weights is not None:
                found[f"{key}{WEIGHT_BY}{axis}"] = parts.weights
    return {name: values.transpose("scenario", "draw", "year", ...) for name, values in found.items()}


def described(name: str, whole: dict[str, str]) -> dict[str, str]:
    """Attributes of a breakdown by name, from those of its indicator ``whole``."""
    if WEIGHT_BY in name:
        axis = name.split(WEIGHT_BY)[1]
        return {
            "long_name": f"weight of each {axis.replace('_', ' ')} in {whole['long_name']}",
            "label_zh": f"{whole['label_zh']}，分{LABELS_ZH[axis]}的权重",
            "units": "1",
            "breakdown": axis,
        }
    key, axis = name.split(BY)
    how = CARRIED[key, axis]
    return whole | {
        "long_name": f"{whole['long_name']} by {axis.replace('_', ' ')}",
        "label_zh": f"{whole['label_zh']}，分{LABELS_ZH[axis]}",
        "breakdown": axis,
        "rule": how.text_en,
        "rule_zh": how.text_zh,
    }


def _stocks(*names: str) -> Callable[[Held], Parts]:
    """An indicator that is a sum of stocks."""

    def split(held: Held) -> Parts:
        return Parts(held.stock(*names))

    return split


def _new_urban_jobs(held: Held) -> Parts:
    return Parts(held.series["new_urban_jobs"] * _shares(held.urban_flow("hires"), held.axis))


def _surveyed_unemployment_rate(held: Held) -> Parts:
    out = held.urban_flow("unemployed_months").fillna(held.urban_stock("unemployed"))
    force = held.urban_flow("labour_force_months").fillna(held.urban_stock("unemployed", *EMPLOYED_STATES))
    whole = out.sum(held.axis, skipna=False) / force.sum(held.axis, skipna=False)
    # The error of the survey moves both in proportion.
    return Parts(out / force * (held.series["unemployment_rate_published"] / whole), _shares(force, held.axis))


def _urban_employment_share(held: Held) -> Parts:
    urban, employed = held.urban_stock(*EMPLOYED_STATES), held.stock(*EMPLOYED_STATES)
    whole = urban.sum(held.axis, skipna=False) / employed.sum(held.axis, skipna=False)
    # The plan's series differs from that of residents by as many points for both.
    shift = held.series["urban_employment_share_plan"] - whole
    return Parts(urban / employed + shift, _shares(employed, held.axis))


def _schooling_by_sex(held: Held) -> Parts:
    import xarray as xr

    women = held.series["working_age_women"] / held.series["working_age_population"]
    axis = xr.DataArray(["male", "female"], dims="sex", name="sex")
    years = [held.series[f"mean_years_schooling_{sex}"] for sex in axis.values]
    return Parts(xr.concat(years, axis), xr.concat([1.0 - women, women], axis))


def _schooling_by_age_group(held: Held) -> Parts:
    import xarray as xr

    years = {name: f"mean_years_schooling_{name}" for name, _, _ in AGE_GROUPS}
    working = [name for name in years if years[name] in held.series]
    axis = xr.DataArray(working, dims="age_group", name="age_group")
    values = xr.concat([held.series[years[name]] for name in working], axis)
    weights = _shares(held.people().sel(age_group=working), "age_group")
    # Groups outside the working ages have no figure and no weight.
    return Parts(values.reindex(age_group=list(years)), weights.reindex(age_group=list(years), fill_value=0.0))


def _shares(parts: xr.DataArray, axis: str) -> xr.DataArray:
    shares: xr.DataArray = parts / parts.sum(axis, skipna=False)
    return shares


class How(NamedTuple):
    """How an indicator is carried along an axis (``split``), or why it is not (None), in both languages."""

    split: Callable[[Held], Parts] | None
    text_zh: str
    text_en: str


_SCHEME = (
    "按队列存量直接加总；分县区按各县区占该存量与年龄组的份额",
    "sum of the stocks of the cohorts; by district at its share of each stock and age group",
)
_STAFF = (
    "随单位就业人员分布，各组参保比例取全市同一值",
    "follows employees of units, at one share of insured for all parts",
)
_STAFF_BY_DISTRICT = (
    "随单位就业人员分布；市辖区合计占全市比重取2020年公布数，区内各县区参保比例相同（未公布者各县区同一值）",
    "follows employees of units; the districts published together hold the share printed for 2020; within such a "
    "group, and where nothing is published, one share of insured holds",
)
_INJURY_BY_DISTRICT = (
    "随单位就业人员分布；县区间参保比例的差别与失业保险相同（同一工资基数征收），没有公布的分县区数",
    "follows employees of units; districts differ in their share of insured as in unemployment insurance, levied on "
    "the same payroll; nothing is published",
)
_MEDICAL = (
    "职工医保随职工养老参保人员分布（分县区时市辖区合计取2020年公布比重），其余居民的参保比例取全市同一值；按常住人口加权等于全市",
    "the employees' scheme follows the insured of the employees' pensions (by district at the published share of the "
    "districts counted together), other residents are covered at one share; the mean at residents as weights is the "
    "city's",
)
_LEDGER = ("台账数，不分人群", "a ledger without persons behind it")
_NO_AGE = ("流量按城乡与性别保存，不分年龄组", "flows are kept by residence and sex, not by age")
_NO_PLACE = ("县区份额不分城乡，城镇口径的数不能分到县区", "shares of districts do not tell town from country")
_NO_AGE_IN_TOWN = (
    "年龄组存量不分城乡；单岁结果（keep='cohorts'）见劳动力供给",
    "stocks by age group do not tell town from country; single ages (keep='cohorts') do, see labour supply",
)


def _scheme(*names: str) -> dict[str, How]:
    return dict.fromkeys(AXES, How(_stocks(*names), *_SCHEME))


def _none(text: tuple[str, str]) -> dict[str, How]:
    return dict.fromkeys(AXES, How(None, *text))


_ENTERPRISE = ("contributor", "interrupted", "retiree")
_GOVERNMENT = ("public", "government_retiree")
_BY_KEY: Final[dict[str, dict[str, How]]] = {
    "new_urban_jobs": {
        "sex": How(
            _new_urban_jobs,
            "按城镇招用流量的性别构成；2020年无流量，不分",
            "at the sexes' shares of hires in town; 2020 has no flows and is not split",
        ),
        "age_group": How(None, *_NO_AGE),
        "district": How(None, *_NO_PLACE),
    },
    "surveyed_unemployment_rate": {
        "sex": How(
            _surveyed_unemployment_rate,
            "城镇失业与劳动力人月（2020年为年末存量），调查误差按同一比例；按劳动力加权等于全市",
            "months of unemployment over months in the labour force in town (2020: stocks), the survey's error in "
            "proportion; the mean at the labour force as weights is the city's",
        ),
        "age_group": How(None, *_NO_AGE_IN_TOWN),
        "district": How(None, *_NO_PLACE),
    },
    "urban_employment_share": {
        "sex": How(
            _urban_employment_share,
            "城镇就业占该性别就业的比重，加规划口径的同一差额；按就业人数加权等于全市",
            "employed in town over employed of each sex, with the plan's difference of series for both; the mean at "
            "the employed as weights is the city's",
        ),
        "age_group": How(None, *_NO_AGE_IN_TOWN),
        "district": How(None, *_NO_PLACE),
    },
    "poverty_alleviated_workers": _none(_LEDGER),
    "labour_productivity_growth": _none(("产出不分人群，县区产出不在模型中", "output has no parts in the model")),
    "subsidised_training": _none(_LEDGER),
    "mean_years_schooling": {
        "sex": How(
            _schooling_by_sex,
            "分性别的队列受教育年限；按16-59岁人口加权等于全市",
            "schooling of the cohorts of each sex; the mean at residents aged 16-59 as weights is the city's",
        ),
        "age_group": How(
            _schooling_by_age_group,
            "16-59岁五个年龄组的受教育年限；按人口加权等于全市",
            "schooling of the five groups of ages 16-59; the mean at residents as weights is the city's",
        ),
        "district": How(None, "受教育年限只推演全市队列", "schooling is projected for the cohorts of the city only"),
    },
    "pension_employees_total": _scheme(*_ENTERPRISE, *_GOVERNMENT),
    "pension_enterprise": _scheme(*_ENTERPRISE),
    "pension_government": _scheme(*_GOVERNMENT),
    "medical_coverage": dict.fromkeys(AXES, How(medical_coverage, *_MEDICAL)),
    "unemployment_insured": dict.fromkeys(AXES, How(unemployment_insured, *_STAFF))
    | {"district": How(unemployment_insured, *_STAFF_BY_DISTRICT)},
    "work_injury_insured": dict.fromkeys(AXES, How(work_injury_insured, *_STAFF))
    | {"district": How(work_injury_insured, *_INJURY_BY_DISTRICT)},
    "dibao_ratio": _none(("全市统一的标准之比", "a ratio of standards that hold for the whole city")),
    "veteran_card_issuance": _none(("应发人员的构成未公布", "who is entitled is not published by parts")),
    "social_security_cards": _none(
        ("持卡人含在外户籍人口，发卡台账不分人群", "holders include people away from the city; the ledger has no parts")
    ),
}
#: How every indicator is carried along every axis, or why not.
CARRIED: Final[dict[tuple[str, str], How]] = {(key, axis): how[axis] for key, how in _BY_KEY.items() for axis in AXES}
