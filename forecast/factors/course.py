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


@dataclass(frozen=True)
class Curve:
    """The cumulative hazard of weights on the cells of a grid and on what lies beyond them.

    Attributes
    ----------
    weight : ndarray, shape (n, m + 1)
    survival : ndarray, shape (n, m + 1)
        The weight at and after each cell.
    hazard : ndarray, shape (n, m)
        Cumulative hazard of each cell.
    """

    weight: Array
    survival: Array
    hazard: Array

    @classmethod
    def of(cls, log_weight: Array) -> Curve:
        """Build it of log weights, up to a constant a row."""
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        survival = np.maximum(np.cumsum(weight[:, ::-1], axis=1)[:, ::-1], _TINY)
        return cls(weight, survival, np.log(survival[:, :-1] / survival[:, 1:]))

    def between(self, pieces: Pieces) -> Array:
        """Return the hazard of each piece, shape (n, q)."""
        before = np.column_stack([np.zeros(len(self.hazard)), np.cumsum(self.hazard, axis=1)])
        at = _take(before, pieces.cell) + pieces.share * _take(self.hazard, pieces.cell)
        return np.diff(at, axis=1)

    def scores(self, pieces: Pieces, slope: Array, of_cells: Array) -> Array:
        """Return the derivatives in the log weights, of those in the hazard of pieces and, besides, of cells."""
        n, m = self.hazard.shape
        at = np.column_stack([-slope[:, :1], slope[:, :-1] - slope[:, 1:], slope[:, -1:]])
        place = (np.arange(n)[:, None] * m + pieces.cell).ravel()
        whole = np.bincount(place, at.ravel(), n * m).reshape(n, m)
        part = np.bincount(place, (at * pieces.share).ravel(), n * m).reshape(n, m)
        later = np.cumsum(whole[:, ::-1], axis=1)[:, ::-1] - whole
        in_hazard = later + part + of_cells
        in_survival = np.column_stack([in_hazard, np.zeros(n)])
        in_survival[:, 1:] -= in_hazard
        return np.asarray(self.weight * np.cumsum(in_survival / self.survival, axis=1))


def reweighted(log_weight: Array, log_likelihood: Array, power: Array) -> Array:
    """Multiply weights of days by a likelihood of the day whose survival is theirs to a ``power``; (n, m + 1).

    ``power``, shape (n, 1), is how much faster the hazard runs than that of the weights.
    """
    survival = Curve.of(log_weight).survival
    real = (survival / survival[:, :1]) ** power
    chance = np.column_stack([real[:, :-1] - real[:, 1:], real[:, -1]])
    with np.errstate(invalid="ignore"):  # of statements that leave no day
        chance = chance * np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    left = np.cumsum(chance[:, ::-1], axis=1)[:, ::-1]
    left = (left / np.maximum(left[:, :1], _TINY)) ** (1.0 / power)
    weight = np.column_stack([left[:, :-1] - left[:, 1:], left[:, -1]])
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.maximum(weight, 0.0)))


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
        total = np.cumsum(hazard, axis=1)
        return cls(-np.expm1(-hazard) * np.exp(hazard - total), np.exp(-total))

    def chance(self, given: Array, never: Array) -> Array:
        """Return the probability of an outcome, by that given ``T`` in each piece, or after the last, shape (n,)."""
        return np.asarray((self.mass * given).sum(axis=1) + self.after[:, -1] * never)

    def scores(self, given: Array, never: Array) -> Array:
        """Return the derivatives of :meth:`chance` in the hazards, shape (n, q)."""
        parts = self.mass * given
        later = np.cumsum(parts[:, ::-1], axis=1)[:, ::-1] - parts
        return np.asarray(self.after * given - later - (self.after[:, -1] * never)[:, None])


def hazard_at(curve: Curve, evidence: Evidence) -> Array:
    """Return the hazard, a week, of the cell that each kick-off lies in, shape (n, f)."""
    cell = kickoff_cells(evidence)
    return np.asarray(7.0 * _take(curve.hazard, cell) / np.diff(evidence.steps)[cell])


def kickoff_cells(evidence: Evidence) -> Integers:
    """Return the cell of the grid that each kick-off lies in, shape (n, f)."""
    return np.take_along_axis(evidence.pieces.cell, evidence.pieces.kickoff, axis=1)


def _take(values: Array, index: Integers) -> Array:
    """Read ``values``, a row for each row of ``index`` or of each draw, at ``index``."""
    return np.take(values, index[0], axis=1) if len(index) == 1 else np.take_along_axis(values, index, axis=1)
