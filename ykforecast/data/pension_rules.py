"""Published terms of the pension schemes at the jump-off: rates, mean pensions, wage, calculation base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.data.figure_map import FigureMap
from ykforecast.data.tables import read_table

RULES: Final = "pension_rules"
#: Figures of ``[pension]`` in ``base_figures.toml``.
PENSION: Final = ("calculation_base", "wage", "enterprise_mean", "government_mean", "resident_base")


@dataclass(frozen=True, slots=True)
class PensionFigures:
    """Observed terms at the end of 2020.

    Attributes
    ----------
    employer_rate, employee_rate, flexible_rate, account_share : float
        Fractions of the contribution base.
    base_pension_per_year : float
        Fraction of the calculation base for each year of contributions.
    calculation_base : float
        Yuan a month.
    wage : float
        On-post staff of the city, yuan a month.
    enterprise_mean, government_mean, resident_base : float
        Mean pensions of the two employees' schemes and minimum base pension of residents, yuan a month.
    annuity_ages, annuity_months : ndarray
        Years, and months over which an account is paid out.
    """

    employer_rate: float
    employee_rate: float
    flexible_rate: float
    account_share: float
    base_pension_per_year: float
    calculation_base: float
    wage: float
    enterprise_mean: float
    government_mean: float
    resident_base: float
    annuity_ages: NDArray[np.float64]
    annuity_months: NDArray[np.float64]


def pension_figures(printed: FigureMap) -> PensionFigures:
    """Read the published terms in force at the end of 2020.

    Parameters
    ----------
    printed : FigureMap
        Where the figures of the place stand; the rates are those of the country.

    Raises
    ------
    DataError
        A table or a figure is missing or malformed.
    """
    rates = read_table(RULES, "rates")

    def rate(variable: str) -> float:
        """The latest rate in force."""
        dated = rates.series("from", variable=variable)
        return dated[max(dated)]

    annuity = read_table(RULES, "annuity_months")
    return PensionFigures(
        employer_rate=rate("employer_pension_rate"),
        employee_rate=rate("employee_pension_rate"),
        flexible_rate=rate("flexible_worker_pension_rate"),
        account_share=rate("account_share_of_wage"),
        base_pension_per_year=rate("base_pension_per_contribution_year"),
        annuity_ages=np.array([float(age) for age in annuity.columns["retirement_age"]]),
        annuity_months=annuity.values,
        **printed.values("pension", PENSION),
    )
