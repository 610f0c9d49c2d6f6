"""Simulation-based calibration passes the right algorithms and catches planted faults."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from ykforecast.infer import city_ranks
from ykforecast.infer import simulation_based_calibration as sbc
from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.infer.esmda import esmda
from ykforecast.infer.posterior import Posterior, unconditioned
from ykforecast.infer.tempered import tempered
from ykforecast.infer.toy_enrolment import COORDINATES, SHOCKS, insured, published
from ykforecast.simulate.sampling import noise

RESULTS = Path(__file__).resolve().parents[2] / "docs/results"
RESULT = RESULTS / "simulation_based_calibration.json"


def shares(condition, *, step=(0.0, 0.0), replications=60):
    return sbc.ranks(
        condition,
        published,
        sbc.toy_errors(*step),
        sbc.toy_quantities,
        coordinates=COORDINATES,
        replications=replications,
        draws=200,
        seed=1,
    )


def least(found):
    """Smallest tail probability over all quantities and both tests, corrected for their number."""
    return min(sbc.chi_squared(found).min(), sbc.envelope(found, 1).min()) * 2 * found.shape[1]


def test_ranks_of_the_truth_are_uniform_with_tempering():
    # A short version of the stored run, with definition steps on.
    assert least(shares(tempered, step=sbc.STEPS["with steps"], replications=40)) > 0.01


def test_ranks_of_the_truth_are_uniform_with_the_smoother():
    assert least(shares(esmda, step=sbc.STEPS["with steps"])) > 0.01


def test_the_smoother_alone_is_not_uniform():
    # Exact in linear models only: why its ensemble is moved under the exact posterior afterwards.
    assert least(shares(partial(esmda, moves=0), replications=150)) < 0.01


def too_sure(latent, forward, observed, error, *, seed, first_draw):
    exact = ErrorModel([FigureError(f.series, f.year, f.sd / 4) for f in error.figures])
    return esmda(latent, forward, observed, exact, seed=seed, first_draw=first_draw)


def too_wide(latent, forward, observed, error, *, seed, first_draw):
    posterior = esmda(latent, forward, observed, error, seed=seed, first_draw=first_draw)
    centre = posterior.latent.mean(axis=0)
    return replace(posterior, latent=centre + 1.6 * (posterior.latent - centre))


# The next two pass in every coordinate: only the rank of the likelihood gives them away.
def wrong_sign(latent, forward, observed, error, *, seed, first_draw):
    posterior = esmda(latent, forward, observed, error, seed=seed, first_draw=first_draw)
    return Posterior(2 * latent - posterior.latent, posterior.predicted, posterior.steps)


def ignores_the_figures(latent, forward, observed, error, *, seed, first_draw):
    return unconditioned(latent)


def blind_to_steps(latent, forward, observed, error, *, seed, first_draw):
    plain = ErrorModel([FigureError(f.series, f.year, f.sd) for f in error.figures])
    return esmda(latent, forward, observed, plain, seed=seed, first_draw=first_draw)


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        (too_sure, (0.0, 0.0)),
        (too_wide, (0.0, 0.0)),
        (ignores_the_figures, (0.0, 0.0)),
        (wrong_sign, (0.0, 0.0)),
        (blind_to_steps, sbc.STEPS["with steps"]),
    ],
)
def test_a_planted_fault_is_caught(fault, step):
    # A test that cannot fail proves nothing.
    assert least(shares(fault, step=step, replications=200)) < 0.01


def test_idle_coordinates_of_the_toy_move_nothing():
    latent = noise(1, 0, 20, "toy", COORDINATES)
    moved = latent.copy()
    moved[:, SHOCKS.stop :] += 1.0
    np.testing.assert_array_equal(insured(latent), insured(moved))
    assert (insured(latent) > 0).all()
    assert (insured(latent) < 1).all()


def test_the_command_writes_its_own_name(tmp_path):
    sbc.main(["--replications", "2", "--draws", "100", "--out", str(tmp_path / "ranks.json")])
    written = json.loads((tmp_path / "ranks.json").read_text(encoding="utf-8"))
    assert written["command"].endswith("--replications 2 --draws 100 --seed 2020 --out ranks.json")
    assert len(written["cases"]) == len(sbc.METHODS) * len(sbc.STEPS)


def test_the_stored_run_is_uniform():
    # 1000 replications; sixty-four tails, of which none may be below 0.001.
    stored = json.loads(RESULT.read_text(encoding="utf-8"))
    assert stored["replications"] >= 500
    assert len(stored["cases"]) == len(sbc.METHODS) * len(sbc.STEPS)
    assert min(row["p_chi_squared"] for case in stored["cases"].values() for row in case.values()) > 0.001


def test_the_city_is_ranked_by_one_run_for_figures_and_outcomes(calibration):
    # Another run for either would rank an outcome against another city than the one that was observed.
    city = city_ranks.City(calibration, 2020)
    latent = noise(1, 0, 12, "city", len(city.ensemble.coordinates.names))
    series = city.ensemble.series(latent)
    figures, outcomes = city.forward(latent), city.quantities(latent)
    place = city.ensemble.error.names.index("unemployment_insured:2022")
    np.testing.assert_array_equal(figures[:, place], series["unemployment_insured"][:, 2])
    np.testing.assert_array_equal(outcomes[:, city.names.index("population 2025")], series["population"][:, -1])
    assert len(city.names) == outcomes.shape[1] + 1
    shares = sbc.ranks(
        esmda,
        city.forward,
        city.ensemble.error,
        city.quantities,
        coordinates=latent.shape[1],
        replications=2,
        draws=30,
        seed=1,
    )
    assert shares.shape == (2, len(city.names))
    assert ((shares > 0) & (shares < 1)).all()


@pytest.mark.parametrize(("name", "least"), [("city_ranks.json", 500), ("city_ranks_900.json", 300)])
def test_the_stored_run_of_the_city_is_uniform_in_what_matters(name, least):
    # An ensemble of fewer draws than coordinates fits the figures loosely; the outcomes of 2025 are what is published.
    stored = json.loads((RESULTS / name).read_text(encoding="utf-8"))
    assert stored["replications"] >= least
    if stored["draws"] > 2 * stored["coordinates"]:
        likelihood = stored["cases"]["esmda"]["likelihood"]
        assert abs(likelihood["mean_rank"] - 0.5) < 3.0 * (12 * stored["replications"]) ** -0.5
    assert "city_ranks --replications" in stored["command"]
    outcomes = {name: one for name, one in stored["cases"]["esmda"].items() if name != "likelihood"}
    assert len(outcomes) >= 6
    assert min(min(one["p_chi_squared"], one["p_envelope"]) for one in outcomes.values()) > 0.001
