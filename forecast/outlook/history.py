"""The moves of a forecast: since the onset, by each bulletin, and since an earlier forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from ..case.case import Case
from ..io.limits import HORIZON_DAYS, MAX_AHEAD, MAX_NEWS

DRAWS = 400  # of the parameters: enough for the middle of each probability, which is all that is shown
_POINTS = 40  # moments at which it is forecast, beside those of the bulletins
_STEPS = 25  # fixtures missed and bulletins at which it may step, the last ones
_TICK = pd.Timedelta(seconds=1)

Forecast = Callable[[Case], pd.DataFrame]  # gives the table of the fixtures of a case


def history_of(case: Case, now: pd.Series, forecast: Forecast) -> pd.DataFrame:
    """Forecast a case at moments since its onset, from what was known then.

    Parameters
    ----------
    case : Case
    now : Series
        The probability that is followed, of each fixture ahead, as of today; its name is the column.
    forecast : callable
        What gives the table of the fixtures of a case.

    Returns
    -------
    DataFrame
        A row a moment, a column for each fixture still ahead.
    """
    kickoffs = sorted(f.kickoff for f in case.fixtures)
    start = max(case.onset, kickoffs[-1] - pd.Timedelta(days=HORIZON_DAYS))
    if len(kickoffs) > MAX_AHEAD:  # from where on no more of them are ahead than a case may have
        start = max(start, kickoffs[-MAX_AHEAD - 1])
    part = 1 if len(case.bulletins) <= MAX_NEWS else 3  # each of many takes longer
    moments = set(pd.date_range(start, case.as_of, periods=_POINTS // part))
    missed = [f.kickoff for f in case.fixtures if start < f.kickoff <= case.as_of]
    for step in sorted([*missed, *(b.issued for b in case.bulletins)])[-_STEPS // part :]:
        moments |= {max(step, start), max(step - _TICK, start)}  # just before it, too: the curve steps there
    bare = replace(case, deadlines={})
    past = {when: forecast(bare.rewound(when))[now.name] for when in sorted(moments - {case.as_of})}
    rows = {when: p.to_numpy()[-len(now) :] for when, p in (past | {case.as_of: now}).items()}
    return pd.DataFrame(list(rows.values()), index=pd.DatetimeIndex(rows))


def moved_by_news(case: Case, forecast: Forecast) -> pd.DataFrame:
    """Return the table of :meth:`forecast.Outlook.news`: the fixtures before and after each bulletin."""
    said = sorted(case.bulletins, key=lambda b: b.issued)
    steps = [forecast(replace(case, bulletins=tuple(said[:k]))) for k in range(len(said) + 1)]
    rows = []
    for b, (before, after) in zip(said, pairwise(steps), strict=True):
        table = pd.DataFrame({"issued": b.issued, "kind": b.kind, "source": b.source, "fixture": before.fixture})
        for name in ("p_fit", "p_plays"):
            table[f"{name}_before"], table[f"{name}_after"] = before[name], after[name]
        rows.append(table)
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def changed_since(
    now: tuple[Case, pd.DataFrame], earlier: tuple[Case, pd.DataFrame], forecast: Forecast, of: str
) -> pd.DataFrame:
    """Return the table of :meth:`forecast.Outlook.since`; both outlooks as a case and the table of its fixtures."""
    (case, fixtures), (before, fixtures_before) = now, earlier
    passed = [f for f in case.fixtures if not before.as_of < f.kickoff <= case.as_of]
    later = replace(before, as_of=case.as_of, fixtures=tuple(passed))
    steps = {
        "then": fixtures_before,
        "time": forecast(later),
        "missed": forecast(replace(later, fixtures=case.fixtures)),
        "news": fixtures,
    }
    columns = {name: step.set_index(["kickoff", "fixture"])[of] for name, step in steps.items()}
    table = pd.DataFrame(columns).dropna()
    table["now"] = table.news
    table[["time", "missed", "news"]] = table[["then", "time", "missed", "news"]].diff(axis=1).iloc[:, 1:]
    return table.reset_index(names=["kickoff", "fixture"]).drop(columns="kickoff")
