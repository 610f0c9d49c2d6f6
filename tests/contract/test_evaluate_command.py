"""``evaluate DIR``: the stored card in full, a later day by forecast only, and what changed since the previous one."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.finished_forecast import previous_forecast, read_finished
from ykforecast.assess.since_last import INPUTS, since_last
from ykforecast.cli import main
from ykforecast.present.since_last_table import plain_since_last

DRAWS = ["--draws", "40", "--scenario", "baseline"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Folders ``base`` and ``late`` of two forecasts, both filed in ``archive``."""
    folder = tmp_path_factory.mktemp("evaluate")
    filed = ["--archive", str(folder / "archive")]
    assert main(["forecast", *DRAWS, *filed, "--issued", "2021-03-01", "--out", str(folder / "base")]) == 0
    late = ["--as-of", "2022-06-30", *filed, "--issued", "2022-07-01"]
    assert main(["forecast", *DRAWS, *late, "--out", str(folder / "late")]) == 0
    return folder


def report(capsys, *arguments):
    capsys.readouterr()
    assert main(["evaluate", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_without_a_day_it_is_the_card_of_the_forecast(place, capsys):
    """Two commands that judge one forecast may not disagree."""
    card = read_finished(place / "late").card
    found = report(capsys, place / "late")
    assert (found["as_of"], found["known"]) == ("2022-06-30", "2022-06-30")
    assert found["elapsed"] == pytest.approx(card["elapsed"].item())
    for one in found["rows"]:
        here = card.sel(scenario=one["scenario"], indicator=one["indicator"])
        assert one["probability"] == here["probability"].item()
        assert one["class"] == here["class"].item()
    assert {one["rate"] for one in found["unemployment_rate"]} == {"published", "true"}


def test_a_later_day_is_progress_of_the_forecast_and_says_so(place, capsys):
    """A forecast of 2020 knows no figure of 2023: what it says of that day is no account of what was reached."""
    found = report(capsys, place / "base", "--as-of", "2023-06-30")
    assert (found["as_of"], found["known"]) == ("2023-06-30", "2020-12-31")
    rows = {one["indicator"]: one for one in found["rows"]}
    assert rows["unemployment_insured"]["progress"] is not None
    assert rows["unemployment_insured"]["published"] is None
    assert {one["rate"] for one in found["unemployment_rate"]} == {"published", "true"}
    assert main(["evaluate", str(place / "base"), "--as-of", "2023-06-30"]) == 0
    text = capsys.readouterr().out
    assert "进度为预测进度，不是实绩" in text
    assert main(["evaluate", str(place / "late")]) == 0
    assert "进度为预测进度，不是实绩" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["late", "--as-of", "2021-12-31"], "knows figures up to 2022-06-30"),
        (["late", "--as-of", "2026-01-01"], "outside the plan"),
        (["late", "--scenario", "plan"], "no such scenario"),
        (["nothing"], "manifest.json"),
        (["base", "--previous", "nothing"], "no earlier forecast"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_one_message(place, monkeypatch, capsys, arguments, said):
    """A forecast that knows later figures cannot pretend not to; a wrong folder has no card."""
    monkeypatch.chdir(place)
    assert main(["evaluate", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_a_changed_result_is_not_judged(place, tmp_path, capsys):
    """A card whose file is not the one of the manifest is nobody's forecast."""
    shutil.copytree(place / "base", tmp_path / "base")
    shutil.copy(place / "late" / "forecast.nc", tmp_path / "base")
    assert main(["evaluate", str(tmp_path / "base")]) == 2
    assert "changed since" in capsys.readouterr().err


def test_the_causes_add_up_and_figures_are_named(place, model):
    """Both runs share seed, files and draws: all that changed is owed to figures, and nothing to the inputs."""
    now, before = read_finished(place / "late"), read_finished(place / "base")
    change = since_last(now, before, model)
    np.testing.assert_allclose(change["share"].sum("cause"), change["mean_change"], rtol=1e-9, atol=1e-9)
    scale = abs(change["now"].sel(quantile=0.5))
    assert float((abs(change["share"].sel(cause=INPUTS)) / scale).max()) < 1e-9
    assert "2021" in change["new_figures"].sel(indicator="unemployment_insured").item()
    assert change.attrs["changed_files"] == ""
    back = since_last(before, now, model)
    np.testing.assert_allclose(back["median_change"], -change["median_change"])
    np.testing.assert_allclose(back["share"], -change["share"], atol=1e-6)


def test_the_same_forecast_has_not_changed(place, model):
    """Any difference here would be an error of the comparison."""
    one = read_finished(place / "late")
    change = since_last(one, one, model)
    assert not change["mean_change"].any()
    assert not change["probability_change"].any()
    assert bool((change["before_class"] == change["now_class"]).all())
    assert change.attrs["changed"] == ""


def test_an_archive_gives_the_last_earlier_forecast(place, model):
    """The forecast is filed itself: beside itself nothing changes."""
    now = read_finished(place / "late")
    before = previous_forecast(place / "archive", now)
    assert before.as_of is None
    change = since_last(now, before, model)
    direct = since_last(now, read_finished(place / "base"), model)
    # Forty draws are kept whole in a vintage.
    np.testing.assert_allclose(change["before"], direct["before"])
    np.testing.assert_allclose(change["share"], direct["share"], atol=1e-6)


def test_figures_without_kept_shares_leave_the_causes_open(place, model):
    """A vintage keeps no shares: a guess at what moved it would be read as a finding."""
    archive = yk.VintageArchive(place / "archive")
    late = read_finished(place / "archive" / archive.list()[-1])
    change = since_last(read_finished(place / "base"), late, model)
    assert change["share"].isnull().all()
    assert change["mean_change"].notnull().all()
    assert "未留存" in plain_since_last(change, "baseline")


def test_the_comparison_is_printed_in_both_languages(place, capsys):
    """The table that opens a report: what moved, and by what."""
    for lang, words in (("zh", "与上次预测比较"), ("en", "previous forecast")):
        arguments = ["evaluate", str(place / "late"), "--previous", str(place / "base"), "--lang", lang]
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert words in text
        assert "nan" not in text


def test_a_report_is_given_what_changed_since_the_previous_one(place, monkeypatch, tmp_path, capsys):
    """The chapter is written from it: a report that silently forgot its predecessor would say that it is the first."""
    given = {}
    monkeypatch.setattr(yk, "report", lambda *runs, **options: given.update(options) or [], raising=False)
    arguments = ["report", str(place / "late"), "--to", str(tmp_path / "to")]
    assert main([*arguments, "--previous", str(place / "archive")]) == 0
    assert given["since"].attrs["before_as_of"] == ""
    assert given["since"].attrs["now_as_of"] == "2022-06-30"
    assert main(arguments) == 0
    assert given["since"] is None
    capsys.readouterr()
    assert main([*arguments, "--previous", str(place / "nothing")]) == 2
    assert "no earlier forecast" in capsys.readouterr().err
