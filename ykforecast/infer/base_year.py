"""The base year solved: stocks, odds and enrolment that give every figure of 2020.

Uncertain splits of printed totals (retirees, interrupted, public posts, private enterprises) enter as
*tilts*: patterns that add to zero in every margin, so that any weight in [-1, 1] keeps the totals. Odds answer
to the mean unemployment of the year, which is what is printed; the stock of its last day lies apart from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ykforecast.data.base_figures import JumpOffFigures
from ykforecast.data.profiles import Profiles
from ykforecast.processes.enrolment import GOVERNMENT_RETIREE, Coverage, early_draw, pension_base
from ykforecast.processes.labour_base import URBAN, G, LabourBase, LabourTotals, N, U, labour_base
from ykforecast.processes.turnover import leave_rates, prior_odds, retirement_shares, solve_base_odds
from ykforecast.simulate.calibrated import BaseYear
from ykforecast.simulate.tilts import SPLITS, TILTED, YEAR_END_UNEMPLOYMENT, tilt_range
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.registry import Registry
from ykforecast.vocabulary.dims import MONTHS_A_YEAR

#: Tilts of an odds may take away this much of it at most, so that a flow that exists stays one. A guard:
#: with the shipped splits the tilts of no odds come near it.
KEPT = 0.95
#: Statutory ages of public posts by stratum, as rows of ``retire_reach``: men, and women with the ages of such posts.
PUBLIC_CATEGORY = np.array([0, 2, 0, 2])


@dataclass(frozen=True, slots=True)
class Splits:
    """Values of the uncertain splits of the base year, fractions."""

    enterprise_retiree_share: float
    interrupted_share: float
    government_retiree_share: float
    private_enterprise_share: float


def labour_totals(
    population: np.ndarray, figures: JumpOffFigures, parameters: Registry[ParameterSpec], splits: Splits
) -> LabourTotals:
    """City totals of the base year, persons.

    Employed persons are the census share of residents aged 15 and over; the urban part is the plan's
    share, the unemployed follow from the plan's rate. In towns, those outside units and farms are split
    between private enterprises and the self-employed.
    """
    employed = figures.employed_share * population[:, 15:].sum()
    urban = figures.urban_employment_share * employed
    rural = employed - urban
    farm = figures.farm_share * employed
    town_share = parameters["urban_share_of_farm_workers"].median
    farm_urban, farm_rural = farm * town_share, farm * (1 - town_share)
    government_retirees = splits.government_retiree_share * figures.government_insured
    public = figures.government_insured - government_retirees
    public_urban_share = parameters["public_urban_share"].median
    private = urban - figures.units_employed - farm_urban
    units_enterprise = figures.units_employed - public * public_urban_share
    rural_other = rural - farm_rural - public * (1 - public_urban_share)
    rate = figures.unemployment_rate
    rural_rate = parameters["rural_unemployment_rate"].median
    return LabourTotals(
        employed_urban=urban,
        employed_rural=rural,
        unemployed_urban=urban * rate / (1 - rate),
        unemployed_rural=rural * rural_rate / (1 - rural_rate),
        farm_urban=farm_urban,
        farm_rural=farm_rural,
        enterprise_urban=units_enterprise + splits.private_enterprise_share * private,
        enterprise_rural=parameters["rural_enterprise_share"].median * rural_other,
        public=public,
        public_urban_share=public_urban_share,
        college_students=figures.college_students,
        college_age=parameters["college_age"].median,
        enterprise_retirees=splits.enterprise_retiree_share * figures.enterprise_insured,
        government_retirees=government_retirees,
    )


def solve_base_year(
    population: np.ndarray,
    figures: JumpOffFigures,
    parameters: Registry[ParameterSpec],
    profiles: Profiles,
    retire_reach: np.ndarray,
    retire_passed: np.ndarray,
) -> BaseYear:
    """Stocks, enrolment and odds of the base year with their tilts.

    Parameters
    ----------
    population : ndarray (stratum, age)
        Residents at 31 December 2020, persons.
    retire_reach, retire_passed : ndarray (category, month, age)
        Original statutory ages, see :func:`ykforecast.processes.turnover.leave_rates`.

    Raises
    ------
    CalibrationError
        A printed figure cannot be met.
    """
    ranges = {name: tilt_range(parameters, name) for name in SPLITS}
    central = {name: 0.5 * (low + high) for name, (low, high) in ranges.items()}
    coverage = Coverage(
        rural=parameters["coverage_weight_rural"].median,
        flexible=parameters["coverage_weight_flexible"].median,
        coverable_enterprise=parameters["coverable_enterprise"].median,
        coverable_flexible=parameters["coverable_flexible"].median,
        largest=parameters["largest_coverage"].median,
    )
    retirees = labour_totals(population, figures, parameters, Splits(**central))

    def stocks(splits: Splits) -> tuple[LabourBase, np.ndarray]:
        totals = labour_totals(population, figures, parameters, splits)
        # Who has stopped work with a pension stays at its central pattern: a split of the insured
        # between schemes and stocks moves no person from one labour state to another.
        held = replace(
            totals,
            enterprise_retirees=retirees.enterprise_retirees,
            government_retirees=retirees.government_retirees,
        )
        base = labour_base(population, profiles, held)
        insured = figures.enterprise_insured
        employees = insured * (1 - splits.enterprise_retiree_share)
        return base, pension_base(
            base,
            profiles,
            coverage,
            contributors=employees * (1 - splits.interrupted_share),
            interrupted=employees * splits.interrupted_share,
            enterprise_retirees=insured * splits.enterprise_retiree_share,
            government_retirees=totals.government_retirees,
        )

    base, pension = stocks(Splits(**central))
    prior = prior_odds(
        profiles,
        first_pension_age=parameters["first_pension_age"].median,
        last_working_age=parameters["last_working_age"].median,
    )
    retire_share = retirement_shares(base.labour, retire_reach)
    public_early = early_draw(
        base.labour.sum(axis=1),
        base.labour[:, G],
        pension[:, GOVERNMENT_RETIREE],
        leave_rates(retire_reach, retire_passed, retire_share)[:, :, G],
        retire_reach[PUBLIC_CATEGORY, :MONTHS_A_YEAR].sum(axis=1),
    )
    leave = leave_rates(retire_reach, retire_passed, retire_share, public_early)
    odds = solve_base_odds(
        base.labour,
        prior,
        leave,
        {"finds": figures.reemployed_a_year, "transfers": figures.rural_transfers_a_year},
    )
    labour_tilt = np.zeros((len(TILTED), *base.labour.shape))
    pension_tilt = np.zeros((len(TILTED), *pension.shape))
    odds_tilt = np.zeros((len(TILTED), *odds.odds.shape))
    for j, name in enumerate(SPLITS):
        ends = [stocks(Splits(**{**central, name: end})) for end in ranges[name]]
        labour_tilt[j] = 0.5 * (ends[1][0].labour - ends[0][0].labour)
        pension_tilt[j] = 0.5 * (ends[1][1] - ends[0][1])
        if np.abs(labour_tilt[j]).max() > 0:
            at_end = [
                solve_base_odds(
                    base.labour + sign * labour_tilt[j],
                    prior,
                    leave,
                    near=odds,
                )
                for sign in (-1.0, 1.0)
            ]
            odds_tilt[j] = 0.5 * (at_end[1].odds - at_end[0].odds)
    odds_tilt *= _keep_positive(odds.odds, odds_tilt)
    low, high = tilt_range(parameters, YEAR_END_UNEMPLOYMENT)
    leaving = _from_unemployment(base.labour)
    labour_tilt[TILTED.index(YEAR_END_UNEMPLOYMENT)] = -0.5 * (high - low) * leaving
    at16 = base.labour[:, :, 16]
    return BaseYear(
        labour0=base.labour + (1.0 - 0.5 * (low + high)) * leaving,
        child0=base.child,
        pension0=pension,
        unemployed_urban=float(base.labour[URBAN, U].sum()),
        labour_tilt=labour_tilt,
        pension_tilt=pension_tilt,
        odds=odds,
        odds_tilt=odds_tilt,
        entry16=at16 / at16.sum(axis=1, keepdims=True),
        retire_share=retire_share,
        public_early=public_early,
        kappa=coverage.kappa(),
    )


def _from_unemployment(labour: np.ndarray) -> np.ndarray:
    """Change of the labour states were nobody unemployed; posts are year-end counts, so the others seek no work."""
    change = np.zeros_like(labour)
    change[:, U], change[:, N] = -labour[:, U], labour[:, U]
    return change


def _keep_positive(base: np.ndarray, tilts: np.ndarray) -> np.ndarray:
    """Factor in [0, 1] per cell under which no weights in [-1, 1] make the base negative."""
    reach = np.abs(tilts).sum(axis=0)
    factor: np.ndarray = np.minimum(1.0, KEPT * np.divide(base, reach, out=np.ones_like(base), where=reach > 0))
    return factor
