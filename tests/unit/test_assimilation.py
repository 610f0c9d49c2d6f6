"""Conditioning on published figures: closed forms, identities, and what must be said aloud."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.infer import esmda as smoother
from ykforecast.infer.conflicts import check_against_prior, joint_tail
from ykforecast.infer.ensemble_sums import cross_covariance, solve_positive
from ykforecast.infer.error_model import ErrorModel, FigureError
from ykforecast.infer.esmda import esmda
from ykforecast.infer.step_patterns import plausible_patterns
from ykforecast.infer.tempered import tempered
from ykforecast.simulate.sampling import noise
from ykforecast.vocabulary.errors import RequestError

METHODS = pytest.mark.parametrize("condition", [esmda, tempered])

#: A random walk from a known start, its first two years published with an error; three idle coordinates.
WALK_SD, ERROR_SD, YEARS, SEEN = 0.5, 0.3, 5, 2
COORDINATES = YEARS + 3
PUBLISHED = np.array([1.4, 0.9])


def walk(latent):
    return WALK_SD * np.cumsum(latent[:, :YEARS], axis=1)


def seen(latent):
    return walk(latent)[:, :SEEN]


def errors(*, step_probability=0.0, step_sd=0.0, sd=ERROR_SD, series="insured", years=(2021, 2022)):
    return ErrorModel(
        [FigureError(series, year, sd, step_probability=step_probability, step_sd=step_sd) for year in years]
    )


def kalman_smoother():
    """Mean and covariance of the walk by statsmodels, and the log density of the figures."""
    from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother

    # The state stacks all years, so that the covariances between years come out too.
    model = KalmanSmoother(k_endog=1, k_states=YEARS, k_posdef=1, nobs=YEARS)
    transition = np.repeat(np.eye(YEARS)[:, :, None], YEARS, axis=2)
    selection = np.zeros((YEARS, 1, YEARS))
    design = np.zeros((1, YEARS, YEARS))
    for t in range(YEARS):
        design[0, t, t] = 1.0
        selection[t:, 0, t] = 1.0
    # The shock of a year enters from the period before in this notation: the first one is the start.
    shifted = np.zeros_like(selection)
    shifted[:, :, :-1] = selection[:, :, 1:]
    model["transition"], model["selection"], model["design"] = transition, shifted, design
    model["state_cov"] = np.array([[WALK_SD**2]])
    model["obs_cov"] = np.array([[ERROR_SD**2]])
    model.initialize_known(np.zeros(YEARS), WALK_SD**2 * np.outer(selection[:, 0, 0], selection[:, 0, 0]))
    model.bind(np.concatenate([PUBLISHED, np.full(YEARS - SEEN, np.nan)]))
    result = model.smooth()
    return result.smoothed_state[:, -1], result.smoothed_state_cov[:, :, -1], float(result.llf)


@METHODS
def test_linear_normal_case_is_the_kalman_smoother(condition):
    # The one case with an exact answer from another program. Bounds: four standard errors, measured over
    # replications because a smoother's draws share their gain and are not independent.
    mean, covariance, log_density = kalman_smoother()
    draws, replications = 1000, 12
    means, covariances, evidence = [], [], []
    for seed in range(replications):
        latent = noise(seed, 0, draws, "prior", COORDINATES)
        posterior = condition(latent, seen, PUBLISHED, errors(), seed=seed)
        path = walk(posterior.latent)
        means.append(path.mean(axis=0))
        covariances.append(np.cov(path.T))
        evidence.append(posterior.log_evidence)
    means, covariances = np.array(means), np.array(covariances)
    for found, exact in ((means, mean), (covariances, covariance)):
        error = found.std(axis=0, ddof=1) / np.sqrt(replications)
        assert (np.abs(found.mean(axis=0) - exact) < 4 * error + 0.01 * WALK_SD**2).all()
    assert means.std(axis=0).max() < 3 * np.sqrt(covariance.diagonal().max() / draws)
    if condition is tempered:
        assert np.mean(evidence) == pytest.approx(log_density, abs=4 * np.std(evidence) / np.sqrt(replications))


@METHODS
def test_no_figure_changes_no_bit(condition):
    # Nothing published is no information: the very array comes back and the model is not run.
    latent = noise(1, 0, 50, "prior", COORDINATES)
    before = latent.copy()

    def never(_):
        raise AssertionError("the model was run")

    posterior = condition(latent, never, np.empty(0), ErrorModel([]), seed=1)
    assert posterior.latent is latent
    assert latent.tobytes() == before.tobytes()
    assert posterior.forward_calls == 0


@METHODS
def test_the_prior_ensemble_is_left_as_it_was(condition):
    # The caller compares before and after.
    latent = noise(1, 0, 300, "prior", COORDINATES)
    before = latent.copy()
    condition(latent, seen, PUBLISHED, errors(), seed=1)
    assert latent.tobytes() == before.tobytes()


@METHODS
def test_chunks_of_the_forward_model_change_no_bit(condition):
    # The city model runs in blocks of draws; how many is not part of the answer.
    latent = noise(1, 0, 400, "prior", COORDINATES)

    def in_chunks(z):
        return np.concatenate([seen(z[i : i + 37]) for i in range(0, len(z), 37)])

    error = errors(step_probability=0.05, step_sd=2.0)
    whole, cut = (condition(latent, model, PUBLISHED, error, seed=1) for model in (seen, in_chunks))
    assert whole.latent.tobytes() == cut.latent.tobytes()
    assert whole.steps.tobytes() == cut.steps.tobytes()


def test_draws_of_steps_do_not_depend_on_the_block_of_draws():
    error = errors(step_probability=0.2, step_sd=2.0)
    residual = noise(1, 0, 100, "residual", 2)
    whole = error.draw_steps(residual, seed=3)
    parts = [error.draw_steps(residual[:33], seed=3), error.draw_steps(residual[33:], seed=3, first_draw=33)]
    assert whole.tobytes() == np.concatenate(parts).tobytes()


def test_perturbations_of_a_figure_are_its_own():
    # Keyed by name: a figure that the model does not connect to anything leaves the others' posterior alone.
    latent = noise(1, 0, 500, "prior", COORDINATES)
    alone = esmda(latent, seen, PUBLISHED, errors(), seed=1)
    both = ErrorModel([*errors().figures, FigureError("other", 2021, 1.0)])

    def wider(z):
        return np.column_stack([seen(z), np.full(len(z), 7.0)])

    beside = esmda(latent, wider, np.append(PUBLISHED, 7.0), both, seed=1)
    np.testing.assert_allclose(alone.latent, beside.latent, rtol=0, atol=1e-10)


def test_coordinates_that_matter_for_nothing_keep_their_spread():
    # Chance correlations of a finite ensemble would shrink every coordinate a little at every step.
    draws, idle = 500, 100
    latent = noise(2, 0, draws, "prior", 2 + idle)
    error = errors(sd=0.05, years=range(2021, 2029))

    def forward(z):
        return z[:, :1] + z[:, 1:2] * np.arange(8)

    kept = {
        chance: esmda(latent, forward, np.full(8, 0.3), error, seed=2, chance=chance).stages[-1].spread[2:]
        for chance in (0.0, smoother.CHANCE)
    }
    assert kept[smoother.CHANCE].mean() == pytest.approx(1.0, abs=0.002)
    assert 1 - kept[0.0].mean() > 5 * (1 - kept[smoother.CHANCE].mean())


def test_any_schedule_gives_the_same_linear_answer():
    # Inverse inflations that add up to one use the evidence exactly once.
    latent = noise(3, 0, 4000, "prior", COORDINATES)
    found = [
        walk(esmda(latent, seen, PUBLISHED, errors(), steps=steps, seed=3).latent) for steps in (1, 4, (8, 4, 1.6))
    ]
    for other in found[1:]:
        np.testing.assert_allclose(other.mean(axis=0), found[0].mean(axis=0), atol=0.04)
        np.testing.assert_allclose(other.std(axis=0), found[0].std(axis=0), rtol=0.05)


@pytest.mark.parametrize("steps", [0, (2.0, 3.0), (-1.0, 0.5)])
def test_a_schedule_that_uses_the_evidence_more_or_less_than_once_is_refused(steps):
    with pytest.raises(RequestError, match="add up to one"):
        esmda(np.zeros((5, 1)), seen, PUBLISHED, errors(), steps=steps, seed=1)


# --- definition steps -----------------------------------------------------------------------------------


def behaviour(latent):
    """A series of two years, level one, with an uncertainty of three per cent that stays."""
    return 1.0 + 0.03 * np.cumsum(latent[:, :2], axis=1)


def insured_errors():
    return errors(sd=0.005, step_probability=0.05, step_sd=0.25)


@METHODS
@pytest.mark.parametrize("jump", [1 / 7, 2 / 5])
def test_a_jump_by_a_seventh_or_by_two_fifths_is_a_step_and_not_behaviour(condition, jump):
    # The two series of 2022 that jumped: cohorts do not do that, definitions do.
    latent = noise(4, 0, 2000, "prior", 4)
    observed = np.array([1.0, 1.0 + jump])
    posterior = condition(latent, behaviour, observed, insured_errors(), seed=4)
    rise = posterior.predicted[:, 1] - posterior.predicted[:, 0]
    assert abs(rise.mean()) < 0.012
    assert rise.std() > 0.8 * 0.03, "the jump says nothing of behaviour, so its uncertainty stays"
    assert posterior.steps[:, 1].mean() == pytest.approx(jump, abs=0.02)
    assert (np.abs(posterior.steps[:, 0]) < 0.015).mean() > 0.9


@METHODS
def test_an_ordinary_figure_informs_behaviour(condition):
    latent = noise(5, 0, 2000, "prior", 4)
    posterior = condition(latent, behaviour, np.array([1.0, 1.02]), insured_errors(), seed=5)
    rise = posterior.predicted[:, 1] - posterior.predicted[:, 0]
    # With errors of half a per cent on either end; within three of its Monte Carlo errors.
    assert rise.mean() == pytest.approx(0.0195, abs=0.002)
    assert rise.std() < 0.4 * 0.03
    assert (np.abs(posterior.steps[:, 1]) > 3 * 0.005).mean() < 0.1


@METHODS
def test_between_the_two_both_explanations_keep_their_probability(condition):
    # Closed form of the one-figure case: the weight of "step" is a ratio of two normal densities.
    y, p, behaviour_sd, sd, step_sd = 0.09, 0.05, 0.03, 0.005, 0.25
    densities = [
        weight * np.exp(-0.5 * y**2 / v) / np.sqrt(v)
        for weight, v in ((1 - p, behaviour_sd**2 + sd**2), (p, behaviour_sd**2 + sd**2 + step_sd**2))
    ]
    exact = densities[1] / sum(densities)
    error = errors(sd=sd, step_probability=p, step_sd=step_sd, years=(2021,))
    latent = noise(6, 0, 4000, "prior", 1)
    posterior = condition(latent, lambda z: behaviour_sd * z, np.array([y]), error, seed=6)
    assert 0.2 < exact < 0.5
    # "step" draws have steps of some hundredths; the others none.
    assert (posterior.steps[:, 0] != 0).mean() == pytest.approx(exact, abs=0.05)


def test_a_step_stays_for_all_later_years():
    # A definition does not change back by itself: three years at the new level are one step.
    error = errors(sd=0.005, step_probability=0.05, step_sd=0.25, years=(2021, 2022, 2023))
    latent = noise(7, 0, 1000, "prior", 3)
    predicted = 1.0 + 0.03 * np.cumsum(latent, axis=1)
    patterns, probability = plausible_patterns(predicted, np.array([1.0, 1.15, 1.15]), error)
    assert patterns[0] == (1,)
    assert probability[0] > 0.9
    assert probability.sum() == pytest.approx(1.0)


def test_the_search_for_patterns_finds_those_of_full_enumeration():
    # Twelve figures have 4096 patterns; the search looks at a few hundred.
    from itertools import combinations

    error = ErrorModel(
        [FigureError(s, y, 0.005, step_probability=0.05, step_sd=0.25) for s in "abc" for y in (2021, 2022, 2023)]
    )
    predicted = np.hstack([0.03 * np.cumsum(noise(8, 0, 2000, s, 3), axis=1) for s in "abc"])
    observed = np.array([0.0, 0.14, 0.14, 0.4, 0.4, 0.2, 0.0, 0.09, 0.1])
    patterns, probability = plausible_patterns(predicted, observed, error)
    surprise, spread = observed - predicted.mean(axis=0), cross_covariance(predicted, predicted)

    def log_posterior(jumps):
        total = spread + error.covariance(jumps)
        odds = len(jumps) * np.log(0.05 / 0.95)
        return odds - 0.5 * (np.linalg.slogdet(total)[1] + surprise @ np.linalg.solve(total, surprise))

    every = {jumps: log_posterior(jumps) for size in range(10) for jumps in combinations(range(9), size)}
    ordered = sorted(every, key=every.get, reverse=True)[: len(patterns)]
    weight = np.exp([every[jumps] - every[ordered[0]] for jumps in ordered])
    assert patterns == ordered
    np.testing.assert_allclose(probability, weight / weight.sum(), rtol=1e-8)


def test_summing_out_the_steps_is_the_mean_over_sampled_steps():
    # The closed likelihood against its definition: the mean, over sampled steps, of the density of the rest.
    sd, step = 0.2, {"step_probability": 0.3, "step_sd": 1.0}
    steps = errors(sd=1e-9, **step).sample(seed=9, first_draw=0, draws=200_000)
    for residual in ([0.0, 0.0], [0.1, 1.0], [-1.0, -0.9]):
        rest = np.asarray(residual) - steps
        density = np.exp(-0.5 * (rest**2).sum(axis=1) / sd**2) / (2 * np.pi * sd**2)
        closed = np.exp(errors(sd=sd, **step).log_likelihood(np.array([residual]))[0])
        assert closed == pytest.approx(density.mean(), abs=4 * density.std() / np.sqrt(len(density)))


def test_rounding_widens_the_error_by_its_variance():
    # A figure printed in 万人 with two decimals is within 50 persons of the count, evenly.
    assert FigureError("x", 2021, sd=30.0, half_step=50.0).variance == pytest.approx(30.0**2 + 100.0**2 / 12)
    fraction = FigureError.relative("x", 2021, 8.0, sd=0.01, step_probability=0.1, step_sd=0.2)
    assert (fraction.sd, fraction.step_sd) == (0.08, 1.6)


@pytest.mark.parametrize(
    ("sd", "half_step", "probability", "step_sd"),
    [(0, 0, 0, 0), (-1, 0, 0, 0), (np.nan, 0, 0, 0), (1, 0, 1.0, 1), (1, 0, 0.1, 0), (1, 0, 0, 1)],
)
def test_an_impossible_error_is_refused_by_name(sd, half_step, probability, step_sd):
    with pytest.raises(RequestError, match="insured:2021"):
        FigureError("insured", 2021, sd, half_step, probability, step_sd)


# --- conflicts ------------------------------------------------------------------------------------------


@METHODS
def test_an_impossible_figure_is_named_and_the_others_are_not(condition):
    # Twenty standard deviations off with no step allowed: an error of the table, which no posterior may hide.
    error = ErrorModel([FigureError("employed", 2021, 0.1), FigureError("insured", 2021, 0.1)])
    latent = noise(10, 0, 1000, "prior", 3)

    def forward(z):
        return z[:, :2]

    observed = np.array([0.5, 20.0])
    # It is named before anything is conditioned on it, and after.
    fits, conflict = check_against_prior(forward(latent), observed, error)
    posterior = condition(latent, forward, observed, error, seed=10)
    assert [c.verdict for c in check_against_prior(forward(latent), observed, error, posterior)] == ["fits", "conflict"]
    assert (fits.verdict, conflict.verdict) == ("fits", "conflict")
    assert conflict.name == "insured:2021"
    assert "insured:2021" in conflict.in_words()
    assert "冲突" in conflict.in_words()
    assert joint_tail(forward(latent), observed, error) < 1e-6


def test_a_jump_that_a_definition_explains_is_called_a_step():
    latent = noise(4, 0, 2000, "prior", 4)
    observed = np.array([1.0, 1.4])
    error = insured_errors()
    posterior = esmda(latent, behaviour, observed, error, seed=4)
    first, second = check_against_prior(behaviour(latent), observed, error, posterior)
    assert (first.verdict, second.verdict) == ("fits", "step")
    assert second.tail < 1e-6 < second.tail_with_step
    assert "口径变动" in second.in_words()
    assert joint_tail(behaviour(latent), observed, error) < 1e-6
    assert joint_tail(behaviour(latent), observed, error, jumps=[1]) > 0.05


@METHODS
def test_figures_that_are_possible_alone_and_impossible_together_are_found(condition):
    # Two counts of the same people: each within its prior, together a contradiction.
    error = ErrorModel([FigureError("a", 2021, 0.05), FigureError("b", 2021, 0.05)])
    latent = noise(11, 0, 1000, "prior", 2)

    def forward(z):
        return np.column_stack([z[:, 0], z[:, 0]])

    observed = np.array([0.8, -0.8])
    posterior = condition(latent, forward, observed, error, seed=11)
    checks = check_against_prior(forward(latent), observed, error, posterior)
    assert [check.verdict for check in checks] == ["fits", "fits"]
    assert joint_tail(forward(latent), observed, error) < 1e-6


# --- faults and arithmetic ------------------------------------------------------------------------------


@METHODS
def test_what_does_not_fit_is_refused(condition):
    latent = noise(1, 0, 20, "prior", COORDINATES)
    with pytest.raises(RequestError, match="as many"):
        condition(latent, seen, PUBLISHED[:1], errors(), seed=1)
    with pytest.raises(RequestError, match="insured:2022.*not finite"):
        condition(latent, seen, np.array([1.0, np.nan]), errors(), seed=1)
    with pytest.raises(RequestError, match="another shape"):
        condition(latent, walk, PUBLISHED, errors(), seed=1)
    with pytest.raises(RequestError, match="insured:2021.*not finite"):
        condition(latent, lambda z: np.full((len(z), 2), np.nan), PUBLISHED, errors(), seed=1)
    with pytest.raises(RequestError, match="insured:2021"):
        ErrorModel([*errors().figures, FigureError("insured", 2021, 1.0)])


def test_elimination_solves_what_lapack_solves():
    basis = noise(1, 0, 60, "basis", 40)
    matrix, right = cross_covariance(basis, basis), noise(1, 0, 40, "right", 3)
    np.testing.assert_allclose(solve_positive(matrix, right), np.linalg.solve(matrix, right), rtol=1e-8)
