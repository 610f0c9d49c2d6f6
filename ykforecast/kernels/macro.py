"""Monthly state of the business cycle: slow recoveries, sudden falls."""

from __future__ import annotations

from typing import Any

import numpy as np

from ykforecast.kernels.compile_cache import kernel
from ykforecast.kernels.packing import Floats
from ykforecast.kernels.philox import normals, stream_id, uniforms

NORMALS, UNIFORMS = stream_id("cycle:normal"), stream_id("cycle:recession")


@kernel
def _walk(
    phi: Any, drop: Any, sigma: Any, probability: Any, start: Any, shock: Any, normal: Any, uniform: Any, out: Any
) -> None:
    """Fill ``out`` (draw, month) with the cyclical state."""
    draws, months = out.shape
    for draw in range(draws):
        z = start[draw]
        for t in range(months):
            fall = drop[draw] if uniform[draw, t] < probability[draw] else 0.0
            z = phi[draw] * z - fall + sigma[draw] * normal[draw, t] + shock[t]
            out[draw, t] = z


def cycle_paths(
    phi: Any,
    drop: Any,
    sigma: Any,
    probability: Any,
    start: Any,
    *,
    seed: int,
    first_draw: int = 0,
    shock: Any = None,
    months: int = 60,
) -> Floats:
    """Paths of the cyclical state, an asymmetric autoregression.

    ``z[t] = phi * z[t-1] - drop * enter[t] + sigma * eps[t] + shock[t]`` where a recession
    enters with a fixed monthly probability: z falls at once and recovers through phi.

    Parameters
    ----------
    phi, drop, sigma, probability, start : (draw,)
        Monthly persistence; depth of a recession's entry; spread of monthly shocks;
        probability that a recession enters in a month; z before the first month.
    seed, first_draw : int
        Random numbers are a function of (seed, number of the draw, stream, month).
    shock : (month,), optional
        Forced shocks of a scenario, the same in every draw; they fade through phi.
    months : int

    Returns
    -------
    ndarray (draw, month)

    Raises
    ------
    ValueError
        Parameters of different lengths, or a shock of the wrong length.
    """
    given = [np.ascontiguousarray(x, dtype=np.float64) for x in (phi, drop, sigma, probability, start)]
    draws = len(given[0])
    if any(x.shape != (draws,) for x in given):
        raise ValueError(f"parameters must all have shape ({draws},)")
    forced = np.zeros(months) if shock is None else np.ascontiguousarray(shock, dtype=np.float64)
    if forced.shape != (months,):
        raise ValueError(f"shock must have shape ({months},), not {forced.shape}")
    out = np.empty((draws, months))
    normal = normals(seed, first_draw, draws, NORMALS, months)
    uniform = uniforms(seed, first_draw, draws, UNIFORMS, months)
    _walk(*given, forced, normal, uniform, out)
    return out
