"""The tables of a backtest: what was forecast, how good it was, and whether it came true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .calibration import reliability
from .errors import DataError
from .evidence import HORIZON, KINDS
from .families import Array
from .origins import Origins
from .scoring import brier_within, clustered_mean, log_score
from .turnbull import turnbull

MODEL = "model"
RIVAL = "logistic hazard"
_BINS = [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
_DAYS = [0.0, 7.0, 14.0, 30.0, 60.0, 100.0, np.inf]
_REACH = 60.0  # days around a kick-off within which it matters when he became fit


@dataclass(frozen=True)
class Forecasts:
    """What was said of each origin; arrays of shape (n, 6), of no meaning beyond its last fixture.

    Attributes
    ----------
    p_returns : mapping
        Of each forecaster.
    p_fit, p_plays : ndarray
        Of the model.
    hindsight : ndarray
        What the model makes of ``p_fit`` once it is known what happened: 0 or 1 where that decides it.
    """

    p_returns: Mapping[str, Array]
    p_fit: Array
    p_plays: Array
    hindsight: Array


def score_table(origins: Origins, p_returns: Mapping[str, Array], rival: str) -> pd.DataFrame:
    """Scores of each forecaster with 95% intervals by player, and the difference of its log score from the rival's."""
    player, beyond = origins.table.player, np.isnan(origins.ahead)
    rows = []
    scored = {
        name: _scores(origins, np.where(beyond, np.nan, p)) for name, p in p_returns.items()
    }
    for name, values in scored.items():
        row: dict[str, str | int | float] = {"forecaster": name, "n": len(origins)}
        both = {**values, "difference": values["log_score"] - scored[rival]["log_score"]}
        for column, value in both.items():
            mean = clustered_mean(value, player)
            row |= {column: mean.mean, f"{column}_low": mean.low, f"{column}_high": mean.high}
        rows.append(row)
    return pd.DataFrame(rows)


def _scores(origins: Origins, p: Array) -> dict[str, Array]:
    outcome = origins.returned, origins.known
    return {
        "log_score": log_score(p, *outcome),
        "brier_next": brier_within(p, *outcome, 1),
        "brier_three": brier_within(p, *outcome, 3),
    }


def forecast_table(origins: Origins, forecasts: Forecasts) -> pd.DataFrame:
    """A row an origin and fixture, with what was forecast and what happened."""
    row, k = np.nonzero(np.isfinite(origins.ahead))
    table, kickoff = origins.table.iloc[row], origins.ahead[row, k]
    lower, upper = table.lower.to_numpy(), table.upper.to_numpy()
    kind = np.array(KINDS)[origins.readings.evidence.code[row]]
    happened = {
        "returned": np.where(k < origins.known[row], origins.returned[row] == k, np.nan),
        "fit_least": upper <= kickoff,
        "fit_most": lower < kickoff,
        "fit_hindsight": forecasts.hindsight[row, k],
    }
    return pd.DataFrame(
        {
            **{name: table[name].to_numpy() for name in ("episode", "player", "season", "day")},
            "kind": kind,
            "fixture": k + 1,
            "kickoff": kickoff,
            "p_returns": forecasts.p_returns[MODEL][row, k],
            "p_fit": forecasts.p_fit[row, k],
            "p_plays": forecasts.p_plays[row, k],
            **{name: p[row, k] for name, p in forecasts.p_returns.items() if name != MODEL},
            **happened,
            "fit_after": lower,
            "fit_by": upper,
        }
    )


def calibration_table(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Whether ``p_returns`` and ``p_fit`` came true, by lead, bin, season, kind of flag and days since onset.

    Parameters
    ----------
    forecasts : DataFrame
        Of :func:`forecast_table`.

    Returns
    -------
    DataFrame, a row for each ``quantity``, ``by`` and ``group``
        The columns of :func:`~forecast.calibration.reliability`. Whether he was fit is not always decided: for ``p_fit``
        ``least`` and ``most`` hold what would have been seen had all of those been unfit, or fit; ``turnbull`` is the
        non-parametric estimate in between; ``seen`` counts each by its probability given what happened, by the model.
        Turnbull is the higher where appearances, but not absences, end the interval of T: an inspection that depends on
        what it finds.
    """
    known = forecasts[forecasts.returned.notna()]
    return pd.concat([_of_returns(known, by) for by in _GROUPS] + [_of_fit(known, by) for by in _GROUPS], ignore_index=True)


_GROUPS = ("lead", "bin", "season", "kind", "days out")


def _groups(known: pd.DataFrame, by: str, stated: str) -> pd.Series:
    if by == "bin":
        return pd.cut(known[stated], _BINS, include_lowest=True)
    if by == "days out":
        return pd.cut(known.day, _DAYS)
    return known["fixture" if by == "lead" else by]


def _of_returns(known: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = _groups(known, by, "p_returns")
    table = reliability(known.p_returns.to_numpy(), known.returned.to_numpy(float), known.player, groups)
    return _named("p_returns", by, table)


def _of_fit(known: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = _groups(known, by, "p_fit")
    table = reliability(known.p_fit.to_numpy(), known.fit_hindsight.to_numpy(), known.player, groups)
    bounds = known.groupby(groups, observed=True)[["fit_least", "fit_most"]].mean()
    curve = [share_fit(own.fit_after - own.kickoff, own.fit_by - own.kickoff) for _, own in known.groupby(groups, observed=True)]
    return _named("p_fit", by, table.assign(least=bounds.fit_least.to_numpy(), most=bounds.fit_most.to_numpy(), turnbull=curve))


def _named(quantity: str, by: str, table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, "quantity", quantity)
    table.insert(1, "by", by)
    return table


def share_fit(after: pd.Series, by: pd.Series) -> float:
    """Turnbull's estimate of how many were fit by kick-off, from when each was seen to be, in days from it.

    Whole days, and not more than sixty of them either way, keep the estimate small; neither moves the kick-off.
    """
    low = np.floor(np.clip(after, -_REACH - 1.0, _REACH)) + _REACH + 1.0
    high = np.ceil(np.clip(by, -_REACH, np.inf)) + _REACH + 1.0
    high = np.where(high > 2.0 * _REACH, np.inf, high)
    try:
        pairs, count = np.unique(np.column_stack([low, high]), axis=0, return_counts=True)
        return float(1.0 - turnbull(*pairs.T, weights=count).survival(_REACH + 1.0))
    except DataError:  # nobody was seen to become fit
        return 0.0
