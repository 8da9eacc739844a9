"""The parameters of the factors: their names, priors, covariance and draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..arrays import Array

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
        """Build the distribution of independent parameters."""
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


@dataclass(frozen=True)
class Optimum:
    """The top of a penalised composite log-likelihood, as a fit found it.

    Attributes
    ----------
    loglik : float
        At the estimate, the prior left out.
    effective : float
        Effective number of parameters: the trace of the inverse Hessian times the covariance of the scores, by which
        the log-likelihood is too high; more than there are where rows repeat each other, as readings of one injury do.
        ``2 effective - 2 loglik`` is the information criterion of [1]_.
    decrement : float
        By how much another step of Newton's method would raise the penalised log-likelihood.

    References
    ----------
    .. [1] Varin C, Vidoni P (2005). A note on composite likelihood inference and model selection. Biometrika 92,
       519-528.
    """

    loglik: float
    effective: float
    decrement: float

    @property
    def converged(self) -> bool:
        """Whether the estimate is within a thousandth of a standard error of the top."""
        return abs(self.decrement) < 5e-7

    def __str__(self) -> str:
        ended = "converged" if self.converged else f"not converged, {self.decrement:.2g} below the top"
        return f"Composite log-likelihood {self.loglik:.1f}, {self.effective:.1f} effective parameters, {ended}."

    @classmethod
    def of(cls, loss: float, gradient: Array, hessian: Array, covariance: Array, prior: Normal, at: Array) -> Optimum:
        """Describe the point ``at`` by the penalised loss there, its derivatives, and the sandwich covariance."""
        # The sandwich is H^-1 (J + P) H^-1: of the scores between players and the precision of the prior.
        effective = np.trace(covariance @ hessian) - np.trace(np.linalg.solve(hessian, prior.precision))
        decrement = 0.5 * gradient @ np.linalg.solve(hessian, gradient)
        return cls(prior.loss(at)[0] - loss, float(effective), float(decrement))


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


def standard_normal(count: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Draws, shape (count, dimensions), in pairs of opposite sign; their mean is 0 and their covariance 1, exactly.

    What depends on all parameters nearly linearly then has the mean, the spread and the symmetry that it should have:
    fewer draws place the ends of a band as well as more free ones. Pairs are the antithetic variates of [1]_, samples
    with exact moments the "second-order exact" ones of [2]_. The draws are free where they are too few for this.

    References
    ----------
    .. [1] Hammersley, J. M., Morton, K. W. (1956). A new Monte Carlo technique: antithetic variates. Mathematical
       Proceedings of the Cambridge Philosophical Society 52(3), 449-475.
    .. [2] Pebesma, E. J., Heuvelink, G. B. M. (1999). Latin hypercube sampling of Gaussian random fields. Technometrics
       41(4), 303-312.
    """
    pairs = count // 2
    if pairs < dimensions:
        return rng.standard_normal((count, dimensions))
    half = np.linalg.qr(rng.standard_normal((pairs, dimensions)))[0] * np.sqrt(count / 2.0)
    return np.concatenate([half, -half, np.zeros((count % 2, dimensions))])


def square_root(covariance: Array) -> Array:
    """Return a square root of a covariance, which may be singular: a fit to few players leaves directions open.

    Raises
    ------
    ValueError
        If it is no covariance.
    """
    variance, axes = np.linalg.eigh(covariance)
    if not np.isfinite(covariance).all() or variance.min() < -1e-8 * variance.max():
        raise ValueError("covariance: must be symmetric, finite and without negative variance")
    return np.asarray(axes * np.sqrt(np.maximum(variance, 0.0)))


def linear(theta: Parameters, names: Sequence[str], design: Array) -> Array:
    """Return a linear combination of parameters: a row for each of the design, or for each draw where it has one row.

    ``design`` has shape (n, ..., p), the weights of the parameters ``names``; the result (n or d, ...), with a last
    axis of one where there is none.
    """
    found = (design @ np.stack([np.ravel(theta[name]) for name in names])).swapaxes(1, -1)
    return np.asarray(found.reshape(-1, *(design.shape[1:-1] or (1,))))
