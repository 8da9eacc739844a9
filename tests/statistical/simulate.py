"""Readings and returns made from parameters that are known, as the model says the world is.

What was known at some of the real readings is kept; what happened next is drawn: the piece of time that T lies in, with
the probability that the true parameters give it, and how many fixtures he misses then. The readings of one injury share
their luck, and those of one player some of it, so that they depend on each other as real ones do, and an interval that
forgot this would be too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.special import expit, ndtr

import forecast as fc
from forecast.evidence.readings import Readings, readings_of, with_proxies
from forecast.evidence.situation import log_odds
from forecast.factors.course import Course
from forecast.model.after_return import fit_after_return
from forecast.model.joint import PRIORS, Passage, Runs, curvature, fit_joint, objective, settle
from forecast.model.return_model import ReturnModel

DATED, OTHER = 800, 400  # readings as they were: most with a promised date, as has the case whose chances are named
SILENT = 300  # and as if nothing had been said
WITHIN_PLAYER = 0.4  # correlation of the luck of two injuries of one player
QUANTITIES = {
    "p_fit, third fixture": ("p_fit", 2),
    "p_returns, next": ("p_returns", 0),
    "p_plays, last": ("p_plays", -1),
}


@dataclass(frozen=True)
class World:
    """The truth, and what stays the same in every simulation.

    Attributes
    ----------
    model : ReturnModel
        With the true parameters and no doubt about them.
    readings : Readings
        What was known; the outcomes are those of the data and are drawn anew.
    episodes : Episodes
        The matches after the first appearance, drawn anew.
    happens : ndarray, shape (n, q + 1)
        Cumulative probability of the piece of T, or of none, given the fixtures missed by then.
    next : ndarray, shape (n, q + 1, f + 1)
        Cumulative probability of how many fixtures he misses, by the piece that holds T.
    hessian : ndarray
        Of the objective at the truth, averaged over some simulations: where a fit begins.
    """

    model: ReturnModel
    readings: Readings
    episodes: fc.Episodes
    happens: np.ndarray
    next: np.ndarray
    hessian: np.ndarray

    @classmethod
    def of(cls, model: ReturnModel, readings: Readings, episodes: fc.Episodes) -> World:
        return cls(model, readings, episodes, *chances(known(model.params), readings), np.empty(0))

    @property
    def truth(self) -> pd.Series:
        return self.model.params[list(PRIORS)]


def known(params: pd.Series) -> dict[str, np.ndarray]:
    return {str(name): np.asarray(value) for name, value in params.items()}


def make_world(seed: int = 0) -> World:
    """The shipped fit is the truth."""
    shipped, episodes = fc.default_model(), fc.load_episodes().of("hamstring")
    model = replace(shipped, covariance=0.0 * shipped.covariance, draws=1)
    world = World.of(model, _chosen(episodes, np.random.default_rng(seed)), episodes)
    top = world.truth.to_numpy()
    drawn = [draw(world, np.random.default_rng([seed, i]))[0] for i in range(3)]
    return replace(world, hessian=np.mean([curvature(objective(r), top) for r in drawn], axis=0))


def draw(world: World, rng: np.random.Generator) -> tuple[Readings, fc.Episodes]:
    """What might have happened instead. T is seen to lie between kick-offs, or in the pieces beside them."""
    table, e = world.readings.table, world.readings.evidence
    row = np.arange(len(table))
    piece = (world.happens < _luck(table, rng)[:, None]).sum(axis=1)
    misses = (world.next[row, piece] < _luck(table, rng)[:, None]).sum(axis=1)
    # He is read again after each kick-off: T is seen to lie between two of them, or at one.
    width = e.pieces.gap.shape[1]
    at = np.zeros(e.pieces.gap.shape)
    np.put_along_axis(at, e.pieces.kickoff, 1.0, axis=1)
    part = 2.0 * e.pieces.gap + at
    never = piece == width
    own = part[row, np.minimum(piece, width - 1)]
    inside = (part == own[:, None]) & ~never[:, None]
    appeared = misses < e.known
    return replace(world.readings, misses=misses, appeared=appeared, inside=inside, never=never), _again(world, rng)


def refit(world: World, readings: Readings, episodes: fc.Episodes, seed: int, draws: int = 1000) -> ReturnModel:
    """The model fitted to what happened, by its own functions; the truth is where it starts."""
    near = settle(objective(readings), world.truth.to_numpy(), world.hessian, tolerance=1e-2)
    fitted = fit_joint(readings, start=pd.Series(near, world.truth.index))
    after, covariance = fit_after_return(episodes)
    params = pd.concat([fitted.params, after])
    both = pd.DataFrame(block_diag(fitted.covariance, covariance), params.index, params.index)
    return replace(world.model, params=params, covariance=both, seed=seed, draws=draws)


def named() -> fc.Case:
    """The case whose probabilities are named."""
    return fc.example_case("bellingham")


def study(world: World, seeds: range) -> pd.DataFrame:
    """A row a simulation: estimates and standard errors of the parameters, and ``low``, ``high`` of each quantity."""
    rows = []
    for seed in seeds:
        model = refit(world, *draw(world, np.random.default_rng([1, seed])), seed)
        fixtures, se = model.forecast(named()).fixtures, np.sqrt(np.diag(model.covariance))
        row = {("estimate", name): value for name, value in model.params.items()}
        row |= {("se", name): value for name, value in zip(model.params.index, se, strict=True)}
        for name, (column, place) in QUANTITIES.items():
            at = fixtures.iloc[place]
            row |= {("low", name): at[f"{column}_low"], ("high", name): at[f"{column}_high"]}
        rows.append(row)
    table = pd.DataFrame(rows, index=list(seeds))
    return table.set_axis(pd.MultiIndex.from_tuples(table.columns), axis=1)


def coverage(world: World, found: pd.DataFrame) -> pd.Series:
    """How often the band of each quantity held the truth."""
    fixtures = world.model.forecast(named()).fixtures
    truth = pd.Series({name: fixtures.iloc[place][column] for name, (column, place) in QUANTITIES.items()})
    return ((found["low"] <= truth) & (truth <= found["high"])).mean()


def pull_of_priors(world: World) -> pd.Series:
    """How far the priors move the estimate from the truth, to first order; 0 for what is fitted without them."""
    mean, sd = np.array(list(PRIORS.values())).T
    moved = -np.linalg.solve(world.hessian, (world.truth - mean) / sd**2)
    return pd.Series(moved, world.truth.index).reindex(world.model.params.index, fill_value=0.0)


def _chosen(episodes: fc.Episodes, rng: np.random.Generator) -> Readings:
    """Some readings, with the proxies that a fit makes of others; each with an outcome of its own, and counting 1."""
    both = with_proxies(readings_of(episodes), 1.0)
    said, own = both.evidence.said, np.arange(len(both.table)) < len(readings_of(episodes).table)
    dated = own & np.isfinite(said.expected)
    sorts = ((dated, DATED), (own & ~dated, OTHER), (~own, SILENT))
    rows = [rng.choice(np.flatnonzero(sort), count, replace=False) for sort, count in sorts]
    return both.take(np.sort(np.concatenate(rows)))


def chances(theta: dict[str, np.ndarray], readings: Readings) -> tuple[np.ndarray, np.ndarray]:
    e, n = readings.evidence, len(readings.table)
    course, runs, out = Course.of(Passage.of(theta, e).hazard), Runs.of(theta, e), np.zeros(n, bool)
    so_far = np.column_stack([runs.given(e.missed, out), np.where(e.cleared, 0.0, 1.0)])
    happens = np.cumsum(np.column_stack([course.mass, course.after[:, -1]]) * so_far, axis=1)
    f = e.fixtures.shape[1]
    following = np.zeros((*so_far.shape, f + 1))
    for k in range(f):
        possible = (k >= e.missed) & (k < e.known)
        first = np.column_stack([runs.given(np.full(n, k), ~out), np.zeros(n)])
        following[:, :, k] = possible[:, None] * first / np.maximum(so_far, 1e-300)
    following[np.arange(n), :, e.known] = 1.0 - following.sum(axis=2)
    return happens / happens[:, -1:], np.cumsum(following, axis=2)


def _luck(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Uniform, the same for all readings of an injury, and correlated between the injuries of a player."""
    (player, _), (episode, _) = pd.factorize(table.player), pd.factorize(table.episode)
    of_player, of_episode = rng.standard_normal(player.max() + 1), rng.standard_normal(episode.max() + 1)
    both = np.sqrt(WITHIN_PLAYER) * of_player[player] + np.sqrt(1.0 - WITHIN_PLAYER) * of_episode[episode]
    return np.clip(ndtr(both), 1e-12, 1.0 - 1e-12)


def _again(world: World, rng: np.random.Generator) -> fc.Episodes:
    """Other appearances after the first one, correlated within a player."""
    episodes, params = world.episodes, world.model.params
    injuries = episodes.episodes.set_index("episode")
    odds = pd.Series(log_odds(injuries.minutes_before / 90.0, injuries.fixtures_before), injuries.index)
    f = episodes.fixtures
    first = f[f.minutes > 0].groupby("episode").day.min()
    later = f.minutes.notna() & (f.day > f.episode.map(first))
    player, _ = pd.factorize(f.episode.map(injuries.player))
    shared, own = rng.standard_normal(player.max() + 1)[player], rng.standard_normal(len(f))
    luck = ndtr(np.sqrt(0.2) * shared + np.sqrt(0.8) * own)
    picked = luck < expit(params["again"] + params["again.minutes"] * f.episode.map(odds))
    return replace(episodes, fixtures=f.assign(minutes=f.minutes.where(~later, np.where(picked, 90.0, 0.0))))
