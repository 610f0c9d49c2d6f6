"""Yearly targets broken down to districts (分解到县区): shares of the model, sums that are exact as printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
from pydantic import Field

from ykforecast.assess.target_paths import Counts, Floats, largest_remainder
from ykforecast.data.toml_files import read_toml
from ykforecast.spec.record import Complaint, FromList, Key, Reasoned
from ykforecast.vocabulary.dims import DISTRICTS, LABELS_ZH, STOCKS, YEARS
from ykforecast.vocabulary.errors import nearest

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

RULES_FILE: Final = "district_targets.toml"


class DistrictRule(Reasoned):
    """What an indicator's targets follow across districts.

    Attributes
    ----------
    stocks : tuple of str
        Stocks of the model; each district's part of their sum is its part of the target.
    """

    stocks: Annotated[tuple[Key, ...], FromList, Field(min_length=1)]


def district_rules(folder: Path) -> dict[str, DistrictRule]:
    """Rules of ``district_targets.toml`` by indicator.

    Raises
    ------
    ModelError
        The file is missing or not TOML, a rule is without a reason, or names an unknown stock.
    """
    file = read_toml(folder / RULES_FILE)
    rules = {}
    for key, table in file.table.items():
        rule, complaints = DistrictRule.read(table if isinstance(table, Mapping) else {"stocks": table}, key)
        if rule is None:
            raise file.error(complaints[0])
        for stock in rule.stocks:
            if stock not in STOCKS:
                raise file.error(Complaint(f"{key}.stocks", "unknown stock", stock, nearest(stock, STOCKS)))
        rules[key] = rule
    return rules


def district_shares(runs: xr.DataTree, rules: Mapping[str, DistrictRule]) -> dict[str, Floats]:
    """Share of each district in the stocks that an indicator follows, median of the draws of the first scenario.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project` with ``keep="totals"``.
    rules : mapping of DistrictRule by indicator

    Returns
    -------
    dict of str to ndarray (year_end, district)
        Fractions; the districts add up to one.
    """
    held = runs["stocks/residents_by_age_group"].isel(scenario=0).median("draw")
    share = runs["districts/district_share"]
    by_district = (held * share).sum("age_group").transpose("year_end", "stock", "district")
    found = {}
    for key, rule in rules.items():
        persons = by_district.sel(stock=list(rule.stocks)).sum("stock").values
        found[key] = persons / persons.sum(axis=1, keepdims=True)
    return found


def split_by_district(city: Counts, shares: Floats) -> Counts:
    """City targets (year,) in whole printed steps as district targets (district, year) that add up to them."""
    columns = [largest_remainder(share, int(total)) for total, share in zip(city, shares, strict=True)]
    return np.stack(columns, axis=1) if columns else np.zeros((len(DISTRICTS), 0), dtype=np.int64)


def district_targets(
    runs: xr.DataTree,
    data: xr.Dataset,
    model: ModelSpec,
    counts: Mapping[str, Counts],
    steps: Mapping[str, float],
    left: Sequence[int],
    sums: Mapping[str, tuple[str, ...]],
) -> xr.Dataset:
    """Targets of counts by district, and their chances where the model splits the indicator itself.

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
    shares = district_shares(runs, rules)
    shape = (len(keys), len(DISTRICTS), len(YEARS))
    target, chance = np.full(shape, np.nan), np.full(shape, np.nan)
    first = YEARS.index(left[0])
    split = {key: split_by_district(counts[key][first:], shares[key][first + 1 :]) for key in rules}
    for whole, parts in sums.items():
        if whole in counts and all(part in split for part in parts):
            split[whole] = np.sum([split[part] for part in parts], axis=0)
    for key, divided in split.items():
        row = keys.index(key)
        target[row, :, first:] = divided * steps[key]
        if f"{key}_by_district" not in data:
            continue
        held = data[f"{key}_by_district"].isel(scenario=0, drop=True).sel(year=left)
        wanted = target[row, :, first:]
        values = held.transpose("draw", "district", "year").values
        reached = values >= wanted if model.targets[key].sense == "at_least" else values <= wanted
        chance[row, :, first:] = reached.mean(axis=0)
    grades = [rules[key].grade if key in rules else ("derived" if key in split else "") for key in keys]
    return xr.Dataset(
        {
            "district_target": (("indicator", "district", "year"), target),
            "district_probability": (("indicator", "district", "year"), chance),
            "district_grade": ("indicator", grades),
        },
        coords={
            "indicator": keys,
            "district": list(DISTRICTS),
            "district_zh": ("district", [LABELS_ZH[name] for name in DISTRICTS]),
            "year": list(YEARS),
        },
    )
