"""The archive of vintages: what is kept, that nothing is lost or replaced, and scores when figures come."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from ykforecast.assess.case_scores import case_scores
from ykforecast.assess.vintages import VintageArchive
from ykforecast.data import folders
from ykforecast.simulate import vintages
from ykforecast.vocabulary.errors import DataError, OutputError, RequestError

ISSUED, AS_OF = date(2023, 9, 1), date(2022, 12, 31)
MADE_OF = {"seed": 7, "inputs": {"model.toml": "sha256:12"}}
OBSERVED = pd.DataFrame(
    {"indicator": ["insured", "insured", "rate"], "year": [2022, 2023, 2023], "value": [2.0e5, 2.1e5, 0.05]}
)


def forecast(draws=500, shift=0.0):
    noise = np.random.default_rng(1).normal(size=(2, draws, 3))
    dims = ("scenario", "draw", "year")
    return xr.Dataset(
        {
            "insured": (dims, 2e5 + shift + 1e4 * noise, {"units": "persons"}),
            "rate": (dims, 0.05 + 0.01 * noise, {"units": "1"}),
        },
        coords={"scenario": ["baseline", "plan"], "year": [2022, 2023, 2024]},
    )


@pytest.fixture
def archive(tmp_path):
    return VintageArchive(tmp_path / "vintages")


@pytest.fixture
def key(archive):
    return archive.add(forecast(), issued=ISSUED, as_of=AS_OF, manifest=MADE_OF)


def test_a_vintage_comes_back_as_it_went_in(archive, key):
    back = archive.open(key)
    assert key.startswith("2023-09-01_2022-12-31_") and len(key.rpartition("_")[2]) == 8
    assert (back.issued, back.as_of, back.made_of) == (ISSUED, AS_OF, MADE_OF)
    xr.testing.assert_identical(back.table, vintages.condensed(forecast()))
    source = forecast()["insured"].sel(scenario="plan", year=2023)
    kept = back.table.sel(indicator="insured", scenario="plan", year=2023)
    assert kept["quantile"].sel(probability=0.9) == source.quantile(0.9)
    assert (kept["mean"], kept["sd"]) == (source.mean(), pytest.approx(source.std(ddof=1).item()))
    assert back.table["unit"].values.tolist() == ["persons", "1"]


def test_the_draws_kept_stay_joint():
    """200 of 500, the same for every indicator: sums and joint probabilities can still be taken."""
    kept = vintages.condensed(forecast())["draws"]
    assert kept.sizes["draw"] == 200
    np.testing.assert_allclose((kept.sel(indicator="insured") - 2e5) / 1e4, (kept.sel(indicator="rate") - 0.05) / 0.01)
    few = vintages.condensed(forecast(draws=30))["draws"]
    np.testing.assert_array_equal(few.sel(indicator="rate"), forecast(30)["rate"].transpose("scenario", "year", "draw"))


def test_breakdowns_are_not_kept():
    """What `yk.indicators` gives holds tables by sex and district beside the series of the plan."""
    full = forecast()
    full["insured_by_sex"] = full["insured"].expand_dims(sex=["male", "female"])
    xr.testing.assert_identical(vintages.condensed(full), vintages.condensed(forecast()))


def test_the_same_forecast_again_changes_nothing(archive, key):
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (archive.folder / key).iterdir()}
    assert archive.add(forecast(), issued=ISSUED, as_of=AS_OF, manifest=MADE_OF) == key
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (archive.folder / key).iterdir()} == before
    assert archive.list() == [key]


@pytest.mark.parametrize("change", [{"forecast": forecast(shift=1.0)}, {"manifest": MADE_OF | {"seed": 8}}])
def test_another_forecast_under_the_same_dates_is_refused(archive, key, change):
    """A record that could be replaced after the figures are out is no record."""
    asked = {"forecast": forecast(), "manifest": MADE_OF} | change
    with pytest.raises(OutputError, match="never replaced"):
        archive.add(asked["forecast"], issued=ISSUED, as_of=AS_OF, manifest=asked["manifest"])
    assert archive.list() == [key]
    later = archive.add(asked["forecast"], issued=date(2023, 9, 2), as_of=AS_OF, manifest=asked["manifest"])
    assert archive.list() == [key, later]


def test_a_vintage_before_any_figure_says_base(archive):
    key = archive.add(forecast(), issued=date(2021, 3, 1), manifest={})
    assert key.startswith("2021-03-01_base_")
    assert archive.open(key).as_of is None


def test_a_table_of_quantiles_is_a_vintage_too(archive):
    points = forecast().quantile(vintages.PROBABILITIES, dim="draw", keep_attrs=True).rename(quantile="probability")
    key = archive.add(points, issued=ISSUED, as_of=AS_OF, manifest={})
    assert set(archive.open(key).table.data_vars) == {"quantile"}
    scored = archive.score(OBSERVED)
    full = VintageArchive(archive.folder.parent / "full")
    full.add(forecast(), issued=ISSUED, as_of=AS_OF, manifest={})
    # Scored as 99 draws: the same to within what 200 draws of 500 leave open.
    np.testing.assert_allclose(scored["crps"], full.score(OBSERVED)["crps"], rtol=0.1)


def test_scores_are_of_figures_that_came_after(archive, key):
    """2022 was known when the forecast was made and must not be counted as foreseen."""
    scored = archive.score(OBSERVED)
    assert scored["year"].values.tolist() == [2023, 2023]
    assert scored["horizon"].values.tolist() == [1, 1]
    assert scored["relative"].values.tolist() == [True, False]
    assert set(scored["vintage"].values) == {key}
    draws = archive.open(key).table["draws"].sel(scenario="baseline", year=2023)
    by_hand = case_scores(draws.rename(indicator="case"), scored["series"].copy(data=[2.1e5, 0.05]))
    np.testing.assert_allclose(scored["crps"], by_hand["crps"])
    plan = archive.score(OBSERVED, scenario="plan")
    assert not np.array_equal(plan["crps"], scored["crps"])


def test_every_vintage_is_scored_on_its_own_later_figures(archive, key):
    early = archive.add(forecast(), issued=date(2022, 2, 1), as_of=date(2022, 1, 15), manifest={})
    scored = archive.score(OBSERVED)
    assert scored.sizes["case"] == 5
    first = scored.isel(case=np.flatnonzero(scored["vintage"].values == early))
    assert first["year"].values.tolist() == [2022, 2023, 2023]
    assert first["horizon"].values.tolist() == [1, 2, 2]


@pytest.mark.parametrize("name", ["forecast.nc", "manifest.json"])
def test_a_changed_or_missing_file_is_named(archive, key, name):
    file = archive.folder / key / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DataError, match=name):
        archive.open(key)
    with pytest.raises(DataError, match=name):  # nor is it taken for the same forecast
        archive.add(forecast(), issued=ISSUED, as_of=AS_OF, manifest=MADE_OF)
    file.unlink()
    with pytest.raises(DataError, match=name):
        archive.open(key)


def test_a_changed_date_is_found(archive, key):
    """The digest in the name covers the manifest: a forecast cannot be made to look older."""
    manifest = archive.folder / key / "manifest.json"
    stated = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(stated | {"issued": "2022-09-01"}), encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest\.json.*changed"):
        archive.open(key)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_writer_stopped_between_its_files_leaves_no_vintage(archive, monkeypatch, stop):
    def stopped(*_):
        raise stop("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(vintages, "write_text", stopped)
        with pytest.raises((KeyboardInterrupt, OutputError)):
            archive.add(forecast(), issued=ISSUED, as_of=AS_OF, manifest=MADE_OF)
    assert list(archive.folder.iterdir()) == []
    archive.open(archive.add(forecast(), issued=ISSUED, as_of=AS_OF, manifest=MADE_OF))


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_writer_killed_between_its_files_leaves_an_archive_that_works(archive):
    """No clean-up runs in a killed process: its unfinished folder is no vintage, and is in nobody's way."""
    code = (
        "import os, signal, sys\nfrom datetime import date\nfrom ykforecast.assess.vintages import VintageArchive\n"
        "from ykforecast.simulate import vintages\nfrom tests.unit.test_vintages import forecast\n"
        "vintages.write_text = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "VintageArchive(sys.argv[1]).add(forecast(30), issued=date(2023, 9, 1), manifest={})\n"
    )
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run([sys.executable, "-c", code, str(archive.folder)], cwd=root, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [len(list(left.iterdir())) for left in archive.folder.iterdir()] == [1]
    assert archive.list() == []
    key = archive.add(forecast(30), issued=ISSUED, manifest={})
    assert archive.list() == [key]


def test_a_folder_that_stands_is_never_replaced(tmp_path):
    """Two writers of one key at the same moment: the second finds the first one's folder and leaves it."""
    target = tmp_path / "vintage"
    with pytest.raises(OutputError, match="not written"), folders.appearing(target) as part:
        (part / "a").write_text("second", encoding="utf-8")
        target.mkdir()
        (target / "a").write_text("first", encoding="utf-8")
    assert (target / "a").read_text(encoding="utf-8") == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["vintage"]


def test_the_name_of_a_vintage_is_on_disk_when_it_is_filed(archive, monkeypatch):
    """A rename survives a power cut only once the folder above is synchronised; what was filed must not vanish."""
    synced = []
    monkeypatch.setattr(folders, "sync_folder", lambda folder: synced.append((folder, archive.list())))
    key = archive.add(forecast(30), issued=ISSUED, manifest={})
    assert synced == [(archive.folder, [key])]


def test_what_cannot_be_filed_or_scored_is_refused(archive, key):
    with pytest.raises(RequestError, match="after the day of issue"):
        archive.add(forecast(), issued=date(2022, 1, 1), as_of=AS_OF, manifest={})
    with pytest.raises(RequestError, match="scenario, year, and draw"):
        archive.add(forecast().mean("draw"), issued=ISSUED, manifest={})
    with pytest.raises(OutputError, match="JSON"):
        archive.add(forecast(), issued=ISSUED, manifest={"path": archive.folder})
    with pytest.raises(RequestError, match="no such vintage"):
        archive.open("2023-09-01_base_00000000")
    with pytest.raises(RequestError, match="came after"):
        archive.score(OBSERVED[:1])
    with pytest.raises(RequestError, match="two figures"):
        archive.score(pd.concat([OBSERVED, OBSERVED]))
    with pytest.raises(RequestError, match="missing figures"):
        archive.score(OBSERVED.assign(value=np.nan))
    with pytest.raises(RequestError, match="columns are missing"):
        archive.score(OBSERVED.drop(columns="year"))
    with pytest.raises(RequestError, match="lacks this scenario"):
        archive.score(OBSERVED, scenario="stress")
