"""The tables of an outlook, from the draws of the posterior."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
import pandas as pd

from .case import HORIZON_DAYS, Case
from .families import Array
from .posterior import Posterior
from .standing import Standing

if TYPE_CHECKING:
    from .outlook import Outlook


class Tables(TypedDict):
    """The tables that an :class:`~forecast.Outlook` shows."""

    fixtures: pd.DataFrame
    deadlines: pd.DataFrame
    curve: pd.DataFrame


def outlook_tables(case: Case, now: Standing, draws: Posterior, level: float) -> Tables:
    """Means over the draws, with bands of the given level."""
    ahead = case.ahead()
    curve = _curve(case, now, draws, level)
    kickoffs = pd.DatetimeIndex([f.kickoff for f in ahead])
    fixtures = pd.DataFrame({"fixture": [f.fixture for f in ahead], "kickoff": kickoffs})
    for name, values in (
        ("p_fit", _at(now, draws, kickoffs)),
        ("p_plays", draws.p_plays),
        ("p_returns", draws.p_returns),
    ):
        fixtures = fixtures.assign(**band(values, level, name))
    open_deadlines = {name: when for name, when in case.deadlines.items() if when > case.as_of}
    when = pd.DatetimeIndex(list(open_deadlines.values()), tz="UTC")
    appeared = np.append(0.0, np.cumsum(fixtures.p_returns))[np.searchsorted(kickoffs, when, side="right")]
    deadlines = pd.DataFrame({"deadline": list(open_deadlines), "when": when})
    deadlines = deadlines.assign(**band(_at(now, draws, when), level, "p_fit"), p_appeared=appeared)
    return {
        "fixtures": fixtures,
        "deadlines": deadlines.sort_values("when", ignore_index=True),
        "curve": curve,
    }


def band(draws: Array, level: float, name: str) -> dict[str, Array]:
    """Posterior mean and the band around it, which reaches to the mean where that lies beyond a quantile.

    ``draws`` has shape (d, k); the result has ``name``, ``name_low`` and ``name_high``, each of shape (k,).
    """
    mean = draws.mean(axis=0)
    low, high = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    return {name: mean, f"{name}_low": np.minimum(low, mean), f"{name}_high": np.maximum(high, mean)}


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """A table of an outlook for people: ``62% (50%-73%)`` for a probability and its band."""
    shown = pd.DataFrame(index=table.index)
    for name in (str(c) for c in table.columns if not str(c).endswith(("_low", "_high"))):
        if f"{name}_low" in table.columns:
            ends = table[[name, f"{name}_low", f"{name}_high"]].to_numpy()
            shown[name] = [f"{p:.0%} ({low:.0%}-{high:.0%})" for p, low, high in ends]
        elif isinstance(table[name].dtype, pd.DatetimeTZDtype):
            shown[name] = [f"{moment:%a %d %b %Y %H:%M}" for moment in table[name]]
        else:
            shown[name] = [f"{value:.0%}" if isinstance(value, float) else value for value in table[name]]
    return shown


def as_record(outlook: Outlook) -> dict[str, Any]:
    """What :meth:`forecast.Outlook.to_dict` gives."""

    def records(table: pd.DataFrame) -> list[dict[str, Any]]:
        plain = table.assign(**{c: [m.isoformat() for m in table[c]] for c in ("kickoff", "when") if c in table})
        return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]

    return {
        "player": outlook.case.player,
        "onset": outlook.case.onset.isoformat(),
        "as_of": outlook.case.as_of.isoformat(),
        "level": outlook.level,
        "fixtures": records(outlook.fixtures),
        "deadlines": records(outlook.deadlines),
        "weights": {str(name): float(weight) for name, weight in outlook.model.weights.items()},
        "notes": list(outlook.notes),
    }


def _curve(case: Case, now: Standing, draws: Posterior, level: float) -> pd.DataFrame:
    start = now.situation.now
    inner = draws.days[(draws.days > start) & (draws.days < start + HORIZON_DAYS)] - start
    ahead = np.unique(np.concatenate([[0.0], inner, [HORIZON_DAYS]]))
    when = case.as_of + pd.to_timedelta(ahead, unit="D")
    return pd.DataFrame({"when": when, **band(_by_day(now, draws, start + ahead), level, "p_fit")})


def _at(now: Standing, draws: Posterior, when: pd.DatetimeIndex) -> Array:
    return _by_day(now, draws, np.array([now.case.day(moment) for moment in when]))


def _by_day(now: Standing, draws: Posterior, days: Array) -> Array:
    """``p_fit`` on the given days, shape (d, k), linear between the ends of the cells."""
    if now.cleared:
        return np.ones((len(draws.p_fit), len(days)))
    right = np.clip(np.searchsorted(draws.days, days), 1, len(draws.days) - 1)
    left = right - 1
    share = np.clip((days - draws.days[left]) / (draws.days[right] - draws.days[left]), 0.0, 1.0)
    return np.asarray(draws.p_fit[:, left] * (1.0 - share) + draws.p_fit[:, right] * share)
