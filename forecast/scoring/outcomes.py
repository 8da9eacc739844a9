"""Outcomes of the forecasts of a log, and scores by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..io.dates import settled
from ..io.errors import MISSING, CaseError, DataError, Problem, naming
from ..io.fields import Checker
from ..io.frames import named, read_any
from ..io.values import bare, is_blank, truth_of
from ..terms import KICKOFF, START
from .scores import brier_within, log_score, mean_scores, outcome_of

_KEYS = ["whose", "since", "which"]  # by which the outcome of a forecast is found
_AGAINST = re.compile(r"\s+(?:vs?\.?|[-\u2013\u2014:])\s+")
_WANTED = ("player", "onset", "appeared", "kickoff", "fixture", "minutes")
_MOVED = pd.Timedelta(days=3)  # by which a match may have been moved; further apart they are two


def read_outcomes(path: str | Path) -> pd.DataFrame:
    """Read the outcomes of forecasts; a row without one is left out.

    Parameters
    ----------
    path : path
        A CSV or Excel file with the columns ``player``, ``onset``, ``appeared`` (yes or no) or ``minutes``, and
        ``kickoff`` or ``fixture``. By these the forecasts are found, by ``kickoff`` where it has both.

    Returns
    -------
    DataFrame
        ``player``, ``onset``, ``kickoff`` or ``fixture``, and ``appeared`` as True or False; the index is the row.

    Raises
    ------
    DataError
        One line for each problem.
    """
    path = Path(path)
    try:
        with naming(path.name):
            return _checked(_columns(read_any(path, DataError, _WANTED)[0]))
    except CaseError as error:
        raise DataError(error.problems) from None


def _columns(given: pd.DataFrame) -> pd.DataFrame:
    """Find player, onset, what tells a fixture and whether he appeared, in this order."""
    table, _ = named(given, _WANTED, CaseError)
    told = "minutes" if "minutes" in table and "appeared" not in table else "appeared"
    if missing := [name for name in ("player", "onset", told) if name not in table.columns]:
        raise CaseError(Problem(name, MISSING, "must be a column") for name in missing)
    by = next((name for name in ("kickoff", "fixture") if name in table.columns), None)
    if by is None:
        raise CaseError.of("fixture", MISSING, "must be a column, or kickoff")
    table, _ = settled(table, [name for name in ("onset", "kickoff") if name in table])
    return table[["player", "onset", by, told]]


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    """Read the rows whose outcome is known; an error with a line for each problem."""
    _, _, by, told = table.columns
    problems: list[Problem] = []
    rows: dict[int, tuple[Any, ...]] = {}
    for i, (player, onset, fixture, outcome) in enumerate(table.itertuples(index=False), 1):
        if is_blank(outcome):  # nobody knows yet
            continue
        check = Checker()
        which = check.text(by, fixture) if by == "fixture" else check.time(by, fixture, KICKOFF)
        appeared = check.number(told, outcome, 0, 120) > 0 if told == "minutes" else _appeared(check, outcome)
        rows[i] = (check.text("player", player), check.time("onset", onset, START), which, appeared)
        problems += CaseError(check.problems).located(entry=f"row {i}").problems
    if problems or not rows:
        raise CaseError(problems or [Problem("appeared", MISSING, "must be yes or no in one row at least")])
    found = pd.DataFrame(rows.values(), list(rows), ["player", "onset", by, "appeared"])
    if (twice := _keyed(found, by).duplicated([*_KEYS[:2], by])).any():
        again = twice[twice].index
        raise CaseError(Problem("", "a fixture once more", "must stand there once", f"row {i}") for i in again)
    return found


def _appeared(check: Checker, text: str) -> bool:
    truth = truth_of(text)
    if truth is None:
        check.fail("appeared", text, "must be one of yes, no")
    return bool(truth)


@dataclass(frozen=True)
class LogScores:
    """Scores of the forecasts of a log.

    Attributes
    ----------
    fixtures : DataFrame
        By ``ahead``, 1 for the next fixture, and of "all": how many ``forecasts``, how often he was ``said`` to play
        and did, ``happened``, and of that the ``log score`` and the ``Brier`` score.
    returns : DataFrame
        Of the first appearance, as in the backtest: ``forecasts``, ``log score``, ``Brier, next fixture`` and
        ``Brier, within three``.
    late : int
        Of the fixtures, how many had kicked off when the forecast was made: no proof of anything.
    unused : tuple of int
        The rows of outcomes that are of no forecast.
    """

    fixtures: pd.DataFrame
    returns: pd.DataFrame
    late: int
    unused: tuple[int, ...] = ()


def score_log(log: pd.DataFrame, outcomes: pd.DataFrame) -> LogScores:
    """Score what :func:`read_log` read against what :func:`read_outcomes` did.

    The days of the onset and of the kick-off count, not the hours, and names in any letters, with accents or without.

    Raises
    ------
    DataError
        If no outcome is one of a forecast, or one by its name may be of two matches.
    """
    by = "kickoff" if "kickoff" in outcomes.columns else "fixture"
    log, outcomes = _keyed(log, by), _keyed(outcomes, by)
    if by == "fixture":
        _check_names(log, outcomes)
    outcomes = outcomes.drop_duplicates([*_KEYS, "appeared"])  # a match that was moved by hours may stand there twice
    if (twice := outcomes.duplicated(_KEYS)).any():
        allowed = "must not be another than in a row of the same day"
        said = outcomes.appeared.map({True: "yes", False: "no"})
        raise DataError(Problem("appeared", said[i], allowed, f"row {i}") for i in twice[twice].index)
    table = log.merge(outcomes[[*_KEYS, "appeared"]], on=_KEYS, how="left")
    known, keys = table[table.appeared.notna()], pd.MultiIndex.from_frame(outcomes[_KEYS])
    if known.empty:
        raise DataError.of("outcomes", "none", f"must be one of a forecast in the log: of its player, onset and {by}")
    parts = [(ahead, rows) for ahead, rows in known.groupby("ahead")]
    return LogScores(
        fixtures=pd.DataFrame([_of_fixtures(ahead, rows) for ahead, rows in (*parts, ("all", known))]),
        returns=_of_returns(table),
        late=int((known.made >= known.kickoff).sum()),
        unused=tuple(outcomes.index[~keys.isin(pd.MultiIndex.from_frame(log[_KEYS]))]),
    )


def _keyed(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add what a fixture of an injury is found by: player and name in bare letters, and days, whatever the hour."""
    which = table.kickoff.dt.floor("D") if by == "kickoff" else table.fixture.map(_match)
    return table.assign(whose=table.player.map(bare), since=table.onset.dt.floor("D"), which=which)


def _match(name: str) -> str:
    """Return the name of a match with the same sign between the teams."""
    return _AGAINST.sub(" v ", bare(name))


def _check_names(log: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    """Refuse the outcome of a fixture by a name that two matches have, in the forecasts of one injury."""
    kickoffs = log.groupby(_KEYS).kickoff.agg(["min", "max"])
    twice = set(kickoffs.index[kickoffs["max"] - kickoffs["min"] > _MOVED])
    problems = [
        Problem("fixture", row.fixture, "stands there twice: give the kick-off, in a column kickoff", f"row {i}")
        for i, row in outcomes.iterrows()
        if tuple(row[_KEYS]) in twice
    ]
    if problems:
        raise DataError(problems)


def _of_fixtures(ahead: object, rows: pd.DataFrame) -> dict[str, Any]:
    p, appeared = rows.p_plays.to_numpy(float)[:, None], rows.appeared.to_numpy(bool)
    returned, known = np.where(appeared, 0, -1), np.ones(len(rows), int)
    return {
        "ahead": ahead,
        "forecasts": len(rows),
        "said": rows.p_plays.mean(),
        "happened": appeared.mean(),
        "log score": log_score(p, returned, known).mean(),
        "Brier": brier_within(p, returned, known, 1).mean(),
    }


def _of_returns(table: pd.DataFrame) -> pd.DataFrame:
    """Scores of the first appearance, of each forecast over the fixtures up to the first of unknown outcome."""
    forecast = table.groupby(["player", "onset", "model", "as_of"], sort=False).ngroup().to_numpy()
    p = np.full((forecast.max() + 1, table.ahead.max()), np.nan)
    happened = p.copy()
    p[forecast, table.ahead - 1] = table.p_returns
    happened[forecast, table.ahead - 1] = table.appeared.astype(float)
    returned, known = outcome_of(happened)
    some = known > 0
    return pd.DataFrame([{"forecasts": some.sum(), **mean_scores(p[some], returned[some], known[some])}])
