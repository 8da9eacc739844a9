"""Means over rows that are not independent, with intervals by resampling clusters of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import Array

RESAMPLES = 2000


@dataclass(frozen=True)
class Mean:
    """A mean over rows that are not independent, with its standard error and 95% interval, by resampling clusters."""

    mean: float
    se: float
    low: float
    high: float


def clustered_mean(values: Array, cluster: npt.ArrayLike, resamples: int = RESAMPLES, seed: int = 1) -> Mean:
    """Mean of values, NaN left out, and its uncertainty by bootstrap over clusters: players, whole.

    Of a paired difference of two scores, pass the difference. The same seed gives the same resamples to every
    set of values. Field and Welsh (2007), J R Stat Soc B 69, 369-390, resample clusters so.

    Examples
    --------
    >>> import forecast as fc
    >>> fc.scores.clustered_mean([1.0, 3.0, 8.0], cluster=["a", "a", "b"]).mean
    4.0
    """
    if not np.isfinite(values).any():
        return Mean(np.nan, np.nan, np.nan, np.nan)
    mean, draws = float(np.nanmean(values)), resampled_means(values[:, None], cluster, resamples, seed)[:, 0]
    if len(draws) == 0:
        return Mean(mean, np.nan, np.nan, np.nan)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Mean(mean, float(draws.std(ddof=1)), float(low), float(high))


def clustered_means(values: Mapping[str, Array] | pd.DataFrame, cluster: npt.ArrayLike) -> dict[str, float]:
    """Return the mean of each set of values under its name, with the ends of its interval, ``_low`` and ``_high``."""
    columns: dict[str, float] = {}
    for name, of in values.items():
        mean = clustered_mean(np.asarray(of, float), cluster)
        columns |= {f"{name}": mean.mean, f"{name}_low": mean.low, f"{name}_high": mean.high}
    return columns


def paired_difference(first: Array, second: Array, cluster: npt.ArrayLike, seed: int = 1) -> Mean:
    """Mean of ``first - second``, scores of two forecasters on the same rows, as :func:`clustered_mean` gives it.

    What both find hard cancels, so that the interval is far narrower than those of the two means (Diebold and Mariano
    1995, J Bus Econ Stat 13, 253-263). A row that one of them lacks, NaN, is left out.

    Examples
    --------
    >>> import forecast as fc
    >>> worse = fc.scores.paired_difference([1.2, 2.2, 0.3], [1.1, 2.1, 0.2], cluster=[1, 2, 3])
    >>> round(worse.mean, 3), round(worse.low, 3), round(worse.high, 3)
    (0.1, 0.1, 0.1)
    """
    return clustered_mean(first - second, cluster, seed=seed)


def resampled_means(values: Array, cluster: npt.ArrayLike, resamples: int, seed: int) -> Array:
    """Means of the columns of ``values``, shape (n, k), in resamples of the clusters; shape (resamples, k).

    Empty where there are fewer than two clusters.
    """
    names, member = np.unique(np.asarray(cluster), return_inverse=True)
    clusters = len(names)
    if clusters < 2:
        return np.empty((0, values.shape[1]))
    sums, counts = np.zeros((clusters, values.shape[1])), np.zeros((clusters, values.shape[1]))
    np.add.at(sums, member, np.nan_to_num(values))
    np.add.at(counts, member, np.isfinite(values))
    rng = np.random.default_rng(seed)
    times = rng.multinomial(clusters, np.full(clusters, 1.0 / clusters), size=resamples).astype(float)
    total = times @ counts
    some = total.min(axis=1) > 0  # a resample may hold nobody who counts
    return np.asarray((times @ sums)[some] / total[some])
