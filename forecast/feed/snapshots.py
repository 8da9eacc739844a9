"""The model of a reading of the feed, wherever it was read, and the record that many readings make together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import pandas as pd

MATCH = pd.Timedelta(hours=2)  # from kick-off until the minutes of a match are known


class Status(NamedTuple):
    """A player at one reading. ``element`` is the id of the season, ``code`` the permanent one."""

    time: pd.Timestamp
    season: str
    element: int
    code: int
    name: str
    club: int
    position: str
    state: str  # a fit, d doubtful, i injured, s suspended, n not available, u left
    news: str
    added: pd.Timestamp | None  # the first word of the spell of news, not of the sentence
    last_round: int | None  # percent
    next_round: int | None
    price: float  # millions
    owned: float  # percent


class Match(NamedTuple):
    """A fixture of the league as it stood at a reading; without a round or a kick-off while it is not scheduled."""

    id: int
    round: int | None
    kickoff: pd.Timestamp | None
    home: int
    away: int


class Club(NamedTuple):
    """A club: its short name, which is shown, and the long one."""

    short: str
    name: str


class Played(NamedTuple):
    """The minutes of a player in a match; the kick-off is that of the fixture list where it is None."""

    season: str
    element: int
    fixture: int
    minutes: int
    kickoff: pd.Timestamp | None = None


class Game(NamedTuple):
    """A match of a player's team that is over, and the minutes of the player in it."""

    kickoff: pd.Timestamp
    minutes: int
    season: str
    fixture: int


@dataclass(frozen=True)
class Reading:
    """One look at the feed: what stood there at a moment. A list that was not read again is that of before."""

    time: pd.Timestamp
    season: str
    players: tuple[Status, ...]
    fixtures: tuple[Match, ...] = ()
    clubs: dict[int, Club] = field(default_factory=dict)
    played: tuple[Played, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """The fixtures and clubs of a season as they were known at a reading."""

    time: pd.Timestamp
    season: str
    fixtures: tuple[Match, ...]
    clubs: dict[int, Club]

    def club(self, key: int) -> str:
        """Name a club; by its id where there is no list of clubs."""
        return self.clubs[key].short if key in self.clubs else str(key)

    def title(self, match: Match) -> str:
        """``BOU v SHU``."""
        return f"{self.club(match.home)} v {self.club(match.away)}"


@dataclass(frozen=True)
class Record:
    """Many readings in order of time.

    Attributes
    ----------
    statuses : dict of int to list of Status
        By the permanent code of the player, in order of time.
    games : dict of int to list of Game
        The matches of the player's team, by the same code, in order of kick-off.
    schedules : list of Schedule
        One a reading, in order of time.
    """

    statuses: dict[int, list[Status]]
    games: dict[int, list[Game]]
    schedules: list[Schedule]


def record_of(readings: Iterable[Reading]) -> Record:
    """Sort readings by time, whatever their order; of two at one moment the later in the list counts.

    A season that was touched again once a later one had begun tells nothing new of its players.
    """
    statuses: defaultdict[int, dict[pd.Timestamp, Status]] = defaultdict(dict)
    schedules: dict[tuple[pd.Timestamp, str], Schedule] = {}
    played: dict[Played, tuple[pd.Timestamp, Played]] = {}
    for reading in readings:
        schedule = Schedule(reading.time, reading.season, reading.fixtures, reading.clubs)
        if reading.players:
            schedules[reading.time, reading.season] = schedule
        for status in reading.players:
            statuses[status.code][status.time] = status
        for one in reading.played:
            # The archive has a postponed match twice, without minutes at the old kick-off.
            key = one._replace(minutes=0)
            if key not in played or played[key][0] <= reading.time:
                played[key] = reading.time, one
    in_order = {code: sorted(rows.values()) for code, rows in statuses.items()}
    known = sorted(schedules.values(), key=lambda schedule: (schedule.time, schedule.season))
    games = _games(in_order, known, played)
    latest = [*accumulate((schedule.season for schedule in known), max)]
    known = [schedule for schedule, season in zip(known, latest, strict=True) if schedule.season == season]
    new = {(schedule.time, schedule.season) for schedule in known}
    kept = {code: [row for row in rows if (row.time, row.season) in new] for code, rows in in_order.items()}
    return Record({code: rows for code, rows in kept.items() if rows}, games, known)


def _games(
    statuses: dict[int, list[Status]],
    schedules: list[Schedule],
    played: dict[Played, tuple[pd.Timestamp, Played]],
) -> dict[int, list[Game]]:
    """List the matches of each player that were over when their minutes were read; a half-played one tells nothing."""
    kickoffs = {(s.season, match.id): match.kickoff for s in schedules for match in s.fixtures}
    codes = {(row.season, row.element): row.code for rows in statuses.values() for row in rows}
    games = defaultdict(list)
    for read, one in played.values():
        kickoff = one.kickoff or kickoffs.get((one.season, one.fixture))
        code = codes.get((one.season, one.element))
        if code is not None and kickoff is not None and kickoff + MATCH <= read:
            games[code].append(Game(kickoff, one.minutes, one.season, one.fixture))
    return {code: sorted(rows) for code, rows in games.items()}
