"""Past injuries as situations whose outcome is known: what the model learns from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from .episodes import Episodes
from .evidence import KINDS, NO_FLAG, Evidence, Integers, Situation, Statement, lay_out, odds_of
from .families import Array

HORIZON, WINDOW = 6, 60.0  # fixtures ahead, and days, that a reading is followed over


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
    table : DataFrame
        ``episode``, ``player``, ``season``, ``day``, ``flagged`` (not cleared yet) of each row.
    """

    evidence: Evidence
    misses: Integers
    appeared: npt.NDArray[np.bool_]
    inside: npt.NDArray[np.bool_]
    weight: Array
    table: pd.DataFrame


def readings_of(episodes: Episodes) -> Readings:
    """Every reading at which he had not appeared, is still followed and has a fixture within 60 days."""
    ends = episodes.durations().set_index("episode")
    games = {key: (rows.day.to_numpy(), rows.minutes.to_numpy()) for key, rows in episodes.fixtures.groupby("episode")}
    situations, rows = [], []
    for key, bulletins in episodes.bulletins.groupby("episode"):
        episode, (kickoffs, minutes) = ends.loc[key], games[key]
        odds = odds_of(episode.appearances_before, episode.fixtures_before)
        flag, entry = 0.0, (float(episode.lower), float(episode.upper))
        statement = Statement(seen=0.0)
        for b in bulletins.itertuples():
            if b.kind != "available":
                flag, statement = b.day, Statement(b.day, _code(b.kind, b.chance), b.expected_day)
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
                    edges=np.array(entry),
                )
            )
            rows.append((key, episode.player, episode.season, b.day, not cleared, *entry, len(passed) + (returns[0] if len(returns) else followed), len(returns) > 0))
    table = pd.DataFrame(rows, columns=["episode", "player", "season", "day", "flagged", "lower", "upper", "misses", "appeared"])
    evidence = lay_out(situations)
    inside = (evidence.low >= table.lower.to_numpy()[:, None]) & (evidence.high <= table.upper.to_numpy()[:, None])
    return Readings(evidence, table.misses.to_numpy(np.intp), table.appeared.to_numpy(bool), inside, np.ones(len(table)), table)


def with_silence(readings: Readings, weight: float) -> Readings:
    """Each flagged reading a second time, as if nothing had been said: so that the recovery curve can stand alone."""
    flagged = np.flatnonzero(readings.table.flagged)
    twice = np.concatenate([np.arange(len(readings.table)), flagged])
    silent = np.arange(len(twice)) >= len(readings.table)
    evidence = readings.evidence.take(twice)
    return Readings(
        replace(evidence, code=np.where(silent, NO_FLAG, evidence.code)),
        readings.misses[twice],
        readings.appeared[twice],
        readings.inside[twice],
        np.where(silent, weight, 1.0),
        readings.table.iloc[twice].reset_index(drop=True),
    )


def where(readings: Readings, chosen: npt.NDArray[np.bool_]) -> Readings:
    """Some of the readings."""
    rows = np.flatnonzero(chosen)
    return Readings(
        readings.evidence.take(rows), readings.misses[rows], readings.appeared[rows], readings.inside[rows],
        readings.weight[rows], readings.table.iloc[rows].reset_index(drop=True),
    )  # fmt: skip


def _code(kind: str, chance: float) -> int:
    if kind == "chance":
        return KINDS.index(f"{chance:.0f}")
    return KINDS.index(kind) if kind in KINDS else NO_FLAG
