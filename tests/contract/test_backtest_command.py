"""``ykforecast backtest``: clean output for machines, silence in a pipe, one error on bad input."""

from __future__ import annotations

import json

import pytest

from ykforecast.cli import main
from ykforecast.data.model_files import load_model
from ykforecast.data.score_file import read_scores


def test_json_is_strict_and_nothing_else(capsys):
    """A machine reads standard output: no NaN, no progress."""
    assert main(["backtest", "--base", "2010", "--draws", "50", "--json"]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    [census] = found["backtests"]
    assert census["base_year"] == 2010
    assert len(census["cases"]) == 140
    assert captured.err == ""


def test_the_table_names_the_rivals(capsys):
    assert main(["backtest", "--base", "2010", "--draws", "50"]) == 0
    captured = capsys.readouterr()
    assert all(word in captured.out for word in ("模型", "末值不变", "只计存活", "同一增速", "人口：县区"))
    assert captured.err == ""


def test_stored_scores_stand_where_reports_read_them(capsys, model_copy):
    """A report quotes the scores of its own model, not those of another."""
    before = read_scores(model_copy)
    assert main(["backtest", "--base", "2010", "--draws", "50", "--model", str(model_copy), "--store", "--json"]) == 0
    [printed] = json.loads(capsys.readouterr().out)["backtests"]
    after = read_scores(model_copy)
    [stored] = after.backtests
    assert after.model_digest == load_model(model_copy).digest
    assert (stored.base_year, stored.draws) == (2010, 50) and after != before
    assert {name: one.crps for name, one in stored.overall.items()} == {
        name: one["crps"] for name, one in printed["overall"].items()
    }


def test_too_few_draws_are_one_error(capsys):
    assert main(["backtest", "--base", "2015", "--draws", "3"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "draws" in captured.err


def test_another_base_is_refused_by_the_parser(capsys):
    with pytest.raises(SystemExit) as refused:
        main(["backtest", "--base", "2014"])
    assert refused.value.code == 2
    assert "2014" in capsys.readouterr().err
