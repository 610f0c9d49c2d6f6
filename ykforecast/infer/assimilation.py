"""Interim figures: the draws of a forecast conditioned on what was published up to a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from ykforecast.data.observations import BASE_DAY, independent, load_observations
from ykforecast.infer.conflicts import FigureCheck, check_against_prior, joint_tail
from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.esmda import corrected, esmda
from ykforecast.infer.forward import ForwardModel
from ykforecast.infer.kept_posterior import kept_posterior
from ykforecast.infer.posterior import Posterior
from ykforecast.infer.recessions import STREAMS, recession_years, settled
from ykforecast.infer.tempered import tempered
from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.calibrated import Evidence, Finding
from ykforecast.simulate.request import DEFAULT_SEED
from ykforecast.simulate.scenarios import Past, resolve
from ykforecast.vocabulary.dims import MONTHS, MONTHS_A_YEAR, YEARS
from ykforecast.vocabulary.errors import RequestError
from ykforecast.vocabulary.units import from_base

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

Method = Literal["es-mda", "smc"]


def smoothed(
    ensemble: ForwardModel, latent: np.ndarray, expected: np.ndarray, seed: int, first_draw: int = 0
) -> Posterior:
    """Ensemble smoother, once it is settled which draws have a recession; monthly shocks as waves."""
    coordinates, observed, error = ensemble.coordinates, ensemble.observed, ensemble.error
    columns = coordinates.columns(STREAMS)
    sampled = ensemble.sampled(latent)
    years = max(one.year for one in ensemble.observations) - YEARS[0] + 1
    begins = recession_years(sampled.uniform("recession", MONTHS), sampled.value("recession_hazard"), years)
    start = settled(latent, columns, begins, expected, observed, error, seed, first_draw)
    free = np.setdiff1d(np.arange(latent.shape[1]), columns)
    turned = coordinates.turned(start)

    def whole(numbers: np.ndarray) -> np.ndarray:
        every = turned.copy()
        every[:, free] = numbers
        every = coordinates.turned(every, back=True)
        every[:, columns] = start[:, columns]
        return every

    smooth = esmda(
        turned[:, free],
        lambda numbers: ensemble(whole(numbers)),
        observed,
        error,
        seed=seed,
        first_draw=first_draw,
        moves=0,
    )
    # The moves are free to begin and end recessions too.
    return corrected(
        replace(smooth, latent=whole(smooth.latent)), ensemble, observed, error, seed=seed, first_draw=first_draw
    )


def _sampled(ensemble: ForwardModel, latent: np.ndarray, expected: np.ndarray, seed: int) -> Posterior:
    """Tempered sequential Monte Carlo: slower, and free of normality."""
    return tempered(latent, ensemble, ensemble.observed, ensemble.error, seed=seed)


METHODS: Final[Mapping[str, Callable[[ForwardModel, np.ndarray, np.ndarray, int], Posterior]]] = {
    "es-mda": smoothed,
    "smc": _sampled,
}
#: Draws of an ensemble: chance correlations of one in sixty, and some ten seconds.
DEFAULT_DRAWS: Final = 4_000
#: Of fewer draws even a correlation of two thirds may be chance, so that nothing would be heard.
LEAST_DRAWS: Final = 20
#: What was done in the years that have passed, where nobody says otherwise: what the plan says.
DEFAULT_PAST: Final = "plan"


def assimilate(
    calibration: Calibration,
    as_of: str | date | None = None,
    *,
    observations: Sequence[Observation] | None = None,
    own: Path | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    method: Method = "es-mda",
    past: str = DEFAULT_PAST,
    threads: int | None = None,
    kept: xr.Dataset | None = None,
) -> Calibration:
    """Condition a calibration on figures about the years after the base year (按最新数据更新预测).

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate`.
    as_of : str or date, optional
        Only figures known by this day, such as ``"2023-06-30"``; without it every figure, as of the last of them.
    observations : sequence of Observation, optional
        Figures to use in place of the published ones of the model's registry, those known by ``as_of``.
    own : path, optional
        A form of a department with its own figures, beside the published ones and before them.
    draws : int
        Size of the ensemble: a run on the result has no more draws than this.
    seed : int
        Seed of the ensemble and of the runs on it.
    method : {"es-mda", "smc"}
        Ensemble smoother with multiple data assimilation, or tempered sequential Monte Carlo: slower, free
        of the assumption of near-normality.
    past : str
        Scenario of the years that the figures describe. In a run on the result every scenario follows it up
        to the end of the last year that a figure (of a month, too) speaks to: what was done is a fact.
    threads : int, optional
    kept : Dataset, optional
        What the same call found before, as :func:`ykforecast.infer.kept_posterior.keep` gives it: taken as it is in
        place of the tens of runs of the model.

    Returns
    -------
    Calibration
        With :attr:`Calibration.evidence`. Where no figure was known its draws are those of the calibration
        that was given, bit for bit.

    Raises
    ------
    RequestError
        A date, method or scenario that cannot be used; both ``observations`` and ``own``; the calibration was
        conditioned before; ``kept`` is of another call.
    DataError, ModelError
        The figures cannot be read.
    """
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < LEAST_DRAWS:
        remedy = f"Give a whole number of at least {LEAST_DRAWS}: correlations of fewer draws are chance."
        raise RequestError("too small an ensemble", key="draws", value=draws, remedy=remedy)
    day = _day(as_of)
    if calibration.evidence is not None:
        raise RequestError(
            "this calibration has been conditioned before",
            key="calibration",
            value=calibration.evidence.as_of.isoformat(),
            remedy="Start from yk.calibrate(model): each date reads all figures known by then.",
        )
    if method not in METHODS:
        raise RequestError("unknown method", key="method", value=method, remedy=f"One of {', '.join(METHODS)}.")
    model = calibration.model
    [reference] = resolve(model, past)
    if observations is None:
        observations = load_observations(model.folder, as_of=day, own=own)
    elif own is not None:
        raise RequestError("two answers to one question", key="own", value=str(own), remedy="Leave out observations.")
    known = independent(model, (one for one in observations if one.published <= day))
    if as_of is None:
        day = max((one.published for one in known), default=BASE_DAY)
    ensemble = ForwardModel(
        model,
        lambda sampled: run_block(calibration, reference, sampled, threads=1).series,
        known,
        seed,
        learned=calibration.learned,
        threads=threads,
    )
    if not ensemble.observations:
        return replace(calibration, evidence=Evidence(day, ()))
    latent = ensemble.prior(draws)
    every = ensemble.observations
    ensemble, conflicts, expected = ensemble.without_conflicts(latent)
    used = ensemble.observations
    left_out = _findings(model, [one for one in every if one not in used], conflicts)
    if not used:
        return replace(calibration, evidence=Evidence(day, (), findings=left_out))
    if kept is None:
        posterior = METHODS[method](ensemble, latent, expected, seed)
    else:
        posterior = kept_posterior(kept, model, ensemble, draws, seed, method)
    checks = check_against_prior(expected, ensemble.observed, ensemble.error, posterior)
    evidence = Evidence(
        as_of=day,
        observations=used,
        method=method,
        latent=ensemble.coordinates.latent(seed, posterior.latent),
        past=Past(past, max(one.year for one in used)),
        figure_steps=posterior.steps,
        steps=_persisting(model, used, posterior.steps),
        findings=(*left_out, *_findings(model, used, checks, _together(ensemble, expected, checks))),
        expected=expected,
    )
    return replace(calibration, evidence=evidence)


def _together(ensemble: ForwardModel, expected: np.ndarray, checks: Sequence[FigureCheck]) -> dict[int, float]:
    """Tail of all figures of a series taken together, at its last figure; figures that each pass may not jointly."""
    found: dict[int, float] = {}
    for name in dict.fromkeys(one.series for one in ensemble.observations):
        places = [i for i, one in enumerate(ensemble.observations) if one.series == name]
        if len(places) > 1 and all(checks[i].verdict == "fits" for i in places):
            error = ErrorModel([ensemble.error.figures[i] for i in places])
            found[places[-1]] = joint_tail(expected[:, places], ensemble.observed[places], error)
    return found


def _findings(
    model: ModelSpec,
    observations: Sequence[Observation],
    checks: Sequence[FigureCheck],
    together: Mapping[int, float] | None = None,
) -> tuple[Finding, ...]:
    """Each figure with what the model says of it, under its Chinese name and in its printed unit."""
    found = []
    for place, (one, check) in enumerate(zip(observations, checks, strict=True)):
        spec = model.observations[one.series]
        first = f"{one.first_year}-" if one.first_year < one.year else ""
        month = f"至{one.month}月" if one.month else ""
        others = "".join(
            f"另有{other.source}为 {from_base(other.value, spec.unit):.7g}，未采用。" for other in one.contradictions
        )
        text = check.in_words(f"{spec.label_zh}（{first}{one.year}年{month}）", spec.unit)
        joint = "" if together is None or place not in together else f"各年合在一起的尾概率 {together[place]:.2g}。"
        found.append(Finding(one, check.verdict, text + joint + others))
    return tuple(found)


def with_unused(calibration: Calibration, rows: Sequence[Observation]) -> Calibration:
    """The calibration with a finding for each of a department's own figures that was not used, and why."""
    evidence = calibration.evidence
    if evidence is None:
        return calibration
    told = [*evidence.observations, *(finding.observation for finding in evidence.findings)]
    known = {(one.series, one.times, one.source) for one in told}
    found = []
    for one in rows:
        if (one.series, one.times, one.source) in known:
            continue
        if one.published > evidence.as_of:
            why = f"{one.published}才公布"
        elif one.ends <= BASE_DAY:
            why = "说的是基期及以前"
        else:
            why = "模型没有与之相应的序列，或者已由其他各年的数字说明"
        label = calibration.model.observations[one.series].label_zh
        found.append(Finding(one, "unused", f"{label}（{one.year}年）：{one.source}所报，{why}，未采用。"))
    return replace(calibration, evidence=replace(evidence, findings=(*evidence.findings, *found)))


def _day(as_of: str | date | None) -> date:
    if as_of is None:
        return date.max
    if isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except (TypeError, ValueError):
        raise RequestError("not a date", key="as_of", value=as_of, remedy='Write "2023-06-30".') from None


def _persisting(model: ModelSpec, observations: Sequence[Observation], steps: np.ndarray) -> dict[str, np.ndarray]:
    """Definition step of each quantity that may have one, by year end (draw, year_end): what came in a year stays.

    A flow of the first months of a year holds that part of the year's step.
    """
    found: dict[str, np.ndarray] = {}
    for place in sorted(range(len(observations)), key=lambda i: observations[i].times[1:]):
        one = observations[place]
        spec = model.observations[one.series]
        if spec.step is None or one.first_year < one.year:
            continue
        path = found.setdefault(one.quantity, np.zeros((len(steps), len(YEARS) + 1)))
        share = (one.month or MONTHS_A_YEAR) / MONTHS_A_YEAR if spec.basis == "cumulative" else 1.0
        path[:, 1 + YEARS.index(one.year) :] = steps[:, place, None] / share
    return found
