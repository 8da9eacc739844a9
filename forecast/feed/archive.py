"""A clone of the public archive: a git repository in which the tables of a season change from commit to commit."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from tqdm import tqdm

from ..io.errors import MISSING, DataError, Problem
from .rows import Row, clubs, matches, minutes, players
from .snapshots import Club, Match, Played, Reading, Status

_PATH = re.compile(r"data/(\d{4}-\d{2})/(players_raw\.csv|fixtures\.csv|teams\.csv|(gws)/gw\d+\.csv)")
_PLAYERS, _FIXTURES, _CLUBS, _MINUTES = "players_raw.csv", "fixtures.csv", "teams.csv", "gws"
_LOG = ("log", "--reverse", "--first-parent", "-m", "--format=@%ct", "--raw", "--no-abbrev", "--no-renames")


class _Change(NamedTuple):
    """A version of a file that came with a commit."""

    time: int  # of the commit, in seconds
    season: str
    kind: str
    path: str
    blob: str


def archive_readings(clone: Path, problems: list[Problem]) -> Iterator[Reading]:
    """Yield the readings of a clone in order of time, a commit and season each; what is bad goes to ``problems``.

    Raises
    ------
    DataError
        If it is no clone of the archive, or there is no git.
    """
    changes = _changes(clone)
    problems += _half_there(changes)
    fixtures: dict[str, tuple[Match, ...]] = {}
    names: dict[str, dict[int, Club]] = {}
    with _blobs(clone) as read, tqdm(total=len(changes), desc="archive", unit=" files", disable=None) as bar:
        for (time, season), of_commit in groupby(changes, key=lambda change: change[:2]):
            moment = pd.Timestamp(time, unit="s", tz="UTC")
            statuses: tuple[Status, ...] = ()
            played: list[Played] = []
            for change in of_commit:
                bar.update()
                try:
                    rows = _rows(read(change.blob))
                    if change.kind == _CLUBS:
                        names[season] = clubs(rows)
                    elif change.kind == _FIXTURES:
                        fixtures[season] = matches(rows)
                    elif change.kind == _MINUTES:
                        played += minutes(rows, season)
                    else:
                        statuses = players(rows, moment, season)
                except DataError as error:
                    problems += error.located(file=f"{change.path} of {moment:%Y-%m-%dT%H%MZ}").problems
            yield Reading(moment, season, statuses, fixtures.get(season, ()), names.get(season, {}), tuple(played))


def _changes(clone: Path) -> list[_Change]:
    """List the versions of the files in order of time; of the minutes the last ones, which hold what came before."""
    found: list[_Change] = []
    time = 0
    for line in _git(clone, *_LOG, "--", "data").splitlines():
        if line.startswith("@"):
            time = int(line[1:])
        elif line.startswith(":"):
            about, _, path = line.partition("\t")
            known, blob = _PATH.fullmatch(path), about.split()[3]
            if known and blob.strip("0"):  # the blob of a deleted file is all zeros
                found.append(_Change(time, known[1], known[3] or known[2], path, blob))
    if not any(change.kind == _PLAYERS for change in found):
        raise DataError.of("data/SEASON/players_raw.csv", MISSING, "must be in a clone of the archive")
    last = {change.path: change for change in sorted(found, key=lambda change: change.time)}
    kept = [change for change in found if change.kind != _MINUTES or last[change.path] is change]
    return sorted(kept, key=lambda change: (change.time, change.season, change.kind == _PLAYERS))


def _half_there(changes: Sequence[_Change]) -> Iterator[Problem]:
    """Yield what a season lacks."""
    there = {(change.season, change.kind) for change in changes}
    for season in sorted({season for season, _ in there}):
        for kind in (_PLAYERS, _FIXTURES, _MINUTES):
            if (season, kind) not in there:
                yield Problem("", MISSING, "must be there for injuries of this season", file=f"data/{season}/{kind}")


def _rows(raw: bytes) -> list[Row]:
    """Read a table; some old files are not UTF-8."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    try:
        return list(csv.DictReader(StringIO(text, newline="")))
    except csv.Error as error:
        raise DataError.of("", str(error), "must be a CSV file") from None


@contextmanager
def _blobs(clone: Path) -> Iterator[Callable[[str], bytes]]:
    """Give a function that reads one blob after the other from a single process of git."""
    command = ["git", "-C", str(clone), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as git:
        asked, answered = git.stdin, git.stdout
        assert asked is not None  # they are pipes
        assert answered is not None

        def read(blob: str) -> bytes:
            asked.write(f"{blob}\n".encode())
            asked.flush()
            head = answered.readline().split()
            if len(head) != 3:
                raise DataError.of("", MISSING, "must be in the clone: fetch it whole")
            content = answered.read(int(head[2]))
            answered.readline()
            return content

        yield read


def _git(clone: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(clone), *arguments], capture_output=True, check=True)
    except FileNotFoundError:
        raise DataError.of("git", MISSING, "must be installed to read a clone") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise DataError.of("", said, "must be a clone of the archive", file=clone.name) from None
    return done.stdout.decode(errors="replace")
