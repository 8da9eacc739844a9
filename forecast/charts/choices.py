"""The chart of choices: of each match, were it the first back, three numbers, each with its band and its own axis.

All are drawn in one colour and in the order of the calendar: which choice is right is not for a picture to say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from ..arrays import each_row
from ..wording import day_near, hurt_again, of_hundred, percent
from .sheet.canvas import Head, Layout, Sheet, finish, new_sheet
from .sheet.letters import NAME, SMALL, beside, write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted, points
from .view import Shown, foot_of_forecast

_ROW, _MOST, _TOP, _AXIS = 0.5, 0.8, 0.3, 0.35  # inches: the name with its marks below, the headings, the ticks
_NUMBER, _GAP = 0.62, 0.12  # inches: a number behind its marks, and what stays free between two columns


class _Column(NamedTuple):
    """One number of a choice: its name in the table, its heading, and the end of its axis."""

    name: str
    heading: str
    end: float


def choices_chart(
    outlook: Shown,
    path: str | Path | None = None,
    look: Look = PLAIN,
    axes: Axes | None = None,
    choices: pd.DataFrame | None = None,
) -> Figure:
    """Draw the choices of the first match back, as ``Outlook.choices`` gives them; see Outlook.plot."""
    table = outlook.choices() if choices is None else choices
    columns, least = _columns(table, outlook.cleared), _TOP + _ROW * len(table) + _AXIS
    with house_style(look.dark) as colours:
        head, foot = _head(outlook, table), foot_of_forecast(outlook, look.tz)
        sheet = new_sheet(look, head, foot, [Layout(least, least)], axes)
        row = min((sheet.height - _TOP - _AXIS) / len(table), _MOST)
        names = sheet.rows(sheet.left, 0.0, sheet.span, _TOP + row * len(table))
        for i, of in enumerate(each_row(table)):
            tail = f", {day_near(of.kickoff, outlook.case.as_of, look.tz)}"
            write(names, 0.0, _TOP + row * i + 0.11, of.fixture, sheet.pixels(sheet.span), tail)
        for k, column in enumerate(columns):
            panel = _panel(sheet, k, len(columns), column, row * len(table))
            _draw(panel, table, column, colours[0], row)
            if column.name == "p_hurt_60d" and table.attrs.get("tolerance") is not None:
                at, ends = [table.attrs["tolerance"]] * 2, [0.0, row * len(table)]
                panel.plot(at, ends, color=muted(), linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        return finish(sheet, path, _alt(outlook, table))


def _columns(table: pd.DataFrame, cleared: bool) -> list[_Column]:
    """List what is shown; of a cleared player not that he is fit."""
    worst = max(float(table.p_hurt_60d_high.max()), table.attrs.get("tolerance") or 0.0, 0.02)
    found = [
        _Column("p_fit", "fit by then", 1.0),
        _Column("expected_played", f"plays, of {len(table)}", float(len(table))),
        _Column("p_hurt_60d", "hurt again, 60 days", min(1.15 * worst, 1.0)),
    ]
    return found[1:] if cleared else found


def _panel(sheet: Sheet, k: int, count: int, column: _Column, rows: float) -> Axes:
    """Set up the axes of a column, as high as all rows, with its heading above and its ticks below."""
    width = (sheet.span - _GAP * (count - 1)) / count
    left = sheet.left + k * (width + _GAP)
    axes = sheet.panel(left, 0.0, width - _NUMBER, _TOP + rows, facecolor="none")
    axes.set(xlim=(0.0, column.end), ylim=(rows, -_TOP), yticks=[])
    counted = column.name == "expected_played"
    axes.xaxis.set_major_locator(MaxNLocator(2, integer=counted))
    if not counted:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.tick_params(labelsize=points(SMALL))
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    write(axes, 0.0, 0.07 - _TOP, column.heading, fontsize=SMALL, color=muted())
    return axes


def _draw(axes: Axes, table: pd.DataFrame, column: _Column, colour: str, row: float) -> None:
    """Draw each number with its band, on a faint line, and in figures behind it."""
    name, end = column.name, column.end
    for i, (value, low, high) in enumerate(table[[name, f"{name}_low", f"{name}_high"]].to_numpy(float)):
        y = row * i + 0.33
        axes.plot([0.0, end], [y, y], color=muted(), alpha=0.25, linewidth=0.8, zorder=0)
        axes.plot([low, high], [y, y], color=colour, alpha=0.45, linewidth=7, solid_capstyle="butt", zorder=2)
        axes.plot([value, value], [y - 0.09, y + 0.09], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=3)
        text = f"{value:.1f}" if name == "expected_played" else percent(value)
        style: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "center_baseline", "fontweight": "bold"}
        beside(axes, (1.0, y), (8, 0), text, NAME, color=colour, **style)


def _head(outlook: Shown, table: pd.DataFrame) -> Head:
    first, soon = table.p_hurt_in_it.iloc[0], table.p_hurt_60d.iloc[0]
    more = of_hundred(soon - first).removeprefix("about ")
    finding = f"Of 100, {hurt_again(first)} in that match, {more} more in two months."
    waiting = f"{'the' if table.attrs.get('effect', True) else 'no'} effect of waiting is assumed"
    shows = f"Were each match his first, with {outlook.level:.0%} bands; {waiting}"
    return f"{outlook.case.player}: come back when?", finding, shows


def _alt(outlook: Shown, table: pd.DataFrame) -> str:
    lines = []
    for row in each_row(table):
        fit = "" if outlook.cleared else f"fit {percent(row.p_fit)}, "
        again = f"hurt again within 60 days {percent(row.p_hurt_60d)}"
        lines.append(f"{row.fixture} {fit}plays {row.expected_played:.1f} of {len(table)}, {again}")
    return f"The choices of a first match back of {outlook.case.player}: {'; '.join(lines)}."
