"""Interim figures: the draws of a forecast conditioned on what was published up to a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from ykforecast.data.observations import load_observations
from ykforecast.infer.conflicts import check_against_prior
from ykforecast.infer.esmda import esmda
from ykforecast.infer.forward import ForwardModel
from ykforecast.infer.posterior import Posterior
from ykforecast.infer.tempered import tempered
from ykforecast.simulate.calibrated import Evidence
from ykforecast.simulate.projection import DEFAULT_SEED, run_block
from ykforecast.simulate.scenarios import Past, resolve
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
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
        Only figures known by this day, such as ``"2023-06-30"``; without it every figure.
    observations : sequence of Observation, optional
        Figures to use in place of the published ones of the model's registry.
    own : path, optional
        A form of a department with its own figures; they stand before published ones.
    draws : int
        Size of the ensemble: a run on the result has no more draws than this.
    seed : int
        Seed of the ensemble and of the runs on it.
    method : {"es-mda", "smc"}
        Ensemble smoother with multiple data assimilation, or tempered sequential Monte Carlo: slower, free
        of the assumption of near-normality.
    past : str
        Scenario of the years that the figures describe. In a run on the result every scenario follows it up
        to the last of these years: what was done is a fact.
    threads : int, optional

    Returns
    -------
    Calibration
        With :attr:`Calibration.evidence`. Where no figure was known its draws are those of the calibration
        that was given, bit for bit.

    Raises
    ------
    RequestError
        A date, method or scenario that cannot be used; the calibration was conditioned before.
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
    ensemble = ForwardModel(
        model,
        lambda sampled: run_block(calibration, reference, sampled, threads=1).series,
        observations,
        seed,
        learned=calibration.learned,
        threads=threads,
    )
    if not ensemble.observations:
        return replace(calibration, evidence=Evidence(day, ()))
    latent = ensemble.prior(draws)
    ensemble, conflicts, expected = ensemble.without_conflicts(latent)
    findings = tuple(check.in_words() for check in conflicts)
    used = ensemble.observations
    if not used:
        return replace(calibration, evidence=Evidence(day, (), findings=findings))
    posterior = METHODS[method](latent, ensemble, ensemble.observed, ensemble.error, seed=seed)
    checks = check_against_prior(expected, ensemble.observed, ensemble.error, posterior)
    evidence = Evidence(
        as_of=day,
        observations=used,
        latent=ensemble.coordinates.latent(seed, posterior.latent),
        past=Past(past, max(one.year for one in used)),
        steps=_persisting(used, posterior.steps),
        findings=(*findings, *(check.in_words() for check in checks)),
        expected=expected,
    )
    return replace(calibration, evidence=evidence)


def _day(as_of: str | date | None) -> date:
    if as_of is None:
        return date.max
    if isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except (TypeError, ValueError):
        raise RequestError("not a date", key="as_of", value=as_of, remedy='Write "2023-06-30".') from None


def _persisting(observations: Sequence[Observation], steps: np.ndarray) -> dict[str, np.ndarray]:
    """Definition step of each measured quantity by year end (draw, year_end): what came in a year stays."""
    found: dict[str, np.ndarray] = {}
    for place in sorted(range(len(observations)), key=lambda i: observations[i].year):
        one = observations[place]
        if not steps[:, place].any():
            continue
        path = found.setdefault(one.quantity, np.zeros((len(steps), len(YEARS) + 1)))
        path[:, 1 + YEARS.index(one.year) :] = steps[:, place, None]
    return found
