"""``ykforecast attribute`` and ``sensitivity``: tables for people, strict JSON for machines, one error on bad input."""

from __future__ import annotations

import json

import pytest

import ykforecast as yk
from ykforecast.assess import attribution, definition_steps, target_paths
from ykforecast.cli import attribute as cli_attribute
from ykforecast.cli import main
from ykforecast.cli import seek as cli_seek
from ykforecast.cli import targets as cli_targets

FEW = ["--lever", "skills", "--lever", "ui_expansion", "--lever", "growth_first", "--draws", "20"]


def records(capsys):
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_parts_as_json_add_up(capsys):
    assert main(["attribute", *FEW, "--json"]) == 0
    found = records(capsys)
    assert found["attributes"]["scenario"] == "plan"
    assert len(found["parts"]) == 3 * 16
    one = next(
        row for row in found["parts"] if (row["indicator"], row["part"]) == ("unemployment_insured", "ui_expansion")
    )
    assert one["p10"] < one["median"] < one["p90"]


def test_one_row_an_indicator_and_every_part_of_one(capsys):
    assert main(["attribute", *FEW]) == 0
    many = capsys.readouterr().out
    assert len(many.splitlines()) == 1 + 1 + 16 + 1
    assert "规划情景与基准情景之差的来源" in many
    assert main(["attribute", *FEW, "--indicator", "unemployment_insured", "--lang", "en"]) == 0
    one = capsys.readouterr().out
    assert "Unemployment insurance: insured persons" in one
    assert one.splitlines()[-2].startswith("all")


def test_causes_have_no_probability_to_share(capsys):
    assert main(["attribute", "baseline", "--over", "causes", "--draws", "4"]) == 0
    found = capsys.readouterr().out
    assert "概率变动" not in found.splitlines()[1]
    assert "年龄结构变化" in found


def test_figures_need_a_date(capsys):
    assert main(["attribute", "--over", "figures", "--draws", "20"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["attribute", "--over", "figures"],
        ["attribute", "--as-of", "soon"],
        ["attribute", "--indicator", "gdp"],
        ["attribute", "--base", "nowhere"],
        ["attribute", "--year", "2030"],
        ["seek", "binding", "--as-of", "2019-01-01"],
    ],
)
def test_what_can_be_refused_is_refused_before_the_work(arguments, monkeypatch, capsys):
    monkeypatch.setattr(yk, "calibrate", lambda *_: pytest.fail("computed first"), raising=False)
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_choices_of_commands_are_those_of_the_library():
    """Copies, since help loads no library: a way that is added there must not be missing here."""
    assert cli_attribute.WAYS == attribution.WAYS
    assert cli_targets.WAYS == target_paths.WAYS
    assert cli_seek.COUNTINGS == definition_steps.COUNTINGS


def test_sensitivity_in_tables_and_json(capsys):
    assert main(["sensitivity", "--draws", "100"]) == 0
    table = capsys.readouterr().out
    assert all(word in table for word in ("基准情景", "养老保险参保", "城乡低保标准（2021年）", "ΣP(1−P)"))
    assert main(["sensitivity", "--draws", "100", "--indicator", "dibao_ratio", "--lang", "en"]) == 0
    assert "dibao_gap_growth" in capsys.readouterr().out
    assert main(["sensitivity", "--draws", "100", "--json"]) == 0
    assert set(records(capsys)) == {"attributes", "theme", "parameter", "statistic", "ranking"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["attribute", "plann"],
        ["attribute", "--lever", "skill"],
        ["attribute", "--year", "2030"],
        ["sensitivity", "--draws", "5"],
    ],
)
def test_bad_input_is_one_message(capsys, arguments):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
