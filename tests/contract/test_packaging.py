"""What is shipped: locks that name no host, and a wheel that carries its data and works from anywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")

pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="needs a source checkout")


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(lock: str) -> dict[str, list[str]]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", text, flags=re.MULTILINE):
        found.setdefault(name, []).append(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_path(lock):
    """Which index serves the files is the installer's business; a mirror's address would leak."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "http" not in text
    assert "file:" not in text
    assert "index-url" not in text
    assert "find-links" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock):
    """Without one, the installer would refuse all, or worse, check none."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())
    assert len(blocks) > 30
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_lock_holds_every_dependency_and_what_the_build_needs():
    wanted = {re.split(r"[><=]", entry)[0] for entry in project()["dependencies"]}
    wanted |= {re.split(r"[><=]", entry)[0] for entry in project()["optional-dependencies"]["test"]}
    assert wanted | {"hatchling", "editables"} <= set(pins("requirements.lock"))


def test_both_locks_agree():
    """Else `make docs` would change what `make test` tested."""
    small, large = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: versions for name, versions in large.items() if name in small} == small


def test_the_version_is_written_once_more_only_in_the_package():
    from ykforecast import __version__

    assert project()["version"] == __version__


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--no-index", "--wheel-dir", str(folder), str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("ykforecast-*.whl"))


@pytest.mark.slow
def test_the_wheel_carries_models_and_figures(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "ykforecast/_models/yingkou/levers.toml" in names
    assert "ykforecast/_models/scenarios/plan.toml" in names
    assert "ykforecast/_models/yingkou/findings/scores.json" in names  # what reports quote of the back-tests
    assert "ykforecast/_calibration_data/yingkou_plan_2021_2025/source.toml" in names
    assert "ykforecast/py.typed" in names
    assert {f"ykforecast/documents/assets/{name}" for name in ("charts.js", "report.css", "report.js")} <= names
    strangers = {name.split("/")[0] for name in names} - {"ykforecast"}
    assert all(name.endswith(".dist-info") for name in strangers)  # no tests, no docs in other people's site-packages


@pytest.mark.slow
def test_the_wheel_works_from_an_empty_folder(wheel, tmp_path):
    """Installed, away from the checkout: the model is found inside the package."""
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
    ]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    # The wheel comes before the checkout on the path; the libraries are those of this interpreter.
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("-c", "import ykforecast as yk; print(yk.__file__); print(yk.load_model().folder)")
    assert all(line.startswith(str(site)) for line in where.splitlines())
    assert "nothing wrong" in run("-m", "ykforecast", "check")
    assert len(json.loads(run("-m", "ykforecast", "list", "levers", "--json"))) == 31
    assert not list(elsewhere.iterdir())
    table = run("-m", "ykforecast", "forecast", "--draws", "4", "--out", "out")
    assert "失业保险参保人数" in table
    assert (elsewhere / "out" / "indicators.csv").is_file()
    assert [path.name for path in elsewhere.iterdir()] == ["out"]
    # The main job, with nothing but the wheel: table, figures and record in a folder of its own.
    assert "城镇新增就业人数" in run("-m", "ykforecast", "forecast", "--draws", "16", "--out", "out")
    written = {path.name for path in (elsewhere / "out").iterdir()}
    assert written == {"forecast.nc", "indicators.csv", "manifest.json"}
