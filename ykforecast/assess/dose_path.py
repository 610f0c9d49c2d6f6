"""Doses from nothing to the bounds in small steps: of one lever, or of several in a fixed proportion."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.spec.lever import LeverSpec

Floats = npt.NDArray[np.float64]
#: Dose of each lever, held in all years that can still be moved.
Doses = Mapping[str, float]
#: Steps that a range of doses is cut into, about: the Monte Carlo error of ten thousand draws is several of them.
STEPS: Final = 1000


def dose_step(lever: LeverSpec) -> float:
    """Step in which doses of a lever are sought: 1, 2 or 5 in some decimal place, whole where the unit counts."""
    if lever.dose_unit == "switch":
        return 1.0
    size = (lever.bounds[1] - lever.bounds[0]) / STEPS
    place = 10.0 ** math.floor(math.log10(size))
    step = max(digit * place for digit in (1.0, 2.0, 5.0) if digit * place <= size * (1.0 + 1e-9))
    return step if lever.dose_unit in ("1", "1/year") else max(step, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class DosePath:
    """Doses by position, rising from position 0 to ``last``.

    Attributes
    ----------
    levers : tuple of str
    low, rise, high, step : ndarray (lever,)
        First dose, rise by position, upper bound, and the step that doses are rounded up to; units of the levers.
    last : int
        Last position.
    """

    levers: tuple[str, ...]
    low: Floats
    rise: Floats
    high: Floats
    step: Floats
    last: int

    def __call__(self, position: float) -> dict[str, float]:
        """Doses at a position; beyond the last one infinite."""
        if math.isinf(position):
            return dict.fromkeys(self.levers, math.inf)
        # A hair below, so that a whole number of steps stays what it is.
        steps = np.ceil(position * self.rise / self.step - 1e-6)
        doses = np.minimum(self.low + steps * self.step, self.high)
        return dict(zip(self.levers, np.round(doses, 12).tolist(), strict=True))

    @classmethod
    def of_one(cls, key: str, lever: LeverSpec) -> DosePath:
        """From the lower to the upper bound of one lever, a step at a time."""
        (low, high), step = lever.bounds, dose_step(lever)
        last = round((high - low) / step)
        return cls((key,), np.array([low]), np.array([step]), np.array([high]), np.array([step]), last)

    @classmethod
    def together(cls, levers: Mapping[str, LeverSpec], shares: Iterable[float] | None = None) -> DosePath:
        """From no dose to shares of the upper bounds, all at once; never beyond them.

        Parameters
        ----------
        levers : mapping of LeverSpec
        shares : iterable of float, one a lever, optional
            One by default; more than one reaches the bound on the way.

        Raises
        ------
        RequestError
            A lever is a switch, which has no share.
        """
        for key, lever in levers.items():
            if lever.dose_unit == "switch":
                remedy = "Join it to the base scenario, as in base='plan+delayed-retirement'."
                raise RequestError("a switch has no share", key="lever", value=key, remedy=remedy)
        high = np.array([lever.bounds[1] for lever in levers.values()])
        part = np.ones(len(high)) if shares is None else np.array([*shares])
        step = np.array([dose_step(lever) for lever in levers.values()])
        return cls(tuple(levers), np.zeros(len(high)), part * high / STEPS, high, step, STEPS)
