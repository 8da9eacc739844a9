"""Calibration: reliability of stated probabilities, and where outcomes fall in their forecast distribution.

Pure functions of arrays, a row a forecast; rows of one player are not independent, so intervals are by resampling
players.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from ..arrays import Array, Integers
from .bootstrap import RESAMPLES, clustered_mean
from .scores import clipped


def reliability(stated: Array, seen: Array, cluster: npt.ArrayLike, by: npt.ArrayLike | pd.Series) -> pd.DataFrame:
    """Mean stated probability and what was seen, in groups.

    Parameters
    ----------
    stated : ndarray, shape (n,)
    seen : ndarray, shape (n,)
        1 where it came true, 0 where not; in between where only the chance of that is known; NaN is left out.
    cluster : array_like, shape (n,)
        Players, for the uncertainty.
    by : array_like, shape (n,)
        The groups; of a categorical, those that occur, in its order.

    Returns
    -------
    DataFrame, one row a group
        ``group``, ``n``, ``stated``, ``seen``, ``difference`` (seen less stated) with its standard error ``se``, and
        ``low`` and ``high``, the 95% interval of what was seen were the stated probabilities right.

    Notes
    -----
    Murphy and Winkler (1977), J R Stat Soc C 26, 41-47. A censored outcome that is not known counts where its chance is
    given; with 0 and with 1 in its place the two ends of what may be true.

    Examples
    --------
    >>> import forecast as fc
    >>> table = fc.scores.reliability([0.2, 0.2, 0.9], [0, 1, 1], cluster=[1, 2, 3], by=["low", "low", "high"])
    >>> table[["group", "n", "stated", "seen"]].to_numpy().tolist()
    [['high', 1, 0.9, 1.0], ['low', 2, 0.2, 0.5]]
    """
    table = pd.DataFrame({"stated": stated, "seen": seen, "cluster": np.asarray(cluster), "by": by}).dropna()
    rows = []
    for group, own in table.groupby("by", observed=True):
        gap = clustered_mean((own.seen - own.stated).to_numpy(), own.cluster)
        mean = float(own.stated.mean())
        low, high = (min(max(mean + side * 1.96 * gap.se, 0.0), 1.0) for side in (-1.0, 1.0))
        rows.append((str(group), len(own), mean, float(own.seen.mean()), gap.mean, gap.se, low, high))
    return pd.DataFrame(rows, columns=["group", "n", "stated", "seen", "difference", "se", "low", "high"])


def pit_of_fixture(p: Array, returned: Integers, known: Integers, seed: int = 1) -> Array:
    """Randomised probability integral transform of the fixture of the first appearance, shape (n,).

    Uniform on (0, 1) if the forecasts are right: a draw from the step of the distribution function that the outcome
    is (Czado, Gneiting and Held 2009, Biometrics 65, 1254-1261). Where it is known only that he did not appear in
    the first ``known``, that step is all the rest. Parameters are those of :func:`~forecast.scores.log_score`.

    Examples
    --------
    >>> import forecast as fc
    >>> pit = fc.scores.pit_of_fixture([[0.5, 0.25]] * 2, returned=[0, -1], known=[2, 1])
    >>> bool(0.0 < pit[0] < 0.5 < pit[1] < 1.0)
    True
    """
    cumulative = np.column_stack([np.zeros(len(p)), np.cumsum(np.nan_to_num(clipped(p)), axis=1)])
    place = np.where(returned >= 0, returned, known)
    rows = np.arange(len(p))
    low = cumulative[rows, place]
    high = np.where(returned >= 0, cumulative[rows, np.minimum(place + 1, p.shape[1])], 1.0)
    return np.asarray(low + np.random.default_rng(seed).random(len(p)) * (high - low))


def pit_of_interval(cdf_lower: Array, cdf_upper: Array, at: npt.ArrayLike) -> Array:
    """Mean distribution function of the PIT of events known to lie in intervals, at some points of [0, 1].

    Each row spreads its mass evenly over what the forecast gave to its interval, ``cdf_lower`` to ``cdf_upper``: no
    random numbers. The diagonal if the forecasts are right and the intervals say nothing of where in them the event is.
    An exact event has ``cdf_lower == cdf_upper``; one that is right-censored ``cdf_upper == 1``. The rule is that of
    Czado, Gneiting and Held (2009), Biometrics 65, 1254-1261, equation 2.

    Examples
    --------
    An event between the quarters, and one that is right-censored at the median:

    >>> import forecast as fc
    >>> fc.scores.pit_of_interval([0.25, 0.5], [0.75, 1.0], at=[0.25, 0.5, 0.75, 1.0]).tolist()
    [0.0, 0.25, 0.75, 1.0]
    """
    points = np.asarray(at, float)
    width = cdf_upper - cdf_lower
    along = np.clip((points[:, None] - cdf_lower) / np.where(width > 0.0, width, 1.0), 0.0, 1.0)
    return np.asarray(np.where(width > 0.0, along, points[:, None] >= cdf_upper).mean(axis=1))


@dataclass(frozen=True)
class DCalibration:
    """Outcomes by tenth of the forecast distribution they fell into; even if the forecasts are right.

    Attributes
    ----------
    counts : ndarray, shape (bins,)
        A censored outcome counts in each bin by the part of its mass that lies there.
    statistic, p_value : float
        Pearson's chi-square for independent rows; of repeated forecasts of one player it is too strict.
    """

    counts: Array
    statistic: float
    p_value: float


def d_calibration(cdf_lower: Array, cdf_upper: Array, bins: int = 10) -> DCalibration:
    """Test whether outcomes are spread evenly over the forecast distribution; parameters as in :func:`pit_of_interval`.

    Haider H, Hoehn B, Davis S, Greiner R (2020), J Mach Learn Res 21(85), whose rule for right-censored outcomes,
    spread evenly over what is left, is the one used here for intervals.

    Examples
    --------
    >>> import forecast as fc
    >>> found = fc.scores.d_calibration([0.1, 0.6, 0.2], [0.1, 0.6, 1.0], bins=2)
    >>> found.counts.round(3).tolist()
    [1.375, 1.625]
    """
    n = len(cdf_lower)
    counts = n * np.diff(pit_of_interval(cdf_lower, cdf_upper, np.linspace(0.0, 1.0, bins + 1)), prepend=0.0)[1:]
    counts[0] += n - counts.sum()  # exact events at the very beginning
    statistic = float(((counts - n / bins) ** 2).sum() / (n / bins))
    return DCalibration(counts, statistic, float(special.chdtrc(bins - 1, statistic)))


@dataclass(frozen=True)
class Ecdf:
    """Distribution of PITs at some points, and the band around the diagonal that all of it should lie in."""

    at: Array
    value: Array
    low: Array
    high: Array

    @property
    def inside(self) -> bool:
        """Whether the curve lies in the band everywhere."""
        return bool(np.all((self.low <= self.value) & (self.value <= self.high)))


def pit_ecdf(pit: Array, cluster: npt.ArrayLike, level: float = 0.95, points: int = 99, seed: int = 1) -> Ecdf:
    """Empirical distribution function of PITs with a simultaneous band around the diagonal.

    The band is a multiple of the standard error that right forecasts would have at each point, rows of a cluster
    counted together; the multiple is the one that as many curves as ``level`` says stay within everywhere, found by
    giving each cluster a normal weight. Säilynoja, Bürkner and Vehtari (2022), Stat Comput 32, 32, draw such bands for
    independent rows.

    Examples
    --------
    >>> import forecast as fc
    >>> ecdf = fc.scores.pit_ecdf([(i + 0.5) / 50 for i in range(50)], cluster=range(50))
    >>> ecdf.inside
    True
    """
    at = np.arange(1, points + 1) / (points + 1.0)
    below = (pit[:, None] <= at).astype(float)
    member = np.unique(np.asarray(cluster), return_inverse=True)[1]
    away = np.zeros((member.max() + 1, points))
    np.add.at(away, member, (below - at) / len(pit))
    # By how much clusters widen it is an average over the points: in the tails it would hang on a few rows.
    apart = at * (1.0 - at) / len(pit)
    error = np.sqrt(apart * (away**2).sum() / apart.sum())
    curves = np.random.default_rng(seed).standard_normal((RESAMPLES, len(away))) @ away
    width = np.quantile(np.abs(curves / error).max(axis=1), level) * error
    return Ecdf(at, below.mean(axis=0), np.maximum(at - width, 0.0), np.minimum(at + width, 1.0))
