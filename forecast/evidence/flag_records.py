"""The record of each kind of flag: its stated probability, and how often it came true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Mask
from ..scoring.bootstrap import Mean, clustered_mean
from ..terms import CHANCES, FLAG_KINDS
from .readings import Readings


@dataclass(frozen=True)
class FlagRecord:
    """One kind of flag: how often it was read, what it says, and what happened, with its 95% interval by player."""

    flag: str
    n: int
    said: float | None
    seen: Mean


def flag_records(readings: Readings) -> list[FlagRecord]:
    """Count for each kind of flag how often the player appeared in the next fixture, or by the promised date.

    The percentages come from high to low, then the date, and the flag that names none.
    """
    flagged = readings.take(np.flatnonzero(readings.table.flagged))
    of_kind = dict(zip(FLAG_KINDS, flagged.evidence.said.kinds.T == 1.0, strict=True))
    next_one, player = flagged.appeared & (flagged.misses == 0), flagged.table.player.to_numpy()
    by_date, decided = _kept(flagged)
    kinds: list[tuple[str, Mask, float | None, Mask]] = [
        *((f"{c}% to play: plays the next match", of_kind[f"{c}"], c / 100, next_one) for c in reversed(CHANCES)),
        ("Back on a date: has played by the match that follows it", decided, 1.0, by_date),
        ("No return date: plays the next match", of_kind["unknown"], None, next_one),
    ]
    return [
        FlagRecord(flag, int(rows.sum()), said, clustered_mean(seen[rows].astype(float), player[rows]))
        for flag, rows, said, seen in kinds
    ]


def _kept(flagged: Readings) -> tuple[Mask, Mask]:
    """Tell whether the player had appeared by the first fixture after the promised date, and where that is known."""
    e = flagged.evidence
    promised = np.isfinite(e.said.expected)
    first = (e.fixtures < e.said.expected[:, None]).sum(axis=1)
    back = flagged.appeared & (flagged.misses <= first)
    return back, promised & (first < e.known) & (back | (flagged.misses > first))
