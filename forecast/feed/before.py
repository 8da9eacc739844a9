"""A player before an injury: how much he played, how often he was available, price and ownership in classes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..terms import FIXTURES_BEFORE
from .news import FIT
from .snapshots import Game, Status

_TEN, _YEAR = pd.Timedelta(days=200), pd.Timedelta(days=400)  # how far back the last ten and those of the year may lie
_OF_A_YEAR = 38
_STALE = pd.Timedelta(days=21)  # a reading before kick-off that is older tells nothing of the day of the match
_DEAREST = 9.0
_OWNED = ((0.15, 0.05), (0.45, 0.25), (1.5, 0.8), (4.5, 2.5), (15.0, 8.0), (100.0, 25.0))  # upper ends, middles


def last_ten(games: Sequence[Game], onset: pd.Timestamp) -> tuple[int, int, int]:
    """Return fixtures, appearances and minutes of the last ten fixtures up to onset, at most 200 days back."""
    minutes = _minutes(games, onset, _TEN)[-FIXTURES_BEFORE:]
    return len(minutes), sum(m > 0 for m in minutes), sum(minutes)


def last_year(games: Sequence[Game], statuses: Sequence[Status], onset: pd.Timestamp) -> tuple[int, int]:
    """Return the fixtures a player was available for, of the last 38 in 400 days up to onset, and the minutes in them.

    Available: fit at the last reading of the three weeks before kick-off, or no reading in them, or on the pitch.
    """
    times = [status.time for status in statuses]
    known = [game for game in games if onset - _YEAR <= game.kickoff <= onset][-_OF_A_YEAR:]
    minutes = [game.minutes for game in known if game.minutes > 0 or _was_fit(statuses, times, game.kickoff)]
    return len(minutes), sum(minutes)


def price_class(price: float) -> float:
    """Return the price as the tables have it: to the nearest half, 9 for 9 and more."""
    return float(min(_DEAREST, np.floor(2.0 * price + 0.5) / 2.0))


def owned_class(owned: float) -> float:
    """Return the ownership as the tables have it: the middle of its class."""
    return next(middle for upper, middle in _OWNED if owned <= upper)


def _minutes(games: Sequence[Game], onset: pd.Timestamp, back: pd.Timedelta) -> list[int]:
    return [game.minutes for game in games if onset - back <= game.kickoff <= onset]


def _was_fit(statuses: Sequence[Status], times: Sequence[pd.Timestamp], kickoff: pd.Timestamp) -> bool:
    i = bisect_left(times, kickoff) - 1
    return i < 0 or times[i] < kickoff - _STALE or statuses[i].state == FIT
