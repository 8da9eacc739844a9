"""The moves of a forecast: by each bulletin, and since an earlier forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ..case.case import Case

Forecast = Callable[[Case], pd.DataFrame]  # gives the table of the fixtures of a case


def moved_by_news(case: Case, forecast: Forecast) -> pd.DataFrame:
    """Return the table of :meth:`forecast.Outlook.news`: the fixtures before and after each bulletin."""
    said = sorted(case.bulletins, key=lambda b: b.issued)
    steps = [forecast(replace(case, bulletins=tuple(said[:k]))) for k in range(len(said) + 1)]
    rows = []
    for b, before, after in zip(said, steps, steps[1:], strict=False):
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
