"""Cases of the back-tests: a later published figure, its forecast, and what was known of the series before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.data.base_population import census_base_array
from ykforecast.data.history_file import PAST_BASE
from ykforecast.data.observations import history_observations, load_observations
from ykforecast.infer.assimilation import DEFAULT_PAST
from ykforecast.infer.calibration import calibrate
from ykforecast.infer.esmda import esmda
from ykforecast.infer.forward import ForwardModel, Run
from ykforecast.infer.history_base import history_calibration
from ykforecast.infer.history_population import CENSUS
from ykforecast.infer.published_forecast import published_draws
from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.history_run import predict_history
from ykforecast.simulate.scenarios import resolve
from ykforecast.vocabulary.dims import YEARS

if TYPE_CHECKING:
    from ykforecast.data.backtest_file import BacktestFile
    from ykforecast.simulate.sampled import Learned
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

Floats = npt.NDArray[np.float64]
#: Called with a text on what is being done.
Stage = Callable[[str], None]

POPULATION: Final = "population"
#: Year ends after which the rolling forecasts from the base year 2015 are made anew.
PAST_ORIGINS: Final = (2016, 2017, 2018, 2019)


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One published figure and its forecast, base units.

    Attributes
    ----------
    series : str
        Key in the registry of observations.
    base, origin : int
        Base year of the run, and the last year of which figures were used.
    first_year, year : int
        Time of the figure; equal but for sums of several years.
    unit : str
        Base unit; errors of fractions (``1``) are differences, all others shares of the figure.
    observed, sd : float
        The figure, and the standard deviation of its error.
    past_years, past : tuple of int, tuple of float
        Comparable figures up to the origin, for the naive rivals.
    draws, stepped : ndarray (draw,)
        Forecast of the figure on the definition of the last one known, and with steps of definition by chance.
    residents : ndarray (draw,)
        Residents of the run at the end of ``year``.
    """

    series: str
    base: int
    origin: int
    first_year: int
    year: int
    unit: str
    observed: float
    sd: float
    past_years: tuple[int, ...]
    past: tuple[float, ...]
    draws: Floats
    stepped: Floats
    residents: Floats


def cases_2015(model: ModelSpec, file: BacktestFile, draws: int, seed: int, stage: Stage) -> list[Case]:
    """Figures of 2016-2020, forecast from the end of 2015 with nothing later known."""
    stage("2015")
    return _Origins(model, file, draws, seed).at(PAST_BASE)


def rolling_cases(model: ModelSpec, file: BacktestFile, draws: int, seed: int, stage: Stage) -> list[Case]:
    """Later figures at each year end: of 2017-2020 from the base year 2015, of 2021-2022 from that of 2020."""
    past = _Origins(model, file, draws, seed)
    found: list[Case] = []
    for origin in PAST_ORIGINS:
        stage(str(origin))
        found += past.at(origin)
    present = _Origins(model, file, draws, seed, present=True)
    for origin in (model.base_year, model.base_year + 1):
        stage(str(origin))
        found += present.at(origin)
    return found


class _Origins:
    """Forecasts of one base year at several year ends."""

    def __init__(self, model: ModelSpec, file: BacktestFile, draws: int, seed: int, *, present: bool = False) -> None:
        self._draws, self._seed = draws, seed
        history, later = history_observations(model.folder), load_observations(model.folder, as_of=None)
        self._all = (*history, *later)
        self._scored = _scored(later if present else history, file)
        self._learned: Learned | None = None
        if present:
            calibration = calibrate(model)
            [scenario] = resolve(model, DEFAULT_PAST)
            self._model, self._learned = model, calibration.learned
            self._run: Run = lambda sampled: run_block(calibration, scenario, sampled, threads=1).series
        else:
            start = history_calibration(model, "then")
            self._model = start.model
            self._run = lambda sampled: predict_history(start, sampled, "then", threads=1)

    def _beside(self, figures: Sequence[Observation]) -> ForwardModel:
        return ForwardModel(self._model, self._run, figures, self._seed, learned=self._learned)

    def at(self, origin: int) -> list[Case]:
        """Cases of the years after an origin; a sum that began before it is no forecast of its own."""
        to_come = self._beside([one for one in self._scored if one.first_year > origin])
        used = self._beside([one for one in self._scored if one.year <= origin])
        latent, known = to_come.prior(self._draws), None
        if used.observations:
            used, _, _ = used.without_conflicts(latent)
            known = esmda(latent, used, used.observed, used.error, seed=self._seed)
            latent = known.latent
        series = to_come.series(latent)
        predicted = to_come.predicted(series)
        figures, steps = published_draws(self._model, to_come, predicted, self._seed, used=used, known=known)
        residents = series[POPULATION][:, -len(YEARS) :]
        return [
            self._case(one, origin, figures[:, i], steps[:, i], residents) for i, one in enumerate(to_come.observations)
        ]

    def _case(self, one: Observation, origin: int, figure: Floats, step: Floats, residents: Floats) -> Case:
        past = comparable_past(one, origin, self._all)
        if one.series == POPULATION:
            # The census stands for residents before the first figure of them.
            past = {CENSUS: float(census_base_array(CENSUS, self._model.population).sum())} | past
        base = self._model.base_year
        return Case(
            series=one.series,
            base=base,
            origin=origin,
            first_year=one.first_year,
            year=one.year,
            unit=self._model.observations[one.series].base_unit,
            observed=one.value,
            sd=one.sd,
            past_years=tuple(past),
            past=tuple(past.values()),
            draws=figure,
            stepped=figure + step,
            residents=residents[:, one.year - base - 1],
        )


def _scored(observations: Iterable[Observation], file: BacktestFile) -> list[Observation]:
    """Figures of the series to score; a year that a sum of years holds is no figure beside it."""
    chosen = [one for one in observations if one.series in file.series]
    sums = [one for one in chosen if one.first_year < one.year]
    return [
        one
        for one in chosen
        if one in sums or not any(s.series == one.series and s.first_year <= one.year <= s.year for s in sums)
    ]


def comparable_past(one: Observation, origin: int, observations: Sequence[Observation]) -> dict[int, float]:
    """Figures of single years up to ``origin`` that measure the same, by year: what a naive rival may read.

    Figures of the same quantity whose level is comparable, from whatever series; of others those of one definition.
    """
    found = {}
    for other in sorted(observations, key=lambda past: (past.year, past.series == one.series)):
        same = other.kind == "level" or (other.series == one.series and other.definition == one.definition)
        if other.quantity == one.quantity and same and other.first_year == other.year <= origin:
            if one.first_year == one.year:
                found[other.year] = other.value
    return found
