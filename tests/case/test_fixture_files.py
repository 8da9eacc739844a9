import sys
from functools import partial

import pandas as pd
import pytest

import forecast as fc
from forecast.io.limits import MAX_ENTRIES, MAX_TABLE_BYTES
from refused import refused


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", "DTSTAMP:20250901T000000Z", *lines, "END:VEVENT", ""])


def zone(name: str = "Europe/London", hours: int = 0, rule: str = "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU") -> str:
    """A zone that is so many hours ahead in winter and one more in summer."""
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\nDTSTART:20201025T020000\r\nRRULE:{rule}\r\n"
        f"TZOFFSETFROM:+{hours + 1:02}00\r\nTZOFFSETTO:+{hours:02}00\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"
        "DTSTART:20200329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
        f"TZOFFSETFROM:+{hours:02}00\r\nTZOFFSETTO:+{hours + 1:02}00\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )


def calendar(*parts: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//rovers//EN\r\n" + "".join(parts) + "END:VCALENDAR\r\n"


@pytest.fixture
def read(tmp_path):
    """What is read of a calendar of these parts: (fixture, kick-off) of each."""

    def read(*parts: str, only: str | None = None) -> list[tuple[str, str]]:
        (tmp_path / "a.ics").write_bytes(calendar(*parts).encode())
        found = fc.Fixture.read(tmp_path / "a.ics", only)
        return [(f.fixture, f"{f.kickoff:%Y-%m-%d %H:%M}") for f in found]

    return read


lines_of = partial(refused, fc.CaseError)


AB = ("SUMMARY:A v B", "DTSTART:20251004T140000Z")


def test_a_table_of_fixtures():
    table = pd.DataFrame({"fixture": ["A v B", "C v D"], "kickoff": ["2025-10-04", pd.Timestamp("2025-10-11T15:00")]})
    assert fc.Fixture.read(table) == [
        fc.Fixture("A v B", "2025-10-04T20:00Z"),
        fc.Fixture("C v D", "2025-10-11T15:00Z"),
    ]


def test_a_table_may_say_in_which_competition(tmp_path):
    (tmp_path / "a.csv").write_text("fixture,kickoff,competition\nA v B,2025-10-04,cup\nC v D,2025-10-11,\n")
    assert [f.competition for f in fc.Fixture.read(tmp_path / "a.csv")] == ["cup", None]
    table = pd.DataFrame(
        {"fixture": ["A v B"] * 2, "kickoff": ["2025-10-04", "2025-10-05"], "competition": ["cup", None]}
    )
    assert [f.competition for f in fc.Fixture.read(table)] == ["cup", None]
    assert [f.competition for f in fc.Fixture.read(table, only="Cup")] == ["cup"]


def test_only_those_of_a_team():
    table = pd.DataFrame(
        {"fixture": ["Rovers v A", "A v B", "B v ROVERS", 5], "kickoff": ["2025-10-04"] * 3 + ["soon"]}
    )
    assert [f.fixture for f in fc.Fixture.read(table, only="rovers")] == ["Rovers v A", "B v ROVERS"]


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ({"who": ["A"]}, ["fixture: missing; must be a column", "kickoff: missing; must be a column"]),
        ({"fixture": ["A", ""], "kickoff": ["soon", "2025-10-04"]}, ["row 1: kickoff: 'soon'", "row 2: fixture: ''"]),
        ({"fixture": ["A v B"] * (MAX_ENTRIES + 1), "kickoff": "soon"},
         ["fixtures: 'over 1000'; must be at most 1000; choose some by a text that they have in common"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_told_line_by_line(table, lines):
    found = lines_of(fc.Fixture.read, pd.DataFrame(table))
    assert [line.startswith(start) for line, start in zip(found, lines, strict=True)] == [True] * len(lines)


@pytest.mark.parametrize("name", ["A v B - Postponed", "POSTPONED: A v B", "A v B (cancelled)", "A v B abandoned"])
def test_what_is_off_is_left_out(name):
    table = pd.DataFrame({"fixture": [name, "A v C"], "kickoff": ["2025-10-04T15:00", "2025-10-11T15:00"]})
    assert [f.fixture for f in fc.Fixture.read(table)] == ["A v C"]


@pytest.mark.parametrize(
    ("name", "kickoff", "hour"),
    [
        ("A v B", "2025-10-04T15:00", "15:00"),
        ("A v B (TBC)", "2025-10-04T15:00", "20:00"),
        ("A v B - tba", "2025-10-04T15:00Z", "20:00"),
        ("A v B [time TBD]", "2025-10-04T15:00+01:00", "20:00"),
        ("A v B, kick-off TBC", pd.Timestamp("2025-10-04T15:00"), "20:00"),
        ("A v B, date to be confirmed", "2025-10-04T15:00", "20:00"),
        ("TBC v A", "2025-10-04T15:00", "15:00"),  # the opponent is not known: the hour is
        ("A v B", "2025-10-04", "20:00"),
        ("A v B", "2025-10-04T00:00", "20:00"),
        ("A v B", "2025-10-04T00:00-04:00", "20:00"),
        ("A v B", pd.Timestamp("2025-10-04"), "20:00"),
        ("A v B", pd.Timestamp("2025-10-04", tz="Europe/London"), "20:00"),
        ("A v B", "2025-10-04T00:00Z", "00:00"),  # eight in the evening in New York
    ],
)
def test_an_hour_that_is_not_known_is_that_of_a_bare_date(name, kickoff, hour):
    (found,) = fc.Fixture.read(pd.DataFrame({"fixture": [name], "kickoff": [kickoff]}, dtype=object))
    assert f"{found.kickoff:%Y-%m-%d %H:%M}" == f"2025-10-04 {hour}"


def test_a_column_of_days_is_one_of_bare_dates():
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": pd.to_datetime(["2025-10-04"])})
    assert fc.Fixture.read(table) == [fc.Fixture("A v B", "2025-10-04T20:00Z")]


@pytest.mark.parametrize(("method", "left"), [("CANCEL", 0), ("cancel", 0), ("PUBLISH", 1)])
def test_a_calendar_that_takes_back_what_it_holds(read, method, left):
    assert len(read(f"METHOD:{method}\r\n", event("SUMMARY:A v B", "DTSTART:20251004T140000Z"))) == left


def test_a_calendar(read):
    assert read(
        zone(),
        event("SUMMARY:A v B", "DTSTART:20251004T140000Z"),
        event("SUMMARY:B v A\\, second leg", "DTSTART;TZID=Europe/London:20251011T150000"),
        event("SUMMARY:A v C", "DTSTART;VALUE=DATE:20251018"),
        event("SUMMARY:A v D", "DTSTART:20251025T140000Z", "STATUS:CANCELLED"),
        event("SUMMARY:A v E, a name so long that the calendar fol", " ds it", "DTSTART:20251101T150000"),
        event("SUMMARY:A v F", "DTSTART:20251108T150000Z", "STATUS:TENTATIVE"),
        event("SUMMARY:A v G", "DTSTART;TZID=Europe/London:20251115T000000"),
    ) == [
        ("A v B", "2025-10-04 14:00"),
        ("B v A, second leg", "2025-10-11 14:00"),
        ("A v C", "2025-10-18 20:00"),
        ("A v E, a name so long that the calendar folds it", "2025-11-01 15:00"),
        ("A v F", "2025-11-08 15:00"),
        ("A v G", "2025-11-15 20:00"),
    ]


def test_the_same_twice_in_a_calendar_counts_once(read):
    assert read(event("UID:1", *AB), event("UID:2", *AB)) == [("A v B", "2025-10-04 14:00")]


def test_a_zone_is_the_one_that_its_own_calendar_describes(read):
    """Programs call all of theirs by one name; another calendar must not lend its own."""
    kickoff = event("SUMMARY:A v B", "DTSTART;TZID=Customized:20251215T150000")
    assert read(zone("Customized", 1), kickoff) == [("A v B", "2025-12-15 14:00")]
    assert read(zone("Customized", 2), kickoff) == [("A v B", "2025-12-15 13:00")]
    summer = event("SUMMARY:A v B", "DTSTART;TZID=Customized:20250715T150000")
    assert read(zone("Customized", 2), summer) == [("A v B", "2025-07-15 12:00")]


@pytest.mark.parametrize("name", ["Europe/Madrid", "W. Europe Standard Time"])
def test_a_zone_that_is_known_needs_no_description(read, name):
    assert read(event("SUMMARY:A", f"DTSTART;TZID={name}:20250715T150000")) == [("A", "2025-07-15 13:00")]


def test_times_without_a_zone_are_in_that_of_the_calendar(read):
    parts = event("SUMMARY:A", "DTSTART:20250715T150000"), event("SUMMARY:B", "DTSTART:20250715T150000Z")
    assert read("X-WR-TIMEZONE:Europe/Madrid\r\n", *parts) == [("A", "2025-07-15 13:00"), ("B", "2025-07-15 15:00")]


def test_a_moved_match_stands_where_its_latest_version_is(read):
    moved = event("UID:1", "SEQUENCE:2", "SUMMARY:A v B", "DTSTART:20251005T160000Z")
    first = event("UID:1", "SEQUENCE:1", *AB)
    off = event("UID:1", "SEQUENCE:3", "SUMMARY:A v B", "DTSTART:20251005T160000Z", "STATUS:CANCELLED")
    assert read(moved, first) == read(first, moved) == [("A v B", "2025-10-05 16:00")]
    assert read(first, moved, off) == []


WEEKLY = ("UID:1", "SUMMARY:A", "DTSTART;TZID=Europe/London:20251004T150000")


def test_of_a_series_one_may_be_moved_and_one_left_out(read):
    series = event(*WEEKLY, "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Europe/London:20251018T150000")
    moved = event("UID:1", "RECURRENCE-ID:20251011T140000Z", "SUMMARY:A moved", "DTSTART:20251012T110000Z")
    off = event("UID:1", "RECURRENCE-ID:20251101T150000Z", "SUMMARY:A", "DTSTART:20251101T150000Z", "STATUS:CANCELLED")
    assert read(moved, series, off) == [
        ("A moved", "2025-10-12 11:00"),
        ("A", "2025-10-04 14:00"),
        ("A", "2025-10-25 14:00"),
    ]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", ["10-04", "10-05", "10-06"]),
        ("FREQ=DAILY;INTERVAL=10;UNTIL=20251024T140000Z", ["10-04", "10-14", "10-24"]),
        ("FREQ=WEEKLY;UNTIL=20251018", ["10-04", "10-11", "10-18"]),
        ("FREQ=WEEKLY;BYDAY=SA,TU;COUNT=4", ["10-04", "10-07", "10-11", "10-14"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA;COUNT=4", ["10-04", "10-14", "10-18", "10-28"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=3", ["10-12", "10-14", "10-26"]),
        ("FREQ=WEEKLY;COUNT=0", []),
    ],
)
def test_a_match_that_repeats(read, rule, days):
    """dateutil.rrule.rrulestr(rule, dtstart=datetime(2025, 10, 4, 15)) gives the same, but for COUNT=0."""
    assert [kickoff[5:10] for _, kickoff in read(event(*WEEKLY, f"RRULE:{rule}"))] == days


def test_what_repeats_without_end_does_so_for_a_year(read):
    found = read(event(*WEEKLY, "RRULE:FREQ=WEEKLY"))
    assert (len(found), found[-1]) == (53, ("A", "2026-10-03 14:00"))
    assert found[10] == ("A", "2025-12-13 15:00")  # by the clock of London


def test_further_dates_of_a_match(read):
    assert read(event(*AB, "RDATE:20251104T140000Z,20251204T140000Z"))[1:] == [
        ("A v B", "2025-11-04 14:00"),
        ("A v B", "2025-12-04 14:00"),
    ]


def test_what_is_not_wanted_may_be_as_it_likes(read):
    birthday = event("SUMMARY:Birthday", "DTSTART;TZID=None:20251004T150000", "RRULE:FREQ=YEARLY")
    assert read(birthday, event(*AB), only="v B") == [("A v B", "2025-10-04 14:00")]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["SUMMARY:A v B", "DTSTART:soon"], "event 1: DTSTART: 'soon'; must be a date or a time such as 20251004T140000Z"),
        (["SUMMARY:A v B", "DTSTART;VALUE=TIME:150000"], "event 1: DTSTART: "),
        (["SUMMARY:A", "DTSTART;TZID=Atlantis:20251004T140000"], "event 1: TZID: 'Atlantis'; must be a zone"),
        ([*AB, "RRULE:FREQ=MONTHLY"], "event 1: RRULE: 'FREQ=MONTHLY'; must repeat daily, or weekly"),
        ([*AB, "RRULE:FREQ=SECONDLY"], "event 1: RRULE: 'FREQ=SECONDLY'; must repeat daily"),
        ([*AB, "RRULE:FREQ=DAILY;INTERVAL=0"], "event 1: RRULE: 'FREQ=DAILY;INTERVAL=0'; must repeat daily"),
        ([*AB, "RRULE:FREQ=WEEKLY;BYDAY=2SU"], "event 1: RRULE: 'FREQ=WEEKLY;BYDAY=2SU'; must repeat daily"),
        ([*AB, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "must be an iCalendar file"),
        ([*AB, "RECURRENCE-ID;RANGE=THISANDFUTURE:20251004T140000Z"], "event 1: RECURRENCE-ID: 'RANGE'; must be"),
        (["SUMMARY:A", "DTSTART:99990101T140000Z", "RRULE:FREQ=DAILY"], "event 1: 'the year 9999'; must be an iCalendar file"),
    ],
)  # fmt: skip
def test_an_event_that_is_no_match(read, lines, line):
    (found,) = lines_of(read, event(*lines))
    assert found.startswith("a.ics: ")
    assert line in found


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;INTERVAL=0", "FREQ=DAILY"])
def test_a_zone_that_would_take_for_ever_is_refused(read, rule):
    kickoff = event("SUMMARY:A", "DTSTART;TZID=Mine:20251004T140000")
    (found,) = lines_of(read, zone("Mine", rule=rule), kickoff)
    assert found.startswith("a.ics: VTIMEZONE: 'a time zone'; must change once a year")


def test_a_calendar_without_the_package_that_reads_it(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    (line,) = lines_of(read)
    assert line.startswith("a.ics: 'a calendar'; must be read by the package icalendar: pip install")


def test_too_many_events(read):
    (line,) = lines_of(read, *["BEGIN:VEVENT\r\nEND:VEVENT\r\n"] * 5001)
    assert line == "a.ics: '5001 events'; must be at most 5000"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.csv", b"", "fixture: missing; must be a column"),
        ("a.csv", b"who,when\n", "fixture: missing; must be a column"),
        ("a.csv", b"fixture,kickoff,kickoff\n", "kickoff: 'kickoff, kickoff'; must be one column"),
        ("a.csv", b"fixture,kickoff\n\"A,2025\n", "must be a CSV file in UTF-8 with a header"),
        ("a.csv", b"fixture,kickoff\n\xff\xc3\xa9,1\n", "must be a CSV file in UTF-8 with a header"),
        ("a.csv", b"fixture,kickoff\nA,2025-10-04,x,y\n1\n", "row 1: '4 fields'; must be 2, as in the header"),
        ("a.csv", b" " * (MAX_TABLE_BYTES + 1), f"'over {MAX_TABLE_BYTES} bytes'; must be at most {MAX_TABLE_BYTES} bytes"),
        ("a.ics", b"", "must be an iCalendar file whose events have a start"),
        ("a.ics", b"fixture,kickoff\n", "must be an iCalendar file whose events have a start"),
        ("a.ics", "BEGIN:VCALENDAR\r\n".encode("utf-16"), "must be an iCalendar file whose events have a start"),
        ("a.txt", b"", "'a.txt'; must be a .csv, .ics or .xlsx file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_fixtures(tmp_path, name, content, line):
    (tmp_path / name).write_bytes(content)
    found = lines_of(fc.Fixture.read, tmp_path / name)
    assert found[0].startswith(f"{name}: ")
    assert line in found[0]
