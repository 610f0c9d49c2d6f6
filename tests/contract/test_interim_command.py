"""``forecast --as-of`` and ``form`` end to end: what is printed and written, and what is refused as a whole."""

from __future__ import annotations

import csv
import json

import pytest

import ykforecast as yk
from ykforecast.cli import main
from ykforecast.data.files import digest_of_file
from ykforecast.data.observation_form import COLUMNS
from ykforecast.simulate.storage import read_groups, values_digest

pytestmark = pytest.mark.slow
MIDTERM = "2023-06-30"
HEAD = ",".join(COLUMNS.values()) + "\n"
GOOD = "unemployment_insured,,2022,,,34.5,万人,2023-03-31,人社局年报,\n"


def forecast(folder, *arguments):
    return main(["forecast", "--draws", "40", "--scenario", "plan", "--out", str(folder), *arguments])


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "own.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def out(tmp_path_factory, form):
    folder = tmp_path_factory.mktemp("late") / "out"
    assert forecast(folder, "--as-of", MIDTERM, "--own", str(form)) == 0
    return folder


@pytest.fixture(scope="module")
def manifest(out):
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


def test_four_files_and_nothing_else(out, manifest):
    names = {"forecast.nc", "indicators.csv", "revision.csv", "manifest.json"}
    assert {path.name for path in out.iterdir()} == names
    assert set(manifest["results"]) == names - {"manifest.json"}
    for name, digest in manifest["results"].items():
        assert digest_of_file(out / name) == digest


def test_the_columns_of_the_indicators_stay(out):
    """Programs read this file by name, with figures or without."""
    head = (out / "indicators.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == "scenario,indicator,year,median,p10,p90,unit,target,probability,class"


def test_the_manifest_names_every_figure(manifest, form):
    """Whoever doubts the revision finds each figure with its source and day, and the form by its digest."""
    record = manifest["assimilation"]
    assert record["method"] == "es-mda"
    assert record["past"] == {"scenario": "plan", "through": 2022}
    assert record["form"] == {"name": "own.csv", "digest": digest_of_file(form)}
    assert record["digest"].startswith("sha256:")
    by_figure = {(one["series"], one["year"]): one for one in record["used"]}
    mine = by_figure["unemployment_insured", 2022]
    assert (mine["value"], mine["source"], mine["published"]) == (345_000, "人社局年报", "2023-03-31")
    assert mine["verdict"] == "step"
    assert by_figure["gdp_growth", 2021]["value"] == pytest.approx(0.02)
    assert all(one["published"] <= MIDTERM for one in record["used"] + record["left_out"])


def test_the_revision_is_one_row_a_cause(out):
    rows = list(csv.DictReader((out / "revision.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["indicator"] for row in rows} == set(yk.load_model().indicators)
    assert {"definition_step", "past_measures", "remainder", "gdp_growth"} <= {row["cause"] for row in rows}
    for row in rows:
        for when in ("before", "after"):
            low, middle, high = (float(row[f"{when}_{name}"]) for name in ("p10", "p50", "p90"))
            assert low <= middle <= high


def test_the_stored_indicators_hold_their_steps(out, manifest):
    tree = read_groups(out / "forecast.nc")
    stored = tree["indicators"].to_dataset()
    assert stored["unemployment_insured_definition_step"].attrs["units"] == "persons"
    assert manifest["values"]["indicators"] == values_digest(stored)
    assert tree.attrs["as_of"] == MIDTERM
    for variable in tree["scorecard"].to_dataset().variables.values():
        assert variable.attrs.get("label_zh")


def test_the_same_command_prints_both_tables_and_writes_the_same_bytes(out, form, tmp_path, capsys):
    assert forecast(tmp_path, "--as-of", MIDTERM, "--own", str(form)) == 0
    for path in out.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "基期预测" in captured.out
    assert "※12" in captured.out
    lines = [line for line in captured.out.splitlines() if line.startswith("【")]
    assert any(line.startswith("【口径变动】失业保险参保人数（2022年）") for line in lines)
    assert any("另有china_city_yearbook_after_base为 34.1563" in line for line in lines)


def test_machines_get_figures_and_revision(tmp_path, capsys):
    assert forecast(tmp_path, "--as-of", MIDTERM, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["as_of"] == MIDTERM
    assert {one["verdict"] for one in report["figures"]} == {"fits", "step"}
    assert isinstance(report["revision"][0]["share"], float)


def test_a_day_before_any_figure_is_the_forecast_of_2020(tmp_path, capsys):
    """Bit for bit, and said so; a revision of an earlier command does not stay beside it."""
    plain, early = tmp_path / "plain", tmp_path / "early"
    early.mkdir()
    (early / "revision.csv").write_text("of another forecast", encoding="utf-8")
    assert forecast(plain) == 0
    assert forecast(early, "--as-of", "2021-06-30") == 0
    assert "逐位相同" in capsys.readouterr().out
    assert not (early / "revision.csv").exists()
    groups = [read_groups(folder / "forecast.nc")["indicators"].to_dataset() for folder in (plain, early)]
    assert values_digest(groups[0]) == values_digest(groups[1])
    assert "assimilation" not in json.loads((plain / "manifest.json").read_text(encoding="utf-8"))


def test_every_fault_of_a_form_is_told_and_nothing_is_written(tmp_path, capsys):
    """An official mends all lines in one go; half a form would be another forecast."""
    form, folder = tmp_path / "own.csv", tmp_path / "out"
    bad = ("gdpp,,2022,,,2,%,2023-03-31,统计局,\n", "population,,2022,,,231,公里,2023-03-31,统计局,\n")
    form.write_text(HEAD + GOOD + "".join(bad), encoding="utf-8")
    assert forecast(folder, "--as-of", MIDTERM, "--own", str(form)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "2 problem(s), nothing was read" in captured.err
    assert "gdpp" in captured.err
    assert "公里" in captured.err
    assert not folder.exists()


def test_a_form_needs_a_date(form, tmp_path, capsys):
    assert forecast(tmp_path / "out", "--own", str(form)) == 2
    assert "--as-of" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_empty_form_is_written_once(tmp_path, capsys):
    """A second call must not wipe what somebody filled in."""
    path = tmp_path / "form.csv"
    assert main(["form", str(path)]) == 0
    assert capsys.readouterr().out.strip() == str(path)
    before = path.read_bytes()
    assert "indicator:unemployment_insured" in before.decode("utf-8-sig")
    assert main(["form", str(path)]) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main(["form", str(tmp_path / "form.doc")]) == 2


def test_a_figure_of_a_department_that_is_not_used_is_named(tmp_path, capsys):
    """Nothing that a department reports may be dropped in silence: what came too late is said to have."""
    form = tmp_path / "own.csv"
    late = "unemployment_insured,,2022,,,34.5,万人,2023-07-15,人社局年报,\n"
    form.write_text(HEAD + late, encoding="utf-8")
    assert forecast(tmp_path / "out", "--as-of", MIDTERM, "--own", str(form)) == 0
    assert "【未采用】失业保险参保人数（2022年）：人社局年报所报，2023-07-15才公布" in capsys.readouterr().out


def test_a_method_without_a_date_is_refused(tmp_path, capsys):
    """It would do nothing, and its user would think it had."""
    assert forecast(tmp_path / "out", "--method", "smc") == 2
    assert "--as-of" in capsys.readouterr().err
