"""The whole kernel in NumPy tuned by hand: what an expert gets without a compiler.

The equations of the twin, month by month, for a block of draws that fits the cache and one stratum at a time: draws
innermost, so that ages are cut by slices; every buffer made once, every operation into a buffer; flows only at the
ages where the inputs let them happen; one division for all flows of a state; nobody under 16. Year ends, five in
sixty months, are the twin's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.reference.cohort_twin import GROUP_EDGES, RETIRING_STATES, TOTALS, WORKING, A, E, F, G, R, Twin, U
from ykforecast.kernels.flow_table import CLASS, DESTINATION, FINDS, HIRES, ORIGIN, SEPARATIONS
from ykforecast.kernels.layout import ADULT, AGES, LABOUR

#: Draws of one block: of 4 to 512 the fastest on a core with 2 MB of second cache.
BLOCK = 64
_SUMS = (
    "unemployed_months", "employed_months", "hires", "finds", "separations", "statutory_retirements",
    "government_entries", "take_up", "interrupted", "interruptions", "pension_entries",
)  # fmt: skip


def _cut(nonzero: np.ndarray) -> slice:
    """Adult ages between the first and the last where anything is not zero."""
    found = np.flatnonzero(nonzero.reshape(-1, AGES)[:, ADULT:].any(axis=0))
    return slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0)


class Workspace:
    """Buffers of one stratum of a block (row, age, draw), views of them, and hazards that all draws share."""

    def __init__(self, shared: dict[str, Any], draws: int) -> None:
        shape = (AGES - ADULT, draws)
        self.labour, self.leaving_odds = np.empty((LABOUR, *shape)), np.empty((LABOUR, *shape))
        self.odds, self.flow = np.empty((len(CLASS), *shape)), np.empty((len(CLASS), *shape))
        self.pension, self.buffers = np.empty((4, *shape)), np.empty((5, *shape))
        self.sums = dict(zip(_SUMS, np.empty((len(_SUMS), *shape)), strict=True))
        tilted = np.concatenate([shared["base_odds"][None], shared["odds_tilt"]])
        cuts = [_cut(tilted[:, :, k] != 0.0) for k in range(len(CLASS))]
        self.flows = [
            (self.odds[k, cut], self.flow[k, cut], self.leaving_odds[o, cut], self.labour[o, cut], self.labour[d, cut])
            for k, (o, d, cut) in enumerate(zip(ORIGIN, DESTINATION, cuts, strict=True))
        ]
        kinds = (("hires", HIRES), ("finds", FINDS), ("separations", SEPARATIONS))
        self.counted = [(self.sums[name][cuts[k]], self.flow[k, cuts[k]]) for name, members in kinds for k in members]
        self.retire_at, self.enter_at = _cut(shared["retire_reach"] != 0.0), _cut(shared["pension_entry"] != 0.0)
        self.retire = np.empty((5, 4, 60, AGES))
        for j, origin in enumerate(RETIRING_STATES):
            category = [0, 2, 0, 2] if origin == G else [0, 1, 0, 1]
            rho = shared["retire_share"][:, origin, None, None]
            left = 1.0 - rho * shared["retire_passed"][category]
            self.retire[j] = rho * shared["retire_reach"][category] / np.where(left > 1e-12, left, 1e-12)
            if origin == G:
                self.retire[j] += (1.0 - self.retire[j]) * shared["public_early"][:, None]
        self.retire = self.retire[..., ADULT:][..., self.retire_at, None]
        self.enter = shared["pension_entry"][..., ADULT:][..., self.enter_at, None]


class Tuned(Twin):
    """A block of draws whose months run in a workspace."""

    def year(self, year: int, work: Workspace) -> None:
        """Twelve months of every stratum; the state lies in the twin's arrays before and after."""
        odds = self.year_odds(year)
        factors = np.ascontiguousarray(self.multiplier[:, CLASS, 12 * year : 12 * year + 12].transpose(2, 1, 0))
        stocks = (self.contributor, self.interrupted, self.retiree, self.government)
        stocks = tuple(stock.copy() for stock in stocks)
        self.contributor, self.interrupted, self.retiree, self.government = stocks
        totals = {name: np.empty((self.draws, 4)) for name in _SUMS}
        for g in range(4):
            np.copyto(work.odds, odds[:, g, :, ADULT:].transpose(1, 2, 0))
            np.copyto(work.labour, self.labour[:, g, :, ADULT:].transpose(1, 2, 0))
            for row, stock in zip(work.pension, stocks, strict=True):
                np.copyto(row, stock[:, g, ADULT:].T)
            for values in work.sums.values():
                values.fill(0.0)
            self._months(year, g, factors, work)
            self.labour[:, g, :, ADULT:] = work.labour.transpose(2, 0, 1)
            for row, stock in zip(work.pension, stocks, strict=True):
                stock[:, g, ADULT:] = row.T
            for name, values in work.sums.items():
                totals[name][:, g] = values.sum(axis=0)
        held = totals.pop("interrupted")
        totals["returns"] = self.p["rho"] * self.pension_policy[:, year, 1, None] * held
        totals["pension_leavers"] = self.p["omega"] * held
        totals["labour_force_months"] = totals["unemployed_months"] + totals["employed_months"]
        self.sums |= totals

    def _months(self, year: int, g: int, factors: np.ndarray, work: Workspace) -> None:
        labour, sums, given = work.labour, work.sums, self.given
        contributor, interrupted, retiree, government = work.pension
        cover, gap, part, posts, one = work.buffers
        kappa = given["kappa"][g]
        take_up, interrupt, contract = (
            given[name][g, ADULT:, None] for name in ("take_up_shape", "interrupt_shape", "contract_cover")
        )
        change = self.pension_policy[:, year]
        lapse = self.p["delta"][:, :1] * change[:, 2:] * np.exp(self.p["beta_delta"] * self.z)
        lapse = np.ascontiguousarray((lapse / (1.0 + lapse)).T)
        shed, follow, account = (self.p[name][:, 0] for name in ("shed", "follow", "account"))
        returning = self.p["rho"][:, 0] * change[:, 1]
        gone = returning + self.p["omega"][:, 0]
        hazard = self.hazard[:, 0, 0]
        # Flows within a year leave the residents of an age as they are.
        normal = self.normal[:, g, ADULT:].T * labour.sum(axis=0)
        retire_at, enter_at = work.retire_at, work.enter_at
        for month, factor in enumerate(factors):
            t = 12 * year + month
            work.leaving_odds.fill(1.0)
            for k, (odds, flow, leaving, _, _) in enumerate(work.flows):
                np.multiply(odds, factor[k], out=flow)
                np.add(leaving, flow, out=leaving)
            np.add(labour[E], normal, out=posts)
            np.divide(labour, work.leaving_odds, out=labour)
            for _, flow, _, origin, _ in work.flows:
                np.multiply(flow, origin, out=flow)
            for _, flow, _, _, destination in work.flows:
                np.add(destination, flow, out=destination)
            for total, flow in work.counted:
                np.add(total, flow, out=total)
            np.subtract(labour[E], posts, out=posts)
            for j, origin in enumerate(RETIRING_STATES):
                leaving, stock = part[retire_at], labour[origin, retire_at]
                np.multiply(stock, work.retire[j, g, t], out=leaving)
                np.subtract(stock, leaving, out=stock)
                gaining = [labour[R], sums["statutory_retirements"]]
                gaining += [government, sums["government_entries"]] if origin == G else []
                for stock in gaining:
                    np.add(stock[retire_at], leaving, out=stock[retire_at])

            np.multiply(labour[E], kappa[E], out=cover)
            for state in (F, A):
                np.multiply(labour[state], kappa[state], out=part)
                np.add(cover, part, out=cover)
            np.subtract(cover, contributor, out=gap)
            # Shed and lapsed, of the contributors before anyone joins.
            np.minimum(gap, 0.0, out=one)
            np.multiply(one, shed, out=one)
            np.multiply(contributor, interrupt, out=part)
            np.multiply(part, lapse[t], out=part)
            np.subtract(part, one, out=part)
            np.add(sums["interruptions"], part, out=sums["interruptions"])
            np.subtract(contributor, part, out=contributor)
            np.maximum(gap, 0.0, out=gap)
            np.multiply(gap, take_up, out=gap)
            np.multiply(gap, hazard, out=gap)
            np.add(sums["take_up"], gap, out=sums["take_up"])
            np.add(contributor, gap, out=contributor)
            np.add(sums["interrupted"], interrupted, out=sums["interrupted"])
            np.multiply(interrupted, returning, out=one)
            np.add(contributor, one, out=contributor)
            np.multiply(interrupted, gone, out=one)
            np.subtract(interrupted, one, out=interrupted)
            np.add(interrupted, part, out=interrupted)
            # Contributors who come and go with posts.
            np.multiply(posts, contract, out=posts)
            np.multiply(posts, follow, out=posts)
            np.negative(contributor, out=one)
            np.maximum(posts, one, out=posts)
            np.multiply(posts, account, out=one)
            np.minimum(one, interrupted, out=one)
            np.add(contributor, posts, out=contributor)
            np.subtract(interrupted, one, out=interrupted)
            np.subtract(posts, one, out=posts)
            np.add(sums["take_up"], posts, out=sums["take_up"])
            np.subtract(sums["interruptions"], one, out=sums["interruptions"])
            for stock in (contributor[enter_at], interrupted[enter_at]):
                entering = part[enter_at]
                np.multiply(stock, work.enter[g, t], out=entering)
                np.subtract(stock, entering, out=stock)
                for gaining in (retiree[enter_at], sums["pension_entries"][enter_at]):
                    np.add(gaining, entering, out=gaining)
            np.add(sums["unemployed_months"], labour[U], out=sums["unemployed_months"])
            for state in WORKING:
                np.add(sums["employed_months"], labour[state], out=sums["employed_months"])


def run_tuned(
    shared: dict[str, Any], params: Any, z: Any, policy: Any, pension_policy: Any, *, pulse: Any
) -> dict[str, np.ndarray]:
    """Outputs of the kernel that a run always has, by the names and shapes of ``CohortTotals``."""
    parts: list[dict[str, np.ndarray]] = []
    work = Workspace(shared, 0)
    for first in range(0, len(params), BLOCK):
        rows = slice(first, first + BLOCK)
        if work.labour.shape[2] != len(params[rows]):
            work = Workspace(shared, len(params[rows]))
        by_draw = (
            values if len(values) == 1 else values[rows] for values in (params, z, policy, pension_policy, pulse)
        )
        block = Tuned(shared, *by_draw)
        stocks, flows = [block.stocks()], []
        for year in range(5):
            block.sums = {}
            block.start_joining(year)
            block.year(year, work)
            block.year_end(year)
            flows.append(np.stack([block.sums[name] for name in TOTALS], axis=1))
            stocks.append(block.stocks())
        held = np.stack(stocks, axis=1)
        parts.append(
            {
                "stocks_by_stratum": held.sum(axis=-1),
                "stocks_by_group": np.add.reduceat(held.sum(axis=3), GROUP_EDGES, axis=-1),
                "flows_by_stratum": np.stack(flows, axis=1),
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
