"""Injuries drawn from a model are such as the tables hold, and a fit to them would find the model again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import xlogy

import forecast as fc
from forecast.episodes.relapses import returns_of
from forecast.evidence.readings import readings_of, with_proxies
from forecast.factors.selection import AFTER_RETURN
from forecast.model import relapse
from forecast.model.after_return import FixturesAfterReturn
from forecast.model.joint import PRIORS, scored
from forecast.model.statements import mixture_weights


@pytest.fixture(scope="module")
def past() -> fc.Episodes:
    return fc.load_episodes().of("hamstring")


@pytest.fixture(scope="module")
def first(model) -> fc.ReturnModel:
    """The shipped fit, but nobody is hurt again."""
    return replace(model, relapse=None)


@pytest.fixture(scope="module")
def drawn(past, first) -> fc.Episodes:
    return first.simulate(past, n=len(past), seed=4)


@pytest.fixture(scope="module")
def hurt(episodes, model) -> fc.Episodes:
    return model.simulate(episodes, n=len(episodes), seed=5)


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


def test_more_than_there_are_come_from_other_players(past, first):
    few = past.where(past.episodes.episode.isin(past.episodes.episode[:40]))
    drawn = first.simulate(few, n=100, seed=1).episodes
    assert drawn.groupby(["position", "minutes_before", "year_minutes", "season"]).size().max() >= 3
    assert drawn.player.nunique() > 2 * few.episodes.player.nunique()


def test_none_can_be_drawn_of_none(past):
    with pytest.raises(fc.DataError, match="n: 0; must be a whole number, 1 to 100000"):
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


@pytest.mark.slow
def test_so_would_a_fit_to_promised_dates(past, first):
    """In ten worlds together; a date tells, too, between which readings the flag is lifted."""
    dates, names = [name for name in PRIORS if name.startswith("date")], list(PRIORS)
    sums = []
    for seed in range(100, 110):
        readings = readings_of(first.simulate(past, n=len(past), seed=seed))
        told = pd.DataFrame(scored({n: float(first.params[n]) for n in names}, readings)[1], columns=names)[dates]
        sums.append(told.groupby(readings.table.player.to_numpy()).sum())
    by_player = pd.concat(sums)
    z = by_player.sum() / np.sqrt(np.square(by_player).sum())
    assert len(dates) == 3
    assert z.abs().max() < 2.0, z.round(1).to_dict()


def test_a_relapse_is_the_next_injury_of_the_same_player(hurt):
    injuries = hurt.episodes
    again = injuries[injuries.previous_episode.notna()]
    assert len(again) > 200
    assert (again.previous_episode == again.episode - 1).all()
    before = injuries.set_index("episode").loc[again.previous_episode]
    for same in ("player", "body_part", "position", "season", "minutes_before"):
        assert list(before[same]) == list(again[same])


def test_it_begins_in_the_match_of_the_return_or_later_while_he_is_followed(hurt):
    injuries, of = hurt.episodes.set_index("episode"), hurt.fixtures.dropna(subset="minutes").groupby("episode").day
    again = injuries[injuries.previous_episode.notna()]
    back = hurt.fixtures[hurt.fixtures.minutes > 0].groupby("episode").day.min().reindex(again.previous_episode)
    since = again.days_since_previous.to_numpy() - back.to_numpy()
    assert ((since == 0.0) == (again.onset == "match")).all()
    assert ((since >= 0.0) & (since <= 365.0)).all()
    assert (again.days_since_previous.to_numpy() < of.max().reindex(again.previous_episode).to_numpy()).all()
    assert len(returns_of(hurt).dropna(subset="out")) == len(again)


def test_who_is_out_again_plays_in_neither_table(hurt):
    """After the relapse both injuries hold the same fixtures, with the same minutes."""
    games = hurt.fixtures.groupby("episode")
    for row in hurt.episodes.dropna(subset="previous_episode").itertuples():
        earlier, later = games.get_group(row.previous_episode), games.get_group(row.episode)
        earlier = earlier[earlier.day > row.days_since_previous]
        np.testing.assert_allclose(earlier.day - row.days_since_previous, later.day)
        np.testing.assert_array_equal(earlier.minutes, later.minutes)


def test_relapses_are_as_frequent_as_the_model_says(hurt, model):
    """The derivatives of the log-likelihood at the truth are zero on average; for each parameter their sum over players
    is within four times what chance makes it. Of hamstrings, for other parts have too few relapses to tell, and not of
    the days out, which are drawn like those of any injury.
    """
    returns = returns_of(hurt)
    scores = pd.DataFrame(relapse.scored(model.relapse.params.to_numpy(), returns)[1], columns=list(relapse.PRIORS))
    told = ["match.hamstring", "rate.hamstring", "excess", "decay", "before"]
    by_player = scores.groupby(returns.player)[told].sum()
    z = by_player.sum() / np.sqrt(np.square(by_player).sum())
    assert (returns.in_match.sum() > 10) & (returns.again.sum() > 150)
    assert z.abs().max() < 4.0, z.round(1).to_dict()


def test_the_rate_after_the_return_holds_relapses(hurt, drawn, model, first):
    """It is what it was though players miss what relapses cost them: within four standard errors, as without any."""
    for episodes, truth in ((hurt, model), (drawn, first)):
        later = FixturesAfterReturn.of(episodes)
        scores = later.scores(truth.params[list(AFTER_RETURN)].to_numpy())
        by_player = pd.DataFrame(scores).groupby(later.player.to_numpy()).sum().to_numpy()
        assert np.abs(by_player.sum(axis=0) / np.sqrt((by_player**2).sum(axis=0))).max() < 4.0


def test_first_injuries_have_the_settings_of_first_ones(past, model):
    injuries = past.episodes.assign(key=past.episodes.episode)
    relapses = injuries[injuries.previous_episode.isin(injuries.episode) & (injuries.days_since_previous <= 365)]
    made = model.simulate(replace(past, episodes=injuries), n=150, seed=1).episodes
    assert len(relapses) > 150
    assert not made.key.isin(relapses.key).any()


def test_of_a_body_part_without_a_relapse_in_the_data_none_is_drawn(past, model):
    counts = model.relapse.counts.copy()
    counts.loc["hamstring", ["in_match", "later"]] = 0
    silent = replace(model, relapse=replace(model.relapse, counts=counts))
    assert silent.simulate(past, n=60, seed=1).episodes.previous_episode.isna().all()


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
