"""Sources and sums of the published figures: what is shipped is sound, and a broken copy is caught."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.damage import damage
from ykforecast.data.check import check_data
from ykforecast.data.locate import ENVIRONMENT_VARIABLE, calibration_root
from ykforecast.data.sources import load_sources, read_source
from ykforecast.vocabulary.errors import DataError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of two publications that can be spoiled."""
    for name in ("census_2020_county", "life_expectancy"):
        shutil.copytree(calibration_root() / name, tmp_path / name)
    return tmp_path


def test_shipped_figures_have_no_finding() -> None:
    """Schema, sources, every declared sum and every conflict of what is shipped."""
    assert [str(finding) for finding in check_data()] == []


def test_every_table_has_source_and_grade() -> None:
    """A number without a publisher, a date and a grade cannot be defended."""
    for source in load_sources().values():
        assert source.tables, source.id
        assert source.grade in {"observed", "derived", "borrowed", "assumed"}
        assert source.licence
        assert source.digitised_from


def test_one_person_too_many_breaks_a_sum(copy: Path) -> None:
    """The sums are checked to the person: one more in one cell is found in the age, sex and place sums."""
    damage(copy / "census_2020_county/population.csv", ",male,0,zhanqian,", ",male,0,zhanqian,1")
    findings = [finding for finding in check_data(copy) if "printed total" in finding.problem]
    assert len(findings) >= 3
    assert any("place=zhanqian" in str(finding.key) for finding in findings)
    assert all(isinstance(finding.value, float) and "publication" in str(finding.remedy) for finding in findings)


COUNTY, LIFE = "census_2020_county/source.toml", "life_expectancy/source.toml"
POPULATION = "census_2020_county/population.csv"
#: File, text, replacement; then problem, key and value of the finding.
FAULTS = {
    "grade": (COUNTY, 'grade = "observed"', 'grade = "good"', "unknown grade", "grade", "good"),
    "month": (COUNTY, 'published = "2022"', 'published = "2022-13"', "impossible date", "published", "2022-13"),
    "day": (COUNTY, 'published = "2022"', 'published = "2022-02-30"', "impossible date", "published", "2022-02-30"),
    "key": (COUNTY, 'licence = "', 'licences = "', "key missing", "licence", None),
    "folder": (COUNTY, 'id = "census_2020_county"', 'id = "census"', "folder's name", "id", "census"),
    "syntax": (COUNTY, "id = ", "id ", "not valid TOML", "table", "Expected '='"),
    "field of a sum": (COUNTY, "over = [", "ouver = [", "malformed", "margins", "ouver"),
    "table of a sum": (COUNTY, 'table = "education"', 'table = "schools"', "not there", "margins.", "schools"),
    "rows of a sum": (COUNTY, 'over = ["age"]', 'over = ["agge"]', "the sum", "margins.", "agge"),
    "conflict": (LIFE, 'variable = "life_expectancy"', 'variable = "e0"', "not carried", "conflicts.0.variable", "e0"),
    "unit": ("life_expectancy/life_expectancy.csv", "years", "yaers", "unknown unit", "row 2", "yaers"),
    "heading": (POPULATION, "value,", "valu,", "column missing", "value", "valu"),
    "cells": (POPULATION, "\npopulation,", "\npopulation,,", "cells under", "row 2", "population,"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_kind_of_finding_says_where_what_and_what_to_do(copy: Path, fault: str) -> None:
    """A finding without its place costs an hour of search; one without a remedy, a telephone call."""
    file, old, new, problem, key, value = FAULTS[fault]
    damage(copy / file, old, new)
    findings = check_data(copy)
    assert all(finding.file and finding.key and finding.remedy for finding in findings)
    found = [finding for finding in findings if problem in finding.problem and key in str(finding.key)]
    assert found
    assert Path(file).parent.name in str(found[0].file)
    assert found[0].value is None if value is None else value in str(found[0].value)


def test_missing_source_and_stray_table_are_found(copy: Path) -> None:
    """A table that nobody vouches for must not be used."""
    (copy / "life_expectancy/source.toml").unlink()
    (copy / "stray.csv").write_text("variable,value,unit\n", encoding="utf-8")
    stray, missing = check_data(copy)
    assert "table without a source" in stray.problem
    assert (stray.file, stray.key, stray.value) == (copy / "stray.csv", "table", "stray")
    assert "source record missing" in missing.problem
    assert (missing.file, missing.key) == (copy / "life_expectancy", "source.toml")
    assert stray.remedy and missing.remedy


def test_a_conflict_says_what_was_chosen(copy: Path) -> None:
    """A declared contradiction without a reading leaves the choice to whoever reads the file."""
    record = copy / "life_expectancy/source.toml"
    text = record.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("reading = "))
    damage(record, line, 'reading = ""')
    (finding,) = check_data(copy)
    assert (finding.file, finding.key, finding.value) == (record, "conflicts.0.reading", "")
    assert finding.remedy


def test_two_publications_that_disagree_must_say_so(copy: Path) -> None:
    """An undeclared conflict between sources is silent choice of a number."""
    other = copy / "other_census"
    shutil.copytree(copy / "life_expectancy", other)
    damage(other / "source.toml", 'id = "life_expectancy"', 'id = "other_census"')
    (other / "life_expectancy.csv").write_text(
        "variable,year,place,value,unit\npopulation,2020,yingkou,2328583,persons\n", encoding="utf-8"
    )
    finding = next(finding for finding in check_data(copy) if "no conflict is declared" in finding.problem)
    assert finding.file == other / "life_expectancy.csv"
    assert (finding.key, finding.value) == ("population 2020", 2328583.0)
    assert "[[conflicts]]" in str(finding.remedy)


def test_another_folder_can_be_given(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second place is another folder with the same schema: by argument or by environment variable."""
    assert set(load_sources(copy)) == {"census_2020_county", "life_expectancy"}
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(copy))
    assert calibration_root() == copy
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(copy / "nowhere"))
    with pytest.raises(DataError, match="not found"):
        calibration_root()


def test_source_says_who_and_when() -> None:
    """The record answers the question of an evaluator in one line."""
    source = read_source(calibration_root() / "yingkou_plan_2021_2025")
    assert "2022-09-02" in repr(source)
    assert "observed" in repr(source)
