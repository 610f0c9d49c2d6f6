"""Shares of the districts in the city by sex and age group: a coherent split of every city result."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ykforecast.processes.fertility import fertility_rates, sex_ratio_at_birth
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.migration import district_log_migration, survive
from ykforecast.processes.mortality import death_probabilities
from ykforecast.vocabulary.dims import AGE_GROUPS, AGES, DISTRICTS, RESIDENCE, SEX, YEAR_ENDS, YEARS

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
_FEMALE = SEX.index("female")


@lru_cache(maxsize=1)
def district_projection() -> Array:
    """Residents of each district to 2025, on their own, ndarray (year_end, district, sex, age), persons.

    Mortality and fertility of the city by residence, in the mixture of residences that each district has at
    the jump-off; net rates of 2010-2020 of the district, moves between districts included.
    """
    start = year_end_array()
    q, q_birth = death_probabilities()
    shape = (len(YEARS), len(RESIDENCE), len(SEX))
    q, q_birth = q.reshape(*shape, len(AGES)), q_birth.reshape(shape)
    fertility, ratio = fertility_rates(), sex_ratio_at_birth()
    boys_girls = np.array([ratio, 1.0]) / (1.0 + ratio)
    total = start.sum(axis=1)
    mixture = start.sum(axis=(2, 3)) / total.sum(axis=(1, 2))[:, None]
    by_age = np.divide(
        start, total[:, None], out=np.ones_like(start) * mixture[:, :, None, None], where=total[:, None] > 0
    )
    migrants = np.exp(district_log_migration())
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


def district_shares() -> xr.DataArray:
    """Share of each district in the residents of the city.

    Returns
    -------
    DataArray (year_end, district, sex, age_group), share
        Sums to one over the districts in every cell; exact at the jump-off.
    """
    import xarray as xr

    starts = [first for _, first, _ in AGE_GROUPS]
    groups = np.add.reduceat(district_projection(), starts, axis=-1)
    return xr.DataArray(
        groups / groups.sum(axis=1, keepdims=True),
        dims=("year_end", "district", "sex", "age_group"),
        coords={
            "year_end": list(YEAR_ENDS),
            "district": list(DISTRICTS),
            "sex": list(SEX),
            "age_group": [name for name, _, _ in AGE_GROUPS],
        },
        name="district_share",
        attrs={"units": "1", "long_name": "share of the district in the city", "label_zh": "占全市比重"},
    )
