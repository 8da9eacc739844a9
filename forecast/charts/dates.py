"""An axis of dates whose labels have room."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from ..wording import day

_STEPS = (1, 2, 4, 7, 14, 28, 56, 91, 182, 364)  # days between labels


def axis_of_dates(axes: Axes, start: pd.Timestamp, end: pd.Timestamp, tz: ZoneInfo, most: int = 6) -> None:
    """From one moment to another, with at most so many midnights of a zone named, evenly apart."""
    axes.set_xlim(mdates.date2num(start), mdates.date2num(end))
    first = start.tz_convert(tz).ceil("D", ambiguous=True, nonexistent="shift_forward")
    span = (end - start) / pd.Timedelta(days=1)
    step = next((days for days in _STEPS if span <= days * most), _STEPS[-1])
    midnights = pd.date_range(first, end.tz_convert(tz), freq=f"{step}D")
    axes.xaxis.set_major_locator(FixedLocator(list(mdates.date2num(midnights))))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: day(mdates.num2date(x + 1e-6, tz=tz))))
