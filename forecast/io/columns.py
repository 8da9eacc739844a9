"""Columns of tables as people have them: converted, dates read, and the rows that are bad, the first few one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..terms import START
from .dates import day_of, moment_of
from .errors import MISSING, DataError, Problem, naming
from .frames import read_sheets
from .limits import MAX_FIT_BYTES
from .read import read_bytes, read_csv
from .values import BLANK, folded, word_of
from .values import is_blank as blank

_DECIMAL = re.compile(r"^([+-]?\d+),(\d{1,2}|\d{4,})$")  # a comma before three digits may mean thousands
_PERCENTS, _MINUTE = (75, 100), "'\u2032\u2019"  # of a percentage, and 90'
_SHOWN = 5  # bad rows of one sort that are named one by one


def bad_rows(values: pd.Series, bad: pd.Series[bool], allowed: str, file: str = "") -> list[Problem]:
    """List the problems of a column, the first few one by one; row 1 is the first below the header."""
    column, rows = str(values.name), np.flatnonzero(bad.to_numpy(bool))
    given = [(i, values.iloc[i]) for i in rows[:_SHOWN]]
    shown = [(i, MISSING if blank(value) and not isinstance(value, str) else value) for i, value in given]
    found = [Problem(column, value, allowed, f"row {i + 1}", file) for i, value in shown]
    if len(rows) > _SHOWN:
        found.append(Problem(column, f"{len(rows) - _SHOWN} more rows", allowed, file=file))
    return found


def require_columns(table: object, columns: Sequence[str], file: str = "", optional: Sequence[str] = ()) -> None:
    """A DataFrame with at least one row and these columns, each once, and no optional one twice.

    Raises
    ------
    DataError
    """
    if not isinstance(table, pd.DataFrame):
        raise DataError.of("", type(table).__name__, "must be a DataFrame", file=file)
    if problems := [*missing_columns(table, columns, file), *_doubled(table, [*columns, *optional], file)]:
        raise DataError(problems)


def missing_columns(table: pd.DataFrame, columns: Iterable[str], file: str = "") -> list[Problem]:
    """List the columns that are missing, and an empty table."""
    missing = [Problem(name, MISSING, "must be a column", file=file) for name in columns if name not in table.columns]
    return missing if len(table) else [*missing, Problem("", MISSING, "must have at least one row", file=file)]


def _doubled(table: pd.DataFrame, columns: Iterable[str], file: str) -> list[Problem]:
    twice = set(table.columns[table.columns.duplicated()])
    return [Problem(name, "the name", "must stand there once", file=file) for name in columns if name in twice]


def is_blank(values: pd.Series) -> pd.Series[bool]:
    """Tell where nothing stands: None, NaN, NaT, white space or a word for it."""
    return pd.Series([blank(value) for value in values], values.index, dtype=bool)


def moments(values: pd.Series, at: time = START) -> tuple[pd.Series, pd.Series[bool]]:
    """Dates and times as moments in UTC, NaT where blank, and which of them are neither; a bare date is at ``at``."""
    found, bad = _each(values, lambda value: moment_of(value, at))
    return pd.Series(pd.DatetimeIndex(found, tz="UTC").as_unit("ns"), values.index, name=values.name), bad


def days_of(values: pd.Series) -> tuple[pd.Series, pd.Series[bool]]:
    """Dates, of times those on the calendar of their own zone, NaT where blank, and which of them are neither."""
    found, bad = _each(values, lambda value: pd.Timestamp(day_of(value)))
    return pd.Series(pd.DatetimeIndex(found).as_unit("ns"), values.index, name=values.name), bad


def _each(values: pd.Series, read: Callable[[Any], pd.Timestamp]) -> tuple[list[Any], pd.Series[bool]]:
    """Read the values one by one, NaT where nothing stands or what does cannot be read, and which those are."""
    found, bad = [], []
    for value in values:
        try:
            found.append(pd.NaT if blank(value) else read(value))
            bad.append(False)
        except (ValueError, TypeError, OverflowError):
            found.append(pd.NaT)
            bad.append(True)
    return found, pd.Series(bad, values.index, dtype=bool)


@dataclass(frozen=True)
class Column:
    """The values that a column may hold: any text, one of ``values``, or a number from ``least`` to ``most``.

    An optional column has a value that stands in every row where it is ``left_out``.
    """

    values: tuple[str, ...] = ()
    least: float = 0.0
    most: float = 0.0
    whole: bool = False
    blank: bool = False
    text: bool = False
    left_out: str | float | None = None

    def allowed(self) -> str:
        """Say what the column may hold, for an error."""
        if self.text:
            return "must be given"
        if self.values:
            return f"must be one of {', '.join(self.values)}"
        kind = "must be a whole number" if self.whole else "must be a number"
        limits = f"{self.least:.15g} to {self.most:.15g}"
        return f"{kind}, {limits}" + (", or blank" if self.blank else "")

    def convert(self, raw: pd.Series[str]) -> tuple[pd.Series, pd.Series[bool]]:
        """The values, and which of them are bad."""
        empty = raw.isin(BLANK)
        if self.values:
            words = raw.map({text: word_of(text, self.values) for text in raw.unique()})
            return words, words.isna()
        if self.text:
            return raw, empty
        plain = (
            raw.mask(empty)
            .str.rstrip("%" if self.most in _PERCENTS else _MINUTE)
            .str.replace(_DECIMAL, r"\1.\2", regex=True)
        )
        number = pd.to_numeric(plain, errors="coerce")
        inside = np.isfinite(number) & number.between(self.least, self.most)
        if self.whole:
            inside &= number == np.floor(number)
        bad = ~inside & ~(empty & self.blank)
        return (number.astype("int64") if self.whole and not self.blank and not bad.any() else number), bad


def converted(
    raw: pd.DataFrame,
    columns: dict[str, Column],
    file: str,
    problems: list[Problem],
    given: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The columns of a table of texts; what is wrong with it is added to ``problems``, as it was ``given``."""
    shown = raw if given is None else given
    problems += missing_columns(raw, [name for name, column in columns.items() if column.left_out is None], file)
    table = {}
    for name in (name for name in columns if name in raw.columns):
        column = columns[name]
        table[name], bad = column.convert(raw[name].str.strip())
        problems += bad_rows(shown[name], bad, column.allowed(), file)
    return completed(pd.DataFrame(table, index=raw.index), columns)


def completed(table: pd.DataFrame, columns: dict[str, Column]) -> pd.DataFrame:
    """Add the optional columns that were left out; the order is that of ``columns``."""
    optional = {name: column.left_out for name, column in columns.items() if column.left_out is not None}
    whole = table.assign(**{name: value for name, value in optional.items() if name not in table})
    return whole[[name for name in columns if name in whole]]


def read_columns(path: Path, columns: dict[str, Column]) -> pd.DataFrame:
    """Read a CSV file of these columns.

    Raises
    ------
    DataError
        One line for each problem, with the file.
    """
    problems: list[Problem] = []
    with naming(path.name):
        table = converted(read_all(path, columns), columns, path.name, problems)
    if problems:
        raise DataError(problems)
    return table


def read_all(path: Path, known: Iterable[str]) -> pd.DataFrame:
    """Read a CSV or Excel file as it is, but for columns that are known, in small letters or capitals.

    Raises
    ------
    DataError
        If it cannot be read, or is none.
    """
    try:
        raw = read_bytes(path, MAX_FIT_BYTES, DataError)
        sheet = path.suffix.lower().startswith(".xls")
        table = read_sheets(raw, DataError, [*known])[0].map(_text) if sheet else read_csv(raw)
    except DataError:
        raise
    except (ValueError, csv.Error) as error:  # no text, without a header, rows of several lengths, endless cells
        raise DataError.of("", str(error), "must be a CSV file in UTF-8 with a header") from None
    names = {folded(name): name for name in known}
    return table.rename(columns=lambda name: names.get(folded(name), name))


def _text(cell: object) -> str:
    """Return what a cell would be in a CSV file."""
    return "" if blank(cell) else str(cell)
