"""Readings and returns made from parameters that are known, as the model says the world is.

What was known at some of the real readings is kept; what happened next is drawn. T falls into a cell with the
probability that the true parameters give it, he is picked as they say, and later readings, a week apart, show when he
became fit. The readings of one injury share their luck, and those of one player some of it, so that they depend on each
other as real ones do, and an interval that forgot this would be too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.special import expit, ndtr

import forecast as fc
from forecast.evidence.readings import Readings, readings_of, with_proxies
from forecast.evidence.situation import minutes_logit
from forecast.factors.selection import Selection
from forecast.model.after_return import fit_after_return
from forecast.model.joint import Joint, JointFit, curvature, fit_joint, settle
from forecast.model.return_model import ReturnModel
from forecast.terms import FLAG_KINDS, NO_FLAG

FAMILY = "loglogistic"
DATED, OTHER = 800, 400  # readings as they were: most with a promised date, as has the case whose chances are named
SILENT, RULED_OUT = 200, 200  # and as if nothing, or something else, had been said
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
        One family, with the true parameters and no doubt about them.
    readings : Readings
        What was known; the outcomes are those of the data and are drawn anew.
    episodes : Episodes
        The matches after the first appearance, drawn anew.
    happens : ndarray, shape (n, m)
        Cumulative probability of T over the cells, given the fixtures missed by then.
    next : ndarray, shape (n, m, f + 1)
        Cumulative probability of how many fixtures he misses, by the cell that holds T.
    hessian : ndarray
        Of the objective at the truth, averaged over some simulations: where a fit begins.
    """

    model: ReturnModel
    readings: Readings
    episodes: fc.Episodes
    happens: np.ndarray
    next: np.ndarray
    hessian: np.ndarray

    @property
    def joint(self) -> Joint:
        return Joint(FAMILY)

    @property
    def truth(self) -> pd.Series:
        return self.model.fits[0].params[list(self.joint.priors)]


def make_world(seed: int = 0) -> World:
    """The shipped fit of one family is the truth."""
    shipped, episodes = fc.default_model(), fc.load_episodes()
    params = next(f.params for f in shipped.fits if f.family == FAMILY)
    sure = JointFit(FAMILY, params, pd.DataFrame(0.0, params.index, params.index))
    model = replace(shipped, fits=(sure,), weights=pd.Series({FAMILY: 1.0}), draws=1)
    readings = _chosen(episodes, np.random.default_rng(seed))
    happens, following = chances(params.to_dict(), readings)
    world = World(model, readings, episodes, happens, following, np.empty(0))
    top = world.truth.to_numpy()
    drawn = [draw(world, np.random.default_rng([seed, i]))[0] for i in range(3)]
    hessian = np.mean([curvature(world.joint.objective(r), top) for r in drawn], axis=0)
    return replace(world, hessian=hessian)


def draw(world: World, rng: np.random.Generator) -> tuple[Readings, fc.Episodes]:
    """What might have happened instead."""
    table, evidence = world.readings.table, world.readings.evidence
    row = np.arange(len(table))
    cell = (world.happens < _luck(table, rng)[:, None]).sum(axis=1)
    misses = (world.next[row, cell] < _luck(table, rng)[:, None]).sum(axis=1)
    appeared = misses < evidence.known
    # Later readings, once a week from a random day on, for eight weeks: T is seen to lie between two of them.
    first = rng.uniform(0.0, 7.0, len(table))[:, None]
    week = np.clip(np.ceil((evidence.high - evidence.edges[:, :1] - first) / 7.0), 0, 8)
    inside = (week == week[row, cell][:, None]).astype(float)
    return replace(world.readings, misses=misses, appeared=appeared, inside=inside), _again(world, rng)


def refit(world: World, readings: Readings, episodes: fc.Episodes, seed: int, draws: int = 1000) -> ReturnModel:
    """The model fitted to what happened, by its own functions; the truth is where it starts."""
    near = settle(world.joint.objective(readings), world.truth.to_numpy(), world.hessian, tolerance=1e-2)
    fitted = fit_joint(FAMILY, readings, start=pd.Series(near, world.truth.index))
    after, covariance = fit_after_return(episodes)
    params = pd.concat([fitted.params, after])
    both = pd.DataFrame(block_diag(fitted.covariance, covariance), params.index, params.index)
    return replace(world.model, fits=(JointFit(FAMILY, params, both),), seed=seed, draws=draws)


def named() -> fc.Case:
    """The case whose probabilities are named."""
    return fc.example_case("bellingham")


def study(world: World, seeds: range) -> pd.DataFrame:
    """A row a simulation: estimates and standard errors of the parameters, and ``low``, ``high`` of each quantity."""
    rows = []
    for seed in seeds:
        model = refit(world, *draw(world, np.random.default_rng([1, seed])), seed)
        fitted, fixtures = model.fits[0], model.forecast(named()).fixtures
        row = {("estimate", name): value for name, value in fitted.params.items()}
        row |= {
            ("se", name): se for name, se in zip(fitted.params.index, np.sqrt(np.diag(fitted.covariance)), strict=True)
        }
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
    mean, sd = np.array(list(world.joint.priors.values())).T
    moved = -np.linalg.solve(world.hessian, (world.truth - mean) / sd**2)
    return pd.Series(moved, world.truth.index).reindex(world.model.fits[0].params.index, fill_value=0.0)


def _chosen(episodes: fc.Episodes, rng: np.random.Generator) -> Readings:
    """Some readings, with the proxies that a fit makes of others; each with an outcome of its own, and counting 1."""
    both = with_proxies(readings_of(episodes), 1.0)
    said, place = both.evidence, np.arange(len(both.table))
    first_proxy = int(np.argmax((said.code == NO_FLAG) & (place > 0)))  # every reading as it was has a flag
    own, ruled_out = place < first_proxy, np.isfinite(said.until)
    dated = own & both.table.flagged & (said.code == FLAG_KINDS.index("expected"))
    sorts = ((dated, DATED), (own & ~dated, OTHER), (~own & ~ruled_out, SILENT), (ruled_out, RULED_OUT))
    rows = [rng.choice(np.flatnonzero(sort), count, replace=False) for sort, count in sorts]
    return both.take(np.sort(np.concatenate(rows)))


def chances(params: dict[str, float], readings: Readings) -> tuple[np.ndarray, np.ndarray]:
    theta, evidence = {name: np.asarray(value) for name, value in params.items()}, readings.evidence
    weights = Joint(FAMILY).weights(theta, evidence)
    width = evidence.fixtures.shape[1]
    run = Selection().runs(theta, evidence.minutes_logit, width)
    missed, appears = run.probability(appeared=False), run.probability(appeared=True)
    row = np.arange(len(weights))[:, None]

    def chance(table: np.ndarray, misses: np.ndarray, still_out: float) -> np.ndarray:
        length = misses[:, None] - evidence.gap
        return np.where(length >= 0, table[row, np.maximum(length, 0)], still_out)

    so_far = chance(missed, evidence.missed, 1.0)
    happens = np.cumsum(weights * so_far, axis=1)
    following = np.zeros((*weights.shape, width + 1))
    for k in range(width):
        possible = (k >= evidence.missed) & (k < evidence.known)
        following[:, :, k] = np.where(possible[:, None], chance(appears, np.full(len(weights), k), 0.0) / so_far, 0.0)
    following[row[:, 0], :, evidence.known] = 1.0 - following.sum(axis=2)
    return happens / happens[:, -1:], np.cumsum(following, axis=2)


def _luck(table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Uniform, the same for all readings of an injury, and correlated between the injuries of a player."""
    (player, _), (episode, _) = pd.factorize(table.player), pd.factorize(table.episode)
    of_player, of_episode = rng.standard_normal(player.max() + 1), rng.standard_normal(episode.max() + 1)
    both = np.sqrt(WITHIN_PLAYER) * of_player[player] + np.sqrt(1.0 - WITHIN_PLAYER) * of_episode[episode]
    return np.clip(ndtr(both), 1e-12, 1.0 - 1e-12)


def _again(world: World, rng: np.random.Generator) -> fc.Episodes:
    """Other appearances after the first one, correlated within a player."""
    episodes, params = world.episodes, world.model.fits[0].params
    injuries = episodes.episodes.set_index("episode")
    odds = pd.Series([minutes_logit(m, f) for m, f in zip(injuries.minutes_before, injuries.fixtures_before, strict=True)], injuries.index)  # fmt: skip
    f = episodes.fixtures
    first = f[f.minutes > 0].groupby("episode").day.min()
    later = f.minutes.notna() & (f.day > f.episode.map(first))
    player, _ = pd.factorize(f.episode.map(injuries.player))
    shared, own = rng.standard_normal(player.max() + 1)[player], rng.standard_normal(len(f))
    luck = ndtr(np.sqrt(0.2) * shared + np.sqrt(0.8) * own)
    picked = luck < expit(params["again"] + params["again.minutes"] * f.episode.map(odds))
    return replace(episodes, fixtures=f.assign(minutes=f.minutes.where(~later, np.where(picked, 90.0, 0.0))))
