"""The model set up at the end of 2015, to run over 2016-2020 with the kernel and the parameters of the forecast."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.history_figures import history_figures
from ykforecast.data.history_file import MODES, PAST_BASE, PAST_YEARS, Known, load_history_file
from ykforecast.data.profiles import load_profiles
from ykforecast.infer.calibration import solve_jump_off
from ykforecast.infer.history_population import population_between_censuses
from ykforecast.infer.population_then import population_known_then
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.simulate.controls import retirement_arrays
from ykforecast.spec.registry import Registry
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import JumpOff
    from ykforecast.spec.model import ModelSpec


def history_model(model: ModelSpec, known: Known = "all") -> ModelSpec:
    """The model with the parameters of the base year 2015.

    Parameters
    ----------
    model : ModelSpec
        From :func:`ykforecast.load_model`.
    known : {"all", "then"}
        As in :func:`history_calibration`.

    Returns
    -------
    ModelSpec
        Every parameter under its name; those of ``history.toml`` with their value or prior of 2015. A draw is
        a function of the seed, its number and the name, so that a parameter with another prior in 2015 is
        still drawn at the same quantile as in 2020.
    """
    changed = load_history_file(model, known).parameters
    parameters = {name: changed.get(name, spec) for name, spec in model.parameters.items()}
    columns = ("label_zh", "prior_text", "unit", "grade", "source")
    return replace(
        model,
        base_year=PAST_BASE,
        horizon=PAST_YEARS[-1],
        parameters=Registry("parameters", parameters, columns),
    )


def history_calibration(model: ModelSpec, known: Known = "all") -> JumpOff:
    """Solve the base year 2015: residents, labour states, odds and enrolment at 31 December 2015.

    Parameters
    ----------
    model : ModelSpec
        From :func:`ykforecast.load_model`.
    known : {"all", "then"}
        ``all``: between the censuses of 2010 and 2020, for calibration on the past. ``then``: only what was
        published for years up to 2015, for the strict back-test.

    Returns
    -------
    JumpOff
        Its ``shared`` arrays run in the cohort kernel; its ``model`` is that of :func:`history_model`.

    Raises
    ------
    RequestError
        Another mode.
    DataError, ModelError
        A figure, ``history.toml`` or a profile is missing or wrong.
    CalibrationError
        A figure of 2015 cannot be met.
    """
    if known not in MODES:
        raise RequestError("unknown choice", key="known", value=known, remedy=nearest(str(known), MODES))
    past = history_model(model, known)
    file = load_history_file(model, known)
    assumed = PopulationAssumptions.of_model(model)
    declared = dict(file.figures)
    if known == "all":
        population = population_between_censuses(assumed)
    else:
        population = population_known_then(assumed, declared.pop("migration_spread").median)
    profiles = load_profiles(model.folder)
    return solve_jump_off(
        past,
        history_figures(load_figure_map(model.folder), known, population.people, declared, model.population),
        replace(profiles, curves={**profiles.curves, **file.curves}),
        population,
        # The original ages: they depend on age alone, not on the calendar year.
        retirement_arrays(past, delayed=False),
    )
