"""Proper scores of forecasts under right and interval censoring.

Pure functions of arrays, a row a forecast. Two sorts of forecast are scored: of the *fixture* of the first
appearance (probabilities of the first, second, ... fixture, the rest on none of them) and of the *day* of an event (a
distribution function on a grid of days, linear in between). What the data do not decide is handled in one of two
ways, and each function says in which: by *bounds*, the lowest and highest score that the truth could have given; or
by *inverse probability of censoring*, each decided outcome counting for the undecided ones like it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Array, Integers, Mask
from ..io.errors import DataError

LEAST = 1e-6  # a probability below this counts as this: no forecast is infinitely wrong


def clipped(p: Array) -> Array:
    """Probabilities of the fixtures, shape (n, f), at least 1e-6 each with as much left for none; NaN stays."""
    p = np.clip(p, LEAST, 1.0)
    return np.asarray(p / np.maximum(np.nansum(p, axis=1, keepdims=True) + LEAST, 1.0))


def log_score(p: Array, returned: Integers, known: Integers) -> Array:
    """Minus the log of the probability given to what happened.

    Parameters
    ----------
    p : ndarray, shape (n, f)
        Probability that each fixture is that of the first appearance; NaN where there is no such fixture.
    returned : ndarray of int, shape (n,)
        Integers of the fixture of the first appearance; negative where it was none of the known ones.
    known : ndarray of int, shape (n,)
        For how many of the first fixtures it is known whether he appeared: right-censored there, what happened is
        "none of those", whose probability is exact. No weights are needed.

    Returns
    -------
    ndarray, shape (n,)
    """
    p = clipped(p)
    none = 1.0 - np.where(np.arange(p.shape[1]) < known[:, None], np.nan_to_num(p), 0.0).sum(axis=1)
    hit = np.take_along_axis(p, np.maximum(returned, 0)[:, None], axis=1)[:, 0]
    return np.asarray(-np.log(np.where(returned >= 0, hit, none)))


def brier_within(p: Array, returned: Integers, known: Integers, fixtures: int) -> Array:
    """Return the squared error of the probability of having appeared within the first ``fixtures``.

    Parameters are those of :func:`log_score`. NaN where that is not known, or there are fewer fixtures: the mean over
    the others is that of the decided.
    """
    back = (returned >= 0) & (returned < fixtures)
    decided = (known >= fixtures) | (returned >= 0)
    return np.where(decided, (clipped(p)[:, :fixtures].sum(axis=1) - back) ** 2, np.nan)


def brier_bounds(p: Array, lower: Array, upper: Array, day: npt.ArrayLike) -> tuple[Array, Array]:
    """Lowest and highest squared error of ``p``, the probability that an event in (lower, upper] comes by ``day``."""
    day = np.asarray(day, float)
    none, one = p**2, (1.0 - p) ** 2
    by_then, later = upper <= day, lower >= day
    undecided_low, undecided_high = np.minimum(none, one), np.maximum(none, one)
    low = np.where(by_then, one, np.where(later, none, undecided_low))
    return low, np.where(by_then, one, np.where(later, none, undecided_high))


@dataclass(frozen=True)
class CensoringCurve:
    """Kaplan-Meier probability of not having been censored yet, for weights by inverse probability of censoring.

    Attributes
    ----------
    days : ndarray, shape (k,)
        At which someone was censored.
    kept : ndarray, shape (k,)
        The probability from that day on.
    """

    days: Array
    kept: Array

    def at(self, days: npt.ArrayLike, before: bool = False) -> Array:
        """The probability on a day, or just ``before`` it (the left limit, for an event on a day of censorings)."""
        place = np.searchsorted(self.days, np.asarray(days, float), side="left" if before else "right")
        return np.append(1.0, self.kept)[place]


def censoring_curve(day: Array, observed: Mask) -> CensoringCurve:
    """Estimate when following stops; an event and a censoring on the same day: the event came first.

    Parameters
    ----------
    day : ndarray, shape (n,)
        Of the event, where it was ``observed``; else the last day on which it had not come.
    """
    censored, count = np.unique(day[~observed], return_counts=True)
    at_risk = (day[:, None] >= censored).sum(axis=0) - (observed[:, None] & (day[:, None] == censored)).sum(axis=0)
    return CensoringCurve(censored, np.cumprod(1.0 - count / at_risk))


def brier_weighted(p: Array, day: Array, observed: Mask, horizon: float, curve: CensoringCurve) -> Array:
    """Squared error of the probability of the event by ``horizon``, weighted by inverse probability of censoring.

    The mean over all rows estimates the mean score had nobody been censored (Graf et al. 1999, Statistics in
    Medicine 18, 2529-2545): an undecided row is 0, a decided one counts for those like it.

    Raises
    ------
    DataError
        Where a decided row had no chance of being so: the censoring curve is 0 there. A shorter horizon is needed.
    """
    come, open_ = observed & (day <= horizon), day > horizon
    kept = np.where(come, curve.at(day, before=True), curve.at(horizon))
    if np.any(kept[come | open_] <= 0.0):
        raise DataError.of("horizon", horizon, "must be one that somebody was followed to")
    weight = np.where(come | open_, 1.0 / np.where(kept > 0.0, kept, 1.0), 0.0)
    return np.asarray(weight * (p - come) ** 2)


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
    """
    days = np.broadcast_to(days, cdf.shape)
    event = np.clip(event, days[:, 0], days[:, -1])
    # F**2 before the event and (1 - F)**2 = 1 - 2 F + F**2 after it.
    return np.asarray(_area_of_square(days, cdf) + (days[:, -1] - event) - 2.0 * _area_beyond(days, cdf, event))


def crps_bounds(days: Array, cdf: Array, lower: Array, upper: Array) -> tuple[Array, Array]:
    """Lowest and highest :func:`crps` of an event in (lower, upper]; parameters as there.

    The score is convex in the day of the event, with its lowest point at the median: the bounds are exact.
    """
    days = np.broadcast_to(days, cdf.shape)
    ends = np.clip(lower, days[:, 0], days[:, -1]), np.clip(upper, days[:, 0], days[:, -1])
    middle = np.clip(quantile(days, cdf, 0.5), *ends)
    return crps(days, cdf, middle), np.maximum(crps(days, cdf, ends[0]), crps(days, cdf, ends[1]))


def quantile(days: Array, cdf: Array, p: float) -> Array:
    """The first day of each row by which its probability is ``p``, shape (n,); the last day where it stays below."""
    return _where_first(cdf, np.full(len(cdf), p), days)


def probability_by(days: Array, cdf: Array, when: Array) -> Array:
    """Probability of the event by a day of each row, shape (n,)."""
    return _where_first(days, when, cdf)


def outcome_of(happened: Array) -> tuple[Integers, Integers]:
    """``returned`` and ``known``, as :func:`log_score` takes them.

    Parameters
    ----------
    happened : ndarray, shape (n, f)
        1 for a fixture in which he appeared, 0 for one in which he did not; NaN where that is not known. What comes
        after a fixture of unknown outcome says nothing of the first appearance.
    """
    known = np.cumprod(~np.isnan(happened), axis=1).sum(axis=1)
    back = (happened == 1.0) & (np.arange(happened.shape[1]) < known[:, None])
    return np.where(back.any(axis=1), back.argmax(axis=1), -1), known


def _where_first(x: Array, at: Array, y: Array) -> Array:
    """Interpolate ``y`` linearly where the non-decreasing ``x`` first reaches ``at``, else return its last."""
    row = np.arange(len(x))
    right = np.clip((x < at[:, None]).sum(axis=1), 1, x.shape[1] - 1)
    (x0, x1), (y0, y1) = ((values[row, right - 1], values[row, right]) for values in (x, y))
    along = np.clip((at - x0) / np.where(x1 > x0, x1 - x0, 1.0), 0.0, 1.0)
    return np.asarray(np.where(x1 < at, y1, y0 + along * (y1 - y0)))


def interval_score(low: Array, high: Array, event: Array, level: float) -> Array:
    """Width of a central interval of this level, and what lies outside it times 2 / (1 - level).

    Gneiting T, Raftery AE (2007). J Am Stat Assoc 102, 359-378, equation 43.
    """
    outside = np.maximum(low - event, 0.0) + np.maximum(event - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * outside)


def interval_score_bounds(low: Array, high: Array, lower: Array, upper: Array, level: float) -> tuple[Array, Array]:
    """Lowest and highest :func:`interval_score` of an event in (lower, upper]; without an end the highest is inf."""
    nearest = np.clip(low, lower, upper)
    worst = np.maximum(interval_score(low, high, lower, level), interval_score(low, high, upper, level))
    return interval_score(low, high, nearest, level), worst


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
