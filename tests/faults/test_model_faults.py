"""A damaged model file is refused with file, line, key, value and remedy, and never with a traceback."""

from __future__ import annotations

import json

import pytest

import ykforecast as yk
from tests.damage import damage
from ykforecast.cli import main
from ykforecast.data.toml_files import MAX_BYTES, line_of, read_toml
from ykforecast.vocabulary.errors import ModelError, YkforecastError

# What is damaged: file, text, replacement; then what the message has to name.
FAULTS = {
    "wrong unit of an indicator": (
        "indicators.toml",
        'unit = "10k persons"',
        'unit = "10K persons"',
        ["indicators.toml:8", "new_urban_jobs.unit", "10K persons", "10k persons"],
    ),
    "figure not in base units": (
        "targets.toml",
        "value = 340_000.0",
        "value = 34.0",
        ["targets.toml:", "unemployment_insured.value", "34.0", "base units"],
    ),
    "wrong unit of a parameter": (
        "levers.toml",
        'unit = "persons per job"',
        'unit = "person per job"',
        ["levers.toml:", "effect", "persons per job"],
    ),
    "misspelt key": (
        "indicators.toml",
        "decimals = 2",
        "decimal = 2",
        ["indicators.toml:", "new_urban_jobs.decimal", "unknown key", "decimals"],
    ),
    "Chinese sentences that do not pair with the English ones": (
        "indicators.toml",
        "conflicts_zh = [",
        'conflicts_zh = ["另一句",',
        ["indicators.toml:", "new_urban_jobs", "conflicts_zh"],
    ),
    "not a number": (
        "targets.toml",
        "value = 340_000.0",
        "value = nan",
        ["unemployment_insured.value", "finite"],
    ),
    "infinite number": (
        "targets.toml",
        "value = 340_000.0",
        "value = 1e400",
        ["unemployment_insured.value", "finite"],
    ),
    "text for a number": (
        "targets.toml",
        "value = 340_000.0",
        'value = "34"',
        ["unemployment_insured.value", "'34'"],
    ),
    "relation that nobody knows": (
        "targets.toml",
        'relation = ">="',
        'relation = "=>"',
        ["relation", "=>", "'>='"],
    ),
    "about without a tolerance": (
        "targets.toml",
        "tolerance = 0.0005\n",
        "",
        ["surveyed_unemployment_rate", "toler"],
    ),
    "sum that does not hold": (
        "targets.toml",
        'value = 924_000.0\nprinted = "92.4"',
        'value = 925_000.0\nprinted = "92.5"',
        ["pension_employees_total.value", "add up", "1.0275e+06"],
    ),
    "target of no indicator": (
        "targets.toml",
        "[dibao_ratio]",
        "[dibao_ration]",
        ["targets.toml:", "dibao_ration", "dibao_ratio"],
    ),
    "lever that moves nothing known": (
        "levers.toml",
        'moves = ["dibao_ratio"]\ndirection = { dibao_ratio',
        'moves = ["dibao"]\ndirection = { dibao',
        ["dibao_standard.moves", "'dibao'", "dibao_ratio"],
    ),
    "negative shape": ("levers.toml", "alpha = ", "alpha = -", ["levers.toml:", "effect", "alpha"]),
    "key given twice": (
        "model.toml",
        'name = "yingkou"',
        'name = "yingkou"\nname = "x"',
        ["model.toml:3", "TOML"],
    ),
    "line that is no TOML": ("model.toml", 'name = "yingkou"', "name = yingkou", ["model.toml:2", "TOML"]),
    "Chinese key without quotes": (
        "model.toml",
        'name = "yingkou"',
        '营口 = "yingkou"',
        ["model.toml:2", "quotes"],
    ),
    "misspelt lever of a scenario": (
        "../scenarios/plan.toml",
        "skills = { 2021",
        "skils = { 2021",
        ["plan.toml:", "doses.skils", "unknown lever", "skills"],
    ),
    "negative dose": (
        "../scenarios/plan.toml",
        "2021 = 13_000",
        "2021 = -13_000",
        ["plan.toml:", "doses.skills.2021", "-13000", "out of bounds"],
    ),
    "dose that is not a number": (
        "../scenarios/plan.toml",
        "2021 = 13_000",
        "2021 = nan",
        ["plan.toml:", "doses.skills.2021", "finite"],
    ),
    "year before the plan": (
        "../scenarios/plan.toml",
        "2021 = 13_000",
        "2020 = 13_000",
        ["plan.toml:", "doses.skills.2020", "2021"],
    ),
    "impossible month of a shock": (
        "../scenarios/mass-unemployment.toml",
        '"2023-02"',
        '"2023-13"',
        ["mass-unemployment.toml:", "2023-13"],
    ),
    "scenario under another name": (
        "../scenarios/plan.toml",
        'name = "plan"',
        'name = "plann"',
        ["plan.toml:2", "name", "plann"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_file_is_refused_with_the_place(fault, model_copy, capsys):
    """Exit code 2 and one message for whoever runs it, exit code 1 and a list for whoever checks it."""
    name, old, new, words = FAULTS[fault]
    damage(model_copy / name, old, new)
    assert main(["list", "indicators", "--model", str(model_copy)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    for word in words:
        assert word in captured.err
    assert main(["check", str(model_copy), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert any(words[0] in f"{finding['file']}: {finding['key']}: {finding['value']}" for finding in findings)
    for finding in findings:
        assert finding["file"] and finding["key"] and finding["remedy"], finding
        assert finding["value"] is not None or "missing" in finding["problem"], finding


@pytest.mark.parametrize("stem", ["parameters", "indicators", "targets", "levers"])
def test_a_missing_file_is_named(stem, model_copy, capsys):
    (model_copy / f"{stem}.toml").unlink()
    assert main(["list", "indicators", "--model", str(model_copy)]) == 2
    message = capsys.readouterr().err
    assert f"{stem}.toml: the file is missing" in message


def test_a_folder_that_is_no_model_is_refused(tmp_path, capsys):
    assert main(["check", str(tmp_path)]) == 2
    assert "model.toml" in capsys.readouterr().err


def test_the_first_message_says_how_many_more(model_copy):
    """One message at a time, but nobody should believe it is the only one."""
    damage(model_copy / "indicators.toml", "decimals = 2", "decimal = 2")
    damage(model_copy / "targets.toml", "year = 2025", "year = true")
    with pytest.raises(ModelError) as caught:
        yk.load_model(model_copy)
    assert any("more" in note for note in caught.value.__notes__)


HOSTILE = {
    "byte order mark": (b"\xef\xbb\xbfname = 1\n", None),
    "GBK bytes": ("名 = 1\n".encode("gbk"), "UTF-8"),
    "nesting without end": (b"a = " + b"[" * 100_000, "TOML|nested"),
    "integer of thousands of digits": (b"a = " + b"9" * 5_000, "TOML"),
    "zero bytes": (b"a = \x00\n", "TOML"),
    "too large": (b"#" * (MAX_BYTES + 1), "too large"),
    "cut off": (b'a = "unfinished', "TOML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_or_read_but_never_crash(name, tmp_path):
    """Whatever an editor or a broken download leaves, the answer is one typed error."""
    content, words = HOSTILE[name]
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    if words is None:
        assert read_toml(path).table == {"name": 1}
        return
    with pytest.raises(ModelError, match=words) as caught:
        read_toml(path)
    assert "x.toml" in str(caught.value.file)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("levers.toml", 'mechanism = "flow_odds"', 'mechanism = "flow_oods"', "mechanism"),
        ("levers.toml", 'flows = ["find", "school"]', 'flows = ["fnid"]', "fnid"),
        ("education.toml", "standard_deviation = 0.25", 'standard_deviation = "x"', "education.toml"),
        ("education.toml", 'grade = "assumed"', 'grade = "guessed"', "guessed"),
        ("evaluation.toml", "[lead]", "[leed]", "leed"),
    ],
)
def test_check_reads_every_file_of_the_folder(name, old, new, words, model_copy, capsys):
    """A fault that only shows in the middle of a run, or never, is what the check is there for."""
    damage(model_copy / name, old, new)
    assert main(["check", str(model_copy)]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if words in line and "stale" not in line]
    assert found
    assert name in found[0]


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "x.toml").mkdir()
    with pytest.raises(ModelError):
        read_toml(tmp_path / "x.toml")


def test_the_line_of_a_key():
    """A path alone is little help in a file of six hundred lines."""
    text = '# head\nname = "x"\n[skills]\n'
    text += 'bounds = [0, 1]\n[skills.effect]\nunit = "1"\n[[sums]]\n[[sums]]\ntotal = 1\n'
    assert line_of(text, "name") == 2
    assert line_of(text, "skills.bounds.1") == 4
    assert line_of(text, "skills.effect.unit") == 6
    assert line_of(text, "skills.missing") == 3
    assert line_of(text, "sums.1.total") == 9
    assert line_of(text, "nothing") is None


def test_every_refusal_can_cross_a_process_border():
    """Workers of a batch hand their errors back; text and fields must survive."""
    import pickle

    error = YkforecastError("wrong", file="a.toml", key="b", value=3, remedy="Mend it")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert str(copy) == str(error)
    assert (copy.file, copy.key, copy.value, copy.remedy) == ("a.toml", "b", 3, "Mend it")
