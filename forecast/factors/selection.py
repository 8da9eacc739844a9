"""Selection: the probability that a fit player appears in each fixture, for he is not always picked.

His chance of being picked is a logit of how often he appeared before the injury, with an effect of its own for the
first fixture after recovery, and an effect of the player that nothing shows in advance: normal, averaged over five
nodes, so that being passed over again and again lowers what is expected of the next fixture. After his first
appearance he is picked at a rate of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..arrays import Array
from .parameters import Parameters, Prior

_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)  # Gauss-Hermite: exact for polynomials up to degree nine
_NODE_WEIGHTS = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()


@dataclass(frozen=True)
class Run:
    """Runs of 0, 1, 2, ... fixtures that a fit player missed, by node of the player's effect.

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
        return np.asarray((self.then_appeared if appeared else self.missed) @ _NODE_WEIGHTS)


@dataclass(frozen=True)
class Selection:
    """The chance of being picked until the first appearance."""

    @property
    def priors(self) -> dict[str, Prior]:
        """Log odds."""
        return {
            "picked": Prior(1.0, 5.0),
            "picked.minutes": Prior(0.0, 1.0),
            "picked.first": Prior(0.0, 1.0),
            "picked.log_spread": Prior(0.0, 1.0),
        }

    def runs(self, theta: Parameters, minutes_logit: Array, max_run: int) -> Run:
        """Probabilities of runs of up to ``max_run`` fixtures.

        Parameters
        ----------
        theta : mapping
            Scalars, or arrays of shape (draws, 1, 1).
        minutes_logit : ndarray, shape (n,)
            How much he played before the injury, as :func:`~forecast.evidence.odds_of` says.
        """
        first, usual = (logit[..., None, :] for logit in _logits(theta, minutes_logit))
        one_more = [np.ones_like(usual), special.expit(-first), np.repeat(special.expit(-usual), max_run - 1, axis=-2)]
        missed: Array = np.cumprod(np.concatenate(one_more, axis=-2), axis=-2, dtype=float)
        first, usual = special.expit(first), special.expit(usual)
        then_appeared = missed * usual
        then_appeared[..., :1, :] = first
        return Run(missed, then_appeared, first, usual)

    def first_appearances(
        self, theta: Parameters, minutes_logit: Array, by_gap: Array, missed: int
    ) -> tuple[Array, Array]:
        """Carry the probability of becoming fit forward to the first appearance, fixture by fixture.

        Parameters
        ----------
        theta : mapping
            Arrays of shape (d, 1, 1).
        minutes_logit : ndarray, shape (v,)
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
        first, usual = (special.expit(logit) for logit in _logits(theta, minutes_logit))
        waiting, returns = np.zeros_like(usual), []  # fit, and passed over at least once
        for k, newly_fit in enumerate(by_gap.T[:-1, :, None, None]):
            if k == missed:
                still_out = by_gap[:, k:].sum(axis=1)[:, None] + waiting @ _NODE_WEIGHTS
            appears = newly_fit * first + waiting * usual
            waiting += newly_fit - appears
            returns.append(appears @ _NODE_WEIGHTS)
        return np.stack(returns[missed:], axis=2), still_out

    def slopes(self, theta: Parameters, minutes_logit: Array, run: Run, appeared: bool) -> Array:
        """Derivatives of the log of :meth:`Run.probability` in the parameters, shape (n, w, 4)."""
        by_node = (run.then_appeared if appeared else run.missed) * _NODE_WEIGHTS
        by_node = by_node / by_node.sum(axis=-1, keepdims=True)
        length = np.arange(by_node.shape[1])[:, None]
        waited, again = length > 0, np.maximum(length - 1, 0)
        first = by_node * (appeared * ~waited - (appeared | waited) * run.first)
        later = by_node * (appeared * waited * (1.0 - run.usual) - again * run.usual)
        both = first + later
        total, spread = both.sum(axis=-1), np.exp(theta["picked.log_spread"]) * (both @ _NODES)
        return np.stack([total, total * minutes_logit[:, None], first.sum(axis=-1), spread], axis=-1)


def _logits(theta: Parameters, minutes_logit: Array) -> tuple[Array, Array]:
    """Return the log odds of being picked first after recovery and for a later fixture, shape (..., n, nodes)."""
    player = np.exp(theta["picked.log_spread"]) * _NODES
    usual = theta["picked"] + theta["picked.minutes"] * minutes_logit[:, None] + player
    return np.asarray(usual + theta["picked.first"]), np.asarray(usual)


AFTER_RETURN = {"again": Prior(1.0, 5.0), "again.minutes": Prior(0.0, 1.0)}


def after_return(theta: Parameters, minutes_logit: Array) -> Array:
    """Probability of appearing in a fixture after the first appearance, shape (draws, n)."""
    return np.asarray(special.expit(theta["again"] + theta["again.minutes"] * minutes_logit)[..., 0, :])
