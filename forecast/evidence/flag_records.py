"""The record of each kind of flag: its stated probability, and how often it came true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import Mask
from ..scoring.bootstrap import Mean, clustered_mean
from ..terms import FLAG_KINDS
from .readings import Readings


@dataclass(frozen=True)
class FlagRecord:
    """One kind of flag: how often it was read, what it says, and what happened, with its 95% interval by player."""

    flag: str
    n: int
    said: float | None
    seen: Mean


def flag_records(readings: Readings) -> list[FlagRecord]:
    """Count for each kind of flag how often the player appeared in the next fixture, or by the promised date."""
    return list(_records(readings.take(np.flatnonzero(readings.table.flagged))))


def _records(flagged: Readings) -> Iterator[FlagRecord]:
    """The percentages from high to low, the date, and the flag that names none."""
    kinds, next_one = flagged.evidence.said.kinds, flagged.appeared & (flagged.misses == 0)
    player = flagged.table.player.to_numpy()

    def record(flag: str, rows: Mask, said: float | None, seen: Mask) -> FlagRecord:
        return FlagRecord(flag, int(rows.sum()), said, clustered_mean(seen[rows].astype(float), player[rows]))

    for chance in (75, 50, 25):
        rows = kinds[:, FLAG_KINDS.index(str(chance))] == 1.0
        yield record(f"{chance}% to play: plays the next match", rows, chance / 100, next_one)
    by_date, decided = _kept(flagged)
    yield record("Back on a date: has played by the match that follows it", decided, 1.0, by_date)
    yield record("No return date: plays the next match", kinds[:, FLAG_KINDS.index("unknown")] == 1.0, None, next_one)


def _kept(flagged: Readings) -> tuple[Mask, Mask]:
    """Tell whether the player had appeared by the first fixture after the promised date, and where that is known."""
    e = flagged.evidence
    promised = np.isfinite(e.said.expected)
    first = (e.fixtures < e.said.expected[:, None]).sum(axis=1)
    back = flagged.appeared & (flagged.misses <= first)
    return back, promised & (first < e.known) & (back | (flagged.misses > first))
