"""The calibrated model: everything a projection needs, with 2020 met exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ykforecast.data.base_figures import base_figures
from ykforecast.data.pension_rules import pension_figures
from ykforecast.data.profiles import load_profiles
from ykforecast.infer.base_year import solve_base_year
from ykforecast.processes.district_split import district_split
from ykforecast.processes.labour_base import E
from ykforecast.processes.policy_bands import AGE_BAND
from ykforecast.processes.population_inputs import population_inputs
from ykforecast.processes.schooling import city_schooling_basis
from ykforecast.simulate.calibrated import Calibration
from ykforecast.simulate.controls import control_lines, employee_share, level_return, reported_stocks, retirement_arrays

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec


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
    figures = base_figures()
    profiles = load_profiles(model.folder)
    population = population_inputs()
    parameters = model.parameters
    original, delayed = retirement_arrays(model, delayed=False), retirement_arrays(model, delayed=True)
    base = solve_base_year(
        population.people, figures, parameters, profiles, original["retire_reach"], original["retire_passed"]
    )
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
        "kappa": base.kappa,
        "age_band": AGE_BAND,
        **population.kernel_arrays(),
        **original,
    }
    return_hazard = level_return(base, original["pension_entry"], parameters)
    lines = control_lines(shared, model, return_hazard)
    return Calibration(
        model=model,
        figures=figures,
        profiles=profiles,
        population=population,
        base=base,
        shared=shared,
        delayed=delayed,
        return_hazard=return_hazard,
        lines=lines,
        enterprise_staff=float(base.labour0[:, E].sum()),
        employee_share=employee_share(base, parameters),
        pension_terms=pension_figures(),
        schooling=city_schooling_basis(population.people, model.folder),
        district_share=district_split(reported_stocks(base)),
    )
