"""What drives the cohorts of one block of draws, and whether two scenarios drive them alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ykforecast.simulate.policy import PolicyPaths, Setting
from ykforecast.simulate.repeated_run import same_inputs

if TYPE_CHECKING:
    from ykforecast.processes.economy import MacroPath


@dataclass(frozen=True, slots=True)
class Driven:
    """What drives the cohorts of one scenario in one block of draws.

    Attributes
    ----------
    macro : MacroPath
    setting : Setting
        What mechanisms look at.
    policy : PolicyPaths
    parameters : ndarray (draw, column)
        The kernel's parameters.
    shared : mapping of str to ndarray
        Its inputs common to all draws.
    """

    macro: MacroPath
    setting: Setting
    policy: PolicyPaths
    parameters: np.ndarray
    shared: Mapping[str, np.ndarray]

    def kernel_inputs(self) -> dict[str, Any]:
        """All that the kernel reads, by its arguments."""
        return {
            "shared": self.shared,
            "params": self.parameters,
            "z": self.macro.lasting,
            "policy": self.policy.factors(),
            "pension_policy": self.policy.pension,
            "pulse": self.macro.pulse,
        }

    def drives_as(self, other: Driven) -> bool:
        """Whether the kernel reads the same numbers, bit for bit: then its cohorts are the same."""
        return same_inputs(self.kernel_inputs(), other.kernel_inputs())
