import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import forecast as fc
from derivatives import gradient
from forecast.evidence.players import Players
from forecast.evidence.readings import traits_by_episode
from forecast.evidence.situation import TRAITS
from forecast.factors.selection import AFTER_RETURN, SCOPE_ONCE_BACK, Selection, after_return, first_appearances
from forecast.model.after_return import fit_after_return
from learned import LEARNED
from plain import run
from plain import sandwich as plain_sandwich
from strategies import parameters

PRIORS = Selection().priors
AROUND = {name: (LEARNED[name], prior.sd) for name, prior in PRIORS.items()}
scores = st.lists(st.floats(-2.5, 3.8), min_size=1, max_size=3)


def probabilities(theta: dict, score: list[float], longest: int, appeared: bool) -> np.ndarray:
    return Selection().runs(theta, np.array(score)[:, None], longest).probability(appeared)


@given(theta=parameters(AROUND), score=scores)
@settings(max_examples=30)
def test_runs_against_a_plain_loop(theta, score):
    for appeared in (False, True):
        found = probabilities(theta, score, 6, appeared)
        assert found.shape == (len(score), 7)
        for i, s in enumerate(score):
            np.testing.assert_allclose(found[i], [run(theta, s, k, appeared) for k in range(7)], rtol=1e-9)


@given(theta=parameters(AROUND), score=scores)
def test_every_run_ends_or_goes_on(theta, score):
    missed, then_appeared = (probabilities(theta, score, 8, appeared) for appeared in (False, True))
    np.testing.assert_allclose(missed[:, 0], 1.0)
    np.testing.assert_allclose(then_appeared[:, :-1], -np.diff(missed), atol=1e-12)
    assert ((missed >= 0) & (missed <= 1)).all()


@given(theta=parameters(AROUND), score=scores)
def test_slopes(theta, score):
    names = {"score": 0.0, "picked.log_spread": theta["picked.log_spread"]}
    run = Selection().runs(theta, np.array(score)[:, None], 6)
    for appeared in (False, True):
        found = Selection().slopes(theta, run, appeared)
        wanted = gradient(
            lambda t, appeared=appeared: probabilities(theta | t, [s + t["score"] for s in score], 6, appeared), names
        )
        np.testing.assert_allclose(found, wanted, atol=1e-8, rtol=1e-6)


@given(theta=parameters(AROUND), score=scores)
def test_who_was_passed_over_is_less_likely_to_be_picked_next(theta, score):
    missed, then_appeared = (probabilities(theta, score, 8, appeared) for appeared in (False, True))
    assert (np.diff(then_appeared / missed) <= 1e-12).all()


def test_the_score_is_linear_in_who_he_is():
    traits, part = np.random.default_rng(0).normal(size=(2, len(TRAITS))), np.eye(5)[[1, 3]]
    wanted = [
        LEARNED["picked"]
        + sum(LEARNED[f"picked.{name}"] * row[k] for k, name in enumerate(TRAITS[:-1]))  # all but the appearances
        + LEARNED[f"picked.{name_of_part}"]
        for row, name_of_part in zip(traits, ("thigh", "groin"), strict=True)
    ]
    np.testing.assert_allclose(Selection().score(LEARNED, traits, part)[:, 0], wanted)
    found = Selection().scores(traits, part, np.ones(2), np.zeros(2))
    wanted = gradient(lambda t: Selection().score(t, traits, part)[:, 0], {name: LEARNED[name] for name in PRIORS})
    np.testing.assert_allclose(found, wanted, atol=1e-9)


def test_what_is_not_known_of_him_spreads_the_score():
    rng = np.random.default_rng(1)
    root = rng.normal(size=(len(TRAITS), len(TRAITS)))
    draws = rng.multivariate_normal(np.zeros(len(TRAITS)), root @ root.T, 200_000)
    spread = Selection().score(LEARNED, draws, np.zeros((len(draws), 5))).var()
    assert Selection().variance(LEARNED, root @ root.T)[0, 0] == pytest.approx(spread, rel=0.02)


@given(theta=parameters(AROUND), score=st.floats(-2.0, 3.0), missed=st.integers(0, 3), seed=st.integers(0, 99))
def test_first_appearances_against_a_plain_loop(theta, score, missed, seed):
    """The sum over when he became fit of the chance of the run that follows."""
    masses = np.random.default_rng(seed).dirichlet(np.ones(11))
    by_gap, atoms = masses[:6], masses[6:]  # five fixtures, and after the last
    one = {name: np.array([[value]]) for name, value in theta.items()}
    of_him = Selection().runs(one, np.array([[score]]), 5)
    returns, out = first_appearances(of_him, by_gap[None], atoms[None], missed)
    runs = [[run(theta, score, k, appears) for k in range(6)] for appears in (False, True)]
    for k in range(missed, 5):
        wanted = atoms[k] + sum(by_gap[g] * runs[True][k - g] for g in range(k + 1))
        assert returns[0, k - missed] == pytest.approx(wanted)
    still_out = sum(atoms[missed:]) + sum(by_gap[missed:])
    assert out[0] == pytest.approx(still_out + sum(by_gap[g] * runs[False][missed - g] for g in range(missed)))


# ------------------------------------------------------------------------------------------ after the first appearance


def after_first(episodes: fc.Episodes) -> pd.DataFrame:
    """Traits, appeared, player of each fixture among the six after his first, within 60 days of it."""
    rows, games = [], dict(list(episodes.fixtures.dropna(subset="minutes").groupby("episode")))
    known = traits_by_episode(episodes)
    players = Players.of(np.array(list(known.values())))
    for e in episodes.episodes.itertuples():
        if e.episode not in games:
            continue
        f = games[e.episode]
        first = f.day[f.minutes > 0].min()
        later = f[(f.day > first) & (f.day <= first + 60.0)].head(6)
        himself = players.like(known[e.episode])[0][:5]
        rows += [(*himself, m > 0, e.player) for m in later.minutes]
    return pd.DataFrame(rows, columns=[*TRAITS[:5], "appeared", "player"])


def test_fit_again_is_the_posterior_mode_with_its_sandwich(episodes):
    params, covariance = fit_after_return(episodes)
    rows = after_first(episodes)
    x = np.column_stack([np.ones(len(rows)), rows[[*TRAITS[:5]]]])
    mean, sd = np.array(list(AFTER_RETURN.values())).T
    y = np.where(rows.appeared, 1.0, -1.0)

    def loss(beta):
        return np.logaddexp(0.0, -y * (x @ beta)).sum() + 0.5 * (((beta - mean) / sd) ** 2).sum()

    best = minimize(loss, np.zeros(6), options={"gtol": 1e-6}).x
    np.testing.assert_allclose(params, best, atol=1e-5)
    p = 1 / (1 + np.exp(-(x @ best)))
    hessian = (x.T * (p * (1 - p))) @ x + np.diag(1 / sd**2)
    wanted = plain_sandwich(hessian, x * (rows.appeared - p).to_numpy()[:, None], rows.player.to_numpy(), sd)
    np.testing.assert_allclose(covariance, wanted, rtol=1e-3)
    assert list(params.index) == list(covariance.index) == list(covariance.columns) == list(AFTER_RETURN)


def test_again_is_a_logit_of_the_traits_less_in_cups():
    given = {"again": (0.8, 0.1), "again.minutes": (0.2, 0.5), "again.year": (0.0, 0.1), "again.defender": (-0.4, 0.0)}
    theta = {name: np.reshape(given.get(name, (0.0, 0.0)), (2, 1)) for name in AFTER_RETURN}
    found = after_return(theta, np.array([[-2.0, 3.0, 0.0, 1.0, 0.0]]), np.array([0.0, 1.0, 2.0]))
    eta = np.array([[0.0], [-0.6]]) + SCOPE_ONCE_BACK
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-eta)))
