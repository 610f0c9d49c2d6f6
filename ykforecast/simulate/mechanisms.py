"""What doses of levers do: one function for each mechanism, named by the ``mechanism`` of a lever's way.

A lever whose doses are all zero is never called, so it leaves every bit of a result as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ykforecast.kernels.flow_table import FLOWS, HIRES, ORIGIN, STATES
from ykforecast.simulate.policy import TAKE_UP, PolicyPaths, Setting, Use, band_weights, people
from ykforecast.simulate.scenarios import ResolvedScenario
from ykforecast.spec.lever import LeverSpec
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import ScenarioError

Mechanism = Callable[[Use, Setting, PolicyPaths], None]
MECHANISMS: dict[str, Mechanism] = {}


def mechanism(name: str) -> Callable[[Mechanism], Mechanism]:
    """Register a mechanism under the name that levers use."""

    def register(function: Mechanism) -> Mechanism:
        MECHANISMS[name] = function
        return function

    return register


def _into_work(k: int) -> bool:
    return k in HIRES


def _additional(use: Use, setting: Setting) -> np.ndarray:
    """Effective dose (draw, year) without what would have come about anyway: persons a year, or a share of odds."""
    deadweight = setting.programmes[f"deadweight_{use.way.programme}"]
    return np.asarray((1.0 - deadweight)[:, None] * use.effective)


def _displace(use: Use, setting: Setting, paths: PolicyPaths, hires: np.ndarray) -> None:
    """Part of the additional hires (draw, year) is lost by all who look for work in the same market."""
    displaced = setting.programmes[f"displacement_{use.way.programme}"][:, None] * hires
    paths.crowd(displaced / float(setting.annual_flows[:, list(HIRES)].sum()))


def _hire(
    use: Use, setting: Setting, paths: PolicyPaths, hires: np.ndarray, weights: np.ndarray, persons: float
) -> None:
    """Additional hires (draw, year) of those reached, less those that others lose."""
    paths.scale_odds(hires / persons, weights)
    _displace(use, setting, paths, hires)


def _joining(use: Use, setting: Setting) -> float:
    """New contributors of the base year among those whom a lever reaches, persons a year."""
    audience = use.way.audience
    states = [STATES.index(name) for name in audience.states] or list(range(len(STATES)))
    return float((setting.annual_take_up[:, states] * people(audience)[:, None]).sum())


@mechanism("flow_odds")
def _flow_odds(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """A relative rise of the odds of the lever's flows, or a fall where the flow is a loss of work.

    Who finds or keeps work through a programme takes part of it from others.
    """
    sign = -1.0 if set(use.way.flows) <= {"separate", "exit"} else 1.0
    weights, persons = band_weights(setting, use.way)
    relative = use.effective if use.way.programme is None else _additional(use, setting)
    paths.scale_odds(sign * relative, weights)
    if use.way.programme is not None:
        _displace(use, setting, paths, relative * persons)


@mechanism("hires")
def _hires(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Posts that become hires: the additional ones over the base year's flow into work of those reached."""
    hires = _additional(use, setting)
    displacement = setting.programmes[f"displacement_{use.way.programme}"][:, None]
    paths.add("programme_posts", (1.0 - displacement) * hires)
    _hire(use, setting, paths, hires, *band_weights(setting, use.way, _into_work))


@mechanism("transfers")
def _transfers(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Rural workers who leave the farm, over the base year's transfers."""
    _hire(use, setting, paths, _additional(use, setting), *band_weights(setting, use.way))


@mechanism("moves")
def _moves(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Rural residents who move to town with their work."""
    paths.add("moves", _additional(use, setting))


@mechanism("training")
def _training(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Subsidised training: the count at once, more finds among the trained without work as the effect comes."""
    paths.add("training", use.written[None, :])
    hires = setting.seekers[:, None] * _additional(use, setting)
    _hire(use, setting, paths, hires, *band_weights(setting, use.way))


@mechanism("displacement")
def _displacement(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Posts displaced by intelligent technology, less those retrained: separations rise."""
    weights, _ = band_weights(setting, use.way)
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
    weights, _ = band_weights(setting, use.way)
    paths.scale_odds(np.expm1(-use.effective * yearly), weights)


@mechanism("take_up")
def _take_up(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """A relative rise of the take-up of the enterprise pension among those reached."""
    paths.scale_pension(TAKE_UP, use.effective * (_joining(use, setting) / setting.annual_take_up.sum()))


@mechanism("enrolment_gap")
def _enrolment_gap(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """New jobs whose holders join the pension less often than flexible workers do: take-up of all of them falls."""
    part = np.cumsum(use.effective, axis=1) / setting.flexible_workers
    paths.scale_pension(TAKE_UP, -part * (_joining(use, setting) / setting.annual_take_up.sum()))


@mechanism("resident_transfers")
def _resident_transfers(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Persons who come into the employees' scheme; the kernel finds them among those who could join in the year."""
    paths.add("joiners", use.effective)


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


@mechanism("output")
def _output(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """Growth of output beside that of work: by persons or posts of the year, or by a share of them."""
    counted = use.lever.dose_unit not in {"1", "1/year"}
    paths.add("output", use.effective / setting.employed if counted else use.effective)


@mechanism("benefit_growth")
def _benefit_growth(use: Use, setting: Setting, paths: PolicyPaths) -> None:
    """A faster rise of pensions: those of employees, and the base pension of residents (专栏9 names both)."""
    for moved in ("benefit_growth", "base_pension_growth"):
        paths.add(moved, use.effective)


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
MECHANISMS["programme_workers"] = _ledger("poverty_alleviated_workers")
MECHANISMS["card_issuance"] = _ledger()
# Recruitment is solved for the posts of each year, these included.
MECHANISMS["public_posts"] = _ledger("public_posts")
MECHANISMS["attainment"] = _ledger("college_entry", cumulative=True)
MECHANISMS["wage_growth"] = _ledger("wage_growth")
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
        Draws of a parameter; ``effect_<lever>`` and ``effect_<lever>_<mechanism>`` are what one unit of dose does.
    setting : Setting
    """
    paths = PolicyPaths()
    for key, lever in levers.items():
        if scenario.is_off(key):
            continue
        for name, way in lever.ways(key):
            effect = np.ones(1) if way.effect is None else value(name)
            use = Use(key, lever, way, scenario.dose(key), scenario.force(key), effect)
            MECHANISMS[way.mechanism](use, setting, paths)
    return paths
