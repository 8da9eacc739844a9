"""The matches of a team, one by one and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from ..io.dates import Time, is_midnight, is_number, moment_of, time_of
from ..io.errors import CaseError, Problem, naming
from ..io.fields import Checker, days_between, set_fields, zone
from ..io.limits import MAX_ENTRIES
from ..io.values import bare, is_blank
from ..terms import KICKOFF
from .fixture_files import rows_of, rows_of_file
from .rows import Row, Rows, competition_in, hour_is_open, is_off, odd_marks, opponent_of, some

NO_ZONE = "Times without a zone are read as UTC; tz= says what else they mean."

_NUMBERS = "Numbers are read as dates and times: "
_ONE_MATCH = 3 / 24  # days


class Fixtures(list["Fixture"]):
    """A list of fixtures with ``notes``: what was left out, or read otherwise than it may have been meant."""

    def __init__(self, fixtures: Iterable[Fixture] = (), notes: Iterable[str] = ()) -> None:
        super().__init__(fixtures)
        self.notes = tuple(notes)


@dataclass(frozen=True, init=False)
class Fixture:
    """A match of the player's team.

    Parameters
    ----------
    fixture : str
        Its name, as it is to be shown.
    kickoff : date, datetime or str
        UTC where it has no zone; a bare date kicks off at 20:00.
    competition : str, optional
        Such as ``"Premier League"``, of which the data are. European and domestic cups are told by their names, in
        which a percentage means less; any other counts as a league.
    round : int, optional
        Its number in the league, by which a fantasy feed groups fixtures. It is shown, and changes nothing.

    Examples
    --------
    >>> import forecast as fc
    >>> fc.Fixture("Rovers v United", "2025-10-04T15:00+01:00").kickoff
    Timestamp('2025-10-04 14:00:00+0000', tz='UTC')
    """

    fixture: str
    kickoff: pd.Timestamp
    competition: str | None
    round: int | None = field(compare=False)

    def __init__(self, fixture: str, kickoff: Time, competition: str | None = None, round: int | None = None) -> None:
        with Checker() as check:
            set_fields(
                self,
                fixture=check.text("fixture", fixture),
                kickoff=check.time("kickoff", kickoff, KICKOFF),
                competition=check.maybe(check.text, "competition", competition),
                round=None if round is None else check.whole("round", round, most=100),
            )

    @classmethod
    def read(
        cls,
        source: str | Path | pd.DataFrame,
        only: str | None = None,
        *,
        tz: str | None = None,
        dayfirst: bool = False,
    ) -> list[Fixture]:
        """Read the matches of a team.

        Parameters
        ----------
        source : path or DataFrame
            A calendar (``.ics``, with the extra ``return-forecast[ics]``), or a table with the columns ``fixture``,
            ``kickoff`` and perhaps ``competition`` and ``status``: a CSV file, an Excel file (``.xlsx``, with the
            extra ``return-forecast[excel]``) or a data frame, also of polars or Arrow. The columns may have other usual
            names, such as ``HomeTeam``, ``AwayTeam``, ``Date`` and ``Time``, or ``Opponent`` and ``Venue`` (H or A).
        only : str, optional
            Only those with this text in the fixture or the competition, in any letters. Of a table that
            names opponents only, as in "City (A)", the team whose it is.
        tz : str, optional
            The zone of times that have none, such as ``"Europe/London"``; UTC where it is left out. Bare dates and
            calendars that name their zone stay as they are.
        dayfirst : bool
            Read dates such as 04/10/2025 with the day first. Where it is left out they are read if others of the column
            say what comes first, as 25/10/2025 does.

        Returns
        -------
        list of Fixture
            In the order of the source, with ``notes`` that a case made of it passes on to its outlook. What is off,
            by its name or its status, or has no date, is left out, for nobody knows when it will be played. Where the
            hour is not known, as the name says ("TBC", "TBA", "TBD") or as the kick-off does that is only a date or
            is midnight (of any zone but UTC), the date counts, as a bare date does.

        Raises
        ------
        CaseError
            One line for each problem. There may be 1,000 matches, and 1,000,000 bytes of a file.

        Examples
        --------
        >>> import pandas as pd
        >>> import forecast as fc
        >>> names, kickoffs = ["Rovers v City", "United v City"], ["2025-10-04", "2025-10-05"]
        >>> fc.Fixture.read(pd.DataFrame({"fixture": names, "kickoff": kickoffs}), only="rovers")[0].kickoff
        Timestamp('2025-10-04 20:00:00+0000', tz='UTC')
        """
        with Checker() as check:
            only = check.maybe(check.text, "only", only)
        if tz is not None:
            tz = zone(tz).key
        if not isinstance(source, str | Path):
            return listed(rows_of(source, dayfirst=dayfirst), only, tz)
        path = Path(source)
        with naming(path.name):
            found = listed(rows_of_file(path, only, dayfirst), only, tz)
            return Fixtures(dict.fromkeys(found), found.notes)


def listed(given: Rows, only: str | None = None, tz: str | None = None) -> Fixtures:
    """Make the fixtures of the rows that hold the text ``only``, but for those that are off or have no date.

    Raises
    ------
    CaseError
        One line for each row that cannot be used, or one where there are too many.
    """
    text = bare(only)
    rows = [*given.rows]
    if only is not None and not any(text in row.words for row in rows):
        matches = [row for row in rows if not row.is_no_match]
        if all(opponent_of(row.fixture) for row in matches):
            rows = [row.of(only) for row in matches]  # whose table it is, for it names the others
    count, rows = len(rows), [row for row in rows if text in row.words]
    seconds = [row for row in rows if text and row.is_of_seconds(text)]
    seconds = seconds if len(seconds) < len(rows) else []  # it is the women, or the young, who are asked for
    rows = [row for row in rows if row not in seconds]
    gone, rows = [r.fixture for r in rows if r.is_no_match], [r for r in rows if not r.is_no_match]
    wanted = [*islice((row for row in rows if not is_off(row.fixture, row.status)), MAX_ENTRIES + 1)]
    if len(wanted) > MAX_ENTRIES:
        allowed = f"must be at most {MAX_ENTRIES}; choose some by a text that they have in common"
        raise CaseError.of("fixtures", f"over {MAX_ENTRIES}", allowed)
    undated = [row.fixture for row in wanted if _is_undated(row)]
    found: list[Fixture] = []
    problems: list[Problem] = []
    notes = [*given.notes, *odd_marks(wanted)]
    if seconds:
        notes.append(f"Left out, as of another team of {only}: {some(row.fixture for row in seconds)}.")
    if gone:
        notes.append(f"Left out, as no match: {some(gone)}.")
    if count and not rows and not gone:
        notes.append(f"None of {count} matches has {only!r} in its name or competition.")
    if undated:
        notes.append(f"Left out, for want of a date: {some(undated)}.")
    for row in (row for row in wanted if not _is_undated(row)):
        try:
            kickoff, assumed = _kickoff(row, tz)
            found.append(Fixture(row.fixture, kickoff, row.competition or competition_in(row.fixture)))
            notes += [NO_ZONE] * (assumed and NO_ZONE not in notes)
            if is_number(row.kickoff) and not any(note.startswith(_NUMBERS) for note in notes):
                notes.append(f"{_NUMBERS}{row.kickoff} as {found[-1].kickoff:%Y-%m-%d}.")
        except CaseError as error:
            problems += error.located(entry=row.entry).problems
    if problems:
        raise CaseError(problems)
    return Fixtures(found, notes)


def twice(fixtures: Iterable[Fixture]) -> list[str]:
    """Note the fixtures of one team that cannot both be: within three hours of each other."""
    in_order = sorted(fixtures, key=lambda f: (f.kickoff, f.fixture))
    near = [(a, b) for a, b in pairwise(in_order) if days_between(a.kickoff, b.kickoff) < _ONE_MATCH]
    pairs = [f"{a.fixture} and {b.fixture}" for a, b in near]
    return [f"Within three hours of each other, perhaps the same match twice: {some(pairs)}."] if pairs else []


def _is_undated(row: Row) -> bool:
    given = row.kickoff
    if isinstance(given, str) and (hour_is_open(f"- {given}") or given.startswith("0000-00-00")):
        return True
    return is_blank(given)


def _kickoff(row: Row, tz: str | None) -> tuple[Any, bool]:
    """Return the kick-off, or its date where the hour is not known, and whether UTC was assumed."""
    try:
        found = time_of(row.kickoff)
        if not isinstance(found, datetime):
            return found, False
        if hour_is_open(row.fixture) or is_midnight(found):
            return found.date(), False
        return moment_of(found, tz=tz or "UTC"), tz is None and found.tzinfo is None
    except (ValueError, TypeError, OverflowError):  # as the fixture says, with the value that was given
        return row.kickoff, False
