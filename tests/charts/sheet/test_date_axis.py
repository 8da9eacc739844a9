import itertools
from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import pandas as pd
import pytest

from forecast.charts.sheet.date_axis import axis_of_dates
from forecast.charts.sheet.saved import new_figure
from forecast.wording import at_on_day, day, local


def labels(start: str, days: float, tz: str) -> list[str]:
    axes, begin = new_figure(6, 3).add_subplot(), pd.Timestamp(start)
    axis_of_dates(axes, begin, begin + pd.Timedelta(days=days), ZoneInfo(tz))
    axes.figure.canvas.draw()
    return [tick.get_text() for tick in axes.get_xticklabels()]


@pytest.mark.parametrize("days", [1.01, 3, 5, 17, 30, 59, 100, 364, 700, 800])
def test_a_few_days_evenly_apart(days):
    found = labels("2026-03-07T09:00Z", days, "UTC")
    assert 1 <= len(found) <= 6
    assert found[0] == "7 Mar" if days < 300 else found[0].endswith(" 2026")


@pytest.mark.parametrize("days", [3, 17, 30, 100, 364, 700])
@pytest.mark.parametrize("width", [1.0, 2.2, 3.0])
def test_on_a_short_axis_fewer(width, days):
    axes, begin = new_figure(width, 3).add_axes((0, 0.2, 1, 0.8)), pd.Timestamp("2026-03-07T09:00Z")
    axis_of_dates(axes, begin, begin + pd.Timedelta(days=days), ZoneInfo("UTC"))
    axes.figure.canvas.draw()
    boxes = [tick.label1.get_window_extent() for tick in axes.xaxis.get_major_ticks()]
    assert all(one.x1 < other.x0 for one, other in itertools.pairwise(boxes))


@pytest.mark.parametrize("tz", ["Africa/Cairo", "America/Havana", "Europe/Madrid", "Asia/Kathmandu", "Pacific/Apia"])
@pytest.mark.parametrize("start", ["2025-10-20T09:00Z", "2026-03-01T00:00Z", "2026-04-20T12:00Z"])
def test_the_clocks_may_change_on_the_way(tz, start):
    found = labels(start, 16, tz)
    first = (pd.Timestamp(start).tz_convert(tz).tz_localize(None) - pd.Timedelta(hours=12)).ceil("D")
    assert found == [day(when) for when in pd.date_range(first, periods=len(found), freq="4D")]


@pytest.mark.parametrize("moment", ["2026-04-24T00:00Z", "2026-10-29T23:59:59Z"])  # skipped there, and twice there
def test_a_bare_date_on_such_a_day_stays_on_it(moment):
    when = pd.Timestamp(moment)
    assert local(when, ZoneInfo("Africa/Cairo")).date() == when.date()
    assert mdates.date2num(local(when, ZoneInfo("Africa/Cairo"))) > 0


def test_an_evening_kick_off_is_nearer_to_the_label_of_its_day_and_a_bare_date_stands_at_it():
    axes, begin = new_figure(6, 3).add_subplot(), pd.Timestamp("2026-03-07T09:00Z")
    axis_of_dates(axes, begin, begin + pd.Timedelta(days=5), ZoneInfo("UTC"))
    axes.figure.canvas.draw()
    ticks = {tick.label1.get_text(): tick.get_loc() for tick in axes.xaxis.get_major_ticks()}
    evening = mdates.date2num(pd.Timestamp("2026-03-09T20:45Z"))
    assert min(ticks, key=lambda name: abs(ticks[name] - evening)) == "9 Mar"
    reported = at_on_day(pd.Timestamp("2026-03-09T23:59:59Z"), ZoneInfo("Europe/Madrid"))
    assert reported == pd.Timestamp("2026-03-09T12:00", tz="Europe/Madrid")
