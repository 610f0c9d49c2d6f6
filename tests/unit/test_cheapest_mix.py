"""The search for the cheapest mix against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.assess.cheapest_mix import around, cheapest_mix, exchange


def test_equal_slopes_where_gains_fall():
    """sqrt(x) + sqrt(y) >= 1 at prices (1, 2): at the optimum sqrt(x) / sqrt(y) = 2, so x = 4/9 and y = 1/9."""
    mix = exchange(np.array([1.0, 2.0]), lambda x: np.sqrt(x).sum() >= 1.0, np.zeros(2), np.ones(2))
    np.testing.assert_allclose(mix, [4 / 9, 1 / 9], atol=0.01)
    assert np.array([1.0, 2.0]) @ mix == pytest.approx(2 / 3, rel=1e-3)


def test_the_better_bargain_first_where_gains_are_straight():
    """Of levers that do the same, the one with most effect for its price is used up first, then the next."""
    price, effect = np.array([3.0, 1.2, 2.0]), np.array([1.0, 0.5, 1.0])
    mix = exchange(price, lambda x: effect @ x >= 1.2, np.zeros(3), np.ones(3))
    np.testing.assert_allclose(mix, [0.0, 0.4, 1.0], atol=0.01)


def test_a_lever_for_each_target_is_given_just_what_it_needs():
    """Two targets, each with its own lever: price is no reason to give either less."""
    mix = exchange(np.array([100.0, 1.0]), lambda x: (x >= [0.3, 0.7]).all(), np.zeros(2), np.ones(2))
    np.testing.assert_allclose(mix, [0.3, 0.7], atol=0.001)


def test_gains_add_up_and_are_exact_at_the_mixes_that_were_run():
    """Between levers that act on different things the sum is no approximation, and at the centre it never is."""
    draws = np.random.default_rng(1).normal(size=(50, 2))

    def margins(mixes):
        return [draws + np.array([mix[0], mix[1] ** 2]) - 1.0 for mix in mixes]

    centre = np.array([0.4, 0.7])
    gains = around(centre, margins)
    for mix in (centre, np.array([0.25, 1.0])):
        [true] = margins([mix])
        assert gains.probability(mix) == (true >= 0.0).all(axis=1).mean()


@pytest.mark.parametrize("price", [(1.0, 1.0), (1.0, 4.0)])
def test_interaction_between_levers_is_learned_from_the_runs(price):
    """A product of both doses is no sum: 4 x y >= 1.064, so the least cost is 2 sqrt(0.266 p q), where p x = q y."""
    draws = np.random.default_rng(2).normal(scale=0.05, size=(500, 1))

    def margins(mixes):
        return [draws + 4.0 * mix[0] * mix[1] - 1.0 for mix in mixes]

    mix = cheapest_mix(margins, np.array(price), 0.9, np.array([0.55, 0.55]))
    [found] = margins([mix])
    assert np.array(price) @ mix == pytest.approx(2 * np.sqrt(0.266 * price[0] * price[1]), rel=0.03)
    assert (found >= 0.0).mean() >= 0.9
