"""The fixture chart: the probability that the player is fit for each fixture or, once cleared, appears in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from ..io.fields import zone
from ..wording import day_near, natural, percent
from .sheet.canvas import (
    FOOT,
    LEFT,
    NAME,
    SPAN,
    Head,
    axis_of_percents,
    dot,
    finish,
    fit_text,
    house_style,
    new_sheet,
    paper,
)
from .sheet.date_axis import axis_of_dates
from .view import Shown, foot_of_forecast

_CURVE, _ROW = 3.0, 0.27  # heights in inches
_PERCENT = 42  # points from a marker to the name: what the percentage between them needs


@dataclass(frozen=True)
class _Row:
    """One dated thing below the curve: a fixture, a deadline, or a date that was reported."""

    when: pd.Timestamp
    name: str
    p: float | None
    colour: str
    marker: str


def fixture_chart(outlook: Shown, path: str | Path | None = None, dark: bool = False, tz: str = "UTC") -> Figure:
    """Draw the probability that the player is fit over the dates, with every fixture and deadline; see Outlook.plot."""
    there = zone(tz)
    with house_style(dark) as colours:
        rows = _rows(outlook, colours)
        below = _ROW * (len(rows) + 1)
        figure, top = new_sheet(_CURVE, below)
        height = figure.get_figheight()
        strip = figure.add_axes((LEFT, FOOT / height, SPAN, (below - _ROW) / height), sharex=top)
        start, last = outlook.case.as_of, outlook.fixtures.kickoff.iloc[-1]
        # Beyond the last one there is room for a midnight, and so for a label.
        axis_of_dates(top, start, last + max((last - start) * 0.06, pd.Timedelta(days=1)), there)
        (_draw_picks if outlook.cleared else _draw_curve)(top, outlook, colours[0])
        axis_of_percents(top)
        _draw_strip(strip, rows, outlook.case.as_of, there)
        _draw_stems(top, strip, rows)
        return finish(figure, _head(outlook, there), foot_of_forecast(outlook, there), path, outlook.summary(tz))


def _rows(outlook: Shown, colours: list[str]) -> list[_Row]:
    """List everything that has a date, in order; once the player is cleared, with the chance that he appears."""
    fixture, deadline, _, said = colours
    cleared = outlook.cleared
    f, d = outlook.fixtures, outlook.deadlines
    chances = (f.p_plays, d.p_appeared) if cleared else (f.p_fit, d.p_fit)
    rows = [_Row(when, name, p, fixture, "o") for when, name, p in zip(f.kickoff, f.fixture, chances[0], strict=True)]
    rows += [_Row(when, name, p, deadline, "D") for when, name, p in zip(d.when, d.deadline, chances[1], strict=True)]
    for b in outlook.stands:
        if b.expected is not None:
            rows.append(_Row(b.expected, "reported: back", None, said, "v"))
        if b.until is not None:
            rows.append(_Row(b.until, "reported: out until", None, said, "v"))
    return sorted(rows, key=lambda row: row.when)


def _draw_curve(axes: Axes, outlook: Shown, colour: str) -> None:
    """Draw the probability that the player is fit, and its band."""
    curve, fixtures = outlook.curve, outlook.fixtures
    axes.fill_between(curve.when, curve.p_fit_low, curve.p_fit_high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(curve.when, curve.p_fit, color=colour)
    dot(axes, fixtures.kickoff, fixtures.p_fit, "o", colour, 7)


def _draw_picks(axes: Axes, outlook: Shown, colour: str) -> None:
    """Draw the probability that the player appears in each fixture, and its band."""
    f = outlook.fixtures
    axes.vlines(f.kickoff, f.p_plays_low, f.p_plays_high, color=colour, linewidth=6, alpha=0.35)
    dot(axes, f.kickoff, f.p_plays, "o", colour, 7)


def _draw_strip(axes: Axes, rows: list[_Row], as_of: pd.Timestamp, tz: ZoneInfo) -> None:
    """Draw a row for each date: its marker, the percentage beside it, the name on the side with more room."""
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_axis_off()
    start, end = axes.get_xlim()
    points = axes.figure.dpi / 72.0
    for i, row in enumerate(rows):
        at = mdates.date2num(row.when)
        marker = ">" if at > end else "<" if at < start else row.marker
        along = (min(max(at, start), end) - start) / (end - start)
        dot(axes, start + along * (end - start), i, marker, row.colour, 6)
        side = 1 if along < 0.5 else -1
        if row.p is not None:
            _write(axes, along, i, 8 * side, percent(row.p), row.colour, fontweight="bold")
        offset = 8 if row.p is None else _PERCENT
        name = _write(axes, along, i, offset * side, row.name, row.colour)
        room = (along if side < 0 else 1 - along) * axes.bbox.width - offset * points
        fit_text(name, room, tail=f"{' ' if row.p is None else ', '}{day_near(row.when, as_of, tz)}")


def _write(axes: Axes, along: float, row: int, offset: float, text: str, colour: str, **style: Any) -> Text:
    """A text beside the marker of a row, ``offset`` points to its right or (negative) left."""
    return axes.annotate(
        text,
        (along, row),
        xycoords=("axes fraction", "data"),
        xytext=(offset, 0),
        textcoords="offset points",
        ha="left" if offset > 0 else "right",
        va="center_baseline",
        color=colour,
        fontsize=NAME,
        bbox={"facecolor": paper(), "edgecolor": "none", "pad": 0.8},
        zorder=2,
        parse_math=False,
        **style,
    )


def _draw_stems(top: Axes, strip: Axes, rows: list[_Row]) -> None:
    """Draw a thin line from each date in the strip up to the curve, or to the top for a reported date."""
    start, end = top.get_xlim()
    for i, row in enumerate(rows):
        at = mdates.date2num(row.when)
        if not start <= at <= end:
            continue
        for axes, ends in ((top, [0, 1 if row.p is None else row.p]), (strip, [-0.5, i])):
            (line,) = axes.plot([at, at], ends, color=row.colour, linewidth=0.9, alpha=0.55, zorder=1)
            line.set(linestyle="-" if row.marker == "o" else (0, (4, 3)), clip_on=axes is top)


def _head(outlook: Shown, tz: ZoneInfo) -> Head:
    """Title, what it says in natural frequencies, what it shows."""
    player, level, f = outlook.case.player, outlook.level, outlook.fixtures
    if outlook.cleared:
        finding = f"Cleared, not back yet. Appears in the next match: {natural(f.p_plays.iloc[0])}."
        shows = f"Probability that he appears in each match, with its {level:.0%} band"
        return f"{player}: is he picked?", finding, shows
    half, even = outlook.fit_date(0.5), "unlikely within two years"
    if isinstance(half, pd.Timestamp):
        even = f"as likely as not by {day_near(half, outlook.case.as_of, tz)}"
    shows = f"Probability that he is fit by each day and kick-off, with its {level:.0%} band"
    return f"{player}: when is he fit?", f"Fit for the next match: {natural(f.p_fit.iloc[0])}; {even}.", shows
