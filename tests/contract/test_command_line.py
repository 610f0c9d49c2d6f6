"""The command line: exit codes, clean output for machines, silence in a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.damage import damage
from ykforecast.cli import main

REGISTRIES = {"indicators": 16, "levers": 31, "scenarios": 10, "parameters": 30, "sources": 1}


def run(*arguments: str, **options):
    """The command in a process of its own, as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "ykforecast", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **options,
    )


@pytest.mark.parametrize("registry", REGISTRIES)
def test_list_gives_every_record_as_json(registry, capsys):
    """Strict JSON: no NaN, Chinese readable, one object a record with its key."""
    assert main(["list", registry, "--json"]) == 0
    captured = capsys.readouterr()
    rows = json.loads(captured.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert len(rows) >= REGISTRIES[registry]
    assert len({row["key"] for row in rows}) == len(rows)
    assert "\\u" not in captured.out
    assert captured.err == ""


def test_list_prints_a_table(capsys):
    assert main(["list", "scenarios"]) == 0
    assert "delayed-retirement" in capsys.readouterr().out


def test_check_is_silent_on_errors_when_nothing_is_wrong(capsys):
    assert main(["check"]) == 0
    captured = capsys.readouterr()
    assert "nothing wrong" in captured.out
    assert captured.err == ""


def test_check_lists_every_finding_and_exits_with_one(model_copy, capsys):
    """All faults in one go: nobody wants to mend a file one message at a time."""
    for name, old, new in (
        ("levers.toml", 'dose_unit = "jobs/year"', 'dose_unit = "jobs"'),
        ("targets.toml", "year = 2025", "year = true"),
    ):
        damage(model_copy / name, old, new)
    assert main(["check", str(model_copy), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert not report["ok"]
    places = " ".join(f"{finding['file']} {finding['key']}" for finding in report["findings"])
    assert "levers.toml:" in places
    assert "smart_manufacturing.dose_unit" in places
    assert "targets.toml:" in places
    assert "new_urban_jobs.year" in places


@pytest.mark.parametrize(
    "arguments",
    [
        ["forecast", "--scenario", "plann"],
        ["forecast", "--scenario", "plan", "--scenario", "plan"],
        ["forecast", "--as-of", "2023-02-30"],
        ["forecast", "--as-of", "yesterday"],
        ["forecast", "--as-of", "2026-01-01"],
        ["forecast", "--model", "atlantis"],
        ["list", "levers", "--model", "/nowhere"],
        ["check", "/nowhere"],
    ],
)
def test_bad_input_is_one_message_and_exit_code_two(arguments, tmp_path, monkeypatch, capsys):
    """No traceback, nothing on standard output, and no folder left behind."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("ykforecast: ")
    assert captured.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["forcast"],
        ["list", "lever"],
        ["forecast", "--draws", "0"],
        ["forecast", "--draws", "nan"],
        ["forecast", "--draws", "1e3"],
        ["forecast", "--seed", "-1"],
        ["forecast", "--lang", "fr"],
        ["forecast", "--method", "kalman"],
    ],
)
def test_bad_arguments_exit_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "command", "answer"),
    [
        (["forecast", "--drws", "5"], "forecast", "no such option: --drws. Did you mean '--draws'?"),
        (["forecast", "--drws=5"], "forecast", "no such option: --drws. Did you mean '--draws'?"),
        (["list", "leavers"], "list", "no such choice: 'leavers'. Did you mean 'levers'?"),
        (["targets", "--how", "evn"], "targets", "no such choice: 'evn'. Did you mean 'even'?"),
        (["compare", "a", "b", "c"], "compare", "one argument too many: c"),
        (["forcast"], "[-h]", "no such choice: 'forcast'. Did you mean 'forecast'?"),
    ],
)
def test_a_misspelt_argument_is_answered_with_the_nearest(arguments, command, answer, capsys):
    """With the usage of the command that was meant: argparse alone shows that of the whole program."""
    with pytest.raises(SystemExit):
        main(arguments)
    said = capsys.readouterr().err
    assert said.startswith(f"usage: ykforecast {command}")
    assert said.rstrip().endswith(answer)


def test_list_without_a_registry_has_a_line_on_each(capsys):
    """Whoever does not know the names yet learns them, and what is in store."""
    assert main(["list", "--json"]) == 0
    found = {row["registry"]: row["records"] for row in json.loads(capsys.readouterr().out)}
    assert found.keys() == REGISTRIES.keys()
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [[name, str(count)] for name, count in found.items()]


def test_interruption_exits_with_130(monkeypatch, capsys):
    """What shells and make expect of Ctrl-C."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("ykforecast.data.model_files.model_folder", interrupted)
    assert main(["check"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_console_of_another_encoding_does_not_break_it():
    """Offices run Chinese Windows: GBK must do, and even ASCII must not fail."""
    for encoding in ("gbk", "ascii"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        done = subprocess.run(
            [sys.executable, "-m", "ykforecast", "list", "indicators"],
            capture_output=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0
        assert b"Traceback" not in done.stderr
    assert (
        "城镇新增就业".encode("gbk")
        in subprocess.run(
            [sys.executable, "-m", "ykforecast", "list", "indicators"],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "gbk"},
            check=True,
        ).stdout
    )


@pytest.mark.skipif(os.name == "nt", reason="a shell pipe of POSIX")
def test_a_reader_that_leaves_early_is_no_error():
    """`ykforecast list parameters | head -1` is a normal thing to do."""
    done = subprocess.run(  # noqa: S602  # a fixed command
        f'"{sys.executable}" -m ykforecast list parameters --json | head -c 1; echo "${{PIPESTATUS[0]}}" >&2',
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == "0"


def test_colours_stay_out_of_a_pipe():
    assert "\x1b" not in run("list", "levers").stdout


def test_help_names_every_command():
    text = run("--help").stdout
    assert all(command in text for command in ("forecast", "form", "check", "list"))
