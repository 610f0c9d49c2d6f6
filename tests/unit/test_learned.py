"""What history taught: carried to every draw, stored with what it was computed from, and not more than was seen."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.data.learned_file import NAME, inputs_digest, read_learned
from ykforecast.infer.history_posterior import TRANSFER, learn_from_history
from ykforecast.simulate.sampled import Learned, Sampled
from ykforecast.vocabulary.errors import ModelError

LEARNED = Learned(("a", "b"), np.array([1.0, -0.5]), np.array([[0.6, 0.2], [0.2, 0.8]]))


def test_moved_draws_have_the_mean_and_covariance_that_were_learned():
    normals = np.random.default_rng(1).standard_normal((200_000, 2))
    moved = LEARNED.move(normals)
    np.testing.assert_allclose(moved.mean(axis=0), LEARNED.mean, atol=0.01)
    np.testing.assert_allclose(np.cov(moved.T), LEARNED.root @ LEARNED.root, atol=0.02)


def test_a_draw_is_moved_alike_in_any_block():
    """Bit for bit: results may not depend on how draws are cut into blocks."""
    normals = np.random.default_rng(2).standard_normal((100, 2))
    parts = [LEARNED.move(normals[first : first + 7]) for first in range(0, 100, 7)]
    np.testing.assert_array_equal(np.concatenate(parts), LEARNED.move(normals))


def test_other_parameters_keep_their_draws(model):
    """Learning of one parameter must not touch the random numbers of another."""
    learned = Learned(("take_up_hazard",), np.array([2.0]), np.array([[0.5]]))
    plain, taught = (Sampled(model.parameters, 4, 0, 50, one) for one in (None, learned))
    np.testing.assert_array_equal(plain.value("gdp_trend"), taught.value("gdp_trend"))
    assert (taught.value("take_up_hazard") > plain.value("take_up_hazard")).mean() > 0.9


@pytest.fixture(scope="module")
def history(model):
    return learn_from_history(model, draws=400)


def test_the_shipped_lesson_is_that_of_the_shipped_numbers(model, history):
    """A small ensemble finds the same means within its own error; which parameters it hears may differ at the edge."""
    stored = read_learned(model.folder)
    assert stored is not None
    both = set(stored.names) & set(history.learned.names)
    assert {"take_up_hazard", "ui_coverage_growth"} <= both
    for name in both:
        shipped = stored.mean[stored.names.index(name)]
        assert history.learned.mean[history.learned.names.index(name)] == pytest.approx(shipped, abs=0.3)


def test_the_past_narrows_a_parameter_and_time_widens_it_again(model, history):
    """What carries over has a smaller mean and a larger spread than the posterior of the past itself."""
    k = history.learned.names.index("ui_coverage_growth")
    variance = (history.learned.root @ history.learned.root)[k, k]
    transfer = model.parameters[TRANSFER].median
    past = history.past["ui_coverage_growth"].std() / history.prior["ui_coverage_growth"].std()
    assert past**2 < variance < 1
    assert variance == pytest.approx(1 + transfer**2 * (past**2 - 1), abs=0.02)


def test_figures_are_met_better_than_before(history):
    """The point of conditioning: fitted insured persons lie closer to the published ones."""
    series = [one.series for one in history.observations]
    observed = np.array([one.value for one in history.observations])
    for name in ("employee_pension_insured", "unemployment_insured"):
        rows = [i for i, one in enumerate(series) if one == name]
        before, after = (
            np.abs(values[:, rows] - observed[rows]).mean() for values in (history.expected, history.fitted)
        )
        assert after < 0.6 * before


def test_words_are_not_numbers(model_copy):
    """A better sentence beside a number must not make the lesson stale; another number must."""
    before = inputs_digest(model_copy)
    path = model_copy / "parameters.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('reason = "', 'reason = "To be sure: '), encoding="utf-8")
    assert inputs_digest(model_copy) == before
    path.write_text(text.replace("median = 0.012", "median = 0.013", 1), encoding="utf-8")
    assert inputs_digest(model_copy) != before


def test_a_lesson_from_other_numbers_is_refused_with_the_way_out(model_copy):
    path = model_copy / "parameters.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("median = 0.012", "median = 0.013", 1), encoding="utf-8")
    with pytest.raises(ModelError, match="other numbers") as refused:
        read_learned(model_copy)
    assert "history_posterior" in str(refused.value)


def test_without_the_file_priors_stand(model_copy):
    (model_copy / NAME).unlink()
    assert read_learned(model_copy) is None


@pytest.mark.parametrize(
    ("old", "new"), [("mean = [", "mean = [nan, "), ("names = [", 'names = ["x",'), ("root = [", "rot = [")]
)
def test_a_broken_lesson_is_refused(model_copy, old, new):
    path = model_copy / NAME
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ModelError):
        read_learned(model_copy)
