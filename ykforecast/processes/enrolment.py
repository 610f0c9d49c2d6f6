"""Enrolment in the employees' pension (城镇职工基本养老保险) at the end of 2020, by single age.

The city prints insured persons of the two schemes; how they split into contributors, interrupted
(断缴) and retirees is a parameter, and their age shape is assumed. Totals are met exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ykforecast.data.profiles import Profiles
from ykforecast.processes.labour_base import A, E, F, LabourBase, N, U
from ykforecast.vocabulary.dims import LABOUR_STATES, PENSION_STOCKS, STRATA
from ykforecast.vocabulary.errors import CalibrationError

#: Contributors per worker of an age beyond which a calibration is refused: somebody always is not covered.
LARGEST_COVERAGE = 0.98
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
    """

    rural: float
    flexible: float
    coverable_enterprise: float
    coverable_flexible: float

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
    shape = profiles["contributor_share"]
    paying = place * shape * (labour[:, E] + coverage.flexible * labour[:, F])
    paying *= contributors / paying.sum()
    if (paying > LARGEST_COVERAGE * (labour[:, E] + labour[:, F])).any():
        raise CalibrationError(
            "more contributors than workers of an age",
            value=float(contributors),
            remedy="Lower the coverage weights, or raise the share of retirees",
        )
    # Those who stopped paying: workers not covered now and people out of work, more in towns.
    idle = labour[:, E] + labour[:, F] - paying + labour[:, U] + labour[:, N] + coverage.flexible * labour[:, A]
    lapsed = place * np.stack([profiles[f"interruption.{sex}"] for _, sex in STRATA]) * idle
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
