"""The common form of the factors: named parameters with priors, and log weights on the cells of a grid.

A factor is a few array functions of its parameters and the :class:`~forecast.evidence.grid.Evidence`. Its parameters
come as a mapping from names to arrays that broadcast against the cells: scalars while a model is fitted, arrays of
shape (draws, 1, 1) when draws are carried through a forecast.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from ..arrays import Array, Integers
from ..evidence.grid import Evidence
from .parameters import Parameters, Prior


class Factor(Protocol):
    """A factor of the weight of each cell."""

    @property
    def priors(self) -> dict[str, Prior]:
        """The parameters, in order."""
        ...

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """Logarithm of the factor, shape (n, m), with the draws in front where there are draws."""
        ...

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Derivatives of the log-likelihood of each row in the parameters, shape (n, parameters).

        ``slope``, shape (n, m), is the derivative of that log-likelihood in the log weight of each cell.
        """
        ...


def total(factors: Iterable[Factor], theta: Parameters, evidence: Evidence) -> Array:
    """Log weight of each cell by several factors together."""
    weights = [factor.log_weight(theta, evidence) for factor in factors]
    return np.asarray(sum(weights[1:], start=weights[0]))


def on_rows(rows: Integers, shape: tuple[int, ...], values: Array) -> Array:
    """Zeros of the given shape (n, m), with draws in front where ``values`` has them, and ``values`` in some rows."""
    result = np.zeros(values.shape[:-2] + shape)
    result[..., rows, :] = values
    return result


def normalised(log_weights: Array) -> Array:
    """Weights that add up to 1 over the last axis."""
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
