"""Hazards from the weights of days, and probabilities from the hazards of the pieces of time.

Two steps, each with its derivative: the weights of the cells of a grid make a cumulative hazard, linear within a cell,
that can be read at any day; and hazards of successive pieces make the probability that ``T`` lies in each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Integers
from ..evidence.grid import Evidence
from ..evidence.pieces import Pieces

_TINY = 1e-300
_BREAK = 1.0  # in log hazard from one cell to the next: more is no slope


@dataclass(frozen=True)
class Curve:
    """Weights of the cells of a grid and of what lies beyond them, which leave a cumulative hazard at every day.

    Attributes
    ----------
    weight : ndarray, shape (n, m + 1)
    survival : ndarray, shape (n, m + 1)
        The weight at and after each cell; its logarithm is linear within a cell.
    """

    weight: Array
    survival: Array

    @classmethod
    def of(cls, survival: Array, log_likelihood: Array | None = None) -> Curve:
        """Build it of a survival at each edge and a log-likelihood of each cell, both up to a constant a row."""
        if log_likelihood is None:
            return cls(_masses(survival), np.maximum(survival, _TINY))
        likelihood = log_likelihood - log_likelihood.max(axis=1, keepdims=True)
        weight = _masses(survival)
        weight *= np.exp(likelihood, out=likelihood)
        left = _at_and_after(weight)
        return cls(weight, np.maximum(left, _TINY, out=left))

    def hazard(self, cell: Integers) -> Array:
        """Return the cumulative hazard of some cells, a row for each of ``cell`` or of each draw."""
        return np.log1p(_take(self.weight, cell) / _take(self.survival, cell + 1))

    def between(self, pieces: Pieces) -> Array:
        """Return the hazard of each piece, shape (n, q)."""
        gone = np.column_stack([np.zeros(len(self.weight)), np.cumsum(self.weight[:, :-1], axis=1)])
        # Not as a difference of what is left: the days before a date far ahead may have next to no weight.
        before = np.log1p(_take(gone, pieces.cell) / _take(self.survival, pieces.cell))
        before += pieces.share * self.hazard(pieces.cell)
        return np.maximum(np.diff(before, axis=1), 0.0)  # rounding leaves a piece of no hazard a trifle less

    def scores(self, pieces: Pieces, slope: Array, of_cells: Array) -> Array:
        """Return the derivatives in the log weights, of those in the hazard of pieces and, besides, of cells."""
        n, m = of_cells.shape
        at = np.column_stack([-slope[:, :1], slope[:, :-1] - slope[:, 1:], slope[:, -1:]])
        place = (np.arange(n)[:, None] * m + pieces.cell).ravel()
        sums = (np.bincount(place, by.ravel(), n * m) for by in (at, at * pieces.share))
        whole, part = (np.asarray(by_cell, float).reshape(n, m) for by_cell in sums)
        in_hazard = _at_and_after(whole) - whole + part + of_cells
        in_survival = np.column_stack([in_hazard, np.zeros(n)])
        in_survival[:, 1:] -= in_hazard
        return np.asarray(self.weight * np.cumsum(in_survival / self.survival, axis=1))


def reweighted(curve: Curve, log_likelihood: Array, power: Array) -> Curve:
    """Multiply by a likelihood of the day whose survival is that of a curve to a ``power``.

    ``power``, shape (n, 1), is how much faster the hazard runs than that of the curve.
    """
    real = (curve.survival / curve.survival[:, :1]) ** power
    with np.errstate(invalid="ignore"):  # of statements that leave no day
        left = _at_and_after(Curve.of(real, log_likelihood).weight)
    return Curve.of((left / np.maximum(left[:, :1], _TINY)) ** (1.0 / power))


@dataclass(frozen=True)
class Course:
    """The course of time through pieces whose hazards are known.

    Attributes
    ----------
    mass : ndarray, shape (n, q)
        Probability that ``T`` lies in each piece.
    after : ndarray, shape (n, q)
        Probability that it lies after it.
    """

    mass: Array
    after: Array

    @classmethod
    def of(cls, hazard: Array) -> Course:
        """Build it of the hazards of the pieces."""
        after = np.exp(-np.cumsum(hazard, axis=1))
        before = np.column_stack([np.ones(len(after)), after[:, :-1]])
        return cls(-np.expm1(-hazard) * before, after)

    def chance(self, given: Array, never: Array) -> Array:
        """Return the probability of an outcome, by that given ``T`` in each piece, or after the last, shape (n,)."""
        return np.asarray((self.mass * given).sum(axis=1) + self.after[:, -1] * never)

    def scores(self, given: Array, never: Array) -> Array:
        """Return the derivatives of :meth:`chance` in the hazards, shape (n, q)."""
        parts = self.mass * given
        later = _at_and_after(parts) - parts
        return np.asarray(self.after * given - later - (self.after[:, -1] * never)[:, None])


@dataclass(frozen=True)
class KickOffHazard:
    """The log hazard of recovery, a week, at each kick-off, read between the middles of two cells of the grid.

    So it does not go by where cells happen to end, and is tomorrow what it is today. Where a likelihood breaks off, at
    the end of a stretch of days that was named, a cell has its hazard for itself.

    Attributes
    ----------
    log_hazard : ndarray, shape (n, f), or (d, f) of d draws
    own, other : ndarray of int, shape (n, f)
        The cell that each kick-off lies in, and the one whose middle is next to it.
    share : ndarray, of the shape of ``log_hazard``
        Of the other cell.
    """

    log_hazard: Array
    own: Integers
    other: Integers
    share: Array

    @classmethod
    def of(cls, curve: Curve, evidence: Evidence) -> KickOffHazard:
        """Read it off a curve."""
        steps, place, width = evidence.steps, evidence.pieces.kickoff, np.diff(evidence.steps)
        middle = 0.5 * (steps[1:] + steps[:-1])
        own = np.take_along_axis(evidence.pieces.cell, place, axis=1)
        beyond = np.take_along_axis(evidence.pieces.ends, place, axis=1) - evidence.low[:, None] - middle[own]
        other = np.clip(own + np.where(beyond < 0.0, -1, 1), 0, len(width) - 1)
        near, far = (np.log(np.maximum(7.0 * curve.hazard(cell) / width[cell], _TINY)) for cell in (own, other))
        share = beyond / np.where(other == own, np.inf, middle[other] - middle[own])
        share = np.where(np.abs(far - near) < _BREAK, share, 0.0)
        return cls(near + share * (far - near), own, other, share)

    def scores(self, curve: Curve, slope: Array) -> Array:
        """Return the derivatives in the hazards of the cells, shape (n, m), of those in the log hazard."""
        n, m = curve.weight.shape
        found, row = np.zeros((n, m - 1)), np.arange(n)[:, None]
        for cell, share in ((self.own, 1.0 - self.share), (self.other, self.share)):
            np.add.at(found, (row, cell), slope * share / np.maximum(curve.hazard(cell), _TINY))
        return found


def _take(values: Array, index: Integers) -> Array:
    """Read ``values``, a row for each row of ``index`` or of each draw, at ``index``."""
    return np.take(values, index[0], axis=1) if len(index) == 1 else np.take_along_axis(values, index, axis=1)


def _masses(survival: Array) -> Array:
    """Return what lies in each cell, and beyond the last; shape (n, m + 1)."""
    mass = survival.copy()
    mass[:, :-1] -= survival[:, 1:]
    return mass


def _at_and_after(values: Array) -> Array:
    """Return the sum of each value of a row and those after it."""
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
