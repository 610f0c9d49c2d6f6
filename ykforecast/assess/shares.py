"""Parts of a change, as every way of attribution returns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Groups = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Shares:
    """Parts that add up to ``after - before`` in every draw and indicator.

    Attributes
    ----------
    groups : mapping of str to tuple of str
        Parts by the group they belong to.
    share : mapping of str to ndarray (draw, indicator)
    before, after : ndarray (draw, indicator)
    met : Shares, optional
        The same of the attainment of the targets, which is 0 or 1.
    """

    groups: Groups
    share: Mapping[str, Floats]
    before: Floats
    after: Floats
    met: Shares | None = None
