"""The matches of a team, one by one and as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import islice
from pathlib import Path

import pandas as pd

from ..io.errors import CaseError, Problem
from ..io.fields import Checker, Time, set_fields
from ..io.limits import MAX_ENTRIES
from ..terms import KICKOFF
from .fixture_files import rows_of_file
from .rows import Row, holds, rows_of

_OFF = re.compile(r"\b(postponed|cancelled|canceled|abandoned)\b", re.IGNORECASE)
# The hour is open in "A v B (TBC)" and "A v B - time TBA"; in "TBC v A" the opponent is.
_HOUR = r"(?:time|date|ko|kick-?off)\s+"
_OPEN = re.compile(
    rf"(?:[-(\[\u2013\u2014]\s*(?:{_HOUR})?|\b{_HOUR})tb[acd]\b|\bto be (?:confirmed|announced|decided)\b",
    re.IGNORECASE,
)


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
                competition=None if competition is None else check.text("competition", competition),
                round=None if round is None else check.whole("round", round, most=100),
            )

    @classmethod
    def read(cls, source: str | Path | pd.DataFrame, only: str | None = None) -> list[Fixture]:
        """Read the matches of a team.

        Parameters
        ----------
        source : path or DataFrame
            A calendar (``.ics``, with the extra ``forecast[ics]``), or a table with the columns ``fixture``,
            ``kickoff`` and perhaps ``competition``, as a CSV file in UTF-8 or a DataFrame.
        only : str, optional
            Only those with this text in the fixture or the competition, in small letters or capitals.

        Returns
        -------
        list of Fixture
            In the order of the source. What is postponed, cancelled or abandoned, by its name or by its status in the
            calendar, is left out, for nobody knows when it will be played. Where the hour is not known, as the name
            says ("TBC", "TBA", "TBD") or as the kick-off does that is only a date or is midnight (of any zone but
            UTC), the date counts, as a bare date does.

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
        if isinstance(source, pd.DataFrame):
            return listed(rows_of(source), only)
        path = Path(source)
        try:
            return list(dict.fromkeys(listed(rows_of_file(path, only), only)))
        except CaseError as error:
            raise error.located(file=path.name) from None


def listed(rows: Iterable[Row], only: str | None = None) -> list[Fixture]:
    """Make the fixtures of the rows that hold the text ``only``, but for those that are off.

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
            found.append(_fixture_of(row))
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return found


def _wanted(row: Row, only: str | None) -> bool:
    return (holds(row.fixture, only) or holds(row.competition, only)) and not _OFF.search(str(row.fixture))


def _fixture_of(row: Row) -> Fixture:
    """Check a row; only the date counts where the hour is not known yet."""
    blank = row.competition == "" or pd.isna(row.competition)
    try:
        kickoff = _hour_known(row.kickoff, isinstance(row.fixture, str) and bool(_OPEN.search(row.fixture)))
        return Fixture(row.fixture, kickoff, None if blank else row.competition)
    except CaseError as error:
        raise error.located(entry=row.entry) from None


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
