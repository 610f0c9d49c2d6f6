"""Pension accounts under one scenario and under small changes of it, draw by draw in the same random numbers.

Changes that move people (retirement, enrolment) go through the cohorts; those that move money alone (collection,
adjustment) through the accounts of the same people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.processes.pension_fund import SchemeAccounts
from ykforecast.processes.retirement import later_from
from ykforecast.simulate.block_run import driven, keep_take_up_a_share, moved_cohorts
from ykforecast.simulate.blocks import BLOCK, in_order, side_by_side
from ykforecast.simulate.controls import under_calendar
from ykforecast.simulate.fund import SCHEMES, Value, fund_accounts
from ykforecast.simulate.policy import TAKE_UP, PolicyPaths
from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.scenarios import ResolvedScenario, resolve
from ykforecast.simulate.series import yearly_series
from ykforecast.vocabulary.dims import HORIZON, YEAR_ENDS, YEARS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec

#: The statutory ages: as they were, by the rule of 2025, and so many months later from the first open year on.
ORIGINAL, RULE_2025 = "original", "rule_2025"
#: Money of the year, yuan; people at the year end, persons. ``workers`` are enterprise employees and flexible workers.
FLOWS: Final = ("contributions", "subsidy", "base_pension", "benefits", "balance")
PEOPLE: Final = ("paying", "insured", "pensioners", "workers")
#: Series behind the people of each scheme.
_SERIES: Final = {
    "paying": ("contributors", "government_contributors", "resident_contributors"),
    "pensioners": ("enterprise_retirees", "government_retirees", "resident_recipients"),
}


@dataclass(frozen=True, slots=True)
class People:
    """What moves people.

    Attributes
    ----------
    ages : str or int
        ``ORIGINAL`` or ``RULE_2025``; a number: everyone so many months later from the first open year on.
    take_up : float
        Relative rise of the hazard of joining the enterprise scheme from the first open year on.
    """

    ages: str | int = ORIGINAL
    take_up: float = 0.0


@dataclass(frozen=True, slots=True)
class Money:
    """What moves money alone, from the first open year on.

    Attributes
    ----------
    collection : float
        Added to the share of enterprise contributions due that is collected, fraction.
    adjustment : float or None
        Added to the yearly rise of pensions in payment, fraction; None: pensions in payment do not rise.
    """

    collection: float = 0.0
    adjustment: float | None = 0.0


Cases = Mapping[str, tuple[People, Money]]
#: Money of the year and people at the year end of one case: (scheme, draw, year) from 2020 on.
Accounts = dict[str, np.ndarray]


def switch_of_retirement(model: ModelSpec) -> str:
    """The lever of the model that puts the retirement rule in force.

    Raises
    ------
    RequestError
        The model has none.
    """
    found = [key for key, lever in model.levers.items() if lever.mechanism == "statutory_age"]
    if not found:
        raise RequestError("the model has no lever of the statutory age", key="levers", remedy="Add one to levers.toml")
    return found[0]


def run_accounts(
    calibration: Calibration,
    scenario: ResolvedScenario,
    cases: Cases,
    draws: int,
    seed: int,
    *,
    first_year: int,
    threads: int | None = None,
) -> Iterator[tuple[int, dict[str, Accounts]]]:
    """First draw, and the accounts of every case, of each block of draws.

    Parameters
    ----------
    calibration : Calibration
    scenario : ResolvedScenario
        Its own dose of the retirement rule is set aside: each case says which ages hold.
    cases : mapping of str to (People, Money)
    draws, seed : int
    first_year : int
        First year that a change can move.
    threads : int, optional

    Yields
    ------
    (int, dict)
        By case and name of :data:`FLOWS`, :data:`PEOPLE` and ``mean_benefit`` (yuan a month): ndarray (scheme, draw,
        year_end). Flows of 2020 are a full year at the people, wages and pensions of its end, without the relief of
        that year.
    """
    model, switch = calibration.model, switch_of_retirement(calibration.model)
    past = None if calibration.evidence is None else calibration.evidence.past
    off, on = (
        resolve(model, scenario.spec.with_doses({switch: {HORIZON: dose}}).named(f"ages-{dose:g}"), past)[0]
        for dose in (0.0, 1.0)
    )
    groups: dict[People, list[tuple[str, Money]]] = {}
    for name, (people, money) in cases.items():
        groups.setdefault(people, []).append((name, money))
    ruled = {people.ages: _ruled(calibration, people.ages, first_year) for people in groups}
    starts = range(0, draws, BLOCK)
    workers = side_by_side(starts, threads)
    open_years = (np.array(YEARS) >= first_year)[None].astype(float)

    def work(start: int) -> dict[str, Accounts]:
        sampled = Sampled(
            model.parameters, seed, start, min(BLOCK, draws - start), calibration.learned, calibration.latent
        )
        found: dict[str, Accounts] = {}
        for people, moneys in groups.items():
            inputs = driven(ruled[people.ages], off if people.ages == ORIGINAL else on, sampled)
            if people.take_up:
                inputs.policy.scale_pension(TAKE_UP, people.take_up * open_years)
                shape = calibration.shared["take_up_shape"]
                keep_take_up_a_share(inputs.policy, sampled.value("take_up_hazard"), shape)
            totals = moved_cohorts(inputs, threads=1 if workers > 1 else threads)
            series = yearly_series(calibration, totals, sampled.value, inputs.policy, inputs.macro, sampled.noise)
            opening = _at_base_year(calibration, series, sampled.value)
            for name, money in moneys:
                policy = _moved(inputs.policy, money, sampled.value, open_years)
                found[name] = _stacked(series, opening, fund_accounts(calibration, series, sampled.value, policy))
        return found

    yield from in_order(work, starts, workers)


def _ruled(calibration: Calibration, ages: str | int, first_year: int) -> Calibration:
    """The same model, its switch of retirement bringing these ages."""
    if isinstance(ages, str):
        return calibration
    delayed, recruitment = under_calendar(calibration, later_from(first_year, ages))
    return replace(calibration, delayed=delayed, delayed_recruitment=recruitment)


def _moved(policy: PolicyPaths, money: Money, value: Value, open_years: np.ndarray) -> PolicyPaths:
    """The measures of a scenario with a change of money beside them."""
    moved = PolicyPaths(added=dict(policy.added))
    moved.add("collection", money.collection * open_years)
    for name, parameter in (("benefit_growth", "fund_adjustment"), ("base_pension_growth", "resident_base_growth")):
        if money.adjustment is None:
            moved.add(name, -(value(parameter)[:, None] + policy.amount(name)) * open_years)
        else:
            moved.add(name, money.adjustment * open_years)
    return moved


def _at_base_year(
    calibration: Calibration, series: Mapping[str, np.ndarray], value: Value
) -> dict[str, SchemeAccounts]:
    """Accounts of years in which people, wages and pensions stay what they were at the end of 2020."""
    needed = [*_SERIES["paying"], *_SERIES["pensioners"]]
    still = {name: np.repeat(series[name][:, :1], len(YEAR_ENDS), axis=1) for name in needed}
    still |= {name: np.zeros_like(series[name]) for name in ("new_pensions", "new_government_pensions")}
    level = ("wage_growth", "fund_adjustment", "resident_base_growth")
    return fund_accounts(
        calibration, still, lambda name: np.zeros_like(value(name)) if name in level else value(name), PolicyPaths()
    )


def _stacked(
    series: Mapping[str, np.ndarray], opening: Mapping[str, SchemeAccounts], accounts: Mapping[str, SchemeAccounts]
) -> Accounts:
    """Accounts and people by scheme, from 2020 on."""
    found = {name: np.stack([series[one] for one in _SERIES[name]]) for name in _SERIES}
    shape = found["paying"].shape
    found["insured"] = found["paying"].copy()
    found["insured"][SCHEMES.index("enterprise")] += series["interrupted"]
    found["workers"] = np.zeros(shape)
    found["workers"][SCHEMES.index("enterprise")] = series["enterprise_employees"] + series["flexible_workers"]
    found["mean_benefit"] = _by_scheme([accounts[one].mean_benefit for one in SCHEMES], shape)
    for name in FLOWS:
        later = _by_scheme([getattr(accounts[one], name) for one in SCHEMES], (*shape[:2], len(YEARS)))
        first = _by_scheme([getattr(opening[one], name)[..., :1] for one in SCHEMES], (*shape[:2], 1))
        found[name] = np.concatenate([first, later], axis=2)
    return found


def _by_scheme(arrays: Sequence[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    return np.stack([np.broadcast_to(array, shape[1:]) for array in arrays])
