"""Scores of a forecast case by case: they repeat the scores of arrays, each in the own unit of its series."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from ykforecast.assess.case_scores import case_scores
from ykforecast.assess.scores import covered, crps

SIZE = np.array([2e5, 2.2e5, 4e3, 0.05, 0.06])


@pytest.fixture(scope="module")
def forecast():
    noise = np.random.default_rng(1).normal(size=(60, SIZE.size))
    return xr.DataArray(SIZE * (1 + 0.05 * noise), dims=("draw", "case"))


@pytest.fixture(scope="module")
def observed():
    return xr.DataArray(
        SIZE * [1.0, 1.02, 0.9, 1.0, 1.1],
        dims="case",
        coords={"relative": ("case", [True] * 3 + [False] * 2), "last": ("case", SIZE * 0.95)},
    )


def test_scores_are_in_the_own_unit_of_each_series(forecast, observed):
    """Counts as shares of what came, rates as they are: else the largest series would be the whole mean."""
    own = np.where(observed["relative"], observed, 1.0)
    scored = case_scores(forecast, observed)
    np.testing.assert_allclose(scored["crps"], crps(forecast.values, observed.values) / own)
    np.testing.assert_allclose(scored["error"], (np.median(forecast, axis=0) - observed.values) / own)
    np.testing.assert_array_equal(scored["covered"].sel(level=0.8), covered(forecast.values, observed.values, 0.8))


def test_direction_is_scored_only_with_a_last_figure(forecast, observed):
    assert case_scores(forecast, observed)["right_direction"].mean() > 0.5
    assert "right_direction" not in case_scores(forecast, observed.drop_vars("last"))
