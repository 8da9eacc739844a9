"""The days ahead in pieces: between two fixtures, close to the next or not, and the kick-offs themselves."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ..arrays import Array, Integers, Mask

COLUMNS = 3  # ends of pieces that a fixture makes
NEAR = 2.0  # days before a kick-off in which flags are lifted more often


@dataclass(frozen=True)
class Pieces:
    """The days ahead of n situations in q pieces each, some of no width; a kick-off is a piece by itself.

    Attributes
    ----------
    ends : ndarray, shape (n, q + 1)
        Days since onset.
    cell : ndarray of int, shape (n, q + 1)
        The cell of the grid that each end lies in.
    share : ndarray, shape (n, q + 1)
        How much of that cell lies before it.
    gap : ndarray of int, shape (n, q)
        Index of the first fixture at or after the piece; the number of fixtures where none is.
    near, beyond : ndarray of bool, shape (n, q)
        Whether the piece lies within two days before a kick-off, or after the last known one.
    kickoff : ndarray of int, shape (n, f)
        The piece that each kick-off is.
    reached : ndarray of bool, shape (n, f)
        Whether the kick-off lies within the days that are cut.
    """

    ends: Array
    cell: Integers
    share: Array
    gap: Integers
    near: Mask
    beyond: Mask
    kickoff: Integers
    reached: Mask

    def take(self, rows: Integers) -> Pieces:
        """Select situations, in the order of ``rows``."""
        return Pieces(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def trimmed(self, fixtures: int) -> Pieces:
        """Return the same without the pieces of fixtures beyond the first ones, which nobody has: they come last."""
        count = self.gap.shape[1] - COLUMNS * (self.kickoff.shape[1] - fixtures)
        ends = {name: getattr(self, name)[:, : count + 1] for name in ("ends", "cell", "share")}
        pieces = {name: getattr(self, name)[:, :count] for name in ("gap", "near", "beyond")}
        kickoff = np.minimum(self.kickoff[:, :fixtures], count - 1)  # what is padding ends there, too
        return Pieces(**ends, **pieces, kickoff=kickoff, reached=self.reached[:, :fixtures])

    def between(self, lower: Array, upper: Array) -> Mask:
        """Tell which pieces lie in (lower, upper], days of shape (n,) that are ends of pieces; shape (n, q)."""
        start, end = self.ends[:, :-1], self.ends[:, 1:]
        return np.asarray((start >= lower[:, None]) & (end > lower[:, None]) & (end <= upper[:, None]))


def cut(low: Array, high: Array, kickoffs: Array, cuts: Array, steps: Array) -> Pieces:
    """Cut the days from ``low`` to ``high``, at most to the end of the grid, at every kick-off and at ``cuts``.

    At one moment a kick-off comes before a cut, so that a piece that ends there holds it.
    """
    last = np.minimum(high, low + steps[-1])[:, None]
    count = kickoffs.shape[1]
    near = np.maximum(kickoffs - NEAR, np.column_stack([low, kickoffs[:, :-1]]))
    columns = np.column_stack([low, near, kickoffs, kickoffs, cuts, high])
    order = np.argsort(columns, axis=1, kind="stable")
    kickoff = np.argsort(order, axis=1)[:, 1 + count : 1 + 2 * count]  # where the first of the two equal ends went
    ends = np.clip(np.take_along_axis(columns, order, axis=1), low[:, None], last)
    end = ends[:, 1:]
    gap = (kickoffs[:, None, :] < end[:, :, None]).sum(axis=2)
    known = np.isfinite(kickoffs).sum(axis=1)[:, None]
    following = np.take_along_axis(np.column_stack([kickoffs, np.full(len(low), np.inf)]), gap, axis=1)
    middle = 0.5 * (ends[:, :-1] + end)
    offset = ends - low[:, None]
    cell = np.clip(np.searchsorted(steps, offset, side="right") - 1, 0, len(steps) - 2)
    share = (offset - steps[cell]) / np.diff(steps)[cell]
    return Pieces(ends, cell, share, gap, middle > following - NEAR, gap >= known, kickoff, kickoffs <= last)
