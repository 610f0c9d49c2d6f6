"""The calibrated model: everything a projection needs, with 2020 met exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.data.base_figures import JumpOffFigures, base_figures
from ykforecast.data.district_margins import district_margins
from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.learned_file import read_learned
from ykforecast.data.pension_rules import pension_figures
from ykforecast.data.profiles import Profiles, load_profiles
from ykforecast.infer.base_year import solve_base_year
from ykforecast.processes.district_split import district_split
from ykforecast.processes.enrolment import contract_cover
from ykforecast.processes.labour_base import E
from ykforecast.processes.policy_bands import AGE_BAND
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.processes.population_inputs import PopulationInputs, population_inputs
from ykforecast.processes.schooling import city_schooling_basis
from ykforecast.simulate.calibrated import Calibration, JumpOff
from ykforecast.simulate.controls import (
    base_early_draw,
    central_path,
    central_row,
    employee_share,
    enrolment_shapes,
    level_return,
    reported_stocks,
    retirement_arrays,
    take_up_pool,
    under_calendar,
    with_early_draws,
)
from ykforecast.simulate.recruitment import solve_recruitment
from ykforecast.simulate.sampled import Learned

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec


def solve_jump_off(
    model: ModelSpec,
    figures: JumpOffFigures,
    profiles: Profiles,
    population: PopulationInputs,
    retirement: Mapping[str, np.ndarray],
) -> JumpOff:
    """Labour states, odds, enrolment and controls of a base year, as the cohort kernel takes them.

    Parameters
    ----------
    retirement : mapping of str to ndarray
        Statutory ages of the five years, from :func:`ykforecast.simulate.controls.retirement_arrays`.

    Raises
    ------
    CalibrationError
        A figure of the base year cannot be met.
    """
    parameters = model.parameters
    base = solve_base_year(
        population.people, figures, parameters, profiles, retirement["retire_reach"], retirement["retire_passed"]
    )
    early = base_early_draw(base, retirement)
    shared = {
        "labour0": base.labour0,
        "child0": base.child0,
        "pension0": base.pension0,
        "labour_tilt": base.labour_tilt,
        "pension_tilt": base.pension_tilt,
        "base_odds": base.odds.odds,
        "odds_tilt": base.odds_tilt,
        "entry16": base.entry16,
        "retire_share": base.retire_share,
        "public_early": base.public_early,
        "kappa": base.kappa,
        "age_band": AGE_BAND,
        **population.kernel_arrays(),
        **with_early_draws(retirement, early),
    }
    return_hazard = level_return(base, shared["pension_entry"], parameters)
    shapes = enrolment_shapes(base, shared, return_hazard, parameters)
    shared |= {
        "take_up_shape": shapes.take_up(parameters["take_up_hazard"].median),
        "interrupt_shape": shapes.interruption,
        "contract_cover": contract_cover(
            base.labour0,
            base.pension0,
            shapes.joining,
            flexible=parameters["coverage_weight_flexible"].median,
        ),
    }
    interruption_odds = shapes.peak_odds(parameters["interruption_odds"].median)
    row = central_row(model, return_hazard, interruption_odds)
    recruitment = solve_recruitment(shared, row, parameters["public_posts_growth"].median)
    return JumpOff(
        model=model,
        figures=figures,
        profiles=profiles,
        population=population,
        base=base,
        shared=shared,
        early_draw=early,
        return_hazard=return_hazard,
        interruption_odds=interruption_odds,
        take_up_pool=take_up_pool(base, shared["take_up_shape"], parameters),
        recruitment=recruitment,
        central=central_path(shared, recruitment.row),
    )


def calibrate(model: ModelSpec) -> Calibration:
    """Meet 2020 exactly: base population, labour states, odds and enrolment.

    Parameters
    ----------
    model : ModelSpec
        From :func:`ykforecast.load_model`.

    Returns
    -------
    Calibration

    Raises
    ------
    DataError, ModelError
        A figure or a profile is missing or wrong.
    CalibrationError
        A figure of 2020 cannot be met.
    """
    parameters, printed = model.parameters, load_figure_map(model.folder)
    assumed = PopulationAssumptions.of_model(model)
    population = population_inputs(assumed)
    solved = solve_jump_off(
        model,
        base_figures(printed),
        load_profiles(model.folder),
        population,
        retirement_arrays(model, delayed=False),
    )
    base = solved.base
    delayed, delayed_recruitment = under_calendar(solved)
    learned = read_learned(model.folder)
    margins = district_margins(model.folder, printed.place, model.population.names)
    return Calibration(
        **{field.name: getattr(solved, field.name) for field in fields(solved)},
        delayed=delayed,
        delayed_recruitment=delayed_recruitment,
        enterprise_staff=float(base.labour0[:, E].sum()),
        employee_share=employee_share(base, parameters),
        pension_terms=pension_figures(printed),
        schooling=city_schooling_basis(population.people, model.folder, printed.place, model.population),
        district_share=district_split(reported_stocks(base), assumed, margins),
        district_margins=margins,
        learned=None if learned is None else Learned(learned.names, learned.mean, learned.root),
    )
