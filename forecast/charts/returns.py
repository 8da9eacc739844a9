"""The return chart: the probability that each fixture is the player's first, and that it is later than all."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..arrays import each_row
from ..wording import day_near, natural, percent
from .sheet.canvas import Head, Layout, Sheet, finish, new_sheet
from .sheet.letters import NAME, beside, write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted
from .view import Shown, foot_of_forecast

_ROW, _MOST, _LINE = 0.46, 0.75, 0.25  # inches: the name with its bar below, at the least and the most; or beside it
_GAP, _NAMES = 0.12, 0.5  # inches that stay free above the foot; the share of names where bars are beside them


def return_chart(
    outlook: Shown, path: str | Path | None = None, look: Look = PLAIN, axes: Axes | None = None
) -> Figure:
    """Draw a bar for each fixture, and one for "later", that it is the first appearance; see Outlook.plot."""
    returns = outlook.returns()
    with house_style(look.dark) as colours:
        below, beside = _ROW * len(returns) + _GAP, _LINE * len(returns) + _GAP
        layouts = [Layout(below, below, narrow=3.0), Layout(beside, beside, narrow=6.0, name="beside")]
        head, foot = _head(outlook, returns, look.tz), foot_of_forecast(outlook, look.tz)
        sheet = new_sheet(look, head, foot, layouts, axes)
        share, names_at, bars_at = (_NAMES, 0.0, 0.0) if sheet.layout == "beside" else (0.0, -0.2, 0.2)
        height = min(sheet.height - _GAP, _MOST * len(returns))
        names = _rows(sheet, 0.0, sheet.span, height, len(returns))
        bars = _rows(sheet, share * sheet.span, (1.0 - share) * sheet.span, height, len(returns))
        bars.set_xlim(0.0, 1.14 * max(float(returns.high.max()), 0.05))  # with room for a percentage
        room = sheet.pixels(sheet.span * (share or 1.0) - (0.1 if share else 0.0))
        for i, row in enumerate(each_row(returns)):
            last = i == len(returns) - 1
            _draw_bar(bars, i + bars_at, row, muted() if last else colours[0])
            name, tail = row.fixture, "" if last else f", {day_near(row.kickoff, outlook.case.as_of, look.tz)}"
            write(names, 0.0, i + names_at, "later, or not at all" if last else name, room, tail)
        return finish(sheet, path, _alt(outlook, returns))


def _rows(sheet: Sheet, left: float, width: float, height: float, count: int) -> Axes:
    """Add bare axes of some rows, downwards."""
    axes = sheet.rows(sheet.left + left, 0.0, width, height)
    axes.set_ylim(count - 0.5, -0.5)
    return axes


def _draw_bar(axes: Axes, y: float, row: Any, colour: str) -> None:
    """Draw a bar with its band as a whisker, and the percentage behind both."""
    axes.barh(y, row.p, height=0.34, color=colour, alpha=0.5, zorder=1)
    axes.plot([row.low, row.high], [y] * 2, color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
    axes.plot([row.p] * 2, [y - 0.17, y + 0.17], color=colour, linewidth=2.2, solid_capstyle="butt", zorder=2)
    style: dict[str, Any] = {"va": "center_baseline", "color": colour, "fontweight": "bold"}
    beside(axes, (row.high, y), (6, 0), percent(row.p), NAME, **style)


def _head(outlook: Shown, returns: pd.DataFrame, tz: ZoneInfo) -> Head:
    best, later = returns.iloc[int(returns.iloc[:-1].p.argmax())], returns.iloc[-1]
    likeliest = day_near(best.kickoff, outlook.case.as_of, tz)
    finding = f"Likeliest: {likeliest}, {natural(best.p)}; later than these: {natural(later.p)}."
    if len(returns) == 2:
        finding = f"On {likeliest}: {natural(best.p)}; later, or not at all: {natural(later.p)}."
    elif later.p > best.p:
        finding = f"Later than these: {natural(later.p)}; of these likeliest {likeliest}, {natural(best.p)}."
    shows = f"Probability that each match is his first, with its {outlook.level:.0%} band; they add up to 100%"
    return f"{outlook.case.player}: first match back", finding, shows


def _alt(outlook: Shown, returns: pd.DataFrame) -> str:
    bars = "; ".join(f"{name} {percent(p)}" for name, p in zip(returns.fixture, returns.p, strict=True))
    return f"How likely each match is the first appearance of {outlook.case.player}: {bars}."
