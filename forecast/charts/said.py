"""What charts of a forecast say of where and when it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from ..wording import day, days
from .canvas import Foot

if TYPE_CHECKING:
    from ..outlook import Outlook


def foot_of_forecast(outlook: Outlook, tz: ZoneInfo) -> Foot:
    """Whose words, what the model has learned from, and the moment of the forecast on the clocks of a zone."""
    case = outlook.case
    sources = list(dict.fromkeys(b.source for b in case.bulletins))
    news = f"news: {', '.join(sources)}" if sources else "no news"
    date = f"Forecast of {moment(case.as_of, tz)}, {days(case.day(case.as_of))} after onset"
    return f"Model fitted to {outlook.model.trained_on}; {news}", date


def moment(when: pd.Timestamp, tz: ZoneInfo) -> str:
    """``7 Mar 2026, 01:13 CET``."""
    there = when.tz_convert(tz)
    return f"{day(there)} {there:%Y, %H:%M %Z}"
