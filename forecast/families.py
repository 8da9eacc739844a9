"""The error distributions of log T: what e may be in ``log T = x'beta + sigma e``.

Each family is five functions of the standardised residual ``z``, all on the log scale so that the far
tails, where a long absence sits, keep their digits: log density, log survival, log distribution, and the
first two derivatives of the log density. Everything else about a family follows from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.float64]

_LOG_2PI = float(np.log(2.0 * np.pi))
_MAX_EXPONENT = 690.0  # exp() of more than this overflows
_NORMAL_LIMIT = 1e-6  # below this |shape| the generalised gamma is the log-normal to the last digits


class Family(Protocol):
    """What a family has to offer; ``z`` is any array of standardised residuals."""

    def log_density(self, z: Array) -> Array: ...  # noqa: D102 - the names say it
    def log_survival(self, z: Array) -> Array: ...  # noqa: D102
    def log_distribution(self, z: Array) -> Array: ...  # noqa: D102
    def slope(self, z: Array) -> Array: ...  # noqa: D102
    def curvature(self, z: Array) -> Array: ...  # noqa: D102
    def quantile(self, log_survival: Array) -> Array: ...  # noqa: D102


@dataclass(frozen=True)
class LogNormal:
    """``e`` is standard normal."""

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        return -0.5 * (z * z + _LOG_2PI)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        return special.log_ndtr(-z)

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        return special.log_ndtr(z)

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        return -z

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        return np.full_like(z, -1.0)

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        return -special.ndtri_exp(log_survival)


@dataclass(frozen=True)
class LogLogistic:
    """``e`` is standard logistic."""

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        return special.log_expit(z) + special.log_expit(-z)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        return special.log_expit(-z)

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        return special.log_expit(z)

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        return -np.tanh(0.5 * z)

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        return -2.0 * np.exp(self.log_density(z))

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        # log(exp(-s) - 1), written so that neither end overflows
        return -log_survival + _log1mexp(log_survival)


@dataclass(frozen=True)
class Weibull:
    """``e`` is the logarithm of a standard exponential (smallest extreme value)."""

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        return z - _exp(z)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        return -_exp(z)

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        return _log1mexp(-_exp(z))

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        return 1.0 - _exp(z)

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        return -_exp(z)

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        with np.errstate(divide="ignore"):  # survival 1 is at z = -inf
            return np.log(-log_survival)


@dataclass(frozen=True)
class GeneralizedGamma:
    """``e`` as in Prentice (1974): shape 0 is the log-normal, shape 1 the Weibull.

    With ``a = 1 / shape**2``, ``a exp(shape e)`` has a gamma distribution with parameter ``a``.

    References
    ----------
    Prentice RL (1974). A log gamma model and its maximum likelihood estimation. Biometrika 61, 539-544.
    """

    shape: float

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        q = self.shape
        if abs(q) < _NORMAL_LIMIT:
            return LogNormal().log_density(z)
        # a (qz - exp(qz)) + a log a - log Gamma(a) loses digits as q nears 0; expm1 and Stirling's remainder do not.
        a = q**-2
        qz = np.minimum(q * z, _MAX_EXPONENT)
        return a * (qz - special.expm1(qz)) - 0.5 * _LOG_2PI - _stirling_remainder(a)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        if abs(self.shape) < _NORMAL_LIMIT:
            return LogNormal().log_survival(z)
        return self._log_tail(z, upper=self.shape > 0)

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        if abs(self.shape) < _NORMAL_LIMIT:
            return LogNormal().log_distribution(z)
        return self._log_tail(z, upper=self.shape < 0)

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        if abs(self.shape) < _NORMAL_LIMIT:
            return LogNormal().slope(z)
        return -special.expm1(np.minimum(self.shape * z, _MAX_EXPONENT)) / self.shape

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        return -_exp(self.shape * z)

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        q = self.shape
        if abs(q) < _NORMAL_LIMIT:
            return LogNormal().quantile(log_survival)
        a, survival = q**-2, np.exp(log_survival)
        inverse = special.gammainccinv if q > 0 else special.gammaincinv
        with np.errstate(divide="ignore"):
            z = np.asarray((np.log(inverse(a, survival)) - np.log(a)) / q)
        # Where exp() underflowed, the log survival is all but linear in exp(qz) or z: Newton settles it.
        far = (log_survival < -650.0) & np.isfinite(log_survival)
        if far.any():
            z[far] = self._far_quantile(log_survival[far])
        return z

    def _far_quantile(self, log_survival: Array) -> Array:
        z = self.quantile(np.full_like(log_survival, -600.0))
        for _ in range(100):
            s = self.log_survival(z)
            z = z + (s - log_survival) / np.exp(self.log_density(z) - s)
        return z

    def _log_tail(self, z: Array, upper: bool) -> Array:
        """Log of the upper or lower tail of the gamma variable at ``a exp(shape z)``."""
        a = self.shape**-2
        x = a * _exp(self.shape * z)
        tail = special.gammaincc(a, x) if upper else special.gammainc(a, x)
        with np.errstate(divide="ignore"):
            log_tail = np.asarray(np.log(tail))
        lost = tail < 1e-290
        if lost.any():
            # First terms of the expansions of Gamma(a, x) for large x and gamma(a, x) for small x (DLMF 8.11.2, 8.7.1),
            # times the density: gamma density = f / (|shape| x) in x.
            x = np.maximum(x[lost], 1e-300)
            ratio = _upper_ratio(a, x) if upper else _lower_ratio(a, x)
            log_tail[lost] = self.log_density(z[lost]) - np.log(abs(self.shape)) + ratio
        return log_tail


FAMILIES: dict[str, Family] = {
    "lognormal": LogNormal(),
    "loglogistic": LogLogistic(),
    "weibull": Weibull(),
    "gengamma": GeneralizedGamma(0.0),
}


def log_difference(family: Family, lower: Array, upper: Array) -> Array:
    """``log P(lower < e <= upper)``, from whichever tail keeps the digits."""
    result = np.empty_like(lower)
    right = lower > 0
    a, b = family.log_survival(lower[right]), family.log_survival(upper[right])
    result[right] = a + _log1mexp(b - a)
    a, b = family.log_distribution(upper[~right]), family.log_distribution(lower[~right])
    result[~right] = a + _log1mexp(b - a)
    return result


def _exp(z: Array) -> Array:
    return np.exp(np.minimum(z, _MAX_EXPONENT))


def _log1mexp(x: Array) -> Array:
    """``log(1 - exp(x))`` for ``x <= 0`` (Maechler 2012, with the switch at log 2)."""
    with np.errstate(divide="ignore"):
        return np.where(x > -np.log(2.0), np.log(-special.expm1(x)), np.log1p(-np.exp(x)))


def _stirling_remainder(a: float) -> float:
    """``log Gamma(a) - (a - 1/2) log a + a - log(2 pi) / 2``."""
    if a > 1e3:
        return 1.0 / (12.0 * a) - 1.0 / (360.0 * a**3)
    return float(special.gammaln(a) - (a - 0.5) * np.log(a) + a - 0.5 * _LOG_2PI)


def _upper_ratio(a: float, x: Array) -> Array:
    """``log(Gamma(a, x) / (x**a exp(-x)))`` for large x, by Lentz's continued fraction (DLMF 8.9.2)."""
    value = np.zeros_like(x)
    for k in range(60, 0, -1):
        value = k * (k - a) / (x + 2 * k + 1 - a - value)
    return -np.log(x + 1 - a - value)


def _lower_ratio(a: float, x: Array) -> Array:
    """``log(gamma(a, x) / (x**a exp(-x)))`` for small x, by its power series (DLMF 8.11.4)."""
    term, total = np.full_like(x, 1.0 / a), np.full_like(x, 1.0 / a)
    for k in range(1, 400):
        term = term * x / (a + k)
        total = total + term
    return np.log(total)
