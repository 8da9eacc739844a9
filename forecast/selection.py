"""A fit player is not always picked: how likely he is to appear in each fixture once he is fit.

His chance of being picked is a logit of how often he appeared before the injury, with an effect of its own for the
first fixture after recovery, and an effect of the player that nothing shows in advance: normal, averaged over five
nodes, so that being passed over again and again lowers what is expected of the next fixture. After his first
appearance he is picked at a rate of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy  # and its optimize only when something is fitted: it takes as long to load as this package
from scipy import special

from .arrays import Array
from .episodes.episodes import Episodes
from .evidence.situation import minutes_logit
from .parts import Normal, Parameters, Prior, sandwich
from .terms import HORIZON, WINDOW

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)  # Gauss-Hermite: exact for polynomials up to degree nine
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class Run:
    """Runs of 0, 1, 2, ... fixtures that he was fit for and missed, by node of the player's effect.

    Attributes
    ----------
    missed, then_appeared : ndarray, shape (..., w, nodes)
        Probability of missing so many, and of missing so many and appearing in the next.
    first, usual : ndarray, shape (..., 1, nodes)
        Probability of being picked for the first fixture after recovery, and for a later one.
    """

    missed: Array
    then_appeared: Array
    first: Array
    usual: Array

    def probability(self, appeared: bool) -> Array:
        """Averaged over the nodes, shape (..., w)."""
        return np.asarray((self.then_appeared if appeared else self.missed) @ _WEIGHTS)


@dataclass(frozen=True)
class Selection:
    """The chance of being picked until he first appears."""

    @property
    def priors(self) -> dict[str, Prior]:
        """Log odds."""
        return {
            "picked": Prior(1.0, 5.0),
            "picked.minutes": Prior(0.0, 1.0),
            "picked.first": Prior(0.0, 1.0),
            "picked.log_spread": Prior(0.0, 1.0),
        }

    def runs(self, theta: Parameters, odds: Array, longest: int) -> Run:
        """Probabilities of runs of up to ``longest`` fixtures.

        Parameters
        ----------
        theta : mapping
            Scalars, or arrays of shape (draws, 1, 1).
        odds : ndarray, shape (n,)
            How much he played before the injury, as :func:`~forecast.evidence.odds_of` says.
        """
        first, usual = (logit[..., None, :] for logit in _logits(theta, odds))
        one_more = [np.ones_like(usual), special.expit(-first), np.repeat(special.expit(-usual), longest - 1, axis=-2)]
        missed: Array = np.cumprod(np.concatenate(one_more, axis=-2), axis=-2, dtype=float)
        first, usual = special.expit(first), special.expit(usual)
        then_appeared = missed * usual
        then_appeared[..., :1, :] = first
        return Run(missed, then_appeared, first, usual)

    def first_appearances(self, theta: Parameters, odds: Array, by_gap: Array, missed: int) -> tuple[Array, Array]:
        """From when he is fit to when he first appears, fixture by fixture.

        Parameters
        ----------
        theta : mapping
            Arrays of shape (d, 1, 1).
        odds : ndarray, shape (v,)
            As in :meth:`runs`, of several sorts of player.
        by_gap : ndarray, shape (d, f + 1)
            Probability that he becomes fit in the gap before each fixture, or after the last.
        missed : int
            How many of the fixtures, the first ones, he is known to have missed.

        Returns
        -------
        returns : ndarray, shape (d, v, f - missed)
            Probability of missing those and of appearing first in each later one.
        still_out : ndarray, shape (d, v)
            Probability of missing those.
        """
        first, usual = (special.expit(logit) for logit in _logits(theta, odds))
        waiting, returns = np.zeros_like(usual), []  # fit, and passed over at least once
        for k, newly_fit in enumerate(by_gap.T[:-1, :, None, None]):
            if k == missed:
                still_out = by_gap[:, k:].sum(axis=1)[:, None] + waiting @ _WEIGHTS
            appears = newly_fit * first + waiting * usual
            waiting += newly_fit - appears
            returns.append(appears @ _WEIGHTS)
        return np.stack(returns[missed:], axis=2), still_out

    def slopes(self, theta: Parameters, odds: Array, run: Run, appeared: bool) -> Array:
        """Derivatives of the log of :meth:`Run.probability` in the parameters, shape (n, w, 4)."""
        by_node = (run.then_appeared if appeared else run.missed) * _WEIGHTS
        by_node = by_node / by_node.sum(axis=-1, keepdims=True)
        length = np.arange(by_node.shape[1])[:, None]
        waited, again = length > 0, np.maximum(length - 1, 0)
        first = by_node * (appeared * ~waited - (appeared | waited) * run.first)
        later = by_node * (appeared * waited * (1.0 - run.usual) - again * run.usual)
        both = first + later
        total, spread = both.sum(axis=-1), np.exp(theta["picked.log_spread"]) * (both @ _NODES)
        return np.stack([total, total * odds[:, None], first.sum(axis=-1), spread], axis=-1)


def _logits(theta: Parameters, odds: Array) -> tuple[Array, Array]:
    """Of being picked for the first fixture after recovery and for a later one, shape (..., n, nodes)."""
    usual = theta["picked"] + theta["picked.minutes"] * odds[:, None] + np.exp(theta["picked.log_spread"]) * _NODES
    return np.asarray(usual + theta["picked.first"]), np.asarray(usual)


AGAIN = {"again": Prior(1.0, 5.0), "again.minutes": Prior(0.0, 1.0)}


def again(theta: Parameters, odds: Array) -> Array:
    """Probability of appearing in a fixture after the first appearance, shape (draws, n)."""
    return np.asarray(special.expit(theta["again"] + theta["again.minutes"] * odds)[..., 0, :])


@dataclass(frozen=True)
class Later:
    """Fixtures after the first appearance: of the next six at most, within 60 days of it.

    Attributes
    ----------
    features : ndarray, shape (n, 2)
        Of the logit.
    appeared : ndarray, shape (n,)
        1 where he did, else 0.
    player : Series, shape (n,)
    """

    features: Array
    appeared: Array
    player: pd.Series[int]

    @classmethod
    def of(cls, episodes: Episodes) -> Later:
        """Of all injuries that were followed beyond the return."""
        rows = episodes.fixtures.dropna(subset="minutes").merge(episodes.episodes, on="episode")
        first = rows[rows.minutes > 0].groupby("episode").day.min()
        since = rows.day - rows.episode.map(first)
        rows = rows[(since > 0) & (since <= WINDOW)]
        rows = rows[rows.groupby("episode").cumcount() < HORIZON]
        odds = [minutes_logit(m, f) for m, f in zip(rows.minutes_before, rows.fixtures_before, strict=True)]
        return cls(np.column_stack([np.ones(len(rows)), odds]), np.where(rows.minutes > 0, 1.0, 0.0), rows.player)

    def loss(self, beta: Array) -> tuple[float, Array]:
        """Minus the log-likelihood, and its gradient."""
        eta = self.features @ beta
        value = self.appeared @ special.log_expit(eta) + (1.0 - self.appeared) @ special.log_expit(-eta)
        return -float(value), -self.scores(beta).sum(axis=0)

    def scores(self, beta: Array) -> Array:
        """Derivatives of the log-likelihood of each fixture, shape (n, 2)."""
        return self.features * (self.appeared - special.expit(self.features @ beta))[:, None]


def fit_again(episodes: Episodes) -> tuple[pd.Series[float], pd.DataFrame]:
    """Logit of appearing in a fixture after the first appearance.

    Returns
    -------
    params, covariance
        Of ``again`` and ``again.minutes``; the covariance is clustered by player.
    """
    later, prior = Later.of(episodes), Normal.of(AGAIN)

    def loss(beta: Array) -> tuple[float, Array]:
        (penalty, slope), (value, gradient) = prior.loss(beta), later.loss(beta)
        return penalty + value, slope + gradient

    beta = scipy.optimize.minimize(loss, prior.mean, jac=True, method="BFGS").x
    chance = special.expit(later.features @ beta)
    hessian = (later.features * (chance * (1.0 - chance))[:, None]).T @ later.features + prior.precision
    covariance = sandwich(hessian, later.scores(beta), later.player, prior)
    return pd.Series(beta, list(AGAIN)), pd.DataFrame(covariance, list(AGAIN), list(AGAIN))
