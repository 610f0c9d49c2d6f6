"""Two insurance series by yearly hazards: the structure of the city model in a thousandth of its time.

Made for tests of the algorithms of this layer; its numbers describe no place.
"""

from __future__ import annotations

from typing import Final

import numpy as np

SERIES: Final = ("pension", "unemployment")
YEARS: Final = (2021, 2022, 2023, 2024, 2025)
#: Take-up and leaving of each series, response to and persistence of the cycle, five shocks, two that move nothing.
COORDINATES: Final = 13
SHOCKS: Final = slice(6, 11)


def insured(latent: np.ndarray) -> np.ndarray:
    """Insured persons of both series at five year ends (draw, series, year), in shares of the people insurable.

    Parameters
    ----------
    latent : ndarray (draw, coordinate)
        Standard normal.
    """
    take_up = np.exp(np.log([0.12, 0.05]) + 0.5 * latent[:, 0:2])
    leaving = 1.0 / (1.0 + np.exp(-(np.array([-3.5, -3.0]) + 0.4 * latent[:, 2:4])))
    response = np.exp(-1.0 + 0.5 * latent[:, 4])
    persistence = 1.0 / (1.0 + np.exp(-0.5 * latent[:, 5]))
    stock = np.tile([0.60, 0.25], (len(latent), 1))
    cycle = np.zeros(len(latent))
    path = []
    for shock in latent[:, SHOCKS].T:
        cycle = persistence * cycle + shock
        entering = 1.0 - np.exp(-take_up * np.exp(response * cycle)[:, None])
        stock = stock + entering * (1.0 - stock) - leaving * stock
        path.append(stock)
    return np.stack(path, axis=2)


def published(latent: np.ndarray) -> np.ndarray:
    """Figures of the first two years (draw, obs): pension 2021 and 2022, unemployment 2021 and 2022."""
    return insured(latent)[:, :, :2].reshape(len(latent), -1)
