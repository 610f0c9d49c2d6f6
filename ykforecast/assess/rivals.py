"""Naive rivals: what anyone could forecast from the series alone, which a model must beat to be worth its cost.

Each rival reads an annual history and gives a median and draws for later years. On the scale that it works on (level,
logarithm, log-odds) the draws of a year follow Student's t about the median,

    x(h) = c(h) + s (a(h) . z + e(h)),

with s the residual error of the rival on its own history, ``a`` the uncertainty of the line fitted and e either a
random walk of variance h (the rivals that start at the last figure) or independent from year to year (the trend
lines). Random numbers are keyed by what they mean: rival, series, last figure, and year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ykforecast.simulate.sampling import noise, uniform
from ykforecast.vocabulary.errors import RequestError, nearest

Floats = npt.NDArray[np.float64]
Scale = Literal["level", "log", "logit"]

#: Naive model of the Bureau of Labor Statistics' evaluations: a line through the ten years before.
TREND_YEARS: Final = 10
#: Damping of the drift a year: the value of the example in Hyndman and Athanasopoulos, Forecasting: Principles and
#: Practice, 3rd ed. (2021), section 8.2, which gives 0.8 to 0.98 as the usual range.
DAMPING: Final = 0.9
#: Student's t has a variance only from here on; with fewer degrees of freedom a few draws would rule every score.
LEAST_FREEDOM: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What a rival has read from a history, on its working scale.

    Attributes
    ----------
    centre : ndarray (year,)
        Point forecast.
    loading : ndarray (year, coefficient)
        Uncertainty of the fitted line, in units of ``sigma``.
    walk : bool
        Whether later errors add up (random walk) or come anew each year.
    sigma, freedom : float
        Residual standard error, and its degrees of freedom; zero degrees where the history leaves none.
    note : str
        What was done where the history was too short, else empty.
    """

    centre: Floats
    loading: Floats
    walk: bool
    sigma: float
    freedom: float
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Rival:
    """A naive method: names, source, and what it reads from (years, values, years ahead)."""

    label_zh: str
    label_en: str
    source: str
    fit: Callable[[Floats, Floats, Floats], Fit]


@dataclass(frozen=True, kw_only=True)
class NaiveForecast:
    """Forecast of one series by a rival.

    Attributes
    ----------
    rival : str
        Key in `RIVALS`.
    years : ndarray of int (year,)
    point : ndarray (year,)
        Median, unit of the history.
    draws : ndarray (draw, year)
        Paths: the years of one draw belong together, so that sums over years may be taken.
    note : str
        Fallbacks taken, else empty.
    """

    rival: str
    years: npt.NDArray[np.int64]
    point: Floats
    draws: Floats
    note: str


def naive_forecast(
    rival: str,
    years: npt.ArrayLike,
    values: npt.ArrayLike,
    ahead: npt.ArrayLike,
    *,
    series: str,
    draws: int,
    seed: int,
    scale: Scale = "level",
) -> NaiveForecast:
    """Forecast a series from its own past.

    Parameters
    ----------
    rival : str
        Key in `RIVALS`.
    years : array_like of int (point,)
        Ascending; years may be missing.
    values : array_like (point,)
        Figures of those years, any unit, numbers only, at least two.
    ahead : array_like of int (year,)
        Years to forecast, ascending, all after the last of ``years``.
    series : str
        What the figures are of. Chance differs between rivals, series and last years; a draw of a year is the same
        whatever other draws and years are asked for.
    draws, seed : int
    scale : {"level", "log", "logit"}
        ``log`` keeps forecasts above 0, ``logit`` inside (0, 1).

    Raises
    ------
    RequestError
        An unknown rival or scale, fewer than two figures, figures that are missing or impossible on the scale, years
        out of order.
    """
    if rival not in RIVALS:
        raise RequestError("unknown rival", key="rival", value=rival, remedy=nearest(rival, RIVALS))
    t, to = _ascending("years", years), _ascending("ahead", ahead)
    x = _to_scale(np.asarray(values, dtype=float), scale)
    if x.shape != t.shape or t.size < 2:
        raise RequestError(
            "a history needs two figures at least, one for each year",
            key="values",
            value=(t.size, x.size),
            remedy="Leave this series out, or find an earlier figure",
        )
    if to[0] <= t[-1]:
        raise RequestError("a forecast must lie after the history", key="ahead", value=int(to[0]))
    fit = RIVALS[rival].fit(t, x, to)
    fit = _with_spread(fit, t, x)
    normal = fit.freedom < LEAST_FREEDOM
    note = "; ".join(filter(None, (fit.note, "normal draws, too few residuals for Student's t" if normal else "")))
    stream = stream_name(rival, series, t[-1])
    wander = noise(seed, 0, draws, f"{stream}:year", int(to[-1] - t[-1]))
    unit = (wander.cumsum(axis=1) if fit.walk else wander)[:, (to - t[-1]).astype(int) - 1]
    unit += noise(seed, 0, draws, f"{stream}:line", fit.loading.shape[1]) @ fit.loading.T
    if not normal:
        unit *= np.sqrt(fit.freedom / _chi_squared(fit.freedom, uniform(seed, 0, draws, f"{stream}:spread", 1)))
    back = _FROM_SCALE[scale]
    return NaiveForecast(
        rival=rival,
        years=to.astype(np.int64),
        point=back(fit.centre),
        draws=back(fit.centre + fit.sigma * unit),
        note=note,
    )


def stream_name(rival: str, series: str, last: float) -> str:
    """Name of the random numbers of a rival for a series whose last figure is of the year ``last``."""
    return f"rival:{rival}:{series}:{last:.0f}"


def _chi_squared(freedom: float, below: Floats) -> Floats:
    """Quantiles of the chi-squared distribution."""
    from scipy.special import gammaincinv

    return np.asarray(2.0 * gammaincinv(0.5 * freedom, below))


def _last_value(t: Floats, x: Floats, to: Floats) -> Fit:
    sigma, freedom = _walk_error(t, x, np.zeros(t.size - 1))
    return Fit(centre=np.full(to.size, x[-1]), loading=np.zeros((to.size, 0)), walk=True, sigma=sigma, freedom=freedom)


def _drift(t: Floats, x: Floats, to: Floats) -> Fit:
    return _damped(t, x, to, lambda gap: gap)


def _damped_drift(t: Floats, x: Floats, to: Floats) -> Fit:
    return _damped(t, x, to, lambda gap: DAMPING * (1.0 - DAMPING**gap) / (1.0 - DAMPING))


def _damped(t: Floats, x: Floats, to: Floats, steps: Callable[[Floats], Floats]) -> Fit:
    """Random walk with the mean yearly change, of which ``steps`` counts as many as the years ahead are worth."""
    span = t[-1] - t[0]
    slope = (x[-1] - x[0]) / span
    worth = steps(to - t[-1])
    sigma, freedom = _walk_error(t, x, slope * steps(np.diff(t)), coefficients=1)
    loading = (worth / np.sqrt(span))[:, None]
    return Fit(centre=x[-1] + slope * worth, loading=loading, walk=True, sigma=sigma, freedom=freedom)


def _ten_year_trend(t: Floats, x: Floats, to: Floats) -> Fit:
    recent = t > t[-1] - TREND_YEARS
    note = ""
    if recent.sum() < 2:
        recent, note = np.arange(t.size) >= t.size - 2, "fewer than two figures in ten years: line through the last two"
    return replace(_line(t[recent], x[recent], to, np.ones(int(recent.sum()))), note=note)


def _weighted_trend(t: Floats, x: Floats, to: Floats) -> Fit:
    return _line(t, x, to, (t - t[0] + 1.0) / (t[-1] - t[0] + 1.0))


def _line(t: Floats, x: Floats, to: Floats, weight: Floats) -> Fit:
    """Weighted least squares with errors of one variance: the weights are importance and say nothing about noise."""
    design, later = (np.column_stack((np.ones(at.size), at - t[-1])) for at in (t, to))
    reading = np.linalg.solve(design.T @ (weight[:, None] * design), design.T * weight)  # coefficients = reading @ x
    coefficients = reading @ x
    off = np.eye(t.size) - design @ reading
    freedom = float(np.sum(off * off)) if t.size > 2 else 0.0
    residual = x - design @ coefficients
    sigma = float(np.sqrt(residual @ residual / freedom)) if freedom else 0.0
    return Fit(centre=later @ coefficients, loading=later @ reading, walk=False, sigma=sigma, freedom=freedom)


def _walk_error(t: Floats, x: Floats, expected: Floats, coefficients: int = 0) -> tuple[float, float]:
    """Standard error of a year of a random walk, from the changes over gaps of any length, and its freedom."""
    surprise = (np.diff(x) - expected) / np.sqrt(np.diff(t))
    freedom = surprise.size - coefficients
    return (float(np.sqrt(surprise @ surprise / freedom)) if freedom else 0.0), float(freedom)


def _with_spread(fit: Fit, t: Floats, x: Floats) -> Fit:
    """The fit with a spread: that of the yearly changes where no residual is left, too wide rather than nil."""
    if fit.freedom:
        return fit
    sigma, _ = _walk_error(t, x, np.zeros(t.size - 1))
    notes = filter(None, (fit.note, "no residual left: spread of the yearly changes"))
    return replace(fit, sigma=sigma, note="; ".join(notes))


def _ascending(name: str, years: npt.ArrayLike) -> Floats:
    t = np.atleast_1d(np.asarray(years, dtype=float))
    if t.ndim != 1 or t.size == 0 or not np.all(np.isfinite(t)) or np.any(np.diff(t) <= 0):
        raise RequestError("years must ascend, each once", key=name, value=np.asarray(years).tolist())
    return t


def _to_scale(values: Floats, scale: Scale) -> Floats:
    if scale not in _FROM_SCALE:
        raise RequestError("unknown scale", key="scale", value=scale, remedy=nearest(scale, _FROM_SCALE))
    possible = np.isfinite(values)
    if scale != "level":
        possible &= values > 0.0
    if scale == "logit":
        possible &= values < 1.0
    if not possible.all():
        raise RequestError(
            f"not usable on the scale {scale!r}",
            key="values",
            value=values[~possible].tolist(),
            remedy="Leave the year out, or choose another scale",
        )
    if scale == "log":
        return np.asarray(np.log(values))
    return np.asarray(np.log(values / (1.0 - values))) if scale == "logit" else values


_FROM_SCALE: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "level": lambda x: x,
    "log": np.exp,
    "logit": lambda x: np.exp(-np.logaddexp(0.0, -x)),  # 1 / (1 + exp(-x)) without overflow, and above 0 far down
}

RIVALS: Final[Mapping[str, Rival]] = {
    "last_value": Rival(
        label_zh="末值不变",
        label_en="last value",
        source="Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.2",
        fit=_last_value,
    ),
    "drift": Rival(
        label_zh="平均增量外推",
        label_en="drift",
        source="Hyndman and Athanasopoulos (2021), sections 5.2 and 5.5",
        fit=_drift,
    ),
    "damped_drift": Rival(
        label_zh="衰减增量外推",
        label_en="damped drift",
        source="Gardner and McKenzie (1985), Management Science 31; Hyndman and Athanasopoulos (2021), section 8.2",
        fit=_damped_drift,
    ),
    "ten_year_trend": Rival(
        label_zh="十年线性趋势",
        label_en="ten-year trend",
        source="Bureau of Labor Statistics, evaluation of projections: naive model",
        fit=_ten_year_trend,
    ),
    "weighted_trend": Rival(
        label_zh="时间加权趋势",
        label_en="time-weighted trend",
        source=(
            "ESCAP, Asia and the Pacific SDG Progress Report, technical notes: anticipated progress; Bidarbakht Nia "
            "(2017), ESCAP Working Paper SD/WP/04: weights rise with time, here in a straight line"
        ),
        fit=_weighted_trend,
    ),
}
