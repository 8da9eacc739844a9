"""The tables of an outlook, from the draws of the posterior."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from ..arrays import Array
from ..evidence.open_case import OpenCase
from ..factors.posterior import Posterior
from ..io.limits import HORIZON_DAYS

_EVE = 1e-6  # days before a kick-off, at which the curve stands where it is about to jump


class Tables(TypedDict):
    """The tables that an :class:`~forecast.Outlook` shows."""

    fixtures: pd.DataFrame
    deadlines: pd.DataFrame


def outlook_tables(now: OpenCase, draws: Posterior, level: float) -> Tables:
    """Means over the draws, with bands of the given level."""
    case, ahead = now.case, now.case.ahead()
    due = sorted((when, name) for name, when in case.deadlines.items() if when > case.as_of)
    kickoffs, when = [f.kickoff for f in ahead], [moment for moment, _ in due]
    fit = p_fit_at(now, draws, np.array([case.day(moment) for moment in (*kickoffs, *when)]))
    p = {"p_fit": fit[:, : len(ahead)], "p_plays": draws.p_plays, "p_returns": draws.returns}
    by_fixture = bands({**p, "due": fit[:, len(ahead) :]}, level)
    by_deadline = {f"p_fit{end}": by_fixture.pop(f"due{end}") for end in ("", "_low", "_high")}
    appeared = np.append(0.0, np.cumsum(by_fixture["p_returns"]))[[bisect_right(kickoffs, moment) for moment in when]]
    fixtures = {"fixture": [f.fixture for f in ahead], "kickoff": pd.DatetimeIndex(kickoffs), **by_fixture}
    if any(f.competition for f in ahead):
        fixtures["competition"] = [f.competition for f in ahead]
    deadlines = _NO_DEADLINES  # a table takes pandas as long as a fifth of the draws: of most cases this one is empty
    if due:
        deadlines = _deadline_table([name for _, name in due], when, {**by_deadline, "p_appeared": appeared})
    return {"fixtures": pd.DataFrame(fixtures), "deadlines": deadlines}


def _deadline_table(names: list[str], when: list[pd.Timestamp], columns: Mapping[str, Array]) -> pd.DataFrame:
    return pd.DataFrame({"deadline": names, "when": pd.DatetimeIndex(when, tz="UTC"), **columns})


_NO_DEADLINES = _deadline_table([], [], dict.fromkeys(("p_fit", "p_fit_low", "p_fit_high", "p_appeared"), np.zeros(0)))


def draws_table(now: OpenCase, draws: Posterior) -> pd.DataFrame:
    """Build the table of :meth:`forecast.Outlook.draws`."""
    ahead = now.case.ahead()
    fit = p_fit_at(now, draws, np.array([now.case.day(f.kickoff) for f in ahead]))
    number = np.repeat(np.arange(len(fit)), len(ahead))
    p = {"p_fit": fit, "p_plays": draws.p_plays, "p_returns": draws.returns}
    columns = {name: values.ravel() for name, values in p.items()}
    return pd.DataFrame({"draw": number, "fixture": [f.fixture for f in ahead] * len(fit), **columns})


def bands(draws: Mapping[str, Array], level: float) -> dict[str, Array]:
    """Posterior means and the bands around them, which reach to the mean where that lies beyond a quantile.

    Each of ``draws`` has shape (d, k); of each the result has ``name``, ``name_low`` and ``name_high``, of shape (k,).
    """
    together = np.concatenate(list(draws.values()), axis=1)
    mean = together.mean(axis=0)
    low, high = np.quantile(together, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    low, high = np.minimum(low, mean), np.maximum(high, mean)
    ends = np.cumsum([0, *(values.shape[1] for values in draws.values())])
    return {
        f"{name}{end}": values[first:last]
        for name, (first, last) in zip(draws, pairwise(ends), strict=True)
        for end, values in (("", mean), ("_low", low), ("_high", high))
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """List the rows of a table as plain values, with moments as ISO text."""
    plain = table.assign(**{c: [m.isoformat() for m in table[c]] for c in ("kickoff", "when") if c in table})
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


def curve_table(now: OpenCase, draws: Posterior, level: float) -> pd.DataFrame:
    """Build the table :attr:`forecast.Outlook.curve`."""
    start = now.situation.now
    inner = draws.days[(draws.days > start) & (draws.days < start + HORIZON_DAYS)]
    eves = np.maximum(inner[1:][np.diff(inner) == 0] - _EVE, start)  # at a kick-off it jumps: where it is twice
    days = np.unique(np.concatenate([[start], inner, eves, [start + HORIZON_DAYS]]))
    when = now.case.as_of + pd.to_timedelta(days - start, unit="D")
    return pd.DataFrame({"when": when, **bands({"p_fit": p_fit_at(now, draws, days)}, level)})


def p_fit_at(now: OpenCase, draws: Posterior, days: Array) -> Array:
    """``p_fit`` on the given days, shape (d, k), linear between the ends of the cells."""
    if now.cleared:
        return np.ones((len(draws.p_fit), len(days)))
    right = np.clip(np.searchsorted(draws.days, days, side="right"), 1, len(draws.days) - 1)
    left = right - 1
    width = np.maximum(draws.days[right] - draws.days[left], 1e-12)
    along = np.clip((days - draws.days[left]) / width, 0.0, 1.0)
    return np.asarray(draws.p_fit[:, left] * (1.0 - along) + draws.p_fit[:, right] * along)


def p_misses(draws: Posterior, at_least: int, of: int) -> float:
    """Return the probability that the player misses at least ``at_least`` of the next ``of`` fixtures."""
    returns, again = draws.returns[:, :of], draws.after_return[:, :of]
    enough = (1.0 - returns.sum(axis=1)) * (at_least <= of)
    for first in range(of):
        enough = enough + returns[:, first] * _at_least(at_least - first, 1.0 - again[:, first + 1 :])
    return float(np.clip(enough.mean(), 0.0, 1.0))


def _at_least(k: int, p: Array) -> Array:
    """Return the probability of at least ``k`` of independent events, of probabilities ``p`` of shape (d, n)."""
    count = np.ones((len(p), 1))  # probability of each number of events
    for chance in p.T[:, :, None]:
        count = np.pad(count * (1.0 - chance), [(0, 0), (0, 1)]) + np.pad(count * chance, [(0, 0), (1, 0)])
    return np.asarray(count[:, max(k, 0) :].sum(axis=1))
