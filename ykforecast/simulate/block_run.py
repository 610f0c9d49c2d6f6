"""One block of draws: economy, measures and parameters of a scenario, the cohorts that they move, yearly series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.kernels import draw_columns
from ykforecast.kernels.cohort import CohortTotals, run_cohorts
from ykforecast.kernels.flow_table import CLASSES, STATES
from ykforecast.processes.economy import (
    absorbed_by_pulse,
    cycle_paths,
    growth_model,
    macro_path,
    recession_falls,
    separation_pulse,
    sudden_falls,
)
from ykforecast.simulate.assemble import Results
from ykforecast.simulate.driven import Driven
from ykforecast.simulate.mechanisms import policy_paths
from ykforecast.simulate.policy import TAKE_UP, PolicyPaths, Setting
from ykforecast.simulate.series import yearly_series
from ykforecast.simulate.tilts import TILTED, tilt_range
from ykforecast.spec.lever import PROGRAMME_SHARES
from ykforecast.vocabulary.dims import MONTHS, YEARS

if TYPE_CHECKING:
    from ykforecast.processes.economy import MacroPath
    from ykforecast.simulate.calibrated import Calibration, JumpOff
    from ykforecast.simulate.sampling import Draws
    from ykforecast.simulate.scenarios import ResolvedScenario


def kernel_parameters(calibration: JumpOff, sampled: Draws) -> np.ndarray:
    """The kernel's matrix of parameters (draw, column), columns as in ``kernels.draw_columns``.

    Recruitment is left to :meth:`ykforecast.simulate.recruitment.Recruitment.fill`: it answers to the others.
    """
    value = sampled.value
    matrix = np.zeros((sampled.draws, draw_columns.WIDTH))
    columns = draw_columns.COLUMNS
    parameters = calibration.model.parameters
    for j, name in enumerate(TILTED):
        low, high = tilt_range(parameters, name)
        matrix[:, columns["w"].start + j] = (value(name) - 0.5 * (low + high)) / (0.5 * (high - low))
    for name in CLASSES:
        # Recruitment into public posts has no level of its own: the establishment sets it.
        if name != "public":
            matrix[:, columns["theta"].start + CLASSES.index(name)] = value(f"theta_{name}")
    for name in ("find", "separate", "enter", "exit"):
        matrix[:, columns["beta"].start + CLASSES.index(name)] = value(f"beta_{name}") * (
            -1.0 if name == "separate" else 1.0
        )
    matrix[:, columns["pulse"].start + CLASSES.index("separate")] = 1.0
    single = {
        "beta_delta": value("beta_interrupt"),
        "up_level": value("take_up_hazard"),
        "rho": np.full(sampled.draws, calibration.return_hazard),
        "delta": np.full(sampled.draws, calibration.interruption_odds),
        "shed": value("shedding"),
        "follow": 1.0 - value("continued_contribution"),
        "account": value("account_before"),
        "omega": value("interrupted_leaving"),
        "mort": value("mortality_odds"),
    }
    for name, column in single.items():
        matrix[:, columns[name].start] = column
    matrix[:, columns["move_level"]] = value("move_level")[:, None]
    steps = np.cumsum(value("fertility_step")[:, None] * sampled.noise("fertility", len(YEARS)), axis=1)
    matrix[:, columns["fert_level"]] = value("fertility_level")[:, None] * np.exp(steps)
    matrix[:, columns["mig_level"]] = value("migration_level")[:, None] + value("migration_step")[
        :, None
    ] * sampled.noise("migration", len(YEARS))
    return matrix


def keep_take_up_a_share(policy: PolicyPaths, level: np.ndarray, shape: np.ndarray) -> None:
    """Lower the factor on take-up in the years where hazard, shape by age and policy together pass what a share can be.

    Year by year: what is done in one year must not reach back to those before it.

    Parameters
    ----------
    policy : PolicyPaths
    level : ndarray (draw,)
        Monthly hazard of take-up at a shape and a policy of one.
    shape : ndarray (..., age)
    """
    hazard = level[:, None] * shape.max() * policy.pension[:, :, TAKE_UP]
    if (hazard >= 1.0).any():
        # A hair below one: the product of three rounded numbers may pass it.
        policy.scale_pension(TAKE_UP, np.minimum((1.0 - 1e-12) / hazard, 1.0) - 1.0)


def economy(sampled: Draws, entries: np.ndarray, *, downturn: np.ndarray, fixed: Sequence[float | None]) -> MacroPath:
    """Cycle and growth of one block of draws.

    Parameters
    ----------
    sampled : Draws
    entries : ndarray (draw, month)
        Uniform numbers: a recession begins where they lie below its monthly hazard.
    downturn : ndarray (month,)
        Fall imposed by a scenario, units of the cycle.
    fixed : sequence of float or None, one a year
        Given growth of output, fraction.
    """
    value = sampled.value
    recessions = recession_falls(entries, value("recession_hazard"), value("recession_depth"))
    falls = sudden_falls(recessions, downturn)
    cycle = cycle_paths(
        sampled.noise("cycle", MONTHS),
        recessions,
        start=value("cycle_jump_off"),
        reference=value("cycle_2020"),
        persistence=value("cycle_persistence"),
        noise=value("cycle_noise"),
        downturn=downturn,
    )
    pulse = separation_pulse(
        falls,
        size=value("separation_pulse"),
        recall=value("separation_recall"),
        fading=value("cycle_persistence"),
    )
    return macro_path(
        cycle,
        growth_model(value, sampled.noise("gdp", len(YEARS))),
        absorbed_by_pulse(recessions, downturn, value("cycle_persistence")),
        pulse,
        # The months of 2020 lay below its last one: growth of 2021 starts from their mean.
        before=value("cycle_jump_off") - value("cycle_recovery_2020") - value("cycle_2020"),
        fixed=fixed,
    )


def driven(
    calibration: Calibration, scenario: ResolvedScenario, sampled: Draws, factors: np.ndarray | None = None
) -> Driven:
    """Economy, measures and parameters of one scenario for one block of draws.

    ``factors`` (draw, year, flow, band) multiply the odds of the labour flows beside those of the levers.
    """
    model, value = calibration.model, sampled.value
    macro = economy(
        sampled,
        sampled.uniform("recession", MONTHS),
        downturn=scenario.downturns,
        fixed=scenario.gdp_growth,
    )
    setting = Setting(
        annual_flows=calibration.base.odds.annual_flows,
        annual_take_up=calibration.central.annual_take_up * calibration.take_up_pool,
        programmes={name: value(name) for name in model.parameters if name.startswith(PROGRAMME_SHARES)},
        seekers=value("training_seekers"),
        enterprise_staff=calibration.enterprise_staff,
        flexible_workers=float(calibration.shared["labour0"][:, STATES.index("flexible")].sum()),
        employed=float(calibration.central.employment[0]),
        separation_rise=np.maximum(macro.pulse, 0.0)
        - value("beta_separate")[:, None] * np.minimum(macro.lasting + value("cycle_2020")[:, None], 0.0),
    )
    policy = policy_paths(scenario, model.levers, value, setting)
    if factors is not None:
        policy.odds = policy.odds * factors[:, :, :, None]
    parameters = kernel_parameters(calibration, sampled)
    columns = draw_columns.COLUMNS
    # Movers a year beyond the drawn level, over those of a level of one.
    parameters[:, columns["move_level"]] += policy.amount("moves") / calibration.population.annual_moves
    parameters[:, columns["joiners"]] = policy.amount("joiners")
    if scenario.migration.any():
        parameters[:, columns["mig_level"]] += scenario.migration / calibration.population.migration_unit
    keep_take_up_a_share(policy, value("take_up_hazard"), calibration.shared["take_up_shape"])
    shared, recruitment = dict(calibration.shared), calibration.recruitment
    if policy.delayed_retirement:
        shared |= calibration.delayed
        recruitment = calibration.delayed_recruitment
    recruitment.fill(parameters, value("public_posts_growth"), policy.amount("public_posts"))
    return Driven(macro, setting, policy, parameters, shared)


def moved_cohorts(
    inputs: Driven,
    *,
    monthly: bool = False,
    cohorts: bool = False,
    threads: int | None = None,
    kernel: Callable[..., CohortTotals] = run_cohorts,
) -> CohortTotals:
    """Sixty months of the cohorts of one block of draws."""
    return kernel(**inputs.kernel_inputs(), monthly=monthly, cohorts=cohorts, threads=threads)


def run_block(
    calibration: Calibration,
    scenario: ResolvedScenario,
    sampled: Draws,
    *,
    monthly: bool = False,
    cohorts: bool = False,
    threads: int | None = None,
    factors: np.ndarray | None = None,
    kernel: Callable[..., CohortTotals] = run_cohorts,
) -> Results:
    """One scenario for one block of draws; ``factors`` as in :func:`driven`."""
    inputs = driven(calibration, scenario, sampled, factors)
    totals = moved_cohorts(inputs, monthly=monthly, cohorts=cohorts, threads=threads, kernel=kernel)
    series = yearly_series(calibration, totals, sampled.value, inputs.policy, inputs.macro, sampled.noise)
    return Results(series=series, totals=totals)
