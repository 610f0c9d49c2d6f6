"""Simulation-based calibration: is the truth an ordinary draw of the posterior?

Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference algorithms with
simulation-based calibration. A truth is drawn from the prior, figures from the truth, an ensemble from the
posterior of the figures: over many replications the rank of the truth in its ensemble is uniform if and only
if the algorithm is right.

``python -m ykforecast.infer.simulation_based_calibration --replications 500 --out FILE.json``
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ykforecast.data.result_file import write_result
from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.infer.esmda import esmda
from ykforecast.infer.posterior import Forward, Posterior
from ykforecast.infer.tempered import tempered
from ykforecast.infer.toy_enrolment import COORDINATES, SERIES, YEARS, insured, published
from ykforecast.simulate.sampling import noise, uniform

#: Bins of the chi-squared test.
BINS: Final = 20
#: Paths of uniform ranks that set the envelope of the distribution function.
ENVELOPE_PATHS: Final = 1000
#: Step on and off: probability, and sizes as shares of the people insurable.
STEPS: Final = {"without steps": (0.0, 0.0), "with steps": (0.1, 0.15)}
METHODS: Final[Mapping[str, Callable[..., Posterior]]] = {"esmda": esmda, "tempered": tempered}


def ranks(
    condition: Callable[..., Posterior],
    forward: Forward,
    error: ErrorModel,
    quantities: Callable[[np.ndarray], np.ndarray],
    *,
    coordinates: int,
    replications: int,
    draws: int,
    seed: int,
) -> np.ndarray:
    """Ranks of true quantities among posterior draws, as shares in (0, 1).

    Parameters
    ----------
    condition : callable
        The algorithm under test, called as ``condition(latent, forward, observed, error, seed=...)``.
    forward : callable
        (draw, coordinate) to (draw, obs).
    error : ErrorModel
        The figures are drawn from it too.
    quantities : callable
        (draw, coordinate) to (draw, quantity): what is ranked, beside the likelihood.
    coordinates, replications, draws : int
        Latent coordinates, replications, draws of each posterior.
    seed : int

    Returns
    -------
    ndarray (replication, quantity)
        ``(number of smaller draws + u) / (draws + 1)`` with ``u`` uniform, which is uniform itself. The last
        quantity is the log likelihood of the figures: without one that depends on them, an algorithm that
        ignores the figures or turns them round passes (Modrák et al. 2023, Simulation-based calibration
        checking for Bayesian computation).
    """

    def ranked(latent: np.ndarray, observed: np.ndarray) -> np.ndarray:
        return np.column_stack([quantities(latent), error.log_likelihood(observed - forward(latent))])

    truth = noise(seed, 0, replications, "sbc:truth", coordinates)
    observed = forward(truth) + error.sample(seed, 0, replications)
    true = ranked(truth, observed)
    tie = uniform(seed, 0, replications, "sbc:rank", true.shape[1])
    shares = np.empty_like(true)
    for r in range(replications):
        latent = noise(seed, r * draws, draws, "sbc:prior", coordinates)
        posterior = condition(latent, forward, observed[r], error, seed=seed, first_draw=r * draws)
        shares[r] = ((ranked(posterior.latent, observed[r]) < true[r]).sum(axis=0) + tie[r]) / (draws + 1)
    return shares


def chi_squared(shares: np.ndarray) -> np.ndarray:
    """Tail probability (quantity,) of the counts in ``BINS`` equal bins of uniform shares (replication, quantity)."""
    from scipy import special

    bins = np.minimum((shares * BINS).astype(int), BINS - 1)
    counts = (bins[:, :, None] == np.arange(BINS)).sum(axis=0)
    expected = len(shares) / BINS
    return np.asarray(special.chdtrc(BINS - 1, ((counts - expected) ** 2 / expected).sum(axis=1)))


def departure(shares: np.ndarray) -> np.ndarray:
    """Largest standardised distance (quantity,) of the distribution function from the diagonal."""
    at = np.arange(1, BINS * 2) / (BINS * 2)
    reached = (shares[:, :, None] <= at).mean(axis=0)
    return np.asarray((np.abs(reached - at) / np.sqrt(at * (1 - at) / len(shares))).max(axis=1))


def envelope(shares: np.ndarray, seed: int) -> np.ndarray:
    """Tail probability (quantity,) of the departure from the diagonal.

    A simultaneous envelope after Säilynoja, Bürkner and Vehtari (2022), Graphical test for discrete
    uniformity, its width from ``ENVELOPE_PATHS`` simulated sets of uniform ranks.
    """
    simulated = departure(uniform(seed, 0, len(shares), "sbc:envelope", ENVELOPE_PATHS))
    return np.asarray((1 + (simulated >= departure(shares)[:, None]).sum(axis=1)) / (ENVELOPE_PATHS + 1), dtype=float)


def toy_quantities(latent: np.ndarray) -> np.ndarray:
    """Coordinates of the toy, and both series in its last year (draw, quantity)."""
    return np.concatenate([latent, insured(latent)[:, :, -1]], axis=1)


def toy_errors(step_probability: float, step_sd: float) -> ErrorModel:
    """Errors of the toy's figures: a hundredth of the people insurable, about half the yearly noise."""
    return ErrorModel(
        [
            FigureError(series, year, sd=0.01, step_probability=step_probability, step_sd=step_sd)
            for series in SERIES
            for year in YEARS[:2]
        ]
    )


def run(replications: int, draws: int, seed: int) -> dict[str, Any]:
    """Every algorithm with and without definition steps: tests of each quantity, and ranks in bins."""
    names = [f"coordinate {i}" for i in range(COORDINATES)]
    names += [*(f"{series} {YEARS[-1]}" for series in SERIES), "likelihood"]
    cases = {}
    for label, step in STEPS.items():
        for method, condition in METHODS.items():
            shares = ranks(
                condition,
                published,
                toy_errors(*step),
                toy_quantities,
                coordinates=COORDINATES,
                replications=replications,
                draws=draws,
                seed=seed,
            )
            cases[f"{method}, {label}"] = summary(names, shares, seed)
    return {"replications": replications, "draws": draws, "seed": seed, "cases": cases}


def summary(names: Sequence[str], shares: np.ndarray, seed: int) -> dict[str, dict[str, float]]:
    """Tests, mean and variance of the ranks of each quantity, (replication, quantity)."""
    spread = 12.0 * ((shares - 0.5) ** 2).mean(axis=0)
    columns = zip(names, chi_squared(shares), envelope(shares, seed), shares.mean(axis=0), spread, strict=True)
    return {
        name: {
            "p_chi_squared": round(float(chi), 4),
            "p_envelope": round(float(band), 4),
            "mean_rank": round(float(mean), 4),
            "variance_over_uniform": round(float(wide), 4),
        }
        for name, chi, band, mean, wide in columns
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: run and write the result with the command that made it."""
    parser = argparse.ArgumentParser(prog="python -m ykforecast.infer.simulation_based_calibration")
    parser.add_argument("--replications", type=int, default=500)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    result = run(chosen.replications, chosen.draws, chosen.seed)
    command = (
        f"{parser.prog} --replications {chosen.replications} --draws {chosen.draws} "
        f"--seed {chosen.seed} --out {chosen.out.name}"
    )
    write_result(chosen.out, command, result)


if __name__ == "__main__":
    main()
