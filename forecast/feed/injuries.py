"""The words of the feed on an injury, and the injuries of a player from readings in order of time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

import pandas as pd

from ..terms import CHANCES
from .snapshots import Game, Status

FIT, LEFT = "a", "u"
_WORDS = {
    "thigh": ("thigh", "quad", "dead leg"),
    "calf": ("calf",),
    "groin": ("groin", "adductor"),
    "muscle": ("muscle",),
}  # of the other body parts, before " - "
_BACK = re.compile(r"expected back (\d{1,2}) ([a-z]{3})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLY = pd.Timedelta(days=2)  # that a date may lie before the first word of the injury
_NO_INJURY = re.compile(r"illness|\bill\b|virus|covid|isolat|suspen|ban\b|duty|international|personal|bereave|ineligib")
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
        for game in reversed(games[: bisect_right(games, self.word, key=attrgetter("kickoff"))]):
            if game.kickoff < self.word - _BEFORE:
                break
            if game.minutes > 0:
                return game.kickoff, True
        return self.word, False


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
                flags = [before for before in last.said if before.state != FIT]
                found[-1] = replace(last, cleared=None, ended=None, said=(*flags, status))
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


class Word(NamedTuple):
    """A statement of the feed on an injury, as a row of the tables and a bulletin hold it."""

    kind: str
    chance: int | None
    expected: pd.Timestamp | None
    last_round: int | None
    match_fitness: bool


def body_part(status: Status) -> str | None:
    """Return the muscle that is hurt by the words of the feed; None where the player is fit or lacks something else.

    "Hamstring" counts wherever it stands, the others before " - " and of the injured and doubtful only.
    """
    text = status.news.lower()
    if status.state == FIT:
        return None
    if "hamstring" in text:
        return "hamstring"
    head = text.partition(" - ")[0]
    found = (part for part, words in _WORDS.items() if any(word in head for word in words))
    return next(found, None) if status.state in ("i", "d") else None


def lacks_fitness(status: Status) -> bool:
    """Tell whether the text says that only match fitness is lacking: the tail of an injury."""
    return status.state != FIT and "lack of match fitness" in status.news.lower()


def no_injury(status: Status) -> bool:
    """Tell whether a player is away for another reason than an injury: a suspension, an illness, his country."""
    return status.state in ("s", "n") or bool(_NO_INJURY.search(status.news.lower()))


def first_word(status: Status) -> pd.Timestamp:
    """Return when the feed first carried this spell of news: at the reading, where it does not say or says later."""
    return status.time if status.added is None else min(status.added, status.time)


def word_of(status: Status) -> Word:
    """Put what the feed says of an injured player into the kinds of the tables."""
    about = status.last_round, lacks_fitness(status)
    if status.state == FIT:
        return Word("available", None, None, *about)
    if status.state == "d" and status.next_round in CHANCES:
        return Word("chance", status.next_round, None, *about)
    back = expected_back(status)
    return Word("unknown" if back is None else "expected", None, back, *about)


def expected_back(status: Status) -> pd.Timestamp | None:
    """Return the date of "Expected back 11 Apr", at 00:00; None where there is none.

    The feed gives no year: it is that of the first word, or the next where that would lie more than two days before it.
    """
    found = _BACK.search(status.news.lower())
    if found is None or found[2] not in _MONTHS:
        return None
    word = first_word(status)
    for year in (word.year, word.year + 1):
        try:
            date = pd.Timestamp(year, _MONTHS.index(found[2]) + 1, int(found[1]), tz="UTC")
        except ValueError:  # 29 Feb, 31 Jun
            continue
        if date >= word - _EARLY:
            return date
    return None
