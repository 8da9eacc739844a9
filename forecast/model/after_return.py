"""Fixtures after the first appearance: how often the player appears in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from ..arrays import Array
from ..episodes.episodes import Episodes, first_appearances
from ..evidence.players import Players
from ..evidence.readings import traits_by_episode
from ..factors.parameters import Normal, Prior, sandwich
from ..factors.selection import AFTER_RETURN, once_back
from ..survival.logistic import ridge_logistic
from ..terms import HORIZON, WINDOW


@dataclass(frozen=True)
class FixturesAfterReturn:
    """Fixtures after the first appearance: of the next six at most, within 60 days of it.

    Attributes
    ----------
    features : ndarray, shape (n, 6)
        Of the logit, see :func:`~forecast.factors.selection.once_back`.
    appeared : ndarray, shape (n,)
        1 where he did, else 0.
    player : Series, shape (n,)
    """

    features: Array
    appeared: Array
    player: pd.Series[int]

    @classmethod
    def of(cls, episodes: Episodes) -> FixturesAfterReturn:
        """Collect those of all injuries that were followed beyond the return."""
        rows = episodes.fixtures.dropna(subset="minutes").merge(episodes.episodes, on="episode")
        since = rows.day - rows.episode.map(first_appearances(episodes.fixtures))
        rows = rows[(since > 0) & (since <= WINDOW)]
        rows = rows[rows.groupby("episode").cumcount() < HORIZON]
        known = traits_by_episode(episodes)
        traits = np.array(list(known.values()))
        himself = pd.Index(known).get_indexer(pd.Index(rows.episode))
        features = once_back(Players.of(traits).filled(traits))[himself]
        return cls(features, np.where(rows.minutes > 0, 1.0, 0.0), rows.player)

    def loss(self, beta: Array) -> tuple[float, Array]:
        """Minus the log-likelihood, and its gradient."""
        eta = self.features @ beta
        value = self.appeared @ special.log_expit(eta) + (1.0 - self.appeared) @ special.log_expit(-eta)
        return -float(value), -self.scores(beta).sum(axis=0)

    def scores(self, beta: Array) -> Array:
        """Derivatives of the log-likelihood of each fixture, shape (n, 6)."""
        return self.features * (self.appeared - special.expit(self.features @ beta))[:, None]


def fit_after_return(
    episodes: Episodes, priors: Mapping[str, Prior] = AFTER_RETURN
) -> tuple[pd.Series[float], pd.DataFrame]:
    """Logit of appearing in a fixture after the first appearance.

    Returns
    -------
    params, covariance
        Of those of ``priors``; the covariance is clustered by player.
    """
    later, prior = FixturesAfterReturn.of(episodes), Normal.of(priors)

    beta = ridge_logistic(later.features, later.appeared, np.diag(prior.precision), prior.mean)
    chance = special.expit(later.features @ beta)
    hessian = (later.features * (chance * (1.0 - chance))[:, None]).T @ later.features + prior.precision
    covariance = sandwich(hessian, later.scores(beta), later.player, prior)
    return pd.Series(beta, list(AFTER_RETURN)), pd.DataFrame(covariance, list(AFTER_RETURN), list(AFTER_RETURN))
