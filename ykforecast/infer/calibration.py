"""The calibrated model: everything a projection needs, with 2020 met exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.data.base_figures import BaseFigures, base_figures
from ykforecast.data.profiles import Profiles, load_profiles
from ykforecast.infer.base_year import BaseYear, solve_base_year
from ykforecast.kernels import draw_columns
from ykforecast.kernels.flow_table import CLASSES, STATES
from ykforecast.kernels.flow_table import FLOWS as FLOW_TABLE
from ykforecast.kernels.packing import RETIRING_AGES
from ykforecast.processes.enrolment import CONTRIBUTOR, INTERRUPTED
from ykforecast.processes.population_inputs import PopulationInputs, population_inputs
from ykforecast.processes.retirement import pension_entry, retirement_reach
from ykforecast.processes.schooling import SchoolingBasis, city_schooling_basis
from ykforecast.processes.policy_bands import AGE_BAND, BANDS
from ykforecast.vocabulary.dims import MONTHS, YEARS


if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class Lines:
    """Two controls of the kernel as lines in the growth they bring, from runs at central parameters.

    Attributes
    ----------
    take_up : tuple of float
        Monthly take-up hazard at zero growth of the enterprise scheme in 2021, and per person of growth.
    hiring : tuple of float
        Factor on recruitment to public posts at constant posts, and per unit of their mean yearly log
        growth over 2021-2025.
    annual_take_up : float
        New contributors in 2021 at the central growth, persons.
    """

    take_up: tuple[float, float]
    hiring: tuple[float, float]
    annual_take_up: float


@dataclass(frozen=True, slots=True, repr=False)
class Calibration:
    """A model whose base year gives every published figure of 2020.

    Attributes
    ----------
    model : ModelSpec
    figures : BaseFigures
        Published figures that are met.
    population : PopulationInputs
        Base population and the rates of its change.
    base : BaseYear
        Solved stocks, odds and tilts.
    shared : mapping of str to ndarray
        Inputs of the cohort kernel common to all draws, original statutory ages.
    delayed : mapping of str to ndarray
        The entries of ``shared`` that the retirement rule of 2025 replaces.
    return_hazard : float
        Share of the interrupted who return in a month: keeps their number level in 2020.
    lines : Lines
        Take-up and recruitment as lines in the growth they bring.
    enterprise_staff : float
        Enterprise employees of 2020, persons.
    schooling : SchoolingBasis
        Mean years of schooling by reporting age group, linear in its parameters.
    """

    model: ModelSpec
    figures: BaseFigures
    profiles: Profiles
    population: PopulationInputs
    base: BaseYear
    shared: Mapping[str, np.ndarray]
    delayed: Mapping[str, np.ndarray]
    return_hazard: float
    lines: Lines
    enterprise_staff: float
    schooling: SchoolingBasis

    def __repr__(self) -> str:
        people = self.base.labour0.sum() + self.base.child0.sum()
        return (
            f"<Calibration of {self.model.name}: {people:,.0f} residents at the end of {self.model.base_year}; "
            f"largest gap of a base-year share {self.base.odds.residual:.1e}>"
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
    figures = base_figures()
    profiles = load_profiles(model.folder)
    population = population_inputs()
    parameters = model.parameters
    female = parameters["female_55_enterprise"].median, parameters["female_55_public"].median
    entitled, late = parameters["entitled_share"].median, parameters["late_entry"].median

    def retirement(delayed: bool) -> dict[str, np.ndarray]:
        reach, passed = retirement_reach(*female, delayed=delayed)
        entry = pension_entry(female[0], entitled, late, delayed=delayed)
        # The kernel looks for new pensions at these ages only; later ones are too few to matter.
        outside = np.ones(entry.shape[2], dtype=bool)
        outside[RETIRING_AGES[0] : RETIRING_AGES[1] + 1] = False
        entry[:, :, outside] = 0.0
        return {"retire_reach": reach, "retire_passed": passed, "pension_entry": entry}

    original = retirement(False)
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
    contributors, interrupted = (base.pension0[:, stock].sum() for stock in (CONTRIBUTOR, INTERRUPTED))
    lapse = parameters["interruption_odds"].median
    # Stationary interruption: in = out by return, leaving and, over the year, pension entry of the old.
    entering = (base.pension0[:, INTERRUPTED] * original["pension_entry"][[0, 1, 0, 1], :12].mean(axis=1)).sum()
    return_hazard = max(
        (contributors * lapse / (1 + lapse) - entering) / interrupted - parameters["interrupted_leaving"].median, 0.0
    )
    lines = control_lines(shared, model, return_hazard)
    return Calibration(
        model=model,
        figures=figures,
        profiles=profiles,
        population=population,
        base=base,
        shared=shared,
        delayed=retirement(True),
        return_hazard=float(return_hazard),
        lines=lines,
        enterprise_staff=float(base.labour0[:, STATES.index("enterprise")].sum()),
        schooling=city_schooling_basis(population.people, model.folder),
    )


def central_row(model: ModelSpec, return_hazard: float) -> np.ndarray:
    """Parameters of the kernel at their central values, no cycle, no take-up, (columns,)."""
    parameters = model.parameters
    row = np.zeros(draw_columns.WIDTH)
    columns = draw_columns.COLUMNS
    row[columns["theta"]] = [
        0.0 if name == "public" else parameters[f"theta_{name}"].median for name in CLASSES
    ]
    row[columns["rho"]] = return_hazard
    row[columns["delta"]] = parameters["interruption_odds"].median
    row[columns["shed"]] = parameters["shedding"].median
    row[columns["omega"]] = parameters["interrupted_leaving"].median
    row[columns["mort"]] = parameters["mortality_odds"].median
    row[columns["move_level"]] = parameters["move_level"].median
    row[columns["fert_level"]] = 1.0
    return row


def control_lines(shared: Mapping[str, np.ndarray], model: ModelSpec, return_hazard: float) -> Lines:
    """Solve take-up for the growth of insured persons, and recruitment for the growth of public posts.

    Growth is linear in either to the third digit: a year's take-up is small against the uninsured, and
    five years of recruits against the posts.
    """
    from ykforecast.kernels.cohort import FLOWS, STOCKS, run_cohorts

    columns = draw_columns.COLUMNS
    insured = [STOCKS.index(name) for name in ("contributor", "interrupted", "retiree")]
    public = columns["theta"].start + CLASSES.index("public")
    hazards, factors = np.array([0.004, 0.030]), np.array([1.0, 2.5])
    rows = np.repeat(central_row(model, return_hazard)[None], 3, axis=0)
    rows[:, columns["up_level"]] = hazards[[0, 1, 0]][:, None]
    rows[:, public] = np.log(factors[[0, 0, 1]])
    run = run_cohorts(
        shared, rows, np.zeros((3, MONTHS)), np.ones((1, len(YEARS), len(FLOW_TABLE), BANDS)), np.ones((1, len(YEARS), 3))
    )
    people = run.stocks_by_stratum.sum(axis=3)
    growth = (people[:2, 1, insured] - people[:2, 0, insured]).sum(axis=1)
    posts = people[[0, 2]][:, :, STOCKS.index("public")]
    pace = np.log(posts[:, -1] / posts[:, 0]) / len(YEARS)
    taken = run.flows_by_stratum[:2, 0, FLOWS.index("take_up")].sum(axis=1)
    up, hire = np.diff(hazards)[0] / np.diff(growth)[0], np.diff(factors)[0] / np.diff(pace)[0]
    annual = taken[0] + (model.parameters["enterprise_insured_growth"].median - growth[0]) * (
        np.diff(taken)[0] / np.diff(growth)[0]
    )
    return Lines(
        take_up=(float(hazards[0] - up * growth[0]), float(up)),
        hiring=(float(factors[0] - hire * pace[0]), float(hire)),
        annual_take_up=float(annual),
    )
