"""Injuries drawn from a model are such as the tables hold, and a fit to them would find the model again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import xlogy

import forecast as fc
from forecast.evidence.readings import readings_of, with_proxies
from forecast.model.joint import PRIORS, scored
from forecast.model.statements import mixture_weights


@pytest.fixture(scope="module")
def past() -> fc.Episodes:
    return fc.load_episodes().of("hamstring")


@pytest.fixture(scope="module")
def drawn(past) -> fc.Episodes:
    return fc.default_model().simulate(past, n=len(past), seed=4)


def test_they_can_be_saved_and_loaded(drawn, tmp_path):
    for name in ("episodes", "fixtures", "bulletins"):
        getattr(drawn, name).to_csv(tmp_path / f"{name}.csv", index=False)
    pd.testing.assert_frame_equal(fc.load_episodes(tmp_path).bulletins, drawn.bulletins)


def test_who_where_and_when_is_as_it_was(past, drawn):
    about = ["player", "season", "position", "onset", "minutes_before", "year_minutes"]
    pd.testing.assert_frame_equal(
        *(e.episodes[about].sort_values(about, ignore_index=True) for e in (past, drawn)), check_dtype=False
    )
    entry = [np.sort(e.durations().entry) for e in (past, drawn)]
    np.testing.assert_allclose(*entry)
    assert len(past.fixtures) == len(drawn.fixtures)
    assert past.fixtures.minutes.count() == drawn.fixtures.minutes.count()


def test_the_seed_says_what_is_drawn(past):
    model = fc.default_model()
    same, other = (model.simulate(past, n=30, seed=seed).bulletins for seed in (1, 2))
    pd.testing.assert_frame_equal(model.simulate(past, n=30, seed=1).bulletins, same)
    assert not same.equals(other)


def test_more_than_there_are_come_from_other_players(past):
    few = past.where(past.episodes.episode.isin(past.episodes.episode[:40]))
    drawn = fc.default_model().simulate(few, n=100, seed=1).episodes
    assert drawn.groupby(["position", "minutes_before", "year_minutes", "season"]).size().max() >= 3
    assert drawn.player.nunique() > 2 * few.episodes.player.nunique()


def test_none_can_be_drawn_of_none(past):
    with pytest.raises(fc.DataError, match="n: 0; must be at least 1"):
        fc.default_model().simulate(past, n=0, seed=1)


def test_what_is_read_looks_like_what_was(past, drawn):
    """Statements come in about the same shares, though nothing but the model says when: each within a third."""
    shares = [e.bulletins[e.bulletins.kind != "available"] for e in (past, drawn)]
    for by in ("kind", "chance", "last_round"):
        real, made = (said[by].value_counts(normalize=True, dropna=False).sort_index() for said in shares)
        np.testing.assert_allclose(made, real, rtol=0.34, atol=0.02)


def test_a_fit_would_find_the_model_again(drawn):
    """The derivatives of the log-likelihood at the truth are zero on average, of flags and of silence.

    For each parameter its sum over players is within four times what chance makes it.
    """
    truth = {name: float(fc.default_model().params[name]) for name in PRIORS}
    readings = with_proxies(readings_of(drawn), 1.0)
    silent = np.arange(len(readings.table)) >= len(readings_of(drawn).table)
    for rows in (silent, ~silent):
        chosen = readings.take(np.flatnonzero(rows))
        by_player = pd.DataFrame(scored(truth, chosen)[1]).groupby(chosen.table.player.to_numpy()).sum().to_numpy()
        told = np.abs(by_player).max(axis=0) > 0.0
        z = by_player.sum(axis=0)[told] / np.sqrt((by_player[:, told] ** 2).sum(axis=0))
        assert told.sum() > 15
        assert np.abs(z).max() < 4.0


def divergence(target: np.ndarray, mixture: np.ndarray) -> np.ndarray:
    return (xlogy(target, target) - xlogy(target, mixture)).sum(axis=-1)


@given(seed=st.integers(0, 10**6), parts=st.integers(1, 6))
def test_the_mixture_comes_closer_to_its_target(seed, parts):
    rng = np.random.default_rng(seed)
    target, mixed = rng.dirichlet(np.ones(7), size=3), rng.dirichlet(np.ones(7), size=(3, parts))
    start = np.full((3, parts), 1.0 / parts)
    weights = mixture_weights(target, mixed, start)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    before, after = (divergence(target, np.einsum("nj,njq->nq", w, mixed)) for w in (start, weights))
    assert (after <= before + 1e-12).all()


def test_a_mixture_of_the_parts_is_found():
    parts = np.array([[[0.9, 0.1, 0.0], [0.0, 0.2, 0.8]]])
    weights = mixture_weights(np.array([[0.27, 0.17, 0.56]]), parts, np.array([[0.5, 0.5]]))
    np.testing.assert_allclose(weights, [[0.3, 0.7]], atol=1e-6)
