"""The forecasts of past readings of the feed, scored by what later ones know, beside the flags at face value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ..arrays import Array
from ..case.fixture import Fixture
from ..io.errors import DataError
from ..scoring.scores import first_of, mean_scores, outcome_of
from ..terms import HORIZON, NEARLY, SELDOM, WINDOW
from .cases import FeedCase
from .feed import Feed

Forecaster = Callable[[FeedCase], Array]  # the chance of each fixture ahead to see the first appearance

_WINDOW = pd.Timedelta(days=WINDOW)


def score_feed(feed: Feed, forecaster: Forecaster) -> pd.DataFrame:
    """Score the forecasts of every reading but the last, of the hamstring injuries that were open at each.

    Returns
    -------
    DataFrame
        A row for the ``forecast`` and one for the ``flag at face value``: ``players`` and ``forecasts`` that could be
        scored, ``log score``, ``Brier, next fixture`` and ``Brier, within three``, of the first appearance in the next
        six fixtures within 60 days, as far as the feed knows by now who played.

    Raises
    ------
    DataError
        If no fixture ahead of a case has been played since.
    """
    cases = [case for moment in feed.readings[:-1] for case in feed.cases(moment)]
    happened = [_happened(feed, case) for case in cases]
    kept = [(case, row) for case, row in zip(cases, happened, strict=True) if not np.isnan(row[0])]
    if not kept:
        raise DataError.of("readings", len(feed.readings), "must be two or more, with a match between")
    outcome = outcome_of(np.array([row for _, row in kept]))
    about = {"players": len({case.code for case, _ in kept}), "forecasts": len(kept)}
    rows = []
    for name, of_case in (("forecast", forecaster), ("flag at face value", face_value)):
        p = np.array([_padded(of_case(case)[: len(_next(case))]) for case, _ in kept])
        rows.append({"forecaster": name, **about, **mean_scores(p, *outcome)})
    return pd.DataFrame(rows)


def face_value(case: FeedCase) -> Array:
    """Read the flag at face value: its chance at every fixture; hardly before its date, nearly surely after."""
    last = max(case.bulletins, key=lambda bulletin: bulletin.issued)
    chance = NEARLY if last.kind == "available" else SELDOM if last.chance is None else last.chance / 100.0
    p = np.full(len(_next(case)), chance)
    if last.expected is not None:
        p = np.array([NEARLY if fixture.kickoff >= last.expected else SELDOM for fixture in _next(case)])
    return np.asarray(first_of(p[None])[0])


def _next(case: FeedCase) -> Sequence[Fixture]:
    return [fixture for fixture in case.ahead() if fixture.kickoff <= case.as_of + _WINDOW][:HORIZON]


def _happened(feed: Feed, case: FeedCase) -> Array:
    """Tell for each of the next fixtures whether the player appeared, shape (6,); NaN where it is not known."""
    appeared = feed.outcomes([case]).set_index("fixture").appeared
    return _padded(np.array([float(appeared.get(fixture.fixture, np.nan)) for fixture in _next(case)]))


def _padded(row: Array) -> Array:
    return np.pad(row, (0, HORIZON - len(row)), constant_values=np.nan)
