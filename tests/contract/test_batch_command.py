"""``ykforecast batch`` and ``replay`` end to end, on processes and on a Dask cluster: the same bytes."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import ykforecast as yk
from tests.batches import FILE, Here, contents
from ykforecast.batch import run
from ykforecast.cli import main
from ykforecast.data.files import digest_of_file

pytestmark = pytest.mark.slow
COLUMNS = "vintage,scenario,indicator,year,median,p10,p90,unit,target,probability,probability_error"
ON_A_CLUSTER = """
import sys
from distributed import LocalCluster
from ykforecast.cli import main
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        sys.exit(main(["batch", sys.argv[1], "--out", sys.argv[2], "--dask", cluster.scheduler_address]))
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("batch") / "batch.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def out(file):
    """Computed by two processes."""
    assert main(["batch", str(file), "--out", str(file.parent / "out"), "--workers", "2"]) == 0
    return file.parent / "out"


@pytest.fixture(scope="module")
def rows(out):
    return list(csv.DictReader((out / "summary.csv").read_text(encoding="utf-8").splitlines()))


def test_the_folder_holds_what_is_promised(out):
    names = {path.name for path in out.iterdir()}
    assert names == {".lock", "batch.json", "pieces", "summary.csv", "index.html", "index_en.html", "manifest.json"}
    assert (out / ".lock").read_bytes() == b""


def test_another_executor_gives_the_same_bytes(file, out, tmp_path, monkeypatch):
    """One process or two, in any order: the numbers are a function of the file."""
    monkeypatch.setattr(run, "Processes", Here)
    yk.run_batch(file, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(out)


@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="needs the extra: cluster")
def test_a_cluster_gives_the_same_bytes(file, out, tmp_path):
    """Two workers that share nothing with this process but the installed package."""
    script = tmp_path / "cluster.py"
    script.write_text(ON_A_CLUSTER, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(yk.__file__).parents[1])}
    called = [sys.executable, str(script), str(file), str(tmp_path / "out")]
    done = subprocess.run(called, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == contents(out)


def test_an_address_where_nobody_answers_is_refused(file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("ykforecast.batch.pools._PATIENCE", 0.2)
    assert main(["batch", str(file), "--out", str(tmp_path / "out"), "--dask", "tcp://127.0.0.1:9"]) == 2
    assert "dask" in capsys.readouterr().err


def test_the_summary_says_what_evaluate_says(out, rows):
    """One row a vintage, scenario, indicator and year; the judgement on the rows of 2025."""
    assert (out / "summary.csv").read_text(encoding="utf-8").splitlines()[0] == COLUMNS
    assert len(rows) == 2 * 10 * 16 * 6
    tree = yk.open_batch(out, scenarios=["plan", "mine"])
    for vintage in ("2020-12-31", "2022-06-30"):
        card = yk.evaluate(tree[vintage], as_of=vintage)
        for row in rows:
            if row["vintage"] != vintage or row["scenario"] not in ("plan", "mine") or row["year"] != "2025":
                continue
            here = card.sel(scenario=row["scenario"], indicator=row["indicator"])
            assert float(row["probability"]) == pytest.approx(float(here["probability"]), abs=5e-5)
            assert float(row["probability_error"]) == pytest.approx(float(here["probability_error"]), abs=5e-5)
            scale = {"%": 100.0, "10k persons": 1e-4, "10k person-times": 1e-4}.get(row["unit"], 1.0)
            assert float(row["median"]) == pytest.approx(scale * float(here["median"].sel(year=2025)), abs=6e-4)


def test_2020_is_as_printed(rows):
    printed = {key: target.base_printed or "" for key, target in yk.load_model().targets.items()}
    assert all(row["median"] == printed[row["indicator"]] for row in rows if row["year"] == "2020")


class Page(HTMLParser):
    """Cells of a page, and every address that it names."""

    def __init__(self, text):
        super().__init__()
        self.cells, self.addresses = 0, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.cells += tag == "td"
        self.addresses += [value for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize(("name", "word"), [("index.html", "规划情景"), ("index_en.html", "Plan")])
def test_the_page_needs_no_network_and_shows_everything(name, word, out):
    text = (out / name).read_text(encoding="utf-8")
    page = Page(text)
    assert page.cells == 2 * 10 * 17
    assert all((out / address).is_file() for address in page.addresses)
    assert word in text


def test_the_manifest_closes_the_batch(out):
    """Everything is there with its digest, and nothing that differs between two runs."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert {name: digest_of_file(out / name) for name in manifest["results"]} == manifest["results"]
    listed = [*manifest["pieces"], *manifest["vintages"].values()]
    assert {f"{one['key']}.piece" for one in listed} == {path.name for path in (out / "pieces").iterdir()}
    assert all(digest_of_file(out / "pieces" / f"{one['key']}.piece") == one["digest"] for one in listed)


def test_json_says_what_was_done(file, out, capsys):
    assert main(["batch", str(file), "--out", str(out), "--resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"folder": str(out), "pieces": 20, "computed": 0}


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "Processes", Here)
    mine = {"name": "mine", "doses": {"skills": {2023: 5.0}}}
    asked = {"draws": 6, "scenarios": ("baseline", "plan+skills"), "own": (mine,)}
    return yk.run_batch(asked, tmp_path / "tiny").folder / "manifest.json"


def test_a_batch_is_computed_again_from_its_manifest(tiny, capsys):
    assert main(["replay", str(tiny), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"same": True, "differs": []}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (lambda record: record["results"].update({"summary.csv": "sha256:0"}), ["results.summary.csv"]),
        (lambda record: record["pieces"][2].update(digest="sha256:0"), ["pieces.base mine 0.digest"]),
        (lambda record: record["batch"]["versions"].update(numpy="1"), ["batch.versions.numpy"]),
    ],
)
def test_what_differs_is_named(change, places, tiny, capsys):
    """A changed library, or a digit that moved: the place, and exit code 1."""
    record = json.loads(tiny.read_text(encoding="utf-8"))
    change(record)
    tiny.write_text(json.dumps(record), encoding="utf-8")
    assert main(["replay", str(tiny), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["differs"] == places


def test_a_forecast_is_computed_again_from_its_manifest(tmp_path, capsys):
    """As of a day and with rivals: everything that the command was asked for stands in the manifest."""
    asked = "forecast --draws 24 --seed 3 --scenario plan+skills --as-of 2022-06-30 --rivals --out"
    assert main([*asked.split(), str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "manifest.json")]) == 0
    assert "一致" in capsys.readouterr().out
    record = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps(record | {"seed": 4}), encoding="utf-8")
    assert main(["replay", str(tmp_path / "manifest.json"), "--lang", "en"]) == 1
    assert "values.indicators" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"batch": {}, "pieces": [], "vintages": {}, "results": {}}'])
def test_what_is_no_manifest_is_refused(text, tmp_path, capsys):
    (tmp_path / "m.json").write_text(text, encoding="utf-8")
    assert main(["replay", str(tmp_path / "m.json")]) == 2
    assert "manifest" in capsys.readouterr().err or text in "{[]"
