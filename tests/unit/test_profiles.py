"""Age profiles: knots are met, nothing is made up outside them, and impossible files are refused."""

from __future__ import annotations

import copy
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.data.profiles import parse_profiles
from ykforecast.infer.base_year import Splits, labour_totals
from ykforecast.processes.labour_base import labour_base
from ykforecast.vocabulary.errors import CalibrationError, ModelError, YkforecastError

GOOD = {
    "ratio": {
        "urban": {
            "label_zh": "率",
            "unit": "fraction of residents",
            "ages": [16, 20, 30, 60],
            "values": [0.0, 0.5, 0.9, 0.2],
            "grade": "assumed",
            "source": "x",
            "reason": "for a test",
        }
    },
    "turnover": {"level": {"a_b": 0.01}},
}


def test_a_curve_meets_its_knots_and_stays_between_neighbours():
    """A cubic that overshoots would make more workers than people, or fewer than none."""
    curve = parse_profiles("p", GOOD)["ratio.urban"]
    np.testing.assert_allclose(curve[[16, 20, 30, 60]], [0.0, 0.5, 0.9, 0.2], atol=1e-15)
    assert (np.diff(curve[16:31]) >= 0).all() and (np.diff(curve[30:61]) <= 0).all()


def test_outside_its_knots_a_curve_is_zero_below_and_level_above():
    curve = parse_profiles("p", GOOD)["ratio.urban"]
    assert curve.shape == (101,)
    assert (curve[:16] == 0).all()
    np.testing.assert_allclose(curve[60:], 0.2, rtol=1e-14)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("ratio.urban.values", [0.1, 0.2], "pair up"),
        ("ratio.urban.values", [0.0, -0.1, 0.9, 0.2], "non-negative"),
        ("ratio.urban.values", [0.0, float("nan"), 0.9, 0.2], "finite"),
        ("ratio.urban.values", [0.0, "0.5", 0.9, 0.2], "number"),
        ("ratio.urban.values", [0.0, 0.5, 1.2, 0.2], "above one"),
        ("ratio.urban.ages", [16, 30, 20, 60], "rise"),
        ("ratio.urban.ages", [16, 16, 20, 60], "rise"),
        ("ratio.urban.grade", "guessed", "grade"),
        ("ratio.rural", 3, "stray"),
        ("ratio.urban.vlaues", [0.1, 0.2], "unknown key"),
        ("note", "a remark", "stray"),
        ("turnover", {}, "missing"),
        ("turnover.level.a_b", -0.01, "non-negative"),
        ("turnover.level.a_b", float("inf"), "finite"),
    ],
)
def test_an_impossible_file_is_refused_with_its_key(place, value, words):
    content = copy.deepcopy(GOOD)
    *path, last = place.split(".")
    table = content
    for step in path:
        table = table[step]
    table[last] = value
    with pytest.raises(ModelError, match=words) as error:
        parse_profiles("profiles.toml", content)
    assert error.value.file == "profiles.toml"
    assert place.startswith(error.value.key) or error.value.key.startswith(place)


@pytest.mark.parametrize("key", ["unit", "grade", "source", "reason", "label_zh", "values"])
def test_a_profile_without_its_record_is_refused(key):
    """A number without a source and a reason is not used."""
    content = copy.deepcopy(GOOD)
    del content["ratio"]["urban"][key]
    with pytest.raises(ModelError, match="incomplete") as error:
        parse_profiles("p", content)
    assert error.value.key == f"ratio.urban.{key}"


def test_an_unknown_profile_names_the_nearest():
    with pytest.raises(ModelError, match="Did you mean 'ratio.urban'"):
        parse_profiles("p", GOOD)["ratio.urbn"]


def central_totals(calibration):
    parameters = calibration.model.parameters
    names = ("enterprise_retiree_share", "interrupted_share", "government_retiree_share", "private_enterprise_share")
    splits = Splits(**{name: parameters[name].median for name in names})
    return labour_totals(calibration.population.people, calibration.figures, parameters, splits)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("employment_ratio.urban.male", 0.0, "urban employment cannot be met"),
        ("unemployment_rate", 0.9, "more people at work or seeking it"),
        ("pension_receipt", 0.0, "retirees cannot be met"),
    ],
)
def test_shapes_that_cannot_carry_the_published_totals_are_refused(calibration, name, values, words):
    """The totals are the city's own: a shape that cannot hold them is an error, not a smaller city."""
    curves = dict(calibration.profiles.curves)
    for key in curves:
        if key.startswith(name.removesuffix(".male")):
            shape = curves[key].values
            # Zero everywhere, or everything at one age.
            impossible = np.zeros_like(shape) if values == 0.0 else np.where(np.arange(shape.size) == 20, values, 0.0)
            curves[key] = replace(curves[key], values=impossible)
    with pytest.raises(CalibrationError, match=words):
        labour_base(
            calibration.population.people, replace(calibration.profiles, curves=curves), central_totals(calibration)
        )


def test_calibration_refuses_a_city_whose_profiles_are_impossible(model, tmp_path):
    """From the file to the error: shape of employment that leaves nobody in towns to work."""
    folder = tmp_path / "yingkou"
    shutil.copytree(model.folder, folder)
    path = folder / "profiles.toml"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split("[employment_ratio.urban.male]", 1)
    rest = re.sub(r"values = \[[^\]]*\]", lambda m: re.sub(r"\d\.\d+", "0.0", m[0]), rest, count=2)
    path.write_text(f"{head}[employment_ratio.urban.male]{rest}", encoding="utf-8")
    with pytest.raises(YkforecastError, match="urban employment cannot be met"):
        yk.calibrate(replace(model, folder=folder))
