import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import forecast as fc
from derivatives import arrays
from forecast.evidence.situation import minutes_logit
from forecast.factors.selection import AFTER_RETURN, Selection, after_return
from forecast.model.after_return import fit_after_return
from plain import gradient, run, run_of_normal
from plain import sandwich as plain_sandwich
from strategies import parameters

PRIORS = Selection().priors
LEARNED = {"picked": 0.51, "picked.minutes": 0.76, "picked.first": 0.99, "picked.log_spread": 0.27}
odds = st.lists(st.floats(-2.5, 3.8), min_size=1, max_size=3)


def probabilities(theta: dict, of: list[float], longest: int, appeared: bool) -> np.ndarray:
    return Selection().runs(arrays(theta), np.array(of), longest).probability(appeared)


@given(theta=parameters(PRIORS), odds=odds)
@settings(max_examples=30)
def test_runs_against_a_plain_loop(theta, odds):
    for appeared in (False, True):
        found = probabilities(theta, odds, 6, appeared)
        assert found.shape == (len(odds), 7)
        for i, o in enumerate(odds):
            np.testing.assert_allclose(found[i], [run(theta, o, k, appeared) for k in range(7)], rtol=1e-9)


@given(theta=parameters(PRIORS), odds=odds)
def test_every_run_ends_or_goes_on(theta, odds):
    missed, then_appeared = (probabilities(theta, odds, 8, appeared) for appeared in (False, True))
    np.testing.assert_allclose(missed[:, 0], 1.0)
    np.testing.assert_allclose(then_appeared[:, :-1], -np.diff(missed), atol=1e-12)
    assert ((missed >= 0) & (missed <= 1)).all()


@given(theta=parameters(PRIORS), odds=odds)
def test_slopes(theta, odds):
    selection = Selection()
    run = selection.runs(arrays(theta), np.array(odds), 6)
    for appeared in (False, True):
        slopes = selection.slopes(arrays(theta), np.array(odds), run, appeared)
        wanted = gradient(lambda t, appeared=appeared: np.log(probabilities(t, odds, 6, appeared)), theta)
        np.testing.assert_allclose(slopes, wanted, atol=1e-7, rtol=1e-6)


@pytest.mark.parametrize(("length", "appeared"), [(0, True), (1, False), (2, True), (4, False), (6, True)])
def test_five_nodes_are_nearly_all_players(length, appeared):
    wanted = run_of_normal(LEARNED, 1.0, length, appeared)
    assert probabilities(LEARNED, [1.0], 6, appeared)[0, length] == pytest.approx(wanted, abs=0.004)


@given(theta=parameters(PRIORS), odds=odds, more=st.floats(0.01, 3.0))
def test_who_was_passed_over_is_less_likely_to_be_picked_next(theta, odds, more):
    missed, then_appeared = (probabilities(theta, odds, 8, appeared) for appeared in (False, True))
    next_time = then_appeared / missed
    assert (np.diff(next_time[:, 1:]) <= 1e-12).all()  # the first fixture has a rate of its own
    surer = probabilities(theta | {"picked": theta["picked"] + more}, odds, 8, False)
    assert (surer <= missed + 1e-12).all()


def test_draws_come_in_front():
    rng, o = np.random.default_rng(0), np.array([0.5, -1.0])
    draws = {name: rng.normal(value, 0.3, (4, 1, 1)) for name, value in LEARNED.items()}
    found = Selection().runs(draws, o, 5).probability(appeared=True)
    assert found.shape == (4, 2, 6)
    for d in range(4):
        one = {name: float(value[d, 0, 0]) for name, value in draws.items()}
        np.testing.assert_allclose(found[d], probabilities(one, list(o), 5, True))


# ------------------------------------------------------------------------------------------ after the first appearance


def after_first(episodes: fc.Episodes) -> pd.DataFrame:
    """Logit of the minutes, appeared, player of each fixture among the six after his first, within 60 days of it."""
    rows = []
    for e in episodes.episodes.itertuples():
        f = episodes.fixtures[episodes.fixtures.episode == e.episode].dropna(subset="minutes")
        first = f.day[f.minutes > 0].min()
        later = f[(f.day > first) & (f.day <= first + 60.0)].head(6)
        rows += [(minutes_logit(e.minutes_before, e.fixtures_before), m > 0, e.player) for m in later.minutes]
    return pd.DataFrame(rows, columns=["minutes_logit", "appeared", "player"])


def test_fit_again_is_the_posterior_mode_with_its_sandwich(episodes):
    params, covariance = fit_after_return(episodes)
    rows = after_first(episodes)
    x = np.column_stack([np.ones(len(rows)), rows.minutes_logit])
    mean, sd = np.array(list(AFTER_RETURN.values())).T
    y = np.where(rows.appeared, 1.0, -1.0)

    def loss(beta):
        return np.logaddexp(0.0, -y * (x @ beta)).sum() + 0.5 * (((beta - mean) / sd) ** 2).sum()

    best = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}).x
    np.testing.assert_allclose(params, best, atol=1e-5)
    p = 1 / (1 + np.exp(-(x @ best)))
    hessian = (x.T * (p * (1 - p))) @ x + np.diag(1 / sd**2)
    wanted = plain_sandwich(hessian, x * (rows.appeared - p).to_numpy()[:, None], rows.player.to_numpy(), sd)
    np.testing.assert_allclose(covariance, wanted, rtol=1e-3)
    assert list(params.index) == list(covariance.index) == list(covariance.columns) == ["again", "again.minutes"]


def test_again_is_a_logit_of_the_odds():
    theta = {"again": np.array([0.8, 0.1]).reshape(2, 1, 1), "again.minutes": np.array([0.2, 0.5]).reshape(2, 1, 1)}
    found = after_return(theta, np.array([0.0, 1.0, -2.0]))
    eta = np.array([[0.8, 1.0, 0.4], [0.1, 0.6, -0.9]])
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-eta)))
