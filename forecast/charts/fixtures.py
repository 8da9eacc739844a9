"""The fixture chart: the probability that the player is fit for each fixture, and that he appears in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..arrays import each_row
from ..wording import at_on_day, counted, day_near, natural, percent
from .sheet.canvas import Head, Layout, Sheet, axis_of_percents, dot, finish, new_sheet
from .sheet.date_axis import axis_of_dates
from .sheet.letters import NAME, SMALL, beside, write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted, paper, points
from .view import Shown, answer, beyond_those_listed, foot_of_forecast

_CURVE, _LEAST, _AXIS = 3.0, 1.4, 0.5  # heights in inches
_ROW, _TIGHT = 0.27, 0.2  # of a line of the list, and of the least
_DATE, _LONG_DATE, _NUMBER, _GAP = 0.62, 0.92, 0.6, 0.16  # widths in inches, and what is free between two things
_LETTER = 0.078  # inches: a letter of a name, on average
_LIST, _MOST = 4.0, 0.48  # inches: the width of a list beside the curve; the most of the sheet where names are long
_LATER = pd.Timedelta(days=1)
# Dates of a bulletin, and what was reported of each.
_REPORTED = {"expected": "back by {}", "until": "out until {}", "from_": "not back before {}", "to": "back by {}"}


@dataclass(frozen=True)
class _Row:
    """One dated thing: a fixture, a deadline, or a date that was reported; ``p`` is fit and on the pitch by then.

    ``further`` tells that the latter is of the matches listed, where others may be played before a deadline.
    """

    when: pd.Timestamp
    name: str
    p: tuple[float, float] | None
    colour: str
    marker: str
    further: bool = False


def fixture_chart(
    outlook: Shown, path: str | Path | None = None, look: Look = PLAIN, axes: Axes | None = None
) -> Figure:
    """Draw the probability over the dates, and a list of every fixture, deadline and report; see Outlook.plot."""
    what = outlook.asked if look.what is None else look.what
    with house_style(look.dark) as colours:
        rows = _rows(outlook, colours)
        below, tight = (height * (len(rows) + 1) for height in (_ROW, _TIGHT))
        layouts = [
            Layout(_CURVE + _AXIS + below, _LEAST + _AXIS + tight),
            Layout(max(_CURVE + _AXIS, below), max(_LEAST + _AXIS, tight), 10.0, 8.0, "wide"),
            Layout(_CURVE + _AXIS, _LEAST, narrow=3.0, name="bare", note=_left_out(rows)),
        ]
        if look.size is not None and look.size[0] > 1.25 * look.size[1]:
            layouts[:2] = layouts[1::-1]
        layouts = layouts[2:] if look.bare else layouts
        head, foot = _head(outlook, what, look.tz), foot_of_forecast(outlook, look.tz)
        sheet = new_sheet(look, head, foot, layouts, axes)
        height, width = _row_height(sheet, len(rows)), _list_width(sheet, rows)
        curve = _curve_panel(sheet, height * (len(rows) + 1), width)
        _set_up(curve, outlook, look.tz)
        _draw_stems(curve, rows, what, look.tz)
        (_draw_picks if what == "p_plays" else _draw_curve)(curve, outlook, colours[0])
        _draw_median(curve, outlook, what, look.tz)
        if sheet.layout == "bare":
            _label_dots(curve, outlook, what, colours[0])
        else:
            _write_list(sheet, (width, height), rows, outlook, what, look.tz)
        return finish(sheet, path, outlook.summary(look.tz.key))


def _rows(outlook: Shown, colours: list[str]) -> list[_Row]:
    """List everything that has a date, in order."""
    fixture, deadline, _, said = colours[:4]
    rows = [_Row(f.kickoff, f.fixture, (f.p_fit, f.p_plays), fixture, "o") for f in each_row(outlook.fixtures)]
    rows += [
        _Row(d.when, d.deadline, (d.p_fit, d.p_appeared), deadline, "D", beyond_those_listed(outlook, d.when))
        for d in each_row(outlook.deadlines)
    ]
    rows += [_Row(when, f"{what.format('then')}, as reported", None, said, "v") for when, what in _reported(outlook)]
    return sorted(rows, key=lambda row: row.when)


def _reported(outlook: Shown) -> list[tuple[pd.Timestamp, str]]:
    """List the dates that were reported and still stand, in order, each with what was said of it."""
    dated = {(getattr(b, name), what) for b in outlook.stands for name, what in _REPORTED.items()}
    return sorted((when, what) for when, what in dated if when is not None)


def _left_out(rows: list[_Row]) -> str:
    """Say what a picture without a list does not name."""
    kinds = {"o": "match", "v": "date reported (▼)", "D": "deadline (◆)"}
    counts = [(sum(row.marker == marker for row in rows), name) for marker, name in kinds.items()]
    return f". No room here to name {', '.join(counted(count, name) for count, name in counts if count)}"


def _row_height(sheet: Sheet, count: int) -> float:
    """Return the height of a line of the list: less where there are many."""
    free = sheet.height - (0.0 if sheet.layout == "wide" else _LEAST + _AXIS)
    return min(max(free / (count + 1), _TIGHT), _ROW)


def _list_width(sheet: Sheet, rows: list[_Row]) -> float:
    """Return the width of the list: beside the curve as much as the longest name needs."""
    need = _GAP + _LONG_DATE + _LETTER * max(len(row.name) for row in rows) + 2 * _NUMBER
    return max(_LIST, min(need, _MOST * sheet.span)) if sheet.layout == "wide" else sheet.span


def _curve_panel(sheet: Sheet, below: float, beside: float) -> Axes:
    """Add the axes of the curve: above the list, beside it, or alone."""
    height = sheet.height - _AXIS - (below if sheet.layout == "tall" else 0.0)
    width = sheet.span - (beside + 0.35 if sheet.layout == "wide" else 0.0)
    return sheet.panel(sheet.left, 0.0, width, height)


def _set_up(axes: Axes, outlook: Shown, tz: ZoneInfo) -> None:
    start, last = outlook.case.as_of, outlook.fixtures.kickoff.iloc[-1]
    # Beyond the last one there is room for the rest of its day, and so for a label.
    axis_of_dates(axes, start, last + max((last - start) * 0.06, _LATER), tz)
    axis_of_percents(axes)


def _draw_curve(axes: Axes, outlook: Shown, colour: str) -> None:
    """Draw the probability that the player is fit with its band, and quietly that he appears in each fixture."""
    curve, f = outlook.curve, outlook.fixtures
    axes.fill_between(curve.when, curve.p_fit_low, curve.p_fit_high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(curve.when, curve.p_fit, color=colour)
    _ring(axes, f.kickoff, f.p_plays)
    dot(axes, f.kickoff, f.p_fit, "o", colour, 7)


def _draw_picks(axes: Axes, outlook: Shown, colour: str) -> None:
    """Draw the probability that the player appears in each fixture with its band, and quietly that he is fit."""
    f = outlook.fixtures
    axes.vlines(f.kickoff, f.p_plays_low, f.p_plays_high, color=colour, linewidth=6, alpha=0.35)
    if not outlook.cleared:
        axes.plot(outlook.curve.when, outlook.curve.p_fit, color=muted(), linewidth=1.0, alpha=0.7)
        _ring(axes, f.kickoff, f.p_fit)
    dot(axes, f.kickoff, f.p_plays, "o", colour, 7)


def _ring(axes: Axes, x: Any, y: Any) -> None:
    """Draw a second mark: quiet, and empty."""
    style: dict[str, Any] = {"markerfacecolor": paper(), "markeredgecolor": muted(), "markeredgewidth": 1.1}
    axes.plot(x, y, "o", markersize=points(4.5), clip_on=False, zorder=2.5, **style)


def _draw_stems(axes: Axes, rows: list[_Row], what: str, tz: ZoneInfo) -> None:
    """Draw a thin line up to each probability, and all the way for a reported date; what is later, at the edge."""
    start, end = axes.get_xlim()
    for row in rows:
        at = mdates.date2num(row.when if row.marker == "o" else at_on_day(row.when, tz))
        p = 1.0 if row.p is None else row.p[what == "p_plays"]
        if start <= at <= end:
            dashes: Any = "-" if row.marker == "o" else (0, (4, 3))
            axes.plot([at, at], [0.0, p], color=row.colour, linewidth=0.9, alpha=0.55, zorder=1, linestyle=dashes)
        if row.marker != "o":
            marker = ">" if at > end else "<" if at < start else row.marker
            dot(axes, min(max(at, start), end), p, marker, row.colour, 6)


def _draw_median(axes: Axes, outlook: Shown, what: str, tz: ZoneInfo) -> None:
    """Name the day of even chances at the edge, if it is beyond the axis."""
    half = outlook.fit_date(0.5)
    if what == "p_plays" or outlook.cleared or not isinstance(half, pd.Timestamp):
        return
    if mdates.date2num(half) > axes.get_xlim()[1]:
        text = f"50% by {day_near(half, outlook.case.as_of, tz)} ▸"
        beside(axes, (1.0, 0.5), (-2, 4), text, xycoords="axes fraction", ha="right", color=muted(), zorder=3)


def _label_dots(axes: Axes, outlook: Shown, what: str, colour: str) -> None:
    """Write percentages beside the dots, of those that have room for one."""
    last, f, others = -1.0, outlook.fixtures, [text.get_window_extent() for text in axes.texts]
    for at, p in zip(mdates.date2num(f.kickoff), f[what], strict=True):
        x = float(axes.transData.transform((at, p))[0])
        ground = {"facecolor": paper(), "edgecolor": "none", "pad": 0.5}
        text = beside(axes, (at, p), (-4, 5), percent(p), ha="right", color=colour, fontweight="bold", bbox=ground)
        box = text.get_window_extent()
        if box.x0 < max(last, axes.get_window_extent().x0) or any(box.overlaps(other) for other in others):
            text.remove()
        else:
            last = x + 2.0


def _write_list(
    sheet: Sheet, size: tuple[float, float], rows: list[_Row], outlook: Shown, what: str, tz: ZoneInfo
) -> None:
    """Write a line for each date: mark, day, name, and both probabilities, the one that is asked for in bold."""
    span, line = size
    height, beside = line * (len(rows) + 1), sheet.layout == "wide"
    axes = sheet.rows(sheet.left + sheet.span - span, 0.0 if beside else sheet.height - height, span, height)
    near = [day_near(row.when, outlook.case.as_of, tz) for row in rows]
    name_at = _GAP + (_DATE if max(map(len, near)) <= 6 else _LONG_DATE)
    shown = ["p_plays"] if outlook.cleared else [what, "p_plays" if what == "p_fit" else "p_fit"]
    ends = [span - _NUMBER * k for k in reversed(range(len(shown)))]
    titles = {"p_fit": "fit", "p_plays": "plays"}
    for name, end in zip(shown, ends, strict=True):
        write(axes, end, line / 2, titles[name], ha="right", fontsize=SMALL, color=muted())
    room = sheet.pixels(ends[0] - _NUMBER - name_at)
    for i, row in enumerate(rows, 1):
        at = (i + 0.5) * line
        dot(axes, _GAP / 3, at, row.marker, row.colour, 6)
        write(axes, _GAP, at, near[i - 1], color=muted())
        write(axes, name_at, at, row.name, room if row.p else sheet.pixels(span - name_at), color=row.colour)
        for k, (name, end) in enumerate(zip(shown, ends, strict=True)):
            if row.p is not None and not (k and row.further and name == "p_plays"):
                style: dict[str, Any] = {"color": muted()} if k else {"color": row.colour, "fontweight": "bold"}
                write(axes, end, at, percent(row.p[name == "p_plays"]), ha="right", fontsize=NAME, **style)


def _head(outlook: Shown, what: str, tz: ZoneInfo) -> Head:
    """Title, what it says in natural frequencies, what it shows."""
    player, f = outlook.case.player, outlook.fixtures
    if outlook.cleared:
        finding = f"Cleared, not back yet. Chance to play next: {natural(f.p_plays.iloc[0])}."
        return f"{player}: will he play?", finding, marks(outlook, what)
    return f"{player}: will he play?", answer(outlook, tz), marks(outlook, what)


def marks(outlook: Shown, what: str) -> str:
    """Say what the marks of the picture are."""
    band, due = f"{outlook.level:.0%} band", ", or has by the deadline" if len(outlook.deadlines) else ""
    if outlook.cleared:
        return f"Probability that he appears in each match{due}, with its {band}"
    dots, rings = ("fit by then", f"appears in the match{due}")[:: 1 if what == "p_fit" else -1]
    return f"Dots: {dots}, with {band}. Rings: {rings}"


def caption_of(outlook: Shown, tz: ZoneInfo) -> str:
    """Say what the marks of the picture without its list are, for a page that has a table in its place."""
    said = [what.format(day_near(when, outlook.case.as_of, tz)) for when, what in _reported(outlook)]
    diamonds = ". Diamonds: deadlines" if len(outlook.deadlines) else ""
    triangles = f". Triangles: reported, {', '.join(said)}" if said else ""
    return f"{marks(outlook, outlook.asked)}{diamonds}{triangles}"
