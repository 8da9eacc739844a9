"""Load the three tables of past injuries and check that they agree with each other.

The columns are described in ``data/README.md``. All times are days since the onset of the injury.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from ..io.columns import Column, bad_rows, converted
from ..io.errors import DataError, Problem
from ..io.limits import MAX_FIT_BYTES
from ..io.read import data_folder, read_bytes, read_csv
from ..terms import CHANCES, FIXTURES_BEFORE, ONSETS, POSITIONS, READING_KINDS
from .episodes import Episodes


def load_episodes(folder: str | Path | None = None) -> Episodes:
    """Load the three tables of past injuries and check them.

    Parameters
    ----------
    folder : path, optional
        Where ``episodes.csv``, ``fixtures.csv`` and ``bulletins.csv`` are; the shipped Premier League
        injuries of 2018-19 to 2023-24 where it is left out.

    Returns
    -------
    Episodes

    Raises
    ------
    DataError
        One line for each problem: file, row (1 is the first below the header), column, value and what is
        allowed.

    Examples
    --------
    >>> import forecast as fc
    >>> len(fc.load_episodes())
    687
    """
    where = data_folder() / "premier_league" if folder is None else Path(folder)
    problems: list[Problem] = []
    tables = {name: _read(where / f"{name}.csv", columns, problems) for name, columns in _COLUMNS.items()}
    if problems:
        raise DataError(problems)
    return checked(tables)


def checked(tables: dict[str, pd.DataFrame]) -> Episodes:
    """Three tables that agree with each other; the errors are those of :func:`load_episodes`."""
    problems: list[Problem] = []
    for rules in (_keys, _ranges, _order):
        for table, column, bad, allowed in rules(**tables):
            problems += bad_rows(tables[table][column], bad, allowed, f"{table}.csv")
    if problems:
        raise DataError(problems)
    return Episodes(**tables)


_KEY = Column(most=10**12, whole=True)
_DAY = Column(most=10_000)
_COLUMNS: dict[str, dict[str, Column]] = {
    "episodes": {
        "episode": _KEY,
        "player": _KEY,
        "season": Column(text=True),
        "position": Column(values=POSITIONS),
        "onset": Column(values=ONSETS),
        "fixtures_before": Column(most=FIXTURES_BEFORE, whole=True),
        "appearances_before": Column(most=FIXTURES_BEFORE, whole=True),
        "minutes_before": Column(most=FIXTURES_BEFORE * 120),
        "days_since_previous": Column(most=20_000, blank=True),
    },
    "fixtures": {"episode": _KEY, "day": _DAY, "minutes": Column(most=120, blank=True)},
    "bulletins": {
        "episode": _KEY,
        "day": _DAY,
        "kind": Column(values=READING_KINDS),
        "chance": Column(least=CHANCES[0], most=CHANCES[-1], blank=True),
        "expected_day": Column(least=-10_000, most=10_000, blank=True),
        "first_word_day": Column(most=10_000, blank=True),
    },
}


def _read(path: Path, columns: dict[str, Column], problems: list[Problem]) -> pd.DataFrame:
    """One table, its columns converted; what is wrong with it is added to ``problems``."""
    try:
        raw = read_bytes(path, MAX_FIT_BYTES, DataError)
        return converted(read_csv(raw), columns, path.name, problems)
    except DataError as error:
        problems += error.located(file=path.name).problems
    except ValueError as error:
        problems.append(Problem("", str(error), "must be a CSV file in UTF-8 with a header", file=path.name))
    return pd.DataFrame()


Rule = tuple[str, str, "pd.Series[bool]", str]  # a table, a column, the rows that are bad, what is allowed


def _keys(episodes: pd.DataFrame, fixtures: pd.DataFrame, bulletins: pd.DataFrame) -> Iterator[Rule]:
    key = episodes.episode
    yield "episodes", "episode", key.duplicated(), "must stand there once"
    for name, table in (("fixtures", fixtures), ("bulletins", bulletins)):
        yield name, "episode", ~table.episode.isin(key), "must be an episode of episodes.csv"
        yield "episodes", "episode", ~key.isin(table.episode), f"must have rows in {name}.csv"
        late = table.groupby("episode").day.diff() <= 0
        yield name, "day", late, "must be later than the row before it"


def _ranges(episodes: pd.DataFrame, fixtures: pd.DataFrame, bulletins: pd.DataFrame) -> Iterator[Rule]:
    e, b = episodes, bulletins
    too_many, too_long = (
        e.appearances_before > e.fixtures_before,
        e.minutes_before > 120 * e.appearances_before,
    )
    yield "episodes", "appearances_before", too_many, "must be at most fixtures_before"
    yield "episodes", "minutes_before", too_long, "must be at most 120 for each appearance"
    for column, bad, allowed in details(b, "expected_day"):
        yield "bulletins", column, bad, allowed
    yield "bulletins", "first_word_day", b.first_word_day > b.day, "must be at most day"


def details(said: pd.DataFrame, date: str) -> Iterator[tuple[str, pd.Series[bool], str]]:
    """A percentage, and the column of the ``date`` that was named, are there for the kind that needs them only."""
    for kind, column, good, allowed in (
        ("chance", "chance", said.chance.isin(CHANCES), "25, 50 or 75"),
        ("expected", date, said[date].notna(), "a date"),
    ):
        of_kind = said.kind == kind
        yield column, of_kind & ~good, f"must be {allowed} for kind {kind}"
        yield column, ~of_kind & said[column].notna(), f"must be blank but for kind {kind}"


def _order(episodes: pd.DataFrame, fixtures: pd.DataFrame, bulletins: pd.DataFrame) -> Iterator[Rule]:
    """A flag, then perhaps a clearance, then perhaps a return: what comes after belongs to another injury."""
    b, cleared = bulletins, bulletins.kind == "available"
    first, cleared_before = ~b.episode.duplicated(), cleared.groupby(b.episode).cummax()
    yield "bulletins", "kind", first & cleared, "must be a flag at the first reading"
    again = cleared_before & ~cleared
    yield "bulletins", "kind", again, "must be available after a clearance: a new flag is a new injury"
    appeared = fixtures[fixtures.minutes > 0].groupby("episode").day.min()
    late = b.day >= b.episode.map(appeared).fillna(np.inf)
    yield "bulletins", "day", late, "must be before the return"
    blank = fixtures.minutes.isna()
    resumed = blank.groupby(fixtures.episode).cummax() & ~blank
    yield "fixtures", "minutes", resumed, "must be blank once the injury is no longer followed"
