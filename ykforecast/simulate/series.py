"""Every yearly series that indicators are read from: the city's, its ledgers, and the money of the schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ykforecast.processes.education import SCHOOLING_GROUPS, mean_years_by_group, mean_years_schooling
from ykforecast.processes.ledgers import (
    card_holders,
    coverage_of_pool,
    cumulated,
    issued_share,
    medical_coverage,
)
from ykforecast.simulate.city_series import RESIDENTS, city_series, start_with
from ykforecast.simulate.fund import base_pension, fund_accounts, fund_series
from ykforecast.simulate.policy import PolicyPaths
from ykforecast.vocabulary.dims import AGE_GROUPS, SEX, YEAR_ENDS, YEARS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ykforecast.kernels.cohort import CohortTotals
    from ykforecast.processes.economy import MacroPath
    from ykforecast.processes.education import SchoolingBasis
    from ykforecast.simulate.calibrated import Calibration


def yearly_series(
    calibration: Calibration,
    totals: CohortTotals,
    value: Callable[[str], np.ndarray],
    policy: PolicyPaths,
    macro: MacroPath,
    noise: Callable[[str, int], np.ndarray],
) -> dict[str, np.ndarray]:
    """Every series of :data:`ykforecast.simulate.series_table.SERIES` for one block of draws.

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
    figures = calibration.figures
    found = city_series(calibration, totals, value, policy, macro, noise)
    people, medical_employee = found["population"], found["medical_employee_insured"]
    draws = people.shape[0]
    groups = totals.stocks_by_group[:, :, RESIDENTS].sum(axis=2)

    def yearly(process: str) -> np.ndarray:
        return noise(process, len(YEARS))

    work_injury_insured = coverage_of_pool(
        figures.work_injury_insured,
        found["enterprise_employees"] + found["public_employees"],
        (value("ui_coverage_growth") + value("injury_growth_gap"))[:, None]
        + value("injury_noise")[:, None] * yearly("injury"),
        policy.amount("work_injury_insured"),
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
        found["births"],
        found["deaths"],
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
    # Level standards (城乡一体) are the end: a rural standard above the urban one is no aim of any policy.
    ratio = np.maximum(figures.dibao_ratio * np.exp(-np.cumsum(gap, axis=1)), 1.0)
    urban_growth = np.broadcast_to(value("dibao_urban_growth")[:, None], (draws, len(YEARS)))
    urban_standard = figures.standards["dibao_urban"] * cumulated(urban_growth)
    rural_standard = np.minimum(figures.standards["dibao_rural"] * cumulated(urban_growth + gap), urban_standard)
    veteran = issued_share(
        value("veteran_card_ceiling"),
        value("veteran_card_start"),
        value("veteran_card_pace"),
        np.cumsum(policy.amount("veteran_card_issuance"), axis=1) / value("veteran_entitled")[:, None],
        np.asarray(YEAR_ENDS, dtype=float),
    )
    schooling = schooling_series(calibration.schooling, groups, value, policy)
    found |= {
        "work_injury_insured": work_injury_insured,
        "medical_insured": medical_insured,
        "card_holders": cards,
        "card_entitled": value("card_ceiling")[:, None] * people,
        "training": start_with(figures.training, training),
        "poverty_workers": start_with(figures.poverty_workers, poverty),
        "dibao_ratio": start_with(figures.dibao_ratio, ratio),
        # The plan's text prints 660 and 5,280 yuan, a ratio of 1.50; its table prints 1.39. Both are kept:
        # the standards grow from the text, the ratio from the table, with one gap of growth.
        "dibao_urban_standard": urban_standard,
        "dibao_rural_standard": rural_standard,
        "resident_base_pension": base_pension(figures.standards["resident_basic_pension_min"], value, policy),
        "veteran_card_share": veteran,
    }
    found |= schooling
    return found | fund_series(fund_accounts(calibration, found, value, policy), draws)


def schooling_series(
    basis: SchoolingBasis, groups: np.ndarray, value: Callable[[str], np.ndarray], policy: PolicyPaths
) -> dict[str, np.ndarray]:
    """Mean years of schooling of ages 16-59: by the convention of the census, as the plan counts, by sex and by age.

    Parameters
    ----------
    basis : SchoolingBasis
        By sex and reporting group.
    groups : ndarray (draw, year_end, age group)
        Residents, persons.
    value, policy
        As for :func:`yearly_series`.
    """
    if basis.sexes is None:  # unreachable: the calibration holds the basis by group
        raise AssertionError
    people = groups[:, :, None, :]
    uncertain = {
        "tilt": value("schooling_gradient"),
        "senior_entry": value("senior_entry_change"),
        "college_entry": value("college_entry_change")[:, None] + policy.amount("college_entry"),
    }
    # The plan counts otherwise than the census by the same years in every group.
    definition = value("schooling_definition")[:, None]
    census = mean_years_schooling(people, basis, **uncertain)
    by_sex = mean_years_schooling(people, basis, **uncertain, by_sex=True)
    by_group = mean_years_by_group(basis, **uncertain)
    women = groups[:, :, SCHOOLING_GROUPS] * basis.sexes[:, SEX.index("female")]
    return {
        "mean_years_schooling": census,
        "mean_years_schooling_plan": census + definition,
        **{f"mean_years_schooling_{sex}": by_sex[..., i] + definition for i, sex in enumerate(SEX)},
        **{
            f"mean_years_schooling_{AGE_GROUPS[place][0]}": by_group[..., i] + definition
            for i, place in enumerate(SCHOOLING_GROUPS)
        },
        "working_age_women": women.sum(axis=-1),
    }
