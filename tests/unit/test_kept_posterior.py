"""What figures taught is kept beside a forecast: taken up again it is the same forecast, and of no other."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import ykforecast as yk
from ykforecast.infer import assimilation
from ykforecast.infer.kept_posterior import GROUP, keep
from ykforecast.simulate.storage import read_group, values_digest, write_groups
from ykforecast.vocabulary.errors import DataError, RequestError

MIDTERM = "2023-06-30"


@pytest.fixture(scope="module")
def late(calibration):
    return yk.assimilate(calibration, MIDTERM, draws=60, seed=7)


@pytest.fixture(scope="module")
def kept(late, tmp_path_factory):
    """Through a file, as a report reads it."""
    path = tmp_path_factory.mktemp("kept") / "forecast.nc"
    write_groups(path, {GROUP: keep(late)}, {})
    found = read_group(path, GROUP)
    assert values_digest(found) == values_digest(keep(late))
    return found


def test_the_draws_come_back_bit_for_bit_without_conditioning(calibration, late, kept, monkeypatch):
    def never(*given):
        raise AssertionError("conditioned again")

    monkeypatch.setitem(assimilation.METHODS, "es-mda", never)
    again = yk.assimilate(calibration, MIDTERM, draws=60, seed=7, kept=kept)
    for name, numbers in late.evidence.latent.streams.items():
        assert np.array_equal(again.latent.streams[name], numbers)
    assert again.evidence.findings == late.evidence.findings
    assert again.evidence.past == late.evidence.past
    for name, steps in late.evidence.steps.items():
        assert np.array_equal(again.evidence.steps[name], steps)
    indicators = [yk.indicators(yk.project(one, "plan", keep="series"), calibration.model) for one in (late, again)]
    xr.testing.assert_identical(*indicators)


def test_draws_of_another_request_are_refused(calibration, kept):
    """Draws of other figures would pass for those of this date."""
    for key, request in {
        "seed": {"as_of": MIDTERM, "draws": 60, "seed": 8},
        "draws": {"as_of": MIDTERM, "draws": 40, "seed": 7},
        "figures": {"as_of": "2022-06-30", "draws": 60, "seed": 7},
    }.items():
        with pytest.raises(RequestError, match=key):
            yk.assimilate(calibration, kept=kept, **request)
    with pytest.raises(RequestError, match="model"):
        yk.assimilate(calibration, MIDTERM, draws=60, seed=7, kept=kept.assign_attrs(model="sha256:0"))


def test_without_figures_nothing_is_kept(calibration):
    assert keep(calibration) is None
    assert keep(yk.assimilate(calibration, "2020-12-31", draws=40)) is None


def test_a_group_that_is_not_there_is_told(tmp_path, late):
    path = tmp_path / "forecast.nc"
    write_groups(path, {GROUP: keep(late)}, {})
    for name, file in (("revision", path), (GROUP, tmp_path / "none.nc")):
        with pytest.raises(DataError, match=str(file)):
            read_group(file, name)
