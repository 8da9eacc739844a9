"""Events of an ICS calendar, as clubs publish them, by the package icalendar."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dateutil.rrule import DAILY, WEEKLY, rrule

from ..io.errors import CaseError
from ..io.fields import utc
from ..io.limits import MAX_EVENTS, MAX_ZONE_BYTES, RECURRING_DAYS
from ..terms import END, START
from .rows import Row, holds

_CALENDAR = "must be an iCalendar file whose events have a start"
_RULE = "must repeat daily, or weekly on some days"
_ZONE = f"must change once a year by a rule, or at some dates, in at most {MAX_ZONE_BYTES} bytes"
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAILY = {"FREQ", "INTERVAL", "COUNT", "UNTIL"}
_PARTS = {"DAILY": _DAILY, "WEEKLY": _DAILY | {"BYDAY", "WKST"}}  # that a rule of a kind may have

Start = date | datetime


def rows_of_calendar(raw: bytes, only: str | None = None) -> Iterator[Row]:
    """Read the matches of a calendar that are to be played: the summary is the fixture, the start the kick-off.

    Parameters
    ----------
    raw : bytes
    only : str, optional
        A text in the summary of those that are wanted.

    Yields
    ------
    Row
        Of each event, and of each repetition of it, up to a year. Left out is what is cancelled, by its ``STATUS`` or
        by the ``METHOD`` of the calendar, what has a later version (``SEQUENCE``), and of a series what was moved:
        there stands what takes its place (``RECURRENCE-ID``). A tentative event counts. Times without a zone are of
        ``X-WR-TIMEZONE``, or else UTC.

    Raises
    ------
    CaseError
        If it is no calendar, too large, or one that is wanted has no start, or a zone or rule that cannot be used.
    """
    calendar = _parsed(raw)
    if str(calendar.get("METHOD", "")).upper() == "CANCEL":
        return
    events = calendar.walk("VEVENT")
    if len(events) > MAX_EVENTS:
        raise CaseError.of("", f"{len(events)} events", f"must be at most {MAX_EVENTS}")
    moved: dict[str, set[pd.Timestamp]] = defaultdict(set)
    for uid, which in map(_key, events):
        if which is not None:
            moved[uid].add(which)
    for i, event in _standing(events):
        name = str(event.get("SUMMARY", ""))
        if holds(name, only):
            try:
                starts = _starts(event, moved[_key(event)[0]])
                yield from (Row(f"event {i}", name, _placed(start, calendar)) for start in starts)
            except CaseError as error:
                raise error.located(entry=f"event {i}") from None
            except Exception as error:  # whatever the package makes of what is none of a calendar
                raise CaseError.of("", str(error), _CALENDAR) from None


def _parsed(raw: bytes) -> Any:
    try:
        import icalendar
    except ImportError:
        allowed = "must be read by the package icalendar: pip install 'forecast[ics]'"
        raise CaseError.of("", "a calendar", allowed) from None
    icalendar.use_zoneinfo()  # which forgets the zones that another calendar described
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it guesses what a zone with the name of its maker is, and says so
            calendar = icalendar.Calendar.from_ical(raw.decode("utf-8-sig"))
            zones = [(zone.to_ical(), zone.walk()) for zone in calendar.walk("VTIMEZONE")]
            rules = [part["RRULE"] for _, parts in zones for part in parts if "RRULE" in part]
    except Exception as error:  # whatever the package makes of what is none
        raise CaseError.of("", str(error), _CALENDAR) from None
    # Rules are followed from their start to each kick-off: one by the second would take for ever.
    if any(len(text) > MAX_ZONE_BYTES for text, _ in zones) or any(not _yearly(rule) for rule in rules):
        raise CaseError.of("VTIMEZONE", "a time zone", _ZONE)
    return calendar


def _yearly(rule: Any) -> bool:
    return isinstance(rule, dict) and rule.get("FREQ") == ["YEARLY"] and "INTERVAL" not in rule


def _key(event: Any) -> tuple[str, pd.Timestamp | None]:
    """Return the series that an event is of, and the start of the one in it whose place it takes."""
    try:
        which = event.get("RECURRENCE-ID")
        return str(event.get("UID")), None if which is None else utc(which.dt, START)
    except Exception:  # it takes no place then
        return str(event.get("UID")), None


def _standing(events: list[Any]) -> list[tuple[int, Any]]:
    """The events that stand, with their numbers in the file: no later version in it, and not cancelled."""
    latest: dict[tuple[str, pd.Timestamp | None], int] = {}
    for event in events:
        latest[_key(event)] = max(_version(event), latest.get(_key(event), 0))
    return [
        (i, event)
        for i, event in enumerate(events, 1)
        if ("UID" not in event or _version(event) == latest[_key(event)])
        and str(event.get("STATUS", "")).upper() != "CANCELLED"
    ]


def _version(event: Any) -> int:
    try:
        return max(int(event.get("SEQUENCE", 0)), 0)
    except Exception:  # none that can be compared
        return 0


def _starts(event: Any, moved: set[pd.Timestamp]) -> list[Start]:
    """List the starts of an event and its repetitions, but for those that were moved or excepted."""
    first = _moment(event["DTSTART"])
    if "RECURRENCE-ID" in event:
        if event["RECURRENCE-ID"].params.get("RANGE"):
            raise CaseError.of("RECURRENCE-ID", "RANGE", "must be of one event, not of all that follow")
        return [first]
    starts = [*(_repeated(first, event["RRULE"]) if "RRULE" in event else [first]), *_dates(event.get("RDATE"))]
    gone = moved | {utc(day, START) for day in _dates(event.get("EXDATE"))}
    return [start for start in starts if utc(start, START) not in gone]


def _moment(value: Any) -> Start:
    moment, zone = value.dt, value.params.get("TZID")
    if not isinstance(moment, date):
        raise TypeError(f"{moment} is no start")
    if zone is not None and isinstance(moment, datetime) and moment.tzinfo is None:
        raise CaseError.of("TZID", str(zone), "must be a zone that is known, or described in the calendar")
    return moment


def _dates(lists: Any) -> list[Start]:
    """The moments of an ``EXDATE`` or ``RDATE``, of which there may be none or many."""
    return [_moment(value) for one in (lists if isinstance(lists, list) else [lists]) if one for value in one.dts]


def _repeated(first: Start, rule: Any) -> list[Start]:
    """List all starts of a rule that is plain enough for a list of matches, up to a year."""
    kind, every = rule["FREQ"][0], rule.get("INTERVAL", [1])[0]
    if kind not in _PARTS or set(rule) - _PARTS[kind] or every < 1 or set(rule.get("BYDAY", [])) - set(_WEEKDAYS):
        raise CaseError.of("RRULE", rule.to_ical().decode(), _RULE)
    start = first if isinstance(first, datetime) else datetime.combine(first, time(0))
    last = utc(first, START) + pd.Timedelta(days=RECURRING_DAYS)
    if "UNTIL" in rule:
        last = min(last, utc(rule["UNTIL"][0], END))
    weekdays = [_WEEKDAYS.index(day) for day in rule.get("BYDAY", [])]
    week_start = _WEEKDAYS.index(rule.get("WKST", ["MO"])[0])
    many = rule["COUNT"][0] if "COUNT" in rule else None
    starts = rrule(
        WEEKLY if kind == "WEEKLY" else DAILY, start, every, wkst=week_start, count=many, byweekday=weekdays or None
    )
    dates = (moment if isinstance(first, datetime) else moment.date() for moment in starts)
    return [*takewhile(lambda day: utc(day, START) <= last, dates)]


def _placed(start: Start, calendar: Any) -> Start:
    """The start, in the zone of the calendar where it has none."""
    if isinstance(start, datetime) and start.tzinfo is None and "X-WR-TIMEZONE" in calendar:
        return start.replace(tzinfo=ZoneInfo(str(calendar["X-WR-TIMEZONE"])))
    return start
