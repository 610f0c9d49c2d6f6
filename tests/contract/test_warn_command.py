"""``ykforecast warn``: tables, JSON, refusals."""

from __future__ import annotations

import json

import pytest

from ykforecast.cli import main


def test_json_holds_every_group_with_units(capsys):
    # Machines read the same numbers that the tables show.
    assert main(["warn", "--scenario", "baseline", "--scenario", "mass-unemployment", "--draws", "60", "--json"]) == 0
    printed = capsys.readouterr().out
    read = json.loads(printed)
    assert set(read) == {"unemployment", "skill", "history", "plan", "stress"}
    assert read["unemployment"]["lamp_probability"]["dims"] == ["scenario", "month", "lamp"]
    assert read["stress"]["extra_unemployed"]["units"] == "persons"
    # What is not a number is null, as in every other command: a text "nan" would be read as a name.
    assert "null" in printed and not any(f'"{text}"' in printed for text in ("nan", "inf", "-inf"))


@pytest.mark.parametrize("wrong", [["--scenario", "bass"], ["--as-of", "2030-01-01"]])
def test_bad_input_is_one_message(capsys, wrong):
    assert main(["warn", *wrong]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
