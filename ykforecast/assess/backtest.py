"""Back-tests (回测): forecasts from the past beside what came, the model beside every naive rival."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt

from ykforecast.assess.backtest_cases import Case, Stage, cases_2015, rolling_cases
from ykforecast.assess.backtest_census import CENSUS_YEARS, CensusCase, census_cases
from ykforecast.assess.backtest_rivals import all_rivals
from ykforecast.assess.backtest_scores import STEPPED, scored_cases, summary
from ykforecast.assess.backtest_split import parts_of_error
from ykforecast.assess.case_scores import MODEL
from ykforecast.data.backtest_file import load_backtest_file
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.data.backtest_file import BacktestFile
    from ykforecast.spec.model import ModelSpec

Floats = npt.NDArray[np.float64]
BaseYear = Literal[2010, 2015, "rolling"]
BASES: Final[tuple[BaseYear, ...]] = (2010, 2015, "rolling")
DEFAULT_DRAWS: Final = 2_000
DEFAULT_SEED: Final = 2015
#: An ensemble needs this many draws for an 80 % interval and for the correlations that conditioning rests on.
LEAST_DRAWS: Final = 50
_FRACTION: Final = "1"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A series in which a naive rival is better than the model.

    Attributes
    ----------
    series, rival : str
    difference, error : float
        Mean CRPS of the model less that of the rival, own unit, above zero; its standard error, NaN where the cases of
        the series are one source of chance.
    cases : int
    reason : str
        Found afterwards; empty where none is written down.
    """

    series: str
    rival: str
    difference: float
    error: float
    cases: int
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class BacktestResult:
    """Scores of one back-test.

    Attributes
    ----------
    base_year : int or "rolling"
    draws, seed : int
    table : xr.Dataset
        Dims (forecast, case, level, part): scores by case as `backtest_scores.scored_cases` has them; the error of the
        model by cause (``part``); ``observed``, ``median``, ``p10``, ``p90`` (case) in base units.
    overall : mapping
        Measures of each forecast over all cases, see `backtest_scores.summary`.
    without_steps : mapping
        The same over all cases but the jumps of definition that `findings/backtest.toml` names.
    by_series : mapping
        The same of each series.
    losses : tuple of Loss
        Where a rival has the lower score, worst first.
    labels : mapping of str to str
        Chinese names of the series.
    """

    base_year: BaseYear
    draws: int
    seed: int
    table: xr.Dataset
    overall: Mapping[str, Mapping[str, Any]]
    without_steps: Mapping[str, Mapping[str, Any]]
    by_series: Mapping[str, Mapping[str, Mapping[str, Any]]]
    losses: tuple[Loss, ...]
    labels: Mapping[str, str]


def backtest(
    model: ModelSpec,
    base_year: BaseYear = 2015,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    progress: Stage | None = None,
) -> BacktestResult:
    """Forecast the past from what was known, and score it beside naive rivals (回测).

    Parameters
    ----------
    model : ModelSpec
        From :func:`ykforecast.load_model`.
    base_year : {2015, 2010, "rolling"}
        2015: figures of 2016-2020 with nothing later than 2015 known. 2010: the census of 2020, by sex, age and
        district, from that of 2010. ``rolling``: at each year end of 2016-2019 the figures up to it condition the
        forecast from 2015; those of 2021 and 2022 are forecast from 2020, and from 2020 with those of 2021.
    draws, seed : int
    progress : callable, optional
        Called with the year end at work.

    Returns
    -------
    BacktestResult

    Raises
    ------
    RequestError
        Another base year, or too few draws.
    DataError, ModelError
        A figure or a file of the model is missing or wrong.
    """
    if base_year not in BASES:
        raise RequestError("no such back-test", key="base_year", value=base_year, remedy="2010, 2015 or 'rolling'")
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < LEAST_DRAWS:
        raise RequestError("too few draws", key="draws", value=draws, remedy=f"A whole number from {LEAST_DRAWS}")
    file = load_backtest_file(model.folder, model.observations)
    stage = progress or (lambda text: None)
    labels = {name: model.observations[name].label_zh for name in file.series}
    if base_year == CENSUS_YEARS[0]:
        stage(str(base_year))
        table = _census_table(census_cases(model, draws, seed))
    else:
        run: Callable[..., list[Case]] = rolling_cases if base_year == "rolling" else cases_2015
        cases = run(model, file, draws, seed, stage)
        table = _table(cases, model, file, draws, seed)
    return _result(base_year, table, draws, seed, file, labels)


def _table(cases: Sequence[Case], model: ModelSpec, file: BacktestFile, draws: int, seed: int) -> xr.Dataset:
    import xarray as xr

    columns = {
        "series": [one.series for one in cases],
        "base": [one.base for one in cases],
        "origin": [one.origin for one in cases],
        "first_year": [one.first_year for one in cases],
        "year": [one.year for one in cases],
        "horizon": [one.year - one.origin for one in cases],
        "relative": [one.unit != _FRACTION for one in cases],
        "last": [one.past[-1] if one.past else np.nan for one in cases],
        "steps_of_definition": [
            one.series in file.definition_steps and one.year == file.definition_steps[one.series].year for one in cases
        ],
    }
    observed = xr.DataArray(
        [one.observed for one in cases], dims="case", coords={name: ("case", v) for name, v in columns.items()}
    )
    own: dict[str, list[Floats | None]] = {
        MODEL: [one.draws for one in cases],
        STEPPED: [one.stepped for one in cases],
    }
    forecasts = own | all_rivals(cases, draws, seed)
    split = [parts_of_error(one, model, file) for one in cases]
    return _with_forecast(scored_cases(forecasts, observed), observed, [one.draws for one in cases], split)


def _census_table(cases: Sequence[CensusCase]) -> xr.Dataset:
    import xarray as xr

    start, end = CENSUS_YEARS
    columns: dict[str, list[Any]] = {
        "series": [one.series for one in cases],
        "cell": [one.cell for one in cases],
        "origin": [start] * len(cases),
        "year": [end] * len(cases),
        "horizon": [end - start] * len(cases),
        "relative": [True] * len(cases),
        "last": [one.last for one in cases],
        "steps_of_definition": [False] * len(cases),
    }
    observed = xr.DataArray(
        [one.observed for one in cases], dims="case", coords={name: ("case", v) for name, v in columns.items()}
    )
    methods = dict.fromkeys(method for one in cases for method in one.draws)
    forecasts = {method: [one.draws.get(method) for one in cases] for method in methods}
    scored = scored_cases(forecasts, observed)
    return _with_forecast(scored, observed, [one.draws[MODEL] for one in cases], [one.parts for one in cases])


def _with_forecast(
    table: xr.Dataset, observed: xr.DataArray, draws: Sequence[Floats], parts: Sequence[Mapping[str, float]]
) -> xr.Dataset:
    """The table with observed figures, quantiles of the model and the causes of its error (base units)."""
    names = list(dict.fromkeys(name for one in parts for name in one))
    table = table.assign_coords(part=names)
    table["split"] = (("part", "case"), [[one.get(name, np.nan) for one in parts] for name in names])
    table["observed"] = ("case", observed.values)
    for name, probability in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
        table[name] = ("case", [float(np.quantile(one, probability)) for one in draws])
    return table


def _result(
    base_year: BaseYear, table: xr.Dataset, draws: int, seed: int, file: BacktestFile, labels: Mapping[str, str]
) -> BacktestResult:
    series = table["series"].values
    everything = np.ones(len(series), dtype=bool)
    clusters = "cell" if base_year == CENSUS_YEARS[0] else "series"
    within = "cell" if base_year == CENSUS_YEARS[0] else "origin"
    by_series = {name: summary(table, series == name, within) for name in dict.fromkeys(series.tolist())}
    reasons = file.losses.get(str(base_year), {})
    losses = [
        Loss(
            series=name,
            rival=rival,
            difference=one["difference"],
            error=one["error"],
            cases=one["cases"],
            reason=reasons.get(name, ""),
        )
        for name, forecasts in by_series.items()
        for rival, one in forecasts.items()
        if rival not in (MODEL, STEPPED) and one["difference"] > 0.0
    ]
    return BacktestResult(
        base_year=base_year,
        draws=draws,
        seed=seed,
        table=table,
        overall=summary(table, everything, clusters),
        without_steps=summary(table, ~table["steps_of_definition"].values, clusters),
        by_series=by_series,
        losses=tuple(sorted(losses, key=lambda loss: -loss.difference)),
        labels=labels,
    )
