"""Rows of fixtures from where they are: a data frame, a CSV file, a spreadsheet or an ICS calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from ..io.dates import Time, clock_of, time_of
from ..io.errors import MISSING, CaseError, Problem
from ..io.frames import frame_of, named, read_sheet
from ..io.limits import MAX_TABLE_BYTES
from ..io.read import read_bytes, read_table
from ..io.values import is_blank
from .ics import rows_of_calendar
from .rows import Row, Rows, hour_is_open, some

_COLUMNS = ("fixture", "kickoff", "time", "home", "away", "competition", "status")


def rows_of_file(path: Path, only: str | None = None, dayfirst: bool = False) -> Rows:
    """Read the rows of a table or of a calendar; ``only`` is a text in those that are wanted.

    Raises
    ------
    CaseError
        If it is neither, too large, or cannot be read as what it claims to be.
    """
    if not is_readable(path):
        raise CaseError.of("", path.name, "must be a .csv, .ics or .xlsx file")
    return _READERS[path.suffix.lower()](read_bytes(path, MAX_TABLE_BYTES, CaseError), only, dayfirst)


def is_readable(path: Path) -> bool:
    """Tell by the ending of its name whether there is a reader for a file."""
    return path.suffix.lower() in _READERS


def rows_of(table: Any, entry: str = "row {}", dayfirst: bool = False) -> Rows:
    """List the rows of a table: ``fixture`` or ``home`` and ``away``, ``kickoff``, ``competition``, ``status``.

    The columns may have their other usual names. Each row is called ``entry``, with its number.

    Raises
    ------
    CaseError
        If it has no such columns, or two that may be meant.
    """
    given, unread = named(frame_of(table, CaseError), _COLUMNS, CaseError)
    if "kickoff" not in given and "time" in given:  # a "start time" may hold the date, too
        given = given.rename(columns={"time": "kickoff"})
    if "fixture" not in given and {"home", "away"} <= set(given):
        teams = zip(given.home, given.away, strict=True)
        given["fixture"] = [None if is_blank(a) or is_blank(b) else f"{a} v {b}" for a, b in teams]
    if missing := [name for name in ("fixture", "kickoff") if name not in given]:
        allowed = {"fixture": "must be a column, or home and away", "kickoff": "must be a column"}
        raise CaseError(Problem(name, MISSING, allowed[name]) for name in missing)
    blank = [None] * len(given)
    rows = zip(
        *(given.get(name, blank) for name in ("fixture", "kickoff", "time", "competition", "status")), strict=True
    )
    notes = [f"Columns that are not read: {some(unread)}."] if unread else []
    return Rows(_rows(rows, entry, dayfirst), notes)


def _rows(rows: Iterator[tuple[Any, ...]], entry: str, dayfirst: bool) -> Iterator[Row]:
    for i, (fixture, kickoff, clock, *others) in enumerate(rows, 1):
        competition, status = (None if is_blank(value) else value for value in others)
        yield Row(entry.format(i), fixture, _together(kickoff, clock, dayfirst), competition, status)


def _together(kickoff: Time, clock: object, dayfirst: bool) -> Time:
    """Put a date and the hour of another column together; an hour that is open leaves the date alone."""
    try:
        day = time_of(kickoff, dayfirst)
    except (ValueError, TypeError, OverflowError):
        return kickoff
    if is_blank(clock) or isinstance(day, datetime) or hour_is_open(f"- {clock}"):
        return kickoff
    try:
        return datetime.combine(day, clock if isinstance(clock, time) else clock_of(str(clock)))
    except ValueError:
        return f"{kickoff} {clock}"  # which is no time, as the error says


@lru_cache(maxsize=1)  # a squad reads one table, each row with a filter of its own
def _rows_of_table(read: Callable[[bytes], tuple[pd.DataFrame, list[str]]], raw: bytes, dayfirst: bool) -> Rows:
    table, notes = read(raw)
    rows = rows_of(table, dayfirst=dayfirst)
    return Rows([*rows.rows], [*notes, *rows.notes])


def _rows_of_csv(raw: bytes, only: str | None, dayfirst: bool) -> Rows:
    return _rows_of_table(read_table, raw, dayfirst)


def _rows_of_sheet(raw: bytes, only: str | None, dayfirst: bool) -> Rows:
    return _rows_of_table(_sheet, raw, dayfirst)


def _sheet(raw: bytes) -> tuple[pd.DataFrame, list[str]]:
    return read_sheet(raw, CaseError), []


def _rows_of_calendar(raw: bytes, only: str | None, dayfirst: bool) -> Rows:
    return rows_of_calendar(raw, only)


_READERS: dict[str, Callable[[bytes, str | None, bool], Rows]] = {
    ".csv": _rows_of_csv,
    ".xlsx": _rows_of_sheet,
    ".ics": _rows_of_calendar,
}
