"""Scores beside the model: what a report quotes also where no checkout is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ykforecast.assess.stored_scores import stored_scores
from ykforecast.data.score_file import read_scores, write_scores
from ykforecast.vocabulary.errors import ModelError

RESULT = Path(__file__).resolve().parents[2] / "docs" / "results" / "backtest.json"


def test_the_shipped_scores_are_those_of_the_stored_back_tests(model, tmp_path):
    # One command writes both; a report and the page on back-tests must not disagree.
    tests = json.loads(RESULT.read_text(encoding="utf-8"))["backtests"]
    (tmp_path / "findings").mkdir()
    written = write_scores(tmp_path, tests)
    assert written.read_bytes() == (model.folder / "findings" / "scores.json").read_bytes()
    found = stored_scores(model)
    for one in tests:
        for name, scores in one["overall"].items():
            at = {"backtest": str(one["base_year"]), "forecaster": name}
            assert found["crps"].sel(at) == scores["crps"] and found["cases"].sel(at) == scores["cases"]
            share = scores.get("coverage", {}).get("0.80", np.nan)
            np.testing.assert_equal(found["coverage"].sel(at).item(), share)


def test_a_model_without_scores_has_none(model, tmp_path):
    # Scores of another city would be a lie.
    assert stored_scores(replace(model, folder=tmp_path)) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "file"),
        ("[]", "file"),
        ('{"command": "c", "backtests": [{}]}', "backtests.0.base_year"),
        ('{"command": "c", "backtests": [], "more": 1}', "more"),
    ],
)
def test_a_file_of_something_else_is_refused_by_name(tmp_path, text, key):
    path = tmp_path / "findings" / "scores.json"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="delete the file") as refused:
        read_scores(tmp_path)
    assert refused.value.key == key and str(path) in str(refused.value)
