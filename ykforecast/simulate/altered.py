"""Draws with some parameters replaced and some processes silent, for runs of what did not happen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from ykforecast.simulate.sampling import Draws


@dataclass(frozen=True)
class Altered:
    """The same draws but for what is altered.

    Attributes
    ----------
    real : Draws
    values : mapping of str to ndarray (draw,)
        Parameters that are replaced.
    silent : collection of str
        Processes whose noise is zero.
    """

    real: Draws
    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    silent: Collection[str] = ()

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.real.draws

    def value(self, name: str) -> np.ndarray:
        """Values (draw,) of a parameter."""
        return self.values[name] if name in self.values else self.real.value(name)

    def noise(self, name: str, count: int) -> np.ndarray:
        """Standard normal numbers (draw, count); zeros of a silent process."""
        return np.zeros((self.draws, count)) if name in self.silent else self.real.noise(name, count)

    def uniform(self, name: str, count: int) -> np.ndarray:
        """Uniform numbers (draw, count)."""
        return self.real.uniform(name, count)


def without_cycle(reference: np.ndarray) -> dict[str, np.ndarray]:
    """Parameters under which the cyclical state stays where it was on the mean of 2020, and output grows by trend.

    Parameters
    ----------
    reference : ndarray (draw,)
        State that the base odds stand for, the parameter ``cycle_2020``.
    """
    none = np.zeros_like(reference)
    return {
        "cycle_noise": none,
        "recession_hazard": none,
        "cycle_persistence": np.ones_like(reference),
        "cycle_jump_off": reference,
        "cycle_recovery_2020": none,
    }
