"""Figures that the model cannot explain, by name: nothing impossible is absorbed in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ykforecast.infer.ensemble_sums import cross_covariance
from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.posterior import Posterior, check_figures
from ykforecast.vocabulary.units import UNITS_ZH, from_base

Verdict = Literal["fits", "step", "conflict"]
#: Two-sided tail below which a figure is a conflict even with definition steps allowed.
IMPOSSIBLE: Final = 0.001
#: A step counts where it is larger than this many standard deviations of the figure's error ...
CLEAR: Final = 3.0
#: ... and is reported where that is more probable than not.
PROBABLE: Final = 0.5


@dataclass(frozen=True)
class FigureCheck:
    """One figure beside what was expected of it.

    Parameters
    ----------
    name : str
        Series and year.
    observed, expected, spread : float
        Figure, mean and standard deviation of its prediction with measurement error and no step.
    tail : float
        Two-sided probability of a figure as far off, without steps.
    tail_with_step : float
        The same with definition steps as probable as the error model says.
    step : float
        Posterior mean of the definition step in the figure; zero before conditioning.
    step_probability : float
        Posterior probability of a step beyond ``CLEAR`` standard deviations of error; zero before conditioning.
    """

    name: str
    observed: float
    expected: float
    spread: float
    tail: float
    tail_with_step: float
    step: float = 0.0
    step_probability: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """``conflict`` before ``step``: a jump that even a definition step does not explain is a conflict."""
        if self.tail_with_step < IMPOSSIBLE:
            return "conflict"
        return "step" if self.step_probability > PROBABLE else "fits"

    def in_words(self, called: str | None = None, unit: str | None = None) -> str:
        """One Chinese sentence, with the figure's name for readers and its printed unit where they are given."""

        def said(value: float, digits: int, sign: str = "") -> str:
            shown = value if unit is None else from_base(value, unit)
            return f"{float(f'{shown:.{digits}g}'):{sign}.10g}{'' if unit is None else UNITS_ZH.get(unit, unit)}"

        against = (
            f"{called or self.name}：公布 {said(self.observed, 7)}，模型预期 {said(self.expected, 4)}"
            f"（标准差 {said(self.spread, 2)}）"
        )
        match self.verdict:
            case "conflict":
                return (
                    f"{against}，冲突。即使允许口径变动，如此偏离的概率也只有 {self.tail_with_step:.1g}，"
                    "请核对数字与口径。"
                )
            case "step":
                return (
                    f"{against}，更像统计口径变动（概率 {self.step_probability:.0%}，约 {said(self.step, 3, '+')}），"
                    "未当作参保或就业行为的变化。"
                )
            case "fits":
                return (
                    f"{against}，与模型相符（双侧尾概率 {self.tail:.2f}，口径变动概率 {self.step_probability:.0%}）。"
                )


def two_sided(predicted: np.ndarray, observed: float, sds: np.ndarray, weights: np.ndarray | Sequence[float]) -> float:
    """Two-sided tail of a figure under draws (draw,) with a mixture of normal errors (part,), without sampling."""
    from scipy import special

    below = float((special.ndtr((observed - predicted[:, None]) / sds) @ np.asarray(weights)).mean())
    above = float((special.ndtr((predicted[:, None] - observed) / sds) @ np.asarray(weights)).mean())
    return min(1.0, 2.0 * min(below, above))


def check_against_prior(
    predicted: np.ndarray, observed: np.ndarray, error: ErrorModel, posterior: Posterior | None = None
) -> tuple[FigureCheck, ...]:
    """Each figure against the prior prediction, with what the posterior says of its definition step.

    Call it before conditioning and leave the figures in conflict out: conditioned on, an impossible figure
    drives the parameters to their edges and puts steps into the figures beside it.

    Parameters
    ----------
    predicted : ndarray (draw, obs)
        Forward model of the prior ensemble.
    observed : ndarray (obs,)
    error : ErrorModel
    posterior : Posterior, optional
        Of either algorithm on the same figures.

    Returns
    -------
    tuple of FigureCheck
        In the order of the figures.
    """
    check_figures(observed, error, len(predicted))
    found: dict[int, FigureCheck] = {}
    steps = np.zeros_like(predicted) if posterior is None else posterior.steps
    step_probability = (np.abs(steps) > CLEAR * error.sd).mean(axis=0)
    for one in error.series:
        weight = np.exp(one.log_prior)
        for place, i in enumerate(one.columns):
            values, sd = predicted[:, i], error.sd[i]
            found[i] = FigureCheck(
                name=error.names[i],
                observed=float(observed[i]),
                expected=float(values.mean()),
                spread=float(np.hypot(values.std(ddof=1), sd)),
                tail=two_sided(values, observed[i], np.array([sd]), [1.0]),
                tail_with_step=two_sided(values, observed[i], np.sqrt(one.covariance[:, place, place]), weight),
                step=float(steps[:, i].mean()),
                step_probability=float(step_probability[i]),
            )
    return tuple(found[i] for i in range(len(observed)))


def joint_tail(predicted: np.ndarray, observed: np.ndarray, error: ErrorModel, jumps: Sequence[int] = ()) -> float:
    """Probability of figures jointly as far off (Mahalanobis distance, chi-squared) under the prior prediction.

    Figures that are each plausible can be impossible together. The prediction is taken as normal;
    ``jumps`` are positions of figures whose definition may have changed.
    """
    from scipy import special

    if not len(observed):
        return 1.0
    surprise = observed - predicted.mean(axis=0)
    total = cross_covariance(predicted, predicted) + error.covariance(jumps)
    distance = surprise @ np.linalg.solve(total, surprise)
    return float(special.chdtrc(len(observed), distance))
