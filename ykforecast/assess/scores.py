"""Scores of probabilistic forecasts: how far draws lie from what came, and whether they are spread as they should be.

Every function takes an ensemble ``draws`` (draw, case) whose draws are of equal weight, and ``observed`` (case), in the
same unit. A case is one observed figure: a series at a horizon. A missing figure is no case: leave it out first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ykforecast.vocabulary.errors import RequestError

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

#: Central intervals that are scored.
SCORED_LEVELS: Final = (0.50, 0.80, 0.95)


def crps(draws: npt.ArrayLike, observed: npt.ArrayLike, *, estimator: Literal["fair", "energy"] = "fair") -> Floats:
    r"""Continuous ranked probability score (连续分级概率评分), lower is better.

    Parameters
    ----------
    draws : array_like (draw, case)
    observed : array_like (case,)
    estimator : {"fair", "energy"}
        ``fair`` is unbiased for the distribution that the draws come from, so ensembles of different size compare;
        ``energy`` scores the draws themselves as the forecast. Both are the absolute error where all draws agree.

    Returns
    -------
    ndarray (case,)
        Unit of the observations, at least 0.

    Notes
    -----
    :math:`\frac1m\sum_i|x_i-y|-\frac{1}{2c}\sum_{i,j}|x_i-x_j|` with :math:`c=m^2` (energy) or :math:`m(m-1)` (fair);
    Gneiting and Raftery (2007), Journal of the American Statistical Association 102, eq. 21; fair: Ferro (2014),
    Quarterly Journal of the Royal Meteorological Society 140. The double sum is one sum over the sorted draws.
    """
    x, y = _checked(draws, observed)
    # Errors rather than draws: a count of millions would cancel away the digits of its spread.
    error = np.sort(x - y, axis=0)
    m = len(error)
    # A plain sum: a matrix product may round a case differently when other cases stand beside it.
    pairs = ((2.0 * np.arange(1, m + 1) - m - 1.0)[:, None] * error).sum(axis=0)
    weight = m * m if estimator == "energy" else m * max(m - 1, 1)
    # Below zero only by rounding: the fair form is a mean over pairs of |x-y| + |x'-y| - |x-x'| >= 0.
    return np.asarray(np.maximum(np.abs(error).mean(axis=0) - pairs / weight, 0.0))


def central_interval(draws: npt.ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Ends of the central interval of the draws.

    Parameters
    ----------
    draws : array_like (draw, case)
    level : float
        Probability inside, between 0 and 1.

    Returns
    -------
    (lower, upper) : tuple of ndarray (case,)
        Quantiles at positions p (m + 1): with them an observation that is exchangeable with the m draws falls inside
        with probability ``level``; the usual linear quantiles are too narrow for few draws.

    Raises
    ------
    RequestError
        A level outside (0, 1).
    """
    if not 0.0 < level < 1.0:
        raise RequestError("not a probability of an interval", key="level", value=level, remedy="Give, say, 0.80")
    tails = [0.5 - level / 2.0, 0.5 + level / 2.0]
    lower, upper = np.quantile(np.asarray(draws, dtype=float), tails, axis=0, method="weibull")
    return lower, upper


def covered(draws: npt.ArrayLike, observed: npt.ArrayLike, level: float) -> Booleans:
    """Whether each observation lies in the central interval, ends included, ndarray of bool (case,)."""
    x, y = _checked(draws, observed)
    lower, upper = central_interval(x, level)
    return np.asarray((lower <= y) & (y <= upper))


def interval_score(draws: npt.ArrayLike, observed: npt.ArrayLike, level: float) -> Floats:
    r"""Interval score of Winkler (区间评分), lower is better, ndarray (case,), unit of the observations.

    Width plus :math:`2/\alpha` times the distance by which the observation lies outside, with
    :math:`\alpha=1-` ``level``; Gneiting and Raftery (2007), eq. 43.
    """
    x, y = _checked(draws, observed)
    lower, upper = central_interval(x, level)
    outside = np.maximum(lower - y, 0.0) + np.maximum(y - upper, 0.0)
    return np.asarray(upper - lower + 2.0 / (1.0 - level) * outside)


def pit(
    draws: npt.ArrayLike, observed: npt.ArrayLike, *, ties: Literal["random", "midpoint"] = "random", seed: int = 0
) -> Floats:
    """Probability integral transform (概率积分变换): where each observation falls among its draws.

    Parameters
    ----------
    draws : array_like (draw, case)
    observed : array_like (case,)
    ties : {"random", "midpoint"}
        ``random`` spreads the observation evenly over the ranks that it shares, which makes the transform exactly
        uniform for an observation exchangeable with the draws, of counts too; ``midpoint`` takes their middle.
    seed : int
        Of the random spread.

    Returns
    -------
    ndarray (case,)
        (number of draws below + v (number of equal draws + 1)) / (m + 1), with v uniform or 1/2; within 0 and 1.
        Czado, Gneiting and Held (2009), Biometrics 65.
    """
    x, y = _checked(draws, observed)
    below, equal = (x < y).sum(axis=0), (x == y).sum(axis=0)
    v = np.random.default_rng(seed).random(y.shape) if ties == "random" else 0.5
    return np.asarray((below + v * (equal + 1.0)) / (len(x) + 1.0))


@dataclass(frozen=True, kw_only=True)
class EcdfBand:
    """Band that the empirical distribution of uniform values stays inside as a whole.

    Attributes
    ----------
    at : ndarray (point,)
        Where the empirical distribution function is read, ascending, within 0 and 1.
    lower, upper : ndarray (point,)
        Ends of the band, fractions.
    """

    at: Floats
    lower: Floats
    upper: Floats

    def holds(self, values: npt.ArrayLike) -> bool:
        """Whether the empirical distribution of ``values`` (case,) lies inside at every point."""
        sample = np.sort(np.asarray(values, dtype=float))
        share = np.searchsorted(sample, self.at, side="right") / len(sample)
        return bool(np.all((self.lower <= share) & (share <= self.upper)))


def pit_band(cases: int, *, level: float = 0.95, simulations: int = 10_000, seed: int = 0) -> EcdfBand:
    """Simultaneous confidence band for the distribution of ``cases`` independent PIT values.

    Parameters
    ----------
    cases : int
        Number of PIT values, at least 1.
    level : float
        Probability that the whole curve of a calibrated forecast stays inside.
    simulations, seed : int
        Uniform samples that fix the band, and their seed.

    Notes
    -----
    Säilynoja, Bürkner and Vehtari (2022), Statistics and Computing 32, article 32, algorithm 2: pointwise binomial
    intervals at the one level that holds the share ``level`` of simulated curves entirely. Cases of one series lean
    on each other, and its band is then too narrow.
    """
    from scipy.stats import binom

    if cases < 1:
        raise RequestError("no case to draw a band for", key="cases", value=cases, remedy="Give at least one")
    at = np.arange(1, cases + 1) / cases
    uniform = np.random.default_rng(seed).random((simulations, cases))
    bins = (uniform * cases).astype(np.int64) + cases * np.arange(simulations)[:, None]
    counts = np.bincount(bins.ravel(), minlength=simulations * cases).reshape(simulations, cases).cumsum(axis=1)
    heads = np.arange(cases + 1)[:, None]
    tail = np.minimum(binom.cdf(heads, cases, at), binom.sf(heads - 1, cases, at))
    least = 2.0 * tail[counts, np.arange(cases)].min(axis=1)
    half = float(np.quantile(least, 1.0 - level, method="lower")) / 2.0
    # The ends are those counts whose tail reaches it: then the share of simulated curves inside is as asked.
    inside = tail >= half * (1.0 - 1e-9)
    return EcdfBand(at=at, lower=inside.argmax(axis=0) / cases, upper=(cases - inside[::-1].argmax(axis=0)) / cases)


def own_unit(observed: npt.ArrayLike, relative: npt.ArrayLike) -> Floats:
    """Size of the unit that the errors of each case are counted in, ndarray (case,), unit of the observations.

    Parameters
    ----------
    observed : array_like (case,)
    relative : array_like of bool (case,)
        True for levels and flows: errors as a share of the observed figure. False for rates: differences of rates.

    Raises
    ------
    RequestError
        An observation of zero, of which nothing is a share.
    """
    size = np.where(np.asarray(relative, dtype=bool), np.abs(np.asarray(observed, dtype=float)), 1.0)
    if np.any(size == 0.0):
        raise RequestError(
            "an observed figure of zero has no relative error",
            key="relative",
            value=np.flatnonzero(size == 0.0).tolist(),
            remedy="Judge these cases by differences",
        )
    return np.asarray(size)


def cbo_measures(errors: npt.ArrayLike) -> dict[str, float]:
    """The four measures of the Congressional Budget Office's Economic Forecasting Record.

    Parameters
    ----------
    errors : array_like (case,)
        Forecast less observation, one unit for all.

    Returns
    -------
    dict
        ``mean_error`` (bias), ``mean_absolute_error``, ``root_mean_square_error``, and ``two_thirds_spread``: range of
        the errors without the largest sixth and the smallest sixth of them (whole errors, rounded down).
        Congressional Budget Office, CBO's Economic Forecasting Record: 2023 Update, publication 59349.
    """
    e = np.sort(np.asarray(errors, dtype=float))
    if e.size == 0 or not np.all(np.isfinite(e)):
        raise RequestError("errors must be numbers, at least one", key="errors", remedy="Leave out missing cases")
    kept = e[e.size // 6 : e.size - e.size // 6]
    return {
        "mean_error": float(e.mean()),
        "mean_absolute_error": float(np.abs(e).mean()),
        "root_mean_square_error": float(np.sqrt(np.mean(e * e))),
        "two_thirds_spread": float(kept[-1] - kept[0]),
    }


def right_direction(forecast: npt.ArrayLike, observed: npt.ArrayLike, last: npt.ArrayLike) -> Booleans:
    """Whether the forecast moves the same way from the last known figure as the observation, ndarray of bool (case,).

    A forecast of no change is right only where nothing changed. Bureau of Labor Statistics, evaluation of projections.
    """
    start = np.asarray(last, dtype=float)
    moves = (np.sign(np.asarray(figure, dtype=float) - start) for figure in (forecast, observed))
    return np.asarray(np.equal(*moves))


@dataclass(frozen=True, kw_only=True)
class PairedDifference:
    """Mean difference of two forecasts' scores over the same cases; below zero the first is better.

    Attributes
    ----------
    mean, error : float
        Mean and its standard error, unit of the scores; the error is NaN with fewer than two clusters.
    p_value : float
        Two-sided, of no difference, by Student's t with ``clusters - 1`` degrees of freedom.
    clusters, cases : int
    """

    mean: float
    error: float
    p_value: float
    clusters: int
    cases: int


def paired_difference(first: npt.ArrayLike, second: npt.ArrayLike, clusters: npt.ArrayLike) -> PairedDifference:
    r"""Compare two forecasts on the same cases, cases of one series counting as one source of chance.

    Parameters
    ----------
    first, second : array_like (case,)
        Scores, lower is better.
    clusters : array_like (case,)
        Series of each case; within a series errors of neighbouring horizons go together. For several origins of one
        series give the origin instead.

    Notes
    -----
    Test of Diebold and Mariano (1995), Journal of Business and Economic Statistics 13, with the variance of clustered
    means :math:`\frac{G}{G-1}\,n^{-2}\sum_g\big(\sum_{i\in g}(d_i-\bar d)\big)^2` in the place of autocovariances:
    Liang and Zeger (1986), Biometrika 73; correction and degrees of freedom: Cameron and Miller (2015), Journal of
    Human Resources 50. With every case its own cluster it is the usual paired t test.
    """
    from scipy.stats import t as student

    d = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if d.size == 0 or not np.all(np.isfinite(d)):
        raise RequestError("scores must be numbers, at least one", key="scores", remedy="Leave out missing cases")
    names, group = np.unique(np.asarray(clusters), return_inverse=True)
    g, n, mean = len(names), d.size, float(d.mean())
    if g < 2:
        return PairedDifference(mean=mean, error=np.nan, p_value=np.nan, clusters=g, cases=n)
    sums = np.bincount(group, weights=d - mean, minlength=g)
    error = float(np.sqrt(g / (g - 1.0) * np.sum(sums * sums)) / n)
    p_value = float(2.0 * student.sf(abs(mean) / error, g - 1)) if error else float(mean == 0.0)
    return PairedDifference(mean=mean, error=error, p_value=p_value, clusters=g, cases=n)


def _checked(draws: npt.ArrayLike, observed: npt.ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(draws, dtype=float), np.asarray(observed, dtype=float)
    if x.ndim != 2 or y.ndim != 1 or x.shape[1:] != y.shape or 0 in x.shape:
        raise RequestError("draws must be (draw, case) and observations (case,)", key="draws", value=(x.shape, y.shape))
    for name, bad in (("observed", ~np.isfinite(y)), ("draws", ~np.isfinite(x).all(axis=0))):
        if bad.any():
            raise RequestError(
                "not a number in these cases", key=name, value=np.flatnonzero(bad).tolist(), remedy="Leave them out"
            )
    return x, y
