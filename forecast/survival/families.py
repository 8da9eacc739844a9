"""The error distributions of log T: what e may be in ``log T = x'beta + sigma e``.

Each family is five functions of the standardised residual ``z``, all on the log scale so that the far
tails, where a long absence sits, keep their digits: log density, log survival, log distribution, and the
first two derivatives of the log density. Everything else about a family follows from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

from ..arrays import Array

_LOG_2PI = float(np.log(2.0 * np.pi))
_MAX_EXPONENT = 690.0  # exp() of more than this overflows
_NEARLY_NORMAL = 2e-3  # below this |shape| scipy's gamma functions lose the far tails
_MAX_DEVIATE = 1e15  # where the search for a quantile ends
_SQUARE = [2.0 / special.factorial(k) for k in range(9, 1, -1)]  # of _ratio_to_square, highest power first
_TEMME = [1 / 864, -2 / 135, 1 / 12, -1 / 3]  # of the first coefficient of Temme's expansion, highest power first


class Family(Protocol):
    """The functions that a family has to offer; ``z`` is any array of standardised residuals."""

    middle: ClassVar[float]  # intervals that begin beyond it keep more digits in the survival

    def log_density(self, z: Array) -> Array: ...  # noqa: D102 - the names say it
    def log_survival(self, z: Array) -> Array: ...  # noqa: D102 - the names say it
    def log_distribution(self, z: Array) -> Array: ...  # noqa: D102 - the names say it
    def slope(self, z: Array) -> Array: ...  # noqa: D102 - the names say it
    def curvature(self, z: Array) -> Array: ...  # noqa: D102 - the names say it
    def hazard(self, z: Array) -> tuple[Array, Array]: ...  # noqa: D102 - the names say it
    def quantile(self, log_survival: Array) -> Array: ...  # noqa: D102 - the names say it


@dataclass(frozen=True)
class LogNormal:
    """``e`` is standard normal."""

    middle: ClassVar[float] = 0.0

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

    def hazard(self, z: Array) -> tuple[Array, Array]:
        """``f(z) / P(e > z)`` and the derivative of its logarithm."""
        hazard = _normal_hazard(z)
        return hazard, hazard - z

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        return -special.ndtri_exp(log_survival)


@dataclass(frozen=True)
class LogLogistic:
    """``e`` is standard logistic."""

    middle: ClassVar[float] = 0.0

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        return -np.abs(z) - 2.0 * _beside_one(z)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        return -np.maximum(z, 0.0) - _beside_one(z)

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        return np.minimum(z, 0.0) - _beside_one(z)

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        return -np.tanh(0.5 * z)

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        return -2.0 * np.exp(self.log_density(z))

    def hazard(self, z: Array) -> tuple[Array, Array]:
        """``f(z) / P(e > z)`` and the derivative of its logarithm."""
        return special.expit(z), special.expit(-z)

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        # log(exp(-s) - 1), written so that neither end overflows
        return -log_survival + log1mexp(log_survival)


@dataclass(frozen=True)
class Weibull:
    """``e`` is the logarithm of a standard exponential (smallest extreme value)."""

    middle: ClassVar[float] = -np.inf  # exp(z), of which the survival is made, loses none

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        return z - _exp(z)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        return -_exp(z)

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        return np.where(z < -40.0, z, log1mexp(-_exp(z)))  # there exp(z) is lost beside 1

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        return 1.0 - _exp(z)

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        return -_exp(z)

    def hazard(self, z: Array) -> tuple[Array, Array]:
        """``f(z) / P(e > z)`` and the derivative of its logarithm."""
        return _exp(z), np.ones_like(z)

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        with np.errstate(divide="ignore"):  # survival 1 is at z = -inf
            return np.log(-log_survival)


@dataclass(frozen=True)
class GeneralizedGamma:
    """``e`` as in Prentice (1974): shape 0 is the log-normal, shape 1 the Weibull.

    With ``a = 1 / shape**2``, ``a exp(shape e)`` has a gamma distribution with parameter ``a``. But for a
    constant, its density is that of a standard normal at ``w``, see :meth:`_deviate`.

    References
    ----------
    Prentice RL (1974). A log gamma model and its maximum likelihood estimation. Biometrika 61, 539-544.
    """

    shape: float
    middle: ClassVar[float] = 0.0

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        return LogNormal().log_density(self._deviate(z)) - _stirling_remainder(self.shape**2)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        return self._log_tail(z, 1)

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        return self._log_tail(z, -1)

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        return -z * special.exprel(np.minimum(self.shape * z, _MAX_EXPONENT))

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        return -_exp(self.shape * z)

    def hazard(self, z: Array) -> tuple[Array, Array]:
        """``f(z) / P(e > z)`` and the derivative of its logarithm."""
        hazard = np.exp(self.log_density(z) - self.log_survival(z))
        return hazard, self.slope(z) + hazard

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value: bisection in the tail that keeps the digits."""
        certain = (log_survival == 0.0) | np.isinf(log_survival)
        if np.any(certain):
            z = self.quantile(np.where(certain, -1.0, log_survival))
            return np.where(certain, np.where(log_survival == 0.0, -np.inf, np.inf), z)
        log_distribution = log1mexp(log_survival)
        right = log_survival < log_distribution
        high = np.ones_like(log_survival)

        def above(z: Array) -> npt.NDArray[np.bool_]:
            above_z, below_z = self.log_survival(z), self.log_distribution(z)
            return np.where(right, above_z < log_survival, below_z > log_distribution)

        while np.any(outside := (high < _MAX_DEVIATE) & ~(above(high) & ~above(-high))):
            high = np.where(outside, 2.0 * high, high)
        low = -high
        for _ in range(64):
            middle = 0.5 * (low + high)
            beyond = above(middle)
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        return high

    def _deviate(self, z: Array) -> Array:
        """``w``, of the sign of ``z``, with ``w**2 / 2 = a (exp(u) - 1 - u)`` and ``u = shape z``."""
        z = np.clip(z, -_MAX_DEVIATE, _MAX_DEVIATE)
        u = np.minimum(self.shape * z, _MAX_EXPONENT)
        return z * np.sqrt(_ratio_to_square(u))

    def _log_tail(self, z: Array, side: int) -> Array:
        """Log of the tail above ``z`` (side 1) or below it (side -1)."""
        if abs(self.shape) < _NEARLY_NORMAL:
            return self._log_nearly_normal(z, side)
        return self._log_gamma(z, upper=self.shape * side > 0)

    def _log_nearly_normal(self, z: Array, side: int) -> Array:
        """Return the log of a tail for a shape near 0, by Temme's uniform expansion (DLMF 8.12.3, 8.12.4, 8.12.7)."""
        z = np.clip(z, -_MAX_DEVIATE, _MAX_DEVIATE)
        q, w = self.shape, self._deviate(z)
        eta, u = q * w, np.minimum(q * z, _MAX_EXPONENT)
        near = np.abs(eta) < 0.01
        far = np.where(near, 1.0, eta)
        c = np.where(near, np.polyval(_TEMME, eta), 1.0 / np.where(near, 1.0, special.expm1(u)) - 1.0 / far)
        # So far out that the expansion ends, all that is left of the tail is lost, too.
        return special.log_ndtr(-side * w) + np.log1p(np.maximum(side * q * c * _normal_hazard(side * w), -0.5))

    def _log_gamma(self, z: Array, upper: bool) -> Array:
        """Log of the upper or lower tail of the gamma variable at ``a exp(shape z)``."""
        a = self.shape**-2
        x = a * _exp(self.shape * z)
        tail = special.gammaincc(a, x) if upper else special.gammainc(a, x)
        with np.errstate(divide="ignore"):  # what is lost is worked out below
            log_tail = np.asarray(np.log(tail))
        lost = tail < 1e-290
        if lost.any():
            # Expansions for large and for small x, times the gamma density, which is f / (|shape| x).
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


def log_difference(family: Family, ends: Array) -> Array:
    """``log P(lower < e <= upper)`` of ends, lower and upper in shape (2, m), from the tail that keeps the digits."""
    right = ends[0] > family.middle
    if right.all():
        near, far = family.log_survival(ends)
    else:
        near, far = np.empty_like(ends)
        near[right], far[right] = family.log_survival(ends.compress(right, axis=1))
        far[~right], near[~right] = family.log_distribution(ends.compress(~right, axis=1))
    with np.errstate(divide="ignore"):  # of intervals without a width
        log_share = np.log(-np.expm1(far - near))
    result: Array = near + log_share
    return result


def _normal_hazard(z: Array) -> Array:
    """Return the hazard of a standard normal; in its far tail ``z``."""
    return np.asarray(np.sqrt(2.0 / np.pi) / special.erfcx(z / np.sqrt(2.0)))


def _beside_one(z: Array) -> Array:
    """``log(1 + exp(-|z|))``: ten times as quick as ``special.log_expit``, which takes no two numbers at a time."""
    return np.log1p(np.exp(-np.abs(z)))


def _exp(z: Array) -> Array:
    return np.exp(np.minimum(z, _MAX_EXPONENT))


def log1mexp(x: Array) -> Array:
    """``log(1 - exp(x))`` for ``x <= 0`` (Maechler 2012, with the switch at log 2)."""
    with np.errstate(divide="ignore"):  # of x = 0
        return np.where(x > -np.log(2.0), np.log(-np.expm1(x)), np.log1p(-np.exp(x)))


def _ratio_to_square(u: Array) -> Array:
    """``(exp(u) - 1 - u) / (u**2 / 2)``, which is 1 at 0."""
    near = np.abs(u) < 0.05
    far = np.where(near, 1.0, u)
    return np.where(near, np.polyval(_SQUARE, np.where(near, u, 0.0)), (special.expm1(far) - far) / (0.5 * far**2))


def _stirling_remainder(inverse: float) -> float:
    """``log Gamma(a) - (a - 1/2) log a + a - log(2 pi) / 2`` for ``a = 1 / inverse``."""
    if inverse < 1e-3:
        return inverse / 12.0 - inverse**3 / 360.0
    a = 1.0 / inverse
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
