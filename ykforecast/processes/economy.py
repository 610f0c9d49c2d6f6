"""The monthly cyclical state and the growth of output that goes with it.

Recessions come fast and recoveries slowly: a downturn begins with a fixed monthly hazard, takes the state
down at once, and the state returns at its own persistence. Zero is the level of 2020, the base year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ykforecast.vocabulary.dims import MONTHS, MONTHS_A_YEAR, YEARS


@dataclass(frozen=True, slots=True)
class MacroPath:
    """Cycle and growth of a block of draws.

    Attributes
    ----------
    cycle : ndarray (draw, month)
        Cyclical state against that of 2020; the first months of 2020 lay about 2.5 units below normal.
    lasting : ndarray (draw, month)
        The same without the sudden falls and their fading: what the odds of labour flows respond to.
    pulse : ndarray (draw, month)
        What the falls do at once: log multiplier of separations, see :func:`separation_pulse`.
    growth : ndarray (draw, year)
        Real growth of GDP at the central path of employment, fraction.
    free : ndarray (year,)
        1 where growth is free, 0 where a scenario gives it.
    """

    cycle: np.ndarray
    lasting: np.ndarray
    pulse: np.ndarray
    growth: np.ndarray
    free: np.ndarray


def recession_falls(entries: np.ndarray, hazard: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Fall of the cyclical state in each month, (draw, month): the depth where a recession begins, else zero.

    Parameters
    ----------
    entries : ndarray (draw, month)
        Uniform numbers: a recession begins where they lie below ``hazard``.
    hazard, depth : ndarray (draw,)
        Monthly hazard of a recession, and its depth in units of the state.
    """
    return np.where(entries < hazard[:, None], depth[:, None], 0.0)


def cycle_paths(
    shocks: np.ndarray,
    falls: np.ndarray,
    *,
    start: np.ndarray,
    reference: np.ndarray,
    persistence: np.ndarray,
    noise: np.ndarray,
    downturn: np.ndarray,
) -> np.ndarray:
    """Cyclical state by month against that of 2020, (draw, month).

    ``x(t) = persistence * x(t-1) + noise * shock(t) - depth * [recession begins in t]`` around the normal
    level zero, from ``start`` in December 2020; returned is ``x - reference - downturn``.

    Parameters
    ----------
    shocks : ndarray (draw, month)
        Standard normal numbers.
    falls : ndarray (draw, month)
        Depth of the recessions that begin in a month, from :func:`recession_falls`.
    start, reference : ndarray (draw,)
        State of December 2020, and the mean state of 2020 that the base odds stand for.
    persistence, noise : ndarray (draw,)
        Monthly persistence, and standard deviation of monthly shocks.
    downturn : ndarray (month,)
        Fall imposed by a scenario, zero or more.
    """
    state = np.empty_like(shocks)
    now = start
    for month in range(MONTHS):
        now = persistence * now + noise * shocks[:, month] - falls[:, month]
        state[:, month] = now
    against_2020: np.ndarray = state - reference[:, None] - downturn
    return against_2020


def sudden_falls(recessions: np.ndarray, downturn: np.ndarray) -> np.ndarray:
    """Falls of each month (draw, month): recessions that begin, and the rise of a scenario's downturn."""
    return recessions + np.maximum(np.diff(downturn, prepend=0.0), 0.0)


def left_of(falls: np.ndarray, persistence: np.ndarray) -> np.ndarray:
    """What is left in each month of its own and earlier falls (draw, month), at the persistence of the state."""
    left = np.empty_like(falls)
    now = np.zeros(len(falls))
    for month in range(falls.shape[1]):
        now = persistence * now + falls[:, month]
        left[:, month] = now
    return left


def absorbed_by_pulse(recessions: np.ndarray, downturn: np.ndarray, persistence: np.ndarray) -> np.ndarray:
    """Part of the fall of the state that odds do not respond to (draw, month).

    The pulse explains all of the jump of unemployment in 2020, so what is left of a fall at the persistence of
    the state is its doing. What a scenario holds down for longer moves the odds.
    """
    rises = sudden_falls(np.zeros_like(recessions), downturn)
    return np.asarray(left_of(recessions, persistence) + np.minimum(left_of(rises, persistence), downturn))


#: Separations do not fall below this part of normal while people are called back.
LEAST_SEPARATION = 0.2


def separation_pulse(falls: np.ndarray, *, size: np.ndarray, recall: np.ndarray, fading: np.ndarray) -> np.ndarray:
    """Log multiplier of separations by month, (draw, month), beside the response of the odds to the cycle.

    Lay-offs crowd into the month of a fall; afterwards fewer than usual lose their work while part of those
    laid off are called back: ``1 + size * fall(t) - recall * sum over k >= 1 of fading**(k - 1) * fall(t - k)``.
    It is linear in the fall, so that a downturn of two months lays off as many as one of a single month. A
    stock of unemployed hit in this way is highest at the end of the fall, as that of the country was in
    February 2020; odds that only shift and stay take most of a year to raise it.

    Parameters
    ----------
    falls : ndarray (draw, month)
        From :func:`sudden_falls`.
    size, recall : ndarray (draw,)
        Multiples of the normal separations per unit of the fall: in its month, and fewer in the month after.
    fading : ndarray (draw,)
        What is left of the recall from one month to the next, a fraction.
    """
    waiting = np.zeros_like(falls)
    waiting[:, 1:] = left_of(falls, fading)[:, :-1]
    multiple = 1.0 + size[:, None] * falls - recall[:, None] * waiting
    return np.asarray(np.log(np.maximum(multiple, LEAST_SEPARATION)))


@dataclass(frozen=True, slots=True)
class GrowthModel:
    """What growth of output is made of; ``growth(y) = trend + response * (mean cycle of y - of y - 1) + noise(y)``.

    Attributes
    ----------
    trend, response : ndarray (draw,)
        Fraction a year; fraction per unit of the cycle.
    noise : ndarray (draw, year)
        Noise of each year, fraction.
    noise_sd : ndarray (draw,)
        Its standard deviation, fraction.
    persistence : ndarray (draw,)
        Monthly persistence of the cyclical state.
    shock_sd : ndarray (draw,)
        Standard deviation of what reaches the state in a month, recessions included.
    """

    trend: np.ndarray
    response: np.ndarray
    noise: np.ndarray
    noise_sd: np.ndarray
    persistence: np.ndarray
    shock_sd: np.ndarray


def growth_model(value: Callable[[str], np.ndarray], shocks: np.ndarray) -> GrowthModel:
    """Growth with the parameters of a block of draws.

    Parameters
    ----------
    value : function of a name to ndarray (draw,)
        Draws of a parameter, or its constant.
    shocks : ndarray (draw, year)
        Standard normal numbers.
    """
    noise, hazard, depth = value("cycle_noise"), value("recession_hazard"), value("recession_depth")
    return GrowthModel(
        trend=value("gdp_trend"),
        response=value("gdp_cycle"),
        noise=value("gdp_noise")[:, None] * shocks,
        noise_sd=value("gdp_noise"),
        persistence=value("cycle_persistence"),
        shock_sd=np.sqrt(noise**2 + hazard * (1.0 - hazard) * depth**2),
    )


def condition_on_growth(cycle: np.ndarray, model: GrowthModel, surprise: np.ndarray, year: int) -> np.ndarray:
    """Cycle (draw, month) conditioned on the growth of a year, within the parameters of each draw.

    Shocks of the year and the noise of its growth share the surprise by their variances. The correction
    ``Cov(z, g) / Var(g) * surprise`` of a free Gaussian path has the conditional mean, and what is left of its
    variance is the conditional variance (Waggoner and Zha 1999; Durbin and Koopman 2002). Months before the year
    stay as they are: a scenario is not foreseen. Later months carry the shocks on. Recessions enter by
    their variance; the trend is a parameter of the draw, and a given growth is no news about it.

    Parameters
    ----------
    cycle : ndarray (draw, month)
        Free path.
    model : GrowthModel
    surprise : ndarray (draw,)
        Given less free growth, fraction.
    year : int
        Position of the given year.
    """
    first, last = year * MONTHS_A_YEAR, (year + 1) * MONTHS_A_YEAR
    # A shock reaches the mean of the year through its own month and those after it.
    left = np.arange(MONTHS_A_YEAR, 0, -1)
    carried = np.cumsum(model.persistence[:, None] ** np.arange(MONTHS_A_YEAR), axis=1)[:, left - 1] / MONTHS_A_YEAR
    effect = (model.response * model.shock_sd)[:, None] * carried
    variance = (effect**2).sum(axis=1) + model.noise_sd**2
    shocks = model.shock_sd[:, None] * effect * (surprise / variance)[:, None]
    moved = cycle.copy()
    shift = np.zeros(len(cycle))
    for month in range(first, MONTHS):
        shift = model.persistence * shift + (shocks[:, month - first] if month < last else 0.0)
        moved[:, month] += shift
    return moved


def macro_path(
    cycle: np.ndarray,
    model: GrowthModel,
    absorbed: np.ndarray,
    pulse: np.ndarray,
    *,
    before: np.ndarray,
    fixed: Sequence[float | None],
) -> MacroPath:
    """Growth of GDP from the trend and the yearly change of the cycle, conditioned where asked (若GDP增速为X).

    Parameters
    ----------
    cycle : ndarray (draw, month)
        Cyclical state against the reference of 2020.
    model : GrowthModel
    absorbed : ndarray (draw, month)
        From :func:`absorbed_by_pulse`.
    pulse : ndarray (draw, month)
        From :func:`separation_pulse`.
    before : ndarray (draw,)
        Mean state of the months of 2020, on the same scale.
    fixed : sequence of float or None, one a year
        Given growth, fraction.

    Returns
    -------
    MacroPath
        A given growth is met exactly; the cycle carries the part of the surprise that the model gives it.
    """
    growth = np.empty((len(cycle), len(YEARS)))
    for year, given in enumerate(fixed):
        months = slice(year * MONTHS_A_YEAR, (year + 1) * MONTHS_A_YEAR)
        change = cycle[:, months].mean(axis=1) - before
        growth[:, year] = model.trend + model.response * change + model.noise[:, year]
        if given is not None:
            cycle = condition_on_growth(cycle, model, given - growth[:, year], year)
            growth[:, year] = given
        before = cycle[:, months].mean(axis=1)
    return MacroPath(
        cycle=cycle,
        lasting=cycle + absorbed,
        pulse=pulse,
        growth=growth,
        free=np.array([1.0 if given is None else 0.0 for given in fixed]),
    )
