"""Proper scores of forecasts of the fixture of the first appearance, which may be censored.

Pure functions of arrays, a row a forecast: probabilities of the first, second, ... fixture, the rest on none of them.
Those of the day of an event are in :mod:`.days` and :mod:`.censoring`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..arrays import Array, Integers

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
        Index of the fixture of the first appearance; negative where it was none of the known ones.
    known : ndarray of int, shape (n,)
        For how many of the first fixtures it is known whether he appeared: right-censored there, what happened is
        "none of those", whose probability is exact. No weights are needed.

    Returns
    -------
    ndarray, shape (n,)

    Notes
    -----
    ``-log p[returned]``, or ``-log(1 - sum(p[:known]))`` of a player who appeared in none of the known ones. It is
    strictly proper (Good 1952, J R Stat Soc B 14, 107-114), right-censored too where the following stops for other
    reasons than the recovery.

    Examples
    --------
    Half of the chance on the next fixture, a quarter on the one after it: back in the second; then seen to miss one.

    >>> import forecast as fc
    >>> fc.scores.log_score([[0.5, 0.25], [0.5, 0.25]], returned=[1, -1], known=[2, 1]).round(3).tolist()
    [1.386, 0.693]
    """
    p = clipped(p)
    none = 1.0 - np.where(np.arange(p.shape[1]) < known[:, None], np.nan_to_num(p), 0.0).sum(axis=1)
    hit = np.take_along_axis(p, np.maximum(returned, 0)[:, None], axis=1)[:, 0]
    return np.asarray(-np.log(np.where(returned >= 0, hit, none)))


def brier_within(p: Array, returned: Integers, known: Integers, fixtures: int) -> Array:
    """Return the squared error of the probability of having appeared within the first ``fixtures``.

    Parameters are those of :func:`log_score`. NaN where that is not known, or there are fewer fixtures: the mean over
    the others is that of the decided. ``(sum(p[:fixtures]) - back)**2``, Brier (1950), Mon Weather Rev 78, 1-3.

    Examples
    --------
    >>> import forecast as fc
    >>> fc.scores.brier_within([[0.5, 0.25]] * 3, returned=[1, -1, -1], known=[2, 2, 1], fixtures=2).round(3).tolist()
    [0.062, 0.562, nan]
    """
    back = (returned >= 0) & (returned < fixtures)
    decided = (known >= fixtures) | (returned >= 0)
    return np.where(decided, (clipped(p)[:, :fixtures].sum(axis=1) - back) ** 2, np.nan)


def scores_of(p: Array, returned: Integers, known: Integers) -> dict[str, Array]:
    """Return :func:`log_score` and :func:`brier_within` of the next fixture and of three, as all tables have them."""
    return {
        "log_score": log_score(p, returned, known),
        "brier_next": brier_within(p, returned, known, 1),
        "brier_three": brier_within(p, returned, known, 3),
    }


def mean_scores(p: Array, returned: Integers, known: Integers) -> dict[str, float]:
    """Return the means of :func:`scores_of`, of those that are decided, under names for people."""
    means = pd.DataFrame(scores_of(p, returned, known)).mean()
    return dict(zip(("log score", "Brier, next fixture", "Brier, within three"), means, strict=True))


def first_of(hazard: Array) -> Array:
    """Probability that the first event is the k-th, from the probability of each given none before; shape (n, k)."""
    none = np.cumprod(1.0 - hazard, axis=1)
    return np.asarray(hazard * np.column_stack([np.ones(len(hazard)), none[:, :-1]]))


def outcome_of(happened: Array) -> tuple[Integers, Integers]:
    """``returned`` and ``known``, as :func:`log_score` takes them.

    Parameters
    ----------
    happened : ndarray, shape (n, f)
        1 for a fixture in which he appeared, 0 for one in which he did not; NaN where that is not known. What comes
        after a fixture of unknown outcome says nothing of the first appearance.

    Examples
    --------
    >>> import forecast as fc
    >>> returned, known = fc.scores.outcome_of([[0, 1, 1], [0, 0, float("nan")]])
    >>> returned.tolist(), known.tolist()
    ([1, -1], [3, 2])
    """
    known = np.cumprod(~np.isnan(happened), axis=1).sum(axis=1)
    back = (happened == 1.0) & (np.arange(happened.shape[1]) < known[:, None])
    return np.where(back.any(axis=1), back.argmax(axis=1), -1), known
