"""What is asked of effort: targets, levers, the base scenario, costs; refused here when it cannot be answered."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Final

from ykforecast.assess.attainment import check_chance
from ykforecast.assess.dose_path import DosePath
from ykforecast.simulate.scenarios import resolve_one
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.lever import LeverSpec
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.scenario import Scenario

#: Asks for all binding targets (约束性指标) together.
BINDING: Final = "binding"
#: First year that a measure can still move where nothing is known of the years after 2020: the plan is of 2022.
FIRST_YEAR: Final = 2022


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be answered.

    Attributes
    ----------
    targets : tuple of str
        Indicators.
    levers : mapping of LeverSpec
    base : Scenario
    """

    targets: tuple[str, ...]
    levers: Mapping[str, LeverSpec]
    base: Scenario


def question(
    model: ModelSpec,
    target: str | Iterable[str],
    lever: str | Iterable[str] | None = None,
    probability: float = 0.8,
    *,
    base: str | Scenario = "plan",
    costs: Mapping[str, float] | None = None,
) -> Question:
    """Read what :func:`ykforecast.seek` is asked; arguments as there.

    Raises
    ------
    RequestError
    """
    check_chance("probability", probability)
    targets = _targets(model, target)
    levers = _levers(model, targets, lever)
    if len(levers) > 1:
        DosePath.together(levers)
    if costs is not None:
        _check_costs(costs, levers)
    return Question(targets, levers, resolve_one(model, base, key="base").spec)


def _targets(model: ModelSpec, target: str | Iterable[str]) -> tuple[str, ...]:
    asked = [target] if isinstance(target, str) else list(target)
    if asked == [BINDING]:
        asked = [key for key in model.indicators if model.targets[key].nature == "binding"]
    if not asked:
        raise RequestError("no target to reach", key="target", value=asked, remedy="Name an indicator.")
    for key in asked:
        if key not in model.indicators:
            remedy = nearest(key, [*model.indicators, BINDING])
            raise RequestError("no such indicator", key="target", value=key, remedy=remedy)
    return tuple(dict.fromkeys(asked))


def _levers(model: ModelSpec, targets: tuple[str, ...], lever: str | Iterable[str] | None) -> dict[str, LeverSpec]:
    """Levers by key: those named, or all but switches that say they move one of the targets."""
    implemented = {key: spec for key, spec in model.levers.items() if spec.implemented}
    able = [key for key, spec in implemented.items() if set(spec.moves) & set(targets) and spec.dose_unit != "switch"]
    keys = able if lever is None else [lever] if isinstance(lever, str) else list(lever)
    if lever is None and not keys:
        remedy = "Name levers to try all the same: " + ", ".join(implemented)
        raise RequestError("no lever says that it moves these", key="target", value=list(targets), remedy=remedy)
    if not keys:
        remedy = "Name one of " + ", ".join(able or implemented) + ", or leave it out."
        raise RequestError("no lever is named", key="lever", value=keys, remedy=remedy)
    for key in keys:
        if not set(model.levers[key].moves) & set(targets):
            remedy = "Name one of " + ", ".join(able) + "." if able else "No lever says that it does."
            problem = "a lever that does not say that it moves what is sought"
            raise RequestError(problem, key="lever", value=key, remedy=remedy)
    return {key: model.levers[key] for key in keys}


def _check_costs(costs: Mapping[str, float], levers: Mapping[str, LeverSpec]) -> None:
    for key in costs:
        if key not in levers:
            problem = "cost of a lever that is not asked for"
            raise RequestError(problem, key="costs", value=key, remedy=nearest(key, levers))
    for key in levers:
        cost = costs.get(key, math.nan)
        if not isinstance(cost, Real) or not 0.0 <= cost < math.inf:
            remedy = "Give a number from 0 on for each lever that is asked for."
            raise RequestError("no cost", key=f"costs.{key}", value=costs.get(key), remedy=remedy)


def movable_years(calibration: Calibration, start_year: int | None) -> tuple[int, ...]:
    """Years that can still be moved.

    Raises
    ------
    RequestError
        Not a year of the plan, or one that has passed.
    """
    evidence = calibration.evidence
    known = YEARS[0] - 1 if evidence is None else evidence.as_of.year
    passed = YEARS[0] - 1 if evidence is None or evidence.past is None else evidence.past.through
    first = max(FIRST_YEAR, known + 1, passed + 1) if start_year is None else start_year
    if not isinstance(first, Integral) or first <= passed or first not in YEARS:
        remedy = f"Give a year from {passed + 1} to {YEARS[-1]}: what has passed is a fact."
        raise RequestError("a year that cannot be moved", key="start_year", value=first, remedy=remedy)
    return tuple(year for year in YEARS if year >= first)
