from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import pandas as pd
import pytest

from forecast.charts.sheet.canvas import new_figure
from forecast.charts.sheet.date_axis import axis_of_dates
from forecast.wording import day, local


def labels(start: str, days: float, tz: str) -> list[str]:
    axes, begin = new_figure(6, 3).add_subplot(), pd.Timestamp(start)
    axis_of_dates(axes, begin, begin + pd.Timedelta(days=days), ZoneInfo(tz))
    axes.figure.canvas.draw()
    return [tick.get_text() for tick in axes.get_xticklabels()]


@pytest.mark.parametrize("days", [1.01, 3, 5, 17, 30, 59, 100, 364, 700, 800])
def test_a_few_midnights_evenly_apart(days):
    found = labels("2026-03-07T09:00Z", days, "UTC")
    assert 1 <= len(found) <= 6
    assert found[0] == "8 Mar" if days < 300 else found[0].endswith(" 2026")


@pytest.mark.parametrize("tz", ["Africa/Cairo", "America/Havana", "Europe/Madrid", "Asia/Kathmandu", "Pacific/Apia"])
@pytest.mark.parametrize("start", ["2025-10-20T09:00Z", "2026-03-01T00:00Z", "2026-04-20T12:00Z"])
def test_the_clocks_may_change_on_the_way(tz, start):
    found = labels(start, 16, tz)
    first = pd.Timestamp(start).tz_convert(tz).tz_localize(None).ceil("D")
    assert found == [day(when) for when in pd.date_range(first, periods=len(found), freq="4D")]


@pytest.mark.parametrize("moment", ["2026-04-24T00:00Z", "2026-10-29T23:59:59Z"])  # skipped there, and twice there
def test_a_bare_date_on_such_a_day_stays_on_it(moment):
    when = pd.Timestamp(moment)
    assert local(when, ZoneInfo("Africa/Cairo")).date() == when.date()
    assert mdates.date2num(local(when, ZoneInfo("Africa/Cairo"))) > 0
