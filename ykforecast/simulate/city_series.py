"""Population, work and insurance from the stocks and flows of one block of draws, for any base year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ykforecast.kernels.cohort import FLOWS, STOCKS
from ykforecast.processes.labour_base import URBAN
from ykforecast.processes.ledgers import coverage_of_pool, cumulated
from ykforecast.simulate.policy import PolicyPaths
from ykforecast.simulate.registered_jobs import rehired
from ykforecast.vocabulary.dims import AGE_GROUPS, EMPLOYED_STATES, LABOUR_STATES, WORKING_AGE, YEARS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ykforecast.kernels.cohort import CohortTotals
    from ykforecast.processes.economy import MacroPath
    from ykforecast.simulate.calibrated import JumpOff

#: The labour states and the children, which make up the residents.
RESIDENTS = slice(0, len(LABOUR_STATES) + 1)
_GROUP_STARTS = [first for _, first, _ in AGE_GROUPS]
#: Reporting groups of ages 16-59, and of 60 and over, as positions in ``vocabulary.dims.AGE_GROUPS``.
WORKING_GROUPS = slice(_GROUP_STARTS.index(WORKING_AGE), _GROUP_STARTS.index(60))
ELDERLY_GROUPS = slice(_GROUP_STARTS.index(60), None)


def start_with(base: float, later: np.ndarray) -> np.ndarray:
    """A published figure of the base year, the same in every draw, before the draws of later years."""
    return np.concatenate([np.full((len(later), 1), base), later], axis=1)


def city_series(
    jump_off: JumpOff,
    totals: CohortTotals,
    value: Callable[[str], np.ndarray],
    policy: PolicyPaths,
    macro: MacroPath,
    noise: Callable[[str, int], np.ndarray],
) -> dict[str, np.ndarray]:
    """Series of population, work and insurance; arguments as in :func:`ykforecast.simulate.series.yearly_series`.

    Returns
    -------
    dict of str to ndarray (draw, year_end) or (draw, year)
    """
    figures, stocks = jump_off.figures, totals.stocks_by_stratum
    flows, draws = totals.flows_by_stratum, stocks.shape[0]
    index = {name: i for i, name in enumerate(STOCKS)}

    def stock(name: str, strata: slice = slice(None)) -> np.ndarray:
        held: np.ndarray = stocks[:, :, index[name], strata].sum(axis=-1)
        return held

    def flow(name: str, strata: slice = slice(None)) -> np.ndarray:
        moved: np.ndarray = flows[:, :, FLOWS.index(name), strata].sum(axis=-1)
        return moved

    def yearly(process: str) -> np.ndarray:
        return noise(process, len(YEARS))

    people = stocks[:, :, RESIDENTS].sum(axis=(2, 3))
    groups = totals.stocks_by_group[:, :, RESIDENTS].sum(axis=2)
    employed = np.sum([stock(name) for name in EMPLOYED_STATES], axis=0)
    employed_urban = np.sum([stock(name, URBAN) for name in EMPLOYED_STATES], axis=0)
    # The plan's own series: an uncertain part of the change by residence, and its revisions.
    urban_share = figures.urban_employment_share + value("urban_share_response")[:, None] * (
        employed_urban / employed - figures.urban_employment_share
    )
    urban_share[:, 1:] += value("urban_share_noise")[:, None] * yearly("urban_share")
    urban_share = np.clip(urban_share, 0.0, 1.0)
    unemployed_urban = stock("unemployed", URBAN)
    # The published rate is the mean of a year, of the base year too: the stock of its last day lay below it.
    rate = start_with(figures.unemployment_rate, flow("unemployed_months", URBAN) / flow("labour_force_months", URBAN))
    published = rate.copy()
    published[:, 1:] = np.maximum(rate[:, 1:] + value("survey_error")[:, None] * yearly("survey"), 0.0)

    hires = flow("hires", URBAN)
    counted = figures.new_urban_jobs / jump_off.base.odds.hires_urban
    # Work that a draw or a scenario has beyond the central path makes output, at labour's share of it.
    employment_growth = np.diff(np.log(employed), axis=1)
    central_growth = np.diff(np.log(jump_off.central.employment))
    more_work = value("labour_elasticity")[:, None] * (employment_growth - central_growth)
    gdp_growth = macro.growth + macro.free * (more_work + policy.amount("output"))
    cycle = macro.cycle.reshape(draws, len(YEARS), -1).mean(axis=2)
    new_jobs = (
        counted
        # Who moves to town with work, beyond those of the base year, is hired in town as others are.
        * (hires + policy.amount("moves") - rehired(jump_off.base, totals, policy, macro))
        * np.exp(
            value("new_jobs_level")[:, None]
            + value("new_jobs_cycle")[:, None] * cycle
            + value("new_jobs_noise")[:, None] * yearly("new_jobs")
        )
    )
    # Posts of a programme are all on its register, other hires only in part.
    new_jobs += (1.0 - counted) * policy.amount("programme_posts")
    enterprise, public = stock("enterprise"), stock("public")
    # Private firms and other units are not told apart: units move as all urban employees and their share among them.
    urban_employees = stock("enterprise", URBAN) + stock("public", URBAN)
    units = (
        figures.units_employed
        * urban_employees
        / urban_employees[:, :1]
        * cumulated(np.broadcast_to(value("units_share_growth")[:, None], (draws, len(YEARS))))
    )
    contributors, interrupted, retirees = (stock(n) for n in ("contributor", "interrupted", "retiree"))
    government_retirees = stock("government_retiree")
    # The residents' scheme is for those whom no other takes: of working age, and past 60.
    working_age, elderly = groups[:, :, WORKING_GROUPS].sum(axis=2), groups[:, :, ELDERLY_GROUPS].sum(axis=2)
    eligible = working_age - stock("student") - contributors - interrupted - public
    pensioners = totals.stocks_by_group[:, :, [index["retiree"], index["government_retiree"]], ELDERLY_GROUPS]
    without_pension = elderly - pensioners.sum(axis=(2, 3))
    insured_workers = contributors + retirees + public + government_retirees

    insurable = enterprise + value("ui_public_weight")[:, None] * public
    unemployment_insured = coverage_of_pool(
        figures.unemployment_insured,
        insurable,
        value("ui_coverage_growth")[:, None] + value("ui_noise")[:, None] * yearly("ui"),
        policy.amount("unemployment_insured"),
    )
    medical_employee = (
        figures.employee_medical_insured
        * insured_workers
        / insured_workers[:, :1]
        * cumulated(np.broadcast_to(value("medical_employee_growth")[:, None], (draws, len(YEARS))))
    )
    return {
        "population": people,
        "population_urban": stocks[:, :, RESIDENTS, URBAN].sum(axis=(2, 3)),
        "working_age_population": working_age,
        "elderly_population": elderly,
        "births": flow("births"),
        "deaths": flow("deaths"),
        "net_migration": flow("net_migration"),
        "urban_moves": flow("moves", URBAN),
        "employed": employed,
        "employed_urban": employed_urban,
        "urban_employment_share_plan": urban_share,
        "unemployed_urban": unemployed_urban,
        "unemployment_rate": rate,
        "unemployment_rate_published": published,
        "enterprise_employees": enterprise,
        "public_employees": public,
        "units_employed": units,
        "flexible_workers": stock("flexible"),
        "farm_workers": stock("farm"),
        "hires_urban": hires,
        "statutory_retirements": flow("statutory_retirements"),
        "new_urban_jobs": start_with(figures.new_urban_jobs, new_jobs),
        "gdp_growth": gdp_growth,
        # The departments' denominator shows an uncertain part of the change of employed persons.
        "productivity_growth": (1 + gdp_growth) * np.exp(-value("productivity_response")[:, None] * employment_growth)
        - 1,
        "cycle": cycle,
        "contributors": contributors,
        "interrupted": interrupted,
        "enterprise_retirees": retirees,
        "government_contributors": public,
        "government_retirees": government_retirees,
        "new_pensions": flow("pension_entries"),
        "new_government_pensions": flow("government_entries"),
        "resident_contributors": value("resident_contributor_share")[:, None] * np.maximum(eligible, 0.0),
        "resident_recipients": value("resident_recipient_share")[:, None] * np.maximum(without_pension, 0.0),
        "unemployment_insured": unemployment_insured,
        "unemployment_insurable": insurable,
        "medical_employee_insured": medical_employee,
    }
