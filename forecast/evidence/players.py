"""The players of a fit, who stand for what a case does not say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array


@dataclass(frozen=True)
class Players:
    """The traits of the players of a fit, as a normal distribution: what is known of one tells of what is not.

    Attributes
    ----------
    mean : ndarray, shape (t,)
        Of :data:`~forecast.evidence.situation.TRAITS`.
    covariance : ndarray, shape (t, t)
    """

    mean: Array
    covariance: Array

    @classmethod
    def of(cls, traits: Array) -> Players:
        """Estimate it from players, shape (n, t), NaN where a trait is not known; pairs of traits that both are count.

        A trait that nobody has is 0, and tells nothing.
        """
        known = np.isfinite(traits)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, traits, 0.0).sum(axis=0) / count
        error = np.where(known, traits - mean, 0.0)
        pairs = np.maximum(known.T.astype(float) @ known, 1.0)
        variance, axes = np.linalg.eigh(error.T @ error / pairs)
        return cls(mean, np.asarray((axes * np.maximum(variance, 0.0)) @ axes.T))

    def like(self, traits: Array) -> tuple[Array, Array]:
        """Return the mean and covariance of the traits of a player, given those that are known; NaN where not."""
        known = np.isfinite(traits)
        unknown = ~known
        mean, covariance = np.where(known, traits, self.mean), np.zeros_like(self.covariance)
        among = self.covariance[np.ix_(known, known)] + 1e-3 * np.eye(int(known.sum()))
        across = self.covariance[np.ix_(unknown, known)]
        weights = np.linalg.solve(among, across.T).T
        mean[unknown] += weights @ (traits[known] - self.mean[known])
        covariance[np.ix_(unknown, unknown)] = self.covariance[np.ix_(unknown, unknown)] - weights @ across.T
        return mean, covariance

    def filled(self, traits: Array) -> Array:
        """Return traits, shape (n, t), with what is not known at its mean given the rest."""
        return traits if np.isfinite(traits).all() else np.array([self.like(row)[0] for row in traits])
