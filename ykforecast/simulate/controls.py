"""Controls of the cohort kernel that are solved, not chosen: return and age shapes; retirement inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.kernels import draw_columns
from ykforecast.kernels.cohort import FLOWS, STOCKS
from ykforecast.kernels.flow_table import CLASSES
from ykforecast.kernels.packing import RETIRING_AGES
from ykforecast.processes.enrolment import CONTRIBUTOR, INTERRUPTED, RETIREE, AgeShapes, age_shapes, early_draw
from ykforecast.processes.labour_base import E, F
from ykforecast.processes.retirement import SCHEDULES, Calendar, pension_entry, retirement_reach
from ykforecast.simulate.calibrated import BaseYear, CentralPath, JumpOff
from ykforecast.simulate.recruitment import Recruitment, central_run, solve_recruitment
from ykforecast.vocabulary.dims import EMPLOYED_STATES, MONTHS_A_YEAR, STRATA

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.parameter import ParameterSpec

#: Sex of each stratum: 0 men, 1 women.
SEX = np.array([("male", "female").index(sex) for _, sex in STRATA])


def retirement_arrays(model: ModelSpec, *, delayed: bool, calendar: Calendar = SCHEDULES) -> dict[str, np.ndarray]:
    """Statutory retirement and pension entry in the arrays of the kernel, at the original ages or delayed."""
    parameters = model.parameters
    enterprise, public = (parameters[f"female_55_{kind}"].median for kind in ("enterprise", "public"))
    reach, passed = retirement_reach(enterprise, public, delayed=delayed, calendar=calendar)
    entry = pension_entry(
        enterprise,
        parameters["entitled_share"].median,
        parameters["late_entry"].median,
        delayed=delayed,
        calendar=calendar,
    )
    # The kernel looks for new pensions at these ages only; later ones are too few to matter.
    outside = np.ones(entry.shape[2], dtype=bool)
    outside[RETIRING_AGES[0] : RETIRING_AGES[1] + 1] = False
    entry[:, :, outside] = 0.0
    return {"retire_reach": reach, "retire_passed": passed, "pension_entry": entry[SEX]}


def reaching(retirement: Mapping[str, np.ndarray]) -> np.ndarray:
    """Share of each age that reaches a statutory age within the first year, (stratum, age)."""
    share: np.ndarray = retirement["retire_reach"][SEX, :MONTHS_A_YEAR].sum(axis=1)
    return share


def base_early_draw(base: BaseYear, retirement: Mapping[str, np.ndarray]) -> np.ndarray:
    """Early draws by stratum and age that carry the receipt of 2020 on, share a month."""
    waiting = base.pension0[:, CONTRIBUTOR] + base.pension0[:, INTERRUPTED]
    retirees = base.pension0[:, RETIREE]
    return early_draw(base.labour0.sum(axis=1), waiting, retirees, retirement["pension_entry"], reaching(retirement))


def with_early_draws(retirement: Mapping[str, np.ndarray], early: np.ndarray) -> dict[str, np.ndarray]:
    """Retirement inputs whose pension entry has early draws (stratum, age) beside the statutory ones."""
    return {**retirement, "pension_entry": 1.0 - (1.0 - retirement["pension_entry"]) * (1.0 - early[:, None])}


def level_return(base: BaseYear, entry: np.ndarray, parameters: Mapping[str, ParameterSpec]) -> float:
    """Monthly return of the interrupted that keeps their number level in 2020.

    In: contributors who lapse. Out: return, leaving and, over the year, entry to a pension.
    """
    contributors, interrupted = (base.pension0[:, stock] for stock in (CONTRIBUTOR, INTERRUPTED))
    odds = parameters["interruption_odds"].median
    by_stratum = entry[:, :MONTHS_A_YEAR].mean(axis=1)
    lapsing = contributors.sum() * odds / (1 + odds)
    entering = (interrupted * by_stratum).sum()
    level = (lapsing - entering) / interrupted.sum() - parameters["interrupted_leaving"].median
    return float(max(level, 0.0))


def enrolment_shapes(
    base: BaseYear,
    retirement: Mapping[str, np.ndarray],
    return_hazard: float,
    parameters: Mapping[str, ParameterSpec],
) -> AgeShapes:
    """Take-up and interruption by stratum and age that carry the enrolment of 2020 on."""
    odds = parameters["interruption_odds"].median
    return age_shapes(
        base.labour0,
        base.pension0,
        base.kappa,
        retirement["pension_entry"],
        reaching(retirement),
        interruption=odds / (1 + odds),
        returning=return_hazard,
        leaving=parameters["interrupted_leaving"].median,
    )


def take_up_pool(base: BaseYear, shape: np.ndarray, parameters: Mapping[str, ParameterSpec]) -> np.ndarray:
    """Where new contributors come from in the base year, (stratum, labour state, age), shares of one."""
    labour, paying = base.labour0[:, [E, F]], base.pension0[:, CONTRIBUTOR]
    weight = np.array([1.0, parameters["coverage_weight_flexible"].median])[:, None]
    covered = paying[:, None] * weight * labour / np.maximum((weight * labour).sum(axis=1, keepdims=True), 1.0)
    open_to = np.maximum(base.kappa[:, [E, F], None] * labour - covered, 0.0) * shape[:, None]
    pool = np.zeros_like(base.labour0)
    pool[:, [E, F]] = open_to / open_to.sum()
    return pool


def reported_stocks(base: BaseYear) -> np.ndarray:
    """Base stocks in the order of the kernel's outputs, (stock, stratum, age), persons."""
    stocks = np.concatenate([base.labour0, base.child0[:, None], base.pension0], axis=1)
    return np.ascontiguousarray(np.moveaxis(stocks, 1, 0))


def employee_share(base: BaseYear, parameters: Mapping[str, ParameterSpec]) -> float:
    """Employees among the contributors of the enterprise scheme in 2020, by their coverage weights."""
    employees = base.labour0[:, E].sum()
    flexible = parameters["coverage_weight_flexible"].median * base.labour0[:, F].sum()
    return float(employees / (employees + flexible))


def central_row(model: ModelSpec, return_hazard: float, interruption_odds: float) -> np.ndarray:
    """Parameters of the kernel at their central values, no cycle, (columns,)."""
    parameters = model.parameters
    row = np.zeros(draw_columns.WIDTH)
    columns = draw_columns.COLUMNS
    row[columns["theta"]] = [0.0 if name == "public" else parameters[f"theta_{name}"].median for name in CLASSES]
    row[columns["recruit"]] = 1.0
    row[columns["up_level"]] = parameters["take_up_hazard"].median
    row[columns["rho"]] = return_hazard
    row[columns["delta"]] = interruption_odds
    row[columns["shed"]] = parameters["shedding"].median
    row[columns["follow"]] = 1.0 - parameters["continued_contribution"].median
    row[columns["account"]] = parameters["account_before"].median
    row[columns["omega"]] = parameters["interrupted_leaving"].median
    row[columns["mort"]] = parameters["mortality_odds"].median
    row[columns["move_level"]] = parameters["move_level"].median
    row[columns["fert_level"]] = 1.0
    return row


def under_calendar(solved: JumpOff, calendar: Calendar = SCHEDULES) -> tuple[dict[str, np.ndarray], Recruitment]:
    """Retirement inputs of the kernel while the statutory ages rise, and recruitment into public posts beside them."""
    # Early retirement for hazardous work or illness keeps its ages.
    delayed = with_early_draws(retirement_arrays(solved.model, delayed=True, calendar=calendar), solved.early_draw)
    row = central_row(solved.model, solved.return_hazard, solved.interruption_odds)
    growth = solved.model.parameters["public_posts_growth"].median
    return delayed, solve_recruitment({**solved.shared, **delayed}, row, growth)


def central_path(shared: Mapping[str, np.ndarray], row: np.ndarray) -> CentralPath:
    """What the central run says of the first year's enrolment and of employment.

    Parameters
    ----------
    shared : mapping of str to ndarray
        Inputs of the cohort kernel.
    row : ndarray (column,)
        Its parameters at their central values, recruitment included.
    """
    run = central_run(shared, row[None])
    people = run.stocks_by_stratum[0].sum(axis=2)
    return CentralPath(
        annual_take_up=float(run.flows_by_stratum[0, 0, FLOWS.index("take_up")].sum()),
        employment=people[:, [STOCKS.index(name) for name in EMPLOYED_STATES]].sum(axis=1),
    )
