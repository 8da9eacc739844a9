"""The fixture chart: how likely he is fit for each of the next fixtures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, PercentFormatter

from .canvas import fit_text, house_style, new_figure, save_png

if TYPE_CHECKING:
    from ..case import Bulletin
    from ..outlook import Outlook

_WIDTH = 6.4  # inches: narrow enough that the letters stay readable at the width of a phone
_CURVE, _ROW, _HEAD, _FOOT = 3.0, 0.27, 0.95, 0.35  # heights in inches
_PERCENT = 42  # points from a marker to the name: what the percentage between them needs


@dataclass(frozen=True)
class _Row:
    """One dated thing below the curve: a fixture, a deadline, or a date that was reported."""

    when: pd.Timestamp
    name: str
    p: float | None
    colour: str
    marker: str


def fixture_chart(outlook: Outlook, path: str | Path | None = None) -> Figure:
    """Draw the probability that he is fit over the dates, with every fixture and deadline marked.

    Parameters
    ----------
    outlook : Outlook
    path : path, optional
        Where to save it as PNG.

    Returns
    -------
    Figure
    """
    with house_style() as colours:
        rows = _rows(outlook, colours)
        below = _ROW * (len(rows) + 1)
        height = _HEAD + _CURVE + below + _FOOT
        figure = new_figure(_WIDTH, height)
        left, width = 0.09, 0.87
        top = figure.add_axes((left, (below + _FOOT) / height, width, _CURVE / height))
        strip = figure.add_axes((left, _FOOT / height, width, (below - _ROW) / height), sharex=top)
        _axis_of_dates(top, outlook)
        _draw_curve(top, outlook, colours[0])
        _draw_strip(strip, rows, outlook.case.as_of)
        _draw_stems(top, strip, outlook, rows)
        _write_head(figure, outlook, left, height)
        _write_foot(figure, outlook, left, height)
        if path is not None:
            save_png(figure, path, alt=outlook.summary())
    return figure


def _rows(outlook: Outlook, colours: list[str]) -> list[_Row]:
    """Everything that has a date, in order."""
    fixture, deadline, _, said = colours
    f, d = outlook.fixtures, outlook.deadlines
    rows = [_Row(when, name, p, fixture, "o") for when, name, p in zip(f.kickoff, f.fixture, f.p_fit, strict=True)]
    rows += [_Row(when, name, p, deadline, "D") for when, name, p in zip(d.when, d.deadline, d.p_fit, strict=True)]
    for b in _standing(outlook.case.bulletins):
        if b.expected is not None:
            rows.append(_Row(b.expected, "reported: back", None, said, "v"))
        if b.until is not None:
            rows.append(_Row(b.until, "reported: out until", None, said, "v"))
    return sorted(rows, key=lambda row: row.when)


def _standing(bulletins: Sequence[Bulletin]) -> list[Bulletin]:
    """What neither a later word of the same source nor a clearance has overtaken."""
    return [
        b
        for b in bulletins
        if not any(o.issued > b.seen and (o.source == b.source or o.kind == "available") for o in bulletins)
    ]


def _axis_of_dates(axes: Axes, outlook: Outlook) -> None:
    start, end = outlook.case.as_of, outlook.fixtures.kickoff.iloc[-1]
    end += max((end - start) * 0.06, pd.Timedelta(days=1))  # room for a midnight, and so for a label
    axes.set_xlim(mdates.date2num(start), mdates.date2num(end))
    short = end - start < pd.Timedelta(days=7)
    locator = mdates.DayLocator() if short else mdates.AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _day(mdates.num2date(x))))


def _draw_curve(axes: Axes, outlook: Outlook, colour: str) -> None:
    curve, fixtures = outlook.curve, outlook.fixtures
    axes.fill_between(curve.when, curve.p_fit_low, curve.p_fit_high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(curve.when, curve.p_fit, color=colour)
    _dot(axes, fixtures.kickoff, fixtures.p_fit, "o", colour, 7)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])


def _draw_strip(axes: Axes, rows: list[_Row], as_of: pd.Timestamp) -> None:
    """A row for each date: its marker, the percentage beside it, and the name on the side with more room."""
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_axis_off()
    start, end = axes.get_xlim()
    points = axes.figure.dpi / 72.0
    for i, row in enumerate(rows):
        at = mdates.date2num(row.when)
        marker = ">" if at > end else "<" if at < start else row.marker
        share = (min(max(at, start), end) - start) / (end - start)
        _dot(axes, start + share * (end - start), i, marker, row.colour, 6)
        side = 1 if share < 0.5 else -1
        if row.p is not None:
            _write(axes, share, i, 8 * side, _percent(row.p), row.colour, fontweight="bold")
        offset = 8 if row.p is None else _PERCENT
        name = _write(axes, share, i, offset * side, row.name, row.colour)
        room = (share if side < 0 else 1 - share) * axes.bbox.width - offset * points
        fit_text(name, room, tail=f", {_date(row.when, as_of)}")


def _dot(axes: Axes, x: Any, y: Any, marker: str, colour: str, size: float) -> None:
    axes.plot(x, y, marker, color=colour, markersize=size, markeredgecolor="white", clip_on=False, zorder=3)


def _write(axes: Axes, share: float, row: int, offset: float, text: str, colour: str, **style: Any) -> Text:
    """A text beside the marker of a row, ``offset`` points to its right or (negative) left."""
    return axes.annotate(
        text,
        (share, row),
        xycoords=("axes fraction", "data"),
        xytext=(offset, 0),
        textcoords="offset points",
        ha="left" if offset > 0 else "right",
        va="center_baseline",
        color=colour,
        fontsize=9.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        zorder=2,
        parse_math=False,
        **style,
    )


def _draw_stems(top: Axes, strip: Axes, outlook: Outlook, rows: list[_Row]) -> None:
    """A thin line from each date in the strip up to the curve, or to the top for a date that was reported."""
    start, end = top.get_xlim()
    for i, row in enumerate(rows):
        at = mdates.date2num(row.when)
        if not start <= at <= end:
            continue
        for axes, ends in ((top, [0, 1 if row.p is None else row.p]), (strip, [-0.5, i])):
            (line,) = axes.plot([at, at], ends, color=row.colour, linewidth=0.9, alpha=0.55, zorder=1)
            line.set(linestyle="-" if row.marker == "o" else (0, (4, 3)), clip_on=axes is top)


def _write_head(figure: Figure, outlook: Outlook, left: float, height: float) -> None:
    title = f"{outlook.case.player}: when is he fit?"
    style: dict[str, Any] = {"fontsize": 14, "fontweight": "bold", "va": "center", "parse_math": False}
    fit_text(figure.text(left, 1 - 0.3 / height, title, **style), figure.axes[0].bbox.width)
    half = outlook.fit_date(0.5)
    even = (
        f"As likely as not by {_date(half, outlook.case.as_of)}"
        if isinstance(half, pd.Timestamp)
        else "Unlikely within two years"
    )
    line = f"Probability that he is fit, with its {outlook.level:.0%} band. {even}."
    figure.text(left, 1 - 0.62 / height, line, fontsize=9.5, va="center")


def _write_foot(figure: Figure, outlook: Outlook, left: float, height: float) -> None:
    now, day = outlook.case.as_of, outlook.case.day(outlook.case.as_of)
    line = f"Forecast of {_day(now)} {now:%Y, %H:%M} UTC, {day:.0f} days after onset"
    figure.text(left, 0.15 / height, line, fontsize=8, color="#555555", va="center")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b}"


def _date(moment: pd.Timestamp, now: pd.Timestamp) -> str:
    """The day, with its year where one could take it for that of another."""
    return _day(moment) if abs(moment - now) < pd.Timedelta(days=300) else f"{_day(moment)} {moment.year}"


def _percent(p: float) -> str:
    """Whole percents, but never 0% or 100%: nothing here is certain."""
    return "<1%" if p < 0.005 else ">99%" if p > 0.995 else f"{p:.0%}"
