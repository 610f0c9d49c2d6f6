"""Sources and sums of the published figures: what is shipped is sound, and a broken copy is caught."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


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
    spoil(copy / "census_2020_county/population.csv", ",male,0,zhanqian,", ",male,0,zhanqian,1")
    problems = [str(finding) for finding in check_data(copy)]
    assert any("population" in problem and "printed total" in problem for problem in problems)
    assert len(problems) >= 3


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("census_2020_county/source.toml", 'grade = "observed"', 'grade = "good"', "unknown grade"),
        ("census_2020_county/source.toml", 'published = "2022"', 'published = "2022-13"', "impossible date"),
        (
            "census_2020_county/source.toml",
            'published = "2022"',
            'published = "2022-02-30"',
            "impossible date",
        ),
        ("census_2020_county/source.toml", 'licence = "', 'licences = "', "key missing"),
        ("census_2020_county/source.toml", 'id = "census_2020_county"', 'id = "census"', "folder's name"),
        ("census_2020_county/source.toml", 'table = "education"', 'table = "schools"', "not there"),
        ("life_expectancy/source.toml", 'variable = "life_expectancy"', 'variable = "e0"', "not carried"),
        ("life_expectancy/life_expectancy.csv", "years", "yaers", "unknown unit"),
    ],
)
def test_broken_record_is_found(copy: Path, file: str, old: str, new: str, problem: str) -> None:
    """Each fault of a source record or table gives a finding, not an exception from the depths."""
    spoil(copy / file, old, new)
    assert any(problem in str(finding) for finding in check_data(copy))


def test_missing_source_and_stray_table_are_found(copy: Path) -> None:
    """A table that nobody vouches for must not be used."""
    (copy / "life_expectancy/source.toml").unlink()
    (copy / "stray.csv").write_text("variable,value,unit\n", encoding="utf-8")
    problems = " ".join(str(finding) for finding in check_data(copy))
    assert "source record missing" in problems
    assert "table without a source" in problems


def test_two_publications_that_disagree_must_say_so(copy: Path) -> None:
    """An undeclared conflict between sources is silent choice of a number."""
    other = copy / "other_census"
    shutil.copytree(copy / "life_expectancy", other)
    spoil(other / "source.toml", 'id = "life_expectancy"', 'id = "other_census"')
    (other / "life_expectancy.csv").write_text(
        "variable,year,place,value,unit\npopulation,2020,yingkou,2328583,persons\n", encoding="utf-8"
    )
    problems = [str(finding) for finding in check_data(copy)]
    assert any("no conflict is declared" in problem for problem in problems)


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
