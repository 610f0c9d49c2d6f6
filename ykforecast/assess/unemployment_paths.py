"""Monthly paths of urban work and unemployment in a run, and what a reader of a month can make of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.chances import Chances, fit_chances
from ykforecast.assess.lamps import CHANGE_MONTHS, Flags, Floats, Grades, breach_ahead, change, in_breach
from ykforecast.assess.lamps import lamp_score as score_of
from ykforecast.simulate.sampling import noise
from ykforecast.spec.warning import WarningTable
from ykforecast.vocabulary.dims import MONTHS_A_YEAR
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

#: Months ahead that a breach is looked for.
HORIZONS: Final = (3, 6, 12)
#: The first month with a change over three months behind it, and the first with two of them.
FIRST: Final = CHANGE_MONTHS
FIRST_SCORED: Final = 2 * CHANGE_MONTHS
#: Of the months of a draw every third is used to estimate chances: those between say nearly the same.
_EVERY: Final = 3


@dataclass(frozen=True, eq=False)
class UnemploymentPaths:
    """Urban paths, (scenario, draw, month).

    Attributes
    ----------
    scenarios : list of str
    months : list of str
    rate : ndarray
        True urban unemployment rate at the end of the month, fraction.
    unemployed, employed, insured : ndarray
        Urban unemployed and employed, and those in the enterprise employees' pension (contributors, interrupted and
        retirees), persons.
    """

    scenarios: list[str]
    months: list[str]
    rate: Floats
    unemployed: Floats
    employed: Floats
    insured: Floats

    @classmethod
    def of(cls, runs: xr.DataTree) -> UnemploymentPaths:
        """Paths of a run that kept its months.

        Raises
        ------
        RequestError
            It did not.
        """
        if not {"monthly", "flows"} <= set(runs.children):
            raise RequestError(
                "the run kept no months or no flows",
                key="runs",
                value=sorted(runs.children),
                remedy="Project with monthly=True and keep='totals'",
            )
        kept = runs["monthly"].to_dataset()["monthly"].sel(residence="urban").sum("sex")
        kept = kept.transpose("monthly_stock", "scenario", "draw", "month")
        stock = {name: kept.sel(monthly_stock=name).values for name in kept["monthly_stock"].values.tolist()}
        return cls(
            scenarios=kept["scenario"].values.tolist(),
            months=kept["month"].values.tolist(),
            rate=stock["unemployed"] / stock["labour_force"],
            unemployed=stock["unemployed"],
            employed=stock["employed"],
            insured=stock["insured"],
        )

    def place(self, scenario: str) -> int:
        """Position of a scenario.

        Raises
        ------
        RequestError
            The run does not hold it.
        """
        if scenario not in self.scenarios:
            raise RequestError(
                "the run does not hold the scenario", key="base", value=scenario, remedy=f"One of {self.scenarios}"
            )
        return self.scenarios.index(scenario)

    def diffusion(self) -> Floats:
        """Share of worsenings among four series in the last three months (失业扩散指数), (scenario, draw, month).

        The series are the rate, the unemployed, the employed and the insured; a month worsens when the first two
        rise or the last two fall. NaN in the first three months.
        """
        worse = np.zeros_like(self.rate)
        for values, sign in ((self.rate, 1), (self.unemployed, 1), (self.employed, -1), (self.insured, -1)):
            worse[..., 1:] += sign * np.diff(values, axis=-1) > 0.0
        summed = np.cumsum(worse, axis=-1)
        found = np.full_like(worse, np.nan)
        found[..., FIRST:] = (summed[..., FIRST:] - summed[..., :-FIRST]) / (4.0 * FIRST)
        return found


def known_now(rate: Floats) -> Floats:
    """What a reader of the rate knows in each month: the level and its change, (..., month, 2); NaN at first."""
    return np.stack([rate, change(rate)], axis=-1)


def known_from_survey(rate: Floats, survey_error: float, overlap: float, seed: int, first_draw: int) -> Floats:
    """The same of a reader of the city's survey alone: means of three months and their change, (draw, month, 2).

    Parameters
    ----------
    rate : ndarray (draw, month)
    survey_error : float
        Standard deviation of the sampling error of an annual mean, fraction.
    overlap : float
        Variance of that mean over a twelfth of that of a month; months err independently here.
    seed, first_draw : int
        Of the run: errors are keyed by draw.
    """
    monthly = survey_error * np.sqrt(MONTHS_A_YEAR / overlap)
    printed = rate + monthly * noise(seed, first_draw, len(rate), "warning_survey", rate.shape[1])
    summed = np.cumsum(printed, axis=-1)
    mean = np.full_like(printed, np.nan)
    mean[:, FIRST:] = (summed[:, FIRST:] - summed[:, :-FIRST]) / FIRST
    return np.stack([mean, change(mean)], axis=-1)


@dataclass(frozen=True, eq=False)
class Reader:
    """Someone who knows the model and the months so far, and estimates the chance of a breach.

    Attributes
    ----------
    rules : WarningTable
    fitted : dict of int to Chances
        By horizon, estimated over the draws of the base scenario alone: no reader foresees a scenario's shock.
    """

    rules: WarningTable
    fitted: dict[int, Chances]

    @classmethod
    def of(cls, rate: Floats, known: Floats, rules: WarningTable, horizons: tuple[int, ...]) -> Reader:
        """Estimated from the rates (draw, month) of the base scenario and what is known of them (draw, month, 2)."""
        breach = in_breach(rate, rules.breach.line, rules.breach.periods)
        fitted = {}
        for horizon in horizons:
            months = slice(FIRST_SCORED, rate.shape[1] - horizon, _EVERY)
            fitted[horizon] = fit_chances(
                known[:, months], breach_ahead(breach, horizon)[:, months], ~breach[:, months]
            )
        return cls(rules, fitted)

    def chance(self, rate: Floats, known: Floats, horizon: int) -> Floats:
        """Chance of a breach within the horizon (draw, month); one while the line is broken, NaN at first."""
        return self._with(self.fitted[horizon].of, rate, known)

    def chance_outside(self, rate: Floats, horizon: int) -> Floats:
        """The same of a path that is no draw, (month,)."""
        return self._with(self.fitted[horizon].of_outside, rate, known_now(rate))

    def _with(self, estimate: Callable[[Floats], Floats], rate: Floats, known: Floats) -> Floats:
        line = self.rules.breach
        return np.where(in_breach(rate, line.line, line.periods), 1.0, estimate(known))

    def score(self, rate: Floats, chance: Floats) -> Grades:
        """Value of the lamp from ``FIRST`` on, (..., month - FIRST)."""
        return score_of(rate[..., FIRST:], change(rate)[..., FIRST:], chance[..., FIRST:], self.rules)


def at_risk(rate: Floats, rules: WarningTable, horizon: int) -> tuple[Flags, Flags]:
    """Months not in breach, and whether one follows within the horizon, both from ``FIRST_SCORED`` to the last judged.

    ``rate`` (draw, month) gives two arrays (draw, month - FIRST_SCORED - horizon).
    """
    breach = in_breach(rate, rules.breach.line, rules.breach.periods)
    return ~breach[:, FIRST_SCORED:-horizon], breach_ahead(breach, horizon)[:, FIRST_SCORED:]
