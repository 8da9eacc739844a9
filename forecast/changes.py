"""What moved a forecast: each bulletin, or what happened since an earlier one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from .outlook import Outlook


def moved_by_news(outlook: Outlook) -> pd.DataFrame:
    """What :meth:`forecast.Outlook.news` gives."""
    case, forecast = outlook.case, outlook.model.forecast
    said = sorted(case.bulletins, key=lambda b: b.issued)
    steps = [forecast(replace(case, bulletins=tuple(said[:k])), outlook.level).fixtures for k in range(len(said) + 1)]
    rows = []
    for b, before, after in zip(said, steps, steps[1:], strict=False):
        table = pd.DataFrame({"issued": b.issued, "kind": b.kind, "source": b.source, "fixture": before.fixture})
        for name in ("p_fit", "p_plays"):
            table[f"{name}_before"], table[f"{name}_after"] = before[name], after[name]
        rows.append(table)
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def changed_since(outlook: Outlook, earlier: Outlook, of: str) -> pd.DataFrame:
    """What :meth:`forecast.Outlook.since` gives."""
    case, forecast = outlook.case, earlier.model.forecast
    passed = [f for f in case.fixtures if not earlier.case.as_of < f.kickoff <= case.as_of]
    later = replace(earlier.case, as_of=case.as_of, fixtures=tuple(passed))
    steps = {
        "then": earlier,
        "time": forecast(later, earlier.level),
        "missed": forecast(replace(later, fixtures=case.fixtures), earlier.level),
        "news": outlook,
    }
    table = pd.DataFrame({name: _column(step, of) for name, step in steps.items()}).dropna()
    table["now"] = table.news
    table[["time", "missed", "news"]] = table[["then", "time", "missed", "news"]].diff(axis=1).iloc[:, 1:]
    return table.reset_index(names=["kickoff", "fixture"]).drop(columns="kickoff")


def _column(outlook: Outlook, name: str) -> pd.Series[float]:
    return outlook.fixtures.set_index(["kickoff", "fixture"])[name]
