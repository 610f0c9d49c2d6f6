"""Enrolment in the employees' pension (城镇职工基本养老保险) at the end of 2020, by single age.

The city prints insured persons of the two schemes; how they split into contributors, interrupted
(断缴) and retirees is a parameter, and their age shape is assumed. Totals are met exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ykforecast.data.profiles import Profiles
from ykforecast.processes.labour_base import A, E, F, LabourBase, N, U
from ykforecast.vocabulary.dims import LABOUR_STATES, MONTHS_A_YEAR, PENSION_STOCKS, STRATA
from ykforecast.vocabulary.errors import CalibrationError

#: Shares of a year in the solution of the age shapes stay below this, where hardly anybody is left to join or to lapse.
MOST_IN_A_YEAR = 0.9
CONTRIBUTOR, INTERRUPTED, RETIREE, GOVERNMENT_RETIREE = range(len(PENSION_STOCKS))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Relative coverage of kinds of work, fractions.

    Attributes
    ----------
    rural : float
        Coverage of rural employees against urban ones.
    flexible : float
        Coverage of flexible workers against employees.
    coverable_enterprise, coverable_flexible : float
        Share that could be insured at all: the ceiling of take-up.
    largest : float
        Contributors per worker of an age beyond which a calibration is refused.
    """

    rural: float
    flexible: float
    coverable_enterprise: float
    coverable_flexible: float
    largest: float

    def kappa(self) -> np.ndarray:
        """Coverable share by stratum and labour state, (4, 8)."""
        kappa = np.zeros((4, len(LABOUR_STATES)))
        # Rural workers are as far behind in what they could take up as in what they have.
        place = np.array([1.0, 1.0, self.rural, self.rural])
        kappa[:, E], kappa[:, F] = self.coverable_enterprise * place, self.coverable_flexible * place
        return kappa


def pension_base(
    base: LabourBase,
    profiles: Profiles,
    coverage: Coverage,
    *,
    contributors: float,
    interrupted: float,
    enterprise_retirees: float,
    government_retirees: float,
) -> np.ndarray:
    """Stocks of the employees' pension, (stratum, stock, age), persons.

    Parameters
    ----------
    base : LabourBase
    coverage : Coverage
    contributors, interrupted, enterprise_retirees, government_retirees : float
        City totals, persons.

    Raises
    ------
    CalibrationError
        More people would be insured than live in a cell.
    """
    labour = base.labour
    place = np.array([1.0, 1.0, coverage.rural, coverage.rural])[:, None]
    shape = np.stack([profiles[f"contributor_share.{sex}"] for _, sex in STRATA])
    paying = place * shape * (labour[:, E] + coverage.flexible * labour[:, F])
    paying *= contributors / paying.sum()
    if (paying > coverage.largest * (labour[:, E] + labour[:, F])).any():
        raise CalibrationError(
            "more contributors than workers of an age",
            value=float(contributors),
            remedy="Lower the coverage weights, or raise the share of retirees",
        )
    # Those who stopped paying: workers not covered now and people out of work.
    idle = labour[:, E] + labour[:, F] - paying + labour[:, U] + labour[:, N] + coverage.flexible * labour[:, A]
    lapsed = np.stack([profiles[f"interruption.{residence}.{sex}"] for residence, sex in STRATA]) * idle
    lapsed *= interrupted / lapsed.sum()

    government = profiles["government_share_of_pensioners"] * base.pensioners
    government *= government_retirees / government.sum()
    retirees = base.pensioners - government
    if retirees.min() < 0:
        raise CalibrationError("more government retirees than retirees of an age", value=float(retirees.min()))
    retirees *= enterprise_retirees / retirees.sum()

    stocks = np.stack([paying, lapsed, retirees, government], axis=1)
    people = labour.sum(axis=1)
    insured = stocks.sum(axis=1)
    if (insured > people + 1e-6).any():
        where = np.unravel_index((insured - people).argmax(), people.shape)
        raise CalibrationError(
            "more insured persons than residents",
            key=f"stratum {where[0]}, age {where[1]}",
            value=float((insured - people)[where]),
        )
    return stocks


def next_age(stock: np.ndarray, people: np.ndarray) -> np.ndarray:
    """What the stock of each age would be at the shares of the next age, (stratum, age), persons."""
    older = np.zeros_like(stock)
    older[:, :-1] = (stock / people)[:, 1:] * people[:, :-1]
    return older


def drawn_in_a_year(entry: np.ndarray) -> np.ndarray:
    """Share of the insured who begin to draw within the first year, (stratum, age), from monthly shares."""
    drawn: np.ndarray = 1.0 - (1.0 - entry[:, :MONTHS_A_YEAR]).prod(axis=1)
    return drawn


def early_draw(
    people: np.ndarray, waiting: np.ndarray, retirees: np.ndarray, entry: np.ndarray, reach: np.ndarray
) -> np.ndarray:
    """Early draws of a pension (提前退休) under which receipt below the statutory age carries itself on.

    A cohort that grows a year older has to reach the share of retirees that the next age has in the base
    year; what the statutory rule does not bring is drawn ahead of it, by all who wait alike: contributors and
    interrupted of the enterprise scheme, holders of public posts. Between the two ages of women that is also who
    reached the first of them and settled late.

    Parameters
    ----------
    people : ndarray (stratum, age)
        Residents, persons.
    waiting, retirees : ndarray (stratum, age)
        Insured of one scheme not yet on its pension, and on it, persons.
    entry : ndarray (stratum, month, age)
        Share of those waiting who draw under the statutory rule in a month.
    reach : ndarray (stratum, age)
        Share of each age that reaches a statutory age within the first year. The last age where it is not
        zero, and those above it, have no early draws.

    Returns
    -------
    ndarray (stratum, age)
        Share of those waiting who draw early, a month.
    """
    drawn = drawn_in_a_year(entry) * waiting
    missing = next_age(retirees, np.maximum(people, 1.0)) - retirees - drawn
    last = reach.shape[1] - 1 - (reach[:, ::-1] > 0).argmax(axis=1)
    below = np.arange(reach.shape[1]) < last[:, None]
    left = waiting - drawn
    share = np.divide(missing, left, out=np.zeros_like(left), where=below & (left > 0))
    hazard: np.ndarray = 1.0 - (1.0 - np.clip(share, 0.0, MOST_IN_A_YEAR)) ** (1.0 / MONTHS_A_YEAR)
    return hazard


@dataclass(frozen=True, slots=True)
class AgeShapes:
    """Shapes by age of take-up and interruption under which the enrolment of 2020 by age carries itself on.

    A cohort that grows a year older has to reach the shares of contributors and of interrupted persons that
    the next age has in the base year. From the first statutory age on nobody joins.

    Attributes
    ----------
    steady : ndarray (stratum, age)
        Monthly share of those not covered who have to join.
    joining : ndarray (stratum, age)
        True at the ages at which people join.
    gap : ndarray (stratum, age)
        Those not covered, persons.
    interruption : ndarray (stratum, age)
        Relative share of contributors who lapse, 1 at the age where it is largest.
    mean_interruption : float
        Mean of the latter over contributors: an average share of all is this times the share at the peak.
    """

    steady: np.ndarray
    joining: np.ndarray
    gap: np.ndarray
    interruption: np.ndarray
    mean_interruption: float

    def take_up(self, hazard: float) -> np.ndarray:
        """Relative take-up (stratum, age) at a mean monthly hazard of those not covered; its mean is 1.

        What joins beyond the steady need comes from all ages that join alike.
        """
        total = self.gap.sum()
        needed = (self.steady * self.gap).sum()
        extra = max(hazard * total - needed, 0.0) / self.gap[self.joining].sum()
        blended = self.steady + extra * self.joining
        shape: np.ndarray = blended * (total / (blended * self.gap).sum())
        return shape

    def peak_odds(self, odds: float) -> float:
        """Monthly odds of lapsing at the age of the peak that go with the odds of an average contributor."""
        share = odds / (1 + odds) / self.mean_interruption
        return share / (1 - share)


def contract_cover(labour: np.ndarray, pension: np.ndarray, joining: np.ndarray, *, flexible: float) -> np.ndarray:
    """Contributors for each contract post, (stratum, age), fractions of one; zero where nobody joins any more.

    Parameters
    ----------
    labour : ndarray (stratum, state, age)
        Base stocks, persons.
    pension : ndarray (stratum, stock, age)
        From :func:`pension_base`, persons.
    joining : ndarray (stratum, age)
        True at the ages at which people join.
    flexible : float
        Coverage of flexible workers against employees.
    """
    workers = labour[:, E] + flexible * labour[:, F]
    cover = np.divide(pension[:, CONTRIBUTOR], workers, out=np.zeros_like(workers), where=workers > 0)
    capped: np.ndarray = np.minimum(cover, 1.0) * joining
    return capped


def age_shapes(
    labour: np.ndarray,
    pension: np.ndarray,
    kappa: np.ndarray,
    entry: np.ndarray,
    reach: np.ndarray,
    *,
    interruption: float,
    returning: float,
    leaving: float,
) -> AgeShapes:
    """Solve the shapes from the base year.

    Parameters
    ----------
    labour : ndarray (stratum, state, age)
        Base stocks, persons.
    pension : ndarray (stratum, stock, age)
        From :func:`pension_base`, persons.
    kappa : ndarray (stratum, state)
        Coverable share.
    entry : ndarray (stratum, month, age)
        Share of the insured who begin to draw a pension in a month, early or by the statutory rule.
    reach : ndarray (stratum, age)
        Share of each age that reaches a statutory age within the first year; early draws keep nobody of
        their age from joining, the statutory age does.
    interruption, returning, leaving : float
        Shares a month: of all contributors who lapse, of the interrupted who return and who leave for good.
    """
    people = np.maximum(labour.sum(axis=1), 1.0)
    paying, lapsed = pension[:, CONTRIBUTOR], pension[:, INTERRUPTED]
    year = MONTHS_A_YEAR
    joining = np.maximum.accumulate(reach, axis=1) == 0
    waiting = 1 - drawn_in_a_year(entry)
    staying = waiting * (1 - returning - leaving) ** year
    payers = np.maximum(paying, 1.0)
    lapse = np.clip((next_age(lapsed, people) - lapsed * staying) / (year * payers), 0.0, MOST_IN_A_YEAR / year)
    lapse *= interruption * paying.sum() / (lapse * paying).sum()

    gap = np.maximum(np.einsum("go,goa->ga", kappa, labour) - paying, 0.0)
    after = waiting * (paying * (1 - lapse) ** year + year * returning * lapsed)
    needed = np.where(joining, next_age(paying, people) - after, 0.0)
    share = np.clip(np.divide(needed, gap, out=np.zeros_like(gap), where=gap > 0), 0.0, MOST_IN_A_YEAR)
    hazard = 1 - (1 - share) ** (1 / year)
    peak = lapse.max()
    return AgeShapes(
        steady=hazard,
        joining=joining,
        gap=gap,
        interruption=lapse / peak,
        mean_interruption=interruption / peak,
    )
