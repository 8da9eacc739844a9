"""Questions to a fitted distribution of days: restricted means, bands by the delta method, residuals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from ..arrays import Array
from .families import log1mexp

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
# Chances to be fit between whose days the survival is integrated: it is smooth from each to the next.
_TAIL = 10.0 ** np.arange(-12, -1)
_CHANCES = np.concatenate([_TAIL, [0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97], 1.0 - _TAIL[::-1]])
_STEP = 1e-3  # of the central differences, in standard errors


def restricted_mean(
    survival: Callable[[Array], Array], quantile: Callable[[Array], Array], given: Array, until: float
) -> Array:
    """Mean of the smaller of ``T`` and ``until``, given that ``T`` is beyond ``given``.

    ``given`` is the day plus the integral of the survival from there, by the rule of Gauss and Legendre between
    quantiles. ``survival`` and ``quantile`` take and give a last axis of days, or of chances; ``given`` has one of one.
    """
    ends = np.clip(quantile(_CHANCES), given, until)
    one = (*ends.shape[:-1], 1)
    edges = np.concatenate([np.broadcast_to(given, one), ends, np.full(one, until)], -1)
    middle, half = 0.5 * (edges[..., 1:] + edges[..., :-1]), 0.5 * np.diff(edges)
    days = (middle[..., None] + half[..., None] * _NODES).reshape(*middle.shape[:-1], -1)
    value = survival(days).reshape(*middle.shape, len(_NODES)) @ _WEIGHTS
    return np.asarray(np.where(given[..., 0] < until, given[..., 0] + (value * half).sum(axis=-1), until))


def standard_errors(of: Callable[[Array], Array], params: Array, covariance: Array) -> Array:
    """Standard errors of numbers that a function gives of the parameters, by the delta method."""
    se = np.sqrt(np.diag(covariance))
    steps = _STEP * np.diag(se)
    apart = zip(steps, 2.0 * _STEP * se, strict=True)
    slopes = np.stack([(of(params + step) - of(params - step)) / width for step, width in apart])
    return np.asarray(np.sqrt(np.maximum(np.einsum("i...,ij,j...->...", slopes, covariance, slopes), 0.0)))


def normal_quantile(level: float) -> float:
    """Return how many standard errors either side hold a share ``level`` of a normal distribution."""
    return float(special.ndtri(0.5 + 0.5 * level))


def residual_table(lower: Array, upper: Array) -> pd.DataFrame:
    """Residuals of rows whose cumulative hazard at their ends is given; see ``RecoveryFit.residuals``."""
    a, b = lower, np.maximum(upper, lower)
    exact = a == b
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # of intervals without an end or a width
        width = np.where(exact, 1.0, b - a)
        # Of E in (a, b]: a + 1 - width exp(-width) / (1 - exp(-width)); without an end a + 1.
        mean = np.where(exact, a, a + 1.0 - np.where(np.isinf(b), 0.0, width / np.expm1(width)))
        # The hazard times a constant that makes the interval likeliest: log(b / a) / (b - a), 1 / a of an exact day.
        best = np.log(b / a) / width
        here = np.where(exact, np.log(a) - a, -a + log1mexp(-width))
        top = np.where((a == 0.0) | np.isinf(b), 0.0, -best * a + log1mexp(-best * width))
        gain = np.where(exact, -1.0, top) - here
        deviance = np.sign(1.0 - mean) * np.sqrt(2.0 * np.maximum(gain, 0.0))
    found = {"cox_snell": mean, "martingale": 1.0 - mean, "deviance": deviance}
    return pd.DataFrame({"lower": lower, "upper": upper, **found})


def band_table(
    value: Array, ends: Sequence[Array], error: Array, asked: str, at: npt.ArrayLike, name: str
) -> pd.DataFrame:
    """Set a band in rows, one for each number asked for and, where there are covariates, each row of these.

    Where the ``error`` is not finite the band has no width.
    """
    low, high = (np.where(np.isfinite(error), end, value) for end in ends)
    columns = {asked: np.broadcast_to(np.asarray(at, float), value.shape), name: value, "low": low, "high": high}
    if value.ndim == 2:
        columns = {"row": np.broadcast_to(np.arange(len(value))[:, None], value.shape), **columns}
    return pd.DataFrame({key: np.ravel(column) for key, column in columns.items()})
