"""Yearly targets broken down to districts (分解到县区): shares of the model, sums that are exact as printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.assess.attainment import attained, probability_of_attainment
from ykforecast.assess.breakdowns import BY
from ykforecast.assess.target_paths import Counts, Floats, largest_remainder
from ykforecast.data.district_rules import district_rules
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import ModelError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.district_rule import DistrictRule
    from ykforecast.spec.model import ModelSpec


def district_shares(runs: xr.DataTree, data: xr.Dataset, rules: Mapping[str, DistrictRule]) -> dict[str, Floats]:
    """Share of each district in what an indicator follows, median of the draws of the first scenario.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project` with ``keep="totals"``.
    data : Dataset
        Its indicators.
    rules : mapping of DistrictRule by indicator

    Returns
    -------
    dict of str to ndarray (year_end, district)
        Fractions; the districts add up to one.

    Raises
    ------
    ModelError
        A rule names no stocks for an indicator that the model does not split.
    """
    held = runs["stocks/residents_by_age_group"].isel(scenario=0).median("draw")
    share = runs["districts/district_share"]
    by_district = (held * share).sum("age_group").transpose("year_end", "stock", "district")
    found = {}
    for key, rule in rules.items():
        if rule.stocks is not None:
            persons = by_district.sel(stock=list(rule.stocks)).sum("stock").values
        elif f"{key}{BY}district" not in data:
            raise ModelError(
                "the model does not split this indicator by district",
                key=f"{key}.stocks",
                value=None,
                remedy="Name the stocks that its targets follow.",
            )
        else:
            parts = data[f"{key}{BY}district"].isel(scenario=0).median("draw")
            persons = parts.transpose("year", "district").values
        found[key] = persons / persons.sum(axis=1, keepdims=True)
    return found


def _by_district(runs: xr.DataTree, data: xr.Dataset, key: str, rule: DistrictRule | None) -> xr.DataArray:
    """An indicator by district in every draw (draw, year, district): the model's split, or at its stocks' shares."""
    import xarray as xr

    if rule is None or rule.stocks is None:
        return data[f"{key}{BY}district"].isel(scenario=0, drop=True)
    named = {"stock": list(rule.stocks)}
    held = runs["stocks/residents_by_age_group"].isel(scenario=0, drop=True).sel(named)
    persons = xr.dot(held, runs["districts/district_share"].sel(named), dim=["stock", "age_group"])
    persons = persons.rename(year_end="year")
    found: xr.DataArray = data[key].isel(scenario=0, drop=True) * persons / persons.sum("district")
    return found


def split_by_district(city: Counts, shares: Floats) -> Counts:
    """City targets (year,) in whole printed steps as district targets (district, year) that add up to them."""
    columns = [largest_remainder(share, int(total)) for total, share in zip(city, shares, strict=True)]
    return np.stack(columns, axis=1) if columns else np.zeros((shares.shape[1], 0), dtype=np.int64)


def district_targets(
    runs: xr.DataTree,
    data: xr.Dataset,
    model: ModelSpec,
    counts: Mapping[str, Counts],
    steps: Mapping[str, float],
    left: Sequence[int],
    sums: Mapping[str, tuple[str, ...]],
) -> xr.Dataset:
    """Targets of counts by district, and their chances; those of an assumed split hold under that split.

    Parameters
    ----------
    runs : DataTree
        One scenario, with ``keep="totals"``.
    data : Dataset
        Its indicators.
    model : ModelSpec
    counts : mapping of ndarray of int (year,) by indicator
        Targets of the city in whole printed steps.
    steps : mapping of float by indicator
        One printed step in base units.
    left : sequence of int
        Years to break down, the last ones of the plan.
    sums : mapping of indicator to its parts
        Its districts are the sums of those of its parts.

    Returns
    -------
    Dataset
        ``district_target`` and ``district_probability`` (indicator, district, year), ``district_grade`` (indicator),
        see :func:`ykforecast.assess.annual_targets.annual_targets`.
    """
    import xarray as xr

    keys = list(counts)
    rules = {key: rule for key, rule in district_rules(model.folder).items() if key in counts}
    shares = district_shares(runs, data, rules)
    districts = model.population.districts
    shape = (len(keys), len(districts), len(YEARS))
    target, chance = np.full(shape, np.nan), np.full(shape, np.nan)
    first = YEARS.index(left[0])
    split = {key: split_by_district(counts[key][first:], shares[key][first + 1 :]) for key in rules}
    for whole, parts in sums.items():
        if whole in counts and all(part in split for part in parts):
            split[whole] = np.sum([split[part] for part in parts], axis=0)
    for key, divided in split.items():
        row = keys.index(key)
        target[row, :, first:] = divided * steps[key]
        held = _by_district(runs, data, key, rules.get(key)).sel(year=left)
        wanted = model.targets[key].model_copy(update={"value": target[row, :, first:]})
        met = attained(held.transpose("draw", "district", "year"), wanted)
        chance[row, :, first:] = probability_of_attainment(met)[0].values
    grades = [rules[key].grade if key in rules else ("derived" if key in split else "") for key in keys]
    return xr.Dataset(
        {
            "district_target": (("indicator", "district", "year"), target),
            "district_probability": (("indicator", "district", "year"), chance),
            "district_grade": ("indicator", grades),
        },
        coords={
            "indicator": keys,
            "district": list(model.population.names),
            "district_zh": ("district", [district.label_zh for district in districts]),
            "district_en": ("district", [district.label_en for district in districts]),
            "year": list(YEARS),
        },
    )
