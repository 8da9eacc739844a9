"""The statements read of an injury whose outcome has been drawn: by Bayes' rule, from those of past injuries.

The model forecasts by the last word alone, so that what is read next has to be drawn with care: were the last word
worth more or less than it says, a fit to what was drawn would not find the model again. At each reading the candidates
are the last word, repeated, and statements of past injuries about as old. Their frequencies are those of a mixture: on
average over what may be said the forecast is what it was before. Given what happens next, each candidate counts with
its frequency times the probability that it gives to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from ..arrays import Array, Integers
from ..evidence.grid import Evidence, Said, lay_out
from ..evidence.pieces import Pieces
from ..evidence.readings import Readings
from ..evidence.situation import round_weights
from ..factors.course import Course
from ..factors.parameters import Parameters
from ..terms import CHANCES, FLAG_KINDS, HORIZON, LAST_ROUNDS, WINDOW
from .joint import Passage
from .setting import Fate, Setting

_CANDIDATES = 16  # statements among which each reading chooses
_NEIGHBOURS = 150  # in the library, on either side of the age of the injury
_ROUNDS = 30  # of the search for the frequencies
# What each kind of flag has given for a match, as in Said.last_round: no percentage is 0.
_GIVEN = round_weights(np.eye(len(FLAG_KINDS)), [0.0, 0.0, *CHANCES])
_TINY = 1e-300


@dataclass(frozen=True)
class Library:
    """The new statements of past injuries, in the order of the days since onset.

    Attributes
    ----------
    said : Said
    repeated : ndarray, shape (5,)
        How often the next reading finds the same statement, by the kind of flag.
    """

    said: Said
    repeated: Array

    @classmethod
    def of(cls, readings: Readings) -> Library:
        """Collect the flags of some readings."""
        said, flagged = readings.evidence.said, readings.table.flagged.to_numpy()
        new = said.since == said.seen
        later = np.flatnonzero(flagged & readings.table.episode.duplicated())
        of_kind = said.kinds[later - 1]
        repeated = of_kind.T @ ~new[later] / np.maximum(of_kind.sum(axis=0), 1.0)
        chosen = np.flatnonzero(flagged & new)
        return cls(said.take(chosen[np.argsort(said.seen[chosen], kind="stable")]), repeated)

    def candidates(self, last: Said, days: Array, rng: np.random.Generator) -> list[Said]:
        """Return the last word once more, and draw others for the same ``days``, shape (n,)."""
        again = replace(last, seen=days, passed=np.zeros(len(days)))
        candidates = [again, *(_as_before(self._near(days, rng), last) for _ in range(_CANDIDATES - 1))]
        # After a match the feed gives beside each what it had given for that one, which the last word says.
        played = (last.flagged & (last.passed > 0))[:, None]
        rounds = np.where(played, last.kinds @ _GIVEN, last.last_round)
        return [replace(c, last_round=np.where(last.flagged[:, None], rounds, c.last_round)) for c in candidates]

    def frequency(self, last: Said) -> Array:
        """Return how often each of the candidates is read next, shape (n, 16)."""
        repeated = last.kinds @ self.repeated  # 0 at the first reading, before which nothing was said
        others = np.repeat((1.0 - repeated)[:, None] / (_CANDIDATES - 1), _CANDIDATES - 1, axis=1)
        return np.column_stack([repeated, others])

    def _near(self, day: Array, rng: np.random.Generator) -> Said:
        """Draw a statement for each day, shape (n,), from injuries about as old; its date moves along."""
        place = np.searchsorted(self.said.seen, day) + rng.integers(-_NEIGHBOURS, _NEIGHBOURS + 1, len(day))
        said = self.said.take(np.clip(place, 0, len(self.said.seen) - 1))
        return replace(said, since=day, seen=day, expected=said.expected + day - said.seen)


def draw_statements(
    theta: Parameters, settings: Sequence[Setting], fates: Sequence[Fate], library: Library, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the rows of ``bulletins.csv``, up to the first appearance."""
    last = Said.of([s.situation(0.0, s.kickoffs, s.kickoffs).statement for s in settings])
    tables = [_cleared(settings, fates)]
    for step in range(max(len(s.readings) for s in settings)):
        out = [k for k, s in enumerate(settings) if step < len(s.readings) and s.readings[step] < fates[k].fit]
        if not out:
            break
        rows, chosen = np.array(out), [settings[k] for k in out]
        said = _next(theta, chosen, [fates[k] for k in out], step, last.take(rows), library, rng)
        for f in fields(Said):
            getattr(last, f.name)[rows] = getattr(said, f.name)
        tables.append(_rows(chosen, said))
    return pd.concat(tables, ignore_index=True).sort_values(["episode", "day"], ignore_index=True)


def _next(
    theta: Parameters,
    settings: Sequence[Setting],
    fates: Sequence[Fate],
    step: int,
    last: Said,
    library: Library,
    rng: np.random.Generator,
) -> Said:
    """Draw what is read next of players who are still out, by the last word of each and by what will happen."""
    days = np.array([s.readings[step] for s in settings])
    # Cut at the readings to come, for what is read now has to agree with those at which he is flagged still.
    situations = [s.situation(d, _ahead(s, d), s.readings[step + 1 :]) for s, d in zip(settings, days, strict=True)]
    evidence, between = lay_out(situations), zip(settings, last.seen, days, strict=True)
    passed = [((s.kickoffs > seen) & (s.kickoffs <= day)).sum() for s, seen, day in between]
    before = replace(last, passed=np.array(passed, float))
    candidates = library.candidates(before, days, rng)
    chances = np.stack([_chances(theta, evidence, said) for said in (before, *candidates)], axis=1)
    frequency = mixture_weights(chances[:, 0], chances[:, 1:], library.frequency(last))
    happens = np.take_along_axis(chances[:, 1:], _piece(evidence.pieces, fates)[:, None, None], axis=2)[:, :, 0]
    weight = np.cumsum(frequency * happens, axis=1)
    choice = (weight < rng.uniform(size=(len(days), 1)) * weight[:, -1:]).sum(axis=1)
    row = np.arange(len(choice))
    return Said(**{f.name: np.stack([getattr(c, f.name) for c in candidates])[choice, row] for f in fields(Said)})


def mixture_weights(target: Array, parts: Array, start: Array) -> Array:
    """Return the weights, shape (n, j), with which ``parts``, shape (n, j, q), come close to ``target``, shape (n, q).

    The EM algorithm for the weights of a mixture, from ``start``: the divergence of the mixture from the target falls.
    """
    weights = start
    for _ in range(_ROUNDS):
        mixture = np.einsum("nj,njq->nq", weights, parts)
        weights = weights * np.einsum("nq,njq->nj", target / np.maximum(mixture, _TINY), parts)
    return np.asarray(weights)


def _chances(theta: Parameters, evidence: Evidence, said: Said) -> Array:
    """Return the probability that T lies in each piece, and after all, were ``said`` the last word; (n, q + 1)."""
    course = Course.of(Passage.of(theta, replace(evidence, said=said)).hazard)
    return np.column_stack([course.mass, course.after[:, -1]])


def _ahead(setting: Setting, day: float) -> Array:
    """Return the fixtures that a reading is followed over."""
    return setting.kickoffs[(setting.kickoffs > day) & (setting.kickoffs <= day + WINDOW)][:HORIZON]


def _as_before(said: Said, last: Said) -> Said:
    """Count a flag without a date that says what the last one said from when that was first said."""
    same = (said.kinds == last.kinds).all(axis=1) & np.isnan(said.expected) & np.isnan(last.expected)
    return replace(said, since=np.where(same, last.since, said.since))


def _piece(pieces: Pieces, fates: Sequence[Fate]) -> Integers:
    """Return the piece that holds the day on which each player is fit."""
    fit, standing = np.array([f.fit for f in fates]), np.array([f.standing for f in fates])
    ends = pieces.ends[:, 1:]
    # A kick-off ends two pieces, the days before it and itself.
    return np.asarray((ends < fit[:, None]).sum(axis=1) + (standing & (ends == fit[:, None]).any(axis=1)))


def _rows(settings: Sequence[Setting], said: Said) -> pd.DataFrame:
    kind, given = said.kinds.argmax(axis=1), said.last_round.argmax(axis=1)
    chance = np.array([np.nan, np.nan, *CHANCES])[kind]
    return _table(settings, said.seen).assign(
        kind=np.where(np.isnan(chance), np.array(FLAG_KINDS)[np.minimum(kind, 1)], "chance"),
        chance=chance,
        expected_day=said.expected,
        last_round=np.array([np.nan, *LAST_ROUNDS])[given],
        match_fitness=said.fitness.astype(int),
    )


def _cleared(settings: Sequence[Setting], fates: Sequence[Fate]) -> pd.DataFrame:
    """Return the readings between recovery and the first appearance of each player."""
    drawn = zip(settings, fates, strict=True)
    read = [(s, day) for s, fate in drawn for day in s.readings if fate.fit <= day < fate.appears]
    blank = {"chance": np.nan, "expected_day": np.nan, "last_round": np.nan, "match_fitness": 0}
    return _table([s for s, _ in read], np.array([day for _, day in read])).assign(kind="available", **blank)


def _table(settings: Sequence[Setting], days: Array) -> pd.DataFrame:
    known = {name: [getattr(s.first, name) for s in settings] for name in ("first_word_day", "price", "owned")}
    return pd.DataFrame({"episode": [s.injury.episode for s in settings], **known, "day": days})
