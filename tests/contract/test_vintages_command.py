"""``forecast --archive`` and ``vintages``: filed once, never replaced, listed and scored."""

from __future__ import annotations

import json
from datetime import date

import pytest

import ykforecast as yk
from ykforecast.assess.vintage_scores import vintage_scores
from ykforecast.cli import main
from ykforecast.present.vintages_table import score_means

FORECAST = ["forecast", "--draws", "24", "--scenario", "baseline"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with one vintage in ``archive``, and the files of its forecast with the rivals in ``out``."""
    folder = tmp_path_factory.mktemp("vintages")
    arguments = [*FORECAST, "--rivals", "--archive", str(folder / "archive"), "--issued", "2021-03-01"]
    assert main([*arguments, "--out", str(folder / "out")]) == 0
    return folder


@pytest.fixture
def archive(place):
    return yk.VintageArchive(place / "archive")


def test_a_forecast_is_filed_under_its_date(archive):
    [key] = archive.list()
    vintage = archive.open(key)
    assert (vintage.issued, vintage.as_of) == (date(2021, 3, 1), None)
    assert vintage.made_of["seed"] == 2020
    assert set(yk.load_model().indicators) <= set(vintage.table["indicator"].values)


def test_the_same_again_says_so_and_another_is_refused(place, archive, tmp_path, capsys):
    """A record that could be replaced later is no record; options of printing make no other forecast."""
    before = archive.list()
    again = [*FORECAST, "--archive", str(place / "archive"), "--issued", "2021-03-01", "--out", str(tmp_path)]
    assert main([*again, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["vintage"] == {"key": before[0], "new": False}
    # The day of issue and the archive leave no trace in the forecast.
    for name in ("forecast.nc", "indicators.csv"):
        assert (tmp_path / name).read_bytes() == (place / "out" / name).read_bytes()
    assert main([*again, "--seed", "3"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "never replaced" in captured.err
    assert archive.list() == before


def test_vintages_are_listed_and_scored(place, archive, capsys):
    """Figures of 2021 and 2022 are published: the model and the last value are judged on them side by side."""
    assert main(["vintages", str(place / "archive"), "--score"]) == 0
    text = capsys.readouterr().out
    assert archive.list()[0] in text
    assert "失业保险参保人数" in text
    assert "末值CRPS" in text
    assert main(["vintages", str(place / "archive"), "--score", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [one["issued"] for one in report["vintages"]] == ["2021-03-01"]
    cases = {(one["series"], one["year"]): one for one in report["scores"]}
    stayed = cases["unemployment_insured", 2021]
    assert (stayed["observed"], stayed["horizon"]) == (239_413.0, 1)
    # The plan's 239,000 was the last figure known, 0.2 % below.
    assert stayed["naive_error"] == pytest.approx(-0.0017, abs=0.005)
    assert stayed["naive_covered"] == 1.0
    assert report["means"]["cases"] == len(report["scores"]) == 4
    assert report["means"]["crps"] == pytest.approx(sum(one["crps"] for one in report["scores"]) / 4)


def test_means_leave_out_what_no_rival_could_forecast(archive, model):
    """A rival without an answer in the hard cases must not win by them."""
    scored = vintage_scores(archive, model)
    unknown = scored["year"] == 2022
    for name in ("naive_crps", "naive_covered", "naive_error"):
        scored[name] = scored[name].where(~unknown)
    means = score_means(scored)
    assert means["cases"] == 2
    assert means["crps"] == pytest.approx(float(scored["crps"].where(~unknown).mean()))


def test_the_rivals_are_written_and_do_not_outlive_their_forecast(place, tmp_path):
    written = (place / "out" / "rivals.csv").read_text(encoding="utf-8")
    assert written.startswith("indicator,forecast,scenario,p10,p50,p90,unit,probability,figures,first_year,last_year\n")
    assert "rivals.csv" in json.loads((place / "out" / "manifest.json").read_text(encoding="utf-8"))["results"]
    (tmp_path / "rivals.csv").write_text("of another forecast", encoding="utf-8")
    assert main([*FORECAST, "--out", str(tmp_path)]) == 0
    assert not (tmp_path / "rivals.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forecast", "--issued", "2023-09-01"], "--archive"),
        (["forecast", "--archive", "a", "--issued", "yesterday"], "not a date"),
        (["forecast", "--archive", "a", "--issued", "2023-05-01", "--as-of", "2023-06-30"], "after the day of issue"),
        (["vintages", "nowhere"], "no vintage here"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_computed(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert not list(tmp_path.iterdir())


def test_a_forecast_without_a_date_of_issue_is_of_today(tmp_path, monkeypatch):
    """The clock is read for the archive only."""
    from argparse import Namespace

    from ykforecast.cli.vintages import issue_date

    assert issue_date(Namespace(archive=tmp_path, issued=None), None) == date.today()
    assert issue_date(Namespace(archive=None, issued=None), None) is None
