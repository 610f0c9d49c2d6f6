"""The cohort kernel against its twin in plain NumPy, its identities, and its promises about bits and NaN."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.reference.cohort_twin import run_twin
from tests.reference.made_inputs import PARTS, made_draws, made_shared
from ykforecast.kernels import cohort as front_door
from ykforecast.kernels import draw_columns, flow_table, generate_months, layout, packing
from ykforecast.kernels.cohort import FLOWS, STOCKS, run_cohorts
from ykforecast.vocabulary import dims

LABOUR = slice(0, 8)


def assert_same(kernel, twin):
    """Equal at 1e-9 of each number; numbers far below a person only in relation to their array."""
    for name, expected in twin.items():
        found = getattr(kernel, name)
        if found is not None:
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.fixture(scope="module")
def detailed():
    return run_cohorts(made_shared(1), **made_draws(5, 1), monthly=True, cohorts=True)


@pytest.mark.parametrize(("tilts", "policies", "parts"), [(5, 1, PARTS), (0, 1, PARTS), (2, 6, PARTS), (5, 6, None)])
def test_kernel_equals_twin(tilts, policies, parts):
    """Written twice from the same equations, the model must give the same numbers, by both month loops."""
    shared, draws = made_shared(tilts, tilts=tilts, parts=parts), made_draws(6, tilts, policies)
    twin = run_twin(shared, **draws)
    full = run_cohorts(shared, **draws, monthly=True, cohorts=True)
    assert all(getattr(full, field.name) is not None for field in fields(full))
    assert_same(full, twin)
    lean = run_cohorts(shared, **draws)
    assert lean.monthly is lean.ledger is lean.cohort_stocks is None
    assert_same(lean, twin)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10**6),
    level=st.floats(-6.0, 6.0),
    cycle=st.floats(-5.0, 5.0),
    mort=st.floats(0.05, 20.0),
    migration=st.floats(-80.0, 80.0),
)
def test_kernel_equals_twin_far_from_the_usual(seed, level, cycle, mort, migration):
    """Extreme levels reach the bounds (shares near 1, migration at its floor), where shortcuts would show."""
    shared, draws = made_shared(seed), made_draws(2, seed)
    draws["params"][:, draw_columns.COLUMNS["theta"]] += level
    draws["params"][:, draw_columns.COLUMNS["mort"]] = mort
    draws["params"][:, draw_columns.COLUMNS["mig_level"]] = migration
    draws["z"] = draws["z"] + cycle
    kernel = run_cohorts(shared, **draws, monthly=True, cohorts=True)
    twin = run_twin(shared, **draws)
    assert_same(kernel, twin)
    assert_same(run_cohorts(shared, **draws), twin)
    assert min(kernel.cohort_stocks.min(), kernel.ledger.min(), kernel.cohort_deaths.min()) >= 0.0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    student=st.integers(16, 50),
    late=st.integers(16, 100),
    working=st.integers(30, 100),
    retiring=st.integers(40, 71),
    tilts=st.integers(0, 1),
)
@example(student=23, late=40, working=79, retiring=40, tilts=0)
@example(student=34, late=40, working=71, retiring=71, tilts=1)
def test_parts_of_life_leave_nothing_out(student, late, working, retiring, tilts):
    """Flows may be skipped only where they are zero to the last person, wherever the parts of life meet."""
    shared, draws = made_shared(student, tilts, parts=(student, late, working)), made_draws(2, late)
    for name in ("retire_reach", "pension_entry", "public_early"):
        shared[name][..., :retiring] = 0.0
    assert_same(run_cohorts(shared, **draws), run_twin(shared, **draws, detail=False))


def test_shipped_parts_of_life_take_the_lean_loops():
    """Students to 29, retirement from 45, work to 79: the loops that skip must be the ones that run."""
    assert packing.pack_shared(made_shared())[2].tolist() == [[3, 8, 3, 7]] * 4
    anywhere = made_shared(parts=None)
    assert packing.pack_shared(anywhere)[2] is None
    one = made_shared()
    one["labour_tilt"][0, 2, 0, 60] = 1e-300
    assert packing.pack_shared(one)[2] is None


def test_threads_and_chunks_do_not_change_a_bit(monkeypatch):
    """A result must not depend on the machine's processors or on how a batch is cut."""
    shared, draws = made_shared(2), made_draws(150, 2, 150)
    one, two = (run_cohorts(shared, **draws, monthly=True, threads=n) for n in (1, 2))
    parts = []
    for first, last in ((0, 1), (1, 70), (70, 150)):
        parts.append(run_cohorts(shared, **{k: v[first:last] for k, v in draws.items()}, monthly=True))
    monkeypatch.setattr(front_door, "BLOCK", 7)
    small = run_cohorts(shared, **draws, monthly=True, threads=2)
    for name in ("stocks_by_stratum", "stocks_by_group", "flows_by_stratum", "monthly", "ledger"):
        expected = getattr(one, name)
        assert np.array_equal(expected, getattr(two, name))
        assert np.array_equal(expected, getattr(small, name))
        assert np.array_equal(expected, np.concatenate([getattr(part, name) for part in parts]))


@pytest.mark.parametrize("name", ["theta", "beta_delta", "up_level", "recruit", "mort", "fert_level", "mig_level", "w"])
def test_nan_comes_out_as_nan(name):
    """A NaN that turned into a number would look like a forecast; other draws stay untouched."""
    shared, draws = made_shared(3), made_draws(3, 3)
    clean = run_cohorts(shared, **draws)
    draws["params"] = draws["params"].copy()
    draws["params"][1, draw_columns.COLUMNS[name]] = np.nan
    spoilt = run_cohorts(shared, **draws)
    assert np.isnan(spoilt.stocks_by_stratum[1, -1]).any()
    assert np.isnan(spoilt.flows_by_stratum[1, -1]).any()
    for draw in (0, 2):
        assert np.array_equal(spoilt.stocks_by_stratum[draw], clean.stocks_by_stratum[draw])


def test_nan_in_the_cycle_reaches_unemployment():
    """A missing month must not be read as a quiet month."""
    shared, draws = made_shared(3), made_draws(2, 3)
    draws["z"] = draws["z"].copy()
    draws["z"][0, 30] = np.nan
    unemployed = run_cohorts(shared, **draws).stocks_by_stratum[:, :, STOCKS.index("unemployed")]
    assert np.isfinite(unemployed[0, :3]).all() and np.isnan(unemployed[0, 3:]).all()
    assert np.isfinite(unemployed[1]).all()


def test_people_are_conserved_by_cohort(detailed):
    """pop(t+1, a+1) = pop(t, a) - deaths + net migration + moves, births entering at age 0."""
    people = detailed.cohort_stocks[:, :, :9].sum(axis=2)
    flow = dict(zip(FLOWS, np.moveaxis(detailed.flows_by_stratum, 2, 0), strict=True))
    alive = people[:, :-1] - detailed.cohort_deaths
    expected = np.zeros_like(alive)
    expected[..., 1:] = alive[..., :-1]
    expected[..., -1] += alive[..., -1]
    expected[..., 0] = flow["births"] - flow["infant_deaths"]
    expected += detailed.cohort_net_migration + detailed.cohort_moves
    np.testing.assert_allclose(people[:, 1:], expected, rtol=1e-12, atol=1e-8)
    np.testing.assert_allclose(flow["moves"].sum(axis=-1), 0.0, atol=1e-9)
    change = np.diff(people.sum(axis=-1), axis=1)
    total = flow["births"] - flow["deaths"] + flow["net_migration"] + flow["moves"]
    np.testing.assert_allclose(change, total, atol=1e-6)


def test_month_flows_move_people_and_make_none(detailed):
    """Within a year nobody dies or moves: labour force and its complement change by ledger flows alone."""
    monthly = detailed.monthly
    np.testing.assert_allclose(monthly[..., 0] + monthly[..., 2], monthly[..., 1], rtol=1e-13)
    names = flow_table.STATES
    force = {names.index(name) for name in ("unemployed", *flow_table.EMPLOYED)}
    moves = list(zip(flow_table.ORIGIN, flow_table.DESTINATION, strict=True))
    moves += [(names.index(origin), names.index("retired")) for origin in flow_table.RETIRING]
    sign = np.array([(d in force) - (o in force) for o, d in moves], dtype=float)
    for year in range(5):
        start = detailed.cohort_stocks[:, year, sorted(force)].sum(axis=(1, 3))
        change = (detailed.ledger[:, year] * sign[:, None]).sum(axis=1)
        np.testing.assert_allclose(monthly[:, 12 * year + 11, :, 1], start + change, rtol=1e-11)


def test_pension_stocks_change_by_their_flows(detailed):
    """Insured people and government retirees: change = entries - exits - deaths + migration, city-wide."""
    flow = dict(zip(FLOWS, detailed.flows_by_stratum.sum(axis=-1).transpose(2, 0, 1), strict=True))
    stock = dict(zip(STOCKS, detailed.stocks_by_stratum.sum(axis=-1).transpose(2, 0, 1), strict=True))
    insured = stock["contributor"] + stock["interrupted"] + stock["retiree"]
    change = flow["take_up"] - flow["pension_leavers"] - flow["pension_deaths"] + flow["pension_net_migration"]
    np.testing.assert_allclose(np.diff(insured, axis=1), change, atol=1e-5)
    change = flow["government_entries"] - flow["government_deaths"] + flow["government_net_migration"]
    np.testing.assert_allclose(np.diff(stock["government_retiree"], axis=1), change, atol=1e-5)


def test_groups_and_strata_add_up_to_the_same_city(detailed):
    """Two cuts of one population, and both of the cohorts they were cut from."""
    np.testing.assert_allclose(
        detailed.stocks_by_group.sum(axis=-1), detailed.stocks_by_stratum.sum(axis=-1), rtol=1e-12
    )
    np.testing.assert_allclose(detailed.cohort_stocks.sum(axis=-1), detailed.stocks_by_stratum, rtol=1e-12)
    by_age = detailed.cohort_stocks.sum(axis=3)
    for j, (_, first, last) in enumerate(dims.AGE_GROUPS):
        expected = by_age[..., first : last + 1].sum(axis=-1)
        np.testing.assert_allclose(detailed.stocks_by_group[..., j], expected, rtol=1e-12)


def test_names_follow_the_vocabulary():
    """Packed axes must carry the package's names in the package's order."""
    assert flow_table.STATES == dims.LABOUR_STATES
    assert STOCKS == dims.STOCKS
    assert (layout.LABOUR, layout.PENSION) == (len(dims.LABOUR_STATES), len(dims.PENSION_STOCKS))
    assert layout.REPORTED == len(dims.STOCKS)
    assert (layout.MONTHS, layout.AGES, layout.GROUPS) == (dims.MONTHS, len(dims.AGES), len(dims.AGE_GROUPS))


def test_generated_loops_are_in_step_with_the_flow_table():
    """A changed table or layout with old loops would read the wrong rows."""
    assert generate_months.TARGET.read_text(encoding="utf-8") == generate_months.source()


def test_two_signatures_only(detailed):
    """With a ledger and without; each further layout or type would cost seconds at a user's first call."""
    from ykforecast.kernels.cohort_loops import project

    shared, draws = made_shared(1), made_draws(2, 1)
    draws["params"] = np.asfortranarray(draws["params"]).astype(np.float32)
    run_cohorts(shared, **draws, threads=1)
    assert len(project.signatures) <= 2


def test_importing_kernels_loads_no_compiler():
    """`import ykforecast.kernels` and its front door must cost next to nothing."""
    code = "import sys, ykforecast.kernels, ykforecast.kernels.cohort; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("q", lambda x: x + 1.0, "between 0 and 1"),
        ("labour0", lambda x: x[:, :7], "shape"),
        ("mig0", lambda x: x * np.nan, "finite"),
        ("retire_reach", lambda x: x + 0.01, "ages 40 to 71"),
        ("pension0", lambda x: x + 1.0, "below age 16"),
        ("base_odds", lambda x: -x, "negative"),
    ],
)
def test_impossible_shared_inputs_are_refused(name, change, message):
    """A wrong shape or share must stop before it becomes a plausible forecast."""
    shared = made_shared(0)
    shared[name] = change(shared[name])
    with pytest.raises(ValueError, match=message):
        run_cohorts(shared, **made_draws(1))


@pytest.mark.parametrize(("name", "value"), [("rho", 1.5), ("shed", 0.6), ("move_level", 1e3), ("mort", 0.0)])
def test_shares_above_one_are_refused(name, value):
    """A share above one would drive a stock below zero."""
    draws = made_draws(2)
    draws["params"][:, draw_columns.COLUMNS[name]] = value
    with pytest.raises(ValueError, match=name):
        run_cohorts(made_shared(0), **draws)
