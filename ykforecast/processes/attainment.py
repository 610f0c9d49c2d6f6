"""Educational attainment (受教育程度) of 2020 by sex, age and level.

The level totals of the 2020 census are met exactly; how they spread over ages follows logistic trends by
year of birth, identified by the level totals of two censuses and a borrowed slope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.vocabulary.dims import AGES, BASE_YEAR, EDUCATION_LEVELS, SEX
from ykforecast.vocabulary.errors import CalibrationError, ModelError, RequestError

FloatArray = NDArray[np.float64]

#: Levels that can be reached: "at or above" runs over these.
REACHED: Final = EDUCATION_LEVELS[1:]
FIRST_SCHOOL_AGE: Final = 6
_CENTRE_OF_BIRTHS, _DECADE = 1970, 10.0
_CENSUSES: Final = (2010, BASE_YEAR)
_SMALLEST_SHARE: Final = 1e-12


@dataclass(frozen=True)
class AttainmentAssumptions:
    """What the censuses do not settle.

    Attributes
    ----------
    ceiling : ndarray (reached level,)
        Largest fraction of a birth cohort at or above a level.
    slope : ndarray (reached level,)
        Expected rise of the log-odds per decade of birth.
    slope_sd, earlier_census_sd, later_census_sd : float
        Standard deviations of the slope, and of the totals of 2010 and 2020 in log-odds.
    progression : ndarray (reached level, age)
        Fraction of those who ever reach a level who are at it by completed age.
    tilt_step : float
        Log of the factor on every slope that one unit of ``tilt`` stands for.
    """

    ceiling: FloatArray
    slope: FloatArray
    slope_sd: float
    earlier_census_sd: float
    later_census_sd: float
    progression: FloatArray
    tilt_step: float

    @classmethod
    def from_model(cls, table: Mapping[str, Any], file: object = "education.toml") -> AttainmentAssumptions:
        """Assumptions of a parsed ``education.toml``.

        Raises
        ------
        ModelError
            If a key is missing or a number is out of range.
        """
        try:
            progression = np.stack([_progression(table["progression"][level]) for level in REACHED])
            made = cls(
                ceiling=np.array(table["ceiling"]["values"], dtype=float),
                slope=np.array(table["slope"]["values"], dtype=float),
                slope_sd=float(table["slope"]["standard_deviation"]),
                earlier_census_sd=float(table["earlier_census"]["standard_deviation"]),
                later_census_sd=float(table["later_census"]["standard_deviation"]),
                progression=progression,
                tilt_step=float(table["tilt"]["value"]),
            )
        except KeyError as error:
            raise ModelError("key missing", file=file, key=str(error.args[0]), remedy="Add it") from None
        except (TypeError, ValueError) as error:
            raise ModelError(
                "not what is expected", file=file, key="values", value=str(error), remedy="Write numbers"
            ) from None
        for key, values in (("ceiling", made.ceiling), ("slope", made.slope)):
            if values.shape != (len(REACHED),) or not (values > 0.0).all():
                raise ModelError(
                    "needs one positive number for each level",
                    file=file,
                    key=key,
                    value=values.tolist(),
                    remedy=f"Levels are {', '.join(REACHED)}",
                )
        if (made.ceiling > 1.0).any() or ((made.progression < 0.0) | (made.progression > 1.0)).any():
            remedy = "Write 0.05 for five per cent"
            raise ModelError(
                "a share above one or below zero",
                file=file,
                key="ceiling, progression",
                value=[made.ceiling.tolist(), made.progression.tolist()],
                remedy=remedy,
            )
        return made


def _progression(entry: Mapping[str, Any]) -> FloatArray:
    first, values = int(entry["first_age"]), entry["values"]
    by_age = np.ones(len(AGES))
    by_age[:first] = 0.0
    by_age[first : first + len(values)] = values
    return by_age


def at_or_above(persons: FloatArray) -> FloatArray:
    """Cumulated from the top without the lowest level: (..., level) to (..., reached level)."""
    cumulated: FloatArray = np.cumsum(persons[..., ::-1], axis=-1)[..., ::-1][..., 1:]
    return cumulated


def level_shares(above: FloatArray) -> FloatArray:
    """Shares by level of shares at or above each level: (..., reached level) to (..., level)."""
    nested = np.minimum.accumulate(above, axis=-1)
    full = np.concatenate([np.ones_like(nested[..., :1]), nested, np.zeros_like(nested[..., :1])], axis=-1)
    shares: FloatArray = full[..., :-1] - full[..., 1:]
    return shares


def _logit(share: FloatArray) -> FloatArray:
    log_odds: FloatArray = np.log(share) - np.log1p(-share)
    return log_odds


def trend_shares(trend: FloatArray, assumptions: AttainmentAssumptions, census: int, factor: float = 1.0) -> FloatArray:
    """Share at or above each level by age in a census year, slopes times ``factor``.

    (..., reached level, 2) to (..., age, reached level).
    """
    decades = (census - np.arange(len(AGES)) - _CENTRE_OF_BIRTHS) / _DECADE
    log_odds = trend[..., None, :, 0] + factor * trend[..., None, :, 1] * decades[:, None]
    shares: FloatArray = assumptions.ceiling * assumptions.progression.T / (1.0 + np.exp(-log_odds))
    return shares


def fit_trends(
    population: Mapping[int, FloatArray], levels: Mapping[int, FloatArray], assumptions: AttainmentAssumptions
) -> FloatArray:
    """Logistic trends of attainment by year of birth from the level totals of two censuses.

    Share at or above a level of the cohort born in ``c``: ``ceiling / (1 + exp(-(a + b (c - 1970) / 10)))``,
    thinned by progression below the age at which the level is complete. ``a`` and ``b`` follow from the
    totals of 2010 and 2020 and the expected slope, each weighted by its standard deviation.

    Parameters
    ----------
    population : dict of int to ndarray (sex, age)
        Persons at the censuses of 2010 and 2020.
    levels : dict of int to ndarray (sex, level)
        Persons aged 6 and over by level, at the same censuses.
    assumptions : AttainmentAssumptions

    Returns
    -------
    ndarray (sex, reached level, 2)
        Log-odds of the cohort born in 1970, and their rise per decade.

    Raises
    ------
    RequestError
        If a census is missing.
    CalibrationError
        If the fit of a level does not converge.
    """
    for census in _CENSUSES:
        if census not in population or census not in levels:
            raise RequestError("census missing", key="levels", value=census, remedy="Give 2010 and 2020")
    trends = np.empty((len(SEX), len(REACHED), 2))
    for sex in range(len(SEX)):
        ages = [_school_ages(population[census][sex]) for census in _CENSUSES]
        printed = [_logit(at_or_above(levels[census][sex]) / levels[census][sex].sum()) for census in _CENSUSES]
        for level, name in enumerate(REACHED):
            totals = np.array([row[level] for row in printed])
            trends[sex, level] = _fit_trend(level, ages, totals, assumptions, f"{SEX[sex]}, {name}")
    return trends


def _fit_trend(
    level: int, ages: list[FloatArray], totals: FloatArray, assumptions: AttainmentAssumptions, name: str
) -> FloatArray:
    """Level and slope of one trend: weighted least squares of two totals in log-odds and the slope."""
    from scipy.optimize import least_squares  # loaded on use: the import of the package stays light

    sd = np.array([assumptions.earlier_census_sd, assumptions.later_census_sd])

    def residual(trend: FloatArray) -> FloatArray:
        trial = np.zeros((len(REACHED), 2))
        trial[level] = trend
        fitted = [
            weights @ trend_shares(trial, assumptions, census)[:, level]
            for weights, census in zip(ages, _CENSUSES, strict=True)
        ]
        slope = (trend[1] - assumptions.slope[level]) / assumptions.slope_sd
        gaps: FloatArray = np.append((_logit(np.array(fitted)) - totals) / sd, slope)
        return gaps

    fit = least_squares(residual, np.array([0.0, assumptions.slope[level]]))
    if not fit.success:
        raise CalibrationError("attainment trend does not converge", key=name, remedy=str(fit.message))
    found: FloatArray = fit.x
    return found


def _school_ages(population: FloatArray) -> FloatArray:
    """Age distribution of those counted by level, summing to one."""
    counted = np.where(np.arange(len(AGES)) >= FIRST_SCHOOL_AGE, population, 0.0)
    distribution: FloatArray = counted / counted.sum()
    return distribution


def rake_attainment(
    seed: FloatArray, population: FloatArray, levels: FloatArray, tolerance: float = 1e-10
) -> FloatArray:
    """Persons by sex, age and level: totals by level exactly as published, ages as in the population.

    Iterative proportional fitting of the seed; odds ratios between ages and levels are the seed's.

    Parameters
    ----------
    seed : ndarray (sex, age, level)
        Shares of each age by level.
    population : ndarray (sex, age)
        Persons; ages from 6 are scaled to the published total by sex, younger ones get none.
    levels : ndarray (sex, level)
        Published persons aged 6 and over.
    tolerance : float
        Largest relative gap left in an age.

    Returns
    -------
    ndarray (sex, age, level)
        Persons aged 6 and over.

    Raises
    ------
    CalibrationError
        If the margins cannot be met together.
    """
    levels = np.asarray(levels, dtype=float)
    by_age = np.stack([_school_ages(row) for row in population]) * levels.sum(axis=1)[:, None]
    table: FloatArray = np.maximum(seed, _SMALLEST_SHARE) * by_age[:, :, None]
    for _ in range(2000):
        scale = np.divide(by_age, table.sum(axis=2), out=np.zeros_like(by_age), where=by_age > 0.0)
        table = table * scale[:, :, None]
        by_level = table.sum(axis=1)
        table = table * np.divide(levels, by_level, out=np.zeros_like(levels), where=by_level > 0.0)[:, None, :]
        gap = np.abs(table.sum(axis=2) - by_age) / np.maximum(by_age, 1.0)
        if gap.max() < tolerance:
            return table
    raise CalibrationError(
        "education by age and level cannot meet both margins",
        key="levels",
        value=float(gap.max()),
        remedy="Check that the published levels cover the ages from 6",
    )
