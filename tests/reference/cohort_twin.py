"""The cohort model in plain NumPy, vectorised over draws, written from its equations.

It shares with the kernel the flow table, the columns of parameters and nothing else:
ages are 0 to 100 without padding, flows are formed one by one and subtracted, sums are
NumPy's. Axes: draw, stratum (urban male, urban female, rural male, rural female), then
state or flow, then age.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ykforecast.kernels import draw_columns
from ykforecast.kernels.flow_table import (
    CLASS,
    CLASSES,
    DESTINATION,
    FINDS,
    FLOWS,
    HIRES,
    ORIGIN,
    RETIRING,
    SEPARATIONS,
    STATES,
)

N, U, E, G, F, A, R = (STATES.index(s) for s in
                       ("inactive", "unemployed", "enterprise", "public", "flexible", "farm", "retired"))  # fmt: skip
RETIRING_STATES = [STATES.index(name) for name in RETIRING]
WORKING = [E, G, F, A]
GROUP_EDGES = [0, 16, 25, 35, 45, 55, 60, 65]
TOTALS = (
    "births", "deaths", "net_migration", "moves", "turned_16", "unemployed_months", "labour_force_months",
    "employed_months", "hires", "finds", "separations", "statutory_retirements", "take_up", "returns",
    "interruptions", "pension_leavers", "pension_entries", "government_entries", "pension_deaths",
    "government_deaths", "public_exits_by_death", "infant_deaths", "pension_net_migration",
    "government_net_migration",
)  # fmt: skip


class Twin:
    """A batch of draws of the model, stepped month by month and year by year."""

    def __init__(
        self, shared: dict[str, Any], params: Any, z: Any, policy: Any, pension_policy: Any, pulse: Any
    ) -> None:
        self.given, self.z = shared, z
        self.p = {name: params[:, columns] for name, columns in draw_columns.COLUMNS.items()}
        self.policy, self.pension_policy = policy, pension_policy
        self.draws = len(params)
        w = self.p["w"][:, : len(shared["labour_tilt"])]
        self.labour = shared["labour0"] + np.einsum("dj,jgoa->dgoa", w, shared["labour_tilt"])
        self.odds = shared["base_odds"] + np.einsum("dj,jgka->dgka", w, shared["odds_tilt"])
        pension = shared["pension0"] + np.einsum("dj,jgoa->dgoa", w, shared["pension_tilt"])
        self.contributor, self.interrupted, self.retiree, self.government = (pension[:, :, i] for i in range(4))
        self.child = np.broadcast_to(shared["child0"], (self.draws, 4, 101))
        self.multiplier = np.exp(
            self.p["theta"][:, :, None]
            + self.p["beta"][:, :, None] * z[:, None, :]
            + self.p["pulse"][:, :, None] * pulse[:, None, :]
        )  # fmt: skip
        self.multiplier[:, CLASSES.index("public")] *= np.repeat(self.p["recruit"], 12, axis=1)
        self.sums: dict[str, np.ndarray] = {}
        self.missing = np.zeros(self.draws)
        share = self.labour[:, :, E] / np.maximum(shared["labour0"].sum(axis=1), 1e-300)
        #: Rise of the posts per resident from each age to the next in the base year, by month.
        self.normal = np.diff(share, axis=-1, append=share[..., -1:]) / 12

    def add(self, name: str, amount: np.ndarray) -> None:
        """Add (draw, stratum, age) to a flow of the year; keeps ages away."""
        total = amount.sum(axis=-1)
        self.sums[name] = self.sums[name] + total if name in self.sums else total

    def year_odds(self, year: int) -> np.ndarray:
        return self.odds * self.policy[:, year].swapaxes(1, 2)[..., self.given["age_band"]]

    def start_joining(self, year: int) -> None:
        """Hazard of take-up that brings the year's joiners beside all who would have joined without any."""
        shape = self.given["take_up_shape"]
        coverable = sum(self.given["kappa"][:, o, None] * self.labour[:, :, o] for o in (E, F, A))
        pool = (shape * np.maximum(coverable - self.contributor, 0)).sum(axis=(1, 2))
        weight = (shape**2 * np.maximum(coverable - self.contributor, 0)).sum(axis=(1, 2)) / pool
        hazard = self.p["up_level"][:, 0] * self.pension_policy[:, year, 0]
        joiners, half = self.p["joiners"][:, year], (1 - hazard * weight) ** 6
        left = np.maximum(pool - weight * joiners / 2, pool / 10)
        asked = (hazard * (pool + self.missing * half) + joiners / 12) / left
        self.missing = (self.missing * half + weight * joiners) * half
        self.hazard = np.minimum(asked, 1 / shape.max())[:, None, None]

    def month(self, t: int, odds: np.ndarray) -> np.ndarray:
        """Labour step, statutory retirement and pension of month ``t``; returns the ledger (draw, 30, stratum)."""
        year = t // 12
        ledger = np.zeros((self.draws, 30, 4))
        shifted = odds * self.multiplier[:, CLASS, t][:, None, :, None]
        denominator = np.ones_like(self.labour)
        for k, origin in enumerate(ORIGIN):
            denominator[:, :, origin] += shifted[:, :, k]
        new = self.labour.copy()
        for k, (origin, destination) in enumerate(zip(ORIGIN, DESTINATION, strict=True)):
            flow = self.labour[:, :, origin] * (shifted[:, :, k] / denominator[:, :, origin])
            new[:, :, origin] -= flow
            new[:, :, destination] += flow
            ledger[:, k] = flow.sum(axis=-1)
        self.posts = new[:, :, E] - self.labour[:, :, E] - self.normal * self.labour.sum(axis=2)
        self.labour = new
        for name, members in (("hires", HIRES), ("finds", FINDS), ("separations", SEPARATIONS)):
            self.add(name, sum(ledger[:, k] for k in members)[..., None])

        for j, origin in enumerate(RETIRING_STATES):
            category = [0, 2, 0, 2] if origin == G else [0, 1, 0, 1]
            rho = self.given["retire_share"][:, origin, None]
            left = 1.0 - rho * self.given["retire_passed"][category, t]
            hazard = rho * self.given["retire_reach"][category, t] / np.where(left > 1e-12, left, 1e-12)
            if origin == G:
                hazard = hazard + (1.0 - hazard) * self.given["public_early"]
            leaving = self.labour[:, :, origin] * hazard
            self.labour[:, :, origin] -= leaving
            self.labour[:, :, R] += leaving
            ledger[:, len(FLOWS) + j] = leaving.sum(axis=-1)
            self.add("statutory_retirements", leaving)
            if origin == G:
                self.government = self.government + leaving
                self.add("government_entries", leaving)

        self.pension(t, year)
        self.add("unemployed_months", self.labour[:, :, U])
        self.add("employed_months", self.labour[:, :, WORKING].sum(axis=2))
        self.add("labour_force_months", self.labour[:, :, [U, *WORKING]].sum(axis=2))
        return ledger

    def pension(self, t: int, year: int) -> None:
        def column(name: str) -> np.ndarray:
            return self.p[name][:, :1, None]

        change = self.pension_policy[:, year, :, None, None]
        kappa = self.given["kappa"]
        coverable = sum(kappa[:, o, None] * self.labour[:, :, o] for o in (E, F, A))
        x = column("delta") * change[:, 2] * np.exp(column("beta_delta") * self.z[:, t, None, None])
        open_to = self.given["take_up_shape"] * np.maximum(coverable - self.contributor, 0)
        take_up = self.hazard * open_to
        interruption = self.contributor * self.given["interrupt_shape"] * (x / (1 + x)) + column("shed") * np.maximum(
            self.contributor - coverable, 0
        )
        returning = column("rho") * change[:, 1] * self.interrupted
        leaving = column("omega") * self.interrupted
        self.contributor = self.contributor + take_up + returning - interruption
        self.interrupted = self.interrupted + interruption - returning - leaving
        wanted = column("follow") * self.given["contract_cover"] * self.posts
        gained = np.maximum(wanted, -self.contributor)
        resumed = np.minimum(column("account") * gained, self.interrupted)
        self.contributor, self.interrupted = self.contributor + gained, self.interrupted - resumed
        hazard = self.given["pension_entry"][:, t]
        entering = hazard * self.contributor, hazard * self.interrupted
        self.contributor = self.contributor - entering[0]
        self.interrupted = self.interrupted - entering[1]
        self.retiree = self.retiree + entering[0] + entering[1]
        for name, amount in (
            ("take_up", take_up + gained - resumed), ("returns", returning), ("interruptions", interruption - resumed),
            ("pension_leavers", leaving), ("pension_entries", entering[0] + entering[1]),
        ):  # fmt: skip
            self.add(name, amount)

    def year_end(self, year: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Deaths, births, migration, moves; returns deaths, net migration and moves by age."""
        given, mort = self.given, self.p["mort"][:, :, None]
        q = given["q"][year]
        survival = (1 - q) / (1 - q + q * mort)
        before = self.people()
        deaths = before * (1 - survival)
        self.add("deaths", deaths)
        covered = self.contributor + self.interrupted + self.retiree
        self.add("pension_deaths", covered * (1 - survival))
        self.add("government_deaths", self.government * (1 - survival))
        self.add("public_exits_by_death", self.labour[:, :, G] * (1 - survival))

        labour = _aged(self.labour, survival[:, :, None])
        child = _aged(self.child, survival)
        turned = child[:, :, 16].copy()
        child[:, :, 16:] = 0
        labour[:, :, :, 16] = turned[:, :, None] * given["entry16"]
        self.add("turned_16", turned[..., None])
        stocks = [self.contributor, self.interrupted, self.retiree, self.government]
        stocks = [_aged(stock, survival) for stock in stocks]

        women = ((before + labour.sum(axis=2) + child) / 2)[:, [1, 3]]
        births = self.p["fert_level"][:, year, None] * (given["fert"][year] * women).sum(axis=-1)
        boys = given["srb"][year] / (1 + given["srb"][year])
        by_stratum = births[:, [0, 0, 1, 1]] * np.array([boys, 1 - boys, boys, 1 - boys])
        q_birth = given["q_birth"][year]
        survival_birth = (1 - q_birth) / (1 - q_birth + q_birth * self.p["mort"])
        child[:, :, 0] = by_stratum * survival_birth
        infant_deaths = by_stratum * (1 - survival_birth)
        self.add("births", by_stratum[..., None])
        self.add("infant_deaths", infant_deaths[..., None])
        self.add("deaths", infant_deaths[..., None])

        rate = np.maximum(given["mig0"] + self.p["mig_level"][:, year, None, None] * given["mig1"], -0.9)
        migration = (labour.sum(axis=2) + child) * rate
        self.add("net_migration", migration)
        self.add("pension_net_migration", (stocks[0] + stocks[1] + stocks[2]) * rate)
        self.add("government_net_migration", stocks[3] * rate)
        labour, child = labour * (1 + rate)[:, :, None], child * (1 + rate)
        stocks = [stock * (1 + rate) for stock in stocks]

        share = given["mv"] * self.p["move_level"][:, year, None, None]
        moved = (labour.sum(axis=2) + child)[:, 2:] * share
        moves = np.concatenate([moved, -moved], axis=1)
        self.add("moves", moves)
        self.labour, self.child = _moved(labour, share[:, :, None]), _moved(child, share)
        self.contributor, self.interrupted, self.retiree, self.government = (_moved(stock, share) for stock in stocks)
        return deaths, migration, moves

    def people(self) -> np.ndarray:
        return self.labour.sum(axis=2) + self.child

    def stocks(self) -> np.ndarray:
        """All thirteen stocks, (draw, 13, stratum, age)."""
        labour = np.moveaxis(self.labour, 2, 1)
        rest = [self.child, self.contributor, self.interrupted, self.retiree, self.government]
        return np.concatenate([labour, np.stack(rest, axis=1)], axis=1)


def _aged(stock: np.ndarray, survival: np.ndarray) -> np.ndarray:
    """Survivors one year older; the open age keeps its own."""
    alive = stock * survival
    older = np.zeros_like(alive)
    older[..., 1:] = alive[..., :-1]
    older[..., -1] += alive[..., -1]
    return older


def _moved(stock: np.ndarray, share: np.ndarray) -> np.ndarray:
    moving = stock[:, 2:] * share
    return np.concatenate([stock[:, :2] + moving, stock[:, 2:] - moving], axis=1)


def run_twin(
    shared: dict[str, Any],
    params: Any,
    z: Any,
    policy: Any,
    pension_policy: Any,
    *,
    pulse: Any = None,
    detail: bool = True,
) -> dict[str, np.ndarray]:
    """All outputs of the kernel, by the names and shapes of ``CohortTotals``."""
    twin = Twin(shared, params, z, policy, pension_policy, np.zeros_like(z) if pulse is None else pulse)
    stocks, flows, monthly, ledgers = [twin.stocks()], [], [], []
    deaths, migrations, moves = [], [], []
    for year in range(5):
        twin.sums = {}
        odds = twin.year_odds(year)
        twin.start_joining(year)
        ledger = np.zeros((twin.draws, 30, 4))
        for t in range(12 * year, 12 * year + 12):
            ledger += twin.month(t, odds)
            if detail:
                labour = twin.labour
                totals = [labour[:, :, U], labour[:, :, [U, *WORKING]].sum(axis=2),
                          labour[:, :, WORKING].sum(axis=2),
                          twin.contributor + twin.interrupted + twin.retiree]  # fmt: skip
                monthly.append(np.stack([total.sum(axis=-1) for total in totals], axis=-1))
        ledgers.append(ledger)
        for store, values in zip((deaths, migrations, moves), twin.year_end(year), strict=True):
            store.append(values)
        flows.append(np.stack([twin.sums[name] for name in TOTALS], axis=1))
        stocks.append(twin.stocks())
    cohort_stocks = np.stack(stocks, axis=1)
    out = {
        "stocks_by_stratum": cohort_stocks.sum(axis=-1),
        "stocks_by_group": np.add.reduceat(cohort_stocks.sum(axis=3), GROUP_EDGES, axis=-1),
        "flows_by_stratum": np.stack(flows, axis=1),
    }
    if detail:
        out |= {
            "monthly": np.stack(monthly, axis=1),
            "ledger": np.stack(ledgers, axis=1),
            "cohort_stocks": cohort_stocks,
            "cohort_deaths": np.stack(deaths, axis=1),
            "cohort_net_migration": np.stack(migrations, axis=1),
            "cohort_moves": np.stack(moves, axis=1),
        }
    return out
