"""A writer that is stopped leaves the old file or the new one, and never half of one."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import xarray as xr

from ykforecast.cli import main
from ykforecast.data import files
from ykforecast.simulate.storage import read_groups, values_digest, write_groups
from ykforecast.vocabulary.errors import DataError, OutputError


@pytest.fixture
def groups():
    values = np.arange(24.0).reshape(2, 3, 4)
    dataset = xr.Dataset(
        {
            "new_urban_jobs": (
                ("scenario", "draw", "year"),
                values,
                {"units": "persons", "label_zh": "城镇新增就业"},
            )
        },
        coords={"scenario": ["baseline", "规划"], "year": [2021, 2022, 2023, 2024]},
    )
    return {"indicators": dataset}


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_write_keeps_the_old_file(step, tmp_path, monkeypatch, groups):
    """Disk full at either of the two last steps: the earlier result stands, nothing else is left."""
    target = tmp_path / "forecast.nc"
    write_groups(target, groups, {"seed": 1})
    before = target.read_bytes()
    monkeypatch.setattr(files.os, step, full_disk)
    with pytest.raises(OutputError, match="No space left") as caught:
        write_groups(target, groups, {"seed": 2})
    assert caught.value.file == target
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["forecast.nc"]


def test_an_interruption_while_writing_leaves_nothing(tmp_path):
    """Ctrl-C is no OSError, and must clean up all the same."""
    with pytest.raises(KeyboardInterrupt), files.replacing(tmp_path / "x.txt") as part:
        part.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_killed_writer_never_leaves_half_a_file(tmp_path):
    """Killed at ten moments of rewriting: what stands is always a whole file; orphans are swept."""
    code = (
        "import sys, pathlib\nfrom ykforecast.data.files import write_text\n"
        "path = pathlib.Path(sys.argv[1])\nprint('ready', flush=True)\n"
        "n = 0\n"
        "while True:\n    n += 1\n    write_text(path, (str(n % 10) * 200_000))\n"
    )
    target = tmp_path / "whole.txt"
    for moment in range(10):
        with subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(0.02 + 0.003 * moment)
            process.send_signal(signal.SIGKILL)
            process.wait()
        text = target.read_text(encoding="utf-8") if target.exists() else ""
        assert text == "" or (len(text) == 200_000 and len(set(text)) == 1)
    files.sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= {"whole.txt"}


@pytest.mark.parametrize("make", ["under a file", "in /proc"])
def test_a_folder_that_takes_no_files_is_refused_before_computing(make, tmp_path, monkeypatch, capsys):
    """Hours of computing must not end at a folder that could have been tried first."""
    if make == "in /proc" and not os.path.isdir("/proc"):
        pytest.skip("no /proc here")
    (tmp_path / "file").write_text("", encoding="utf-8")
    folder = tmp_path / "file" / "out" if make == "under a file" else "/proc/ykforecast-out"

    def computed(*_, **__):
        pytest.fail("computed although the folder cannot be written")

    import ykforecast as yk

    monkeypatch.setattr(yk, "calibrate", computed, raising=False)
    assert main(["forecast", "--out", str(folder)]) == 2
    message = capsys.readouterr().err
    assert str(folder) in message
    assert "--out" in message


def test_groups_come_back_as_they_were(tmp_path, groups):
    """Values, names, Chinese labels and attributes; a boolean attribute becomes a number, not a failure."""
    groups["indicators"].attrs["relaxed"] = True
    write_groups(tmp_path / "x.nc", groups, {"title": "营口"})
    tree = read_groups(tmp_path / "x.nc")
    xr.testing.assert_equal(tree["indicators"].to_dataset(), groups["indicators"])
    assert tree["indicators"]["new_urban_jobs"].attrs["label_zh"] == "城镇新增就业"
    assert tree.attrs["title"] == "营口"
    assert values_digest(tree["indicators"].to_dataset()) == values_digest(groups["indicators"])


def test_the_same_result_is_the_same_bytes(tmp_path, groups):
    """Digests of files can then be compared between machines and days."""
    for name in ("a.nc", "b.nc"):
        write_groups(tmp_path / name, groups, {"seed": 1})
        time.sleep(1.1 if name == "a.nc" else 0)  # a time of writing inside the file would show
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_one_changed_digit_changes_the_digest(groups):
    before = values_digest(groups["indicators"])
    groups["indicators"]["new_urban_jobs"][0, 0, 0] = np.nextafter(0.0, 1.0)
    assert values_digest(groups["indicators"]) != before


@pytest.mark.parametrize("cut", [0, 1, 100, 2_000])
def test_a_cut_file_is_refused(cut, tmp_path, groups):
    """A copy that broke off must not read as a smaller result."""
    write_groups(tmp_path / "x.nc", groups, {})
    content = (tmp_path / "x.nc").read_bytes()
    (tmp_path / "y.nc").write_bytes(content[:cut])
    with pytest.raises(DataError, match="y.nc"):
        read_groups(tmp_path / "y.nc")


def test_a_result_is_readable_by_others(tmp_path):
    """A temporary file is private; the result it becomes has the rights of any new file."""
    files.write_text(tmp_path / "x.json", json.dumps({}))
    (tmp_path / "plain").touch()
    assert (tmp_path / "x.json").stat().st_mode == (tmp_path / "plain").stat().st_mode
