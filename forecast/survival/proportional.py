"""A family of curves whose hazard is that of another one times a constant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..arrays import Array
from .families import Family, log1mexp


@dataclass(frozen=True)
class Proportional:
    """``e`` has the hazard of another family times a constant, so that its survival is a power of that one's."""

    base: Family
    ratio: float
    middle: ClassVar[float] = -np.inf  # the power of the survival keeps the digits

    def log_density(self, z: Array) -> Array:
        """``log f(z)``."""
        shift = (self.ratio - 1.0) * self.base.log_survival(z) + np.log(self.ratio)
        return np.asarray(self.base.log_density(z) + shift)

    def log_survival(self, z: Array) -> Array:
        """``log P(e > z)``."""
        return np.asarray(self.ratio * self.base.log_survival(z))

    def log_distribution(self, z: Array) -> Array:
        """``log P(e <= z)``."""
        return log1mexp(self.log_survival(z))

    def slope(self, z: Array) -> Array:
        """First derivative of ``log f``."""
        return np.asarray(self.base.slope(z) - (self.ratio - 1.0) * self.base.hazard(z)[0])

    def curvature(self, z: Array) -> Array:
        """Second derivative of ``log f``."""
        hazard, slope = self.base.hazard(z)
        return np.asarray(self.base.curvature(z) - (self.ratio - 1.0) * hazard * slope)

    def hazard(self, z: Array) -> tuple[Array, Array]:
        """``f(z) / P(e > z)`` and the derivative of its logarithm."""
        hazard, slope = self.base.hazard(z)
        return self.ratio * hazard, slope

    def quantile(self, log_survival: Array) -> Array:
        """The ``z`` at which ``log P(e > z)`` has this value."""
        return self.base.quantile(log_survival / self.ratio)
