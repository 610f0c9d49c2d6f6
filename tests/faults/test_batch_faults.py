"""A batch survives: kills, a full disk, damaged pieces, a second writer, dying workers. Nothing is lost or repeated."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

import ykforecast as yk
from tests.batches import FILE, Here, contents, pieces
from ykforecast.batch import pools, run, tasks
from ykforecast.data import files
from ykforecast.data.pieces import pack, unpack
from ykforecast.data.writer_lock import LOCK, only_writer
from ykforecast.vocabulary.errors import DataError, OutputError, WorkerError

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
TINY = {"draws": 6, "seed": 3, "scenarios": ("baseline", "plan")}
needs_sigkill = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")


@pytest.fixture
def here(monkeypatch):
    """Batches are computed in this process; the pool that was made."""
    made: list[Here] = []
    monkeypatch.setattr(run, "Processes", lambda width: made.append(Here()) or made[-1])
    return made


@pytest.fixture
def tiny(here, tmp_path):
    """A finished batch of two pieces."""
    return yk.run_batch(TINY, tmp_path / "tiny").folder


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


@needs_sigkill
def test_a_batch_killed_twenty_times_ends_with_the_same_bytes(here, tmp_path):
    """Killed at random moments from its first to its last file, half of them in the middle of a write."""
    file, out, chance = tmp_path / "batch.toml", tmp_path / "out", random.Random(2021)  # noqa: S311
    file.write_text(FILE, encoding="utf-8")
    yk.run_batch(file, tmp_path / "whole")
    expected = contents(tmp_path / "whole")
    length = (tmp_path / "whole/manifest.json").stat().st_mtime - (tmp_path / "whole/batch.json").stat().st_mtime
    in_writing, standing = 0, {}
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.kill_server", str(file), str(out)],
        cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with server:
        assert server.stdout.readline() == "ready\n"

        def begin() -> int:
            server.stdin.write("\n")
            server.stdin.flush()
            return int(server.stdout.readline())

        for kill in range(20):
            child, moment = begin(), time.monotonic() + chance.uniform(0.0, length / 8)
            while time.monotonic() < moment or (kill % 2 and time.monotonic() < moment + length):
                if kill % 2 and time.monotonic() > moment and list(out.rglob(".*.part-*")):
                    break
            os.kill(child, signal.SIGKILL)
            assert server.stdout.readline() == "ended\n"
            in_writing += bool(list(out.rglob(".*.part-*")))
            before, standing = standing, pieces(out)
            # Every piece that stands is whole, and those that stood before still do.
            assert standing.items() <= pieces(tmp_path / "whole").items()
            assert before.keys() <= standing.keys()
            if (out / "manifest.json").exists():  # finished: go back to what some earlier kill would have left
                for name in chance.sample(sorted(standing), len(standing) * 2 // 3):
                    (out / "pieces" / name).unlink()
                for late in ("manifest.json", "index.html"):
                    (out / late).unlink()
                standing = pieces(out)
        stamps = _stamps(out, standing)
        begin()
        assert server.stdout.readline() == "ended\n"
        server.stdin.close()
    assert in_writing, "no kill met a write: the test would show nothing"
    assert contents(out) == expected
    assert _stamps(out, standing) == stamps, "a finished piece was computed again"


def _stamps(out: Path, names: Iterable[str]) -> dict[str, int]:
    return {name: (out / "pieces" / name).stat().st_mtime_ns for name in names}


@needs_sigkill
def test_the_command_killed_with_its_workers_at_work_leaves_no_process(tmp_path):
    """Workers whose parent is gone would compute for nobody, for ever."""
    file, out = tmp_path / "batch.toml", tmp_path / "out"
    file.write_text(FILE.replace("vintages", "# vintages"), encoding="utf-8")
    called = [sys.executable, "-m", "ykforecast", "batch", str(file), "--out", str(out), "--resume", "--workers", "2"]
    process = subprocess.Popen(called, env=environment(), cwd=tmp_path, start_new_session=True)
    while not pieces(out):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    finished = pieces(out)
    deadline = time.monotonic() + 20
    while _group_lives(process.pid):
        assert time.monotonic() < deadline, "workers outlive the batch"
        time.sleep(0.05)
    done = subprocess.run(called, env=environment(), cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stderr == ""  # silence in a pipe
    assert finished.items() <= pieces(out).items()


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_full_at_any_write_loses_nothing(step, here, tiny, tmp_path, monkeypatch):
    """At the k-th write, for every k: one clear error, what is finished stays, and the rest comes with --resume."""
    expected, real, seen = contents(tiny), getattr(files.os, step), []

    def failing(*arguments, **options):
        seen.append(arguments)
        if len(seen) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **options)

    refused, at = 0, 0
    while refused == at:
        at += 1
        seen.clear()
        out = tmp_path / f"{step}-{at}"
        with monkeypatch.context() as patch:
            patch.setattr(files.os, step, failing)
            try:
                yk.run_batch(TINY, out)
            except OutputError as error:
                assert "No space left" in str(error)
                refused += 1
        finished = pieces(out)
        assert yk.run_batch(TINY, out, resume=True).computed == 2 - len(finished)
        assert contents(out) == expected
    assert refused >= 7  # plan, two pieces, summary, two pages, manifest


def test_any_changed_byte_of_a_piece_is_refused():
    """A single bit anywhere, a cut or an addition: never a number that was not computed."""
    sealed = pack({"key": "k", "name": "营口"}, {"x": np.arange(3.0), "met": np.array([True, False])})
    opened = unpack(sealed, "p")
    assert opened.header == {"key": "k", "name": "营口"}
    assert opened.arrays["x"].tolist() == [0.0, 1.0, 2.0]
    damaged = [sealed[:at] + bytes([sealed[at] ^ 1 << at % 8]) + sealed[at + 1 :] for at in range(len(sealed))]
    damaged += [sealed[:at] for at in range(len(sealed))] + [sealed + b"\0"]
    for content in damaged:
        with pytest.raises(DataError, match=r"p\.piece: damaged"):
            unpack(content, "p.piece")


@pytest.mark.parametrize("how", ["flipped", "cut", "exchanged", "missing"])
def test_a_broken_piece_is_named_and_alone_computed_again(how, here, tiny):
    expected = contents(tiny)
    one, other = sorted(tiny.glob("pieces/*.piece"))
    content = bytearray(one.read_bytes())
    content[len(content) // 2] ^= 4
    broken = {"flipped": bytes(content), "cut": bytes(content[:-9]), "exchanged": other.read_bytes()}
    one.unlink() if how == "missing" else one.write_bytes(broken[how])
    with pytest.raises(DataError, match=one.name):
        yk.open_batch(tiny)
    if how != "missing":
        with pytest.raises(DataError, match=one.name) as refused:
            yk.run_batch(TINY, tiny, resume=True)
        assert "--resume" in str(refused.value)
        assert contents(tiny).keys() == expected.keys()
        one.unlink()
    assert yk.run_batch(TINY, tiny, resume=True).computed == 1
    assert contents(tiny) == expected


def test_a_second_writer_is_refused_by_name(here, tiny):
    before = contents(tiny)
    with only_writer(tiny), pytest.raises(OutputError, match=f"process {os.getpid()} on"):
        yk.run_batch(TINY, tiny, resume=True)
    assert contents(tiny) == before


def test_the_lock_of_a_process_that_is_gone_is_taken_over(here, tiny):
    """A killed batch leaves its name in the file; nobody should have to remove it by hand."""
    before = contents(tiny)
    (tiny / LOCK).write_text("process 1 on elsewhere", encoding="utf-8")
    assert yk.run_batch(TINY, tiny, resume=True).computed == 0
    assert contents(tiny) == before


def test_a_folder_with_something_else_is_refused(here, tiny, tmp_path):
    """Neither a finished batch nor other people's files are written over."""
    with pytest.raises(OutputError, match="not empty"):
        yk.run_batch(TINY, tiny)
    with pytest.raises(OutputError, match="another one.*seed"):
        yk.run_batch(TINY | {"seed": 4}, tiny, resume=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="not the folder of a batch"):
        yk.run_batch(TINY, tmp_path / "mine", resume=True)
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_work_left_by_killed_writers_is_swept(here, tiny):
    (tiny / ".manifest.json.part-x.json").write_text("half", encoding="utf-8")
    (tiny / "pieces" / ".0.piece.part-x.piece").write_text("half", encoding="utf-8")
    yk.run_batch(TINY, tiny, resume=True)
    assert not list(tiny.rglob(".*.part-*"))


@pytest.fixture
def processes():
    pool = pools.Processes(2)
    yield pool
    pool.close()


def test_a_task_whose_worker_dies_once_is_done_again(processes, tmp_path):
    """The system ends a process for want of memory; the others' work and its own come all the same."""
    flag = tmp_path / "died"
    dying = f"import os, pathlib\np = pathlib.Path({str(flag)!r})\nif not p.exists(): p.touch(); os._exit(9)"
    code = ["1", dying, "2", "3"]
    assert sorted(task for task, _ in tasks.completed(processes, exec, code, lambda _: ())) == sorted(code)
    assert flag.exists()


def test_a_task_that_ends_every_worker_is_named(processes):
    """Trying for ever would look like work."""
    deadly = "import os; os._exit(9)"
    done = []
    with pytest.raises(WorkerError, match="3 workers died") as refused:
        done += [task for task, _ in tasks.completed(processes, exec, ["1", "2", deadly, "3"], lambda _: ())]
    assert refused.value.key == deadly


def test_an_error_of_a_task_comes_back_as_it_is(processes):
    """A refusal in a worker is a refusal of the command, with its file and remedy."""
    code = "from ykforecast.vocabulary.errors import DataError; raise DataError('gone', file='f', remedy='Find it')"
    with pytest.raises(DataError, match="f: gone. Find it"):
        list(tasks.completed(processes, exec, [code], lambda _: ()))


def test_one_thread_a_worker(processes):
    """Two workers of two threads each would take turns on two processors."""
    [(_, found)] = tasks.completed(processes, os.getenv, ["NUMBA_NUM_THREADS"], lambda _: ())
    assert found == "1"
