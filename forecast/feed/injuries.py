"""The injuries of a player, from readings in order of time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from .news import FIT, body_part, first_word, lacks_fitness
from .snapshots import Game, Status

_BEFORE = pd.Timedelta(days=4)  # from the last appearance to the first word, if it was in that match


@dataclass(frozen=True)
class Injury:
    """An injury as the readings tell it, up to the last of them.

    Attributes
    ----------
    part : str
    season : str
        Of the first reading.
    word : Timestamp
        When the feed first carried it.
    said : tuple of Status
        The readings that speak of it: flags, then perhaps clearances.
    cleared, appeared, ended : Timestamp or None
        The first reading without the flag; the kick-off of the first appearance after the first word; the first reading
        at which another injury, another absence or a move had taken over.
    """

    part: str
    season: str
    word: pd.Timestamp
    said: tuple[Status, ...]
    cleared: pd.Timestamp | None = None
    appeared: pd.Timestamp | None = None
    ended: pd.Timestamp | None = None

    def onset(self, games: Sequence[Game]) -> tuple[pd.Timestamp, bool]:
        """Return day 0, and whether it is a match: the last appearance at most four days before the first word."""
        played = [g.kickoff for g in games if g.minutes > 0 and self.word - _BEFORE <= g.kickoff <= self.word]
        return (played[-1], True) if played else (self.word, False)


def injuries_of(statuses: Sequence[Status], games: Sequence[Game]) -> list[Injury]:
    """List the injuries of a player in order: a flag raised anew after a clearance or a return is a new one."""
    found: list[Injury] = []
    played = [game.kickoff for game in games if game.minutes > 0]
    for status in statuses:
        part = body_part(status)
        if found:
            found[-1] = last = _appeared(found[-1], played, status.time)
            if part is None and lacks_fitness(status) and last.cleared is None and last.ended is None:
                part = last.part
            if status.state == FIT:
                cleared = status.time if last.cleared is None else last.cleared
                found[-1] = replace(last, cleared=cleared, said=(*last.said, status))
                continue
            if part is not None and not _is_new(last, part, status):  # an old flag shown again takes a clearance back
                found[-1] = replace(last, cleared=None, ended=None, said=(*last.said, status))
                continue
            found[-1] = replace(last, ended=status.time if last.ended is None else last.ended)
        if part is not None:
            found.append(Injury(part, status.season, first_word(status), (status,)))
    return found


def _appeared(injury: Injury, played: Sequence[pd.Timestamp], now: pd.Timestamp) -> Injury:
    first = bisect_right(played, injury.word)
    if injury.appeared is None and first < len(played) and played[first] < now:
        return replace(injury, appeared=played[first])
    return injury


def _is_new(last: Injury, part: str, status: Status) -> bool:
    """Tell whether a flag is of another part, or was raised after the clearance or the return of the last injury."""
    over = [moment for moment in (last.cleared, last.appeared) if moment is not None]
    return part != last.part or any(first_word(status) > moment for moment in over)
