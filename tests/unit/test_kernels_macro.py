"""The monthly cycle: its equation, its two sides, and numbers that belong to draw and month."""

from __future__ import annotations

import numpy as np

from ykforecast.kernels.macro import NORMALS, UNIFORMS, cycle_paths
from ykforecast.kernels.philox import normals, uniforms


def parameters(draws, probability=0.02):
    rng = np.random.default_rng(5)
    return rng.uniform(0.8, 0.98, draws), np.full(draws, 0.5), np.full(draws, 0.05), np.full(draws, probability)


def test_paths_follow_the_equation():
    """The recursion written again in NumPy, month by month, with a forced shock."""
    phi, drop, sigma, p = parameters(40, 0.1)
    start, shock = np.linspace(-0.2, 0.2, 40), np.where(np.arange(60) == 12, -0.3, 0.0)
    eps, u = normals(7, 3, 40, NORMALS, 60), uniforms(7, 3, 40, UNIFORMS, 60)
    z, expected = start, []
    for t in range(60):
        z = phi * z - drop * (u[:, t] < p) + sigma * eps[:, t] + shock[t]
        expected.append(z)
    found = cycle_paths(phi, drop, sigma, p, start, seed=7, first_draw=3, shock=shock)
    np.testing.assert_allclose(found, np.stack(expected, axis=1), rtol=1e-12, atol=1e-14)


def test_falls_are_fast_and_recoveries_slow():
    """With recessions the largest monthly fall exceeds the largest rise; without, the two are alike."""
    phi, drop, sigma, p = parameters(4000)
    step = np.diff(cycle_paths(phi, drop, sigma, p, np.zeros(4000), seed=1), axis=1)
    assert -step.min() > 2 * step.max()
    calm = np.diff(cycle_paths(phi, drop, sigma, 0 * p, np.zeros(4000), seed=1), axis=1)
    assert -calm.min() < 1.3 * calm.max()


def test_a_path_belongs_to_its_draw():
    """Draw 25 is the same path in any chunk."""
    given = [x[:30] for x in (*parameters(30), np.zeros(30))]
    whole = cycle_paths(*given, seed=9)
    part = cycle_paths(*(x[20:] for x in given), seed=9, first_draw=20)
    assert np.array_equal(whole[20:], part)


def test_nan_stays_nan():
    """A missing parameter must not become a calm economy."""
    phi, drop, sigma, p = parameters(2)
    phi[1] = np.nan
    z = cycle_paths(phi, drop, sigma, p, np.zeros(2), seed=1)
    assert np.isfinite(z[0]).all() and np.isnan(z[1]).all()
