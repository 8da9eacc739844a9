"""Past injuries of the feed as the three tables that a model is fitted to.

The rules are those of ``data/premier_league/README.md``, which describes the columns.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..episodes import Episodes, checked
from ..io.errors import DataError
from ..io.fields import days_between
from ..io.write import write_text
from ..terms import FIXTURES_BEFORE, FOLLOWED, LOOK_BACK, TABLES
from .injuries import FIT, Injury, first_word, injuries_of, word_of
from .snapshots import Game, Record, Status

_PAUSE = 130.0  # days without a fixture after which a player is followed no more
_AFTER = 14.0  # days beyond the last fixture followed in which readings count
_SEED = 1  # of the numbers of players and episodes
_WHOLE = ("year_available", "year_minutes", "previous_episode", "minutes", "minutes_before")
_YEAR = 400.0  # days back that the fixtures of the year may lie
_OF_A_YEAR = 38
_KICKOFF, _TIME = attrgetter("kickoff"), attrgetter("time")
_STALE = pd.Timedelta(days=21)  # a reading before kick-off that is older tells nothing of the day of the match
_DEAREST = 9.0
_OWNED = ((0.15, 0.05), (0.45, 0.25), (1.5, 0.8), (4.5, 2.5), (15.0, 8.0), (100.0, 25.0))  # upper ends, middles
Rows = dict[str, list[dict[str, Any]]]


def episodes_of(record: Record) -> Episodes:
    """Turn the readings of the feed into past injuries; players and episodes are numbered at random."""
    rows: Rows = {"episodes": [], "fixtures": [], "bulletins": []}
    codes = sorted(record.statuses)
    names = dict(zip(codes, np.random.default_rng(_SEED).permutation(len(codes)) + 1, strict=True))
    for code in codes:
        _add_player(rows, int(names[code]), record.statuses[code], record.games.get(code, []))
    if not rows["episodes"]:
        raise DataError.of("", "no injury", "must have one with a flag and a fixture after it")
    # By place, from which they were numbered.
    keys = pd.Series(np.random.default_rng(_SEED).permutation(len(rows["episodes"])) + 1)
    tables = {name: pd.DataFrame(table) for name, table in rows.items()}
    tables["episodes"]["previous_episode"] = tables["episodes"].previous_episode.map(keys)
    tables = {name: table.assign(episode=table.episode.map(keys)) for name, table in tables.items()}
    return checked({n: table.sort_values("episode", kind="stable", ignore_index=True) for n, table in tables.items()})


def write_tables(episodes: Episodes, folder: str | Path) -> None:
    """Write the three tables into a folder, from which :func:`forecast.load_episodes` reads them."""
    texts = {}
    for name in TABLES:
        table: pd.DataFrame = getattr(episodes, name)
        whole = {column: table[column].astype("Int64") for column in _WHOLE if column in table.columns}
        texts[name] = table.assign(**whole).to_csv(index=False)
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_text(Path(folder) / f"{name}.csv", text)


def _add_player(rows: Rows, player: int, statuses: Sequence[Status], games: Sequence[Game]) -> None:
    """Add the injuries of a player; a previous one counts even where it is left out of the tables."""
    previous: dict[str, tuple[pd.Timestamp, int | None]] = {}
    for injury in injuries_of(statuses, games):
        onset, in_match = injury.onset(games)
        followed = _followed(injury, games, onset)
        fixtures, appearances, minutes = last_ten(games, onset)
        bulletins = list(_bulletins(injury, onset, followed))
        before = previous.get(injury.part)
        kept = fixtures > 0 and any(row["kind"] != "available" for row in bulletins)
        key = len(rows["episodes"]) if kept else None
        previous[injury.part] = onset, key
        if not kept:
            continue
        available, year_minutes = last_year(games, statuses, onset)
        about = {
            "episode": key,
            "player": player,
            "season": injury.season,
            "body_part": injury.part,
            "position": injury.said[0].position,
            "onset": "match" if in_match else "reported",
            "fixtures_before": fixtures,
            "appearances_before": appearances,
            "minutes_before": minutes,
            "year_available": available,
            "year_minutes": year_minutes,
            "days_since_previous": np.nan if before is None else max(_days(before[0], onset), 0.0),
            "previous_episode": None if before is None else before[1],
        }
        rows["episodes"].append(about)
        rows["fixtures"] += [{"episode": key, "day": day, "minutes": m} for day, m in followed.items()]
        rows["bulletins"] += [{"episode": key, **row} for row in bulletins]


def _followed(injury: Injury, games: Sequence[Game], onset: pd.Timestamp) -> dict[float, float]:
    """Return the minutes by day of the fixtures after onset, up to a pause.

    They are NaN from when another absence took over before the return.
    """
    minutes: dict[float, float] = {}
    returned, last = False, 0.0
    for game in games[bisect_right(games, onset, key=_KICKOFF) :][:FOLLOWED]:
        day = days_between(onset, game.kickoff)
        if day - last > _PAUSE:
            break
        over = injury.ended is not None and game.kickoff >= injury.ended and not returned
        returned, last = returned or (game.minutes > 0 and not over), day
        key = round(day, 2)
        if key in minutes:  # a player who moved between clubs that played at once
            minutes[key] = max(minutes[key], game.minutes)
        else:
            minutes[key] = np.nan if over else game.minutes
    return minutes


def _bulletins(injury: Injury, onset: pd.Timestamp, followed: dict[float, float]) -> Iterator[dict[str, Any]]:
    """Yield what was known at each reading up to the return, or up to the last fixture followed and two weeks on."""
    returned = next((day for day, minutes in followed.items() if minutes > 0), np.inf)
    last = max((day for day, minutes in followed.items() if minutes >= 0), default=-np.inf)
    end = min(returned, last + _AFTER)
    before = 0.0
    for status in injury.said:
        day = _days(onset, status.time)
        if not before < day < end or (injury.ended is not None and status.time >= injury.ended):
            continue  # too close to the reading before it, too
        before, word = day, word_of(status)
        yield {
            "day": day,
            "kind": word.kind,
            "chance": word.chance,
            "expected_day": np.nan if word.expected is None else _days(onset, word.expected),
            "first_word_day": np.nan if status.state == FIT else max(_days(onset, first_word(status)), 0.0),
            "last_round": word.last_round,
            "match_fitness": int(word.match_fitness),
            "price": price_class(status.price),
            "owned": owned_class(status.owned),
        }


def _days(onset: pd.Timestamp, moment: pd.Timestamp) -> float:
    return round(days_between(onset, moment), 2)


def last_ten(games: Sequence[Game], onset: pd.Timestamp) -> tuple[int, int, int]:
    """Return fixtures, appearances and minutes of the last ten fixtures up to onset, at most 200 days back."""
    minutes = [game.minutes for game in _before(games, onset, LOOK_BACK)[-FIXTURES_BEFORE:]]
    return len(minutes), sum(m > 0 for m in minutes), sum(minutes)


def last_year(games: Sequence[Game], statuses: Sequence[Status], onset: pd.Timestamp) -> tuple[int, int]:
    """Return the fixtures a player was available for, of the last 38 in 400 days up to onset, and the minutes in them.

    Available: fit at the last reading of the three weeks before kick-off, or no reading in them, or on the pitch.
    """
    known = _before(games, onset, _YEAR)[-_OF_A_YEAR:]
    minutes = [game.minutes for game in known if game.minutes > 0 or _was_fit(statuses, game.kickoff)]
    return len(minutes), sum(minutes)


def price_class(price: float) -> float:
    """Return the price as the tables have it: to the nearest half, 9 for 9 and more."""
    return float(min(_DEAREST, np.floor(2.0 * price + 0.5) / 2.0))


def owned_class(owned: float) -> float:
    """Return the ownership as the tables have it: the middle of its class."""
    return next(middle for upper, middle in _OWNED if owned <= upper)


def _before(games: Sequence[Game], onset: pd.Timestamp, back: float) -> Sequence[Game]:
    """Return the matches up to onset, no earlier than some days before it."""
    first = bisect_left(games, onset - pd.Timedelta(days=back), key=_KICKOFF)
    return games[first : bisect_right(games, onset, key=_KICKOFF)]


def _was_fit(statuses: Sequence[Status], kickoff: pd.Timestamp) -> bool:
    i = bisect_left(statuses, kickoff, key=_TIME) - 1
    return i < 0 or statuses[i].time < kickoff - _STALE or statuses[i].state == FIT
