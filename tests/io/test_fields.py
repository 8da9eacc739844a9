from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import forecast as fc
from forecast.io.errors import MISSING
from forecast.io.fields import Checker, days_between, utc
from forecast.terms import END, KICKOFF, START
from refused import refused

NOON = pd.Timestamp("2026-03-07T12:00Z")


@pytest.mark.parametrize(
    "same",
    [
        "2026-03-07T12:00Z",
        "2026-03-07 12:00",
        " 2026-03-07T14:00:00+02:00 ",
        "20260307T120000Z",
        datetime(2026, 3, 7, 12),
        datetime(2026, 3, 7, 12, tzinfo=UTC),
        datetime(2026, 3, 7, 7, tzinfo=timezone(timedelta(hours=-5))),
        pd.Timestamp("2026-03-07 13:00", tz="Europe/Madrid"),
        np.datetime64("2026-03-07T12:00"),
        np.datetime64("2026-03-07T12:00:00.000000000"),
    ],
)
def test_a_moment_may_be_written_in_many_ways(same):
    moment = utc(same)
    assert moment == NOON
    assert str(moment.tz) == "UTC"
    assert moment.unit == "ns"


@pytest.mark.parametrize("bare", ["2026-03-07", "20260307", date(2026, 3, 7), np.datetime64("2026-03-07")])
@pytest.mark.parametrize(("at", "clock"), [(START, "00:00:00"), (KICKOFF, "20:00:00"), (END, "23:59:59")])
def test_a_bare_date_is_a_time_of_that_day(bare, at, clock):
    assert utc(bare, at) == pd.Timestamp(f"2026-03-07T{clock}Z")


@pytest.mark.parametrize(
    "wrong",
    [
        "soon", "", "2026-13-01", "2026-02-30", "31/02/2026", "2026-03-07T25:00", "1066-10-14", "3026-03-07",
        None, 20261307, 1.5, np.nan, True, pd.NaT, np.datetime64("NaT"), np.datetime64("NaT", "D"), time(20),
        [], MISSING,
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_moment_is_refused(wrong):
    (line,) = refused(fc.CaseError, utc, wrong, field="onset")
    assert line.startswith("onset: ")
    assert line.endswith("must be a date or time such as 2026-03-07 or 2026-03-07T20:00Z, 1900 to 2200")


@given(st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1), timezones=st.timezones()))
@example(datetime(2000, 1, 1, tzinfo=ZoneInfo("Etc/GMT+11")))  # taken for two hours of a day
@example(datetime(2000, 1, 1, tzinfo=ZoneInfo("Etc/GMT+12")))
def test_every_zone_is_brought_to_utc(moment):
    assert utc(moment) == moment
    assert utc(moment.isoformat()) == moment


def test_days_between():
    assert days_between(utc("2026-03-01", START), NOON) == 6.5


@pytest.mark.parametrize("good", ["Rovers v United", " padded ", "Ødegård", "x" * 200])
def test_text(good):
    with Checker() as check:
        assert check.text("player", good) == good.strip()


@pytest.mark.parametrize("bad", ["", "   ", "two\nlines", "tab\tbed", "\x1b[31mred", "x" * 201, None, 5, b"bytes"])
def test_text_that_is_none(bad):
    with (
        pytest.raises(fc.CaseError, match="must be a text on one line, 1 to 200 characters"),
        Checker() as check,
    ):
        check.text("player", bad)


@pytest.mark.parametrize(("good", "plain"), [(25, 25), (np.int64(50), 50), (25.0, 25), ("75", 75), ("50.0", 50)])
def test_choice(good, plain):
    with Checker() as check:
        assert check.choice("chance", good, (25, 50, 75)) == plain


@pytest.mark.parametrize("bad", [40, 25.5, "25x", True, None, np.nan, [25]])
def test_choice_of_something_else(bad):
    with pytest.raises(fc.CaseError, match="must be one of 25, 50, 75"), Checker() as check:
        check.choice("chance", bad, (25, 50, 75))


@pytest.mark.parametrize("good", [0, 10, np.int32(7), 9.0, np.float64(9), "9", "9.0", " 9 "])
def test_whole(good):
    with Checker() as check:
        whole = check.whole("fixtures_before", good, 10)
    assert type(whole) is int
    assert whole == float(good)


@pytest.mark.parametrize("bad", [-1, 11, 9.5, "9.5", "nine", "1e1", True, None, np.nan, np.inf, 2**70])
def test_whole_that_is_none(bad):
    with pytest.raises(fc.CaseError, match="must be a whole number, 0 to 10"), Checker() as check:
        check.whole("fixtures_before", bad, 10)


def test_problems_are_collected():
    check = Checker()
    check.fail("a", 1, "must go")
    check.fail("b", 2, "must go", "fixtures[1]")
    assert not check.good("a")
    assert not check.good("fixtures")
    assert check.good("c")
    with pytest.raises(fc.CaseError, match=r"^a: 1; must go\nfixtures\[1\]: b: 2; must go$"), check:
        pass


def test_an_error_of_another_kind_passes():
    check = Checker()
    check.fail("a", 1, "must go")
    with pytest.raises(ZeroDivisionError), check:
        1 / 0  # noqa: B018 - what it gives is an error
