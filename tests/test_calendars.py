import sys

import pandas as pd
import pytest

import forecast as fc
from forecast.calendars import MAX_BYTES, fixtures_from, read_fixtures


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", "DTSTAMP:20250901T000000Z", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> str:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//rovers//EN\r\n"
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\nBEGIN:STANDARD\r\nDTSTART:20241027T020000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:20250330T010000\r\n"
        "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )
    return head + zone + "".join(events) + "END:VCALENDAR\r\n"


def lines_of(make, *arguments) -> list[str]:
    with pytest.raises(fc.CaseError) as raised:
        make(*arguments)
    return str(raised.value).splitlines()


def test_a_table_of_fixtures():
    table = pd.DataFrame({"fixture": ["A v B", "C v D"], "kickoff": ["2025-10-04", pd.Timestamp("2025-10-11T15:00")]})
    assert fixtures_from(table) == [fc.Fixture("A v B", "2025-10-04T20:00Z"), fc.Fixture("C v D", "2025-10-11T15:00Z")]


def test_a_table_may_say_in_which_competition(tmp_path):
    (tmp_path / "a.csv").write_text("fixture,kickoff,competition\nA v B,2025-10-04,cup\nC v D,2025-10-11,\n")
    assert [f.competition for f in read_fixtures("a.csv", tmp_path)] == ["cup", None]
    table = pd.DataFrame({"fixture": ["A v B"] * 2, "kickoff": ["2025-10-04"] * 2, "competition": ["cup", None]})
    assert [f.competition for f in fixtures_from(table)] == ["cup", None]


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ({"match": ["A"]}, ["fixture: missing; must be a column", "kickoff: missing; must be a column"]),
        ({"fixture": ["A", ""], "kickoff": [pd.NaT, "2025-10-04"]}, ["row 1: kickoff: NaT", "row 2: fixture: ''"]),
    ],
)  # fmt: skip
def test_each_bad_row_of_a_table_has_its_line(table, lines):
    found = lines_of(fixtures_from, pd.DataFrame(table))
    assert [line.startswith(start) for line, start in zip(found, lines, strict=True)] == [True, True]


def test_a_calendar(tmp_path):
    text = calendar(
        event("SUMMARY:A v B", "DTSTART:20251004T140000Z"),
        event("SUMMARY:B v A\\, second leg", "DTSTART;TZID=Europe/London:20251011T150000"),
        event("SUMMARY:A v C", "DTSTART;VALUE=DATE:20251018"),
        event("SUMMARY:A v D", "DTSTART:20251025T140000Z", "STATUS:CANCELLED"),
    )
    (tmp_path / "rovers.ICS").write_bytes(text.encode())
    assert read_fixtures("rovers.ICS", tmp_path) == [
        fc.Fixture("A v B", "2025-10-04T14:00Z"),
        fc.Fixture("B v A, second leg", "2025-10-11T14:00Z"),
        fc.Fixture("A v C", "2025-10-18T20:00Z"),
    ]


def test_a_calendar_without_the_package_that_reads_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    (tmp_path / "a.ics").write_text(calendar())
    (line,) = lines_of(read_fixtures, "a.ics", tmp_path)
    assert line.startswith("a.ics: 'a calendar'; must be read by the package icalendar: pip install")


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.csv", b"", "'No columns to parse from file'; must be a CSV file in UTF-8 with a header"),
        ("a.csv", b"fixture,kickoff\n\xff,1\n", "must be a CSV file in UTF-8 with a header"),
        ("a.csv", b"fixture,kickoff\nA,2025-10-04,x,y\n1\n", "'a row has more fields than the header'; must be"),
        ("a.csv", b" " * (MAX_BYTES + 1), f"'too large'; must be at most {MAX_BYTES} bytes"),
        ("a.ics", b"", "must be an iCalendar file whose events have a start"),
        ("a.ics", b"fixture,kickoff\n", "must be an iCalendar file whose events have a start"),
        ("a.ics", calendar(event("SUMMARY:A v B")).encode(), "must be an iCalendar file whose events have a start"),
        ("a.ics", calendar(event("SUMMARY:A v B", "DTSTART:soon")).encode(), "must be"),
        ("a.ics", calendar(event("DTSTART:20251004T140000Z")).encode(), "row 1: fixture: ''; must be a text"),
        ("a.ics", calendar(event("SUMMARY:\xff", "DTSTART:20251004T140000Z")).encode("latin-1"), "must be"),
        ("a.ics", "BEGIN:VCALENDAR\r\n".encode("utf-16"), "must be an iCalendar file whose events have a start"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_fixtures(tmp_path, name, content, line):
    (tmp_path / name).write_bytes(content)
    found = lines_of(read_fixtures, name, tmp_path)
    assert found[0].startswith(f"{name}: ")
    assert line in found[0]
