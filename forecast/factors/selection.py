"""Selection: the probability that a fit player appears in each fixture, for he is not always picked.

The log odds that he is picked go with who he is: how much he played before, his position, what a fantasy game asks for
him and how many of its managers own him. What nothing shows in advance of a player has an effect, too: normal, averaged
over five nodes, so that being passed over again and again lowers what is expected of the next fixture. After his first
appearance he is picked at a rate of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import special

from ..arrays import Array
from ..terms import BODY_PARTS
from .covariates import SELECTION, Columns, columns_of, effect
from .parameters import Parameters, Prior, linear

_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)  # Gauss-Hermite: exact for polynomials up to degree nine
_NODE_WEIGHTS = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()
_TRAITS = ("minutes", "year", "goalkeeper", "defender", "forward", "price", "owned")  # those of TRAITS that count
_SCORE = ("picked", *(f"picked.{name}" for name in (*_TRAITS, *BODY_PARTS)))
# Log odds of being picked once he is back, less in Europe and in a domestic cup: healthy regulars play 96% of league,
# 88% of European and 47% of domestic cup matches. Stated, from the official feed, August to December 2025.
SCOPE_ONCE_BACK = np.array([0.0, -1.2, -3.3])


@dataclass(frozen=True)
class Run:
    """Runs of 0, 1, 2, ... fixtures that a fit player missed, by node of the player's effect.

    Attributes
    ----------
    missed, then_appeared : ndarray, shape (n, w, nodes)
        Probability of missing so many, and of missing so many and appearing in the next.
    picked : ndarray, shape (n, 1, nodes)
        Probability of being picked for a fixture.
    """

    missed: Array
    then_appeared: Array
    picked: Array

    def probability(self, appeared: bool) -> Array:
        """Averaged over the nodes, shape (n, w)."""
        return np.asarray((self.then_appeared if appeared else self.missed) @ _NODE_WEIGHTS)


@dataclass(frozen=True)
class Selection:
    """The chance of being picked until the first appearance."""

    @property
    def priors(self) -> dict[str, Prior]:
        """Log odds, and the log spread of what does not show of a player."""
        score = {name: Prior(0.0, 0.5) for name in _SCORE}
        return score | {
            "picked": Prior(1.0, 5.0),
            "picked.log_spread": Prior(0.0, 1.0),
        }

    def score(self, theta: Parameters, traits: Array, part: Array, covariates: Columns = MappingProxyType({})) -> Array:
        """Return the log odds of being picked for a usual fixture, by who the player is, shape (n, 1)."""
        score, added = linear(theta, _SCORE, _design(traits, part)), effect(theta, covariates, SELECTION)
        return score if added is None else score + added

    def variance(self, theta: Parameters, spread: Array) -> Array:
        """Return the variance of the score by what is not known of the traits, whose covariance is given; (d, 1)."""
        weights = np.stack([np.ravel(theta[name]) for name in _SCORE[1 : len(_TRAITS) + 1]], axis=-1)
        known = spread[: len(_TRAITS), : len(_TRAITS)]
        return np.asarray(np.maximum((weights @ known * weights).sum(axis=1, keepdims=True), 0.0))

    def runs(self, theta: Parameters, score: Array, max_run: int, variance: Array | float = 0.0) -> Run:
        """Probabilities of runs of up to ``max_run`` fixtures, by the log odds that :meth:`score` gives.

        ``variance`` is that of the log odds by what is not known of the player.
        """
        spread = np.sqrt(_value(theta, "picked.log_spread") ** 2 + variance)
        picked = special.expit(score + spread * _NODES)[:, None, :]
        passed_over = np.repeat(1.0 - picked, max_run, axis=1)
        missed = np.cumprod(np.concatenate([np.ones_like(picked), passed_over], axis=1), axis=1)
        return Run(missed, missed * picked, picked)

    def slopes(self, theta: Parameters, run: Run, appeared: bool) -> Array:
        """Derivatives of :meth:`Run.probability` in the score and in the log spread, shape (n, w, 2)."""
        by_node = (run.then_appeared if appeared else run.missed) * _NODE_WEIGHTS
        length = np.arange(by_node.shape[1])[:, None]
        by_node = by_node * (appeared * (1.0 - run.picked) - length * run.picked)
        spread = float(np.exp(theta["picked.log_spread"])) * (by_node @ _NODES)
        return np.stack([by_node.sum(axis=-1), spread], axis=-1)

    def scores(
        self,
        traits: Array,
        part: Array,
        in_score: Array,
        in_spread: Array,
        covariates: Columns = MappingProxyType({}),
    ) -> Array:
        """Return the derivatives in the parameters, in the order of the priors, then in the covariates."""
        known, columns = _design(traits, part), columns_of(covariates, SELECTION, len(in_score))
        return np.column_stack([in_score[:, None] * known, in_spread, in_score[:, None] * columns])


def first_appearances(run: Run, by_gap: Array, atoms: Array, missed: int) -> tuple[Array, Array]:
    """Turn the probability of becoming fit into that of the first appearance, fixture by fixture.

    Parameters
    ----------
    run : Run
        Of up to f fixtures, for d draws.
    by_gap : ndarray, shape (d, f + 1)
        Probability that he becomes fit in the gap before each fixture, or after the last.
    atoms : ndarray, shape (d, f)
        Probability that he appears in each fixture with the flag still standing.
    missed : int
        How many of the fixtures, the first ones, he is known to have missed.

    Returns
    -------
    returns : ndarray, shape (d, f - missed)
        Probability that he misses those and appears first in each later one.
    out : ndarray, shape (d,)
        Probability that he misses those.
    """
    f, (newly_fit, returns) = atoms.shape[1], (values.T.copy() for values in (by_gap, atoms))
    for length, appears in enumerate(run.probability(True).T[:f]):
        returns[length:] += newly_fit[: f - length] * appears
    waiting = newly_fit[:missed] * run.probability(False).T[missed:0:-1]
    out = waiting.sum(axis=0) + newly_fit[missed:].sum(axis=0) + atoms[:, missed:].sum(axis=1)
    return returns[missed:].T, out


def _design(traits: Array, part: Array) -> Array:
    return np.column_stack([np.ones(len(traits)), traits[:, : len(_TRAITS)], part])


def _value(theta: Parameters, name: str) -> Array:
    """Return the exponential of a parameter as a column."""
    return np.reshape(np.exp(theta[name]), (-1, 1))


_TRAITS_ONCE_BACK = ("minutes", "year", "goalkeeper", "defender", "forward")  # price and ownership earned nothing
AFTER_RETURN = {"again": Prior(1.0, 5.0), **{f"again.{name}": Prior(0.0, 0.5) for name in _TRAITS_ONCE_BACK}}


def after_return(theta: Parameters, traits: Array, scope: Array) -> Array:
    """Probability of appearing in each fixture after the first appearance, a row for each of ``traits`` or each draw.

    ``scope`` says which fixtures are of a league, shape (f,).
    """
    odds = linear(theta, tuple(AFTER_RETURN), once_back(traits))
    return np.asarray(special.expit(odds + SCOPE_ONCE_BACK[scope.astype(int)]))


def once_back(traits: Array) -> Array:
    """Return what the parameters of :func:`after_return` multiply, a row a player."""
    return np.column_stack([np.ones(len(traits)), traits[:, : len(_TRAITS_ONCE_BACK)]])
