"""The table of a model beside its rivals: it repeats the scores, and it hides no loss."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from ykforecast.assess.score_table import score_table
from ykforecast.assess.scores import cbo_measures, covered, crps, paired_difference
from ykforecast.vocabulary.errors import RequestError

SERIES = ("insured", "insured", "jobs", "jobs", "rate", "rate")


def ensemble(spread, shift=0.0, draws=60, seed=1):
    noise = np.random.default_rng(seed).normal(size=(draws, len(SERIES)))
    return xr.DataArray(SIZE * (1 + shift + spread * noise), dims=("draw", "case"))


SIZE = np.array([2e5, 2.2e5, 4e3, 3e3, 0.05, 0.06])


@pytest.fixture
def observed():
    return xr.DataArray(
        SIZE * [1.0, 1.02, 0.9, 1.0, 1.0, 1.1],
        dims="case",
        coords={
            "series": ("case", list(SERIES)),
            "horizon": ("case", [1, 2, 1, 2, 1, 2]),
            "relative": ("case", [True] * 4 + [False] * 2),
            "last": ("case", SIZE * 0.95),
        },
    )


@pytest.fixture
def table(observed):
    return score_table(ensemble(0.05), {"good": ensemble(0.05, seed=2), "bad": ensemble(0.3, 0.5, 40, 3)}, observed)


def test_the_table_repeats_the_scores(table, observed):
    """Counts as shares of what came, rates as they are."""
    model = ensemble(0.05).values
    own = np.where(observed["relative"], observed, 1.0)
    row = table.sel(forecast="model")
    np.testing.assert_allclose(row["crps"], crps(model, observed.values) / own)
    np.testing.assert_allclose(row["error"], (np.median(model, axis=0) - observed.values) / own)
    np.testing.assert_array_equal(row["covered"].sel(level=0.8), covered(model, observed.values, 0.8))
    assert row["coverage"].sel(level=0.8) == row["covered"].sel(level=0.8).mean()
    for name, value in cbo_measures(row["error"].values).items():
        assert row[name] == value
    assert table.sizes == {"forecast": 3, "case": 6, "level": 3, "rival": 2, "scored_series": 3}


def test_differences_are_paired_by_case_and_clustered_by_series(table):
    for rival in ("good", "bad"):
        pair = paired_difference(
            table["crps"].sel(forecast="model"), table["crps"].sel(forecast=rival), np.array(SERIES)
        )
        row = table.sel(rival=rival)
        assert (row["mean_difference"], row["difference_error"], row["p_value"]) == (
            pair.mean,
            pair.error,
            pair.p_value,
        )
        assert row["difference"].mean() == pytest.approx(pair.mean)


def test_a_model_no_better_than_a_bad_rival_loses_in_the_open(observed):
    """Turn the table: what the bad rival lost to the model, the model now loses to it, series by series."""
    good, bad = ensemble(0.05), ensemble(0.3, 0.5)
    won, lost = score_table(good, {"rival": bad}, observed), score_table(bad, {"rival": good}, observed)
    assert not won["lost"].any()
    assert lost["lost"].all()
    np.testing.assert_allclose(won["series_difference"], -lost["series_difference"])


def test_a_tie_is_not_lost(observed):
    assert not score_table(ensemble(0.1), {"same": ensemble(0.1)}, observed)["lost"].any()


def test_direction_is_scored_only_with_a_last_figure(table, observed):
    assert table["share_right"].sel(forecast="model") > 0.5
    without = score_table(ensemble(0.05), {"good": ensemble(0.05)}, observed.drop_vars("last"))
    assert "share_right" not in without and "right_direction" not in without


def test_missing_observations_are_refused_by_name_or_left_out_on_request(observed):
    gap = observed.copy()
    gap[2] = np.nan
    model, rivals = ensemble(0.05), {"good": ensemble(0.05, seed=2)}
    with pytest.raises(RequestError, match=r"jobs\+1"):
        score_table(model, rivals, gap)
    left = score_table(model, rivals, gap, skip_missing=True)
    assert left.sizes["case"] == 5
    full = score_table(model, rivals, observed)
    np.testing.assert_allclose(left["crps"], full["crps"].isel(case=[0, 1, 3, 4, 5]), rtol=1e-13)


def test_what_cannot_be_compared_is_refused(observed):
    model = ensemble(0.05)
    with pytest.raises(RequestError, match="named rivals"):
        score_table(model, {}, observed)
    with pytest.raises(RequestError, match="named rivals"):
        score_table(model, {"model": model}, observed)
    with pytest.raises(RequestError, match="short.*other cases"):
        score_table(model, {"short": model.isel(case=slice(3))}, observed)


def test_the_table_can_be_stored(table, tmp_path):
    """It goes into the results beside the forecast."""
    from ykforecast.simulate.storage import read_groups, write_groups

    write_groups(tmp_path / "scores.nc", {"scores": table}, {})
    xr.testing.assert_equal(read_groups(tmp_path / "scores.nc")["scores"].to_dataset(), table)
