"""Rows of the feed checked and converted: the same for its JSON and for the CSV files of the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import pandas as pd

from ..io.errors import MISSING, DataError, Problem
from ..terms import LAST_ROUNDS, POSITIONS
from .snapshots import Club, Match, Played, Status

_BLANK = (None, "", "None")
_MANAGER = "5"  # element_type of the managers of 2024-25
_ROW = "row {}"  # what the entry of an error is called, by its number
_SHOWN = 5  # bad rows of a file that are named one by one
R = TypeVar("R")
T = TypeVar("T", dict[str, Any], list[Any])
Row = Mapping[str, Any]


def whole(value: Any) -> int:
    """Return a whole number, given as one or as text; a ValueError or a TypeError where it is none."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if isinstance(value, bool) or int(float(value)) != float(value):
        raise ValueError
    return int(float(value))


def moment(value: Any) -> pd.Timestamp | None:
    """Return the moment that a text stands for, None where it is blank."""
    return None if value in _BLANK else _stamp(value)


@cache
def _stamp(text: str) -> pd.Timestamp:
    if not isinstance(text, str):
        raise TypeError
    stamp = pd.Timestamp(text)
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


def _news(value: Any) -> str:
    return "" if value in _BLANK else " ".join(_text(value).split())


def _state(value: Any) -> str:
    if value not in ("a", "d", "i", "n", "s", "u"):
        raise ValueError
    return str(value)


def _position(value: Any) -> str:
    return dict(enumerate(POSITIONS, 1))[whole(value)]


def _chance(value: Any) -> int | None:
    chance = _optional(value)
    if chance not in (None, *LAST_ROUNDS):
        raise ValueError
    return chance


def _share(value: Any) -> float:
    if not 0.0 <= float(value) <= 100.0:
        raise ValueError
    return float(value)


def _optional(value: Any) -> int | None:
    return None if value in _BLANK else whole(value)


Field = tuple[Callable[[Any], Any], str]  # how to convert a value, and what it must be
Fields = dict[str, Field]
_WHOLE: Field = (whole, "must be a whole number")
_TEXT: Field = (_text, "must be a text")
_MOMENT: Field = (moment, "must be a time such as 2024-02-02T20:53:00Z, or nothing")
_CHANCE: Field = (_chance, "must be 0, 25, 50, 75 or 100, or nothing")
_PLAYER: Fields = {
    "id": _WHOLE,
    "code": _WHOLE,
    "web_name": _TEXT,
    "team": _WHOLE,
    "element_type": (_position, "must be 1 to 4"),
    "status": (_state, "must be one of a, d, i, n, s, u"),
    "news": (_news, "must be a text"),
    "news_added": _MOMENT,
    "chance_of_playing_this_round": _CHANCE,
    "chance_of_playing_next_round": _CHANCE,
    "now_cost": (lambda value: whole(value) / 10.0, "must be a whole number"),
    "selected_by_percent": (_share, "must be a number, 0 to 100"),
}
_MATCH: Fields = {
    "id": _WHOLE,
    "event": (_optional, "must be a whole number, or nothing"),
    "kickoff_time": _MOMENT,
    "team_h": _WHOLE,
    "team_a": _WHOLE,
}
DEADLINE: Fields = {"deadline_time": _MOMENT}
_CLUB: Fields = {"id": _WHOLE, "short_name": _TEXT, "name": _TEXT}
_MINUTES: Fields = {"element": _WHOLE, "fixture": _WHOLE, "minutes": _WHOLE, "kickoff_time": _MOMENT}


def players(rows: Iterable[Row], time: pd.Timestamp, season: str, entry: str = _ROW) -> tuple[Status, ...]:
    """Convert the rows of the players of a reading; a DataError where one is bad, or there is none."""
    chosen = (row for row in rows if not _is_manager(row))
    found = converted(chosen, _PLAYER, lambda values: Status(time, season, *values), entry)
    if not found:
        raise DataError.of("elements", "no player", "must have at least one")
    return found


def matches(rows: Iterable[Row]) -> tuple[Match, ...]:
    """Convert the rows of a list of fixtures."""
    return converted(rows, _MATCH, lambda values: Match(*values))


def clubs(rows: Iterable[Row], entry: str = _ROW) -> dict[int, Club]:
    """Convert a list of clubs to names by id; some old ones have no long names."""
    named = ({"name": "", **row} if isinstance(row, Mapping) else row for row in rows)
    return {key: Club(*names) for key, *names in converted(named, _CLUB, tuple, entry)}


def minutes(rows: Iterable[Row], season: str, entry: str = _ROW) -> tuple[Played, ...]:
    """Convert the rows of who played how long in the matches of a round."""
    return converted(rows, _MINUTES, lambda values: Played(season, *values), entry)


def converted(rows: Iterable[Row], fields: Fields, make: Callable[[list[Any]], R], entry: str = _ROW) -> tuple[R, ...]:
    """Make something of the converted fields of each row.

    Raises
    ------
    DataError
        One line for each of the first few bad rows, which are counted from 1.
    """
    found, problems = [], list[Problem]()
    for i, row in enumerate(rows, 1):
        try:
            found.append(make(_values(row, fields)))
        except DataError as error:
            problems += error.located(entry=entry.format(i)).problems
    if len(problems) > _SHOWN:
        more = f"{len(problems) - _SHOWN} more rows"
        problems[_SHOWN:] = [Problem("", more, "must be as the rows of the feed")]
    if problems:
        raise DataError(problems)
    return tuple(found)


def minutes_of(live: dict[str, Any]) -> Iterator[Row]:
    """Yield who played how long in which match by the feed's ``event/N/live``; a round may have two of a club."""
    for i, row in enumerate(member(live, "elements", list), 1):
        try:
            for match in row["explain"]:
                played = [stat["value"] for stat in match["stats"] if stat["identifier"] == "minutes"]
                yield {"element": row["id"], "fixture": match["fixture"], "minutes": sum(played), "kickoff_time": None}
        except (KeyError, TypeError) as error:
            allowed = "must be a player with id and explain, as the feed has it"
            raise DataError([Problem("", str(error), allowed, f"elements[{i}]")]) from None


def member(table: dict[str, Any], name: str, kind: type[T]) -> T:
    """Return a list or an object that an object must have."""
    if name not in table:
        raise DataError.of(name, MISSING, "must be given")
    return of_kind(table[name], kind, name)


def of_kind(value: object, kind: type[T], name: str = "") -> T:
    """Return a value that must be a list or an object."""
    if not isinstance(value, kind):
        raise DataError.of(name, value, "must be a list" if kind is list else "must be an object")
    return value


def _is_manager(row: Row) -> bool:
    return isinstance(row, Mapping) and str(row.get("element_type")) == _MANAGER


def _values(row: Row, fields: Fields) -> list[Any]:
    """Convert the fields of a row; an error with the first bad one."""
    if not isinstance(row, Mapping):
        raise DataError.of("", row, "must be an object")
    values = []
    for name, (convert, allowed) in fields.items():
        if name not in row:
            raise DataError.of(name, MISSING, "must be given")
        try:
            values.append(convert(row[name]))
        except (KeyError, ValueError, TypeError, OverflowError):
            raise DataError.of(name, row[name], allowed) from None
    return values
