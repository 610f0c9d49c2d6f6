"""Causes of a forecast error, or of any change: exact Shapley parts that add to the whole whatever the order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from ykforecast.assess.owen import shared_out
from ykforecast.vocabulary.errors import RequestError

Floats = npt.NDArray[np.float64]


def shapley_parts(
    value: Callable[[Mapping[str, Floats]], float],
    before: Mapping[str, npt.ArrayLike],
    after: Mapping[str, npt.ArrayLike],
) -> dict[str, float]:
    r"""Part of ``value(after) - value(before)`` that each factor brings.

    Parameters
    ----------
    value : callable
        Number of a set of factors; called once for each of the 2^n mixtures of before and after.
    before, after : mapping of str to array_like
        The same factors, any shape and unit.

    Returns
    -------
    dict of str to float
        Unit of ``value``; the parts add to the whole change.

    Notes
    -----
    :math:`\sum_{S\not\ni i}\frac{|S|!\,(n-|S|-1)!}{n!}\,\big(v(S\cup i)-v(S)\big)`: Shapley (1953), Contributions to
    the Theory of Games II. For rates it is the decomposition of Das Gupta (1993), Standardization and Decomposition
    of Rates, U.S. Bureau of the Census, Current Population Reports P23-186.

    Raises
    ------
    RequestError
        No factor, or factors that differ.
    """
    if not before or before.keys() != after.keys():
        raise RequestError("factors before and after must be the same", key="factors", value=[*before, *after])
    old, new = ({name: np.asarray(one, dtype=float) for name, one in side.items()} for side in (before, after))
    parts = shared_out(
        [[name] for name in old],
        lambda chosen: np.asarray(value({name: (new if name in chosen else old)[name] for name in old}), dtype=float),
    )
    return {name: float(part) for name, part in parts.items()}


@dataclass(frozen=True, kw_only=True)
class ErrorSplit:
    """Parts of an error, unit of the count.

    Attributes
    ----------
    error : float
        Forecast less observed figure.
    factors : dict of str to float
        Part of each factor that was given, such as ``population`` and ``rates``.
    definition : float
        Part that comes from figures now published on another definition.
    rest : float
        What none of these explains; ``error`` is the sum of all parts.
    """

    error: float
    factors: dict[str, float]
    definition: float
    rest: float


def split_error(
    forecast: float,
    observed: float,
    factors: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]],
    *,
    definition_step: float = 0.0,
) -> ErrorSplit:
    """Split the error of a forecast count among what it is made of.

    Parameters
    ----------
    forecast, observed : float
        Count forecast, and as published later (persons).
    factors : mapping of str to (forecast, observed)
        Factors whose product, summed over groups, makes the count: say ``population`` (group,) in persons and
        ``rates`` (group,) as fractions. Empty if none is known: then all but the definition is rest.
    definition_step : float
        Published figure on the new definition less the same on that of the forecast.

    Raises
    ------
    RequestError
        Figures that are not numbers, or groups that do not match.
    """
    before = {name: np.asarray(pair[1], dtype=float) for name, pair in factors.items()}
    after = {name: np.asarray(pair[0], dtype=float) for name, pair in factors.items()}
    counts = np.array([forecast, observed, definition_step])
    if not all(np.isfinite(figure).all() for figure in (counts, *before.values(), *after.values())):
        raise RequestError("figures to split must be numbers", key="factors", value=list(factors))
    if len({one.shape for one in (*before.values(), *after.values())}) > 1:
        shapes = [one.shape for one in (*before.values(), *after.values())]
        raise RequestError("factors must have the same groups", key="factors", value=shapes)
    parts = shapley_parts(lambda mix: float(np.sum(prod(mix.values()))), before, after) if factors else {}
    error = forecast - observed
    return ErrorSplit(
        error=error,
        factors=parts,
        definition=-definition_step,
        rest=error - sum(parts.values()) + definition_step,
    )
