"""Reading of published tables: every way in which a figure can be wrong is named where it is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.model_files import model_folder
from ykforecast.data.sources import load_sources
from ykforecast.data.tables import figure, parse_table, read_table
from ykforecast.vocabulary.errors import DataError

HEADER = "variable,year,sex,place,value,unit,note\n"
GOOD = HEADER + "population,2020,male,yingkou,12,10k persons,\npopulation,2020,female,yingkou,11.5,10k persons,\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_printed_units_become_base_units_once(tmp_path: Path) -> None:
    """Ten-thousands of persons read as persons, or every later sum is off by four digits."""
    table = parse_table(written(tmp_path, GOOD))
    assert table.one(variable="population", sex="female") == 115_000.0
    assert table.units == ("persons", "persons")
    assert table.array({"sex": ("female", "male")}, variable="population").tolist() == [115_000.0, 120_000.0]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("population,2020,male,gaizhou,x,persons,", "not a number"),
        ("population,2020,male,gaizhou,,persons,", "not a number"),
        ("population,2020,male,gaizhou,nan,persons,", "not a finite number"),
        ("population,2020,male,gaizhou,inf,persons,", "not a finite number"),
        ("population,2020,male,gaizhou,-1,persons,", "negative"),
        ("population,2020,male,gaizhou,1,wan,", "unknown unit"),
        ("population,2020,male,gaizhou,1,,", "unknown unit"),
        ("population,2020,male,yingkou,1,persons,", "duplicate of row 2"),
        ("population,2020,male,gaizhou,1", "cells under"),
    ],
)
def test_bad_row_is_refused_with_its_row(tmp_path: Path, line: str, problem: str) -> None:
    """A malformed figure must stop the reading and say which row of which file to correct."""
    file = written(tmp_path, GOOD + line + "\n")
    with pytest.raises(DataError, match=problem) as caught:
        parse_table(file)
    assert "row 4" in str(caught.value)
    assert file.name in str(caught.value)


def test_growth_may_be_negative(tmp_path: Path) -> None:
    """The city's output fell in 2016: a rule against negative figures must not refuse it."""
    table = parse_table(written(tmp_path, HEADER + "gdp_growth,2016,,yingkou,-7.5,%,\n"))
    assert table.one(variable="gdp_growth") == pytest.approx(-0.075)


@pytest.mark.parametrize("column", ["variable", "value", "unit"])
def test_missing_column_is_named(tmp_path: Path, column: str) -> None:
    """Without its unit or value a table has no figures; the message names the column."""
    with pytest.raises(DataError, match=column):
        parse_table(written(tmp_path, GOOD.replace(column, "other", 1)))


def test_missing_table_and_publication_name_the_nearest() -> None:
    """A slip in a name is the common fault: the message offers the name that was meant."""
    with pytest.raises(DataError, match="population"):
        read_table("census_2020_county", "populaton")
    with pytest.raises(DataError, match="census_2020_county"):
        read_table("census_2020_countie", "population")
    with pytest.raises(DataError, match="urban_employee_pension_insured"):
        figure("china_city_yearbook", "urban_employee_pension_insurd", 2020, place="yingkou")


def test_ambiguous_key_is_refused() -> None:
    """Half a key would pick an arbitrary figure."""
    table = read_table("census_2020_county", "population")
    with pytest.raises(DataError, match="instead of one"):
        table.one(variable="population", sex="male")
    with pytest.raises(DataError, match="missing"):
        table.array({"age": ("0", "17")}, variable="population", place="yingkou", sex="male")


def test_figure_finds_published_values() -> None:
    """The accessor gives the printed figures in base units, whatever the unit of that year."""
    assert figure("yingkou_plan_2021_2025", "pension_enterprise", 2020) == pytest.approx(873_000.0)
    assert figure("china_city_yearbook", "urban_employee_pension_insured", 2020, place="yingkou") == 872_700.0
    assert figure("census_2020_county", "population", 2020, place="yingkou", residence="urban") == 1_564_242.0
    output_2018 = figure("china_city_yearbook", "gdp", 2018, place="yingkou")
    output_2019 = figure("china_city_yearbook", "gdp", 2019, place="yingkou")
    assert output_2018 == pytest.approx(134.67208e9)  # printed in 10k yuan
    assert output_2019 == pytest.approx(132.8e9)  # printed in 100m yuan


def test_base_publications_describe_nothing_after_the_jump_off() -> None:
    """A figure about a later time in a base publication would leak into the forecast."""
    for source in load_sources().values():
        if source.after_base or source.id in {"state_council_retirement_2024", "pension_rules", "wpp_2022"}:
            continue
        for name in source.tables:
            table = read_table(source.id, name)
            for row in table.rows() if "year" in table.columns else ():
                if "target" in row["variable"] or name == "other_targets":
                    continue  # what the plan asks for, not what happened
                assert int(row["year"][-4:] if len(row["year"]) == 9 else row["year"][:4]) <= 2020, (
                    source.id,
                    row,
                )


def test_values_cannot_be_changed() -> None:
    """Tables are shared between callers: one of them must not change what another reads."""
    table = read_table("census_2020_county", "population")
    with pytest.raises(ValueError, match="read-only"):
        table.values[0] = 0.0
    assert np.isfinite(table.values).all()


def test_the_yearbook_is_read_where_the_calibration_data_are_said_to_be(tmp_path: Path) -> None:
    """With one reader that looks elsewhere a run would mix figures of two places."""
    printed = load_figure_map(model_folder())
    with pytest.raises(DataError):
        printed.yearbook("gdp", tmp_path)
    assert printed.yearbook("gdp")["2018"] == pytest.approx(134.67208e9)
