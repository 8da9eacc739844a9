"""Checks of single fields, collected until all of them have been made."""

from __future__ import annotations

from datetime import date, datetime, time
from types import TracebackType
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from ..terms import END
from .errors import CaseError, Problem
from .limits import MAX_TEXT, YEARS

Time = str | date | datetime | pd.Timestamp | np.datetime64

_TIME_ALLOWED = "must be a date or time such as 2026-03-07 or 2026-03-07T20:00Z"

T = TypeVar("T", str, int)


class Checker:
    """Collects the problems of one object; raises them together at the end of the ``with`` block.

    Each method returns the checked value, or a harmless stand-in where it records a problem.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self.problems:
            raise CaseError(self.problems)

    def fail(self, field: str, value: object, allowed: str, entry: str = "") -> None:
        """Record a problem."""
        self.problems.append(Problem(field, value, allowed, entry))

    def good(self, *fields: str) -> bool:
        """Tell whether none of these fields has a problem so far."""
        return not any(p.field in fields or p.entry.partition("[")[0] in fields for p in self.problems)

    def text(self, field: str, value: object) -> str:
        """A text on one line that is not blank."""
        if isinstance(value, str) and value.strip() and len(value) <= MAX_TEXT and value.isprintable():
            return value.strip()
        self.fail(field, value, f"must be a text on one line, 1 to {MAX_TEXT} characters")
        return ""

    def choice(self, field: str, value: T, allowed: tuple[T, ...]) -> T:
        """One of the values allowed."""
        plain = value.item() if isinstance(value, np.generic) else value
        if isinstance(plain, str | int) and not isinstance(plain, bool) and plain in allowed:
            return plain
        self.fail(field, value, f"must be one of {', '.join(map(str, allowed))}")
        return allowed[0]

    def whole(self, field: str, value: object, most: int, least: int = 0) -> int:
        """A whole number from ``least`` to ``most``."""
        plain = value.item() if isinstance(value, np.generic) else value
        if isinstance(plain, int) and not isinstance(plain, bool) and least <= plain <= most:
            return plain
        self.fail(field, value, f"must be a whole number, {least} to {most}")
        return least

    def number(self, field: str, value: object, least: float, most: float) -> float:
        """A number from ``least`` to ``most``."""
        plain = value.item() if isinstance(value, np.generic) else value
        if isinstance(plain, int | float) and not isinstance(plain, bool) and least <= plain <= most:
            return float(plain)
        self.fail(field, value, f"must be a number, {least} to {most}")
        return float(least)

    def flag(self, field: str, value: object) -> bool:
        """True or false."""
        if isinstance(value, bool | np.bool_):
            return bool(value)
        self.fail(field, value, "must be true or false")
        return False

    def time(self, field: str, value: object, at: time = END) -> pd.Timestamp:
        """A moment in UTC; a bare date is that day at ``at``."""
        try:
            return _utc(value, at)
        except (ValueError, TypeError, OverflowError):
            self.fail(field, value, f"{_TIME_ALLOWED}, {YEARS[0]} to {YEARS[1]}")
            return pd.Timestamp(0, tz="UTC")


def utc(value: Time, at: time = END, field: str = "when") -> pd.Timestamp:
    """The moment that ``value`` stands for, in UTC; a bare date is that day at ``at``.

    Raises
    ------
    CaseError
        If it is not a date or time.
    """
    with Checker() as check:
        return check.time(field, value, at)


def set_fields(target: object, **fields: object) -> None:
    """Set fields of a frozen dataclass while it is being made."""
    for name, value in fields.items():
        object.__setattr__(target, name, value)


def days_between(start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Days from ``start`` to ``end``."""
    return (end - start) / pd.Timedelta(days=1)


def _utc(value: object, at: time) -> pd.Timestamp:
    if isinstance(value, str):
        value = value.strip()
        value = date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
    if isinstance(value, np.datetime64):
        value = value.item() if value.dtype == "datetime64[D]" else pd.Timestamp(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, at)
    if not isinstance(value, datetime) or pd.isna(value):
        raise TypeError
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise ValueError
    moment = pd.Timestamp(value)
    return (moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")).as_unit("ns")


def zone(tz: str) -> ZoneInfo:
    """The time zone of that name.

    Raises
    ------
    CaseError
        If there is none.
    """
    try:
        return ZoneInfo(tz)
    except (ValueError, TypeError, OSError, LookupError):  # not found, a folder, a path that leads out
        raise CaseError.of("tz", tz, "must be a time zone such as Europe/Madrid") from None
