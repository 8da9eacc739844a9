"""Checks of single fields, collected until all of them have been made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from types import TracebackType
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from ..terms import END
from .dates import Time as Time  # here, too, beside the checks
from .dates import TimeError, moment_of
from .errors import MISSING, CaseError, DataError, Problem, ProblemError
from .limits import MAX_TEXT, YEARS
from .values import folded, is_blank, number_of, tidy, truth_of, word_of

_TIME_ALLOWED = "must be a date or time such as 2026-03-07 or 2026-03-07T20:00Z"

T = TypeVar("T", str, int)
V = TypeVar("V")


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
        """Record a problem; nobody gave a NaN or a NaT, it is what is not there."""
        shown = MISSING if is_blank(value) and not isinstance(value, str) else value
        self.problems.append(Problem(field, shown, allowed, entry))

    def good(self, *fields: str) -> bool:
        """Tell whether none of these fields has a problem so far."""
        return not any(p.field in fields or p.entry.partition("[")[0] in fields for p in self.problems)

    def maybe(self, check: Callable[..., V], field: str, value: object, *limits: Any, **named: Any) -> V | None:
        """Check what may be left out: None where nothing is given."""
        return None if is_blank(value) else check(field, value, *limits, **named)

    def text(self, field: str, value: object) -> str:
        """A text on one line that is not blank, with the spaces and letters that it shows."""
        text = tidy(value) if isinstance(value, str) else ""
        if text and len(text) <= MAX_TEXT and text.isprintable():
            return text
        self.fail(field, value, f"must be a text on one line, 1 to {MAX_TEXT} characters")
        return ""

    def choice(self, field: str, value: object, allowed: tuple[T, ...]) -> T:
        """One of the values allowed, in any letters or by another word for it; of numbers, however they are written."""
        word = word_of(value, map(str, allowed)) if isinstance(value, str) else None
        for one in allowed:
            if one == word or (isinstance(one, int) and _number(value) == one):
                return one
        self.fail(field, value, f"must be one of {', '.join(map(str, allowed))}")
        return allowed[0]

    def whole(self, field: str, value: object, most: int, least: int = 0, beyond: str = "") -> int:
        """A whole number from ``least`` to ``most``; the error says what to write for what lies ``beyond``."""
        number = _number(value, _percents(most))
        if number is not None and least <= number <= most and number == int(number):
            return int(number)
        self.fail(field, value, f"must be a whole number, {least} to {most}{beyond}")
        return least

    def number(self, field: str, value: object, least: float, most: float) -> float:
        """A number from ``least`` to ``most``; of probabilities ``80%`` is 0.8."""
        number = _number(value, _percents(most))
        if number is not None and least <= number <= most:
            return float(number)
        self.fail(field, value, f"must be a number, {least} to {most}")
        return float(least)

    def numbers(self, field: str, values: object, most: int) -> dict[str, float]:
        """Numbers by name, at most ``most`` of them; one that is blank is left out, and so may be all."""
        if values is None:
            return {}
        if not isinstance(values, Mapping) or len(values) > most:
            self.fail(field, values, f"must be names, at most {most}, each with a number")
            return {}
        named = [(self.text(field, name), value) for name, value in values.items() if not is_blank(value)]
        return {name: self.number(f"{field}.{name}", value, -1e9, 1e9) for name, value in named}

    def flag(self, field: str, value: object) -> bool:
        """True or false, also as a word such as yes."""
        truth = truth_of(value) if isinstance(value, bool | np.bool_ | str) else None
        if truth is None:
            self.fail(field, value, "must be true or false")
        return bool(truth)

    def time(self, field: str, value: object, at: time = END) -> pd.Timestamp:
        """A moment in UTC; a bare date is that day at ``at``."""
        try:
            return moment_of(value, at)
        except TimeError as error:
            self.fail(field, value, str(error))
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


def instance_of(field: str, value: object, kind: type[V], what: str, error: type[ProblemError] = CaseError) -> V:
    """Return a value of this kind.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, if it is another.
    """
    if not isinstance(value, kind):
        raise error.of(field, value, f"must be {what}")
    return value


def one_of(field: str, value: object, allowed: tuple[str, ...]) -> str:
    """Return one of the words allowed.

    Raises
    ------
    CaseError
        If it is another.
    """
    with Checker() as check:
        return check.choice(field, value, allowed)


def whole_of(field: str, value: object, least: int, most: int) -> int:
    """Return a whole number from ``least`` to ``most``.

    Raises
    ------
    DataError
        If it is none.
    """
    try:
        with Checker() as check:
            return check.whole(field, value, most, least)
    except CaseError as error:
        raise DataError(error.problems) from None


def text_or(field: str, value: object, instead: str) -> str:
    """Return a text on one line, or another one where nothing is given.

    Raises
    ------
    CaseError
        If it is none.
    """
    with Checker() as check:
        return check.maybe(check.text, field, value) or instead


def count_of(field: str, value: object, most: int, what: str) -> int:
    """Return a whole number from 0 to ``most``, which is that of ``what``.

    Raises
    ------
    CaseError
        If it is none.
    """
    number = _number(value)
    if number is None or not 0 <= number <= most or number != int(number):
        raise CaseError.of(field, value, f"must be 0 to {most}, {what}")
    return int(number)


def fraction(field: str, value: object, allowed: str = "must be 0 to 1") -> float:
    """Return a number from 0 to 1, also of a text such as ``50%``; an error says what is ``allowed``.

    Raises
    ------
    CaseError
        If it is none.
    """
    number = _number(value, 0.01)
    if number is None or not 0.0 <= number <= 1.0:
        raise CaseError.of(field, value, allowed)
    return float(number)


def set_fields(target: object, **fields: object) -> None:
    """Set fields of a frozen dataclass while it is being made."""
    for name, value in fields.items():
        object.__setattr__(target, name, value)


def days_between(start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Days from ``start`` to ``end``, of whatever years: in whole numbers, for a Timedelta ends after 292 of them."""
    return (end.as_unit("ns").value - start.as_unit("ns").value) / 86_400e9


def zone(tz: str | ZoneInfo) -> ZoneInfo:
    """Return the time zone of that name, or the one that is given.

    Raises
    ------
    CaseError
        If there is none.
    """
    if isinstance(tz, ZoneInfo):
        return tz
    try:
        return ZoneInfo("UTC" if tidy(tz) in ("Z", "z") else tidy(tz))
    except (ValueError, TypeError, AttributeError, OSError, LookupError):  # not found, a folder, a path that leads out
        near = sorted(z for z in available_timezones() if folded(tz) in (folded(z), folded(z.rpartition("/")[2])))
        allowed = f"must be a time zone such as {near[0] if near else 'Europe/Madrid'}"
        raise CaseError.of("tz", tz, allowed) from None


def _percents(most: float) -> float | None:
    """Return what a percent is of a number up to ``most``; minutes, matches and prices have none."""
    return 0.01 if most <= 1 else 1.0 if most in (99, 100) else None


def _number(value: object, percents: float | None = 1.0) -> float | None:
    try:
        return number_of(value, percents)
    except ValueError:
        return None
