"""What charts of a forecast say of where and when it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from ..wording import day

if TYPE_CHECKING:
    from ..outlook import Outlook


def source_of_forecast(outlook: Outlook) -> str:
    """Whose words, and what the model has learned from."""
    sources = list(dict.fromkeys(b.source for b in outlook.case.bulletins))
    news = f"news: {', '.join(sources)}" if sources else "no news"
    return f"Model fitted to {outlook.model.trained_on}; {news}"


def date_of_forecast(outlook: Outlook, tz: ZoneInfo) -> str:
    """The moment of the forecast, on the clocks of a zone."""
    case = outlook.case
    days = round(case.day(case.as_of))
    return f"Forecast of {moment(case.as_of, tz)}, {days} {'day' if days == 1 else 'days'} after onset"


def moment(when: pd.Timestamp, tz: ZoneInfo) -> str:
    """``7 Mar 2026, 01:13 CET``."""
    there = when.tz_convert(tz)
    return f"{day(there)} {there:%Y, %H:%M %Z}"
