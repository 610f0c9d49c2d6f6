"""Draws of parameters: the distribution that the prior says, a function of seed, draw and name only."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ykforecast.simulate.sampled import Sampled
from ykforecast.simulate.sampling import noise, quantile, uniform
from ykforecast.spec.parameter import ParameterSpec

DRAWS = 20_000
PROBABILITIES = np.array([0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
PRIORS = {
    "normal": ({"dist": "normal", "mean": 0.3, "sd": 0.2}, stats.norm(0.3, 0.2)),
    "lognormal": ({"dist": "lognormal", "median": 1.2, "sigma": 0.6}, stats.lognorm(0.6, scale=1.2)),
    "uniform": ({"dist": "uniform", "low": -1.0, "high": 3.0}, stats.uniform(-1.0, 4.0)),
    "beta": ({"dist": "beta", "alpha": 2.0, "beta": 18.0}, stats.beta(2.0, 18.0)),
    "truncnormal": (
        {"dist": "truncnormal", "mean": 0.03, "sd": 0.02, "low": 0.0, "high": 0.15},
        stats.truncnorm(-1.5, 6.0, 0.03, 0.02),
    ),
}


def parameter(prior, **fields) -> ParameterSpec:
    return ParameterSpec.of(
        **{
            "label_zh": "参数",
            "unit": "1",
            "prior": prior,
            "role": "uncertainty",
            "grade": "assumed",
            "reason": "for a test",
            **fields,
        }
    )


def drawn(name, spec, seed, first, draws):
    """Values of one parameter in a block of draws."""
    return Sampled({name: spec}, seed, first, draws).value(name)


@pytest.mark.parametrize("kind", PRIORS)
def test_draws_have_the_quantiles_of_their_prior(kind):
    """Each share below a quantile within five standard errors: a wrong scale or shape shows at the ends."""
    prior, truth = PRIORS[kind]
    values = drawn(kind, parameter(prior), 1, 0, DRAWS)
    below = (values[:, None] <= truth.ppf(PROBABILITIES)).mean(axis=0)
    error = np.sqrt(PROBABILITIES * (1 - PROBABILITIES) / DRAWS)
    assert (np.abs(below - PROBABILITIES) < 5 * error).all()
    assert abs(values.mean() - truth.mean()) < 5 * truth.std() / np.sqrt(DRAWS)


@pytest.mark.parametrize("kind", PRIORS)
def test_blocks_join_to_the_same_bits(kind):
    spec = parameter(PRIORS[kind][0])
    whole = drawn("x", spec, 9, 0, 100)
    parts = [drawn("x", spec, 9, first, 10) for first in range(0, 100, 10)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_names_and_seeds_give_unrelated_draws():
    spec = parameter(PRIORS["normal"][0])
    a, b, c = (drawn(*x, 0, DRAWS) for x in (("a", spec, 1), ("b", spec, 1), ("a", spec, 2)))
    bound = 5 / np.sqrt(DRAWS)
    assert abs(np.corrcoef(a, b)[0, 1]) < bound
    assert abs(np.corrcoef(a, c)[0, 1]) < bound


def test_a_wider_prior_moves_no_other_parameter():
    """Sensitivity runs change one prior: all other draws must be the same bits, in any order of asking."""
    plain = {"a": parameter(PRIORS["normal"][0]), "b": parameter(PRIORS["beta"][0])}
    wider = plain | {"a": parameter({"dist": "normal", "mean": 0.0, "sd": 9.0}), "c": parameter(PRIORS["uniform"][0])}
    first, second = Sampled(plain, 3, 5, 50), Sampled(wider, 3, 5, 50)
    second.value("c")
    second.value("a")
    np.testing.assert_array_equal(first.value("b"), second.value("b"))
    assert (first.value("a") != second.value("a")).all()


def test_no_draw_leaves_the_support():
    """A normal prior has tails, a share has ends: the record promises that no draw may leave them."""
    spec = parameter({"dist": "normal", "mean": 0.5, "sd": 2.0}, support=(0.0, 1.0))
    values = drawn("x", spec, 1, 0, 1000)
    assert values.min() == 0.0 and values.max() == 1.0


def test_every_parameter_of_the_city_stays_in_its_support(model):
    for name, spec in model.parameters.items():
        values = Sampled(model.parameters, 4, 0, 500).value(name)
        low, high = spec.support or (-np.inf, np.inf)
        assert ((values >= low) & (values <= high)).all(), name
        assert np.ptp(values) > 0 or spec.role == "constant", name


def test_processes_are_standard_and_block_independent():
    normal, flat = noise(7, 0, 5000, "gdp", 5), uniform(7, 0, 5000, "recession", 5)
    assert stats.kstest(normal.ravel(), "norm").pvalue > 1e-4
    assert stats.kstest(flat.ravel(), "uniform").pvalue > 1e-4
    np.testing.assert_array_equal(noise(7, 30, 20, "gdp", 5), normal[30:50])
    np.testing.assert_array_equal(uniform(7, 30, 20, "recession", 5), flat[30:50])


def test_a_constant_has_nothing_to_draw():
    constant = ParameterSpec.of(
        label_zh="常数", unit="1", value=1.0, role="constant", grade="assumed", reason="for a test"
    )
    with pytest.raises(ValueError, match="nothing to draw"):
        quantile("x", constant, np.zeros(2))
