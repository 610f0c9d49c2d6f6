"""Scenarios as paths: what is asked for by name, and doses as arrays by lever and year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ykforecast.spec.lever import GAIN_MONTHS, LeverSpec
from ykforecast.spec.model import ModelSpec, scenario_complaints
from ykforecast.spec.months import month_index
from ykforecast.spec.scenario import Downturn, Scenario
from ykforecast.spec.scenario_expression import read_scenario
from ykforecast.vocabulary.dims import MONTHS, MONTHS_A_YEAR, YEARS
from ykforecast.vocabulary.errors import RequestError, ScenarioError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedScenario:
    """One scenario in the arrays that the projection reads.

    Attributes
    ----------
    name, label_zh, label_en : str
        Name in files, and in tables of either language.
    levers : tuple of str
        Levers of the model, in the order of the first axis.
    doses : ndarray (lever, year)
        Doses as written, in each lever's unit; zero where nothing is written.
    in_force : ndarray (lever, year)
        Doses after delay and phase-in, as the mean of the year's months.
    in_force_monthly : ndarray (lever, month)
        The same by month.
    downturns : ndarray (month,)
        Fall of the cyclical state, zero or more; the first months of 2020 were about 2.5 down.
    gdp_growth : tuple of float or None, one a year
        Real growth that the year is conditioned on, fraction; None leaves it free.
    migration : ndarray (year,)
        Added to the net migration rate, fraction of the population a year.
    spec : Scenario
        The record it came from.
    """

    name: str
    label_zh: str
    label_en: str
    levers: tuple[str, ...]
    doses: FloatArray
    in_force: FloatArray
    in_force_monthly: FloatArray
    downturns: FloatArray
    gdp_growth: tuple[float | None, ...]
    migration: FloatArray
    spec: Scenario

    def dose(self, lever: str) -> FloatArray:
        """Doses (year,) of one lever as written."""
        row: FloatArray = self.doses[self.levers.index(lever)]
        return row

    def force(self, lever: str) -> FloatArray:
        """Doses (year,) of one lever after delay and phase-in."""
        row: FloatArray = self.in_force[self.levers.index(lever)]
        return row

    def is_off(self, lever: str) -> bool:
        """Whether the lever has no dose in any year: its mechanism must then change nothing."""
        return not self.dose(lever).any()


@dataclass(frozen=True, slots=True)
class Past:
    """Years that have passed and are the same in every scenario: what was done is a fact, not a choice.

    Attributes
    ----------
    scenario : str
        What was done.
    through : int
        Last year that has passed.
    """

    scenario: str
    through: int


def resolve(
    model: ModelSpec, scenarios: Iterable[str | Scenario] | str | Scenario, past: Past | None = None
) -> list[ResolvedScenario]:
    """Scenarios by name or as records, in arrays.

    Parameters
    ----------
    model : ModelSpec
        Gives the named scenarios, and the levers that doses are checked against.
    scenarios : iterable of str or Scenario
        Names may be joined, scaled, shifted and cut down, as in ``plan*0.5+slow-growth``: `spec.scenario_expression`.
    past : Past, optional
        Years in which all follow one scenario.

    Raises
    ------
    RequestError
        If a name is unknown (names the nearest), or stands twice.
    ScenarioError
        If a lever is unknown, or a dose out of bounds.
    """
    wanted = [scenarios] if isinstance(scenarios, str | Scenario) else list(scenarios)
    if not wanted:
        raise RequestError("no scenario is asked for", key="scenarios", remedy="Name one, such as 'baseline'")
    found = [read_scenario(one, model.scenarios) if isinstance(one, str) else _own(one) for one in wanted]
    names = [scenario.name for scenario in found]
    for name in names:
        if names.count(name) > 1:
            raise RequestError("scenario stands twice", key="scenarios", value=name, remedy="Rename one of them")
    resolved = [_resolved(model, scenario) for scenario in found]
    if past is None:
        return resolved
    done = _resolved(model, read_scenario(past.scenario, model.scenarios))
    return [_after(past.through, done, one, model) for one in resolved]


def resolve_one(
    model: ModelSpec, scenario: str | Scenario, past: Past | None = None, key: str = "scenario"
) -> ResolvedScenario:
    """The one scenario of a question that has a single one.

    Parameters
    ----------
    model, past
        As in :func:`resolve`.
    scenario : str or Scenario
    key : str
        What the caller calls it.

    Raises
    ------
    RequestError
        Several are named, of which all but one would be dropped; or as :func:`resolve`.
    """
    if not isinstance(scenario, str | Scenario):
        raise RequestError(
            "not one scenario", key=key, value=scenario, remedy="Name one; join measures of several as in 'a+b'"
        )
    return resolve(model, scenario, past)[0]


def _after(through: int, done: ResolvedScenario, then: ResolvedScenario, model: ModelSpec) -> ResolvedScenario:
    """One scenario up to the end of a year, another from then on."""
    passed = np.array(YEARS) <= through
    doses = np.where(passed, done.doses, then.doses)
    monthly = np.stack([in_force(model.levers[lever], doses[row]) for row, lever in enumerate(then.levers)])
    return replace(
        then,
        doses=doses,
        in_force=monthly.reshape(*doses.shape, MONTHS_A_YEAR).mean(axis=2),
        in_force_monthly=monthly,
        # A fall that was to begin in a passed year did not come; one that did begin runs its course.
        downturns=_falls(
            one
            for scenario, begins in ((done, True), (then, False))
            for one in scenario.spec.shocks.downturns
            if (int(one.start[:4]) <= through) is begins
        ),
        gdp_growth=tuple(
            first if past else second
            for past, first, second in zip(passed, done.gdp_growth, then.gdp_growth, strict=True)
        ),
        migration=np.where(passed, done.migration, then.migration),
    )


def _own(scenario: Any) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    raise RequestError(
        "neither the name of a scenario nor a Scenario",
        key="scenarios",
        value=scenario,
        remedy='Give a name, or yk.Scenario("mine", {"skills": {2023: 15_000}})',
    )


def _resolved(model: ModelSpec, scenario: Scenario) -> ResolvedScenario:
    for complaint in scenario_complaints(scenario, model.levers):
        raise complaint.error(ScenarioError, f"scenario {scenario.name!r}")
    levers = tuple(model.levers)
    doses = np.zeros((len(levers), len(YEARS)))
    for lever, year, dose in scenario.dose_rows():
        doses[levers.index(lever), YEARS.index(year)] = dose
    monthly = np.stack([in_force(model.levers[lever], doses[row]) for row, lever in enumerate(levers)])
    migration = np.zeros(len(YEARS))
    for year, change in scenario.shocks.migration.items():
        migration[YEARS.index(year)] = change
    return ResolvedScenario(
        name=scenario.name,
        label_zh=scenario.label("zh"),
        label_en=scenario.label("en"),
        levers=levers,
        doses=doses,
        in_force=monthly.reshape(len(levers), len(YEARS), MONTHS_A_YEAR).mean(axis=2),
        in_force_monthly=monthly,
        downturns=_falls(scenario.shocks.downturns),
        gdp_growth=tuple(scenario.shocks.gdp_growth.get(year) for year in YEARS),
        migration=migration,
        spec=scenario,
    )


def in_force(lever: LeverSpec, doses: FloatArray) -> FloatArray:
    """Doses by month after delay and phase-in.

    A dose written for a year holds in each of its months. It begins to act ``delay`` months later,
    and a change of dose comes into force in ``phase_in`` equal monthly steps: the mean of the last
    ``phase_in`` months. Where the lever has a ``gain``, what those treated in one month show later is spread over
    the months after it: each month adds what is gained on the month before.

    Parameters
    ----------
    lever : LeverSpec
        Gives delay, phase-in and gain.
    doses : ndarray (year,)
        Doses in the lever's unit.

    Returns
    -------
    ndarray (month,)
        Doses in force, in the lever's unit; exactly zero where no dose has begun to act.
    """
    steps = max(lever.phase_in, 1)
    path = np.concatenate([np.zeros(lever.delay + steps - 1), np.repeat(doses, MONTHS_A_YEAR)])
    windows = np.lib.stride_tricks.sliding_window_view(path, steps)[:MONTHS]
    phased = np.asarray(windows.mean(axis=1), dtype=np.float64)
    if lever.gain is None:
        return phased
    months = np.arange(GAIN_MONTHS[-1] + 1)
    gained = np.diff(np.interp(months, (0, *GAIN_MONTHS), (0.0, *lever.gain)), prepend=0.0)
    return np.convolve(phased, gained)[:MONTHS]


def _falls(downturns: Iterable[Downturn]) -> FloatArray:
    """Falls of the cyclical state (month,) of all downturns together."""
    return np.asarray(np.sum([np.zeros(MONTHS), *map(downturn_path, downturns)], axis=0))


def downturn_path(downturn: Downturn) -> FloatArray:
    """Fall of the cyclical state by month (month,), zero or more, in its own units.

    In the ``fall``-th month the trough is reached; it lasts ``hold`` more months; the state is back
    ``recover`` months later. What lies beyond the horizon is cut off.
    """
    elapsed = np.arange(MONTHS) - month_index(downturn.start) + 1.0
    trough_ends = downturn.fall + downturn.hold
    knots = [0.0, downturn.fall, trough_ends, trough_ends + downturn.recover]
    path: FloatArray = np.interp(elapsed, knots, [0.0, downturn.depth, downturn.depth, 0.0])
    return path
