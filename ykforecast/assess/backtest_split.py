"""Causes of the error of one forecast figure: population, rates, definition and rest."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.backtest_cases import POPULATION, Case
from ykforecast.assess.error_split import split_error
from ykforecast.data.history_file import PAST_BASE
from ykforecast.infer.history_population import carry, population_between_censuses
from ykforecast.processes.population_assumptions import PopulationAssumptions

if TYPE_CHECKING:
    from ykforecast.data.backtest_file import BacktestFile
    from ykforecast.spec.model import ModelSpec

PARTS: Final = ("population", "rates", "definition", "rest")
_PERSONS: Final = "persons"


def parts_of_error(case: Case, model: ModelSpec, file: BacktestFile) -> dict[str, float]:
    """Parts of the median's error, base units of the case; they add up to it.

    Of a count of persons: residents times the share of them that is counted, at the residents between the censuses
    of 2010 and 2020, which nobody knew. A sum of years and a rate have no such factors, nor have years after 2020:
    their error is rest.
    """
    forecast = float(np.median(case.draws))
    step = file.definition_steps.get(case.series)
    jump = step.step if step is not None and step.year == case.year else 0.0
    factors = {}
    on_old = case.observed - jump
    if case.series == POPULATION:
        factors = {"population": (forecast, on_old)}
    elif case.unit == _PERSONS and case.first_year == case.year and case.base == PAST_BASE:
        people, came = float(np.median(case.residents)), residents_came(model)[case.year - PAST_BASE]
        factors = {"population": (people, came), "rates": (forecast / people, on_old / came)}
    split = split_error(forecast, case.observed, factors, definition_step=jump)
    found = dict.fromkeys(PARTS, 0.0) | split.factors | {"definition": split.definition, "rest": split.rest}
    return {name: found[name] for name in PARTS}


def residents_came(model: ModelSpec) -> tuple[float, ...]:
    """Residents at each year end of 2015-2020, between the two censuses, persons."""
    return _between(PopulationAssumptions.of_model(model))


@lru_cache(maxsize=1)
def _between(assumed: PopulationAssumptions) -> tuple[float, ...]:
    return tuple(float(people.sum()) for people in carry(population_between_censuses(assumed)))
