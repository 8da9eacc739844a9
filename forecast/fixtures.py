"""The matches of a team, one by one and as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from pathlib import Path

import pandas as pd

from .io.errors import MISSING, CaseError, Problem
from .io.fields import KICKOFF, Checker, Time, set_fields
from .io.limits import MAX_ENTRIES

COLUMNS = ("fixture", "kickoff")
_OFF = re.compile(r"\b(postponed|cancelled|canceled|abandoned)\b", re.IGNORECASE)
# The hour is open in "A v B (TBC)" and "A v B - time TBA"; in "TBC v A" the opponent is.
_HOUR = r"(?:time|date|ko|kick-?off)\s+"
_OPEN = re.compile(
    rf"(?:[-(\[\u2013\u2014]\s*(?:{_HOUR})?|\b{_HOUR})tb[acd]\b|\bto be (?:confirmed|announced|decided)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, init=False)
class Fixture:
    """A match of his team.

    Parameters
    ----------
    fixture : str
        Its name, as it is to be shown.
    kickoff : date, datetime or str
        UTC where it has no zone; a bare date kicks off at 20:00.
    competition : str, optional
        Such as ``"Premier League"``, of which the data are; another one is noted in the outlook.

    Examples
    --------
    >>> import forecast as fc
    >>> fc.Fixture("Rovers v United", "2025-10-04T15:00+01:00").kickoff
    Timestamp('2025-10-04 14:00:00+0000', tz='UTC')
    """

    fixture: str
    kickoff: pd.Timestamp
    competition: str | None

    def __init__(self, fixture: str, kickoff: Time, competition: str | None = None) -> None:
        with Checker() as check:
            set_fields(
                self,
                fixture=check.text("fixture", fixture),
                kickoff=check.time("kickoff", kickoff, KICKOFF),
                competition=None if competition is None else check.text("competition", competition),
            )

    @classmethod
    def read(cls, source: str | Path | pd.DataFrame, only: str | None = None) -> list[Fixture]:
        """Read the matches of a team, from a calendar, a CSV file or a DataFrame: all, or those with a text in them.

        See :func:`forecast.calendars.read_fixtures`.
        """
        from .calendars import read_fixtures  # here, because that makes fixtures

        return read_fixtures(source, only)


@dataclass(frozen=True)
class Row:
    """A line of a table, or an event of a calendar, before it has been checked."""

    entry: str
    fixture: str
    kickoff: Time
    competition: str | None = None

    def made(self) -> Fixture:
        """The fixture; only the date counts where the hour is not known yet.

        Raises
        ------
        CaseError
            Where it cannot be one.
        """
        blank = self.competition == "" or pd.isna(self.competition)
        try:
            kickoff = _hour_known(self.kickoff, isinstance(self.fixture, str) and bool(_OPEN.search(self.fixture)))
            return Fixture(self.fixture, kickoff, None if blank else self.competition)
        except CaseError as error:
            raise error.located(entry=self.entry) from None


def listed(rows: Iterable[Row], only: str | None = None) -> list[Fixture]:
    """Fixtures of the rows that hold the text ``only``, but for those that are off.

    Raises
    ------
    CaseError
        One line for each row that cannot be used, or one where there are too many.
    """
    found: list[Fixture] = []
    problems: list[Problem] = []
    wanted = [*islice((row for row in rows if _wanted(row, only)), MAX_ENTRIES + 1)]
    if len(wanted) > MAX_ENTRIES:
        allowed = f"must be at most {MAX_ENTRIES}; choose some by a text that they have in common"
        raise CaseError.of("fixtures", f"over {MAX_ENTRIES}", allowed)
    for row in wanted:
        try:
            found.append(row.made())
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return found


def holds(text: object, only: str | None) -> bool:
    """Whether a text has another in it, in small letters or capitals; any text has None."""
    return only is None or only.casefold() in str(text).casefold()


def rows_of(table: pd.DataFrame, entry: str = "row {}") -> Iterable[Row]:
    """Rows of a table with columns ``fixture``, ``kickoff`` and perhaps ``competition``, each called ``entry``.

    Raises
    ------
    CaseError
        If it has no such columns.
    """
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise CaseError(Problem(name, MISSING, "must be a column") for name in missing)
    competitions = table.competition if "competition" in table.columns else [None] * len(table)
    rows = enumerate(zip(table.fixture, table.kickoff, competitions, strict=True), 1)
    return (Row(entry.format(i), *row) for i, row in rows)


def _wanted(row: Row, only: str | None) -> bool:
    return (holds(row.fixture, only) or holds(row.competition, only)) and not _OFF.search(str(row.fixture))


def _hour_known(kickoff: Time, open_: bool) -> Time:
    """The kick-off, or its date where the hour is open or is midnight: of a zone but UTC, as night games are there."""
    moment = kickoff
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment.strip())
        except ValueError:
            return kickoff
    if not isinstance(moment, datetime) or pd.isna(moment):
        return kickoff
    midnight = moment.time() == time(0) and str(moment.tzinfo) != "UTC"
    return moment.date() if open_ or midnight else kickoff
