"""What a scenario changes, and what its levers may look at: factors on odds and hazards, amounts for ledgers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from ykforecast.kernels.flow_table import CLASS, CLASSES, DESTINATION, FLOWS, HIRES, ORIGIN, STATES
from ykforecast.processes.policy_bands import AGE_BAND, BAND_STARTS
from ykforecast.spec.lever import Audience, LeverSpec, Way
from ykforecast.vocabulary.dims import AGES, STRATA, YEARS

TAKE_UP, RETURN, INTERRUPT = range(3)


@dataclass(frozen=True, slots=True)
class Setting:
    """What mechanisms may look at.

    Attributes
    ----------
    annual_flows : ndarray (stratum, flow, age)
        Persons a year moved by each flow in the base year.
    annual_take_up : ndarray (stratum, state, age)
        New contributors a year in the base year, persons.
    programmes : mapping of str to ndarray (draw,)
        ``deadweight_<kind>``, share of those counted who would have found work anyway, and ``displacement_<kind>``,
        share of the additional hires that other job seekers lose.
    seekers : ndarray (draw,)
        Share of the subsidised person-times of training that goes to people without work.
    enterprise_staff, flexible_workers, employed : float
        Enterprise employees, flexible workers and all employed in the base year, persons.
    separation_rise : ndarray (draw, month)
        Rise of the log odds of separation in bad months; zero in good ones.
    """

    annual_flows: np.ndarray
    annual_take_up: np.ndarray
    programmes: Mapping[str, np.ndarray]
    seekers: np.ndarray
    enterprise_staff: float
    flexible_workers: float
    employed: float
    separation_rise: np.ndarray


@dataclass(slots=True)
class PolicyPaths:
    """What a scenario changes, by draw (or once for all draws) and year.

    Attributes
    ----------
    odds : ndarray (draw or 1, year, flow, stratum, band)
        Factors on the odds of the labour flows, but for crowding.
    crowding : ndarray (draw or 1, year)
        Factor on the odds of all hires: what programmes take from other job seekers.
    pension : ndarray (draw or 1, year, 3)
        Factors on take-up, return and interruption of the enterprise pension.
    added : dict of str to ndarray (draw or 1, year)
        Amounts that the ledgers take up, by the name of what they move.
    delayed_retirement : bool
        Whether the rule of 2025 holds.
    """

    odds: np.ndarray = field(
        default_factory=lambda: np.ones((1, len(YEARS), len(FLOWS), len(STRATA), len(BAND_STARTS)))
    )
    crowding: np.ndarray = field(default_factory=lambda: np.ones((1, len(YEARS))))
    pension: np.ndarray = field(default_factory=lambda: np.ones((1, len(YEARS), 3)))
    added: dict[str, np.ndarray] = field(default_factory=dict)
    delayed_retirement: bool = False

    def scale_odds(self, relative: np.ndarray, weights: np.ndarray) -> None:
        """Multiply odds by ``1 + weights * relative``; relative (draw, year), weights (flow, stratum, band)."""
        if len(self.odds) < len(relative):
            self.odds = np.repeat(self.odds, len(relative), axis=0)
        for k in np.flatnonzero(weights.any(axis=(1, 2))):
            self.odds[:, :, k] *= np.maximum(1.0 + relative[:, :, None, None] * weights[k], 0.0)

    def crowd(self, relative: np.ndarray) -> None:
        """Lower the odds of all hires by a share (draw, year)."""
        self.crowding = self.crowding * np.maximum(1.0 - relative, 0.0)

    def factors(self) -> np.ndarray:
        """Factors on the odds of all flows, crowding included, read only: (draw or 1, year, flow, stratum, band)."""
        if (self.crowding == 1.0).all():
            return self.odds
        if len(self.odds) < len(self.crowding):
            self.odds = np.repeat(self.odds, len(self.crowding), axis=0)
        crowded = self.odds.copy()
        crowded[:, :, list(HIRES)] *= self.crowding[:, :, None, None, None]
        return crowded

    def scale_pension(self, which: int, relative: np.ndarray) -> None:
        """Multiply a pension hazard by ``1 + relative`` (draw, year)."""
        factor = np.ones((relative.shape[0], len(YEARS), 3))
        factor[:, :, which] = np.maximum(1.0 + relative, 0.0)
        self.pension = self.pension * factor

    def add(self, name: str, amount: np.ndarray) -> None:
        """Add an amount (draw, year) to a ledger."""
        self.added[name] = self.added[name] + amount if name in self.added else amount

    def amount(self, name: str) -> np.ndarray:
        """Amount (draw or 1, year) added to a ledger; zeros if none."""
        return self.added.get(name, np.zeros((1, len(YEARS))))


@dataclass(frozen=True, slots=True)
class Use:
    """One lever in use in a scenario, in one of its ways.

    Attributes
    ----------
    key : str
    lever : LeverSpec
    way : Way
    written, in_force : ndarray (year,)
        Doses as written, and after delay and phase-in, in the lever's unit.
    effect : ndarray (draw,)
        What one unit of dose does.
    """

    key: str
    lever: LeverSpec
    way: Way
    written: np.ndarray
    in_force: np.ndarray
    effect: np.ndarray

    @property
    def effective(self) -> np.ndarray:
        """Effect times dose in force, (draw, year)."""
        product: np.ndarray = self.effect[:, None] * self.in_force[None, :]
        return product


def people(audience: Audience) -> np.ndarray:
    """Whom a lever reaches by sex, residence and age, (stratum, age), true or false."""
    ages = np.asarray(AGES)
    strata = np.array(
        [audience.sex in (None, sex) and audience.residence in (None, residence) for residence, sex in STRATA]
    )
    aged = (ages >= audience.first_age) & (ages <= audience.last_age)
    return strata[:, None] & aged[None, :]


def reach(way: Way) -> Iterator[tuple[int, np.ndarray]]:
    """Flows that a lever moves, with the mask (stratum, age) of whom it reaches."""
    for k in range(len(FLOWS)):
        if CLASSES[CLASS[k]] not in way.flows:
            continue
        if way.audience.states and STATES[ORIGIN[k]] not in way.audience.states:
            continue
        if way.into and STATES[DESTINATION[k]] not in way.into:
            continue
        yield k, people(way.audience)


def band_weights(setting: Setting, way: Way, keep: Callable[[int], bool] = lambda k: True) -> tuple[np.ndarray, float]:
    """Share of each flow and band that a lever reaches (flow, stratum, band), and the persons a year it reaches.

    Odds are moved by sex, residence and band of ages: a lever that reaches part of a band moves the whole of it by
    its share, so that as many persons are moved.
    """
    weights, persons = np.zeros((len(FLOWS), len(STRATA), len(BAND_STARTS))), 0.0
    inside = np.equal.outer(AGE_BAND, np.arange(len(BAND_STARTS))).astype(float)
    for k, mask in reach(way):
        if not keep(k):
            continue
        flow = setting.annual_flows[:, k]
        persons += float(flow[mask].sum())
        whole = flow @ inside
        np.divide((flow * mask) @ inside, whole, out=weights[k], where=whole > 0)
    return weights, persons
