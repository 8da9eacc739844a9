"""Events of an ICS calendar, as clubs publish them, by the package icalendar."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from html import unescape
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dateutil.rrule import DAILY, WEEKLY, rrule

from ..io.dates import moment_of
from ..io.errors import CaseError
from ..io.limits import MAX_EVENTS, MAX_TEXT, MAX_ZONE_BYTES, MAX_ZONE_STEPS, RECURRING_DAYS
from ..io.read import decoded
from ..io.values import bare, tidy
from ..terms import END, START
from .competition import read_as_league
from .rows import Row, Rows, is_of_seconds, is_off, off_by, opponent_of, same_match, some

_CALENDAR = "must be an iCalendar file whose events have a start"
_RULE = "must repeat daily, or weekly on some days"
_ZONE = f"must change once a year by a rule, or at some dates, in at most {MAX_ZONE_BYTES} bytes"
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAILY = {"FREQ", "INTERVAL", "COUNT", "UNTIL"}
_PARTS = {"DAILY": _DAILY, "WEEKLY": _DAILY | {"BYDAY", "WKST"}}  # that a rule of a kind may have
_ONE_MATCH = pd.Timedelta(hours=3)

Start = date | datetime


@dataclass(frozen=True, eq=False)
class _Event:
    """An event: its number in the file, name, words to compare, competition, the zone of its calendar, if it is off.

    And a line of its description that may say so, but is long.
    """

    number: int
    given: Any
    name: str
    words: str
    competition: str | None
    zone: str | None
    off: bool
    remark: str | None


@dataclass(frozen=True)
class _Calendar:
    """The events of a file that stand, the starts in each series that were moved, and what is to be noted."""

    events: Sequence[_Event]
    moved: dict[str, set[pd.Timestamp]]
    notes: tuple[str, ...]


def rows_of_calendar(raw: bytes, only: str | None = None) -> Rows:
    """Read the matches of a calendar that are to be played: the summary is the fixture, the start the kick-off.

    Parameters
    ----------
    raw : bytes
        One calendar, or several one after the other.
    only : str, optional
        A text in the summary of those that are wanted.

    Returns
    -------
    Rows
        Of each event, and of each repetition of it, up to a year. Left out is what is cancelled, by its ``STATUS`` or
        by the ``METHOD`` of the calendar, what has a later version (``SEQUENCE``, else ``LAST-MODIFIED``, else
        ``DTSTAMP``), what has no name, and of a series what was moved: there stands what takes its place
        (``RECURRENCE-ID``). A tentative event counts. Times without a zone are of ``X-WR-TIMEZONE``.

    Raises
    ------
    CaseError
        If it is no calendar, too large, or one that is wanted has no start, or a zone or rule that cannot be used.
    """
    calendar = _parsed(raw)
    wanted = bare(only)
    events = [event for event in calendar.events if wanted in event.words]
    if not events and all(_names_one_team(event.name) for event in calendar.events):
        events = [*calendar.events]  # whose they are is said, and the others are named
    notes = list(calendar.notes)
    if unnamed := [f"event {event.number}" for event in events if not event.name]:
        notes.append(f"Left out, for want of a name: {some(unnamed)}.")
    return Rows(_rows([event for event in events if event.name], calendar.moved), notes)


def _rows(events: list[_Event], moved: dict[str, set[pd.Timestamp]]) -> Iterator[Row]:
    for event in events:
        entry = f"event {event.number}"
        try:
            moved_from = moved.get(_key(event.given)[0], set())
            starts = _starts(event.given, moved_from) if "DTSTART" in event.given else [None]
            placed = [_placed(start, event.zone) for start in starts]
        except CaseError as error:
            raise error.located(entry=entry) from None
        except Exception as error:  # whatever the package makes of what is none of a calendar
            field, value, allowed = ("", str(error), _CALENDAR) if _has_start(event.given) else _broken(event.given)
            raise CaseError.of(field, value, allowed).located(entry=entry) from None
        yield from (Row(entry, event.name, start, event.competition, remark=event.remark) for start in placed)


def _names_one_team(name: str) -> bool:
    return bool(opponent_of(name)) or Row("", name, None).is_no_match


def _has_start(event: Any) -> bool:
    """Tell whether an event has a start that is a date or a time, and not only something in its place."""
    try:
        return isinstance(event["DTSTART"].dt, date)
    except Exception:  # whatever the package makes of what is none
        return False


def _broken(event: Any) -> tuple[str, str, str]:
    return "DTSTART", str(_first(event, "DTSTART")), "must be a date or a time such as 20251004T140000Z"


@lru_cache(maxsize=1)  # a squad reads one calendar, each row with a filter of its own
def _parsed(raw: bytes) -> _Calendar:
    try:
        import icalendar
    except ImportError:
        allowed = "must be read by the package icalendar: pip install 'return-forecast[ics]'"
        raise CaseError.of("", "a calendar", allowed) from None
    icalendar.use_zoneinfo()  # which forgets the zones that another calendar described
    try:
        if not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raw = re.sub(rb"\r?\n[ \t]", b"", raw)  # unfolded before it is decoded: a letter may be split
        text, note = decoded(raw)
        if (many := len(re.findall(r"^BEGIN:VEVENT", text, re.MULTILINE | re.IGNORECASE))) > MAX_EVENTS:
            raise CaseError.of("", f"{many} events", f"must be at most {MAX_EVENTS}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it guesses what a zone with the name of its maker is, and says so
            calendars: list[Any] = icalendar.Calendar.from_ical(text, multiple=True)
            _check_zones(calendars)
            events = [*_events(calendars)]
            moved: dict[str, set[pd.Timestamp]] = defaultdict(set)
            for uid, which in (_key(event.given) for event in events):
                if which is not None:
                    moved[uid].add(which)
            return _Calendar([e for e in _standing(events) if not e.off], moved, (note,) if note else ())
    except CaseError:
        raise
    except Exception as error:  # whatever the package makes of what is none
        raise CaseError.of("", str(error), _CALENDAR) from None


def _check_zones(calendars: list[Any]) -> None:
    """Check that the rules of zones are few: each is followed, for each event, from its start to the kick-off."""
    if not calendars:
        raise ValueError("no calendar")
    zones = [zone for calendar in calendars for zone in calendar.walk("VTIMEZONE")]
    rules = [part for zone in zones for part in zone.walk() if "RRULE" in part]
    if any(len(zone.to_ical()) > MAX_ZONE_BYTES for zone in zones) or not all(_yearly(rule["RRULE"]) for rule in rules):
        raise CaseError.of("VTIMEZONE", "a time zone", _ZONE)
    starts = [e["DTSTART"].dt.year for c in calendars for e in c.walk("VEVENT") if _has_start(e)]
    years = sum(max(0, max(starts, default=0) - part["DTSTART"].dt.year) for part in rules if "DTSTART" in part)
    if (steps := years * len(starts)) > MAX_ZONE_STEPS:
        allowed = f"must be at most {MAX_ZONE_STEPS}, one a year of each rule for each event"
        raise CaseError.of("VTIMEZONE", f"{steps} steps of its rules", allowed)


def _yearly(rule: Any) -> bool:
    return isinstance(rule, dict) and rule.get("FREQ") == ["YEARLY"] and "INTERVAL" not in rule


def _events(calendars: list[Any]) -> Iterator[_Event]:
    number = 0
    for calendar in calendars:
        zone = _first(calendar, "X-WR-TIMEZONE")
        taken_back = str(_first(calendar, "METHOD")).upper() == "CANCEL"
        for event in calendar.walk("VEVENT"):
            number += 1
            name = unescape(tidy(" ".join(str(_first(event, "SUMMARY") or "").split())[: MAX_TEXT + 1]))
            short, remark = off_by(unescape(str(_first(event, "DESCRIPTION") or "")).splitlines())
            off = taken_back or short is not None or is_off(name, _first(event, "STATUS"))
            competition = _categories(event)
            words = f"{bare(name)}\n{bare(competition)}"
            yield _Event(number, event, name, words, competition, None if zone is None else str(zone), off, remark)


def _categories(event: Any) -> str | None:
    """Return the competition that the categories of an event name, if they do."""
    given = event.get("CATEGORIES")
    names = [
        tidy(str(name)) for one in (given if isinstance(given, list) else [given]) for name in getattr(one, "cats", [])
    ]
    return next((name for name in names if name and (is_of_seconds(name) or not read_as_league(name))), None)


def _first(component: Any, name: str) -> Any:
    """Return a property, the first where there are several; None where there is none."""
    value = component.get(name)
    return value[0] if isinstance(value, list) and value else value


def _key(event: Any) -> tuple[str, pd.Timestamp | None]:
    """Return the series that an event is of, and the start of the one in it whose place it takes."""
    try:
        which = event.get("RECURRENCE-ID")
        return str(event.get("UID")), None if which is None else _utc(which.dt)
    except Exception:  # it takes no place then
        return str(event.get("UID")), None


def _standing(events: list[_Event]) -> list[_Event]:
    """List the events without those of which the file has a later version."""
    versions: dict[Any, list[_Event]] = defaultdict(list)
    for event in events:
        versions[_key(event.given) if "UID" in event.given else event].append(event)
    late: set[_Event] = set()
    for same in (group for group in versions.values() if len(group) > 1):
        newest = max(_version(event)[0] for event in same)
        late |= {event for event in same if _version(event)[0] < newest}
        by_match: dict[str, list[_Event]] = defaultdict(list)  # one UID may be given to different matches
        for event in same:
            by_match[same_match(event.name)].append(event)
        for match in by_match.values():
            last = max(map(_version, match))
            late |= {event for event in match if _version(event) < last}
    return [event for event in events if event not in late]


def _version(event: _Event) -> tuple[int, pd.Timestamp, pd.Timestamp]:
    """Return what tells the later of two versions: SEQUENCE, LAST-MODIFIED, DTSTAMP."""
    try:
        sequence = max(int(event.given.get("SEQUENCE", 0)), 0)
    except Exception:  # none that can be compared
        sequence = 0
    return sequence, _stamp(event, "LAST-MODIFIED"), _stamp(event, "DTSTAMP")


def _stamp(event: _Event, name: str) -> pd.Timestamp:
    try:
        return _utc(_first(event.given, name).dt)
    except Exception:  # none, or none that can be compared
        return pd.Timestamp(0, tz="UTC")


def _utc(moment: Any) -> pd.Timestamp:
    return moment_of(moment, START)


def _starts(event: Any, moved: set[pd.Timestamp]) -> list[Start]:
    """List the starts of an event and its repetitions, but for those that were moved or excepted."""
    first = _moment(event["DTSTART"])
    if "RECURRENCE-ID" in event:
        if event["RECURRENCE-ID"].params.get("RANGE"):
            raise CaseError.of("RECURRENCE-ID", "RANGE", "must be of one event, not of all that follow")
        return [first]
    starts = [*(_repeated(first, event["RRULE"]) if "RRULE" in event else [first]), *_dates(event.get("RDATE"))]
    excepted = _dates(event.get("EXDATE"))
    gone, days = moved | {_utc(day) for day in excepted}, {day for day in excepted if not isinstance(day, datetime)}
    return [s for s in starts if _utc(s) not in gone and not (isinstance(s, datetime) and s.date() in days)]


def _moment(value: Any) -> Start:
    moment, name = value.dt, value.params.get("TZID")
    if not isinstance(moment, date):
        raise TypeError(f"{moment} is no start")
    if name is not None and isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=_zone("TZID", str(name)))
    return moment


def _zone(field: str, name: str) -> ZoneInfo:
    """Return a zone by its name in Outlook, too, which counts copies: GMT Standard Time 1."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    plain = re.sub(r" \d+$", "", tidy(name).strip('"'))
    try:
        return ZoneInfo(WINDOWS_TO_OLSON.get(plain, plain))
    except (ValueError, OSError, LookupError):
        allowed = "must be a zone that is known, or described in the calendar"
        raise CaseError.of(field, name, allowed) from None


def _dates(lists: Any) -> list[Start]:
    """The moments of an ``EXDATE`` or ``RDATE``, of which there may be none or many."""
    return [_moment(value) for one in (lists if isinstance(lists, list) else [lists]) if one for value in one.dts]


def _repeated(first: Start, rule: Any) -> list[Start]:
    """List all starts of a rule that is plain enough for a list of matches, up to a year."""
    kind, every = rule["FREQ"][0], rule.get("INTERVAL", [1])[0]
    if kind not in _PARTS or set(rule) - _PARTS[kind] or every < 1 or set(rule.get("BYDAY", [])) - set(_WEEKDAYS):
        raise CaseError.of("RRULE", rule.to_ical().decode(), _RULE)
    start = first if isinstance(first, datetime) else datetime.combine(first, time(0))
    last = _utc(first) + pd.Timedelta(days=RECURRING_DAYS)
    if "UNTIL" in rule:
        last = min(last, moment_of(rule["UNTIL"][0], END))
    weekdays = [_WEEKDAYS.index(day) for day in rule.get("BYDAY", [])]
    week_start = _WEEKDAYS.index(rule.get("WKST", ["MO"])[0])
    many = rule["COUNT"][0] if "COUNT" in rule else None
    starts = rrule(
        WEEKLY if kind == "WEEKLY" else DAILY, start, every, wkst=week_start, count=many, byweekday=weekdays or None
    )
    dates = (moment if isinstance(first, datetime) else moment.date() for moment in starts)
    return [*takewhile(lambda day: _utc(day) <= last, dates)]


def _placed(start: Start | None, zone: str | None) -> Start | None:
    """Put a start in the zone of the calendar where it has none."""
    if isinstance(start, datetime) and start.tzinfo is None and zone is not None:
        return start.replace(tzinfo=_zone("X-WR-TIMEZONE", zone))
    return start
