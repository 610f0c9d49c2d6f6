"""The record of a report: what it rests on, in files that machines and auditors read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.reports import dossier
from ykforecast.assess.stored_scores import stored_scores
from ykforecast.data.learned_file import read_learned
from ykforecast.data.score_file import write_scores
from ykforecast.documents.record import write_record
from ykforecast.simulate.sampling import quantile
from ykforecast.vocabulary.errors import RequestError

BACKTEST = {
    "base_year": 2015,
    "draws": 2_000,
    "seed": 2015,
    "overall": {
        "model": {"cases": 33, "crps": 0.0476, "mean_absolute_error": 0.0624, "coverage": {"0.80": 0.94}},
        "last_value": {"cases": 28, "crps": 0.0764, "mean_absolute_error": 0.0798},
    },
}


@pytest.fixture(scope="module")
def record(model, tmp_path_factory):
    """Folder of a report with its record."""
    folder, place = tmp_path_factory.mktemp("report"), tmp_path_factory.mktemp("model")
    (folder / "报告 1.docx").write_bytes(b"words")
    (place / "findings").mkdir()
    write_scores(place, model.digest, [BACKTEST])
    made = replace(dossier(model), groups={"scores": stored_scores(replace(model, folder=place))})
    write_record(made, folder, ["报告 1.docx"], issued="2023-09-01")
    return folder


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def entities(folder):
    content = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    return {one["@id"]: one for one in content["@graph"]}


def references(value):
    """Every id that an entity refers to."""
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else [one for part in value.values() for one in references(part)]
    return [one for part in value for one in references(part)] if isinstance(value, list) else []


def test_the_manifest_names_every_file_with_its_digest(record):
    # A file that was changed or added afterwards must show.
    manifest = json.loads((record / "report_manifest.json").read_text(encoding="utf-8"))
    written = {path.name for path in record.iterdir()} - {"report_manifest.json"}
    assert manifest["files"] == {name: "sha256:" + sha256(record / name) for name in written}
    assert manifest["run"]["seed"] == 1


def test_the_crate_is_one_run_of_the_software_on_the_inputs(record):
    # RO-Crate 1.1 and Process Run Crate 0.5: descriptor, root, CreateAction with instrument, object and result.
    graph = entities(record)
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root, run = graph["./"], graph["#run"]
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"} and root["mentions"] == {
        "@id": "#run"
    }
    assert {"name", "description", "license", "datePublished"} <= set(root) and root["datePublished"] == "2023-09-01"
    assert (run["@type"], run["instrument"]) == ("CreateAction", {"@id": "#ykforecast"})
    assert graph["#ykforecast"]["softwareVersion"] == "0.1.0"
    inputs = [graph[one["@id"]] for one in run["object"]]
    assert {one["@type"] for one in inputs} == {"CreativeWork", "PropertyValue"}
    assert {one.get("sha256") for one in inputs} == {"0" * 64, None}
    assert run["result"] == root["hasPart"]


def test_every_reference_of_the_crate_leads_somewhere_and_files_are_there(record):
    graph = entities(record)
    named = {one for entity in graph.values() for one in references(list(entity.values()))}
    assert named - set(graph) == {"https://w3id.org/ro/crate/1.1"}
    files = [one for one in graph.values() if one["@type"] == "File"]
    assert graph["%E6%8A%A5%E5%91%8A%201.docx"] in files  # an id is a URI
    for one in files:
        assert one["sha256"] == sha256(record / one["name"]) and int(one["contentSize"]) > 0


def test_without_a_date_of_issue_no_time_is_told_and_bytes_repeat(model, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_record(dossier(model), tmp_path / name, [])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    graph = entities(tmp_path / "a")
    assert "datePublished" not in graph["./"] and "endTime" not in graph["#run"]


def test_the_assumptions_book_holds_every_parameter_with_its_grounds(record, model):
    text = (record / "assumptions.csv").read_text(encoding="utf-8-sig")
    rows = {row["parameter"]: row for row in csv.DictReader(io.StringIO(text))}
    assert list(rows) == list(model.parameters)
    assert all(row["grade"] and row["reason"] and row["reason_zh"] for row in rows.values())
    # A source may be missing only where a number is assumed.
    assert all(row["source"] or row["grade"] == "assumed" for row in rows.values())
    for name, row in rows.items():
        if model.parameters[name].role == "uncertainty":
            assert float(row["p05"]) < float(row["median"]) < float(row["p95"]), name


def test_the_assumptions_book_says_what_history_taught(record, model):
    # The stored lesson drawn from, as a forecast draws from it, has the median and the ends that the book prints.
    text = (record / "assumptions.csv").read_text(encoding="utf-8-sig")
    rows = {row["parameter"]: row for row in csv.DictReader(io.StringIO(text))}
    learned = read_learned(model.folder)
    assert {name for name, row in rows.items() if row["learned_median"]} == set(learned.names)
    normals = learned.mean + np.random.default_rng(1).standard_normal((40_000, len(learned.names))) @ learned.root
    for place, name in enumerate(learned.names):
        drawn = np.quantile(quantile(name, model.parameters[name], normals[:, place]), [0.05, 0.5, 0.95])
        printed = [float(rows[name][f"learned_{end}"]) for end in ("p05", "median", "p95")]
        assert printed == pytest.approx(drawn, abs=0.03 * (drawn[2] - drawn[0])), name


def test_the_model_card_says_use_scores_data_and_limits(record, model):
    text = (record / "model_card.md").read_text(encoding="utf-8")
    for heading in ("用途", "不适用的用途", "影响结果的因素", "结果", "检验得分", "数据", "局限", "复现"):
        assert f"## {heading}\n" in text
    assert "| 模型 | 33 | 0.0476 | 0.0624 | 94% |" in text and "| 28 | 0.0764 | 0.0798 | — |" in text
    assert all(spec.label_zh in text for spec in model.indicators.values() if spec.conflicts_zh)
    assert f"共{len(model.parameters)}个参数" in text


def test_names_of_users_are_no_marks_in_the_model_card(model, tmp_path):
    one = dossier(model, scenarios=("baseline", "plan"))
    one.card["scenario_zh"] = ("scenario", ["<script>|[x](y)", "b`"])
    write_record(one, tmp_path, [])
    assert r"\<script\>\|\[x\](y)" in (tmp_path / "model_card.md").read_text(encoding="utf-8")


def test_a_file_outside_the_folder_is_refused(model, tmp_path):
    # A digest of something that is not delivered would prove nothing.
    (tmp_path / "report").mkdir()
    (tmp_path / "other.docx").write_bytes(b"")
    for name in ("missing.docx", str(tmp_path / "other.docx"), "../other.docx"):
        with pytest.raises(RequestError, match="not a file of the report"):
            write_record(dossier(model), tmp_path / "report", [name])
