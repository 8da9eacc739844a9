"""Past injuries as situations whose outcome is known: what the model learns from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Array, Integers, Mask, each_row
from ..episodes.episodes import Episodes
from ..io.errors import DataError
from ..terms import BODY_PARTS, HORIZON, WINDOW
from .grid import Evidence, lay_out
from .players import Players
from .situation import Situation, Statement, kind_weights, traits_of


@dataclass(frozen=True)
class Readings:
    """Moments at which past players had not appeared yet, and what happened next.

    Attributes
    ----------
    evidence : Evidence
        What was known, a row a reading.
    misses : ndarray of int, shape (n,)
        How many of the row's fixtures he missed, the first ones, as far as he was followed.
    appeared : ndarray of bool, shape (n,)
        Whether he appeared in the next one.
    inside : ndarray of bool, shape (n, q)
        Pieces that T may lie in by what was seen later: after his last flag, up to clearance or appearance.
    never : ndarray of bool, shape (n,)
        Whether neither was seen.
    weight : ndarray, shape (n,)
        How much each reading counts.
    table : DataFrame
        ``episode``, ``player``, ``season``, ``day``, ``flagged`` (not cleared yet) of each row; ``promised``, the
        expected date as it was given; over how many of the next fixtures he was ``followed``; and the interval,
        ``lower`` to ``upper``, in which he was seen to become fit.
    """

    evidence: Evidence
    misses: Integers
    appeared: Mask
    inside: Mask
    never: Mask
    weight: Array
    table: pd.DataFrame

    def take(self, rows: Integers) -> Readings:
        """Select readings, in the order of ``rows``."""
        arrays = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name not in ("evidence", "table")}
        return Readings(evidence=self.evidence.take(rows), table=self.table.iloc[rows].reset_index(drop=True), **arrays)

    def in_blocks(self) -> list[Readings]:
        """Return those with few fixtures and those with many apart, each in as few columns as they need."""
        few = self.evidence.known <= HORIZON
        blocks = [self.take(np.flatnonzero(rows)) for rows in (few, ~few) if rows.any()]
        evidence = [block.evidence.trimmed() for block in blocks]
        return [
            replace(block, evidence=e, inside=block.inside[:, : e.pieces.gap.shape[1]])
            for block, e in zip(blocks, evidence, strict=True)
        ]


def readings_of(episodes: Episodes) -> Readings:
    """List every reading before the return that is followed to a next fixture within 60 days.

    Cleared players who were passed over more than six times since are left out.
    """
    games = {key: (rows.day.to_numpy(), rows.minutes.to_numpy()) for key, rows in episodes.fixtures.groupby("episode")}
    said, injuries = rows_by_episode(episodes.bulletins), rows_by_episode(episodes.durations())
    found = [reading for key in sorted(injuries) for reading in _of_injury(injuries[key][0], *games[key], said[key])]
    if not found:
        raise DataError.of("", "no reading", "must have one with a fixture that is followed", file="bulletins.csv")
    evidence, table = lay_out([situation for situation, _ in found]), pd.DataFrame([outcome for _, outcome in found])
    evidence = replace(evidence, traits=players_of(episodes).filled(evidence.traits))
    lower, upper = (table[end].to_numpy() for end in ("lower", "upper"))
    return Readings(
        evidence=evidence,
        misses=table.misses.to_numpy(np.intp),
        appeared=table.appeared.to_numpy(bool),
        inside=evidence.pieces.between(lower, upper),
        never=np.isinf(upper),
        weight=np.ones(len(table)),
        table=table,
    )


def rows_by_episode(table: pd.DataFrame) -> dict[int, list[Any]]:
    """Return the rows of a table, as named tuples, by ``episode``."""
    rows = defaultdict(list)
    for row in each_row(table):
        rows[row.episode].append(row)
    return rows


def _of_injury(
    injury: Any, kickoffs: Array, minutes: Array, bulletins: list[Any]
) -> Iterator[tuple[Situation, dict[str, Any]]]:
    """The readings of one injury, each with what came of it. No situation holds anything that came later."""
    statement = Statement(since=0.0, seen=0.0)
    for b in bulletins:
        cleared = b.kind == "available"
        statement = statement if cleared else _statement(b, statement)
        low = statement.seen
        ahead = np.flatnonzero((kickoffs > b.day) & (kickoffs <= b.day + WINDOW))[:HORIZON]
        passed = kickoffs[(kickoffs > low) & (kickoffs <= b.day)] if cleared else np.empty(0)
        followed = int(np.isfinite(minutes[ahead]).cumprod().sum())
        if followed == 0 or len(passed) > HORIZON:
            continue
        situation = Situation(
            now=b.day,
            low=low,
            high=injury.upper if cleared else np.inf,
            missed=passed,
            ahead=kickoffs[ahead],
            before=kickoffs[kickoffs <= low].max(initial=0.0),
            traits=traits_at(injury, b),
            statement=statement,
            part=BODY_PARTS.index(injury.body_part),
            cuts=np.array([injury.lower, injury.upper, b.day + WINDOW]),
        )
        returns = np.flatnonzero(minutes[ahead[:followed]] > 0)
        outcome = {
            "episode": injury.episode,
            "player": injury.player,
            "season": injury.season,
            "body_part": injury.body_part,
            "day": b.day,
            "flagged": not cleared,
            "promised": b.expected_day,
            "followed": followed,
            "lower": injury.lower,
            "upper": injury.upper,
            "misses": len(passed) + (returns[0] if len(returns) else followed),
            "appeared": len(returns) > 0,
        }
        yield situation, outcome


def players_of(episodes: Episodes) -> Players:
    """Return the traits of the players of some injuries, as they were at the first reading."""
    return Players.of(np.array(list(traits_by_episode(episodes).values())))


def traits_by_episode(episodes: Episodes) -> dict[int, Array]:
    """Return the traits of the player of each injury, as they were at its first reading."""
    said, injuries = rows_by_episode(episodes.bulletins), rows_by_episode(episodes.episodes)
    return {key: traits_at(rows[0], said[key][0]) for key, rows in injuries.items()}


def traits_at(injury: Any, b: Any) -> Array:
    """Return the traits of the player of an injury at a reading."""

    def given(value: float) -> float | None:
        return None if np.isnan(value) else float(value)

    before, year = injury.fixtures_before, (injury.year_minutes, injury.year_available)
    return traits_of(
        position=injury.position,
        minutes=(injury.minutes_before, before),
        year=None if np.isnan(year).any() else year,
        appearances=(injury.appearances_before, before),
        price=given(b.price),
        owned=given(b.owned),
    )


def _statement(b: Any, before: Statement) -> Statement:
    """Turn a flag into a statement that counts from when it was first read. A date that had passed by then is none."""
    kind, chance = b.kind, b.chance if b.kind == "chance" else None
    if kind == "expected" and b.expected_day <= b.day and b.expected_day != before.expected:
        kind = "unknown"
    kinds, expected = kind_weights(kind, chance), b.expected_day if kind == "expected" else np.nan
    same = (kinds == before.kinds).all() and (expected == before.expected or kind != "expected")
    since = before.since if same else b.day
    return Statement(since, b.day, kinds, expected, last_round=b.last_round, match_fitness=bool(b.match_fitness))


def with_proxies(readings: Readings, weight: float) -> Readings:
    """Append every flagged reading again as if nothing had been said, so that the recovery curve can stand alone.

    Each of those counts ``weight``.
    """
    flagged = np.flatnonzero(readings.table.flagged)
    rows = np.concatenate([np.arange(len(readings.table)), flagged])
    chosen, silent = readings.take(rows), np.arange(len(rows)) >= len(readings.table)
    evidence = replace(chosen.evidence, said=chosen.evidence.said.silenced(silent))
    return replace(chosen, evidence=evidence, weight=np.where(silent, weight, 1.0))
