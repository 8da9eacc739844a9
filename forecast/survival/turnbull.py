"""The non-parametric estimate of the days until fit, for comparison with the fitted families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Array
from ..io.errors import DataError
from .durations import check_informative, durations_of, extent

_MAX_CELLS = 20_000_000  # durations x intervals that are kept in memory
_MAX_STEPS = 20_000
_GAP = 1e-7  # how far, a duration, the log-likelihood may still be from its maximum


@dataclass(frozen=True)
class TurnbullCurve:
    """Turnbull's estimate: probabilities of the innermost intervals, which say nothing of where in them.

    Attributes
    ----------
    left, right : ndarray, shape (m,)
        The intervals (left, right], in days since onset; the last may end at inf.
    mass : ndarray, shape (m,)
        The probability of each; sums to 1. With truncation: given that he was out beyond the first entry.
    """

    left: Array
    right: Array
    mass: Array

    def survival(self, days: npt.ArrayLike) -> Array:
        """Probability of being out longer than ``days``; the mass of an interval is spread evenly over it.

        The mass of an interval without an end stays above every day.
        """
        days = np.asarray(days, float)[..., None]
        with np.errstate(invalid="ignore"):  # inf / inf, in an interval without an end
            share = np.clip((self.right - days) / (self.right - self.left), 0.0, 1.0)
        return np.where(np.isfinite(self.right), share, 1.0) @ self.mass

    def bounds(self, days: npt.ArrayLike) -> tuple[Array, Array]:
        """The lowest and the highest survival at ``days`` that the estimate allows."""
        days = np.asarray(days, float)[..., None]
        return (self.left >= days) @ self.mass, (self.right > days) @ self.mass


def turnbull(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
) -> TurnbullCurve:
    """Estimate the distribution of censored and truncated durations without a family.

    Parameters
    ----------
    lower, upper, weights, entry : array_like, shape (n,)
        As in :func:`~forecast.fit_recovery`.

    Returns
    -------
    TurnbullCurve

    Raises
    ------
    DataError
        Where the durations make no sense, or are too many for a dense estimate.

    Notes
    -----
    Self-consistent (EM) iterations, accelerated by squared extrapolation, until no interval could raise the
    log-likelihood by more than 1e-7 a duration. With truncation the surface can have more than one top; this
    is the one above the even start.

    References
    ----------
    Turnbull BW (1976). J R Stat Soc B 38, 290-295. Frydman H (1994), on truncation: J R Stat Soc B 56, 71-74.
    Varadhan R, Roland C (2008), on the acceleration: Scand J Stat 35, 335-353.
    """
    given = durations_of(lower, upper, weights=weights, entry=entry)
    check_informative(*extent(given))
    counts = given.weights > 0
    low, high, enter, weight = (a[counts] for a in (given.beyond, given.upper, given.entry, given.weights))
    # An exact duration is the interval that holds nothing else.
    low = np.where(low == high, np.nextafter(high, 0.0), low)
    left, right = _innermost(low, np.append(high, enter[enter > 0]))
    if len(low) * len(left) > _MAX_CELLS:
        allowed = f"must make at most {_MAX_CELLS} pairs with their {len(left)} intervals"
        raise DataError.of("lower, upper", f"{len(low)} durations", allowed)
    inside = ((low[:, None] <= left) & (right <= high[:, None])).astype(float)
    risk = (enter[:, None] <= left).astype(float)

    def step(p: Array) -> tuple[Array, Array]:
        """The next estimate, and how much the log-likelihood gains per mass moved to each interval."""
        seen, at_risk = weight / (inside @ p), weight / (risk @ p)
        gain = seen @ inside - at_risk @ risk
        new = p * (gain + at_risk.sum())  # what was never at risk of being seen is put back in: his ghosts
        return new / new.sum(), gain

    return TurnbullCurve(left, right, _self_consistent(step, len(left), _GAP * weight.sum()))


def _self_consistent(step: Callable[[Array], tuple[Array, Array]], size: int, gap: float) -> Array:
    """The fixed point of the steps from the even start, reached in leaps."""
    p = np.full(size, 1.0 / size)
    for _ in range(_MAX_STEPS):
        first, gain = step(p)
        if gain.max() <= gap:
            break
        second, _ = step(first)
        r, v = first - p, second - 2.0 * first + p
        length = -np.sqrt((r @ r) / max(v @ v, 1e-300))
        leap = p - 2.0 * length * r + length**2 * v
        p = step(leap / leap.sum())[0] if length < -1.0 and leap.min() >= 0.0 else second
    return p


def _innermost(low: Array, high: Array) -> tuple[Array, Array]:
    """The intervals between a lower end and the next upper end with nothing in between."""
    starts, ends = np.unique(low), np.unique(high)
    following = np.searchsorted(ends, starts, side="right")
    starts, following = starts[following < len(ends)], following[following < len(ends)]
    # Of several lower ends before the same upper end, the last one.
    last = np.append(following[1:] != following[:-1], True)
    return starts[last], ends[following[last]]
