"""The worth of a reading: the same fixture forecast with the newest reading of the news, and with an older one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import xlogy

from .bootstrap import clustered_means
from .scores import LEAST

OLDER = 4  # readings that are taken away, at most
EVE = 1.5  # days before a kick-off, at most


def worth_of_readings(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Score fixtures as forecast from the last reading before them, and from readings before that.

    Whether a player appeared in the fixtures in between is no news, for anyone can see it. So the chance that an older
    reading gave is taken among those who did not: ``p_returns`` over what it left for this fixture and later. The
    fixtures are all those that the player might have appeared in first, whether or not his flag was gone by then.

    Parameters
    ----------
    forecasts : DataFrame
        A row a reading and fixture: ``episode``, ``player``, ``day``, ``kickoff``, ``p_returns`` and ``returned`` (NaN
        where that is not known), of the flagged and of the cleared.

    Returns
    -------
    DataFrame, a row for each number of readings ``older``, 0 to 4, and each ``newest``
        Of all fixtures (``any time``), and of those whose newest reading was on the ``eve``, 36 hours before or less.
        ``n`` fixtures with so many readings, ``days`` from the reading to kick-off on average, and of the one
        probability that he appears in the fixture ``log_score`` and ``brier``; ``worth``, by how much the log score is
        above that of the newest reading for the same fixtures, with its 95% interval by player (``_low``, ``_high``).
    """
    order = forecasts.sort_values(["episode", "day", "kickoff"], ignore_index=True)
    order["returned"] = order.returned.astype(float)
    passed = order.groupby(["episode", "day"]).p_returns.cumsum() - order.p_returns
    p: pd.Series[float] = np.clip(order.p_returns / np.maximum(1.0 - passed, LEAST), LEAST, 1.0 - LEAST)
    back = order.groupby(["episode", "day"]).returned.cumsum() > order.returned  # in a fixture before this one
    order = order.assign(p=p, days=order.kickoff - order.day)[order.returned.notna() & ~back]
    # Of the readings before a fixture the newest is number 0.
    order["older"] = order.groupby(["episode", "kickoff"]).cumcount(ascending=False)
    order["brier"] = (order.p - order.returned) ** 2
    order["log_score"] = -xlogy(order.returned, order.p) - xlogy(1.0 - order.returned, 1.0 - order.p)
    newest = order[order.older == 0].set_index(["episode", "kickoff"]).log_score
    order["worth"] = order.log_score - order.join(newest.rename("newest"), on=["episode", "kickoff"]).newest
    eve = order.groupby(["episode", "kickoff"]).days.transform("min") <= EVE
    tables = {"any time": order, "eve": order[eve]}
    scored = [_by_age(table).assign(newest=name) for name, table in tables.items() if len(table)]
    return pd.concat(scored, ignore_index=True)


def _by_age(order: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for older, group in order[order.older <= OLDER].groupby("older"):
        means = group[["days", "log_score", "brier"]].mean()
        rows.append({"older": older, "n": len(group), **means, **clustered_means(group[["worth"]], group.player)})
    return pd.DataFrame(rows)
