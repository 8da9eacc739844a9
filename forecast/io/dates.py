"""Dates and times as people have them: the one place that says what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from numbers import Real
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from ..terms import END
from ..wording import is_bare
from .limits import MAX_TEXT, YEARS
from .values import bare, number_of, tidy

Time = str | date | datetime | pd.Timestamp | np.datetime64

_DAY = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{8}|\d{4}-?W\d\d-?\d)([Tt ].*)?")
_WORD = r"([^\W\d_]{3,10})\.?"  # a month
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,? )?"
_CLOCK_AFTER = r"(?:[T ,]+(\d.*))?"
_YEAR = r"(\d{4}|\d\d)"
_DAY_OR_MONTH_FIRST = re.compile(rf"(?i){_WEEKDAY}(\d{{1,2}})([/-])(\d{{1,2}})\2{_YEAR}{_CLOCK_AFTER}")
_DOTS = re.compile(rf"(?i){_WEEKDAY}(\d{{1,2}})\.(\d{{1,2}})\.{_YEAR}{_CLOCK_AFTER}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})([/.-])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK_AFTER}", re.IGNORECASE)
_MONTHS = (  # in the languages of the big leagues, without accents
    "january januar janvier enero gennaio januari janeiro",
    "february februar fevrier febrero febbraio februari fevereiro",
    "march marz maerz mars marzo maart marco",
    "april avril abril aprile",
    "may mai mayo maggio mei maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
_CENTURY = 69  # the first year of two digits that is of the last one, as strptime has it
_AFTER, _ST = r"(?:[ ,|@\u00b7-]+(?:at )?(\d.*))?", r"(?:st|nd|rd|th|\.)?"
_IN_WORDS = (  # and the parts by which day, month, year and clock are known
    (rf"{_WEEKDAY}(\d{{1,2}}){_ST}(?: de)?[ -]{_WORD},?(?: de)?[ -]{_YEAR}{_AFTER}", (0, 1, 2, 3)),
    (rf"{_WEEKDAY}{_WORD}[ -](\d{{1,2}}){_ST}(?:, ?|[ -])(\d{{4}}){_AFTER}", (1, 0, 2, 3)),
    (rf"{_WEEKDAY}{_WORD} +(\d{{1,2}}) (\d\d:\d\d:\d\d(?: [a-z]+)?) (\d{{4}})", (1, 0, 3, 2)),
)
_NO_YEAR = re.compile(
    rf"(?i){_WEEKDAY}(?:\d{{1,2}}{_ST}(?: de)?[ -]?{_WORD}|{_WORD}[ -]\d{{1,2}}{_ST}|\d{{1,2}}([./])\d{{1,2}}\3?)"
    r"(?:(?:,|,? at)? \d{1,2}(?:[:.h]\d\d| ?[ap]m).*)?"
)
_CHARACTERS = re.compile(r"^(\d{4})[\u5e74\ub144] ?(\d{1,2})[\u6708\uc6d4] ?(\d{1,2})[\u65e5\uc77c]")  # of the Far East
_WITH_DAY = re.compile(r"^(\d[\d./-]{7,9}) ?[(\uff08][^\W\d_]{1,12}\.?[)\uff09]")
_TWO_CLOCKS = re.compile(r"(\d{1,2}:\d\d) ?\((\d{1,2}:\d\d)\)")
_CLOCK = re.compile(
    r"(?i)(\d{1,2})(?:(?:[:.]| ?h ?)(\d\d))?((?::\d\d(?:[.]\d+)?)?) ?([ap]\.?m\.?|uhr|hrs?|h)?"
    r" ?(?:(?:UTC|GMT)?([+-]\d{1,2})(?::?(\d\d))?(?: \(.*\)| [a-z]{3,5})?|\(?([a-z]{1,5})\)?)?"
)
# Letters of a zone, the hours that it is ahead of UTC, and a place whose clocks say when; of UK what holds that day.
_ZONES = (
    "Z 0 UTC|GMT 0 UTC|UTC 0 UTC|UK - Europe/London|BST 1 Europe/London|WET 0 Europe/Lisbon|WEST 1 Europe/Lisbon"
    "|MEZ 1 Europe/Berlin|MESZ 2 Europe/Berlin|CET 1 Europe/Berlin|CEST 2 Europe/Berlin|EET 2 Europe/Athens"
    "|EEST 3 Europe/Athens|TRT 3 Europe/Istanbul|JST 9 Asia/Tokyo|KST 9 Asia/Seoul"
    "|AEST 10 Australia/Brisbane|AEDT 11 Australia/Sydney"
)
_LETTERS = {zone.split()[0]: zone.split()[1:] for zone in _ZONES.split("|")}
_KNOWN = ", ".join([*_LETTERS][1:])
_AHEAD = timedelta(hours=-12), timedelta(hours=14)  # of UTC; 15:00-17:00 is an hour and another
_MAY_BE_AN_HOUR = timedelta(hours=10)  # 10:00-12:00 may be one, too, for hardly anybody lives so far behind UTC
_EPOCHS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}  # in a second
_SINCE_1970 = (10**9, 2 * 10**9)  # seconds: September 2001 to May 2033; 2025101814 may be a day and an hour
_EXCEL = (30_000, 60_000)  # days since 1899-12-30: 1982 to 2064
_BASIC = (19_000_101, 22_001_231)  # as year, month and day
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_NANOSECONDS = re.compile(r"[.]\d{7,9}(?!\d)")  # more digits of a second than a datetime keeps
_PART_OF_AN_HOUR = re.compile(r"[Tt ]\d\d(:?\d\d)?[.,]")
_NO_DAY = ("Y", "M", "W")  # units of NumPy in which no day is told
_DIGITS = re.compile(r"\d{8}[.]0|\d{5}([.,]\d+)?|\d{10}([.,]\d+)?|\d{13}|\d{16}|\d{19}")
_DAY_0 = pd.Timestamp("1899-12-30")  # of Excel
_UTC = re.compile(r"(Etc/)?(UTC|UCT|Zulu|Universal|Greenwich|GMT([+-]?0)?)|tzutc\(\)")


class TimeError(ValueError):
    """A text that may be a time, but not beyond doubt; ``str(error)`` says what it must be."""


def time_of(value: object) -> date | datetime:
    """Return the date or the time that is given. Midnight without a zone is a date, as date columns hold it.

    Parameters
    ----------
    value : date, datetime, str, datetime64, Period or number
        A number, also as a text, is a day of Excel, a time since 1970 in seconds or parts of it, or 20251004.

    Raises
    ------
    ValueError, TypeError, OverflowError
        If there is none, of the years that are allowed; a TimeError where it may be meant in several ways.
    """
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ValueError("too long for a time")
        value = _read(tidy(value))
    elif isinstance(value, pd.Period) and value.end_time - value.start_time < pd.Timedelta(days=1):
        value = value.start_time
    elif isinstance(value, np.datetime64):
        if np.datetime_data(value.dtype)[0] in _NO_DAY:
            raise ValueError("no day")
        value = pd.Timestamp(value)
    elif isinstance(value, Real | np.number):
        value = _of_number(number_of(value))
    if not isinstance(value, date) or pd.isna(value):
        raise TypeError("no time")
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise ValueError(f"the year {value.year}")
    if isinstance(value, datetime) and value.tzinfo is None and pd.Timestamp(value) == pd.Timestamp(value.date()):
        return value.date()
    return value


def settled(table: pd.DataFrame, columns: Iterable[str], dayfirst: bool = False) -> tuple[pd.DataFrame, list[str]]:
    """Write dates such as 04/10/2025 as 2025-10-04 where it is known what comes first, and note how it is known.

    The user says that it is the day, or those dates of the columns do that can be meant in one way only.
    """
    parts = {name: [_split(value) for value in table[name]] for name in columns}
    known = [found for column in parts.values() for found in column if found]
    sure = [found for found in known if len(found[2]) == 4 and (int(found[0]) > 12) != (int(found[1]) > 12)]
    orders = {int(found[0]) > 12 for found in sure}  # True where the day comes first
    if not known or not (dayfirst or len(orders) == 1):
        return table, []
    first = dayfirst or orders.pop()
    written = {
        name: [
            value if found is None else _in_order(found, first) or value
            for value, found in zip(table[name], column, strict=True)
        ]
        for name, column in parts.items()
    }
    table = table.assign(**{name: pd.Series(values, table.index, dtype=object) for name, values in written.items()})
    if dayfirst or len(sure) == len(known):
        return table, []
    of = "/".join(sure[0][:3])
    return table, [f"Dates are read with the {'day' if first else 'month'} first, for {of} can only be meant so."]


def in_zone(value: Any, tz: str | None) -> Any:
    """Return a time without a zone as one of ``tz``; anything else, or without a zone to give, as it is."""
    return moment_of(value, tz=tz) if tz is not None and lacks_zone(value) else value


def moment_of(value: object, at: time = END, tz: str | ZoneInfo = "UTC") -> pd.Timestamp:
    """Return the moment in UTC that a value stands for; a bare date is that day at ``at``, in UTC.

    ``tz`` is what a time without a zone means. The errors are those of :func:`time_of`.
    """
    found = time_of(value)
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


def lacks_zone(value: object) -> bool:
    """Tell whether it is a time of day without a zone."""
    try:
        found = time_of(value)
    except (ValueError, TypeError, OverflowError):
        return False
    return isinstance(found, datetime) and found.tzinfo is None


def day_of(value: object) -> date:
    """Return the day on the calendar of its own zone; the errors are those of :func:`time_of`."""
    found = time_of(value)
    return found.date() if isinstance(found, datetime) else found


def is_midnight(moment: datetime) -> bool:
    """Tell whether only the date is known: midnight of any zone but UTC, by whatever name, as night games are there."""
    utc = moment.tzname() == "UTC" or _UTC.fullmatch(str(moment.tzinfo))
    return moment.time() == time(0) and not utc


def is_clock(value: object) -> bool:
    """Tell whether it is a time of day alone."""
    if not isinstance(value, str):
        return isinstance(value, time)
    found = _CLOCK.fullmatch(tidy(value))
    return bool(found and (found[2] or found[4]))


def is_number(value: object) -> bool:
    """Tell whether it is a number that may stand for a time, and not a date that has no marks between its parts."""
    return isinstance(value, Real | np.number) or (isinstance(value, str) and bool(_DIGITS.fullmatch(tidy(value))))


def _of_number(number: float) -> date | datetime:
    if number == int(number) and _BASIC[0] <= number <= _BASIC[1]:
        return date.fromisoformat(str(int(number)))
    if _EXCEL[0] <= number < _EXCEL[1]:
        return (_DAY_0 + pd.Timedelta(days=number)).round("s")
    for unit, parts in _EPOCHS.items():
        if _SINCE_1970[0] * parts <= number < _SINCE_1970[1] * parts:
            return pd.Timestamp(number, unit=unit, tz="UTC")
    raise ValueError("a number that stands for no time")


def _clock(text: str, day: date) -> str:
    """Return a time of day, with its zone, as ISO 8601 has it; what is none as it is.

    Raises
    ------
    TimeError
        If its zone is not known, or another holds on that day.
    """
    if two := _TWO_CLOCKS.fullmatch(text):
        raise TimeError(f"must have one time, {two[1]} or {two[2]}: without a zone it is UTC, or what tz= says")
    found = _CLOCK.fullmatch(text)
    if found is None or not (found[2] or found[4]):
        return text
    hour, half = int(found[1]), (found[4] or "")[:1].lower()
    if half in ("a", "p"):
        if not 1 <= hour <= 12:
            return text
        hour = hour % 12 + 12 * (half == "p")
    told = f"{hour:02d}:{found[2] or '00'}{found[3]}"
    if found[5]:
        return f"{told}{found[5][0]}{found[5][1:]:0>2}:{found[6] or '00'}"
    return told + _hours_ahead(found[7], day, told) if found[7] else told


def _hours_ahead(letters: str, day: date, clock: str) -> str:
    """Return what the letters of a zone stand for on a day, as ISO 8601 has it."""
    if letters.upper() not in _LETTERS:
        raise TimeError(f"must have hours such as {clock}-04:00, or a zone of {_KNOWN}, and not {letters}")
    told, place = _LETTERS[letters.upper()]
    now = (ZoneInfo(place).utcoffset(datetime.combine(day, time(12))) or timedelta(0)) // timedelta(hours=1)
    if told not in (str(now), "-"):
        ways = f"{clock}+{told:0>2}:00 or {clock}+{now:02d}:00"
        raise TimeError(f"must be written {ways}: it is not {letters.upper()} that day")
    return f"+{now:02d}:00"


def _split(value: object) -> tuple[str, str, str, str | None] | None:
    """Return the parts of a date with the year last: two that may be day and month, the year, and the clock."""
    short = isinstance(value, str) and len(value) <= MAX_TEXT
    found = _DAY_OR_MONTH_FIRST.fullmatch(tidy(str(value)).translate(_DASHES)) if short else None
    return (found[1], found[3], found[4], found[5]) if found else None


def _in_order(parts: tuple[str, str, str, str | None], dayfirst: bool) -> str | None:
    """Return a date and its clock with the year first, None where there is no such day."""
    day, month = parts[:2] if dayfirst else parts[1::-1]
    text = f"{_full(parts[2])}-{month:0>2}-{day:0>2}"
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return f"{text} {parts[3]}" if parts[3] else text


def _full(year: str) -> str:
    return year if len(year) == 4 else f"{'20' if int(year) < _CENTURY else '19'}{year}"


def _parts(text: str) -> tuple[str, str, str, str | None] | None:
    """Return year, month, day and clock of a text in which they cannot be meant otherwise."""
    if found := _YEAR_FIRST.fullmatch(text):
        return found[1], found[3], found[4], found[5]
    if found := _DOTS.fullmatch(text):
        return _full(found[3]), found[2], found[1], found[4]
    for form, order in _IN_WORDS:
        if found := re.fullmatch(form, text, re.IGNORECASE):
            day, month, year, clock = (found.groups()[i] for i in order)
            known = [i for i, names in enumerate(_MONTHS, 1) if f" {bare(month)}" in f" {names}"]
            return (_full(year), str(known[0]), day, clock) if len(known) == 1 else None
    return None


def _read(text: str) -> date | datetime:
    text = _WITH_DAY.sub(r"\1", _CHARACTERS.sub(r"\1-\2-\3", text))
    if is_number(text):
        return _of_number(int(text) if text.isdigit() else float(text.replace(",", ".")))
    try:
        return _iso(text)
    except ValueError:
        plain = text.translate(_DASHES)
        if parts := _split(plain):
            ways = dict.fromkeys(way for first in (True, False) if (way := _in_order(parts, first)))
            if ways:
                raise TimeError(f"must be a date or time that is meant in one way: {' or '.join(ways)}") from None
        known = _parts(plain)
        if known is None:
            if _NO_YEAR.fullmatch(plain):
                raise TimeError("must be a date or time with its year, such as 2026-03-07") from None
            raise
    year, month, number, clock = known
    day = date.fromisoformat(f"{year}-{month:0>2}-{number:0>2}")
    return _iso(f"{day}T{_clock(clock, day)}") if clock else day


def _iso(text: str) -> date | datetime:
    found = _DAY.fullmatch(text)
    if found is None:  # a datetime takes anything for the letter between date and hour
        raise ValueError("no date of ISO 8601")
    if not found[1]:
        return date.fromisoformat(text)
    if _PART_OF_AN_HOUR.match(found[1]):  # which a datetime drops: 20.45 were 20:00
        raise ValueError("an hour and a part of it")
    moment = datetime.fromisoformat(text)
    ahead = moment.utcoffset() or timedelta(0)
    hour, seconds = timedelta(hours=moment.hour, minutes=moment.minute), text.count(":") > 2
    if not _AHEAD[0] <= ahead <= _AHEAD[1] or (-ahead > max(hour, _MAY_BE_AN_HOUR) and not seconds):
        raise ValueError("from one hour to another")
    return pd.Timestamp(text) if _NANOSECONDS.search(text) else moment
