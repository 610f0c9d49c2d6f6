"""Parameters: a number without unit, grade and reason is not one."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from ykforecast.spec.parameter import ParameterSpec
from ykforecast.vocabulary.errors import ModelError

GOOD = {
    "label_zh": "参数",
    "unit": "1",
    "prior": {"dist": "beta", "alpha": 3.0, "beta": 4.0},
    "role": "uncertainty",
    "grade": "assumed",
    "reason": "a test",
}


def spec(**changes):
    fields = {**GOOD, **changes}
    return ParameterSpec.of(**{key: value for key, value in fields.items() if value is not ...})


@pytest.mark.parametrize(
    ("prior", "exact"),
    [
        ({"dist": "normal", "mean": 2.0, "sd": 3.0}, 2.0),
        ({"dist": "lognormal", "median": 0.4, "sigma": 0.5}, 0.4),
        ({"dist": "uniform", "low": -1.0, "high": 3.0}, 1.0),
        (
            {"dist": "truncnormal", "mean": 0.03, "sd": 0.02, "low": 0.0, "high": 0.15},
            stats.truncnorm(-1.5, 6.0, loc=0.03, scale=0.02).median(),
        ),
    ],
)
def test_the_central_value_is_the_median(prior, exact):
    """Deterministic runs use it, so it has to be the middle of what is sampled."""
    assert spec(prior=prior).median == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize(("alpha", "beta"), [(1.5, 1.5), (2.0, 18.0), (8.0, 2.0), (3.0, 4.0)])
def test_the_median_of_a_beta_is_close_enough(alpha, beta):
    """The closed form is an approximation: good to two per cent for shapes above one."""
    prior = {"dist": "beta", "alpha": alpha, "beta": beta}
    assert spec(prior=prior).median == pytest.approx(stats.beta(alpha, beta).median(), rel=0.02)


def test_a_constant_is_its_value():
    assert spec(prior=..., value=0.3, role="constant").median == 0.3
    assert spec(prior={"dist": "fixed", "value": 0.3}, role="constant").median == 0.3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": 0.3}, "exactly one"),
        ({"prior": ...}, "exactly one"),
        ({"prior": ..., "value": 0.3}, "role"),
        ({"role": "constant"}, "role"),
        ({"unit": "person"}, "persons"),
        ({"grade": "observed"}, "needs a source"),
        ({"grade": "guess"}, "observed"),
        ({"support": [0.9, 1.0]}, "outside support"),
        (
            {"prior": {"dist": "uniform", "low": 0.0, "high": 2.0}, "support": [0.0, 1.5]},
            "beyond the support",
        ),
        ({"prior": {"dist": "uniform", "low": 2.0, "high": 1.0}}, "low must lie below high"),
        ({"prior": {"dist": "normal", "mean": 0.0, "sd": 0.0}}, "greater than 0"),
        ({"prior": {"dist": "beta", "alpha": 3.0, "betta": 4.0}}, "betta"),
        ({"prior": {"dist": "cauchy", "mean": 0.0}}, "cauchy"),
        ({"prior": ..., "value": math.nan, "role": "constant"}, "finite"),
        ({"prior": ..., "value": math.inf, "role": "constant"}, "finite"),
        ({"prior": ..., "value": "0.3", "role": "constant"}, "number"),
        ({"prior": ..., "value": True, "role": "constant"}, "number"),
        ({"reason": ""}, "at least 1"),
        ({"reason": ...}, "missing"),
        ({"reazon": "x"}, "reason"),
        ({"label_zh": "参数\u202e"}, "direction marks"),
    ],
)
def test_a_faulty_parameter_is_refused_with_the_reason(changes, words):
    """Each of these would otherwise pass silently into every draw."""
    with pytest.raises(ModelError, match=words):
        spec(**changes)


def test_a_record_cannot_be_changed():
    """A model that changes after its digest was taken is another model."""
    with pytest.raises(Exception, match="frozen"):
        spec().unit = "months"
