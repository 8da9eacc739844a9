"""A club's log of injuries, matches and statuses, turned into the three tables that a model is fitted to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Array, each_row
from ..io.columns import Column, bad_rows, converted, is_blank, moments, require_columns
from ..io.dates import settled
from ..io.errors import DataError, Problem
from ..io.frames import frame_of, named, read_any
from ..io.values import tidy
from ..terms import (
    BODY_PARTS,
    CHANCES,
    END,
    FIXTURES_BEFORE,
    FOLLOWED,
    KICKOFF,
    LOOK_BACK,
    POSITIONS,
    READING_KINDS,
    START,
    TABLES,
)
from ..wording import written
from .episodes import Episodes
from .load import checked, details

Table = str | Path | pd.DataFrame
_NAME = Column(text=True)
_COLUMNS = {
    "injuries": {
        "player": _NAME,
        "position": Column(values=POSITIONS),
        "body_part": Column(values=BODY_PARTS, left_out="hamstring"),
    },
    "matches": {"player": _NAME, "minutes": Column(most=120)},
    "statuses": {
        "player": _NAME,
        "kind": Column(values=READING_KINDS),
        "chance": Column(least=CHANCES[0], most=CHANCES[-1], blank=True, left_out=np.nan),
    },
}
_MOMENTS = {
    "injuries": {"onset": START, "followed_until": END},
    "matches": {"kickoff": KICKOFF},
    "statuses": {"moment": END, "expected": START},
}
_OPTIONAL = ("followed_until", "body_part", "expected", "chance")  # may be no column at all
_MAY_BE_BLANK = ("followed_until", "expected")


def episodes_from_log(injuries: Table, matches: Table, statuses: Table) -> Episodes:
    """Turn a club's log into the three tables of past injuries, for :func:`~forecast.fit` and :func:`~forecast.pool`.

    Parameters
    ----------
    injuries : DataFrame or path, one row an injury
        ``player``, ``onset``, ``position`` and, if wanted, ``body_part`` (``hamstring``, ``thigh``, ``calf``, ``groin``
        or ``muscle``; ``hamstring`` without the column) and ``followed_until``: when he left, or another absence took
        over. The next injury of the same player ends the following of the one before, too.
    matches : DataFrame or path, one row a player in a match of the team
        ``kickoff``, ``player``, ``minutes``. Who has no row in a match did not appear in it.
    statuses : DataFrame or path, one row a statement
        ``player``, ``moment``, ``kind`` (``expected``, ``unknown``, ``chance``, ``available``), and ``expected``, a
        date, and ``chance``, 25, 50 or 75, for those kinds. What stands unchanged may be entered again, as a reading.

    Returns
    -------
    Episodes
        Players are numbered. Day 0 is the kick-off of a match on the day of the ``onset`` in which he appeared, or the
        onset itself. As in the shipped tables an injury needs a status while he was out and a match to be followed
        over; others are left out. A season begins in July. What a log does not tell is NaN: ``year_available``,
        ``year_minutes``, ``last_round``, ``price``, ``owned``; ``match_fitness`` is 0.

    Raises
    ------
    DataError
        One line for each problem; row 1 is the first. Or if no injury is left.

    Notes
    -----
    Bare dates stand for what they do in a case: an onset and an expected date for 00:00, a match for 20:00, a status
    for the end of the day.
    """
    problems: list[Problem] = []
    given = {"injuries": injuries, "matches": matches, "statuses": statuses}
    log = {name: _table(name, table, problems) for name, table in given.items()}
    problems = problems or list(_contradictions(**log))
    if problems:
        raise DataError(problems)
    found = dict(enumerate(_episodes(**log), 1))
    if not found:
        raise DataError.of("injuries", "none is left", "must have one with a status and a match after it")
    tables = {name: pd.concat({key: rows[name] for key, rows in found.items()}, names=["episode"]) for name in TABLES}
    return checked({name: table.reset_index("episode").reset_index(drop=True) for name, table in tables.items()})


def _table(name: str, given: Any, problems: list[Problem]) -> pd.DataFrame:
    """The columns of one table, checked one by one; an optional column that is not there is blank."""
    needed = [*_COLUMNS[name], *_MOMENTS[name]]
    try:
        given = read_any(Path(given), DataError, needed)[0] if isinstance(given, str | Path) else given
        given, _ = named(frame_of(given, DataError), needed, DataError)
        require_columns(given, [column for column in needed if column not in _OPTIONAL], name)
    except DataError as error:
        problems += error.located(file=name).problems
        return pd.DataFrame(columns=needed)
    given = given.reset_index(drop=True)
    given, _ = settled(given, [column for column in _MOMENTS[name] if column in given])
    texts = given[[column for column in _COLUMNS[name] if column in given]]
    texts = texts.apply(lambda column: column.map(_text).mask(is_blank(column), ""))
    given = given.reindex(columns=needed)
    table = converted(texts, _COLUMNS[name], name, problems, given)
    for column, at in _MOMENTS[name].items():
        table[column], bad = moments(given[column], at)
        bad |= is_blank(given[column]) & (column not in _MAY_BE_BLANK)
        problems += bad_rows(given[column], bad, "must be a date or time such as 2026-03-07T20:00Z", name)
    return table


def _text(value: object) -> str:
    """Return a value as a text in which names are the same that look so, and whole numbers however they are held."""
    whole = isinstance(value, float) and value.is_integer()
    return tidy(f"{value:.0f}" if whole else str(value))


def _contradictions(injuries: pd.DataFrame, matches: pd.DataFrame, statuses: pd.DataFrame) -> Iterator[Problem]:
    for name, table, keys in (
        ("injuries", injuries, ["player", "onset"]),
        ("matches", matches, ["player", "kickoff"]),
        ("statuses", statuses, ["player", "moment"]),
    ):
        yield from bad_rows(_written(table[keys[1]]), table.duplicated(keys), "must be one a player", name)
        unknown = ~table.player.isin(matches.player)
        yield from bad_rows(table.player, unknown, "must be a player of matches: 0 minutes in one will do", name)
    early = injuries.followed_until < injuries.onset
    yield from bad_rows(_written(injuries.followed_until), early, "must not be before onset", "injuries")
    for column, bad, allowed in details(statuses, "expected"):
        yield from bad_rows(_written(statuses[column]), bad, allowed, "statuses")


def _written(values: pd.Series) -> pd.Series:
    """Return moments as they are written, for an error; anything else as it is."""
    return values.map(written, na_action="ignore") if pd.api.types.is_datetime64_any_dtype(values) else values


def _episodes(
    injuries: pd.DataFrame, matches: pd.DataFrame, statuses: pd.DataFrame
) -> Iterator[dict[str, pd.DataFrame]]:
    """The rows of each injury that has what it needs."""
    minutes = matches.pivot_table(index="kickoff", columns="player", values="minutes", fill_value=0.0)
    keys: dict[float, int] = {}  # of the injuries that are kept, by their row
    number = {str(player): k for k, player in enumerate(minutes.columns, 1)}
    for player, own in injuries.sort_values("onset").groupby("player"):
        games, said = minutes[player], statuses[statuses.player == player].sort_values("moment")
        onset = pd.Series([_day_zero(moment, games) for moment in own.onset], own.index)
        ends = pd.concat([own.followed_until, onset.shift(-1)], axis=1).min(axis=1)
        own = own.assign(day_zero=onset, end=ends, row=own.index)
        own[["previous_onset", "previous_row"]] = own.groupby("body_part")[["day_zero", "row"]].shift()
        for injury in each_row(own):
            after = games[games.index > injury.day_zero].iloc[:FOLLOWED]
            followed = after.mask(after.index >= injury.end)  # nothing is, where there is no end
            returned = followed.index[followed > 0].min()
            over = (said.moment >= injury.end) | (said.moment >= returned)
            news = said[(said.moment > injury.day_zero) & ~over]
            news = news[(news.kind != "available").cummax()]
            if len(news) and len(after):
                keys[injury.row] = len(keys) + 1
                episode = _episode(injury, number[str(player)], games)
                fixtures = {"day": _days(after.index, injury.day_zero), "minutes": followed.to_numpy()}
                yield {
                    "episodes": episode.assign(previous_episode=keys.get(injury.previous_row, np.nan)),
                    "fixtures": pd.DataFrame(fixtures),
                    "bulletins": _bulletins(news, injury.day_zero),
                }


def _day_zero(onset: pd.Timestamp, games: pd.Series[float]) -> pd.Timestamp:
    """Return the kick-off on the day of the onset, if the player appeared in it, or the onset."""
    same_day = (kickoff for kickoff in games.index[games > 0] if kickoff.normalize() == onset.normalize())
    return next(same_day, onset)


def _episode(injury: Any, player: int, games: pd.Series[float]) -> pd.DataFrame:
    onset = injury.day_zero
    look_back = onset - pd.Timedelta(days=LOOK_BACK)
    before = games[(games.index <= onset) & (games.index >= look_back)].iloc[-FIXTURES_BEFORE:]
    first_year = onset.year - (onset.month < 7)
    row = {
        "player": player,
        "season": f"{first_year}-{(first_year + 1) % 100:02d}",
        "body_part": injury.body_part,
        "position": injury.position,
        "onset": "match" if (games.index[games > 0] == onset).any() else "reported",
        "fixtures_before": len(before),
        "appearances_before": int((before > 0).sum()),
        "minutes_before": float(before.sum()),
        "days_since_previous": (onset - injury.previous_onset) / pd.Timedelta(days=1),
    }
    return pd.DataFrame([row])


def _bulletins(said: pd.DataFrame, onset: pd.Timestamp) -> pd.DataFrame:
    day, expected = _days(said.moment, onset), _days(said.expected, onset)
    return said[["kind", "chance"]].assign(day=day, expected_day=expected, first_word_day=np.nan)


def _days(when: Any, onset: pd.Timestamp) -> Array:
    return np.asarray((when - onset) / pd.Timedelta(days=1), float)
