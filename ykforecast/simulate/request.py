"""Which draws a run is asked for: defaults, bounds, and those that interim figures conditioned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration

DEFAULT_SEED: Final = 2020


def requested(
    calibration: Calibration,
    draws: int | None,
    seed: int | None,
    default: int,
    *,
    threads: int | None = None,
    block: int = 1,
    first: int = 0,
) -> tuple[int, int]:
    """Draws and seed of a run: as asked for, or the default; those that interim figures conditioned, where some did.

    Parameters
    ----------
    calibration : Calibration
    draws, seed : int, optional
        As asked for.
    default : int
        Draws where none are asked for; fewer where fewer were conditioned.
    threads : int, optional
    block, first : int
        Draws of one block, and the number of the first draw.

    Raises
    ------
    RequestError
        No run can have such numbers, or other draws were conditioned.
    """
    latent = calibration.latent
    if draws is None:
        draws = default if latent is None else min(default, latent.draws)
    if seed is None:
        seed = DEFAULT_SEED if latent is None else latent.seed
    check_request(draws, seed, threads=threads, block=block, first=first)
    if latent is not None:
        latent.check(seed, first + draws)
    return draws, seed


def check_request(draws: int, seed: int, *, threads: int | None = None, block: int = 1, first: int = 0) -> None:
    """Refuse numbers that no run can have, before anything is computed.

    Raises
    ------
    RequestError
    """
    least_of = {
        "draws": (draws, 1),
        "seed": (seed, 0),
        "block": (block, 1),
        "threads": (1 if threads is None else threads, 1),
        "first": (first, 0),
    }
    for key, (number, least) in least_of.items():
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < least:
            raise RequestError(
                "not a possible number",
                key=key,
                value=number,
                remedy=f"Give a whole number of at least {least}.",
            )
    if seed >= 2**63:
        raise RequestError("too large", key="seed", value=seed, remedy="Give a number below 2**63.")
