"""Situations in rectangular arrays: a grid of days that knows no fixtures, and the pieces that fixtures cut it into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np

from ..arrays import Array, Integers, Mask
from .cells import FIT_GRID
from .pieces import Pieces, cut
from .situation import LEAGUE, PARTS, Situation, Statement, one_hot, round_weights


@dataclass(frozen=True)
class Said:
    """The statements that stand, one a row, in days since onset.

    Attributes
    ----------
    since, seen : ndarray, shape (n,)
        When the same was first said, and last seen to stand.
    kinds : ndarray, shape (n, 5)
        Weights of the kinds of flag, see :func:`~forecast.evidence.situation.kind_weights`; zeros where none stands.
    expected : ndarray, shape (n,)
        The promised date; NaN where there is none.
    last_round : ndarray, shape (n, 6)
        Weights of what was given for the round before: nothing, 0, 25, 50, 75, 100; zeros where no flag stands.
    fitness : ndarray, shape (n,)
        1 where only match fitness is lacking.
    passed : ndarray, shape (n,)
        How many fixtures have passed since it was last seen; for a percentage, those of a league.
    log_held : ndarray, shape (n,)
        Log of the share of the hazard that a percentage leaves until its match.
    """

    since: Array
    seen: Array
    kinds: Array
    expected: Array
    last_round: Array
    fitness: Array
    passed: Array
    log_held: Array

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> Said:
        """Stack statements."""
        kinds = np.array([s.kinds for s in statements])
        return cls(
            since=np.array([s.since for s in statements]),
            seen=np.array([s.seen for s in statements]),
            kinds=kinds,
            expected=np.array([s.expected for s in statements]),
            last_round=round_weights(kinds, [s.last_round for s in statements]),
            fitness=np.array([float(s.match_fitness) for s in statements]),
            passed=np.array([float(s.passed) for s in statements]),
            log_held=np.array([s.log_held for s in statements]),
        )

    def take(self, rows: Integers) -> Said:
        """Select statements, in the order of ``rows``."""
        return Said(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def silenced(self, rows: Mask) -> Said:
        """Return the same with nothing said in some rows."""
        keep = np.where(rows, 0.0, 1.0)
        dates = np.where(rows, np.nan, self.expected)
        names = ("kinds", "last_round", "fitness", "log_held")
        said = {name: (getattr(self, name).T * keep).T for name in names}
        return replace(self, expected=dates, **said)

    @property
    def flagged(self) -> Mask:
        """Whether a flag stands."""
        return np.asarray(self.kinds.any(axis=1))

    @property
    def percentage(self) -> Array:
        """1 for a percentage, which is of the next league fixture."""
        return np.asarray(self.kinds[:, 2:].sum(axis=1))


@dataclass(frozen=True)
class Evidence:
    """Situations in arrays: n rows, m cells of days, f fixtures of which the missed ones come first, q pieces.

    Attributes
    ----------
    now, low, high : ndarray, shape (n,)
        Days since onset; ``T`` is known to lie in (low, high].
    steps : ndarray, shape (m + 1,)
        Ends of the cells, in days from ``low``.
    fixtures, scope : ndarray, shape (n, f)
        Kick-offs, padded with a day beyond all, and whether each is of a league, of Europe or of a domestic cup.
    before : ndarray, shape (n,)
        The last kick-off up to ``low``.
    missed, known : ndarray of int, shape (n,)
        How many fixtures were missed, and how many there are with those ahead.
    traits : ndarray, shape (n, t)
        Of the player, see :data:`~forecast.evidence.situation.TRAITS`.
    part : ndarray, shape (n, 5)
        The body part, one-hot.
    said : Said
        The statement that stands.
    pieces : Pieces
    covariates : mapping of ndarray, shape (n,)
        Columns that a user added, standardised, by the name of their parameter; those left out are at their mean, 0.
    """

    now: Array
    low: Array
    high: Array
    steps: Array
    fixtures: Array
    scope: Array
    before: Array
    missed: Integers
    known: Integers
    traits: Array
    part: Array
    said: Said
    pieces: Pieces
    covariates: Mapping[str, Array] = field(default_factory=dict)

    def take(self, rows: Integers) -> Evidence:
        """Select situations, in the order of ``rows``."""
        parts = {name: getattr(self, name).take(rows) for name in ("said", "pieces")}
        names = [f.name for f in fields(self) if f.name not in ("steps", "covariates", *parts)]
        columns = {name: column[rows] for name, column in self.covariates.items()}
        arrays = {name: getattr(self, name)[rows] for name in names}
        return Evidence(steps=self.steps, covariates=columns, **arrays, **parts)

    def trimmed(self) -> Evidence:
        """Return the same without the columns of fixtures that no row has."""
        most = int(self.known.max())
        columns = {name: getattr(self, name)[:, :most] for name in ("fixtures", "scope")}
        return replace(self, pieces=self.pieces.trimmed(most), **columns)

    @property
    def cleared(self) -> Mask:
        """Whether the flag is gone."""
        return np.isfinite(self.high)

    @cached_property
    def edges(self) -> Array:
        """Ends of the cells in days since onset, shape (n, m + 1)."""
        return self.low[:, None] + self.steps

    @cached_property
    def days(self) -> Array:
        """The day that stands for each cell, and for what lies beyond the last, shape (n, m + 1)."""
        middle = np.append(0.5 * (self.steps[:-1] + self.steps[1:]), self.steps[-1])
        return np.asarray(self.low[:, None] + middle)

    @cached_property
    def gaps(self) -> Array:
        """Days between each fixture and the one before it, shape (n, f)."""
        return np.diff(np.column_stack([self.before, self.fixtures]), axis=1)

    @cached_property
    def league_fixtures_before(self) -> Array:
        """Count the fixtures before each one that are of a league, shape (n, f)."""
        league = self.scope == LEAGUE
        return np.asarray(np.cumsum(league, axis=1) - league, float)


def lay_out(situations: Sequence[Situation], steps: Array = FIT_GRID) -> Evidence:
    """Put situations on a grid of cells that reach ``steps`` beyond where each begins, cut by fixtures and ``cuts``."""
    low, high = (np.array([getattr(s, name) for s in situations]) for name in ("low", "high"))
    fixtures = [np.concatenate([s.missed, s.ahead]) for s in situations]
    known = np.array([len(f) for f in fixtures])
    kickoffs = _pad(fixtures, np.inf)
    cuts = _pad([s.cuts for s in situations], np.inf)
    return Evidence(
        now=np.array([s.now for s in situations]),
        low=low,
        high=high,
        steps=steps,
        fixtures=kickoffs,
        scope=_pad(
            [s.scope if len(s.scope) else np.full(len(s.missed) + len(s.ahead), LEAGUE) for s in situations], LEAGUE
        ),
        before=np.array([s.before for s in situations]),
        missed=np.array([len(s.missed) for s in situations]),
        known=known,
        traits=np.array([s.traits for s in situations]),
        part=one_hot(np.array([s.part for s in situations]), PARTS),
        said=Said.of([s.statement for s in situations]),
        pieces=cut(low, high, kickoffs, cuts, steps),
        covariates={name: np.array([s.covariates[name] for s in situations]) for name in situations[0].covariates},
    )


def _pad(rows: Sequence[Array], value: float) -> Array:
    """Rows of different lengths as one array, filled with ``value``."""
    width = max(1, *map(len, rows))
    return np.array([np.concatenate([r, np.full(width - len(r), value)]) for r in rows])
