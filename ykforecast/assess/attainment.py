"""Whether and how probably a target is met.

The plan states its targets on three bases: the level at the end of 2025, the
five-year sum in 〔〕, the annual average. Each is one entry of a table here, so that
no caller branches on a key. Which figures attain a target, the target itself says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.target import TargetSpec


def _level(series: xr.DataArray, through: int) -> xr.DataArray:
    return series.sel(year=through, drop=True)


def _cumulative(series: xr.DataArray, through: int) -> xr.DataArray:
    return series.sel(year=slice(BASE_YEAR + 1, through)).sum("year", skipna=False)


def _annual_mean(series: xr.DataArray, through: int) -> xr.DataArray:
    # 年均增长 is the constant rate that leads from the first level to the last (水平法), so growth
    # rates are averaged geometrically; for rates near 6 % the arithmetic mean is a little higher.
    growth = series.sel(year=slice(BASE_YEAR + 1, through)) + 1.0
    mean: xr.DataArray = growth.prod("year", skipna=False) ** (1.0 / (through - BASE_YEAR)) - 1.0
    return mean


BASES: Final[Mapping[str, Callable[[xr.DataArray, int], xr.DataArray]]] = {
    "level": _level,
    "cumulative": _cumulative,
    "annual_mean": _annual_mean,
}


def check_chance(key: str, value: Any) -> None:
    """Refuse what no chance of attainment can be asked to be.

    Parameters
    ----------
    key : str
        What the caller calls it.
    value : Any

    Raises
    ------
    RequestError
        Not a number between 0 and 1: neither end is a chance that finitely many draws can tell.
    """
    if not isinstance(value, Real) or not 0.0 < float(value) < 1.0:
        remedy = "Give a number between 0 and 1, such as 0.8."
        raise RequestError("not a chance", key=key, value=value, remedy=remedy)


def on_basis(series: xr.DataArray, target: TargetSpec, through: int = HORIZON) -> xr.DataArray:
    """Outcome that a target is compared with.

    Parameters
    ----------
    series : xr.DataArray
        Yearly values of one indicator, dims (..., year), base units; 2020 may be NaN.
    target : TargetSpec
        Its ``basis`` is ``level`` (value at ``through``), ``cumulative`` (sum of
        2021..``through``) or ``annual_mean`` (geometric mean of the yearly growth rates 2021..``through``).
    through : int
        Last year counted, 2021..2025.

    Returns
    -------
    xr.DataArray
        Dims of ``series`` without ``year``, base units.

    Raises
    ------
    RequestError
        An unknown basis, a year outside the plan, or years missing from ``series``.
    """
    if not BASE_YEAR < through <= HORIZON:
        raise RequestError("year outside the plan", key="through", value=through, remedy="Give 2021..2025.")
    try:
        basis = BASES[target.basis]
    except KeyError:
        raise RequestError(
            "unknown basis of a target", key="basis", value=target.basis, remedy=nearest(target.basis, BASES)
        ) from None
    missing = sorted(set(range(BASE_YEAR + 1, through + 1)) - set(series["year"].values.tolist()))
    if missing:
        raise RequestError(
            "years are missing from the series",
            key=str(series.name),
            value=missing,
            remedy="Project to 2025 before judging a target of 2025.",
        )
    return basis(series, through)


def attained(outcome: xr.DataArray, target: TargetSpec) -> xr.DataArray:
    """Whether the target is met, per draw.

    Parameters
    ----------
    outcome : xr.DataArray
        Result of :func:`on_basis`, base units, any dims.
    target : TargetSpec
        Its ``threshold`` (which carries the tolerance of 左右), its ``sense`` and whether it is ``strict``
        decide: ``TargetSpec.attained_by`` for whole arrays.

    Returns
    -------
    xr.DataArray
        Boolean, dims of ``outcome``.

    Raises
    ------
    RequestError
        Outcomes that are not numbers: a NaN is neither met nor missed.
    """
    if bool(outcome.isnull().any()):
        raise RequestError(
            "an outcome is not a number, so the target can be neither met nor missed",
            key=str(outcome.name),
            value=float("nan"),
            remedy="Check that the run reaches 2025 and that the indicator is computed in every draw.",
        )
    if target.sense == "at_most":
        met = outcome <= target.threshold
    else:
        met = outcome > target.threshold if target.strict else outcome >= target.threshold
    met.attrs = {"long_name": f"target {target.printed} met", "units": "1"}
    return met


def probability_of_attainment(met: xr.DataArray, dim: str = "draw") -> tuple[xr.DataArray, xr.DataArray]:
    """Share of draws in which a target is met, with its Monte Carlo standard error.

    Parameters
    ----------
    met : xr.DataArray
        Boolean, dims (..., draw), as :func:`attained` gives it; draws are exchangeable and of equal weight.
    dim : str
        Dimension of the draws.

    Returns
    -------
    (probability, standard_error) : tuple of xr.DataArray
        Dims of ``met`` without ``dim``, fractions.

    Notes
    -----
    The probability is k / n. Its error is the standard deviation of the Beta(k + 1/2, n - k + 1/2)
    posterior (Jeffreys' prior), which is the usual sqrt(p (1 - p) / n) for p away from 0 and 1 and
    stays above zero at p = 0 and p = 1, where the usual formula would claim certainty from finitely
    many draws (Brown, Cai and DasGupta 2001, Statistical Science 16(2)).
    """
    n = met.sizes[dim]
    k = met.sum(dim)
    return k / n, _count_error(k, n)


def share_error(share: npt.NDArray[np.float64], draws: int) -> npt.NDArray[np.float64]:
    """Monte Carlo standard error of a share of draws, any shape: that of :func:`probability_of_attainment`."""
    return np.asarray(_count_error(share * draws, draws))


def _count_error(k: Any, n: int) -> Any:
    a, b = k + 0.5, n - k + 0.5
    return (a * b / (n + 1.0) ** 2 / (n + 2.0)) ** 0.5


def change_of_attainment(
    first: xr.DataArray, second: xr.DataArray, dim: str = "draw"
) -> tuple[xr.DataArray, xr.DataArray]:
    """Change of the probability of attainment between two runs of the same draws, with its Monte Carlo error.

    Parameters
    ----------
    first, second : xr.DataArray
        Boolean, dims (..., draw): whether the target is met in each draw of either run.
    dim : str
        Dimension of the draws.

    Returns
    -------
    (change, standard_error) : tuple of xr.DataArray
        Second less first, fractions, without ``dim``.

    Notes
    -----
    Draws that meet the target in both runs, or in neither, say nothing of the change: with b draws gained and c lost
    of n it is (b - c) / n. The error is that of matched pairs with half a draw added to each of the four cells
    (Agresti and Min 2005, Statistics in Medicine 24), so that it stays above zero where no draw changes sides.
    """
    n = first.sizes[dim] + 2.0
    gained, lost = (second & ~first).sum(dim) + 0.5, (first & ~second).sum(dim) + 0.5
    error = ((gained + lost) / n - ((gained - lost) / n) ** 2) ** 0.5 / n**0.5
    return (gained - lost) / first.sizes[dim], error


def joint_attainment(met: Mapping[str, xr.DataArray], keys: Iterable[str]) -> xr.DataArray:
    """Whether all the named targets are met in the same draw.

    Parameters
    ----------
    met : mapping of str to xr.DataArray
        Boolean per indicator, common dims (..., draw).
    keys : iterable of str
        Indicators that must all be met; at least one.

    Returns
    -------
    xr.DataArray
        Boolean, the common dims.

    Raises
    ------
    RequestError
        No key given.
    """
    chosen = list(keys)
    if not chosen:
        raise RequestError("no target to judge jointly", key="keys", value=chosen, remedy="Name at least one.")
    together = met[chosen[0]]
    for key in chosen[1:]:
        together = together & met[key]
    return together
