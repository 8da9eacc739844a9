"""Dates and times as people have them: the one place that says what they stand for."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from ..terms import END
from ..wording import is_bare
from .limits import YEARS
from .values import tidy

Time = str | date | datetime | pd.Timestamp | np.datetime64

_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{8}|\d{4}-?W\d\d-?\d")
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?:[T ]+(\d.*))?")
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})(?:[Tt ]+(\d.*))?")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH = r"([a-z]{3,9})\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_AFTER, _ST = r"(?:,? (?:at )?(\d.*))?", r"(?:st|nd|rd|th)?"
_IN_WORDS = (  # and the parts by which day, month, year and clock are known
    (re.compile(rf"{_WEEKDAY}(\d{{1,2}}){_ST}[ -]{_MONTH},?[ -](\d{{4}}){_AFTER}", re.IGNORECASE), (0, 1, 2, 3)),
    (re.compile(rf"{_WEEKDAY}{_MONTH} (\d{{1,2}}){_ST},? (\d{{4}}){_AFTER}", re.IGNORECASE), (1, 0, 2, 3)),
)
_SECOND, _OFFSET = r"((?::\d\d(?:[.]\d+)?)?)", r"( ?(?:UTC|GMT|Z|[+-]\d\d(?::?\d\d)?))?"
_CLOCK = re.compile(rf"(\d{{1,2}})(?:[:.h](\d\d))?{_SECOND} ?([ap]\.?m\.?)?{_OFFSET}", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_NANOSECONDS = re.compile(r"[.]\d{7,9}(?!\d)")  # more digits of a second than a datetime keeps
_NO_DAY = ("Y", "M", "W")  # units of NumPy in which no day is told
_UTC = re.compile(r"(Etc/)?(UTC|UCT|Zulu|Universal|Greenwich|GMT([+-]?0)?)|tzutc\(\)")


def time_of(value: object, dayfirst: bool = False) -> date | datetime:
    """Return the date or the time that is given. Midnight without a zone is a date, as date columns hold it.

    Parameters
    ----------
    value : date, datetime, str or datetime64
    dayfirst : bool
        Whether texts such as ``14/09/2025`` are read, the day first.

    Raises
    ------
    ValueError, TypeError, OverflowError
        If there is none, of the years that are allowed.
    """
    if isinstance(value, str):
        value = _read(tidy(value), dayfirst)
    if isinstance(value, np.datetime64):
        if np.datetime_data(value.dtype)[0] in _NO_DAY:
            raise ValueError("no day")
        value = pd.Timestamp(value)
    if not isinstance(value, date) or pd.isna(value):
        raise TypeError("no time")
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise ValueError(f"the year {value.year}")
    if isinstance(value, datetime) and value.tzinfo is None and pd.Timestamp(value) == pd.Timestamp(value.date()):
        return value.date()
    return value


def in_zone(value: Any, tz: str | None) -> Any:
    """Return a time without a zone as one of ``tz``; anything else, or without a zone to give, as it is."""
    return moment_of(value, tz=tz) if tz is not None and lacks_zone(value) else value


def moment_of(value: object, at: time = END, tz: str | ZoneInfo = "UTC", dayfirst: bool = False) -> pd.Timestamp:
    """Return the moment in UTC that a value stands for; a bare date is that day at ``at``, in UTC.

    ``tz`` is what a time without a zone means. The errors are those of :func:`time_of`.
    """
    found = time_of(value, dayfirst)
    if not isinstance(found, datetime):
        return pd.Timestamp(datetime.combine(found, at), tz="UTC").as_unit("ns")
    moment = pd.Timestamp(found)
    if moment.tzinfo is None:
        moment = moment.tz_localize(tz, ambiguous=True, nonexistent="shift_forward")
    return moment.tz_convert("UTC").as_unit("ns")


def no_later(moment: pd.Timestamp, than: pd.Timestamp, day: date | None = None) -> pd.Timestamp:
    """Return the moment; where it is the end of a bare date, at most ``than``, on whose ``day`` it is, or before."""
    today = than.date() if day is None else max(day, than.date())
    return than if moment > than and is_bare(moment) and moment.date() <= today else moment


def lacks_zone(value: object, dayfirst: bool = False) -> bool:
    """Tell whether it is a time of day without a zone."""
    try:
        found = time_of(value, dayfirst)
    except (ValueError, TypeError, OverflowError):
        return False
    return isinstance(found, datetime) and found.tzinfo is None


def day_of(value: object, dayfirst: bool = False) -> date:
    """Return the day on the calendar of its own zone; the errors are those of :func:`time_of`."""
    found = time_of(value, dayfirst)
    return found.date() if isinstance(found, datetime) else found


def is_midnight(moment: datetime) -> bool:
    """Tell whether only the date is known: midnight of any zone but UTC, by whatever name, as night games are there."""
    utc = moment.tzname() == "UTC" or _UTC.fullmatch(str(moment.tzinfo))
    return moment.time() == time(0) and not utc


def clock_of(text: str) -> time:
    """Return a time of day: 15:00, 15.00, 9:30, 3pm, 15h00; the errors are those of :meth:`time.fromisoformat`."""
    return time.fromisoformat(_clock(tidy(text)))


def _clock(text: str) -> str:
    """Return a time of day, with its zone, as ISO 8601 has it; what is none as it is."""
    found = _CLOCK.fullmatch(text)
    if found is None or not (found[2] or found[4]):
        return text
    hour, half = int(found[1]), (found[4] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        return text
    hour = hour % 12 + 12 * (half == "p") if half else hour
    zone = (found[5] or "").strip().upper()
    return f"{hour:02d}:{found[2] or '00'}{found[3]}{'Z' if zone in ('UTC', 'GMT') else zone}"


def _parts(text: str, dayfirst: bool) -> tuple[str, str, str, str | None] | None:
    """Return year, month, day and clock of a text in which they cannot be meant otherwise."""
    if found := _YEAR_FIRST.fullmatch(text):
        return found[1], found[3], found[4], found[5]
    if dayfirst and (found := _DAY_FIRST.fullmatch(text)):
        return found[4] if len(found[4]) == 4 else f"20{found[4]}", found[3], found[1], found[5]
    for form, order in _IN_WORDS:
        if found := form.fullmatch(text):
            day, month, year, clock = (found.groups()[i] for i in order)
            for number, name in enumerate(_MONTHS, 1):
                if name.startswith(month.lower()):
                    return year, str(number), day, clock
    return None


def _read(text: str, dayfirst: bool) -> date | datetime:
    try:
        return _iso(text)
    except ValueError:
        parts = _parts(text.translate(_DASHES), dayfirst)
        if parts is None:
            raise
    year, month, day, clock = parts
    return _iso(f"{year}-{month:0>2}-{day:0>2}" + (f"T{_clock(clock)}" if clock else ""))


def _iso(text: str) -> date | datetime:
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return pd.Timestamp(text) if _NANOSECONDS.search(text) else moment
