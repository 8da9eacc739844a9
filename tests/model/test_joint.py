from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import plain
from derivatives import gradient
from forecast.evidence.cells import FIT_GRID
from forecast.evidence.grid import lay_out
from forecast.evidence.readings import Readings, readings_of, with_proxies
from forecast.model.joint import PRIORS, curvature, fit_joint, log_score, objective, returns, scored, settle
from learned import LEARNED
from strategies import parameters, situations
from subset import some

AROUND = {name: (LEARNED[name], prior.sd) for name, prior in PRIORS.items()}
several = st.lists(situations(), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def readings(episodes) -> Readings:
    """Of sixty injuries, flagged and cleared, said and silent."""
    return with_proxies(readings_of(some(episodes, 60)), 0.25)


# -------------------------------------------------------------------------------------------------- against plain loops


@given(theta=parameters(AROUND, 0.5), several=several)
@settings(max_examples=40)
def test_returns(theta, several):
    found = returns(theta, lay_out(several))
    for row, s in zip(found, several, strict=True):
        wanted = plain.returns(theta, s, FIT_GRID)
        np.testing.assert_allclose(row[: len(wanted)], wanted, rtol=1e-9, atol=1e-12)


@st.composite
def outcomes(draw):
    """A situation and what came of it: fixtures missed, whether he appeared in the next, the days he became fit in."""
    s = draw(situations())
    appeared = draw(st.booleans())
    fixtures = np.concatenate([s.missed, s.ahead])
    misses = draw(st.integers(len(s.missed), len(fixtures) - appeared))
    if np.isfinite(s.high):
        within = s.low, s.high
    else:  # he became fit by his appearance; else after some day, or not as far as is known
        upper = fixtures[misses] if appeared else np.inf
        within = s.low + draw(st.floats(0.0, 0.9)) * (min(upper, s.low + 60.0) - s.low), upper
    return replace(s, cuts=np.array(within)), misses, appeared, within


@given(theta=parameters(AROUND, 0.5), outcome=outcomes())
@settings(max_examples=40)
def test_likelihood(theta, outcome):
    s, misses, appeared, (lower, upper) = outcome
    evidence = lay_out([s])
    one = Readings(
        evidence=evidence,
        misses=np.array([misses]),
        appeared=np.array([appeared]),
        inside=evidence.pieces.between(np.array([lower]), np.array([upper])),
        never=np.array([np.isinf(upper)]),
        weight=np.ones(1),
        table=None,
    )
    wanted = plain.log_likelihood(theta, s, FIT_GRID, misses, appeared, (lower, upper))
    assert scored(theta, one)[0][0] == pytest.approx(wanted, rel=1e-9, abs=1e-9)


# -------------------------------------------------------------------------------------------------------- probabilities


@given(theta=parameters(AROUND), several=several)
def test_returns_are_probabilities_of_different_things(theta, several):
    evidence = lay_out(several)
    found = returns(theta, evidence)
    assert ((found >= 0) & (found <= 1)).all()
    assert (found.sum(axis=1) <= 1 + 1e-12).all()
    assert (found[np.arange(found.shape[1]) < evidence.missed[:, None]] == 0).all()


def test_what_can_happen_to_a_reading_adds_up_to_one(readings):
    """Appearing in each fixture ahead, or in none of them: the outcomes of the composite likelihood."""
    e, total = readings.evidence, np.zeros(len(readings.table))
    rest = np.ones(readings.inside.shape, bool)
    for k in range(e.fixtures.shape[1] + 1):
        for appeared in (True, False):
            misses = np.full(len(total), k)
            possible = (misses >= e.missed) & ((misses < e.known) if appeared else (misses == e.known))
            outcome = replace(
                readings, misses=misses, appeared=np.full(len(total), appeared), inside=rest, never=~e.cleared
            )
            total += np.where(possible, np.exp(scored(LEARNED, outcome)[0]), 0.0)
    np.testing.assert_allclose(total, 1.0)


def test_log_score_is_the_log_of_what_returns_gave_to_what_happened(readings):
    chances, score = returns(LEARNED, readings.evidence), log_score(LEARNED, readings)
    for i in range(0, len(score), 7):
        m = readings.misses[i]
        chance = chances[i, m] if readings.appeared[i] else 1.0 - chances[i, :m].sum()
        assert score[i] == pytest.approx(np.log(chance), rel=1e-9)


# ---------------------------------------------------------------------------------------------------------- derivatives


@given(theta=parameters(AROUND, 0.4))
@settings(max_examples=3)
def test_scores_are_the_derivatives_of_each_reading(readings, theta):
    value, scores = scored(theta, readings)
    assert np.isfinite(value).all()
    wanted = gradient(lambda t: scored(t, readings)[0], theta)
    np.testing.assert_allclose(scores, wanted, rtol=1e-4, atol=1e-6 * np.abs(wanted).max())


def test_gradient_of_the_objective_has_the_priors_in_it(readings):
    loss, at = objective(readings), {name: value + 0.05 for name, value in LEARNED.items()}
    value, slope = loss(np.array(list(at.values())))
    by_hand = -readings.weight @ scored(at, readings)[0]
    by_hand += sum(0.5 * ((at[name] - mean) / sd) ** 2 for name, (mean, sd) in PRIORS.items())
    assert value == pytest.approx(by_hand)
    wanted = gradient(lambda t: np.array(loss(np.array(list(t.values())))[0]), at)
    np.testing.assert_allclose(slope, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("far", [30.0, 100.0, 300.0, 1e4])
def test_a_step_too_far_is_no_place_to_be(readings, far):
    """Nor does it warn, whatever overflows there."""
    loss, rng = objective(readings), np.random.default_rng(0)
    for where in (*rng.standard_normal((6, len(PRIORS))), np.ones(len(PRIORS))):
        value, slope = loss(far * where)
        assert np.isfinite(value) or (value == np.inf and not slope.any())
    assert loss(np.full(len(PRIORS), 1e4))[0] == np.inf


# -------------------------------------------------------------------------------------------------------------- fitting


def test_curvature_of_a_quadratic_is_its_matrix():
    root = np.random.default_rng(0).normal(size=(4, 4))
    matrix = root @ root.T + np.eye(4)
    found = curvature(lambda x: (0.5 * x @ matrix @ x, matrix @ x), np.ones(4))
    np.testing.assert_allclose(found, matrix, atol=1e-8)


def quartic(x):
    """A bowl that is steeper further out."""
    return 0.5 * x @ x + 0.05 * (x**4).sum() - x.sum(), x + 0.2 * x**3 - 1.0


@pytest.mark.parametrize("start", [0.8, 2.0, -3.0])
def test_settle_finds_the_bottom_with_the_curvature_of_another_place(start):
    found = settle(quartic, np.full(3, start), curvature(quartic, np.full(3, 0.9)))
    best = minimize(quartic, np.zeros(3), jac=True, method="BFGS", options={"gtol": 1e-9}).x
    np.testing.assert_allclose(found, best, atol=1e-4)


def test_settle_takes_shorter_steps_where_the_curvature_is_too_small():
    found = settle(quartic, np.zeros(3), 0.3 * np.eye(3))
    assert np.abs(quartic(found)[1]).max() < 1e-3


@pytest.fixture(scope="module")
def fitted(readings):
    return fit_joint(readings)


def standard_errors(fitted) -> np.ndarray:
    return np.sqrt(np.diag(fitted.covariance))


def test_the_fit_is_at_the_top(fitted, readings):
    _, slope = objective(readings)(fitted.params.to_numpy())
    assert list(fitted.params.index) == list(PRIORS)
    assert np.sqrt(slope @ np.linalg.solve(fitted.hessian, slope)) < 1e-3


def test_the_covariance_is_the_sandwich_by_player(fitted, readings):
    loss, names = objective(readings), list(PRIORS)
    hessian = gradient(lambda t: loss(np.array([t[name] for name in names]))[1], dict(fitted.params), step=1e-4)
    scores = readings.weight[:, None] * scored(dict(fitted.params), readings)[1]
    sd = np.array([prior.sd for prior in PRIORS.values()])
    wanted = plain.sandwich(0.5 * (hessian + hessian.T), scores, readings.table.player.to_numpy(), sd)
    se = np.sqrt(np.diag(wanted))
    np.testing.assert_allclose(fitted.covariance / np.outer(se, se), wanted / np.outer(se, se), atol=0.02)


def test_copies_of_a_reading_do_not_make_it_surer(fitted, readings):
    """Each reading twice at half the weight: the same estimate, the same covariance."""
    twice = readings.take(np.repeat(np.arange(len(readings.table)), 2))
    again = fit_joint(replace(twice, weight=0.5 * twice.weight), start=fitted.params)
    np.testing.assert_allclose((again.params - fitted.params) / standard_errors(fitted), 0.0, atol=1e-2)
    np.testing.assert_allclose(standard_errors(again), standard_errors(fitted), rtol=1e-2)


def test_the_estimate_does_not_depend_on_the_start(fitted, readings):
    other = fit_joint(readings, start=fitted.params + 0.1)
    np.testing.assert_allclose((other.params - fitted.params) / standard_errors(fitted), 0.0, atol=1e-2)
