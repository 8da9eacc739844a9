"""An outlook, or many of them, as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import pandas as pd
from matplotlib.figure import Figure

from ..arrays import each_row
from ..charts.choices import choices_chart
from ..charts.fixtures import caption_of, fixture_chart
from ..charts.sheet.inline import colours, inline_svg
from ..charts.sheet.look import Look
from ..charts.sheet.style import plain_style
from ..charts.squad import squad_chart
from ..charts.squad_grid import squad_cells
from ..charts.view import Shown, moment
from ..html import document, grid, notes_list
from ..io.fields import text_or
from ..io.write import PAGES, ending_of, write_text
from ..wording import band, day_near, full_date, is_bare, local, of_players, percent
from .choices import played
from .summary import in_matches

_SIZE = 4.6, 3.2  # inches: letters stay readable at the width of a phone
_SHARES = 24  # players whose sheet and table share a side
_CHOICE = 0.5  # inches: the height of a choice
_MATCHES = 4  # of each player of several clubs: on paper the letters of more were too small
_HEAD = ["Match or deadline", "When", "Fit by then", "Plays"]


class _Model(Protocol):
    @property
    def digest(self) -> str: ...


class Paged(Shown, Protocol):
    """An outlook whose model can be named."""

    @property
    def model(self) -> _Model: ...  # noqa: D102 - said in forecast.Outlook


def outlook_page(
    outlook: Paged,
    path: str | Path | None,
    tz: ZoneInfo,
    title: str | None = None,
    choices: pd.DataFrame | None = None,
) -> str:
    """Make the page of one outlook; see :meth:`forecast.Outlook.to_html`."""
    if path is not None:
        ending_of(path, PAGES)
    name = text_or("title", title, f"{outlook.case.player}: will he play?")
    with plain_style():  # the colours of the page are those of the house
        figure = fixture_chart(outlook, look=Look(size=_SIZE, tz=tz, bare=True))
    dated = list[tuple[pd.Timestamp, str, str, str]]()
    for row in each_row(outlook.fixtures):
        dated.append((row.kickoff, row.fixture, band(row, "p_fit"), band(row, "p_plays")))
    for row in each_row(outlook.deadlines):
        appeared = percent(row.p_appeared) + (in_matches(outlook, row.when) or " by then")
        dated.append((row.when, row.deadline, band(row, "p_fit"), appeared))
    dated.sort(key=lambda row: row[0])
    rows = [[name, _when(when, outlook.case.as_of, tz), *chances] for when, name, *chances in dated]
    lead = "".join(f"<p>{escape(outlook.summary(tz.key, sentences=3))}</p>")
    above = f"In brackets the {outlook.level:.0%} band; times in {tz.key}"
    picture = _picture(figure, _alt(outlook), caption_of(outlook, tz))
    more = [] if choices is None else _choices(outlook, choices, tz)
    body = [lead, picture, grid(above, _HEAD, rows), *more, _foot([outlook], outlook.notes)]
    return _written(document(name, body, colours()), path)


def _alt(outlook: Paged) -> str:
    """Say what the picture shows to those who hear the page; its numbers follow in the table and are not read twice."""
    f, what = outlook.fixtures, "plays" if outlook.cleared else "is fit by kick-off"
    ends = (f"{percent(f[outlook.asked].iloc[k])} for {f.fixture.iloc[k]}" for k in sorted({0, len(f) - 1}))
    return f"The chance that {outlook.case.player} {what}: {', '.join(ends)}. The table below has all numbers."


def _choices(outlook: Paged, choices: pd.DataFrame, tz: ZoneInfo) -> list[str]:
    """Return the part of a page on the choices of the first match back: sentences, chart, table and notes."""
    with plain_style():
        size = _SIZE[0], _CHOICE * (len(choices) + 2)
        figure = choices_chart(outlook, look=Look(size=size, tz=tz, bare=True), choices=choices)
    first, worth, *each = choices.attrs["sentences"]
    rows: list[list[str]] = []
    for row in each_row(choices):
        risks = [band(row, name) for name in ("p_fit", "p_hurt_in_it", "p_hurt_60d")]
        rows.append([row.fixture, _when(row.kickoff, outlook.case.as_of, tz), *risks, played(row)])
    head = ["First match back", "When", "Fit by then", "Hurt again in it", "Within 60 days", f"Plays, of {len(rows)}"]
    caption = f"Were each match his first; in brackets the {outlook.level:.0%} band"
    picture = _picture(figure, " ".join(each), "Bars: the band; lines in them: the number beside them", "choices-")
    lead = f"<h2>When to bring him back</h2>\n<p>{escape(f'{first} {worth}')}</p>"
    return [lead, picture, grid(caption, head, rows), notes_list(choices.attrs["notes"], "Notes on the choices")]


def squad_page(outlooks: Sequence[Paged], path: str | Path | None, tz: ZoneInfo, title: str | None = None) -> str:
    """Make the page of many outlooks; see :func:`forecast.squad_html`."""
    if path is not None:
        ending_of(path, PAGES)
    name = text_or("title", title, "Who is back when?")
    with plain_style():
        cells = squad_cells(outlooks, "p_plays", None, tz, most_own=_MATCHES)
        figure = squad_chart(outlooks, cells, look=Look(tz=tz, what="p_plays", bare=True))
    rows: list[list[str]] = []
    for o in outlooks:
        row = next(each_row(o.fixtures))
        half, now = o.fit_date(0.5), o.case.as_of
        by = day_near(half, now, tz) if isinstance(half, pd.Timestamp) else full_date(half, tz)
        chances = band(row, "p_fit"), band(row, "p_plays")
        rows.append([o.case.player, row.fixture, _when(row.kickoff, now, tz), *chances, "cleared" if o.cleared else by])
    caption = f"The next match of each; in brackets the {outlooks[0].level:.0%} band; times in {tz.key}"
    head = ["Player", "Next match", "When", "Fit by then", "Plays", "As likely fit as not by"]
    told = "; ".join(f"{row[0]} {row[4]}" for row in rows)
    notes = of_players((outlook.case.player, outlook.notes) for outlook in outlooks)
    shows = "Probability to play; blue is unlikely, yellow likely"
    shows += f"; at most the next {_MATCHES} matches of each" if cells.own else ""
    picture = _picture(figure, f"Plays the next match: {told}.", shows)
    many = " many" if len(outlooks) > _SHARES else ""  # on paper the sheet has a side of its own
    body = [
        f'<div class="wide{many}">{picture}</div>',
        f'<div class="short">{grid(caption, head, rows)}</div>',
        _foot(outlooks, notes),
    ]
    return _written(document(name, body, colours()), path)


def _written(page: str, path: str | Path | None) -> str:
    if path is not None:
        write_text(path, page)
    return page


def _picture(figure: Figure, alt: str, caption: str, prefix: str = "") -> str:
    return f"<figure>{inline_svg(figure, alt, prefix)}<figcaption>{escape(caption)}.</figcaption></figure>"


def _foot(outlooks: Sequence[Paged], notes: Sequence[str]) -> str:
    """Return the notes, and which model said it when."""
    models = {outlook.model.digest: outlook.trained_on for outlook in outlooks}
    made = sorted({outlook.case.as_of for outlook in outlooks})
    when = " to ".join(moment(m, ZoneInfo("UTC")) for m in dict.fromkeys((made[0], made[-1])))
    lines = [f"Model fitted to {trained}; SHA-256 {digest}." for digest, trained in models.items()]
    return notes_list(notes) + notes_list([f"Forecast of {when}.", *lines], "")


def _when(when: pd.Timestamp, now: pd.Timestamp, tz: ZoneInfo) -> str:
    """``Wed 11 Mar, 21:00``."""
    there = local(when, tz)
    clock = "" if is_bare(when) else f", {there:%H:%M}"
    return f"{there:%a} {day_near(when, now, tz)}{clock}"
