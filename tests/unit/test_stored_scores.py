"""Scores beside the model: what a report quotes also where no checkout is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.reports import dossier
from ykforecast.assess.model_check import notes
from ykforecast.assess.plan_texts import model_facts
from ykforecast.assess.stored_scores import stored_scores
from ykforecast.data.score_file import read_scores, write_scores
from ykforecast.documents.content.draft import Draft
from ykforecast.documents.content.technical import technical
from ykforecast.documents.record_card import model_card
from ykforecast.vocabulary.errors import ModelError

RESULT = Path(__file__).resolve().parents[2] / "docs" / "results" / "backtest.json"


def test_the_shipped_scores_are_those_of_the_stored_back_tests(model, tmp_path):
    # One command writes both; a report and the page on back-tests must not disagree.
    tests = json.loads(RESULT.read_text(encoding="utf-8"))["backtests"]
    (tmp_path / "findings").mkdir()
    written = write_scores(tmp_path, read_scores(model.folder).model_digest, tests)
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


@pytest.mark.parametrize("earlier", [False, True])
def test_scores_of_other_files_say_so(model, tmp_path, earlier):
    # A changed parameter moves every forecast: whoever reads the old scores must know that they are not of this model.
    (tmp_path / "findings").mkdir()
    tests = json.loads(RESULT.read_text(encoding="utf-8"))["backtests"]
    write_scores(tmp_path, "sha256:0" if earlier else model.digest, tests)
    here = replace(model, folder=tmp_path)
    made = replace(dossier(model), groups={"scores": stored_scores(here), "facts": model_facts(model, 400)})
    assert ("属于此前的版本" in model_card(made)) == earlier
    for lang, words in (("zh", "属于此前的版本"), ("en", "of an earlier version")):
        [section] = [one for one in technical(Draft(made, lang)).sections if one.key == "technical_scores"]
        assert (words in repr(section)) == earlier
    # It is no fault of the files: the check tells of it and passes.
    assert len(notes(here)) == earlier


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "file"),
        ("[]", "file"),
        ('{"command": "c", "model_digest": "d", "backtests": [{}]}', "backtests.0.base_year"),
        ('{"command": "c", "model_digest": "d", "backtests": [], "more": 1}', "more"),
        ('{"command": "c", "backtests": []}', "model_digest"),
    ],
)
def test_a_file_of_something_else_is_refused_by_name(tmp_path, text, key):
    path = tmp_path / "findings" / "scores.json"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="delete the file") as refused:
        read_scores(tmp_path)
    assert refused.value.key == key and str(path) in str(refused.value)
