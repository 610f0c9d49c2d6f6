"""``targets`` and ``impact``: tables in both languages, strict JSON, one message for bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ykforecast.cli import main

EXAMPLE = str(Path(__file__).resolve().parents[2] / "docs" / "examples" / "project.toml")


def test_targets_are_printed_and_written(tmp_path, capsys):
    assert main(["targets", "--draws", "24", "--districts", "--csv", str(tmp_path / "t.csv")]) == 0
    assert "年度目标（等额" in capsys.readouterr().out
    with (tmp_path / "t.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["indicator"] == "new_urban_jobs"]
    city = sum(round(100 * float(row["value"])) for row in rows if not row["district"])
    districts = sum(round(100 * float(row["value"])) for row in rows if row["district"])
    assert city == districts == 900


def test_machines_read_targets(capsys):
    assert main(["targets", "--draws", "24", "--how", "capacity", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["rows"]) == 80
    assert {row["status"] for row in report["rows"]} == {"target"}


def test_the_impact_of_a_project_is_printed(capsys):
    assert main(["impact", EXAMPLE, "--draws", "24"]) == 0
    assert "就业影响评估：港口装备制造项目" in capsys.readouterr().out
    assert main(["impact", EXAMPLE, "--draws", "24", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["project"] == "example-plant"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["impact", "nowhere.toml"], "missing"),
        (["targets", "--as-of", "2019-01-01"], "outside the plan"),
        (["targets", "--own", "form.csv"], "--as-of"),
        (["targets", "--scenario", "paln"], "plan"),
        (["targets", "--least", "2"], "not a chance"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
