"""What a notebook shows of a case, an outlook and a model: a heading and a small table."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from .standing import standing
from .wording import full_date, natural, percent, statement

if TYPE_CHECKING:
    from .case import Case
    from .model import ReturnModel
    from .outlook import Outlook

_UTC = ZoneInfo("UTC")
_CELL = "padding: 0.2em 0.8em; text-align: left"


def outlook_html(outlook: Outlook) -> str:
    """The probabilities of each fixture and deadline with their bands, and how often that is."""
    case, cleared = outlook.case, standing(outlook.case).cleared
    half = outlook.fit_date(0.5)
    lead = "Cleared, not back yet." if cleared else f"As likely fit as not by {full_date(half, _UTC)}."
    lead += f" In brackets the {outlook.level:.0%} band."
    rows: list[list[str]] = []
    row: Any
    for row in outlook.fixtures.itertuples():
        often = natural(row.p_plays if cleared else row.p_fit)
        chances = [_banded(row, name) for name in ("p_fit", "p_plays", "p_returns")]
        rows.append([row.fixture, _when(row.kickoff), *chances, often])
    for row in outlook.deadlines.itertuples():
        rows.append([row.deadline, _when(row.when), _banded(row, "p_fit"), "", "", natural(row.p_fit)])
    head = ["", "UTC", "fit by then", "appears", "first appearance", "appears" if cleared else "fit"]
    title = f"{case.player}, forecast of {case.as_of:%d %B %Y, %H:%M} UTC"
    return _page(title, lead, _table(head, rows), outlook.notes)


def case_html(case: Case) -> str:
    """Who, since when, what is known of him, what was said, and what is ahead."""
    played = {
        "position": case.position,
        "appearances before": case.appearances_before,
        "fixtures before": case.fixtures_before,
        "minutes before": case.minutes_before,
    }
    known = ", ".join(f"{name} {value}" for name, value in played.items() if value is not None)
    lead = f"Out since {full_date(case.onset, _UTC)}, {case.day(case.as_of):.0f} days. {known}".strip()
    missed = [f for f in case.fixtures if f.kickoff <= case.as_of]
    rows = [["missed", f.fixture, _when(f.kickoff)] for f in missed]
    rows += [["said", f"{b.source}: {statement(b, _UTC)}", _when(b.issued)] for b in case.bulletins]
    rows += [["ahead", f.fixture, _when(f.kickoff)] for f in case.ahead()]
    rows += [["deadline", name, _when(when)] for name, when in case.deadlines.items()]
    title = f"{case.player}, as of {case.as_of:%d %B %Y, %H:%M} UTC"
    return _page(title, lead, _table(["", "", "UTC"], rows))


def model_html(model: ReturnModel) -> str:
    """What it was fitted to, and how much each family of recovery counts."""
    rows = [[str(family), percent(float(weight))] for family, weight in model.weights.items()]
    sources = ", ".join(model.sources) or "none; all are read as the official feed"
    notes = [f"{model.draws} draws of the parameters make the bands, seed {model.seed}.",
             f"Sources with data of their own: {sources}."]  # fmt: skip
    lead = f"Fitted to {model.trained_on}. What it assumes: help(forecast.ReturnModel)."
    return _page("Return from a hamstring injury", lead, _table(["recovery curve", "weight"], rows), notes)


def _page(title: str, lead: str, table: str, notes: Iterable[str] = ()) -> str:
    below = "".join(f'<div style="font-size: smaller">{escape(note)}</div>' for note in notes)
    return f"<div><strong>{escape(title)}</strong><div>{escape(lead)}</div>{table}{below}</div>"


def _table(head: list[str], rows: list[list[str]]) -> str:
    def line(tag: str, cells: Iterable[str]) -> str:
        return "<tr>" + "".join(f'<{tag} style="{_CELL}">{escape(cell)}</{tag}>' for cell in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><thead>{line('th', head)}</thead><tbody>{body}</tbody></table>"


def _banded(row: Any, name: str) -> str:
    p, low, high = (getattr(row, f"{name}{end}") for end in ("", "_low", "_high"))
    return f"{percent(p)} ({percent(low)} to {percent(high)})"


def _when(moment: pd.Timestamp) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"
