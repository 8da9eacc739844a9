"""Recovery: how the days until a player is fit are spread where nothing was said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..arrays import Array
from ..evidence.grid import Evidence
from ..terms import BODY_PARTS
from .covariates import RECOVERY, columns_of, effect
from .parameters import Parameters, Prior, linear

_LOCATION = ("location", *(f"location.{part}" for part in BODY_PARTS))
_LOG_SCALE = ("log_scale", *(f"log_scale.{part}" for part in BODY_PARTS))


@dataclass(frozen=True)
class Recovery:
    """A log-logistic curve of the days; each body part has a shift of its own, of location and of log scale."""

    @property
    def priors(self) -> dict[str, Prior]:
        """Log days."""
        location = dict(zip(_LOCATION, [Prior(3.0, 5.0), *[Prior(0.0, 0.5)] * len(BODY_PARTS)], strict=True))
        scale = dict(zip(_LOG_SCALE, [Prior(0.0, 2.0), *[Prior(0.0, 0.3)] * len(BODY_PARTS)], strict=True))
        return location | scale

    def survival(self, theta: Parameters, evidence: Evidence) -> Array:
        """Return the probability that T lies beyond each end of a cell, given that it does the first, (n, m + 1)."""
        z, _ = self._standard(theta, evidence)
        # Survival is 1 / (1 + e^z). It is divided by that at the first edge before either is too small a number.
        log_first = -np.logaddexp(0.0, z[:, :1])
        z += log_first
        with np.errstate(over="ignore"):  # where nothing is left
            odds = np.exp(z, out=z)
        odds += np.exp(log_first)
        left, added = np.divide(1.0, odds, out=odds), effect(theta, evidence.covariates, RECOVERY)
        return left if added is None else np.asarray(left ** np.exp(added))

    def cumulative(self, theta: Parameters, part: Array, days: Array) -> Array:
        """Return the cumulative hazard at some days since onset, shape (d, k), of the one body part of ``part``."""
        design = np.column_stack([np.ones(len(part)), part])
        location, scale = linear(theta, _LOCATION, design), np.exp(linear(theta, _LOG_SCALE, design))
        with np.errstate(divide="ignore"):  # of the onset itself
            return np.logaddexp(0.0, (np.log(days) - location) / scale)

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Return the derivatives in the parameters; ``slope`` is that in the log probability of each cell."""
        z, scale = self._standard(theta, evidence)
        left, added = self.survival(theta, evidence), effect(theta, evidence.covariates, RECOVERY)
        ratio = 1.0 if added is None else np.exp(added)
        inner = slope[:, :-1] * left[:, 1:] / np.maximum(left[:, :-1] - left[:, 1:], 1e-300)

        def moved(by: Array) -> Array:  # by how much the cumulative hazard at each edge moves
            change = ratio * (by - by[:, :1])
            return np.asarray((np.diff(change, axis=1) * inner).sum(axis=1) - (change * slope).sum(axis=1))

        # The cumulative hazard is log(1 + e^z), whose derivative is expit(z).
        share, design = special.expit(z), _design(evidence)
        location, log_scale = moved(-share / scale), moved(-share * np.where(np.isfinite(z), z, 0.0))
        scores = [location[:, None] * design, log_scale[:, None] * design]
        if added is not None:
            scores.append(moved(np.logaddexp(0.0, z))[:, None] * columns_of(evidence.covariates, RECOVERY, len(z)))
        return np.column_stack(scores)

    def _standard(self, theta: Parameters, evidence: Evidence) -> tuple[Array, Array]:
        design = _design(evidence)
        scale = np.exp(linear(theta, _LOG_SCALE, design))
        with np.errstate(divide="ignore"):  # of the onset itself
            z = np.log(evidence.edges) - linear(theta, _LOCATION, design)
        z /= scale
        return z, scale


def _design(evidence: Evidence) -> Array:
    return np.column_stack([np.ones(len(evidence.part)), evidence.part])
