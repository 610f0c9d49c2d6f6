"""``ykforecast compare``: what it prints for people and for programs, and how it refuses."""

from __future__ import annotations

import json

import pytest

from ykforecast.cli import main


def test_people_get_both_tables(capsys):
    assert main(["compare", "baseline", "plan[ui_expansion]*0.5", "--draws", "20"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("规划情景（仅ui_expansion）×0.5 (plan[ui_expansion]*0.5) 减 基准情景 (baseline)：")
    assert "失业保险扩面" in out
    assert "16项指标中1项变动" in out


def test_programs_get_numbers_in_base_units(capsys):
    assert main(["compare", "baseline", "plan", "--draws", "20", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["first"], report["second"], report["draws"], report["seed"]) == ("baseline", "plan", 20, 2020)
    assert len(report["rows"]) == 16 * 5
    [skills] = [one for one in report["levers"] if one["lever"] == "skills"]
    assert skills["doses"]["plan"] == [13_000] * 5
    assert skills["moves"] == ["surveyed_unemployment_rate", "labour_productivity_growth", "subsidised_training"]
    insured = [row for row in report["rows"] if row["indicator"] == "unemployment_insured" and row["year"] == 2025]
    assert 1e4 < insured[0]["median"] < 1e5


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("baseline", "baseline"), "twice"),
        (("baseline", "plann*0.5"), "Did you mean 'plan'"),
        (("baseline", "plan*"), "ends too soon"),
        (("baseline", "delayed-retirement*0.5"), "switch"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_two(pair, words, capsys):
    assert main(["compare", *pair]) == 2
    message = capsys.readouterr().err
    assert words in message
    assert message.count("\n") == 1
