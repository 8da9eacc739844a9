"""The columns and cells of a squad sheet: the fixtures of one team, or of several each player's own in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from ..io.errors import DataError
from ..wording import day
from .view import Shown

SHOWN = {"p_fit": "fit by kick-off of", "p_plays": "on the pitch in", "p_returns": "back on the day of"}
_FILLED = 0.5  # of the columns that each player needs for a grid of fixtures: less, and they are of several teams
_MOST, _MOST_OWN = 8, 5  # columns: fixtures of one team, and matches of each player, which are wider


@dataclass(frozen=True)
class Cell:
    """One number of the sheet, None where there is no match; and, where the column does not say it, the match."""

    p: float | None
    match: str = ""
    day: str = ""


@dataclass(frozen=True)
class Grid:
    """The sheet as a table.

    Attributes
    ----------
    titles : tuple of (str, str)
        Of each column, what stands small above, and in bold below.
    rows : tuple of tuple of Cell
    each : str
        The thing that a column is.
    left_out : int
        Later columns that are not shown.
    """

    titles: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    each: str
    left_out: int

    @property
    def own(self) -> bool:
        """Whether each player's own matches are shown in order."""
        return any(cell.match for row in self.rows for cell in row)


def squad_cells(
    outlooks: Sequence[Shown],
    of: str,
    most: int | None,
    tz: ZoneInfo,
    rounds: pd.DataFrame | None = None,
    most_own: int = _MOST_OWN,
) -> Grid:
    """Lay outlooks out for the sheet; ``rounds`` is a table of first kick-offs and titles in place of the fixtures.

    Where ``most`` is None, ``most_own`` matches are shown of each player of several clubs.
    """
    table, each = squad_grid(outlooks, of), "each match"
    if rounds is not None:
        table, each = rounds, "each round"
    shared = table.iloc[:, : most or _MOST]
    if rounds is None and shared.notna().mean(axis=1).min() < _FILLED:
        return _in_order(outlooks, of, most or most_own, tz)
    keys: list[Any] = list(shared.columns)
    titles = tuple((name, day(kickoff.tz_convert(tz))) for kickoff, name in keys)
    rows = tuple(tuple(Cell(None if pd.isna(p) else float(p)) for p in row) for row in shared.to_numpy())
    return Grid(titles, rows, each, table.shape[1] - shared.shape[1])


def squad_grid(outlooks: Sequence[Shown], of: str) -> pd.DataFrame:
    """Tabulate outlooks by kick-off and fixture in order; NaN where a fixture is not of the player's team."""
    if not isinstance(outlooks, Sequence) or not all(
        isinstance(getattr(o, "fixtures", None), pd.DataFrame) for o in outlooks
    ):
        raise DataError.of("outlooks", outlooks, "must be a list of Outlook")
    if not outlooks:
        raise DataError.of("outlooks", [], "must be at least one")
    rows = [o.fixtures.set_index(["kickoff", "fixture"])[of] for o in outlooks]
    return pd.concat(rows, axis=1, keys=range(len(rows))).sort_index().T


def _in_order(outlooks: Sequence[Shown], of: str, most: int, tz: ZoneInfo) -> Grid:
    """Lay out the next match of each player, the second, the third."""
    longest = max(len(o.fixtures) for o in outlooks)
    columns = min(longest, most)
    rows = []
    for f in (o.fixtures.head(columns) for o in outlooks):
        cells = [Cell(p, name, day(k.tz_convert(tz))) for p, name, k in zip(f[of], f.fixture, f.kickoff, strict=True)]
        rows.append((*cells, *[Cell(None)] * (columns - len(cells))))
    titles = tuple(("", _ordinal(k)) for k in range(1, columns + 1))
    return Grid(titles, tuple(rows), "each player's next matches", longest - columns)


def _ordinal(k: int) -> str:
    """``next``, ``2nd``, ``3rd``."""
    if k == 1:
        return "next"
    return f"{k}{'th' if 10 < k % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(k % 10, 'th')}"
