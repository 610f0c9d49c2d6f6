"""Value of information: by how much knowing something would narrow an outcome, from one ensemble of draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Knots of the splines, at these quantiles: enough for the step that an attained target is.
KNOTS: Final = (0.02, 0.15, 0.29, 0.43, 0.57, 0.71, 0.85, 0.98)
FOLDS: Final = 10


@dataclass(frozen=True)
class Narrowing:
    """Expected fall of the variance of each outcome, as a share of it.

    Attributes
    ----------
    share, error : ndarray (outcome,)
        Share with its standard error; NaN where an outcome does not vary. Chance may take it a little below zero.
    """

    share: Floats
    error: Floats


def spline_columns(numbers: Floats) -> Floats:
    """Natural cubic splines of each column side by side, with a constant, (draw, term).

    Parameters
    ----------
    numbers : ndarray (draw, column)
        Columns that do not vary are left out.

    Notes
    -----
    Truncated powers that are linear beyond the last knots: Hastie, Tibshirani and Friedman (2009), The Elements of
    Statistical Learning, section 5.2.1.
    """
    terms = [np.ones(len(numbers))]
    for column in numbers.T:
        spread = column.std()
        if spread <= 1e-12 * max(1.0, float(np.abs(column).max())):
            continue
        x = (column - column.mean()) / spread
        knots = np.unique(np.quantile(x, KNOTS))
        terms.append(x)
        if len(knots) < len(KNOTS):
            continue
        bends = [
            (np.maximum(x - k, 0.0) ** 3 - np.maximum(x - knots[-1], 0.0) ** 3) / (knots[-1] - k) for k in knots[:-1]
        ]
        terms += [bend - bends[-1] for bend in bends[:-1]]
    return np.stack(terms, axis=1)


def narrowing(outcomes: Floats, told: Floats) -> Narrowing:
    """Expected fall of the variance of outcomes once some numbers are known.

    Parameters
    ----------
    outcomes : ndarray (draw, outcome)
        Figures, or 0 and 1.
    told : ndarray (draw, column)
        What would be known in each draw, its error included.

    Notes
    -----
    The expected variance that is left is that about the conditional mean: preposterior analysis, Raiffa and Schlaifer
    (1961), Applied Statistical Decision Theory; by regression on the ensemble, Strong, Oakley and Brennan (2014),
    Estimating multiparameter partial expected value of perfect information, Medical Decision Making 34. The mean is
    an additive spline, judged on draws that it was not fitted to (ten folds), so it does not find what is not there.
    """
    terms = spline_columns(told)
    draws = len(outcomes)
    fold = np.arange(draws) % FOLDS
    spline, plain = np.empty_like(outcomes), np.empty_like(outcomes)

    def sums(x: Floats, y: Floats) -> Floats:
        """Sums of products over draws."""
        return np.asarray(np.einsum("dt,do->to", x, y))

    gram, moment = sums(terms, terms), sums(terms, outcomes)
    for one in range(FOLDS):
        held = fold == one
        x, y = terms[held], outcomes[held]
        slope = np.linalg.lstsq(gram - sums(x, x), moment - sums(x, y), rcond=None)[0]
        spline[held] = y - np.einsum("dt,to->do", x, slope)
        plain[held] = y - (outcomes.sum(axis=0) - y.sum(axis=0)) / (draws - held.sum())
    fall, whole = plain**2 - spline**2, (plain**2).mean(axis=0)
    share = np.divide(fall.mean(axis=0), whole, out=np.full_like(whole, np.nan), where=whole > 0)
    # Ratio of two means over draws: the error of the numerator about its share of the denominator.
    spread = (fall - share * plain**2).std(axis=0, ddof=1) / draws**0.5
    return Narrowing(share, np.divide(spread, whole, out=np.full_like(whole, np.nan), where=whole > 0))
