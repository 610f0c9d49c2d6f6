"""A forecast that was finished before: the folder of ``ykforecast forecast``, or a vintage of an archive."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.evaluation import evaluate
from ykforecast.assess.progress import START, plan_date
from ykforecast.assess.vintages import VintageArchive
from ykforecast.data.files import digest_of_file
from ykforecast.data.manifests import read_manifest
from ykforecast.simulate.storage import read_groups
from ykforecast.simulate.vintages import read_vintage
from ykforecast.vocabulary.errors import DataError, RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

FORECAST_FILE: Final = "forecast.nc"
MANIFEST_FILE: Final = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class FinishedForecast:
    """What is left of a forecast.

    Attributes
    ----------
    name : str
        Of its folder.
    as_of : date or None
        Last day of which figures were known; None where nothing after the base year was.
    made_of : mapping
        Its manifest: model, inputs, versions, seed, figures.
    indicators : xr.Dataset
        Dims (scenario, draw, year), base units; of a vintage the draws that were kept.
    card, revised : xr.Dataset or None
        Scorecard, and the shares of figures in the change from the base year's forecast; a vintage keeps neither.
    """

    name: str
    as_of: date | None
    made_of: Mapping[str, Any]
    indicators: xr.Dataset
    card: xr.Dataset | None
    revised: xr.Dataset | None


def read_finished(folder: str | os.PathLike[str]) -> FinishedForecast:
    """Read a finished forecast, its digests checked.

    Parameters
    ----------
    folder : path
        Folder of ``ykforecast forecast``, or of one vintage.

    Raises
    ------
    DataError
        A file is missing, damaged, or not the one that the manifest names.
    RequestError
        A vintage that keeps no draws.
    """
    folder = Path(folder)
    manifest = read_manifest(folder / MANIFEST_FILE)
    if "made_of" in manifest:
        return _of_vintage(folder)
    written = manifest.get("results", {}).get(FORECAST_FILE)
    if written is None:
        raise DataError("not the manifest of a forecast", file=folder / MANIFEST_FILE, remedy="Name its folder")
    file = folder / FORECAST_FILE
    groups = read_groups(file)
    if digest_of_file(file) != written:
        raise DataError("changed since the manifest was written", file=file, remedy="Run the forecast again")
    datasets = {name: groups[name].to_dataset() for name in ("indicators", "scorecard", "revision") if name in groups}
    return FinishedForecast(
        name=folder.resolve().name,
        as_of=None if manifest["as_of"] is None else date.fromisoformat(manifest["as_of"]),
        made_of=manifest,
        indicators=datasets["indicators"],
        card=datasets.get("scorecard"),
        revised=datasets.get("revision"),
    )


def previous_forecast(place: Path, now: FinishedForecast) -> FinishedForecast:
    """The forecast to compare with: a folder, a vintage, or the last one of an archive that is not ``now`` itself.

    Raises
    ------
    RequestError
        Nothing to compare with.
    DataError
        As :func:`read_finished`.
    """
    if (place / MANIFEST_FILE).is_file():
        return read_finished(place)
    keys = VintageArchive(place).list()
    for key in reversed(keys):
        before = read_finished(place / key)
        if before.made_of.get("values") != now.made_of.get("values"):
            return before
    remedy = "Name the folder of a forecast, a vintage, or an archive with an earlier one"
    raise RequestError("no earlier forecast here", key="previous", value=str(place), remedy=remedy)


def scorecard(forecast: FinishedForecast, model: ModelSpec, as_of: str | None) -> xr.Dataset:
    """Scorecard of a finished forecast on the day asked for, or on that of its figures.

    Parameters
    ----------
    forecast : FinishedForecast
    model : ModelSpec
        That it was made with.
    as_of : str, optional
        ISO date. On the last day of its figures the card is the stored one; on a later day progress is that of the
        forecast, and no figure is set beside it that it did not know.

    Returns
    -------
    xr.Dataset
        As :func:`ykforecast.evaluate` gives it, with the attribute ``known``: ISO date up to which figures were used.

    Raises
    ------
    RequestError
        A day before its figures end: it knows what was published later. A vintage, which keeps no scorecard.
    """
    known = forecast.as_of or START
    when = known if as_of is None else plan_date(as_of)
    if when < known:
        raise RequestError(
            f"the forecast knows figures up to {known}",
            key="as_of",
            value=as_of,
            remedy=f"Give a later day, or run the forecast anew: ykforecast forecast --as-of {as_of}",
        )
    stored = forecast.card
    if stored is None or "rate_probability" not in stored:
        remedy = "Run ykforecast forecast again, and name its folder"
        raise RequestError("no full scorecard in it", key="folder", value=forecast.name, remedy=remedy)
    if when == known:
        return stored.assign_attrs(known=known.isoformat())
    # Figures that the forecast did not know are not set beside it.
    card = evaluate(forecast.indicators, model, when.isoformat(), observations=())
    # The judgement by years does not depend on the day; the true rate is in the stored card alone.
    rates = ["rate_probability", "rate_probability_error", "rate_value"]
    return card.drop_dims("rate").assign(stored[rates].data_vars).assign_attrs(card.attrs, known=known.isoformat())


def _of_vintage(folder: Path) -> FinishedForecast:
    vintage = read_vintage(folder)
    if "draws" not in vintage.table:
        raise RequestError("the vintage keeps no draws, only quantiles", key="previous", value=vintage.key)
    draws = vintage.table["draws"]
    return FinishedForecast(
        name=vintage.key,
        as_of=vintage.as_of,
        made_of=vintage.made_of,
        indicators=draws.reset_coords(drop=True).to_dataset("indicator"),
        card=None,
        revised=None,
    )
