"""Life-table functions of central death rates by single year of age.

Notation and formulas: Preston, Heuveline and Guillot, Demography (2001), chapter 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Years lived in the first year by infants who die in it: intercept and slope in the infant death rate, by
#: sex (male, female); Preston, Heuveline and Guillot (2001), table 3.3, after Coale and Demeny (1983),
#: region West.
_INFANT_YEARS = np.array([[0.045, 2.684], [0.053, 2.800]])


def person_years(rates: Array) -> tuple[Array, Array]:
    """Survivors and person-years of a life table with radix 1.

    Parameters
    ----------
    rates : ndarray (..., sex, age)
        Central death rates per person-year; the last age is open.

    Returns
    -------
    survivors : ndarray (..., sex, age)
        l, share of births alive at exact age.
    years : ndarray (..., sex, age)
        L, person-years lived at the age; the open age holds all years after it.
    """
    lived = np.full_like(rates, 0.5)
    lived[..., 0] = _INFANT_YEARS[:, 0] + _INFANT_YEARS[:, 1] * rates[..., 0]
    death = rates / (1.0 + (1.0 - lived) * rates)
    death[..., -1] = 1.0
    survivors = np.ones_like(rates)
    survivors[..., 1:] = np.cumprod(1.0 - death[..., :-1], axis=-1)
    years = survivors * (1.0 - (1.0 - lived) * death)
    years[..., -1] = survivors[..., -1] / rates[..., -1]
    return survivors, years


def life_expectancy(rates: Array) -> Array:
    """Life expectancy at birth in years, by sex, of central death rates (..., sex, age)."""
    return np.asarray(person_years(rates)[1].sum(axis=-1))


def yearly_death_probabilities(rates: Array) -> tuple[Array, Array]:
    """Probabilities of dying within a year, by completed age at its start, and from birth to its end.

    Parameters
    ----------
    rates : ndarray (..., sex, age)
        Central death rates per person-year; the last age is open.

    Returns
    -------
    q : ndarray (..., sex, age)
        1 - L(a+1)/L(a): persons of completed age ``a`` at the start of the year. The open age: 1 - exp(-m).
    q_birth : ndarray (..., sex)
        1 - L(0): births spread evenly over the year, to its end.
    """
    survivors, years = person_years(rates)
    single = years.copy()
    # Person-years in the first year of the open age, so that the last single age survives into it.
    single[..., -1] = survivors[..., -1] * -np.expm1(-rates[..., -1]) / rates[..., -1]
    q = np.empty_like(rates)
    q[..., :-1] = 1.0 - single[..., 1:] / single[..., :-1]
    q[..., -1] = -np.expm1(-rates[..., -1])
    return q, 1.0 - years[..., 0]
