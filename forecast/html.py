"""What a notebook shows of a case, an outlook and a model: a heading and a small table."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from .standing import standing
from .wording import band, day_near, days, full_date, natural, percent, statement

if TYPE_CHECKING:
    from .case import Case
    from .model import ReturnModel
    from .outlook import Outlook

_UTC = ZoneInfo("UTC")
# Colours are those of the page, light or dark.
_PAGE = "overflow-x: auto; overflow-wrap: anywhere; font-variant-numeric: tabular-nums"
_CELL = "text-align: left; padding: 0.25em 1em 0.25em 0.4em; white-space: nowrap"
_NAME = f"{_CELL}; white-space: normal; min-width: 9em"


def outlook_html(outlook: Outlook) -> str:
    """The probabilities of each fixture and deadline with their bands, and how often that is."""
    case, cleared = outlook.case, standing(outlook.case).cleared
    half = outlook.fit_date(0.5)
    lead = "Cleared, not back yet." if cleared else f"As likely fit as not by {full_date(half, _UTC)}."
    lead += f" In brackets the {outlook.level:.0%} band."
    asked, *others = ("p_plays", "p_returns") if cleared else ("p_fit", "p_plays", "p_returns")
    rows: list[list[str]] = []
    row: Any
    for row in outlook.fixtures.itertuples():
        also = [band(row, name) for name in others]
        rows.append(
            [row.fixture, _when(row.kickoff, case.as_of), band(row, asked), natural(getattr(row, asked)), *also]
        )
    for row in outlook.deadlines.itertuples():
        p = row.p_appeared if cleared else row.p_fit
        chance = percent(p) if cleared else band(row, "p_fit")
        rows.append([row.deadline, _when(row.when, case.as_of), chance, natural(p), *[""] * len(others)])
    titles = {"p_fit": "fit by then", "p_plays": "appears", "p_returns": "first appearance"}
    head = ["", "UTC", titles[asked], "", *(titles[name] for name in others)]
    title = f"{case.player}, forecast of {_moment(case.as_of)}"
    return _page(title, lead, _table(head, rows), outlook.notes)


def case_html(case: Case) -> str:
    """Who, since when, what is known of him, what was said, and what is ahead."""
    played = {
        "position": case.position,
        "appearances before": case.appearances_before,
        "fixtures before": case.fixtures_before,
        "minutes before": case.minutes_before,
        "MRI grade": case.grade,
        "tendon": case.tendon,
    }
    known = "".join(f"; {name}: {value}" for name, value in played.items() if value is not None)
    lead = f"Out since {full_date(case.onset, _UTC)}, {days(case.day(case.as_of))}{known}."
    entries = [("missed", f.fixture, f.kickoff) for f in case.fixtures if f.kickoff <= case.as_of]
    entries += [("said", f"{b.source}: {statement(b, _UTC)}", b.issued) for b in case.bulletins]
    entries += [("ahead", f.fixture, f.kickoff) for f in case.ahead()]
    entries += [("deadline", name, when) for name, when in case.deadlines.items()]
    rows = [
        ["" if i else kind, name, _when(when, case.as_of)]
        for kind, group in groupby(entries, key=lambda entry: entry[0])
        for i, (_, name, when) in enumerate(group)
    ]
    return _page(f"{case.player}, as of {_moment(case.as_of)}", lead, _table(["", "", "UTC"], rows, names=1))


def model_html(model: ReturnModel) -> str:
    """What it was fitted to, and how much each family of recovery counts."""
    rows = [[str(family), percent(float(weight))] for family, weight in model.weights.items()]
    sources = ", ".join(model.sources) or "none; all are read as the official feed"
    notes = [f"{model.draws} draws of the parameters make the bands, seed {model.seed}.",
             f"Sources with data of their own: {sources}."]  # fmt: skip
    lead = f"Fitted to {model.trained_on}. What it assumes: help(forecast.ReturnModel)."
    return _page("Return from a hamstring injury", lead, _table(["recovery curve", "weight"], rows), notes)


def _page(title: str, lead: str, table: str, notes: Iterable[str] = ()) -> str:
    below = "".join(f'<div style="font-size: smaller; opacity: 0.8">{escape(note)}</div>' for note in notes)
    head = f'<strong>{escape(title)}</strong><div style="margin: 0.3em 0 0.6em">{escape(lead)}</div>'
    return f'<div style="{_PAGE}">{head}{table}<div style="margin-top: 0.6em">{below}</div></div>'


def _table(head: list[str], rows: list[list[str]], names: int = 0) -> str:
    """Rows of cells that stay on a line, but for the column of ``names``."""

    def line(tag: str, cells: list[str]) -> str:
        styles = [_NAME if i == names else _CELL for i in range(len(cells))]
        return "".join(f'<{tag} style="{s}">{escape(c)}</{tag}>' for s, c in zip(styles, cells, strict=True))

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{line('th', head)}</tr></thead><tbody>{body}</tbody></table>"


def _when(moment: pd.Timestamp, now: pd.Timestamp) -> str:
    return f"{moment:%a} {day_near(moment, now, _UTC)}, {moment:%H:%M}"


def _moment(when: pd.Timestamp) -> str:
    return f"{full_date(when, _UTC)}, {when:%H:%M} UTC"
