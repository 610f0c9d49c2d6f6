"""A coherent split of the city's stocks over its six districts: shares that add up to one in every cell.

Within an age group a district holds what its people would hold at the city's rates by residence, sex and
age: the rate of an insured or labour stock is the city's, the people are the district's own. Over time the
shares follow the districts' projected people. The census prints no labour or insurance table by district.
"""

from __future__ import annotations

import numpy as np

from ykforecast.processes.districts import district_projection
from ykforecast.processes.jump_off import year_end_array
from ykforecast.vocabulary.dims import AGE_GROUPS, AGES, RESIDENCE, SEX, YEAR_ENDS

_STARTS = [first for _, first, _ in AGE_GROUPS]


def district_split(stocks: np.ndarray) -> np.ndarray:
    """Share of each district in each stock and age group.

    Parameters
    ----------
    stocks : ndarray (stock, stratum, age)
        Base stocks of the city, persons.

    Returns
    -------
    ndarray (year_end, stock, district, age group)
        Fractions; they sum to one over the districts.
    """
    people = year_end_array()
    city = people.sum(axis=0)
    by_place = stocks.reshape(len(stocks), len(RESIDENCE), len(SEX), len(AGES))
    rates = np.divide(by_place, city, out=np.zeros_like(by_place), where=city > 0)
    expected = np.einsum("krsa,drsa->kdsa", rates, people)
    # Rates of a district stay; its people by sex and age change.
    growth = district_projection()
    growth = growth / np.maximum(growth[:1], 1e-9)
    held = np.einsum("kdsa,ydsa->ykda", expected, growth)
    groups = np.add.reduceat(held, _STARTS, axis=-1)
    everyone = np.add.reduceat(np.einsum("dsa,ydsa->yda", people.sum(axis=1), growth), _STARTS, axis=-1)
    fallback = np.broadcast_to(
        (everyone / everyone.sum(axis=1, keepdims=True))[:, None], (len(YEAR_ENDS), *expected.shape[:2], len(_STARTS))
    )
    total = groups.sum(axis=2, keepdims=True)
    shares: np.ndarray = np.divide(groups, total, out=fallback.copy(), where=total > 0)
    return shares
