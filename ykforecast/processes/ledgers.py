"""Schemes and counts without a cohort story: coverage of pools, ledgers and short structural series.

All functions are vectorised over draws: stocks are (draw, year_end) with 2020 first, yearly rates
(draw, year). Each starts from the published figure of 2020, which it returns unchanged.
"""

from __future__ import annotations

import numpy as np

Floats = np.ndarray


def cumulated(rates: Floats) -> Floats:
    """Index with 1 in 2020 from log growth by year, (draw, year_end)."""
    index: Floats = np.concatenate([np.ones((rates.shape[0], 1)), np.exp(np.cumsum(rates, axis=1))], axis=1)
    return index


def coverage_of_pool(base: float, pool: Floats, growth: Floats, added: Floats) -> Floats:
    """Insured persons as a share of a pool that grows, never above the pool.

    Parameters
    ----------
    base : float
        Insured persons in 2020.
    pool : ndarray (draw, year_end)
        Persons who can be insured.
    growth : ndarray (draw, year)
        Log growth of the share, policies of 2020.
    added : ndarray (draw or 1, year)
        Points of the share added by policy by the end of each year, fraction.

    Returns
    -------
    ndarray (draw, year_end)
        Persons.
    """
    share = base / pool[:, :1] * cumulated(growth)
    share[:, 1:] += added
    insured: Floats = np.minimum(share, np.maximum(1.0, base / pool[:, :1])) * pool
    return insured


def medical_coverage(
    employee: Floats, population: Floats, base_rate: float, take_up: Floats, noise: Floats, added: Floats
) -> Floats:
    """Residents insured by either medical scheme, (draw, year_end), persons.

    The residents' scheme holds those not in the employees' scheme but for the uninsured; the uninsured
    share of them falls by ``take_up`` a year. Never above the population, never below the employees.

    Parameters
    ----------
    employee, population : ndarray (draw, year_end)
        Insured by the employees' scheme; residents.
    base_rate : float
        Coverage of residents in 2020, fraction.
    take_up, noise : ndarray (draw, year)
        Share of the uninsured who enrol net in the year; disturbance of the coverage rate.
    added : ndarray (draw or 1, year)
        Points of the coverage rate added by policy by the end of each year.
    """
    others = population - employee
    uninsured = (1.0 - base_rate) * population[:, :1] / others[:, :1]
    path = uninsured * np.concatenate([np.ones((take_up.shape[0], 1)), np.cumprod(1.0 - take_up, axis=1)], axis=1)
    insured = population - path * others
    insured[:, 1:] += (noise + added) * population[:, 1:]
    held: Floats = np.clip(insured, employee, population)
    return held


def card_holders(
    base: float,
    population: Floats,
    births: Floats,
    deaths: Floats,
    ceiling: Floats,
    take_up: Floats,
    newborn_share: Floats,
    cancelled: Floats,
    issued: Floats,
) -> Floats:
    """Holders of the social-security card (社会保障卡), a ledger: (draw, year_end), persons.

    holders + newborn cards - cards of the dead + take-up of those without; never above ``ceiling``
    times the residents.

    Parameters
    ----------
    base : float
        Holders in 2020.
    population : ndarray (draw, year_end)
    births, deaths : ndarray (draw, year)
        Persons.
    ceiling : ndarray (draw,)
        Largest ratio of holders to residents: registered leavers keep their card.
    take_up : ndarray (draw,)
        Share of those without a card who get one in a year.
    newborn_share, cancelled : ndarray (draw,)
        Newborns with a card in the year; cards of the dead that are cancelled.
    issued : ndarray (draw or 1, year)
        Further cards issued by policy, persons a year.
    """
    holders = np.empty_like(population)
    holders[:, 0] = base
    for year in range(births.shape[1]):
        held = holders[:, year]
        most = np.maximum(ceiling * population[:, year + 1], 0.0)
        # The dead held a card as often as the living.
        lost = cancelled * deaths[:, year] * np.minimum(held / population[:, year], 1.0)
        kept = held - lost + newborn_share * births[:, year]
        kept = kept + take_up * np.maximum(most - kept, 0.0) + issued[:, year]
        # A ceiling below today's holders does not take cards away.
        holders[:, year + 1] = np.minimum(kept, np.maximum(most, held - lost))
    return holders


def issued_share(ceiling: Floats, start: Floats, pace: Floats, added: Floats, year_ends: Floats) -> Floats:
    """Share of entitled persons with the preferential-treatment card (优待证), (draw, year_end).

    Saturating issuance: ``ceiling * (1 - exp(-pace * (t - start)))`` from the opening of applications,
    raised towards one by the share that policy reaches.

    Parameters
    ----------
    ceiling, start, pace : ndarray (draw,)
        Saturation, opening (decimal year) and yearly pace.
    added : ndarray (draw or 1, year)
        Share of those left out whom policy reaches by the end of the year.
    year_ends : ndarray (year_end,)
    """
    open_for = np.maximum(year_ends[None, :] + 1.0 - start[:, None], 0.0)
    share: Floats = ceiling[:, None] * (1.0 - np.exp(-pace[:, None] * open_for))
    share[:, 1:] += np.clip(added, 0.0, 1.0) * (1.0 - share[:, 1:]) * (open_for[:, 1:] > 0)
    np.clip(share, 0.0, 1.0, out=share)
    return share
