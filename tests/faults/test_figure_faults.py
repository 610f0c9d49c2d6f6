"""A damaged table of published figures is refused with file, row, value and remedy."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ykforecast as yk
from tests.damage import damage
from ykforecast.cli import main
from ykforecast.data.tables import parse_table
from ykforecast.vocabulary.errors import DataError

PLAN = "yingkou_plan_2021_2025"
COUNTY = "census_2020_county"


ROW = "1,new_urban_jobs,城镇新增就业人数,2020,1.97,1.97,10k persons,"
CELLS = {
    "wrong unit": (ROW.replace("10k persons", "10k person"), ["10k person", "10k persons"]),
    "negative count": (ROW.replace(",1.97,10k", ",-1.97,10k"), ["negative", "-1.97"]),
    "not a number": (ROW.replace(",1.97,10k", ",nan,10k"), ["finite", "nan"]),
    "infinite": (ROW.replace(",1.97,10k", ",inf,10k"), ["finite", "inf"]),
    "text for a number": (ROW.replace(",1.97,10k", ",many,10k"), ["number", "many"]),
    "cell too many": (ROW + ",x", ["cells"]),
    "row twice": (ROW + "\n" + ROW, ["duplicate"]),
}


@pytest.mark.parametrize("fault", CELLS)
def test_a_damaged_row_is_named(fault, figures_copy, capsys):
    """The row number and the value, so that it can be found among thousands."""
    row, words = CELLS[fault]
    file = figures_copy / PLAN / "indicators.csv"
    damage(file, ROW, row)
    with pytest.raises(DataError) as caught:
        parse_table(file)
    for word in ["indicators.csv", "row", *words]:
        assert word in str(caught.value)
    assert main(["check"]) == 1
    assert words[0] in capsys.readouterr().out


def test_margins_that_do_not_add_up_are_found(figures_copy, capsys):
    """The districts of the census sum to the city; one changed digit breaks that and is reported."""
    damage(
        figures_copy / COUNTY / "population.csv",
        "population,2020,male,0,yingkou,6256,",
        "population,2020,male,0,yingkou,6257,",
    )
    assert main(["check"]) == 1
    assert COUNTY in capsys.readouterr().out


def test_an_impossible_date_of_a_source_is_refused(figures_copy, capsys):
    damage(figures_copy / PLAN / "source.toml", 'published = "2022-09-02"', 'published = "2022-09-31"')
    with pytest.raises(DataError, match="impossible date"):
        yk.load_model()
    assert main(["forecast"]) == 2
    message = capsys.readouterr().err
    assert "2022-09-31" in message
    assert "source.toml" in message


def test_a_missing_source_record_is_named(figures_copy, capsys):
    (figures_copy / PLAN / "source.toml").unlink()
    assert main(["list", "sources"]) == 2
    assert "source.toml" in capsys.readouterr().err


def test_a_missing_table_stops_the_forecast(figures_copy, tmp_path):
    """Refused with the name of the table, before anything is written.

    In a process of its own: tables that this one has read are kept in memory.
    """
    (figures_copy / COUNTY / "population.csv").unlink()
    command = [sys.executable, "-m", "ykforecast", "forecast", "--draws", "2", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "population.csv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").iterdir())
