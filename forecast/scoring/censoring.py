"""Scores of the probability of an event by a day, where some events are censored.

What the data do not decide is handled in one of two ways: by *bounds*, the lowest and highest score that the truth
could have given; or by *inverse probability of censoring*, a decided outcome counting for the undecided ones like it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Array, Mask
from ..io.errors import DataError


def brier_bounds(p: Array, lower: Array, upper: Array, day: npt.ArrayLike) -> tuple[Array, Array]:
    """Lowest and highest squared error of ``p``, the probability that an event in (lower, upper] comes by ``day``.

    Parameters
    ----------
    p, lower, upper : ndarray, shape (n,)
        ``upper`` inf where the event is right-censored; equal where it is exact.
    day : float or ndarray, shape (n,)

    Returns
    -------
    low, high : ndarray, shape (n,)
        Equal, the score of Brier (1950), where the interval decides it; else ``p**2`` and ``(1 - p)**2``, in order.

    Examples
    --------
    >>> import forecast as fc
    >>> low, high = fc.scores.brier_bounds([0.8, 0.8], lower=[2, 2], upper=[5, 9], day=7)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.04, 0.04], [0.04, 0.64])
    """
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
    observed : ndarray of bool, shape (n,)

    Notes
    -----
    The product over days of ``1 - censored / at risk`` (Kaplan and Meier 1958, J Am Stat Assoc 53, 457-481). Nobody
    censored: no days, and 1 everywhere; everybody: 0 from the last day on.

    Examples
    --------
    >>> import forecast as fc
    >>> curve = fc.scores.censoring_curve([3, 5, 5, 9], observed=[True, True, False, True])
    >>> curve.at([4, 5]).tolist()
    [1.0, 0.5]
    """
    censored, count = np.unique(day[~observed], return_counts=True)
    at_risk = (day[:, None] >= censored).sum(axis=0) - (observed[:, None] & (day[:, None] == censored)).sum(axis=0)
    return CensoringCurve(censored, np.cumprod(1.0 - count / at_risk))


def brier_weighted(p: Array, day: Array, observed: Mask, horizon: float, curve: CensoringCurve) -> Array:
    """Squared error of the probability of the event by ``horizon``, weighted by inverse probability of censoring.

    The mean over all rows estimates the mean score had nobody been censored (Graf et al. 1999, Statistics in
    Medicine 18, 2529-2545): an undecided row is 0, a decided one counts for those like it.

    Parameters
    ----------
    p : ndarray, shape (n,)
        Probability of the event by ``horizon``.
    day, observed : ndarray, shape (n,)
        As in :func:`censoring_curve`. Censored on the very day of the horizon, the event had not come by then.
    horizon : float
    curve : CensoringCurve
        Of these rows or, better, of more.

    Raises
    ------
    DataError
        Where nobody could be followed to the horizon: the censoring curve is 0 before it. A shorter one is needed.

    Examples
    --------
    >>> import forecast as fc
    >>> day, observed = [3, 5, 5, 9], [True, True, False, True]
    >>> curve = fc.scores.censoring_curve(day, observed)
    >>> fc.scores.brier_weighted([0.5, 0.5, 0.5, 0.5], day, observed, 8, curve).tolist()
    [0.25, 0.25, 0.0, 0.5]
    """
    come = observed & (day <= horizon)
    open_ = (day > horizon) | (~observed & (day == horizon))
    followed = curve.at(horizon, before=True)
    if followed <= 0.0:
        raise DataError.of("horizon", horizon, "must be one that somebody was followed to")
    weight = (come | open_) / np.where(come, curve.at(day, before=True), followed)
    return np.asarray(weight * (p - come) ** 2)
