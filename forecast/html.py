"""The kit of what a notebook shows of a case, an outlook or a model: a heading, a small table, notes."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from zoneinfo import ZoneInfo

import pandas as pd

from .wording import day_near, full_date

UTC = ZoneInfo("UTC")
# Colours are those of the page, light or dark.
_PAGE = "overflow-x: auto; overflow-wrap: anywhere; font-variant-numeric: tabular-nums"
_CELL = "text-align: left; padding: 0.25em 1em 0.25em 0.4em; white-space: nowrap"
_NAME = f"{_CELL}; white-space: normal; min-width: 9em"


def page(title: str, lead: str, content: str, notes: Iterable[str] = ()) -> str:
    """Put a heading and a lead above a table, and notes in small letters below it."""
    below = "".join(f'<div style="font-size: smaller; opacity: 0.8">{escape(note)}</div>' for note in notes)
    head = f'<strong>{escape(title)}</strong><div style="margin: 0.3em 0 0.6em">{escape(lead)}</div>'
    return f'<div style="{_PAGE}">{head}{content}<div style="margin-top: 0.6em">{below}</div></div>'


def table(head: list[str], rows: list[list[str]], names: int = 0) -> str:
    """Set rows of cells, each on a line of its own but for the column of ``names``, which wraps."""

    def line(tag: str, cells: list[str]) -> str:
        styles = [_NAME if i == names else _CELL for i in range(len(cells))]
        return "".join(f'<{tag} style="{s}">{escape(c)}</{tag}>' for s, c in zip(styles, cells, strict=True))

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{line('th', head)}</tr></thead><tbody>{body}</tbody></table>"


def when(moment: pd.Timestamp, now: pd.Timestamp) -> str:
    """``Wed 11 Mar, 20:00``."""
    return f"{moment:%a} {day_near(moment, now, UTC)}, {moment:%H:%M}"


def full_moment(moment: pd.Timestamp) -> str:
    """``7 March 2026, 00:13 UTC``."""
    return f"{full_date(moment, UTC)}, {moment:%H:%M} UTC"
