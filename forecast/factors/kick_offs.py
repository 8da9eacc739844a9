"""The clock that the hazard runs by between fixtures, and the chance to appear at a kick-off with the flag standing.

About half of all returns come with the flag still standing, so that ``T`` has an atom at each kick-off. For a
percentage the atom is what that percentage has meant for the next league match; hours before, a high one means more
and a low one less. Otherwise it grows with the hazard of recovery at that day, the days since the fixture before and
how surely the player is picked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..arrays import Array
from ..evidence.grid import Evidence, Said
from ..terms import FLAG_KINDS
from .parameters import Parameters, Prior, linear

# Log odds that a percentage, which is of the next league match, loses in Europe and in a domestic cup: stated, from
# flags of the official feed, August to December 2025 (standard errors 0.4 and 0.6).
SCOPE_SHIFT = np.array([0.0, -0.9, -1.5])
# What a percentage meant for the next league match where flags of all injuries were read twice a day: 45% of those at
# 75%, 23% at 50%, 4% at 25%, counted from the official feed, August to December 2025. A vague prior, for one autumn.
PERCENTAGES = {
    "kickoff.25": Prior(-3.2, 0.5),
    "kickoff.50": Prior(-1.2, 0.5),
    "kickoff.75": Prior(-0.2, 0.5),
}
# The same flags at 75% meant 45, 42, 41 and 44% when they were read under 12 hours, 12 to 36, 36 to 96 and 4 to 8 days
# before: what is no longer left to the days in between, the kick-off itself makes up for. Half-lives of eight hours.
EVE = Prior(0.5, 0.3)
_FADES = 2.0  # a day
_ODDS = np.array([0.0, 0.0, -1.0, 0.0, 1.0])  # of each of FLAG_KINDS: log odds in units of those of 75%
_SORTS = (*FLAG_KINDS, "due", "later", "later_due", "silent")
_LEVELS = tuple(f"kickoff.{sort}" for sort in _SORTS)
_DUE, _LATER, _LATER_DUE, _SILENT = range(len(FLAG_KINDS), len(_SORTS))
_NEAR_DAYS = 2.0 / 7.0  # of a usual week, those close to its fixture


@dataclass(frozen=True)
class KickOffs:
    """Log odds of appearing at each kick-off with the flag still standing, and the speed of the clock in between."""

    @property
    def priors(self) -> dict[str, Prior]:
        """The log speed within two days before a kick-off, the levels, and the slopes in the gap and in selection."""
        levels = {name: Prior(-1.0, 1.0) for name in _LEVELS} | PERCENTAGES
        return {
            "clock.near": Prior(0.0, 0.5),
            **levels,
            "kickoff.gap": Prior(0.0, 0.5),
            "kickoff.picked": Prior(0.3, 0.3),
            "kickoff.percentage": Prior(0.0, 0.05),
            "kickoff.eve": EVE,
        }

    def odds(self, theta: Parameters, atoms: Atoms, picked: Array, log_hazard: Array) -> Array:
        """Return the log odds, shape (n, f).

        ``picked`` are the log odds of being picked, shape (n, 1); ``log_hazard`` that of recovery, shape (n, f).
        """
        by_hazard = log_hazard + _value(theta, "kickoff.gap") * atoms.log_gap + _value(theta, "kickoff.picked") * picked
        by_player = _value(theta, "kickoff.percentage") * picked * (1.0 - atoms.rest)
        told = linear(theta, _LEVELS, atoms.level) + _value(theta, "kickoff.eve") * atoms.eve + atoms.shift
        return np.asarray(told + atoms.rest * by_hazard + by_player)

    def speed(self, theta: Parameters, evidence: Evidence, said: Said, picked: Array) -> Array:
        """Return the speed of the clock in each piece, shape (n, q); a usual week's after the last known fixture."""
        near, pieces = np.exp(_value(theta, "clock.near")), evidence.pieces
        return np.where(pieces.beyond, self.usual_speed(theta, said, picked), np.where(pieces.near, near, 1.0))

    def usual_speed(self, theta: Parameters, said: Said, picked: Array) -> Array:
        """Return the speed of a usual week, the chance at its kick-off counted as hazard, (n, 1) or (d, 1)."""
        near = np.exp(_value(theta, "clock.near"))
        return np.asarray(1.0 - _NEAR_DAYS + _NEAR_DAYS * near + np.exp(self._usual(theta, said, picked)))

    def _usual(self, theta: Parameters, said: Said, picked: Array) -> Array:
        """Return the log odds of a usual kick-off, a week after the one before, as a log hazard a week."""
        return linear(theta, _LEVELS, _usual_level(said)) + _value(theta, "kickoff.picked") * picked

    def scores(
        self, theta: Parameters, evidence: Evidence, atoms: Atoms, picked: Array, in_odds: Array, in_speed: Array
    ) -> tuple[Array, Array]:
        """Return the derivatives in the parameters, and in ``picked``, of those in the odds and in the speed."""
        said, pieces = evidence.said, evidence.pieces
        near = float(np.exp(theta["clock.near"]))
        in_usual = np.where(pieces.beyond, in_speed, 0.0).sum(axis=1)
        in_near = near * (np.where(pieces.near & ~pieces.beyond, in_speed, 0.0).sum(axis=1) + _NEAR_DAYS * in_usual)
        in_usual = in_usual * np.exp(self._usual(theta, said, picked))[:, 0]
        levels = np.einsum("nf,nfl->nl", in_odds, atoms.level) + in_usual[:, None] * _usual_level(said)
        rest = in_odds * atoms.rest
        moved = rest.sum(axis=1) + in_usual
        by_percentage = (in_odds - rest).sum(axis=1)
        in_gap, in_picked = (rest * atoms.log_gap).sum(axis=1), moved * picked[:, 0]
        in_eve = (in_odds * atoms.eve).sum(axis=1)
        columns = [in_near[:, None], levels, in_gap, in_picked, by_percentage * picked[:, 0], in_eve]
        slope = moved * float(theta["kickoff.picked"]) + by_percentage * float(theta["kickoff.percentage"])
        return np.column_stack(columns), slope


@dataclass(frozen=True)
class Atoms:
    """The meaning for each kick-off of the statement that stands.

    Attributes
    ----------
    level : ndarray, shape (n, f, 9)
        Weights of the levels.
    rest : ndarray, shape (n, f)
        1 where the odds go with the hazard: but for a percentage and its own match.
    shift : ndarray, shape (n, f)
        Of a percentage, in another competition than a league.
    eve : ndarray, shape (n, f)
        How close to its match a percentage was seen, 1 at the kick-off, times its log odds in units of those of 75%.
    log_gap : ndarray, shape (n, f)
        Log days since the fixture before, half a day added, less that of a week.
    """

    level: Array
    rest: Array
    shift: Array
    eve: Array
    log_gap: Array

    @classmethod
    def of(cls, evidence: Evidence, said: Said) -> Atoms:
        """Sort the kick-offs: the first since a statement was seen, and later ones; before a promised date, or not.

        A percentage is of the next league match, so that for it the first is that one and whatever comes before it.
        """
        league = said.percentage[:, None] > 0
        earlier = np.where(league, evidence.league_fixtures_before, np.arange(evidence.fixtures.shape[1]))
        first = said.passed[:, None] + earlier == 0
        due = np.nan_to_num(said.expected, nan=np.inf)[:, None] <= evidence.fixtures
        flagged, dated = said.flagged[:, None], np.isfinite(said.expected)[:, None]
        level = np.zeros((*evidence.fixtures.shape, len(_SORTS)))
        level[..., : len(FLAG_KINDS)] = said.kinds[:, None] * (first & ~(due & dated))[:, :, None]
        level[..., _DUE], level[..., _LATER_DUE] = first & due, ~first & due
        level[..., _LATER], level[..., _SILENT] = flagged & ~first & ~due, ~flagged
        percentage = said.percentage[:, None] * first
        shift = percentage * SCOPE_SHIFT[evidence.scope.astype(int)]
        close = np.exp(-_FADES * np.maximum(evidence.fixtures - said.seen[:, None], 0.0))
        eve = first * close * (said.kinds @ _ODDS)[:, None]
        with np.errstate(invalid="ignore"):  # between two fixtures beyond all
            gap = np.log((np.nan_to_num(evidence.gaps, nan=7.0, posinf=7.0) + 0.5) / 7.5)
        return cls(level, 1.0 - percentage, shift, eve, gap)


def _usual_level(said: Said) -> Array:
    level = np.zeros((len(said.kinds), len(_SORTS)))
    level[:, _LATER], level[:, _SILENT] = said.flagged, ~said.flagged
    return level


def _value(theta: Parameters, name: str) -> Array:
    """Return a parameter as a column: shape (1, 1), or (d, 1) of d draws."""
    return np.reshape(theta[name], (-1, 1))


def with_atoms(flow: Array, odds: Array, evidence: Evidence) -> Array:
    """Return the hazard of each piece: ``flow`` between the kick-offs, -log(1 - p) at each, for log odds of p."""
    atoms, rows = evidence.pieces.reached * -special.log_expit(-odds), len(flow)
    place = np.broadcast_to(evidence.pieces.kickoff, (rows, atoms.shape[1]))
    hazard = flow.copy()
    np.put_along_axis(hazard, place, atoms, axis=1)
    return hazard
