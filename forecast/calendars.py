"""Fixtures from where they are: a CSV file, an ICS calendar or a DataFrame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .case import Fixture
from .csvfile import read_csv
from .errors import MISSING, CaseError, Problem

MAX_BYTES = 5_000_000
_COLUMNS = ("fixture", "kickoff")


def read_fixtures(name: str, folder: Path) -> list[Fixture]:
    """Fixtures of a CSV file (columns ``fixture``, ``kickoff``, ``competition``) or an ICS calendar inside ``folder``.

    Raises
    ------
    CaseError
        One line for each problem; a file outside the folder is one.
    """
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or a loop of links
        inside = False
    if not inside or path.suffix.lower() not in _READERS:
        raise CaseError.of("fixtures", name, "must be a .csv or .ics file inside the folder of the case")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CaseError.of("", "too large", f"must be at most {MAX_BYTES} bytes")
        return _READERS[path.suffix.lower()](path)
    except OSError as error:
        raise CaseError.of("fixtures", name, f"must be a file that can be read ({error.strerror})") from None
    except CaseError as error:
        raise error.located(file=name) from None


def fixtures_from(table: pd.DataFrame) -> list[Fixture]:
    """Fixtures of a DataFrame with columns ``fixture``, ``kickoff`` and perhaps ``competition``, one row a match.

    Raises
    ------
    CaseError
        One line for each row that cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> from forecast.calendars import fixtures_from
    >>> fixtures_from(pd.DataFrame({"fixture": ["Rovers v United"], "kickoff": ["2025-10-04"]}))[0].fixture
    'Rovers v United'
    """
    if missing := [name for name in _COLUMNS if name not in table.columns]:
        raise CaseError(Problem(name, MISSING, "must be a column") for name in missing)
    found: list[Fixture] = []
    problems: list[Problem] = []
    competitions = table.competition if "competition" in table.columns else [None] * len(table)
    for i, (fixture, kickoff, competition) in enumerate(zip(table.fixture, table.kickoff, competitions, strict=True)):
        blank = competition == "" or pd.isna(competition)
        try:
            found.append(Fixture(fixture, kickoff, None if blank else competition))
        except CaseError as error:
            problems += error.located(entry=f"row {i + 1}").problems
    if problems:
        raise CaseError(problems)
    return found


def _from_csv(path: Path) -> list[Fixture]:
    try:
        table = read_csv(path)
    except ValueError as error:
        raise CaseError.of("", str(error), "must be a CSV file in UTF-8 with a header") from None
    return fixtures_from(table)


def _from_ics(path: Path) -> list[Fixture]:
    """The events of a calendar but for the cancelled: the summary is the fixture, the start the kick-off."""
    try:
        import icalendar
    except ImportError:
        allowed = "must be read by the package icalendar: pip install 'forecast[ics]'"
        raise CaseError.of("", "a calendar", allowed) from None
    try:
        calendar = icalendar.Calendar.from_ical(path.read_bytes().decode("utf-8-sig"))
        events = [e for e in calendar.walk("VEVENT") if str(e.get("STATUS", "")).upper() != "CANCELLED"]
        rows = [(str(e.get("SUMMARY", "")), e.decoded("DTSTART")) for e in events]
    except (ValueError, KeyError, IndexError) as error:
        allowed = "must be an iCalendar file whose events have a start"
        raise CaseError.of("", str(error), allowed) from None
    return fixtures_from(pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object))


_READERS = {".csv": _from_csv, ".ics": _from_ics}
