"""Situations laid out on a grid of days: rectangular arrays, a row a situation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from ..arrays import Array, Integers, Mask
from ..terms import FLAG_KINDS, NO_FLAG
from .situation import Situation

BEYOND = 1e5  # days: later than everything; pads the fixtures


# Ends of the cells, in days from the moment the grid begins: daily while the news is of days, then wider.
FIT_GRID = np.concatenate([
    [0.0, 0.5], np.arange(1, 15), np.arange(16, 31, 2), np.arange(33, 61, 3), [68, 80, 100, 140, 200, 365, 1000, 3000]
]).astype(float)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Situations on a grid: n rows, m cells of days, f fixtures of which the missed ones come first.

    Attributes
    ----------
    now : ndarray, shape (n,)
        Days since onset.
    edges : ndarray, shape (n, m + 1)
        Ends of the cells, in days since onset; a cell of no width is padding.
    gap : ndarray of int, shape (n, m)
        Index of the first fixture that kicks off at or after the end of the cell; f where none does.
    fixtures : ndarray, shape (n, f)
        Kick-offs, padded with a day beyond all.
    missed, known : ndarray of int, shape (n,)
        How many fixtures were missed, and how many there are with those ahead.
    minutes_logit : ndarray, shape (n,)
        How much he played before the injury, see :func:`odds_of`.
    forward : ndarray of bool, shape (n,)
        Whether he is one.
    seen, code, age, expected, until : ndarray, shape (n,)
        The statement that stands; ``until`` is minus infinity where he is not ruled out.
    """

    now: Array
    edges: Array
    gap: Integers
    fixtures: Array
    missed: Integers
    known: Integers
    minutes_logit: Array
    forward: Mask
    seen: Array
    code: Integers
    age: Array
    expected: Array
    until: Array

    def take(self, rows: Integers) -> Evidence:
        """Select situations, in the order of ``rows``."""
        return Evidence(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @cached_property
    def flagged(self) -> tuple[Integers, Evidence]:
        """The rows in which a flag stands, and those situations: chosen once, whatever is asked of them."""
        return self._chosen(self.code != NO_FLAG)

    @cached_property
    def dated(self) -> tuple[Integers, Evidence]:
        """The rows in which a promised date stands, and those situations."""
        return self._chosen(self.code == FLAG_KINDS.index("expected"))

    @cached_property
    def ruled_out(self) -> tuple[Integers, Evidence]:
        """The rows in which the player is ruled out until a day, and those situations."""
        return self._chosen(np.isfinite(self.until))

    def _chosen(self, which: Mask) -> tuple[Integers, Evidence]:
        rows = np.flatnonzero(which)
        return rows, self.take(rows)

    @property
    def low(self) -> Array:
        """The beginning of each cell, shape (n, m)."""
        return self.edges[:, :-1]

    @property
    def high(self) -> Array:
        """The end of each cell, shape (n, m)."""
        return self.edges[:, 1:]

    @cached_property
    def days(self) -> Array:
        """The day that stands for each cell: its middle."""
        return 0.5 * (self.low + self.high)

    @cached_property
    def log_gap(self) -> Array:
        """Log days, half of one added, between the fixtures around each cell; a week where no further one is known."""
        length = np.diff(np.column_stack([self.low[:, 0], self.fixtures]), axis=1)
        known = np.arange(length.shape[1]) < self.known[:, None]
        length = np.column_stack([np.where(known, np.maximum(length, 0.0), 7.0), np.full(len(length), 7.0)])
        return np.take_along_axis(np.log(length + 0.5), self.gap, axis=1)


def lay_out(situations: Sequence[Situation], steps: Array = FIT_GRID) -> Evidence:
    """Put situations on a grid whose cells end at every fixture and reach ``steps`` beyond where each begins."""
    edges = [_edges(s, steps) for s in situations]
    fixtures = [np.concatenate([s.missed, s.ahead]) for s in situations]
    ends = _pad(edges, None)
    kickoffs = _pad(fixtures, BEYOND)
    return Evidence(
        now=np.array([s.now for s in situations]),
        edges=ends,
        gap=np.array([np.searchsorted(k, h) for k, h in zip(kickoffs, ends[:, 1:], strict=True)]),
        fixtures=kickoffs,
        missed=np.array([len(s.missed) for s in situations]),
        known=np.array([len(f) for f in fixtures]),
        minutes_logit=np.array([s.minutes_logit for s in situations]),
        forward=np.array([s.forward for s in situations]),
        seen=np.array([s.statement.seen for s in situations]),
        code=np.array([s.statement.code for s in situations]),
        age=np.array([s.statement.age for s in situations]),
        expected=np.array([s.statement.expected for s in situations]),
        until=np.array([s.statement.until for s in situations]),
    )


def _edges(s: Situation, steps: Array) -> Array:
    inner = np.concatenate([s.low + steps, s.missed, s.ahead, s.edges, [s.high]])
    return np.unique(inner[(inner >= s.low) & (inner <= s.high) & np.isfinite(inner)])


def _pad(rows: list[Array], value: float | None) -> Array:
    """Rows of different lengths as one array, filled with ``value`` or with the last of each row."""
    width = max(map(len, rows))
    return np.array([np.concatenate([r, np.full(width - len(r), r[-1] if value is None else value)]) for r in rows])
