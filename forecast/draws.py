"""Draws of a normal distribution."""

from __future__ import annotations

import numpy as np

from .arrays import Array


def standard_normal(count: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Draws, shape (count, dimensions), whose mean is 0 and whose covariance is 1, exactly, where they are enough.

    What depends on all parameters nearly linearly then has the mean and the spread that it should have: fewer draws
    place the ends of a band as well as more free ones would. Samples with exact moments are the "second-order exact"
    ones of [1]_.

    References
    ----------
    .. [1] Pebesma, E. J., Heuvelink, G. B. M. (1999). Latin hypercube sampling of Gaussian random fields. Technometrics
       41(4), 303-312.
    """
    free = rng.standard_normal((count, dimensions))
    if count < dimensions + 2:
        return free
    return np.asarray(np.linalg.qr(free - free.mean(axis=0))[0] * np.sqrt(count))
