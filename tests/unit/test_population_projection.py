"""The cohort-component step on its own: bookkeeping, timing of migrants, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from ykforecast.processes.population import project_population
from ykforecast.vocabulary.errors import RequestError

AGES, YEARS = 6, 3


def inputs() -> dict[str, Any]:
    random = np.random.default_rng(1)
    return {
        "population": random.uniform(100.0, 200.0, (2, AGES)),
        "survival": random.uniform(0.7, 1.0, (YEARS, 2, AGES + 1)),
        "fertility": np.tile([0.0, 0.1, 0.3, 0.2, 0.0, 0.0], (YEARS, 1)),
        "sex_ratio_at_birth": np.array([1.05, 1.06, 1.07]),
        "net_migration": random.uniform(-5.0, 5.0, (YEARS, 2, AGES)),
    }


@pytest.mark.parametrize("migration", ["end", "half"])
def test_every_cohort_balances(migration: Any) -> None:
    """A cohort at the end is its survivors and its migrants, nobody else."""
    given = inputs()
    path = project_population(**given, migration=migration).values
    share = 0.5 if migration == "half" else 0.0
    for t in range(YEARS):
        moved, alive = given["net_migration"][t], given["survival"][t]
        exposed = path[t] + share * moved
        np.testing.assert_allclose(
            path[t + 1][:, 1:-1], exposed[:, :-2] * alive[:, 1:-2] + (1 - share) * moved[:, 1:-1]
        )
        open_age = exposed[:, -2] * alive[:, -2] + exposed[:, -1] * alive[:, -1] + (1 - share) * moved[:, -1]
        np.testing.assert_allclose(path[t + 1][:, -1], open_age)


def test_births_use_the_mean_of_women_before_migration() -> None:
    """Women who arrive at the end of the year have borne nobody in it."""
    given = inputs()
    path = project_population(**given).values
    women_end = path[1][1] - given["net_migration"][0][1]
    births = float((given["fertility"][0] * (path[0][1] + women_end)).sum()) / 2.0
    boys = (path[1][0, 0] - given["net_migration"][0][0, 0]) / given["survival"][0][0, 0]
    girls = (path[1][1, 0] - given["net_migration"][0][1, 0]) / given["survival"][0][1, 0]
    assert boys + girls == pytest.approx(births)
    assert boys / girls == pytest.approx(1.05)


def test_timing_of_migrants_is_irrelevant_without_migrants() -> None:
    """With nobody moving the two options are one model."""
    given = inputs()
    given["net_migration"] = np.zeros((YEARS, 2, AGES))
    np.testing.assert_array_equal(
        project_population(**given, migration="end"), project_population(**given, migration="half")
    )


def test_labels_decide_not_positions() -> None:
    """A labelled population with women first, or axes turned, gives the same answer."""
    given = inputs()
    plain = project_population(**given)
    given["population"] = xr.DataArray(
        given["population"][::-1].T,
        dims=("age", "sex"),
        coords={"sex": ["female", "male"], "age": range(AGES)},
    )
    given["survival"] = xr.DataArray(
        given["survival"],
        dims=("year", "sex", "age"),
        coords={"year": [2021, 2022, 2023], "sex": ["male", "female"]},
    )
    labelled = project_population(**given)
    np.testing.assert_allclose(labelled.values, plain.values)
    assert labelled.dims == ("year_end", "sex", "age")
    assert labelled["year_end"].values.tolist() == [2020, 2021, 2022, 2023]
    np.testing.assert_allclose(labelled.values[0], inputs()["population"])


def test_no_years_returns_the_start() -> None:
    """A projection over no years is the start, not an error."""
    given = inputs()
    for key in ("survival", "fertility", "sex_ratio_at_birth", "net_migration"):
        given[key] = given[key][:0]
    np.testing.assert_array_equal(project_population(**given).values[0], given["population"])


@pytest.mark.parametrize(
    ("key", "change", "problem"),
    [
        ("population", lambda a: -a, "below 0"),
        ("population", lambda a: a[:1], "two sexes"),
        ("population", lambda a: a * np.nan, "finite"),
        ("population", lambda a: a[0], "axes"),
        ("survival", lambda a: a + 1.0, "above 1"),
        ("survival", lambda a: a - 2.0, "below 0"),
        ("survival", lambda a: a[:, :, :-1], "shape"),
        ("fertility", lambda a: -a, "below 0"),
        ("fertility", lambda a: a[:, :-1], "shape"),
        ("sex_ratio_at_birth", lambda a: a * 0.0, "not positive"),
        ("sex_ratio_at_birth", lambda a: a[:2], "shape"),
        ("net_migration", lambda a: a[:2], "shape"),
        ("net_migration", lambda a: a - 1e6, "more persons leave"),
        ("net_migration", lambda a: a * np.inf, "finite"),
    ],
)
def test_impossible_input_is_refused_by_name(key: str, change: Any, problem: str) -> None:
    """The message names the argument: a negative person or a survival of 1.2 must never be carried on."""
    given = inputs()
    given[key] = change(given[key])
    with pytest.raises(RequestError, match=problem) as caught:
        project_population(**given)
    assert key in str(caught.value)


def test_unknown_timing_is_refused() -> None:
    """A third word for the timing is a slip."""
    with pytest.raises(RequestError, match="timing"):
        project_population(**inputs(), migration="start")  # type: ignore[arg-type]
