"""Ridge logistic regression: the hazard of discrete time, such as that of appearing in a fixture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from ..arrays import Array


def ridge_logistic(design: Array, happened: npt.ArrayLike, precision: Array, mean: npt.ArrayLike = 0.0) -> Array:
    """Find the coefficients of a penalised logistic regression by Newton's method; its log-likelihood is concave.

    Parameters
    ----------
    design : ndarray, shape (n, k)
    happened : array_like, shape (n,)
        1 where it did, else 0.
    precision : ndarray, shape (k,)
        Of independent normal priors; 0 where a coefficient is free.
    mean : array_like, shape (k,)
        Of these priors.

    Returns
    -------
    ndarray, shape (k,)
    """
    happened, mean = np.asarray(happened, float), np.broadcast_to(np.asarray(mean, float), design.shape[1:])
    beta = mean.copy()
    for _ in range(100):
        p = special.expit(design @ beta)
        gradient = design.T @ (happened - p) - precision * (beta - mean)
        information = (design * (p * (1.0 - p))[:, None]).T @ design + np.diag(precision)
        step = np.linalg.solve(information, gradient)
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    return beta
