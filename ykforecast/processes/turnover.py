"""Monthly base odds of the labour flows, solved so that the base year reproduces itself.

For every stratum and age the prior odds are tilted by one potential per state,
``odds_k = prior_k * exp(u[destination] - u[origin])``, until twelve months of flows and statutory
retirement carry the shares of the eight states at age ``a`` into those at ``a + 1``. A potential is the
smallest change (in relative entropy) of the flows that meets a stock; signs and zeros of the prior stay.
Job finding and rural transfer are scaled to published counts in an outer loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ykforecast.data.profiles import Profiles
from ykforecast.kernels.flow_table import DESTINATION, FINDS, FLOWS, HIRES, ORIGIN
from ykforecast.processes.labour_base import A, E, F, G, N, R, U
from ykforecast.vocabulary.dims import MONTHS_A_YEAR, STRATA, WORKING_AGE
from ykforecast.vocabulary.errors import CalibrationError, nearest

#: States that statutory retirement takes people from.
RETIRING_STATES = (U, E, G, F, N)
K = len(FLOWS)
ORIGINS, DESTINATIONS = np.array(ORIGIN), np.array(DESTINATION)
FIND = list(FINDS)
TRANSFER = [k for k, (_, _, kind) in enumerate(FLOWS) if kind == "transfer"]

#: Guard that keeps withdrawal, which is divided by the fade, finite; the shipped fade stops there.
LEAST_SEARCH = 0.02
#: Largest gap of a share that counts as met, and bound on a potential (a factor of about 400 on an odds).
TOLERANCE, LARGEST_POTENTIAL = 1e-8, 3.0
#: Outer rounds at most, relative gap of a yearly count that counts as met, exponent of a round's step.
ROUNDS, SETTLED, OVERSTEP = 40, 1e-4, 1.6


def prior_odds(profiles: Profiles, *, first_pension_age: float, last_working_age: float) -> np.ndarray:
    """Prior monthly odds (stratum, flow, age) from ``[turnover]``, with the ages where a flow exists.

    Parameters
    ----------
    profiles : Profiles
    first_pension_age : float
        Flows to and from retirement start here, years.
    last_working_age : float
        Nobody takes up work or search from this age on, years.
    """
    levels = profiles.turnover
    ages = np.arange(profiles["student_ratio"].size)
    odds = np.zeros((4, K, ages.size))
    work_age = (ages >= WORKING_AGE).astype(float)
    # Job search and hiring fade out with age, withdrawal rises; public posts recruit the young.
    fade = np.maximum(profiles["search_fade"], LEAST_SEARCH)
    for k, (origin, destination, _) in enumerate(FLOWS):
        name = f"{origin}_{destination}"
        o, d = ORIGIN[k], DESTINATION[k]
        for g, (residence, _) in enumerate(STRATA):
            # A flow may have one level for both residences, or one for each.
            key = f"{name}_{residence}" if f"{name}_{residence}" in levels else name
            if key not in levels:
                raise CalibrationError(
                    "turnover level is missing",
                    file=profiles.file,
                    key=f"turnover.level.{key}",
                    remedy=f"Give its monthly odds. {nearest(key, levels)}",
                )
            shape = work_age.copy()
            if d in (U, E, G, F) and o != R:
                shape *= fade
            if d == G:
                shape *= profiles["public_recruitment"]
            if d == N and o in (E, F, A):
                shape /= fade
            if o == R or d == R:
                shape *= ages >= first_pension_age
            if o == R:
                shape *= fade
            if d in (U, E, G, F, A):
                shape *= ages < last_working_age
            odds[g, k] = levels[key] * shape
    return odds


def twelve_months(shares: np.ndarray, odds: np.ndarray, leave_rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the states after twelve months of flows and statutory retirement, and the flows.

    Parameters
    ----------
    shares : ndarray (cell, state)
    odds : ndarray (cell, flow)
        Monthly odds.
    leave_rate : ndarray (cell, month, state)
        Share of a state that stops work with a pension at the statutory age.

    Returns
    -------
    state : ndarray (cell, state)
    flows : ndarray (cell, flow)
        Summed over the twelve months, per resident.
    """
    total = np.zeros_like(shares)
    for k in range(K):
        total[:, ORIGIN[k]] += odds[:, k]
    share_out = odds / (1.0 + total[:, ORIGINS])
    state, summed = shares.copy(), np.zeros_like(odds)
    for month in range(MONTHS_A_YEAR):
        flow = state[:, ORIGINS] * share_out
        summed += flow
        for k in range(K):
            state[:, ORIGIN[k]] -= flow[:, k]
            state[:, DESTINATION[k]] += flow[:, k]
        for o in RETIRING_STATES:
            leave = state[:, o] * leave_rate[:, month, o]
            state[:, o] -= leave
            state[:, R] += leave
    return state, summed


@dataclass(frozen=True, slots=True)
class BaseOdds:
    """Solved monthly odds and what they imply.

    Attributes
    ----------
    odds : ndarray (stratum, flow, age)
        Monthly odds.
    annual_flows : ndarray (stratum, flow, age)
        Persons a year moved by each flow at base stocks.
    residual : float
        Largest difference between a share reached and its target.
    scale : ndarray (flow,)
        Factor on the prior odds that meets the published counts.
    potentials : ndarray (cell, state)
        Solved potentials.
    """

    odds: np.ndarray
    annual_flows: np.ndarray
    residual: float
    scale: np.ndarray
    potentials: np.ndarray

    @property
    def hires_urban(self) -> float:
        """Gross hires of urban residents a year, persons."""
        return float(self.annual_flows[:2, list(HIRES)].sum())


def cohort_target(shares: np.ndarray) -> np.ndarray:
    """Shares that people of age ``a`` should have a year later, (stratum, state, age - 1).

    The profile of the next age, except that nobody loses a pension by ageing: where the profile has
    fewer retired at ``a + 1`` (older cohorts had less unit employment) the share of age ``a`` stays.
    """
    target = shares[:, :, 1:].copy()
    kept = np.minimum(np.maximum(target[:, R], shares[:, R, :-1]), target[:, R] + target[:, N])
    target[:, N] -= kept - target[:, R]
    target[:, R] = kept
    return target


def _solve_potentials(
    start: np.ndarray, target: np.ndarray, prior: np.ndarray, leave_rate: np.ndarray, u: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Potentials and remaining gaps, both (cell, state), searched from ``u``."""
    from ykforecast.kernels.potentials import solve_potentials

    found, residual = np.array(u, dtype=float), np.empty_like(u)
    arrays = (np.ascontiguousarray(x, dtype=float) for x in (start, target, prior, leave_rate))
    solve_potentials(*arrays, found, residual, TOLERANCE, LARGEST_POTENTIAL)
    return found, residual


def leave_rates(
    reach: np.ndarray, passed: np.ndarray, retire_share: np.ndarray, public_early: np.ndarray | None = None
) -> np.ndarray:
    """Share of each state that stops work with a pension, (stratum, month, state, age).

    Of those who reach the age in a month the share ``rho`` leaves; the stock still holds the ``1 - rho``
    of those who reached it before: ``rho * reach / (1 - rho * passed)``.

    Parameters
    ----------
    reach, passed : ndarray (category, month, age)
        Share of the cohort that reaches the age in the month, and that did before; categories men,
        women, women in public posts. The first twelve months are used.
    retire_share : ndarray (stratum, state)
    public_early : ndarray (stratum, age), optional
        Share of those in public posts who retire ahead of the statutory age, a month; none if left out.
    """
    rates = np.zeros((4, MONTHS_A_YEAR, retire_share.shape[1], reach.shape[2]))
    for g in range(4):
        for o in RETIRING_STATES:
            c = 0 if g % 2 == 0 else (2 if o == G else 1)
            rho = retire_share[g, o]
            left = np.maximum(1 - rho * passed[c, :MONTHS_A_YEAR], 1e-12)
            rates[g, :, o] = rho * reach[c, :MONTHS_A_YEAR] / left
    if public_early is not None:
        rates[:, :, G] = 1.0 - (1.0 - rates[:, :, G]) * (1.0 - public_early[:, None])
    return rates


def retirement_shares(labour: np.ndarray, retire_reach: np.ndarray) -> np.ndarray:
    """Share of those reaching the statutory age who stop work with a pension, (stratum, state).

    Read off the base profile: the drop of each state between the ages before and after the statutory
    ages, weighted by how many reach it; the inactive fill what the rise of the retired still needs.
    Public posts end at the statutory age for all.
    """
    share = np.zeros(labour.shape[:2])
    for g in range(4):
        reach = retire_reach[g % 2, :MONTHS_A_YEAR].sum(axis=0)[:-1]
        before, after = labour[g, :, :-1], labour[g, :, 1:]
        # Cohort sizes differ from age to age: compare shares, in persons of the younger age.
        after = after * (before.sum(axis=0) / np.maximum(after.sum(axis=0), 1e-9))
        for o in (U, E, F):
            share[g, o] = np.clip(((before[o] - after[o]) * reach).sum() / (before[o] * reach**2).sum(), 0, 1)
        share[g, G] = 1.0
        rise = ((after[R] - before[R]) * reach).sum()
        posts = retire_reach[2 if g % 2 else 0, :MONTHS_A_YEAR].sum(axis=0)[:-1]
        filled = sum(share[g, o] * (before[o] * reach**2).sum() for o in (U, E, F))
        filled += (before[G] * posts * reach).sum()
        share[g, N] = np.clip((rise - filled) / (before[N] * reach**2).sum(), 0, 1)
    return share


def solve_base_odds(
    labour: np.ndarray,
    prior: np.ndarray,
    leave: np.ndarray,
    targets: Mapping[str, float] | None = None,
    near: BaseOdds | None = None,
) -> BaseOdds:
    """Base odds that keep the age profile of 2020 and the published yearly counts.

    Parameters
    ----------
    labour : ndarray (stratum, state, age)
        Base stocks, persons.
    prior : ndarray (stratum, flow, age)
        Prior monthly odds.
    leave : ndarray (stratum, month, state, age)
        From :func:`leave_rates`.
    targets : mapping, optional
        ``finds`` and ``transfers``: persons a year from unemployment into work and from farm into
        other work.
    near : BaseOdds, optional
        A solution for similar stocks: its scales of finding and transfer are kept and the search
        starts there. Give this or ``targets``.

    Raises
    ------
    CalibrationError
        The scales of finding and transfer do not settle.
    """
    people = labour.sum(axis=1)
    ages = np.arange(WORKING_AGE, labour.shape[2] - 1)
    shares = np.divide(labour, people[:, None], out=np.zeros_like(labour), where=people[:, None] > 0)
    g, a = (x.ravel() for x in np.meshgrid(np.arange(4), ages, indexing="ij"))
    start, target, weights = shares[g, :, a], cohort_target(shares)[g, :, a], people[g, a]
    leave_rate = leave[g, :, :, a]
    scale = np.ones(K) if near is None else near.scale
    u = np.zeros_like(start) if near is None else near.potentials
    for _ in range(ROUNDS if targets else 1):
        cell_prior = (prior * scale[None, :, None])[g, :, a]
        u, residual = _solve_potentials(start, target, cell_prior, leave_rate, u)
        odds = cell_prior * np.exp(u[:, DESTINATIONS] - u[:, ORIGINS])
        flows = twelve_months(start, odds, leave_rate)[1] * weights[:, None]
        if targets is None:
            break
        ratio = np.ones(K)
        ratio[FIND] = targets["finds"] / flows[:, FIND].sum()
        ratio[TRANSFER] = targets["transfers"] / flows[:, TRANSFER].sum()
        if np.abs(ratio - 1).max() < SETTLED:
            break
        # Separations follow the finds they feed, so a step beyond the ratio saves rounds.
        scale = scale * ratio**OVERSTEP
    else:
        raise CalibrationError("job finding and rural transfer do not settle", value=ratio.round(4).tolist())

    def by_age(cells: np.ndarray) -> np.ndarray:
        full = np.zeros((4, K, labour.shape[2]))
        full[g, :, a] = cells
        return full

    full_odds = by_age(odds)
    full_odds[:, :, -1] = full_odds[:, :, -2]
    return BaseOdds(full_odds, by_age(flows), float(np.abs(residual).max()), scale, u)
