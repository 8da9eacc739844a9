"""What the parts of the model have in common: named parameters with priors, and weights on the cells of a grid.

A part is a few array functions of its parameters and the :class:`~forecast.evidence.grid.Evidence`. Its parameters come
as a mapping from names to arrays that broadcast against the cells: scalars while a model is fitted, arrays of shape
(draws, 1, 1) when draws are carried through a forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from .arrays import Array, Integers
from .evidence.grid import Evidence
from .survival.families import Family

Parameters = Mapping[str, Array]


class Prior(NamedTuple):
    """A normal prior: weak where a parameter is well determined, a ridge where not. The fit starts at its mean."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Normal:
    """A normal distribution of all parameters together, p of them: what is known of them beforehand."""

    mean: Array  # (p,)
    precision: Array  # (p, p), the inverse of the covariance

    @classmethod
    def of(cls, priors: Mapping[str, Prior]) -> Normal:
        """Of parameters that are independent."""
        mean, sd = np.array(list(priors.values())).T
        return cls(mean, np.diag(sd**-2.0))

    @classmethod
    def flat(cls, p: int) -> Normal:
        """Nothing is known."""
        return cls(np.zeros(p), np.zeros((p, p)))

    def loss(self, vector: Array) -> tuple[float, Array]:
        """Minus the log-density, up to a constant, and its gradient."""
        error = vector - self.mean
        gradient = self.precision @ error
        return float(0.5 * error @ gradient), gradient


class Part(Protocol):
    """A factor of the weight of each cell."""

    @property
    def priors(self) -> dict[str, Prior]:
        """The parameters, in order."""
        ...

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """Logarithm of the factor, shape (n, m), with the draws in front where there are draws."""
        ...

    def scores(self, theta: Parameters, evidence: Evidence, share: Array) -> Array:
        """Derivatives of the log-likelihood of each row in the parameters, shape (n, parameters).

        ``share``, shape (n, m), is the derivative of that log-likelihood in the log weight of each cell.
        """
        ...


@dataclass(frozen=True)
class Recovery:
    """The probability that T falls into a cell, before anything is said: a distribution of one family.

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

    def scores(self, theta: Parameters, evidence: Evidence, share: Array) -> Array:
        """From the densities at the ends of the cells, each over the mass of the cell."""
        z, ratio = self._standard(theta, evidence), self._ratio(theta, evidence)
        log_survival = self.family.log_survival(z)
        log_density = np.log(ratio) + (ratio - 1.0) * log_survival + self.family.log_density(z)
        log_mass = self.log_weight(theta, evidence)
        inside = np.isfinite(log_mass)
        share, log_mass = np.where(inside, share, 0.0), np.where(inside, log_mass, 0.0)
        # The derivative of S**ratio in log ratio is S**ratio log S**ratio, negative: minus the exponent of this.
        with np.errstate(divide="ignore"):
            in_ratio = ratio * log_survival + np.log(-ratio * log_survival)
        at_low, at_high = (
            share * np.exp(log_density[:, :-1] - log_mass),
            share * np.exp(log_density[:, 1:] - log_mass),
        )
        z = np.where(np.isfinite(z), z, 0.0)  # where the density vanishes, at day 0
        location = (at_low - at_high).sum(axis=1) * np.exp(-theta["log_scale"])
        log_scale = (z[:, :-1] * at_low - z[:, 1:] * at_high).sum(axis=1)
        in_low, in_high = np.exp(in_ratio[:, :-1] - log_mass), np.exp(in_ratio[:, 1:] - log_mass)
        forward = (share * (in_high - in_low)).sum(axis=1) * evidence.forward
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

    def scores(self, theta: Parameters, evidence: Evidence, share: Array) -> Array:
        """The same without the power."""
        return np.asarray(-(evidence.log_gap * share).sum(axis=-1)[:, None])


def total(parts: Iterable[Part], theta: Parameters, evidence: Evidence) -> Array:
    """Log weight of each cell by several parts together."""
    weights = [part.log_weight(theta, evidence) for part in parts]
    return np.asarray(sum(weights[1:], start=weights[0]))


def on_rows(rows: Integers, shape: tuple[int, ...], values: Array) -> Array:
    """Zeros of the given shape (n, m), with draws in front where ``values`` has them, and ``values`` in some rows."""
    result = np.zeros(values.shape[:-2] + shape)
    result[..., rows, :] = values
    return result


def sandwich(hessian: Array, scores: Array, player: pd.Series[int], prior: Normal) -> Array:
    """Covariance of an estimate whose rows are independent between players but not within them.

    Parameters
    ----------
    hessian : ndarray, shape (p, p)
        Of minus the log-likelihood and the log-density of the prior.
    scores : ndarray, shape (n, p)
        Derivatives of the log-likelihood of each row, whose players are ``player``.
    prior : Normal
        It errs, too, by as much as it says. Were the rows independent, this would be the inverse of the Hessian.
    """
    sums, inverse = pd.DataFrame(scores).groupby(player.to_numpy()).sum().to_numpy(), np.linalg.inv(hessian)
    if len(sums) < 2:  # nothing to see how players differ: as if all rows were independent
        return np.asarray(inverse)
    # Scores at the estimate are smaller than at the truth, by as many players as it has parameters.
    between = sums.T @ sums * (len(sums) / max(len(sums) - len(hessian), 1))
    return np.asarray(inverse @ (between + prior.precision) @ inverse)


def normalised(log_weights: Array) -> Array:
    """Weights that add up to 1 over the last axis."""
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
