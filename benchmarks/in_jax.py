"""The whole kernel in JAX: one draw in pure functions, ``scan`` over months and years, ``vmap`` over draws.

The equations of the twin in the form that XLA fuses best: elementwise arrays (stratum, adult age), flows at every
age, yearly sums by age and reduced once a year. Double precision, as the kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tests.reference.cohort_twin import GROUP_EDGES, RETIRING_STATES, TOTALS, WORKING, A, E, F, G, R, U
from ykforecast.kernels import draw_columns
from ykforecast.kernels.flow_table import CLASS, CLASSES, DESTINATION, FINDS, HIRES, ORIGIN, SEPARATIONS
from ykforecast.kernels.layout import ADULT, LABOUR, YEARS

jax.config.update("jax_enable_x64", True)

#: Draws of one call: of 1 to 1,024 the fastest.
BLOCK = 16
_COUNTED = {"hires": HIRES, "finds": FINDS, "separations": SEPARATIONS}
_SUMS = (
    "unemployed_months", "employed_months", *_COUNTED, "statutory_retirements", "government_entries", "take_up",
    "returns", "interruptions", "pension_leavers", "pension_entries",
)  # fmt: skip


def _everybody(labour: Any, child: Any) -> Any:
    """Residents (stratum, age) of all ages."""
    return jnp.concatenate([child, sum(labour)], axis=-1)


def _older(stock: Any) -> Any:
    """A year older; the open age keeps its own and the first is left empty."""
    last = stock[..., -2:-1] + stock[..., -1:]
    return jnp.concatenate([jnp.zeros_like(last), stock[..., :-2], last], axis=-1)


def _moved(stock: Any, share: Any) -> Any:
    moving = stock[2:] * share
    return jnp.concatenate([stock[:2] + moving, stock[2:] - moving])


def _hazards(given: dict[str, Any]) -> np.ndarray:
    """Share that retires at the statutory age, (month, origin, stratum, adult age)."""
    found = []
    for origin in RETIRING_STATES:
        category = [0, 2, 0, 2] if origin == G else [0, 1, 0, 1]
        rho = given["retire_share"][:, origin, None, None]
        left = 1.0 - rho * given["retire_passed"][category]
        hazard = rho * given["retire_reach"][category] / np.where(left > 1e-12, left, 1e-12)
        if origin == G:
            hazard = hazard + (1.0 - hazard) * given["public_early"][:, None]
        found.append(hazard)
    return np.stack(found)[..., ADULT:].transpose(2, 0, 1, 3)


def compiled(shared: dict[str, Any]) -> Callable[..., dict[str, np.ndarray]]:
    """Front door of a city: takes draws as ``run_cohorts`` does, with one policy for all; gives what it always has."""
    adult = {
        name: shared[name][..., ADULT:]
        for name in (
            "labour0", "labour_tilt", "pension0", "pension_tilt", "base_odds", "odds_tilt", "take_up_shape",
            "interrupt_shape", "contract_cover", "age_band",
        )
    }  # fmt: skip
    kappa = {state: shared["kappa"][:, state, None] for state in (E, F, A)}
    retire = _hazards(shared)
    enter = shared["pension_entry"][..., ADULT:].transpose(1, 0, 2)
    take_up_shape = adult["take_up_shape"]

    def coverable(labour: Any) -> Any:
        return sum(kappa[state] * labour[state] for state in (E, F, A))

    def month(terms: dict[str, Any], state: Any, inputs: Any) -> Any:
        labour, (contributor, interrupted, retiree, government), sums = state
        multiplier, lapse, retiring, entering_at = inputs
        odds = [terms["odds"][k] * multiplier[CLASS[k]] for k in range(len(CLASS))]
        stay = [labour[o] / (1.0 + sum(odds[k] for k in range(len(CLASS)) if ORIGIN[k] == o)) for o in range(LABOUR)]
        flows = [odds[k] * stay[ORIGIN[k]] for k in range(len(CLASS))]
        new = [stay[d] + sum(flows[k] for k in range(len(CLASS)) if DESTINATION[k] == d) for d in range(LABOUR)]
        added = {name: sum(flows[k] for k in members) for name, members in _COUNTED.items()}
        posts = new[E] - labour[E] - terms["normal"] * sum(labour)
        leaving = [new[origin] * retiring[j] for j, origin in enumerate(RETIRING_STATES)]
        for origin, gone in zip(RETIRING_STATES, leaving, strict=True):
            new[origin] = new[origin] - gone
        added["statutory_retirements"] = sum(leaving)
        added["government_entries"] = leaving[RETIRING_STATES.index(G)]
        new[R] = new[R] + added["statutory_retirements"]
        government = government + added["government_entries"]

        gap = coverable(new) - contributor
        take_up = terms["hazard"] * take_up_shape * jnp.maximum(gap, 0.0)
        interruption = contributor * adult["interrupt_shape"] * lapse + terms["shed"] * jnp.maximum(-gap, 0.0)
        returning, left = terms["rho"] * interrupted, terms["omega"] * interrupted
        contributor = contributor + take_up + returning - interruption
        interrupted = interrupted + interruption - returning - left
        gained = jnp.maximum(terms["follow"] * adult["contract_cover"] * posts, -contributor)
        resumed = jnp.minimum(terms["account"] * gained, interrupted)
        contributor, interrupted = contributor + gained, interrupted - resumed
        entries = entering_at * (contributor + interrupted)
        added |= {
            "unemployed_months": new[U],
            "employed_months": sum(new[state] for state in WORKING),
            "take_up": take_up + gained - resumed,
            "returns": returning,
            "interruptions": interruption - resumed,
            "pension_leavers": left,
            "pension_entries": entries,
        }
        pension = (
            contributor - entering_at * contributor, interrupted - entering_at * interrupted, retiree + entries,
            government,
        )  # fmt: skip
        return (tuple(new), pension, {name: sums[name] + added[name] for name in _SUMS}), None

    def year(fixed: dict[str, Any], state: Any, inputs: dict[str, Any]) -> Any:
        labour, pension, child, missing = state
        change = inputs["pension_policy"]
        pool_of = take_up_shape * jnp.maximum(coverable(labour) - pension[0], 0.0)
        pool = pool_of.sum()
        weight = (take_up_shape * pool_of).sum() / pool
        hazard = fixed["up_level"] * change[0]
        joiners, half = inputs["joiners"], (1.0 - hazard * weight) ** 6
        left = jnp.maximum(pool - weight * joiners / 2.0, pool / 10.0)
        asked = (hazard * (pool + missing * half) + joiners / 12.0) / left
        terms = {
            "odds": fixed["odds"] * inputs["policy"][..., adult["age_band"]],
            "hazard": jnp.minimum(asked, 1.0 / shared["take_up_shape"].max()),
            "rho": fixed["rho"] * change[1],
            **{name: fixed[name] for name in ("normal", "shed", "omega", "follow", "account")},
        }
        missing = (missing * half + weight * joiners) * half
        lapse = fixed["delta"] * change[2] * jnp.exp(fixed["beta_delta"] * inputs["z"])
        months = (inputs["multiplier"], lapse / (1.0 + lapse), inputs["retire"], inputs["enter"])
        zeros = {name: jnp.zeros_like(labour[0]) for name in _SUMS}
        (labour, pension, sums), _ = jax.lax.scan(
            lambda carried, given: month(terms, carried, given), (labour, pension, zeros), months
        )
        flows = {name: values.sum(axis=-1) for name, values in sums.items()}
        flows["labour_force_months"] = flows["unemployed_months"] + flows["employed_months"]
        labour, pension, child, ends = year_end(fixed, inputs, labour, pension, child)
        flows |= ends
        stocks = [jnp.pad(stock, ((0, 0), (ADULT, 0))) for stock in (*labour, *pension)]
        stocks.insert(LABOUR, jnp.pad(child, ((0, 0), (0, stocks[0].shape[1] - ADULT))))
        found = jnp.stack(stocks), jnp.stack([flows[name] for name in TOTALS])
        return (labour, pension, child, missing), found

    def year_end(fixed: dict[str, Any], inputs: dict[str, Any], labour: Any, pension: Any, child: Any) -> Any:
        q, q_birth = inputs["q"], inputs["q_birth"]
        survival = (1.0 - q) / (1.0 - q + q * fixed["mort"][:, None])
        before = _everybody(labour, child)
        deaths, lost = before * (1.0 - survival), 1.0 - survival[:, ADULT:]
        flows = {
            "pension_deaths": (sum(pension[:3]) * lost).sum(axis=-1),
            "government_deaths": (pension[3] * lost).sum(axis=-1),
            "public_exits_by_death": (labour[G] * lost).sum(axis=-1),
        }
        labour = jnp.stack([_older(stock * survival[:, ADULT:]) for stock in labour])
        pension = jnp.stack([_older(stock * survival[:, ADULT:]) for stock in pension])
        grown = child * survival[:, :ADULT]
        flows["turned_16"] = grown[:, -1]
        labour = labour.at[:, :, 0].set((grown[:, -1:] * shared["entry16"]).T)
        child = jnp.concatenate([jnp.zeros_like(grown[:, :1]), grown[:, :-1]], axis=-1)
        women = ((before + _everybody(labour, child)) / 2.0)[jnp.array([1, 3])]
        births = inputs["fert_level"] * (inputs["fert"] * women).sum(axis=-1)
        boys = inputs["srb"] / (1.0 + inputs["srb"])
        born = births[jnp.array([0, 0, 1, 1])] * jnp.stack([boys, 1.0 - boys, boys, 1.0 - boys])
        survival_birth = (1.0 - q_birth) / (1.0 - q_birth + q_birth * fixed["mort"])
        child = child.at[:, 0].set(born * survival_birth)
        flows |= {"births": born, "infant_deaths": born * (1.0 - survival_birth)}
        flows["deaths"] = deaths.sum(axis=-1) + flows["infant_deaths"]

        rate = jnp.maximum(shared["mig0"] + inputs["mig_level"] * shared["mig1"], -0.9)
        flows["net_migration"] = (_everybody(labour, child) * rate).sum(axis=-1)
        flows["pension_net_migration"] = (pension[:3].sum(axis=0) * rate[:, ADULT:]).sum(axis=-1)
        flows["government_net_migration"] = (pension[3] * rate[:, ADULT:]).sum(axis=-1)
        labour, pension = labour * (1.0 + rate[:, ADULT:]), pension * (1.0 + rate[:, ADULT:])
        child = child * (1.0 + rate[:, :ADULT])
        share = shared["mv"] * inputs["move_level"]
        moved = (_everybody(labour, child)[2:] * share).sum(axis=-1)
        flows["moves"] = jnp.concatenate([moved, -moved])
        labour, pension = (tuple(_moved(stock, share[:, ADULT:]) for stock in stocks) for stocks in (labour, pension))
        return labour, pension, _moved(child, share[:, :ADULT]), flows

    def draw(params: Any, z: Any, policy: Any, pension_policy: Any, pulse: Any) -> Any:
        p = {name: params[columns] for name, columns in draw_columns.COLUMNS.items()}
        w = p["w"][: len(shared["labour_tilt"])]

        def tilted(name: str) -> Any:
            return jnp.tensordot(w, adult[name], axes=1)

        labour = jnp.moveaxis(adult["labour0"] + tilted("labour_tilt"), 1, 0)
        pension = jnp.moveaxis(adult["pension0"] + tilted("pension_tilt"), 1, 0)
        multiplier = jnp.exp(p["theta"][:, None] + p["beta"][:, None] * z[None] + p["pulse"][:, None] * pulse[None])
        public = CLASSES.index("public")
        multiplier = multiplier.at[public].multiply(jnp.repeat(p["recruit"], 12)).T.reshape(YEARS, 12, -1)
        held = shared["labour0"].sum(axis=1)[:, ADULT:]
        share = labour[E] / jnp.maximum(held, 1e-300)
        fixed = {
            "odds": jnp.moveaxis(adult["base_odds"] + tilted("odds_tilt"), 1, 0),
            "normal": jnp.diff(share, axis=-1, append=share[:, -1:]) / 12.0,
            "mort": p["mort"],
            **{
                name: p[name][0]
                for name in ("up_level", "rho", "delta", "beta_delta", "shed", "omega", "follow", "account")
            },
        }
        inputs = {
            "policy": policy,
            "pension_policy": pension_policy,
            "multiplier": multiplier,
            "z": z.reshape(YEARS, 12),
            "retire": retire.reshape(YEARS, 12, *retire.shape[1:]),
            "enter": enter.reshape(YEARS, 12, *enter.shape[1:]),
            **{name: p[name] for name in ("joiners", "fert_level", "mig_level", "move_level")},
            **{name: shared[name] for name in ("q", "q_birth", "fert", "srb")},
        }
        state = (tuple(labour), tuple(pension), jnp.asarray(shared["child0"][:, :ADULT]), 0.0)
        _, (stocks, flows) = jax.lax.scan(lambda carried, given: year(fixed, carried, given), state, inputs)
        start = [jnp.pad(stock, ((0, 0), (ADULT, 0))) for stock in (*state[0], *state[1])]
        start.insert(LABOUR, jnp.asarray(shared["child0"]))
        stocks = jnp.concatenate([jnp.stack(start)[None], stocks])
        edges = [*GROUP_EDGES, stocks.shape[-1]]
        people = stocks.sum(axis=2)
        groups = [people[..., low:high].sum(axis=-1) for low, high in zip(edges[:-1], edges[1:], strict=True)]
        return stocks.sum(axis=-1), jnp.stack(groups, axis=-1), flows

    run = jax.jit(jax.vmap(draw, in_axes=(0, 0, None, None, 0)))

    def front(params: Any, z: Any, policy: Any, pension_policy: Any, pulse: Any) -> dict[str, np.ndarray]:
        parts = []
        for first in range(0, len(params), BLOCK):
            rows = slice(first, first + BLOCK)
            found = run(params[rows], z[rows], policy[0], pension_policy[0], pulse[rows])
            parts.append([np.asarray(values) for values in found])
        names = ("stocks_by_stratum", "stocks_by_group", "flows_by_stratum")
        return dict(zip(names, map(np.concatenate, zip(*parts, strict=True)), strict=True))

    return front
