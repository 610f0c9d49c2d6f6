"""A coherent split of the city's stocks over its districts: shares that add up to one in every cell.

A district starts with what its people would hold at the city's rates by residence, sex and age. Its labour
states are then fitted to the long form of the 2020 census, which prints employed persons in and outside
agriculture by district; the insured follow its work outside farms, and where a count is published for some
districts together they are fitted to it. Over time the shares follow the districts' projected people.
"""

from __future__ import annotations

import numpy as np

from ykforecast.data.district_margins import ENTERPRISE, DistrictMargins
from ykforecast.data.tables import figure
from ykforecast.kernels.cohort import STOCKS
from ykforecast.processes.districts import district_projection
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.dims import AGE_GROUPS, AGES, LABOUR_STATES, RESIDENCE, SEX, YEAR_ENDS
from ykforecast.vocabulary.errors import CalibrationError

_STARTS = [first for _, first, _ in AGE_GROUPS]
FARM = STOCKS.index("farm")
OTHER_WORK = [STOCKS.index(name) for name in ("enterprise", "public", "flexible")]
#: Stocks that follow work outside farms: contributors, and those who once were.
PAYING = [STOCKS.index(name) for name in ("contributor", "interrupted")]
#: Stocks of the enterprise scheme.
ENTERPRISE_SCHEME = [*PAYING, STOCKS.index("retiree")]
LABOUR = slice(0, len(LABOUR_STATES))
ROUNDS, CLOSE = 500, 1e-6


def _long_form(variable: str, people: np.ndarray, sources: PopulationSources) -> np.ndarray:
    """Persons of the long form by district, raised to the population aged 15 and over."""

    def printed(name: str) -> np.ndarray:
        return np.array(
            [figure(sources.county_2020, name, 2020, place=d, table="employment_long_form") for d in sources.names]
        )

    counts, sampled = printed(variable), printed("population_15_and_over")
    adults = people[..., 15:].sum(axis=(1, 2, 3))
    raised: np.ndarray = counts * adults / sampled
    return raised


def _fit_work(held: np.ndarray, residents: np.ndarray, sources: PopulationSources) -> np.ndarray:
    """Labour states (state, district, sex, age) with each district's farm and other work as in the long form.

    Proportional fitting in turn to the city's states by sex and age, the districts' people by sex and age,
    and the districts' two kinds of work, which are scaled to the city's totals.

    Raises
    ------
    CalibrationError
        The three margins do not settle.
    """
    city, people = held.sum(axis=1, keepdims=True), held.sum(axis=0, keepdims=True)
    farm, employed = (_long_form(name, residents, sources) for name in ("industry_agriculture", "industry_total"))
    wanted = {(FARM,): farm, tuple(OTHER_WORK): employed - farm}
    table = held.copy()
    for _ in range(ROUNDS):
        gap = 0.0
        for states, shares in wanted.items():
            rows = list(states)
            now = table[rows].sum(axis=(0, 2, 3))
            target = shares / shares.sum() * city[rows].sum()
            gap = max(gap, float(np.abs(now / target - 1).max()))
            table[rows] *= (target / now)[None, :, None, None]
        for margin, axis in ((city, 1), (people, 0)):
            total = table.sum(axis=axis, keepdims=True)
            table *= np.divide(margin, total, out=np.zeros_like(total), where=total > 0)
        if gap < CLOSE:
            break
    else:
        raise CalibrationError("work by district does not settle", value=gap)
    return table


def _fit_share(held: np.ndarray, together: np.ndarray, share: float) -> np.ndarray:
    """Stocks (stock, district, sex, age) of which the districts ``together`` hold a share, every cell of the city kept.

    Both groups of districts are scaled, each as it stands, until both margins hold.

    Raises
    ------
    CalibrationError
        The margins do not settle.
    """
    table, city = held.copy(), held.sum(axis=1, keepdims=True)
    for _ in range(ROUNDS):
        now = table[:, together].sum() / city.sum()
        if abs(now / share - 1.0) < CLOSE:
            return table
        table *= np.where(together, share / now, (1.0 - share) / (1.0 - now))[None, :, None, None]
        total = table.sum(axis=1, keepdims=True)
        table *= np.divide(city, total, out=np.zeros_like(total), where=total > 0)
    raise CalibrationError("the published share of some districts does not settle", value=now)


def district_split(
    stocks: np.ndarray, assumed: PopulationAssumptions, margins: DistrictMargins | None = None
) -> np.ndarray:
    """Share of each district in each stock and age group.

    Parameters
    ----------
    stocks : ndarray (stock, stratum, age)
        Base stocks of the city in the order of the kernel's outputs, persons.
    assumed : PopulationAssumptions
    margins : DistrictMargins, optional
        Published shares of some districts together.

    Returns
    -------
    ndarray (year_end, stock, district, age group)
        Fractions; they sum to one over the districts.

    Raises
    ------
    CalibrationError
        The long form of the census or a published share cannot be met.
    """
    people = year_end_array(assumed)
    city = people.sum(axis=0)
    by_place = stocks.reshape(len(stocks), len(RESIDENCE), len(SEX), len(AGES))
    rates = np.divide(by_place, city, out=np.zeros_like(by_place), where=city > 0)
    expected = np.einsum("krsa,drsa->kdsa", rates, people)
    fitted = expected.copy()
    fitted[LABOUR] = _fit_work(expected[LABOUR], people, assumed.sources)
    before, after = (table[OTHER_WORK].sum(axis=(0, 2, 3)) for table in (expected, fitted))
    fitted[PAYING] *= (after / before)[None, :, None, None]
    if margins is not None and ENTERPRISE in margins.shares:
        together = np.isin(assumed.sources.names, margins.together.districts)
        fitted[ENTERPRISE_SCHEME] = _fit_share(fitted[ENTERPRISE_SCHEME], together, margins.shares[ENTERPRISE])
    # Rates of a district stay; its people by sex and age change.
    growth = district_projection(assumed)
    growth = growth / np.maximum(growth[:1], 1e-9)
    held = np.einsum("kdsa,ydsa->ykda", fitted, growth)
    groups = np.add.reduceat(held, _STARTS, axis=-1)
    everyone = np.add.reduceat(np.einsum("dsa,ydsa->yda", people.sum(axis=1), growth), _STARTS, axis=-1)
    fallback = np.broadcast_to(
        (everyone / everyone.sum(axis=1, keepdims=True))[:, None], (len(YEAR_ENDS), *fitted.shape[:2], len(_STARTS))
    )
    total = groups.sum(axis=2, keepdims=True)
    shares: np.ndarray = np.divide(groups, total, out=fallback.copy(), where=total > 0)
    return shares
