"""What a batch file may say, the scenarios that it makes, and the keys of its pieces."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import ykforecast as yk
from tests.batches import FILE, Here
from ykforecast.batch import plan as planning
from ykforecast.batch import run
from ykforecast.batch.groups import groups_of, pack_groups
from ykforecast.batch.plan import plan_batch
from ykforecast.batch.run import read_batch
from ykforecast.data.pieces import pack, unpack
from ykforecast.spec.batch import BatchSpec
from ykforecast.vocabulary.errors import OutputError, RequestError, ScenarioError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "batch.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_the_example_of_the_documentation_is_a_batch(tmp_path):
    """Readers copy it."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "batches.md").read_text(encoding="utf-8")
    (tmp_path / "batch.toml").write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    plan = plan_batch(read_batch(tmp_path / "batch.toml"))
    assert (len(plan.scenarios), len(plan.pieces)) == (16, 32)
    assert {"more-training", "reach_5000_0.02"} <= {one.name for one in plan.scenarios}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("draws = 24", "drawz = 24"), r"batch.toml:2: drawz: unknown key .*Did you mean 'draws'"),
        (("draws = 24", "draws = 0"), "batch.toml:2: draws: .*greater"),
        (("draws = 24", 'draws = "24"'), "batch.toml:2: draws"),
        (("2020-12-31", "2019-12-31"), "date outside the plan .*2019-12-31"),
        (('"2022-06-30"', '"2022-06-31"'), "vintages"),
        (('"2022-06-30"', "2020-12-31"), "a vintage stands twice"),
        (('name = "reach"', 'name = "reach"\nyears = [2020]'), "years"),
        (('name = "reach"', 'name = "../reach"'), "name"),
        (("levers.skills", "levers.skillz"), "unknown lever .*'skillz'.*Did you mean 'skills'"),
        (("[0, 9_000]", f"{list(range(20_000))}"), "at most 10,000"),
        (('"plan+slow-growth"', '"plan+slow-grwth"'), "Did you mean 'slow-growth'"),
        (('"plan+slow-growth"', '"plan"'), "stands twice"),
        (("draws = 24", "draws = 12"), "too few draws for a vintage"),
    ],
)
def test_a_slip_is_named_before_anything_is_computed(change, says, file):
    """Where it stands and what to write: a batch of hours must not begin with a misspelt key."""
    file.write_text(FILE.replace(*change), encoding="utf-8")
    with pytest.raises(RequestError, match=says):
        plan_batch(read_batch(file))


def test_a_dose_out_of_bounds_is_refused(file):
    file.write_text(FILE.replace("9_000", "9_000_000"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="reach_9000000_0.*out of bounds"):
        plan_batch(read_batch(file))


def test_a_batch_without_a_scenario_is_refused():
    with pytest.raises(RequestError, match="no scenario"):
        yk.run_batch({"draws": 10}, "unused")


def test_a_grid_is_every_combination_over_its_base(file):
    """The doses stand in place of the base's in every year; everything else of the base holds."""
    plan = plan_batch(read_batch(file))
    made = {one.name: one for one in plan.scenarios}
    names = [f"reach_{skills}_{ui}" for skills in ("0", "9000") for ui in ("0", "0.02", "0.04")]
    assert list(made) == ["baseline", "plan", "plan+slow-growth", "mine", *names]
    base, one = plan.model.scenarios["plan"], made["reach_9000_0.04"]
    assert set(one.doses["skills"].values()) == {9_000.0}
    assert set(one.doses["ui_expansion"].values()) == {0.04}
    assert {key: path for key, path in one.doses.items() if key not in ("skills", "ui_expansion")} == {
        key: path for key, path in base.doses.items() if key not in ("skills", "ui_expansion")
    }
    assert "9000" in one.label("zh")
    assert "规划" in one.label("zh")


def test_a_grid_of_some_years_leaves_the_base_in_the_others():
    grid = {"name": "late", "base": "plan", "years": [2024], "levers": {"skills": [1.0]}}
    [one] = plan_batch(BatchSpec(draws=5, grid=(grid,))).scenarios
    assert one.doses["skills"] == {2021: 13_000, 2022: 13_000, 2023: 13_000, 2024: 1.0, 2025: 13_000}


def test_days_may_be_written_as_dates_or_as_texts(file):
    assert read_batch(file).vintages == (date(2020, 12, 31), date(2022, 6, 30))


def test_whatever_moves_a_number_moves_the_key():
    """A piece of another seed, draw, scenario, day, selection, model or code must never be taken for this one."""
    asked = {"draws": 20, "scenarios": ("baseline",)}
    changes = [{}, {"seed": 1}, {"draws": 21}, {"scenarios": ("plan",)}, {"keep": "series"}]
    changes += [{"vintages": (date(2021, 6, 30),)}, {"vintages": (date(2022, 6, 30),)}]
    keys = [plan_batch(BatchSpec(**asked | change)).pieces[0].key for change in changes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "code_digest", lambda: "other")
        keys.append(plan_batch(BatchSpec(**asked)).pieces[0].key)
    assert len(set(keys)) == len(keys)
    assert plan_batch(BatchSpec(**asked)).pieces[0].key == keys[0]


def test_other_scenarios_beside_it_do_not_move_a_key():
    """So that a piece is the same in every batch that asks for it."""
    alone = plan_batch(BatchSpec(draws=20, scenarios=("plan",))).pieces[0].key
    assert plan_batch(BatchSpec(draws=20, scenarios=("baseline", "plan"))).pieces[1].key == alone


def test_a_batch_is_the_projection_to_the_last_bit(calibration, monkeypatch, tmp_path):
    """Cut into pieces by draws and scenarios, kept, opened: the numbers of one run of all draws."""
    monkeypatch.setattr(run, "Processes", Here)
    monkeypatch.setattr(planning, "PIECE_DRAWS", 7)
    names = ("baseline", "plan", "skills", "slow-growth", "plan+skills")
    yk.run_batch({"draws": 20, "seed": 9, "scenarios": names, "keep": "totals"}, tmp_path / "out")
    tree = yk.open_batch(tmp_path / "out")["base"]
    runs = yk.project(calibration, names, draws=20, seed=9)
    for group in runs.children:
        xr.testing.assert_identical(tree[group].to_dataset(), runs[group].to_dataset())
    xr.testing.assert_identical(tree["indicators"].to_dataset(), yk.indicators(runs).assign_attrs(keep="totals"))
    part = yk.open_batch(tmp_path / "out", scenarios=["plan+skills", "plan"])["base/indicators"].to_dataset()
    xr.testing.assert_equal(part, yk.indicators(runs).sel(scenario=["plan+skills", "plan"]))
    with pytest.raises(RequestError, match="Did you mean 'plan'"):
        yk.open_batch(tmp_path / "out", scenarios=["plam"])


def test_a_vintage_of_a_batch_is_the_assimilation_to_the_last_bit(calibration, monkeypatch, tmp_path):
    """The ensemble that workers read from its piece is the one that figures moved, steps and findings included."""
    monkeypatch.setattr(run, "Processes", Here)
    monkeypatch.setattr(planning, "PIECE_DRAWS", 16)
    asked = {"draws": 24, "seed": 5, "scenarios": ("plan",), "vintages": ("2020-12-31", "2022-06-30"), "keep": "series"}
    yk.run_batch(asked, tmp_path / "out")
    tree = yk.open_batch(tmp_path / "out")
    late = yk.assimilate(calibration, "2022-06-30", draws=24, seed=5)
    assert late.evidence.steps, "without a step the test would not see one lost"
    runs = yk.project(late, "plan", draws=24, seed=5, keep="series")
    for group in runs.children:
        xr.testing.assert_identical(tree["2022-06-30"][group].to_dataset(), runs[group].to_dataset())
    xr.testing.assert_identical(tree["2022-06-30/indicators"].to_dataset(), yk.indicators(runs))
    early = yk.project(calibration, "plan", draws=24, seed=5, keep="series")
    xr.testing.assert_identical(tree["2020-12-31/series"].to_dataset(), early["series"].to_dataset())


def test_groups_come_back_as_they_were():
    dataset = xr.Dataset(
        {"x": (("place", "draw"), np.arange(4.0).reshape(2, 2), {"units": "persons"}), "n": ((), 3)},
        coords={"place": ("place", ["城", "乡"], {"label_zh": "城乡"}), "draw": [4, 5]},
    )
    back = groups_of(unpack(pack_groups({"key": "k"}, {"g": dataset, "h": dataset[["n"]]}), "p"))
    xr.testing.assert_identical(back["g"], dataset)
    xr.testing.assert_identical(back["h"], dataset[["n"]])


@pytest.mark.parametrize("content", [({"a": float("nan")}, {}), ({}, {"x": np.array(["text"])})])
def test_what_a_piece_cannot_hold_is_refused(content):
    """NaN in JSON and pickled objects are how a file stops being readable by others."""
    with pytest.raises(OutputError):
        pack(*content)


def test_draws_may_begin_anywhere(calibration):
    """Draw 12 is the same person's future in whichever call it is run."""
    whole = yk.project(calibration, "plan", draws=15, seed=3)
    part = yk.project(calibration, "plan", draws=5, seed=3, first=10)
    xr.testing.assert_identical(part["stocks"].to_dataset(), whole["stocks"].to_dataset().isel(draw=slice(10, 15)))
    with pytest.raises(RequestError, match="first"):
        yk.project(calibration, "plan", draws=5, first=-1)
