"""From the stocks and flows of one block of draws to the yearly series that indicators are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ykforecast.kernels.cohort import FLOWS, STOCKS
from ykforecast.processes.education import mean_years_schooling
from ykforecast.processes.ledgers import (
    card_holders,
    coverage_of_pool,
    cumulated,
    issued_share,
    medical_coverage,
)
from ykforecast.simulate.fund import ACCOUNTS, SCHEMES, fund_series
from ykforecast.simulate.mechanisms import PolicyPaths
from ykforecast.vocabulary.dims import AGE_GROUPS, EMPLOYED_STATES, LABOUR_STATES, WORKING_AGE, YEAR_ENDS, YEARS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ykforecast.kernels.cohort import CohortTotals
    from ykforecast.processes.economy import MacroPath
    from ykforecast.simulate.calibrated import Calibration

URBAN = slice(0, 2)
#: The labour states and the children, which make up the residents.
RESIDENTS = slice(0, len(LABOUR_STATES) + 1)
_GROUP_STARTS = [first for _, first, _ in AGE_GROUPS]
#: Reporting groups of ages 16-59, and of 60 and over, as positions in ``vocabulary.dims.AGE_GROUPS``.
WORKING_GROUPS = slice(_GROUP_STARTS.index(WORKING_AGE), _GROUP_STARTS.index(60))
ELDERLY_GROUPS = slice(_GROUP_STARTS.index(60), None)

#: Chinese names of the pension schemes.
SCHEME_ZH = {"enterprise": "企业职工养老保险", "government": "机关事业单位养老保险", "resident": "城乡居民养老保险"}

#: Series kept by every run: name, axis (``year_end`` stocks, ``year`` flows), unit, Chinese name.
SERIES: tuple[tuple[str, str, str, str], ...] = (
    ("population", "year_end", "persons", "常住人口"),
    ("population_urban", "year_end", "persons", "城镇常住人口"),
    ("working_age_population", "year_end", "persons", "16-59岁人口"),
    ("elderly_population", "year_end", "persons", "60岁及以上人口"),
    ("births", "year", "persons", "出生人数"),
    ("deaths", "year", "persons", "死亡人数"),
    ("net_migration", "year", "persons", "净迁入人数"),
    ("urban_moves", "year", "persons", "乡村转入城镇人数"),
    ("employed", "year_end", "persons", "就业人数"),
    ("employed_urban", "year_end", "persons", "城镇就业人数"),
    ("urban_employment_share_plan", "year_end", "1", "城镇就业占比（规划口径）"),
    ("unemployed_urban", "year_end", "persons", "城镇失业人数"),
    ("unemployment_rate", "year_end", "1", "城镇失业率（真值，年均）"),
    ("unemployment_rate_published", "year_end", "1", "城镇调查失业率（公布值）"),
    ("enterprise_employees", "year_end", "persons", "企业单位就业人数"),
    ("public_employees", "year_end", "persons", "机关事业单位就业人数"),
    ("flexible_workers", "year_end", "persons", "灵活就业人数"),
    ("farm_workers", "year_end", "persons", "务农人数"),
    ("hires_urban", "year", "persons", "城镇招用人次"),
    ("statutory_retirements", "year", "persons", "到龄退出劳动人数"),
    ("new_urban_jobs", "year_end", "persons", "城镇新增就业人数"),
    ("gdp_growth", "year", "1", "地区生产总值增速"),
    ("productivity_growth", "year", "1", "全员劳动生产率增速"),
    ("cycle", "year", "1", "景气状态（年均，2020年为零）"),
    ("contributors", "year_end", "persons", "企业养老保险缴费人员"),
    ("interrupted", "year_end", "persons", "企业养老保险断缴人员"),
    ("enterprise_retirees", "year_end", "persons", "企业离退休人员"),
    ("government_contributors", "year_end", "persons", "机关事业单位养老保险在职人员"),
    ("government_retirees", "year_end", "persons", "机关事业单位离退休人员"),
    ("new_pensions", "year", "persons", "企业新增退休人员"),
    ("new_government_pensions", "year", "persons", "机关事业单位新增退休人员"),
    ("resident_contributors", "year_end", "persons", "城乡居民养老保险参保缴费人员"),
    ("resident_recipients", "year_end", "persons", "城乡居民养老保险领取人员"),
    ("unemployment_insured", "year_end", "persons", "失业保险参保人数"),
    ("work_injury_insured", "year_end", "persons", "工伤保险参保人数"),
    ("medical_employee_insured", "year_end", "persons", "职工医保参保人数"),
    ("medical_insured", "year_end", "persons", "基本医疗保险参保人数"),
    ("card_holders", "year_end", "persons", "社会保障卡持卡人数"),
    ("training", "year_end", "person-times", "补贴性职业技能培训人次"),
    ("poverty_workers", "year_end", "persons", "脱贫人口务工规模"),
    ("dibao_ratio", "year_end", "1", "城乡低保标准比例"),
    ("dibao_urban_standard", "year_end", "yuan/month", "城市低保平均标准"),
    ("dibao_rural_standard", "year_end", "yuan/month", "农村低保平均标准"),
    ("resident_base_pension", "year_end", "yuan/month", "城乡居民养老保险基础养老金最低标准"),
    ("veteran_card_share", "year_end", "1", "优待证发放率"),
    ("mean_years_schooling", "year_end", "years", "劳动年龄人口平均受教育年限（普查口径）"),
    ("mean_years_schooling_plan", "year_end", "years", "劳动年龄人口平均受教育年限（规划口径）"),
    *(
        (f"{scheme}_{account}", axis, unit, f"{SCHEME_ZH[scheme]}{label}")
        for scheme in SCHEMES
        for account, axis, unit, label in ACCOUNTS
    ),
)


def yearly_series(
    calibration: Calibration,
    totals: CohortTotals,
    value: Callable[[str], np.ndarray],
    policy: PolicyPaths,
    macro: MacroPath,
    noise: Callable[[str, int], np.ndarray],
) -> dict[str, np.ndarray]:
    """Every series of :data:`SERIES` for one block of draws.

    Parameters
    ----------
    calibration : Calibration
    totals : CohortTotals
    value : function of a name to ndarray (draw,)
        Draws of a parameter, or its constant.
    policy : PolicyPaths
    macro : MacroPath
        Cycle and growth of the draws.
    noise : function of a stream name and a count to ndarray (draw, count)
        Standard normal numbers.

    Returns
    -------
    dict of str to ndarray (draw, year_end) or (draw, year)
    """
    figures, stocks = calibration.figures, totals.stocks_by_stratum
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

    def start_with(base: float, later: np.ndarray) -> np.ndarray:
        return np.concatenate([np.full((draws, 1), base), np.broadcast_to(later, (draws, len(YEARS)))], axis=1)

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
    rate = start_with(0.0, flow("unemployed_months", URBAN) / flow("labour_force_months", URBAN))
    rate[:, 0] = unemployed_urban[:, 0] / (unemployed_urban[:, 0] + employed_urban[:, 0])
    published = rate.copy()
    published[:, 1:] = np.maximum(rate[:, 1:] + value("survey_error")[:, None] * yearly("survey"), 0.0)

    hires = flow("hires", URBAN)
    counted = figures.new_urban_jobs / calibration.base.odds.hires_urban
    # Work that a draw or a scenario has beyond the central path makes output, at labour's share of it.
    employment_growth = np.diff(np.log(employed), axis=1)
    central_growth = np.diff(np.log(calibration.lines.employment))
    gdp_growth = macro.growth + macro.free * value("labour_elasticity")[:, None] * (employment_growth - central_growth)
    cycle = macro.cycle.reshape(draws, len(YEARS), -1).mean(axis=2)
    new_jobs = (
        counted
        * hires
        * np.exp(
            value("new_jobs_level")[:, None]
            + value("new_jobs_cycle")[:, None] * cycle
            + value("new_jobs_noise")[:, None] * yearly("new_jobs")
        )
    )
    enterprise, public = stock("enterprise"), stock("public")
    contributors, interrupted, retirees = (stock(n) for n in ("contributor", "interrupted", "retiree"))
    government_retirees = stock("government_retiree")
    # The residents' scheme is for those whom no other takes: of working age, and past 60.
    working_age, elderly = groups[:, :, WORKING_GROUPS].sum(axis=2), groups[:, :, ELDERLY_GROUPS].sum(axis=2)
    eligible = working_age - stock("student") - contributors - interrupted - public
    pensioners = totals.stocks_by_group[:, :, [index["retiree"], index["government_retiree"]], ELDERLY_GROUPS]
    without_pension = elderly - pensioners.sum(axis=(2, 3))
    insured_workers = contributors + retirees + public + government_retirees

    unemployment_insured = coverage_of_pool(
        figures.unemployment_insured,
        enterprise + value("ui_public_weight")[:, None] * public,
        value("ui_coverage_growth")[:, None] + value("ui_noise")[:, None] * yearly("ui"),
        policy.amount("unemployment_insured"),
    )
    work_injury_insured = coverage_of_pool(
        figures.work_injury_insured,
        enterprise + public,
        (value("ui_coverage_growth") + value("injury_growth_gap"))[:, None]
        + value("injury_noise")[:, None] * yearly("injury"),
        policy.amount("work_injury_insured"),
    )
    medical_employee = (
        figures.employee_medical_insured
        * insured_workers
        / insured_workers[:, :1]
        * cumulated(np.broadcast_to(value("medical_employee_growth")[:, None], (draws, len(YEARS))))
    )
    medical_insured = medical_coverage(
        medical_employee,
        people,
        figures.medical_coverage,
        np.broadcast_to(value("medical_resident_drift")[:, None], (draws, len(YEARS))),
        value("medical_noise")[:, None] * yearly("medical"),
        policy.amount("medical_coverage"),
    )
    cards = card_holders(
        figures.card_holders,
        people,
        flow("births"),
        flow("deaths"),
        value("card_ceiling"),
        value("card_take_up"),
        value("card_newborn"),
        value("card_cancellation"),
        policy.amount("social_security_cards"),
    )
    campaign = np.ones((draws, len(YEARS)))
    campaign[:, 0] = value("training_campaign")
    training = (
        value("training_rate")[:, None] * campaign * np.exp(value("training_noise")[:, None] * yearly("training"))
    )
    # A programme contains the training that would have taken place anyway: the larger of the two counts.
    training = np.maximum(training, value("training_delivery")[:, None] * policy.amount("training"))
    poverty_log = value("poverty_workers_growth")[:, None] * np.arange(1, len(YEARS) + 1) + value(
        "poverty_workers_noise"
    )[:, None] * yearly("poverty")
    poverty = figures.poverty_workers * np.exp(poverty_log) + np.cumsum(
        np.broadcast_to(policy.amount("poverty_alleviated_workers"), (draws, len(YEARS))), axis=1
    )
    gap = value("dibao_gap_growth")[:, None] + policy.amount("dibao_ratio")
    ratio = figures.dibao_ratio * np.exp(-np.cumsum(gap, axis=1))
    urban_growth = np.broadcast_to(value("dibao_urban_growth")[:, None], (draws, len(YEARS)))
    veteran = issued_share(
        value("veteran_card_ceiling"),
        value("veteran_card_start"),
        value("veteran_card_pace"),
        np.cumsum(policy.amount("veteran_card_issuance"), axis=1) / value("veteran_entitled")[:, None],
        np.asarray(YEAR_ENDS, dtype=float),
    )
    schooling = mean_years_schooling(
        groups[:, :, None, :],
        calibration.schooling,
        tilt=value("schooling_gradient"),
        senior_entry=value("senior_entry_change"),
        college_entry=value("college_entry_change")[:, None] + policy.amount("college_entry"),
    )
    found = {
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
        "flexible_workers": stock("flexible"),
        "farm_workers": stock("farm"),
        "hires_urban": hires,
        "statutory_retirements": flow("statutory_retirements"),
        "new_urban_jobs": start_with(figures.new_urban_jobs, new_jobs),
        "gdp_growth": gdp_growth,
        "productivity_growth": (1 + gdp_growth) / (employed[:, 1:] / employed[:, :-1]) - 1,
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
        "work_injury_insured": work_injury_insured,
        "medical_employee_insured": medical_employee,
        "medical_insured": medical_insured,
        "card_holders": cards,
        "training": start_with(figures.training, training),
        "poverty_workers": start_with(figures.poverty_workers, poverty),
        "dibao_ratio": start_with(figures.dibao_ratio, ratio),
        # The plan's text prints 660 and 5,280 yuan, a ratio of 1.50; its table prints 1.39. Both are kept:
        # the standards grow from the text, the ratio from the table, with one gap of growth.
        "dibao_urban_standard": figures.standards["dibao_urban"] * cumulated(urban_growth),
        "dibao_rural_standard": figures.standards["dibao_rural"] * cumulated(urban_growth + gap),
        "resident_base_pension": figures.standards["resident_basic_pension_min"]
        * cumulated(np.log1p(value("resident_base_growth"))[:, None] * np.ones((1, len(YEARS)))),
        "veteran_card_share": veteran,
        "mean_years_schooling": schooling,
        "mean_years_schooling_plan": schooling + value("schooling_definition")[:, None],
    }
    return found | fund_series(calibration, found, value, policy)
