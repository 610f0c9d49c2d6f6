"""``.yk`` on every result: tables, chances and figures of runs, indicators, scorecards and stored forecasts.

The accessor is registered when this module is loaded, which happens where results are made or opened and not when the
package is imported.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import xarray as xr

from ykforecast.assess.difference import difference
from ykforecast.assess.evaluation import evaluate
from ykforecast.assess.indicators import indicators
from ykforecast.assess.labour_supply import labour_supply
from ykforecast.data.model_files import model_of_run
from ykforecast.data.observations import load_observations
from ykforecast.present import figures, figures_by_age, figures_difference, figures_evaluation, figures_labour
from ykforecast.present.one_scenario import one_scenario
from ykforecast.present.tables import indicator_table
from ykforecast.vocabulary.dims import SEX
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from ykforecast.spec.model import ModelSpec

#: Group of a stored run that holds its scorecard.
SCORECARD = "scorecard"


@xr.register_datatree_accessor("yk")  # type: ignore[no-untyped-call]  # xarray declares neither
@xr.register_dataset_accessor("yk")  # type: ignore[no-untyped-call]
class Answers:
    """What a result can be asked for, with what it needs found or computed on first use.

    Parameters
    ----------
    result : Dataset or DataTree
        Runs, indicators, a scorecard, labour supply, or a stored forecast.
    """

    def __init__(self, result: xr.Dataset | xr.DataTree) -> None:
        self._result = result

    @cached_property
    def model(self) -> ModelSpec:
        """The shipped model that the result was made with."""
        return model_of_run(self._result.attrs)

    @cached_property
    def indicators(self) -> xr.Dataset:
        """The sixteen indicators, dims (scenario, draw, year)."""
        if isinstance(self._result, xr.DataTree):
            if "indicators" in self._result.children:
                return self._result["indicators"].to_dataset()
            return indicators(self._result)
        if "draw" in self._result.dims:
            return self._result
        raise self._lacks("draws of the indicators", "Ask runs or indicators: yk.indicators(runs).yk")

    @cached_property
    def card(self) -> xr.Dataset:
        """The scorecard: the stored one, or one made now as of the day that the run knows of."""
        if isinstance(self._result, xr.DataTree) and SCORECARD in self._result.children:
            return self._result[SCORECARD].to_dataset()
        if isinstance(self._result, xr.Dataset) and "class" in self._result:
            return self._result
        return evaluate(self.indicators, self.model, as_of=self._result.attrs.get("as_of"))

    @cached_property
    def labour(self) -> xr.Dataset:
        """Labour supply, of runs with single ages."""
        if isinstance(self._result, xr.DataTree):
            return labour_supply(self._result)
        if "labour_force_change" in self._result:
            return self._result
        raise self._lacks("labour supply", 'Ask runs with keep="cohorts", or yk.labour_supply(runs).yk')

    def table(self, scenario: str | None = None, lang: str = "zh") -> pd.DataFrame:
        """The table of sixteen, see :func:`ykforecast.present.tables.indicator_table`."""
        return indicator_table(self.card, scenario, lang)

    def prob(self, scenario: str | None = None) -> xr.DataArray:
        """Probability of attainment by indicator, of all scenarios unless one is named."""
        chances = self.card["probability"]
        return chances if scenario is None else one_scenario(chances, scenario)

    @property
    def plot(self) -> Plots:
        """Figures; each returns its Axes."""
        return Plots(self)

    def difference(self, first: str, second: str) -> xr.Dataset:
        """The second scenario less the first, draw by draw, see :func:`ykforecast.difference`."""
        if isinstance(self._result, xr.DataTree) and "policy" in self._result.children:
            return difference(self._result, first, second)
        raise self._lacks("scenarios with their measures", "Ask what yk.project returned")

    @property
    def as_of(self) -> date | None:
        """Day up to which the result knows figures; None for a forecast from the base year alone."""
        from ykforecast.assess.progress import START, plan_date

        when = plan_date(self.card.attrs["as_of"])
        return when if when > START else None

    def _lacks(self, what: str, remedy: str) -> RequestError:
        return RequestError(f"this result has no {what}", key="yk", value=type(self._result).__name__, remedy=remedy)


class Plots:
    """Figures of a result; options are those of the functions in ``ykforecast.present``."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def fan(self, key: str, scenario: str | None = None, **options: Any) -> Axes:
        """Fan of one indicator with the figures published by the day of the forecast."""
        made = self._answers
        return figures.fan(made.indicators, key, made.model, scenario, **({"observations": self._known()} | options))

    def panel(self, scenario: str | None = None, lang: str = "zh") -> np.ndarray[Any, Any]:
        """Sixteen fans on one sheet."""
        made = self._answers
        return figures.panel(made.indicators, made.model, scenario, lang, observations=self._known())

    def scenarios(self, key: str, **options: Any) -> Axes:
        """Medians and 80 % intervals of every scenario."""
        return figures.scenario_comparison(self._answers.indicators, key, self._answers.model, **options)

    def attainment(self, scenario: str | None = None, **options: Any) -> Axes:
        """Probability of attainment of every indicator."""
        return figures.attainment_bars(self._answers.card, scenario, **options)

    def progress(self, scenario: str | None = None, **options: Any) -> Axes:
        """Progress against elapsed time."""
        return figures_evaluation.progress_dumbbell(self._answers.card, scenario, **options)

    def lamps(self, scenario: str | None = None, **options: Any) -> Axes:
        """Classes of the sixteen indicators."""
        return figures_evaluation.lamps(self._answers.card, scenario, **options)

    def pyramid(self, scenario: str | None = None, **options: Any) -> Axes:
        """Population pyramid of 2020 and 2025."""
        people = self._answers.labour["population_by_age"]
        return figures_by_age.pyramid(one_scenario(people, scenario).sel(sex=list(SEX)), **options)

    def labour(self, scenario: str | None = None, **options: Any) -> Axes:
        """Causes of the change of the labour force since 2020."""
        return figures_labour.labour_waterfall(self._answers.labour, scenario, **options)

    def flows(self, kind: str = "labour_force", scenario: str | None = None, **options: Any) -> Axes:
        """Yearly net flows into the labour force, or into unemployment."""
        return figures_labour.net_flows(self._answers.labour, kind, scenario, **options)

    def forest(self, first: str, second: str, **options: Any) -> Axes:
        """Paired differences of two scenarios."""
        return figures_difference.forest(self._answers.difference(first, second), **options)

    def _known(self) -> tuple[Any, ...]:
        """Published figures up to the day of the forecast."""
        made = self._answers
        when = made.as_of
        return () if when is None else load_observations(made.model.folder, as_of=when)
