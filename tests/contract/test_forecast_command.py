"""The main job end to end, with few draws: files, columns, digests, and the same bytes again."""

from __future__ import annotations

import csv
import json

import pytest

import ykforecast as yk
from ykforecast.cli import main
from ykforecast.data.files import digest_of_file
from ykforecast.simulate.storage import read_groups, values_digest

pytestmark = pytest.mark.slow
COLUMNS = "scenario,indicator,year,median,p10,p90,unit,target,probability,class"
CLASSES = {"提前实现", "快于预期", "基本符合预期", "滞后"}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forecast") / "out"
    assert main(["forecast", "--draws", "32", "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def rows(out):
    return list(csv.DictReader((out / "indicators.csv").read_text(encoding="utf-8").splitlines()))


def test_three_files_and_nothing_else(out):
    assert {path.name for path in out.iterdir()} == {"forecast.nc", "indicators.csv", "manifest.json"}


def test_the_columns_are_the_agreed_ones(out, rows):
    """Programs read this file by name."""
    assert (out / "indicators.csv").read_text(encoding="utf-8").splitlines()[0] == COLUMNS
    assert len(rows) == 2 * 16 * 6
    assert {row["scenario"] for row in rows} == {"baseline", "plan"}


def test_2020_is_as_printed_in_the_plan(rows):
    """The base year is met, not forecast."""
    model = yk.load_model()
    printed = {key: target.base_printed or "" for key, target in model.targets.items()}
    assert {row["indicator"]: row["median"] for row in rows if row["year"] == "2020"} == printed


def test_the_judgement_stands_on_the_rows_of_2025(rows):
    for row in rows:
        last = row["year"] == "2025"
        assert bool(row["target"]) == bool(row["probability"]) == bool(row["class"]) == last
        if last:
            assert 0.0 <= float(row["probability"]) <= 1.0
            assert row["class"] in CLASSES


def test_intervals_hold_their_median(rows):
    for row in rows:
        if row["median"]:
            assert float(row["p10"]) <= float(row["median"]) <= float(row["p90"])


def test_the_netcdf_holds_the_sixteen_with_units(out):
    indicators = read_groups(out / "forecast.nc")["indicators"].to_dataset()
    for key in yk.load_model().indicators:
        assert {"scenario", "draw", "year"} == set(indicators[key].dims)
        assert indicators[key].attrs["units"]
    assert list(indicators["year"].values) == list(range(2020, 2026))


def test_every_group_of_the_netcdf_explains_itself(out):
    """Whoever opens the file has neither this library nor its documentation at hand."""
    tree = read_groups(out / "forecast.nc")
    assert tree.attrs["Conventions"].startswith("CF-")
    for group in ("indicators", "scorecard"):
        for name, variable in tree[group].to_dataset().variables.items():
            assert variable.attrs.get("label_zh"), (group, name)


def test_a_model_of_ones_own_is_judged_by_its_own_targets(model_copy, tmp_path, capsys):
    """A second city brings its plan with it."""
    path = model_copy / "targets.toml"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("value = 340_000.0", "value = 100_000.0").replace('"≥34"', '"≥10"')
    path.write_text(changed, encoding="utf-8")
    arguments = ["forecast", "--scenario", "baseline", "--draws", "8", "--model", str(model_copy), "--json"]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    rows = {(row["indicator"], row["year"]): row for row in json.loads(capsys.readouterr().out)["rows"]}
    last = rows["unemployment_insured", 2025]
    assert last["target"] == "≥10"
    assert last["probability"] == 1.0


def test_the_manifest_names_what_went_in_and_what_came_out(out):
    """Digests of files and of values: whoever doubts a table can find out what it was made of."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    model = yk.load_model()
    assert manifest["model"] == {"name": "yingkou", "digest": model.digest}
    assert manifest["scenarios"] == ["baseline", "plan"]
    assert (manifest["draws"], manifest["seed"], manifest["as_of"]) == (32, 2020, None)
    assert {"yingkou/levers.toml", "scenarios/plan.toml"} <= set(manifest["inputs"])
    assert any(name.startswith("calibration_data/") for name in manifest["inputs"])
    assert {"python", "numpy", "numba", "xarray"} <= set(manifest["versions"])
    for name, digest in manifest["results"].items():
        assert digest_of_file(out / name) == digest
    tree = read_groups(out / "forecast.nc")
    assert manifest["values"]["indicators"] == values_digest(tree["indicators"].to_dataset())


def test_the_same_command_gives_the_same_bytes(out, tmp_path, capsys):
    """Same inputs, same seed, same versions: every file equal, whatever else ran before."""
    assert main(["forecast", "--draws", "32", "--out", str(tmp_path), "--json"]) == 0
    for path in out.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert len(report["rows"]) == 2 * 16 * 6
    assert captured.err == ""


def test_scenarios_language_and_seed_are_as_asked(tmp_path, capsys):
    arguments = ["forecast", "--scenario", "plan+slow-growth", "--draws", "8", "--seed", "7", "--lang", "en"]
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert "New urban employment" in captured.out
    assert "\x1b" not in captured.out
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenarios"] == ["plan+slow-growth"]
    assert manifest["seed"] == 7
