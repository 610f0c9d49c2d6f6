"""The causes of a change in the order of their size: what a report names first (主要变动来源)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.named import named

if TYPE_CHECKING:
    import xarray as xr

#: Causes that are named.
PLACES: Final = 3
_BASE: Final = "base units of the indicator"
_DESCRIBED: Final = {
    "share": ("mean part of the cause in the change", "对变动的平均贡献", _BASE),
    "share_interval": ("central 80 % interval of the part", "贡献的80%区间", _BASE),
    "change": ("mean change", "平均变动", _BASE),
    "top_share": ("mean part of the causes by size", "前几位来源的平均贡献", _BASE),
    "top_zh": ("causes by size, in Chinese", "前几位来源", None),
    "top_en": ("causes by size", "前几位来源（英文）", None),
}


def main_causes(found: xr.Dataset) -> xr.Dataset:
    """Means over the draws of an attribution, and its largest parts.

    Parameters
    ----------
    found : Dataset
        Of :func:`ykforecast.attribute`, with draws.

    Returns
    -------
    Dataset
        Base units of each indicator: ``share`` (part, indicator), whose sum is ``change`` (indicator);
        ``share_interval`` (bound, part, indicator), 10 and 90 %; ``top_share``, ``top_zh``, ``top_en`` (indicator,
        place), the largest parts in absolute value, the first first.
    """
    import xarray as xr

    share = found["share"].mean("draw").drop_vars([name for name in found.coords if name not in found.dims])
    interval = found["share"].quantile([0.1, 0.9], dim="draw").rename(quantile="bound")
    order = np.argsort(-np.abs(share.transpose("indicator", "part").values), axis=1, kind="stable")[:, :PLACES]
    cells = ("indicator", "place")
    top = share.transpose("indicator", "part").values[np.arange(len(order))[:, np.newaxis], order]
    variables: dict[str, Any] = {
        "share": share,
        "share_interval": interval.assign_coords(bound=["lower", "upper"]).drop_vars(
            [name for name in interval.coords if name not in interval.dims]
        ),
        "change": found["difference"].mean("draw"),
        "top_share": (cells, top),
        **{f"top_{lang}": (cells, found[f"part_{lang}"].values[order]) for lang in ("zh", "en")},
    }
    made = xr.Dataset(
        variables,
        coords={
            "place": np.arange(1, PLACES + 1),
            **{f"part_{lang}": ("part", found[f"part_{lang}"].values) for lang in ("zh", "en")},
        },
        attrs={key: found.attrs[key] for key in ("scenario", "base", "year", "draws")},
    )
    return named(made, _DESCRIBED, _DESCRIBED)
