"""Lines of a table and events of a calendar as they stand there, before a fixture is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ..io.errors import MISSING, CaseError, Problem
from ..io.fields import Time

COLUMNS = ("fixture", "kickoff")


@dataclass(frozen=True)
class Row:
    """A line of a table, or an event of a calendar, unchecked."""

    entry: str
    fixture: str
    kickoff: Time
    competition: str | None = None


def holds(text: object, only: str | None) -> bool:
    """Tell whether a text has another in it, in small letters or capitals; any text has None."""
    return only is None or only.casefold() in str(text).casefold()


def rows_of(table: pd.DataFrame, entry: str = "row {}") -> Iterable[Row]:
    """List the rows of a table with columns ``fixture``, ``kickoff`` and perhaps ``competition``.

    Each is called ``entry``, with its number.

    Raises
    ------
    CaseError
        If it has no such columns.
    """
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise CaseError(Problem(name, MISSING, "must be a column") for name in missing)
    competitions = table.competition if "competition" in table.columns else [None] * len(table)
    rows = enumerate(zip(table.fixture, table.kickoff, competitions, strict=True), 1)
    return (Row(entry.format(i), *row) for i, row in rows)
