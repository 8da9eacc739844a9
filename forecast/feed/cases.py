"""Open injuries of the feed as cases: what was known of them at a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby
from typing import Any

import pandas as pd

from ..case.bulletin import Bulletin
from ..case.case import Case
from ..case.fixture import Fixture
from ..io.errors import CaseError, Problem
from ..io.fields import set_fields
from ..io.values import bare
from ..terms import LEAGUE, OFFICIAL
from ..wording import written
from .injuries import FIT, LEFT, Injury, injuries_of, lacks_fitness, no_injury, word_of
from .snapshots import MATCH, Game, Match, Record, Schedule, Status
from .tables import last_ten, last_year, owned_class, price_class

_ALIKE = 0.5  # how alike the name of a club and the one that it may be are: "Man Utd" of "Manchester United"


@dataclass(frozen=True, init=False)
class FeedCase(Case):
    """An open injury of the feed: a case, with who the player is there.

    Attributes
    ----------
    element, code : int
        The id of the season and the permanent one.
    club : str
    said : str
        The words of the feed at the reading.
    """

    element: int
    code: int
    club: str
    said: str

    def __init__(self, *, element: int, code: int, club: str, said: str, **case: Any) -> None:
        super().__init__(**case)
        set_fields(self, element=element, code=code, club=club, said=said)


@dataclass(frozen=True)
class Known:
    """The readings up to a moment.

    Attributes
    ----------
    record : Record
    as_of : Timestamp
    schedules : dict of str to Schedule
        The last one of each season.
    now : Schedule
        That of the last reading.
    """

    record: Record
    as_of: pd.Timestamp
    schedules: dict[str, Schedule]
    now: Schedule

    @classmethod
    def at(cls, record: Record, as_of: pd.Timestamp) -> Known:
        """Cut a record to a moment.

        Raises
        ------
        CaseError
            If it is before the first reading.
        """
        past = [schedule for schedule in record.schedules if schedule.time <= as_of]
        if not past:
            first = record.schedules[0].time
            raise CaseError.of("as_of", written(as_of), f"must not be before the first reading, {first}")
        return cls(record, as_of, {schedule.season: schedule for schedule in past}, past[-1])

    def club_of(self, asked: str | None) -> int | None:
        """Return the id of the club of that short or long name, the beginning of one, or with more words, or id.

        None stands for all of them.

        Raises
        ------
        CaseError
            If there is none, or several begin so.
        """
        if asked is None:
            return None
        keys = sorted({key for match in self.now.fixtures for key in (match.home, match.away)})
        names = {key: (*map(bare, self.now.clubs.get(key, ())), str(key)) for key in keys}
        text = bare(asked)
        found = [key for key in keys if text in names[key]]
        found = found or [key for key in keys if names[key][1:-1] and text.startswith(f"{names[key][1]} ")]
        found = found or [key for key in keys if text and any(name.startswith(text) for name in names[key][:-1])]
        if len(found) == 1:
            return found[0]
        near = [key for key in keys if any(name and text.startswith(name) for name in names[key][:-1])]
        near = near or [key for key in keys if get_close_matches(text, names[key][:-1], 1, _ALIKE)]
        which = [f"{self.now.club(key)} ({self.now.clubs[key].name})" for key in found or near]
        allowed = f"must be one of {', '.join(sorted(map(self.now.club, keys)))}"
        raise CaseError.of("club", asked, f"{allowed}: did you mean {' or '.join(which)}?" if which else allowed)

    def check_player(self, asked: str | None) -> None:
        """Raise a CaseError where no player of the last reading has that text in the name, or that id."""
        known = [statuses[-1] for code in self.record.statuses if (statuses := self.statuses(code))]
        if not any(_is_player(status, asked) for status in known):
            near = get_close_matches(str(asked), [status.name for status in known], 1)
            allowed = "must be in the name of a player of the feed, or an id or code"
            raise CaseError.of("player", asked, f"{allowed}: did you mean {near[0]}?" if near else allowed)

    def statuses(self, code: int) -> list[Status]:
        """List the readings of a player up to the moment; none of a player whom the last one does not hold."""
        found = [status for status in self.record.statuses[code] if status.time <= self.as_of]
        return found if found and found[-1].time == self.now.time else []

    def games(self, code: int) -> list[Game]:
        """List the matches of a player that were over."""
        return [game for game in self.record.games.get(code, []) if game.kickoff + MATCH <= self.as_of]


def open_cases(
    known: Known, part: str | None, club: int | None, player: str | None, cleared: bool
) -> tuple[list[FeedCase], list[Problem]]:
    """List the cases of the players of a club, by club and name, and what is wrong with those that cannot be used."""
    cases: list[FeedCase] = []
    problems: list[Problem] = []
    present = [statuses for code in known.record.statuses if (statuses := known.statuses(code))]
    names = Counter(statuses[-1].name for statuses in present)
    for statuses in present:
        now = statuses[-1]
        if club not in (None, now.club) or not _is_player(now, player):
            continue
        games = known.games(now.code)
        injuries = [_since_last_match(injury, games) for injury in injuries_of(statuses, games)[-1:]]
        if not injuries or not _is_open(injuries[0], statuses, part, cleared):
            continue
        name = now.name if names[now.name] == 1 else f"{now.name} ({known.now.club(now.club)})"
        try:
            cases.append(_case(known, injuries[0], statuses, games, name))
        except CaseError as error:
            problems += error.located(entry=name).problems
    return sorted(cases, key=lambda case: (case.club, case.player)), problems


def _is_player(status: Status, asked: str | None) -> bool:
    return asked is None or bare(asked) in (str(status.code), str(status.element)) or bare(asked) in bare(status.name)


def _since_last_match(injury: Injury, games: Sequence[Game]) -> Injury:
    """Cut an injury to what was said since the player last appeared: a flag that stood on then begins there."""
    played = [game.kickoff for game in games if game.minutes > 0 and game.kickoff > injury.word]
    if not played:
        return injury
    said = tuple(status for status in injury.said if status.time > played[-1])
    return replace(injury, word=played[-1], said=said, appeared=played[-1])


def _is_open(injury: Injury, statuses: Sequence[Status], part: str | None, cleared: bool) -> bool:
    """Tell whether an injury of the part goes on: a flag since the last appearance, and nothing else since."""
    since = [status for status in statuses if injury.ended is not None and status.time >= injury.ended]
    elsewhere = any(not (s.state == FIT or no_injury(s) or lacks_fitness(s)) for s in since)
    flagged = any(status.state != FIT for status in injury.said)
    gone = statuses[-1].state == LEFT or elsewhere or not flagged
    return not gone and part in (None, injury.part) and (cleared or injury.cleared is None)


def _case(known: Known, injury: Injury, statuses: Sequence[Status], games: Sequence[Game], name: str) -> FeedCase:
    now, (onset, _) = statuses[-1], injury.onset(games)
    fixtures, notes = _fixtures(known, statuses, games, onset)
    played, more = _played(games, statuses, onset)
    return FeedCase(
        element=now.element,
        code=now.code,
        club=known.now.club(now.club),
        said=now.news or "Available",
        notes=(*_odd(known, injury, statuses), *notes, *more),
        player=name,
        onset=onset,
        as_of=known.as_of,
        fixtures=fixtures,
        bulletins=list(_bulletins(injury)),
        position=now.position,
        price=price_class(now.price),
        owned=owned_class(now.owned),
        body_part=injury.part,
        **played,
    )


def _fixtures(
    known: Known, statuses: Sequence[Status], games: Sequence[Game], onset: pd.Timestamp
) -> tuple[list[Fixture], list[str]]:
    """List the matches of the player's clubs since onset and ahead, and note those that are left out."""
    found, open_, under_way, unknown = [], [], [], 0
    seen = {(game.season, game.fixture) for game in games}
    for schedule, match in _matches(known, statuses):
        title = schedule.title(match)
        if match.kickoff is None or match.round is None:
            open_ += [title] if schedule is known.now else []
        elif known.as_of - MATCH < match.kickoff <= known.as_of:
            under_way.append(title)
        elif match.kickoff > onset:
            found.append(Fixture(title, match.kickoff, LEAGUE, round=match.round))
            unknown += match.kickoff <= known.as_of and (schedule.season, match.id) not in seen
    notes = [f"Left out, without a round or a kick-off: {', '.join(open_)}."] if open_ else []
    notes += [f"Left out, under way: {', '.join(under_way)}."] if under_way else []
    if unknown:
        notes.append(f"The readings do not say who played in {unknown} of the matches since: taken as missed.")
    return found, notes


def _matches(known: Known, statuses: Sequence[Status]) -> Iterator[tuple[Schedule, Match]]:
    """Yield the matches of the club that the player was at, by the last reading before each or else the first after."""
    for schedule in known.schedules.values():
        of_season = [status for status in statuses if status.season == schedule.season]
        for match in schedule.fixtures if of_season else ():
            when = known.as_of if match.kickoff is None else match.kickoff
            club = next((s.club for s in reversed(of_season) if s.time <= when), of_season[0].club)
            if club in (match.home, match.away):
                yield schedule, match


def _played(games: Sequence[Game], statuses: Sequence[Status], onset: pd.Timestamp) -> tuple[dict[str, Any], list[str]]:
    """Return how much the player played before onset, as far as the readings hold it, and note what they do not."""
    fixtures, appearances, minutes = last_ten(games, onset)
    available, year_minutes = last_year(games, statuses, onset)
    played: dict[str, Any] = {}
    if available:
        played |= {"usual_minutes": min(year_minutes / available, 90.0), "usual_fixtures": available}
    if not fixtures:
        return played, ["The readings do not say how much he played before the injury."]
    return played | {"fixtures_before": fixtures, "appearances_before": appearances, "minutes_before": minutes}, []


def _bulletins(injury: Injury) -> Iterator[Bulletin]:
    """Yield every statement with the first reading that held it and the last; a clearance taken back is none."""
    flags = [(status, word_of(status)) for status in injury.said if status.state != FIT]
    for word, run in groupby(flags, key=lambda flag: flag[1]):
        times = [status.time for status, _ in run]
        yield Bulletin(times[0], seen=times[-1], source=OFFICIAL, **word._asdict())
    if injury.cleared is not None:
        yield Bulletin(injury.cleared, "available")


def _odd(known: Known, injury: Injury, statuses: Sequence[Status]) -> Iterator[str]:
    """Yield what was odd about the news."""
    now, last = statuses[-1], injury.said[-1]
    if injury.appeared is not None:
        yield f"He appeared on {injury.word:%d %b %Y} with the flag standing: counted from that match."
    since = [status for status in statuses if status.season == now.season and status.time >= injury.said[0].time]
    if last.time < now.time:
        yield f"The feed now says “{now.news}”; its last word on the injury, of {last.time:%d %b %Y}, stands."
    if any(status.state == FIT and status.time < last.time for status in since) and injury.cleared is None:
        yield "A flag that was lifted came back with its old date: counted as never lifted."
    if word_of(now).match_fitness:
        yield "“Lack of match fitness” is the end of the same injury."
    if since[0].club != now.club:
        yield f"Moved from {known.now.club(since[0].club)} to {known.now.club(now.club)} since."
