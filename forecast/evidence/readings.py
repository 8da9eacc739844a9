"""Past injuries as situations whose outcome is known: what the model learns from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import Array, Integers
from ..episodes.episodes import Episodes
from ..io.errors import DataError, Problem
from ..terms import FLAG_KINDS, HORIZON, NO_FLAG, WINDOW
from .grid import Evidence, lay_out
from .situation import Situation, Statement, minutes_logit


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
    inside : ndarray, shape (n, m)
        How much of each cell T may lie in by what was seen later: after his last flag, up to clearance or appearance.
    weight : ndarray, shape (n,)
        How much each reading counts.
    table : DataFrame
        ``episode``, ``player``, ``season``, ``day``, ``flagged`` (not cleared yet) of each row.
    """

    evidence: Evidence
    misses: Integers
    appeared: npt.NDArray[np.bool_]
    inside: Array
    weight: Array
    table: pd.DataFrame

    def take(self, rows: Integers) -> Readings:
        """Select readings, in the order of ``rows``."""
        arrays = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name not in ("evidence", "table")}
        return Readings(evidence=self.evidence.take(rows), table=self.table.iloc[rows].reset_index(drop=True), **arrays)


def readings_of(episodes: Episodes) -> Readings:
    """List every reading before the return that is followed to a next fixture within 60 days.

    Cleared players who were passed over more than six times since are left out.
    """
    injuries = episodes.durations().set_index("episode")
    games = {key: (rows.day.to_numpy(), rows.minutes.to_numpy()) for key, rows in episodes.fixtures.groupby("episode")}
    found = [
        reading
        for key, bulletins in episodes.bulletins.groupby("episode")
        for reading in _of_injury(injuries.loc[key], *games[key], bulletins)
    ]
    if not found:
        raise DataError(
            [Problem("", "no reading", "must have one with a fixture that is followed", file="bulletins.csv")]
        )
    evidence, table = lay_out([situation for situation, _ in found]), pd.DataFrame([outcome for _, outcome in found])
    lower, upper = (table[end].to_numpy()[:, None] for end in ("lower", "upper"))
    overlap = np.minimum(evidence.high, upper) - np.maximum(evidence.low, lower)
    width = evidence.high - evidence.low
    return Readings(
        evidence=evidence,
        misses=table.misses.to_numpy(np.intp),
        appeared=table.appeared.to_numpy(bool),
        inside=np.clip(overlap / np.where(width > 0, width, 1.0), 0.0, 1.0),
        weight=np.ones(len(table)),
        table=table,
    )


def _of_injury(
    injury: Any, kickoffs: Array, minutes: Array, bulletins: pd.DataFrame
) -> Iterator[tuple[Situation, dict[str, Any]]]:
    """The readings of one injury, each with what came of it. No situation holds anything that came later."""
    statement = Statement(seen=0.0)
    b: Any
    for b in bulletins.itertuples():
        cleared = b.kind == "available"
        statement = statement if cleared else _statement(b, statement)
        ahead = np.flatnonzero((kickoffs > b.day) & (kickoffs <= b.day + WINDOW))[:HORIZON]
        passed = kickoffs[(kickoffs > statement.seen) & (kickoffs <= b.day)] if cleared else np.empty(0)
        followed = int(np.isfinite(minutes[ahead]).cumprod().sum())
        if followed == 0 or len(passed) > HORIZON:
            continue
        situation = Situation(
            now=b.day,
            low=statement.seen,
            high=injury.upper if cleared else np.inf,
            missed=passed,
            ahead=kickoffs[ahead],
            statement=statement,
            minutes_logit=minutes_logit(injury.minutes_before, injury.fixtures_before),
            forward=injury.position == "forward",
            edges=np.array([statement.expected]),
        )
        returns = np.flatnonzero(minutes[ahead[:followed]] > 0)
        outcome = {
            "episode": injury.name,
            "player": injury.player,
            "season": injury.season,
            "day": b.day,
            "flagged": not cleared,
            "lower": injury.lower,
            "upper": injury.upper,
            "misses": len(passed) + (returns[0] if len(returns) else followed),
            "appeared": len(returns) > 0,
        }
        yield situation, outcome


def _statement(b: Any, before: Statement) -> Statement:
    """Turn a flag into a statement, with its age. A date that had passed when it was read is none."""
    kind = f"{b.chance:.0f}" if b.kind == "chance" else b.kind
    if kind == "expected" and b.expected_day <= b.day:
        kind = "unknown"
    code, expected = FLAG_KINDS.index(kind), b.expected_day if kind == "expected" else np.nan
    same = code == before.code and (expected == before.expected or kind != "expected")
    return Statement(b.day, code, age=b.day - before.seen + before.age if same else 0.0, expected=expected)


def with_proxies(readings: Readings, weight: float) -> Readings:
    """Append some of the readings again as if something else had been stated, each of those counting ``weight``.

    Every flagged reading as if nothing had been said, so that the recovery curve can stand alone; and every promised
    date as if he had been ruled out until then, because the data have no player who was ruled out.
    """
    evidence, flagged = readings.evidence, readings.table.flagged.to_numpy()
    promised = flagged & (evidence.code == FLAG_KINDS.index("expected"))
    silent, ruled_out = np.flatnonzero(flagged), np.flatnonzero(promised)
    rows = np.concatenate([np.arange(len(flagged)), silent, ruled_out])
    own, proxy = np.arange(len(rows)) < len(flagged), np.arange(len(rows)) >= len(rows) - len(ruled_out)
    chosen = readings.take(rows)
    said = chosen.evidence
    said = replace(said, code=np.where(own, said.code, NO_FLAG), until=np.where(proxy, said.expected, said.until))
    return replace(chosen, evidence=said, weight=np.where(own, 1.0, weight))
