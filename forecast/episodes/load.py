"""Load the three tables of past injuries and check that they agree with each other.

The columns are described in ``data/premier_league/README.md``. All times are days since the onset of the injury.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from ..io.columns import Column, bad_rows, completed, converted, read_all
from ..io.errors import DataError, Problem
from ..io.frames import ENDINGS
from ..io.read import data_folder, path_of
from ..terms import BODY_PARTS, CHANCES, FIXTURES_BEFORE, LAST_ROUNDS, ONSETS, POSITIONS, READING_KINDS
from .episodes import Episodes, first_appearances


def load_episodes(folder: str | Path | None = None) -> Episodes:
    """Load the three tables of past injuries and check them.

    Parameters
    ----------
    folder : path, optional
        Where ``episodes.csv``, ``fixtures.csv`` and ``bulletins.csv`` are, or Excel files of these names; the shipped
        Premier League injuries of 2018-19 to 2023-24 where it is left out.

    Returns
    -------
    Episodes
        Those of all body parts; ``of("hamstring")`` selects. The columns that a folder may leave out are there:
        ``body_part`` is ``hamstring`` then, ``match_fitness`` 0, and ``year_available``, ``year_minutes``,
        ``previous_episode``, ``last_round``, ``price`` and ``owned`` are NaN.

    Raises
    ------
    DataError
        One line for each problem: file, row (1 is the first below the header), column, value and what is
        allowed.

    Examples
    --------
    >>> import forecast as fc
    >>> len(fc.load_episodes())
    1861
    """
    where = data_folder() / "premier_league" if folder is None else path_of(folder, DataError)
    if not where.is_dir():
        raise DataError.of("", str(where), f"must be a folder with {', '.join(f'{name}.csv' for name in _COLUMNS)}")
    problems: list[Problem] = []
    tables = {name: _read(file, _COLUMNS[name], problems) for name, file in files_of(where).items()}
    if problems:
        raise DataError(problems)
    return checked(tables)


def checked(tables: dict[str, pd.DataFrame]) -> Episodes:
    """Three tables that agree with each other, with all columns; the errors are those of :func:`load_episodes`."""
    own = _own(tables["episodes"])
    tables = {name: completed(table, _COLUMNS[name]) for name, table in tables.items()}
    tables["episodes"] = tables["episodes"].join(own)
    problems: list[Problem] = []
    for rules in (_keys, _ranges, _order):
        for table, column, bad, allowed in rules(**tables):
            problems += bad_rows(tables[table][column], bad, allowed, f"{table}.csv")
    if problems:
        raise DataError(problems)
    return Episodes(**tables)


_KEY = Column(most=10**12, whole=True)
_DAY = Column(most=10_000)
_YEAR = 60  # fixtures of a year, at most
_COLUMNS: dict[str, dict[str, Column]] = {
    "episodes": {
        "episode": _KEY,
        "player": _KEY,
        "season": Column(text=True),
        "body_part": Column(values=BODY_PARTS, left_out="hamstring"),
        "position": Column(values=POSITIONS),
        "onset": Column(values=ONSETS),
        "fixtures_before": Column(most=FIXTURES_BEFORE, whole=True),
        "appearances_before": Column(most=FIXTURES_BEFORE, whole=True),
        "minutes_before": Column(most=FIXTURES_BEFORE * 120),
        "year_available": Column(most=_YEAR, whole=True, blank=True, left_out=np.nan),
        "year_minutes": Column(most=_YEAR * 120, blank=True, left_out=np.nan),
        "days_since_previous": Column(most=20_000, blank=True),
        "previous_episode": Column(most=_KEY.most, whole=True, blank=True, left_out=np.nan),
    },
    "fixtures": {"episode": _KEY, "day": _DAY, "minutes": Column(most=120, blank=True)},
    "bulletins": {
        "episode": _KEY,
        "day": _DAY,
        "kind": Column(values=READING_KINDS),
        "chance": Column(least=CHANCES[0], most=CHANCES[-1], blank=True),
        "expected_day": Column(least=-10_000, most=10_000, blank=True),
        "first_word_day": Column(most=10_000, blank=True),
        "last_round": Column(most=LAST_ROUNDS[-1], blank=True, left_out=np.nan),
        "match_fitness": Column(most=1, whole=True, left_out=0),
        "price": Column(least=0.1, most=30, blank=True, left_out=np.nan),
        "owned": Column(most=100, blank=True, left_out=np.nan),
    },
}


def files_of(folder: Path) -> dict[str, Path]:
    """Return the file of each table: CSV, or else of another sort, its name in small letters or capitals."""
    there, files = sorted(folder.iterdir()) if folder.is_dir() else [], {}
    for name in _COLUMNS:
        found = {path.suffix.lower(): path for path in there if path.stem.lower() == name}
        files[name] = next((found[ending] for ending in ENDINGS if ending in found), folder / f"{name}.csv")
    return files


def _read(path: Path, columns: dict[str, Column], problems: list[Problem]) -> pd.DataFrame:
    """One table, its columns converted; what is wrong with it is added to ``problems``."""
    try:
        given = read_all(path, columns)
        table = converted(given, columns, path.name, problems)
        return table.join(_own(given)) if columns is _COLUMNS["episodes"] else table
    except DataError as error:
        problems += error.located(file=path.name).problems
    return pd.DataFrame()


def _own(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of episodes that a user added, which a fit may use: those of no table and no duration."""
    taken = {"lower", "upper", "entry"}.union(*_COLUMNS.values())
    return table[[name for name in table if name not in taken]]


Rule = tuple[str, str, "pd.Series[bool]", str]  # a table, a column, the rows that are bad, what is allowed


def _keys(episodes: pd.DataFrame, fixtures: pd.DataFrame, bulletins: pd.DataFrame) -> Iterator[Rule]:
    key = episodes.episode
    yield "episodes", "episode", key.duplicated(), "must stand there once"
    for name, table in (("fixtures", fixtures), ("bulletins", bulletins)):
        yield name, "episode", ~table.episode.isin(key), "must be an episode of episodes.csv"
        yield "episodes", "episode", ~key.isin(table.episode), f"must have rows in {name}.csv"
        late = table.groupby("episode").day.diff() <= 0
        yield name, "day", late, "must be later than the row before it"
    yield "episodes", "previous_episode", _of_another(episodes), "must be another episode of the player and body part"
    undated = episodes.previous_episode.notna() & episodes.days_since_previous.isna()
    yield "episodes", "days_since_previous", undated, "must be given where previous_episode is"


def _of_another(episodes: pd.DataFrame) -> pd.Series[bool]:
    """Tell where the previous episode is another player's, of another body part, or itself; a key may be unknown."""
    key, previous = episodes.episode, episodes.previous_episode
    whose = [pd.MultiIndex.from_frame(episodes[[name, "player", "body_part"]]) for name in (key.name, previous.name)]
    return previous.isin(key) & (~whose[1].isin(whose[0]) | (previous == key))


def _ranges(episodes: pd.DataFrame, fixtures: pd.DataFrame, bulletins: pd.DataFrame) -> Iterator[Rule]:
    e, b = episodes, bulletins
    too_many = e.appearances_before > e.fixtures_before
    yield "episodes", "appearances_before", too_many, "must be at most fixtures_before"
    for minutes, number, each in (
        ("minutes_before", "appearances_before", "appearance"),
        ("year_minutes", "year_available", "available fixture"),
    ):
        yield "episodes", minutes, e[minutes] > 120 * e[number], f"must be at most 120 for each {each}"
    for column, bad, allowed in details(b, "expected_day"):
        yield "bulletins", column, bad, allowed
    yield "bulletins", "first_word_day", b.first_word_day > b.day, "must be at most day"
    no_percentage = b.last_round.notna() & ~b.last_round.isin(LAST_ROUNDS)
    yield "bulletins", "last_round", no_percentage, "must be 0, 25, 50, 75 or 100, or blank"


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
    late = b.day >= b.episode.map(first_appearances(fixtures)).fillna(np.inf)
    yield "bulletins", "day", late, "must be before the return"
    blank = fixtures.minutes.isna()
    resumed = blank.groupby(fixtures.episode).cummax() & ~blank
    yield "fixtures", "minutes", resumed, "must be blank once the injury is no longer followed"
