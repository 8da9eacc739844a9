"""The risk of a relapse after a return, and the absence that follows one, under each draw of the parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..arrays import Array
from ..factors.posterior import Posterior

Effect = tuple[float, float, float]  # an odds ratio and its 95% interval
_WIDTH = 2.0 * 1.959964  # of a 95% interval, in standard errors
_STEPS = (np.arange(33) / 32.0) ** 2  # of the days before a fixture, fine where a relapse is fresh
_TINY = 1e-300


@dataclass(frozen=True)
class RelapseRisk:
    """The risk of a relapse of one player, under each of d draws of the parameters.

    The chance of being hurt again in the very match of the return; after it a hazard a day of
    ``rate (1 + excess exp(-t / decay))``, ``t`` days after the return. Players with an injury of the same body part in
    the year before have both raised; where that is not known it is averaged over the players of the fit.

    Attributes
    ----------
    in_match, rate : ndarray, shape (d, 2)
        Without an injury in the year before, and with one.
    excess, decay : ndarray, shape (d, 1)
    weight : ndarray, shape (2,)
        Probability of either sort of player.
    log_days, scale : ndarray, shape (d, 1)
        Of the log-logistic days from a relapse to the next appearance.
    luck : ndarray, shape (d, 1)
        Standard normal, for the doubt about a published effect.
    returns, hurt_in_match, hurt_later : int
        Past returns from an injury of the body part, and relapses seen in the very match and within a year after it.
    missed : float
        League fixtures that one relapse cost on average, as far as players were followed.
    """

    in_match: Array
    rate: Array
    excess: Array
    decay: Array
    weight: Array
    log_days: Array
    scale: Array
    luck: Array
    returns: int
    hurt_in_match: int
    hurt_later: int
    missed: float

    def by(self, days: Array) -> Array:
        """Return the probability of a relapse in the match of the return or within some days of it, shape (d, k)."""
        grown = exposure(np.asarray(days, float)[None, :], self.excess, self.decay)
        sorts = enumerate(self.weight)
        none = [w * (1.0 - self.in_match[:, [i]]) * np.exp(-self.rate[:, [i]] * grown) for i, w in sorts]
        return np.asarray(1.0 - sum(none))

    def still_out(self, days: Array) -> Array:
        """Return the probability that a player has not appeared again some days after a relapse, shape (d, k)."""
        with np.errstate(divide="ignore"):  # of no days at all
            z = (np.log(np.asarray(days, float))[None, :] - self.log_days) / self.scale
        return np.asarray(special.expit(-z))


def exposure(days: Array, excess: Array, decay: Array) -> Array:
    """Integrate ``1 + excess exp(-t / decay)`` over the days since the return."""
    return np.asarray(days - excess * decay * np.expm1(-days / decay))


def log_odds_by_session(risk: RelapseRisk, effect: Effect | None) -> Array:
    """Draw the change of the log odds of a relapse by a training session, shape (d, 1)."""
    if effect is None:
        return np.zeros_like(risk.luck)
    ratio, low, high = np.log(effect)
    return np.asarray(ratio + (high - low) / _WIDTH * risk.luck)


def shifted(p: Array, shift: Array) -> Array:
    """Move the log odds of probabilities; in odds, so that 0 and 1 stay."""
    odds = np.exp(shift)
    return np.asarray(p * odds / (1.0 - p + p * odds))


def out_again(risk: RelapseRisk, days: Array, shift: Array) -> Array:
    """Return the probability of being out by a relapse, some days after the return, shape (d, k).

    The sum over the days of the relapse, of its probability then and of an absence that still lasts. ``shift``, (d, 1),
    moves the log odds of a relapse by any day.
    """
    ago = days[:, None] * _STEPS
    by = shifted(risk.by((days[:, None] - ago).ravel()), shift).reshape(-1, *ago.shape)
    middle = 0.5 * (ago[:, 1:] + ago[:, :-1])
    lasting = risk.still_out(middle.ravel()).reshape(-1, *middle.shape)
    return np.asarray(((by[:, :, :-1] - by[:, :, 1:]) * lasting).sum(axis=2) + by[:, :, -1] * risk.still_out(days))


def appearances(risk: RelapseRisk, draws: Posterior, days: Array, shift: Array) -> Array:
    """Return the probability of appearing in each fixture, by that of the return, shape (d, k, k).

    The learned rate of appearing after the return holds relapses. It is that of the others times those not out, with
    relapses as they were learned, averaged over the chances of each return: so the mean over these, with no effect of
    sessions, is ``p_plays``.

    ``days`` are those of the fixtures, shape (k,); ``shift`` moves the log odds of a relapse, (d, k), by the return.
    """
    count = len(days)
    returns, after = draws.returns[:, :count], draws.after_return[:, :count]
    out = np.zeros((len(returns), count, count))
    lost = np.zeros_like(returns)
    for k in range(count - 1):
        since = days[k + 1 :] - days[k]
        out[:, k, k + 1 :] = learned = out_again(risk, since, np.zeros_like(risk.luck))
        lost[:, k + 1 :] += returns[:, k : k + 1] * learned
        if shift[:, k].any():
            out[:, k, k + 1 :] = out_again(risk, since, shift[:, k : k + 1])
    back = np.cumsum(returns, axis=1) - returns
    usual = np.minimum(after / (1.0 - lost / np.maximum(back, _TINY)), 1.0)
    later = np.triu(np.ones((count, count)), 1)
    return np.asarray(later * usual[:, None, :] * (1.0 - out) + np.eye(count))
