"""The feed as read: cases of now, past injuries, and what became of a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..episodes import Episodes
from ..io.errors import MISSING, CaseError, DataError, Problem
from ..io.fields import Time, utc
from ..io.read import path_of
from ..terms import BODY_PARTS
from .archive import archive_readings
from .cases import FeedCase, Known, open_cases
from .official import official_readings
from .snapshots import Record, record_of
from .tables import episodes_of

_A_DAY = pd.Timedelta(days=1)  # by which a match may have been moved and still be the one that was forecast


@dataclass(frozen=True)
class Feed:
    """Readings of the official fantasy feed in order of time, as :func:`forecast.read_feed` reads them.

    Attributes
    ----------
    record : Record
        What the readings tell, by player.
    problems : tuple of Problem
        What could not be read and was left out; ``str`` of each is a line.
    """

    record: Record = field(repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def readings(self) -> list[pd.Timestamp]:
        """The moments of the readings, in order."""
        return sorted({schedule.time for schedule in self.record.schedules})

    def rounds(self, as_of: Time | None = None) -> list[int]:
        """List the rounds with matches ahead, as they were known at a moment; the last reading where it is left out."""
        known = self._known(as_of)
        ahead = (match for match in known.now.fixtures if match.kickoff is not None and match.kickoff > known.as_of)
        return sorted({match.round for match in ahead if match.round is not None})

    def cases(
        self,
        as_of: Time | None = None,
        injury: str | None = "hamstring",
        club: str | None = None,
        player: str | None = None,
        cleared: bool = False,
    ) -> list[FeedCase]:
        """List the open injuries at a moment.

        Parameters
        ----------
        as_of : date, datetime or str, optional
            The moment of the forecasts; nothing that was read later is used, but for the minutes of matches that were
            over by then. A bare date ends at 23:59:59. The last reading where it is left out.
        injury : {"hamstring", "thigh", "calf", "groin", "muscle"}, optional
            What is hurt; None for all five.
        club : str, optional
            Only its players: the short or the long name of the feed, in any letters, the beginning of one, or the id.
        player : str, optional
            Only players with this text in the name, or with this id or code.
        cleared : bool
            With those whose flag is gone and who have not appeared yet.

        Returns
        -------
        list of FeedCase
            By club and name. A :class:`~forecast.Case` each, whose bulletins are ``issued`` at the first reading that
            carried them, as in the tables, and ``seen`` at the last; with ``element`` and ``code`` (the ids of the
            feed), ``club``, ``said`` (the words of the feed) and ``notes`` on what was odd. Without those who left, and
            those without a fixture ahead.

        Raises
        ------
        CaseError
            If there is no such club, player or body part, or the moment is before the first reading.
        """
        return self.injured(as_of, injury, club, player, cleared)[0]

    def injured(
        self,
        as_of: Time | None = None,
        injury: str | None = "hamstring",
        club: str | None = None,
        player: str | None = None,
        cleared: bool = False,
    ) -> tuple[list[FeedCase], list[Problem]]:
        """List the :meth:`cases`, and why open injuries that cannot be forecast are not among them."""
        if injury is not None and injury not in BODY_PARTS:
            raise CaseError.of("injury", injury, f"must be one of {', '.join(BODY_PARTS)}")
        known = self._known(as_of)
        known.check_player(player)
        return open_cases(known, injury, known.club_of(club), player, cleared)

    def episodes(self, seasons: str | Iterable[str] | None = None, injury: str | None = None) -> Episodes:
        """Turn the readings into past injuries, for :func:`forecast.fit`.

        Parameters
        ----------
        seasons : str or iterable of str, optional
            Of the first reading, such as ``"2023-24"``; all where it is left out.
        injury : str, optional
            One of the five body parts; all where it is left out.

        Returns
        -------
        Episodes
            By the rules of ``data/premier_league/README.md``; players and episodes are numbered at random.

        Raises
        ------
        DataError
            If there is no such season or body part, or no injury that is followed to a fixture.
        """
        found = self._episodes if injury is None else self._episodes.of(injury)
        if seasons is None:
            return found
        wanted = [seasons] if isinstance(seasons, str) else list(seasons)
        there = sorted({schedule.season for schedule in self.record.schedules})
        if unknown := [season for season in wanted if season not in there]:
            raise DataError(Problem("seasons", season, f"must be one of {', '.join(there)}") for season in unknown)
        return found.where(found.episodes.season.isin(wanted))

    def outcomes(self, cases: Sequence[FeedCase]) -> pd.DataFrame:
        """Tell for the fixtures ahead of some cases whether the player appeared, as far as the readings know by now.

        Returns
        -------
        DataFrame
            ``player``, ``onset``, ``fixture``, ``kickoff``, ``appeared``: what :func:`score` of a log takes. Without
            matches that were moved by more than a day.
        """
        titles = {(s.season, match.id): s.title(match) for s in self.record.schedules for match in s.fixtures}
        rows = []
        for case in cases:
            games = self.record.games.get(case.code, [])
            for fixture in case.ahead():
                minutes = [
                    game.minutes
                    for game in games
                    if titles.get((game.season, game.fixture)) == fixture.fixture
                    and abs(game.kickoff - fixture.kickoff) <= _A_DAY
                ]
                if minutes:
                    rows.append((case.player, case.onset, fixture.fixture, fixture.kickoff, max(minutes) > 0))
        return pd.DataFrame(rows, columns=["player", "onset", "fixture", "kickoff", "appeared"])

    def _known(self, as_of: Time | None) -> Known:
        return Known.at(self.record, self.readings[-1] if as_of is None else utc(as_of, field="as_of"))

    @cached_property
    def _episodes(self) -> Episodes:
        return episodes_of(self.record)


def read_feed(path: str | Path, time: Time | None = None) -> Feed:
    """Read the official fantasy feed: its files as downloaded, or a clone of the public archive of it.

    Parameters
    ----------
    path : path
        A folder of readings, each a sub-folder named by its time (``2024-02-02T2053Z``) with the feed's own files
        ``bootstrap-static.json``, ``fixtures.json`` and perhaps ``live-N.json``; a single such folder; or a git clone
        in which ``data/SEASON/players_raw.csv``, ``fixtures.csv`` and ``gws/gwN.csv`` change from commit to commit.
    time : date, datetime or str, optional
        When a single folder was read; that of its file where it is left out.

    Returns
    -------
    Feed
        Of the good readings; its ``problems`` name the files and entries that could not be used.

    Raises
    ------
    DataError
        One line for each problem, if no reading is good.
    """
    folder, problems = path_of(path, DataError), list[Problem]()
    if not folder.is_dir():
        raise DataError.of("", MISSING, "must be a folder of the feed", file=str(path))
    if (folder / ".git").exists() or (folder / "objects").is_dir():
        record = record_of(archive_readings(folder, problems))
    else:
        record = record_of(official_readings(folder, None if time is None else utc(time, field="time"), problems))
    if not record.schedules:
        raise DataError(problems or [Problem("", "no reading", "must have one that can be used", file=folder.name)])
    return Feed(record, tuple(problems))
