"""Proper scores of forecasts of the day of an event: a distribution function on a grid of days, linear in between.

Pure functions of arrays, a row a forecast. What an interval or a right-censored event leaves open is said by bounds,
the lowest and highest score that the truth could have given, but for the log score, which needs none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import Array
from .scores import LEAST


def log_score_between(days: Array, cdf: Array, lower: Array, upper: Array) -> Array:
    """Minus the log of the probability given to the interval (lower, upper] that the event is known to lie in.

    Parameters are those of :func:`crps`, with the ends of the interval in place of the event. ``upper`` inf, or beyond
    the grid: right-censored, ``-log(1 - F(lower))``. ``upper == lower``: exact, minus the log of the density a day, the
    slope of F before that day; compare forecasts on the same rows only. What is below 1e-6 counts as that.

    Returns
    -------
    ndarray, shape (n,)
        The log score of Good (1952), J R Stat Soc B 14, 107-114, of what was seen.

    Examples
    --------
    >>> import forecast as fc
    >>> ends = {"lower": [2, 5, 4], "upper": [4, float("inf"), 4]}
    >>> fc.scores.log_score_between([0, 10], [[0, 1]] * 3, **ends).round(3).tolist()
    [1.609, 0.693, 2.303]
    """
    days = np.broadcast_to(days, cdf.shape)
    by = np.where(upper > days[:, -1], 1.0, probability_by(days, cdf, np.minimum(upper, days[:, -1])))
    (day0, day1), (cdf0, cdf1) = _around(days, lower, cdf)
    density = (cdf1 - cdf0) / np.where(day1 > day0, day1 - day0, 1.0)
    p = np.where(lower == upper, density, by - probability_by(days, cdf, lower))
    return np.asarray(-np.log(np.maximum(p, LEAST)))


def crps(days: Array, cdf: Array, event: Array) -> Array:
    """Continuous ranked probability score, in days, up to the last day of the grid.

    ``integral of (F(x) - [event <= x])**2 dx`` over the grid, exact for the piecewise linear F.

    Parameters
    ----------
    days : ndarray, shape (n, m) or (m,)
    cdf : ndarray, shape (n, m)
        Probability of the event by each day, not falling.
    event : ndarray, shape (n,)
        A day beyond the grid counts as its end.

    Returns
    -------
    ndarray, shape (n,)
        Matheson and Winkler (1976), Manag Sci 22, 1087-1096. Of a forecast of one day it is the absolute error.

    Examples
    --------
    Any day of the next ten alike; it is the fifth:

    >>> import forecast as fc
    >>> fc.scores.crps(days=[0, 10], cdf=[[0, 1]], event=[5]).round(3).tolist()
    [0.833]
    """
    days = np.broadcast_to(days, cdf.shape)
    event = np.clip(event, days[:, 0], days[:, -1])
    # F**2 before the event and (1 - F)**2 = 1 - 2 F + F**2 after it.
    return np.asarray(_area_of_square(days, cdf) + (days[:, -1] - event) - 2.0 * _area_beyond(days, cdf, event))


def crps_bounds(days: Array, cdf: Array, lower: Array, upper: Array) -> tuple[Array, Array]:
    """Lowest and highest :func:`crps` of an event in (lower, upper]; parameters as there.

    The score is convex in the day of the event, with its lowest point at the median: the bounds are exact. A
    right-censored event, ``upper`` inf, may lie as late as the end of the grid.

    Examples
    --------
    >>> import forecast as fc
    >>> low, high = fc.scores.crps_bounds(days=[0, 10], cdf=[[0, 1]], lower=[3], upper=[float("inf")])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.833], [3.333])
    """
    days = np.broadcast_to(days, cdf.shape)
    ends = np.clip(lower, days[:, 0], days[:, -1]), np.clip(upper, days[:, 0], days[:, -1])
    middle = np.clip(quantile(days, cdf, 0.5), *ends)
    return crps(days, cdf, middle), np.maximum(crps(days, cdf, ends[0]), crps(days, cdf, ends[1]))


def interval_score(low: Array, high: Array, event: Array, level: float) -> Array:
    """Width of a central interval of this level, and what lies outside it times 2 / (1 - level).

    Gneiting T, Raftery AE (2007). J Am Stat Assoc 102, 359-378, equation 43. All but ``level`` of shape (n,), in days.

    Examples
    --------
    >>> import forecast as fc
    >>> fc.scores.interval_score([10, 10], [30, 30], event=[20, 31], level=0.9).round(1).tolist()
    [20.0, 40.0]
    """
    outside = np.maximum(low - event, 0.0) + np.maximum(event - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * outside)


def interval_score_bounds(low: Array, high: Array, lower: Array, upper: Array, level: float) -> tuple[Array, Array]:
    """Lowest and highest :func:`interval_score` of an event in (lower, upper]; without an end the highest is inf.

    Examples
    --------
    >>> import forecast as fc
    >>> low, high = fc.scores.interval_score_bounds([10], [30], lower=[25], upper=[31], level=0.9)
    >>> low.tolist(), high.round(1).tolist()
    ([20.0], [40.0])
    """
    nearest = np.clip(low, lower, upper)
    worst = np.maximum(interval_score(low, high, lower, level), interval_score(low, high, upper, level))
    return interval_score(low, high, nearest, level), worst


def quantile(days: Array, cdf: Array, p: float) -> Array:
    """The first day of each row by which its probability is ``p``, shape (n,); the last day where it stays below."""
    return _where_first(cdf, np.full(len(cdf), p), days)


def probability_by(days: Array, cdf: Array, when: Array) -> Array:
    """Probability of the event by a day of each row, shape (n,)."""
    return _where_first(days, when, cdf)


def _where_first(x: Array, at: Array, y: Array) -> Array:
    """Interpolate ``y`` linearly where the non-decreasing ``x`` first reaches ``at``, else return its last."""
    (x0, x1), (y0, y1) = _around(x, at, y)
    along = np.clip((at - x0) / np.where(x1 > x0, x1 - x0, 1.0), 0.0, 1.0)
    return np.asarray(np.where(x1 < at, y1, y0 + along * (y1 - y0)))


def _around(x: Array, at: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """Yield the two neighbours in ``x``, which never falls, of where it first reaches ``at``; then those in ``y``."""
    row = np.arange(len(x))
    right = np.clip((x < at[:, None]).sum(axis=1), 1, x.shape[1] - 1)
    return ((values[row, right - 1], values[row, right]) for values in (x, y))


def _area_of_square(days: Array, cdf: Array) -> Array:
    """Integral of F**2 over the grid."""
    a, b = cdf[:, :-1], cdf[:, 1:]
    return np.asarray((np.diff(days) * (a * a + a * b + b * b) / 3.0).sum(axis=1))


def _area_beyond(days: Array, cdf: Array, event: Array) -> Array:
    """Integral of F from each event to the end of the grid."""
    start = np.maximum(days[:, :-1], event[:, None])  # of the part of each cell that lies beyond the event
    width = np.diff(days)
    along = np.clip((start - days[:, :-1]) / np.where(width > 0.0, width, 1.0), 0.0, 1.0)
    first = cdf[:, :-1] + along * np.diff(cdf)
    return np.asarray((np.maximum(days[:, 1:] - start, 0.0) * (first + cdf[:, 1:]) / 2.0).sum(axis=1))
