"""Problems with an input: one line each, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

MAX_SHOWN = 80  # characters of a bad value that are worth repeating


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, which field, what stands there and what is allowed."""

    field: str
    value: object
    allowed: str
    entry: str = ""
    file: str = ""

    def __str__(self) -> str:
        place = [part for part in (self.file, self.entry, self.field) if part]
        line = ": ".join([*place, f"{_shown(self.value)}; {self.allowed}"])
        return "".join(c if c.isprintable() else " " for c in line)


@dataclass(frozen=True)
class Absent:
    """Stands for the value of a field that is not there, or that nobody knows."""

    word: str

    def __repr__(self) -> str:
        return self.word


MISSING, UNKNOWN = Absent("missing"), Absent("unknown")


class ProblemError(ValueError):
    """Bad input. ``str(error)`` has one line for each of its ``problems``."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def of(cls, field: str, value: object, allowed: str, *, file: str = "") -> Self:
        """The error of a single problem."""
        return cls([Problem(field, value, allowed, file=file)])

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)

    def located(self, *, entry: str = "", file: str = "") -> Self:
        """Return the same error with the entry and the file filled in where they were not known."""
        return type(self)(replace(p, entry=p.entry or entry, file=p.file or file) for p in self.problems)


class CaseError(ProblemError):
    """A case, or a file that describes one, cannot be used as it is."""


class DataError(ProblemError):
    """A table of past injuries, a set of durations or a model file cannot be used as it is."""


def require(good: bool | np.bool_, what: str) -> None:
    """Raise a ValueError that says what must hold, unless it does."""
    if not good:
        raise ValueError(what)


@contextmanager
def naming(file: str = "", *, entry: str = "") -> Iterator[None]:
    """Name the file and the entry in the errors of what is done, where they were not known."""
    try:
        yield
    except ProblemError as error:
        raise error.located(entry=entry, file=file) from None


def _shown(value: object) -> str:
    plain = str(value) if isinstance(value, np.datetime64) else value.item() if isinstance(value, np.generic) else value
    try:
        text = " ".join(repr(plain).split())
    except ValueError:  # a whole number of thousands of digits
        text = type(value).__name__
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."
