"""An axis of dates whose labels have room."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from ...io.fields import days_between
from ...wording import day
from .style import letters

_STEPS = (1, 2, 4, 7, 14, 28, 56, 91, 182, 364)  # days between labels
_LABEL, _HALF_A_MONTH = 0.7, 0.36  # inches: a date, and what is free beside it; half of a month with its year
_YEAR = 300.0  # days from which one could take a date for that of another year


def axis_of_dates(axes: Axes, start: pd.Timestamp, end: pd.Timestamp, tz: ZoneInfo, most: int = 6) -> None:
    """Set the axis from one moment to another, with at most ``most`` days of a zone named at noon, evenly apart.

    Fewer are named where the axis is too short for them.
    """
    most = max(1, min(most, int(_inches(axes) / _LABEL)))
    axes.set_xlim(mdates.date2num(start), mdates.date2num(end))
    span = days_between(start, end)
    step = next((days for days in _STEPS if span <= days * most), _STEPS[-1])
    named, free = day, pd.Timedelta(0)
    if span > _YEAR:  # a month with its year that is nearer to an end than half of its width would overlap
        named, free = "{:%b %Y}".format, (end - start) * (_HALF_A_MONTH / _inches(axes))
    noons = _noons(start + free, end - free, step, tz)
    axes.xaxis.set_major_locator(FixedLocator(list(mdates.date2num(noons))))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: named(mdates.num2date(x + 1e-6, tz=tz))))


def _inches(axes: Axes) -> float:
    """Return the width of the axes in inches of a sheet whose letters are of the usual size."""
    return float(axes.bbox.width) / axes.figure.dpi / letters()


def _noons(start: pd.Timestamp, end: pd.Timestamp, step: int, tz: ZoneInfo) -> pd.DatetimeIndex:
    """List the noon of every ``step``-th day: an evening kick-off is nearer to that of its own day than to the next."""
    noon = pd.Timedelta(hours=12)
    first, last = (moment.tz_convert(tz).tz_localize(None) for moment in (start, end))
    days = pd.date_range((first - noon).ceil("D"), last - noon, freq=f"{step}D") + noon
    return days.tz_localize(tz, ambiguous=np.ones(len(days), bool), nonexistent="shift_forward")
