"""Interim figures: the draws of a forecast conditioned on what was published up to a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from ykforecast.data.observations import BASE_DAY, independent, load_observations
from ykforecast.infer.conflicts import FigureCheck, check_against_prior
from ykforecast.infer.esmda import esmda
from ykforecast.infer.forward import ForwardModel
from ykforecast.infer.posterior import Posterior
from ykforecast.infer.tempered import tempered
from ykforecast.simulate.calibrated import Evidence, Finding
from ykforecast.simulate.projection import DEFAULT_SEED, run_block
from ykforecast.simulate.scenarios import Past, resolve
from ykforecast.vocabulary.dims import MONTHS_A_YEAR, YEARS
from ykforecast.vocabulary.errors import RequestError
from ykforecast.vocabulary.units import from_base

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

Method = Literal["es-mda", "smc"]
METHODS: Final[Mapping[str, Callable[..., Posterior]]] = {"es-mda": esmda, "smc": tempered}
#: Draws of an ensemble: chance correlations of one in sixty, and some ten seconds.
DEFAULT_DRAWS: Final = 4_000
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

    Returns
    -------
    Calibration
        With :attr:`Calibration.evidence`. Where no figure was known its draws are those of the calibration
        that was given, bit for bit.

    Raises
    ------
    RequestError
        A date, method or scenario that cannot be used; both ``observations`` and ``own``; the calibration was
        conditioned before.
    DataError, ModelError
        The figures cannot be read.
    """
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
    posterior = METHODS[method](latent, ensemble, ensemble.observed, ensemble.error, seed=seed)
    checks = check_against_prior(expected, ensemble.observed, ensemble.error, posterior)
    evidence = Evidence(
        as_of=day,
        observations=used,
        method=method,
        latent=ensemble.coordinates.latent(seed, posterior.latent),
        past=Past(past, max(one.year for one in used)),
        steps=_persisting(model, used, posterior.steps),
        findings=(*left_out, *_findings(model, used, checks)),
        expected=expected,
    )
    return replace(calibration, evidence=evidence)


def _findings(
    model: ModelSpec, observations: Sequence[Observation], checks: Sequence[FigureCheck]
) -> tuple[Finding, ...]:
    """Each figure with what the model says of it, under its Chinese name and in its printed unit."""
    found = []
    for one, check in zip(observations, checks, strict=True):
        spec = model.observations[one.series]
        first = f"{one.first_year}-" if one.first_year < one.year else ""
        month = f"至{one.month}月" if one.month else ""
        others = "".join(
            f"另有{other.source}为 {from_base(other.value, spec.unit):.7g}，未采用。" for other in one.contradictions
        )
        text = check.in_words(f"{spec.label_zh}（{first}{one.year}年{month}）", spec.unit)
        found.append(Finding(one, check.verdict, text + others))
    return tuple(found)


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
