"""Inputs that were spoiled at random, and what a hand would spoil on purpose: see hostile.py."""

import random

import pytest

import hostile

KINDS = list(hostile.EVERY)


@pytest.mark.parametrize("kind", KINDS)
def test_spoiled_inputs_are_read_or_refused(tmp_path, kind):
    seen = hostile.run(kind, 100, tmp_path)
    assert seen.total() == 100
    assert seen["refused"] > 0
    assert seen["read"] + seen["forecast"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_hundreds_of_spoiled_inputs_are_read_or_refused(tmp_path, kind):
    assert (
        hostile.run(kind, 500, tmp_path).total() == 500
    )  # ten thousand of each by hand: python -m tests.hostile 10000


CALENDARS = {
    "nested": b"BEGIN:VEVENT\r\n" * 70_000,
    "a day many times": hostile.CALENDAR.replace(b"BYDAY=SA,TU", b"BYDAY=" + b"MO," * 190_000 + b"SA"),
    "all of it repeated": hostile.CALENDAR.replace(b"END:VCALENDAR\r\n", b"") * 800,
    "dashes": hostile.CALENDAR.replace(b"Rovers v City", b"Rovers " + b"-" * 900_000),
    "one parameter after another": hostile.CALENDAR.replace(b";TZID=Mine", b";A=B" * 200_000),
    "folded at each letter": hostile.CALENDAR.replace(b"(TBC)", b"a\r\n " * 200_000),
    "a zone that changes every second": hostile.CALENDAR.replace(b"YEARLY", b"SECONDLY"),
    "zones": hostile.CALENDAR.replace(
        b"END:VTIMEZONE", b"END:VTIMEZONE\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE" * 9000
    ),
}


@pytest.mark.parametrize("content", CALENDARS.values(), ids=CALENDARS)
def test_a_calendar_made_to_take_for_ever(tmp_path, content):
    files = hostile.Files(tmp_path)
    hostile.attempt(files, "ics", content, and_forecast=False)
    hostile.attempt(files, "csv", content, and_forecast=False)


NAMES = (
    b"../secret.csv",
    b"secret.csv",
    b"/etc/passwd",
    b"/dev/zero",
    b"rovers.csv",
    b"./../inside/rovers.ics",
    b"~/a.csv",
)


def test_a_case_reads_nothing_outside_its_folder(tmp_path, monkeypatch):
    """Of these names, as they are and spoiled."""
    files, rng, opened = hostile.Files(tmp_path), random.Random(1), []
    monkeypatch.setattr("forecast.case.fixture_files.read_bytes", lambda path, *_: opened.append(path.resolve()) or b"")
    for i in range(300):
        content = hostile.CASE.replace(b"rovers.ics", NAMES[i % len(NAMES)])
        hostile.attempt(files, "case", content if i < len(NAMES) else hostile.spoiled(content, rng), and_forecast=False)
    assert {"rovers.csv", "rovers.ics"} <= {path.name for path in opened}
    assert all(path.is_relative_to(files.folder.resolve()) for path in opened)
