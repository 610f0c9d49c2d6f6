"""What drives the cohorts of one block of draws, and whether two scenarios drive them alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.simulate.policy import PolicyPaths, Setting

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

    def drives_as(self, other: Driven) -> bool:
        """Whether the kernel reads the same numbers, bit for bit: then its cohorts are the same."""
        pairs = (
            (self.parameters, other.parameters),
            (self.macro.lasting, other.macro.lasting),
            (self.macro.pulse, other.macro.pulse),
            (self.policy.factors(), other.policy.factors()),
            (self.policy.pension, other.policy.pension),
        )
        same_rule = self.policy.delayed_retirement == other.policy.delayed_retirement
        return same_rule and all(bool((one == two).all()) for one, two in pairs)
