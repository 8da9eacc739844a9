"""The return chart: the probability that each fixture is the player's first, and that it is later than all."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..wording import day_near, natural, percent
from .sheet.canvas import Head, Layout, finish, new_sheet
from .sheet.letters import NAME, write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted, points
from .view import Shown, foot_of_forecast

_ROW, _GAP = 0.46, 0.12  # inches: the name with its bar below, and what stays free above the foot


def return_chart(
    outlook: Shown, path: str | Path | None = None, look: Look = PLAIN, axes: Axes | None = None
) -> Figure:
    """Draw a bar for each fixture, and one for "later", that it is the first appearance; see Outlook.plot."""
    returns = outlook.returns()
    with house_style(look.dark) as colours:
        height = _ROW * len(returns)
        head, foot = _head(outlook, returns, look.tz), foot_of_forecast(outlook, look.tz)
        sheet = new_sheet(look, head, foot, [Layout(height + _GAP, height + _GAP, narrow=3.0)], axes)
        rows = sheet.panel(sheet.left, 0.0, sheet.span, sheet.height - _GAP)
        _set_up(rows, returns)
        row: Any
        for i, row in enumerate(returns.itertuples()):
            last = i == len(returns) - 1
            _draw_bar(rows, i, row, muted() if last else colours[0])
            name, tail = row.fixture, "" if last else f", {day_near(row.kickoff, outlook.case.as_of, look.tz)}"
            write(rows, 0.0, i - 0.2, "later, or not at all" if last else name, sheet.pixels(sheet.span), tail)
        return finish(sheet, path, _alt(outlook, returns))


def _set_up(axes: Axes, returns: pd.DataFrame) -> None:
    """Set rows downwards, and bars as wide as the widest band needs, with room for a percentage."""
    axes.set_ylim(len(returns) - 0.5, -0.5)
    axes.set_xlim(0.0, 1.14 * max(float(returns.high.max()), 0.05))
    axes.set_axis_off()


def _draw_bar(axes: Axes, i: int, row: Any, colour: str) -> None:
    """Draw a bar with its band as a whisker, and the percentage behind both."""
    axes.barh(i + 0.2, row.p, height=0.34, color=colour, alpha=0.5, zorder=1)
    axes.plot([row.low, row.high], [i + 0.2] * 2, color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
    axes.plot([row.p] * 2, [i + 0.03, i + 0.37], color=colour, linewidth=2.2, solid_capstyle="butt", zorder=2)
    at, text = (row.high, i + 0.2), percent(row.p)
    axes.annotate(text, at, (6, 0), textcoords="offset points", va="center_baseline", color=colour,
                  fontsize=points(NAME), fontweight="bold")  # fmt: skip


def _head(outlook: Shown, returns: pd.DataFrame, tz: ZoneInfo) -> Head:
    best, later = returns.iloc[int(returns.iloc[:-1].p.argmax())], returns.iloc[-1]
    likeliest = day_near(best.kickoff, outlook.case.as_of, tz)
    finding = f"Likeliest: {likeliest}, {natural(best.p)}; later: {natural(later.p)}."
    shows = f"Probability that each match is his first, with its {outlook.level:.0%} band; they add up to 100%"
    return f"{outlook.case.player}: first match back", finding, shows


def _alt(outlook: Shown, returns: pd.DataFrame) -> str:
    bars = "; ".join(f"{name} {percent(p)}" for name, p in zip(returns.fixture, returns.p, strict=True))
    return f"How likely each match is the first appearance of {outlook.case.player}: {bars}."
