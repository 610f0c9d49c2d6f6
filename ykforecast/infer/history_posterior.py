"""What 2016-2020 taught of the parameters: a run from the end of 2015 conditioned on the figures since.

``python -m ykforecast.infer.history_posterior [MODEL_DIR]`` conditions, writes ``learned.toml`` into the
model's folder and prints prior against posterior.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.data.files import write_text
from ykforecast.data.history_file import load_history_file
from ykforecast.data.learned_file import COMMAND, LearnedFile, write_learned
from ykforecast.data.model_files import load_model, model_folder
from ykforecast.data.observations import history_observations
from ykforecast.infer.conflicts import FigureCheck, check_against_prior
from ykforecast.infer.ensemble_sums import cross_covariance
from ykforecast.infer.esmda import esmda
from ykforecast.infer.forward import ForwardModel
from ykforecast.infer.history_base import history_calibration
from ykforecast.infer.lessons import by_series, shares_of_change
from ykforecast.simulate.history_run import predict_history
from ykforecast.simulate.sampled import PARAMETER, Learned
from ykforecast.simulate.sampling import quantile

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

DRAWS: Final = 6_000
SEED: Final = 2015
#: A parameter counts as taught from a shift of its mean by this many standard deviations on ...
LEAST_SHIFT: Final = 0.15
#: ... or where less than this of its spread is left.
LEAST_SPREAD: Final = 0.95
#: How far a parameter of the next five years is that of the last: see ``parameters.toml``.
TRANSFER: Final = "history_transfer"


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Posterior of the parameters given the past.

    Attributes
    ----------
    learned : Learned
        For the years to come: what the past taught, as far as it carries over.
    observations : tuple of Observation
    checks : tuple of FigureCheck
        Each figure against the prediction before it was known.
    expected, fitted : ndarray (draw, obs)
        Predictions before and after, without errors.
    past : mapping of str to ndarray (draw,)
        Values of each learned parameter over 2016-2020.
    prior : mapping of str to ndarray (draw,)
        Values before.
    taught : mapping of str to mapping of str to float
        Change of each parameter's mean by series, in standard deviations of its prior.
    """

    learned: Learned
    observations: tuple[Observation, ...]
    checks: tuple[FigureCheck, ...]
    expected: np.ndarray
    fitted: np.ndarray
    past: Mapping[str, np.ndarray]
    prior: Mapping[str, np.ndarray]
    taught: Mapping[str, Mapping[str, float]]


def learn_from_history(model: ModelSpec, draws: int = DRAWS, seed: int = SEED) -> History:
    """Condition the parameters on the figures of 2016-2020.

    Parameters
    ----------
    model : ModelSpec
        With ``history.toml`` and observations.
    draws, seed : int
        Ensemble.

    Notes
    -----
    Parameters that ``history.toml`` states anew are those of another time: nothing of them carries over. In
    the space of standard normal numbers the parameters of the past have mean ``m`` and covariance ``C``;
    those of the next five years correlate with them by ``r`` (parameter ``history_transfer``), so theirs are
    ``r m`` and ``I + r^2 (C - I)``.
    """
    history = history_calibration(model, "all")
    speaking = load_history_file(model, "all").evidence
    ensemble = ForwardModel(
        history.model,
        lambda sampled: predict_history(history, sampled, "all", threads=1),
        [one for one in history_observations(model.folder) if one.series in speaking],
        seed,
    )
    latent = ensemble.prior(draws)
    ensemble, conflicts, expected = ensemble.without_conflicts(latent)
    posterior = esmda(latent, ensemble, ensemble.observed, ensemble.error, seed=seed)
    names, columns = _carried(model, history.model, ensemble.coordinates.names, latent, posterior.latent)
    before, after = latent[:, columns], posterior.latent[:, columns]
    transfer = model.parameters[TRANSFER].median
    covariance = np.eye(len(names)) + transfer**2 * (cross_covariance(after, after) - np.eye(len(names)))
    shares = shares_of_change(before, expected, ensemble.observed, ensemble.error)
    values = {
        which: {name: quantile(name, model.parameters[name], numbers[:, k]) for k, name in enumerate(names)}
        for which, numbers in (("prior", before), ("past", after))
    }
    return History(
        learned=Learned(names, transfer * after.mean(axis=0), _root(covariance)),
        observations=ensemble.observations,
        checks=(*conflicts, *check_against_prior(expected, ensemble.observed, ensemble.error, posterior)),
        expected=expected,
        fitted=posterior.predicted,
        past=values["past"],
        prior=values["prior"],
        taught=by_series(names, [one.series for one in ensemble.observations], shares),
    )


def _carried(
    model: ModelSpec, past: ModelSpec, coordinates: tuple[str, ...], before: np.ndarray, after: np.ndarray
) -> tuple[tuple[str, ...], list[int]]:
    """Parameters that the figures moved and that have the same prior in both base years, with their columns."""
    found = [
        (stream.removeprefix(PARAMETER), column)
        for column, stream in enumerate(coordinates)
        if stream.startswith(PARAMETER) and not np.array_equal(before[:, column], after[:, column])
    ]
    kept = [
        (name, column)
        for name, column in found
        if model.parameters[name] == past.parameters[name] and _taught(after[:, column])
    ]
    return tuple(name for name, _ in kept), [column for _, column in kept]


def _taught(numbers: np.ndarray) -> bool:
    """Whether the numbers (draw,) of a parameter are clearly no longer standard normal."""
    return bool(abs(numbers.mean()) > LEAST_SHIFT or numbers.std(ddof=1) < LEAST_SPREAD)


def _root(covariance: np.ndarray) -> np.ndarray:
    """Symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)


def remarks(history: History) -> dict[str, str]:
    """Prior and posterior of each learned parameter (median and 80 % interval), and who taught it."""
    found = {}
    for name in history.learned.names:
        before, after = (np.quantile(values[name], (0.5, 0.1, 0.9)) for values in (history.prior, history.past))
        texts = [f"{middle:.4g} ({low:.4g} .. {high:.4g})" for middle, low, high in (before, after)]
        taught = sorted(history.taught[name].items(), key=lambda item: -abs(item[1]))[:2]
        teachers = ", ".join(f"{series} {share:+.2f} sd" for series, share in taught if share)
        found[name] = f"{texts[0]} -> {texts[1]}; {teachers}"
    return found


def report(history: History) -> dict[str, Any]:
    """What was learned, as plain numbers: figures before and after, parameters before and after, who taught what."""
    levels = (0.1, 0.5, 0.9)

    def interval(values: np.ndarray) -> list[float]:
        return [float(f"{value:.6g}") for value in np.quantile(values, levels)]

    fitted = {
        f"{one.series}:{one.year}": interval(column)
        for one, column in zip(history.observations, history.fitted.T, strict=True)
    }
    return {
        "command": f"{COMMAND} --report FILE",
        "figures": [
            {
                "name": check.name,
                "observed": check.observed,
                "expected": float(f"{check.expected:.6g}"),
                "spread": float(f"{check.spread:.4g}"),
                "verdict": check.verdict,
                "fitted": fitted.get(check.name),
            }
            for check in history.checks
        ],
        "parameters": [
            {
                "name": name,
                "prior": interval(history.prior[name]),
                "past": interval(history.past[name]),
                "carried_mean": round(float(history.learned.mean[k]), 3),
                "carried_sd": round(float(np.sqrt((history.learned.root @ history.learned.root)[k, k])), 3),
                "taught": {series: round(share, 3) for series, share in history.taught[name].items()},
            }
            for k, name in enumerate(history.learned.names)
        ],
    }


def main(arguments: list[str] | None = None) -> int:
    """Learn, write ``learned.toml`` and print what was learned."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Learn the parameters from 2016-2020.")
    parser.add_argument("model", nargs="?", metavar="MODEL_DIR", help="a shipped place or a folder; default yingkou")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what was learned as JSON")
    options = parser.parse_args(arguments)
    folder = model_folder(options.model)
    history = learn_from_history(load_model(folder))
    learned = history.learned
    path = write_learned(folder, LearnedFile(learned.names, learned.mean, learned.root), remarks(history))
    for check in history.checks:
        print(check.in_words())
    for name, remark in remarks(history).items():
        print(f"{name}: {remark}")
    if options.report is not None:
        write_text(options.report, json.dumps(report(history), ensure_ascii=False, indent=1) + "\n")
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
