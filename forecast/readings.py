"""Past injuries as situations whose outcome is known: what the model learns from."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .episodes import Episodes
from .evidence import (
    HORIZON,
    KINDS,
    NO_FLAG,
    WINDOW,
    Evidence,
    Integers,
    Situation,
    Statement,
    lay_out,
    odds_of,
)
from .families import Array


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
    inside : ndarray of bool, shape (n, m)
        The cells in which T may lie by what was seen later: after his last flag, up to clearance or appearance.
    weight : ndarray, shape (n,)
        How much each reading counts.
    table : DataFrame
        ``episode``, ``player``, ``season``, ``day``, ``flagged`` (not cleared yet) of each row.
    """

    evidence: Evidence
    misses: Integers
    appeared: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]
    weight: Array
    table: pd.DataFrame

    def take(self, rows: Integers) -> Readings:
        """Some of the readings, in the order of ``rows``."""
        arrays = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name not in ("evidence", "table")}
        return Readings(evidence=self.evidence.take(rows), table=self.table.iloc[rows].reset_index(drop=True), **arrays)


def readings_of(episodes: Episodes) -> Readings:
    """Every reading at which he had not appeared, is still followed and has a fixture within 60 days."""
    ends = episodes.durations().set_index("episode")
    games = {key: (rows.day.to_numpy(), rows.minutes.to_numpy()) for key, rows in episodes.fixtures.groupby("episode")}
    situations, rows = [], []
    for key, bulletins in episodes.bulletins.groupby("episode"):
        episode: Any = ends.loc[key]
        kickoffs, minutes = games[key]
        odds = odds_of(episode.minutes_before, episode.fixtures_before)
        flag, entry = 0.0, (float(episode.lower), float(episode.upper))
        statement, before = Statement(seen=0.0), ""
        b: Any
        for b in bulletins.itertuples():
            if b.kind != "available":
                flag, said = b.day, f"{b.kind} {b.chance} {b.expected_day}"
                since = statement.seen - statement.age if said == before else b.day
                before = said
                statement = Statement(b.day, _code(b), age=b.day - since, expected=b.expected_day)
            ahead = np.flatnonzero((kickoffs > b.day) & (kickoffs <= b.day + WINDOW))[:HORIZON]
            followed = int(np.isfinite(minutes[ahead]).cumprod().sum())
            cleared = b.kind == "available"
            passed = kickoffs[(kickoffs > flag) & (kickoffs <= b.day)] if cleared else np.empty(0)
            if followed == 0 or len(passed) > HORIZON:
                continue
            returns = np.flatnonzero(minutes[ahead[:followed]] > 0)
            situations.append(
                Situation(
                    now=b.day,
                    low=flag,
                    high=entry[1] if cleared else np.inf,
                    missed=passed,
                    ahead=kickoffs[ahead],
                    statement=statement,
                    odds=odds,
                    forward=episode.position == "forward",
                    edges=np.array([*entry, statement.expected]),
                )
            )
            rows.append(
                (
                    key,
                    episode.player,
                    episode.season,
                    b.day,
                    not cleared,
                    *entry,
                    len(passed) + (returns[0] if len(returns) else followed),
                    len(returns) > 0,
                )
            )
    table = pd.DataFrame(
        rows,
        columns=["episode", "player", "season", "day", "flagged", "lower", "upper", "misses", "appeared"],
    )
    evidence = lay_out(situations)
    inside = (evidence.low >= table.lower.to_numpy()[:, None]) & (evidence.high <= table.upper.to_numpy()[:, None])
    return Readings(
        evidence,
        table.misses.to_numpy(np.intp),
        table.appeared.to_numpy(bool),
        inside,
        np.ones(len(table)),
        table,
    )


def with_proxies(readings: Readings, weight: float) -> Readings:
    """The readings, then some of them again as if something else had been said, each of those counting ``weight``.

    Every flagged reading as if nothing had been said, so that the recovery curve can stand alone; and every promised
    date as if he had been ruled out until then, because the data have no player who was ruled out.
    """
    evidence, flagged = readings.evidence, readings.table.flagged.to_numpy()
    promised = flagged & (evidence.code == KINDS.index("expected"))
    silent, ruled_out = np.flatnonzero(flagged), np.flatnonzero(promised)
    rows = np.concatenate([np.arange(len(flagged)), silent, ruled_out])
    own, proxy = np.arange(len(rows)) < len(flagged), np.arange(len(rows)) >= len(rows) - len(ruled_out)
    chosen = readings.take(rows)
    said = chosen.evidence
    said = replace(said, code=np.where(own, said.code, NO_FLAG), until=np.where(proxy, said.expected, said.until))
    return replace(chosen, evidence=said, weight=np.where(own, 1.0, weight))


def _code(b: Any) -> int:
    """Of a flag; a date that had passed when it was read is none."""
    if b.kind == "chance":
        return KINDS.index(f"{b.chance:.0f}")
    return KINDS.index("expected" if b.kind == "expected" and b.expected_day > b.day else "unknown")
