"""A made-up city for tests and benchmarks: plausible sizes and rates, no real figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from ykforecast.kernels import draw_columns as dc
from ykforecast.kernels.flow_table import FLOWS, ORIGIN

AGE = np.arange(101.0)


def _bump(centre: float, width: float) -> np.ndarray:
    return np.exp(-0.5 * ((AGE - centre) / width) ** 2)


#: Last age of students, first of early retirement and its like, last of finding work: as in the shipped model.
PARTS = (29, 44, 79)


def made_shared(
    seed: int = 0, tilts: int = 5, population: float = 2.3e6, parts: tuple[int, int, int] | None = PARTS
) -> dict[str, np.ndarray]:
    """Shared inputs of a city of about ``population`` people, all entries varied by ``seed``.

    With ``parts`` life has the parts that the kernel's lean loops know; without, all flows happen at all ages.
    """
    rng = np.random.default_rng(seed)
    adult = AGE >= 16

    def vary(shape: tuple[int, ...]) -> np.ndarray:
        return rng.uniform(0.7, 1.3, shape)

    pyramid = np.clip(1.0 - np.maximum(AGE - 55, 0) / 46, 0.01, None) * population / 4 / 70 * vary((4, 101))
    old = 1.0 / (1.0 + np.exp(-(AGE - 57) / 3))
    student, late, working = parts or (100, 0, 100)
    weight = np.stack(
        [_bump(17, 3) * (student >= AGE), 0.15 + 0 * AGE, 0.04 + 0 * AGE, _bump(35, 12), 0.3 * _bump(42, 12),
         0.4 * _bump(45, 14), 0.3 * _bump(50, 15), 3 * old]
    )  # fmt: skip
    share = weight[None] * vary((4, 8, 101))
    share /= share.sum(axis=1, keepdims=True)
    labour0 = pyramid[:, None] * share * adult
    odds_level = rng.uniform(0.002, 0.03, (4, len(FLOWS), 1))
    base_odds = odds_level * vary((4, len(FLOWS), 101)) * adult
    base_odds[:, [o == 0 for o in ORIGIN]] *= 3 * _bump(22, 4) + 0.1
    for k, (_, _, name) in enumerate(FLOWS):
        base_odds[:, k, : late * (name in ("reemploy", "withdraw", "early_retire"))] = 0.0
        if name not in ("exit", "withdraw", "early_retire"):
            base_odds[:, k, working + 1 :] = 0.0
    pension0 = np.zeros((4, 4, 101))
    pension0[:, 0] = 0.8 * labour0[:, 3] + 0.3 * labour0[:, 5]
    pension0[:, 1] = 0.1 * labour0[:, 5]
    pension0[:, 2] = 0.7 * labour0[:, 7]
    pension0[:, 3] = 0.1 * labour0[:, 7]
    # Tilts move people between states (they sum to zero over states) and never below zero for |w| <= 1.
    tilt = rng.uniform(-0.05, 0.05, (tilts, 4, 8, 101))
    tilt -= (tilt * share).sum(axis=2, keepdims=True)
    entry16 = rng.dirichlet((40, 2, 1, 1, 0.1, 1, 0.5, 0.01), 4)
    q = np.clip(0.0004 * np.exp(0.085 * (AGE - 30)), 0, 0.6) * vary((5, 4, 101))
    window = (AGE >= 45) & (AGE <= 66)
    return {
        "labour0": labour0,
        "child0": pyramid * ~adult,
        "pension0": pension0,
        "labour_tilt": tilt * labour0[None] / max(tilts, 1),
        "pension_tilt": rng.uniform(-0.2, 0.2, (tilts, 4, 4, 101)) * pension0[None] / max(tilts, 1),
        "base_odds": base_odds,
        "odds_tilt": rng.uniform(-0.2, 0.2, (tilts, 4, len(FLOWS), 101)) * base_odds[None] / max(tilts, 1),
        "entry16": entry16,
        "q": np.clip(q, 0, 1),
        "q_birth": rng.uniform(0.002, 0.006, (5, 4)),
        "fert": 0.09 * _bump(28, 5) * ((AGE >= 15) & (AGE <= 49)) * vary((5, 2, 101)),
        "srb": rng.uniform(1.04, 1.12, 5),
        "mig0": rng.uniform(-0.01, 0.005, (4, 101)),
        "mig1": rng.uniform(0.0, 0.02, (4, 101)),
        "mv": 0.03 * _bump(25, 12) * vary((2, 101)),
        "retire_reach": rng.uniform(0, 1 / 12, (3, 60, 101)) * window,
        "retire_passed": np.tile(np.arange(12) / 12, 5)[None, :, None] * window * np.ones((3, 1, 1)),
        "pension_entry": np.clip(rng.uniform(0, 0.2, (4, 60, 101)) * window * (0.2 + old), 0, 1),
        "retire_share": rng.uniform(0.5, 1.0, (4, 8)),
        "public_early": rng.uniform(0, 0.01, (4, 101)) * window,
        "kappa": np.clip(np.array([0, 0, 0, 0.85, 0, 0.4, 0.05, 0]) * vary((4, 8)), 0, 1),
        "take_up_shape": rng.uniform(0, 2, (4, 101)) * (rng.uniform(0, 1, (4, 101)) > 0.2),
        "interrupt_shape": rng.uniform(0, 1, (4, 101)),
        "contract_cover": rng.uniform(0, 1, (4, 101)) * (AGE < 72),
        "age_band": np.searchsorted([16, 25, 30, 50, 60], np.arange(101), side="right").clip(1) - 1,
    }


def made_draws(draws: int, seed: int = 0, policies: int = 1) -> dict[str, Any]:
    """Parameters, cyclical path and policies of ``draws`` draws, as keyword arguments of ``run_cohorts``."""
    rng = np.random.default_rng([seed, 1])
    params = np.empty((draws, dc.WIDTH))
    spread = {
        "w": (-1, 1), "theta": (-0.4, 0.4), "beta": (-1, 1), "pulse": (-0.5, 0.5), "beta_delta": (-1.5, 0),
        "up_level": (0.01, 0.08), "rho": (0.02, 0.08), "delta": (0.001, 0.01), "shed": (0.05, 0.3),
        "follow": (0.0, 1.0), "account": (0.0, 1.0), "omega": (0.001, 0.005),
        "joiners": (0.0, 20000.0), "mort": (0.8, 1.2), "recruit": (0.5, 2.0), "move_level": (0.5, 1.5),
        "fert_level": (0.8, 1.2), "mig_level": (-1, 1),
    }  # fmt: skip
    for name, (low, high) in spread.items():
        columns = params[:, dc.COLUMNS[name]]
        columns[:] = rng.uniform(low, high, columns.shape)
    return {
        "params": params,
        "z": np.cumsum(rng.normal(0, 0.05, (draws, 60)), axis=1),
        "pulse": rng.exponential(0.2, (draws, 60)),
        "policy": rng.uniform(0.8, 1.25, (policies, 5, len(FLOWS), 4, 5)),
        "pension_policy": rng.uniform(0.8, 1.25, (policies, 5, 3)),
    }
