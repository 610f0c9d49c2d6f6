"""Recessions are weighed before smoothing, and monthly shocks are smoothed as waves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from ykforecast.infer.coordinates import Coordinates
from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.infer.recessions import recession_years, settled
from ykforecast.simulate.sampling import noise, uniform
from ykforecast.vocabulary.dims import MONTHS

DRAWS = 4_000
HAZARD = 0.01


@pytest.fixture(scope="module")
def ensemble():
    """A recession in the first year lowers the figure by four; another coordinate moves it by one."""
    begins = uniform(7, 0, DRAWS, "begins", MONTHS)
    other = noise(7, 0, DRAWS, "other", 1)
    latent = np.concatenate([ndtri(begins), other], axis=1)
    patterns = recession_years(begins, np.full(DRAWS, HAZARD), 1)
    return latent, patterns, other - 4.0 * patterns


def share_after(ensemble, observed: float) -> float:
    latent, patterns, predicted = ensemble
    error = ErrorModel([FigureError("growth", 2021, 0.5)])
    moved = settled(latent, list(range(MONTHS)), patterns, predicted, np.array([observed]), error, 7)
    from scipy.special import ndtr

    return float(recession_years(ndtr(moved[:, :MONTHS]), np.full(DRAWS, HAZARD), 1).mean())


@pytest.mark.parametrize("observed", [0.0, -2.0, -4.0])
def test_the_share_of_recessions_is_that_of_bayes(ensemble, observed):
    """Two normal densities of variance 1 + 0.25 around 0 and -4, weighed by the share that has a recession."""
    prior = ensemble[1].mean()
    good, bad = (np.exp(-0.5 * (observed - mean) ** 2 / 1.25) for mean in (0.0, -4.0))
    expected = prior * bad / (prior * bad + (1 - prior) * good)
    assert share_after(ensemble, observed) == pytest.approx(expected, abs=0.03)


def test_what_does_not_decide_on_recessions_keeps_its_numbers(ensemble):
    """A draw takes another's recession and nothing else of it."""
    latent, patterns, predicted = ensemble
    error = ErrorModel([FigureError("growth", 2021, 0.5)])
    moved = settled(latent, list(range(MONTHS)), patterns, predicted, np.array([-4.0]), error, 7)
    np.testing.assert_array_equal(moved[:, MONTHS], latent[:, MONTHS])


def test_waves_turn_back_into_the_shocks_they_came_from():
    coordinates = Coordinates((("process:cycle", MONTHS), ("process:gdp", 5)))
    normals = np.random.default_rng(3).standard_normal((200, MONTHS + 5))
    turned = coordinates.turned(normals)
    np.testing.assert_allclose(coordinates.turned(turned, back=True), normals, atol=1e-12)
    np.testing.assert_allclose((turned**2).sum(axis=1), (normals**2).sum(axis=1))
    np.testing.assert_array_equal(turned[:, MONTHS:], normals[:, MONTHS:])
