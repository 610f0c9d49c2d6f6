"""Breakdowns of all indicators along one axis in few numbers: quantiles of the parts, their weights, the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.breakdowns import AXES, BY, CARRIED, WEIGHT_BY
from ykforecast.assess.evaluation import scenario_labels
from ykforecast.assess.indicator_labels import indicator_labels
from ykforecast.assess.indicators import indicators
from ykforecast.assess.intervals import QUANTILES
from ykforecast.vocabulary.dims import AGE_GROUPS, LABELS_ZH, SEX, YEAR_ENDS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

_BASE: Final = "base units of the indicator"


def breakdowns(source: xr.Dataset | xr.DataTree, by: str, model: ModelSpec | None = None) -> xr.Dataset:
    """Quantiles of every indicator by sex, by age group or by district, and the reason where it is not carried.

    Parameters
    ----------
    source : Dataset or DataTree
        Indicators with breakdowns, or runs from which they are computed (``keep="totals"``), or a stored forecast.
    by : {"sex", "age_group", "district"}
    model : ModelSpec, optional
        By default the shipped model that the run was made with.

    Returns
    -------
    Dataset
        Dims (scenario, indicator, quantile, year, <by>); indicators in base units.

        ==========  ========================================  ====================================================
        variable    dims                                      meaning
        ==========  ========================================  ====================================================
        value       scenario, indicator, quantile, year, by   quantiles of the parts; NaN where not carried
        weight      scenario, indicator, year, by             median weight of a rate's parts, fractions; NaN for
                                                              counts, which add up by themselves
        carried     indicator                                 whether the model carries it
        rule, rule_zh  indicator                              how it is split, or why not
        ==========  ========================================  ====================================================

        Medians of parts need not add up to the median of the whole; in every draw the parts do.

    Raises
    ------
    RequestError
        Another axis, or a run of series only.
    """
    import xarray as xr

    if by not in AXES:
        raise RequestError("no such axis", key="by", value=by, remedy=f"One of {', '.join(AXES)}")
    if model is None:
        from ykforecast.data.model_files import model_of_run

        model = model_of_run(source.attrs)
    data = _data(source, model)
    carried = [key for key in model.indicators if f"{key}{BY}{by}" in data]
    if not carried:
        remedy = 'Run yk.project with keep="totals"'
        raise RequestError("the run keeps no stocks, so that it has no breakdowns", key="by", value=by, remedy=remedy)
    labels, keys = _labels(by, model), list(model.indicators)
    shape = (len(keys), data.sizes["scenario"], len(QUANTILES), len(YEAR_ENDS), len(labels))
    value, weight = np.full(shape, np.nan), np.full((shape[0], shape[1], *shape[3:]), np.nan)
    for key in carried:
        row = keys.index(key)
        values = data[f"{key}{BY}{by}"].transpose("scenario", "draw", "year", by).values
        value[row] = np.moveaxis(np.quantile(values, QUANTILES, axis=1), 0, 1)
        if f"{key}{WEIGHT_BY}{by}" in data:
            shares = data[f"{key}{WEIGHT_BY}{by}"].transpose("scenario", "draw", "year", by).values
            weight[row] = np.median(shares, axis=1)
    rules = [CARRIED[key, by] if (key, by) in CARRIED else None for key in keys]
    found = xr.Dataset(
        {
            "value": (("indicator", "scenario", "quantile", "year", by), value),
            "weight": (("indicator", "scenario", "year", by), weight),
            "carried": ("indicator", [key in carried for key in keys]),
            "rule": ("indicator", ["" if how is None else how.text_en for how in rules]),
            "rule_zh": ("indicator", ["" if how is None else how.text_zh for how in rules]),
        },
        coords=indicator_labels(model)
        | {
            "scenario": data["scenario"].values,
            **{f"scenario_{lang}": ("scenario", scenario_labels(data, model, lang)) for lang in ("zh", "en")},
            "quantile": list(QUANTILES),
            "year": list(YEAR_ENDS),
            by: list(labels),
            f"{by}_zh": (by, [zh for zh, _ in labels.values()]),
            f"{by}_en": (by, [en for _, en in labels.values()]),
        },
        attrs={
            "title": f"Indicators by {by.replace('_', ' ')}",
            "title_zh": f"规划指标分{LABELS_ZH[by]}",
            "breakdown": by,
            "draws": int(data.sizes["draw"]),
            **{name: data.attrs[name] for name in ("model", "model_digest", "seed", "as_of") if name in data.attrs},
        },
    )
    described = {
        "value": ("quantiles of the parts", "各组的分位数", _BASE),
        "weight": ("weight of each part of a rate, median", "各组权重（中位数）", "1"),
        "carried": ("whether the model carries the breakdown", "模型是否可分", None),
        "rule": ("how it is split, or why not", "划分规则或不可分的原因（英文）", None),
        "rule_zh": ("how it is split, or why not, in Chinese", "划分规则或不可分的原因", None),
    }
    for name, (long_name, label_zh, units) in described.items():
        found[name].attrs = {"long_name": long_name, "label_zh": label_zh} | ({} if units is None else {"units": units})
    return found.transpose("scenario", "indicator", "quantile", "year", by)


def _labels(by: str, model: ModelSpec) -> dict[str, tuple[str, str]]:
    """Chinese and English label of each part of an axis."""
    if by == "district":
        return {district.name: (district.label_zh, district.label_en) for district in model.population.districts}
    names = SEX if by == "sex" else tuple(name for name, _, _ in AGE_GROUPS)
    return {name: (part_label(name), name) for name in names}


def part_label(name: str) -> str:
    """Chinese name of a sex or an age group; in English it is called as on its axis."""
    if name in LABELS_ZH:
        return LABELS_ZH[name]
    return f"{name[:-1]}岁及以上" if name.endswith("+") else f"{name}岁"


def _data(source: xr.Dataset | xr.DataTree, model: ModelSpec) -> xr.Dataset:
    import xarray as xr

    if isinstance(source, xr.Dataset):
        return source
    if "indicators" in source.children:
        return source["indicators"].to_dataset()
    return indicators(source, model)
