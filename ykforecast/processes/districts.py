"""Residents of the districts, each projected on its own: what the split of city results follows over time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ykforecast.processes.fertility import fertility_rates, sex_ratio_at_birth
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.migration import district_log_migration, survive
from ykforecast.processes.mortality import death_probabilities
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import AGES, RESIDENCE, SEX, YEAR_ENDS, YEARS

Array = NDArray[np.float64]
_FEMALE = SEX.index("female")


@lru_cache(maxsize=1)
def district_projection(assumed: PopulationAssumptions) -> Array:
    """Residents of each district to 2025, on their own, ndarray (year_end, district, sex, age), persons.

    Mortality and fertility of the city by residence, in the mixture of residences that each district has at
    the jump-off; net rates of 2010-2020 of the district, moves between districts included.
    """
    start = year_end_array(assumed)
    q, q_birth = death_probabilities(assumed)
    shape = (len(YEARS), len(RESIDENCE), len(SEX))
    q, q_birth = q.reshape(*shape, len(AGES)), q_birth.reshape(shape)
    fertility, ratio = fertility_rates(assumed), sex_ratio_at_birth(assumed.sources.province)
    boys_girls = np.array([ratio, 1.0]) / (1.0 + ratio)
    total = start.sum(axis=1)
    mixture = start.sum(axis=(2, 3)) / total.sum(axis=(1, 2))[:, None]
    by_age = np.divide(
        start, total[:, None], out=np.ones_like(start) * mixture[:, :, None, None], where=total[:, None] > 0
    )
    migrants = np.exp(district_log_migration(assumed))
    path = np.empty((len(YEAR_ENDS), *total.shape))
    path[0] = total
    for t in range(len(YEARS)):
        aged = survive(path[t], (by_age * q[t]).sum(axis=1))
        women = (path[t][:, _FEMALE] + aged[:, _FEMALE]) / 2.0
        births = np.einsum("dra,ra,da->d", by_age[:, :, _FEMALE], fertility[t], women)
        infants = births[:, None] * boys_girls * (1.0 - np.einsum("dr,rs->ds", mixture, q_birth[t]))
        aged[:, :, 0] = infants
        path[t + 1] = aged * migrants
    path.flags.writeable = False
    return path
