"""Rows of fixtures from where they are: a CSV file or an ICS calendar."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..io.errors import CaseError
from ..io.limits import MAX_TABLE_BYTES
from ..io.read import read_bytes, read_table
from .ics import rows_of_calendar
from .rows import COLUMNS, Row, rows_of


def rows_of_file(path: Path, only: str | None = None) -> Iterable[Row]:
    """Read the rows of a CSV file or of a calendar; ``only`` is a text in those that are wanted.

    Raises
    ------
    CaseError
        If it is neither, too large, or cannot be read as what it claims to be.
    """
    if not is_readable(path):
        raise CaseError.of("", path.name, "must be a .csv or .ics file")
    return _READERS[path.suffix.lower()](read_bytes(path, MAX_TABLE_BYTES, CaseError), only)


def is_readable(path: Path) -> bool:
    """Tell by the ending of its name whether there is a reader for a file."""
    return path.suffix.lower() in _READERS


def _rows_of_csv(raw: bytes, only: str | None) -> Iterable[Row]:
    return rows_of(read_table(raw, COLUMNS))


_READERS = {".csv": _rows_of_csv, ".ics": rows_of_calendar}
