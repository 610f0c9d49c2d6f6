"""Probabilistic forecasts of a city's employment and social security plan.

    import ykforecast as yk

    model = yk.load_model()
    cal = yk.calibrate(model)
    runs = yk.project(cal, scenarios=["baseline", "plan"])
    card = yk.evaluate(runs)

Public names are loaded when they are first used, so that importing the package costs little
and compiles nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ykforecast.assess.annual_targets import annual_targets as annual_targets
    from ykforecast.assess.attribution import attribute as attribute
    from ykforecast.assess.backtest import backtest as backtest
    from ykforecast.assess.breakdown_summary import breakdowns as breakdowns
    from ykforecast.assess.difference import difference as difference
    from ykforecast.assess.evaluation import evaluate as evaluate
    from ykforecast.assess.fund_outlook import fund_outlook as fund_outlook
    from ykforecast.assess.impact import impact as impact
    from ykforecast.assess.indicators import indicators as indicators
    from ykforecast.assess.labour_supply import labour_supply as labour_supply
    from ykforecast.assess.seek import seek as seek
    from ykforecast.assess.sensitivity import sensitivity as sensitivity
    from ykforecast.assess.since_last import since_last as since_last
    from ykforecast.assess.stress import stress as stress
    from ykforecast.assess.vintages import VintageArchive as VintageArchive
    from ykforecast.assess.warning import warn as warn
    from ykforecast.batch.results import open_batch as open_batch
    from ykforecast.batch.run import run_batch as run_batch
    from ykforecast.data.model_files import load_model as load_model
    from ykforecast.documents.report import report as report
    from ykforecast.infer.assimilation import assimilate as assimilate
    from ykforecast.infer.calibration import calibrate as calibrate
    from ykforecast.present.stored_forecast import open_forecast as open_forecast
    from ykforecast.processes.population import project_population as project_population
    from ykforecast.processes.retirement import statutory_retirement as statutory_retirement
    from ykforecast.simulate.projection import project as project
    from ykforecast.spec.scenario import Scenario as Scenario
    from ykforecast.vocabulary.errors import YkforecastError as YkforecastError

__version__ = "0.1.0"

#: Public name -> module that defines it.
_HOMES = {
    "Scenario": "ykforecast.spec.scenario",
    "VintageArchive": "ykforecast.assess.vintages",
    "YkforecastError": "ykforecast.vocabulary.errors",
    "annual_targets": "ykforecast.present.targets_table",
    "assimilate": "ykforecast.infer.assimilation",
    "attribute": "ykforecast.assess.attribution",
    "backtest": "ykforecast.present.backtest_report",
    "breakdowns": "ykforecast.present.breakdown_table",
    "calibrate": "ykforecast.infer.calibration",
    "difference": "ykforecast.present.difference_table",
    "evaluate": "ykforecast.present.reprs",
    "fund_outlook": "ykforecast.present.fund_table",
    "impact": "ykforecast.present.impact_report",
    "indicators": "ykforecast.assess.indicators",
    "labour_supply": "ykforecast.present.breakdown_table",
    "load_model": "ykforecast.data.model_files",
    "open_batch": "ykforecast.batch.results",
    "open_forecast": "ykforecast.present.stored_forecast",
    "project": "ykforecast.present.reprs",
    "project_population": "ykforecast.processes.population",
    "report": "ykforecast.documents.report",
    "run_batch": "ykforecast.batch.run",
    "seek": "ykforecast.present.reprs",
    "sensitivity": "ykforecast.assess.sensitivity",
    "since_last": "ykforecast.assess.since_last",
    "statutory_retirement": "ykforecast.processes.retirement",
    "stress": "ykforecast.assess.stress",
    "warn": "ykforecast.present.warning_table",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604  # literal strings, from one table


def __getattr__(name: str) -> Any:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(home), name)
    globals()[name] = value  # found at once the next time
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
