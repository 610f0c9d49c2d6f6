"""A vintage (预测版本): one forecast as it stood on its date of issue, small enough to keep for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.data.files import digest_of_file, write_text
from ykforecast.data.folders import appearing
from ykforecast.simulate.storage import read_groups, values_digest, write_groups
from ykforecast.vocabulary.errors import DataError, OutputError, RequestError

if TYPE_CHECKING:
    import xarray as xr

#: Quantiles kept, from all draws.
PROBABILITIES: Final = tuple(k / 100 for k in range(1, 100))
#: Draws kept, enough for fair scores and for sums over years.
KEPT_DRAWS: Final = 200
_FORECAST: Final = "forecast.nc"
_MANIFEST: Final = "manifest.json"
_GROUP: Final = "vintage"
_SPREAD: Final = ("draw", "probability")


@dataclass(frozen=True, kw_only=True)
class Vintage:
    """A forecast in the archive.

    Attributes
    ----------
    key : str
        ``<issued>_<as_of>_<digest8>``; ``base`` in the place of ``as_of`` if nothing after the base year was known.
    issued : date
    as_of : date or None
        Last day of which figures were known.
    table : xr.Dataset
        As `condensed` made it.
    made_of : dict
        Digests of the inputs, versions and settings, as handed in.
    """

    key: str
    issued: date
    as_of: date | None
    table: xr.Dataset
    made_of: dict[str, Any]


def condensed(source: xr.Dataset) -> xr.Dataset:
    """What is kept of a forecast.

    Parameters
    ----------
    source : xr.Dataset
        One variable for each indicator, base units, dims (scenario, draw, year); or a table of quantiles with the dim
        ``probability`` instead of ``draw``. Attribute ``units`` on each variable. Variables with further dims
        (breakdowns by sex or district) are not kept.

    Returns
    -------
    xr.Dataset
        Dims (indicator, scenario, year, probability, draw): ``quantile`` at 1..99 %, ``mean``, ``sd``, and ``draws``:
        200 at most, evenly spread over the draws and the same for every indicator and scenario, so that they stay
        joint. Of a table of quantiles only ``quantile``.

    Raises
    ------
    RequestError
        No variable with these dimensions.
    """
    import numpy as np
    import xarray as xr

    spread = next((dim for dim in _SPREAD if dim in source.dims), "draw")
    plain = [name for name, one in source.data_vars.items() if set(one.dims) == {"scenario", "year", spread}]
    if not plain:
        raise RequestError(
            "an indicator needs the dimensions scenario, year, and draw or probability",
            key="indicators",
            value=dict(source.sizes),
            remedy="Pass what yk.indicators returned, unreduced",
        )
    series = source[plain].reset_coords(drop=True)
    values = series.to_dataarray("indicator").transpose("indicator", "scenario", "year", spread)
    kept = xr.Dataset(
        coords={
            **{dim: values[dim].values for dim in ("indicator", "scenario", "year")},
            "unit": ("indicator", [str(one.attrs.get("units", "")) for one in series.data_vars.values()]),
        }
    )
    axes = ("indicator", "scenario", "year")
    if spread == "probability":
        return kept.assign(quantile=((*axes, spread), values.values)).assign_coords(probability=values[spread].values)
    points = np.moveaxis(np.quantile(values.values, PROBABILITIES, axis=-1), 0, -1)
    chosen = np.unique(np.linspace(0, values.sizes["draw"] - 1, KEPT_DRAWS).round().astype(int))
    return kept.assign(
        quantile=((*axes, "probability"), points),
        mean=(axes, values.values.mean(axis=-1)),
        sd=(axes, values.values.std(axis=-1, ddof=1 if values.sizes["draw"] > 1 else 0)),
        draws=((*axes, "draw"), values.values[..., chosen]),
    ).assign_coords(probability=list(PROBABILITIES))


def vintage_key(table: xr.Dataset, issued: date, as_of: date | None, made_of: Mapping[str, Any]) -> str:
    """Name of a vintage: its dates and the digest of all that it says.

    Raises
    ------
    OutputError
        A manifest that JSON cannot hold.
    """
    return _key(_stated(table, issued, as_of, made_of))


def write_vintage(
    archive: Path, table: xr.Dataset, issued: date, as_of: date | None, made_of: Mapping[str, Any]
) -> str:
    """Write a vintage as a new folder of ``archive``, whole or not at all; returns its key.

    Raises
    ------
    OutputError
        The folder exists, or cannot be written.
    """
    stated = _stated(table, issued, as_of, made_of)
    key = _key(stated)
    with appearing(archive / key) as part:
        write_groups(part / _FORECAST, {_GROUP: table}, {"key": key})
        files = {_FORECAST: digest_of_file(part / _FORECAST)}
        write_text(part / _MANIFEST, json.dumps(stated | {"files": files}, indent=1, ensure_ascii=False) + "\n")
    return key


def read_vintage(folder: Path) -> Vintage:
    """Read a vintage and check every digest.

    Raises
    ------
    DataError
        A file that is missing, damaged or changed, by its name.
    """
    manifest = folder / _MANIFEST
    try:
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        files, issued = stated.pop("files"), date.fromisoformat(stated["issued"])
        as_of = date.fromisoformat(stated["as_of"]) if stated["as_of"] else None
        wanted = files[_FORECAST]
        whole = _key(stated) == folder.name
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(manifest, f"not a readable manifest: {error}") from error
    if not whole:
        raise _broken(manifest, "changed since it was written")
    forecast = folder / _FORECAST
    if not forecast.is_file():
        raise _broken(forecast, "the file is missing")
    if digest_of_file(forecast) != wanted:
        raise _broken(forecast, "changed since it was written")
    table = read_groups(forecast)[_GROUP].to_dataset()
    return Vintage(key=folder.name, issued=issued, as_of=as_of, table=table, made_of=stated["made_of"])


def _stated(table: xr.Dataset, issued: date, as_of: date | None, made_of: Mapping[str, Any]) -> dict[str, Any]:
    stated = {
        "issued": issued.isoformat(),
        "as_of": as_of.isoformat() if as_of else None,
        "values": values_digest(table),
        "made_of": dict(made_of),
    }
    try:
        # Through JSON and back, so that the digest is of what a reader will find.
        back: dict[str, Any] = json.loads(json.dumps(stated, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise OutputError(f"a manifest holds what JSON knows: {error}", remedy="Give texts and numbers") from error
    return back


def _key(stated: Mapping[str, Any]) -> str:
    text = json.dumps(stated, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return f"{stated['issued']}_{stated['as_of'] or 'base'}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _broken(file: Path, problem: str) -> DataError:
    return DataError(problem, file=file, remedy="Restore the vintage from a copy, or remove its folder")
