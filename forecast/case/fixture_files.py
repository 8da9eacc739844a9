"""Rows of fixtures from where they are: a data frame, a CSV file, a spreadsheet or an ICS calendar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..io.dates import Time, is_clock, lacks_zone, moment_of, settled, time_of
from ..io.errors import MISSING, CaseError, Problem
from ..io.fields import zone
from ..io.frames import frame_of, headings, meant, named, read_sheets, zone_of_header
from ..io.limits import MAX_ROWS, MAX_TABLE_BYTES, MAX_TEXT
from ..io.read import read_bytes, read_table
from ..io.values import folded, is_blank, truth_of
from .ics import rows_of_calendar
from .rows import OPEN, Row, Rows, is_bye, off_by, opponent_of, some, tells_how_it_stands

_COLUMNS = ("fixture", "kickoff", "time", "home", "away", "competition", "status", "zone", "off")
_REMARKS = (
    "result",
    "score",
    "notes",
    "note",
    "remarks",
    "remark",
    "comments",
    "comment",
    "info",
)  # in which a match may be called off
_OF_ONE_TEAM = ("team", "opponent", "venue")
_SIDES = {
    "H": ("h", "home", "heim", "casa", "domicile", "local", "true", "yes", "1", "1.0"),
    "A": ("a", "away", "@", "gast", "ausw\u00e4rts", "fuera", "ext\u00e9rieur", "visitante", "false", "no", "0", "0.0"),
    "N": ("n", "neutral"),
}
_NAME = re.compile(r"^\{.*['\"](?:name|title)['\"]: ?['\"]([^'\"]+)['\"]")
_NUMBER = re.compile(r"\d+(\.0)?")
_CLOCK_AT_END = re.compile(r"\d[:.h]\d\d(:\d\d(\.\d+)?)?\s*([ap]\.?m\.?)?\s*$", re.IGNORECASE)
_OPEN_AT_END = re.compile(rf"[\s,(\[|@-]+(?:time\s+)?{OPEN}\)?\s*$", re.IGNORECASE)


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

    The columns may have their other usual names, and ``opponent`` stand with ``venue`` or ``home``. Each row is called
    ``entry``, with its number.

    Raises
    ------
    CaseError
        If it has no such columns, or two that may be meant.
    """
    table = frame_of(table, CaseError)
    if len(table) > MAX_ROWS:
        raise CaseError.of("", f"{len(table)} rows", f"must be at most {MAX_ROWS}")
    table = _clocks_apart(table)
    columns: tuple[str, ...] = (*_COLUMNS, *_REMARKS)
    given, unread = named(table, columns, CaseError)
    if "fixture" in given and len(given) and all(_NUMBER.fullmatch(str(name)) for name in given.fixture):
        columns = columns[1:]
        given, unread = named(table, columns, CaseError)  # it is one of another table, or a round
    if "fixture" not in given and not {"home", "away"} <= set(given):
        given, unread = named(table, (*columns, *_OF_ONE_TEAM), CaseError)
    if "kickoff" not in given and "time" in given:  # a "start time" may hold the date, too
        given = given.rename(columns={"time": "kickoff"})
    given, notes = settled(given, [name for name in ("kickoff",) if name in given], dayfirst)
    if "fixture" not in given and {"home", "away"} <= set(given):
        given["fixture"] = [*map(_between, given.home, given.away)]
    elif "fixture" not in given and "opponent" in given:
        blank = pd.Series([None] * len(given), given.index, dtype=object)
        where = given.get("venue", given.get("home", blank))
        given["fixture"] = [*map(_against, given.get("team", blank), given.opponent, where)]
    if missing := [name for name in ("fixture", "kickoff") if name not in given]:
        allowed = {"fixture": "must be a column, or home and away, or opponent", "kickoff": "must be a column"}
        raise CaseError(Problem(name, MISSING, allowed[name]) for name in missing)
    if any(between := headings(table, given.fixture)):
        words = [next(cell for cell in row if not is_blank(cell)) for row in table[between].itertuples(index=False)]
        notes.append(f"Left out, as headings between the rows: {some(words)}.")
        given = given[~np.array(between)]
    slips = {name: near for name in unread if (near := meant(name, _COLUMNS))}
    unread = [f"{name} (did you mean {near}?)" for name, near in slips.items()] + [n for n in unread if n not in slips]
    notes += [f"Columns that are not read: {some(unread)}."] if unread else []
    return Rows(_rows(given.to_dict("records"), entry), notes)


def _clocks_apart(table: pd.DataFrame) -> pd.DataFrame:
    """Name columns of clocks ``time`` and write the zone of a header, such as "Time (BST)" or "utcDate", to them."""
    names = list(map(str, table.columns))
    for i, name in enumerate(table.columns):
        (role, *_) = [*named(table.iloc[:, [i]], ("kickoff", "time"), CaseError)[0].columns, None]
        values = [*table.iloc[:, i]] if role else []
        told = [value for value in values if not is_blank(value)]
        if role == "kickoff" and told and all(is_clock(value) or _is_open(value) for value in told):
            names[i] = "time"
        if role and (letters := zone_of_header(name)):
            there = [f"{value} {letters}" if _lacks_zone(value) else value for value in values]
            table = pd.concat(
                [table.iloc[:, :i], pd.Series(there, table.index, dtype=object), table.iloc[:, i + 1 :]], axis=1
            )
    return table.set_axis(names, axis=1)


def _lacks_zone(value: object) -> bool:
    if isinstance(value, datetime):
        return lacks_zone(value)
    return isinstance(value, time) or (isinstance(value, str) and bool(_CLOCK_AT_END.search(_on_a_line(value))))


def _between(home: object, away: object) -> str | None:
    return None if is_blank(home) or is_blank(away) else f"{_named(home)} v {_named(away)}"


def _named(given: Any) -> Any:
    """Return the name of a team or a competition, also of one that is a table of its own, as feeds have it."""
    found = _NAME.search(str(given))
    return found[1] if found else given


def _against(team: object, opponent: object, where: object) -> str | None:
    """Name the match of a team, or of whose table it is, with an opponent at home or away."""
    if is_blank(opponent):
        return None
    said = "" if is_blank(where) else folded(where).strip("()[] ")
    side = next((side for side, words in _SIDES.items() if said in words), None)
    row = Row("", f"{opponent} ({side})" if side else str(opponent), None)
    row = row if opponent_of(row.fixture) else replace(row, fixture=f"v {opponent}")
    return row.fixture if is_blank(team) else row.of(str(team)).fixture


def _rows(rows: list[dict[Any, Any]], entry: str) -> Iterator[Row]:
    for i, given in enumerate(rows, 1):
        row = {name: _on_a_line(cell) if isinstance(cell, str) else cell for name, cell in given.items()}
        name, competition = row["fixture"], row.get("competition")
        name = next(filter(is_bye, row.values()), name) if is_blank(name) else name
        kickoff = _there(_together(row["kickoff"], row.get("time")), row.get("zone"))
        competition = None if is_blank(competition) else _named(competition)
        yield Row(entry.format(i), name, kickoff, competition, *_status(row))


def _on_a_line(cell: str) -> str:
    """Return a cell without its lines and endless blanks, and of a text that is too long no more than shows that."""
    return " ".join(cell.split())[: MAX_TEXT + 1]


def _status(row: dict[Any, Any]) -> tuple[Any, str | None]:
    """Return the status of a match, or what else says that it is off, and a remark that may do so: it is long."""
    if truth_of(row.get("off")):
        return "off", None
    short, long = off_by(row.get(name) for name in ("time", "kickoff", *_REMARKS))
    status = short or row.get("status")
    return None if is_blank(status) else status, long


def _there(kickoff: Time | None, there: object) -> Time | None:
    """Put a time in the zone that stands beside it, by its name, its letters or its hours."""
    if is_blank(there) or not lacks_zone(kickoff):
        return kickoff
    try:
        return moment_of(kickoff, tz=zone(str(there)))
    except CaseError:
        return f"{kickoff} {there}"


def _is_open(clock: object) -> bool:
    """Tell whether an hour is not known, or no longer told: nothing stands there, TBC after it, or how it stands."""
    return is_blank(clock) or bool(_OPEN_AT_END.search(_on_a_line(f"@{clock}"))) or tells_how_it_stands(clock)


def _together(kickoff: Time, clock: object) -> Time | None:
    """Put a date and the hour of another column together; an hour that is open leaves the date alone."""
    given = _OPEN_AT_END.sub("", kickoff) if isinstance(kickoff, str) else kickoff
    try:
        day = time_of(given)
    except (ValueError, TypeError, OverflowError):
        return kickoff if given == kickoff else None  # "October TBC" is no date yet
    if given != kickoff and isinstance(day, datetime):
        return day.date()
    if isinstance(day, datetime) or _is_open(clock):
        return given
    if isinstance(clock, datetime):  # a clock of a spreadsheet, on some day
        clock = clock.time()
    if isinstance(clock, int | float | np.number) and 0 <= float(clock) < 1:  # a part of a day, as Excel has it
        return (pd.Timestamp(day) + pd.Timedelta(days=float(clock))).round("s")
    return datetime.combine(day, clock) if isinstance(clock, time) else f"{day} {clock}"


@lru_cache(maxsize=1)  # a squad reads one table, each row with a filter of its own
def _rows_of_table(read: Callable[[bytes], tuple[pd.DataFrame, list[str]]], raw: bytes, dayfirst: bool) -> Rows:
    table, notes = read(raw)
    rows = rows_of(table, dayfirst=dayfirst)
    return Rows([*rows.rows], [*notes, *rows.notes])


def _sheet(raw: bytes) -> tuple[pd.DataFrame, list[str]]:
    return read_sheets(raw, CaseError, (*_COLUMNS, *_OF_ONE_TEAM))


_READERS: dict[str, Callable[[bytes, str | None, bool], Rows]] = {
    **dict.fromkeys((".csv", ".tsv"), lambda raw, only, dayfirst: _rows_of_table(read_table, raw, dayfirst)),
    **dict.fromkeys((".xlsx", ".xlsm"), lambda raw, only, dayfirst: _rows_of_table(_sheet, raw, dayfirst)),
    ".ics": lambda raw, only, dayfirst: rows_of_calendar(raw, only),
}
