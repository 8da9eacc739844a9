"""Readings of the feed as it is downloaded: a folder each, with the feed's own files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from ..io.errors import DataError, Problem, naming
from ..io.limits import MAX_FEED_BYTES
from ..io.read import read_bytes
from .rows import DEADLINE, Row, T, clubs, converted, matches, member, minutes, minutes_of, of_kind, players
from .snapshots import Played, Reading

PLAYERS, FIXTURES = "bootstrap-static.json", "fixtures.json"
NAME = "%Y-%m-%dT%H%MZ"  # of the folder of a reading
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d{4}Z")


def is_reading(folder: Path) -> bool:
    """Tell whether a folder holds the files of one reading."""
    return (folder / PLAYERS).is_file() or (folder / FIXTURES).is_file()


def official_readings(folder: Path, time: pd.Timestamp | None, problems: list[Problem]) -> Iterator[Reading]:
    """Yield the reading of a folder, or those of its sub-folders; what is bad goes to ``problems``.

    Parameters
    ----------
    folder : Path
    time : Timestamp or None
        Of a single reading; that of its file where it is None. Sub-folders are named by theirs.
    problems : list of Problem
    """
    if is_reading(folder):
        file = folder / PLAYERS
        changed = pd.Timestamp(file.stat().st_mtime if file.exists() else 0, unit="s", tz="UTC").floor("s")
        yield from _reading(folder, changed if time is None else time, problems)
        return
    for sub in tqdm(folders_of(folder), desc="feed", unit=" readings", disable=None):
        name = sub.name if _TIME.fullmatch(sub.name) else ""
        named = pd.to_datetime(name, format=NAME, utc=True, errors="coerce")
        if not pd.isna(named):
            yield from _reading(sub, named, problems)
        elif is_reading(sub):
            problems.append(Problem("", sub.name, "must be named by its time such as 2024-02-02T2053Z"))


def folders_of(folder: Path) -> list[Path]:
    """List the sub-folders by name, which is by time."""
    return sorted(sub for sub in folder.iterdir() if sub.is_dir() and not sub.name.startswith("."))


def load(path: Path, kind: type[T]) -> T:
    """Read a JSON file that holds an object or a list."""
    return parsed(read_bytes(path, MAX_FEED_BYTES, DataError), kind)


def parsed(raw: bytes, kind: type[T]) -> T:
    """Parse JSON that is an object or a list."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DataError.of("", str(error), "must be JSON") from None
    return of_kind(found, kind)


def season_of(events: Sequence[Row]) -> str:
    """Return the season, such as ``2023-24``, by the first deadline of its rounds."""
    deadlines = [moment for (moment,) in converted(events, DEADLINE, tuple, "events[{}]") if moment is not None]
    if not deadlines:
        raise DataError.of("events", "no round", "must have one with a deadline_time")
    year = min(deadlines).year
    return f"{year}-{(year + 1) % 100:02d}"


def _reading(folder: Path, time: pd.Timestamp, problems: list[Problem]) -> Iterator[Reading]:
    """Yield a reading, unless its players or fixtures cannot be used; rounds that cannot are left out."""
    try:
        with naming(f"{folder.name}/{PLAYERS}"):
            feed = load(folder / PLAYERS, dict)
            events, teams, elements = (member(feed, name, list) for name in ("events", "teams", "elements"))
            season, names = season_of(events), clubs(teams, "teams[{}]")
            statuses = players(elements, time, season, "elements[{}]")
        with naming(f"{folder.name}/{FIXTURES}"):
            fixtures = matches(load(folder / FIXTURES, list))
    except DataError as error:
        problems += error.problems
        return
    played: list[Played] = []
    for file in sorted(folder.glob("live-*.json")):
        try:
            with naming(f"{folder.name}/{file.name}"):
                played += minutes(minutes_of(load(file, dict)), season, "elements")
        except DataError as error:
            problems += error.problems
    yield Reading(time, season, statuses, fixtures, names, tuple(played))
