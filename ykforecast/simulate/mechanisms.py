"""What doses of levers do: factors on odds and hazards, persons and points added to ledgers.

Each mechanism is one function in a registry, named by the ``mechanism`` of a lever. A lever whose doses
are all zero is never called, so it leaves every bit of a result as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from ykforecast.kernels.flow_table import CLASS, CLASSES, DESTINATION, FLOWS, HIRES, ORIGIN, STATES
from ykforecast.processes.policy_bands import AGE_BAND, BAND_STARTS
from ykforecast.simulate.scenarios import ResolvedScenario
from ykforecast.spec.lever import Audience, LeverSpec
from ykforecast.vocabulary.dims import AGES, STRATA, YEARS
from ykforecast.vocabulary.errors import ScenarioError

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
    displacement : ndarray (draw,)
        Share of the hires of a programme that other job seekers lose.
    enterprise_staff : float
        Enterprise employees in the base year, persons.
    separation_rise : ndarray (draw, month)
        Rise of the log odds of separation in bad months; zero in good ones.
    """

    annual_flows: np.ndarray
    annual_take_up: np.ndarray
    displacement: np.ndarray
    enterprise_staff: float
    separation_rise: np.ndarray


@dataclass(slots=True)
class PolicyPaths:
    """What a scenario changes, by draw (or once for all draws) and year.

    Attributes
    ----------
    odds : ndarray (draw or 1, year, flow, band)
        Factors on the odds of the labour flows.
    pension : ndarray (draw or 1, year, 3)
        Factors on take-up, return and interruption of the enterprise pension.
    added : dict of str to ndarray (draw or 1, year)
        Amounts that the ledgers take up, by the name of what they move.
    delayed_retirement : bool
        Whether the rule of 2025 holds.
    """

    odds: np.ndarray = field(default_factory=lambda: np.ones((1, len(YEARS), len(FLOWS), len(BAND_STARTS))))
    pension: np.ndarray = field(default_factory=lambda: np.ones((1, len(YEARS), 3)))
    added: dict[str, np.ndarray] = field(default_factory=dict)
    delayed_retirement: bool = False

    def scale_odds(self, relative: np.ndarray, weights: np.ndarray) -> None:
        """Multiply odds by ``1 + weights * relative``; relative (draw, year), weights (flow, band)."""
        if len(self.odds) < len(relative):
            self.odds = np.repeat(self.odds, len(relative), axis=0)
        moved = np.flatnonzero(weights.any(axis=1))
        factor = 1.0 + relative[:, :, None, None] * weights[moved]
        self.odds[:, :, moved] *= np.maximum(factor, 0.0)

    def scale_pension(self, which: int, relative: np.ndarray) -> None:
        """Multiply a pension hazard by ``1 + relative`` (draw, year)."""
        factor = np.ones((relative.shape[0], len(YEARS), 3))
        factor[:, :, which] = 1.0 + relative
        self.pension = self.pension * factor

    def add(self, name: str, amount: np.ndarray) -> None:
        """Add an amount (draw, year) to a ledger."""
        self.added[name] = self.added[name] + amount if name in self.added else amount

    def amount(self, name: str) -> np.ndarray:
        """Amount (draw or 1, year) added to a ledger; zeros if none."""
        return self.added.get(name, np.zeros((1, len(YEARS))))


@dataclass(frozen=True, slots=True)
class Use:
    """One lever in use in a scenario.

    Attributes
    ----------
    key : str
    lever : LeverSpec
    written, in_force : ndarray (year,)
        Doses as written, and after delay and phase-in, in the lever's unit.
    effect : ndarray (draw,)
        What one unit of dose does.
    """

    key: str
    lever: LeverSpec
    written: np.ndarray
    in_force: np.ndarray
    effect: np.ndarray

    @property
    def effective(self) -> np.ndarray:
        """Effect times dose in force, (draw, year)."""
        product: np.ndarray = self.effect[:, None] * self.in_force[None, :]
        return product


Mechanism = Callable[[Use, Setting, PolicyPaths], None]
MECHANISMS: dict[str, Mechanism] = {}


def mechanism(name: str) -> Callable[[Mechanism], Mechanism]:
    """Register a mechanism under the name that levers use."""

    def register(function: Mechanism) -> Mechanism:
        MECHANISMS[name] = function
        return function

    return register


def people(audience: Audience) -> np.ndarray:
    """Whom a lever reaches by sex, residence and age, (stratum, age), true or false."""
    ages = np.asarray(AGES)
    strata = np.array(
        [audience.sex in (None, sex) and audience.residence in (None, residence) for residence, sex in STRATA]
    )
    aged = (ages >= audience.first_age) & (ages <= audience.last_age)
    return strata[:, None] & aged[None, :]


def reach(audience: Audience, classes: tuple[str, ...]) -> Iterator[tuple[int, np.ndarray]]:
    """Flows that a lever moves, with the mask (stratum, age) of whom it reaches."""
    for k in range(len(FLOWS)):
        if CLASSES[CLASS[k]] not in classes:
            continue
        if audience.states and STATES[ORIGIN[k]] not in audience.states:
            continue
        yield k, people(audience)


def band_weights(
    setting: Setting, lever: LeverSpec, keep: Callable[[int], bool] = lambda k: True
) -> tuple[np.ndarray, float]:
    """Share of each flow and band that a lever reaches (flow, band), and the persons a year it reaches."""
    weights, persons = np.zeros((len(FLOWS), len(BAND_STARTS))), 0.0
    for k, mask in reach(lever.audience, lever.flows):
        if not keep(k):
            continue
        flow = setting.annual_flows[:, k]
        persons += float(flow[mask].sum())
        for band in range(len(BAND_STARTS)):
            inside = AGE_BAND == band
            whole = flow[:, inside].sum()
            if whole > 0:
                weights[k, band] = (flow * mask)[:, inside].sum() / whole
    return weights, persons


def _into_work(k: int) -> bool:
    return k in HIRES


def _hire(use: Use, setting: Setting, paths: PolicyPaths, weights: np.ndarray, persons: float) -> None:
    """More hires of those reached; a part of them is lost by all who look for work in the same market."""
    paths.scale_odds(use.effective / persons, weights)
    everybody = np.zeros_like(weights)
    everybody[list(HIRES)] = 1.0
    hired = float(setting.annual_flows[:, list(HIRES)].sum())
    paths.scale_odds(-setting.displacement[:, None] * use.effective / hired, everybody)


def _joining(use: Use, setting: Setting) -> float:
    """New contributors of the base year among those whom a lever reaches, persons a year."""
    audience = use.lever.audience
    states = [STATES.index(name) for name in audience.states] or list(range(len(STATES)))
    return float((setting.annual_take_up[:, states] * people(audience)[:, None]).sum())


@mechanism("flow_odds")
def _flow_odds(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """A relative rise of the odds of the lever's flows, or a fall where the flow is a loss of work."""
    sign = -1.0 if set(use.lever.flows) <= {"separate", "exit"} else 1.0
    weights, _ = band_weights(setting, use.lever)
    paths.scale_odds(sign * use.effective, weights)


@mechanism("flexible_odds")
def _flexible_odds(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """A relative rise of the odds of going into flexible work only."""
    flexible = STATES.index("flexible")
    weights, _ = band_weights(setting, use.lever, lambda k: DESTINATION[k] == flexible)
    paths.scale_odds(use.effective, weights)


@mechanism("hires")
def _hires(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Posts that become hires: net new hires over the base year's flow into work of those reached."""
    paths.add("programme_posts", (1.0 - setting.displacement[:, None]) * use.effective)
    _hire(use, setting, paths, *band_weights(setting, use.lever, _into_work))


@mechanism("transfers")
def _transfers(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Rural workers who leave the farm, over the base year's transfers; they move to town."""
    weights, persons = band_weights(setting, use.lever)
    paths.scale_odds(use.effective / persons, weights)
    paths.add("moves", use.effective)


@mechanism("training")
def _training(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Subsidised training: the count at once, more finds among the unemployed as the effect comes."""
    paths.add("training", use.written[None, :])
    _hire(use, setting, paths, *band_weights(setting, use.lever))


@mechanism("displacement")
def _displacement(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Posts displaced by intelligent technology, less those retrained: separations rise."""
    weights, _ = band_weights(setting, use.lever)
    enterprise = STATES.index("enterprise")
    leaving = sum(
        float(setting.annual_flows[:, k].sum())
        for k in range(len(FLOWS))
        if ORIGIN[k] == enterprise and weights[k].any()
    )
    paths.scale_odds(use.effective * setting.enterprise_staff / leaving, weights)


@mechanism("downturn_relief")
def _downturn_relief(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Part of the rise of separations in a downturn that is prevented; nothing in good months."""
    rise = setting.separation_rise
    yearly = rise.reshape(rise.shape[0], len(YEARS), -1).mean(axis=2)
    weights, _ = band_weights(setting, use.lever)
    paths.scale_odds(np.expm1(-use.effective * yearly), weights)


@mechanism("take_up")
def _take_up(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """A relative rise of the take-up of the enterprise pension among those reached."""
    paths.scale_pension(TAKE_UP, use.effective * (_joining(use, setting) / setting.annual_take_up.sum()))


@mechanism("resident_transfers")
def _resident_transfers(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Persons who come into the employees' scheme, over the base year's take-up."""
    paths.scale_pension(TAKE_UP, use.effective / setting.annual_take_up.sum())


@mechanism("statutory_age")
def _statutory_age(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """The retirement rule of 2025, which is in force from January of that year."""
    if not use.written[-1]:
        raise ScenarioError(
            "the rule is in force from January 2025 only",
            key=use.key,
            value=dict(zip(YEARS, use.written.tolist(), strict=True)),
            remedy=f"Give the dose for {YEARS[-1]}.",
        )
    paths.delayed_retirement = True


def _ledger(name: str | None = None, *, cumulative: bool = False) -> Mechanism:
    """A mechanism that adds dose times effect to a ledger: by year, or as points that stay."""

    def add(use: Use, setting: Setting, paths: PolicyPaths) -> None:
        amount = use.effective
        for moved in use.lever.moves[:1] if name is None else (name,):
            paths.add(moved, np.cumsum(amount, axis=1) if cumulative else amount)

    return add


MECHANISMS["coverage"] = _ledger(cumulative=True)
MECHANISMS["insured_share"] = _ledger(cumulative=True)
MECHANISMS["standard_growth"] = _ledger()
MECHANISMS["programme_workers"] = _ledger()
MECHANISMS["card_issuance"] = _ledger()
# Recruitment is solved for the posts of each year, these included.
MECHANISMS["public_posts"] = _ledger("public_posts")
MECHANISMS["attainment"] = _ledger("college_entry", cumulative=True)
MECHANISMS["benefit_growth"] = _ledger("benefit_growth")
MECHANISMS["collection"] = _ledger("collection")


def policy_paths(
    scenario: ResolvedScenario,
    levers: Mapping[str, LeverSpec],
    value: Callable[[str], np.ndarray],
    setting: Setting,
) -> PolicyPaths:
    """All that the levers of a scenario change.

    Parameters
    ----------
    scenario : ResolvedScenario
    levers : mapping of LeverSpec by key
    value : function of a name to ndarray (draw,)
        Draws of a parameter; ``effect_<lever>`` is what one unit of dose does.
    setting : Setting
    """
    paths = PolicyPaths()
    for key, lever in levers.items():
        if scenario.is_off(key):
            continue
        effect = np.ones(1) if lever.effect is None else value(f"effect_{key}")
        use = Use(key, lever, scenario.dose(key), scenario.force(key), effect)
        MECHANISMS[lever.mechanism](use, setting, paths)
    return paths
