"""The day of fitness without news: the recovery curve, and the pull of the fixtures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..evidence.grid import Evidence
from ..survival.families import Family
from .parameters import Parameters, Prior


@dataclass(frozen=True)
class Recovery:
    """The probability that T falls into a cell, without news: a distribution of one family.

    The curve of log-location-scale form is everybody's; the hazard of forwards is a multiple of it.
    """

    family: Family

    @property
    def priors(self) -> dict[str, Prior]:
        """Log days, and the log hazard ratio of a forward."""
        return {"location": Prior(3.0, 5.0), "log_scale": Prior(0.0, 2.0), "forward": Prior(0.0, 0.5)}

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """``log P(low < T <= high)``; minus infinity for a cell of no width."""
        log_survival = self._ratio(theta, evidence) * self.family.log_survival(self._standard(theta, evidence))
        with np.errstate(divide="ignore"):
            log_share = np.log(-np.expm1(np.minimum(np.diff(log_survival), 0.0)))
        return np.asarray(log_survival[..., :-1] + log_share)

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Return the derivatives in location, scale and hazard ratio, from the densities at the ends of the cells."""
        z, ratio = self._standard(theta, evidence), self._ratio(theta, evidence)
        log_survival = self.family.log_survival(z)
        log_density = np.log(ratio) + (ratio - 1.0) * log_survival + self.family.log_density(z)
        log_mass = self.log_weight(theta, evidence)
        inside = np.isfinite(log_mass)
        slope, log_mass = np.where(inside, slope, 0.0), np.where(inside, log_mass, 0.0)
        # The derivative of S**ratio in log ratio is S**ratio log S**ratio, negative: minus the exponent of this.
        with np.errstate(divide="ignore"):
            in_ratio = ratio * log_survival + np.log(-ratio * log_survival)
        at_low, at_high = (
            slope * np.exp(log_density[:, :-1] - log_mass),
            slope * np.exp(log_density[:, 1:] - log_mass),
        )
        z = np.where(np.isfinite(z), z, 0.0)  # where the density vanishes, at day 0
        location = (at_low - at_high).sum(axis=1) * np.exp(-theta["log_scale"])
        log_scale = (z[:, :-1] * at_low - z[:, 1:] * at_high).sum(axis=1)
        in_low, in_high = np.exp(in_ratio[:, :-1] - log_mass), np.exp(in_ratio[:, 1:] - log_mass)
        forward = (slope * (in_high - in_low)).sum(axis=1) * evidence.forward
        return np.stack([location, log_scale, forward], axis=-1)

    def _ratio(self, theta: Parameters, evidence: Evidence) -> Array:
        """Hazard ratio: survival is raised to this power."""
        return np.asarray(np.exp(theta["forward"] * evidence.forward[:, None]))

    def _standard(self, theta: Parameters, evidence: Evidence) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(evidence.edges) - theta["location"]) * np.exp(-theta["log_scale"]))


@dataclass(frozen=True)
class Pull:
    """The pull of the fixtures: weeks without one see fewer players fit a day than weeks with two.

    The weight of a day is divided by a power of the length of the gap between fixtures it lies in: 0 leaves the
    days as they are, 1 gives every gap the same weight, however long. Clubs aim at fixtures, and a player who is
    ready in an empty week stays flagged until it matters.
    """

    @property
    def priors(self) -> dict[str, Prior]:
        """The power."""
        return {"pull": Prior(0.0, 1.0)}

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """Minus the power times the log of the length of the gap."""
        return -theta["pull"] * evidence.log_gap

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Return the derivative of each row's log-likelihood in ``pull``."""
        return np.asarray(-(evidence.log_gap * slope).sum(axis=-1)[:, None])
