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

from ..io.fields import zone
from ..wording import day_near, of_hundred, percent
from .sheet.canvas import FOOT, HEAD, LEFT, NAME, SPAN, WIDTH, Head, finish, house_style, muted, new_sheet, write
from .view import Shown, foot_of_forecast

_ROW, _TOP, _AXIS = 0.5, 0.3, 0.35  # inches: the name with its marks below, the headings, the ticks
_NUMBER, _GAP = 0.62, 0.12  # inches: a number behind its marks, and what stays free between two columns
_SMALL = 8.5  # points


class _Column(NamedTuple):
    """One number of a choice: its name in the table, its heading, and the end of its axis."""

    name: str
    heading: str
    end: float


def choices_chart(
    outlook: Shown,
    path: str | Path | None = None,
    dark: bool = False,
    tz: str = "UTC",
    choices: pd.DataFrame | None = None,
) -> Figure:
    """Draw the choices of the first match back, as ``Outlook.choices`` gives them; see Outlook.plot."""
    there, table = zone(tz), outlook.choices() if choices is None else choices
    columns = _columns(table, outlook.cleared)
    with house_style(dark) as colours:
        figure, rows = new_sheet(_TOP + _ROW * len(table), _AXIS)
        rows.set_axis_off()
        rows.set(xlim=(0.0, 1.0), ylim=(_ROW * len(table), -_TOP))
        row: Any
        for i, row in enumerate(table.itertuples()):
            tail = f", {day_near(row.kickoff, outlook.case.as_of, there)}"
            write(rows, 0.0, _ROW * i + 0.11, row.fixture, rows.bbox.width, tail)
        for k, column in enumerate(columns):
            axes = _panel(figure, k, len(columns), column, len(table))
            _draw(axes, table, column, colours[0])
            if column.name == "p_hurt_60d" and table.attrs.get("tolerance") is not None:
                at, ends = [table.attrs["tolerance"]] * 2, [0.0, _ROW * len(table)]
                axes.plot(at, ends, color=muted(), linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        return finish(figure, _head(outlook, table), foot_of_forecast(outlook, there), path, _alt(outlook, table))


def _columns(table: pd.DataFrame, cleared: bool) -> list[_Column]:
    """List what is shown; of a cleared player not that he is fit."""
    worst = max(float(table.p_hurt_60d_high.max()), table.attrs.get("tolerance") or 0.0, 0.02)
    found = [
        _Column("p_fit", "fit by then", 1.0),
        _Column("expected_played", f"plays, of {len(table)}", float(len(table))),
        _Column("p_hurt_60d", "hurt again, 60 days", min(1.15 * worst, 1.0)),
    ]
    return found[1:] if cleared else found


def _panel(figure: Figure, k: int, count: int, column: _Column, rows: int) -> Axes:
    """Set up the axes of a column, as high as all rows, with its heading above and its ticks below."""
    height = figure.get_figheight()
    width = (SPAN * WIDTH - _GAP * (count - 1)) / count
    left = LEFT * WIDTH + k * (width + _GAP)
    inner = (left / WIDTH, (FOOT + _AXIS) / height, (width - _NUMBER) / WIDTH, (_TOP + _ROW * rows) / height)
    axes = figure.add_axes(inner, facecolor="none")
    axes.set(xlim=(0.0, column.end), ylim=(_ROW * rows, -_TOP), yticks=[])
    axes.xaxis.set_major_locator(MaxNLocator(2, integer=column.end > 1.0))
    if column.end <= 1.0:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.tick_params(labelsize=_SMALL)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    figure.text(left / WIDTH, 1.0 - (HEAD + 0.07) / height, column.heading, fontsize=_SMALL, color=muted(), va="center")
    return axes


def _draw(axes: Axes, table: pd.DataFrame, column: _Column, colour: str) -> None:
    """Draw each number with its band, on a faint line, and in figures behind it."""
    name, end = column.name, column.end
    for i, (value, low, high) in enumerate(table[[name, f"{name}_low", f"{name}_high"]].to_numpy(float)):
        y = _ROW * i + 0.33
        axes.plot([0.0, end], [y, y], color=muted(), alpha=0.25, linewidth=0.8, zorder=0)
        axes.plot([low, high], [y, y], color=colour, alpha=0.45, linewidth=7, solid_capstyle="butt", zorder=2)
        axes.plot([value, value], [y - 0.09, y + 0.09], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=3)
        text = f"{value:.1f}" if name == "expected_played" else percent(value)
        axes.annotate(text, (1.0, y), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                      va="center_baseline", color=colour, fontsize=NAME, fontweight="bold")  # fmt: skip


def _head(outlook: Shown, table: pd.DataFrame) -> Head:
    first, soon = table.p_hurt_in_it.iloc[0], table.p_hurt_60d.iloc[0]
    more = of_hundred(soon - first).removeprefix("about ")
    finding = f"Of 100, {of_hundred(first)} are hurt again in that match, {more} more in two months."
    waiting = f"{'the' if table.attrs.get('effect', True) else 'no'} effect of waiting is assumed"
    shows = f"Were each match his first, with {outlook.level:.0%} bands; {waiting}"
    return f"{outlook.case.player}: come back when?", finding, shows


def _alt(outlook: Shown, table: pd.DataFrame) -> str:
    lines = []
    row: Any
    for row in table.itertuples():
        fit = "" if outlook.cleared else f"fit {percent(row.p_fit)}, "
        again = f"hurt again within 60 days {percent(row.p_hurt_60d)}"
        lines.append(f"{row.fixture} {fit}plays {row.expected_played:.1f} of {len(table)}, {again}")
    return f"The choices of a first match back of {outlook.case.player}: {'; '.join(lines)}."
