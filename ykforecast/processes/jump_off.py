"""The jump-off: the census population of 1 November moved to the end of its year."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.base_population import birthday_shares, census_base_array
from ykforecast.processes.fertility import census_fertility, sex_ratio_at_birth
from ykforecast.processes.life_table import yearly_death_probabilities
from ykforecast.processes.migration import log_migration, urban_moves
from ykforecast.processes.mortality import death_rates
from ykforecast.vocabulary.dims import AGES, BASE_YEAR, DISTRICTS, RESIDENCE, SEX

if TYPE_CHECKING:
    import xarray as xr

#: From 1 November 0:00 to the end of 31 December: 61 of 366 days in 2020.
YEAR_SHARE = 61.0 / 366.0


@lru_cache(maxsize=1)
def year_end_array() -> NDArray[np.float64]:
    """Persons on 31 December 2020, ndarray (district, residence, sex, age), not rounded."""
    population = census_base_array(BASE_YEAR).astype(float)
    q, q_birth = yearly_death_probabilities(death_rates(BASE_YEAR + 0.92))
    survivors = population * (1.0 - q) ** YEAR_SHARE
    # Birthdays of November and December: the national cohorts say how many of each age they are.
    birthdays = birthday_shares(BASE_YEAR).copy()
    birthdays[..., -1] = 0.0
    aged = survivors * (1.0 - birthdays)
    aged[..., 1:] += (survivors * birthdays)[..., :-1]
    women = (population[..., SEX.index("female"), :] + aged[..., SEX.index("female"), :]) / 2.0
    births = YEAR_SHARE * (census_fertility() * women).sum(axis=-1)
    ratio = sex_ratio_at_birth()
    boys_girls = np.array([ratio, 1.0]) / (1.0 + ratio)
    aged[..., 0] += births[..., None] * boys_girls * (1.0 - q_birth * YEAR_SHARE)
    aged *= np.exp(YEAR_SHARE * log_migration())
    moved = aged[:, 1] * (1.0 - (1.0 - urban_moves()) ** YEAR_SHARE)
    aged[:, 1] -= moved
    aged[:, 0] += moved
    aged.flags.writeable = False
    return aged


def base_population_year_end() -> xr.DataArray:
    """Resident population at the jump-off, 31 December 2020.

    Returns
    -------
    DataArray (district, residence, sex, age), persons, not rounded
        The census of 1 November with two months (61 of 366 days) of deaths, birthdays, births, net migration
        and moves to urban places at the rates of 2020. The city has one set of rates; districts differ by
        their people only.

    Notes
    -----
    Every city total stays within the rounding of the published year-end figures (2.33 million residents).
    """
    import xarray as xr

    return xr.DataArray(
        year_end_array().copy(),
        dims=("district", "residence", "sex", "age"),
        coords={
            "district": list(DISTRICTS),
            "residence": list(RESIDENCE),
            "sex": list(SEX),
            "age": list(AGES),
        },
        name="population",
        attrs={
            "units": "persons",
            "long_name": "resident population, 31 December 2020",
            "label_zh": "常住人口",
        },
    )
